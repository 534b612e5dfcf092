#include "cleanplate/prepared.h"

#include "base/files.h"
#include "base/parallel.h"
#include "image/read.h"
#include "image/windows.h"
#include "image/write.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace platefall::cleanplate {
namespace {

using nlohmann::json;
using std::filesystem::path;

const std::vector<std::string> kChannels{"R", "G", "B", "generated", "noise", "depth"};

path canvas_file(const path& folder, std::size_t number)
{
    return folder / fmt::format("canvas.{}.exr", number);
}

path hole_file(const path& folder, int frame)
{
    return folder / fmt::format("hole.{}.exr", frame);
}

void save_canvas(const Canvas& canvas, const path& file)
{
    const Window& window = canvas.picture.data_window();
    std::vector<Channel> channels;
    for (const std::string& name : kChannels)
        channels.push_back({name, ChannelType::full_float});
    Image both = Image::unset(window, window, channels);
    const auto count = static_cast<std::size_t>(window.width()) * static_cast<std::size_t>(window.height());
    for (std::size_t i = 0; i < count; ++i) {
        std::copy_n(canvas.picture.data() + 3 * i, 3, both.data() + 6 * i);
        std::copy_n(canvas.facts.data() + 3 * i, 3, both.data() + 6 * i + 3);
    }
    write_exr(file, both, {}, {.compression = "zip"});
}

Canvas load_canvas(const path& file)
{
    const Image both = read_image(file, {.channels = kChannels}).image;
    Canvas canvas{.plan = {},
                  .picture = pick_channels(both, {"R", "G", "B"}),
                  .facts = pick_channels(both, {"generated", "noise", "depth"}),
                  .nearest = 0,
                  .farthest = 0,
                  .nearness = 1,
                  .hidden = {}};
    return canvas;
}

json region_json(const PreparedRegion& region)
{
    return {{"region", region.region},
            {"canvas", region.canvas},
            {"homography", region.frame_from_canvas.homography},
            {"parallax", region.frame_from_canvas.parallax},
            {"lost", region.is_lost}};
}

PreparedRegion region_of(const json& entry)
{
    return {.region = entry.at("region").get<std::size_t>(),
            .canvas = entry.at("canvas").get<std::size_t>(),
            .frame_from_canvas = {entry.at("homography").get<std::array<double, 9>>(), entry.at("parallax").get<Vec3>()},
            .is_lost = entry.at("lost").get<bool>()};
}

json frame_json(const PreparedFrame& frame)
{
    json regions = json::array();
    for (const PreparedRegion& region : frame.regions)
        regions.push_back(region_json(region));
    return {{"regions", regions}, {"notes", frame.notes}, {"hole", !frame.hole.empty()}};
}

PreparedFrame frame_of(const json& entry)
{
    PreparedFrame frame{.regions = {}, .notes = entry.at("notes").get<std::vector<std::string>>(), .hole = {}};
    for (const json& region : entry.at("regions"))
        frame.regions.push_back(region_of(region));
    return frame;
}

[[noreturn]] void refuse(const path& folder, const std::string& why)
{
    throw Error(fmt::format("'{}' is not a prepared clean plate ({}); delete the folder and render again",
                            folder.string(), why));
}

int frame_number(const path& folder, const std::string& text)
{
    int number = 0;
    const char* end = text.data() + text.size();
    if (const auto [rest, fault] = std::from_chars(text.data(), end, number); fault != std::errc{} || rest != end)
        refuse(folder, fmt::format("'{}' is not a frame number", text));
    return number;
}

}  // namespace

void save(const Prepared& prepared, const path& folder)
{
    json frames = json::object();
    for (const auto& [number, frame] : prepared.frames)
        frames[std::to_string(number)] = frame_json(frame);
    json canvases = json::array();
    for (const Canvas& canvas : prepared.canvases)
        canvases.push_back({{"nearest", canvas.nearest}, {"farthest", canvas.farthest}});
    write_file_atomically(folder / "frames.json", json{{"canvases", canvases}, {"frames", frames}}.dump(1));
    save_noise(prepared.noise, folder / "noise.json");
    for (std::size_t i = 0; i < prepared.canvases.size(); ++i)
        save_canvas(prepared.canvases[i], canvas_file(folder, i));

    std::vector<const std::pair<const int, PreparedFrame>*> with_hole;
    for (const auto& entry : prepared.frames)
        if (!entry.second.hole.empty())
            with_hole.push_back(&entry);
    parallel_each(static_cast<int>(with_hole.size()), [&](int i) {
        const auto& [number, frame] = *with_hole[static_cast<std::size_t>(i)];
        write_exr(hole_file(folder, number), picture_of(frame.hole, frame.hole.window()), {}, {.compression = "zip"});
    });
}

Prepared load_prepared(const path& folder)
{
    Prepared prepared;
    try {
        const json root = json::parse(std::ifstream(folder / "frames.json"));
        for (const json& entry : root.at("canvases")) {
            Canvas canvas = load_canvas(canvas_file(folder, prepared.canvases.size()));
            canvas.nearest = entry.at("nearest").get<float>();
            canvas.farthest = entry.at("farthest").get<float>();
            prepared.canvases.push_back(std::move(canvas));
        }
        std::vector<std::pair<int, PreparedFrame*>> with_hole;
        for (const auto& [name, entry] : root.at("frames").items()) {
            const int number = frame_number(folder, name);
            PreparedFrame& frame = prepared.frames[number] = frame_of(entry);
            if (!entry.at("hole").get<bool>())
                continue;
            for (const PreparedRegion& region : frame.regions)
                if (region.canvas >= prepared.canvases.size())
                    refuse(folder, fmt::format("frame {} lies on canvas {} of {}", number, region.canvas,
                                               prepared.canvases.size()));
            with_hole.emplace_back(number, &frame);
        }
        parallel_each(static_cast<int>(with_hole.size()), [&](int i) {
            const auto& [number, frame] = with_hole[static_cast<std::size_t>(i)];
            frame->hole = mask_above(read_image(hole_file(folder, number)).image, 0.5f);
        });
        prepared.noise = grain::load_noise(folder / "noise.json");
    } catch (const json::exception& error) {
        refuse(folder, error.what());
    }
    return prepared;
}

}  // namespace platefall::cleanplate
