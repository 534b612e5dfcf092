#include "stage/manifest_schema.h"

#include "shot/shot.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <stdexcept>

namespace platefall {
namespace {

using Json = nlohmann::ordered_json;  // keys stay as declared, so that completion offers them in that order

/// Whole numbers without a decimal point.
Json number(double value)
{
    constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
    if (value == std::floor(value) && std::abs(value) <= kExactIntegers)
        return static_cast<std::int64_t>(value);
    return value;
}

Json value_of(const ParamValue& value)
{
    struct Converter {
        Json operator()(bool flag) const { return flag; }
        Json operator()(std::int64_t whole) const { return whole; }
        Json operator()(double fraction) const { return number(fraction); }
        Json operator()(const std::string& text) const { return text; }
        Json operator()(const ParamValue::List& list) const
        {
            Json result = Json::array();
            for (const ParamValue& element : list)
                result.push_back(value_of(element));
            return result;
        }
        Json operator()(const ParamTable& table) const
        {
            Json result = Json::object();
            for (const ParamEntry& entry : table.entries)
                result[entry.key] = value_of(entry.value);
            return result;
        }
    };
    return std::visit(Converter{}, value.data);
}

Json number_schema(const ParamSpec& spec, const char* type)
{
    Json schema{{"type", type}};
    if (!std::isinf(spec.minimum))
        schema["minimum"] = number(spec.minimum);
    if (!std::isinf(spec.maximum))
        schema["maximum"] = number(spec.maximum);
    return schema;
}

Json list_schema(Json items, std::size_t length)
{
    Json schema{{"type", "array"}, {"items", std::move(items)}};
    if (length > 0) {
        schema["minItems"] = length;
        schema["maxItems"] = length;
    }
    return schema;
}

Json table_schema(const ParamSpecs& specs);

Json type_schema(const ParamSpec& spec)
{
    switch (spec.type) {
    case ParamType::flag: return {{"type", "boolean"}};
    case ParamType::integer: return number_schema(spec, "integer");
    case ParamType::number: return number_schema(spec, "number");
    case ParamType::text: return {{"type", "string"}};
    case ParamType::choice: return {{"type", "string"}, {"enum", spec.choices}};
    case ParamType::path: return {{"type", "string"}, {"minLength", 1}};
    case ParamType::numbers: return list_schema(number_schema(spec, "number"), spec.length);
    case ParamType::points: return list_schema(list_schema(number_schema(spec, "number"), 2), 0);
    case ParamType::texts: return list_schema({{"type", "string"}}, 0);
    case ParamType::tables:
        if (spec.shorthand.empty())
            return list_schema(table_schema(spec.fields), 0);
        return list_schema({{"anyOf", Json::array({Json{{"type", "string"}}, table_schema(spec.fields)})}},
                           0);
    }
    throw std::logic_error("unknown parameter type");
}

Json param_schema(const ParamSpec& spec)
{
    Json schema = type_schema(spec);
    schema["description"] = spec.help + (spec.unit.empty() ? "" : " Unit: " + spec.unit + ".");
    if (spec.fallback)
        schema["default"] = value_of(*spec.fallback);
    return schema;
}

/// A table with these keys and no others.
Json table_schema(const ParamSpecs& specs)
{
    Json properties = Json::object();
    Json required = Json::array();
    for (const ParamSpec& spec : specs) {
        properties[spec.name] = param_schema(spec);
        if (spec.required)
            required.push_back(spec.name);
    }
    Json schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty())
        schema["required"] = std::move(required);
    return schema;
}

/// [layer.NAME]: the stage's parameters without the name, which the table gives.
Json named_stages_schema(const NamedStageTable& table, const StageType& type)
{
    ParamSpecs params = type.params;
    std::erase_if(params, [](const ParamSpec& spec) { return spec.name == "name"; });
    Json stage = table_schema(params);
    stage["description"] = table.summary + " " + type.summary;
    return {{"type", "object"},
            {"description", table.summary},
            {"patternProperties", {{"^[A-Za-z0-9_-]+$", std::move(stage)}}},
            {"additionalProperties", false}};
}

/// A stage from outside: its keys are its own.
constexpr const char* kExternalPattern = "^(lib|exec|onnx):.+";

/// [[stage]]: which keys it may have follows from `use`. A condition for each stage rather than a choice
/// among all of them, so that an editor can say which key is wrong.
Json stages_schema(const StageRegistry& stages)
{
    Json names = Json::array(), conditions = Json::array();
    std::string description = "Name of the stage.";
    for (const StageType& type : stages.all()) {
        names.push_back(type.name);
        description += " " + type.name + ": " + type.summary;
        Json table = table_schema(type.params);
        table["properties"]["use"] = Json{{"const", type.name}};
        conditions.push_back(
            {{"if", {{"properties", {{"use", {{"const", type.name}}}}}, {"required", {"use"}}}},
             {"then", std::move(table)}});
    }
    Json stage{
        {"type", "object"},
        {"required", {"use"}},
        {"properties",
         {{"use",
           {{"type", "string"},
            {"description", description},
            {"anyOf", Json::array({Json{{"enum", names}}, Json{{"pattern", kExternalPattern}}})}}}}}};
    if (!conditions.empty())
        stage["allOf"] = std::move(conditions);
    return {{"type", "array"},
            {"description", "Stages in the order in which they work on a frame."},
            {"items", std::move(stage)}};
}

}  // namespace

std::string manifest_schema(const StageRegistry& stages)
{
    Json properties = Json::object(), required = Json::array();
    for (const ManifestSection& section : manifest_sections()) {
        properties[section.name] = table_schema(section.params);
        properties[section.name]["description"] = section.summary;
        if (section.required)
            required.push_back(section.name);
    }
    for (const NamedStageTable& table : named_stage_tables())
        if (const StageType* type = stages.find(table.use))
            properties[table.name] = named_stages_schema(table, *type);
    properties["stage"] = stages_schema(stages);

    const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                      {"title", "platefall shot manifest"},
                      {"type", "object"},
                      {"properties", std::move(properties)},
                      {"required", std::move(required)},
                      {"additionalProperties", false}};
    return schema.dump(2) + "\n";
}

}  // namespace platefall
