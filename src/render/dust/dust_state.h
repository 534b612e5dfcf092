/// What a DustVolume knows.
#pragma once

#include "render/dust/billows.h"
#include "render/dust/bricks.h"
#include "render/dust/lighting.h"

#include <optional>

namespace platefall::render {

struct DustVolume::State {
    DustLook look;
    V3 to_sun;
    Colour sun{0};
    float shutter_s = 0;
    dust::Octaves octaves;
    dust::Grid<float> extinction;             ///< 1/m
    dust::Grid<dust::Block> blocks;
    dust::Bricks bricks;
    std::optional<dust::Billows> billows;     ///< none without detail

    State(const DustFrame& frame, const DustLook& look, const Light& light, float shutter_s,
          const std::function<bool(const V3& at)>& sun_blocked);
};

}  // namespace platefall::render
