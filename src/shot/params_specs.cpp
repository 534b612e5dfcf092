#include <platefall/params.h>

#include <utility>

namespace platefall {
namespace {

ParamSpec optional_spec(std::string name, ParamType type, std::string help)
{
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = type;
    spec.help = std::move(help);
    return spec;
}

template <typename T>
ParamSpec spec_with(std::string name, ParamType type, T fallback, std::string help)
{
    ParamSpec spec = optional_spec(std::move(name), type, std::move(help));
    spec.fallback = ParamValue{std::move(fallback), {}};
    return spec;
}

}  // namespace

ParamSpec& ParamSpec::in(std::string unit_name)
{
    unit = std::move(unit_name);
    return *this;
}

ParamSpec& ParamSpec::between(double low, double high)
{
    minimum = low;
    maximum = high;
    return *this;
}

ParamSpec& ParamSpec::must_be_given()
{
    required = true;
    return *this;
}

namespace param {

ParamSpec flag(std::string name, bool fallback, std::string help)
{
    return spec_with(std::move(name), ParamType::flag, fallback, std::move(help));
}

ParamSpec integer(std::string name, std::string help)
{
    return optional_spec(std::move(name), ParamType::integer, std::move(help));
}

ParamSpec integer(std::string name, std::int64_t fallback, std::string help)
{
    return spec_with(std::move(name), ParamType::integer, fallback, std::move(help));
}

ParamSpec number(std::string name, std::string help)
{
    return optional_spec(std::move(name), ParamType::number, std::move(help));
}

ParamSpec number(std::string name, double fallback, std::string help)
{
    return spec_with(std::move(name), ParamType::number, fallback, std::move(help));
}

ParamSpec text(std::string name, std::string help)
{
    return optional_spec(std::move(name), ParamType::text, std::move(help));
}

ParamSpec text(std::string name, std::string fallback, std::string help)
{
    return spec_with(std::move(name), ParamType::text, std::move(fallback), std::move(help));
}

ParamSpec choice(std::string name, std::vector<std::string> choices, std::string help)
{
    ParamSpec spec = optional_spec(std::move(name), ParamType::choice, std::move(help));
    spec.choices = std::move(choices);
    return spec;
}

ParamSpec choice(std::string name, std::vector<std::string> choices, std::string fallback, std::string help)
{
    ParamSpec spec = spec_with(std::move(name), ParamType::choice, std::move(fallback), std::move(help));
    spec.choices = std::move(choices);
    return spec;
}

ParamSpec path(std::string name, std::string help)
{
    return optional_spec(std::move(name), ParamType::path, std::move(help));
}

ParamSpec numbers(std::string name, std::size_t length, std::string help)
{
    ParamSpec spec = optional_spec(std::move(name), ParamType::numbers, std::move(help));
    spec.length = length;
    return spec;
}

ParamSpec numbers(std::string name, std::vector<double> fallback, std::string help)
{
    ParamValue::List list;
    for (double number : fallback)
        list.push_back(ParamValue{number, {}});
    ParamSpec spec = spec_with(std::move(name), ParamType::numbers, std::move(list), std::move(help));
    spec.length = fallback.size();
    return spec;
}

ParamSpec points(std::string name, std::string help)
{
    return optional_spec(std::move(name), ParamType::points, std::move(help));
}

ParamSpec texts(std::string name, std::string help)
{
    return optional_spec(std::move(name), ParamType::texts, std::move(help));
}

ParamSpec tables(std::string name, ParamSpecs fields, std::string shorthand, std::string help)
{
    ParamSpec spec = optional_spec(std::move(name), ParamType::tables, std::move(help));
    spec.fields = std::move(fields);
    spec.shorthand = std::move(shorthand);
    return spec;
}

}  // namespace param
}  // namespace platefall
