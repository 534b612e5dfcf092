#include "plugin/plugin_call.h"

#include <fmt/format.h>

#include <exception>

namespace platefall::plugin {
namespace {

void set_failure(pf_call* call, const char* param, const std::string& message)
{
    const std::lock_guard lock(call->mutex);
    call->failure = message;
    call->blamed = param ? param : "";
}

/// The value of a parameter; a mistake in the plug-in's own code shows as the call's failure, and as a null value.
const Json& param_of(pf_call* call, const char* name)
{
    static const Json nothing;
    const auto found = call->params.find(name);
    if (found == call->params.end()) {
        set_failure(call, nullptr, fmt::format("it asks for parameter '{}', which it did not declare or which was not given",
                                               name));
        return nothing;
    }
    return *found;
}

int host_has(pf_call* call, const char* name)
{
    return call->params.contains(name) ? 1 : 0;
}

int host_flag(pf_call* call, const char* name)
{
    const Json& value = param_of(call, name);
    return value.is_boolean() && value.get<bool>() ? 1 : 0;
}

std::int64_t host_integer(pf_call* call, const char* name)
{
    const Json& value = param_of(call, name);
    return value.is_number() ? value.get<std::int64_t>() : 0;
}

double host_number(pf_call* call, const char* name)
{
    const Json& value = param_of(call, name);
    return value.is_number() ? value.get<double>() : 0.0;
}

const char* host_text(pf_call* call, const char* name)
{
    const Json& value = param_of(call, name);
    return value.is_string() ? value.get_ref<const std::string&>().c_str() : "";
}

std::size_t host_count(pf_call* call, const char* name)
{
    const Json& value = param_of(call, name);
    return value.is_array() ? value.size() : 0;
}

const double* host_numbers(pf_call* call, const char* name)
{
    std::vector<double>& numbers = call->numbers[name];
    const Json& value = param_of(call, name);
    numbers.clear();
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
        numbers.push_back(value[i].is_number() ? value[i].get<double>() : 0.0);
    return numbers.data();
}

const char* const* host_texts(pf_call* call, const char* name)
{
    std::vector<const char*>& texts = call->texts[name];
    const Json& value = param_of(call, name);
    texts.clear();
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
        texts.push_back(value[i].is_string() ? value[i].get_ref<const std::string&>().c_str() : "");
    return texts.data();
}

const pf_shot* host_shot(pf_call* call)
{
    return &call->shot;
}

void host_reads(pf_call* call, const char* layer, int optional)
{
    call->configuration.reads.push_back({layer, {}, optional != 0});
}

void host_writes(pf_call* call, const char* layer)
{
    call->configuration.writes.emplace_back(layer);
}

void host_prepares(pf_call* call, const std::int32_t* frames, std::size_t count)
{
    call->configuration.prepares = true;
    call->configuration.prepare_frames.assign(frames, frames + count);
}

const pf_image* host_layer(pf_call* call, const char* name)
try {
    const std::lock_guard lock(call->mutex);
    const auto path = call->layers.find(name);
    if (path == call->layers.end())
        return nullptr;
    std::unique_ptr<Layer>& layer = call->read[name];
    if (!layer)
        layer = std::make_unique<Layer>(MappedImage::open(path->get<std::string>()));
    return &layer->view;
} catch (const std::exception& error) {
    set_failure(call, nullptr, fmt::format("layer '{}': {}", name, error.what()));
    return nullptr;
}

pf_image* host_add(pf_call* call, const char* name, const pf_window* data, const pf_window* display,
                   std::uint32_t channel_count, const char* const* channels)
try {
    const std::lock_guard lock(call->mutex);
    const auto path = call->write.find(name);
    if (path == call->write.end())
        throw Error("it adds a layer that it did not declare with writes()");
    const ImageShape shape{.data = {data->x0, data->y0, data->x1, data->y1},
                           .display = {display->x0, display->y0, display->x1, display->y1},
                           .channels = {channels, channels + channel_count},
                           .numbers = {}};
    std::unique_ptr<Layer>& layer = call->written[name];
    layer = std::make_unique<Layer>(MappedImage::make(path->get<std::string>(), shape));
    return &layer->view;
} catch (const std::exception& error) {
    set_failure(call, nullptr, fmt::format("layer '{}': {}", name, error.what()));
    return nullptr;
}

int host_frame(pf_call* call, std::int32_t number)
try {
    const Json reply = call->speaker->wish(call->id, {{"frame", number}});
    if (reply.contains("error")) {
        set_failure(call, nullptr, reply.value("error", ""));
        return 0;
    }
    const std::lock_guard lock(call->mutex);
    call->read.clear();
    call->layers = reply.at("layers");
    return 1;
} catch (const std::exception& error) {
    set_failure(call, nullptr, error.what());
    return 0;
}

void host_fail(pf_call* call, const char* param, const char* message)
{
    set_failure(call, param, message);
}

void host_warn(pf_call* call, const char* message)
{
    const std::lock_guard lock(call->mutex);
    call->warnings.emplace_back(message);
}

void host_log(pf_call* call, const char* message)
{
    call->speaker->say({{"id", call->id}, {"log", message}});
}

int host_progress(pf_call* call, double fraction, const char* doing)
{
    call->speaker->say({{"id", call->id}, {"progress", fraction}, {"doing", doing ? doing : ""}});
    return call->speaker->stopping() ? 1 : 0;
}

constexpr pf_host kHost{.size = sizeof(pf_host),
                        .has = host_has,
                        .flag = host_flag,
                        .integer = host_integer,
                        .number = host_number,
                        .text = host_text,
                        .count = host_count,
                        .numbers = host_numbers,
                        .texts = host_texts,
                        .shot = host_shot,
                        .reads = host_reads,
                        .writes = host_writes,
                        .prepares = host_prepares,
                        .layer = host_layer,
                        .add = host_add,
                        .frame = host_frame,
                        .fail = host_fail,
                        .warn = host_warn,
                        .log = host_log,
                        .progress = host_progress};

}  // namespace

const pf_host& host_functions()
{
    return kHost;
}

}  // namespace platefall::plugin
