/// Which file is compared with which.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platefall::compare {

/// Where the two files of one name are, or would be.
struct PicturePair {
    std::string name;               ///< the file's, or its path below the folder
    std::filesystem::path a, b;
    bool has_a = false, has_b = false;
};

struct PairChoice {
    std::string frames{};                  ///< "1001-1010": these of a sequence, on both sides; "" for all that are there
    std::vector<std::string> exclude{};    ///< patterns of paths below a folder: "*.sheet.png"
    bool may_lack_a = false;               ///< the reference is about to be made
};

/// `a` and `b` are two files, two sequences ("out/street.####.exr") or two folders. Pairs sequences by frame and folders by
/// the paths of all pictures below them. In order.
///
/// Throws Error: two different kinds, a thing compared with itself, no picture on a side.
std::vector<PicturePair> pair_pictures(const std::filesystem::path& a, const std::filesystem::path& b, const PairChoice& choice);

}  // namespace platefall::compare
