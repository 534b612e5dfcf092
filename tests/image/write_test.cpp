#include "image/write.h"

#include <platefall/error.h>

#include "base/parallel.h"
#include "image/exr_files.h"
#include "image/pictures.h"
#include "image/read.h"
#include "image/samples.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <Imath/half.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace platefall {
namespace {

using OIIO::TypeDesc;
using test::error_of;
using test::channels_named;
using test::noise;
using test::samples_of;
using test::TempFolder;
using testing::HasSubstr;

Image shifted_picture()
{
    return noise({-7, 11, 90, 61}, {0, 0, 80, 60}, channels_named({"R", "G", "B", "A"}));
}

class Writing : public testing::Test {
protected:
    Image written_and_read(const Image& image, const WriteOptions& options = {})
    {
        write_exr(folder_ / "out.exr", image, {}, options);
        return read_image(folder_ / "out.exr").image;
    }

    TempFolder folder_;
};

class WritingCompression : public Writing, public testing::WithParamInterface<std::string> {};

TEST_P(WritingCompression, IsInTheFileAndThePixelsAreThere)
{
    const bool lossless =
        GetParam() != "dwaa" && GetParam() != "dwab" && GetParam() != "b44" && GetParam() != "b44a";
    const Image image = shifted_picture();
    for (const int tile : {0, 32}) {
        const Image back = written_and_read(image, {.compression = GetParam(), .tile_px = tile});
        const ImageHeader header = read_header(folder_ / "out.exr");
        EXPECT_EQ(header.compression, GetParam());
        EXPECT_EQ(header.data, image.data_window());
        EXPECT_EQ(header.display, image.display_window());
        EXPECT_EQ(header.channels, image.channels());

        const test::Part witness = test::read_part(folder_ / "out.exr");
        EXPECT_EQ(witness.spec.tile_width, tile);
        EXPECT_EQ(witness.samples, samples_of(back));
        if (lossless) {
            EXPECT_EQ(samples_of(back), samples_of(image));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, WritingCompression, testing::ValuesIn(exr_compressions()),
                         [](const auto& test) { return test.param; });

TEST_F(Writing, UnknownCompressionIsRefusedWithAHint)
{
    EXPECT_THAT(error_of([&] { encode_exr(noise(2, 2, {"R"}), {}, {.compression = "zipz"}); }),
                HasSubstr("unknown compression 'zipz'; did you mean 'zip"));
    EXPECT_EQ(error_of([&] { encode_exr(noise(2, 2, {"R"}), {}, {.compression = "jpeg2000"}); }),
              "unknown compression 'jpeg2000'; there are none, rle, zips, zip, piz, pxr24, b44, b44a, dwaa "
              "and dwab");
}

TEST_F(Writing, HigherDwaQualityIsSmaller)
{
    const Image image = shifted_picture();
    const auto size = [&](float quality) {
        return encode_exr(image, {}, {.compression = "dwaa", .quality = quality}).size();
    };
    EXPECT_LT(size(500), size(45));
    EXPECT_LT(size(45), size(5));
}

TEST_F(Writing, QualityIsRefusedWhereItDoesNothing)
{
    EXPECT_EQ(error_of([&] { encode_exr(noise(2, 2, {"R"}), {}, {.compression = "zip", .quality = 45.0f}); }),
              "a quality applies only to the compressions dwaa and dwab, not to 'zip'");
    EXPECT_EQ(error_of([&] { encode_exr(noise(2, 2, {"R"}), {}, {.compression = "dwaa", .quality = 0.0f}); }),
              "the quality of 'dwaa' must be at least 1 (45 is usual, higher is smaller)");
}

TEST_F(Writing, EveryChannelKeepsItsType)
{
    Image image(
        {0, 0, 3, 1}, {0, 0, 3, 1},
        {{"R", ChannelType::half_float}, {"Z", ChannelType::full_float}, {"id", ChannelType::unsigned_int}});
    const std::vector<float> samples{0.5f, 1000.001f, 16777215, 0.25f, -3e20f, 7, 65504.0f, 1e-30f, 0};
    std::copy(samples.begin(), samples.end(), image.data());
    const Image back = written_and_read(image);
    EXPECT_EQ(back.channels(), image.channels());
    EXPECT_EQ(samples_of(back), samples);
    EXPECT_EQ(samples_of(written_and_read(image, {.tile_px = 16})), samples);
}

TEST_F(Writing, FullFloatsChangeNoBit)
{
    Image image = noise({0, 0, 33, 9}, {0, 0, 33, 9}, channels_named({"Y"}, ChannelType::full_float));
    for (float* sample = image.data(); sample != image.data() + image.sample_count(); ++sample)
        *sample = std::sin(*sample) * 1e10f;
    EXPECT_EQ(samples_of(written_and_read(image)), samples_of(image));
}

TEST_F(Writing, WhatIsTooLargeForAHalfBecomesTheLargestHalf)
{
    Image image({0, 0, 4, 1}, {0, 0, 4, 1}, channels_named({"Y"}));
    const std::vector<float> samples{70000, -1e30f, std::numeric_limits<float>::infinity(), 65519};
    std::copy(samples.begin(), samples.end(), image.data());
    const ImageFile back = [&] {
        write_exr(folder_ / "out.exr", image, {});
        return read_image(folder_ / "out.exr");
    }();
    EXPECT_EQ(samples_of(back.image), (std::vector<float>{65504, -65504, 65504, 65504}));
    EXPECT_TRUE(back.warnings.empty());
}

TEST_F(Writing, UnsignedIntegersAreRoundedAndKeptInRange)
{
    Image image({0, 0, 4, 1}, {0, 0, 4, 1}, channels_named({"id"}, ChannelType::unsigned_int));
    const std::vector<float> samples{-5, 2.6f, std::numeric_limits<float>::quiet_NaN(), 12};
    std::copy(samples.begin(), samples.end(), image.data());
    EXPECT_EQ(samples_of(written_and_read(image)), (std::vector<float>{0, 3, 0, 12}));
    EXPECT_EQ(uint_from_float(1e20f), UINT32_MAX);
}

TEST_F(Writing, AnEmptyDataWindowIsOneBlackPixelInsideTheDisplayWindow)
{
    const Image image({}, {5, 6, 15, 16}, channels_named({"R", "A"}));
    const Image back = written_and_read(image);
    EXPECT_EQ(back.data_window(), (Window{5, 6, 6, 7}));
    EXPECT_EQ(back.display_window(), image.display_window());
    EXPECT_EQ(samples_of(back), (std::vector<float>{0, 0}));
}

TEST_F(Writing, ADataWindowOutsideTheDisplayWindowIsKept)
{
    const Image image = noise({-500, 900, -490, 905}, {0, 0, 64, 64}, channels_named({"A"}));
    const Image back = written_and_read(image);
    EXPECT_EQ(back.data_window(), image.data_window());
    EXPECT_EQ(samples_of(back), samples_of(image));
}

TEST_F(Writing, ReadAndWrittenAgainIsTheSameFileOnAnyNumberOfThreads)
{
    Attributes attributes;
    attributes.set("owner", "someone");
    for (const char* compression : {"zip", "piz", "dwaa"}) {
        std::vector<std::vector<std::byte>> files;
        for (const int threads : {1, 2}) {
            const ThreadLimit limit(threads);
            OIIO::attribute("exr_threads", threads == 1 ? -1 : threads);
            files.push_back(encode_exr(shifted_picture(), attributes, {.compression = compression}));
        }
        OIIO::attribute("exr_threads", 0);
        EXPECT_EQ(files[0], files[1]) << compression;
    }
}

TEST_F(Writing, AddsNothingOfItsOwn)
{
    write_exr(folder_ / "out.exr", noise(4, 4, {"R"}), {});
    const auto input = OIIO::ImageInput::open((folder_ / "out.exr").string());
    for (const auto& param : input->spec().extra_attribs)
        EXPECT_THAT((std::vector<std::string>{"compression", "PixelAspectRatio", "screenWindowCenter",
                                              "screenWindowWidth", "oiio:ColorSpace", "oiio:subimages",
                                              "openexr:lineOrder", "lineOrder"}),
                    testing::Contains(param.name().string()));
}

TEST_F(Writing, ASingleChannelIsWrittenWithoutDwa)
{
    EXPECT_EQ(samples_of(written_and_read(noise(40, 30, {"A"}), {.compression = "dwaa"})),
              samples_of(noise(40, 30, {"A"})));
    EXPECT_EQ(read_header(folder_ / "out.exr").compression, "zip");
}

TEST_F(Writing, AMissingFolderIsMadeAndAnOldFileReplaced)
{
    const auto path = folder_ / "deep/er/out.exr";
    write_exr(path, noise(4, 4, {"R"}), {});
    write_exr(path, noise(8, 4, {"R"}), {});
    EXPECT_EQ(read_header(path).data.width(), 8);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1)
        << "no temporary is left";
}

TEST(Halves, EveryFiniteHalfComesBack)
{
    std::vector<std::uint16_t> all;
    for (std::uint32_t bits = 0; bits < 65536; ++bits)
        if ((bits & 0x7c00) != 0x7c00)
            all.push_back(static_cast<std::uint16_t>(bits));
    std::vector<float> floats(all.size());
    std::vector<std::uint16_t> back(all.size());
    EXPECT_TRUE(floats_from_halves(all.data(), all.size(), floats.data()));
    for (std::size_t i = 0; i < all.size(); ++i)
        ASSERT_EQ(floats[i], imath_half_to_float(all[i]));
    halves_from_floats(floats.data(), floats.size(), back.data());
    EXPECT_EQ(back, all);
}

TEST(Halves, RoundAsImathDoes)
{
    std::vector<float> floats;
    for (std::uint32_t i = 0; i < 100003; ++i)   // not a multiple of the vector length
        floats.push_back(
            std::ldexp(1.0f + static_cast<float>(i % 9973) / 9973.0f, static_cast<int>(i % 40) - 26)
            * (i % 2 == 0 ? 1.0f : -1.0f));
    std::vector<std::uint16_t> halves(floats.size());
    halves_from_floats(floats.data(), floats.size(), halves.data());
    for (std::size_t i = 0; i < floats.size(); ++i)
        ASSERT_EQ(halves[i], imath_float_to_half(floats[i])) << floats[i];
}

TEST(Halves, WhatIsNotFiniteIsSeenWhereverItIs)
{
    for (const int special : {0x7c00, 0xfc00, 0x7e00, 0x7c01})
        for (std::size_t at = 0; at < 19; ++at) {
            std::vector<std::uint16_t> bits(19, 0x3c00);
            std::vector<float> floats(19);
            bits[at] = static_cast<std::uint16_t>(special);
            EXPECT_FALSE(floats_from_halves(bits.data(), bits.size(), floats.data()));
        }
}

class Metadata : public Writing {
protected:
    /// Through our writer, and back through our reader.
    Attributes round_trip(const Attributes& attributes)
    {
        write_exr(folder_ / "metadata.exr", noise(2, 2, {"R"}), attributes);
        return read_header(folder_ / "metadata.exr").attributes;
    }
};

TEST_F(Metadata, SurvivesReadingAndWritingExactly)
{
    OIIO::ImageSpec spec = test::spec_of(0, 0, 2, 2, {"R"});
    const std::array<std::uint32_t, 2> timecode{0x01234567, 0x89abcdef};
    const std::array<int, 7> keycode{1, 2, 3, 4, 5, 6, 64};
    const std::array<int, 2> rate{24000, 1001};
    const std::array<float, 16> matrix{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0.1f};
    const std::array<float, 8> chromaticities{0.64f, 0.33f, 0.3f, 0.6f, 0.15f, 0.06f, 0.3127f, 0.329f};
    const std::array<double, 3> position{1.1, 2.2, 3.3};
    const double exact = 0.1;
    const std::array<int, 4> box{-1, -2, 3, 4};
    const std::array<const char*, 3> words{"one", "two", "three"};
    spec.attribute("smpte:TimeCode", OIIO::TypeTimeCode, timecode.data());
    spec.attribute("smpte:KeyCode", OIIO::TypeKeyCode, keycode.data());
    spec.attribute("framesPerSecond", OIIO::TypeRational, rate.data());
    spec.attribute("worldToCamera", OIIO::TypeMatrix44, matrix.data());
    spec.attribute("cameraTransform", OIIO::TypeMatrix44, matrix.data());
    spec.attribute("studio/small", OIIO::TypeMatrix33, matrix.data());
    spec.attribute("chromaticities", TypeDesc(TypeDesc::FLOAT, 8), chromaticities.data());
    spec.attribute("lens/coefficients", TypeDesc(TypeDesc::FLOAT, 6), matrix.data());
    spec.attribute("camera/position", TypeDesc(TypeDesc::DOUBLE, TypeDesc::VEC3), position.data());
    spec.attribute("camera/offset", OIIO::TypeVector, matrix.data());
    spec.attribute("crop", TypeDesc(TypeDesc::INT, TypeDesc::VEC2, 2), box.data());
    spec.attribute("shot/words", TypeDesc(TypeDesc::STRING, 3), words.data());
    spec.attribute("DateTime", "2024:05:06 07:08:09");
    spec.attribute("Software", "someone's comp 3.1");
    spec.attribute("aperture", 2.8f);
    spec.attribute("isoSpeed", 800.0f);
    spec.attribute("shot/take", 17);
    spec.attribute("shot/exact", TypeDesc::DOUBLE, &exact);
    spec.attribute("camera/owner", "a studio");
    test::write_parts(folder_ / "camera.exr", {{spec, test::counting(spec)}});

    const ImageFile original = read_image(folder_ / "camera.exr");
    EXPECT_EQ(original.attributes.find("smpte:TimeCode")->type, "timecode");
    EXPECT_EQ(original.attributes.find("smpte:TimeCode")->values,
              Attribute::Values(std::vector<std::uint32_t>(timecode.begin(), timecode.end())));
    EXPECT_EQ(original.attributes.find("framesPerSecond")->type, "rational");
    EXPECT_EQ(original.attributes.find("lens/coefficients")->type, "float[6]");
    EXPECT_EQ(original.attributes.find("worldToCamera")->type, "matrix");
    EXPECT_EQ(original.attributes.find("crop")->type, "box2i");
    EXPECT_EQ(original.attributes.text("camera/owner"), "a studio");

    write_exr(folder_ / "again.exr", original.image, original.attributes);
    const Attributes again = read_header(folder_ / "again.exr").attributes;
    for (const Attribute& attribute : original.attributes) {
        const Attribute* kept = again.find(attribute.name);
        ASSERT_NE(kept, nullptr) << attribute.name;
        EXPECT_EQ(*kept, attribute) << attribute.name;
    }
    for (const Attribute& attribute : again)
        EXPECT_NE(original.attributes.find(attribute.name), nullptr) << attribute.name << " was added";

    // OIIO, asked directly, sees the same as in the original.
    const auto before = OIIO::ImageInput::open((folder_ / "camera.exr").string());
    const auto after = OIIO::ImageInput::open((folder_ / "again.exr").string());
    for (const auto& param : before->spec().extra_attribs) {
        const auto* kept = after->spec().find_attribute(param.name());
        ASSERT_NE(kept, nullptr) << param.name();
        EXPECT_EQ(kept->type(), param.type()) << param.name();
        EXPECT_EQ(kept->get_string(), param.get_string()) << param.name();
    }
}

TEST_F(Metadata, OfTheOldFileIsLeftOut)
{
    Attributes attributes;
    attributes.set("compression", "piz");
    attributes.set("textureformat", "Plain Texture");
    attributes.set("oiio:ColorSpace", "sRGB");
    attributes.set("openexr:lineOrder", "decreasingY");
    attributes.set("name", "beauty");
    attributes.set("Exif:ImageHistory", "oiiotool in.exr -o out.exr");
    attributes.set("owner", "someone");
    const Attributes back = round_trip(attributes);
    EXPECT_EQ(read_header(folder_ / "metadata.exr").compression, "zip");
    for (const char* name :
         {"textureformat", "oiio:ColorSpace", "openexr:lineOrder", "name", "Exif:ImageHistory"})
        EXPECT_TRUE(name == std::string("openexr:lineOrder") || back.find(name) == nullptr) << name;
    EXPECT_EQ(back.text("Copyright"), "someone");

    const auto file = OIIO::ImageInput::open((folder_ / "metadata.exr").string());
    EXPECT_EQ(file->spec().get_string_attribute("oiio:ColorSpace"), "Linear")
        << "which is OIIO's guess for any EXR";
    EXPECT_EQ(file->spec().tile_width, 0);
}

TEST_F(Metadata, ThatNoFileCanHoldIsSkipped)
{
    Attributes attributes;
    attributes.set({.name = "odd", .type = "no type", .values = std::vector<float>{1}});
    attributes.set({.name = "short", .type = "matrix", .values = std::vector<float>{1, 2}});
    attributes.set("good", 1);
    const Attributes back = round_trip(attributes);
    EXPECT_EQ(back.find("odd"), nullptr);
    EXPECT_EQ(back.find("short"), nullptr);
    EXPECT_NE(back.find("good"), nullptr);
}

TEST_F(Metadata, WithoutATimeOfDayNoneIsInvented)
{
    EXPECT_EQ(round_trip({}).find("DateTime"), nullptr);
    Attributes attributes;
    attributes.set("DateTime", "2024:05:06 07:08:09");
    EXPECT_EQ(round_trip(attributes).text("DateTime"), "2024:05:06 07:08:09");
}

}  // namespace
}  // namespace platefall
