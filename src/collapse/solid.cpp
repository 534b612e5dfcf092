#include "collapse/solid.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace platefall::collapse {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kOnPlane_m = 1e-9;

Vector3d mean_point(const Solid& solid)
{
    Vector3d sum = Vector3d::Zero();
    for (const Vector3d& point : solid.points)
        sum += point;
    return sum / static_cast<double>(solid.points.size());
}

/// Twice the area of a polygon in its own plane; positive when it turns from the first axis to the second.
double twice_area(const std::vector<Vector2d>& polygon)
{
    double sum = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vector2d& a = polygon[i];
        const Vector2d& b = polygon[(i + 1) % polygon.size()];
        sum += a.x() * b.y() - b.x() * a.y();
    }
    return sum;
}

/// A solid while it is being cut: the points that stay, and those made on cut edges.
class Cut {
public:
    Cut(const Solid& solid, const Vector3d& normal, double offset) : solid_(solid), normal_(normal)
    {
        for (const Vector3d& point : solid.points) {
            const double distance = normal.dot(point) - offset;
            above_.push_back(std::abs(distance) <= kOnPlane_m ? 0 : distance);
        }
    }

    bool takes_nothing() const
    {
        return std::ranges::all_of(above_, [](double above) { return above <= 0; });
    }
    bool takes_all() const
    {
        return std::ranges::all_of(above_, [](double above) { return above >= 0; });
    }

    Solid rest(bool cut_is_outer)
    {
        for (const Solid::Face& face : solid_.faces)
            add_rest_of(face);
        add_cap(cut_is_outer);
        return std::move(rest_);
    }

private:
    int kept(int corner)
    {
        const auto [known, is_new] = kept_.try_emplace(corner, static_cast<int>(rest_.points.size()));
        if (is_new) {
            rest_.points.push_back(solid_.points[corner]);
            if (above_[corner] == 0)
                cap_.push_back(known->second);
        }
        return known->second;
    }

    /// Both faces at an edge get the same point, made from the edge's ends in the same order.
    int between(int a, int b)
    {
        const std::pair edge = std::minmax(a, b);
        const auto [known, is_new] = cut_edges_.try_emplace(edge, static_cast<int>(rest_.points.size()));
        if (is_new) {
            const double part = above_[edge.first] / (above_[edge.first] - above_[edge.second]);
            rest_.points.push_back(solid_.points[edge.first]
                                   + part * (solid_.points[edge.second] - solid_.points[edge.first]));
            cap_.push_back(known->second);
        }
        return known->second;
    }

    void add_rest_of(const Solid::Face& face)
    {
        // A face that only touches the plane with a corner or an edge leaves nothing, and none of its points either.
        if (std::ranges::all_of(face.corners, [&](int corner) { return above_[corner] >= 0; }))
            return;
        Solid::Face left{.corners = {}, .outer = face.outer};
        for (std::size_t i = 0; i < face.corners.size(); ++i) {
            const int a = face.corners[i], b = face.corners[(i + 1) % face.corners.size()];
            if (above_[a] <= 0)
                left.corners.push_back(kept(a));
            if (above_[a] * above_[b] < 0)
                left.corners.push_back(between(a, b));
        }
        rest_.faces.push_back(std::move(left));
    }

    /// The cut of a convex solid is convex: its corners by their angle about their mean.
    void add_cap(bool outer)
    {
        Vector3d middle = Vector3d::Zero();
        for (int corner : cap_)
            middle += rest_.points[corner] / static_cast<double>(cap_.size());
        const Vector3d across = normal_.unitOrthogonal(), up = normal_.cross(across);
        std::vector<std::pair<double, int>> around;
        for (int corner : cap_) {
            const Vector3d arm = rest_.points[corner] - middle;
            around.emplace_back(std::atan2(up.dot(arm), across.dot(arm)), corner);
        }
        std::ranges::sort(around);
        Solid::Face face{.corners = {}, .outer = outer};
        for (const auto& [angle, corner] : around)
            face.corners.push_back(corner);
        rest_.faces.push_back(std::move(face));
    }

    const Solid& solid_;
    Vector3d normal_;
    std::vector<double> above_;   // of every point, along the normal; exactly 0 on the plane
    std::map<int, int> kept_;
    std::map<std::pair<int, int>, int> cut_edges_;
    std::vector<int> cap_;
    Solid rest_;
};

}  // namespace

MassProperties mass_properties(const Solid& solid)
{
    if (solid.faces.empty())
        return {};

    // Tetrahedra between a point inside and the faces' triangles; near the solid, so that digits are not lost far from
    // the origin. The second moment of a tetrahedron (0, a, b, c) of six-fold volume d is
    // d / 120 ((a+b+c)(a+b+c)' + aa' + bb' + cc').
    const Vector3d origin = mean_point(solid);
    double volume = 0;
    Vector3d first = Vector3d::Zero();
    Matrix3d second = Matrix3d::Zero();
    for (const Solid::Face& face : solid.faces)
        for (std::size_t i = 2; i < face.corners.size(); ++i) {
            const Vector3d a = solid.points[face.corners[0]] - origin;
            const Vector3d b = solid.points[face.corners[i - 1]] - origin;
            const Vector3d c = solid.points[face.corners[i]] - origin;
            const Vector3d sum = a + b + c;
            const double d = a.dot(b.cross(c));
            volume += d / 6;
            first += d / 24 * sum;
            second += d / 120
                      * (sum * sum.transpose() + a * a.transpose() + b * b.transpose() + c * c.transpose());
        }
    if (!(volume > 0))
        return {.volume_m3 = 0, .centre = origin, .inertia = Matrix3d::Zero()};

    const Vector3d arm = first / volume;
    const Matrix3d about_centre = second - volume * arm * arm.transpose();
    return {.volume_m3 = volume,
            .centre = origin + arm,
            .inertia = about_centre.trace() * Matrix3d::Identity() - about_centre};
}

Vector3d area_vector(const Solid& solid, const Solid::Face& face)
{
    Vector3d sum = Vector3d::Zero();
    const Vector3d& origin = solid.points[face.corners[0]];
    for (std::size_t i = 2; i < face.corners.size(); ++i)
        sum += (solid.points[face.corners[i - 1]] - origin).cross(solid.points[face.corners[i]] - origin);
    return sum / 2;
}

Solid box(const Vector3d& middle, const Vector3d& half, const Matrix3d& axes)
{
    Solid solid;
    for (int corner = 0; corner < 8; ++corner) {
        const Vector3d sign(corner & 1 ? 1 : -1, corner & 2 ? 1 : -1, corner & 4 ? 1 : -1);
        solid.points.push_back(middle + axes * half.cwiseProduct(sign));
    }
    for (const auto& corners :
         {std::vector{0, 4, 6, 2}, {1, 3, 7, 5}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 2, 3, 1}, {4, 5, 7, 6}})
        solid.faces.push_back({.corners = corners, .outer = true});
    if (axes.determinant() < 0)
        for (Solid::Face& face : solid.faces)
            std::ranges::reverse(face.corners);
    return solid;
}

Solid prism(const std::vector<Vector2d>& polygon, double bottom, double top)
{
    // Seen from above, z turns into x counter-clockwise.
    std::vector<Vector2d> ring = polygon;
    if (twice_area(ring) > 0)
        std::ranges::reverse(ring);

    Solid solid;
    const int n = static_cast<int>(ring.size());
    for (double height : {bottom, top})
        for (const Vector2d& point : ring)
            solid.points.emplace_back(point.x(), height, point.y());

    Solid::Face floor, ceiling;
    for (int i = 0; i < n; ++i) {
        const int next = (i + 1) % n;
        floor.corners.push_back(n - 1 - i);
        ceiling.corners.push_back(n + i);
        solid.faces.push_back({.corners = {i, next, n + next, n + i}, .outer = true});
    }
    solid.faces.push_back(std::move(floor));
    solid.faces.push_back(std::move(ceiling));
    return solid;
}

Solid clipped(const Solid& solid, const Vector3d& normal, double offset, bool cut_is_outer)
{
    Cut cut(solid, normal, offset);
    if (cut.takes_nothing())
        return solid;
    if (cut.takes_all())
        return {};
    return cut.rest(cut_is_outer);
}

}  // namespace platefall::collapse
