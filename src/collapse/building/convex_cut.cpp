#include "collapse/building/convex_cut.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kOnPlane_m = 1e-4;
constexpr double kNoArea_m2 = 1e-8;
constexpr double kNoVolume_m3 = 1e-6;

struct Plane {
    Vector3d normal;
    double offset;
    double above(const Vector3d& point) const { return normal.dot(point) - offset; }
};

struct Facet {
    std::vector<Vector3d> corners;
    int plane;
};

double area(const std::vector<Vector3d>& corners)
{
    Vector3d sum = Vector3d::Zero();
    for (std::size_t i = 2; i < corners.size(); ++i)
        sum += (corners[i - 1] - corners[0]).cross(corners[i] - corners[0]);
    return sum.norm() / 2;
}

/// Above, below or (neither) within the thickness of a plane.
struct Sides {
    bool above = false, below = false;

    Sides(const Facet& facet, const Plane& plane)
    {
        for (const Vector3d& corner : facet.corners) {
            above |= plane.above(corner) > kOnPlane_m;
            below |= plane.above(corner) < -kOnPlane_m;
        }
    }
};

Facet part_below(const Facet& facet, const Plane& plane)
{
    Facet part{.corners = {}, .plane = facet.plane};
    for (std::size_t i = 0; i < facet.corners.size(); ++i) {
        const Vector3d& a = facet.corners[i];
        const Vector3d& b = facet.corners[(i + 1) % facet.corners.size()];
        const double above_a = plane.above(a), above_b = plane.above(b);
        if (above_a <= 0)
            part.corners.push_back(a);
        if ((above_a < 0 && above_b > 0) || (above_a > 0 && above_b < 0))
            part.corners.push_back(a + above_a / (above_a - above_b) * (b - a));
    }
    return part;
}

/// Convex room with the facets of the surface that lie in it.
struct Room {
    Solid solid;
    std::vector<Facet> facets;
};

class Cutter {
public:
    Cutter(const std::vector<Triangle>& surface, int most) : most_(most)
    {
        Room all;
        for (const Triangle& triangle : surface)
            all.facets.push_back({.corners = {triangle.begin(), triangle.end()}, .plane = 0});
        // Large facets know their planes best.
        std::ranges::stable_sort(all.facets, std::greater(), [](const Facet& facet) { return area(facet.corners); });
        Eigen::AlignedBox3d bounds;
        for (Facet& facet : all.facets) {
            facet.plane = plane_of(facet);
            for (const Vector3d& corner : facet.corners)
                bounds.extend(corner);
        }
        all.solid = box(bounds.center(), bounds.sizes() / 2 + Vector3d::Ones());
        rooms_.push_back(std::move(all));
    }

    std::vector<Solid> solids() &&
    {
        while (!rooms_.empty() && static_cast<int>(done_.size() + rooms_.size()) <= most_) {
            Room room = std::move(rooms_.back());
            rooms_.pop_back();
            if (const int splitter = best_splitter(room); splitter < 0)
                finish(room);
            else
                split(room, planes_[splitter]);
        }
        return rooms_.empty() ? std::move(done_) : std::vector<Solid>{};
    }

private:
    int plane_of(const Facet& facet)
    {
        const Vector3d normal =
            (facet.corners[1] - facet.corners[0]).cross(facet.corners[2] - facet.corners[0]).normalized();
        for (std::size_t i = 0; i < planes_.size(); ++i)
            if (planes_[i].normal.dot(normal) > 0.9999
                && std::ranges::all_of(facet.corners, [&](const Vector3d& corner) {
                       return std::abs(planes_[i].above(corner)) < kOnPlane_m;
                   }))
                return static_cast<int>(i);
        planes_.push_back({normal, normal.dot(facet.corners[0])});
        return static_cast<int>(planes_.size()) - 1;
    }

    /// Of the planes with something in front of them the one that cuts fewest facets, and leaves the most
    /// even halves; -1 when there is none and the room's content is convex.
    int best_splitter(const Room& room) const
    {
        std::vector<int> candidates;
        for (const Facet& facet : room.facets)
            candidates.push_back(facet.plane);
        std::ranges::sort(candidates);
        candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());

        int best = -1, least = 0;
        for (int candidate : candidates) {
            int front = 0, behind = 0, cut = 0;
            for (const Facet& facet : room.facets) {
                const Sides sides(facet, planes_[candidate]);
                front += sides.above;
                behind += sides.below;
                cut += sides.above && sides.below;
            }
            const int cost = 8 * cut + std::abs(front - behind);
            if (front > 0 && (best < 0 || cost < least)) {
                best = candidate;
                least = cost;
            }
        }
        return best;
    }

    /// A facet in the plane bounds what is behind it when it looks the same way, and what is in front otherwise.
    void split(const Room& room, const Plane& plane)
    {
        const Plane back{-plane.normal, -plane.offset};
        Room below{.solid = clipped(room.solid, plane.normal, plane.offset, false), .facets = {}};
        Room above{.solid = clipped(room.solid, back.normal, back.offset, false), .facets = {}};
        for (const Facet& facet : room.facets) {
            const Sides sides(facet, plane);
            if (!sides.above && !sides.below)
                (planes_[facet.plane].normal.dot(plane.normal) > 0 ? below : above).facets.push_back(facet);
            else if (!sides.above)
                below.facets.push_back(facet);
            else if (!sides.below)
                above.facets.push_back(facet);
            else {
                below.facets.push_back(part_below(facet, plane));
                above.facets.push_back(part_below(facet, back));
            }
        }
        for (Room* half : {&below, &above}) {
            std::erase_if(half->facets, [](const Facet& facet) { return area(facet.corners) < kNoArea_m2; });
            if (!half->facets.empty())
                rooms_.push_back(std::move(*half));
        }
    }

    void finish(const Room& room)
    {
        Solid solid = room.solid;
        for (const Facet& facet : room.facets) {
            const Plane& plane = planes_[facet.plane];
            if (std::ranges::any_of(solid.points,
                                    [&](const Vector3d& point) { return plane.above(point) > kOnPlane_m; }))
                solid = clipped(solid, plane.normal, plane.offset, true);
        }
        if (mass_properties(solid).volume_m3 < kNoVolume_m3)
            return;
        for (Solid::Face& face : solid.faces)
            face.outer = surface_share(solid, face, room.facets) > 0.5;
        done_.push_back(std::move(solid));
    }

    double surface_share(const Solid& solid, const Solid::Face& face, const std::vector<Facet>& facets) const
    {
        const Vector3d normal = area_vector(solid, face);
        const Plane plane{normal.normalized(), normal.normalized().dot(solid.points[face.corners[0]])};
        double surface = 0;
        for (const Facet& facet : facets) {
            const Sides sides(facet, plane);
            if (!sides.above && !sides.below && planes_[facet.plane].normal.dot(plane.normal) > 0)
                surface += area(facet.corners);
        }
        return surface / normal.norm();
    }

    int most_;
    std::vector<Plane> planes_;
    std::vector<Room> rooms_;
    std::vector<Solid> done_;
};

}  // namespace

std::vector<Solid> convex_solids(const std::vector<Triangle>& surface, int most)
{
    return Cutter(surface, most).solids();
}

}  // namespace platefall::collapse
