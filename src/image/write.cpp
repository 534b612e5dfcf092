#include "image/write.h"

#include <platefall/error.h>

#include "base/files.h"
#include "base/parallel.h"
#include "base/spelling.h"
#include "image/exr_spec.h"
#include "image/exr_zip_write.h"
#include "image/lossless.h"
#include "image/samples.h"
#include "image/windows.h"

#include <OpenImageIO/imageio.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace platefall {
namespace {

using OIIO::ImageOutput;
using OIIO::ImageSpec;
using OIIO::TypeDesc;

bool is_dwa(const std::string& compression) { return compression == "dwaa" || compression == "dwab"; }

/// "dwaa:45": OIIO takes the level only as part of the name, and only whole.
std::string oiio_compression(const WriteOptions& options)
{
    const auto& known = exr_compressions();
    if (std::find(known.begin(), known.end(), options.compression) == known.end()) {
        const std::string hint = did_you_mean(options.compression, known);
        throw Error("unknown compression '" + options.compression + "'; "
                    + (hint.empty() ? "there are " + join_with_and(known) : hint));
    }
    if (!options.quality)
        return options.compression;
    if (!is_dwa(options.compression))
        throw Error("a quality applies only to the compressions dwaa and dwab, not to '" + options.compression
                    + "'");
    if (!(*options.quality >= 1.0f && *options.quality <= 1e6f))
        throw Error("the quality of '" + options.compression
                    + "' must be at least 1 (45 is usual, higher is smaller)");
    return options.compression + ":" + std::to_string(std::lround(*options.quality));
}

ImageSpec make_spec(const Image& image, const Attributes& attributes, const WriteOptions& options)
{
    ImageSpec spec = exr_spec(image.data_window(), image.display_window(), image.channels(), attributes);
    spec.tile_width = spec.tile_height = options.tile_px;
    spec.attribute("compression", oiio_compression(options));
    return spec;
}

bool all_of_type(const Image& image, ChannelType type)
{
    return std::all_of(image.channels().begin(), image.channels().end(),
                       [&](const Channel& channel) { return channel.type == type; });
}

/// One channel of one row, each sample in the channel's own type.
void gather_channel(const float* in, int stride, int width, ChannelType type, std::byte* out,
                    std::size_t pixel_bytes)
{
    for (int x = 0; x < width; ++x, in += stride, out += pixel_bytes) {
        if (type == ChannelType::half_float) {
            std::uint16_t bits = 0;
            halves_from_floats(in, 1, &bits);
            std::memcpy(out, &bits, sizeof bits);
        } else if (type == ChannelType::unsigned_int) {
            const std::uint32_t value = uint_from_float(*in);
            std::memcpy(out, &value, sizeof value);
        } else {
            std::memcpy(out, in, sizeof *in);
        }
    }
}

/// The pixels as the file stores them.
std::unique_ptr<std::byte[]> native_pixels(const Image& image, const ImageSpec& spec)
{
    const Window& data = image.data_window();
    const std::size_t pixel_bytes = spec.pixel_bytes(true);
    const std::size_t row_bytes = pixel_bytes * static_cast<std::size_t>(data.width());
    const std::size_t row_samples = static_cast<std::size_t>(data.width()) * image.channels().size();
    const bool halves = all_of_type(image, ChannelType::half_float);

    auto memory =
        std::make_unique_for_overwrite<std::byte[]>(row_bytes * static_cast<std::size_t>(data.height()));
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            std::byte* out = memory.get() + row_bytes * static_cast<std::size_t>(y - data.y0);
            if (halves) {
                halves_from_floats(image.row(y), row_samples, reinterpret_cast<std::uint16_t*>(out));
                continue;
            }
            for (int c = 0; c < image.channel_count(); ++c) {
                gather_channel(image.row(y) + c, image.channel_count(), data.width(),
                               image.channels()[c].type, out, pixel_bytes);
                out += oiio_type(image.channels()[c].type).size();
            }
        }
    });
    return memory;
}

/// EXR cannot hold an image without pixels.
Image one_black_pixel(const Image& image)
{
    const Window& display = image.display_window();
    return Image({display.x0, display.y0, display.x0 + 1, display.y0 + 1}, display, image.channels());
}

/// The header is OpenEXR's; the chunks are our own, which takes less than half the time.
std::vector<std::byte> encode_zip(const Image& image, const ImageSpec& spec, const std::string& compression)
{
    MemoryFile file;
    if (const auto output = begin_exr(file, spec); !output->close())
        cannot_encode(output->geterror());
    add_zip_chunks(file.bytes, image, compression);
    return std::move(file.bytes);
}

std::vector<std::byte> encode_pixels(const Image& image, const ImageSpec& spec)
{
    MemoryFile file;
    const auto output = begin_exr(file, spec);

    // Floats need no conversion. All rows are handed over at once, for all of OpenEXR's threads.
    const bool as_is = all_of_type(image, ChannelType::full_float);
    const auto converted = as_is ? nullptr : native_pixels(image, spec);
    const void* pixels = as_is ? static_cast<const void*>(image.data()) : converted.get();
    const Window& data = image.data_window();
    const bool written =
        spec.tile_width > 0
            ? output->write_tiles(data.x0, data.x1, data.y0, data.y1, 0, 1, OIIO::TypeUnknown, pixels)
            : output->write_scanlines(data.y0, data.y1, 0, OIIO::TypeUnknown, pixels);
    if (!written || !output->close())
        cannot_encode(output->geterror());
    return std::move(file.bytes);
}

}  // namespace

const std::vector<std::string>& exr_compressions()
{
    static const std::vector<std::string> names{"none",  "rle", "zips", "zip",  "piz",
                                                "pxr24", "b44", "b44a", "dwaa", "dwab"};
    return names;
}

std::vector<std::byte> encode_exr(const Image& image, const Attributes& attributes,
                                  const WriteOptions& options)
{
    if (image.channels().empty())
        throw std::logic_error("encode_exr: the image has no channels");
    if (image.data_window().empty())
        return encode_exr(one_black_pixel(image), attributes, options);
    ImageSpec spec = make_spec(image, attributes, options);
    const std::string compression = compression_for(image.channels(), options.compression);
    if (compression != options.compression)
        spec.attribute("compression", compression);
    if (options.tile_px == 0 && can_add_zip_chunks(image, compression))
        return encode_zip(image, spec, compression);
    return encode_pixels(image, spec);
}

void write_exr(const std::filesystem::path& path, const Image& image, const Attributes& attributes,
               const WriteOptions& options)
{
    write_file_atomically(path, encode_exr(image, attributes, options));
}

}  // namespace platefall
