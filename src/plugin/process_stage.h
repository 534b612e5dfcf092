/// A stage that lives in another process, as the pipeline sees it.
#pragma once

#include "plugin/peer.h"

#include <platefall/stage.h>

#include <memory>

namespace platefall::plugin {

/// Asks the process what it is. `own` are parameters that are ours and not the process's, for the declaration; `fingerprint`
/// is what its code is known by. Throws Error naming the stage.
StageType process_stage(std::shared_ptr<Peer> peer, const ParamSpecs& own, std::string fingerprint);

}  // namespace platefall::plugin
