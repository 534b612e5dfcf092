/// One layer of the list at one frame: its picture, masks and channels found, so that rows can be taken from
/// it without looking anything up.
#pragma once

#include "comp/layer_settings.h"
#include "comp/plate_look.h"
#include "comp/row_planes.h"

#include <platefall/frame.h>

#include <array>
#include <memory>
#include <vector>

namespace platefall::comp {

/// A matte or a holdout.
struct Mask {
    const Image* image = nullptr;
    int channel = -1; ///< -1: solid inside the data window
    bool inverted = false;
};

/// How much of a layer was generated.
struct Weight {
    float number = 1.0f; ///< where there is no image
    const Image* image = nullptr;
    int channel = 0;
    bool premultiplied = false; ///< the image holds weight x alpha
};

struct LayerRows {
    std::unique_ptr<Image> moved; ///< the picture, where it is not the frame's own
    const Image* image = nullptr;
    std::array<int, 3> colour{-1, -1, -1}; ///< -1: black
    int alpha = -1;                        ///< -1: solid inside the data window
    bool is_luminance = false;
    std::vector<Mask> masks;
    float opacity = 1.0f;
    const Grade* grade = nullptr;
    Weight weight;
    Operator op = Operator::over;
    Window window; ///< where it can be anything but transparent black
};

/// `limit` is where a moved picture is cut off. The settings and the frame must outlive the result. Throws
/// Error when the layer has no colour, or when it or a mask is not of the plate's size.
LayerRows find_layer(const LayerSettings& settings, const PlateLook& look, Frame& frame, const Window& limit);

/// The pixels x0 <= x < x1 of a row, which must lie inside `layer.window`: graded, multiplied by its
/// coverage, with the generated weight.
void load(const LayerRows& layer, int y, int x0, int x1, const RowPlanes& to, int colours);

} // namespace platefall::comp
