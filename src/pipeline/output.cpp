#include "pipeline/output.h"

#include "base/parallel.h"
#include "image/lossless.h"
#include "image/read.h"
#include "image/write.h"

#include <platefall/version.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace platefall {
namespace {

constexpr std::array<std::string_view, 5> kColourChannels{"R", "G", "B", "A", "Y"};

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

/// Code and models from outside that this frame went through: "exec:night.py, version 1, 3f…; onnx:fill.onnx, 9a…".
std::string external_stages(const Plan& plan)
{
    std::vector<std::string> parts;
    for (const PlannedStage& planned : plan.stages) {
        if (const StageType& type = *planned.type; !type.fingerprint.empty())
            parts.push_back(fmt::format("{}, version {}, {}", type.name, type.version, type.fingerprint));
        for (const plugin::ExternalPart& part : planned.external)
            parts.push_back(fmt::format("{}, {}", part.name, part.fingerprint));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// "cleanplate 6, collapse 3, render 4, comp 1"
std::string stages_and_versions(const Plan& plan)
{
    std::vector<std::string> parts;
    for (const PlannedStage& planned : plan.stages)
        parts.push_back(fmt::format("{} {}", planned.type->name, planned.type->version));
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// "shot 0, collapse 7"
std::string seeds_of(const Plan& plan)
{
    std::string text = fmt::format("shot {}", plan.shot.info.seed);
    for (const PlannedStage& planned : plan.stages)
        if (const auto seed = seed_of(planned))
            text += fmt::format(", {} {}", planned.type->name, *seed);
    return text;
}

Attributes output_attributes(const Plan& plan, const Frame& frame, const Digest& key, const Origins& origins)
{
    Attributes attributes = frame.attributes;
    retag_colours(attributes, plan.shot);
    attributes.set("Software", "platefall " PLATEFALL_VERSION);
    attributes.set("platefall:version", PLATEFALL_VERSION);
    attributes.set("platefall:shot", plan.shot.info.name);
    attributes.set("platefall:frame", frame.number);
    attributes.set("platefall:key", key.hex());
    attributes.set("platefall:manifest", plan.shot.manifest.content.hex());
    attributes.set("platefall:stages", stages_and_versions(plan));
    attributes.set("platefall:seeds", seeds_of(plan));
    attributes.set("platefall:origins", describe(origins));
    attributes.erase("platefall:external");
    if (const std::string external = external_stages(plan); !external.empty())
        attributes.set("platefall:external", external);
    attributes.erase("platefall:substituted");
    if (!frame.substitutions.empty())
        attributes.set("platefall:substituted",
                       fmt::format("{}", fmt::join(frame.substitutions, "; ")));
    return attributes;
}

/// A layer on its way to disk: the frame's own, or a converted copy of it.
struct Part {
    std::string layer;                  ///< "" for channels that stand alone
    const Image* image = nullptr;
    std::unique_ptr<Image> own;
};

Part make_part(const Plan& plan, const Frame& frame, const std::string& layer, std::string name)
{
    Part part{std::move(name), &frame.layer(layer), nullptr};
    const Shot& shot = plan.shot;
    const bool only_data = std::ranges::all_of(part.image->channels(), &Channel::data);
    if (only_data || shot.colours->same(shot.info.colorspace, shot.output.colorspace))
        return part;
    part.own = std::make_unique<Image>(*part.image);
    shot.colours->convert(*part.own, shot.info.colorspace, shot.output.colorspace);
    part.image = part.own.get();
    return part;
}

/// How much of each pixel of the result was generated: nothing, if no stage said otherwise.
Part generated_part(const Plan& plan, const Frame& frame, const Window& data)
{
    if (const std::string layer = generated_layer(plan); frame.has(layer))
        return {"", &frame.layer(layer), nullptr};
    Part part{"", nullptr,
              std::make_unique<Image>(data, frame.shot->plate_display,
                                      std::vector<Channel>{{"generated", ChannelType::half_float}})};
    part.image = part.own.get();
    return part;
}

Window output_window(const Shot& shot, const std::vector<Part>& parts, const Window& plate_data)
{
    switch (shot.output.window) {
    case OutputWindow::plate: return plate_data;
    case OutputWindow::display: return shot.info.plate_display;
    case OutputWindow::all: break;
    }
    Window all = plate_data;
    for (const Part& part : parts)
        all = unite(all, part.image->data_window());
    return all;
}

/// "crypto_piece00.r" of the layer "crypto_piece" says itself where it belongs.
std::string name_in_file(const Part& part, const Channel& channel)
{
    const bool says_itself = channel.name.find('.') != std::string::npos && channel.name.starts_with(part.layer);
    return part.layer.empty() || says_itself ? channel.name : part.layer + "." + channel.name;
}

/// The channels of all parts. Colour goes out in the type that was asked for; depth and other data keep their own.
std::vector<Channel> output_channels(const std::vector<Part>& parts, ChannelType colour_type)
{
    std::vector<Channel> channels;
    for (const Part& part : parts)
        for (const Channel& channel : part.image->channels()) {
            const bool colour =
                !channel.data && std::ranges::find(kColourChannels, channel.name) != kColourChannels.end();
            channels.push_back({name_in_file(part, channel), colour ? colour_type : channel.type, channel.data});
        }
    return channels;
}

/// One row of a part into its channels of the stacked row.
void copy_row(const Image& from, Image& to, int first_channel, int y)
{
    const Window shared = intersect(from.data_window(), to.data_window());
    if (y < shared.y0 || y >= shared.y1)
        return;
    const int count = from.channel_count(), stride = to.channel_count();
    const float* in = from.pixel(shared.x0, y);
    float* out = to.pixel(shared.x0, y) + first_channel;
    for (int x = shared.x0; x < shared.x1; ++x, out += stride)
        for (int c = 0; c < count; ++c)
            out[c] = *in++;
}

/// All parts as one image.
Image stack(const std::vector<Part>& parts, const Window& data, const Shot& shot)
{
    Image stacked = Image::unset(data, shot.info.plate_display, output_channels(parts, shot.output.type));
    const std::size_t row_samples = static_cast<std::size_t>(data.width()) * stacked.channels().size();
    const auto covers = [&](const Part& part) { return part.image->data_window().contains(data); };
    const bool covered = std::ranges::all_of(parts, covers);
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            if (!covered)
                std::fill_n(stacked.row(y), row_samples, 0.0f);
            int channel = 0;
            for (const Part& part : parts) {
                copy_row(*part.image, stacked, channel, y);
                channel += part.image->channel_count();
            }
        }
    });
    return stacked;
}

/// Data in the picture's file may ask for another compression than was asked for.
void warn_of_data(const Image& picture, const Output& output, Frame& frame)
{
    const std::string& wanted = output.file.compression;
    const std::string taken = compression_for(picture.channels(), wanted);
    if (taken == wanted)
        return;
    const auto suffers = [&](const Channel& channel) { return channel.data && !is_kept(channel, wanted); };
    const auto first = std::ranges::find_if(picture.channels(), suffers);
    frame.warnings.push_back(fmt::format("output: the file is packed with '{}', since '{}' would change '{}', which is data "
                                         "('aov_path' gives AOVs files of their own)",
                                         taken, wanted, first->name));
}

std::filesystem::path aov_file(const SequencePath& pattern, const std::string& layer, int frame)
{
    std::string path = pattern.at(frame).string();
    for (std::size_t at = 0; (at = path.find("{layer}", at)) != std::string::npos; at += layer.size())
        path.replace(at, std::string("{layer}").size(), layer);
    return path;
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

std::size_t write_output(const Plan& plan, Frame& frame, const Window& plate_data, const Digest& key, const Origins& origins)
{
    const Output& output = plan.shot.output;
    const Attributes attributes = output_attributes(plan, frame, key, origins);
    std::vector<Part> parts;
    parts.push_back(make_part(plan, frame, plan.result, ""));
    parts.push_back(generated_part(plan, frame, plate_data));
    std::size_t bytes = 0;
    for (const std::string& aov : output.aovs) {
        Part part = make_part(plan, frame, aov, output.aov_path ? "" : aov);
        if (!output.aov_path) {
            parts.push_back(std::move(part));
            continue;
        }
        const Window window = part.image->data_window();
        std::vector<Part> alone;
        alone.push_back(std::move(part));
        const Image picture = stack(alone, window, plan.shot);
        bytes = std::max(bytes, 2 * picture.bytes() + (alone[0].own ? alone[0].own->bytes() : 0));
        write_exr(aov_file(*output.aov_path, aov, frame.number), picture, attributes, output.file);
    }

    const Image picture = stack(parts, output_window(plan.shot, parts, plate_data), plan.shot);
    std::size_t own = 0;
    for (const Part& part : parts)
        own += part.own ? part.own->bytes() : 0;
    parts.clear();
    warn_of_data(picture, output, frame);
    write_exr(output.path.at(frame.number), picture, attributes, output.file);
    return std::max(bytes, own + 2 * picture.bytes());
}

std::optional<Marks> read_marks(const Plan& plan, int frame)
{
    std::optional<Marks> marks;
    for (const std::filesystem::path& file : output_files(plan, frame)) {
        try {
            const Attributes attributes = read_header(file).attributes;
            const Marks found{.key = attributes.text("platefall:key"),
                              .substituted = attributes.text("platefall:substituted")};
            if (found.key.empty() || (marks && marks->key != found.key))
                return std::nullopt;
            marks = found;
        } catch (const Error&) {
            return std::nullopt;
        }
    }
    return marks;
}

std::vector<std::filesystem::path> stage_files(const Plan& plan, int frame)
{
    std::vector<std::filesystem::path> files;
    for (const PlannedStage& planned : plan.stages)
        for (std::filesystem::path& file : planned.stage->written_files(frame))
            files.push_back(std::move(file));
    return files;
}

bool is_whole(const Plan& plan, int frame)
{
    const auto is_there = [](const std::filesystem::path& file) {
        std::error_code none;
        return std::filesystem::exists(file, none) && std::filesystem::file_size(file, none) > 0;
    };
    if (!std::ranges::all_of(stage_files(plan, frame), is_there))
        return false;
    try {
        for (const std::filesystem::path& file : output_files(plan, frame))
            read_image(file);
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::optional<std::filesystem::path> find_foreign_file(const Plan& plan, int frame)
{
    for (const std::filesystem::path& file : output_files(plan, frame)) {
        std::error_code none;
        if (!std::filesystem::exists(file, none) || std::filesystem::file_size(file, none) == 0)
            continue;
        try {
            if (read_header(file).attributes.text("platefall:key").empty())
                return file;
        } catch (const Error&) {
            return file;
        }
    }
    return std::nullopt;
}

std::filesystem::path failure_note(const Plan& plan, int frame)
{
    const std::filesystem::path picture = plan.shot.output.path.at(frame);
    return picture.parent_path() / fmt::format(".{}.failed", picture.filename().string());
}

}  // namespace platefall
