/// EXR to disk, atomically.
#pragma once

#include <platefall/attributes.h>
#include <platefall/image.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

/// none, rle, zips, zip, piz, pxr24, b44, b44a, dwaa, dwab.
const std::vector<std::string>& exr_compressions();

struct WriteOptions {
    std::string compression = "zip";
    std::optional<float> quality{}; ///< the DWA level; higher is smaller. Only with dwaa and dwab
    int tile_px = 0;                ///< 0: scanlines
};

/// An EXR file in memory: each channel in its own ChannelType; the attributes, less those that describe the
/// old file and not the picture (compression, tiling, line order, history, part names, ...). "Software" is
/// written as given: the caller sets it. Nothing is added, and threads do not change the bytes.
///
/// What is too large for a half is written as the largest half (65504). An empty data window is written as
/// one black pixel inside the display window, since EXR cannot hold none. A single channel with dwaa or dwab
/// is written as zip unless it is tiled, because OpenEXR's DWA is not reliable there. So is a file whose data channels a
/// lossy compression would not give back as they were (image/lossless.h).
std::vector<std::byte> encode_exr(const Image& image, const Attributes& attributes,
                                  const WriteOptions& options);

/// encode_exr, then write_file_atomically.
void write_exr(const std::filesystem::path& path, const Image& image, const Attributes& attributes,
               const WriteOptions& options = {});

}  // namespace platefall
