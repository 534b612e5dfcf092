#include "collapse/fracture/seeds.h"

#include "collapse/draws.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr int kSamples = 32;             // places at which an element asks for its wanted size
constexpr int kCandidates = 12;
constexpr double kThin = 1.0 / 6;        // of the next larger length
constexpr double kShallow = 0.75;        // of a piece's size: no two layers of pieces fit
constexpr double kTilt = 0.25;           // of a shallow solid's depth, by which seeds leave the middle
constexpr double kMostDrawnOut = 2.6;    // a piece's length over its wanted size
constexpr double kFarthest = 2;          // pieces are at most this much larger

/// Uniform in a convex solid: in one of its tetrahedra about its centre, as their volumes weigh.
class Sampler {
public:
    explicit Sampler(const Solid& solid)
    {
        for (const Vector3d& point : solid.points)
            centre_ += point / static_cast<double>(solid.points.size());
        for (const Solid::Face& face : solid.faces)
            for (std::size_t i = 2; i < face.corners.size(); ++i) {
                const Vector3d a = solid.points[face.corners[0]] - centre_;
                const Vector3d b = solid.points[face.corners[i - 1]] - centre_;
                const Vector3d c = solid.points[face.corners[i]] - centre_;
                volume_ += std::max(0.0, a.dot(b.cross(c)));
                tetrahedra_.push_back({volume_, a, b, c});
            }
    }

    Vector3d draw(Draws& draws) const
    {
        const double at = draws.uniform() * volume_;
        auto chosen = std::ranges::upper_bound(tetrahedra_, at, {}, &Tetrahedron::volume_until);
        if (chosen == tetrahedra_.end())
            --chosen;
        // Exponential weights, normalised, are uniform in a simplex (Rubinstein 1982).
        double weights[4], sum = 0;
        for (double& weight : weights)
            sum += weight = -std::log(1 - draws.uniform());
        const Vector3d arm = (weights[0] * chosen->a + weights[1] * chosen->b + weights[2] * chosen->c) / sum;
        return centre_ + kInside * arm;
    }

private:
    static constexpr double kInside = 0.99;   // never on the surface

    struct Tetrahedron {
        double volume_until;
        Vector3d a, b, c;
    };
    Vector3d centre_ = Vector3d::Zero();
    double volume_ = 0;
    std::vector<Tetrahedron> tetrahedra_;
};

/// Moves a point inside a convex solid along a direction towards the middle of the chord through it, to
/// `keep` of its distance.
Vector3d to_mid_surface(const Solid& solid, const Vector3d& point, const Vector3d& direction, double keep)
{
    double ahead = std::numeric_limits<double>::infinity(), behind = -ahead;
    for (const Solid::Face& face : solid.faces) {
        const Vector3d normal = area_vector(solid, face).normalized();
        const double slope = normal.dot(direction);
        const double room = normal.dot(solid.points[face.corners[0]] - point);
        if (slope > 1e-9)
            ahead = std::min(ahead, room / slope);
        else if (slope < -1e-9)
            behind = std::max(behind, room / slope);
    }
    return point + (1 - keep) * (ahead + behind) / 2 * direction;
}

/// How much of its distance from the middle a seed keeps along each axis of the frame.
Vector3d freedom(const Frame& frame, double size_m)
{
    Vector3d keep = Vector3d::Ones();
    for (int axis = 1; axis < 3; ++axis)
        if (2 * frame.half[axis] < kShallow * size_m)
            keep[axis] = kTilt;
    if (frame.half[2] <= kThin * frame.half[1])
        keep[2] = 0;
    return keep;
}

}  // namespace

double camera_distance(const FractureSettings& settings, const Vector3d& place)
{
    double nearest = std::numeric_limits<double>::infinity();
    for (const Vector3d& camera : settings.seen_from)
        nearest = std::min(nearest, (camera - place).norm());
    return settings.seen_from.empty() ? 0 : nearest;
}

double SizeField::at(const Vector3d& place) const
{
    double size = 1;
    for (const Vector3d& charge : settings_.denser_at)
        size = std::min(size, 0.5 + 0.5 * (charge - place).norm() / settings_.denser_m);
    if (nearest_m_ > 0)
        size *= std::clamp(camera_distance(settings_, place) / nearest_m_, 1.0, kFarthest);
    return size;
}

Demand demand(const Solid& solid, const Frame& frame, const SizeField& sizes,
              const FractureSettings& settings, int element)
{
    Draws draws(settings.seed, Draws::Purpose::samples, static_cast<std::uint64_t>(element));
    const Sampler sampler(solid);
    double density = 0;
    for (int i = 0; i < kSamples; ++i)
        density += std::pow(sizes.at(sampler.draw(draws)), -3) / kSamples;

    Draws own(settings.seed, Draws::Purpose::size, static_cast<std::uint64_t>(element));
    const double scale = std::exp(settings.spread * own.normal());
    return {.volume = mass_properties(solid).volume_m3 * density / std::pow(scale, 3),
            .lengths = 2 * frame.half * std::cbrt(density) / (kMostDrawnOut * std::min(scale, 1.0))};
}

int piece_count(const Demand& demand, double size_m)
{
    // A thin slab holds few pieces' volume, but breaks across its width all the same.
    const double rows = (demand.lengths / size_m).cwiseMax(1).prod();
    const double count = std::max(rows, demand.volume / std::pow(size_m, 3));
    return static_cast<int>(std::lround(std::min(count, 1e8)));
}

std::vector<Vector3d> spread_seeds(const Solid& solid, const Frame& frame, int count, const SizeField& sizes,
                                   const FractureSettings& settings, int element)
{
    Draws draws(settings.seed, Draws::Purpose::seeds, static_cast<std::uint64_t>(element));
    const Sampler sampler(solid);
    const double size_m = std::cbrt(8 * frame.half.prod() / count);
    const Vector3d keep = freedom(frame, std::max(size_m, settings.size_m));
    std::vector<Vector3d> seeds;
    while (static_cast<int>(seeds.size()) < count) {
        Vector3d best = Vector3d::Zero();
        double farthest = -1;
        for (int i = 0; i < kCandidates; ++i) {
            Vector3d candidate = sampler.draw(draws);
            for (int axis = 0; axis < 3; ++axis)
                if (keep[axis] < 1)
                    candidate = to_mid_surface(solid, candidate, frame.axes.col(axis), keep[axis]);
            double apart = std::numeric_limits<double>::max();
            for (const Vector3d& seed : seeds)
                apart = std::min(apart, (seed - candidate).squaredNorm());
            apart /= std::pow(sizes.at(candidate), 2);
            if (apart > farthest) {
                farthest = apart;
                best = candidate;
            }
        }
        seeds.push_back(best);
    }
    return seeds;
}

}  // namespace platefall::collapse
