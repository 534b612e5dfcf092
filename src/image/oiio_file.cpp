#include "image/oiio_file.h"

#include <platefall/error.h>

#include "base/spelling.h"
#include "image/oiio_metadata.h"
#include "image/read.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace platefall {
namespace {

using OIIO::ImageInput;
using OIIO::ImageSpec;
using OIIO::TypeDesc;

struct Format {
    std::string_view magic;   ///< how every such file begins
    const char* oiio_name;
};

using namespace std::string_view_literals;
constexpr std::array<Format, 9> kFormats{{
    {"\x76\x2f\x31\x01"sv, "openexr"},
    {"SDPX"sv, "dpx"},
    {"XPDS"sv, "dpx"},
    {"II\x2a\0"sv, "tiff"},
    {"MM\0\x2a"sv, "tiff"},
    {"II\x2b\0"sv, "tiff"},   // BigTIFF
    {"MM\0\x2b"sv, "tiff"},
    {"\x89PNG\r\n\x1a\n"sv, "png"},
    {"\xff\xd8\xff"sv, "jpeg"},
}};

/// By content and not by name: plates are renamed more often than they are damaged. nullptr: none of ours.
const Format* format_of(const std::filesystem::path& path)
{
    std::array<char, 8> begin{};
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open())
        cannot_read(path, std::string("it cannot be opened: ") + std::strerror(errno));
    file.read(begin.data(), begin.size());
    const std::string_view read(begin.data(), static_cast<std::size_t>(file.gcount()));
    const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const Format& format) { return read.starts_with(format.magic); });
    return found == kFormats.end() ? nullptr : &*found;
}

void check_that_it_can_be_read(const std::filesystem::path& path)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        cannot_read(path, error && error != std::errc::no_such_file_or_directory ? error.message()
                                                                                  : "no such file");
    if (std::filesystem::is_directory(status))
        cannot_read(path, "it is a folder");
    if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, error) == 0)
        cannot_read(path, "it is empty (0 bytes)");
}

ChannelType channel_type(TypeDesc type)
{
    switch (type.basetype) {
    case TypeDesc::UINT32: return ChannelType::unsigned_int;
    case TypeDesc::FLOAT:
    case TypeDesc::DOUBLE: return ChannelType::full_float;
    default: return ChannelType::half_float;
    }
}

/// Integer pictures become half when written: 8 bits fit exactly, 10 to 16 bits to about 11.
ChannelType channel_type(const ImageSpec& spec, int index, bool is_exr)
{
    const TypeDesc type = spec.channelformat(index);
    if (!is_exr && type.basetype == TypeDesc::UINT32)
        return ChannelType::full_float;
    return channel_type(type);
}

std::vector<Pick> all_channels(const ImageSpec& spec, bool is_exr)
{
    std::vector<Pick> picks;
    for (int i = 0; i < spec.nchannels; ++i)
        picks.push_back({i, {spec.channelnames[i], channel_type(spec, i, is_exr)}});
    return picks;
}

std::vector<Pick> channels_of_layer(const std::vector<Pick>& all, const std::string& layer)
{
    std::vector<Pick> picks;
    for (const Pick& pick : all)
        if (layer_of(pick.channel.name) == layer) {
            picks.push_back(pick);
            picks.back().channel.name.erase(0, layer.size() + 1);
        }
    return picks;
}

void add_once(std::vector<std::string>& names, const std::string& name)
{
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

[[noreturn]] void no_such_layer(const std::filesystem::path& path, const std::string& layer,
                                const std::vector<std::string>& known, const ImageSpec& first)
{
    std::string why = "no layer '" + layer + "' (has ";
    if (known.empty())
        why += "only the channels " + describe(Selection{0, first, all_channels(first, true)}.channels());
    else
        for (std::size_t i = 0; i < known.size(); ++i)
            why += (i > 0 ? ", " : "") + known[i];
    why += ")";
    const std::string hint = did_you_mean(layer, known);
    cannot_read(path, hint.empty() ? why : why + "; " + hint);
}

}  // namespace

void cannot_read(const std::filesystem::path& path, const std::string& why)
{
    throw Error("cannot read '" + path.string() + "': " + why);
}

void is_damaged(const std::filesystem::path& path, const ImageInput& input)
{
    std::string reason = input.geterror();
    reason.erase(std::min(reason.find('\n'), reason.size()));   // the first is the cause of the others
    while (!reason.empty() && (reason.back() == ' ' || reason.back() == '.'))
        reason.pop_back();
    cannot_read(path, "it is truncated or damaged: " + (reason.empty() ? "unknown reason" : reason));
}

OpenFile open_image_file(const std::filesystem::path& path)
{
    check_that_it_can_be_read(path);
    const Format* format = format_of(path);
    if (format == nullptr)
        cannot_read(path, "it is not an image (EXR, DPX, TIFF, PNG or JPEG)");

    stop_oiio_debug_messages();
    OpenFile file{ImageInput::create(format->oiio_name), format->oiio_name == "openexr"sv};
    if (!file.input)
        cannot_read(path, OIIO::geterror());

    // OPENIMAGEIO_OPTIONS could otherwise ask for missing tiles to be filled in silently; and OIIO would
    // premultiply in the 8 bits of a PNG.
    ImageSpec config, spec;
    config.attribute("oiio:missingcolor", "");
    config.attribute("oiio:UnassociatedAlpha", 1);
    if (!file.input->open(path.string(), spec, config))
        is_damaged(path, *file.input);
    return file;
}

Window Selection::data_window() const
{
    return {spec.x, spec.y, spec.x + spec.width, spec.y + spec.height};
}

Window Selection::display_window() const
{
    return {spec.full_x, spec.full_y, spec.full_x + spec.full_width, spec.full_y + spec.full_height};
}

std::vector<Channel> Selection::channels() const
{
    std::vector<Channel> channels;
    for (const Pick& pick : picks)
        channels.push_back(pick.channel);
    return channels;
}

std::string layer_of(const std::string& channel)
{
    const auto dot = channel.rfind('.');
    return dot == std::string::npos ? std::string() : channel.substr(0, dot);
}

std::string part_name(const ImageSpec& spec)
{
    return std::string(spec.get_string_attribute("oiio:subimagename"));
}

std::vector<Selection> all_parts(const OpenFile& file)
{
    std::vector<Selection> parts;
    for (ImageSpec spec = file.input->spec(0, 0); !spec.undefined();
         spec = file.input->spec(static_cast<int>(parts.size()), 0))
        parts.push_back({static_cast<int>(parts.size()), spec, all_channels(spec, file.is_exr)});
    return parts;
}

Selection select_layer(const OpenFile& file, const std::filesystem::path& path, const std::string& layer)
{
    const ImageSpec first = file.input->spec(0, 0);
    if (layer.empty())
        return {0, first, all_channels(first, file.is_exr)};

    // A part's name goes before a prefix. Within a part of that name the channels may carry it once more.
    std::vector<std::string> known;
    std::vector<Selection> prefixed;
    for (const Selection& part : all_parts(file)) {
        std::vector<Pick> of_layer = channels_of_layer(part.picks, layer);
        if (part_name(part.spec) == layer)
            return of_layer.empty() ? part : Selection{part.part, part.spec, of_layer};
        if (!of_layer.empty())
            prefixed.push_back({part.part, part.spec, of_layer});
        add_once(known, part_name(part.spec));
        for (const Pick& pick : part.picks)
            add_once(known, layer_of(pick.channel.name));
    }
    if (prefixed.empty())
        no_such_layer(path, layer, known, first);
    return prefixed.front();
}

void restrict_channels(Selection& selection, const std::filesystem::path& path,
                       const std::vector<std::string>& names)
{
    if (names.empty())
        return;
    std::vector<Pick> wanted;
    for (const std::string& name : names) {
        const auto found = std::find_if(selection.picks.begin(), selection.picks.end(),
                                        [&](const Pick& pick) { return pick.channel.name == name; });
        if (found == selection.picks.end())
            cannot_read(path, "no channel '" + name + "' (has " + describe(selection.channels()) + ")");
        wanted.push_back(*found);
    }
    selection.picks = std::move(wanted);
}

}  // namespace platefall
