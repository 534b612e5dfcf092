#include "collapse/chips/heap.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

constexpr double kCell_m = 0.5;
constexpr double kAround_m = 60;          // rubble farther from the footprint is none
constexpr double kNone_m = -1e9;
constexpr double kSlow_m_s = 0.3;
constexpr double kFallen_m = 0.3;

/// Corners of every face, and points between them and its middle, no more than a cell apart.
std::vector<Eigen::Vector3d> surface_points(const Piece& piece)
{
    std::vector<Eigen::Vector3d> points;
    for (const Solid::Face& face : piece.solid.faces) {
        Eigen::Vector3d middle = Eigen::Vector3d::Zero();
        for (const int corner : face.corners)
            middle += piece.solid.points[static_cast<std::size_t>(corner)] / static_cast<double>(face.corners.size());
        for (const int corner : face.corners) {
            const Eigen::Vector3d& from = piece.solid.points[static_cast<std::size_t>(corner)];
            const int parts = std::max(1, static_cast<int>(std::ceil((middle - from).norm() / kCell_m)));
            for (int i = 0; i < parts; ++i)
                points.push_back(from + (middle - from) * i / parts - piece.shape.centre);
        }
        points.push_back(middle - piece.shape.centre);
    }
    return points;
}

}  // namespace

Heap::Heap(const Structure& structure) : structure_(structure)
{
    Eigen::Vector2d low(0, 0), high(0, 0);
    if (!structure.footprint.empty())
        low = high = structure.footprint.front();
    for (const Eigen::Vector2d& corner : structure.footprint) {
        low = low.cwiseMin(corner);
        high = high.cwiseMax(corner);
    }
    low_x_ = low.x() - kAround_m;
    low_z_ = low.y() - kAround_m;
    nx_ = static_cast<int>(std::ceil((high.x() - low.x() + 2 * kAround_m) / kCell_m));
    nz_ = static_cast<int>(std::ceil((high.y() - low.y() + 2 * kAround_m) / kCell_m));
    heights_.assign(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(nz_), kNone_m);
    for (const Piece& piece : structure.pieces)
        points_.push_back(surface_points(piece));
}

void Heap::raise(const Eigen::Vector3d& place)
{
    const int x = static_cast<int>(std::floor((place.x() - low_x_) / kCell_m));
    const int z = static_cast<int>(std::floor((place.z() - low_z_) / kCell_m));
    if (x < 0 || z < 0 || x >= nx_ || z >= nz_)
        return;
    double& height = heights_[static_cast<std::size_t>(z) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(x)];
    height = std::max(height, place.y());
}

void Heap::pile(const std::vector<Pose>& poses)
{
    std::ranges::fill(heights_, kNone_m);
    for (std::size_t i = 0; i < poses.size(); ++i) {
        const Pose& pose = poses[i];
        if (pose.velocity.norm() > kSlow_m_s || (pose.centre - structure_.pieces[i].shape.centre).norm() < kFallen_m)
            continue;
        for (const Eigen::Vector3d& point : points_[i])
            raise(pose.centre + pose.turn * point);
    }
}

double Heap::height(double x, double z) const
{
    const int ix = static_cast<int>(std::floor((x - low_x_) / kCell_m));
    const int iz = static_cast<int>(std::floor((z - low_z_) / kCell_m));
    if (ix < 0 || iz < 0 || ix >= nx_ || iz >= nz_)
        return kNone_m;
    return heights_[static_cast<std::size_t>(iz) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(ix)];
}

}  // namespace platefall::collapse
