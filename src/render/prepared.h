/// What rendering knows of a shot before the first frame.
#pragma once

#include "render/aov/cryptomatte.h"
#include "render/geometry/chip_mesh.h"
#include "render/settings.h"
#include "render/surface/debris_look.h"
#include "render/surface/rest.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace platefall::render {

/// Of the frame whose plate becomes the skin: plate, and where something stands in front of the building.
struct FreezeFrame {
    Image plate;
    std::optional<Image> hidden;
};

/// The folders that a collapse left; chips and dust may be absent.
struct CollapseFolders {
    std::filesystem::path motion;
    std::optional<std::filesystem::path> chips, dust;
};

/// Constant once it is made. Not moved: its parts refer to each other.
class PreparedShot {
public:
    /// Throws Error: a freeze frame at which the building has already moved, a plate without R G B, a mark outside it.
    PreparedShot(const Settings& settings, const ShotInfo& shot, const CollapseFolders& folders,
                 const FreezeFrame& freeze);
    PreparedShot(const PreparedShot&) = delete;
    PreparedShot& operator=(const PreparedShot&) = delete;

    /// Pieces and chips at an index of the collapse. Nothing has moved yet: nothing to render but dust.
    DebrisNow debris_at(int index) const;
    DustFrame dust_at(int index) const;

    TraceScene trace(const Mesh& triangles) const { return {device_, triangles}; }
    const Illumination& at_rest() const { return *at_rest_; }

    /// Of pieces and of all chips.
    std::size_t most_triangles() const { return mesh.at_rest().triangles.size() + chips.size() * kTrianglesPerChip; }

    CollapseSet set;
    CollapseFolders folders;
    Debris debris;
    Chips chips;
    DebrisMesh mesh;
    Mesh set_triangles;
    TraceDevice device_;
    RestScenes rest;
    Light light;
    std::optional<PlateTexture> skin;
    std::optional<DebrisLook> look;
    MatteNames piece_names, element_names;
    float shutter_s = 0;

private:
    std::optional<Illumination> at_rest_;
};

}  // namespace platefall::render
