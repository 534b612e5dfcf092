/// One call of one of a plug-in's functions: what it may ask for, and what it says.
#pragma once

#include "plugin/protocol.h"
#include "plugin/shared_image.h"

#include <platefall/stage_abi.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace platefall::plugin {

/// Our side of the conversation with platefall.
class Speaker {
public:
    virtual ~Speaker() = default;
    virtual void say(const Json& message) = 0;
    virtual Json wish(std::int64_t id, const Json& wanted) = 0;   ///< waits for what is wished for, {"error": …} if it cannot be had
    virtual bool stopping() const = 0;
};

/// A layer as a plug-in sees it.
struct Layer {
    explicit Layer(MappedImage mapped) : image(std::move(mapped))
    {
        const ImageShape& shape = image.shape();
        for (const std::string& channel : shape.channels)
            names.push_back(channel.c_str());
        const auto channels = static_cast<std::ptrdiff_t>(names.size());
        view = {.data = window(shape.data),
                .display = window(shape.display),
                .pixels = image.samples(),
                .row_stride = channels * shape.data.width(),
                .pixel_stride = channels,
                .channel_stride = 1,
                .channel_count = static_cast<std::uint32_t>(names.size()),
                .channels = names.data()};
    }
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    static pf_window window(const Window& w) { return {w.x0, w.y0, w.x1, w.y1}; }

    MappedImage image;
    std::vector<const char*> names;
    pf_image view{};
};

}  // namespace platefall::plugin

/// One call of one of the stage's functions: what it may ask for, and what it has said.
struct pf_call {
    platefall::plugin::Speaker* speaker = nullptr;
    std::int64_t id = 0;

    // While it is created, and as long as the stage lives.
    platefall::plugin::Json params;
    std::string shot_name, shot_colorspace;
    pf_shot shot{};
    std::map<std::string, std::vector<double>> numbers;
    std::map<std::string, std::vector<const char*>> texts;
    platefall::plugin::Configuration configuration;

    // While it works on a frame.
    platefall::plugin::Json layers = platefall::plugin::Json::object(), write = platefall::plugin::Json::object();
    std::map<std::string, std::unique_ptr<platefall::plugin::Layer>> read, written;

    std::mutex mutex;
    std::string failure, blamed;
    std::vector<std::string> warnings;
};

namespace platefall::plugin {

/// The functions that a plug-in calls. No exception leaves them: the plug-in may be C.
const pf_host& host_functions();

}  // namespace platefall::plugin
