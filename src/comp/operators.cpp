#include "comp/operators.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace platefall::comp {
namespace {

/// x + y, except that adding nothing keeps even the sign of a zero: -0 + y is y, whatever y is.
inline float add(float x, float y)
{
    const float addend = x == 0.0f ? -0.0f : x;
    return addend + y;
}

/// What of each picture shows where the other one is not; the part common to the blends.
inline float both_outsides(float inside, float A, float a, float B, float b)
{
    return add(inside + A * (1.0f - b), B * (1.0f - a));
}

inline float over_alpha(float a, float b)
{
    return add(a, b * (1.0f - a));
}

// One struct an operator. `kBlend`: it can leave a pixel as it is although the layer is not transparent
// there.
struct Over {
    static constexpr bool kBlend = false;
    static float colour(float A, float a, float B, float, float) { return add(A, B * (1.0f - a)); }
    static float alpha(float a, float b, float) { return over_alpha(a, b); }
};

struct Under {
    static constexpr bool kBlend = false;
    static float colour(float A, float, float B, float b, float) { return add(A * (1.0f - b), B); }
    static float alpha(float a, float b, float) { return add(a * (1.0f - b), b); }
};

struct In {
    static constexpr bool kBlend = false;
    static float colour(float A, float, float, float b, float) { return A * b; }
    static float alpha(float a, float b, float) { return a * b; }
};

struct Out {
    static constexpr bool kBlend = false;
    static float colour(float A, float, float, float b, float) { return A * (1.0f - b); }
    static float alpha(float a, float b, float) { return a * (1.0f - b); }
};

struct Atop {
    static constexpr bool kBlend = false;
    static float colour(float A, float a, float B, float b, float) { return add(A * b, B * (1.0f - a)); }
    static float alpha(float, float b, float) { return b; }
};

struct Exclusive {
    static constexpr bool kBlend = false;
    static float colour(float A, float a, float B, float b, float)
    {
        return add(A * (1.0f - b), B * (1.0f - a));
    }
    static float alpha(float a, float b, float) { return add(a * (1.0f - b), b * (1.0f - a)); }
};

struct Mask {
    static constexpr bool kBlend = false;
    static float colour(float, float a, float B, float, float) { return B * a; }
    static float alpha(float a, float b, float) { return b * a; }
};

struct Stencil {
    static constexpr bool kBlend = false;
    static float colour(float, float a, float B, float, float) { return B * (1.0f - a); }
    static float alpha(float a, float b, float) { return b * (1.0f - a); }
};

struct Plus {
    static constexpr bool kBlend = true;
    static float colour(float A, float, float B, float, float) { return add(A, B); }
    static float alpha(float a, float b, float)
    {
        const float sum = a + b;
        return sum < 1.0f ? sum : 1.0f;
    }
};

struct Multiply {
    static constexpr bool kBlend = true;
    static float colour(float A, float a, float B, float b, float)
    {
        return both_outsides(A * B, A, a, B, b);
    }
    static float alpha(float a, float b, float) { return over_alpha(a, b); }
};

struct Screen {
    static constexpr bool kBlend = true;
    static float colour(float A, float, float B, float, float)
    {
        const float screened = add(A, B * (1.0f - A));
        const float brighter = A > B ? A : B;
        return brighter > 1.0f ? brighter : screened;
    }
    static float alpha(float a, float b, float) { return over_alpha(a, b); }
};

struct Max {
    static constexpr bool kBlend = true;
    static float colour(float A, float a, float B, float b, float)
    {
        const float x = A * b, y = B * a;
        return both_outsides(x > y ? x : y, A, a, B, b);
    }
    static float alpha(float a, float b, float) { return over_alpha(a, b); }
};

struct Min {
    static constexpr bool kBlend = true;
    static float colour(float A, float a, float B, float b, float)
    {
        const float x = A * b, y = B * a;
        return both_outsides(x < y ? x : y, A, a, B, b);
    }
    static float alpha(float a, float b, float) { return over_alpha(a, b); }
};

struct Difference {
    static constexpr bool kBlend = true;
    static float colour(float A, float a, float B, float b, float)
    {
        return both_outsides(std::fabs(A * b - B * a), A, a, B, b);
    }
    static float alpha(float a, float b, float) { return over_alpha(a, b); }
};

struct Copy {
    static constexpr bool kBlend = false;
    static float colour(float A, float, float B, float, float m) { return add(A, B * (1.0f - m)); }
    static float alpha(float a, float b, float m) { return add(a, b * (1.0f - m)); }
};

template <class Op>
void merge_plane(const float* __restrict A, const float* __restrict a, float* __restrict B,
                 const float* __restrict b, const float* __restrict m, int count)
{
    for (int i = 0; i < count; ++i)
        B[i] = Op::colour(A[i], a[i], B[i], b[i], m[i]);
}

/// Takes the layer's generated weight away where it would change no colour.
template <class Op>
void forget_unchanged(const RowPlanes& layer, const RowPlanes& below, int colours, int count)
{
    const int g = colours > 1 ? 1 : 0, b = colours > 1 ? 2 : 0; // of a luminance picture the same plane again
    const float *A0 = layer.colour[0], *A1 = layer.colour[g], *A2 = layer.colour[b];
    const float *B0 = below.colour[0], *B1 = below.colour[g], *B2 = below.colour[b];
    const float *a = layer.alpha, *alpha_below = below.alpha;
    float* __restrict generated = layer.generated;
    const auto changes = [](float A, float alpha, float B, float beta) {
        return Op::colour(A, alpha, B, beta, 1.0f) != B;
    };
    for (int i = 0; i < count; ++i) {
        const bool changed = changes(A0[i], a[i], B0[i], alpha_below[i])
                             | changes(A1[i], a[i], B1[i], alpha_below[i])
                             | changes(A2[i], a[i], B2[i], alpha_below[i]);
        generated[i] = changed ? generated[i] : 0.0f;
    }
}

/// Of what is made like colour, premultiplied, but does not blend with what is below.
template <class Op>
void merge_part(const float* __restrict A, const RowPlanes& layer, float* __restrict B, const float* alpha_below, int count)
{
    if constexpr (!Op::kBlend) {
        merge_plane<Op>(A, layer.alpha, B, alpha_below, layer.coverage, count);
    } else {
        for (int i = 0; i < count; ++i)
            B[i] = std::is_same_v<Op, Plus> ? A[i] + B[i] : A[i] + B[i] * (1.0f - A[i]);
    }
}

template <class Op>
void merge(const RowPlanes& layer, const RowPlanes& below, int colours, int count)
{
    if constexpr (Op::kBlend)
        forget_unchanged<Op>(layer, below, colours, count);
    merge_part<Op>(layer.generated, layer, below.generated, below.alpha, count);
    for (int c = 0; c < colours; ++c)
        merge_plane<Op>(layer.colour[c], layer.alpha, below.colour[c], below.alpha, layer.coverage, count);

    // Last, since the colours need what was below.
    const float* __restrict a = layer.alpha;
    const float* __restrict m = layer.coverage;
    float* __restrict b = below.alpha;
    for (int i = 0; i < count; ++i)
        b[i] = Op::alpha(a[i], b[i], m[i]);
}

/// Calls `visit` with the struct of the operator.
template <class Visit>
void with_operator(Operator op, const Visit& visit)
{
    switch (op) {
    case Operator::over:
        return visit.template operator()<Over>();
    case Operator::under:
        return visit.template operator()<Under>();
    case Operator::in:
        return visit.template operator()<In>();
    case Operator::out:
        return visit.template operator()<Out>();
    case Operator::atop:
        return visit.template operator()<Atop>();
    case Operator::exclusive:
        return visit.template operator()<Exclusive>();
    case Operator::mask:
        return visit.template operator()<Mask>();
    case Operator::stencil:
        return visit.template operator()<Stencil>();
    case Operator::plus:
        return visit.template operator()<Plus>();
    case Operator::multiply:
        return visit.template operator()<Multiply>();
    case Operator::screen:
        return visit.template operator()<Screen>();
    case Operator::max:
        return visit.template operator()<Max>();
    case Operator::min:
        return visit.template operator()<Min>();
    case Operator::difference:
        return visit.template operator()<Difference>();
    case Operator::copy:
        return visit.template operator()<Copy>();
    }
    throw std::logic_error("not an operator");
}

} // namespace

const std::vector<std::string>& operator_names()
{
    static const std::vector<std::string> names{"over",   "under", "in",      "out",        "atop",
                                                "xor",    "mask",  "stencil", "plus",       "multiply",
                                                "screen", "max",   "min",     "difference", "copy"};
    return names;
}

Operator parse_operator(const std::string& name)
{
    const auto& names = operator_names();
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        throw std::logic_error("'" + name + "' is not an operator");
    return static_cast<Operator>(found - names.begin());
}

bool keeps_below(Operator op)
{
    return op != Operator::in && op != Operator::out && op != Operator::mask;
}

bool reaches_outside(Operator op)
{
    return op != Operator::in && op != Operator::atop && op != Operator::mask && op != Operator::stencil;
}

void merge_pixels(Operator op, const RowPlanes& layer, const RowPlanes& below, int colours, int count)
{
    with_operator(op, [&]<class Op> { merge<Op>(layer, below, colours, count); });
}

void merge_share(Operator op, const float* own, const RowPlanes& layer, const float* alpha_below, float* share,
                 int count)
{
    with_operator(op, [&]<class Op> { merge_part<Op>(own, layer, share, alpha_below, count); });
}

} // namespace platefall::comp
