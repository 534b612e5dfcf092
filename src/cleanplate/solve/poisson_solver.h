/// Laplace's and Poisson's equation on the pixels of a window.
#pragma once

#include <platefall/image.h>

#include <cstddef>
#include <vector>

namespace platefall::cleanplate {

/// One channel with a border of zeros one pixel wide, so that inner loops need no case for the edge.
class Plane {
public:
    Plane() = default;
    Plane(int width, int height);

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }

    /// The leftmost pixel; x from -1 to width, y from -1 to height.
    float* row(int y) noexcept { return samples_.data() + offset(y); }
    const float* row(int y) const noexcept { return samples_.data() + offset(y); }

private:
    std::size_t offset(int y) const noexcept { return static_cast<std::size_t>(y + 1) * stride_ + 1; }

    int width_ = 0, height_ = 0;
    std::size_t stride_ = 0;
    SampleBuffer samples_;
};

/// For each channel and every free pixel i with its neighbours j inside the window:
///     sum_j (u_i - u_j) + pull_i u_i = right_i
/// u is 0 on pixels that are not free; what is known there has to stand in `right` already. `right` must be 0
/// there.
struct PoissonProblem {
    Plane free;                ///< 1 or 0
    Plane pull;                ///< >= 0; some pixel must have one, or not be free
    std::vector<Plane> right;  ///< one a channel
    std::vector<float>
        scale;  ///< one a channel: solved until steps are small against this, or against the solution
};

/// Conjugate gradients with a multigrid V-cycle as preconditioner (Tatebe 1993): the cycle is quick, and the
/// gradients make it safe on any shape of the known part.
std::vector<Plane> solve_poisson(PoissonProblem problem);

}  // namespace platefall::cleanplate
