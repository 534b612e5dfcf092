/// From a whole shot to what every frame of it is made from.
#pragma once

#include "cleanplate/prepared.h"
#include "cleanplate/settings.h"

#include <platefall/stage.h>

namespace platefall::cleanplate {

/// R G B of a plate, or its Y three times, on its windows. Throws Error when it has neither.
Image colours_of(const Image& plate);

/// Registers all frames, puts together what other frames saw and makes up the rest. Throws Error when the mattes leave
/// nothing to work from.
Prepared prepare_shot(const PrepareContext& context, const Settings& settings);

}  // namespace platefall::cleanplate
