#include "image/deep_exr.h"

#include "base/parallel.h"
#include "image/read.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfDeepFrameBuffer.h>
#include <OpenEXR/ImfDeepScanLineInputFile.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfStringAttribute.h>

#include <OpenImageIO/imagebuf.h>
#include <OpenImageIO/imagebufalgo.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>

#include <sched.h>
#include <sys/mount.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::TempFolder;

constexpr Window kData{-3, 2, 17, 80}, kDisplay{0, 0, 24, 90};
constexpr std::array<const char*, 6> kChannels{"R", "G", "B", "A", "Z", "ZBack"};

/// A slice of dust; its numbers are exact as halves.
DeepSample slice(float z, float thickness, float alpha, float light)
{
    return {light * alpha, light * alpha / 2, 0.25f * alpha, alpha, z, z + thickness};
}

/// From none to four samples a pixel; the last of each fifth column is solid.
DeepImage cloud(const Window& data = kData)
{
    DeepImage image(data, kDisplay);
    for (int y = data.y0; y < data.y1; ++y)
        for (int x = data.x0; x < data.x1; ++x) {
            const int count = (x - data.x0 + y) % 5;
            for (int i = 0; i < count; ++i)
                image.add(x, y, slice(1000.001f + static_cast<float>(y) + 2.0f * static_cast<float>(i), 2.0f, 0.25f, 2.0f));
            if (count == 4)
                image.add(x, y, slice(2000.5f, 0, 1, 0.5f));
        }
    return image;
}

/// 80 KiB that no packing makes smaller than 16.
DeepImage noisy_cloud()
{
    DeepImage image(kData, kDisplay);
    std::uint32_t state = 1;
    for (int y = kData.y0; y < kData.y1; ++y)
        for (int i = 0; i < 64; ++i) {
            state = state * 1664525u + 1013904223u;
            const float light = static_cast<float>(state >> 8) * 0x1p-24f;
            image.add(kData.x0, y, {light, light * light, std::sqrt(light), 0.5f, static_cast<float>(i) + light, 100});
        }
    return image;
}

/// A file as OpenEXR's own deep reader gives it.
struct Witness {
    std::vector<unsigned> counts;
    std::vector<DeepSample> samples;
    Window data, display;
    std::string compression, slate;
};

Witness read_deep(const fs::path& path)
{
    Imf::DeepScanLineInputFile file(path.c_str());
    const Imath::Box2i box = file.header().dataWindow(), full = file.header().displayWindow();
    Witness witness;
    witness.data = {box.min.x, box.min.y, box.max.x + 1, box.max.y + 1};
    witness.display = {full.min.x, full.min.y, full.max.x + 1, full.max.y + 1};
    if (const auto* slate = file.header().findTypedAttribute<Imf::StringAttribute>("studio:slate"))
        witness.slate = slate->value();
    EXPECT_EQ(file.header().compression(), Imf::ZIPS_COMPRESSION);

    const auto width = static_cast<std::size_t>(witness.data.width());
    const std::size_t pixels = width * static_cast<std::size_t>(witness.data.height());
    witness.counts.resize(pixels);
    std::vector<std::array<float*, 6>> pointers(pixels);
    const std::ptrdiff_t origin = witness.data.x0 + witness.data.y0 * static_cast<std::ptrdiff_t>(width);
    Imf::DeepFrameBuffer buffer;
    buffer.insertSampleCountSlice(Imf::Slice(Imf::UINT, reinterpret_cast<char*>(witness.counts.data() - origin),
                                             sizeof(unsigned), sizeof(unsigned) * width));
    for (std::size_t c = 0; c < kChannels.size(); ++c)
        buffer.insert(kChannels[c], Imf::DeepSlice(Imf::FLOAT, reinterpret_cast<char*>(&pointers[0][c] - 6 * origin),
                                                   sizeof pointers[0], sizeof pointers[0] * width, sizeof(DeepSample)));
    file.setFrameBuffer(buffer);
    file.readPixelSampleCounts(box.min.y, box.max.y);
    std::size_t total = 0;
    for (const unsigned count : witness.counts)
        total += count;
    witness.samples.resize(total + 1);   // one more, so that pixels without samples point somewhere
    total = 0;
    for (std::size_t i = 0; i < pixels; total += witness.counts[i], ++i) {
        DeepSample& first = witness.samples[total];
        pointers[i] = {&first.r, &first.g, &first.b, &first.a, &first.z, &first.z_back};
    }
    file.readPixels(box.min.y, box.max.y);
    witness.samples.pop_back();
    return witness;
}

Witness all_of(const DeepImage& image)
{
    Witness all;
    for (int y = image.data_window().y0; y < image.data_window().y1; ++y) {
        all.counts.insert(all.counts.end(), image.counts(y).begin(), image.counts(y).end());
        all.samples.insert(all.samples.end(), image.samples(y).begin(), image.samples(y).end());
    }
    return all;
}

/// The message about one pixel with these samples.
std::string fault_of(const std::vector<DeepSample>& samples)
{
    DeepImage image({0, 0, 8, 4}, {0, 0, 8, 4});
    image.add(2, 1, slice(1, 1, 0.5f, 1));
    for (const DeepSample& sample : samples)
        image.add(5, 2, sample);
    return error_of([&] { encode_deep_exr(image, {}, ChannelType::half_float); });
}

TEST(DeepExr, OpenExrsOwnReaderFindsEverySample)
{
    for (const ChannelType type : {ChannelType::half_float, ChannelType::full_float}) {
        const TempFolder folder;
        Attributes attributes;
        attributes.set("studio:slate", std::string("12A take 3"));
        const DeepImage image = cloud();
        write_deep_exr(folder / "deep/dust.exr", image, attributes, type);
        const Witness witness = read_deep(folder / "deep/dust.exr"), expected = all_of(image);
        EXPECT_EQ(witness.counts, expected.counts);
        EXPECT_EQ(witness.samples, expected.samples);
        EXPECT_EQ(witness.data, kData);
        EXPECT_EQ(witness.display, kDisplay);
        EXPECT_EQ(witness.slate, "12A take 3");
    }
}

TEST(DeepExr, ColoursAreStoredAsAskedAndDepthsAsFloats)
{
    const TempFolder folder;
    for (const Imf::PixelType type : {Imf::HALF, Imf::FLOAT}) {
        write_deep_exr(folder / "a.exr", cloud(), {},
                       type == Imf::HALF ? ChannelType::half_float : ChannelType::full_float);
        const Imf::DeepScanLineInputFile file((folder / "a.exr").c_str());
        for (const char* name : kChannels) {
            ASSERT_NE(file.header().channels().findChannel(name), nullptr) << name;
            EXPECT_EQ(file.header().channels()[name].type, *name == 'Z' ? Imf::FLOAT : type) << name;
        }
    }
}

TEST(DeepExr, FlattensToTheCompositeOfItsSamples)
{
    const TempFolder folder;
    write_deep_exr(folder / "a.exr", cloud(), {}, ChannelType::full_float);
    const OIIO::ImageBuf flat = OIIO::ImageBufAlgo::flatten(OIIO::ImageBuf((folder / "a.exr").string()));
    ASSERT_FALSE(flat.has_error()) << flat.geterror();
    for (int y = kData.y0; y < kData.y1; ++y)
        for (int x = kData.x0; x < kData.x1; ++x) {
            const int count = (x - kData.x0 + y) % 5;
            const float through = std::pow(0.75f, static_cast<float>(count));
            const float solid = count == 4 ? through : 0.0f;
            std::array<float, 6> pixel{};
            flat.getpixel(x, y, pixel.data(), 6);
            EXPECT_NEAR(pixel[0], 2.0f * (1 - through) + 0.5f * solid, 1e-5f) << x << "," << y;
            EXPECT_NEAR(pixel[3], 1 - through + solid, 1e-5f) << x << "," << y;
        }
}

TEST(DeepExr, BytesDoNotDependOnThreads)
{
    Attributes attributes;
    attributes.set("studio:slate", std::string("12A"));
    const auto encoded = [&](int threads) {
        const ThreadLimit limit(threads);
        return encode_deep_exr(cloud(), attributes, ChannelType::half_float);
    };
    EXPECT_TRUE(encoded(1) == encoded(4));
}

TEST(DeepExr, WhatIsTooBrightForAHalfIsTheLargestHalf)
{
    const TempFolder folder;
    DeepImage image({0, 0, 1, 1}, {0, 0, 1, 1});
    image.add(0, 0, {1e9f, 65504, 1, 1, 3, 3});
    write_deep_exr(folder / "a.exr", image, {});
    EXPECT_EQ(read_deep(folder / "a.exr").samples.front().r, 65504.0f);
}

TEST(DeepExr, AnEmptyDataWindowIsOnePixelWithoutSamples)
{
    const TempFolder folder;
    write_deep_exr(folder / "a.exr", DeepImage({}, kDisplay), {});
    const Witness witness = read_deep(folder / "a.exr");
    EXPECT_EQ(witness.counts, std::vector<unsigned>{0});
    EXPECT_EQ(witness.display, kDisplay);
}

TEST(DeepExr, BadSamplesAreRefusedWithTheirPlace)
{
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    const DeepSample good = slice(4, 1, 0.5f, 1);
    EXPECT_EQ(fault_of({good}), "no error");
    EXPECT_EQ(fault_of({good, slice(3, 1, 0.5f, 1)}),
              "deep pixel 5,2, sample 2: the front at 3 lies before 4, that of the sample before it; samples go from front to "
              "back");
    EXPECT_EQ(fault_of({good, {0, nan, 0, 0.5f, 6, 7}}), "deep pixel 5,2, sample 2: G is nan");
    EXPECT_EQ(fault_of({{0, 0, 0, 0.5f, 6, infinity}}), "deep pixel 5,2, sample 1: ZBack is inf");
    EXPECT_EQ(fault_of({{0, 0, 0, nan, 6, 7}}), "deep pixel 5,2, sample 1: A is nan");
    EXPECT_EQ(fault_of({{0, 0, 0, 1.5f, 6, 7}}), "deep pixel 5,2, sample 1: the alpha 1.5 is not between 0 and 1");
    EXPECT_EQ(fault_of({{0, 0, 0, -0.5f, 6, 7}}), "deep pixel 5,2, sample 1: the alpha -0.5 is not between 0 and 1");
    EXPECT_EQ(fault_of({{0, 0, 0, 0.5f, 6, 5}}),
              "deep pixel 5,2, sample 1: the back at 5 lies before the front at 6");
}

TEST(DeepExr, ABadSampleLeavesNoFileAndAnOldOneAsItWas)
{
    const TempFolder folder;
    write_deep_exr(folder / "a.exr", cloud(), {});
    const auto size = fs::file_size(folder / "a.exr");
    DeepImage bad({0, 0, 1, 1}, {0, 0, 1, 1});
    bad.add(0, 0, {0, 0, 0, 2, 1, 1});
    EXPECT_EQ(error_of([&] { write_deep_exr(folder / "a.exr", bad, {}); }),
              "cannot write '" + (folder / "a.exr").string()
                  + "': deep pixel 0,0, sample 1: the alpha 2 is not between 0 and 1");
    EXPECT_EQ(fs::file_size(folder / "a.exr"), size);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), {}), 1);
}

TEST(DeepExr, AFullDiskIsReportedAndLeavesTheOldFile)
{
    const TempFolder folder;
    // A thread may have a view of the file system of its own; a child process would miss the codec's threads.
    std::string said;
    std::thread([&] {
        if (::unshare(CLONE_FS | CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || ::mount("tmpfs", folder.path.c_str(), "tmpfs", 0, "size=16k") != 0) {
            said = "not permitted";
            return;
        }
        write_deep_exr(folder / "a.exr", DeepImage({0, 0, 1, 1}, {0, 0, 1, 1}), {});
        const auto size = fs::file_size(folder / "a.exr");
        said = error_of([&] { write_deep_exr(folder / "a.exr", noisy_cloud(), {}); });
        const auto files = std::distance(fs::directory_iterator(folder.path), {});
        said += fs::file_size(folder / "a.exr") == size && files == 1 ? "; nothing lost" : "; a half file";
    }).join();
    if (said == "not permitted")
        GTEST_SKIP() << "a small file system of one's own cannot be mounted here";
    EXPECT_THAT(said, testing::StartsWith("cannot write '" + (folder / "a.exr").string() + "': No space left on device; "));
    EXPECT_THAT(said, testing::EndsWith("; nothing lost"));
}

TEST(DeepExr, AFolderThatIsNoneIsReported)
{
    const TempFolder folder;
    write_deep_exr(folder / "out", cloud(), {});
    EXPECT_EQ(error_of([&] { write_deep_exr(folder / "out/a.exr", cloud(), {}); }),
              "cannot write '" + (folder / "out/a.exr").string() + "': Not a directory");
}

TEST(DeepExr, ReadingItAsAPictureIsRefused)
{
    const TempFolder folder;
    write_deep_exr(folder / "a.exr", cloud(), {});
    EXPECT_THAT(error_of([&] { read_image(folder / "a.exr"); }), testing::HasSubstr("deep"));
}

TEST(DeepImage, RowsMayBeFilledByDifferentThreads)
{
    DeepImage image(kData, kDisplay);
    parallel_rows(kData.y0, kData.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            image.add(y % 16, y, slice(static_cast<float>(y), 1, 0.5f, 1));
    });
    EXPECT_EQ(image.sample_count(), 78u);
    EXPECT_EQ(image.samples(5)[0].z, 5.0f);
    EXPECT_EQ(image.counts(5)[8], 1u);
    EXPECT_LT(image.bytes(), 78u * (20 * 4 + 24 + 64) + 1000);
}

TEST(DeepImage, PixelsOutOfOrderAreADefect)
{
    DeepImage image(kData, kDisplay);
    image.add(4, 5, {});
    EXPECT_THROW(image.add(3, 5, {}), std::logic_error);
    EXPECT_THROW(image.add(17, 5, {}), std::logic_error);
    EXPECT_NO_THROW(image.add(4, 5, {}));
}

}  // namespace
}  // namespace platefall
