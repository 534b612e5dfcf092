#include "image/lossless.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace platefall {
namespace {

constexpr std::array<std::string_view, 6> kDwaColours{"R", "G", "B", "Y", "RY", "BY"};
constexpr std::array<std::string_view, 5> kLossy{"pxr24", "b44", "b44a", "dwaa", "dwab"};

std::string_view name_in_layer(std::string_view channel)
{
    return channel.substr(channel.rfind('.') + 1);
}

}  // namespace

bool is_kept(const Channel& channel, const std::string& compression)
{
    if (channel.type == ChannelType::unsigned_int)
        return true;
    if (compression == "pxr24")
        return channel.type == ChannelType::half_float;
    if (compression == "b44" || compression == "b44a")
        return channel.type == ChannelType::full_float;
    if (compression == "dwaa" || compression == "dwab")
        return std::ranges::find(kDwaColours, name_in_layer(channel.name)) == kDwaColours.end();
    return true;
}

std::string compression_for(const std::vector<Channel>& channels, const std::string& wanted)
{
    if (std::ranges::find(kLossy, wanted) == kLossy.end())
        return wanted;
    const auto suffers = [&](const Channel& channel) { return channel.data && !is_kept(channel, wanted); };
    const bool only_data = std::ranges::all_of(channels, &Channel::data);
    return only_data || std::ranges::any_of(channels, suffers) ? "zip" : wanted;
}

}  // namespace platefall
