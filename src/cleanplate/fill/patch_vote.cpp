#include "cleanplate/fill/patch_vote.h"

#include "base/parallel.h"
#include "cleanplate/fill/patch_difference.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr float kSame_px = 0.5f;  // votes that are nearer to each other are for the same source

/// The votes for one pixel.
struct Votes {
    struct Vote {
        Place source;
        Shift shift;
        std::uint32_t cost;
        int depth;  // of the patch in the hole, from that of the pixel
    };
    std::array<Vote, kPatchArea> all;
    std::array<float, kPatchArea> weight;
    int count = 0;
};

void collect(const Level& level, const Field& field, const Pixel& at, Votes& votes)
{
    votes.count = 0;
    for (int dy = -kPatchRadius; dy <= kPatchRadius; ++dy)
        for (int dx = -kPatchRadius; dx <= kPatchRadius; ++dx) {
            if (!level.target_at.contains(at.x + dx, at.y + dy))
                continue;
            const int target = level.target_at(at.x + dx, at.y + dy);
            if (target >= 0)
                votes.all[votes.count++] = {moved(level, place_of(at), field[target].shift),
                                            field[target].shift,
                                            field[target].cost,
                                            level.depth(at.x + dx, at.y + dy) - level.depth(at.x, at.y)};
        }
}

/// What lies nearer to the border of the hole is more certain, and so grows inwards.
float trust(int depth)
{
    static_assert(kPatchRadius == 3);
    constexpr float k = 1.5f;
    constexpr std::array<float, 2 * kPatchRadius + 1> kPowers{k * k * k,   k * k,          k, 1, 1 / k,
                                                              1 / (k * k), 1 / (k * k * k)};
    return kPowers[std::clamp(depth, -kPatchRadius, kPatchRadius) + kPatchRadius];
}

/// exp(-cost / 2 sigma^2) with sigma^2 the 75th percentile of the costs (Wexler et al. 2007).
void weigh(Votes& votes)
{
    std::array<std::uint32_t, kPatchArea> costs;
    for (int i = 0; i < votes.count; ++i)
        costs[i] = votes.all[i].cost;
    const auto percentile = costs.begin() + 3 * (votes.count - 1) / 4;
    std::nth_element(costs.begin(), percentile, costs.begin() + votes.count);
    const float scale = -0.5f / std::max(static_cast<float>(*percentile), 1.0f);
    for (int i = 0; i < votes.count; ++i)
        votes.weight[i] = trust(votes.all[i].depth) * std::exp(scale * static_cast<float>(votes.all[i].cost));
}

bool is_same(const Votes::Vote& a, const Votes::Vote& b)
{
    return a.shift.plane == b.shift.plane && are_within(kSame_px, a.source, b.source);
}

/// Adds up the weights of votes for the same source; the first of the heaviest wins.
const Votes::Vote& winner(const Votes& votes)
{
    int best = 0;
    float heaviest = -1;
    for (int i = 0; i < votes.count; ++i) {
        float sum = 0;
        for (int k = 0; k < votes.count; ++k)
            if (is_same(votes.all[k], votes.all[i]))
                sum += votes.weight[k];
        if (sum > heaviest) {
            heaviest = sum;
            best = i;
        }
    }
    return votes.all[best];
}

Feature source_of(const Level& level, const Votes::Vote& vote)
{
    if (vote.shift.plane != 0)
        return feature_between(level.features, FixedPlace(vote.source));
    return level.features(static_cast<int>(vote.source.x), static_cast<int>(vote.source.y));
}

Feature mean(const Level& level, const Votes& votes)
{
    std::array<float, Feature::kUsed> sum{};
    float weight = 0;
    for (int i = 0; i < votes.count; ++i) {
        const Feature source = source_of(level, votes.all[i]);
        for (int c = 0; c < Feature::kUsed; ++c)
            sum[c] += votes.weight[i] * static_cast<float>(source.lane[c]);
        weight += votes.weight[i];
    }
    Feature result;
    for (int c = 0; c < Feature::kUsed; ++c)
        result.lane[c] = static_cast<std::int16_t>(std::lround(sum[c] / weight));
    return result;
}

template <class Use>
void for_each_hole_pixel(const Level& level, const Field& field, Use use)
{
    parallel_rows(0, static_cast<int>(level.hole.size()), [&](int first, int last) {
        Votes votes;
        for (int i = first; i < last; ++i) {
            collect(level, field, level.hole[i], votes);
            weigh(votes);
            use(i, votes);
        }
    });
}

}  // namespace

void vote(const Field& field, Ballot ballot, Level& level)
{
    for_each_hole_pixel(level, field, [&](int i, const Votes& votes) {
        const Pixel at = level.hole[i];
        if (ballot == Ballot::mean) {
            level.features(at.x, at.y) = mean(level, votes);
            return;
        }
        level.features(at.x, at.y) = source_of(level, winner(votes));
    });
}

std::vector<Shift> winners(const Level& level, const Field& field)
{
    std::vector<Shift> result(level.hole.size());
    for_each_hole_pixel(level, field, [&](int i, const Votes& votes) { result[i] = winner(votes).shift; });
    return result;
}

}  // namespace platefall::cleanplate
