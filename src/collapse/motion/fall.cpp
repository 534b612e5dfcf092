#include "collapse/motion/fall.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kCrushed = 0.6;             // of a crushed piece's length is left to carry

/// Towards what it would have been without the blow.
void spare(Cluster& cluster, double share)
{
    cluster.pose.velocity += share * (cluster.before.velocity - cluster.pose.velocity);
    cluster.pose.spin += share * (cluster.before.spin - cluster.pose.spin);
}

}  // namespace

Fall::Fall(const Structure& of, const Failure& how, const MotionSettings& with)
    : structure(of), failure(how), settings(with), graph(of), world(of, with), cluster_of(of.pieces.size(), -1),
      kept(how.keep_standing), reinforced(of.bonds.size(), 1.0),
      anchored(of.pieces.size()), crushed_(of.pieces.size(), 0)
{
    if (kept.empty())
        kept.assign(structure.pieces.size(), 0);
    for (std::size_t piece = 0; piece < failure.hinge.pieces.size(); ++piece)
        kept.at(piece) = kept[piece] || failure.hinge.pieces[piece];
    if (kept.size() != structure.pieces.size())
        throw Error(fmt::format("collapse: keep_standing names {} pieces and the structure has {}: give one a piece",
                                kept.size(), structure.pieces.size()));
    for (std::size_t piece = 0; piece < anchored.size(); ++piece)
        anchored[piece] = structure.pieces[piece].anchored;

    std::vector<int> pieces(structure.pieces.size());
    std::iota(pieces.begin(), pieces.end(), 0);
    for (auto& part : graph.parts(pieces)) {
        Cluster cluster = make_cluster(structure, std::move(part));
        cluster.footing = is_held(cluster.pieces) ? Footing::held : Footing::moving;
        if (cluster.footing == Footing::held)
            world.hold(cluster.pieces);
        enter(std::move(cluster));
    }
}

bool Fall::is_held(const std::vector<int>& pieces) const
{
    return std::ranges::any_of(pieces, [&](int piece) { return anchored[piece] || kept[piece]; });
}

bool Fall::carries(int piece) const
{
    switch (structure.elements[structure.pieces[piece].element].kind) {
    case ElementKind::column:
    case ElementKind::wall:
    case ElementKind::core:
    case ElementKind::block: return true;
    case ElementKind::beam:
    case ElementKind::slab:
    case ElementKind::parapet:
    case ElementKind::partition:
    case ElementKind::glass: return false;
    }
    return false;
}

bool Fall::may_break(int bond) const
{
    const Bond& it = structure.bonds[bond];
    return graph.alive(bond) && !kept[it.first] && !kept[it.second];
}

void Fall::break_bond(int bond)
{
    if (!may_break(bond))
        return;
    const Bond& it = structure.bonds[bond];
    graph.cut(bond);
    torn_[cluster_of[it.first]] = 1;
    const Cluster& parent = cluster(it.first);
    const Vector3d place = place_of(parent, it.middle);
    motion.broken.push_back({.time_s = time_s, .bond = bond, .place = place,
                             .velocity = velocity_at(parent.pose, place)});
}

void Fall::break_all_bonds(int piece)
{
    for (const int bond : graph.bonds_of(piece))
        break_bond(bond);
}

void Fall::crush(int piece)
{
    if (crushed(piece) || kept[piece])
        return;
    crushed_[piece] = 1;
    anchored[piece] = 0;
    break_all_bonds(piece);
    torn_[cluster_of[piece]] = 1;
    world.crush(piece, kCrushed);
}

void Fall::let_go_of_ground(int piece)
{
    if (!anchored[piece])
        return;
    anchored[piece] = 0;
    torn_[cluster_of[piece]] = 1;
}

/// Nothing but the hinge holds on to the ground after it.
void Fall::cut_hinge()
{
    const auto& hinge = failure.hinge.pieces;
    for (int index = 0; index < static_cast<int>(structure.bonds.size()); ++index) {
        const Bond& bond = structure.bonds[index];
        if (graph.alive(index) && hinge[bond.first] != hinge[bond.second]) {
            graph.cut(index);
            torn_[cluster_of[bond.first]] = 1;
        }
    }
    for (int piece = 0; piece < static_cast<int>(hinge.size()); ++piece)
        if (!kept[piece])
            let_go_of_ground(piece);
}

void Fall::give_up_hinge()
{
    for (std::size_t piece = 0; piece < failure.hinge.pieces.size(); ++piece)
        if (failure.hinge.pieces[piece] && (failure.keep_standing.empty() || !failure.keep_standing[piece]))
            kept[piece] = 0;
}

void Fall::enter(Cluster cluster)
{
    const int index = static_cast<int>(clusters.size());
    for (const int piece : cluster.pieces)
        cluster_of[piece] = index;
    if (cluster.footing != Footing::held) {
        cluster.body = world.add(cluster);
        cluster_of_body.resize(cluster.body + 1, -1);
        cluster_of_body[cluster.body] = index;
    }
    clusters.push_back(std::move(cluster));
    torn_.push_back(0);
}

void Fall::split()
{
    split(std::vector<double>(clusters.size(), 0.0), std::vector<char>(structure.pieces.size(), 0));
}

void Fall::split(const std::vector<double>& spared, const std::vector<char>& broken_through)
{
    const int count = static_cast<int>(clusters.size());     // parts come behind
    for (int index = 0; index < count; ++index) {
        if (torn_[index]) {
            torn_[index] = 0;
            const auto parts = graph.parts(clusters[index].pieces);
            const bool stays = clusters[index].footing != Footing::held || is_held(clusters[index].pieces);
            if (parts.size() > 1 || !stays || crushed(parts.front().front())) {
                split_cluster(index, parts, spared[index], broken_through);
                continue;
            }
        }
        if (spared[index] > 0 && clusters[index].footing == Footing::moving) {
            spare(clusters[index], spared[index]);
            world.move_with(clusters[index].body, clusters[index].pose);
        }
    }
}

void Fall::split_cluster(int index, const std::vector<std::vector<int>>& parts, double spared,
                         const std::vector<char>& broken_through)
{
    const Cluster parent = std::exchange(clusters[index], Cluster());
    clusters[index].footing = Footing::gone;
    if (parent.footing != Footing::held)
        world.remove(parent.body);
    for (const auto& pieces : parts) {
        Cluster part = make_part(structure, parent, pieces);
        if (parent.footing != Footing::held || !is_held(pieces)) {
            part.footing = Footing::moving;
            part.rested = parent.footing != Footing::moving;
            part.rested_at = part.pose.centre;
        }
        if (parent.footing == Footing::held && part.footing == Footing::moving)
            world.let_go(pieces);
        // What was hit took the blow; the rest flies on as if less had been in its way.
        const bool hit = pieces.size() <= 2
                         && std::ranges::any_of(pieces, [&](int piece) { return broken_through[piece] != 0; });
        if (part.footing == Footing::moving && !hit)
            spare(part, spared);
        enter(std::move(part));
    }
}

void Fall::advance(double dt_s)
{
    const Vector3d faster(0, -settings.gravity_m_s2 * dt_s, 0);
    for (Cluster& cluster : clusters) {
        cluster.before = cluster.pose;
        if (cluster.footing == Footing::moving)
            cluster.before.velocity += faster;
    }
    world.step(dt_s);
    time_s += dt_s;
    ++motion.steps;
    for (Cluster& cluster : clusters)
        if (cluster.footing == Footing::moving)
            cluster.pose = world.pose(cluster.body);
}

void Fall::freeze(int index)
{
    Cluster& cluster = clusters[index];
    world.freeze(cluster.body);
    cluster.footing = Footing::frozen;
    cluster.pose.velocity.setZero();
    cluster.pose.spin.setZero();
    cluster.before = cluster.pose;
}

void Fall::wake(int index)
{
    Cluster& cluster = clusters[index];
    world.wake(cluster.body);
    cluster.footing = Footing::moving;
    cluster.quiet_s = 0;
    cluster.untouched_s = 0;
    cluster.watched_s = 0;
    cluster.path_m = 0;
    cluster.watched = cluster.pose;
    cluster.rested = true;
    cluster.rested_at = cluster.pose.centre;
    cluster.rests_on.clear();
}

std::vector<Pose> Fall::poses() const
{
    std::vector<Pose> result;
    result.reserve(structure.pieces.size());
    for (std::size_t piece = 0; piece < structure.pieces.size(); ++piece)
        result.push_back(pose_of(clusters[cluster_of[piece]], structure.pieces[piece]));
    return result;
}

double Fall::energy() const
{
    double sum = 0;
    for (const Cluster& cluster : clusters)
        if (cluster.footing != Footing::gone)
            sum += cluster.mass_kg * settings.gravity_m_s2 * (cluster.pose.centre.y() - settings.ground_m)
                   + kinetic_energy(cluster);
    return sum;
}

}  // namespace platefall::collapse
