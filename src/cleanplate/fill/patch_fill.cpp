#include "cleanplate/fill/patch_fill.h"

#include "cleanplate/log_encoding.h"
#include "cleanplate/fill/composite.h"
#include "cleanplate/fill/known_part.h"
#include "cleanplate/fill/offset_statistics.h"
#include "cleanplate/fill/patch_match.h"
#include "cleanplate/fill/patch_pyramid.h"
#include "cleanplate/fill/patch_vote.h"
#include "cleanplate/fill/seams.h"
#include "cleanplate/fill/shading.h"
#include "cleanplate/fill/shift_map.h"
#include "cleanplate/fill/smooth_fill.h"
#include "cleanplate/fill/vanishing_points.h"
#include "image/sample.h"

#include <platefall/error.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr int kSolvedSide_px = 1100;  // levels whose longer side is larger only sharpen
constexpr int kPriorRounds = 24;      // of search for what looks like the prior
constexpr std::size_t kMostToPiece_px = 16'000;
constexpr std::size_t kMostToLookUp_px = 130'000;
constexpr std::uint32_t kBadFit = kPatchArea * 128 * 128;  // as if half a stop off in each pixel
constexpr std::size_t kDrafts = 3;

/// How hard a level is worked on.
struct Effort {
    int passes;        // of matching and voting
    int rounds;        // of search in each pass
    int sharp_passes;  // the last of the passes, which vote for winners
    bool far;          // search everywhere, or only close to the match so far
};

constexpr Effort kSharpenOnly{.passes = 1, .rounds = 1, .sharp_passes = 1, .far = false};

bool is_solved(const Level& level)
{
    return std::max(level.width, level.height) <= kSolvedSide_px;
}

Effort effort_on(const std::vector<Level>& levels, std::size_t index)
{
    if (!is_solved(levels[index]))
        return kSharpenOnly;
    const bool is_finest = index == 0 || !is_solved(levels[index - 1]);
    if (is_finest)
        return {.passes = 4, .rounds = 2, .sharp_passes = 2, .far = true};
    return {.passes = index + 1 == levels.size() ? 12 : 6, .rounds = 3, .sharp_passes = 0, .far = true};
}

/// A first guess for the coarsest level that leans nowhere.
void guess_smoothly(Level& level)
{
    Raster<std::uint8_t> known(level.width, level.height, 0, 0);
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            known(x, y) = level.kinds(x, y) == Kind::source;
    for (int c = 0; c < Feature::kUsed; ++c) {
        Raster<float> values(level.width, level.height, 0, 0.0f);
        for (int y = 0; y < level.height; ++y)
            for (int x = 0; x < level.width; ++x)
                values(x, y) = level.features(x, y).lane[c];
        fill_smoothly(known, values);
        for (const Pixel& p : level.hole)
            level.features(p.x, p.y).lane[c] = static_cast<std::int16_t>(values(p.x, p.y));
    }
}

/// A small prior made large is smooth everywhere, which says nothing of what it shows: only colours are compared with it.
void forget_texture(Level& level)
{
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            std::fill(level.features(x, y).lane.begin() + 3, level.features(x, y).lane.end(), std::int16_t{0});
}

void settle(const Effort& effort, std::uint64_t seed, Level& level, Field& field)
{
    const int reach = effort.far ? std::max(level.width, level.height) / 2 : 2;
    for (int pass = 0; pass < effort.passes; ++pass) {
        improve(level, {seed + static_cast<std::uint64_t>(pass), effort.rounds, reach}, field);
        const bool is_sharp = pass >= effort.passes - effort.sharp_passes;
        vote(field, is_sharp ? Ballot::winner : Ballot::mean, level);
    }
}

/// Without a prior the coarsest; with one, the first that shows no more than the prior does.
std::size_t first_level(const std::vector<Level>& levels, const FillRequest& request)
{
    const std::size_t coarsest = levels.size() - 1;
    if (!request.prior)
        return coarsest;
    return std::min(coarsest, static_cast<std::size_t>(std::ceil(std::log2(std::max(request.prior_px, 1.0)) - 1e-9)));
}

/// Where large pieces are chosen: the finest level for which that does not take long.
std::size_t piecing_level(const std::vector<Level>& levels)
{
    std::size_t i = 0;
    while (i + 1 < levels.size()
           && (std::min(levels[i].hole.size(), levels[i].sources.size()) > kMostToPiece_px
               || levels[i].sources.size() > kMostToLookUp_px))
        ++i;
    return i;
}

/// How badly the patches fit on the whole; a patch that does not fit at all counts no more than one that fits badly.
double misfit(const Field& field)
{
    double sum = 0;
    for (const Match& match : field)
        sum += std::min(match.cost, kBadFit);
    return sum / static_cast<double>(field.size());
}

/// Matches a hole from its coarsest level to its finest.
class Solution {
public:
    Solution(std::vector<Level>& levels, const FillRequest& request, const Window& part)
        : levels_(levels), request_(request), part_(part),
          first_(first_level(levels, request)),
          piecing_(request.prior ? first_ + 1 : piecing_level(levels)),  // pieces would decide anew what goes where
          repetitions_(levels.size())
    {
        if (!request.prior)
            set_perspectives();
        for (std::size_t i = piecing_; i <= first_; ++i)
            repetitions_[i] = dominant_shifts(levels_[i], seed(i));
        steps_ = first_ >= piecing_ ? kDrafts * (first_ + 1 - piecing_) + piecing_ : first_ + 1;
    }

    /// On the finest level. Where chance begins decides which wrong continuation a draft falls for, if it does, and that
    /// shows in how badly its patches fit: of several, the best goes on.
    Field find()
    {
        Field field = draft();
        while (first_ >= piecing_ && ++draft_ < kDrafts)
            if (Field other = draft(); misfit(other) < misfit(field))
                field = std::move(other);
        for (std::size_t i = std::min(first_, piecing_); i-- > 0;)
            refine(i, field);
        report(steps_);
        return field;
    }

private:
    std::uint64_t seed(std::size_t i) const { return request_.seed + 1000 * i + 100 * draft_; }

    /// Found where the hole is solved fully, and the same on all levels.
    void set_perspectives()
    {
        std::size_t solved = 0;
        while (!is_solved(levels_[solved]) && solved < first_)
            ++solved;
        const Perspective there = perspective_of(levels_[solved], request_.seed);
        for (std::size_t i = 0; i < levels_.size(); ++i)
            set_perspective(levels_[i], there.reduced(std::exp2(static_cast<float>(i) - static_cast<float>(solved))));
    }

    void report(std::size_t done) const
    {
        if (request_.progress)
            request_.progress(static_cast<double>(done) / static_cast<double>(steps_));
    }

    /// Down to the level on which large pieces are chosen last, if they are; they are chosen on every level on the way.
    Field draft()
    {
        Field field = begin();
        for (std::size_t i = first_;; --i) {
            if (i < first_)
                refine(i, field);
            if (i >= piecing_) {
                piece_together(repetitions_[i], levels_[i], field);
                settle(effort_on(levels_, i), seed(i), levels_[i], field);
            }
            if (i <= piecing_)
                return field;
        }
    }

    Field begin()
    {
        report(done_++);
        Level& level = levels_[first_];
        Field field = random_field(level, seed(first_));
        if (request_.prior) {
            // It stays the guess until all of it is found: votes would only wash it out.
            guess_from(*request_.prior, part_, static_cast<int>(first_), level);
            forget_texture(level);
            improve(level, {seed(first_), kPriorRounds, std::max(level.width, level.height) / 2}, field);
            return field;
        }
        guess_smoothly(level);
        settle(effort_on(levels_, first_), seed(first_), level, field);
        return field;
    }

    void refine(std::size_t i, Field& field)
    {
        report(done_++);
        field = carried_up(levels_[i], levels_[i + 1], field, seed(i));
        vote(field, Ballot::mean, levels_[i]);
        settle(request_.prior ? kSharpenOnly : effort_on(levels_, i), seed(i), levels_[i], field);
    }

    std::vector<Level>& levels_;
    const FillRequest& request_;
    const Window& part_;
    std::size_t first_, piecing_;
    std::vector<std::vector<Shift>> repetitions_;  // of each level on which pieces are chosen
    std::size_t steps_ = 0, done_ = 0, draft_ = 0;
};

Filled unfilled(const FillRequest& request)
{
    const Image& picture = request.picture;
    return {.picture = picture,
            .noise_gain = Image(picture.data_window(), picture.display_window(), {{"A"}}, 1.0f)};
}

/// Returns how much of the noise's variance is left.
float copy(const Image& picture, const Window& part, const Level& level, const Place& from, std::array<float, 3>& to)
{
    constexpr int kReach_px = 4;  // of sample()
    const auto [x, y] = nearest_pixel(from);
    if (place_of({x, y}) != from && level.room(x, y) >= kReach_px)
        return sample(picture, {part.x0 + static_cast<double>(from.x) + 0.5, part.y0 + static_cast<double>(from.y) + 0.5},
                      3, to.data());
    std::copy_n(picture.pixel(part.x0 + x, part.y0 + y), 3, to.data());
    return 1;
}

void copy_winners(const FillRequest& request, const Window& part, const Level& level, const Field& field,
                  Filled& filled)
{
    const Composite composite(request.picture, part, level, winners(level, field));
    std::vector<Colour> stops = level_seams(composite);
    if (!request.prior)  // which shows how bright it is
        stops = shading_through(composite, std::move(stops));
    const auto [low, high] = range_of_known(request);
    for (std::size_t i = 0; i < level.hole.size(); ++i) {
        const int x = part.x0 + level.hole[i].x, y = part.y0 + level.hole[i].y;
        if (!is_unknown(request, x, y))
            continue;
        std::array<float, 3> source;
        *filled.noise_gain.pixel(x, y)
            = copy(request.picture, part, level, composite.source(level.hole[i]), source);
        float* target = filled.picture.pixel(x, y);
        for (int c = 0; c < 3; ++c) {
            const float gain = std::exp2(stops[i][c]);
            target[c] = std::clamp(source[c] * gain + kLogEpsilon * (gain - 1.0f), low[c], high[c]);
        }
    }
}

void fill_all_smoothly(const FillRequest& request, Filled& filled)
{
    const Window w = request.picture.data_window();
    Raster<std::uint8_t> known(w.width(), w.height(), 0, 0);
    bool any = false;
    for (int y = 0; y < w.height(); ++y)
        for (int x = 0; x < w.width(); ++x) {
            known(x, y) = is_known(request, w.x0 + x, w.y0 + y);
            any = any || known(x, y);
        }
    if (!any)
        throw Error(
            "patch fill: nothing of the picture is known; give a smaller matte, or frames that show more");
    for (int c = 0; c < 3; ++c) {
        Raster<float> values(w.width(), w.height(), 0, 0.0f);
        for (int y = 0; y < w.height(); ++y)
            for (int x = 0; x < w.width(); ++x)
                values(x, y) = request.picture.pixel(w.x0 + x, w.y0 + y)[c];
        fill_smoothly(known, values);
        for (int y = 0; y < w.height(); ++y)
            for (int x = 0; x < w.width(); ++x)
                if (is_unknown(request, w.x0 + x, w.y0 + y)) {
                    filled.picture.pixel(w.x0 + x, w.y0 + y)[c] = values(x, y);
                    *filled.noise_gain.pixel(w.x0 + x, w.y0 + y) = 0.0f;
                }
    }
}

}  // namespace

Filled patch_fill(const FillRequest& request)
{
    Filled filled = unfilled(request);
    const Window part = part_to_solve(request);
    if (part.empty())
        return filled;

    std::vector<Level> levels = make_pyramid(request, part);
    if (levels.front().sources.empty()) {
        fill_all_smoothly(request, filled);
        return filled;
    }
    const Field field = Solution(levels, request, part).find();
    copy_winners(request, part, levels.front(), field, filled);
    return filled;
}

}  // namespace platefall::cleanplate
