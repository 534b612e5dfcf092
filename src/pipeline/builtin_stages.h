/// The stages that come with platefall.
#pragma once

#include <platefall/stage.h>

namespace platefall {

void add_builtin_stages(StageRegistry& stages);

}  // namespace platefall
