/// What a delivery is judged by: one file, looked at once.
#pragma once

#include "delivery/black_bars.h"
#include "image/read.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace platefall::delivery {

/// Samples that should not be.
struct BadSamples {
    std::int64_t count = 0;
    std::string channel;    ///< of the first one, in rows from the top
    int x = 0, y = 0;
};

struct FileFacts {
    std::string unreadable;         ///< why; "" for a file that opened and was read to its end. The rest is then empty
    ImageHeader header{};
    BadSamples not_finite{}, negative_alpha{}, high_alpha{};
    std::optional<BlackBars> bars{};     ///< nothing for a picture that is all black
};

/// Reads the file as it is. A file that is not there is "missing".
FileFacts look_at(const std::filesystem::path& file, double highest_alpha);

}  // namespace platefall::delivery
