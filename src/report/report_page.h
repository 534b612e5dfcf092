/// The page on which a shot is reviewed. Private to this folder.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace platefall {

struct StillFrame {
    int frame = 0;
    std::vector<std::pair<std::string, std::vector<std::byte>>> layers;   ///< name and JPEG, bottom first, the result last
};

struct ReviewPictures {
    std::vector<StillFrame> stills;
    std::vector<std::byte> sheet;   ///< JPEG
    std::vector<std::byte> movie;   ///< MP4; empty: none
};

/// One self-contained file. `provenance` as report/provenance.h says; `mark` is found again by page_mark().
std::string report_page(const nlohmann::json& provenance, const ReviewPictures& pictures, const std::string& mark);

/// "" when the text is no such page.
std::string page_mark(const std::string& page);

/// The page that answers the questions of studios about generated material.
std::string disclosure_page(const nlohmann::json& provenance);

}  // namespace platefall
