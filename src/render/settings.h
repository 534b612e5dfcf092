/// What the manifest says of how a collapse is rendered.
#pragma once

#include "render/light/daylight.h"
#include "shot/sequence_path.h"

#include <platefall/stage.h>

#include <optional>
#include <string>
#include <vector>

namespace platefall::render {

/// Layers that are only made when they are asked for.
enum class Aov { depth, normal, velocity, albedo, direct, sky, dust_depth, dust_density, dust_front, crypto_piece, crypto_element };

struct Settings {
    DaylightSettings light;
    int freeze = 0;                          ///< frame whose plate becomes the skin of the pieces
    std::string matte;                       ///< the layer of the building's matte; "" without one
    std::vector<std::string> foreground;     ///< layers of mattes
    double shutter_deg = 180;
    int samples = 8, dust_samples = 2, shadow_samples = 4;
    int overscan_px = 0;                     ///< pixels of this render
    double dust_extinction = 1, dust_detail = 1;
    Colour dust_albedo{0.93f, 0.92f, 0.90f};
    std::vector<Aov> aovs;
    std::optional<SequencePath> deep;
    std::uint64_t seed = 0;
    std::vector<LayerUse::Read> reads;

    bool wants(Aov aov) const;
    double shutter_frames() const { return shutter_deg / 360; }
};

/// "depth", "normal", ...: the layer's name.
std::string_view name_of(Aov aov);

ParamSpecs render_params();

/// Throws Error.
Settings read_settings(const Params& params, const ShotInfo& shot);

}  // namespace platefall::render
