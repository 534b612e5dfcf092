/// The colour spaces in which FLIP looks at pictures.
#pragma once

#include <algorithm>
#include <cmath>

namespace platefall::compare {

/// Three numbers: linear Rec.709 R G B, or CIE X Y Z over those of white, or Y Cx Cz, or L a b.
struct Colour {
    float x = 0, y = 0, z = 0;
};

/// CIE XYZ, each divided by that of white (D65): white becomes 1 1 1.
inline Colour relative_xyz(const Colour& rgb)
{
    return {0.4338954f * rgb.x + 0.3762424f * rgb.y + 0.1898622f * rgb.z,
            0.2126368f * rgb.x + 0.7151830f * rgb.y + 0.0721802f * rgb.z,
            0.0177524f * rgb.x + 0.1094656f * rgb.y + 0.8727819f * rgb.z};
}

/// The inverse of relative_xyz.
inline Colour linear_rgb(const Colour& xyz)
{
    return {3.0803420f * xyz.x - 1.5373990f * xyz.y - 0.5429430f * xyz.z,
            -0.9211784f * xyz.x + 1.8759300f * xyz.y + 0.0452484f * xyz.z,
            0.0528813f * xyz.x - 0.2040112f * xyz.y + 1.1511299f * xyz.z};
}

/// YCxCz, a linear space of opponents: black and white, red and green, blue and yellow (Flohr 1993).
inline Colour opponents(const Colour& rgb)
{
    const Colour xyz = relative_xyz(rgb);
    return {116.0f * xyz.y - 16.0f, 500.0f * (xyz.x - xyz.y), 200.0f * (xyz.y - xyz.z)};
}

/// The inverse of opponents().
inline Colour linear_from_opponents(const Colour& ycc)
{
    const float y = (ycc.x + 16.0f) / 116.0f;
    return linear_rgb({y + ycc.y / 500.0f, y, y - ycc.z / 200.0f});
}

/// CIE L*a*b* with Hunt's effect: colours count less where it is dark.
inline Colour hunt_lab(const Colour& rgb)
{
    const auto f = [](float t) {
        constexpr float kEdge = 6.0f / 29.0f;
        return t > kEdge * kEdge * kEdge ? std::cbrt(t) : t / (3.0f * kEdge * kEdge) + 4.0f / 29.0f;
    };
    const Colour xyz = relative_xyz(rgb);
    const float x = f(xyz.x), y = f(xyz.y), z = f(xyz.z), lightness = 116.0f * y - 16.0f;
    return {lightness, 0.01f * lightness * 500.0f * (x - y), 0.01f * lightness * 200.0f * (y - z)};
}

/// HyAB (Abasi 2020): city block in lightness, Euclid in colour. Holds for large differences, which L*a*b* alone does not.
inline float hyab(const Colour& a, const Colour& b)
{
    return std::abs(a.x - b.x) + std::hypot(a.y - b.y, a.z - b.z);
}

inline Colour clamped(const Colour& c)
{
    return {std::clamp(c.x, 0.0f, 1.0f), std::clamp(c.y, 0.0f, 1.0f), std::clamp(c.z, 0.0f, 1.0f)};
}

}  // namespace platefall::compare
