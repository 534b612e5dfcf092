/// A colour correction of one layer: the slope, offset and power of the ASC CDL and its saturation, in this
/// order, without its clamps.
///
///     c' = sign(v) |v|^(1 / gamma)   with   v = c gain + offset
///     c'' = luma + saturation (c' - luma)   with   luma = 0.2126 R' + 0.7152 G' + 0.0722 B'
///
/// It acts on unpremultiplied colour: c is divided by alpha before and multiplied by it afterwards, where
/// that makes a difference. Where alpha is 0 (fire, glows) there is nothing to divide by: the colour is taken
/// as it is, and the offset has no effect.
#pragma once

#include "comp/row_planes.h"

#include <platefall/params.h>

#include <array>
#include <optional>

namespace platefall::comp {

struct Grade {
    std::array<float, 3> gain{1, 1, 1};
    std::array<float, 3> offset{0, 0, 0};
    float gamma = 1.0f;
    float saturation = 1.0f;

    bool operator==(const Grade&) const = default;

    /// The same for R, G and B, so that a luminance picture can stay one.
    bool is_grey() const;
};

/// gain, offset, gamma, saturation.
ParamSpecs grade_params();

/// Nothing when everything is at its fallback.
std::optional<Grade> read_grade(const Params& params);

void apply(const Grade& grade, const RowPlanes& planes, int colours, int count);

} // namespace platefall::comp
