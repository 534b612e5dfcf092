#include "image/read.h"

#include <platefall/error.h>

#include "image/exr_files.h"
#include "image/pictures.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <OpenImageIO/deepdata.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>

namespace platefall {
namespace {

using OIIO::TypeDesc;
using test::error_of;
using test::counting;
using test::Part;
using test::samples_of;
using test::spec_of;
using test::TempFolder;
using test::write_parts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

void cut_file(const std::filesystem::path& path, double part)
{
    const auto size = static_cast<double>(std::filesystem::file_size(path));
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size * part));
}

class Reading : public testing::Test {
protected:
    std::filesystem::path write(const std::string& name, const OIIO::ImageSpec& spec)
    {
        write_parts(folder_ / name, {{spec, counting(spec)}});
        return folder_ / name;
    }

    std::string read_error(const std::filesystem::path& path, const ReadOptions& options = {})
    {
        return error_of([&] { read_image(path, options); });
    }

    TempFolder folder_;
};

TEST_F(Reading, WindowsBecomeExclusive)
{
    OIIO::ImageSpec spec = spec_of(-10, -6, 20, 12, {"R", "G", "B", "A"});
    spec.full_width = 16;
    spec.full_height = 9;
    const auto path = write("overscan.exr", spec);

    const Image image = read_image(path).image;
    EXPECT_EQ(image.data_window(), (Window{-10, -6, 10, 6}));
    EXPECT_EQ(image.display_window(), (Window{0, 0, 16, 9}));
    EXPECT_EQ(samples_of(image), counting(spec));

    const ImageHeader header = read_header(path);
    EXPECT_EQ(header.data, image.data_window());
    EXPECT_EQ(header.display, image.display_window());
    EXPECT_EQ(header.channels, image.channels());
    EXPECT_TRUE(header.is_exr);
}

TEST_F(Reading, ADataWindowFarFromTheDisplayWindowIsKept)
{
    OIIO::ImageSpec spec = spec_of(5000, -300, 1, 1, {"A"});
    spec.full_width = 16;
    spec.full_height = 9;
    const Image image = read_image(write("far.exr", spec)).image;
    EXPECT_EQ(image.data_window(), (Window{5000, -300, 5001, -299}));
    EXPECT_TRUE(intersect(image.data_window(), image.display_window()).empty());
}

TEST_F(Reading, ChannelsComeAsRgbaWhateverTheirAlphabet)
{
    const Image image = read_image(write("rgba.exr", spec_of(0, 0, 2, 2, {"A", "B", "G", "R", "Z"}))).image;
    EXPECT_EQ(describe(image.channels()), "R G B A Z");
    EXPECT_EQ(image.pixel(0, 0)[0], 3.0f / 8);
    EXPECT_EQ(image.pixel(0, 0)[3], 0.0f);
}

TEST_F(Reading, LuminanceStaysOneChannel)
{
    const Image image = read_image(write("y.exr", spec_of(0, 0, 3, 2, {"Y"}))).image;
    EXPECT_EQ(describe(image.channels()), "Y");
    EXPECT_EQ(samples_of(image), (std::vector<float>{0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f}));
}

TEST_F(Reading, EveryChannelKeepsItsType)
{
    OIIO::ImageSpec spec = spec_of(0, 0, 5, 3, {"R", "Z", "id"}, TypeDesc::FLOAT);
    spec.channelformats = {TypeDesc::HALF, TypeDesc::FLOAT, TypeDesc::UINT32};
    std::vector<float> samples = counting(spec);
    for (std::size_t i = 0; i < samples.size(); i += 3) {
        samples[i + 1] = 1000.001f + static_cast<float>(i);   // no half
        samples[i + 2] = 0;
    }
    write_parts(folder_ / "mixed.exr", {{spec, samples}});

    const Image image = read_image(folder_ / "mixed.exr").image;
    EXPECT_THAT(image.channels(),
                ElementsAre(Channel{"R", ChannelType::half_float}, Channel{"Z", ChannelType::full_float},
                            Channel{"id", ChannelType::unsigned_int}));
    EXPECT_EQ(samples_of(image), samples);
}

TEST_F(Reading, UnsignedIntegersAreNotScaled)
{
    OIIO::ImageSpec spec = spec_of(0, 0, 2, 1, {"id"}, TypeDesc::UINT32);
    const std::vector<std::uint32_t> ids{7, 16777215};
    const auto output = OIIO::ImageOutput::create("openexr");
    ASSERT_TRUE(output->open((folder_ / "id.exr").string(), spec));
    ASSERT_TRUE(output->write_image(TypeDesc::UINT32, ids.data()));
    ASSERT_TRUE(output->close());

    const ImageFile file = read_image(folder_ / "id.exr");
    EXPECT_EQ(samples_of(file.image), (std::vector<float>{7, 16777215}));
    EXPECT_TRUE(file.warnings.empty());
}

TEST_F(Reading, UnsignedIntegersThatNoFloatHoldsAreReported)
{
    OIIO::ImageSpec spec = spec_of(0, 0, 2, 1, {"id"}, TypeDesc::UINT32);
    const std::vector<std::uint32_t> ids{7, 16777217};
    const auto output = OIIO::ImageOutput::create("openexr");
    ASSERT_TRUE(output->open((folder_ / "id.exr").string(), spec));
    ASSERT_TRUE(output->write_image(TypeDesc::UINT32, ids.data()));
    ASSERT_TRUE(output->close());
    EXPECT_THAT(read_image(folder_ / "id.exr").warnings,
                ElementsAre("channel 'id' has values above 2^24, which are kept to 24 bits only"));
    EXPECT_EQ(std::bit_cast<std::uint32_t>(read_parts(folder_ / "id.exr")[0].image.data()[1]), 16777217u);
}

class ReadingCompression : public Reading, public testing::WithParamInterface<const char*> {};

TEST_P(ReadingCompression, GivesThePixelsOfOiio)
{
    OIIO::ImageSpec spec = spec_of(-3, 5, 70, 40, {"R", "G", "B", "A"});
    spec.attribute("compression", GetParam());
    const auto path = write("c.exr", spec);
    EXPECT_EQ(samples_of(read_image(path).image), test::read_part(path).samples);
    EXPECT_EQ(read_header(path).compression, GetParam());
}

TEST_P(ReadingCompression, GivesThePixelsOfOiioInTiles)
{
    // Tiles that do not divide the picture: the last ones are only partly there.
    OIIO::ImageSpec spec = spec_of(-3, 5, 70, 40, {"R", "G", "B", "A"});
    spec.attribute("compression", GetParam());
    spec.tile_width = 32;
    spec.tile_height = 16;
    const auto path = write("tiled.exr", spec);
    EXPECT_EQ(samples_of(read_image(path).image), test::read_part(path).samples);

    const Image alpha = read_image(path, {.channels = {"A", "G"}}).image;
    const Image all = read_image(path).image;
    EXPECT_EQ(describe(alpha.channels()), "A G");
    EXPECT_EQ(alpha.pixel(66, 44)[0], all.pixel(66, 44)[3]);
    EXPECT_EQ(alpha.pixel(-3, 5)[1], all.pixel(-3, 5)[1]);
}

INSTANTIATE_TEST_SUITE_P(All, ReadingCompression,
                         testing::Values("none", "rle", "zips", "zip", "piz", "pxr24", "b44", "b44a", "dwaa",
                                         "dwab"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(Reading, OnlyTheChannelsAskedForInThatOrder)
{
    const auto path = write("rgba.exr", spec_of(0, 0, 4, 4, {"R", "G", "B", "A"}));
    const Image all = read_image(path).image;
    const Image some = read_image(path, {.channels = {"A", "R"}}).image;
    EXPECT_EQ(describe(some.channels()), "A R");
    EXPECT_EQ(some.pixel(3, 2)[0], all.pixel(3, 2)[3]);
    EXPECT_EQ(some.pixel(3, 2)[1], all.pixel(3, 2)[0]);
}

TEST_F(Reading, ALayerIsAPrefix)
{
    const auto path = write("layers.exr", spec_of(0, 0, 2, 1, {"R", "G", "B", "cg.R", "cg.G", "cg.B", "cg.A",
                                                               "cg.diffuse.R", "cg.diffuse.G"}));
    EXPECT_EQ(describe(read_image(path, {.layer = "cg"}).image.channels()), "R G B A");
    EXPECT_EQ(read_image(path, {.layer = "cg"}).image.pixel(0, 0)[0], 3.0f / 8);
    EXPECT_EQ(describe(read_header(path, "cg.diffuse").channels), "R G");
    EXPECT_EQ(read_image(path, {.layer = "cg.diffuse"}).image.pixel(1, 0)[1], 17.0f / 8);
    EXPECT_EQ(describe(read_header(path).channels), "R G B cg.R cg.G cg.B cg.A cg.diffuse.R cg.diffuse.G");
}

class ReadingParts : public Reading {
protected:
    void SetUp() override
    {
        OIIO::ImageSpec beauty = spec_of(0, 0, 4, 2, {"R", "G", "B"});
        beauty.attribute("oiio:subimagename", "beauty");
        OIIO::ImageSpec depth = spec_of(1, 1, 2, 2, {"Z"}, TypeDesc::FLOAT);
        depth.full_width = 4;   // all parts of a file share the display window
        depth.attribute("oiio:subimagename", "depth");
        OIIO::ImageSpec diffuse = spec_of(0, 0, 4, 2, {"diffuse.R", "diffuse.G", "diffuse.B"});
        diffuse.attribute("oiio:subimagename", "diffuse");
        OIIO::ImageSpec more = spec_of(0, 0, 4, 2, {"spec.R", "spec.G"});
        more.attribute("oiio:subimagename", "more");
        path_ = folder_ / "parts.exr";
        write_parts(path_, {{beauty, counting(beauty)},
                            {depth, counting(depth)},
                            {diffuse, counting(diffuse)},
                            {more, counting(more)}});
    }

    std::filesystem::path path_;
};

TEST_F(ReadingParts, TheFirstIsTheDefault)
{
    EXPECT_EQ(describe(read_image(path_).image.channels()), "R G B");
}

TEST_F(ReadingParts, TheHeaderCountsThem)
{
    EXPECT_EQ(read_header(path_).parts, 4);
    EXPECT_EQ(read_header(path_, "depth").parts, 4);
    EXPECT_FALSE(read_header(path_).tiled);
    EXPECT_EQ(read_header(write("one.exr", spec_of(0, 0, 4, 4, {"R"}))).parts, 1);
}

TEST_F(ReadingParts, EachHasItsOwnWindowAndTypes)
{
    const Image depth = read_image(path_, {.layer = "depth"}).image;
    EXPECT_EQ(depth.data_window(), (Window{1, 1, 3, 3}));
    EXPECT_EQ(depth.channels().front(), (Channel{"Z", ChannelType::full_float}));
    EXPECT_EQ(samples_of(depth), (std::vector<float>{0, 0.125f, 0.25f, 0.375f}));
}

TEST_F(ReadingParts, ANameRepeatedInTheChannelsIsTakenOff)
{
    EXPECT_EQ(describe(read_image(path_, {.layer = "diffuse"}).image.channels()), "R G B");
}

TEST_F(ReadingParts, APrefixIsFoundInAnyPart)
{
    EXPECT_EQ(describe(read_image(path_, {.layer = "spec"}).image.channels()), "R G");
}

TEST_F(ReadingParts, ALayerThatIsNotThereIsNamedWithThoseThatAre)
{
    EXPECT_EQ(read_error(path_, {.layer = "depht"}),
              "cannot read '" + path_.string()
                  + "': no layer 'depht' (has beauty, depth, diffuse, more, spec); did you mean 'depth'?");
}

TEST_F(Reading, AFileWithoutLayersSaysSo)
{
    const auto path = write("rgb.exr", spec_of(0, 0, 2, 2, {"R", "G", "B"}));
    EXPECT_EQ(read_error(path, {.layer = "x"}),
              "cannot read '" + path.string() + "': no layer 'x' (has only the channels R G B)");
}

TEST_F(Reading, AChannelThatIsNotThereIsNamedWithThoseThatAre)
{
    const auto path = write("rga.exr", spec_of(0, 0, 2, 2, {"R", "G", "A"}));
    EXPECT_EQ(read_error(path, {.channels = {"R", "B"}}),
              "cannot read '" + path.string() + "': no channel 'B' (has R G A)");
}

TEST_F(Reading, MissingEmptyAndForeignFilesAreToldApart)
{
    const auto said = [&](const std::string& name) {
        return "cannot read '" + (folder_ / name).string() + "': ";
    };
    EXPECT_EQ(read_error(folder_ / "none.exr"), said("none.exr") + "no such file");

    std::ofstream(folder_ / "empty.exr");
    EXPECT_EQ(read_error(folder_ / "empty.exr"), said("empty.exr") + "it is empty (0 bytes)");

    std::ofstream(folder_ / "text.exr") << "no picture at all\n";
    EXPECT_EQ(read_error(folder_ / "text.exr"),
              said("text.exr") + "it is not an image (EXR, DPX, TIFF, PNG or JPEG)");

    std::filesystem::create_directory(folder_ / "folder.exr");
    EXPECT_EQ(read_error(folder_ / "folder.exr"), said("folder.exr") + "it is a folder");
    EXPECT_EQ(error_of([&] { read_header(folder_ / "none.exr"); }), said("none.exr") + "no such file");
}

TEST_F(Reading, ATruncatedFileIsAnErrorAndNotBlackRows)
{
    for (const char* compression : {"none", "zip", "zips", "piz", "dwaa"})
        for (const bool tiled : {false, true})
            for (const double part : {0.05, 0.5, 0.97}) {
                OIIO::ImageSpec spec = spec_of(0, 0, 128, 128, {"R", "G", "B", "A"});
                spec.attribute("compression", compression);
                spec.tile_width = spec.tile_height = tiled ? 32 : 0;
                const auto path = folder_ / "cut.exr";
                write_parts(path, {{spec, samples_of(test::noise(128, 128, {"R", "G", "B", "A"}))}});
                cut_file(path, part);
                EXPECT_THAT(read_error(path),
                            StartsWith("cannot read '" + path.string() + "': it is truncated or damaged: "))
                    << compression << (tiled ? " tiled, " : ", ") << part;
            }
}

TEST_F(Reading, AFileWhoseWriterDiedIsAnError)
{
    // A writer that dies leaves the table of chunk offsets zeroed and the chunks that it had finished.
    OIIO::ImageSpec spec = spec_of(0, 0, 64, 128, {"R"});
    const auto path = write("died.exr", spec);
    const auto size = std::filesystem::file_size(path);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes(size, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    const auto end_of_header = bytes.find(std::string("screenWindowWidth\0float\0\4\0\0\0", 28)) + 28 + 4 + 1;
    ASSERT_LT(end_of_header, size);
    file.seekp(static_cast<std::streamoff>(end_of_header));
    file.write(std::string(8 * 8, '\0').data(), 8 * 8);   // 8 chunks of 16 rows
    file.close();
    cut_file(path, 0.7);
    EXPECT_THAT(read_error(path), HasSubstr("it is truncated or damaged: "));
}

TEST_F(Reading, ATruncatedHeaderIsAnError)
{
    const auto path = write("cut.exr", spec_of(0, 0, 8, 8, {"R"}));
    std::filesystem::resize_file(path, 100);
    EXPECT_THAT(read_error(path), HasSubstr("it is truncated or damaged: "));
    EXPECT_THAT(error_of([&] { read_header(path); }), HasSubstr("it is truncated or damaged: "));
}

TEST_F(Reading, DeepImagesAreRefused)
{
    OIIO::ImageSpec spec = spec_of(0, 0, 2, 2, {"A", "Z"}, TypeDesc::FLOAT);
    spec.deep = true;
    const auto path = folder_ / "deep.exr";
    const auto output = OIIO::ImageOutput::create(path.string());
    ASSERT_TRUE(output->open(path.string(), spec)) << output->geterror();
    OIIO::DeepData deep(spec);
    ASSERT_TRUE(output->write_deep_image(deep)) << output->geterror();
    ASSERT_TRUE(output->close());
    EXPECT_EQ(read_error(path), "cannot read '" + path.string() + "': it is a deep image; flatten it first");
}

TEST_F(Reading, WhatIsNotFiniteIsMendedAndReported)
{
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                infinity = std::numeric_limits<float>::infinity();
    for (const auto type : {TypeDesc::HALF, TypeDesc::FLOAT}) {
        const OIIO::ImageSpec spec = spec_of(10, 20, 5, 5, {"R", "A"}, type);
        std::vector<float> samples(50, 2.0f);
        const auto sample = [&](int x, int y) -> float& { return samples[((y - 20) * 5 + (x - 10)) * 2]; };
        sample(11, 21) = nan;
        sample(12, 21) = -infinity;   // must not mend its neighbour
        sample(14, 24) = infinity;
        sample(13, 24) = 5.0f;
        write_parts(folder_ / "nan.exr", {{spec, samples}});

        const ImageFile file = read_image(folder_ / "nan.exr");
        EXPECT_THAT(file.warnings,
                    ElementsAre("3 pixels are not finite (first at 11,21), replaced by the mean of "
                                "their neighbours"));
        EXPECT_EQ(file.image.pixel(11, 21)[0], 2.0f);
        EXPECT_EQ(file.image.pixel(12, 21)[0], 2.0f);
        EXPECT_EQ(file.image.pixel(14, 24)[0], 3.0f) << "(5 + 2 + 2) / 3";
        EXPECT_EQ(file.image.pixel(11, 21)[1], 2.0f);

        const ImageFile as_it_is = read_image(folder_ / "nan.exr", {.mend = false});
        EXPECT_TRUE(as_it_is.warnings.empty());
        EXPECT_TRUE(std::isnan(as_it_is.image.pixel(11, 21)[0]));
        EXPECT_EQ(as_it_is.image.pixel(14, 24)[0], infinity);
    }
}

TEST_F(Reading, AHoleTooLargeToMendIsZero)
{
    const OIIO::ImageSpec spec = spec_of(0, 0, 21, 21, {"Y"}, TypeDesc::FLOAT);
    std::vector<float> samples(21 * 21, std::numeric_limits<float>::quiet_NaN());
    samples[0] = 4.0f;
    write_parts(folder_ / "hole.exr", {{spec, samples}});
    const ImageFile file = read_image(folder_ / "hole.exr");
    EXPECT_EQ(file.image.pixel(8, 8)[0], 4.0f);
    EXPECT_EQ(file.image.pixel(9, 8)[0], 0.0f);
    EXPECT_THAT(file.warnings, ElementsAre(HasSubstr("440 pixels are not finite (first at 1,0)")));
}

TEST_F(Reading, OnePixelIsSpokenOfAsOne)
{
    const OIIO::ImageSpec spec = spec_of(0, 0, 2, 2, {"R", "G"});
    std::vector<float> samples(8, 1.0f);
    samples[6] = samples[7] = std::numeric_limits<float>::infinity();
    write_parts(folder_ / "one.exr", {{spec, samples}});
    EXPECT_THAT(read_image(folder_ / "one.exr").warnings,
                ElementsAre("1 pixel is not finite (at 1,1), replaced by the mean of its neighbours"));
}

TEST_F(Reading, AProxyHalvesEverything)
{
    OIIO::ImageSpec spec = spec_of(-2, 0, 8, 6, {"R"});
    spec.full_width = 4;
    spec.full_height = 6;
    const auto path = write("proxy.exr", spec);
    const Image half = read_image(path, {.proxy = 2}).image;
    EXPECT_EQ(half.data_window(), (Window{-1, 0, 3, 3}));
    EXPECT_EQ(half.display_window(), (Window{0, 0, 2, 3}));
    EXPECT_EQ(half.pixel(-1, 0)[0], (0 + 1 + 8 + 9) / 4.0f / 8);
}

struct Foreign {
    const char* file;
    TypeDesc::BASETYPE type;
    float step;   ///< the coarsest that the format may be
};

class ReadingForeignFormats : public Reading, public testing::WithParamInterface<Foreign> {};

TEST_P(ReadingForeignFormats, GivesRgbBetweenZeroAndOne)
{
    const OIIO::ImageSpec spec = spec_of(0, 0, 16, 8, {"R", "G", "B"}, GetParam().type);
    std::vector<float> samples(16 * 8 * 3);
    for (int i = 0; i < 16 * 8; ++i) {
        samples[3 * i] = 1.0f;
        samples[3 * i + 1] = 0.5f;
        samples[3 * i + 2] = 0.0f;
    }
    write_parts(folder_ / GetParam().file, {{spec, samples}});
    const ImageFile file = read_image(folder_ / GetParam().file);
    EXPECT_EQ(describe(file.image.channels()), "R G B");
    EXPECT_EQ(file.image.data_window(), (Window{0, 0, 16, 8}));
    EXPECT_EQ(file.image.display_window(), (Window{0, 0, 16, 8}));
    EXPECT_FALSE(read_header(folder_ / GetParam().file).is_exr);
    for (std::size_t i = 0; i < samples.size(); ++i)
        ASSERT_NEAR(file.image.data()[i], samples[i], GetParam().step);
}

TEST_P(ReadingForeignFormats, TruncatedIsAnError)
{
    const OIIO::ImageSpec spec = spec_of(0, 0, 256, 256, {"R", "G", "B"}, GetParam().type);
    Image picture = test::noise(256, 256, {"R", "G", "B"});
    for (float* sample = picture.data(); sample != picture.data() + picture.sample_count(); ++sample)
        *sample /= 16;
    const auto path = folder_ / GetParam().file;
    write_parts(path, {{spec, samples_of(picture)}});
    cut_file(path, 0.4);
    EXPECT_THAT(read_error(path),
                StartsWith("cannot read '" + path.string() + "': it is truncated or damaged: "));
}

TEST_P(ReadingForeignFormats, TheContentCountsAndNotTheName)
{
    const OIIO::ImageSpec spec = spec_of(0, 0, 16, 8, {"R", "G", "B"}, GetParam().type);
    const auto path = write(GetParam().file, spec);
    std::filesystem::rename(path, folder_ / "renamed.exr");
    EXPECT_EQ(describe(read_image(folder_ / "renamed.exr").image.channels()), "R G B");
    EXPECT_FALSE(read_header(folder_ / "renamed.exr").is_exr);
}

INSTANTIATE_TEST_SUITE_P(All, ReadingForeignFormats,
                         testing::Values(Foreign{"picture.dpx", TypeDesc::UINT16, 2e-4f},
                                         Foreign{"picture.tif", TypeDesc::UINT16, 1e-4f},
                                         Foreign{"picture.png", TypeDesc::UINT8, 4e-3f},
                                         Foreign{"picture.jpg", TypeDesc::UINT8, 2e-2f}),
                         [](const auto& test) { return std::string(test.param.file).substr(8); });

TEST_F(Reading, ColoursThatAreKeptApartFromTheirAlphaAreMultiplied)
{
    for (const char* name : {"alpha.png", "alpha.tif"}) {
        OIIO::ImageSpec spec = spec_of(0, 0, 1, 1, {"R", "G", "B", "A"}, TypeDesc::UINT8);
        spec.alpha_channel = 3;
        spec.attribute("oiio:UnassociatedAlpha", 1);
        const std::vector<float> samples{1.0f, 20.0f / 255, 0.0f, 51.0f / 255};
        write_parts(folder_ / name, {{spec, samples}});
        const Image image = read_image(folder_ / name).image;
        EXPECT_NEAR(image.data()[0], 0.2f, 1e-6f) << name;
        EXPECT_NEAR(image.data()[1], 4.0f / 255, 1e-6f) << name;
        EXPECT_NEAR(image.data()[3], 0.2f, 1e-6f) << name;
        EXPECT_NEAR(read_image(folder_ / name, {.channels = {"R"}}).image.data()[0], 0.2f, 1e-6f) << name;
    }
}

TEST_F(Reading, AGreyPngIsLuminance)
{
    const Image image = read_image(write("grey.png", spec_of(0, 0, 4, 4, {"Y"}, TypeDesc::UINT8))).image;
    EXPECT_EQ(describe(image.channels()), "Y");
}

TEST_F(Reading, PartsAreReadAsTheyAreStored)
{
    OIIO::ImageSpec colour = spec_of(0, 0, 2, 1, {"R", "G", "B"}), depth = spec_of(0, 0, 2, 1, {"Z"}, TypeDesc::FLOAT);
    colour.attribute("oiio:subimagename", "rgb");
    depth.attribute("oiio:subimagename", "depth");
    write_parts(folder_ / "parts.exr", {{colour, {1, 2, 3, 4, 5, 6}}, {depth, {std::numeric_limits<float>::quiet_NaN(), 7}}});
    const std::vector<ImagePart> parts = read_parts(folder_ / "parts.exr");
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].name, "rgb");
    EXPECT_EQ(describe(parts[1].image.channels()), "Z");
    EXPECT_TRUE(std::isnan(parts[1].image.data()[0]));
    EXPECT_EQ(parts[1].image.data()[1], 7);

    OIIO::ImageSpec png = spec_of(0, 0, 1, 1, {"R", "G", "B", "A"}, TypeDesc::UINT8);
    png.alpha_channel = 3;
    png.attribute("oiio:UnassociatedAlpha", 1);
    write_parts(folder_ / "alpha.png", {{png, {1, 1, 1, 0.2f}}});
    EXPECT_EQ(read_parts(folder_ / "alpha.png")[0].image.data()[0], 1);
    EXPECT_TRUE(read_parts(folder_ / "alpha.png")[0].encoded);
}

}  // namespace
}  // namespace platefall
