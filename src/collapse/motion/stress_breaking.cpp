#include "collapse/motion/stress_breaking.h"

#include <Eigen/LU>

#include <algorithm>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

// What a solve leaves over would look like a load that nobody put there, and break what holds.
constexpr StressEffort kEffort{.tolerance = 1e-3, .most_iterations = 1000};

constexpr double kDesigned = 0.33;           // of its strength is what a bond of a sound building uses at rest, at most

/// Smaller clusters are left to their blows.
constexpr std::size_t kWorthSolving = 24;

bool is_strained(const Cluster& cluster)
{
    return cluster.footing == Footing::moving && cluster.pieces.size() >= kWorthSolving;
}

/// A body in the air or on its way through others is in equilibrium with its own inertia (d'Alembert): what presses on
/// it, less what it takes to accelerate and turn every piece. Axes of rest.
void add_inertia(const Fall& fall, const Cluster& cluster, const std::vector<Load>& borne, std::vector<Load>& loads)
{
    Vector3d force = Vector3d::Zero(), moment = Vector3d::Zero();
    for (const int piece : cluster.pieces) {
        const Vector3d arm = fall.structure.pieces[piece].shape.centre - cluster.rest_centre;
        force += borne[piece].force;
        moment += borne[piece].moment + arm.cross(borne[piece].force);
    }
    const Vector3d spin = cluster.pose.turn.conjugate() * cluster.pose.spin;
    const Vector3d gathers = force / cluster.mass_kg;
    const Vector3d turns = cluster.rest_inertia.inverse() * (moment - spin.cross(cluster.rest_inertia * spin));
    for (const int index : cluster.pieces) {
        const Piece& piece = fall.structure.pieces[index];
        const Vector3d arm = piece.shape.centre - cluster.rest_centre;
        const double density = piece.mass_kg / piece.shape.volume_m3;
        loads[index].force += borne[index].force
                              - piece.mass_kg * (gathers + turns.cross(arm) + spin.cross(spin.cross(arm)));
        const Eigen::Matrix3d inertia = density * piece.shape.inertia;
        loads[index].moment += borne[index].moment - inertia * turns - spin.cross(inertia * spin);
    }
}

/// Weight, and what lies on it; on moving clusters what hits them, and inertia.
std::vector<Load> loads_on(const Fall& fall, const std::vector<Load>& borne)
{
    std::vector<Load> loads(fall.structure.pieces.size());
    const Vector3d gravity(0, -fall.settings.gravity_m_s2, 0);
    for (const Cluster& cluster : fall.clusters) {
        if (cluster.footing == Footing::held)
            for (const int piece : cluster.pieces) {
                loads[piece].force += fall.structure.pieces[piece].mass_kg * gravity + borne[piece].force;
                loads[piece].moment += borne[piece].moment;
            }
        if (is_strained(cluster))
            add_inertia(fall, cluster, borne, loads);
    }
    const std::vector<double> rubble_kg = rubble_on(fall);
    for (std::size_t piece = 0; piece < loads.size(); ++piece)
        loads[piece].force += rubble_kg[piece] * gravity;
    return loads;
}

struct Overload {
    int bond;
    double use;
};

/// The piece that a failing column or wall loses: the lighter one of those that carry.
void crush_weaker(Fall& fall, const Bond& bond)
{
    if (!fall.carries(bond.first) || !fall.carries(bond.second))
        return;
    const bool first = fall.structure.pieces[bond.first].mass_kg <= fall.structure.pieces[bond.second].mass_kg;
    fall.crush(first ? bond.first : bond.second);
}

/// The artist's multiplier: the median strength inside elements, where neither joints nor jitter matter.
double typical_strength(const Structure& structure)
{
    std::vector<double> strengths;
    for (const Bond& bond : structure.bonds)
        if (structure.pieces[bond.first].element == structure.pieces[bond.second].element)
            strengths.push_back(bond.strength);
    if (strengths.empty())
        for (const Bond& bond : structure.bonds)
            strengths.push_back(bond.strength);
    if (strengths.empty())
        return 1;
    const auto middle = strengths.begin() + static_cast<std::ptrdiff_t>(strengths.size() / 2);
    std::ranges::nth_element(strengths, middle);
    return *middle;
}

}  // namespace

std::vector<double> rubble_on(const Fall& fall)
{
    std::vector<int> frozen;
    for (int index = 0; index < static_cast<int>(fall.clusters.size()); ++index)
        if (fall.clusters[index].footing == Footing::frozen && !fall.clusters[index].rests_on.empty())
            frozen.push_back(index);
    // From the top of the heap down, so that what lies on a body is known before it passes that on.
    std::ranges::stable_sort(frozen, [&](int a, int b) {
        return fall.clusters[a].pose.centre.y() > fall.clusters[b].pose.centre.y();
    });
    std::vector<double> on_piece(fall.structure.pieces.size(), 0.0), on_cluster(fall.clusters.size(), 0.0);
    for (const int index : frozen) {
        const Cluster& cluster = fall.clusters[index];
        const double share = (cluster.mass_kg + on_cluster[index]) / static_cast<double>(cluster.rests_on.size());
        for (const int piece : cluster.rests_on) {
            if (piece < 0)
                continue;
            if (fall.cluster(piece).footing == Footing::held)
                on_piece[piece] += share;
            else
                on_cluster[fall.cluster_of[piece]] += share;
        }
    }
    return on_piece;
}

StressBreaking::StressBreaking(Fall& fall)
    : fall_(fall), solver_(fall.structure, {.tolerance = 1e-4}), pinned_(fall.structure.pieces.size(), 0)
{
    reinforce();
    solver_.aim_for(kEffort);
}

void StressBreaking::reinforce()
{
    const auto bonds = solve(std::vector<Load>(fall_.structure.pieces.size()));
    const double typical = typical_strength(fall_.structure);
    for (std::size_t bond = 0; bond < bonds.size(); ++bond) {
        const double use = utilisation(fall_.structure.bonds[bond], bonds[bond]) * typical;
        fall_.reinforced[bond] = std::max(1.0, use / kDesigned);
    }
}

std::vector<char> StressBreaking::held_pieces()
{
    std::vector<char> held(pinned_.size());
    for (std::size_t piece = 0; piece < held.size(); ++piece)
        held[piece] = fall_.anchored[piece] || fall_.kept[piece];
    for (const Cluster& cluster : fall_.clusters) {
        if (!is_strained(cluster))
            continue;
        auto pin = std::ranges::find_if(cluster.pieces, [&](int piece) { return pinned_[piece] != 0; });
        if (pin == cluster.pieces.end())
            pin = cluster.pieces.begin() + static_cast<std::ptrdiff_t>(cluster.pieces.size() / 2);
        pinned_[*pin] = held[*pin] = 1;
    }
    return held;
}

std::vector<BondLoad> StressBreaking::solve(const std::vector<Load>& borne)
{
    double residual = 0;
    auto result = solver_.solve(fall_.graph.alive(), held_pieces(), loads_on(fall_, borne), &residual);
    iterations_ += solver_.iterations();
    solved_ = residual <= kEffort.tolerance;
    return result;
}

void StressBreaking::strain(const std::vector<Load>& borne)
{
    const bool loaded = std::ranges::any_of(fall_.clusters, [](const Cluster& cluster) {
        return cluster.footing == Footing::moving || cluster.footing == Footing::frozen;
    });
    if (solved_ && !loaded && !loaded_ && broken_then_ == fall_.motion.broken.size())
        return;
    loaded_ = loaded;
    broken_then_ = fall_.motion.broken.size();

    const auto bonds = solve(borne);
    std::vector<Overload> overloads;
    for (int bond = 0; bond < static_cast<int>(bonds.size()); ++bond) {
        if (!fall_.may_break(bond))
            continue;
        const double use = utilisation(fall_.structure.bonds[bond], bonds[bond]) / fall_.reinforced[bond];
        if (use > 1)
            overloads.push_back({bond, use});
    }
    std::ranges::stable_sort(overloads, std::ranges::greater{}, &Overload::use);
    const auto most = static_cast<std::size_t>(std::max(fall_.settings.most_broken, 0));
    overloads.resize(std::min(overloads.size(), most));
    for (const Overload& overload : overloads) {
        fall_.break_bond(overload.bond);
        if (bonds[overload.bond].normal_N < 0)
            crush_weaker(fall_, fall_.structure.bonds[overload.bond]);
    }
    if (!overloads.empty())
        fall_.split();
}

}  // namespace platefall::collapse
