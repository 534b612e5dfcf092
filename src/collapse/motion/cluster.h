/// Pieces that hang together and move as one rigid body.
#pragma once

#include "collapse/motion/motion.h"

#include <vector>

namespace platefall::collapse {

enum class Footing {
    held,      ///< hangs on the ground or on a kept piece: does not move
    moving,
    frozen,    ///< came to rest; wakes when it is hit or its support goes
    gone,      ///< split into others
};

struct Cluster {
    std::vector<int> pieces;                                   ///< ascending
    Footing footing = Footing::moving;
    double mass_kg = 0;
    Eigen::Vector3d rest_centre = Eigen::Vector3d::Zero();     ///< of mass, before the fall
    Eigen::Matrix3d rest_inertia = Eigen::Matrix3d::Zero();    ///< about it, kg m2
    Pose pose;                                                 ///< of its centre of mass
    Pose before;                                               ///< of the last step's begin, gravity added to its speed
    int body = -1;                                             ///< in the physics world; -1 while held
    double quiet_s = 0;                                        ///< has been slow for so long
    double quiet_speed_m_s = 0;                                ///< and this fast at the slowest
    bool rested = false;                                       ///< something may lie on it that sleeps
    Eigen::Vector3d rested_at = Eigen::Vector3d::Zero();       ///< where its centre was then
    double untouched_s = 1e9;                                  ///< since something last touched it
    double watched_s = 0;                                      ///< since `watched` was noted
    Pose watched;                                              ///< where it was then
    double path_m = 0;                                         ///< how far it has come and gone since, at its rim
    int disturbed = 0;                                         ///< how often it has woken its neighbours
    std::vector<int> rests_on;                                 ///< of a frozen one: pieces that bear it; -1: ground
};

/// At rest, in place.
Cluster make_cluster(const Structure& structure, std::vector<int> pieces);

/// A part of `parent`, moving as it did there: v + w x r about its own centre. The part keeps the parent's footing.
Cluster make_part(const Structure& structure, const Cluster& parent, std::vector<int> pieces);

/// World from rest, by the cluster's pose.
Eigen::Vector3d place_of(const Cluster& cluster, const Eigen::Vector3d& rest_place);
Eigen::Vector3d velocity_at(const Pose& pose, const Eigen::Vector3d& place);
Pose pose_of(const Cluster& cluster, const Piece& piece);

double kinetic_energy(const Cluster& cluster);                 ///< J

/// A blow in N s at `place`: changes velocity and spin.
void push(Cluster& cluster, const Eigen::Vector3d& place, const Eigen::Vector3d& impulse_Ns);

}  // namespace platefall::collapse
