#include "pipeline/output.h"

#include "image/windows.h"

#include <platefall/version.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace platefall {
namespace {

constexpr std::array kColourChannels{"R", "G", "B", "A", "Y"};

/// Attributes that say which colours the numbers mean, or promise a format that this file has not.
constexpr std::array kColourTags{"chromaticities",    "whiteLuminance",       "adoptedNeutral",
                                 "oiio:ColorSpace",   "colorSpace",           "colorInteropID",
                                 "ICCProfile",        "Exif:ColorSpace",      "oiio:Gamma",
                                 "renderingTransform", "lookModTransform"};

/// x and y of red, green, blue and white (SMPTE ST 2065-1, AMPAS S-2014-004, ITU-R BT.709).
struct Primaries {
    const char* space;
    std::array<float, 8> chromaticities;
};
constexpr std::array<Primaries, 3> kPrimaries{{
    {"lin_rec709", {0.64f, 0.33f, 0.30f, 0.60f, 0.15f, 0.06f, 0.3127f, 0.3290f}},
    {"ACEScg", {0.713f, 0.293f, 0.165f, 0.830f, 0.128f, 0.044f, 0.32168f, 0.33767f}},
    {"ACES2065-1", {0.7347f, 0.2653f, 0.0f, 1.0f, 0.0001f, -0.077f, 0.32168f, 0.33767f}},
}};

/// Tags of the plate's colours must not survive a conversion; where the new ones are known they are said.
void retag_colours(Attributes& attributes, const Shot& shot)
{
    attributes.erase("acesImageContainerFlag");
    if (shot.colours->same(shot.plate_colorspace, shot.output.colorspace))
        return;
    for (const char* tag : kColourTags)
        attributes.erase(tag);
    for (const Primaries& primaries : kPrimaries)
        if (shot.colours->has(primaries.space) && shot.colours->same(primaries.space, shot.output.colorspace))
            attributes.set({.name = "chromaticities",
                            .type = "float[8]",
                            .values = std::vector<float>(primaries.chromaticities.begin(),
                                                         primaries.chromaticities.end())});
}

Attributes output_attributes(const Plan& plan, const Frame& frame, const Digest& key)
{
    Attributes attributes = frame.attributes;
    retag_colours(attributes, plan.shot);
    attributes.set("Software", "platefall " PLATEFALL_VERSION);
    attributes.set("platefall:version", PLATEFALL_VERSION);
    attributes.set("platefall:shot", plan.shot.info.name);
    attributes.set("platefall:frame", frame.number);
    attributes.set("platefall:key", key.hex());
    attributes.erase("platefall:substituted");
    if (!frame.substitutions.empty())
        attributes.set("platefall:substituted",
                       fmt::format("{}", fmt::join(frame.substitutions, "; ")));
    return attributes;
}

/// Colour goes out in the type that was asked for; depth and ids keep their own.
void set_output_type(Image& image, ChannelType type)
{
    for (Channel& channel : image.channels())
        if (std::count(kColourChannels.begin(), kColourChannels.end(), channel.name))
            channel.type = type;
}

Window output_window(const Shot& shot, const std::vector<std::pair<std::string, Image>>& layers,
                     const Window& plate_data)
{
    switch (shot.output.window) {
    case OutputWindow::plate: return plate_data;
    case OutputWindow::display: return shot.info.plate_display;
    case OutputWindow::all: break;
    }
    Window all = plate_data;
    for (const auto& [prefix, image] : layers)
        all = unite(all, image.data_window());
    return all;
}

/// All layers as one image, their channels prefixed, on one data window.
Image stack(const std::vector<std::pair<std::string, Image>>& layers, const Window& data, const Window& display)
{
    std::vector<Channel> channels;
    for (const auto& [prefix, image] : layers)
        for (const Channel& channel : image.channels())
            channels.push_back({prefix + channel.name, channel.type});
    Image stacked(data, display, std::move(channels));

    const int all = stacked.channel_count();
    int offset = 0;
    for (const auto& [prefix, image] : layers) {
        const int count = image.channel_count();
        const Window shared = intersect(data, image.data_window());
        for (int y = shared.y0; y < shared.y1; ++y) {
            const float* from = image.pixel(shared.x0, y);
            float* to = stacked.pixel(shared.x0, y) + offset;
            for (int x = shared.x0; x < shared.x1; ++x, from += count, to += all)
                std::copy_n(from, count, to);
        }
        offset += count;
    }
    return stacked;
}

std::filesystem::path aov_file(const SequencePath& pattern, const std::string& layer, int frame)
{
    std::string path = pattern.at(frame).string();
    for (std::size_t at = 0; (at = path.find("{layer}", at)) != std::string::npos; at += layer.size())
        path.replace(at, std::string("{layer}").size(), layer);
    return path;
}

/// Copied, not taken: the same layer may be the result and an AOV.
Image output_layer(const Plan& plan, const Frame& frame, const std::string& layer)
{
    Image image = frame.layer(layer);
    plan.shot.colours->convert(image, plan.shot.info.colorspace, plan.shot.output.colorspace);
    set_output_type(image, plan.shot.output.type);
    return image;
}

/// How much of each pixel was generated: nothing, if no stage said otherwise.
Image generated_layer(Frame& frame, const Window& data)
{
    if (frame.has("generated"))
        return frame.take("generated");
    return Image(data, frame.shot->plate_display, {{"generated", ChannelType::half_float}});
}

}  // namespace

std::vector<std::filesystem::path> output_files(const Plan& plan, int frame)
{
    const Output& output = plan.shot.output;
    std::vector<std::filesystem::path> files{output.path.at(frame)};
    if (output.aov_path)
        for (const std::string& aov : output.aovs)
            files.push_back(aov_file(*output.aov_path, aov, frame));
    return files;
}

std::size_t write_output(const Plan& plan, Frame& frame, const Window& plate_data, const Digest& key)
{
    const Output& output = plan.shot.output;
    const Attributes attributes = output_attributes(plan, frame, key);
    std::vector<std::pair<std::string, Image>> layers;
    layers.emplace_back("", output_layer(plan, frame, plan.result));
    layers.emplace_back("", generated_layer(frame, plate_data));
    std::size_t bytes = 0;
    for (const std::string& aov : output.aovs) {
        Image image = output_layer(plan, frame, aov);
        if (output.aov_path)
            write_exr(aov_file(*output.aov_path, aov, frame.number), image, attributes, output.file);
        else
            layers.emplace_back(aov + ".", std::move(image));
    }

    const Window window = output_window(plan.shot, layers, plate_data);
    const Image picture = stack(layers, window, plan.shot.info.plate_display);
    for (const auto& [prefix, image] : layers)
        bytes += image.bytes();
    layers.clear();
    write_exr(output.path.at(frame.number), picture, attributes, output.file);
    return bytes + 2 * picture.bytes();
}

std::optional<Finished> find_finished(const Plan& plan, int frame)
{
    std::optional<Finished> finished;
    for (const std::filesystem::path& file : output_files(plan, frame)) {
        try {
            const ImageFile whole = read_image(file);
            const Finished found{.key = whole.attributes.text("platefall:key"),
                                 .substituted = whole.attributes.text("platefall:substituted")};
            if (finished && finished->key != found.key)
                return std::nullopt;
            finished = found;
        } catch (const Error&) {
            return std::nullopt;
        }
    }
    return finished;
}

std::filesystem::path failure_note(const Plan& plan, int frame)
{
    const std::filesystem::path picture = plan.shot.output.path.at(frame);
    return picture.parent_path() / fmt::format(".{}.failed", picture.filename().string());
}

}  // namespace platefall
