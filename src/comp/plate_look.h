/// What a plate looks like, as far as something new must look the same.
#pragma once

#include "comp/edge_softness.h"
#include "grain/grain.h"

#include <platefall/frame.h>

#include <array>
#include <filesystem>
#include <vector>

namespace platefall::comp {

using Colour = std::array<float, 3>;

/// Lengths in pixels of this render; colours scene-linear in the working space.
struct PlateLook {
    grain::NoiseModel noise{};
    double softness_px = 0; ///< standard deviation of the lens' blur; 0 when no edge could be measured
    Colour black{};
    Colour horizon{};
};

/// Looks at a few frames of a shot, in the same order for the same result.
class LookMeter {
public:
    void add(const Frame& frame);
    PlateLook fit() const;

private:
    grain::NoiseMeter noise_;
    EdgeMeter edges_;
    std::vector<Colour> blacks_, horizons_;
};

/// A folder of JSON files. load_look throws Error when it is not one.
void save_look(const PlateLook& look, const std::filesystem::path& folder);
PlateLook load_look(const std::filesystem::path& folder);

/// The darkest that a picture shows: one part in 500 of its area, in cells of 4 x 4 pixels, in which noise has a
/// quarter of its deviation, is below it. Never negative.
Colour black_level(const Image& plate);

/// The colour that things far away go towards: of the sky (what is flat from the top of the picture down) the
/// part nearest to the horizon, and of a plate without sky a band around the horizon. `horizon_y` is the row,
/// which may lie outside the picture.
Colour horizon_colour(const Image& plate, double horizon_y);

/// The row of the horizon; without a camera the middle of the display window.
double horizon_row(const Frame& frame);

} // namespace platefall::comp
