#include "collapse/rubble.h"

#include "collapse/building/polygon.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace platefall::collapse {
namespace {

constexpr double kSolidAbove = 0.5;   // of a cell's volume
constexpr double kFloorAbove = 0.08;  // a slab that lies in two cells fills more of each
constexpr double kShaft_m = 6;        // the widest
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
        const ElementKind kind = structure.elements[static_cast<std::size_t>(piece.element)].kind;
        const bool is_floor = kind == ElementKind::slab || kind == ElementKind::block;
        for (const Eigen::Vector3d& point : inside)
            samples_.push_back({static_cast<int>(i), point - piece.shape.centre,
                                piece.shape.volume_m3 / static_cast<double>(inside.size()), is_floor});
    }
    for (const Storey& storey : structure.storeys)
        storey_m_ = std::max(storey_m_, storey.top_m - storey.bottom_m);
    const auto [nx, ny, nz] = blocks_of(grid);
    for (int z = 0; z < nz; ++z)
        for (int x = 0; x < nx; ++x)
            built_.push_back(contains(structure.footprint, {grid.low.x() + 2 * grid.cell_m * (x + 0.5),
                                                            grid.low.z() + 2 * grid.cell_m * (z + 0.5)}));
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

/// What pieces fill of each velocity cell, and how that moves.
struct Rubble::Filling {
    std::vector<double> share;
    std::vector<double> floor;              // the part of it that floors are made of
    std::vector<Eigen::Vector3d> velocity;
    std::vector<char> solid;
};

void Rubble::close_rooms(Filling& filling) const
{
    const auto [nx, ny, nz] = blocks_of(grid_);
    const double block = 2 * grid_.cell_m;
    const int storey = static_cast<int>(std::ceil(storey_m_ / block));
    if (storey == 0)
        return;
    const auto along_y = static_cast<std::size_t>(nx);
    for (int z = 0; z < nz; ++z)
        for (int x = 0; x < nx; ++x) {
            const auto column = static_cast<std::size_t>(z) * static_cast<std::size_t>(ny) * along_y
                                + static_cast<std::size_t>(x);
            const auto at = [&](int y) { return column + static_cast<std::size_t>(y) * along_y; };
            const bool built = built_[static_cast<std::size_t>(z) * along_y + static_cast<std::size_t>(x)] != 0;
            // A stack goes from `first` to `last`; -1 is the ground.
            int first = built ? -1 : ny, last = first;
            const auto close = [&] {
                if (first >= ny || last - first < storey)
                    return;
                int below = std::max(first, 0);
                for (int y = below; y <= last; ++y) {
                    if (filling.floor[at(y)] > kFloorAbove) {
                        below = y;
                    } else {
                        int above = y;
                        while (filling.floor[at(above)] <= kFloorAbove)
                            ++above;
                        const bool on_ground = filling.floor[at(below)] <= kFloorAbove;
                        const double part = on_ground ? (y + 0.5) / (above + 0.5)
                                                      : static_cast<double>(y - below) / (above - below);
                        const Eigen::Vector3d from = on_ground ? Eigen::Vector3d(0, 0, 0) : filling.velocity[at(below)];
                        filling.velocity[at(y)] = from + part * (filling.velocity[at(above)] - from);
                    }
                    filling.solid[at(y)] = 1;
                }
            };
            for (int y = 0; y < ny; ++y) {
                if (filling.floor[at(y)] <= kFloorAbove)
                    continue;
                if (y - last > storey + 1) {
                    close();
                    first = y;
                } else if (first >= ny) {
                    first = y;
                }
                last = y;
            }
            close();
        }
}

/// What has rooms or rubble on all four sides, no farther off than a shaft is wide, is indoors.
void Rubble::close_shafts(Filling& filling) const
{
    const auto [nx, ny, nz] = blocks_of(grid_);
    const int widest = static_cast<int>(std::ceil(kShaft_m / (2 * grid_.cell_m)));
    const auto index = [&](int x, int y, int z) {
        return (static_cast<std::size_t>(z) * static_cast<std::size_t>(ny) + static_cast<std::size_t>(y))
                   * static_cast<std::size_t>(nx) + static_cast<std::size_t>(x);
    };
    const std::vector<char> solid = filling.solid;
    const auto wall = [&, nx = nx, nz = nz](int x, int y, int z, int step_x, int step_z) -> std::optional<std::size_t> {
        for (int i = 0; i < widest; ++i) {
            x += step_x;
            z += step_z;
            if (x < 0 || z < 0 || x >= nx || z >= nz)
                break;
            if (solid[index(x, y, z)])
                return index(x, y, z);
        }
        return std::nullopt;
    };
    for (int z = 0; z < nz; ++z)
        for (int y = 0; y < ny; ++y)
            for (int x = 0; x < nx; ++x) {
                if (!built_[static_cast<std::size_t>(z) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(x)]
                    || solid[index(x, y, z)])
                    continue;
                const auto left = wall(x, y, z, -1, 0), right = wall(x, y, z, 1, 0), back = wall(x, y, z, 0, -1),
                           front = wall(x, y, z, 0, 1);
                if (!left || !right || !back || !front)
                    continue;
                filling.solid[index(x, y, z)] = 1;
                filling.velocity[index(x, y, z)] = (filling.velocity[*left] + filling.velocity[*right]
                                                    + filling.velocity[*back] + filling.velocity[*front]) / 4;
            }
}

DustSolids Rubble::solids(const std::vector<Pose>& poses) const
{
    const auto [nx, ny, nz] = blocks_of(grid_);
    const double block = 2 * grid_.cell_m;
    Filling filling{std::vector<double>(fixed_.size()), std::vector<double>(fixed_.size()),
                    std::vector<Eigen::Vector3d>(fixed_.size(), Eigen::Vector3d::Zero()),
                    std::vector<char>(fixed_.size())};
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
        const double share = sample.volume_m3 / (block * block * block);
        filling.share[cell] += share;
        filling.floor[cell] += sample.is_floor ? share : 0.0;
        filling.velocity[cell] += share * (pose.velocity + pose.spin.cross(arm));
    }
    for (std::size_t cell = 0; cell < fixed_.size(); ++cell) {
        if (filling.share[cell] > 0)
            filling.velocity[cell] /= filling.share[cell];
        filling.solid[cell] = filling.share[cell] > kSolidAbove;
    }
    close_rooms(filling);
    close_shafts(filling);
    DustSolids solids{.solid = fixed_, .velocity = std::vector<std::array<float, 3>>(fixed_.size())};
    for (std::size_t cell = 0; cell < fixed_.size(); ++cell)
        if (filling.solid[cell] && !fixed_[cell]) {
            const Eigen::Vector3f velocity = filling.velocity[cell].cast<float>();
            solids.solid[cell] = 1;
            solids.velocity[cell] = {velocity.x(), velocity.y(), velocity.z()};
        }
    return solids;
}

}  // namespace platefall::collapse
