#include "shot/manifest_edit.h"

#include "shot/setting.h"
#include "shot/toml_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

namespace platefall {
namespace {

using List = ParamValue::List;

bool same(const ParamTable& a, const ParamTable& b);

bool same(const ParamValue& a, const ParamValue& b)
{
    if (const auto* list = std::get_if<List>(&a.data)) {
        const auto* other = std::get_if<List>(&b.data);
        return other && std::ranges::equal(*list, *other, [](const auto& x, const auto& y) { return same(x, y); });
    }
    if (const auto* table = std::get_if<ParamTable>(&a.data)) {
        const auto* other = std::get_if<ParamTable>(&b.data);
        return other && same(*table, *other);
    }
    return a.data.index() == b.data.index()
           && std::visit(
               [&](const auto& value) {
                   using Value = std::decay_t<decltype(value)>;
                   if constexpr (std::is_same_v<Value, List> || std::is_same_v<Value, ParamTable>)
                       return false;
                   else
                       return value == std::get<Value>(b.data);
               },
               a.data);
}

/// In whatever order, wherever written.
bool same(const ParamTable& a, const ParamTable& b)
{
    return a.entries.size() == b.entries.size() && std::ranges::all_of(a.entries, [&](const ParamEntry& entry) {
               const ParamEntry* other = b.find(entry.key);
               return other && same(entry.value, other->value);
           });
}

/// One change of a text. `at` and `count`: what `words` stand in for.
struct Change {
    std::size_t at = 0, count = 0;
    std::string words;
};

/// The value that a key is to have, and where it goes.
class Edit {
public:
    Edit(const std::string& text, const std::string& name, std::string literal)
        : text_(text), name_(name), literal_(std::move(literal)),
          newline_(text.find("\r\n") != std::string::npos ? "\r\n" : "\n")
    {
    }

    Change replace(const ParamEntry& entry) const
    {
        const TextSpan old = value_span(text_, entry.value.origin);
        const std::string_view written = std::string_view(text_).substr(old.begin, old.end - old.begin);
        if (written.find('\n') != std::string_view::npos)
            throw by_hand(entry.key_origin,
                          fmt::format("'{}' is written over several lines, whose comments would be lost", name_));
        std::size_t after = old.end;
        while (after < text_.size() && text_[after] == ' ')
            ++after;
        const std::size_t gap = after - old.end;
        if (gap < 2 || after == text_.size() || text_[after] != '#')
            return {old.begin, written.size(), literal_};
        const std::size_t column = std::max(written.size() + gap, literal_.size() + 1);   // the comment keeps it
        return {old.begin, written.size() + gap, literal_ + std::string(column - literal_.size(), ' ')};
    }

    Change add(const ParamTable& table, const std::string& key) const
    {
        if (table.origin.line == 0)
            return add_table(key);
        const ParamEntry* last = nullptr;   // of those that are written in the table itself
        for (const ParamEntry& entry : table.entries)
            if (place(entry.value.origin) > place(entry.key_origin))
                last = &entry;
        switch (text_[offset_of(text_, table.origin)]) {
        case '[': return last ? add_line_like(*last, key) : add_line(offset_of(text_, table.origin), key + " = ");
        case '{':
            if (last)
                return {value_span(text_, last->value.origin).end, 0, fmt::format(", {} = {}", key, literal_)};
            break;
        default: break;
        }
        throw by_hand(table.origin, fmt::format("'{}' cannot be added to a table that is written like this", name_));
    }

private:
    static std::pair<int, int> place(const Origin& origin) { return {origin.line, origin.column}; }

    Error by_hand(const Origin& origin, const std::string& why) const
    {
        return Error(at(origin, why, fmt::format("type it by hand: {} = {}", name_.substr(name_.rfind('.') + 1), literal_)));
    }

    /// A section of its own, at the end.
    Change add_table(const std::string& key) const
    {
        const std::string before = text_.empty() || text_.ends_with('\n') ? newline_ : newline_ + newline_;
        return {text_.size(), 0,
                fmt::format("{}[{}]{}{} = {}{}", before, name_.substr(0, name_.rfind('.')), newline_, key, literal_, newline_)};
    }

    /// After `entry`, with its indentation and its equals sign in the same column.
    Change add_line_like(const ParamEntry& entry, const std::string& key) const
    {
        const TextSpan value = value_span(text_, entry.value.origin);
        const std::size_t name = offset_of(text_, entry.key_origin);
        const std::size_t line = text_.rfind('\n', name) + 1;   // npos + 1 is the first line
        const std::size_t equals = text_.rfind('=', value.begin) - name;
        const std::size_t padding = equals > key.size() + 1 ? equals - key.size() : 1;
        return add_line(value.end, text_.substr(line, name - line) + key + std::string(padding, ' ') + "= ");
    }

    /// On a line of its own after that of byte `at`.
    Change add_line(std::size_t at, const std::string& start) const
    {
        std::size_t end = std::min(text_.find('\n', at), text_.size());
        if (end > 0 && text_[end - 1] == '\r')
            --end;
        return {end, 0, newline_ + start + literal_};
    }

    const std::string& text_;
    const std::string name_, literal_, newline_;
};

/// As it was given; a word gets its quotes.
std::string literal_of(const ParamValue& value, const std::string& given)
{
    const auto* text = std::get_if<std::string>(&value.data);
    return text && *text == given ? toml_string(given) : given;
}

SettingPlace find_place(Manifest& manifest, const std::string& name)
{
    Faults faults;
    SettingPlace place = find_setting(manifest.root, name, {manifest.root.origin.file, 0, 0, ""}, faults);
    faults.throw_if_any();
    return place;
}

}  // namespace

std::optional<std::string> written_value(const std::string& text, const std::filesystem::path& path, const std::string& name)
{
    Manifest manifest = parse_manifest(text, path);
    const SettingPlace place = find_place(manifest, name);
    if (!place.entry)
        return std::nullopt;
    const TextSpan span = value_span(text, place.entry->value.origin);
    return text.substr(span.begin, span.end - span.begin);
}

std::string with_value(const std::string& text, const std::filesystem::path& path, const std::string& name,
                       const std::string& value)
{
    Manifest manifest = parse_manifest(text, path), wanted = manifest;
    Faults faults;
    apply_setting(wanted, name + "=" + value, faults, path.string());
    faults.throw_if_any();

    const Edit edit(text, name, literal_of(find_place(wanted, name).entry->value, value));
    const SettingPlace place = find_place(manifest, name);
    const Change change = place.entry ? edit.replace(*place.entry) : edit.add(*place.table, place.key);
    std::string edited = text;
    edited.replace(change.at, change.count, change.words);
    if (!same(parse_manifest(edited, path).root, wanted.root))
        throw Error(fmt::format("{}: '{}' could not be changed to {} by itself; type it by hand", path.string(), name, value));
    return edited;
}

}  // namespace platefall
