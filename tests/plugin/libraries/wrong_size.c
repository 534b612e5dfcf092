/* Says that its stage is shorter than a stage is. */
#include <platefall/stage_abi.h>

static const pf_stage kStage = {.size = 8, .summary = "Lies."};

PF_ENTRY(void)
{
    return &kStage;
}
