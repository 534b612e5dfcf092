#include "collapse/motion/sleeping.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

constexpr double kSlow_m_s = 0.5;            // at its rim
constexpr double kQuiet_s = 0.15;
constexpr double kGathers_m_s = 0.15;        // what gets faster by this meanwhile has begun to fall over
constexpr double kGrip_m_s = 1.0;            // slower rubble grips with its edges, which convex hulls do not have
constexpr double kGrip_1_s = 12;
constexpr std::size_t kRubble = 4;           // clusters of fewer pieces
constexpr double kMoved_m = 0.04;            // what lay on something wakes when that has moved so far

double rim_speed(const Cluster& cluster)
{
    const double radius = std::sqrt(cluster.rest_inertia.trace() / cluster.mass_kg);
    return cluster.pose.velocity.norm() + cluster.pose.spin.norm() * radius;
}

/// Held pieces that the sleeper touches, in ascending order.
std::vector<int> held_below(const Fall& fall, int index)
{
    std::vector<int> result;
    for (const Contact& contact : fall.world.contacts()) {
        if (contact.first < 0 || contact.second < 0)
            continue;
        const bool is_first = fall.cluster_of[contact.first] == index;
        const int other = is_first ? contact.second : contact.first;
        if ((is_first || fall.cluster_of[contact.second] == index) && fall.cluster(other).footing == Footing::held)
            result.push_back(other);
    }
    std::ranges::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

void wake_neighbours(Fall& fall, const Cluster& cluster)
{
    for (const int body : fall.world.near(cluster.body, kMoved_m)) {
        const int other = body < static_cast<int>(fall.cluster_of_body.size()) ? fall.cluster_of_body[body] : -1;
        if (other >= 0 && fall.clusters[other].footing == Footing::frozen)
            fall.wake(other);
    }
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
        const bool touches = fall.world.touches_something(cluster.body);
        const bool quiet = speed < kSlow_m_s && touches;
        if (touches && speed < kGrip_m_s && cluster.pieces.size() < kRubble)
            grip(fall, cluster, dt_s);
        cluster.quiet_speed_m_s = quiet && cluster.quiet_s > 0 ? std::min(cluster.quiet_speed_m_s, speed) : speed;
        cluster.quiet_s = quiet ? cluster.quiet_s + dt_s : 0;
        if (quiet) {
            cluster.rested = true;
            cluster.rested_at = cluster.pose.centre;
        } else if (cluster.rested && (cluster.pose.centre - cluster.rested_at).norm() > kMoved_m) {
            cluster.rested = false;
            wake_neighbours(fall, cluster);
        }
        if (cluster.quiet_s < kQuiet_s)
            continue;
        if (speed > cluster.quiet_speed_m_s + kGathers_m_s) {
            cluster.quiet_s = 0;
        } else {
            cluster.rests_on = held_below(fall, index);
            fall.freeze(index);
        }
    }
}

}  // namespace platefall::collapse
