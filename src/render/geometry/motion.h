/// Rigid motion within a shutter.
#pragma once

#include "render/vectors.h"
#include "scene/debris.h"

namespace platefall::render {

/// A pose some seconds later: along its velocity, about its spin.
DebrisPose moved(const DebrisPose& pose, float seconds);

/// A direction at rest, as the pose has turned it.
V3 turned(const DebrisPose& pose, const V3& direction);

}  // namespace platefall::render
