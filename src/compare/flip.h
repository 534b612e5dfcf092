/// FLIP: how much a person sees who flicks between two pictures.
#pragma once

#include "compare/plane.h"

#include <array>

namespace platefall::compare {

/// Linear Rec.709 red, green and blue, all of one size.
using Planes = std::array<Plane, 3>;

/// How finely the eye sees the picture: 67 is a 3840 pixel, 0.7 m wide screen from 0.7 m away.
inline constexpr double kPixelsPerDegree = 67.0206;

/// 0 (the same) to 1 (black against white), a pixel. `reference` and `test` of one size and finite.
///
/// Andersson, Nilsson, Akenine-Moller, Oskarsson, Astrom and Fairchild, "FLIP: A Difference Evaluator for Alternating
/// Images", 2020. For pictures as a display shows them: what is outside 0..1 is clamped.
Plane flip(const Planes& reference, const Planes& test, double pixels_per_degree = kPixelsPerDegree);

/// The same for scene-linear pictures: the largest of flip() over the exposures at which something of the reference can be
/// seen, each through the ACES curve.
///
/// Andersson, Nilsson, Shirley and Akenine-Moller, "Visualizing Errors in Rendered High Dynamic Range Images", 2021.
Plane hdr_flip(const Planes& reference, const Planes& test, double pixels_per_degree = kPixelsPerDegree);

/// In stops; `count` of them from `start` to `stop`.
struct Exposures {
    float start = 0, stop = 0;
    int count = 1;
};

/// From where the brightest pixel is bright to where the median is. Black pixels do not count where they are most: a layer
/// of its own is black around what it shows.
Exposures exposures_of(const Planes& picture);

double mean(const Plane& plane);

}  // namespace platefall::compare
