/// Small pictures of every layer of a few frames, kept in the cache while the layers are at hand: what a report shows without
/// rendering anything again.
#pragma once

#include "base/hash.h"
#include "pipeline/plan.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace platefall {

/// Of the shot, at most six, the first and the last among them.
std::vector<int> preview_frames(const std::vector<int>& shot_frames);

/// Collects them during the journey of one frame; does nothing where they are not wanted, or for a frame that is not among
/// preview_frames().
class Previews {
public:
    Previews(const Plan& plan, int frame, bool wanted);

    /// The layers that have come; pictures and mattes, no data.
    void take(const Frame& frame, const std::vector<std::string>& layers);

    /// Into the cache, under the frame's key.
    void store(const Digest& key) const;

private:
    const Plan& plan_;
    const bool wanted_;
    std::vector<std::pair<std::string, std::vector<std::byte>>> pictures_;   ///< layer and JPEG, in the order they came
};

struct LayerPreview {
    std::string layer;
    std::filesystem::path picture;   ///< JPEG
};

/// In the order they were made; none when the cache has none.
std::vector<LayerPreview> find_previews(const Plan& plan, const Digest& key);

}  // namespace platefall
