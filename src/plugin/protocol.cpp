#include "plugin/protocol.h"

#include "shot/frame_range.h"

#include <platefall/version.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>

namespace platefall::plugin {
namespace {

constexpr int kLargestEdge = 1 << 20;   // px; beyond any picture, and sizes stay far from overflowing

struct TypeName {
    ParamType type;
    const char* name;
};
constexpr std::array<TypeName, 9> kTypes{{{ParamType::flag, "flag"},
                                          {ParamType::integer, "integer"},
                                          {ParamType::number, "number"},
                                          {ParamType::text, "text"},
                                          {ParamType::choice, "choice"},
                                          {ParamType::path, "path"},
                                          {ParamType::numbers, "numbers"},
                                          {ParamType::points, "points"},
                                          {ParamType::texts, "texts"}}};

ParamType type_from(const std::string& name)
{
    for (const TypeName& type : kTypes)
        if (name == type.name)
            return type.type;
    std::vector<std::string> names;
    for (const TypeName& type : kTypes)
        names.emplace_back(type.name);
    throw Error(fmt::format("there is no type '{}' (there are: {})", name, fmt::join(names, ", ")));
}

/// A whole number is an integer only where one is meant.
ParamValue value_from(const Json& json, ParamType meant)
{
    if (json.is_boolean())
        return {json.get<bool>(), {}};
    if (json.is_number_integer() && meant == ParamType::integer)
        return {json.get<std::int64_t>(), {}};
    if (json.is_number())
        return {json.get<double>(), {}};
    if (json.is_string())
        return {json.get<std::string>(), {}};
    if (!json.is_array())
        throw Error("a default must be a flag, a number, a string or a list");
    ParamValue::List list;
    for (const Json& element : json)
        list.push_back(value_from(element, meant));
    return {std::move(list), {}};
}

bool is_name(const std::string& text)
{
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && std::ranges::all_of(text, good);
}

/// JSON has no infinity: null is a side without a bound.
double bound(const Json& json, double unbounded)
{
    return json.is_null() ? unbounded : json.get<double>();
}

/// Refused by its own check, or what that makes of it.
void check_fallback(const ParamSpec& spec)
{
    Faults faults;
    Params::check(ParamTable{{ParamEntry{spec.name, {}, *spec.fallback}}, {}}, {spec}, "the stage", {}, faults);
    if (!faults.empty())
        throw Error(fmt::format("its default would be refused: {}", faults.all().front()));
}

ParamSpec param_from(const Json& json)
{
    ParamSpec spec;
    spec.name = json.at("name").get<std::string>();
    try {
        if (!is_name(spec.name))
            throw Error("a name has small letters, digits and '_' only");
        spec.type = type_from(json.at("type").get<std::string>());
        spec.help = json.at("help").get<std::string>();
        spec.unit = json.value("unit", "");
        spec.required = json.value("required", false);
        spec.choices = json.value("choices", std::vector<std::string>{});
        spec.length = json.value("length", std::size_t{0});
        if (const auto range = json.find("range"); range != json.end())
            spec.between(bound(range->at(0), spec.minimum), bound(range->at(1), spec.maximum));
        if (spec.type == ParamType::choice && spec.choices.empty())
            throw Error("it has no choices");
        if (const auto fallback = json.find("default"); fallback != json.end() && !fallback->is_null()) {
            spec.fallback = value_from(*fallback, spec.type);
            check_fallback(spec);
        }
    } catch (const std::exception& error) {
        throw Error(fmt::format("parameter '{}': {}", spec.name, error.what()));
    }
    return spec;
}

void check_layer(const std::string& name)
{
    if (name.empty() || name.find_first_of(" \t\n/") != std::string::npos)
        throw Error(fmt::format("'{}' is not a layer name", name));
}

}  // namespace

Description description_from(const Json& answer)
try {
    const int protocol = answer.value("protocol", 0);
    if (protocol != kProtocolVersion)
        throw Error(fmt::format("it speaks version {} of the stage protocol, and platefall " PLATEFALL_VERSION
                                " speaks version {}",
                                protocol, kProtocolVersion));
    Description description;
    description.summary = answer.at("summary").get<std::string>();
    description.version = answer.at("version").get<int>();
    description.at_once = std::clamp(answer.value("at_once", 1), 1, 256);
    const std::string pictures = answer.value("pictures", "memory");
    if (pictures != "memory" && pictures != "exr")
        throw Error(fmt::format("pictures must be 'memory' or 'exr' (is '{}')", pictures));
    description.pictures = pictures == "exr" ? Pictures::exr : Pictures::memory;
    std::set<std::string> names;
    for (const Json& param : answer.value("params", Json::array())) {
        description.params.push_back(param_from(param));
        if (!names.insert(description.params.back().name).second)
            throw Error(fmt::format("parameter '{}' is declared twice", description.params.back().name));
    }
    return description;
} catch (const Json::exception& error) {
    throw Error(fmt::format("its description is not what it should be: {}", error.what()));
}

Configuration configuration_from(const Json& answer)
try {
    Configuration configuration;
    for (const Json& read : answer.value("reads", Json::array())) {
        LayerUse::Read use;
        use.layer = read.is_string() ? read.get<std::string>() : read.at("layer").get<std::string>();
        use.optional = read.is_object() && read.value("optional", false);
        check_layer(use.layer);
        configuration.reads.push_back(std::move(use));
    }
    std::set<std::string> seen;
    for (const Json& write : answer.value("writes", Json::array())) {
        configuration.writes.push_back(write.get<std::string>());
        check_layer(configuration.writes.back());
        if (!seen.insert(configuration.writes.back()).second)
            throw Error(fmt::format("layer '{}' is written twice", configuration.writes.back()));
    }
    if (configuration.writes.empty())
        throw Error("it writes no layer");
    if (seen.contains("plate"))
        throw Error("layer 'plate' is the photograph, and no stage writes it");
    if (const auto frames = answer.find("prepare_frames"); frames != answer.end()) {
        configuration.prepares = true;
        configuration.prepare_frames = frames->get<std::vector<int>>();
    }
    return configuration;
} catch (const Json::exception& error) {
    throw Error(fmt::format("its configuration is not what it should be: {}", error.what()));
}

Json configuration_json(const Configuration& configuration)
{
    Json reads = Json::array();
    for (const LayerUse::Read& read : configuration.reads)
        reads.push_back({{"layer", read.layer}, {"optional", read.optional}});
    Json json{{"reads", std::move(reads)}, {"writes", configuration.writes}};
    if (configuration.prepares)
        json["prepare_frames"] = configuration.prepare_frames;
    return json;
}

Json params_json(const Params& params, const ParamSpecs& specs)
{
    Json json = Json::object();
    for (const ParamSpec& spec : specs) {
        if (!params.has(spec.name))
            continue;
        Json& value = json[spec.name];
        switch (spec.type) {
        case ParamType::flag: value = params.flag(spec.name); break;
        case ParamType::integer: value = params.integer(spec.name); break;
        case ParamType::number: value = params.number(spec.name); break;
        case ParamType::text:
        case ParamType::choice: value = params.text(spec.name); break;
        case ParamType::path: value = params.path(spec.name).string(); break;
        case ParamType::numbers: value = params.numbers(spec.name); break;
        case ParamType::points: value = params.points(spec.name); break;
        case ParamType::texts: value = params.texts(spec.name); break;
        case ParamType::tables: throw std::logic_error("a table of parameters does not travel");
        }
    }
    return json;
}

Json window_json(const Window& window)
{
    return {window.x0, window.y0, window.x1, window.y1};
}

Window window_from(const Json& object, const char* key)
{
    const Json& numbers = object.at(key);
    if (!numbers.is_array() || numbers.size() != 4
        || !std::ranges::all_of(numbers, [](const Json& number) { return number.is_number_integer(); }))
        throw Error(fmt::format("'{}' is not a list of four whole numbers", key));
    for (const Json& number : numbers)
        if (std::abs(number.get<std::int64_t>()) > kLargestEdge)
            throw Error(fmt::format("'{}' reaches to {}, which no picture does", key, number.get<std::int64_t>()));
    const Window window{numbers[0].get<int>(), numbers[1].get<int>(), numbers[2].get<int>(), numbers[3].get<int>()};
    if (window.x1 < window.x0 || window.y1 < window.y0)
        throw Error(fmt::format("'{}' ends before it begins", key));
    return window;
}

Json shot_json(const ShotInfo& shot)
{
    return {{"name", shot.name},
            {"frames", format_frame_range(shot.frames)},
            {"first", shot.frames.empty() ? 0 : shot.frames.front()},
            {"last", shot.frames.empty() ? 0 : shot.frames.back()},
            {"fps", shot.fps},
            {"colorspace", shot.colorspace},
            {"proxy", shot.proxy},
            {"seed", shot.seed},
            {"data_window", window_json(shot.plate_data)},
            {"display_window", window_json(shot.plate_display)}};
}

Json camera_json(const Camera& camera)
{
    return {{"world_from_camera", camera.world_from_camera},
            {"focal_length_mm", camera.focal_length_mm},
            {"film_back_mm", camera.film_back_mm}};
}

std::string line_of(const Json& message)
{
    return message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace platefall::plugin
