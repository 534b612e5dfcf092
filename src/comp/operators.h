/// How one layer merges with what is below it.
///
/// A is the layer, premultiplied and already multiplied by its coverage m (matte x holdouts x opacity), a its
/// alpha. B, b is what is below. The first eight are Porter and Duff's (1984).
///
///     over        A + B (1-a)                               alpha  a + b (1-a)
///     under       B + A (1-b)                                      b + a (1-b)
///     in          A b                                              a b
///     out         A (1-b)                                          a (1-b)
///     atop        A b + B (1-a)                                    b
///     xor         A (1-b) + B (1-a)                                a (1-b) + b (1-a)
///     mask        B a                                              b a
///     stencil     B (1-a)                                          b (1-a)
///     plus        A + B                                            min(1, a + b)
///     multiply    A B + A (1-b) + B (1-a)                          a + b (1-a)
///     screen      A + B (1-A); max(A, B) where either is above 1   a + b (1-a)
///     max         max(A b, B a) + A (1-b) + B (1-a)                a + b (1-a)
///     min         min(A b, B a) + A (1-b) + B (1-a)                a + b (1-a)
///     difference  |A b - B a| + A (1-b) + B (1-a)                  a + b (1-a)
///     copy        A + B (1-m)                                      a + b (1-m)
///
/// Between two opaque pictures multiply is A B, max is max(A, B), and so on; where a layer is transparent
/// what is below stays. Wherever A and a are zero, every operator but in, out and mask gives back the very
/// bits of B, negative values and the sign of zero included.
///
/// The generated weight of the first eight and of copy goes through the same formulas. Those from plus to
/// difference make a pixel of both: plus adds the weights, the others join them as g + h (1-g). They can also
/// leave a pixel as it is (adding 0, multiplying by 1); there the layer does not count.
#pragma once

#include "comp/row_planes.h"

#include <string>
#include <vector>

namespace platefall::comp {

enum class Operator {
    over,
    under,
    in,
    out,
    atop,
    exclusive, ///< "xor", which C++ keeps for itself
    mask,
    stencil,
    plus,
    multiply,
    screen,
    max,
    min,
    difference,
    copy,
};

/// Their names, in the order of the enumeration.
const std::vector<std::string>& operator_names();

/// Throws std::logic_error for a name that is not one of them.
Operator parse_operator(const std::string& name);

/// Whether what is below remains where the layer has no pixels. (in, out and mask leave nothing.)
bool keeps_below(Operator op);

/// Whether the layer can show where there is nothing below. (in, atop, mask and stencil cannot.)
bool reaches_outside(Operator op);

/// Merges `count` pixels of a layer into what is below.
void merge_pixels(Operator op, const RowPlanes& layer, const RowPlanes& below, int colours, int count);

/// What becomes of a share of the pixels, premultiplied, by the formulas of the generated weight. `own` is the
/// layer's share of itself; `alpha_below` as it was before the merge.
void merge_share(Operator op, const float* own, const RowPlanes& layer, const float* alpha_below, float* share,
                 int count);

} // namespace platefall::comp
