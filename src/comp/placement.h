/// Moving a layer's picture: a two-dimensional transform, then a lens's distortion.
#pragma once

#include "image/warp.h"
#include "shot/sequence_path.h"

#include <platefall/frame.h>
#include <platefall/params.h>

#include <array>
#include <optional>
#include <string>

namespace platefall::comp {

/// Lengths in full-resolution pixels, y down. The picture is scaled and then turned about its pivot, then
/// moved; after that an STMap, whose R and G say for every pixel where it comes from, distorts it.
struct Placement {
    std::array<double, 2> translate_px{0, 0};
    double rotate_deg = 0.0; ///< counter-clockwise as one sees it
    std::array<double, 2> scale{1, 1};
    std::optional<std::array<double, 2>> pivot_px{}; ///< in the display window; its middle if absent
    Reconstruction filter = Reconstruction::cubic;
    std::optional<SequencePath> stmap{};

    bool moves() const; ///< the transform is not the identity
    bool changes() const { return moves() || stmap.has_value(); }
};

/// translate_px, rotate_deg, scale, pivot_px, filter, stmap.
ParamSpecs placement_params();
Placement read_placement(const Params& params, Faults& faults);

/// In pixels of this render.
Affine transform_of(const Placement& placement, const Window& display, const ShotInfo& shot);

/// The moved picture, clipped to `limit` unless an STMap sets the window. What reading the map has to say
/// goes into the frame's warnings. `filter` may differ from the placement's, for channels that must not be
/// mixed.
Image placed(const Image& picture, const Placement& placement, Reconstruction filter, const Window& limit,
             const std::string& layer, Frame& frame);

} // namespace platefall::comp
