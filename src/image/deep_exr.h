/// Deep EXR to disk, atomically.
#pragma once

#include <platefall/attributes.h>
#include <platefall/deep_image.h>

#include <cstddef>
#include <filesystem>
#include <vector>

namespace platefall {

/// A deep scanline EXR in memory, packed with zips: R G B A in `colour_type` (half or float), Z and ZBack as float. The
/// attributes are treated as encode_exr treats them, and threads do not change the bytes.
///
/// Throws Error, naming the first pixel that has it, for a sample that is not finite, an alpha outside 0..1, a back before
/// its front, or samples that do not lie front to back by their fronts. What is too large for a half is written as the
/// largest half.
std::vector<std::byte> encode_deep_exr(const DeepImage& image, const Attributes& attributes, ChannelType colour_type);

/// encode_deep_exr, then write_file_atomically. Errors name the file.
void write_deep_exr(const std::filesystem::path& path, const DeepImage& image, const Attributes& attributes,
                    ChannelType colour_type = ChannelType::half_float);

}  // namespace platefall
