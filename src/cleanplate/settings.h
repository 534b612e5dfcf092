/// What the manifest says of a clean plate.
#pragma once

#include "cleanplate/hole.h"
#include "cleanplate/prior.h"
#include "shot/sequence_path.h"

#include <platefall/stage.h>

#include <cstdint>
#include <optional>
#include <string>

namespace platefall::cleanplate {

enum class Method { automatic, propagate, patch };

struct Settings {
    std::string name;                        ///< the layer that is written
    HoleSettings hole;
    std::vector<std::string> regions;        ///< layers, front to back; none: the picture is one
    Method method = Method::automatic;
    double feather_px = 0;                   ///< pixels of this render
    float grain = 1;
    bool use_camera = true;
    std::optional<SequencePath> depth;
    std::optional<Prior> prior;
    std::uint64_t seed = 0;
    std::vector<LayerUse::Read> reads;
};

ParamSpecs cleanplate_params();

/// Throws Error.
Settings read_settings(const Params& params, const ShotInfo& shot);

}  // namespace platefall::cleanplate
