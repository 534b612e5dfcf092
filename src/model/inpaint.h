/// Lets a model fill the holes of a picture of any size, in scene-linear light.
#pragma once

#include "model/encoding.h"
#include "model/model.h"
#include "model/views.h"

#include <platefall/params.h>

#include <optional>

namespace platefall::model {

struct Painter {
    Model model;
    EncodingKind encoding = EncodingKind::srgb;
    std::optional<double> exposure_stops;
    ViewSettings views;
    double context = 0.5;   ///< of a hole's size, shown on each side of it
};

/// All that a manifest may say of a model: binding_params() and encoding, exposure, fit, size, divisor, overlap, context.
ParamSpecs painter_params();

/// Reads those. Throws Error as bind() does. `seed` is of the noise, for models that take some.
Painter make_painter(std::shared_ptr<const Session> session, const Params& params, std::uint64_t seed);

struct Painted {
    Image picture;
    double coarseness = 1;   ///< how many pixels a pixel of the model stood for, where that was most
};

/// `picture`: R G B; `hole`: one channel on the same window, above 0 where pixels are to be made; `blank`: the same for
/// pixels that show nothing to go by, those of the hole among them. Returns the picture with its hole pixels made by
/// the model; all others are the same bits. The result does not depend on the number of threads.
Painted inpaint(const Painter& painter, const Image& picture, const Image& hole, const Image& blank);

/// The memory that inpaint() needs at its peak for a picture of this size beside it, about.
std::size_t scratch_bytes(const Painter& painter, const Window& picture);

}  // namespace platefall::model
