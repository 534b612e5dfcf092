#include "pipeline/builtin_stages.h"

#include "cleanplate/cleanplate_stage.h"
#include "collapse/collapse_stage.h"
#include "comp/comp_stage.h"
#include "matte/matte_stage.h"
#include "read/read_stage.h"
#include "render/render_stage.h"

namespace platefall {

void add_builtin_stages(StageRegistry& stages)
{
    stages.add(read::read_stage());
    stages.add(matte::matte_stage());
    stages.add(cleanplate::cleanplate_stage());
    stages.add(collapse::collapse_stage());
    stages.add(render::render_stage());
    stages.add(comp::comp_stage());
}

}  // namespace platefall
