/// How much of a stage's layers was generated, where the stage does not say so itself.
#pragma once

#include <platefall/frame.h>

#include <string>
#include <vector>

namespace platefall::plugin {

/// Those of `writes` that need a weight, and whose weight is not among them: pictures, and not mattes or weights.
std::vector<std::string> layers_without_weight(const std::vector<std::string>& writes);

/// The weight of `after`, which takes the place of the frame's layer of that name, or else of the plate: 1 where a sample is
/// another (whoever wrote it may have made it up), what the weight was before where none is. A pixel beyond the data
/// window counts as zero, with alpha 1 in a picture that has no alpha.
Image weigh(const Frame& frame, const std::string& layer, const Image& after);

}  // namespace platefall::plugin
