#include "render/aov/cryptomatte.h"

#include "base/parallel.h"
#include "image/exr_files.h"
#include "image/read.h"
#include "image/write.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

namespace platefall::render {
namespace {

constexpr Window kData{-2, 1, 30, 21}, kDisplay{0, 0, 28, 20};

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

std::string piece(int number) { return fmt::format("piece_{:04}", number); }

std::vector<std::string> piece_names(int count)
{
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i)
        names.push_back(piece(i));
    return names;
}

/// What a reader of Cryptomatte gets for one object: the coverages of all ranks that carry its id.
float matte_at(const Image& image, int x, int y, float id)
{
    float coverage = 0;
    for (int c = 0; c < image.channel_count(); c += 2)
        if (bits(image.pixel(x, y)[c]) == bits(id))
            coverage += image.pixel(x, y)[c + 1];
    return coverage;
}

/// Sixteen samples a pixel, each of one of nine pieces or of none.
int piece_of_sample(int x, int y, int sample)
{
    const int draw = (x * 31 + y * 17 + sample * sample * (1 + (x + y) % 3)) % 16;
    return draw < 9 ? draw : draw < 12 ? 0 : -1;
}

Cryptomatte sampled(const MatteNames& names, int ranks)
{
    Cryptomatte matte("crypto_piece", kData, kDisplay, ranks);
    parallel_rows(kData.y0, kData.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = kData.x0; x < kData.x1; ++x)
                for (int sample = 0; sample < 16; ++sample)
                    if (const int piece = piece_of_sample(x + 2, y, sample); piece >= 0)
                        matte.add(x, y, names.id(static_cast<std::size_t>(piece)), 1.0f / 16);
    });
    return matte;
}

float share_of(int x, int y, int piece)
{
    int count = 0;
    for (int sample = 0; sample < 16; ++sample)
        count += piece_of_sample(x + 2, y, sample) == piece;
    return static_cast<float>(count) / 16;
}

TEST(CryptomatteId, AgreesWithThePublishedHashes)
{
    // The test of Psyop's own reader (cryptomatte_utilities_tests.py, CryptoHashing).
    EXPECT_EQ(matte_id("hello"), 6.0705627102400005616e-17f);
    EXPECT_EQ(matte_id("cube"), -4.08461912519e+15f);
    EXPECT_EQ(matte_id("sphere"), 2.79018604383e+15f);
    EXPECT_EQ(matte_id("plane"), 3.66557617593e-11f);
    EXPECT_EQ(matte_id("\xd1\x80\xd0\xb0\xd0\xb2\xd0\xbd\xd0\xb8\xd0\xbd\xd0\xb0"), -1.3192631212399999468e-25f);
    EXPECT_EQ(matte_id("m\xc3\xa4" "dchen"), 6.2361298211599995797e+25f);
    // The specification's example of a manifest.
    EXPECT_EQ(bits(matte_id("bunny")), 0x13851a76u);
    EXPECT_EQ(bits(matte_id("default")), 0x42c9679fu);
}

TEST(CryptomatteId, IsANormalNumberForEveryName)
{
    for (int i = 0; i < 20000; ++i)
        ASSERT_TRUE(std::isnormal(matte_id(piece(i)))) << piece(i);
}

TEST(MatteNames, ManifestIsJsonOfEveryNameOnce)
{
    const MatteNames names({"column_f3_0045", "slab_f1_0002", "column_f3_0045", "a \"b\" \\"});
    const auto manifest = nlohmann::json::parse(names.manifest());
    EXPECT_EQ(manifest.size(), 3u);
    EXPECT_EQ(manifest["slab_f1_0002"], fmt::format("{:08x}", bits(names.id(1))));
    EXPECT_EQ(manifest["a \"b\" \\"], fmt::format("{:08x}", bits(names.id(3))));
    EXPECT_EQ(names.id(0), names.id(2));
    EXPECT_EQ(names.id(1), matte_id("slab_f1_0002"));
    EXPECT_EQ(MatteNames().manifest(), "{}");
}

TEST(Cryptomatte, MetadataIsWhatTheSpecificationAsksFor)
{
    Attributes attributes;
    const MatteNames names({"bunny", "default"});
    for (const char* name : {"crypto_object", "crypto_material", "crypto_asset"})
        Cryptomatte(name, kData, kDisplay).describe_in(attributes, names);
    // The keys in Psyop's sample image multichannel.exr.
    EXPECT_EQ(attributes.text("cryptomatte/f834d0a/name"), "crypto_object");
    EXPECT_EQ(attributes.text("cryptomatte/bda530a/name"), "crypto_material");
    EXPECT_EQ(attributes.text("cryptomatte/28322e9/name"), "crypto_asset");
    EXPECT_EQ(attributes.text("cryptomatte/f834d0a/hash"), "MurmurHash3_32");
    EXPECT_EQ(attributes.text("cryptomatte/f834d0a/conversion"), "uint32_to_float32");
    EXPECT_EQ(attributes.text("cryptomatte/f834d0a/manifest"), R"({"bunny":"13851a76","default":"42c9679f"})");
}

TEST(Cryptomatte, LayersAreNamedAndTypedSoThatEveryReaderFindsThem)
{
    const Image image = Cryptomatte("crypto_piece", kData, kDisplay, 4).image();
    EXPECT_EQ(describe(image.channels()), "crypto_piece00.r crypto_piece00.g crypto_piece00.b crypto_piece00.a "
                                          "crypto_piece01.r crypto_piece01.g crypto_piece01.b crypto_piece01.a");
    for (const Channel& channel : image.channels()) {
        EXPECT_EQ(channel.type, ChannelType::full_float);
        EXPECT_TRUE(channel.data);
    }
    EXPECT_EQ(image.data_window(), kData);
    EXPECT_EQ(image.display_window(), kDisplay);
    EXPECT_THROW(Cryptomatte("crypto_piece", kData, kDisplay, 5), std::logic_error);
}

TEST(Cryptomatte, CoveragesSumToWhatIsCoveredAndFallFromRankToRank)
{
    const MatteNames names(piece_names(9));
    const Image image = sampled(names, 10).image();
    for (int y = kData.y0; y < kData.y1; ++y)
        for (int x = kData.x0; x < kData.x1; ++x) {
            float sum = 0, before = 1;
            for (int c = 1; c < image.channel_count(); c += 2) {
                const float coverage = image.pixel(x, y)[c];
                EXPECT_LE(coverage, before) << x << "," << y;
                EXPECT_EQ(coverage == 0, image.pixel(x, y)[c - 1] == 0) << "no id without coverage";
                sum += before = coverage;
            }
            EXPECT_EQ(sum, 1.0f - share_of(x, y, -1)) << x << "," << y;
        }
}

TEST(Cryptomatte, WhatDoesNotFitIsTheLeast)
{
    Cryptomatte matte("crypto_piece", kData, kDisplay, 2);
    matte.add(3, 4, matte_id("a"), 0.25f);
    matte.add(3, 4, matte_id("b"), 0.125f);
    matte.add(3, 4, matte_id("c"), 0.5f);
    matte.add(4, 4, matte_id("b"), 1.0f);
    const Image image = matte.image();
    EXPECT_EQ(matte_at(image, 3, 4, matte_id("c")), 0.5f);
    EXPECT_EQ(matte_at(image, 3, 4, matte_id("a")), 0.25f);
    EXPECT_EQ(matte_at(image, 3, 4, matte_id("b")), 0.0f);
    EXPECT_EQ(matte_at(image, 4, 4, matte_id("b")), 1.0f);
}

TEST(Cryptomatte, PixelsMayBeVisitedMoreThanOnce)
{
    Cryptomatte matte("crypto_piece", kData, kDisplay);
    for (const int x : {5, 6, 5})
        for (const char* name : {"a", "b"})
            matte.add(x, 4, matte_id(name), 0.25f);
    EXPECT_EQ(matte_at(matte.image(), 5, 4, matte_id("a")), 0.5f);
    EXPECT_EQ(matte_at(matte.image(), 6, 4, matte_id("b")), 0.25f);
}

TEST(Cryptomatte, NothingOutsideNobodyAndNotANumberDoNotCount)
{
    Cryptomatte matte("crypto_piece", kData, kDisplay);
    matte.add(-3, 4, matte_id("a"), 1);
    matte.add(3, 21, matte_id("a"), 1);
    matte.add(3, 4, 0.0f, 1);
    matte.add(3, 4, matte_id("a"), 0);
    matte.add(3, 4, matte_id("a"), std::nanf(""));
    const Image image = matte.image();
    EXPECT_TRUE(std::all_of(image.data(), image.data() + image.sample_count(), [](float value) { return value == 0; }));
}

TEST(Cryptomatte, OneThreadMakesTheSameBits)
{
    const MatteNames names(piece_names(9));
    const Image many = sampled(names, 6).image();
    const ThreadLimit limit(1);
    const Image one = sampled(names, 6).image();
    EXPECT_TRUE(std::equal(one.data(), one.data() + one.sample_count(), many.data()));
}

/// Through a file as another program reads it.
class CryptomatteFile : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Compressions, CryptomatteFile, testing::ValuesIn(exr_compressions()),
                         [](const auto& test) { return test.param; });

TEST_P(CryptomatteFile, GivesBackTheMatteOfEveryPieceAndItsNames)
{
    const test::TempFolder folder;
    const MatteNames names(piece_names(9));
    const Cryptomatte matte = sampled(names, 10);
    Attributes attributes;
    matte.describe_in(attributes, names);
    write_exr(folder / "a.exr", matte.image(), attributes, {.compression = GetParam()});

    const test::Part part = test::read_part(folder / "a.exr");
    const std::string key = "cryptomatte/" + fmt::format("{:08x}", bits(matte_id("crypto_piece"))).substr(0, 7);
    ASSERT_EQ(part.spec.get_string_attribute(key + "/name"), "crypto_piece");
    const auto manifest = nlohmann::json::parse(part.spec.get_string_attribute(key + "/manifest"));

    const auto channel = [&](int layer, const char* suffix) {
        return part.spec.channelindex(fmt::format("crypto_piece{:02}.{}", layer, suffix));
    };
    for (int number = 0; number < 9; ++number) {
        const auto id = static_cast<std::uint32_t>(std::stoul(manifest[piece(number)].get<std::string>(), nullptr, 16));
        const float* pixel = part.samples.data();
        for (int y = kData.y0; y < kData.y1; ++y)
            for (int x = kData.x0; x < kData.x1; ++x, pixel += part.spec.nchannels) {
                float coverage = 0;
                for (int layer = 0; layer < 5; ++layer) {
                    coverage += bits(pixel[channel(layer, "r")]) == id ? pixel[channel(layer, "g")] : 0.0f;
                    coverage += bits(pixel[channel(layer, "b")]) == id ? pixel[channel(layer, "a")] : 0.0f;
                }
                ASSERT_EQ(coverage, share_of(x, y, number)) << piece(number) << " at " << x << "," << y;
            }
    }
}

}  // namespace
}  // namespace platefall::render
