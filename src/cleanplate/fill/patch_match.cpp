#include "cleanplate/fill/patch_match.h"

#include "base/parallel.h"
#include "cleanplate/fill/patch_difference.h"
#include "base/random_number.h"

#include <algorithm>
#include <array>

namespace platefall::cleanplate {
namespace {

constexpr float kLargestFarness = 98e3f;  // as much as a tenth of a stop in each pixel's colour

Match random_match(const Level& level, std::uint64_t seed, std::uint64_t index)
{
    return match_at(level.sources[random_number(seed, index) % level.sources.size()]);
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

/// The search for one target.
class Seeker {
public:
    Seeker(const Level& level, std::size_t target, const Match& start)
        : level_(level), at_(level.targets[target]), is_whole_(level.is_whole[target]), best_(start)
    {
        const float depth = static_cast<float>(level.depth(at_.x, at_.y));
        const float near = static_cast<float>(level.width + level.height) / 16.0f;
        far_ = near * near + depth * depth;
        best_.cost = cost(best_, Match::kUnknown);
    }

    void try_source(int x, int y)
    {
        if (!level_.is_source.contains(x, y) || !level_.is_source(x, y) || (x == best_.x && y == best_.y))
            return;
        Match candidate = match_at({x, y});
        candidate.cost = cost(candidate, best_.cost);
        if (candidate.cost < best_.cost)
            best_ = candidate;
    }

    const Pixel& at() const { return at_; }
    const Match& best() const { return best_; }

private:
    std::uint32_t cost(const Match& match, std::uint32_t limit) const
    {
        const std::uint32_t penalty = farness(match);
        if (penalty >= limit)
            return limit;
        if (is_whole_)
            return penalty
                   + whole_difference(&level_.features(at_.x, at_.y), &level_.features(match.x, match.y),
                                      level_.features.pitch(), limit - penalty);
        return penalty + partial_difference(level_, at_, {match.x, match.y});
    }

    /// Grows with the square of the distance, measured in parts of the picture, and with less haste where
    /// everything is far away (Huang et al. 2014).
    std::uint32_t farness(const Match& match) const
    {
        const auto dx = static_cast<float>(match.x - at_.x), dy = static_cast<float>(match.y - at_.y);
        return static_cast<std::uint32_t>(kLargestFarness * std::min(1.0f, (dx * dx + dy * dy) / far_));
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
            seeker.try_source(before[neighbour].x - dx, before[neighbour].y - dy);
    }
}

void try_around(int reach, std::uint64_t seed, Seeker& seeker)
{
    std::uint64_t index = 0;
    for (int r = reach; r >= 1; r /= 2) {
        const std::uint64_t random = random_number(seed, index++);
        const auto side = static_cast<std::uint64_t>(2 * r + 1);
        const int dx = static_cast<int>((random & 0xffffffffu) % side) - r;
        const int dy = static_cast<int>((random >> 32) % side) - r;
        seeker.try_source(seeker.best().x + dx, seeker.best().y + dy);
    }
}

}  // namespace

Field random_field(const Level& level, std::uint64_t seed)
{
    Field field(level.targets.size());
    for (std::size_t i = 0; i < field.size(); ++i)
        field[i] = random_match(level, seed, i);
    return field;
}

Field carried_up(const Level& fine, const Level& coarse, const Field& field, std::uint64_t seed)
{
    Field result(fine.targets.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const Pixel at = fine.targets[i];
        const int parent = coarse.target_at(at.x / 2, at.y / 2);
        result[i] = random_match(fine, seed, i);
        if (parent < 0)
            continue;
        const int x = 2 * field[parent].x + at.x % 2, y = 2 * field[parent].y + at.y % 2;
        if (fine.is_source.contains(x, y) && fine.is_source(x, y))
            result[i] = match_at({x, y});
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
                try_around(plan.reach, random_number(round_seed, static_cast<std::uint64_t>(i)), seeker);
                field[i] = seeker.best();
            }
        });
    }
}

}  // namespace platefall::cleanplate
