/// Reads a sequence as a layer of the frame: a CG render, a clean plate, anything that is already on disk.
#pragma once

#include <platefall/stage.h>

namespace platefall::read {

/// The stage behind [layer.NAME]. It writes the layer NAME and, unless all of it counts as generated,
/// "generated.NAME": one channel on the same data window that says how much of it does.
StageType read_stage();

} // namespace platefall::read
