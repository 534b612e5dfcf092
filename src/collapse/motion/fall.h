/// One simulation in progress: what is where, what still holds, what has happened.
#pragma once

#include "collapse/motion/bond_graph.h"
#include "collapse/motion/cluster.h"
#include "collapse/motion/physics_world.h"

#include <vector>

namespace platefall::collapse {

class Fall {
public:
    /// Borrows all three. Throws Error when their sizes disagree.
    Fall(const Structure& structure, const Failure& failure, const MotionSettings& settings);

    const Structure& structure;
    const Failure& failure;
    const MotionSettings& settings;
    BondGraph graph;
    PhysicsWorld world;
    std::vector<Cluster> clusters;       ///< those that are gone keep their place
    std::vector<int> cluster_of;         ///< of a piece
    std::vector<int> cluster_of_body;
    std::vector<char> kept;              ///< pieces that stay whatever happens
    std::vector<double> reinforced;      ///< of a bond: how much stronger its builders made it, 1 or more
    std::vector<char> anchored;          ///< pieces that hold on to the ground still
    double time_s = 0;
    double charged_J = 0;                ///< put in by charges
    Motion motion;

    const Cluster& cluster(int piece) const { return clusters[cluster_of[piece]]; }
    bool carries(int piece) const;       ///< a column, a wall or the like: what storeys stand on
    bool may_break(int bond) const;      ///< lives, and neither side is kept

    /// Cuts a bond and notes it; `split` follows.
    void break_bond(int bond);
    void break_all_bonds(int piece);

    /// Breaks a piece off and makes it too small to carry anything: what a column is after it was crushed.
    void crush(int piece);
    void let_go_of_ground(int piece);

    /// Breaks the bonds between the hinge and all else, though its pieces are kept.
    void cut_hinge();
    void give_up_hinge();                ///< its pieces are like all others
    bool crushed(int piece) const { return crushed_[piece] != 0; }

    /// Parts that no longer hang together go their own way. `spared`, a share for every cluster: how much of the last
    /// step's change of speed did not happen, because what was hit gave way. Pieces `broken_through` took the full
    /// blow.
    void split(const std::vector<double>& spared, const std::vector<char>& broken_through);
    void split();

    void advance(double dt_s);           ///< one step of the physics
    void freeze(int cluster);
    void wake(int cluster);

    std::vector<Pose> poses() const;     ///< one a piece
    double energy() const;               ///< potential over the ground + kinetic, J

private:
    void enter(Cluster cluster);
    void split_cluster(int index, const std::vector<std::vector<int>>& parts, double spared,
                       const std::vector<char>& broken_through);
    bool is_held(const std::vector<int>& pieces) const;

    std::vector<char> torn_;             ///< clusters that lost a bond
    std::vector<char> crushed_;          ///< pieces
};

}  // namespace platefall::collapse
