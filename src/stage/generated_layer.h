/// How much of a layer was generated is a layer of its own.
#pragma once

#include <string>

namespace platefall {

/// "generated" of "comp", "generated.clean" of "clean".
inline std::string generated_layer(const std::string& layer)
{
    return layer == "comp" ? "generated" : "generated." + layer;
}

}  // namespace platefall
