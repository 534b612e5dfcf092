#include "collapse/emission.h"

#include "collapse/draws.h"
#include "collapse/parting.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

constexpr double kBrokenFor_s = 0.35;
constexpr double kCrushedFor_s = 0.2;
constexpr double kCrushed_kg_J =
    1e-5;  // about a hundredth of what crushing rock takes, the rest is heat and fragments
constexpr double kMostCrushed = 0.01;        // of a piece's mass
constexpr double kLaden_kg_m3 = 0.05;        // air inside a building that breaks
constexpr double kDrift_m_s = 1.0;           // sigma along each axis
constexpr double kGust_s = 0.15;             // how long a gust lasts
constexpr double kGustSpread = 0.6;          // sigma of the logarithm of their strengths
constexpr double kLeast_kg = 0.02;           // less is not worth a source
constexpr double kFineShare = 0.3;
constexpr double kFree_m = 12;               // a street this wide takes as much air as comes; an alley its share of it
constexpr double kAlong_m = 2.5;             // between sources on the footprint's outline

/// Share of [from, from + length] that lies in [a, b].
double overlap(double from, double length, double a, double b)
{
    return std::max(0.0, std::min(from + length, b) - std::max(from, a)) / length;
}

}  // namespace

std::vector<std::vector<double>> storey_ceilings(const Structure& structure, const Motion& motion)
{
    const std::size_t storeys = structure.storeys.size();
    std::vector<std::vector<int>> slabs(storeys);
    for (std::size_t i = 0; i < structure.pieces.size(); ++i) {
        const Element& element = structure.elements[static_cast<std::size_t>(structure.pieces[i].element)];
        const auto floor = static_cast<std::size_t>(std::clamp(element.floor, 0, static_cast<int>(storeys) - 1));
        if (element.kind == ElementKind::slab || element.kind == ElementKind::block)
            slabs[floor].push_back(static_cast<int>(i));
    }
    std::vector<std::vector<double>> heights;
    for (const std::vector<Pose>& poses : motion.poses) {
        heights.emplace_back();
        for (std::size_t k = 0; k < storeys; ++k) {
            std::vector<double> fallen;
            for (const int piece : slabs[k]) {
                const auto i = static_cast<std::size_t>(piece);
                fallen.push_back(structure.pieces[i].shape.centre.y() - poses[i].centre.y());
            }
            double drop = 0;
            if (!fallen.empty()) {
                const auto middle = fallen.begin() + static_cast<std::ptrdiff_t>(fallen.size() / 2);
                std::nth_element(fallen.begin(), middle, fallen.end());
                drop = std::max(0.0, *middle);
            }
            heights.back().push_back(structure.storeys[k].top_m - drop);
        }
    }
    return heights;
}

/// Places along the outline of the footprint, a little outside.
void Emission::add_outlets()
{
    const auto& footprint = structure_.footprint;
    double doubled_area = 0;
    for (std::size_t c = 0; c < footprint.size(); ++c) {
        const Eigen::Vector2d &p = footprint[c], &q = footprint[(c + 1) % footprint.size()];
        doubled_area += p.x() * q.y() - q.x() * p.y();
        around_m_ += (q - p).norm();
    }
    for (std::size_t c = 0; c < footprint.size(); ++c) {
        const Eigen::Vector2d &p = footprint[c], &q = footprint[(c + 1) % footprint.size()];
        const double length = (q - p).norm();
        const Eigen::Vector2d out =
            Eigen::Vector2d(q.y() - p.y(), p.x() - q.x()) / (doubled_area > 0 ? length : -length);
        const int count = std::max(1, static_cast<int>(length / kAlong_m));
        for (int i = 0; i < count; ++i) {
            const Eigen::Vector2d at = p + (q - p) * ((i + 0.5) / count);
            outlets_.push_back({at + out * least_radius_m_, out, length / count, clearance(at, out) / kFree_m});
        }
    }
}

/// How far one can go from a wall before an obstacle is in the way, up to where that is as good as free.
double Emission::clearance(const Eigen::Vector2d& at, const Eigen::Vector2d& out) const
{
    const auto blocked = [&](const Eigen::Vector2d& place) {
        return std::ranges::any_of(obstacles_, [&](const Obstacle& box) {
            return place.x() > box.low.x() && place.x() < box.high.x() && place.y() > box.low.z()
                   && place.y() < box.high.z();
        });
    };
    constexpr double kStep_m = 0.25;
    double way = kStep_m;
    while (way < kFree_m && !blocked(at + way * out))
        way += kStep_m;
    return std::min(way, kFree_m);
}

Emission::Emission(const Structure& structure, const Motion& motion, const MotionSettings& settings, double amount,
                   double least_radius_m, std::uint64_t seed)
    : structure_(structure), motion_(motion), frame_s_(settings.time_scale / settings.fps), amount_(amount),
      least_radius_m_(least_radius_m), ground_m_(settings.ground_m), seed_(seed), obstacles_(settings.obstacles)
{
    add_outlets();
    for (const BrokenBond& broken : motion.broken)
        add_broken(broken);
    add_impacts();
    add_pushes(storey_ceilings(structure, motion));
    std::ranges::stable_sort(releases_, {}, &Release::from_s);
}

void Emission::release(double from_s, double length_s, int piece, const Eigen::Vector3d& rest,
                       double radius_m, double mass_kg, double grip)
{
    if (mass_kg < kLeast_kg)
        return;
    Draws draws(seed_, Draws::Purpose::release, releases_.size());
    const auto apart = [&] { return Eigen::Vector3d(draws.normal(), draws.normal(), draws.normal()); };
    const double radius = std::max(least_radius_m_, radius_m) * (0.8 + 0.7 * draws.uniform());
    const Eigen::Vector3d place = rest + 0.3 * radius * apart();
    releases_.push_back({from_s, length_s * (0.6 + 0.8 * draws.uniform()), piece, place, radius, mass_kg,
                         grip, kDrift_m_s * apart()});
}

void Emission::add_broken(const BrokenBond& broken)
{
    const auto parted_s = parting(structure_, motion_, frame_s_, broken);
    if (!parted_s)
        return;
    const Bond& bond = structure_.bonds[static_cast<std::size_t>(broken.bond)];
    const MaterialFacts& material = facts(bond.material);
    const double mass = bond.area_m2 * material.fines_mm * 1e-3 * material.density_kg_m3 * amount_;
    release(*parted_s, kBrokenFor_s, bond.first, bond.middle, std::sqrt(bond.area_m2), mass, 0.2);
}

/// A piece that is hit again and again gives its one per cent and no more.
void Emission::add_impacts()
{
    std::vector<double> left;
    for (const Piece& piece : structure_.pieces)
        left.push_back(kMostCrushed * piece.mass_kg);
    for (const Impact& impact : motion_.impacts) {
        const auto i = static_cast<std::size_t>(impact.piece);
        const double mass = std::min(kCrushed_kg_J * impact.energy_J, left[i]);
        left[i] -= mass;
        const MassProperties& shape = structure_.pieces[i].shape;
        release(impact.time_s, kCrushedFor_s, impact.piece, shape.centre, std::cbrt(shape.volume_m3),
                mass * amount_, 0.3);
    }
}

void Emission::add_pushes(const std::vector<std::vector<double>>& ceilings)
{
    for (std::size_t frame = 1; frame < ceilings.size(); ++frame)
        for (std::size_t k = 0; k < structure_.storeys.size(); ++k) {
            const Storey& storey = structure_.storeys[k];
            const auto floor_at = [&](std::size_t t) {
                return k == 0 ? storey.bottom_m : std::max(ground_m_, ceilings[t][k - 1]);
            };
            const auto height_at = [&](std::size_t t) {
                return std::clamp(ceilings[t][k] - floor_at(t), 0.0, storey.top_m - storey.bottom_m);
            };
            const double lost = height_at(frame - 1) - height_at(frame);
            if (lost > 0)
                pushes_.push_back({static_cast<double>(frame - 1) * frame_s_, frame_s_, k,
                                   floor_at(frame) + height_at(frame) / 2, std::max(1.0, height_at(frame)),
                                   lost * storey.area_m2});
        }
}

Eigen::Vector3d Emission::place_at(const Release& release, double time_s, Eigen::Vector3d* velocity) const
{
    const double frame = std::clamp(time_s / frame_s_, 0.0, static_cast<double>(motion_.poses.size() - 1));
    const auto before = static_cast<std::size_t>(frame), after = std::min(before + 1, motion_.poses.size() - 1);
    const auto i = static_cast<std::size_t>(release.piece);
    const Pose &a = motion_.poses[before][i], &b = motion_.poses[after][i];
    *velocity = a.velocity + release.drift;
    const double part = frame - static_cast<double>(before);
    return (1 - part) * carried(structure_.pieces[i], a, release.rest)
           + part * carried(structure_.pieces[i], b, release.rest);
}

std::vector<DustSource> Emission::between(double from_s, double dt_s) const
{
    std::vector<DustSource> sources;
    for (const Release& release : releases_) {
        if (release.from_s >= from_s + dt_s)
            break;
        const double share = overlap(release.from_s, release.length_s, from_s, from_s + dt_s);
        if (share == 0)
            continue;
        DustSource source{.place = {},
                          .radius_m = release.radius_m,
                          .mass_kg = {},
                          .air_m3 = 0,
                          .velocity = {},
                          .grip = release.grip};
        source.place = place_at(release, from_s + dt_s / 2, &source.velocity);
        source.mass_kg = {share * release.mass_kg * kFineShare, share * release.mass_kg * (1 - kFineShare)};
        sources.push_back(source);
    }
    for (const Push& push : pushes_)
        if (const double share = overlap(push.from_s, push.length_s, from_s, from_s + dt_s); share > 0)
            add_push(push, share, from_s, sources);
    return sources;
}

/// What part of a storey's air each outlet lets through, and where to.
std::vector<Emission::Gust> Emission::gusts_at(double time_s, std::size_t storey) const
{
    const auto moment = static_cast<std::uint64_t>(time_s / kGust_s);
    std::vector<Gust> gusts;
    double sum = 0;
    for (std::size_t i = 0; i < outlets_.size(); ++i) {
        Draws draws(seed_, Draws::Purpose::gust, random_number(storey * 4096 + i, moment));
        const double strength = std::exp(kGustSpread * draws.normal()) * outlets_[i].length_m * outlets_[i].open;
        gusts.push_back({.share = strength, .aside = 0.35 * draws.normal(), .up = 0.3 * draws.uniform()});
        sum += strength;
    }
    for (Gust& gust : gusts)
        gust.share /= sum;
    return gusts;
}

void Emission::add_push(const Push& push, double share, double from_s, std::vector<DustSource>& sources) const
{
    constexpr double kFastest_m_s = 20;
    const double speed = std::min(kFastest_m_s, push.air_m3 / push.length_s / (around_m_ * push.storey_m));
    const double height = std::max(push.height_m, ground_m_ + 0.5 * least_radius_m_);
    const std::vector<Gust> gusts = gusts_at(from_s, push.storey);
    for (std::size_t i = 0; i < outlets_.size(); ++i) {
        const Outlet& outlet = outlets_[i];
        const double air = share * push.air_m3 * gusts[i].share;
        const Eigen::Vector2d aside(-outlet.out.y(), outlet.out.x());
        const Eigen::Vector2d way = outlet.out + gusts[i].aside * aside;
        sources.push_back({.place = {outlet.at.x(), height, outlet.at.y()},
                           .radius_m = std::max(least_radius_m_, outlet.length_m / 2),
                           .mass_kg = {air * kLaden_kg_m3 * amount_, 0},
                           .air_m3 = air,
                           .velocity = std::min(kFastest_m_s, speed * gusts[i].share * around_m_ / outlet.length_m)
                                       * Eigen::Vector3d(way.x(), gusts[i].up, way.y()),
                           .grip = 0.5});
    }
}

double Emission::total_kg() const
{
    double sum = total_air_m3() * kLaden_kg_m3 * amount_;
    for (const Release& release : releases_)
        sum += release.mass_kg;
    return sum;
}

double Emission::total_air_m3() const
{
    double sum = 0;
    for (const Push& push : pushes_)
        sum += push.air_m3;
    return sum;
}

}  // namespace platefall::collapse
