#include "comp/light_wrap.h"

#include "base/parallel.h"
#include "comp_helpers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::comp {
namespace {

constexpr Window kCard{16, 8, 48, 24};

/// A card of one brightness before a ground of another.
Image card_before(float ground, float card)
{
    Image picture = flat(kDisplay, "RGB", {ground, ground, ground});
    for (int y = kCard.y0; y < kCard.y1; ++y)
        for (int x = kCard.x0; x < kCard.x1; ++x)
            std::fill_n(picture.pixel(x, y), 3, card);
    return picture;
}

Image share_of_card(float alpha = 1)
{
    Image share = flat(kDisplay, "A", {0});
    for (int y = kCard.y0; y < kCard.y1; ++y)
        for (int x = kCard.x0; x < kCard.x1; ++x)
            *share.pixel(x, y) = alpha;
    return share;
}

TEST(LightWrap, ABrightGroundBleedsOverTheEdgeAndFallsOffInside)
{
    Image picture = card_before(1, 0.1f);
    wrap_light(picture, share_of_card(), 0.5f, 4);
    EXPECT_GT(at(picture, 16, 16, "R"), 0.15f);
    EXPECT_GT(at(picture, 16, 16, "R"), at(picture, 18, 16, "R"));
    EXPECT_GT(at(picture, 18, 16, "R"), at(picture, 21, 16, "R"));
}

TEST(LightWrap, NothingBecomesBrighterThanWhatIsAround)
{
    Image picture = card_before(0.8f, 0.1f);
    wrap_light(picture, share_of_card(), 1, 6);
    for (int y = kCard.y0; y < kCard.y1; ++y)
        for (int x = kCard.x0; x < kCard.x1; ++x)
            ASSERT_LE(at(picture, x, y, "G"), 0.8f);
}

TEST(LightWrap, ADarkGroundTakesNothingAway)
{
    Image picture = card_before(0.1f, 0.8f);
    const Image before = picture;
    wrap_light(picture, share_of_card(), 1, 6);
    EXPECT_EQ(differing_samples(picture, before), 0);
}

TEST(LightWrap, OutsideTheLayerAndDeepInsideEveryBitStays)
{
    Image picture = card_before(3, 0.1f);
    const Image before = picture;
    wrap_light(picture, share_of_card(), 1, 2);
    int changed = 0;
    for (int y = 0; y < kDisplay.y1; ++y)
        for (int x = 0; x < kDisplay.x1; ++x) {
            const int inside = std::min({x - kCard.x0, y - kCard.y0, kCard.y1 - 1 - y});
            if (inside < 0 || inside > 5) {
                ASSERT_EQ(bits(at(picture, x, y, "R")), bits(at(before, x, y, "R"))) << x << "," << y;
            }
            changed += at(picture, x, y, "R") > at(before, x, y, "R");
        }
    EXPECT_GT(changed, 60);
}

TEST(LightWrap, TheFramesBorderIsNoEdge)
{
    Image picture = card_before(1, 0.1f);
    wrap_light(picture, share_of_card(), 1, 4);
    EXPECT_LT(at(picture, 47, 16, "R"), 0.101f); // the card ends there with the picture
}

TEST(LightWrap, AnEmptyLayerChangesNoBit)
{
    Image picture = noise(kDisplay, "RGB", 3);
    const Image before = picture;
    wrap_light(picture, share_of_card(0), 1, 8);
    EXPECT_EQ(differing_samples(picture, before), 0);
}

TEST(LightWrap, OneThreadAndManyGiveTheSameBits)
{
    Image many = card_before(1, 0.1f), one = many;
    wrap_light(many, share_of_card(0.7f), 0.6f, 9);
    const ThreadLimit limit(1);
    wrap_light(one, share_of_card(0.7f), 0.6f, 9);
    EXPECT_EQ(differing_samples(many, one), 0);
}

} // namespace
} // namespace platefall::comp
