#include "compare/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platefall::compare {
namespace {

std::string of_channels(const PictureComparison& comparison)
{
    const ChannelComparison* worst = worst_channel(comparison);
    if (worst == nullptr)
        return {};
    const LargestDifference& at = worst->largest;
    std::string text = fmt::format("'{}' at {},{} was {}, is {}; {} of {} pixels of '{}' differ ({:.3g} %)", worst->name, at.x,
                                   at.y, in_words(at.a), in_words(at.b), worst->failing, worst->pixels, worst->name,
                                   worst->failing_percent());
    const auto count = std::count_if(comparison.channels.begin(), comparison.channels.end(),
                                     [](const ChannelComparison& channel) { return channel.is_different(); });
    if (count > 1)
        text += fmt::format(", and of {} more channel{}", count - 1, count > 2 ? "s" : "");
    return text + "; ";
}

std::string of_flips(const PictureComparison& comparison)
{
    if (comparison.flips.empty())
        return {};
    const auto worst = std::max_element(comparison.flips.begin(), comparison.flips.end(),
                                        [](const auto& a, const auto& b) { return a.mean < b.mean; });
    return fmt::format("FLIP {:.4f}{}; ", worst->mean, worst->layer.empty() ? "" : fmt::format(" in layer '{}'", worst->layer));
}

}  // namespace

std::string in_words(double number)
{
    return std::isnan(number) ? "nan" : fmt::format("{:.5g}", number);   // without the sign that NaN may have
}

std::string name_of(Outcome outcome)
{
    switch (outcome) {
    case Outcome::same: return "same";
    case Outcome::different: return "different";
    case Outcome::missing_in_a: return "missing_in_a";
    case Outcome::missing_in_b: return "missing_in_b";
    case Outcome::unusable: return "unusable";
    }
    return {};
}

std::string in_a_line(const PictureComparison& comparison)
{
    switch (comparison.outcome) {
    case Outcome::same: return "the same";
    case Outcome::missing_in_a: return fmt::format("there is no reference '{}'", comparison.pair.a.string());
    case Outcome::missing_in_b: return fmt::format("is missing: there is no '{}'", comparison.pair.b.string());
    case Outcome::unusable: return comparison.error;
    case Outcome::different: break;
    }
    std::string line = of_channels(comparison) + of_flips(comparison);
    for (const std::string& difference : comparison.differences)
        line += difference + "; ";
    return line.substr(0, line.size() - 2);
}

}  // namespace platefall::compare
