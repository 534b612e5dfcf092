#include "cleanplate/fill/offset_statistics.h"

#include "base/parallel.h"
#include "cleanplate/fill/shift_map.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::cleanplate {
namespace {

/// Every cell of 24 x 16 pixels looks the same, and inside it nothing does.
std::int16_t wall(int x, int y)
{
    const int cx = x % 24, cy = y % 16;
    return static_cast<std::int16_t>(1000 + (cx * 37 + cy * 101 + cx * cy * 13) % 700);
}

Level wall_with_hole()
{
    constexpr int kWidth = 160, kHeight = 120;
    Raster<Feature> features(kWidth, kHeight, kPatchRadius, Feature{});
    Raster<Kind> kinds(kWidth, kHeight, kPatchRadius, Kind::ignored);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x) {
            const bool is_hole = x >= 60 && x < 100 && y >= 40 && y < 70;
            kinds(x, y) = is_hole ? Kind::hole : Kind::source;
            if (!is_hole)
                features(x, y).lane = {wall(x, y), wall(x, y), wall(x, y)};
        }
    return make_level(std::move(features), std::move(kinds));
}

TEST(OffsetStatistics, ThePeriodsOfAWallAreItsMostCommonOffsets)
{
    const std::vector<Shift> shifts = dominant_shifts(wall_with_hole(), 1);
    ASSERT_GE(shifts.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) {
        const Offset offset = nearest_pixel(shifts[i].offset);
        EXPECT_EQ(offset.x % 24, 0);
        EXPECT_EQ(offset.y % 16, 0);
    }
}

TEST(OffsetStatistics, NoOffsetComesTwice)
{
    const Level level = wall_with_hole();
    const auto offsets = likely_shifts(level, random_field(level, 3), dominant_shifts(level, 1));
    for (std::size_t i = 0; i < offsets.size(); ++i)
        EXPECT_EQ(std::count(offsets.begin(), offsets.end(), offsets[i]), 1);
}

TEST(ShiftMap, AWallIsPutTogetherExactlyFromNothingButItsPeriods)
{
    Level level = wall_with_hole();
    Field field = random_field(level, 3);
    piece_together(dominant_shifts(level, 1), level, field);
    int wrong = 0;
    for (const Pixel& p : level.hole)
        wrong += level.features(p.x, p.y).lane[0] != wall(p.x, p.y);
    EXPECT_LE(wrong, static_cast<int>(level.hole.size() / 50));
}

TEST(ShiftMap, TheFieldFollowsThePiecesOnAnyNumberOfThreads)
{
    const auto pieced = [](int threads) {
        const ThreadLimit limit(threads);
        Level level = wall_with_hole();
        Field field = random_field(level, 3);
        piece_together(dominant_shifts(level, 1), level, field);
        return field;
    };
    const Field one = pieced(1), two = pieced(2);
    int different = 0, in_step = 0, inside = 0;
    const Level level = wall_with_hole();
    for (std::size_t i = 0; i < one.size(); ++i) {
        different += one[i].shift != two[i].shift;
        if (level.kinds(level.targets[i].x, level.targets[i].y) != Kind::hole)
            continue;
        ++inside;
        const Offset offset = nearest_pixel(one[i].shift.offset);
        in_step += offset.x % 24 == 0 && offset.y % 16 == 0;
    }
    EXPECT_EQ(different, 0);
    EXPECT_GE(in_step, inside * 9 / 10);
}

}  // namespace
}  // namespace platefall::cleanplate
