#include "collapse/fracture/cells.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <list>
#include <stdexcept>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <voro++/voro++.hh>
#pragma GCC diagnostic pop

namespace platefall::collapse {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr int kFirstWall = -100;   // ids above are voro++'s own

/// Length along a direction, and where it begins.
struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double length() const { return high - low; }
};

Extent extent_along(const Solid& solid, const Vector3d& direction)
{
    Extent extent;
    for (const Vector3d& point : solid.points) {
        extent.low = std::min(extent.low, direction.dot(point));
        extent.high = std::max(extent.high, direction.dot(point));
    }
    return extent;
}

Frame frame_along(const Solid& solid, const Matrix3d& axes)
{
    std::array<Extent, 3> extents;
    for (int axis = 0; axis < 3; ++axis)
        extents[axis] = extent_along(solid, axes.col(axis));
    std::array<int, 3> order{0, 1, 2};
    std::ranges::stable_sort(order, [&](int a, int b) { return extents[a].length() > extents[b].length() + 1e-9; });

    Frame frame;
    for (int i = 0; i < 3; ++i) {
        frame.axes.col(i) = axes.col(order[i]);
        frame.half[i] = extents[order[i]].length() / 2;
        frame.middle += (extents[order[i]].low + extents[order[i]].high) / 2 * axes.col(order[i]);
    }
    if (frame.axes.determinant() < 0)
        frame.axes.col(2) = -frame.axes.col(2);
    return frame;
}

/// voro++ lists a face as its number of corners and then the corners, clockwise seen from outside.
Cell cell_from(voro::voronoicell_neighbor& found, const Vector3d& seed, const Frame& frame)
{
    std::vector<double> points;
    std::vector<int> corners, neighbours;
    found.vertices(seed.x(), seed.y(), seed.z(), points);
    found.face_vertices(corners);
    found.neighbors(neighbours);

    Cell cell;
    for (std::size_t i = 0; i + 2 < points.size(); i += 3)
        cell.solid.points.push_back(frame.middle + frame.axes * Vector3d(points[i], points[i + 1], points[i + 2]));
    std::size_t at = 0;
    for (int neighbour : neighbours) {
        const auto begin = corners.rbegin() + static_cast<std::ptrdiff_t>(corners.size() - at - 1 - corners[at]);
        cell.solid.faces.push_back({.corners = {begin, begin + corners[at]}, .outer = neighbour < 0});
        cell.behind.push_back(neighbour >= 0 ? neighbour : neighbour - kFirstWall - 1);
        at += static_cast<std::size_t>(corners[at]) + 1;
    }
    return cell;
}

/// voro++ with the walls of one solid.
class Diagram {
public:
    Diagram(const Solid& solid, const Frame& frame, std::size_t seeds)
        : frame_(frame), reach_(1.5 * frame.half), blocks_(block_counts(frame, seeds)),
          container_(-reach_.x(), reach_.x(), -reach_.y(), reach_.y(), -reach_.z(), reach_.z(), blocks_[0], blocks_[1],
                     blocks_[2], false, false, false, 8)
    {
        for (std::size_t face = 0; face < solid.faces.size(); ++face) {
            const Vector3d normal = frame.axes.transpose() * area_vector(solid, solid.faces[face]).normalized();
            const Vector3d point = frame.axes.transpose() * (solid.points[solid.faces[face].corners[0]] - frame.middle);
            walls_.emplace_back(normal.x(), normal.y(), normal.z(), normal.dot(point),
                                kFirstWall - static_cast<int>(face));
            container_.add_wall(walls_.back());
        }
    }

    std::vector<Cell> cells(const std::vector<Vector3d>& seeds)
    {
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            const Vector3d local = frame_.axes.transpose() * (seeds[i] - frame_.middle);
            container_.put(static_cast<int>(i), local.x(), local.y(), local.z());
        }
        std::vector<Cell> cells(seeds.size());
        voro::c_loop_all loop(container_);
        voro::voronoicell_neighbor found;
        if (loop.start())
            do {
                Vector3d place;
                loop.pos(place.x(), place.y(), place.z());
                if (container_.compute_cell(found, loop))
                    cells[static_cast<std::size_t>(loop.pid())] = cell_from(found, place, frame_);
            } while (loop.inc());
        return cells;
    }

private:
    /// A few seeds a block.
    static std::array<int, 3> block_counts(const Frame& frame, std::size_t seeds)
    {
        const Vector3d size = 2 * frame.half;
        const double block = std::cbrt(size.prod() * 5 / static_cast<double>(seeds));
        std::array<int, 3> counts{};
        for (int axis = 0; axis < 3; ++axis)
            counts[axis] = std::clamp(static_cast<int>(size[axis] / block), 1, 32);
        return counts;
    }

    const Frame& frame_;
    Vector3d reach_;
    std::array<int, 3> blocks_;
    std::list<voro::wall_plane> walls_;   // the container keeps their addresses
    voro::container container_;
};

}  // namespace

Frame frame_of(const Solid& solid)
{
    Frame best;
    double smallest = std::numeric_limits<double>::infinity();
    for (const Solid::Face& face : solid.faces) {
        const Vector3d normal = area_vector(solid, face).normalized();
        for (std::size_t i = 0; i < face.corners.size(); ++i) {
            const Vector3d edge =
                solid.points[face.corners[(i + 1) % face.corners.size()]] - solid.points[face.corners[i]];
            Matrix3d axes;
            axes.col(0) = (edge - normal.dot(edge) * normal).normalized();
            axes.col(1) = normal.cross(axes.col(0));
            axes.col(2) = normal;
            const Frame frame = frame_along(solid, axes);
            if (frame.half.prod() < smallest * (1 - 1e-9)) {
                smallest = frame.half.prod();
                best = frame;
            }
        }
    }
    return best;
}

std::vector<Cell> voronoi_cells(const Solid& solid, const Frame& frame, const std::vector<Vector3d>& seeds)
{
    if (seeds.size() == 1) {
        Cell whole{.solid = solid, .behind = {}};
        for (std::size_t face = 0; face < solid.faces.size(); ++face)
            whole.behind.push_back(-1 - static_cast<int>(face));
        return {whole};
    }
    std::vector<Cell> cells = Diagram(solid, frame, seeds.size()).cells(seeds);
    for (Cell& cell : cells) {
        if (cell.solid.faces.empty())
            throw std::logic_error("fracture: a seed has no cell; it lies outside its element");
        for (std::size_t face = 0; face < cell.behind.size(); ++face)
            if (cell.behind[face] < 0)
                cell.solid.faces[face].outer = solid.faces[static_cast<std::size_t>(-1 - cell.behind[face])].outer;
    }
    return cells;
}

}  // namespace platefall::collapse
