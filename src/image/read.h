/// Images from disk, through OpenImageIO: EXR of every kind, and DPX, TIFF, PNG, JPEG.
#pragma once

#include <platefall/attributes.h>
#include <platefall/image.h>

#include <filesystem>
#include <string>
#include <vector>

namespace platefall {

/// What a file says of itself, without its pixels.
struct ImageHeader {
    Window data, display;
    std::vector<Channel> channels;   ///< of the chosen part and layer, without the layer's prefix
    Attributes attributes;
    std::string compression;         ///< "" when the format has none
    int parts = 1;                   ///< of the whole file
    bool tiled = false, deep = false;
    bool is_exr = false;
};

/// Which image of a file, and how much of it.
struct ReadOptions {
    /// A part of a multi-part EXR by name, or the channels with this prefix ("cg" for cg.R cg.G cg.B) in any
    /// part. Empty: the first part, with channel names as they are.
    std::string layer{};
    /// Only these channels, in this order. Empty: all, in file order with R G B A (or Y) first.
    std::vector<std::string> channels{};
    /// 2 averages 2x2 pixels. The windows shrink with it, rounded outwards.
    int proxy = 1;
    /// Whether NaN and infinity are replaced; otherwise they stay, for those who look for them.
    bool mend = true;
};

/// Throws Error naming the file: missing, empty, truncated, not an image, no such layer (with those there
/// are), no such channel (with those there are).
ImageHeader read_header(const std::filesystem::path& path, const std::string& layer = {},
                        const std::vector<std::string>& channels = {});

struct ImageFile {
    Image image;
    Attributes attributes;
    /// What had to be mended or cannot be kept: "3 pixels are not finite (first at 12,40), replaced by ...",
    /// "channel 'id' has values above 2^24 ...". For the user.
    std::vector<std::string> warnings;
};

/// Reads the pixels. Integer files are scaled to 0..1 (an EXR uint channel is not scaled). Colours that a file
/// keeps apart from their alpha are multiplied with it, as encoded, which ColourSpaces::convert undoes.
///
/// NaN and infinity are replaced by the mean of the finite neighbours (growing rings, 0 when there are none
/// within 8 pixels), in a fixed order, and reported. Deep images are refused. Throws as read_header does.
ImageFile read_image(const std::filesystem::path& path, const ReadOptions& options = {});

/// "cg.diffuse" of "cg.diffuse.R"; "" of "R".
std::string layer_of(const std::string& channel);

/// One image of a file with everything that it stores, for those who compare files and do not use them.
struct ImagePart {
    std::string name;        ///< "" when the file does not name it
    Image image;             ///< channels under the names that they have in the file
    Attributes attributes;
    bool encoded = false;    ///< whole numbers scaled to 0..1, as a display or a scanner has them; not light
};

/// Every part as it is stored: NaN and infinity stay, nothing is multiplied by alpha, and a sample of a channel of unsigned
/// integers has their bits (std::bit_cast), since a float cannot hold them all. Throws as read_image does.
std::vector<ImagePart> read_parts(const std::filesystem::path& path);

}  // namespace platefall
