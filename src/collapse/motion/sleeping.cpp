#include "collapse/motion/sleeping.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::collapse {
namespace {

constexpr double kSlow_m_s = 0.5;            // at its rim
constexpr double kQuiet_s = 0.15;
constexpr double kGathers_m_s = 0.15;        // what gets faster by this meanwhile has begun to fall over
constexpr double kGrip_m_s = 1.0;            // slower rubble grips with its edges, which convex hulls do not have
constexpr double kGrip_1_s = 12;
constexpr std::size_t kRubble = 4;           // clusters of fewer pieces
constexpr double kMoved_m = 0.04;            // what lay on something wakes when that has moved so far
constexpr double kLetGo_s = 0.1;             // contacts that come and go are contacts all the same
constexpr double kWatch_s = 0.4;             // what in so long a time
constexpr double kStirred_m = 0.04;          // gets no farther than this
constexpr double kComesBack = 0.4;           // and no farther than so much of its way, only trembles

double rim_speed(const Cluster& cluster)
{
    const double radius = std::sqrt(cluster.rest_inertia.trace() / cluster.mass_kg);
    return cluster.pose.velocity.norm() + cluster.pose.spin.norm() * radius;
}

/// Pieces that bear the sleeper, and -1 for the ground, in ascending order.
std::vector<int> bearers_of(const Fall& fall, int index)
{
    constexpr double kFromBelow = 0.3;       // of a contact's normal
    const auto is_own = [&](int piece) { return piece >= 0 && fall.cluster_of[piece] == index; };
    std::vector<int> result;
    for (const Contact& contact : fall.world.contacts()) {
        const bool is_first = is_own(contact.first);
        if (is_first == is_own(contact.second))
            continue;
        const double up = is_first ? contact.normal.y() : -contact.normal.y();
        if (up > kFromBelow)
            result.push_back(is_first ? contact.second : contact.first);
    }
    std::ranges::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

/// Whether it lies on something that moves, and has to go with it. Only what is heavier carries, so that of a heap some
/// piece is always the first to rest.
bool is_carried(const Fall& fall, const Cluster& cluster, const std::vector<int>& bearers)
{
    return std::ranges::any_of(bearers, [&](int piece) {
        return piece >= 0 && fall.cluster(piece).footing == Footing::moving && fall.cluster(piece).mass_kg > cluster.mass_kg;
    });
}

/// Those that may have lain on it.
void wake_neighbours(Fall& fall, const Cluster& cluster)
{
    for (const int body : fall.world.near(cluster.body, kMoved_m)) {
        const int other = body < static_cast<int>(fall.cluster_of_body.size()) ? fall.cluster_of_body[body] : -1;
        if (other >= 0 && fall.clusters[other].footing == Footing::frozen
            && fall.clusters[other].pose.centre.y() > cluster.pose.centre.y())
            fall.wake(other);
    }
}

/// Whether it is where it was some time ago, however it has shaken since.
bool only_trembles(Cluster& cluster, double rim_m_s, double dt_s)
{
    cluster.watched_s += dt_s;
    cluster.path_m += rim_m_s * dt_s;
    if (cluster.watched_s < kWatch_s)
        return false;
    const double radius = std::sqrt(cluster.rest_inertia.trace() / cluster.mass_kg);
    const double moved = (cluster.pose.centre - cluster.watched.centre).norm()
                         + radius * cluster.pose.turn.angularDistance(cluster.watched.turn);
    const bool trembles = moved < kStirred_m && moved < kComesBack * cluster.path_m;
    cluster.watched_s = 0;
    cluster.path_m = 0;
    cluster.watched = cluster.pose;
    return trembles;
}

void grip(Fall& fall, Cluster& cluster, double dt_s)
{
    const double keeps = std::max(1 - kGrip_1_s * dt_s, 0.0);
    cluster.pose.velocity *= keeps;
    cluster.pose.spin *= keeps;
    fall.world.move_with(cluster.body, cluster.pose);
}

}  // namespace

void settle(Fall& fall, double dt_s)
{
    for (int index = 0; index < static_cast<int>(fall.clusters.size()); ++index) {
        Cluster& cluster = fall.clusters[index];
        if (cluster.footing != Footing::moving)
            continue;
        const double speed = rim_speed(cluster);
        cluster.untouched_s = fall.world.touches_something(cluster.body) ? 0 : cluster.untouched_s + dt_s;
        const bool touches = cluster.untouched_s < kLetGo_s;
        const bool quiet = speed < kSlow_m_s && touches;
        if (touches && speed < kGrip_m_s && cluster.pieces.size() < kRubble)
            grip(fall, cluster, dt_s);
        cluster.quiet_speed_m_s = quiet && cluster.quiet_s > 0 ? std::min(cluster.quiet_speed_m_s, speed) : speed;
        cluster.quiet_s = quiet ? cluster.quiet_s + dt_s : 0;
        if (quiet) {
            cluster.rested = true;
            cluster.rested_at = cluster.pose.centre;
        } else if (cluster.rested
                   && (cluster.pose.centre - cluster.rested_at).norm() > kMoved_m * (1 + cluster.disturbed)) {
            // What does not come to rest must not keep all that lies on it awake for ever.
            cluster.rested = false;
            ++cluster.disturbed;
            wake_neighbours(fall, cluster);
        }
        const bool gathers = speed > cluster.quiet_speed_m_s + kGathers_m_s;
        const bool trembles = only_trembles(cluster, speed, dt_s) && touches;
        if ((cluster.quiet_s >= kQuiet_s && !gathers) || trembles) {
            auto bearers = bearers_of(fall, index);
            if (is_carried(fall, cluster, bearers))
                continue;
            cluster.rests_on = std::move(bearers);
            fall.freeze(index);
        } else if (cluster.quiet_s >= kQuiet_s) {
            cluster.quiet_s = 0;
        }
    }
}

}  // namespace platefall::collapse
