#include "cleanplate/fill/offset_statistics.h"

#include "base/parallel.h"
#include "cleanplate/fill/front_view.h"
#include "cleanplate/fill/patch_difference.h"
#include "base/random_number.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr int kSamples = 800;             // known patches that are looked up
constexpr std::size_t kMostOffsets = 60;  // of either sort, on all planes together (He and Sun 2012)
constexpr int kNearest = 30;              // nothing nearer than the picture's longer side divided by this
constexpr int kPeakRadius_px = 3;

Offset nearest_repetition(const Level& level, const Pixel& at)
{
    const int near = std::max(level.width, level.height) / kNearest;
    Offset best{};
    std::uint32_t least = Match::kUnknown;
    for (const Pixel& source : level.sources) {
        const int dx = source.x - at.x, dy = source.y - at.y;
        if (dx * dx + dy * dy <= near * near)
            continue;
        const std::uint32_t difference = whole_difference(
            &level.features(at.x, at.y), &level.features(source.x, source.y), level.features.pitch(), least);
        if (difference < least) {
            least = difference;
            best = {dx, dy};
        }
    }
    return best;
}

/// How often each offset occurs, blurred a little; (0, 0) lies in the middle.
class Histogram {
public:
    explicit Histogram(const Level& level)
        : middle_{level.width, level.height},
          counts_(2 * level.width + 1, 2 * level.height + 1, kPeakRadius_px, 0.0f)
    {
    }

    void add(const Offset& offset)
    {
        if (std::abs(offset.x) > middle_.x || std::abs(offset.y) > middle_.y)
            return;
        for (int dy = -kPeakRadius_px; dy <= kPeakRadius_px; ++dy)
            for (int dx = -kPeakRadius_px; dx <= kPeakRadius_px; ++dx)
                counts_(middle_.x + offset.x + dx, middle_.y + offset.y + dy) +=
                    std::exp(-static_cast<float>(dx * dx + dy * dy) / 4.0f);
    }

    /// The highest first.
    std::vector<Offset> peaks(std::size_t most) const
    {
        std::vector<Pixel> found;
        for (int y = 0; y < counts_.height(); ++y)
            for (int x = 0; x < counts_.width(); ++x)
                if (is_peak(x, y))
                    found.push_back({x, y});
        std::stable_sort(found.begin(), found.end(), [&](const Pixel& a, const Pixel& b) {
            return counts_(a.x, a.y) > counts_(b.x, b.y);
        });
        found.resize(std::min(found.size(), most));
        for (Pixel& p : found)
            p = {p.x - middle_.x, p.y - middle_.y};
        return found;
    }

private:
    /// Of equals the last in reading order counts.
    bool is_peak(int x, int y) const
    {
        const float here = counts_(x, y);
        if (here <= 0 || (x == middle_.x && y == middle_.y))
            return false;
        for (int dy = -kPeakRadius_px; dy <= kPeakRadius_px; ++dy)
            for (int dx = -kPeakRadius_px; dx <= kPeakRadius_px; ++dx) {
                const float there = counts_(x + dx, y + dy);
                const bool is_later = dy > 0 || (dy == 0 && dx > 0);
                if (there > here || (there == here && is_later))
                    return false;
            }
        return true;
    }

    Pixel middle_;
    Raster<float> counts_;
};

std::vector<Offset> dominant_offsets(const Level& level, std::uint64_t seed, std::size_t most)
{
    if (level.sources.empty())
        return {};
    std::vector<Offset> found(kSamples);
    parallel_each(kSamples, [&](int i) {
        const auto pick = random_number(seed, static_cast<std::uint64_t>(i)) % level.sources.size();
        found[i] = nearest_repetition(level, level.sources[pick]);
    });
    Histogram histogram(level);
    for (const Offset& offset : found) {
        histogram.add(offset);
        histogram.add({-offset.x, -offset.y});
    }
    return histogram.peaks(most);
}

}  // namespace

std::vector<Shift> dominant_shifts(const Level& level, std::uint64_t seed)
{
    const std::size_t most = kMostOffsets / level.perspective.count();
    std::vector<Shift> shifts;
    for (std::size_t plane = 0; plane < level.perspective.count(); ++plane)
        for (const Offset& offset : dominant_offsets(seen_from_the_front(level, plane), seed + plane, most))
            shifts.push_back({place_of(offset), static_cast<std::uint8_t>(plane)});
    return shifts;
}

std::vector<Shift> likely_shifts(const Level& level, const Field& field, const std::vector<Shift>& repetitions)
{
    std::vector<Shift> result;
    for (std::size_t plane = 0; plane < level.perspective.count(); ++plane) {
        Histogram used(level);
        for (const Match& match : field)
            if (match.shift.plane == plane)
                used.add(nearest_pixel(match.shift.offset));
        for (const Offset& offset : used.peaks(kMostOffsets / level.perspective.count()))
            result.push_back({place_of(offset), static_cast<std::uint8_t>(plane)});
    }
    for (const Shift& shift : repetitions)
        if (std::ranges::find(result, shift) == result.end())
            result.push_back(shift);
    return result;
}

}  // namespace platefall::cleanplate
