/// Rigid bodies that fall on, and off, each other: Bullet behind a door.
#pragma once

#include "collapse/motion/cluster.h"

#include <memory>
#include <vector>

namespace platefall::collapse {

/// What two pieces did to each other in a step.
struct Contact {
    int first = -1, second = -1;                             ///< pieces; -1: ground or obstacle
    Eigen::Vector3d place = Eigen::Vector3d::Zero();
    Eigen::Vector3d normal = Eigen::Vector3d::UnitY();       ///< from second to first
    Eigen::Vector3d impulse_Ns = Eigen::Vector3d::Zero();    ///< on the first, friction included
};

/// The world of one simulation. Bodies are known by a number; a held piece has a body of its own, of the number that
/// `piece_body` gives. Adding and removing in the same order gives the same bits.
class PhysicsWorld {
public:
    PhysicsWorld(const Structure& structure, const MotionSettings& settings);
    ~PhysicsWorld();

    /// Makes one fixed body a piece, at rest.
    void hold(const std::vector<int>& pieces);
    void let_go(const std::vector<int>& pieces);

    int add(const Cluster& cluster);                         ///< moving or frozen; returns the body
    void remove(int body);
    void move_with(int body, const Pose& pose);              ///< sets velocity and spin
    void freeze(int body);
    void wake(int body);
    Pose pose(int body) const;                               ///< of its centre of mass
    bool touches_something(int body) const;                  ///< in the last step

    /// Bodies whose boxes, grown by `reach_m`, meet that of `body`; ascending.
    std::vector<int> near(int body, double reach_m) const;

    /// Makes the hull of a piece smaller, from its next body on.
    void crush(int piece, double scale);

    void step(double dt_s);

    /// Of the last step, in a fixed order; pieces of frozen and held bodies among them.
    const std::vector<Contact>& contacts() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace platefall::collapse
