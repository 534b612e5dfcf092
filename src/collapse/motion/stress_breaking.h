/// What stands breaks where it is overloaded.
#pragma once

#include "collapse/motion/fall.h"
#include "collapse/structure/stress.h"

namespace platefall::collapse {

class StressBreaking {
public:
    explicit StressBreaking(const Structure& structure);

    /// One solve over all held clusters, under gravity and `borne`: breaks the most overloaded bonds, and splits. What has
    /// been solved before and did not change is not solved again.
    void strain(Fall& fall, const std::vector<Load>& borne);

    long iterations() const { return iterations_; }   ///< of all solves so far

private:
    StressSolver solver_;
    std::size_t broken_then_ = 0;          ///< bonds broken before the last solve
    bool loaded_ = true;                   ///< something rested on it then
    bool solved_ = false;
    long iterations_ = 0;
};

}  // namespace platefall::collapse
