#include "cleanplate/patch_fill.h"

#include "base/parallel.h"
#include "cleanplate/patch_match.h"
#include "cleanplate/patch_pyramid.h"
#include "cleanplate/patch_vote.h"
#include "cleanplate/smooth_fill.h"

#include <platefall/error.h>

#include <algorithm>

namespace platefall::cleanplate {
namespace {

constexpr int kSolvedSide_px = 1100;          // levels whose longer side is larger only sharpen

/// How hard a level is worked on.
struct Effort {
    int passes;                               // of matching and voting
    int rounds;                               // of search in each pass
    int sharp_passes;                         // the last of the passes, which vote for winners
    bool far;                                 // search everywhere, or only close to the match so far
};

bool is_solved(const Level& level) { return std::max(level.width, level.height) <= kSolvedSide_px; }

Effort effort_on(const std::vector<Level>& levels, std::size_t index)
{
    if (!is_solved(levels[index]))
        return {.passes = 1, .rounds = 1, .sharp_passes = 1, .far = false};
    const bool is_finest = index == 0 || !is_solved(levels[index - 1]);
    if (is_finest)
        return {.passes = 4, .rounds = 2, .sharp_passes = 2, .far = true};
    return {.passes = index + 1 == levels.size() ? 12 : 6, .rounds = 3, .sharp_passes = 0, .far = true};
}

/// A first guess for the coarsest level: layer by layer from the border of the hole, each pixel like the middle of the
/// known patch that fits best to what is there already.
void peel(Level& level)
{
    Grid<std::uint8_t> there(level.width, level.height, kPatchRadius, 0);
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            there(x, y) = level.kinds(x, y) == Kind::source;

    std::vector<Pixel> left = level.hole;
    while (!left.empty()) {
        const auto is_inside = [&](const Pixel& p) {
            for (int i = 0; i < 9; ++i)
                if (there(p.x + i % 3 - 1, p.y + i / 3 - 1))
                    return false;
            return true;
        };
        auto layer_end = std::stable_partition(left.begin(), left.end(), [&](const Pixel& p) { return !is_inside(p); });
        if (layer_end == left.begin())        // cut off by ignored pixels: like anything
            layer_end = left.end();
        const auto count = static_cast<int>(layer_end - left.begin());
        std::vector<Match> matches(left.size());
        parallel_each(count, [&](int i) { matches[i] = best_of_all(level, left[i], there); });
        for (int i = 0; i < count; ++i) {
            level.features(left[i].x, left[i].y) = level.features(matches[i].x, matches[i].y);
            there(left[i].x, left[i].y) = 1;
        }
        left.erase(left.begin(), layer_end);
    }
}

void settle(const Effort& effort, std::uint64_t seed, const std::vector<Offset>& offsets, Level& level, Field& field)
{
    const int reach = effort.far ? std::max(level.width, level.height) / 2 : 2;
    for (int pass = 0; pass < effort.passes; ++pass) {
        improve(level, {seed + static_cast<std::uint64_t>(pass), effort.rounds, reach, offsets}, field);
        const bool is_sharp = pass >= effort.passes - effort.sharp_passes;
        vote(field, is_sharp ? Ballot::winner : Ballot::mean, level);
    }
}

/// Matches on the finest level.
Field solve(std::vector<Level>& levels, const FillRequest& request, const Window& part)
{
    const auto report = [&](std::size_t done) {
        if (request.progress)
            request.progress(static_cast<double>(done) / static_cast<double>(levels.size()));
    };
    const std::vector<Offset> offsets;
    Field field;
    for (std::size_t i = levels.size(); i-- > 0;) {
        Level& level = levels[i];
        const std::uint64_t seed = request.seed + 1000 * i;
        report(levels.size() - 1 - i);
        if (i + 1 == levels.size()) {
            if (request.prior)
                guess_from(*request.prior, part, static_cast<int>(i), level);
            else
                peel(level);
            field = random_field(level, seed);
        } else {
            field = carried_up(level, levels[i + 1], field, seed);
            vote(field, Ballot::mean, level);
        }
        settle(effort_on(levels, i), seed, offsets, level, field);
    }
    report(levels.size());
    return field;
}

Filled unfilled(const FillRequest& request)
{
    const Image& picture = request.picture;
    return {.picture = picture,
            .noise_gain = Image(picture.data_window(), picture.display_window(), {{"A"}}, 1.0f)};
}

bool is_unknown(const FillRequest& request, int x, int y) { return *request.unknown.pixel(x, y) > 0.5f; }

void copy_winners(const FillRequest& request, const Window& part, const Level& level, const Field& field,
                  Filled& filled)
{
    const std::vector<Pixel> from = winners(level, field);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const int x = part.x0 + level.hole[i].x, y = part.y0 + level.hole[i].y;
        if (!is_unknown(request, x, y))
            continue;
        const float* source = request.picture.pixel(part.x0 + from[i].x, part.y0 + from[i].y);
        std::copy_n(source, 3, filled.picture.pixel(x, y));
    }
}

void fill_all_smoothly(const FillRequest& request, Filled& filled)
{
    const Window w = request.picture.data_window();
    Grid<std::uint8_t> known(w.width(), w.height(), 0, 0);
    bool any = false;
    for (int y = 0; y < w.height(); ++y)
        for (int x = 0; x < w.width(); ++x) {
            const bool blocked = request.not_a_source && *request.not_a_source->pixel(w.x0 + x, w.y0 + y) > 0.5f;
            known(x, y) = !blocked && !is_unknown(request, w.x0 + x, w.y0 + y);
            any = any || known(x, y);
        }
    if (!any)
        throw Error("patch fill: nothing of the picture is known; give a smaller matte, or frames that show more");
    for (int c = 0; c < 3; ++c) {
        Grid<float> values(w.width(), w.height(), 0, 0.0f);
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
    const Field field = solve(levels, request, part);
    copy_winners(request, part, levels.front(), field, filled);
    return filled;
}

}  // namespace platefall::cleanplate
