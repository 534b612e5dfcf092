/// What preparation leaves on disk, and what every frame is then made from.
#pragma once

#include "cleanplate/canvas.h"
#include "grain/grain.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace platefall::cleanplate {

using grain::NoiseModel;

/// Where one region of a frame comes from; the only one where the picture is not divided into regions.
struct PreparedRegion {
    std::size_t region = 0;
    std::size_t canvas = 0;
    ViewMap frame_from_canvas;
    bool is_lost = false;             ///< nothing is known of what is in the hole or around it
};

struct PreparedFrame {
    std::vector<PreparedRegion> regions;
    std::vector<std::string> notes;   ///< for the user
    Mask hole;                        ///< united over time; empty: nothing to do
};

struct Prepared {
    std::vector<Canvas> canvases;
    std::map<int, PreparedFrame> frames;
    NoiseModel noise;
};

/// A folder of EXR files and JSON.
void save(const Prepared& prepared, const std::filesystem::path& folder);

/// Throws Error when the folder is not one that save() wrote.
Prepared load_prepared(const std::filesystem::path& folder);

}  // namespace platefall::cleanplate
