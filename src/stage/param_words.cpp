#include "stage/param_words.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace platefall {
namespace {

std::string choices_in_words(const std::vector<std::string>& choices)
{
    std::string words;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0)
            words += i + 1 == choices.size() ? " or " : ", ";
        words += choices[i];
    }
    return words;
}

std::string value_in_words(const ParamValue& value)
{
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return fmt::format("\"{}\"", text); }
        std::string operator()(const ParamValue::List& list) const
        {
            std::string words = "[";
            for (const ParamValue& element : list) {
                if (words.size() > 1)
                    words += ", ";
                words += value_in_words(element);
            }
            return words + "]";
        }
        std::string operator()(const ParamTable&) const { return "a table"; }
    };
    return std::visit(Writer{}, value.data);
}

}  // namespace

std::string type_in_words(const ParamSpec& spec)
{
    switch (spec.type) {
    case ParamType::flag: return "true or false";
    case ParamType::integer: return "whole number";
    case ParamType::number: return "number";
    case ParamType::text: return "string";
    case ParamType::choice: return choices_in_words(spec.choices);
    case ParamType::path: return "path";
    case ParamType::numbers:
        return spec.length > 0 ? fmt::format("{} numbers", spec.length) : "list of numbers";
    case ParamType::points: return "list of [x, y] pairs";
    case ParamType::texts: return "list of strings";
    case ParamType::tables: return spec.shorthand.empty() ? "list of tables" : "list of strings or tables";
    }
    throw std::logic_error("unknown parameter type");
}

std::string range_in_words(const ParamSpec& spec)
{
    if (std::isinf(spec.minimum) && std::isinf(spec.maximum))
        return "";
    if (std::isinf(spec.maximum))
        return fmt::format("at least {}", spec.minimum);
    if (std::isinf(spec.minimum))
        return fmt::format("at most {}", spec.maximum);
    return fmt::format("{} to {}", spec.minimum, spec.maximum);
}

std::string default_in_words(const ParamSpec& spec)
{
    return spec.fallback ? value_in_words(*spec.fallback) : "";
}

}  // namespace platefall
