#include "cleanplate/fill/continuation.h"

#include "base/parallel.h"
#include "cleanplate/fill/front_view.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

namespace platefall::cleanplate {
namespace {

constexpr std::size_t kSamples = 2000;    // known pixels that are compared
constexpr int kLongest_px = 64;
constexpr int kShortest_px = 4;           // anything is like itself there
constexpr int kTroughRadius_px = 2;
constexpr float kRepeats = 0.5f;          // of what it is unlike itself half way there: else it is only smooth, or noise
constexpr std::size_t kLeastOverlap = 5;  // a fifth of the known part has to be compared
constexpr float kReachesAsWell = 0.8f;    // of what the furthest-reaching offset reaches
constexpr float kReachesFar = 0.3f;       // of the hole: else it does not go on into it
constexpr std::size_t kOffsets = 3;
constexpr float kUnlike = 1e9f;

std::vector<Pixel> known_pixels(const Level& level)
{
    std::vector<Pixel> known;
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            if (level.kinds(x, y) == Kind::source)
                known.push_back({x, y});
    return known;
}

/// How unlike the known part is to itself, for every offset: mean squared difference.
class Unlikeness {
public:
    Unlikeness(const Level& level, const std::vector<Pixel>& known)
        : reach_(std::min(kLongest_px, std::max(level.width, level.height))),
          means_(2 * reach_ + 1, 2 * reach_ + 1, kTroughRadius_px, kUnlike)
    {
        const std::size_t stride = known.size() / kSamples + 1;
        parallel_rows(-reach_, reach_ + 1, [&](int first, int last) {
            for (int dy = first; dy < last; ++dy)
                for (int dx = -reach_; dx <= reach_; ++dx)
                    means_(dx + reach_, dy + reach_) = mean(level, known, stride, {dx, dy});
        });
    }

    float operator()(const Offset& o) const { return means_(o.x + reach_, o.y + reach_); }

    /// Where it is less than all around, and much less than half way there.
    std::vector<Offset> troughs() const
    {
        std::vector<Offset> found;
        for (int dy = -reach_; dy <= reach_; ++dy)
            for (int dx = -reach_; dx <= reach_; ++dx)
                if (std::max(std::abs(dx), std::abs(dy)) >= kShortest_px && is_trough({dx, dy}))
                    found.push_back({dx, dy});
        return found;
    }

    /// The bottom of a trough between its pixels, by parabolas.
    std::array<float, 2> bottom(const Offset& o) const
    {
        const auto shift = [here = (*this)(o)](float before, float after) {
            const float down = before - here, up = after - here;
            return before < kUnlike && after < kUnlike && down + up > 0 ? 0.5f * (down - up) / (down + up) : 0.0f;
        };
        return {static_cast<float>(o.x) + shift((*this)({o.x - 1, o.y}), (*this)({o.x + 1, o.y})),
                static_cast<float>(o.y) + shift((*this)({o.x, o.y - 1}), (*this)({o.x, o.y + 1}))};
    }

private:
    static float mean(const Level& level, const std::vector<Pixel>& known, std::size_t stride, const Offset& o)
    {
        double sum = 0;
        std::size_t count = 0;
        for (std::size_t i = 0; i < known.size(); i += stride) {
            const Pixel &p = known[i], q{p.x + o.x, p.y + o.y};
            if (!level.is_source.contains(q.x, q.y) || level.kinds(q.x, q.y) != Kind::source)
                continue;
            for (std::size_t c = 0; c < 3; ++c) {
                const double apart = level.features(p.x, p.y).lane[c] - level.features(q.x, q.y).lane[c];
                sum += apart * apart;
            }
            ++count;
        }
        return count * kLeastOverlap * stride < known.size() ? kUnlike
                                                             : static_cast<float>(sum / static_cast<double>(count));
    }

    bool is_trough(const Offset& o) const
    {
        const float here = (*this)(o);
        for (int dy = -kTroughRadius_px; dy <= kTroughRadius_px; ++dy)
            for (int dx = -kTroughRadius_px; dx <= kTroughRadius_px; ++dx)
                if ((dx != 0 || dy != 0) && (*this)({o.x + dx, o.y + dy}) <= here)
                    return false;
        return here < kRepeats * (*this)({o.x / 2, o.y / 2});
    }

    int reach_;
    Raster<float> means_;
};

/// Multiples of an offset by which some pixel of the hole comes to lie in the known part, and how many pixels do.
struct Multiples {
    std::vector<Offset> all;
    std::size_t reached = 0;
};

Multiples multiples_of(const Level& level, const std::array<float, 2>& offset)
{
    Multiples multiples;
    Raster<std::uint8_t> is_reached(level.width, level.height, 0, 0);
    for (int times = 1;; ++times) {
        const Offset o{static_cast<int>(std::lround(static_cast<float>(times) * offset[0])),
                       static_cast<int>(std::lround(static_cast<float>(times) * offset[1]))};
        if (std::abs(o.x) >= level.width || std::abs(o.y) >= level.height)
            return multiples;
        bool any = false;
        for (const Pixel& p : level.hole)
            if (level.is_source.contains(p.x + o.x, p.y + o.y) && level.kinds(p.x + o.x, p.y + o.y) == Kind::source) {
                any = true;
                multiples.reached += !is_reached(p.x, p.y);
                is_reached(p.x, p.y) = 1;
            }
        if (any)
            multiples.all.push_back(o);
    }
}

std::vector<Offset> repeated(const Level& level)
{
    const std::vector<Pixel> known = known_pixels(level);
    if (known.empty())
        return {};
    const Unlikeness unlikeness(level, known);
    struct Candidate {
        float unlike;
        Multiples multiples;
    };
    std::vector<Candidate> candidates;
    std::size_t most = 0;
    for (const Offset& trough : unlikeness.troughs()) {
        candidates.push_back({unlikeness(trough), multiples_of(level, unlikeness.bottom(trough))});
        most = std::max(most, candidates.back().multiples.reached);
    }
    const float enough = std::max(kReachesAsWell * static_cast<float>(most), kReachesFar * static_cast<float>(level.hole.size()));
    std::erase_if(candidates, [&](const Candidate& one) { return static_cast<float>(one.multiples.reached) < enough; });
    std::ranges::stable_sort(candidates, {}, &Candidate::unlike);
    candidates.resize(std::min(candidates.size(), kOffsets));

    std::vector<Offset> offsets;
    for (const Candidate& one : candidates)
        for (const Offset& offset : one.multiples.all)
            if (std::ranges::find(offsets, offset) == offsets.end())
                offsets.push_back(offset);
    return offsets;
}

}  // namespace

std::vector<Shift> continuations(const Level& level)
{
    if (known_pixels(level).size() >= level.hole.size())
        return {};
    std::vector<Shift> shifts;
    for (std::size_t plane = 0; plane < level.perspective.count(); ++plane)
        for (const Offset& offset : repeated(seen_from_the_front(level, plane)))
            shifts.push_back({place_of(offset), static_cast<std::uint8_t>(plane)});
    return shifts;
}

}  // namespace platefall::cleanplate
