/// The variants of a shot: checked before any is rendered, then rendered one after the other, each as `render` would, into a
/// folder of its own. What they have in common is in the cache, and made once.
#pragma once

#include "image/display_picture.h"
#include "pipeline/plan.h"
#include "pipeline/render_shot.h"
#include "wedge/variants.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace platefall::wedge {

struct Wedge {
    Shot shot;                         ///< as the manifest has it, finals and all
    std::vector<Variation> variations;
    std::vector<Variant> variants;
    std::filesystem::path folder;      ///< everything is written below it
    std::function<std::unique_ptr<Plan>(Manifest, Faults&)> make_plan;
};

/// `out/wedge/NAME`, for finals in `out`.
std::filesystem::path folder_of(const Output& finals, const std::string& name);

/// The frames that `--frames` names, and every fault of every variant: one that all have is said once, the others name theirs.
std::vector<int> check(const Wedge& wedge, const std::string& frames, Faults& faults);

/// A frame as it is shown: large for the page, small for the sheet.
struct Still {
    std::vector<std::byte> jpeg;
    DisplayPicture small;
};

/// What there is to see of a variant.
struct Shown {
    int number = 0;
    std::string label;
    std::vector<std::optional<Still>> stills;   ///< of each frame that is shown; nothing: it failed
    bool any() const;
};

struct Summary {
    std::size_t good = 0, bad = 0;      ///< frames of all variants; bad: failed, or with an input held or black
    std::vector<int> faulty;            ///< numbers of the variants with bad ones
    bool out_of_memory = false, interrupted = false;
};

/// Renders all, in which check() found no fault. A variant that fails is logged, and the others go on. `show` gets each variant as
/// soon as it is done, with stills of `show_frames`, which are among the frames of `options`.
Summary render(const Wedge& wedge, class Fingerprints& fingerprints, const RenderOptions& options, Progress& progress,
               const std::vector<int>& show_frames, const std::function<void(Shown)>& show);

}  // namespace platefall::wedge
