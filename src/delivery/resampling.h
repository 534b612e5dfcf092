/// Traces that resampling leaves: whether a picture was scaled.
///
/// A pixel between two source pixels is a mean of them and changes less from its neighbours than one that lies on a source
/// pixel. Scaled by s, that repeats with frequency 1/s along every row and column, fixed to the pixel grid whatever the
/// camera does (Gallagher 2005, on interpolated pictures; Popescu and Farid 2005, on resampling). Sharpness does not enter: a
/// defocused plate has no such pattern.
#pragma once

#include <platefall/image.h>

#include <optional>
#include <vector>

namespace platefall::delivery {

/// How much pixels differ from their neighbours, by column and by row: the mean over lines of the logarithm of first and second
/// differences. Traces of several frames are added up, so that what the camera sees blurs and what the grid has stays.
struct GridTraces {
    std::vector<double> columns[2], rows[2];   ///< along x and along y; first and second differences

    void add(const GridTraces& other);         ///< does nothing for a picture of another size
};

/// Of what lies inside `window`, which must be inside the data window, in G (or Y, or the first channel).
GridTraces grid_traces(const Image& image, const Window& window);

struct Resampling {
    double period_px = 0;   ///< of the strongest pattern, as well as the shorter side tells it; several scales leave the same one
    double strength = 0;    ///< of the pattern against its surroundings, the lesser of both directions
};

/// Nothing where there is no pattern in both directions alike. Multiples of 1/8 do not count where several of them stand out: lossy
/// codecs (DWA, JPEG) work in blocks of 8 pixels.
std::optional<Resampling> find_resampling(const GridTraces& traces);

}  // namespace platefall::delivery
