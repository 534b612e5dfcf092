#include "stage/stage_listing.h"

#include "base/spelling.h"
#include "stage/param_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace platefall {
namespace {

/// "number, px, default 0, 0 to 100".
std::string summary_of(const ParamSpec& spec)
{
    std::vector<std::string> facts{type_in_words(spec)};
    if (!spec.unit.empty())
        facts.push_back(spec.unit);
    if (spec.required)
        facts.push_back("required");
    else if (const std::string value = default_in_words(spec); !value.empty())
        facts.push_back("default " + value);
    if (const std::string range = range_in_words(spec); !range.empty())
        facts.push_back(range);
    return fmt::format("{}", fmt::join(facts, ", "));
}

/// Width of the column of names, when fields stand two columns to the right of their parameter.
std::size_t name_width(const ParamSpecs& specs, std::size_t indent)
{
    std::size_t width = 0;
    for (const ParamSpec& spec : specs)
        width = std::max({width, indent + spec.name.size(), name_width(spec.fields, indent + 2)});
    return width;
}

std::string listing_of(const ParamSpecs& specs, std::size_t indent, std::size_t width)
{
    std::string text;
    for (const ParamSpec& spec : specs) {
        const std::string name = std::string(indent, ' ') + spec.name;
        text += fmt::format("  {:<{}}  {}\n", name, width, summary_of(spec));
        text += fmt::format("  {:<{}}  {}\n", "", width, spec.help);
        text += listing_of(spec.fields, indent + 2, width);
    }
    return text;
}

/// A '|' would end the cell.
std::string cell(const std::string& text)
{
    std::string result;
    for (const char c : text)
        result += c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
}

std::string code(const std::string& text)
{
    return text.empty() ? "" : fmt::format("`{}`", text);
}

std::string markdown_rows(const ParamSpecs& specs, const std::string& prefix)
{
    std::string rows;
    for (const ParamSpec& spec : specs) {
        const std::string value = spec.required ? "required" : code(default_in_words(spec));
        rows +=
            fmt::format("| `{}{}` | {} | {} | {} | {} | {} |\n", prefix, spec.name, cell(type_in_words(spec)),
                        cell(spec.unit), cell(value), range_in_words(spec), cell(spec.help));
        rows += markdown_rows(spec.fields, prefix + spec.name + "[].");
    }
    return rows;
}

std::string markdown_section(const std::string& title, const std::string& summary, const ParamSpecs& specs)
{
    std::string text = fmt::format("### {}\n\n{}\n", title, summary);
    if (!specs.empty())
        text += "\n| key | type | unit | default | range | meaning |\n|---|---|---|---|---|---|\n"
                + markdown_rows(specs, "");
    return text;
}

}  // namespace

std::string stage_listing(const StageRegistry& stages)
{
    std::size_t width = 0;
    for (const StageType& type : stages.all())
        width = std::max(width, type.name.size());
    std::string text;
    for (const StageType& type : stages.all())
        text += fmt::format("{:<{}}  {}\n", type.name, width, type.summary);
    return text;
}

std::string stage_details(const StageRegistry& stages, const std::string& name)
{
    const StageType* type = stages.find(name);
    if (!type) {
        std::vector<std::string> names;
        for (const StageType& known : stages.all())
            names.push_back(known.name);
        std::string hint = did_you_mean(name, names);
        if (hint.empty())
            hint = fmt::format("there are {}", join_with_and(names));
        throw Error(fmt::format("there is no stage '{}' ({})", name, hint));
    }
    const std::string parameters = listing_of(type->params, 0, name_width(type->params, 0));
    return fmt::format("{}: {}\n{}{}", type->name, type->summary, parameters.empty() ? "" : "\n", parameters);
}

std::string stage_reference_markdown(const StageRegistry& stages)
{
    std::string text;
    for (const StageType& type : stages.all()) {
        if (!text.empty())
            text += '\n';
        text += markdown_section(code(type.name), type.summary, type.params);
    }
    return text;
}

std::string section_reference_markdown(const std::vector<ManifestSection>& sections)
{
    std::string text;
    for (const ManifestSection& section : sections) {
        if (!text.empty())
            text += '\n';
        text += markdown_section(fmt::format("`[{}]`", section.name), section.summary, section.params);
    }
    return text;
}

}  // namespace platefall
