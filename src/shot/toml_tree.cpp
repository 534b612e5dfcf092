#include "shot/toml_tree.h"

#include <toml++/toml.h>

#include <algorithm>
#include <stdexcept>

namespace platefall {
namespace {

/// Longer lines (a roto shape of many points) help nobody in a message, and every value keeps its line.
constexpr std::size_t kLongestShownLine = 400;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class TreeBuilder {
public:
    TreeBuilder(std::string_view text, std::string file) : file_(std::move(file))
    {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            lines_.emplace_back(line.size() <= kLongestShownLine ? line : std::string_view());
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    Origin origin(const toml::source_region& region) const
    {
        const auto line = static_cast<std::size_t>(region.begin.line);
        return {file_, static_cast<int>(line), static_cast<int>(region.begin.column),
                line >= 1 && line <= lines_.size() ? lines_[line - 1] : std::string()};
    }

    ParamTable table(const toml::table& source)
    {
        ParamTable table{{}, origin(source.source())};
        for (const auto& [key, node] : source)
            table.entries.push_back({std::string(key.str()), origin(key.source()), value(node)});
        // toml++ sorts keys by name.
        std::sort(table.entries.begin(), table.entries.end(), [](const ParamEntry& a, const ParamEntry& b) {
            return std::pair(a.key_origin.line, a.key_origin.column)
                   < std::pair(b.key_origin.line, b.key_origin.column);
        });
        return table;
    }

    const Faults& faults() const { return faults_; }

private:
    ParamValue value(const toml::node& node)
    {
        const Origin place = origin(node.source());
        switch (node.type()) {
        case toml::node_type::table: return {table(*node.as_table()), place};
        case toml::node_type::array: return {list(*node.as_array()), place};
        case toml::node_type::string: return {node.as_string()->get(), place};
        case toml::node_type::integer: return {node.as_integer()->get(), place};
        case toml::node_type::floating_point: return {node.as_floating_point()->get(), place};
        case toml::node_type::boolean: return {node.as_boolean()->get(), place};
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            faults_.add(at(place, "a date or time is not a value that a manifest can hold",
                           "put it in quotes if it is meant as a string"));
            return {std::string(), place};
        case toml::node_type::none: break;
        }
        throw std::logic_error("a TOML node without a type");
    }

    ParamValue::List list(const toml::array& source)
    {
        ParamValue::List result;
        for (const toml::node& node : source)
            result.push_back(value(node));
        return result;
    }

    std::string file_;
    std::vector<std::string> lines_;
    Faults faults_;
};

/// "Error while parsing key-value pair: cannot redefine existing integer 'fps'" in the words of the others.
std::string in_our_words(std::string text)
{
    if (const std::size_t reason = text.find(": ");
        text.starts_with("Error while parsing ") && reason != std::string::npos)
        text = text.substr(reason + 2);
    if (text.starts_with("cannot redefine existing ")) {
        const std::size_t open = text.find('\''), close = text.rfind('\'');
        const std::size_t end_of_name = text.find('\'', open + 1);
        if (open != std::string::npos && close != open)
            return text.substr(open, end_of_name + 1 - open) + " is there twice";
    }
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    return "not TOML: " + text;
}

std::string_view without_byte_order_mark(std::string_view text)
{
    return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

/// toml++ counts characters, not bytes.
std::size_t offset_of(const std::string& text, std::size_t line, std::size_t column)
{
    std::size_t at = text.size() - without_byte_order_mark(text).size();
    for (; line > 1; --line)
        at = text.find('\n', at) + 1;
    const auto continues = [&] { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u; };
    for (; column > 1; --column)
        do
            ++at;
        while (continues());
    return at;
}

const toml::node* find_node(const toml::node& node, const toml::source_position& begin)
{
    if (node.source().begin == begin)
        return &node;
    const toml::node* found = nullptr;
    const auto look = [&](const toml::node& inner) { found = found ? found : find_node(inner, begin); };
    if (const toml::table* table = node.as_table())
        for (const auto& [key, inner] : *table)
            look(inner);
    if (const toml::array* array = node.as_array())
        for (const toml::node& inner : *array)
            look(inner);
    return found;
}

}  // namespace

std::string toml_string(const std::string& text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        if (c == '\n')
            result += "\\n";   // one line stays one line
        else
            result += c;
    }
    return result + '"';
}

std::size_t offset_of(const std::string& text, const Origin& origin)
{
    return offset_of(text, static_cast<std::size_t>(origin.line), static_cast<std::size_t>(origin.column));
}

TextSpan value_span(const std::string& text, const Origin& value)
{
    const toml::table root = toml::parse(without_byte_order_mark(text));
    const toml::source_position begin{static_cast<toml::source_index>(value.line), static_cast<toml::source_index>(value.column)};
    const toml::node* node = find_node(root, begin);
    if (!node)
        throw std::logic_error("no value begins at " + std::to_string(value.line) + ":" + std::to_string(value.column));
    const toml::source_position& end = node->source().end;
    return {offset_of(text, begin.line, begin.column), offset_of(text, end.line, end.column)};
}

ParamTable parse_toml(const std::string& text, const std::string& file)
{
    const std::string_view content = without_byte_order_mark(text);

    TreeBuilder builder(content, file);
    try {
        ParamTable root = builder.table(toml::parse(content));
        builder.faults().throw_if_any();
        return root;
    } catch (const toml::parse_error& error) {
        throw Error(at(builder.origin(error.source()), in_our_words(std::string(error.description()))));
    }
}

}  // namespace platefall
