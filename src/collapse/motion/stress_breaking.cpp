#include "collapse/motion/stress_breaking.h"

#include <algorithm>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

// Loads change with every call and displacements are kept, so that a call need not finish: what it leaves over is
// found by the next one, as the building takes its time to find out itself.
constexpr StressEffort kEffort{.tolerance = 1e-3, .most_iterations = 120};

/// Weight, and what lies on it.
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
        for (const int piece : cluster.rests_on)
            loads[piece].force += cluster.mass_kg / static_cast<double>(cluster.rests_on.size()) * gravity;
    }
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

}  // namespace

StressBreaking::StressBreaking(const Structure& structure) : solver_(structure, kEffort) {}

void StressBreaking::strain(Fall& fall, const std::vector<Load>& borne)
{
    const bool loaded = std::ranges::any_of(fall.clusters, [](const Cluster& cluster) {
        return cluster.footing == Footing::moving || cluster.footing == Footing::frozen;
    });
    if (solved_ && !loaded && !loaded_ && broken_then_ == fall.motion.broken.size())
        return;
    loaded_ = loaded;
    broken_then_ = fall.motion.broken.size();

    std::vector<char> held(fall.structure.pieces.size());
    for (std::size_t piece = 0; piece < held.size(); ++piece)
        held[piece] = fall.anchored[piece] || fall.kept[piece];
    double residual = 0;
    const auto bonds = solver_.solve(fall.graph.alive(), held, loads_on(fall, borne), &residual);
    iterations_ += solver_.iterations();
    solved_ = residual <= kEffort.tolerance;

    std::vector<Overload> overloads;
    for (int bond = 0; bond < static_cast<int>(bonds.size()); ++bond)
        if (fall.may_break(bond) && utilisation(fall.structure.bonds[bond], bonds[bond]) > 1)
            overloads.push_back({bond, utilisation(fall.structure.bonds[bond], bonds[bond])});
    std::ranges::stable_sort(overloads, std::ranges::greater{}, &Overload::use);
    overloads.resize(std::min(overloads.size(), static_cast<std::size_t>(std::max(fall.settings.most_broken, 0))));
    for (const Overload& overload : overloads) {
        fall.break_bond(overload.bond);
        if (bonds[overload.bond].normal_N < 0)
            crush_weaker(fall, fall.structure.bonds[overload.bond]);
    }
    if (!overloads.empty())
        fall.split();
}

}  // namespace platefall::collapse
