#include "cleanplate/fill/shading_cells.h"

#include "base/parallel.h"

#include <Eigen/Dense>

namespace platefall::cleanplate {
namespace {

constexpr int kCellsAcross = 6;  // from the hole's border to its middle
constexpr int kSmallestCell_px = 4, kLargestCell_px = 64;

constexpr float kReach_cells = 0.6f;  // beyond a cell, of what its paraboloid is fitted to
constexpr int kSamples = 4;           // a cell, in x and in y, for that
constexpr float kRough = 0.02f;       // in stops: what is left of a paraboloid then is half too much
constexpr float kLeastSmooth = 0.3f;  // less than that counts as nothing

int cell_size(const Level& level)
{
    int thickest = 0;
    for (const Pixel& p : level.hole)
        thickest = std::max(thickest, level.depth(p.x, p.y));
    return std::clamp(thickest / kCellsAcross, kSmallestCell_px, kLargestCell_px);
}

Paraboloid fitted(const Composite& composite, int cell_px, int u, int v)
{
    const int stride = std::max(1, cell_px / kSamples);
    const int reach = static_cast<int>(kReach_cells * static_cast<float>(cell_px));
    Eigen::Matrix<double, 6, 6> normal = Eigen::Matrix<double, 6, 6>::Zero();
    Eigen::Matrix<double, 6, 3> right = Eigen::Matrix<double, 6, 3>::Zero();
    double squares = 0;
    int count = 0, all = 0;
    for (int y = v * cell_px - reach; y < (v + 1) * cell_px + reach; y += stride)
        for (int x = u * cell_px - reach; x < (u + 1) * cell_px + reach; x += stride) {
            ++all;
            if (!composite.is_known({x, y}))
                continue;
            const double dx = (x + 0.5) / cell_px - u - 0.5, dy = (y + 0.5) / cell_px - v - 0.5;
            const Eigen::RowVector<double, 6> at{{1, dx, dy, dx * dx, dx * dy, dy * dy}};
            const Colour& colour = composite.brightness({x, y});
            const Eigen::RowVector3d value(colour[0], colour[1], colour[2]);
            normal += at.transpose() * at;
            right += at.transpose() * value;
            squares += value.squaredNorm();
            ++count;
        }
    Paraboloid result;
    if (count < std::max(12, all / 3))
        return result;
    const Eigen::Matrix<double, 6, 3> terms = normal.ldlt().solve(right);
    for (int i = 0; i < 6; ++i)
        for (int c = 0; c < 3; ++c)
            result.terms[i][c] = static_cast<float>(terms(i, c));
    const double left = std::max(0.0, squares - terms.cwiseProduct(right).sum());
    const auto rough = static_cast<float>(std::sqrt(left / (3 * (count - 6))));
    result.smooth = std::max(0.0f, falling(rough / kRough) - kLeastSmooth) / (1 - kLeastSmooth);
    return result;
}

}  // namespace

Colour Paraboloid::at(float x, float y) const
{
    const std::array<float, 6> powers{1, x, y, x * x, x * y, y * y};
    Colour sum{};
    for (std::size_t i = 0; i < powers.size(); ++i)
        for (int c = 0; c < 3; ++c)
            sum[c] += powers[i] * terms[i][c];
    return sum;
}

ShadingCells::ShadingCells(const Composite& composite, const std::vector<Colour>& stops)
    : cell_px_(cell_size(composite.level())), width_((composite.level().width + cell_px_ - 1) / cell_px_),
      height_((composite.level().height + cell_px_ - 1) / cell_px_), fits_(width_, height_, 0, Paraboloid{}),
      cells_(width_, height_, 2, ShadingCell{})
{
    parallel_rows(0, height_, [&](int first, int last) {
        for (int v = first; v < last; ++v)
            for (int u = 0; u < width_; ++u)
                fits_(u, v) = fitted(composite, cell_px_, u, v);
    });
    look_at_hole(composite, stops);
    for (int v = 0; v < height_; ++v)
        for (int u = 0; u < width_; ++u)
            if (cells_(u, v).unknown < 0)
                cells_(u, v) = {.now = fits_(u, v).at(0, 0), .smooth = fits_(u, v).smooth};
}

bool ShadingCells::any_smooth_in_hole() const
{
    for (int v = 0; v < height_; ++v)
        for (int u = 0; u < width_; ++u)
            if (cells_(u, v).unknown >= 0 && cells_(u, v).smooth > 0)
                return true;
    return false;
}

void ShadingCells::look_at_hole(const Composite& composite, const std::vector<Colour>& stops)
{
    Raster<float> counts(width_, height_, 0, 0.0f), known = counts;
    const Level& level = composite.level();
    for (std::size_t i = 0; i < level.hole.size(); ++i) {
        const Pixel p = level.hole[i], from = nearest_pixel(composite.source(p));
        ShadingCell& cell = cells_(p.x / cell_px_, p.y / cell_px_);
        for (int c = 0; c < 3; ++c)
            cell.now[c] += composite.copied(p)[c] + stops[i][c];
        cell.smooth += fits_(from.x / cell_px_, from.y / cell_px_).smooth;
        ++counts(p.x / cell_px_, p.y / cell_px_);
    }
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            known(x / cell_px_, y / cell_px_) += level.kinds(x, y) == Kind::source;
    for (int v = 0; v < height_; ++v)
        for (int u = 0; u < width_; ++u)
            if (const float count = counts(u, v); count > 0) {
                ShadingCell& cell = cells_(u, v);
                for (float& value : cell.now)
                    value /= count;
                cell.smooth /= count;
                cell.hole = count / (count + known(u, v));
                cell.unknown = unknowns_++;
            }
}

}  // namespace platefall::cleanplate
