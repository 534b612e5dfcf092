/// The stage `render`: debris, dust and shadows of a collapse, in the plate's light.
#pragma once

#include <platefall/stage.h>

namespace platefall::render {

StageType render_stage();

}  // namespace platefall::render
