#include <platefall/params.h>

#include "shot/manifest.h"
#include "shot/toml_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace platefall {
namespace {

/// White space that puts a caret below a column, which counts code points from 1. Tabs stay tabs.
std::string indent_to(const std::string& line, int column)
{
    std::string indent;
    int seen = 1;
    for (std::size_t i = 0; i < line.size() && seen < column; ++i) {
        const bool continues_code_point = (static_cast<unsigned char>(line[i]) & 0xC0) == 0x80;
        if (continues_code_point)
            continue;
        indent += line[i] == '\t' ? '\t' : ' ';
        ++seen;
    }
    return indent;
}

std::string canonical_value(const ParamValue& value)
{
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const
        {
            return fmt::format("{}", number + 0.0);  // -0 and 0 mean the same
        }
        std::string operator()(const std::string& text) const { return toml_string(text); }
        std::string operator()(const ParamValue::List& list) const
        {
            std::string result = "[";
            for (const ParamValue& element : list) {
                if (result.size() > 1)
                    result += ',';
                result += canonical_value(element);
            }
            return result + "]";
        }
        std::string operator()(const ParamTable&) const
        {
            throw std::logic_error("a checked parameter holds no unchecked table");
        }
    };
    return std::visit(Writer{}, value.data);
}

std::string canonical_list(const std::vector<Params>& tables)
{
    std::string result = "[";
    for (const Params& table : tables)
        result += (result.size() > 1 ? ",{" : "{") + table.canonical() + "}";
    return result + "]";
}

}  // namespace

std::string at(const Origin& origin, const std::string& message, const std::string& hint)
{
    std::string text = origin.file;
    if (origin.line > 0)
        text += fmt::format(":{}:{}", origin.line, origin.column);
    if (!text.empty())
        text += ": ";
    text += message;

    if (origin.line > 0 && !origin.line_text.empty())
        return text + "\n    " + origin.line_text + "\n    " + indent_to(origin.line_text, origin.column)
               + "^" + (hint.empty() ? "" : " " + hint);
    return hint.empty() ? text : text + " (" + hint + ")";
}

const ParamEntry* ParamTable::find(std::string_view key) const noexcept
{
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const ParamEntry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

ParamEntry* ParamTable::find(std::string_view key) noexcept
{
    return const_cast<ParamEntry*>(std::as_const(*this).find(key));
}

const Params::Value& Params::read(std::string_view name, std::initializer_list<ParamType> types) const
{
    const auto found = values_.find(name);
    if (found == values_.end())
        throw std::logic_error(fmt::format("parameter '{}' was not declared", name));
    const bool any_type = types.size() == 0;
    if (!any_type && std::find(types.begin(), types.end(), found->second.type) == types.end())
        throw std::logic_error(fmt::format("parameter '{}' was declared with another type", name));
    read_.emplace(name);
    return found->second;
}

namespace {

template <typename T>
const T& present(const std::optional<ParamValue>& value, std::string_view name)
{
    if (!value)
        throw std::logic_error(fmt::format("parameter '{}' is absent; ask has() first", name));
    return std::get<T>(value->data);
}

}  // namespace

bool Params::has(std::string_view name) const
{
    return read(name, {}).value.has_value();
}

bool Params::given(std::string_view name) const
{
    return read(name, {}).given;
}

bool Params::flag(std::string_view name) const
{
    return present<bool>(read(name, {ParamType::flag}).value, name);
}

std::int64_t Params::integer(std::string_view name) const
{
    return present<std::int64_t>(read(name, {ParamType::integer}).value, name);
}

double Params::number(std::string_view name) const
{
    return present<double>(read(name, {ParamType::number}).value, name);
}

const std::string& Params::text(std::string_view name) const
{
    return present<std::string>(read(name, {ParamType::text, ParamType::choice}).value, name);
}

std::filesystem::path Params::path(std::string_view name) const
{
    const auto& written = present<std::string>(read(name, {ParamType::path}).value, name);
    return (std::filesystem::absolute(folder_) / expand_variables(written)).lexically_normal();
}

std::vector<double> Params::numbers(std::string_view name) const
{
    std::vector<double> result;
    for (const ParamValue& element : present<ParamValue::List>(read(name, {ParamType::numbers}).value, name))
        result.push_back(std::get<double>(element.data));
    return result;
}

std::vector<std::array<double, 2>> Params::points(std::string_view name) const
{
    std::vector<std::array<double, 2>> result;
    for (const ParamValue& element : present<ParamValue::List>(read(name, {ParamType::points}).value, name)) {
        const auto& pair = std::get<ParamValue::List>(element.data);
        result.push_back({std::get<double>(pair[0].data), std::get<double>(pair[1].data)});
    }
    return result;
}

std::vector<std::string> Params::texts(std::string_view name) const
{
    const Value& value = read(name, {ParamType::texts});
    std::vector<std::string> result;
    if (!value.value)
        return result;
    for (const ParamValue& element : std::get<ParamValue::List>(value.value->data))
        result.push_back(std::get<std::string>(element.data));
    return result;
}

const std::vector<Params>& Params::tables(std::string_view name) const
{
    return read(name, {ParamType::tables}).tables;
}

const Origin& Params::origin(std::string_view name) const
{
    const auto found = values_.find(name);
    if (found == values_.end())
        throw std::logic_error(fmt::format("parameter '{}' was not declared", name));
    const Value& value = found->second;
    return value.given && value.value ? value.value->origin : origin_;
}

Error Params::error(std::string_view name, const std::string& message, const std::string& hint) const
{
    return Error(at(origin(name), message, hint));
}

std::string Params::canonical_entry(const std::string& name, const Value& value)
{
    if (value.type == ParamType::tables)
        return name + "=" + canonical_list(value.tables) + ";";
    return value.value ? name + "=" + canonical_value(*value.value) + ";" : "";
}

std::string Params::canonical() const
{
    std::string result;
    for (const auto& [name, value] : values_)
        result += canonical_entry(name, value);
    return result;
}

std::string Params::canonical(const ParamSpecs& of) const
{
    std::string result;
    for (const ParamSpec& spec : of)
        result += canonical_entry(spec.name, values_.at(spec.name));
    return result;
}

std::vector<std::string> Params::unread() const
{
    std::vector<std::string> result;
    for (const auto& [name, value] : values_) {
        if (!read_.contains(name)) {
            result.push_back(name);
            continue;
        }
        if (value.tables.empty())
            continue;
        // A field counts as read when the code asked any one of the tables for it: which fields matter may
        // depend on the others (a keyframe without a shape, a layer without a grade).
        std::vector<std::string> fields = value.tables.front().unread();
        for (const Params& table : value.tables) {
            const std::vector<std::string> others = table.unread();
            std::erase_if(fields, [&](const std::string& field) {
                return std::find(others.begin(), others.end(), field) == others.end();
            });
        }
        for (const std::string& field : fields)
            result.push_back(name + "." + field);
    }
    return result;
}

}  // namespace platefall
