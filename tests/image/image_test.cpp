#include <platefall/image.h>

#include <platefall/error.h>

#include "image/pictures.h"

#include <gtest/gtest.h>

namespace platefall {
namespace {

TEST(Windows, MaximumIsExclusive)
{
    const Window window{-10, -5, 10, 5};
    EXPECT_EQ(window.width(), 20);
    EXPECT_EQ(window.height(), 10);
    EXPECT_TRUE(window.contains(-10, -5));
    EXPECT_TRUE(window.contains(9, 4));
    EXPECT_FALSE(window.contains(10, 4));
    EXPECT_FALSE(window.contains(9, 5));
}

TEST(Windows, ThoseThatOnlyTouchDoNotMeet)
{
    EXPECT_EQ(intersect({0, 0, 4, 4}, {4, 0, 8, 4}), Window{});
    EXPECT_EQ(intersect({0, 0, 4, 4}, {2, -3, 8, 3}), (Window{2, 0, 4, 3}));
}

TEST(Windows, AnEmptyOneAddsNothing)
{
    const Window window{5, 6, 7, 8};
    EXPECT_EQ(unite(window, {}), window);
    EXPECT_EQ(unite({100, 100, 100, 200}, window), window);
    EXPECT_EQ(unite(window, {0, 7, 6, 20}), (Window{0, 6, 7, 20}));
}

TEST(Windows, AreDescribedForPeople)
{
    EXPECT_EQ(describe(Window{0, 0, 960, 540}), "960x540");
    EXPECT_EQ(describe(Window{-10, -10, 970, 550}), "980x560 at -10,-10");
}

TEST(ImagePixels, LieWhereTheWindowSays)
{
    Image image({-1, 2, 2, 4}, {0, 0, 4, 4}, test::channels_named({"R", "G"}), 0.5f);
    EXPECT_EQ(image.sample_count(), 3u * 2u * 2u);
    image.pixel(1, 3)[1] = 7.0f;
    EXPECT_EQ(image.data()[image.sample_count() - 1], 7.0f);
    EXPECT_EQ(image.pixel(-1, 2)[0], 0.5f);
    EXPECT_EQ(image.channel_index("G"), 1);
    EXPECT_EQ(image.channel_index("B"), std::nullopt);
}

TEST(ImagePixels, WithoutChannelsAreRefused)
{
    EXPECT_THROW(Image({0, 0, 1, 1}, {0, 0, 1, 1}, {}), Error);
}

TEST(ImagePixels, TwoChannelsOfOneNameAreRefused)
{
    try {
        const Image image({0, 0, 1, 1}, {0, 0, 1, 1}, test::channels_named({"R", "A", "R"}));
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "an image cannot have two channels named 'R' (has R A R)");
    }
}

TEST(ImagePixels, AnEmptyWindowHasNone)
{
    const Image image({0, 0, 0, 0}, {0, 0, 8, 8}, test::channels_named({"A"}));
    EXPECT_EQ(image.sample_count(), 0u);
}

}  // namespace
}  // namespace platefall
