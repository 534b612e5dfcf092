#include "cleanplate/motion/camera_motion.h"

#include "cleanplate/motion/camera_supports.h"
#include "cleanplate/motion/camera_view.h"
#include "cleanplate/motion/parallax.h"
#include "cleanplate/motion/take_motion.h"
#include "cleanplate/motion/view_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr double kTolerance = 2.0;         // working pixels, of features from where the camera puts them
constexpr std::size_t kEnoughTracks = 40;  // to judge the camera by
constexpr double kMustMatch = 0.5;         // the part of the picture that two frames of one take have in common
constexpr std::size_t kFewFeatures = 50;

std::vector<CameraView> views_of(std::span<const FrameFeatures> frames, const KnownGeometry& known)
{
    std::vector<CameraView> views;
    for (const FrameFeatures& frame : frames)
        views.emplace_back(known.camera(frame.frame), known.display);
    return views;
}

/// All matches of the ranges, numbered from the first one's first frame.
std::vector<FramePair> pairs_of(const std::vector<TakeMatches>& matches)
{
    std::vector<FramePair> all;
    int first_frame = 0;
    for (const TakeMatches& range : matches) {
        for (const FramePair& pair : range.pairs) {
            all.push_back(pair);
            all.back().first += first_frame;
            all.back().second += first_frame;
        }
        first_frame += static_cast<int>(range.frames.size());
    }
    return all;
}

/// That of the longest range.
std::size_t base_of(const std::vector<TakeMatches>& matches)
{
    std::size_t base = 0, longest = 0, first_frame = 0;
    for (const TakeMatches& range : matches) {
        if (range.frames.size() > longest) {
            longest = range.frames.size();
            base = first_frame + range.base;
        }
        first_frame += range.frames.size();
    }
    return base;
}

/// The furthest that a corner of any frame moves, be it infinitely far or as near as what is nearest.
double drift_px(const Take& take, const Window& window)
{
    double nearest = 0, farthest_px = 0;
    for (const Take::Support& support : take.supports)
        nearest = std::max(nearest, support.depth);
    for (std::size_t t = 0; t < take.frames.size(); ++t)
        for (const double depth : {0.0, nearest})
            for (const double x : {window.x0, window.x1})
                for (const double y : {window.y0, window.y1}) {
                    const ViewMap::Hit there = view_map(take, t, take.base)({x, y}, depth);
                    farthest_px = std::max(farthest_px, std::hypot(there.at[0] - x, there.at[1] - y));
                }
    return farthest_px;
}

std::string misfit_text(double misfit_px)
{
    return fmt::format("the camera does not fit the plate: half of the tracked features are more than {:.1f} px away from "
                       "where it puts them; the motion is taken from features alone; check rotation_order, "
                       "film_back_mm and the frame numbers of [camera]",
                       misfit_px);
}

/// Nearest to the gap between two ranges, a frame that shows enough.
std::optional<int> telling_frame(std::span<const FrameFeatures> frames, int from, int to)
{
    for (int i = from; i != to + (from <= to ? 1 : -1); i += from <= to ? 1 : -1)
        if (frames[i].points.size() >= kFewFeatures)
            return i;
    return std::nullopt;
}

bool is_cut(const TakeRange& before, const TakeRange& after, std::span<const FrameFeatures> frames,
            const std::vector<CameraView>& views)
{
    const auto left = telling_frame(frames, before.last, before.first);
    const auto right = telling_frame(frames, after.first, after.last);
    return left && right
           && overlap(frames[*left].window, frames[*right].window, views[*right].far_away_from(views[*left])) > kMustMatch
           && !pair_frames(frames, *left, *right).linked;
}

}  // namespace

std::optional<Take> register_with_camera(std::span<const FrameFeatures> frames,
                                         const std::vector<TakeMatches>& matches, const KnownGeometry& known,
                                         std::vector<Motion::Note>& notes)
{
    const std::vector<CameraView> views = views_of(frames, known);
    Take take = still_take(frames);
    take.base = base_of(matches);
    for (std::size_t t = 0; t < views.size(); ++t) {
        take.frame_from_base[t] = views[t].far_away_from(views[take.base]);
        take.parallax[t] = views[t].parallax_from(views[take.base]);
    }

    const double pixel = working_pixel(frames[take.base]);
    const CameraFit fit = add_depths(take, join_matches(frames, pairs_of(matches)), pixel);
    if (fit.tracks >= kEnoughTracks && !(fit.median_px <= kTolerance * pixel)) {
        notes.push_back({frames.front().frame, misfit_text(fit.median_px)});
        return std::nullopt;
    }
    if (auto supports = supports_of_depths(known.depths, take); !supports.empty())
        take.supports = std::move(supports);

    take.locked_off = drift_px(take, frames[take.base].window) < kLockedOff_px;
    if (take.locked_off) {
        take.frame_from_base.assign(views.size(), {});
        take.parallax.assign(views.size(), {});
    }
    return take;
}

std::vector<std::vector<TakeRange>> bridge_by_camera(const std::vector<TakeRange>& ranges,
                                                     std::span<const FrameFeatures> frames,
                                                     const KnownGeometry& known)
{
    const std::vector<CameraView> views = views_of(frames, known);
    std::vector<std::vector<TakeRange>> runs;
    for (const TakeRange& range : ranges) {
        if (runs.empty() || is_cut(runs.back().back(), range, frames, views))
            runs.emplace_back();
        runs.back().push_back(range);
    }
    return runs;
}

}  // namespace platefall::cleanplate
