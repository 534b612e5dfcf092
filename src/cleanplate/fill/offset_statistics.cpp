#include "cleanplate/fill/offset_statistics.h"

#include "base/parallel.h"
#include "cleanplate/fill/patch_difference.h"
#include "base/random_number.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr int kSamples = 800;             // known patches that are looked up
constexpr std::size_t kMostOffsets = 60;  // of either sort (He and Sun 2012)
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
        for (int dy = -kPeakRadius_px; dy <= kPeakRadius_px; ++dy)
            for (int dx = -kPeakRadius_px; dx <= kPeakRadius_px; ++dx)
                counts_(middle_.x + offset.x + dx, middle_.y + offset.y + dy) +=
                    std::exp(-static_cast<float>(dx * dx + dy * dy) / 4.0f);
    }

    /// The highest first.
    std::vector<Offset> peaks() const
    {
        std::vector<Pixel> found;
        for (int y = 0; y < counts_.height(); ++y)
            for (int x = 0; x < counts_.width(); ++x)
                if (is_peak(x, y))
                    found.push_back({x, y});
        std::stable_sort(found.begin(), found.end(), [&](const Pixel& a, const Pixel& b) {
            return counts_(a.x, a.y) > counts_(b.x, b.y);
        });
        found.resize(std::min(found.size(), kMostOffsets));
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

}  // namespace

std::vector<Offset> dominant_offsets(const Level& level, std::uint64_t seed)
{
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
    return histogram.peaks();
}

std::vector<Offset> likely_offsets(const Level& level, const Field& field,
                                   const std::vector<Offset>& repetitions)
{
    Histogram used(level);
    for (std::size_t i = 0; i < field.size(); ++i)
        used.add({field[i].x - level.targets[i].x, field[i].y - level.targets[i].y});
    std::vector<Offset> result = used.peaks();
    for (const Offset& offset : repetitions)
        if (std::find(result.begin(), result.end(), offset) == result.end())
            result.push_back(offset);
    return result;
}

}  // namespace platefall::cleanplate
