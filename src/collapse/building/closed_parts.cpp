#include "collapse/building/closed_parts.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <utility>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kSame_m = 1e-5;
constexpr double kNoArea_m2 = 1e-9;

/// A triangle's side, seen from the corner that it starts at.
struct Side {
    int triangle = 0;
    bool forward = true;   ///< from the corner with the smaller number to the larger
    double angle = 0;      ///< of its triangle about the edge
};

class Surface {
public:
    explicit Surface(const std::vector<Triangle>& soup)
    {
        for (const Triangle& triangle : soup) {
            std::array<int, 3> corners{};
            for (int i = 0; i < 3; ++i)
                corners[i] = numbered(triangle[i]);
            if ((triangle[1] - triangle[0]).cross(triangle[2] - triangle[0]).norm() < kNoArea_m2
                || corners[0] == corners[1] || corners[1] == corners[2] || corners[2] == corners[0])
                continue;
            corners_.push_back(corners);
        }
        root_.resize(corners_.size());
        std::iota(root_.begin(), root_.end(), 0);
        collect_edges();
    }

    std::vector<SurfacePart> parts()
    {
        for (const auto& [edge, sides] : edges_)
            join_around(sides);
        std::map<int, std::size_t> number;
        std::vector<SurfacePart> parts;
        for (int i = 0; i < static_cast<int>(corners_.size()); ++i) {
            const auto [known, is_new] = number.try_emplace(top(i), parts.size());
            if (is_new)
                parts.emplace_back();
            parts[known->second].triangles.push_back(
                {points_[corners_[i][0]], points_[corners_[i][1]], points_[corners_[i][2]]});
        }
        for (const auto& [edge, sides] : edges_)
            count_faults(sides, number, parts);
        return parts;
    }

private:
    int numbered(const Vector3d& point)
    {
        const auto rounded = [](double value) { return std::llround(value / kSame_m); };
        const std::array key{rounded(point.x()), rounded(point.y()), rounded(point.z())};
        const auto [known, is_new] = numbers_.try_emplace(key, static_cast<int>(points_.size()));
        if (is_new)
            points_.push_back(point);
        return known->second;
    }

    void collect_edges()
    {
        for (int i = 0; i < static_cast<int>(corners_.size()); ++i)
            for (int k = 0; k < 3; ++k) {
                const int a = corners_[i][k], b = corners_[i][(k + 1) % 3], c = corners_[i][(k + 2) % 3];
                edges_[std::minmax(a, b)].push_back(
                    {.triangle = i, .forward = a < b, .angle = angle_about(std::min(a, b), std::max(a, b), c)});
            }
    }

    double angle_about(int from, int to, int corner) const
    {
        const Vector3d axis = (points_[to] - points_[from]).normalized();
        const Vector3d across = axis.unitOrthogonal(), up = axis.cross(across);
        const Vector3d arm = points_[corner] - points_[from];
        return std::atan2(up.dot(arm), across.dot(arm));
    }

    /// Seen along the edge, what is inside lies clockwise of a triangle that runs forward.
    void join_around(const std::vector<Side>& sides)
    {
        if (sides.size() == 2)
            return join(sides[0].triangle, sides[1].triangle);
        constexpr double kTurn = 2 * std::numbers::pi, kSameAngle = 1e-6;
        for (const Side& side : sides) {
            if (!side.forward)
                continue;
            const Side* next = nullptr;
            double nearest = 2 * kTurn;
            for (const Side& other : sides) {
                double angle = std::fmod(side.angle - other.angle + 2 * kTurn, kTurn);
                if (angle < kSameAngle)
                    angle += kTurn;
                if (!other.forward && angle < nearest) {
                    nearest = angle;
                    next = &other;
                }
            }
            if (next)
                join(side.triangle, next->triangle);
        }
    }

    /// Sides of one part at one edge.
    void count_faults(const std::vector<Side>& sides, const std::map<int, std::size_t>& number,
                      std::vector<SurfacePart>& parts)
    {
        std::map<std::size_t, std::pair<int, int>> uses;   // of a part: forward, backward
        for (const Side& side : sides) {
            auto& [forward, backward] = uses[number.at(top(side.triangle))];
            ++(side.forward ? forward : backward);
        }
        for (const auto& [part, count] : uses) {
            const auto [forward, backward] = count;
            parts[part].open_edges += (forward + backward) % 2;
            parts[part].turned_edges += (forward + backward) % 2 == 0 && forward != backward ? 1 : 0;
        }
    }

    int top(int triangle)
    {
        while (root_[triangle] != triangle)
            triangle = root_[triangle] = root_[root_[triangle]];
        return triangle;
    }
    void join(int a, int b) { root_[std::max(top(a), top(b))] = std::min(top(a), top(b)); }

    std::map<std::array<long long, 3>, int> numbers_;
    std::vector<Vector3d> points_;
    std::vector<std::array<int, 3>> corners_;
    std::map<std::pair<int, int>, std::vector<Side>> edges_;
    std::vector<int> root_;
};

}  // namespace

double enclosed_volume(const std::vector<Triangle>& triangles)
{
    double sum = 0;
    for (const Triangle& triangle : triangles) {
        const Vector3d& origin = triangles.front()[0];
        sum += (triangle[0] - origin).dot((triangle[1] - origin).cross(triangle[2] - origin)) / 6;
    }
    return sum;
}

std::vector<SurfacePart> surface_parts(const std::vector<Triangle>& triangles)
{
    std::vector<SurfacePart> parts = Surface(triangles).parts();
    for (SurfacePart& part : parts)
        if (part.open_edges == 0 && part.turned_edges == 0 && enclosed_volume(part.triangles) < 0)
            for (Triangle& triangle : part.triangles)
                std::swap(triangle[1], triangle[2]);
    return parts;
}

}  // namespace platefall::collapse
