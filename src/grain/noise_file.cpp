#include "grain/grain.h"

#include "base/files.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace platefall::grain {
namespace {

using Json = nlohmann::ordered_json;

template <std::size_t count>
bool is_list(const Json& json)
{
    return json.is_array() && json.size() == count;
}

void read(const Json& json, float& number)
{
    if (!json.is_number() || !std::isfinite(json.get<float>()))
        throw Error("must hold finite numbers");
    number = json.get<float>();
}

template <class Element, std::size_t count>
void read(const Json& json, std::array<Element, count>& list)
{
    if (!is_list<count>(json))
        throw Error(fmt::format("must be a list of {}", count));
    for (std::size_t i = 0; i < count; ++i)
        read(json[i], list[i]);
}

template <class Value>
void read(const Json& json, const char* key, Value& value)
{
    const auto found = json.find(key);
    if (found == json.end())
        throw Error(fmt::format("'{}' is missing", key));
    try {
        read(*found, value);
    } catch (const Error& error) {
        throw Error(fmt::format("'{}' {}", key, error.what()));
    }
}

NoiseModel parse(const std::string& text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        throw Error("it is not a JSON object");
    NoiseModel model;
    read(json, "variance_floor", model.variance_floor);
    read(json, "variance_slope", model.variance_slope);
    read(json, "kernel", model.kernel);
    read(json, "colour", model.colour);
    for (const auto* variances : {&model.variance_floor, &model.variance_slope})
        for (const float variance : *variances)
            if (variance < 0)
                throw Error("a variance is below 0");
    return model;
}

}  // namespace

void save_noise(const NoiseModel& model, const std::filesystem::path& file)
{
    const Json json{{"variance_floor", model.variance_floor},
                    {"variance_slope", model.variance_slope},
                    {"kernel", model.kernel},
                    {"colour", model.colour}};
    write_file_atomically(file, json.dump(1) + "\n");
}

NoiseModel load_noise(const std::filesystem::path& file)
{
    const std::string text = read_text_file(file);
    try {
        return parse(text);
    } catch (const Error& error) {
        throw Error(fmt::format("'{}' is not a noise model: {}; delete it, and it is measured again",
                                file.string(), error.what()));
    }
}

}  // namespace platefall::grain
