#include "shot/slate.h"

#include "base/spelling.h"
#include "image/read.h"
#include "shot/frame_range.h"
#include "shot/sections_layout.h"
#include "shot/toml_tree.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

namespace platefall {
namespace {

namespace fs = std::filesystem;

bool is_image_name(const fs::path& file)
{
    static const std::set<std::string> endings{".exr", ".dpx", ".tif", ".tiff", ".png", ".jpg", ".jpeg"};
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return endings.contains(ending) && !file.filename().string().starts_with('.');
}

SequencePath only_sequence_in(const fs::path& folder)
{
    std::set<std::string> patterns;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (entry.is_regular_file() && is_image_name(entry.path()))
            patterns.insert(SequencePath::around(entry.path()).pattern().string());

    if (patterns.empty())
        throw Error(
            fmt::format("'{}' holds no images; name a frame of the plate or its folder", folder.string()));
    if (patterns.size() == 1)
        return SequencePath(*patterns.begin());
    std::vector<std::string> names;
    for (const std::string& pattern : patterns)
        names.push_back(fmt::format("'{}'", fs::path(pattern).filename().string()));
    throw Error(fmt::format("'{}' holds {} sequences, {}; name the one that is the plate", folder.string(),
                            names.size(), join_with_and(names)));
}

/// Relative to the manifest's folder, unless the two share nothing but the root of the file system.
fs::path seen_from(const fs::path& folder, const fs::path& path)
{
    const fs::path target = fs::absolute(path).lexically_normal();
    const fs::path start = fs::absolute(folder / "manifest").lexically_normal().parent_path();
    const auto top = [](const fs::path& absolute) { return *absolute.relative_path().begin(); };
    const bool share_a_folder = start.has_relative_path() && top(start) == top(target);
    return share_a_folder ? target.lexically_relative(start) : target;
}

/// A path as it is written in a manifest in `folder`; a dollar sign would name a variable.
std::string toml_path(const fs::path& path, const fs::path& folder)
{
    std::string text;
    for (const char c : seen_from(folder, path).string())
        text += c == '$' ? std::string("$$") : std::string(1, c);
    return toml_string(text);
}

std::string commented(const std::string& line, const std::string& comment)
{
    constexpr std::size_t kCommentColumn = 40;
    return comment.empty() ? fmt::format("{}\n", line)
                           : fmt::format("{:<{}} # {}\n", line, kCommentColumn, comment);
}

struct Frames {
    std::string range;
    std::string comment;
};

Frames frames_of(const SequencePath& plate)
{
    const std::vector<int> found = plate.find_frames();
    if (found.empty())
        return {"1", "the plate is a single picture; every frame shows it"};

    constexpr int kMostGaps = 100'000;
    std::vector<int> gaps;
    for (std::size_t i = 1; i < found.size() && gaps.size() < kMostGaps; ++i)
        for (int frame = found[i - 1] + 1; frame < found[i] && gaps.size() < kMostGaps; ++frame)
            gaps.push_back(frame);
    const std::string count = fmt::format("{} on disk", found.size());
    if (gaps.empty())
        return {format_frame_range(found), count};
    return {format_frame_range(found),
            gaps.size() < kMostGaps ? fmt::format("{}; not on disk: {}", count, format_frame_range(gaps))
                                    : fmt::format("{}, with many gaps", count)};
}

struct Rate {
    std::string value;
    std::string comment;
};

Rate rate_of(const Attributes& attributes)
{
    for (const char* name :
         {"framesPerSecond", "FramesPerSecond", "dpx:FrameRate", "dpx:TemporalFrameRate"}) {
        const Attribute* found = attributes.find(name);
        double rate = 0;
        if (!found)
            continue;
        if (const auto* ratio = std::get_if<std::vector<std::int32_t>>(&found->values);
            ratio && ratio->size() == 2 && (*ratio)[1] != 0)
            rate = static_cast<double>((*ratio)[0]) / (*ratio)[1];
        if (const auto* number = std::get_if<std::vector<float>>(&found->values); number && !number->empty())
            rate = number->front();
        if (rate >= 0.001 && rate <= 1000)
            return {fmt::format("{}", rate), "as the plate says"};
    }
    return {"24", "the plate does not say; please check"};
}

using Chromaticities = std::array<double, 8>;  // x y of red, green, blue and white

struct KnownPrimaries {
    const char* space;
    Chromaticities xy;
};

// ITU-R BT.709; SMPTE ST 2065-1 (AP0); Academy S-2014-004 (AP1).
constexpr KnownPrimaries kKnownPrimaries[] = {
    {"lin_rec709", {0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290}},
    {"ACES2065-1", {0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077, 0.32168, 0.33767}},
    {"ACEScg", {0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767}},
};

std::optional<std::string> space_of_primaries(const Attributes& attributes)
{
    const Attribute* found = attributes.find("chromaticities");
    const auto* xy = found ? std::get_if<std::vector<float>>(&found->values) : nullptr;
    if (!xy || xy->size() != 8)
        return std::nullopt;
    for (const KnownPrimaries& known : kKnownPrimaries) {
        const bool same = std::equal(xy->begin(), xy->end(), known.xy.begin(), [](float a, double b) {
            constexpr double kRounding = 5e-4;  // files give three or four digits
            return std::abs(a - b) < kRounding;
        });
        if (same)
            return known.space;
    }
    return std::nullopt;
}

struct Colour {
    std::string working;  ///< scene-linear
    std::string plate;    ///< the same, or how the plate is encoded
    std::string comment;  ///< where that comes from
};

/// A space that the configuration is sure to have.
std::string linear_space(const ColourSpaces& colours)
{
    for (const char* name : {"lin_rec709", "scene_linear", "ACEScg"})
        if (colours.has(name))
            return name;
    return colours.names().front();
}

Colour colour_of(const ImageHeader& header, const ColourSpaces& colours)
{
    const std::string linear = linear_space(colours);
    const std::optional<std::string> by_primaries = space_of_primaries(header.attributes);
    if (header.is_exr && by_primaries && colours.has(*by_primaries))
        return {*by_primaries, *by_primaries, "by the plate's chromaticities"};

    const bool is_srgb = header.attributes.text("oiio:ColorSpace") == "sRGB";
    if (!header.is_exr && is_srgb && colours.has("srgb"))
        return {linear, "srgb", "as the plate says"};
    return {linear, linear, "the plate does not say clearly; please check"};
}

/// Finished frames go beside the manifest, and never onto the plate.
std::string output_path_for(const SequencePath& plate, const std::string& name, const fs::path& folder)
{
    const fs::path plate_folder = fs::absolute(plate.pattern()).lexically_normal().parent_path();
    const bool taken = plate_folder == fs::absolute(folder / "out").lexically_normal();
    return fmt::format("out/{}{}.####.exr", name, taken ? "_comp" : "");
}

std::string examples(const std::string& name)
{
    return fmt::format(R"(
# The camera: a .chan or .json file, or a static one with position_m, rotation_deg and focal_length_mm.
# [camera]
# path           = "{0}.chan"
# rotation_order = "zxy"                  # what a .chan file does not hold
# up             = "y"
# film_back_mm   = [36.0, 20.25]

# Further pictures, each a layer of its name.
# [layer.cg]
# path = "cg/{0}.####.exr"

# What stands in front and has to stay there.
# [matte.foreground]
# path    = "matte/foreground.####.exr"
# channel = "A"

# What is done to each frame, in this order; `platefall stages` lists the stages there are.
# [[stage]]
# use    = "comp"
# layers = ["plate", "cg", "matte.foreground"]   # bottom to top
)",
                       name);
}

}  // namespace

SequencePath find_plate(const fs::path& path)
{
    std::error_code unreachable;
    if (fs::is_directory(path, unreachable))
        return only_sequence_in(path);

    SequencePath plate(path);
    if (plate.is_still()) {
        if (!fs::exists(path, unreachable))
            throw Error(
                fmt::format("'{}' does not exist; name a frame of the plate or its folder", path.string()));
        return SequencePath::around(path);
    }
    if (plate.find_frames().empty())
        throw Error(fmt::format("no frame of '{}' is on disk", path.string()));
    return plate;
}

std::string shot_name_for(const SequencePath& plate)
{
    const std::string file = plate.pattern().stem().string();
    std::string name = file.substr(0, file.find_first_of("#%"));
    while (!name.empty() && std::string_view("._- ").find(name.back()) != std::string_view::npos)
        name.pop_back();
    if (name.empty())
        name = fs::absolute(plate.pattern()).parent_path().filename().string();
    for (char& c : name)
        if (!is_plain_name(std::string(1, c), "_.-"))
            c = '_';
    return name.empty() ? "shot" : name;
}

std::string slate_for_plate(const SequencePath& plate, const fs::path& folder, const ColourSpaces& colours)
{
    const std::vector<int> found = plate.find_frames();
    const ImageHeader header = read_header(found.empty() ? plate.pattern() : plate.at(found.front()));
    const std::string name = shot_name_for(plate);
    const Frames frames = frames_of(plate);
    const Rate rate = rate_of(header.attributes);
    const Colour colour = colour_of(header, colours);
    const bool is_working_space = colour.plate == colour.working;

    std::string text =
        fmt::format("# Made from {}: {}, channels {}.\n", fs::path(plate.pattern()).filename().string(),
                    describe(header.display), describe(header.channels));
    if (header.data != header.display)
        text += fmt::format("# Its pixels fill {}.\n", describe(header.data));
    text += "# `platefall check` says whether everything is there, `platefall render` renders it.\n";

    text += "\n[shot]\n";
    text += fmt::format("name       = {}\n", toml_string(name));
    text += commented("frames     = " + toml_string(frames.range), frames.comment);
    text += commented("fps        = " + rate.value, rate.comment);
    text += commented("colorspace = " + toml_string(colour.working),
                      is_working_space ? colour.comment : "scene-linear; everything is done in it");

    text += "\n[plate]\n";
    const bool is_relative = seen_from(folder, plate.pattern()).is_relative();
    text +=
        commented("path = " + toml_path(plate.pattern(), folder), is_relative ? "relative to this file" : "");
    if (!is_working_space)
        text += commented("colorspace = " + toml_string(colour.plate), colour.comment);
    text += examples(name);

    text += "\n[output]\n";
    text += commented("path = " + toml_string(output_path_for(plate, name, folder)), "half, zip");
    text += "# movie = " + toml_string(fmt::format("out/{}.mp4", name)) + "\n";
    return text;
}

}  // namespace platefall
