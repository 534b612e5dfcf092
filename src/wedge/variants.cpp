#include "wedge/variants.h"

#include "shot/setting.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace platefall::wedge {
namespace {

constexpr std::size_t kMostValues = 1000;   // of one variation; all_variants() is stricter

/// All variants have these in common.
constexpr std::array kCommonKeys{"shot.name", "shot.frames", "output.path", "output.aovs", "output.aov_path", "output.movie",
                                 "cache.path"};

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? "" : std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// At the commas that stand in no quotes and no brackets.
std::vector<std::string> split(std::string_view list)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const char c = list[i];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[' || c == '{')
            ++depth;
        else if (c == ']' || c == '}')
            --depth;
        else if (c == ',' && depth <= 0) {
            parts.push_back(trimmed(list.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    parts.push_back(trimmed(list.substr(begin)));
    return parts;
}

template <class Number>
std::optional<Number> number_of(std::string_view text)
{
    Number number{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (status != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// Of "0.2..0.6/5".
struct Range {
    std::string first, last, count;   ///< count "" for none
};

/// Nothing for a value that is no range, as "../plate" is none.
std::optional<Range> range_of(const std::string& text)
{
    const auto dots = text.find("..");
    if (dots == std::string::npos)
        return std::nullopt;
    const auto slash = text.find('/', dots);
    Range range{trimmed(text.substr(0, dots)), trimmed(text.substr(dots + 2, slash - dots - 2)),
                slash == std::string::npos ? "" : trimmed(text.substr(slash + 1))};
    if (!number_of<double>(range.first) || !number_of<double>(range.last))
        return std::nullopt;
    return range;
}

std::vector<std::string> whole_numbers(const Range& range, const std::string& said)
{
    const auto first = number_of<std::int64_t>(range.first), last = number_of<std::int64_t>(range.last);
    if (!first || !last)
        throw Error(fmt::format("{0}: '{1}..{2}' does not say how many numbers; write '{1}..{2}/5' for five of them, evenly "
                                "spaced",
                                said, range.first, range.last));
    if (std::abs(static_cast<double>(*last) - static_cast<double>(*first)) >= static_cast<double>(kMostValues))
        throw Error(fmt::format("{}: '{}..{}' is more than {} values", said, range.first, range.last, kMostValues));
    std::vector<std::string> values;
    const std::int64_t step = *first <= *last ? 1 : -1;
    for (std::int64_t value = *first; value != *last + step; value += step)
        values.push_back(std::to_string(value));
    return values;
}

std::vector<std::string> spaced_numbers(const Range& range, const std::string& said)
{
    const auto count = number_of<std::size_t>(range.count);
    if (!count || *count < 2 || *count > kMostValues)
        throw Error(fmt::format("{}: '{}' after the '/' must be how many numbers there are, 2 to {}", said, range.count,
                                kMostValues));
    const double first = *number_of<double>(range.first), last = *number_of<double>(range.last);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < *count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(*count - 1);
        values.push_back(fmt::format("{:.10g}", first + (last - first) * share));   // 0.3, not 0.30000000000000004
    }
    return values;
}

void refuse_common_key(const std::string& key, const std::string& said)
{
    if (std::ranges::find(kCommonKeys, key) != kCommonKeys.end())
        throw Error(fmt::format("{}: '{}' is the same for every variant; give it with --set", said, key));
}

/// "seed" of "collapse.seed".
std::string short_name(const std::string& key)
{
    return key.substr(key.rfind('.') + 1);
}

}  // namespace

Variation parse_variation(const std::string& text)
{
    const std::string said = "--vary " + text;
    const auto equals = text.find('=');
    const std::string key = trimmed(text.substr(0, equals));
    if (equals == std::string::npos || !is_setting_name(key))
        throw Error(fmt::format("{}: must have the form 'table.key=values', for example 'collapse.seed=1..6'", said));
    refuse_common_key(key, said);

    Variation variation{key, {}};
    for (const std::string& part : split(std::string_view(text).substr(equals + 1))) {
        if (part.empty())
            throw Error(fmt::format("{}: there is nothing where a value should be", said));
        const std::optional<Range> range = range_of(part);
        const auto values = !range                ? std::vector{part}
                            : range->count.empty() ? whole_numbers(*range, said)
                                                   : spaced_numbers(*range, said);
        for (const std::string& value : values) {
            if (std::ranges::count(variation.values, value) > 0)
                throw Error(fmt::format("{}: the value {} is there twice", said, value));
            variation.values.push_back(value);
        }
    }
    return variation;
}

std::vector<Variant> all_variants(const std::vector<Variation>& variations, std::size_t limit)
{
    std::vector<Variant> variants(1);
    for (std::size_t i = 0; i < variations.size(); ++i) {
        const auto [key, values] = variations[i];
        if (std::any_of(variations.begin(), variations.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const Variation& before) { return before.key == key; }))
            throw Error(fmt::format("'{}' is varied twice; give all its values in one --vary", key));
        if (variants.size() * values.size() > limit)
            throw Error(fmt::format("these are more than {} variants; vary less, or allow more with --limit", limit));
        std::vector<Variant> longer;
        for (const Variant& variant : variants)
            for (const std::string& value : values) {
                longer.push_back(variant);
                longer.back().values.push_back(value);
            }
        variants = std::move(longer);
    }
    for (std::size_t i = 0; i < variants.size(); ++i)
        variants[i].number = static_cast<int>(i) + 1;
    return variants;
}

std::string label(const std::vector<Variation>& variations, const std::vector<std::string>& values)
{
    std::string words;
    for (std::size_t i = 0; i < variations.size(); ++i) {
        const std::string name = short_name(variations[i].key);
        const bool alone = std::ranges::count(variations, name, [](const Variation& v) { return short_name(v.key); }) == 1;
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", alone ? name : variations[i].key, values[i]);
    }
    return words;
}

}  // namespace platefall::wedge
