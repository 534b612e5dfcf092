#include "collapse/motion/charges.h"

#include <algorithm>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kSooner_s = 1e-9;           // times add up from steps

/// Pieces that the charge shatters.
std::vector<int> within(const Fall& fall, const Charge& charge)
{
    std::vector<int> result;
    for (int piece = 0; piece < static_cast<int>(fall.structure.pieces.size()); ++piece) {
        const Vector3d place = place_of(fall.cluster(piece), fall.structure.pieces[piece].shape.centre);
        if (fall.carries(piece) && !fall.kept[piece] && (place - charge.place).norm() <= charge.radius_m)
            result.push_back(piece);
    }
    return result;
}

void cut_bonds(Fall& fall, const Charge& charge)
{
    for (int index = 0; index < static_cast<int>(fall.structure.bonds.size()); ++index) {
        const Bond& bond = fall.structure.bonds[index];
        const Vector3d place = place_of(fall.cluster(bond.first), bond.middle);
        if ((fall.carries(bond.first) || fall.carries(bond.second))
            && (place - charge.place).norm() <= charge.radius_m)
            fall.break_bond(index);
    }
}

/// All get the same speed away from the charge.
void push_away(Fall& fall, const Charge& charge, const std::vector<int>& pieces)
{
    double mass = 0;
    for (const int piece : pieces)
        mass += fall.structure.pieces[piece].mass_kg;
    for (const int piece : pieces) {
        Cluster& cluster = fall.clusters[fall.cluster_of[piece]];
        if (cluster.footing != Footing::moving)
            continue;
        const Vector3d place = place_of(cluster, fall.structure.pieces[piece].shape.centre);
        const Vector3d away = (place - charge.place).stableNormalized();
        const double before = kinetic_energy(cluster);
        push(cluster, place, charge.push_Ns * fall.structure.pieces[piece].mass_kg / mass * away);
        fall.charged_J += std::max(kinetic_energy(cluster) - before, 0.0);
        fall.world.move_with(cluster.body, cluster.pose);
    }
}

void fire_charge(Fall& fall, const Charge& charge)
{
    const auto pieces = within(fall, charge);
    cut_bonds(fall, charge);
    for (const int piece : pieces)
        fall.crush(piece);
    fall.split();
    if (charge.push_Ns > 0)
        push_away(fall, charge, pieces);
}

/// Nothing stands in that storey any more, and nothing in it or above holds on to what is below.
void fail_storey(Fall& fall, int floor)
{
    const auto floor_of = [&](int piece) {
        return fall.structure.elements[fall.structure.pieces[piece].element].floor;
    };
    for (int index = 0; index < static_cast<int>(fall.structure.bonds.size()); ++index) {
        const Bond& bond = fall.structure.bonds[index];
        if ((floor_of(bond.first) < floor) != (floor_of(bond.second) < floor))
            fall.break_bond(index);
    }
    for (int piece = 0; piece < static_cast<int>(fall.structure.pieces.size()); ++piece) {
        if (fall.kept[piece])
            continue;
        if (floor_of(piece) == floor && fall.carries(piece))
            fall.crush(piece);
        else if (floor == 0)
            fall.let_go_of_ground(piece);
    }
    fall.split();
}

}  // namespace

Charges::Charges(const Failure& failure) : charges_(failure.charges), deadlines_(failure.deadlines)
{
    std::ranges::stable_sort(charges_, {}, &Charge::time_s);
    std::ranges::stable_sort(deadlines_, {}, &StoreyDeadline::time_s);
    if (!failure.hinge.pieces.empty())
        hinge_ = HingeState::holds;
    hinge_cut_s_ = failure.hinge.cut_s;
    hinge_goes_s_ = failure.hinge.goes_s;
}

void Charges::fire(Fall& fall)
{
    for (; fired_ < charges_.size() && charges_[fired_].time_s <= fall.time_s + kSooner_s; ++fired_)
        fire_charge(fall, charges_[fired_]);
    if (hinge_ == HingeState::holds && hinge_cut_s_ <= fall.time_s + kSooner_s) {
        hinge_ = HingeState::cut;
        fall.cut_hinge();
        fall.split();
    }
    if (hinge_ == HingeState::cut && hinge_goes_s_ <= fall.time_s + kSooner_s) {
        hinge_ = HingeState::gone;
        fall.give_up_hinge();
    }
    for (; passed_ < deadlines_.size() && deadlines_[passed_].time_s <= fall.time_s + kSooner_s; ++passed_)
        fail_storey(fall, deadlines_[passed_].floor);
}

}  // namespace platefall::collapse
