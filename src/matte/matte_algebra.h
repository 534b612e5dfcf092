/// Putting mattes together. Inside a pixel that both cover in part, one is taken to lie as far under the
/// other as it can, as the edges of two mattes of one object do. So a matte united or intersected with itself
/// is itself, and subtracted from itself is nothing.
#pragma once

#include <platefall/image.h>

#include <string>
#include <vector>

namespace platefall::matte {

enum class MatteOperation {
    unite,     ///< max(a, b)
    intersect, ///< min(a, b)
    subtract,  ///< max(0, a - b)
    differ,    ///< |a - b|: in one of them, not in both
};

/// "union", "intersect", "subtract", "xor", in the order of the enumeration.
const std::vector<std::string>& matte_operations();

/// Throws std::logic_error for a name that is not one of them.
MatteOperation parse_matte_operation(const std::string& name);

/// `a` with `b`, both of one channel, mixed with `a` alone by `opacity`. The data window is that of both
/// together, or of `a` where nothing outside it can remain.
Image combine(Image a, const Image& b, MatteOperation operation, float opacity = 1.0f);

} // namespace platefall::matte
