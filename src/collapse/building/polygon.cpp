#include "collapse/building/polygon.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;

constexpr double kSame_m = 1e-9;
constexpr double kNoArea_m2 = 1e-9;

double cross(const Vector2d& a, const Vector2d& b)
{
    return a.x() * b.y() - a.y() * b.x();
}

const Vector2d& corner(const Polygon& polygon, std::size_t index)
{
    return polygon[index % polygon.size()];
}

/// Without corners that repeat or lie on the line between their neighbours.
Polygon tidy(const Polygon& polygon)
{
    Polygon distinct;
    for (const Vector2d& point : polygon)
        if (distinct.empty() || (point - distinct.back()).norm() > kSame_m)
            distinct.push_back(point);
    while (distinct.size() > 1 && (distinct.front() - distinct.back()).norm() <= kSame_m)
        distinct.pop_back();

    Polygon bent;
    for (std::size_t i = 0; i < distinct.size(); ++i) {
        const Vector2d in = distinct[i] - corner(distinct, i + distinct.size() - 1);
        const Vector2d out = corner(distinct, i + 1) - distinct[i];
        if (std::abs(cross(in, out)) > kSame_m * std::max(in.norm(), out.norm()))
            bent.push_back(distinct[i]);
    }
    return bent;
}

struct Hit {
    std::size_t edge;
    Vector2d point;
};

/// Where the outline is first met on the way from a reflex corner along the edge that comes in.
Hit first_hit(const Polygon& polygon, std::size_t from)
{
    const std::size_t n = polygon.size();
    const Vector2d& start = polygon[from];
    const Vector2d way = (start - corner(polygon, from + n - 1)).normalized();
    double nearest = std::numeric_limits<double>::infinity();
    Hit hit{from, start};
    for (std::size_t step = 1; step + 1 < n; ++step) {
        const std::size_t edge = (from + step) % n;
        const Vector2d& a = polygon[edge];
        const Vector2d& b = corner(polygon, edge + 1);
        const double side_a = cross(way, a - start), side_b = cross(way, b - start);
        if ((side_a > kSame_m && side_b > kSame_m) || (side_a < -kSame_m && side_b < -kSame_m)
            || std::abs(side_a - side_b) <= kSame_m)
            continue;
        const Vector2d point = a + std::clamp(side_a / (side_a - side_b), 0.0, 1.0) * (b - a);
        const double distance = way.dot(point - start);
        if (distance > kSame_m && distance < nearest) {
            nearest = distance;
            hit = {edge, point};
        }
    }
    return hit;
}

std::optional<std::size_t> reflex_corner(const Polygon& polygon)
{
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vector2d in = polygon[i] - corner(polygon, i + polygon.size() - 1);
        const Vector2d out = corner(polygon, i + 1) - polygon[i];
        if (cross(in, out) < -kSame_m * std::max(in.norm(), out.norm()))
            return i;
    }
    return std::nullopt;
}

}  // namespace

double signed_area(const Polygon& polygon)
{
    double sum = 0;
    for (std::size_t i = 1; i + 1 < polygon.size(); ++i)
        sum += cross(polygon[i] - polygon[0], polygon[i + 1] - polygon[0]);
    return sum / 2;
}

Vector2d centroid(const Polygon& polygon)
{
    Vector2d sum = Vector2d::Zero();
    double area = 0;
    for (std::size_t i = 1; i + 1 < polygon.size(); ++i) {
        const Vector2d a = polygon[i] - polygon[0], b = polygon[i + 1] - polygon[0];
        area += cross(a, b);
        sum += cross(a, b) * (a + b) / 3;
    }
    return polygon[0] + sum / area;
}

Polygon clipped(const Polygon& convex, const Vector2d& normal, double offset)
{
    Polygon left;
    for (std::size_t i = 0; i < convex.size(); ++i) {
        const Vector2d& a = convex[i];
        const Vector2d& b = corner(convex, i + 1);
        const double above_a = normal.dot(a) - offset, above_b = normal.dot(b) - offset;
        if (above_a <= kSame_m)
            left.push_back(a);
        if ((above_a < -kSame_m && above_b > kSame_m) || (above_a > kSame_m && above_b < -kSame_m))
            left.push_back(a + above_a / (above_a - above_b) * (b - a));
    }
    left = tidy(left);
    return left.size() >= 3 && std::abs(signed_area(left)) > kNoArea_m2 ? left : Polygon{};
}

Polygon intersection(const Polygon& first, const Polygon& second)
{
    Polygon left = first;
    for (std::size_t i = 0; i < second.size() && !left.empty(); ++i) {
        const Vector2d way = (corner(second, i + 1) - second[i]).normalized();
        const Vector2d outward(way.y(), -way.x());
        left = clipped(left, outward, outward.dot(second[i]));
    }
    return left;
}

std::vector<Polygon> difference(const Polygon& convex, const Polygon& taken)
{
    if (intersection(convex, taken).empty())
        return {convex};
    std::vector<Polygon> parts;
    Polygon left = convex;
    for (std::size_t i = 0; i < taken.size() && !left.empty(); ++i) {
        const Vector2d way = (corner(taken, i + 1) - taken[i]).normalized();
        const Vector2d outward(way.y(), -way.x());
        const double offset = outward.dot(taken[i]);
        if (Polygon outside = clipped(left, -outward, -offset); !outside.empty())
            parts.push_back(std::move(outside));
        left = clipped(left, outward, offset);
    }
    return parts;
}

std::vector<Polygon> convex_parts(const Polygon& simple)
{
    std::vector<Polygon> open{tidy(simple)}, parts;
    while (!open.empty()) {
        Polygon polygon = std::move(open.back());
        open.pop_back();
        const std::optional<std::size_t> reflex = reflex_corner(polygon);
        if (!reflex) {
            parts.push_back(std::move(polygon));
            continue;
        }
        const Hit hit = first_hit(polygon, *reflex);
        Polygon ahead, behind{hit.point};
        for (std::size_t i = *reflex; ; ++i) {
            ahead.push_back(corner(polygon, i));
            if (i % polygon.size() == hit.edge)
                break;
        }
        ahead.push_back(hit.point);
        for (std::size_t i = hit.edge + 1; i % polygon.size() != *reflex; ++i)
            behind.push_back(corner(polygon, i));
        behind.push_back(polygon[*reflex]);
        for (const Polygon& half : {tidy(behind), tidy(ahead)})
            if (half.size() >= 3 && signed_area(half) > kNoArea_m2)
                open.push_back(half);
    }
    return parts;
}

double outline_distance(const Polygon& polygon, const Vector2d& point)
{
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vector2d edge = corner(polygon, i + 1) - polygon[i];
        const double along = std::clamp(edge.dot(point - polygon[i]) / edge.squaredNorm(), 0.0, 1.0);
        nearest = std::min(nearest, (polygon[i] + along * edge - point).norm());
    }
    return nearest;
}

bool contains(const Polygon& polygon, const Vector2d& point)
{
    bool inside = false;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vector2d& a = polygon[i];
        const Vector2d& b = corner(polygon, i + 1);
        if ((a.y() > point.y()) == (b.y() > point.y()))
            continue;
        if (point.x() < a.x() + (point.y() - a.y()) / (b.y() - a.y()) * (b.x() - a.x()))
            inside = !inside;
    }
    return inside;
}

double thinness(const Polygon& polygon)
{
    double around = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i)
        around += (corner(polygon, i + 1) - polygon[i]).norm();
    return 2 * std::abs(signed_area(polygon)) / around;
}

}  // namespace platefall::collapse
