/// What a simulation tells of itself frame by frame, for people to look at.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platefall {

struct Curve {
    std::string name;              ///< "pieces moving"
    std::string unit;              ///< "kg"; "" for a count
    int first_frame = 0;           ///< of the shot
    std::vector<double> values{};  ///< one a frame
    bool operator==(const Curve&) const = default;
};

/// Beside the frames that a simulation leaves in its folder.
void save_curves(const std::vector<Curve>& curves, const std::filesystem::path& folder);

/// None where there is no such file. Throws Error for one that is damaged.
std::vector<Curve> load_curves(const std::filesystem::path& folder);

}  // namespace platefall
