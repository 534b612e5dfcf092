#include "image/lossless.h"

#include "image/pictures.h"
#include "image/read.h"
#include "image/windows.h"
#include "image/write.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace platefall {
namespace {

const Window kWindow{0, 0, 67, 41};

/// Noise of the whole range of exponents, as ids have it, that is good as a half where it must be.
float any_number(std::uint32_t& state, ChannelType type)
{
    state = state * 1664525u + 1013904223u;
    const std::uint32_t exponent = type == ChannelType::half_float ? 113 + (state >> 25) % 29 : 1 + (state >> 24) % 254;
    const std::uint32_t mantissa = type == ChannelType::half_float ? (state & 0x3ffu) << 13 : state & 0x7fffffu;
    return std::bit_cast<float>((state & 0x80000000u) | exponent << 23 | mantissa);
}

/// A picture in colour, and the channel in question filled with noise.
Image picture_with(const Channel& channel)
{
    std::vector<Channel> channels = test::channels_named({"R", "G", "B", "A"});
    channels.push_back(channel);
    Image image = test::noise(kWindow, kWindow, channels);
    std::uint32_t state = 7;
    for (std::size_t i = 4; i < image.sample_count(); i += 5)
        image.data()[i] = any_number(state, channel.type);
    return image;
}

/// How many samples of the last channel a file does not give back, bit for bit.
int lost(const Image& image, const WriteOptions& options)
{
    const test::TempFolder folder;
    write_exr(folder / "a.exr", image, {}, options);
    const Image back = pick_channels(read_image(folder / "a.exr").image, {image.channels().back().name});
    int count = 0;
    const std::size_t channels = image.channels().size();
    for (std::size_t i = 0; i < back.sample_count(); ++i)
        count += std::bit_cast<std::uint32_t>(back.data()[i])
                 != std::bit_cast<std::uint32_t>(image.data()[i * channels + channels - 1]);
    return count;
}

class Lossless : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(All, Lossless, testing::ValuesIn(exr_compressions()),
                         [](const auto& test) { return test.param; });

TEST_P(Lossless, IsSaidOfTheChannelsThatOpenExrGivesBack)
{
    for (const ChannelType type : {ChannelType::half_float, ChannelType::full_float})
        for (const char* name : {"aov.R", "aov.G", "aov.B", "aov.Y", "aov.RY", "aov.BY", "aov.A", "Z", "u", "aov.r",
                                 "aov.y", "aov.a", "aov00.r"}) {
            const Channel channel{name, type};
            EXPECT_EQ(lost(picture_with(channel), {.compression = GetParam()}) == 0, is_kept(channel, GetParam()))
                << name << (type == ChannelType::half_float ? " half" : " float");
        }
}

TEST_P(Lossless, DataComesBackWhateverTheCompression)
{
    for (const ChannelType type : {ChannelType::half_float, ChannelType::full_float})
        for (const char* name : {"id.R", "Y", "id.r", "Z"})
            for (const int tile : {0, 32})
                EXPECT_EQ(lost(picture_with({name, type, true}), {.compression = GetParam(), .tile_px = tile}), 0)
                    << name << " in tiles of " << tile;
}

TEST_P(Lossless, OneChannelOfDataAloneComesBack)
{
    Image ids(kWindow, kWindow, {{"id.R", ChannelType::full_float, true}});
    std::uint32_t state = 3;
    for (std::size_t i = 0; i < ids.sample_count(); ++i)
        ids.data()[i] = any_number(state, ChannelType::full_float);
    EXPECT_EQ(lost(ids, {.compression = GetParam()}), 0);
    EXPECT_EQ(lost(ids, {.compression = GetParam(), .tile_px = 16}), 0);
}

TEST(LosslessChoice, KeepsWhatWasAskedForWhereNoDataSuffers)
{
    const std::vector<Channel> colour = test::channels_named({"R", "G", "B"});
    std::vector<Channel> with_data = colour;
    with_data.push_back({"crypto00.r", ChannelType::full_float, true});
    EXPECT_EQ(compression_for(colour, "dwaa"), "dwaa");
    EXPECT_EQ(compression_for(with_data, "dwaa"), "dwaa") << "lower-case names are left alone";
    EXPECT_EQ(compression_for(with_data, "b44"), "b44") << "floats are left alone";
    EXPECT_EQ(compression_for(with_data, "pxr24"), "zip");
    with_data.push_back({"velocity.R", ChannelType::full_float, true});
    EXPECT_EQ(compression_for(with_data, "dwaa"), "zip");
    EXPECT_EQ(compression_for(with_data, "piz"), "piz");
    EXPECT_EQ(compression_for({{"Z", ChannelType::full_float, true}}, "dwab"), "zip") << "nothing for it to work on";
}

}  // namespace
}  // namespace platefall
