#include "render/geometry/motion.h"

#include <Imath/ImathQuat.h>

#include <cmath>

namespace platefall::render {

DebrisPose moved(const DebrisPose& pose, float seconds)
{
    const V3 spin = to_v3(pose.spin), centre = to_v3(pose.centre) + to_v3(pose.velocity) * seconds;
    const float angle = spin.length() * seconds;
    DebrisPose result = pose;
    result.centre = {centre.x, centre.y, centre.z};
    if (std::abs(angle) > 1e-7f) {
        Imath::Quatf by;
        by.setAxisAngle(spin.normalized(), angle);
        const Imath::Quatf turn = by * Imath::Quatf(pose.turn.w, pose.turn.x, pose.turn.y, pose.turn.z);
        result.turn = {turn.r, turn.v.x, turn.v.y, turn.v.z};
    }
    return result;
}

V3 turned(const DebrisPose& pose, const V3& direction)
{
    return Imath::Quatf(pose.turn.w, pose.turn.x, pose.turn.y, pose.turn.z).rotateVector(direction);
}

}  // namespace platefall::render
