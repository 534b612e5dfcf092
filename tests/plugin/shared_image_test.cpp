#include "plugin/shared_image.h"

#include "support/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <fcntl.h>
#include <unistd.h>

namespace platefall::plugin {
namespace {

using test::error_of;
using testing::HasSubstr;

/// Overscan, a display window that is not the data window, odd numbers, and values that a half could not hold.
Image picture()
{
    Image image({-3, 2, 10, 9}, {0, 0, 8, 8}, {{"R"}, {"Z", ChannelType::full_float, true}});
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] = static_cast<float>(i) * 1234.567f - 7.0f;
    return image;
}

void expect_same(const Image& a, const Image& b)
{
    ASSERT_EQ(a.data_window(), b.data_window());
    ASSERT_EQ(a.display_window(), b.display_window());
    ASSERT_EQ(a.channels(), b.channels());
    for (std::size_t i = 0; i < a.sample_count(); ++i)
        ASSERT_EQ(a.data()[i], b.data()[i]);
}

TEST(SharedImage, ComesBackBitForBit)
{
    SharedImage shared;
    shared.put(picture());
    expect_same(shared.take({}), picture());
}

TEST(SharedImage, TheOtherSideReadsAndWritesIt)
{
    SharedImage shared, back;
    shared.put(picture());
    back.blank();
    MappedImage there = MappedImage::open(shared.path());
    EXPECT_EQ(there.shape().channels, (std::vector<std::string>{"R", "Z"}));
    MappedImage made = MappedImage::make(back.path(), there.shape());
    EXPECT_EQ(made.samples()[5], 0.0f);
    std::copy_n(there.samples(), there.shape().sample_count(), made.samples());
    expect_same(back.take({}), picture());
}

TEST(SharedImage, ChannelsTakeTheirTypeFromThoseOfTheirName)
{
    SharedImage shared;
    shared.put(picture());
    EXPECT_EQ(shared.take({{"R", ChannelType::full_float}}).channels()[0].type, ChannelType::full_float);
    EXPECT_EQ(shared.take({{"G", ChannelType::full_float}}).channels()[0].type, ChannelType::half_float);
}

TEST(SharedImage, SmallerImageAfterALargerOneIsItself)
{
    SharedImage shared;
    shared.put(Image({0, 0, 64, 64}, {0, 0, 64, 64}, {{"R"}}, 5.0f));
    shared.put(picture());
    expect_same(shared.take({}), picture());
}

TEST(SharedImage, CannotBeTakenAwayByTheOtherSide)
{
    SharedImage shared;
    shared.put(picture());
    EXPECT_NE(::truncate(shared.path().c_str(), 16), 0);
    const int again = ::open(shared.path().c_str(), O_RDWR | O_TRUNC);
    EXPECT_LT(again, 0);
    expect_same(shared.take({}), picture());
}

TEST(SharedImage, ValueThatIsNotFiniteIsRefusedWithItsPlace)
{
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
        Image image({-3, 2, 700, 600}, {0, 0, 8, 8}, {{"R"}, {"G"}});
        image.pixel(699, 599)[0] = bad;
        image.pixel(41, 17)[1] = bad;
        SharedImage shared;
        shared.put(image);
        EXPECT_EQ(error_of([&] { shared.take({}); }), "a value is not finite: channel G at 41,17");
    }
}

std::string refusal(const std::string& header, std::size_t bytes = 1 << 20)
{
    return error_of([&] { parse_header(header, bytes); });
}

TEST(ImageHeader, WhatIsWrongIsSaid)
{
    EXPECT_EQ(refusal(std::string(kHeaderBytes, ' ')), "nothing was written");
    EXPECT_EQ(refusal(std::string(kHeaderBytes, '\0')), "nothing was written");
    EXPECT_THAT(refusal("garbage"), HasSubstr("its header is not what it should be: "));
    EXPECT_EQ(refusal("{}"), "it does not begin with {\"platefall_image\": 1, ...}");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": [], "data_window": [0, 0, 1, 1]})"), "it has no channel");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": [""], "data_window": [0, 0, 1, 1]})"), "a channel has no name");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": ["R", "R"], "data_window": [0, 0, 1, 1]})"),
              "channel 'R' appears twice");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": ["R"], "data_window": [0, 0, 1]})"),
              "'data_window' is not a list of four whole numbers");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": ["R"], "data_window": [5, 0, 1, 1]})"),
              "'data_window' ends before it begins");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": ["R"], "data_window": [0, 0, 99999999999, 1]})"),
              "'data_window' reaches to 99999999999, which no picture does");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": ["R"], "data_window": [0, 0, 100, 10]})", 8095),
              "its header promises 100x10 with channels R, 8096 bytes, but there are 8095");
    EXPECT_EQ(refusal(R"({"platefall_image": 1, "channels": ["R"], "data_window": [0, 0, 100, 10]})", 8096), "no error");
}

TEST(ImageHeader, NamesThatDoNotFitAreRefused)
{
    ImageShape shape{{0, 0, 1, 1}, {0, 0, 1, 1}, {}, {}};
    for (int i = 0; i < 500; ++i)
        shape.channels.push_back("channel" + std::to_string(i));
    EXPECT_THAT(error_of([&] { format_header(shape); }), HasSubstr("the names of its 500 channels do not fit"));
}

}  // namespace
}  // namespace platefall::plugin
