#include "plugin/weights.h"

#include <gtest/gtest.h>

namespace platefall::plugin {
namespace {

const Window kWindow{0, 0, 4, 1};

Image row(std::vector<Channel> channels, std::vector<float> samples, Window window = kWindow)
{
    Image image(window, kWindow, std::move(channels));
    std::copy(samples.begin(), samples.end(), image.data());
    return image;
}

std::vector<float> samples_of(const Image& image)
{
    return {image.data(), image.data() + image.sample_count()};
}

struct WeightsTest : testing::Test {
    ShotInfo shot;
    Frame frame{shot, 1};
    WeightsTest() { frame.set("plate", row({{"R"}}, {1, 2, 3, 4})); }
};

TEST_F(WeightsTest, WhatIsNotThePlateWasGenerated)
{
    EXPECT_EQ(samples_of(weigh(frame, "clean", row({{"R"}}, {1, 2.5, 3, 0}))), (std::vector<float>{0, 1, 0, 1}));
}

TEST_F(WeightsTest, WhatStaysKeepsTheWeightItHad)
{
    frame.set("comp", row({{"R"}}, {1, 2, 9, 9}));
    frame.set("generated", row({{"generated"}}, {0, 0.25, 0.5, 1}));
    EXPECT_EQ(samples_of(weigh(frame, "comp", row({{"R"}}, {1, 2, 9, 8}))), (std::vector<float>{0, 0.25, 0.5, 1}));
    EXPECT_EQ(samples_of(weigh(frame, "comp", row({{"R"}}, {7, 2, 9, 9}))), (std::vector<float>{1, 0.25, 0.5, 1}));
}

TEST_F(WeightsTest, AlphaOfAPictureWithoutOneIsOne)
{
    EXPECT_EQ(samples_of(weigh(frame, "clean", row({{"R"}, {"A"}}, {1, 1, 2, 0.5, 3, 1, 4, 1}))),
              (std::vector<float>{0, 1, 0, 0}));
}

TEST_F(WeightsTest, BeyondThePlateOnlyNothingIsNothing)
{
    EXPECT_EQ(samples_of(weigh(frame, "clean", row({{"R"}}, {0, 1, 2, 3, 4, 5}, {-1, 0, 5, 1}))),
              (std::vector<float>{0, 0, 0, 0, 0, 1}));
}

TEST(Weights, BelongToPicturesThatDoNotBringTheirOwn)
{
    EXPECT_EQ(layers_without_weight({"comp", "matte.x", "clean", "generated.clean"}), (std::vector<std::string>{"comp"}));
}

}  // namespace
}  // namespace platefall::plugin
