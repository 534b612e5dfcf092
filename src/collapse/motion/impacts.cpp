#include "collapse/motion/impacts.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kBlow_m_s = 1.0;            // slower contacts press, they do not hit
constexpr double kCrush_s = 0.025;           // what meets crumbles for so long
constexpr double kBearing_s = 0.1;           // loads come and go over this time

constexpr double kLeastEnergy_J = 200;       // less makes no dust that one sees
constexpr double kWakes_m_s = 0.3;           // a sleeping body that a blow would set off as fast as this wakes

}  // namespace

Impacts::Impacts(const Structure& structure)
    : blows_(structure.pieces.size()), given_way_(structure.pieces.size(), 0.0), borne_(structure.pieces.size())
{
}

void Impacts::add(const Fall& fall, int piece, const Contact& contact, double sign, double closing_m_s)
{
    if (piece < 0)
        return;
    Blow& blow = blows_[piece];
    if (blow.weight == 0)
        hit_.push_back(piece);
    const Vector3d impulse = sign * contact.impulse_Ns;
    const Vector3d centre = place_of(fall.cluster(piece), fall.structure.pieces[piece].shape.centre);
    const double weight = impulse.norm();
    blow.impulse_Ns += impulse;
    blow.moment += (contact.place - centre).cross(impulse);
    blow.place += weight * contact.place;
    blow.weight += weight;
    blow.closing_m_s = std::max(blow.closing_m_s, closing_m_s);
}

void Impacts::gather(const Fall& fall)
{
    for (const int piece : hit_) {
        blows_[piece] = {};
        given_way_[piece] = 0;
    }
    hit_.clear();
    closing_.clear();
    const auto velocity = [&](int piece, const Vector3d& place) -> Vector3d {
        return piece < 0 ? Vector3d::Zero() : velocity_at(fall.cluster(piece).before, place);
    };
    for (const Contact& contact : fall.world.contacts()) {
        const Vector3d apart = velocity(contact.first, contact.place) - velocity(contact.second, contact.place);
        closing_.push_back(std::max(-apart.dot(contact.normal), 0.0));
        add(fall, contact.first, contact, 1, closing_.back());
        add(fall, contact.second, contact, -1, closing_.back());
    }
    std::ranges::sort(hit_);
    for (const int piece : hit_)
        blows_[piece].place /= blows_[piece].weight;
}

/// Breaks the bonds of one piece that cannot pass the blow on. Returns the share of it that did not happen for that:
/// in the step no more was passed on than the bonds bear.
double Impacts::break_by(Fall& fall, int piece, double dt_s)
{
    const Blow& blow = blows_[piece];
    if (blow.closing_m_s < kBlow_m_s)
        return 0;
    const Cluster& cluster = fall.cluster(piece);
    if (cluster.pieces.size() < 2)
        return 0;

    // What accelerates the piece itself does not pass its bonds (d'Alembert), and what they have borne for a while is
    // no blow.
    const Piece& it = fall.structure.pieces[piece];
    const Vector3d centre = place_of(cluster, it.shape.centre);
    const Vector3d gained = velocity_at(cluster.pose, centre) - velocity_at(cluster.before, centre);
    const Eigen::Quaterniond to_rest = cluster.pose.turn.conjugate();
    const double lasts_s = std::max(kCrush_s, dt_s);
    const Vector3d force = to_rest * (blow.impulse_Ns - it.mass_kg * gained) / lasts_s - borne_[piece].force;
    const Vector3d place = it.shape.centre + to_rest * (blow.place - centre);

    double area = 0;
    for (const int bond : fall.graph.bonds_of(piece))
        if (fall.graph.alive(bond))
            area += fall.structure.bonds[bond].area_m2;

    double worst = 0;
    for (const int index : fall.graph.bonds_of(piece)) {
        if (!fall.may_break(index))
            continue;
        const Bond& bond = fall.structure.bonds[index];
        const double share = bond.area_m2 / area;
        const Vector3d outward = bond.first == piece ? bond.normal : Vector3d(-bond.normal);
        const double along = force.dot(outward);
        const Vector3d moment = (place - bond.middle).cross(force);
        const double twist = moment.dot(outward);
        const double use = utilisation(bond, {.normal_N = -share * along,
                                              .shear_N = share * (force - along * outward).norm(),
                                              .bending_Nm = share * (moment - twist * outward).norm(),
                                              .torsion_Nm = share * std::abs(twist)})
                           / fall.reinforced[index];
        if (use > 1) {
            fall.break_bond(index);
            worst = std::max(worst, use);
        }
    }
    return worst > 1 ? 1 - dt_s / (lasts_s * worst) : 0;
}

/// Half of normal impulse times closing speed is what an inelastic contact dissipates.
void Impacts::note_energy(Fall& fall)
{
    std::vector<double> energy(blows_.size(), 0.0);
    const auto& contacts = fall.world.contacts();
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const Contact& contact = contacts[i];
        const double first = contact.first < 0 ? 0 : given_way_[contact.first];
        const double second = contact.second < 0 ? 0 : given_way_[contact.second];
        const double share = 1 - std::max(first, second);
        const double lost = 0.5 * share * contact.impulse_Ns.dot(contact.normal) * closing_[i];
        const double sides = (contact.first >= 0) + (contact.second >= 0);
        for (const int piece : {contact.first, contact.second})
            if (piece >= 0)
                energy[piece] += lost / sides;
    }
    for (const int piece : hit_)
        if (energy[piece] >= kLeastEnergy_J)
            fall.motion.impacts.push_back({.time_s = fall.time_s, .piece = piece, .place = blows_[piece].place,
                                           .velocity = velocity_at(fall.cluster(piece).before, blows_[piece].place),
                                           .energy_J = energy[piece]});
}

void Impacts::bear(const Fall& fall, double dt_s)
{
    const double fading = 1 - std::exp(-dt_s / kBearing_s);
    for (Load& load : borne_) {
        load.force *= 1 - fading;
        load.moment *= 1 - fading;
    }
    for (const int piece : hit_) {
        const Eigen::Quaterniond to_rest = fall.cluster(piece).pose.turn.conjugate();
        const double share = fading * (1 - given_way_[piece]) / dt_s;
        borne_[piece].force += share * (to_rest * blows_[piece].impulse_Ns);
        borne_[piece].moment += share * (to_rest * blows_[piece].moment);
    }
}

void Impacts::strike(Fall& fall, double dt_s)
{
    gather(fall);
    std::vector<char> broken_through(blows_.size(), 0);
    for (const int piece : hit_) {
        given_way_[piece] = break_by(fall, piece, dt_s);
        broken_through[piece] = given_way_[piece] > 0;
    }
    note_energy(fall);
    bear(fall, dt_s);

    // A body is slowed by what its contacts bore before they gave way.
    std::vector<double> all(fall.clusters.size(), 0.0), spared(fall.clusters.size(), 0.0);
    std::vector<int> to_wake;
    const auto& contacts = fall.world.contacts();
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const Contact& contact = contacts[i];
        const double size = contact.impulse_Ns.norm();
        const double first = contact.first < 0 ? 0 : given_way_[contact.first];
        const double second = contact.second < 0 ? 0 : given_way_[contact.second];
        for (const int piece : {contact.first, contact.second}) {
            if (piece < 0)
                continue;
            const int cluster = fall.cluster_of[piece];
            all[cluster] += size;
            spared[cluster] += size * std::max(first, second);
            if (fall.clusters[cluster].footing == Footing::frozen && closing_[i] > kWakes_m_s
                && size > kWakes_m_s * fall.clusters[cluster].mass_kg)
                to_wake.push_back(cluster);
        }
    }
    for (std::size_t cluster = 0; cluster < all.size(); ++cluster)
        spared[cluster] = all[cluster] > 0 ? spared[cluster] / all[cluster] : 0;
    for (const int cluster : to_wake)
        if (fall.clusters[cluster].footing == Footing::frozen)
            fall.wake(cluster);
    fall.split(spared, broken_through);
}

}  // namespace platefall::collapse
