/// The light of a shot: where the sun stands, what the air does to it, and how bright that is in the plate.
#pragma once

#include "render/geometry/view.h"
#include "render/light/light.h"

#include <platefall/image.h>

#include <array>
#include <filesystem>
#include <optional>

namespace platefall::render {

/// Three pixels of the plate that tell where the sun stands: the top of something upright, its foot on the ground, and the
/// tip of its shadow on the ground.
struct SunMarks {
    V2 top, foot, tip;
};

struct DaylightSettings {
    float sun_azimuth_deg = 0;        ///< where the sun stands, seen from above: 0 is +x, 90 is +z
    float sun_height_deg = 45;
    std::optional<SunMarks> sun_marks;   ///< instead of the two
    float sun_angle_deg = 0.53f;      ///< across its disc
    float turbidity = 3;
    Colour sun_gain{1}, sky_gain{1};
    Colour ground_albedo{0.2f};
    std::optional<std::filesystem::path> hdri;   ///< lat-long sky instead of the clear one
    float hdri_turn_deg = 0;
    std::optional<std::array<V2, 2>> marked_shadow;   ///< pixels on level grey ground: in the sun, and in a shadow
    float facade_albedo = 0.35f;      ///< of the walls that the sun shines on: sets how bright the light is
    std::optional<float> light_level; ///< instead: luminance of a white surface that faces the sun, in the plate's units
};

/// Sun and sky in units of their own. `to_working` turns linear Rec. 709 into the working space. `hdri` (R G B over a
/// lat-long window) takes the sky's place; with `plate` the marked shadow, on ground that is taken for grey, tells how bright
/// sun and sky are against each other and which colours they have. Throws Error when the mark lies outside the plate or is not darker than the light beside it.
Light daylight(const DaylightSettings& settings, const V3& to_sun,
               const std::function<Colour(const Colour&)>& to_working, const Image* hdri, const Image* plate);

/// Direction to the sun by its marks on level ground of this height, through the camera of the plate. Throws Error for a foot
/// or tip that is not seen on the ground, a top that is not above its foot, and a tip on the foot.
V3 sun_direction(const SunMarks& marks, const View& view, float ground_m);

/// All of it times `factor`.
Light scaled(const Light& light, float factor);

/// A unit direction of an azimuth and a height in degrees.
V3 direction_of(float azimuth_deg, float height_deg);

}  // namespace platefall::render
