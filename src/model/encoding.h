/// Scene-linear light for models that live in 0..1, and back: nothing above 1.0 is lost on the way.
#pragma once

#include <platefall/image.h>

#include <optional>
#include <string>

namespace platefall::model {

enum class EncodingKind { srgb, log, linear };

EncodingKind encoding_of(const std::string& name);   ///< "srgb", "log" or "linear"

/// What a picture needs to be told to a model.
struct Light {
    float gain = 1;    ///< on linear light: brings the picture to where photographs are
    float white = 4;   ///< the brightest linear light that is told apart, after the gain: a power of two, 4 or more
};

/// Measured on R G B inside `part`, where `blank` (one channel on the same window) is 0: the mean of log2 of the
/// brightness is brought to 0.18, unless `exposure_stops` says by how much to go up, and white is no less than the
/// brightest sample.
Light measure_light(const Image& picture, const Image& blank, const Window& part, std::optional<double> exposure_stops);

/// A monotonous curve and its inverse, channel by channel. Negative light counts as none. With x = linear * gain:
///
///     srgb    the sRGB curve (IEC 61966-2-1) up to x = 0.5, where photographs have most of what they show; above it a
///             shoulder s + c ln(1 + (x - 0.5) s' / c), s and s' the curve and its slope there, c such that
///             white comes to 1
///     log     log2(x / eps + 1), eps = 2^-8, divided by what it is at white
///     linear  x itself, which may be any number
class Encoding {
public:
    Encoding(EncodingKind kind, const Light& light);

    float encode(float linear) const;

    /// Of encode(x) it is x, to within 1e-4 of it, up to white. What is outside 0..1 counts as 0 or 1, except for
    /// `linear`. NaN stays NaN.
    float decode(float code) const;

private:
    EncodingKind kind_;
    Light light_;
    float shoulder_ = 1;   ///< c
};

}  // namespace platefall::model
