/// Letterbox and pillarbox: edges of the picture that are black.
#pragma once

#include <platefall/image.h>

#include <optional>
#include <vector>

namespace platefall::delivery {

/// Rows and columns of the display window, counted from its edges, in which nothing is lighter than black.
struct BlackBars {
    int top = 0, bottom = 0, left = 0, right = 0;
};

/// Black is R G B (or Y) at most 0.0005, and everything outside the data window. Nothing for a picture that is all black,
/// which says nothing about bars.
std::optional<BlackBars> black_bars(const Image& image);

/// What is black in both.
BlackBars common(const BlackBars& a, const BlackBars& b);

/// What is left between them of the display window.
Window between(const BlackBars& bars, const Window& display);

/// Whether opposite edges have bars, about as wide as each other: a night sky above lit ground is none.
bool is_letterboxed(const BlackBars& bars);
bool is_pillarboxed(const BlackBars& bars);

}  // namespace platefall::delivery
