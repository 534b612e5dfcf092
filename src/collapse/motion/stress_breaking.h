/// What stands, and large parts that fall, break where they are overloaded.
#pragma once

#include "collapse/motion/fall.h"
#include "collapse/structure/stress.h"

namespace platefall::collapse {

/// What lies still on each held piece, in kg: frozen rubble bears what lies on it, and passes that on with its own
/// weight, in equal parts, to all that bears it.
std::vector<double> rubble_on(const Fall& fall);

class StressBreaking {
public:
    /// Notes in `fall` how the building was reinforced: whoever designed it saw to it that at rest no bond of a
    /// structure of strength 1 uses more than a third of what it bears. The artist's multiplier comes on top: below a
    /// third the building begins to fail by itself.
    explicit StressBreaking(Fall& fall);

    /// One solve over all held clusters under gravity and `borne`, and over large moving ones under `borne` and their
    /// inertia: breaks the most overloaded bonds, and splits. What has been solved before and did not change is not
    /// solved again.
    void strain(const std::vector<Load>& borne);

    long iterations() const { return iterations_; }   ///< of all solves so far

private:
    void reinforce();

    /// What does not move in the solve: anchors, and one piece of every moving cluster, which is in equilibrium anyway.
    /// It stays the same one for as long as it can.
    std::vector<char> held_pieces();
    std::vector<BondLoad> solve(const std::vector<Load>& borne);

    Fall& fall_;
    StressSolver solver_;
    std::vector<char> pinned_;             ///< pieces that have been held for their moving clusters
    std::size_t broken_then_ = 0;          ///< bonds broken before the last solve
    bool loaded_ = true;                   ///< something rested on it then
    bool solved_ = false;
    long iterations_ = 0;
};

}  // namespace platefall::collapse
