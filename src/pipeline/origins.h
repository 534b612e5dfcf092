/// Where the pixels of a result came from.
#pragma once

#include "pipeline/plan.h"

namespace platefall {

/// Shares of the plate's area, 0..1; together 1.
struct Origins {
    double photographed = 1;   ///< in this frame
    double moved = 0;          ///< photographed in other frames
    double synthesised = 0;    ///< made up: no frame showed it
    double simulated = 0;      ///< debris and dust
    double brought = 0;        ///< everything else that the manifest laid over it: elements, plug-ins
};

/// Of the result as it stands in the frame, before the layers that it was made from are let go of. Goes by the layer
/// `generated` of the result, by the alpha of what stages that give or take a simulation wrote, and by what other layers know of
/// themselves. Layers that `comp` moved are taken from where they were.
Origins measure_origins(const Plan& plan, const Frame& frame);

/// "photographed 0.7312, moved 0.0521, synthesised 0.0104, simulated 0.2063, brought 0.0000"
std::string describe(const Origins& origins);

}  // namespace platefall
