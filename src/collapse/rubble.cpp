#include "collapse/rubble.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace platefall::collapse {
namespace {

constexpr double kSolidAbove = 0.5;   // of a cell's volume
constexpr int kMostSamples = 8;       // along a side of a piece's box

bool is_inside(const Solid& solid, const Eigen::Vector3d& point)
{
    return std::ranges::all_of(solid.faces, [&](const Solid::Face& face) {
        const Eigen::Vector3d& a = solid.points[static_cast<std::size_t>(face.corners[0])];
        const Eigen::Vector3d& b = solid.points[static_cast<std::size_t>(face.corners[1])];
        const Eigen::Vector3d& c = solid.points[static_cast<std::size_t>(face.corners[2])];
        return (b - a).cross(c - a).dot(point - a) <= 0;
    });
}

/// Points on a lattice of about `step_m`, but at least the centre.
std::vector<Eigen::Vector3d> points_in(const Piece& piece, double step_m)
{
    Eigen::Vector3d low = piece.solid.points[0], high = low;
    for (const Eigen::Vector3d& point : piece.solid.points) {
        low = low.cwiseMin(point);
        high = high.cwiseMax(point);
    }
    std::array<int, 3> count{};
    for (int axis = 0; axis < 3; ++axis)
        count[static_cast<std::size_t>(axis)] =
            std::clamp(static_cast<int>(std::ceil((high[axis] - low[axis]) / step_m)), 1, kMostSamples);
    std::vector<Eigen::Vector3d> inside;
    for (int z = 0; z < count[2]; ++z)
        for (int y = 0; y < count[1]; ++y)
            for (int x = 0; x < count[0]; ++x) {
                const Eigen::Vector3d share((x + 0.5) / count[0], (y + 0.5) / count[1], (z + 0.5) / count[2]);
                const Eigen::Vector3d point = low + (high - low).cwiseProduct(share);
                if (is_inside(piece.solid, point))
                    inside.push_back(point);
            }
    if (inside.empty())
        inside.push_back(piece.shape.centre);
    return inside;
}

std::array<int, 3> blocks_of(const DustGrid& grid)
{
    return {grid.cells[0] / 2, grid.cells[1] / 2, grid.cells[2] / 2};
}

}  // namespace

Rubble::Rubble(const Structure& structure, const std::vector<Obstacle>& obstacles, const DustGrid& grid)
    : structure_(structure), grid_(grid)
{
    for (std::size_t i = 0; i < structure.pieces.size(); ++i) {
        const Piece& piece = structure.pieces[i];
        const auto inside = points_in(piece, grid.cell_m);
        for (const Eigen::Vector3d& point : inside)
            samples_.push_back({static_cast<int>(i), point - piece.shape.centre,
                                piece.shape.volume_m3 / static_cast<double>(inside.size())});
    }
    const auto [nx, ny, nz] = blocks_of(grid);
    fixed_.reserve(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) * static_cast<std::size_t>(nz));
    for (int z = 0; z < nz; ++z)
        for (int y = 0; y < ny; ++y)
            for (int x = 0; x < nx; ++x) {
                const Eigen::Vector3d middle = grid.low + 2 * grid.cell_m * Eigen::Vector3d(x + 0.5, y + 0.5, z + 0.5);
                fixed_.push_back(std::ranges::any_of(obstacles, [&](const Obstacle& box) {
                    return (middle.array() > box.low.array()).all() && (middle.array() < box.high.array()).all();
                }));
            }
}

DustSolids Rubble::solids(const std::vector<Pose>& poses) const
{
    const auto [nx, ny, nz] = blocks_of(grid_);
    const double block = 2 * grid_.cell_m;
    std::vector<double> filled(fixed_.size());
    std::vector<Eigen::Vector3d> momentum(fixed_.size(), Eigen::Vector3d::Zero());
    for (const Sample& sample : samples_) {
        const Pose& pose = poses[static_cast<std::size_t>(sample.piece)];
        const Eigen::Vector3d arm = pose.turn * sample.from_centre;
        const Eigen::Vector3d at = (pose.centre + arm - grid_.low) / block;
        const int x = static_cast<int>(std::floor(at.x())), y = static_cast<int>(std::floor(at.y())),
                  z = static_cast<int>(std::floor(at.z()));
        if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz)
            continue;
        const auto cell = (static_cast<std::size_t>(z) * static_cast<std::size_t>(ny) + static_cast<std::size_t>(y))
                              * static_cast<std::size_t>(nx)
                          + static_cast<std::size_t>(x);
        filled[cell] += sample.volume_m3;
        momentum[cell] += sample.volume_m3 * (pose.velocity + pose.spin.cross(arm));
    }
    DustSolids solids{.solid = fixed_, .velocity = std::vector<std::array<float, 3>>(fixed_.size())};
    for (std::size_t cell = 0; cell < filled.size(); ++cell)
        if (filled[cell] > kSolidAbove * block * block * block && !fixed_[cell]) {
            const Eigen::Vector3f velocity = (momentum[cell] / filled[cell]).cast<float>();
            solids.solid[cell] = 1;
            solids.velocity[cell] = {velocity.x(), velocity.y(), velocity.z()};
        }
    return solids;
}

}  // namespace platefall::collapse
