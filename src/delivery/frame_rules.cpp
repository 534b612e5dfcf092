#include "delivery/frame_rules.h"

#include "base/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace platefall::delivery {
namespace {

std::string list(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

bool is_colour(const std::string& channel)
{
    const std::string_view last = std::string_view(channel).substr(channel.rfind('.') + 1);
    return last == "R" || last == "G" || last == "B" || last == "A" || last == "Y";
}

const char* name_of(ChannelType type)
{
    switch (type) {
    case ChannelType::half_float: return "half";
    case ChannelType::full_float: return "float";
    case ChannelType::unsigned_int: return "uint";
    }
    return "";
}

void check_format(const ImageHeader& header, const Params& rules, int frame, GroupedFaults& faults)
{
    const auto compressions = rules.texts("compressions");
    if (!compressions.empty() && std::ranges::find(compressions, header.compression) == compressions.end())
        faults.add(frame, fmt::format("compressed with '{}', but must be {}; set output.compression", header.compression,
                                      list(compressions)));
    if (const std::string& layout = rules.text("layout"); layout != "any" && header.tiled != (layout == "tiled"))
        faults.add(frame, fmt::format("stored as {}, but must be {}; set output.tile", header.tiled ? "tiles" : "scanlines",
                                      layout == "tiled" ? "tiles" : "scanlines"));
    if (rules.flag("single_part") && header.parts > 1)
        faults.add(frame, fmt::format("{} parts, but one is allowed; write each as a file of its own", header.parts));
    if (header.deep)
        faults.add(frame, "a deep image; flatten it");
}

void check_types(const ImageHeader& header, const std::string& wanted, int frame, GroupedFaults& faults)
{
    if (wanted == "any")
        return;
    std::vector<std::string> wrong;
    for (const Channel& channel : header.channels)
        if (is_colour(channel.name) && name_of(channel.type) != wanted)
            wrong.push_back(fmt::format("{} is {}", channel.name, name_of(channel.type)));
    if (!wrong.empty())
        faults.add(frame, fmt::format("{}, but colours must be {}; set output.type", list(wrong), wanted));
}

/// Attributes by the names that OpenEXR gives them; OpenImageIO reads some under others.
const Attribute* find_attribute(const Attributes& attributes, const std::string& name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOthers{{
        {"timeCode", "smpte:TimeCode"},
        {"keyCode", "smpte:KeyCode"},
        {"capDate", "DateTime"},
        {"comments", "ImageDescription"},
        {"owner", "Copyright"},
        {"expTime", "ExposureTime"},
        {"pixelAspectRatio", "PixelAspectRatio"},
        {"xDensity", "XResolution"},
    }};
    const auto other = std::ranges::find(kOthers, name, &std::pair<std::string_view, std::string_view>::first);
    const Attribute* found = attributes.find(name);
    return !found && other != kOthers.end() ? attributes.find(other->second) : found;
}

std::string text_of(const Attribute& attribute)
{
    return std::visit([](const auto& values) { return fmt::format("{}", fmt::join(values, " ")); }, attribute.values);
}

void check_metadata(const ImageHeader& header, const Params& rules, int frame, GroupedFaults& faults)
{
    for (const Params& wanted : rules.tables("required")) {
        const std::string& name = wanted.text("name");
        const Attribute* found = find_attribute(header.attributes, name);
        if (!found)
            faults.add(frame, fmt::format("no attribute '{}', which must be there", name));
        else if (wanted.has("value") && text_of(*found) != wanted.text("value"))
            faults.add(frame, fmt::format("the attribute '{}' is '{}', but must be '{}'", name, text_of(*found),
                                          wanted.text("value")));
    }
}

std::string describe(const BadSamples& samples)
{
    return fmt::format("{} {}, the first in {} at {},{}", samples.count, samples.count == 1 ? "sample" : "samples",
                       samples.channel, samples.x, samples.y);
}

void check_sizes(const Window& display, const Params& rules, int frame, GroupedFaults& faults)
{
    for (const auto& [key, size] : {std::pair{"minimum_width", display.width()}, {"minimum_height", display.height()}})
        if (size < rules.integer(key))
            faults.add(frame, fmt::format("{} px {}, but {} are the least; deliver the plate's full size", size,
                                          std::string_view(key) == "minimum_width" ? "wide" : "high", rules.integer(key)));
    if (!rules.has("sizes"))
        return;
    std::vector<std::string> sizes;
    bool is_one = false;
    for (const auto& [width, height] : rules.points("sizes")) {
        sizes.push_back(fmt::format("{}x{}", width, height));
        is_one |= display.width() == width && display.height() == height;
    }
    if (!is_one)
        faults.add(frame, fmt::format("{}x{}, but must be {}", display.width(), display.height(), list(sizes)));
}

void check_windows(const ImageHeader& header, const Params& rules, int frame, GroupedFaults& faults)
{
    const std::string& wanted = rules.text("data_window");
    const bool is_good = wanted == "any" || (wanted == "display" && header.data == header.display)
                         || (wanted == "inside" && header.display.contains(header.data))
                         || (wanted == "around" && header.data.contains(header.display));
    if (!is_good)
        faults.add(frame, fmt::format("the data window {} must be {} the display window {}; set output.window",
                                      describe(header.data), wanted == "display" ? "equal to" : wanted,
                                      describe(header.display)));
    const Attribute* aspect = find_attribute(header.attributes, "pixelAspectRatio");
    const auto* ratio = aspect ? std::get_if<std::vector<float>>(&aspect->values) : nullptr;
    if (rules.flag("square_pixels") && ratio && !ratio->empty() && ratio->front() != 1.0f)
        faults.add(frame, fmt::format("the pixel aspect ratio is {}, but must be 1", ratio->front()));
}

void check_colour_tags(const ImageHeader& header, const Params& rules, int frame, GroupedFaults& faults)
{
    if (rules.has("chromaticities")) {
        const std::vector<double> wanted = rules.numbers("chromaticities");
        const Attribute* found = header.attributes.find("chromaticities");
        const auto* is = found ? std::get_if<std::vector<float>>(&found->values) : nullptr;
        const bool equal = is && std::ranges::equal(*is, wanted, [](float a, double b) { return std::abs(a - b) < 1e-4; });
        if (!equal)
            faults.add(frame, fmt::format("chromaticities are {}, but must be {}", is ? text_of(*found) : "not there",
                                          fmt::join(wanted, " ")));
    }
    // The Color Interop Forum's names of scene-linear spaces begin like this.
    const std::string space = header.attributes.text("colorInteropID");
    if (rules.flag("linear") && !space.empty() && !space.starts_with("lin_") && space != "unknown")
        faults.add(frame, fmt::format("the attribute 'colorInteropID' says '{}', which is not scene-linear", space));
}

bool matches(const std::string& channel, const std::string& pattern)
{
    return pattern.ends_with('*') ? channel.starts_with(pattern.substr(0, pattern.size() - 1)) : channel == pattern;
}

bool matches_any(const std::string& channel, const std::vector<std::string>& patterns)
{
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches(channel, pattern); });
}

void check_channels(const ImageHeader& header, const Params& rules, int frame, GroupedFaults& faults)
{
    for (const std::string& wanted : rules.texts("required"))
        if (std::ranges::none_of(header.channels, [&](const Channel& channel) { return matches(channel.name, wanted); }))
            faults.add(frame, fmt::format("no channel '{}' (has {})", wanted, platefall::describe(header.channels)));
    std::vector<std::string> wrong;
    for (const Channel& channel : header.channels)
        if (matches_any(channel.name, rules.texts("forbidden"))
            || (rules.has("only") && !matches_any(channel.name, rules.texts("only"))))
            wrong.push_back("'" + channel.name + "'");
    if (!wrong.empty())
        faults.add(frame, fmt::format("must not have {} {}", wrong.size() == 1 ? "the channel" : "the channels",
                                      join_with_and(wrong)));
}

}  // namespace

void check_file(const FileFacts& facts, const Profile& profile, int frame, GroupedFaults& faults)
{
    if (!facts.header.is_exr) {
        faults.add(frame, "no OpenEXR file");
        return;
    }
    check_format(facts.header, profile.files, frame, faults);
    check_types(facts.header, profile.files.text("type"), frame, faults);
    if (profile.values.flag("finite") && facts.not_finite.count > 0)
        faults.add(frame, "NaN or infinity; render it again or mend it", describe(facts.not_finite));
    check_metadata(facts.header, profile.metadata, frame, faults);
}

void check_finished_frame(const FileFacts& facts, const Profile& profile, int frame, GroupedFaults& faults)
{
    check_sizes(facts.header.display, profile.picture, frame, faults);
    check_windows(facts.header, profile.picture, frame, faults);
    check_colour_tags(facts.header, profile.colour, frame, faults);
    check_channels(facts.header, profile.channels, frame, faults);
    if (profile.values.flag("no_negative_alpha") && facts.negative_alpha.count > 0)
        faults.add(frame, "negative alpha; clamp the layer that brings it", describe(facts.negative_alpha));
    if (profile.values.has("highest_alpha") && facts.high_alpha.count > 0)
        faults.add(frame, fmt::format("alpha above {}; clamp the layer that brings it", profile.values.number("highest_alpha")),
                   describe(facts.high_alpha));
}

}  // namespace platefall::delivery
