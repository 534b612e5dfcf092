/// What the tensors of a model mean: declared in the manifest, or read off their shapes.
#pragma once

#include "model/session.h"

#include <platefall/params.h>

#include <array>
#include <optional>
#include <string>

namespace platefall::model {

/// Numbers that stand for black and white.
struct Range {
    float black = 0, white = 1;
};

struct Binding {
    std::string plate, output;   ///< names of an input and an output
    std::string matte, noise;    ///< names of inputs; "" when there are none
    bool is_nhwc = false;        ///< channels run fastest, and not columns
    bool is_bgr = false;
    bool is_joined = false;      ///< the plate's tensor has the matte as a fourth channel
    bool matte_first = false;    ///< of the joined ones
    bool zero_hole = false;      ///< covered pixels of the plate are the number 0
    Range plate_range, output_range;
    std::array<float, 2> matte_values{0, 1};   ///< where nothing is covered, and in the hole
    std::optional<int> width, height;          ///< when the model takes only that
    int matte_channels = 1;
    Dims noise_dims;
};

/// Declares plate_input, matte_input, noise_input, output, layout, channels, joined, range, output_range,
/// matte_values, covered.
ParamSpecs binding_params();

/// Reads those, and finds out the rest from the model. Throws Error that names what the model has when it lacks a
/// tensor, or when one is left that nothing feeds.
Binding bind(const Session& session, const Params& params);

}  // namespace platefall::model
