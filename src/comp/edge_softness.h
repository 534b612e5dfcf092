/// How soft a lens is, from the edges in a picture.
#pragma once

#include <platefall/image.h>

#include <optional>
#include <vector>

namespace platefall::comp {

/// Fits the edge spread function of a Gaussian blur
///
///     v(t) = low + step Phi((t - t0) / s)
///
/// to the strongest straight edges of pictures, t being the distance along the edge's normal (the slanted edge of
/// ISO 12233). The sharpest quarter of all fits counts: what is softer is out of focus, moves or is no edge.
/// Pixels average over their own area, which adds 1/12 to s^2 and is taken off, since CG has it too.
class EdgeMeter {
public:
    void add(const Image& plate);

    /// Standard deviation of the lens' blur in pixels; nothing when too few edges could be fitted.
    std::optional<double> softness_px() const;

private:
    std::vector<double> deviations_; ///< s of each fitted edge
};

/// One edge: s, or nothing when what is around (x, y) is not one clean straight edge. `luma` has one channel.
std::optional<double> fit_edge(const Image& luma, int x, int y);

} // namespace platefall::comp
