#include "image/deep_exr.h"

#include <platefall/error.h>

#include "base/files.h"
#include "image/exr_spec.h"

#include <Iex.h>
#include <ImfDeepFrameBuffer.h>
#include <ImfDeepScanLineOutputFile.h>
#include <ImfHeader.h>
#include <ImfIO.h>
#include <ImfPartType.h>

#include <Imath/half.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace platefall {
namespace {

constexpr int kRowsAtOnce = 64;   // for so many, halves and pointers are held beside the samples
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

/// What OpenEXR believes to write to.
class MemoryOutput final : public Imf::OStream {
public:
    explicit MemoryOutput(MemoryFile& file) : OStream("memory"), file_(file) {}
    void write(const char from[], int count) override { file_.write(from, static_cast<std::size_t>(count)); }
    std::uint64_t tellp() override { return static_cast<std::uint64_t>(file_.tell()); }
    void seekp(std::uint64_t position) override { file_.seek(static_cast<std::int64_t>(position)); }

private:
    MemoryFile& file_;
};

class MemoryInput final : public Imf::IStream {
public:
    explicit MemoryInput(const std::vector<std::byte>& bytes) : IStream("memory"), bytes_(bytes) {}
    bool read(char to[], int count) override
    {
        const auto wanted = static_cast<std::size_t>(count);
        if (at_ + wanted > bytes_.size())
            throw std::logic_error("deep EXR: the header ends early");
        std::memcpy(to, bytes_.data() + at_, wanted);
        at_ += wanted;
        return at_ < bytes_.size();
    }
    std::uint64_t tellg() override { return at_; }
    void seekg(std::uint64_t position) override { at_ = position; }

private:
    const std::vector<std::byte>& bytes_;
    std::size_t at_ = 0;
};

/// OpenImageIO cannot write deep images into memory. It makes the header of a flat one, so that attributes are the same in
/// both, and OpenEXR takes it from there.
Imf::Header deep_header(const DeepImage& image, const Attributes& attributes, ChannelType colour_type)
{
    MemoryFile flat;
    OIIO::ImageSpec spec = exr_spec(image.data_window(), image.display_window(), deep_channels(colour_type), attributes);
    spec.attribute("compression", "zips");
    if (const auto output = begin_exr(flat, spec); !output->close())
        cannot_encode(output->geterror());

    constexpr std::size_t kVersionAt = 4, kHeaderAt = 8;
    int version = 0;
    std::memcpy(&version, flat.bytes.data() + kVersionAt, sizeof version);
    MemoryInput input(flat.bytes);
    input.seekg(kHeaderAt);
    Imf::Header header;
    header.readFrom(input, version);
    header.setType(Imf::DEEPSCANLINE);
    return header;
}

/// A band of rows as OpenEXR wants them: where each channel of each pixel has its samples.
class Band {
public:
    Band(const DeepImage& image, int y0, int y1, bool as_half) : image_(image), y0_(y0), as_half_(as_half)
    {
        std::size_t samples = 0;
        for (int y = y0; y < y1; ++y) {
            counts_.insert(counts_.end(), image.counts(y).begin(), image.counts(y).end());
            samples += image.samples(y).size();
        }
        pointers_.resize(counts_.size());
        if (as_half)
            halves_.reserve(samples);
        std::size_t pixel = 0;
        for (int y = y0; y < y1; ++y)
            point_at(image.samples(y), pixel);
    }

    Imf::DeepFrameBuffer buffer()
    {
        const Window& data = image_.data_window();
        const auto width = static_cast<std::size_t>(data.width());
        const std::ptrdiff_t origin = data.x0 + y0_ * static_cast<std::ptrdiff_t>(width);
        Imf::DeepFrameBuffer buffer;
        buffer.insertSampleCountSlice({Imf::UINT, reinterpret_cast<char*>(counts_.data() - origin),
                                       sizeof counts_[0], sizeof counts_[0] * width});
        for (std::size_t c = 0; c < kNames.size(); ++c) {
            const bool half = as_half_ && c < kColours;
            char* base = reinterpret_cast<char*>(pointers_.data()) + c * sizeof(const void*)
                         - origin * static_cast<std::ptrdiff_t>(sizeof pointers_[0]);
            buffer.insert(kNames[c], {half ? Imf::HALF : Imf::FLOAT, base, sizeof pointers_[0],
                                      sizeof pointers_[0] * width, half ? sizeof halves_[0] : sizeof(DeepSample)});
        }
        return buffer;
    }

private:
    /// The pixels of one row; `pixel` counts on.
    void point_at(std::span<const DeepSample> samples, std::size_t& pixel)
    {
        const DeepSample* sample = samples.data();
        const DeepSample* const end = sample + samples.size();
        for (const std::size_t row_end = pixel + static_cast<std::size_t>(image_.data_window().width()); pixel < row_end;
             sample += counts_[pixel], ++pixel) {
            if (counts_[pixel] == 0 || sample == end)
                continue;
            pointers_[pixel] = {&sample->r, &sample->g, &sample->b, &sample->a, &sample->z, &sample->z_back};
            if (!as_half_)
                continue;
            for (std::uint32_t i = 0; i < counts_[pixel]; ++i)
                halves_.push_back(halves_of(sample[i]));
            const auto& first = *(halves_.end() - static_cast<std::ptrdiff_t>(counts_[pixel]));
            for (std::size_t c = 0; c < kColours; ++c)
                pointers_[pixel][c] = &first[c];
        }
    }

    static std::array<Imath::half, kColours> halves_of(const DeepSample& sample)
    {
        std::array<Imath::half, kColours> halves;
        for (std::size_t c = 0; c < kColours; ++c)
            halves[c] = std::clamp(values_of(sample)[c], -kLargestHalf, kLargestHalf);
        return halves;
    }

    const DeepImage& image_;
    int y0_;
    bool as_half_;
    std::vector<std::uint32_t> counts_;
    std::vector<std::array<const void*, kNames.size()>> pointers_;
    std::vector<std::array<Imath::half, kColours>> halves_;   // never grows beyond what was reserved
};

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

    MemoryFile file;
    try {
        MemoryOutput stream(file);
        Imf::DeepScanLineOutputFile output(stream, deep_header(image, attributes, colour_type));
        for (int y = data.y0; y < data.y1; y += kRowsAtOnce) {
            const int end = std::min(y + kRowsAtOnce, data.y1);
            Band band(image, y, end, colour_type == ChannelType::half_float);
            output.setFrameBuffer(band.buffer());
            output.writePixels(end - y);
        }
    } catch (const Iex::BaseExc& reason) {
        cannot_encode(reason.what());
    }
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
