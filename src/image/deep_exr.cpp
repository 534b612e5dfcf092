#include "image/deep_exr.h"

#include <platefall/error.h>

#include "base/files.h"
#include "image/exr_spec.h"

#include <OpenImageIO/deepdata.h>

#include <Imath/half.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>

namespace platefall {
namespace {

constexpr int kRowsAtOnce = 64;   // so many are held a second time, as OpenImageIO wants them
constexpr float kLargestHalf = 65504.0f;
constexpr std::array<const char*, 6> kNames{"R", "G", "B", "A", "Z", "ZBack"};
constexpr std::size_t kColours = 4;

std::array<float, kNames.size()> values_of(const DeepSample& sample)
{
    return {sample.r, sample.g, sample.b, sample.a, sample.z, sample.z_back};
}

/// What is wrong with a sample that lies behind `before`, if anything is there; "" when it is good.
std::string fault_of(const DeepSample& sample, const DeepSample* before)
{
    for (std::size_t c = 0; c < kNames.size(); ++c)
        if (const float value = values_of(sample)[c]; !std::isfinite(value))
            return fmt::format("{} is {}", kNames[c], value);
    if (sample.a < 0.0f || sample.a > 1.0f)
        return fmt::format("the alpha {} is not between 0 and 1", sample.a);
    if (sample.z_back < sample.z)
        return fmt::format("the back at {} lies before the front at {}", sample.z_back, sample.z);
    if (before && sample.z < before->z)
        return fmt::format("the front at {} lies before {}, that of the sample before it; samples go from front to back",
                           sample.z, before->z);
    return {};
}

/// Throws Error for the first sample that is not good.
void check_row(const DeepImage& image, int y)
{
    const DeepSample* sample = image.samples(y).data();
    int x = image.data_window().x0;
    for (const std::uint32_t count : image.counts(y)) {
        for (std::uint32_t i = 0; i < count; ++i, ++sample)
            if (const std::string fault = fault_of(*sample, i > 0 ? sample - 1 : nullptr); !fault.empty())
                throw Error(fmt::format("deep pixel {},{}, sample {}: {}", x, y, i + 1, fault));
        ++x;
    }
}

std::vector<Channel> deep_channels(ChannelType colour_type)
{
    std::vector<Channel> channels;
    for (std::size_t c = 0; c < kNames.size(); ++c)
        channels.push_back({kNames[c], c < kColours ? colour_type : ChannelType::full_float});
    return channels;
}

void store(float value, bool as_half, std::byte* out)
{
    if (as_half) {
        const Imath::half half = std::clamp(value, -kLargestHalf, kLargestHalf);
        std::memcpy(out, &half, sizeof half);
    } else {
        std::memcpy(out, &value, sizeof value);
    }
}

/// The samples of one pixel, `count` above 0, into OpenImageIO's memory.
void store_pixel(const DeepSample* samples, std::uint32_t count, bool half_colours, OIIO::DeepData& deep,
                 std::int64_t pixel)
{
    for (std::size_t c = 0; c < kNames.size(); ++c) {
        auto* out = static_cast<std::byte*>(deep.data_ptr(pixel, static_cast<int>(c), 0));
        for (std::uint32_t i = 0; i < count; ++i, out += deep.samplesize())
            store(values_of(samples[i])[c], half_colours && c < kColours, out);
    }
}

/// The rows y0 to y1 (exclusive) as OpenImageIO wants them.
OIIO::DeepData rows_of(const DeepImage& image, int y0, int y1, const OIIO::ImageSpec& spec)
{
    const auto width = static_cast<std::int64_t>(image.data_window().width());
    OIIO::DeepData deep;
    deep.init(width * (y1 - y0), spec.nchannels, spec.channelformats, spec.channelnames);
    std::vector<std::uint32_t> counts;
    for (int y = y0; y < y1; ++y)
        counts.insert(counts.end(), image.counts(y).begin(), image.counts(y).end());
    deep.set_all_samples(counts);

    const bool half_colours = spec.channelformats.front() == OIIO::TypeDesc::HALF;
    std::size_t pixel = 0;
    for (int y = y0; y < y1; ++y) {
        const DeepSample* samples = image.samples(y).data();
        for (std::int64_t x = 0; x < width; samples += counts[pixel], ++x, ++pixel)
            if (counts[pixel] > 0)
                store_pixel(samples, counts[pixel], half_colours, deep, static_cast<std::int64_t>(pixel));
    }
    return deep;
}

/// EXR cannot hold an image without pixels; a deep one may hold pixels without samples.
DeepImage one_clear_pixel(const Window& display)
{
    return DeepImage({display.x0, display.y0, display.x0 + 1, display.y0 + 1}, display);
}

}  // namespace

std::vector<std::byte> encode_deep_exr(const DeepImage& image, const Attributes& attributes, ChannelType colour_type)
{
    if (colour_type == ChannelType::unsigned_int)
        throw std::logic_error("encode_deep_exr: colours are half or float");
    const Window& data = image.data_window();
    if (data.empty())
        return encode_deep_exr(one_clear_pixel(image.display_window()), attributes, colour_type);
    for (int y = data.y0; y < data.y1; ++y)
        check_row(image, y);

    OIIO::ImageSpec spec = exr_spec(data, image.display_window(), deep_channels(colour_type), attributes);
    spec.deep = true;
    spec.attribute("compression", "zips");
    MemoryFile file;
    const auto output = begin_exr(file, spec);
    for (int y = data.y0; y < data.y1; y += kRowsAtOnce) {
        const int end = std::min(y + kRowsAtOnce, data.y1);
        if (!output->write_deep_scanlines(y, end, 0, rows_of(image, y, end, spec)))
            cannot_encode(output->geterror());
    }
    if (!output->close())
        cannot_encode(output->geterror());
    return std::move(file.bytes);
}

void write_deep_exr(const std::filesystem::path& path, const DeepImage& image, const Attributes& attributes,
                    ChannelType colour_type)
{
    std::vector<std::byte> bytes;
    try {
        bytes = encode_deep_exr(image, attributes, colour_type);
    } catch (const Error& reason) {
        throw Error("cannot write '" + path.string() + "': " + reason.what());
    }
    write_file_atomically(path, bytes);
}

}  // namespace platefall
