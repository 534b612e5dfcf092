#include "shot/manifest.h"

#include "base/files.h"
#include "shot/toml_tree.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <utility>

namespace platefall {
namespace {

std::string variable_value(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    if (!value)
        throw Error("environment variable '" + name + "' is not set");
    return value;
}

bool is_name_char(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Takes the name after the '$' at `dollar`, and moves `dollar` to its last character.
std::string take_variable_name(const std::string& text, std::size_t& dollar)
{
    const bool braces = dollar + 1 < text.size() && text[dollar + 1] == '{';
    const std::size_t begin = dollar + (braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_name_char(text[end]))
        ++end;

    const bool closed = !braces || (end < text.size() && text[end] == '}');
    const bool starts_like_a_name = end > begin && !std::isdigit(static_cast<unsigned char>(text[begin]));
    if (!closed || !starts_like_a_name)
        throw Error("'$' must be followed by the name of a variable, as in $SHOW or ${SHOW}; "
                    "write '$$' for a dollar sign");
    dollar = braces ? end : end - 1;
    return text.substr(begin, end - begin);
}

/// Line and column in `file` that a fault begins with; a line past every other when it has none.
std::pair<int, int> place_of(std::string_view fault, std::string_view file)
{
    constexpr std::pair<int, int> kNowhere{std::numeric_limits<int>::max(), 0};
    if (!fault.starts_with(file) || !fault.substr(file.size()).starts_with(':'))
        return kNowhere;

    const char* end = fault.data() + fault.size();
    int line = 0, column = 0;
    const auto [line_end, line_status] = std::from_chars(fault.data() + file.size() + 1, end, line);
    if (line_status != std::errc() || line_end == end || *line_end != ':')
        return kNowhere;
    const auto [column_end, column_status] = std::from_chars(line_end + 1, end, column);
    if (column_status != std::errc() || column_end == end || *column_end != ':')
        return kNowhere;
    return {line, column};
}

}  // namespace

Manifest parse_manifest(const std::string& text, const std::filesystem::path& path)
{
    Manifest manifest;
    manifest.path = std::filesystem::absolute(path).lexically_normal();
    manifest.folder = manifest.path.parent_path();
    manifest.root = parse_toml(text, path.string());
    manifest.content = Hasher().text(text).result();
    return manifest;
}

Manifest read_manifest(const std::filesystem::path& path)
{
    return parse_manifest(read_text_file(path), path);
}

std::string expand_variables(const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            result += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '$') {
            result += '$';
            ++i;
        } else {
            result += variable_value(take_variable_name(text, i));
        }
    }
    return result;
}

std::vector<std::string> in_file_order(std::vector<std::string> faults, const Manifest& manifest)
{
    const std::string& file = manifest.root.origin.file;
    std::stable_sort(faults.begin(), faults.end(), [&](const std::string& a, const std::string& b) {
        return place_of(a, file) < place_of(b, file);
    });
    return faults;
}

}  // namespace platefall
