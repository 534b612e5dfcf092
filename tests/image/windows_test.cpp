#include "image/windows.h"

#include "image/pictures.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace platefall {
namespace {

using test::channels_named;
using test::noise;
using test::samples_of;

TEST(MovingBetweenWindows, CropsAndPads)
{
    const Image image = noise({0, 0, 4, 4}, {0, 0, 4, 4}, channels_named({"R", "A"}));
    const Image moved = with_data_window(image, {2, -1, 6, 3}, 0.25f);
    EXPECT_EQ(moved.data_window(), (Window{2, -1, 6, 3}));
    EXPECT_EQ(moved.display_window(), image.display_window());
    for (int y = -1; y < 3; ++y)
        for (int x = 2; x < 6; ++x)
            for (int c = 0; c < 2; ++c) {
                const float expected = image.data_window().contains(x, y) ? image.pixel(x, y)[c] : 0.25f;
                EXPECT_EQ(moved.pixel(x, y)[c], expected) << x << "," << y;
            }
}

TEST(MovingBetweenWindows, ToOneThatDoesNotMeetLeavesOnlyTheFill)
{
    const Image moved = with_data_window(noise(4, 4, {"A"}), {10, 10, 12, 12});
    EXPECT_EQ(samples_of(moved), std::vector<float>(4, 0.0f));
}

TEST(Shrinking, RoundsWindowsOutwards)
{
    EXPECT_EQ(shrink(Window{0, 0, 1920, 1080}, 2), (Window{0, 0, 960, 540}));
    EXPECT_EQ(shrink(Window{-3, -4, 5, 7}, 2), (Window{-2, -2, 3, 4}));
    EXPECT_EQ(shrink(Window{-1, -1, 0, 0}, 4), (Window{-1, -1, 0, 0}));
    EXPECT_EQ(shrink(Window{}, 2), Window{});
}

TEST(Shrinking, AveragesBlocks)
{
    Image image({0, 0, 4, 2}, {0, 0, 4, 2}, channels_named({"Y"}));
    for (int i = 0; i < 8; ++i)
        image.data()[i] = static_cast<float>(i);
    const Image half = shrink(image, 2);
    EXPECT_EQ(half.data_window(), (Window{0, 0, 2, 1}));
    EXPECT_EQ(samples_of(half), (std::vector<float>{2.5f, 4.5f}));
}

TEST(Shrinking, EdgesOfOddWindowsStayAsBright)
{
    const Window window{-3, -5, 6, 4};
    const Image image(window, window, channels_named({"Y"}), 0.75f);
    const Image half = shrink(image, 2);
    EXPECT_EQ(half.data_window(), (Window{-2, -3, 3, 2}));
    for (const float value : samples_of(half))
        EXPECT_EQ(value, 0.75f);
}

TEST(Shrinking, ByOneChangesNothing)
{
    const Image image = noise(5, 3, {"R", "G", "B"});
    EXPECT_EQ(samples_of(shrink(image, 1)), samples_of(image));
}

TEST(PickingChannels, ReordersThem)
{
    const Image image = noise(3, 2, {"R", "G", "B", "A"});
    const Image picked = pick_channels(image, {"A", "R"});
    EXPECT_EQ(describe(picked.channels()), "A R");
    EXPECT_EQ(picked.pixel(2, 1)[0], image.pixel(2, 1)[3]);
    EXPECT_EQ(picked.pixel(2, 1)[1], image.pixel(2, 1)[0]);
}

TEST(PickingChannels, OneThatIsNotThereIsADefectOfTheCaller)
{
    EXPECT_THROW(pick_channels(noise(3, 2, {"R"}), {"Z"}), std::logic_error);
}

}  // namespace
}  // namespace platefall
