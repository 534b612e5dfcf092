#include <platefall/params.h>

#include "base/spelling.h"
#include "shot/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace platefall {
namespace {

using List = ParamValue::List;

/// "a string", as in "must be a number, not a string".
std::string kind_of(const ParamValue& value)
{
    struct Namer {
        std::string operator()(bool) const { return "true or false"; }
        std::string operator()(std::int64_t) const { return "a number"; }
        std::string operator()(double) const { return "a number"; }
        std::string operator()(const std::string&) const { return "a string"; }
        std::string operator()(const List&) const { return "a list"; }
        std::string operator()(const ParamTable&) const { return "a table"; }
    };
    return std::visit(Namer{}, value.data);
}

std::string expected_kind(const ParamSpec& spec)
{
    switch (spec.type) {
    case ParamType::flag: return "true or false";
    case ParamType::integer: return "a whole number";
    case ParamType::number: return "a number";
    case ParamType::text:
    case ParamType::choice: return "a string";
    case ParamType::path: return "a path";
    case ParamType::numbers:
        return spec.length > 0 ? fmt::format("a list of {} numbers", spec.length) : "a list of numbers";
    case ParamType::points: return "a list of [x, y] pairs";
    case ParamType::texts: return "a list of strings";
    case ParamType::tables:
        return spec.shorthand.empty() ? "a list of tables" : "a list of strings or tables";
    }
    throw std::logic_error("unknown parameter type");
}

/// "'zip', 'zips' or 'none'".
std::string join_with_or(const std::vector<std::string>& words)
{
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            result += i + 1 == words.size() ? " or " : ", ";
        result += "'" + words[i] + "'";
    }
    return result;
}

std::string allowed_range(const ParamSpec& spec)
{
    const std::string unit = spec.unit.empty() ? "" : " " + spec.unit;
    if (std::isinf(spec.maximum))
        return fmt::format("at least {}{}", spec.minimum, unit);
    if (std::isinf(spec.minimum))
        return fmt::format("at most {}{}", spec.maximum, unit);
    return fmt::format("between {} and {}{}", spec.minimum, spec.maximum, unit);
}

/// Checks the value of one parameter, and gives it the one form that the getters and canonical() rely on:
/// numbers as double, integers as int64.
class ValueCheck {
public:
    ValueCheck(const ParamSpec& spec, Faults& faults) : spec_(spec), faults_(faults) {}

    std::optional<ParamValue> check(const ParamValue& value)
    {
        switch (spec_.type) {
        case ParamType::flag: return held<bool>(value);
        case ParamType::integer: return integer(value);
        case ParamType::number: return number(value);
        case ParamType::text: return held<std::string>(value);
        case ParamType::choice: return choice(value);
        case ParamType::path: return path(value);
        case ParamType::numbers: return numbers(value, spec_.length);
        case ParamType::points: return list(value, [&](const ParamValue& pair) { return point(pair); });
        case ParamType::texts: return list(value, [&](const ParamValue& text) { return element_text(text); });
        case ParamType::tables: return list(value, [](const ParamValue& table) { return table; });
        }
        throw std::logic_error("unknown parameter type");
    }

private:
    std::nullopt_t refuse(const ParamValue& value, const std::string& message, const std::string& hint = {})
    {
        faults_.add(at(value.origin, "'" + spec_.name + "' " + message, hint));
        return std::nullopt;
    }

    std::nullopt_t refuse_kind(const ParamValue& value)
    {
        return refuse(value, "must be " + expected_kind(spec_) + ", not " + kind_of(value));
    }

    template <typename T>
    std::optional<ParamValue> held(const ParamValue& value)
    {
        if (!std::holds_alternative<T>(value.data))
            return refuse_kind(value);
        return value;
    }

    std::optional<ParamValue> in_range(const ParamValue& value, double number)
    {
        if (number < spec_.minimum || number > spec_.maximum)
            return refuse(value, fmt::format("must be {} (is {})", allowed_range(spec_), number));
        return value;
    }

    std::optional<ParamValue> integer(const ParamValue& value)
    {
        if (const auto* whole = std::get_if<std::int64_t>(&value.data))
            return in_range(value, static_cast<double>(*whole));
        const auto* number = std::get_if<double>(&value.data);
        if (!number)
            return refuse_kind(value);
        constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
        if (!(std::abs(*number) <= kExactIntegers) || *number != std::floor(*number))
            return refuse(value, fmt::format("must be a whole number (is {})", *number));
        return in_range({static_cast<std::int64_t>(*number), value.origin}, *number);
    }

    std::optional<ParamValue> number(const ParamValue& value)
    {
        if (const auto* whole = std::get_if<std::int64_t>(&value.data))
            return finite({static_cast<double>(*whole), value.origin});
        if (!std::holds_alternative<double>(value.data))
            return refuse_kind(value);
        return finite(value);
    }

    std::optional<ParamValue> finite(const ParamValue& value)
    {
        const double number = std::get<double>(value.data);
        if (!std::isfinite(number))
            return refuse(value, fmt::format("must be a finite number (is {})", number));
        return in_range(value, number);
    }

    std::optional<ParamValue> choice(const ParamValue& value)
    {
        const auto* word = std::get_if<std::string>(&value.data);
        if (!word)
            return refuse_kind(value);
        if (std::find(spec_.choices.begin(), spec_.choices.end(), *word) != spec_.choices.end())
            return value;
        return refuse(value, fmt::format("must be {} (is '{}')", join_with_or(spec_.choices), *word),
                      did_you_mean(*word, spec_.choices));
    }

    std::optional<ParamValue> path(const ParamValue& value)
    {
        const auto* text = std::get_if<std::string>(&value.data);
        if (!text)
            return refuse_kind(value);
        if (text->empty())
            return refuse(value, "must not be empty");
        try {
            expand_variables(*text);
        } catch (const Error& error) {
            faults_.add(at(value.origin, "'" + spec_.name + "': " + error.what()));
            return std::nullopt;
        }
        return value;
    }

    std::optional<ParamValue> numbers(const ParamValue& value, std::size_t length)
    {
        const auto* elements = std::get_if<List>(&value.data);
        if (elements && length > 0 && elements->size() != length)
            return refuse(value, fmt::format("must be {} (has {})", expected_kind(spec_), elements->size()));
        return list(value, [&](const ParamValue& element) { return element_number(element); });
    }

    std::optional<ParamValue> element_number(const ParamValue& element)
    {
        if (!std::holds_alternative<std::int64_t>(element.data)
            && !std::holds_alternative<double>(element.data))
            return refuse(element, "must be " + expected_kind(spec_) + "; it holds " + kind_of(element));
        return number(element);
    }

    std::optional<ParamValue> element_text(const ParamValue& element)
    {
        if (!std::holds_alternative<std::string>(element.data))
            return refuse(element, "must be " + expected_kind(spec_) + "; it holds " + kind_of(element));
        return element;
    }

    std::optional<ParamValue> point(const ParamValue& pair)
    {
        const auto* elements = std::get_if<List>(&pair.data);
        if (!elements)
            return refuse(pair, "must be " + expected_kind(spec_) + "; it holds " + kind_of(pair));
        if (elements->size() != 2)
            return refuse(pair, fmt::format("must be {} (one has {} elements)", expected_kind(spec_),
                                            elements->size()));
        return list(pair, [&](const ParamValue& element) { return element_number(element); });
    }

    /// Every wrong element is a fault of its own; the list as a whole is good when all of them are.
    template <typename CheckElement>
    std::optional<ParamValue> list(const ParamValue& value, CheckElement&& check_element)
    {
        const auto* elements = std::get_if<List>(&value.data);
        if (!elements)
            return refuse_kind(value);
        List good;
        for (const ParamValue& element : *elements)
            if (std::optional<ParamValue> checked = check_element(element))
                good.push_back(std::move(*checked));
        if (good.size() != elements->size())
            return std::nullopt;
        return ParamValue{std::move(good), value.origin};
    }

    const ParamSpec& spec_;
    Faults& faults_;
};

std::vector<std::string> names_of(const ParamSpecs& specs)
{
    std::vector<std::string> names;
    for (const ParamSpec& spec : specs)
        names.push_back(spec.name);
    return names;
}

std::string unknown_key_hint(const std::string& key, const std::vector<std::string>& known)
{
    if (const std::string hint = did_you_mean(key, known); !hint.empty())
        return hint;
    return known.empty() ? "it takes no keys" : "it knows " + join_with_and(known);
}

/// A required key that is there under a misspelled name is reported once, as the misspelling.
bool is_misspelled_in(const ParamTable& table, const std::string& name, const std::vector<std::string>& known)
{
    return std::any_of(table.entries.begin(), table.entries.end(), [&](const ParamEntry& entry) {
        return std::find(known.begin(), known.end(), entry.key) == known.end()
               && nearest(entry.key, known) == name;
    });
}

void report_missing_keys(const ParamTable& table, const ParamSpecs& specs, const std::string& what,
                         Faults& faults)
{
    const std::vector<std::string> known = names_of(specs);
    for (const ParamSpec& spec : specs)
        if (spec.required && !table.find(spec.name) && !is_misspelled_in(table, spec.name, known))
            faults.add(at(table.origin, what + " needs '" + spec.name + "'"));
}

/// A bare string in a list of tables stands for a table with only the shorthand key.
std::optional<ParamTable> as_table(const ParamValue& element, const ParamSpec& spec, Faults& faults)
{
    if (const auto* table = std::get_if<ParamTable>(&element.data))
        return *table;
    if (std::holds_alternative<std::string>(element.data) && !spec.shorthand.empty())
        return ParamTable{{ParamEntry{spec.shorthand, element.origin, element}}, element.origin};
    faults.add(at(element.origin, fmt::format("'{}' must be {}; it holds {}", spec.name, expected_kind(spec),
                                              kind_of(element))));
    return std::nullopt;
}

}  // namespace

Params Params::check(const ParamTable& table, const ParamSpecs& specs, const std::string& what,
                     const std::filesystem::path& folder, Faults& faults)
{
    Params params;
    params.folder_ = folder;
    params.origin_ = table.origin;
    for (const ParamSpec& spec : specs)
        params.values_[spec.name] = Value{spec.type, spec.fallback, false, {}};

    report_missing_keys(table, specs, what, faults);

    for (const ParamEntry& entry : table.entries) {
        const auto spec =
            std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& s) { return s.name == entry.key; });
        if (spec == specs.end()) {
            faults.add(at(entry.key_origin, fmt::format("unknown key '{}' in {}", entry.key, what),
                          unknown_key_hint(entry.key, names_of(specs))));
            continue;
        }
        std::optional<ParamValue> checked = ValueCheck(*spec, faults).check(entry.value);
        if (!checked)
            continue;

        Value& value = params.values_[spec->name];
        value.given = true;
        if (spec->type == ParamType::tables)
            for (const ParamValue& element : std::get<List>(checked->data))
                if (const std::optional<ParamTable> row = as_table(element, *spec, faults))
                    value.tables.push_back(
                        check(*row, spec->fields, "'" + spec->name + "' of " + what, folder, faults));
        value.value = std::move(checked);
    }
    return params;
}

}  // namespace platefall
