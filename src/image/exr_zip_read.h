/// Reads the pixels of scanline EXR files with ZIP and ZIPS compression.
#pragma once

#include "image/oiio_file.h"
#include "image/samples.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace platefall {

/// Fills the image with the selected channels, and says what each row was like. nullopt, and samples of any
/// value: the file is of another kind, or something in it is damaged or unusual. Then OIIO is to read it, and
/// to say what is wrong.
std::optional<std::vector<RowState>> read_zip_chunks(const std::filesystem::path& path,
                                                     const Selection& selection, Image& image);

}  // namespace platefall
