#include "collapse/dust/flux.h"

#include <cmath>

namespace platefall::collapse::dust {
namespace {

inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

}  // namespace

void limited_flux(float* __restrict flux, const float* __restrict courant, const Around& cells, int count)
{
    const float* two_before = cells.two_before;
    const float* before = cells.before.dust;
    const float* after = cells.after.dust;
    const float* two_after = cells.two_after;
    const float* room_before = cells.before.room;
    const float* room_after = cells.after.room;
    for (int i = 0; i < count; ++i) {
        const bool forward = courant[i] >= 0;
        const float up = forward ? before[i] : after[i];
        const float down = forward ? after[i] : before[i];
        const float behind = forward ? two_before[i] : two_after[i];
        const float room = forward ? room_before[i] : room_after[i];
        const float c = std::fabs(courant[i]);
        const float ahead = down - up, slope = up - behind;
        const float wanted = (1 - c) * (1.0f / 6.0f) * ((2 - c) * ahead + (1 + c) * slope);
        const float size = smaller(smaller(std::fabs(wanted), std::fabs(ahead)), std::fabs(slope) * room);
        const float more = ahead * slope > 0 ? std::copysign(size, ahead) : 0.0f;
        flux[i] = courant[i] * (up + more);
    }
}

}  // namespace platefall::collapse::dust
