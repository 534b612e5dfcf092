/// Fills what no frame ever saw, from the rest of the picture.
#pragma once

#include <platefall/image.h>

#include <cstdint>
#include <functional>
#include <string>

namespace platefall::cleanplate {

struct FillRequest {
    const Image& picture;       ///< R G B, scene-linear; samples where `unknown` is set do not count
    const Image& unknown;       ///< one channel on the same window; above 0.5: to be filled
    const Image* not_a_source;  ///< one channel on the same window, or null; above 0.5: shown, never copied
    const Image* prior;  ///< R G B on the same window, or null: what it shall look like (a model's)
    std::uint64_t seed = 0;
    std::function<void(double fraction)> progress;  ///< may be empty; may throw to stop
    double prior_px = 1;  ///< what is smaller than that in the prior says nothing
};

struct Filled {
    Image picture;     ///< the request's, with the unknown pixels set; known ones are the same bits
    Image noise_gain;  ///< one channel: how much of the source's noise variance is left, 0..1 (1: copied)
};

/// Minimises the patch energy of Wexler, Shechtman and Irani (2007) with the texture features of Newson et
/// al. (2014) by PatchMatch (Barnes et al. 2009), coarse to fine; half way down the hole is put together from
/// large pieces moved by the picture's dominant offsets (He and Sun 2012), so that what repeats itself goes
/// on straight. That far there are several drafts, which chance begins differently; the one whose patches fit best
/// goes on. Patches and pieces may also be moved along planes in perspective, which the picture's straight edges tell of
/// (Huang et al. 2014, who draw the plane of a patch by chance; here an unlikely one costs more). Distances are measured
/// on log2(x / eps + 1), eps = 2^-8; far sources cost more (Huang et al. 2014). What is written are linear samples of the
/// known part, between its pixels where they come along a slanted plane, with a smooth gain where pieces of different
/// brightness meet and where the light of something smooth goes on otherwise, in the range of the known part. Solved fully up
/// to about 1K pixels; beyond that the matches are carried up to full resolution.
///
/// With a prior, the patches that look most like it at its own size are found and carried up, and nothing else is chosen.
///
/// The cost follows the area of the hole and of the part of the picture around it that is searched. Same bits
/// whatever the number of threads. Throws Error when nothing is known to fill from.
Filled patch_fill(const FillRequest& request);

}  // namespace platefall::cleanplate
