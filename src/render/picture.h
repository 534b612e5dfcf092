/// What the camera sees of debris and dust in one frame, before it is put together.
#pragma once

#include "render/aov/cryptomatte.h"
#include "render/geometry/view.h"
#include "render/light/illumination.h"
#include "render/surface/debris_look.h"

#include <platefall/image.h>

#include <optional>

namespace platefall::render {

/// A frame as it is traced. References must outlive the call.
struct Moment {
    const View& view;
    const RestScenes& rest;
    const TraceScene& debris;         ///< pieces and chips, in motion
    const DebrisNow& now;
    const DebrisLook& look;
    const Illumination& illumination; ///< now
    const Illumination& at_rest;      ///< before anything moved
    const DustVolume* dust = nullptr;
};

struct PictureSettings {
    int samples = 8;                  ///< a pixel, of hard surfaces
    int dust_samples = 2;             ///< rays a pixel through the dust; at most `samples`
    std::uint64_t seed = 0;
    int frame = 0;
    float shutter_frames = 0.5f;
};

/// Light of debris is kept apart from what it falls on until its noise is taken out. Premultiplied by coverage where not
/// said otherwise.
struct Picture {
    Image direct;                     ///< R G B A: material in sunlight, and the coverage of all debris
    Image albedo;                     ///< R G B: of material
    Image skin;                       ///< R G B: the plate on the pieces, as it was lit at rest
    Image skin_sun;                   ///< R G B r g b: sunlight on it now, and at rest (irradiance, not premultiplied)
    Image skylight;                   ///< R G B r g b: all other light now, and at rest (irradiance, not premultiplied)
    Image normal;                     ///< X Y Z, in the world (not premultiplied)
    Image depth;                      ///< Z: of debris along the camera's axis, m; 1e10: none (not premultiplied)
    Image velocity;                   ///< X Y: how debris moves in the picture, px a frame, y down (not premultiplied)
    Image fallen;                     ///< A: of the building's picture, how much is gone; W: how much was seen of it at all
    Image dust;                       ///< R G B A
    Image dust_depth;                 ///< Z: mean depth of dust, m; 1e10: none
};

/// Mattes of what is seen, filled on request.
struct PictureMattes {
    Cryptomatte* pieces = nullptr;
    const MatteNames* piece_names = nullptr;
    Cryptomatte* elements = nullptr;
    const MatteNames* element_names = nullptr;
};

/// Every pixel of `data`, in samples spread over pixel, shutter, sun and sky. The samples of a pixel depend on nothing but
/// its place, the frame and the seed.
Picture take_picture(const Moment& moment, const PictureSettings& settings, const Window& data, const Window& display,
                     const PictureMattes& mattes);

}  // namespace platefall::render
