#include "cleanplate/fill/patch_match.h"

#include "base/parallel.h"
#include "cleanplate/fill/patch_difference.h"
#include "base/random_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace platefall::cleanplate {
namespace {

constexpr float kLargestFarness = 98e3f;  // as much as a tenth of a stop in each pixel's colour
constexpr float kStrange = 100e3f;        // at most, at either end of a copy along a plane that it may not be on
constexpr int kSlantedReach_px = 16;      // comparing along a plane is dear, and neighbours bring what is far away
constexpr float kMostEnlarged = 1.45f;    // across the slope of a plane; about twice as much along it

Match random_match(const Level& level, const Pixel& target, std::uint64_t seed, std::uint64_t index)
{
    const Pixel source = level.sources[random_number(seed, index) % level.sources.size()];
    return {.shift = shift_by({source.x - target.x, source.y - target.y})};
}

int pixel_difference(const Feature& a, const Feature& b)
{
    int sum = 0;
    for (int i = 0; i < Feature::kUsed; ++i)
        sum += (a.lane[i] - b.lane[i]) * (a.lane[i] - b.lane[i]);
    return sum;
}

/// The same without the pixels that are ignored around `a`, scaled to a whole patch.
std::uint32_t partial_difference(const Level& level, const Pixel& a, const Pixel& b)
{
    std::uint64_t sum = 0;
    std::uint32_t count = 0;
    for (int y = -kPatchRadius; y <= kPatchRadius; ++y)
        for (int x = -kPatchRadius; x <= kPatchRadius; ++x)
            if (level.kinds(a.x + x, a.y + y) != Kind::ignored) {
                sum += static_cast<std::uint32_t>(
                    pixel_difference(level.features(a.x + x, a.y + y), level.features(b.x + x, b.y + y)));
                ++count;
            }
    return static_cast<std::uint32_t>(sum * kPatchArea / count);  // the middle of a target is never ignored
}

/// What a patch becomes when it is moved along a slanted plane, to first order.
struct Warp {
    Place middle, right, down;  // the last two: what one pixel becomes
};

/// Nothing where the patch would reach out of what may be copied, or be seen too much larger or smaller.
std::optional<Warp> warp(const Level& level, const Pixel& target, const Shift& shift)
{
    const Plane& plane = level.perspective[shift.plane];
    const Place at = place_of(target), middle = plane.moved(at, shift.offset);
    // Written so that what is not a number fails too.
    if (!(middle.x >= 0 && middle.x < static_cast<float>(level.width) && middle.y >= 0
          && middle.y < static_cast<float>(level.height)))
        return {};
    const float here = plane.nearness(at), there = plane.nearness(middle);
    if (!(here > 0 && there < kMostEnlarged * here && kMostEnlarged * there > here))
        return {};
    constexpr float kStep = kPatchRadius;
    const Place right = plane.moved({at.x + kStep, at.y}, shift.offset), left = plane.moved({at.x - kStep, at.y}, shift.offset);
    const Place below = plane.moved({at.x, at.y + kStep}, shift.offset), above = plane.moved({at.x, at.y - kStep}, shift.offset);
    const Warp warp{middle,
                    {(right.x - left.x) / (2 * kStep), (right.y - left.y) / (2 * kStep)},
                    {(below.x - above.x) / (2 * kStep), (below.y - above.y) / (2 * kStep)}};
    const float reach = kStep * std::max(std::abs(warp.right.x) + std::abs(warp.down.x),
                                         std::abs(warp.right.y) + std::abs(warp.down.y));
    const auto [x, y] = nearest_pixel(middle);
    if (!level.room.contains(x, y) || !(reach + 2 <= static_cast<float>(level.room(x, y))))
        return {};
    return warp;
}

/// Squared difference to a patch that is warped, without the pixels that are ignored around the target.
std::uint32_t warped_difference(const Level& level, const Pixel& target, bool is_whole, const Warp& warp,
                                std::uint32_t limit)
{
    const FixedPlace right(warp.right);
    std::uint64_t sum = 0;
    std::uint32_t count = 0;
    for (int dy = -kPatchRadius; dy <= kPatchRadius && sum < limit; ++dy) {
        const auto down = static_cast<float>(dy), back = static_cast<float>(kPatchRadius);
        FixedPlace at({warp.middle.x + down * warp.down.x - back * warp.right.x,
                       warp.middle.y + down * warp.down.y - back * warp.right.y});
        const Feature* row = &level.features(target.x - kPatchRadius, target.y + dy);
        std::array<Feature, kPatchSide> warped;
        for (int i = 0; i < kPatchSide; ++i, at.x += right.x, at.y += right.y) {
            const bool counts = is_whole || level.kinds(target.x - kPatchRadius + i, target.y + dy) != Kind::ignored;
            warped[static_cast<std::size_t>(i)] = counts ? feature_between(level.features, at) : row[i];
            count += counts;
        }
        sum += row_difference(row, warped.data());
    }
    return is_whole ? static_cast<std::uint32_t>(sum) : static_cast<std::uint32_t>(sum * kPatchArea / std::max(count, 1u));
}

/// The search for one target.
class Seeker {
public:
    Seeker(const Level& level, std::size_t target, const Match& start)
        : level_(level), at_(level.targets[target]), is_whole_(level.is_whole[target]), best_(start)
    {
        const float depth = static_cast<float>(level.depth(at_.x, at_.y));
        const float near = static_cast<float>(level.width + level.height) / 16.0f;
        far_ = near * near + depth * depth;
        best_.cost = cost(best_.shift, Match::kUnknown);
    }

    void try_shift(const Shift& shift)
    {
        if (shift == best_.shift)
            return;
        if (const std::uint32_t found = cost(shift, best_.cost); found < best_.cost)
            best_ = {shift, found};
    }

    const Pixel& at() const { return at_; }
    const Match& best() const { return best_; }

private:
    /// `limit` when it is no less than that, or when nothing can be copied.
    std::uint32_t cost(const Shift& shift, std::uint32_t limit) const
    {
        if (shift.plane != 0)
            return cost_on_plane(shift, limit);
        const Pixel source{at_.x + static_cast<int>(shift.offset.x), at_.y + static_cast<int>(shift.offset.y)};
        if (!level_.is_source.contains(source.x, source.y) || !level_.is_source(source.x, source.y))
            return limit;
        const std::uint32_t penalty = farness(place_of(source)) + strangeness(0, source);
        if (penalty >= limit)
            return limit;
        if (is_whole_)
            return penalty
                   + whole_difference(&level_.features(at_.x, at_.y), &level_.features(source.x, source.y),
                                      level_.features.pitch(), limit - penalty);
        return penalty + partial_difference(level_, at_, source);
    }

    std::uint32_t cost_on_plane(const Shift& shift, std::uint32_t limit) const
    {
        const auto warped = warp(level_, at_, shift);
        if (!warped)
            return limit;
        const std::uint32_t penalty = farness(warped->middle) + strangeness(shift.plane, nearest_pixel(warped->middle));
        if (penalty >= limit)
            return limit;
        return penalty + warped_difference(level_, at_, is_whole_, *warped, limit - penalty);
    }

    /// Grows with the square of the distance, measured in parts of the picture, and with less haste where
    /// everything is far away (Huang et al. 2014).
    std::uint32_t farness(const Place& source) const
    {
        const float dx = source.x - static_cast<float>(at_.x), dy = source.y - static_cast<float>(at_.y);
        return static_cast<std::uint32_t>(kLargestFarness * std::min(1.0f, (dx * dx + dy * dy) / far_));
    }

    /// Of copying along a plane what may not lie on it, or to where it may not be.
    std::uint32_t strangeness(std::size_t plane, const Pixel& source) const
    {
        const Perspective& perspective = level_.perspective;
        if (perspective.count() == 1)
            return 0;
        return static_cast<std::uint32_t>(
            kStrange * (2 - perspective.share(plane, at_.x, at_.y) - perspective.share(plane, source.x, source.y)));
    }

    const Level& level_;
    Pixel at_;
    bool is_whole_;
    float far_;  // square of the distance from which on all is equally far
    Match best_;
};

/// What neighbours near and far found, moved along with them.
void try_neighbours(const Level& level, const Field& before, int step, Seeker& seeker)
{
    const Pixel at = seeker.at();
    for (const auto& [dx, dy] : {Pixel{-step, 0}, Pixel{step, 0}, Pixel{0, -step}, Pixel{0, step}}) {
        if (!level.target_at.contains(at.x + dx, at.y + dy))
            continue;
        if (const int neighbour = level.target_at(at.x + dx, at.y + dy); neighbour >= 0)
            seeker.try_shift(before[neighbour].shift);
    }
}

void try_around(const Level& level, int reach, std::uint64_t seed, Seeker& seeker)
{
    std::uint64_t index = 0;
    for (int r = seeker.best().shift.plane == 0 ? reach : std::min(reach, kSlantedReach_px); r >= 1; r /= 2) {
        const std::uint64_t random = random_number(seed, index++);
        const auto side = static_cast<std::uint64_t>(2 * r + 1);
        const auto dx = static_cast<float>(static_cast<int>((random & 0xffffffffu) % side) - r);
        const auto dy = static_cast<float>(static_cast<int>((random >> 32) % side) - r);
        const Shift& best = seeker.best().shift;
        if (best.plane == 0) {
            seeker.try_shift({{best.offset.x + dx, best.offset.y + dy}, 0});
            continue;
        }
        const float step = r > 1 ? 1.0f : 1.0f / 3;  // less than a pixel counts there
        const Place at = place_of(seeker.at()), source = moved(level, at, best);
        const Place other{source.x + dx * step, source.y + dy * step};
        seeker.try_shift({level.perspective[best.plane].offset(at, other), best.plane});
    }
}

/// The same source, seen on another plane: the likelier ones are tried more often.
void try_other_plane(const Level& level, std::uint64_t random, Seeker& seeker)
{
    const Perspective& perspective = level.perspective;
    const Shift& best = seeker.best().shift;
    const Pixel at = seeker.at();
    float chance = 2 * static_cast<float>(random >> 40) / static_cast<float>(1 << 24);
    std::uint8_t plane = 0;
    for (std::size_t i = 1; i < perspective.count() && plane == 0; ++i)
        if ((chance -= perspective.share(i, at.x, at.y)) < 0)
            plane = static_cast<std::uint8_t>(i);
    if (plane == best.plane)
        return;
    const Place source = moved(level, place_of(at), best);
    Place offset = perspective[plane].offset(place_of(at), source);
    if (plane == 0)
        offset = {std::round(offset.x), std::round(offset.y)};
    seeker.try_shift({offset, plane});
}

}  // namespace

bool is_copyable(const Level& level, const Pixel& target, const Shift& shift)
{
    if (shift.plane != 0)
        return warp(level, target, shift).has_value();
    const auto [x, y] = nearest_pixel(moved(level, place_of(target), shift));
    return level.is_source.contains(x, y) && level.is_source(x, y);
}

Field random_field(const Level& level, std::uint64_t seed)
{
    Field field(level.targets.size());
    for (std::size_t i = 0; i < field.size(); ++i)
        field[i] = random_match(level, level.targets[i], seed, i);
    return field;
}

Field carried_up(const Level& fine, const Level& coarse, const Field& field, std::uint64_t seed)
{
    Field result(fine.targets.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const Pixel at = fine.targets[i];
        const int parent = coarse.target_at(at.x / 2, at.y / 2);
        result[i] = random_match(fine, at, seed, i);
        if (parent < 0)
            continue;
        Shift shift = field[parent].shift;
        shift.offset = {2 * shift.offset.x, 2 * shift.offset.y};
        if (is_copyable(fine, at, shift))
            result[i].shift = shift;
        result[i].cost = field[parent].cost;
    }
    return result;
}

void improve(const Level& level, const SearchPlan& plan, Field& field)
{
    constexpr std::array<int, 4> kJumps{8, 2, 4, 16};
    Field before;
    for (int round = 0; round < plan.rounds; ++round) {
        before = field;
        const std::uint64_t round_seed = random_number(plan.seed, static_cast<std::uint64_t>(round));
        parallel_rows(0, static_cast<int>(field.size()), [&](int first, int last) {
            for (int i = first; i < last; ++i) {
                Seeker seeker(level, static_cast<std::size_t>(i), before[i]);
                try_neighbours(level, before, 1, seeker);
                try_neighbours(level, before, kJumps[static_cast<std::size_t>(round) % kJumps.size()],
                               seeker);
                const std::uint64_t random = random_number(round_seed, static_cast<std::uint64_t>(i));
                if (level.perspective.count() > 1)
                    try_other_plane(level, random, seeker);
                try_around(level, plan.reach, random, seeker);
                field[i] = seeker.best();
            }
        });
    }
}

}  // namespace platefall::cleanplate
