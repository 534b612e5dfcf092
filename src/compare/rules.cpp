#include "compare/rules.h"

#include "base/spelling.h"
#include "compare/pattern.h"
#include "image/read.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <sstream>

namespace platefall::compare {
namespace {

/// "absolute=0.01", "ignore".
void read_setting(const std::string& setting, const std::string& text, ChannelRule& rule)
{
    const std::size_t equals = setting.find('=');
    const std::string key = setting.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
    if (key == "ignore" && equals == std::string::npos) {
        rule.ignore = true;
        return;
    }
    std::optional<double>* const number = key == "absolute"   ? &rule.absolute
                                          : key == "relative" ? &rule.relative
                                          : key == "percent"  ? &rule.percent
                                                              : nullptr;
    if (number == nullptr) {
        const std::string guess = did_you_mean(key, {"absolute", "relative", "percent", "ignore"});
        throw Error(fmt::format("--channel '{}': '{}' is not known; {}", text, key,
                                guess.empty() ? "there are absolute=, relative=, percent= and ignore" : guess));
    }
    double parsed = -1;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc() || end != value.data() + value.size() || !(parsed >= 0) || !std::isfinite(parsed))
        throw Error(fmt::format("--channel '{}': '{}' is not a number from 0 up; write it as {}=0.01", text, value, key));
    *number = parsed;
}

}  // namespace

ChannelRule parse_channel_rule(const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
        throw Error(fmt::format("--channel '{}': write a channel or a layer, a colon, and what holds for it: "
                                "'depth.Z:absolute=0.01' or 'depth:ignore'", text));
    ChannelRule rule{.pattern = text.substr(0, colon), .absolute = {}, .relative = {}, .percent = {}};
    std::istringstream settings(text.substr(colon + 1));
    for (std::string setting; std::getline(settings, setting, ',');)
        read_setting(setting, text, rule);
    return rule;
}

std::optional<Tolerance> Rules::tolerance_of(const std::string& channel, bool is_id) const
{
    Tolerance result = is_id ? Tolerance{.absolute = 0, .relative = 0, .percent = 0} : tolerance;
    bool ignored = false;
    for (const ChannelRule& rule : channels)
        if (matches(rule.pattern, channel) || matches(rule.pattern, layer_of(channel))) {
            ignored = rule.ignore;
            result = {.absolute = rule.absolute.value_or(result.absolute),
                      .relative = rule.relative.value_or(result.relative),
                      .percent = rule.percent.value_or(result.percent)};
        }
    return ignored ? std::nullopt : std::optional(result);
}

bool Rules::ignores_metadata(const std::string& name) const
{
    return !metadata || matches_any(ignored_metadata, name) || matches_any(always_ignored_metadata(), name);
}

const std::vector<std::string>& always_ignored_metadata()
{
    static const std::vector<std::string> patterns{
        // when and by whom
        "DateTime", "Exif:DateTime*", "capDate", "Software", "HostComputer", "ImageHistory", "Exif:ImageHistory",
        // how it is packed
        "compression", "CompressionQuality", "dwaCompressionLevel", "tiff:Compression", "tiff:RowsPerStrip",
        "png:compressionLevel", "jpeg:subsampling", "tiles", "tiledesc", "lineOrder", "planarconfig", "chunkCount",
        "openexr:*", "name", "type", "version", "oiio:*",
        // how platefall came to it
        "platefall:key", "platefall:version", "platefall:manifest", "platefall:stages", "platefall:origins"};
    return patterns;
}

}  // namespace platefall::compare
