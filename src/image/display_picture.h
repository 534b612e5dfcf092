/// Pictures for people: eight bits, encoded for a display, as PNG or JPEG.
#pragma once

#include <platefall/image.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace platefall {

/// sRGB-encoded R G B, rows from the top.
struct DisplayPicture {
    DisplayPicture() = default;
    DisplayPicture(int width_px, int height_px)   ///< black
        : width(width_px), height(height_px), rgb(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3)
    {
    }

    int width = 0, height = 0;
    std::vector<std::uint8_t> rgb;

    std::uint8_t* row(int y) { return &rgb[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3]; }
    const std::uint8_t* row(int y) const { return const_cast<DisplayPicture*>(this)->row(y); }
};

/// R G B of `image` as they are, 0..1; Y stands in for what is not there. Black outside the data window, and for NaN.
DisplayPicture display_picture(const Image& image, const Window& window);

/// The same picture `width` pixels wide, each the mean of those that it covers; `picture` itself if it is not wider.
DisplayPicture shrunk(const DisplayPicture& picture, int width);

/// Throw Error when the picture is empty or cannot be encoded. `quality` 1 to 100.
std::vector<std::byte> encode_png(const DisplayPicture& picture);
std::vector<std::byte> encode_jpeg(const DisplayPicture& picture, int quality = 90);

/// encode_png, then write_file_atomically.
void write_png(const std::filesystem::path& path, const DisplayPicture& picture);

}  // namespace platefall
