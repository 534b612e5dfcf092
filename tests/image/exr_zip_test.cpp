#include "image/exr_zip.h"

#include <platefall/error.h>

#include "base/parallel.h"
#include "image/exr_files.h"
#include "image/exr_zip_read.h"
#include "image/pictures.h"
#include "image/read.h"
#include "image/write.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <utility>

namespace platefall {
namespace {

using OIIO::TypeDesc;
using test::channels_named;
using test::noise;
using test::samples_of;
using test::TempFolder;
using testing::StartsWith;

std::vector<std::byte> pseudorandom_bytes(std::size_t count, int bits = 8)
{
    std::vector<std::byte> bytes;
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < count; ++i) {
        state = state * 1664525u + 1013904223u;
        bytes.push_back(static_cast<std::byte>(state >> 24 >> (8 - bits)));
    }
    return bytes;
}

std::vector<std::byte> packed_and_unpacked(const std::vector<std::byte>& chunk)
{
    ZipPacker packer(16, chunk.size());
    const auto packed = packer.pack(chunk);
    std::vector<std::byte> back(chunk.size());
    EXPECT_TRUE(ZipUnpacker(chunk.size()).unpack(packed, back));
    return back;
}

TEST(ZipChunks, ComeBackWhateverTheirLength)
{
    for (std::size_t count = 2; count < 200; count += 2)
        for (const int bits : {0, 3, 8})
            EXPECT_EQ(packed_and_unpacked(pseudorandom_bytes(count, bits)), pseudorandom_bytes(count, bits));
}

TEST(ZipChunks, ThatDoNotGetSmallerAreKeptAsTheyAre)
{
    const std::vector<std::byte> chunk = pseudorandom_bytes(5000);
    ZipPacker packer(16, chunk.size());
    const auto packed = packer.pack(chunk);
    EXPECT_EQ(std::vector(packed.begin(), packed.end()), chunk);
}

TEST(ZipChunks, OfAnotherLengthAreDamaged)
{
    const std::vector<std::byte> chunk = pseudorandom_bytes(1000, 2);
    ZipPacker packer(16, chunk.size());
    const auto packed = packer.pack(chunk);
    std::vector<std::byte> back(2000);
    ZipUnpacker unpacker(back.size());
    for (const std::size_t count : {998u, 1002u, 2000u})
        EXPECT_FALSE(unpacker.unpack(packed, std::span(back).first(count))) << count;
    EXPECT_FALSE(unpacker.unpack(packed.first(packed.size() - 1), std::span(back).first(1000)));
    EXPECT_FALSE(unpacker.unpack({}, std::span(back).first(1000)));
    EXPECT_TRUE(unpacker.unpack(packed, std::span(back).first(1000)));
}

/// Every channel as OIIO reads it, in its own type: no integer is scaled.
std::map<std::string, std::vector<float>> channels_by_oiio(const std::filesystem::path& path)
{
    std::map<std::string, std::vector<float>> channels;
    const auto input = OIIO::ImageInput::open(path.string());
    EXPECT_TRUE(input) << OIIO::geterror();
    const OIIO::ImageSpec spec = input->spec();
    for (int c = 0; c < spec.nchannels; ++c) {
        std::vector<float> samples(spec.image_pixels());
        if (spec.channelformat(c) == TypeDesc::UINT32) {
            std::vector<std::uint32_t> numbers(samples.size());
            EXPECT_TRUE(input->read_image(0, 0, c, c + 1, TypeDesc::UINT32, numbers.data()));
            std::copy(numbers.begin(), numbers.end(), samples.begin());
        } else {
            EXPECT_TRUE(input->read_image(0, 0, c, c + 1, TypeDesc::FLOAT, samples.data()));
        }
        channels[spec.channelnames[c]] = samples;
    }
    return channels;
}

std::map<std::string, std::vector<float>> channels_of(const Image& image)
{
    std::map<std::string, std::vector<float>> channels;
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        channels[image.channels()[i % image.channels().size()].name].push_back(image.data()[i]);
    return channels;
}

/// A picture with the values of counting whole numbers, which every type holds exactly.
Image numbered(const Window& data, std::vector<Channel> channels)
{
    Image image(data, {0, 0, 64, 48}, std::move(channels));
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] = static_cast<float>(i * 7919 % 2039);
    return image;
}

std::vector<Channel> mixed_channels()
{
    return {{"Z", ChannelType::full_float},     {"id", ChannelType::unsigned_int},
            {"R", ChannelType::half_float},     {"normal.X", ChannelType::full_float},
            {"A", ChannelType::half_float},     {"B", ChannelType::half_float},
            {"mask", ChannelType::unsigned_int}};
}

std::vector<std::vector<Channel>> kinds_of_channels()
{
    std::vector<std::string> many;
    for (int i = 0; i < 40; ++i)
        many.push_back("layer" + std::to_string(i) + ".A");
    return {channels_named({"R", "G", "B", "A"}), channels_named({"Y"}), mixed_channels(),
            channels_named(many)};
}

std::vector<std::byte> bytes_of(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<std::byte> bytes(std::filesystem::file_size(path));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

void write_bytes(const std::filesystem::path& path, const std::vector<std::byte>& bytes)
{
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

struct Header {
    std::map<std::string, std::string> attributes;  ///< type and value
    std::size_t end = 0;                            ///< where the table of chunk offsets begins
};

Header header_of(const std::vector<std::byte>& file)
{
    Header header;
    const char* const begin = reinterpret_cast<const char*>(file.data());
    const char* at = begin + 8;  // magic and version
    while (*at != '\0') {
        const std::string name = at;
        const std::string type = at += name.size() + 1;
        at += type.size() + 1;
        std::uint32_t size = 0;
        std::memcpy(&size, at, sizeof size);
        header.attributes[name] = type + "=" + std::string(at + sizeof size, size);
        at += sizeof size + size;
    }
    header.end = static_cast<std::size_t>(at + 1 - begin);
    return header;
}

class ZipFiles : public testing::Test, public testing::WithParamInterface<const char*> {
protected:
    /// Written by OIIO alone.
    void write_by_oiio(const Image& image, const std::string& line_order = "increasingY")
    {
        const Window& data = image.data_window();
        OIIO::ImageSpec spec = test::spec_of(data.x0, data.y0, data.width(), data.height(), {});
        spec.nchannels = image.channel_count();
        for (const Channel& channel : image.channels()) {
            spec.channelnames.push_back(channel.name);
            spec.channelformats.push_back(channel.type == ChannelType::half_float   ? TypeDesc::HALF
                                          : channel.type == ChannelType::full_float ? TypeDesc::FLOAT
                                                                                    : TypeDesc::UINT32);
        }
        spec.attribute("compression", GetParam());
        spec.attribute("openexr:lineOrder", line_order);
        const auto output = OIIO::ImageOutput::create(path_.string());
        ASSERT_TRUE(output->open(path_.string(), spec)) << output->geterror();
        std::vector<std::byte> pixels;
        for (std::size_t i = 0; i < image.sample_count(); ++i)
            append_native(pixels, image.data()[i], image.channels()[i % image.channels().size()].type);
        ASSERT_TRUE(output->write_image(OIIO::TypeUnknown, pixels.data())) << output->geterror();
        ASSERT_TRUE(output->close()) << output->geterror();
    }

    /// By our own reader of chunks, which must not leave it to OIIO.
    std::optional<Image> read_by_chunks()
    {
        const OpenFile file = open_image_file(path_);
        const Selection selection = select_layer(file, path_, "");
        Image image(selection.data_window(), selection.display_window(), selection.channels());
        if (!read_zip_chunks(path_, selection, image))
            return std::nullopt;
        return image;
    }

    TempFolder folder_;
    std::filesystem::path path_ = folder_ / "picture.exr";

private:
    static void append_native(std::vector<std::byte>& pixels, float sample, ChannelType type)
    {
        const auto append = [&](const auto& value) {
            const auto* from = reinterpret_cast<const std::byte*>(&value);
            pixels.insert(pixels.end(), from, from + sizeof value);
        };
        std::uint16_t half = 0;
        halves_from_floats(&sample, 1, &half);
        if (type == ChannelType::half_float)
            append(half);
        else if (type == ChannelType::full_float)
            append(sample);
        else
            append(uint_from_float(sample));
    }
};

TEST_P(ZipFiles, OfOursAreReadByOiioWhateverTheirSizeAndChannels)
{
    for (const auto& channels : kinds_of_channels())
        for (int width = 1; width <= 40; ++width) {
            const int height = width * 7 % 37 + 1;
            const Image image = numbered({-width, 3 - width, 0, 3 - width + height}, channels);
            write_exr(path_, image, {}, {.compression = GetParam()});
            ASSERT_EQ(channels_by_oiio(path_), channels_of(image)) << describe(image.data_window());
            ASSERT_EQ(read_header(path_).data, image.data_window());
        }
}

TEST_P(ZipFiles, OfOiioAreReadByOursWhateverTheirSizeAndChannels)
{
    for (const auto& channels : kinds_of_channels())
        for (int width = 1; width <= 40; ++width) {
            const int height = width * 7 % 37 + 1;
            const Image image = numbered({-width, 3 - width, 0, 3 - width + height}, channels);
            write_by_oiio(image);
            const auto read = read_by_chunks();
            ASSERT_TRUE(read) << describe(image.data_window());
            ASSERT_EQ(channels_of(*read), channels_of(image)) << describe(image.data_window());
        }
}

TEST_P(ZipFiles, ThatDoNotCompressAreReadBothWays)
{
    Image image(Window{0, 0, 37, 35}, Window{0, 0, 37, 35},
                channels_named({"R", "G"}, ChannelType::full_float));
    const auto random = pseudorandom_bytes(image.bytes());
    std::memcpy(image.data(), random.data(), random.size());
    for (float* sample = image.data(); sample != image.data() + image.sample_count(); ++sample)
        if (!all_finite(sample, 1))
            *sample = 1.0f;

    write_by_oiio(image);
    EXPECT_EQ(samples_of(read_by_chunks().value()), samples_of(image));
    write_exr(path_, image, {}, {.compression = GetParam()});
    EXPECT_GT(std::filesystem::file_size(path_), image.bytes());
    EXPECT_EQ(channels_by_oiio(path_), channels_of(image));
}

TEST_P(ZipFiles, WithTheirLastLineFirstAreRead)
{
    const Image image = numbered({-3, 5, 30, 55}, channels_named({"R", "G", "B"}));
    write_by_oiio(image, "decreasingY");
    ASSERT_EQ(header_of(bytes_of(path_)).attributes["lineOrder"], std::string("lineOrder=\1"));
    EXPECT_EQ(samples_of(read_by_chunks().value()), samples_of(image));
}

TEST_P(ZipFiles, GiveTheChannelsAskedForInThatOrder)
{
    const Image image = numbered({2, 1, 21, 34}, mixed_channels());
    write_by_oiio(image);
    const Image read = read_image(path_, {.channels = {"mask", "A", "normal.X"}}).image;
    EXPECT_EQ(describe(read.channels()), "mask A normal.X");
    auto expected = channels_of(image);
    for (const char* name : {"Z", "id", "R", "B"})
        expected.erase(name);
    EXPECT_EQ(channels_of(read), expected);
}

TEST_P(ZipFiles, HaveTheSameBytesOnAnyNumberOfThreads)
{
    std::vector<std::vector<std::byte>> files;
    for (const int threads : {1, 4}) {
        const ThreadLimit limit(threads);
        files.push_back(encode_exr(noise(200, 333, {"R", "G", "B", "A"}), {}, {.compression = GetParam()}));
    }
    EXPECT_EQ(files[0], files[1]);
}

TEST_P(ZipFiles, AreHardlyLargerThanThoseOfOpenExr)
{
    Image image = noise(640, 160, {"R", "G", "B", "A"});  // grain on a gradient
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] = 0.5f + static_cast<float>(i) / 1e6f + image.data()[i] / 500;
    write_by_oiio(image);
    const auto theirs = static_cast<double>(std::filesystem::file_size(path_));
    EXPECT_LT(static_cast<double>(encode_exr(image, {}, {.compression = GetParam()}).size()), 1.03 * theirs);
}

TEST_P(ZipFiles, HaveTheAttributesOfAnyOtherCompression)
{
    Attributes attributes;
    attributes.set("owner", "someone");
    attributes.set("DateTime", "2024:05:06 07:08:09");
    attributes.set("shot/take", 17);
    attributes.set("an attribute with a name of more than thirty-one characters", 2.5f);
    const Image image = noise(20, 33, {"R", "a channel with a name of more than thirty-one characters"});
    auto ours = header_of(encode_exr(image, attributes, {.compression = GetParam()})).attributes;
    auto others = header_of(encode_exr(image, attributes, {.compression = "rle"})).attributes;
    EXPECT_NE(std::exchange(ours["compression"], ""), std::exchange(others["compression"], ""));
    EXPECT_EQ(ours, others);
    EXPECT_GT(ours.size(), 10u);
}

class DamagedZipFiles : public ZipFiles {
protected:
    void SetUp() override
    {
        for (int y = 0; y < 20; ++y)  // so regular that every chunk gets smaller: then it has a checksum
            for (int x = 0; x < 40; ++x)
                image_.pixel(x, y)[1] = image_.pixel(x, y)[0] = static_cast<float>(x % 4);
        write_exr(path_, image_, {}, {.compression = GetParam()});
        whole_ = bytes_of(path_);
    }

    /// The picture, or an Error that names the file; never anything else. True for an error.
    bool is_refused(const std::vector<std::byte>& bytes)
    {
        write_bytes(path_, bytes);
        try {
            read_image(path_);
            return false;
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), StartsWith("cannot read '" + path_.string() + "': it is "));
            return true;
        }
    }

    Image image_ = numbered({0, 0, 40, 20}, channels_named({"R", "G"}));
    std::vector<std::byte> whole_;
};

TEST_P(DamagedZipFiles, CutAnywhereAreRefused)
{
    for (std::size_t size = 0; size < whole_.size(); size += 7)
        EXPECT_TRUE(is_refused({whole_.begin(), whole_.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
    EXPECT_FALSE(is_refused(whole_));
}

TEST_P(DamagedZipFiles, WithAnyByteOfTableOrChunksChangedAreRefusedOrReadRight)
{
    // What is spared needs no luck: zlib's header has bits that do not matter, and OpenEXR mends its table.
    int refused = 0;
    const std::size_t begin = header_of(whole_).end;
    for (std::size_t at = begin; at < whole_.size(); ++at) {
        std::vector<std::byte> damaged = whole_;
        damaged[at] ^= std::byte{0x41};
        if (is_refused(damaged))
            ++refused;
        else
            EXPECT_EQ(samples_of(read_image(path_).image), samples_of(image_)) << "byte " << at;
    }
    EXPECT_GT(refused, static_cast<int>(whole_.size() - begin) / 2);
}

TEST_P(DamagedZipFiles, WithAnyByteOfTheHeaderChangedNeverCrashTheReader)
{
    for (std::size_t at = 0; at < header_of(whole_).end; ++at) {
        std::vector<std::byte> damaged = whole_;
        damaged[at] ^= static_cast<std::byte>(1 << at % 8);
        write_bytes(path_, damaged);
        try {
            EXPECT_GT(read_image(path_).image.sample_count(), 0u);
        } catch (const std::exception& error) {
            EXPECT_STRNE(error.what(), "");
        }
    }
}

const auto kBoth = testing::Values("zip", "zips");
const auto kName = [](const auto& test) { return std::string(test.param); };
INSTANTIATE_TEST_SUITE_P(All, ZipFiles, kBoth, kName);
INSTANTIATE_TEST_SUITE_P(All, DamagedZipFiles, kBoth, kName);

}  // namespace
}  // namespace platefall
