/// Dust in the light of sun and sky, along rays.
#pragma once

#include "render/light/light.h"
#include "render/vectors.h"
#include "scene/dust_frame.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace platefall::render {

struct DustLook {
    Colour albedo{0.93f, 0.92f, 0.90f};
    float anisotropy = 0.6f;          ///< g of Henyey and Greenstein's phase function
    float extinction_m2_kg = 15;      ///< by a kilogram of fine dust a square metre, 40 um wide; coarse dust hides a fifth
    float detail = 1;                 ///< strength of structure finer than the cells
    std::uint64_t seed = 0;
    float time_s = 0;                 ///< of the frame, since any moment of the shot: detail lives and travels with it
    float step = 1;                   ///< of a ray, as a part of what is usual: less is slower, and less noise
};

/// What a ray meets. Premultiplied.
struct DustAlong {
    Colour light{0};
    float transmittance = 1;
    float depth = 0;                  ///< mean distance along the ray of what is seen of it; 0 where there is none
};

/// A slice of a ray, as deep images hold it.
struct DustSlice {
    float front, back;                ///< distances along the ray
    Colour light;
    float alpha;
};

class DustVolume {
public:
    /// `sun_blocked` says whether something solid stands between a place and the sun; may be empty. `shutter_s` is how long
    /// the shutter is open; the frame's moment is in the middle of it. All threads are used.
    DustVolume(const DustFrame& frame, const DustLook& look, const Light& light, float shutter_s,
               const std::function<bool(const V3& at)>& sun_blocked);
    ~DustVolume();
    DustVolume(DustVolume&&) noexcept;
    DustVolume& operator=(DustVolume&&) noexcept;

    bool is_clear() const;

    /// Of the sun's light, what reaches a place through the dust; 1 where no dust is in the way, outside the box too.
    float sun_transmittance(const V3& at) const;

    /// Of the sky's light, about what reaches a place through the dust.
    float sky_transmittance(const V3& at) const;

    /// Whether the ray passes the box of the dust at all.
    bool may_meet(const Ray& ray) const;

    /// Light and transmittance between ray.near and ray.far. `jitter` in [0, 1) shifts the steps.
    DustAlong along(const Ray& ray, float jitter) const;

    /// The same as slices, front to back.
    std::vector<DustSlice> slices(const Ray& ray, float jitter) const;

    struct State;

private:
    std::unique_ptr<const State> state_;      ///< none where the air is clear
};

}  // namespace platefall::render
