/// What makes the building fail: charges, and the guide's deadlines.
#pragma once

#include "collapse/motion/fall.h"

#include <vector>

namespace platefall::collapse {

class Charges {
public:
    explicit Charges(const Failure& failure);

    /// Everything that is due by the fall's time, in order of time, then as listed.
    void fire(Fall& fall);

private:
    std::vector<Charge> charges_;
    std::vector<StoreyDeadline> deadlines_;
    std::size_t fired_ = 0, passed_ = 0;
    enum class HingeState { holds, cut, gone } hinge_ = HingeState::gone;
    double hinge_cut_s_ = 0, hinge_goes_s_ = 0;
};

}  // namespace platefall::collapse
