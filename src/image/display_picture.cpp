#include "image/display_picture.h"

#include "base/files.h"
#include "base/parallel.h"
#include "image/exr_spec.h"
#include "image/windows.h"

#include <platefall/error.h>

#include <OpenImageIO/imageio.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace platefall {
namespace {

std::uint8_t eight_bit(float value)
{
    return value > 0.0f ? static_cast<std::uint8_t>(std::lround(255.0f * std::min(value, 1.0f))) : 0;
}

std::vector<std::byte> encode(const DisplayPicture& picture, const std::string& format, int quality)
{
    if (picture.width < 1 || picture.height < 1)
        throw Error("cannot encode a picture without pixels");
    OIIO::ImageSpec spec(picture.width, picture.height, 3, OIIO::TypeDesc::UINT8);
    spec.attribute("oiio:ColorSpace", "sRGB");
    spec.attribute("CompressionQuality", quality);
    spec.attribute("jpeg:subsampling", "4:4:4");
    const auto output = OIIO::ImageOutput::create(format);
    if (!output)
        throw Error("cannot encode a picture as " + format + ": " + OIIO::geterror());
    MemoryFile file;
    output->set_ioproxy(&file);
    if (!output->open("memory." + format, spec) || !output->write_image(OIIO::TypeDesc::UINT8, picture.rgb.data())
        || !output->close())
        throw Error("cannot encode a picture as " + format + ": " + output->geterror());
    return std::move(file.bytes);
}

}  // namespace

DisplayPicture display_picture(const Image& image, const Window& window)
{
    std::array<std::optional<int>, 3> sources{image.channel_index("R"), image.channel_index("G"), image.channel_index("B")};
    for (auto& source : sources)
        source = source ? source : image.channel_index("Y");

    DisplayPicture picture(window.width(), window.height());
    const Window seen = intersect(window, image.data_window());
    parallel_rows(seen.y0, seen.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            std::uint8_t* out = picture.row(y - window.y0) + static_cast<std::ptrdiff_t>(seen.x0 - window.x0) * 3;
            for (int x = seen.x0; x < seen.x1; ++x, out += 3)
                for (std::size_t c = 0; c < 3; ++c)
                    if (sources[c])
                        out[c] = eight_bit(image.pixel(x, y)[*sources[c]]);
        }
    });
    return picture;
}

DisplayPicture shrunk(const DisplayPicture& picture, int width)
{
    if (width >= picture.width)
        return picture;
    const double step = static_cast<double>(picture.width) / width;
    DisplayPicture small(width, std::max(1, static_cast<int>(std::lround(picture.height / step))));
    const auto edge = [](int i, double size, int end) { return std::min(static_cast<int>(std::lround(i * size)), end); };
    const double step_y = static_cast<double>(picture.height) / small.height;
    parallel_rows(0, small.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < width; ++x) {
                const int x0 = edge(x, step, picture.width), x1 = edge(x + 1, step, picture.width);
                const int y0 = edge(y, step_y, picture.height), y1 = edge(y + 1, step_y, picture.height);
                std::array<int, 3> sums{};
                for (int v = y0; v < y1; ++v)
                    for (const std::uint8_t* in = picture.row(v) + static_cast<std::ptrdiff_t>(x0) * 3;
                         in < picture.row(v) + static_cast<std::ptrdiff_t>(x1) * 3; in += 3)
                        for (std::size_t c = 0; c < 3; ++c)
                            sums[c] += in[c];
                const int count = (x1 - x0) * (y1 - y0);
                for (std::size_t c = 0; c < 3; ++c)
                    small.row(y)[static_cast<std::size_t>(x) * 3 + c] =
                        static_cast<std::uint8_t>((sums[c] + count / 2) / count);
            }
    });
    return small;
}

std::vector<std::byte> encode_png(const DisplayPicture& picture)
{
    return encode(picture, "png", 6);
}

std::vector<std::byte> encode_jpeg(const DisplayPicture& picture, int quality)
{
    return encode(picture, "jpeg", quality);
}

void write_png(const std::filesystem::path& path, const DisplayPicture& picture)
{
    write_file_atomically(path, encode_png(picture));
}

}  // namespace platefall
