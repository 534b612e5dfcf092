/// The fall: a bonded structure, what makes it fail, and where every piece is in every frame.
#pragma once

#include "collapse/structure.h"

#include <Eigen/Geometry>

#include <functional>
#include <string>
#include <vector>

namespace platefall::collapse {

/// Breaks bonds and shatters what is near it, at a moment.
struct Charge {
    double time_s = 0;                    ///< after the start
    Eigen::Vector3d place = Eigen::Vector3d::Zero();
    double radius_m = 1.5;                ///< all bonds of columns, cores and walls within break; they are crushed
    double push_Ns = 0;                   ///< outward impulse, shared by the pieces within; 0: it only cuts
};

/// The guide: this storey has no bond to anything below it by `time_s`, and what carries in it is crushed, so that a
/// progressive collapse cannot stall.
struct StoreyDeadline {
    int floor = 0;
    double time_s = 0;
};

/// What a toppling block turns on: pieces that are cut off from what they bear, so that it rolls over them, and that
/// do not give way before the block has gone over.
struct Hinge {
    std::vector<char> pieces{};           ///< one a piece; empty: none
    double cut_s = 0, goes_s = 0;
};

struct Failure {
    std::vector<Charge> charges{};        ///< in any order
    std::vector<StoreyDeadline> deadlines{};
    std::vector<char> keep_standing{};    ///< one a piece: its bonds never break and it is held; empty: none
    Hinge hinge{};
};

/// A box that pieces collide with and that does not move. Axes of the world.
struct Obstacle {
    Eigen::Vector3d low, high;
};

struct MotionSettings {
    double fps = 24;
    int frames = 72;                      ///< poses for frame 0 (at rest, time 0) to frames-1
    double time_scale = 1;                ///< 0.5: slow motion, a frame lasts half as long in the simulation
    int steps_per_s = 120;
    int iterations = 10;
    double gravity_m_s2 = 9.81;
    double ground_m = 0;
    int most_broken = 40;                 ///< bonds that may break by stress at a time (every 1/60 s)
    double collision_shrink_m = 0.006;    ///< hulls are smaller than what is seen by this on every side
    std::vector<Obstacle> obstacles{};
};

struct Pose {
    Eigen::Vector3d centre = Eigen::Vector3d::Zero();          ///< of mass
    Eigen::Quaterniond turn = Eigen::Quaterniond::Identity();  ///< from rest; w >= 0
    Eigen::Vector3d velocity = Eigen::Vector3d::Zero();        ///< m/s of simulated time
    Eigen::Vector3d spin = Eigen::Vector3d::Zero();            ///< rad/s
};

/// What makes dust.
struct BrokenBond {
    double time_s = 0;
    int bond = 0;
    Eigen::Vector3d place = Eigen::Vector3d::Zero();     ///< where it was then
    Eigen::Vector3d velocity = Eigen::Vector3d::Zero();
};
struct Impact {
    double time_s = 0;
    int piece = 0;
    Eigen::Vector3d place = Eigen::Vector3d::Zero();
    Eigen::Vector3d velocity = Eigen::Vector3d::Zero();  ///< of the piece, before
    double energy_J = 0;                                 ///< dissipated
};

struct Motion {
    std::vector<std::vector<Pose>> poses;  ///< [frame][piece]
    std::vector<BrokenBond> broken;        ///< by time, then bond
    std::vector<Impact> impacts;           ///< by time, then piece
    std::vector<double> energy_J;          ///< mechanical, a frame: potential over the ground + kinetic
    int steps = 0;
};

/// Simulates. Pieces hang together as rigid clusters (connected by living bonds; one Bullet body each, double
/// precision); clusters with an anchored or kept piece are static. Union-find splits clusters; children inherit
/// v + w x r. Settled clusters freeze until something hits them or their support leaves.
///
/// Three things break bonds. Charges and deadlines. Every 1/60 s a stress solve on the static clusters (gravity, and
/// what rests on them) and on large moving ones (what hits them, against their inertia): the most overloaded, at most
/// `most_broken`. And blows, at once, near the contact, beyond what the piece has been bearing: the body that hit
/// keeps the speed that the bonds could not take, so that a block crushes what is below it instead of standing on it.
/// What a column or wall loses when it fails in compression is crushed: it goes on with a smaller hull, and carries
/// no more.
///
/// A building is sound when it stands: whatever its bonds bear, at strength 1 they use at most a third of it at rest,
/// as if they had been reinforced (their area and material decide only above that). At 0.4 it still stands, below 0.2
/// it falls unaided.
///
/// One thread; same input, same bits.
///
/// `progress` (0..1; may throw to stop) may be empty. Throws Error when energy grows by more than one per cent of the
/// building's potential energy in a frame beyond what charges put in: the simulation has come apart.
Motion simulate(const Structure& structure, const Failure& failure, const MotionSettings& settings,
                const std::function<void(double)>& progress = {});

}  // namespace platefall::collapse
