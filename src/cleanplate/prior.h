/// A neural model's picture of what no frame saw, which the patches are brought to.
#pragma once

#include "model/inpaint.h"

#include <platefall/stage.h>

#include <optional>
#include <string>
#include <vector>

namespace platefall::cleanplate {

struct Prior {
    std::vector<std::filesystem::path> files;   ///< the model's
    model::Painter painter;
};

/// Declares prior and prior_tensors.
ParamSpecs prior_params();

/// Opens the model; nothing when the manifest names none. Throws Error when it cannot be used. `seed` is of its noise.
std::optional<Prior> read_prior(const Params& params, std::uint64_t seed);

}  // namespace platefall::cleanplate
