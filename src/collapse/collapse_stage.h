/// The stage `collapse`: a building that breaks, falls and fills the street with dust.
#pragma once

#include <platefall/stage.h>

namespace platefall::collapse {

StageType collapse_stage();

}  // namespace platefall::collapse
