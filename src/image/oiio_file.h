/// Opening an image file and choosing what to take from it. Private to this folder.
#pragma once

#include <platefall/image.h>

#include <OpenImageIO/imageio.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace platefall {

struct OpenFile {
    std::unique_ptr<OIIO::ImageInput> input;
    bool is_exr = false;
};

/// Throws Error naming the file: missing, empty, not an image, truncated or damaged, without pixels.
OpenFile open_image_file(const std::filesystem::path& path);

/// "cannot read 'PATH': WHY", as an Error.
[[noreturn]] void cannot_read(const std::filesystem::path& path, const std::string& why);

/// "... it is truncated or damaged: " and OIIO's reason.
[[noreturn]] void is_damaged(const std::filesystem::path& path, const OIIO::ImageInput& input);

/// One channel of the file that is wanted.
struct Pick {
    int file_index;     ///< among the channels of the part
    Channel channel;    ///< named without the layer
};

/// The part and the channels that a layer stands for.
struct Selection {
    int part = 0;
    OIIO::ImageSpec spec;
    std::vector<Pick> picks;

    Window data_window() const;
    Window display_window() const;
    std::vector<Channel> channels() const;
};

/// Every part, with all its channels under the names that they have in the file.
std::vector<Selection> all_parts(const OpenFile& file);

/// "" when the file does not name it.
std::string part_name(const OIIO::ImageSpec& spec);

/// See ReadOptions::layer. Throws Error with the layers that there are.
Selection select_layer(const OpenFile& file, const std::filesystem::path& path, const std::string& layer);

/// See ReadOptions::channels. Throws Error with the channels that there are.
void restrict_channels(Selection& selection, const std::filesystem::path& path,
                       const std::vector<std::string>& names);

}  // namespace platefall
