/// A ray's way through the dust, piece by piece.
#pragma once

#include "render/dust/dust_state.h"

#include <cmath>

namespace platefall::render::dust {

/// A piece of a ray that counts as even.
struct Segment {
    float from, to;                   ///< distances along the ray
    Colour source;                    ///< how bright it would be were it opaque
    float transmittance;
};

/// Dust as one ray sees it.
class RayThrough {
public:
    RayThrough(const DustVolume::State& state, const Ray& ray)
        : state_(state), ray_(ray), metre_(ray.direction.length()), age_s_((ray.time - 0.5f) * state.shutter_s),
          origin_(state.extinction.box.in_grid(ray.origin)), direction_(ray.direction / state.extinction.box.cell_m)
    {
        sunlight_ = state.octaves.turned(ray.direction.dot(state.to_sun) / metre_);
        for (int c = 0; c < 3; ++c)
            sunlight_[static_cast<std::size_t>(c)] *= state.sun[c];
    }

    /// Calls use(segment) front to back until it says no. Each brick is cut into pieces that are short where it is dense;
    /// `jitter` in [0, 1) says where in its piece the dust is read, so that what it reads is right on average.
    template <class Use> void march(float jitter, const Use& use) const
    {
        float left = 1;
        state_.bricks.along(origin_, direction_, ray_.near, ray_.far, [&](float from, float to, float most) {
            const int pieces = static_cast<int>(std::ceil((to - from) * metre_ / step_m(most)));
            const float piece = (to - from) / static_cast<float>(pieces);
            for (int i = 0; i < pieces; ++i) {
                const float begin = from + piece * static_cast<float>(i);
                Segment segment{begin, begin + piece, Colour(0), 1};
                if (!read(begin + piece * jitter, left, segment))
                    continue;
                left *= segment.transmittance;
                if (!use(segment))
                    return false;
            }
            return true;
        });
    }

private:
    float step_m(float most) const
    {
        const float cell_m = state_.extinction.box.cell_m, step = state_.look.step;
        return step * std::clamp(0.3f / most, 0.5f * cell_m, 1.2f * cell_m);
    }

    /// `left` of the light from there reaches the ray's origin. False where there is no dust.
    bool read(float distance, float left, Segment& segment) const;

    const DustVolume::State& state_;
    const Ray& ray_;
    float metre_, age_s_;
    V3 origin_, direction_;           ///< in the grid of cells
    std::array<Four, 3> sunlight_;    ///< R, G, B of the octaves
};

}  // namespace platefall::render::dust
