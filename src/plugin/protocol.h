/// What the two sides say to each other, as JSON; docs/stage_protocol.md is the same in words.
#pragma once

#include <platefall/stage.h>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace platefall::plugin {

using Json = nlohmann::json;

inline constexpr int kProtocolVersion = 1;

/// How the pixels travel.
enum class Pictures {
    memory,   ///< shared_image.h
    exr       ///< EXR files in a folder of temporaries, for those that cannot map memory
};

/// What a stage says of itself before it knows its parameters.
struct Description {
    std::string summary;
    int version = 1;
    ParamSpecs params;
    Pictures pictures = Pictures::memory;
    int at_once = 1;   ///< how many frames it takes at once
};

/// Throws Error saying what is wrong with it. Every fallback passes the parameter's own check.
Description description_from(const Json& answer);

/// What it says once it knows them.
struct Configuration {
    std::vector<LayerUse::Read> reads;
    std::vector<std::string> writes;
    bool prepares = false;
    std::vector<int> prepare_frames;
};

/// Throws Error: no or wrong layer names, a layer written twice.
Configuration configuration_from(const Json& answer);
Json configuration_json(const Configuration& configuration);

/// The checked values of those that are there.
Json params_json(const Params& params, const ParamSpecs& specs);

Json shot_json(const ShotInfo& shot);
Json window_json(const Window& window);   ///< x0, y0, x1, y1

/// The window under that key. Throws Error when it is none, or larger than any picture.
Window window_from(const Json& object, const char* key);

Json camera_json(const Camera& camera);

/// A line of text of which nothing that is printed can break the protocol.
std::string line_of(const Json& message);

}  // namespace platefall::plugin
