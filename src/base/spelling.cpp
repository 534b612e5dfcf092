#include "base/spelling.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace platefall {
namespace {

std::string lower(std::string_view word)
{
    std::string result(word);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Insertions, deletions, replacements and swaps of neighbours (Damerau 1964, as optimal string alignment).
std::size_t edit_distance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;

    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = row;
    }
    return last[b.size()];
}

/// One slip in a short word, up to three in a long one, and never so many that nothing is left of the word.
std::size_t slips_allowed(std::size_t length)
{
    return std::min(std::clamp<std::size_t>(length / 3, 1, 3), length == 0 ? 0 : length - 1);
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates)
{
    const std::string wanted = lower(word);
    std::size_t fewest = slips_allowed(wanted.size()) + 1;
    std::string best;
    for (const std::string& candidate : candidates) {
        const std::size_t slips = edit_distance(wanted, lower(candidate));
        if (slips < fewest) {
            fewest = slips;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates)
{
    const std::string near = nearest(word, candidates);
    return near.empty() ? "" : "did you mean '" + near + "'?";
}

std::string join_with_and(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace platefall
