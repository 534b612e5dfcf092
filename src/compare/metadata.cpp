#include "compare/metadata.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace platefall::compare {
namespace {

constexpr std::size_t kLongest = 60;   // a manifest of Cryptomatte ids is not for a line

std::string in_words(const Attribute& attribute)
{
    const std::string words = std::visit(
        []<class T>(const std::vector<T>& values) {
            if constexpr (std::is_same_v<T, std::string>)
                return fmt::format("\"{}\"", fmt::join(values, "\" \""));
            else
                return fmt::format("{}", fmt::join(values, " "));
        },
        attribute.values);
    return words.size() <= kLongest ? words : words.substr(0, kLongest) + "...";
}

}  // namespace

std::vector<std::string> metadata_differences(const Attributes& a, const Attributes& b, const Rules& rules)
{
    std::vector<std::string> differences;
    for (const Attribute& was : a) {
        if (rules.ignores_metadata(was.name))
            continue;
        const Attribute* is = b.find(was.name);
        if (is == nullptr)
            differences.push_back(fmt::format("metadata '{}' is gone", was.name));
        else if (is->type != was.type)
            differences.push_back(fmt::format("metadata '{}' was a {}, is a {}", was.name, was.type, is->type));
        else if (*is != was)
            differences.push_back(fmt::format("metadata '{}' was {}, is {}", was.name, in_words(was), in_words(*is)));
    }
    for (const Attribute& is : b)
        if (!rules.ignores_metadata(is.name) && a.find(is.name) == nullptr)
            differences.push_back(fmt::format("metadata '{}' is new", is.name));
    return differences;
}

}  // namespace platefall::compare
