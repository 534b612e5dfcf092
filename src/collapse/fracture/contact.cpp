#include "collapse/fracture/contact.h"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::collapse {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kOpposite = -0.99999;   // cosine: within a quarter of a degree
constexpr double kLeastArea_m2 = 1e-5;

/// About its centroid.
Matrix2d second_moment(const Polygon& polygon, const Vector2d& middle)
{
    Matrix2d sum = Matrix2d::Zero();
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vector2d a = polygon[i] - middle, b = polygon[(i + 1) % polygon.size()] - middle;
        const double twice_area = a.x() * b.y() - a.y() * b.x();
        sum += twice_area / 24
               * ((a + b) * (a + b).transpose() + a * a.transpose() + b * b.transpose());
    }
    return sum;
}

/// Axes in a plane: origin, across, up, and the normal that they turn about.
struct PlaneAxes {
    Vector3d origin, normal, across, up;

    PlaneAxes(const Solid& solid, const Solid::Face& face)
        : origin(solid.points[face.corners[0]]), normal(area_vector(solid, face).normalized()),
          across(normal.unitOrthogonal()), up(normal.cross(across))
    {
    }

    Polygon flat(const Solid& solid, const Solid::Face& face) const
    {
        Polygon polygon;
        for (int corner : face.corners) {
            const Vector3d arm = solid.points[corner] - origin;
            polygon.emplace_back(across.dot(arm), up.dot(arm));
        }
        return polygon;
    }
};

}  // namespace

Section section_of(const Polygon& polygon, const Vector3d& origin, const Vector3d& across, const Vector3d& up)
{
    const Vector2d middle = centroid(polygon);
    const Matrix2d moment = second_moment(polygon, middle);
    const Eigen::SelfAdjointEigenSolver<Matrix2d> principal(moment);

    Section section{.middle = origin + middle.x() * across + middle.y() * up,
                    .normal = across.cross(up),
                    .area_m2 = signed_area(polygon),
                    .bending_m3 = std::numeric_limits<double>::infinity()};
    double farthest = 0;
    for (int axis = 0; axis < 2; ++axis) {
        double reach = 0;
        for (const Vector2d& corner : polygon)
            reach = std::max(reach, std::abs(principal.eigenvectors().col(axis).dot(corner - middle)));
        section.bending_m3 = std::min(section.bending_m3, principal.eigenvalues()[axis] / reach);
    }
    for (const Vector2d& corner : polygon)
        farthest = std::max(farthest, (corner - middle).norm());
    section.torsion_m3 = moment.trace() / farthest;
    return section;
}

Section section_of(const Solid& solid, const Solid::Face& face)
{
    const PlaneAxes plane(solid, face);
    return section_of(plane.flat(solid, face), plane.origin, plane.across, plane.up);
}

std::optional<Section> contact(const Solid& first, const Solid::Face& first_face, const Solid& second,
                               const Solid::Face& second_face, double tolerance_m)
{
    const PlaneAxes plane(first, first_face);
    if (plane.normal.dot(area_vector(second, second_face).normalized()) > kOpposite)
        return std::nullopt;
    if (std::abs(plane.normal.dot(second.points[second_face.corners[0]] - plane.origin)) > tolerance_m)
        return std::nullopt;

    Polygon other = plane.flat(second, second_face);
    std::ranges::reverse(other);       // seen from the first one's side
    const Polygon shared = intersection(plane.flat(first, first_face), other);
    if (shared.empty() || signed_area(shared) < kLeastArea_m2)
        return std::nullopt;
    return section_of(shared, plane.origin, plane.across, plane.up);
}

}  // namespace platefall::collapse
