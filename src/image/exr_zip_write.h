/// Writes the pixels of scanline EXR files with ZIP and ZIPS compression.
#pragma once

#include <platefall/image.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace platefall {

/// Whether add_zip_chunks can write these pixels: the compression is zip or zips, and no chunk is too large.
bool can_add_zip_chunks(const Image& image, std::string_view compression);

/// `file` ends with the table of chunk offsets, which has yet to be filled in. Adds the chunks, each channel
/// in its ChannelType, and fills in the table. Threads do not change the bytes.
void add_zip_chunks(std::vector<std::byte>& file, const Image& image, std::string_view compression);

}  // namespace platefall
