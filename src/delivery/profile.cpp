#include "delivery/profile.h"

#include "base/files.h"
#include "base/spelling.h"
#include "image/write.h"
#include "shot/toml_tree.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <regex>
#include <string_view>

namespace platefall::delivery {
namespace {

struct BuiltIn {
    const char* name;
    std::string_view text;
};
constexpr std::array<BuiltIn, 3> kBuiltIn{{
    {"netflix-vfx",
#include "delivery/profiles/netflix-vfx.toml.inc"
    },
    {"aces-container",
#include "delivery/profiles/aces-container.toml.inc"
    },
    {"exr-half",
#include "delivery/profiles/exr-half.toml.inc"
    },
}};

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

ManifestSection about_section()
{
    return {"profile", "What the profile is.", true,
            {param::text("summary", "What it is for, in a sentence.").must_be_given(),
             param::text("source", "", "Where its rules come from, and when that was looked up."),
             param::text("unverified", "", "What it asks, or leaves out, without a source.")}};
}

ManifestSection files_section()
{
    return {"files", "How the files are made. All of them, AOVs too, are OpenEXR.", false,
            {param::choice("type", {"any", "half", "float"}, "any", "Type of the colour channels: R G B A Y, of layers too."),
             param::texts("compressions", "Compressions that are accepted; left out, all."),
             param::choice("layout", {"any", "scanline", "tiled"}, "any", "Scanlines or tiles."),
             param::flag("single_part", false, "Whether a file may have one part only.")}};
}

ManifestSection names_section()
{
    return {"names", "What the finished frames are called. AOVs are free.", false,
            {param::text("pattern", "",
                         "Regular expression (ECMAScript) for the file's name in front of the separator; {NAME} stands for one of "
                         "`parts`."),
             param::tables("parts", {param::text("name", "Its name, as in {NAME}.").must_be_given(),
                                     param::text("regex", "What may stand for it.").must_be_given()},
                           "", "The named parts of the pattern."),
             param::text("example", "", "A good name, for messages; it must match the pattern."),
             param::text("separator", "", "What stands between name and frame number, as in \".\"; left out, anything."),
             param::integer("digits", 0, "Digits of the frame number, at least.").between(0, 9),
             param::integer("longest", 255, "Characters of the whole file name, at most.").between(1, 255)}};
}

ManifestSection picture_section()
{
    return {"picture", "Size, windows and what can be seen of how the picture was made.", false,
            {param::flag("equal_windows", true, "Whether all frames have the same data and display window."),
             param::choice("data_window", {"any", "display", "inside", "around"}, "any",
                           "Data window: equal to the display window, inside of it, or around it so that all of it is filled."),
             param::integer("minimum_width", 0, "Width of the display window, at least.").in("px").between(0, kUnlimited),
             param::integer("minimum_height", 0, "Height of the display window, at least.").in("px").between(0, kUnlimited),
             param::points("sizes", "Sizes of the display window that are accepted, as [width, height]; left out, all."),
             param::flag("square_pixels", false, "Whether the pixel aspect ratio must be 1."),
             param::flag("no_black_bars", false,
                         "Whether opposite edges that are black in all frames (letterbox, pillarbox) are a fault."),
             param::flag("no_upscale", false,
                         "Whether traces of resampling, as an upscale leaves them, are a fault; what they can and cannot tell "
                         "is in docs/delivery.md.")}};
}

ManifestSection colour_section()
{
    return {"colour", "What the numbers mean.", false,
            {param::flag("linear", false,
                         "Whether the space must be scene-linear: `output.colorspace` of the manifest, and what tags of the file "
                         "say."),
             param::texts("spaces", "Colour spaces that `output.colorspace` may be; left out, all."),
             param::numbers("chromaticities", 8,
                            "The attribute `chromaticities`: x and y of red, green, blue and white. It must be there.")}};
}

ManifestSection channels_section()
{
    return {"channels", "Channels of the finished frames; a `*` at the end stands for any rest.", false,
            {param::texts("required", "Channels that must be there."),
             param::texts("forbidden", "Channels that must not be there."),
             param::texts("only", "The only channels that may be there; left out, all.")}};
}

ManifestSection values_section()
{
    return {"values", "What no pixel may be.", false,
            {param::flag("finite", true, "Whether NaN and infinity are faults, in any channel."),
             param::flag("no_negative_alpha", true, "Whether alpha below 0 is a fault."),
             param::number("highest_alpha", "Alpha above this is a fault; left out, none is.").between(0, kUnlimited)}};
}

ManifestSection metadata_section()
{
    return {"metadata", "Attributes in the header, by their OpenEXR names.", false,
            {param::tables("required",
                           {param::text("name", "The attribute.").must_be_given(),
                            param::text("value", "Its value, as text; left out, any.")},
                           "name", "Attributes that every file must have: names, or tables with name and value.")}};
}

/// One that is left out has its fallbacks.
Params read_section(const ParamTable& root, const ManifestSection& section, Faults& faults)
{
    const std::string what = fmt::format("[{}]", section.name);
    const ParamEntry* entry = root.find(section.name);
    if (!entry && !section.required)
        return Params::check({}, section.params, what, {}, faults);
    const ParamTable* table = entry ? std::get_if<ParamTable>(&entry->value.data) : nullptr;
    if (!entry)
        faults.add(at({root.origin.file, 0, 0, ""}, fmt::format("the profile has no {}", what)));
    else if (!table)
        faults.add(at(entry->key_origin, fmt::format("'{}' must be a table", section.name), fmt::format("write {}", what)));
    return table ? Params::check(*table, section.params, what, {}, faults) : Params();
}

void refuse_unknown_sections(const ParamTable& root, Faults& faults)
{
    std::vector<std::string> known;
    for (const ManifestSection& section : profile_sections())
        known.push_back(section.name);
    for (const ParamEntry& entry : root.entries)
        if (std::ranges::find(known, entry.key) == known.end()) {
            const std::string hint = did_you_mean(entry.key, known);
            faults.add(at(entry.key_origin, fmt::format("unknown section '{}' in a delivery profile", entry.key),
                          hint.empty() ? "it knows " + join_with_and(known) : hint));
        }
}

void check_compressions(const Profile& profile, Faults& faults)
{
    const std::vector<std::string> known = exr_compressions();
    for (const std::string& compression : profile.files.texts("compressions"))
        if (std::ranges::find(known, compression) == known.end()) {
            const std::string hint = did_you_mean(compression, known);
            faults.add(profile.files.error("compressions", fmt::format("there is no compression '{}'", compression),
                                           hint.empty() ? "there are " + join_with_and(known) : hint));
        }
}

void check_pattern(const Profile& profile, Faults& faults)
try {
    const std::regex pattern(pattern_of_names(profile));
    const std::string& example = profile.names.text("example");
    if (!example.empty() && !std::regex_match(example, pattern))
        faults.add(profile.names.error("example", fmt::format("the example '{}' does not match 'pattern'", example)));
} catch (const std::regex_error&) {
    faults.add(profile.names.error("pattern", fmt::format("'{}' is no regular expression", pattern_of_names(profile)),
                                   "ECMAScript's, with every { } of its own as \\{ \\}"));
} catch (const Error& error) {
    faults.add(error);
}

}  // namespace

const std::vector<ManifestSection>& profile_sections()
{
    static const std::vector<ManifestSection> sections{about_section(),  files_section(),    names_section(),
                                                       picture_section(), colour_section(),  channels_section(),
                                                       values_section(), metadata_section()};
    return sections;
}

std::vector<std::string> built_in_profiles()
{
    std::vector<std::string> names;
    for (const BuiltIn& built_in : kBuiltIn)
        names.emplace_back(built_in.name);
    return names;
}

std::string pattern_of_names(const Profile& profile)
{
    std::string pattern = profile.names.text("pattern");
    std::vector<std::string> known;
    for (const Params& part : profile.names.tables("parts")) {
        known.push_back(part.has("name") ? part.text("name") : "");
        const std::string field = fmt::format("{{{}}}", known.back());
        const std::string regex = fmt::format("(?:{})", part.has("regex") ? part.text("regex") : "");
        for (std::size_t i = 0; (i = pattern.find(field, i)) != std::string::npos; i += regex.size())
            pattern.replace(i, field.size(), regex);
    }
    // What still looks like a part: repetition counts begin with a digit.
    static const std::regex left_over(R"(\{([A-Za-z_]\w*)\})");
    if (std::smatch match; std::regex_search(pattern, match, left_over)) {
        const std::string hint = did_you_mean(match[1].str(), known);
        throw profile.names.error("pattern", fmt::format("'parts' has no '{}'", match[1].str()), hint);
    }
    return pattern;
}

Profile parse_profile(const std::string& text, const std::string& file)
{
    Faults faults;
    const ParamTable root = parse_toml(text, file);
    refuse_unknown_sections(root, faults);
    std::vector<Params> sections;
    for (const ManifestSection& section : profile_sections())
        sections.push_back(read_section(root, section, faults));
    const Profile profile{.name = file,
                          .about = sections[0],
                          .files = sections[1],
                          .names = sections[2],
                          .picture = sections[3],
                          .colour = sections[4],
                          .channels = sections[5],
                          .values = sections[6],
                          .metadata = sections[7]};
    faults.throw_if_any();
    check_compressions(profile, faults);
    check_pattern(profile, faults);
    faults.throw_if_any();
    return profile;
}

Profile read_profile(const std::string& name_or_file)
{
    for (const BuiltIn& built_in : kBuiltIn)
        if (name_or_file == built_in.name)
            return parse_profile(std::string(built_in.text), built_in.name);
    if (name_or_file.ends_with(".toml") || name_or_file.find('/') != std::string::npos)
        return parse_profile(read_text_file(name_or_file), name_or_file);
    const std::string hint = did_you_mean(name_or_file, built_in_profiles());
    throw Error(fmt::format("there is no delivery profile '{}' ({}); one of your own is given as a file: --delivery {}.toml",
                            name_or_file, hint.empty() ? "there are " + join_with_and(built_in_profiles()) : hint, name_or_file));
}

}  // namespace platefall::delivery
