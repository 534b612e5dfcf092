#include "pipeline/previews.h"

#include "base/files.h"
#include "cache/store.h"
#include "image/display_picture.h"
#include "image/windows.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace platefall {
namespace fs = std::filesystem;
namespace {

constexpr const char* kKind = "previews";
constexpr int kMost = 6, kWidth_px = 960, kQuality = 82;

bool has_colour(const Image& image)
{
    const bool rgb = image.channel_index("R") && image.channel_index("G") && image.channel_index("B");
    return rgb || image.channel_index("Y");
}

/// A layer of one channel as grey, 0 black and 1 white.
Image as_grey(const Image& image)
{
    Image grey = pick_channels(image, {image.channels()[0].name});
    grey.channels()[0].name = "Y";
    return grey;
}

/// As the display shows it; nothing where the layer is no picture.
std::optional<DisplayPicture> picture_of(const Plan& plan, const std::string& name, const Image& layer)
{
    if (layer.channels().empty() || layer.channels()[0].data)
        return std::nullopt;
    const int factor = std::max(1, (layer.display_window().width() + kWidth_px - 1) / kWidth_px);
    const Window window = shrink(layer.display_window(), factor);
    if (has_colour(layer))
        return display_picture(plan.shot.colours->for_display(shrink(layer, factor), plan.shot.info.colorspace), window);
    if (name.starts_with("matte.") || name.starts_with("generated"))
        return display_picture(as_grey(shrink(layer, factor)), window);
    return std::nullopt;
}

}  // namespace

std::vector<int> preview_frames(const std::vector<int>& shot_frames)
{
    return spread_frames(shot_frames, kMost);
}

Previews::Previews(const Plan& plan, int frame, bool wanted)
    : plan_(plan), wanted_(wanted && std::ranges::count(preview_frames(plan.shot.info.frames), frame) > 0)
{
}

void Previews::take(const Frame& frame, const std::vector<std::string>& layers)
{
    if (!wanted_)
        return;
    for (const std::string& layer : layers) {
        const auto picture = frame.has(layer) ? picture_of(plan_, layer, frame.layer(layer)) : std::nullopt;
        if (!picture)
            continue;
        std::erase_if(pictures_, [&](const auto& kept) { return kept.first == layer; });   // made anew by a later stage
        pictures_.emplace_back(layer, encode_jpeg(*picture, kQuality));
    }
}

void Previews::store(const Digest& key) const
{
    if (!wanted_)
        return;
    Store(plan_.shot.cache_folder).put(kKind, key, [&](const fs::path& folder) {
        for (std::size_t i = 0; i < pictures_.size(); ++i)
            write_file_atomically(folder / fmt::format("{:02} {}.jpg", i, pictures_[i].first), pictures_[i].second);
    });
}

std::vector<LayerPreview> find_previews(const Plan& plan, const Digest& key)
{
    const auto folder = Store(plan.shot.cache_folder).find(kKind, key);
    if (!folder)
        return {};
    std::set<fs::path> files;   // by name, which begins with the order
    for (const auto& entry : fs::directory_iterator(*folder))
        if (entry.path().extension() == ".jpg")
            files.insert(entry.path());
    std::vector<LayerPreview> previews;
    for (const fs::path& file : files)
        previews.push_back({file.stem().string().substr(3), file});
    return previews;
}

}  // namespace platefall
