#include "plugin/library_host.h"

#include "base/machine.h"
#include "plugin/protocol.h"
#include "plugin/shared_image.h"

#include <platefall/stage_abi.h>
#include <platefall/version.h>

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <dlfcn.h>
#include <unistd.h>

namespace platefall::plugin {
namespace {

class LibraryHost;

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

Window window_from(const Json& numbers)
{
    return {numbers[0].get<int>(), numbers[1].get<int>(), numbers[2].get<int>(), numbers[3].get<int>()};
}

}  // namespace
}  // namespace platefall::plugin

/// One call of one of the stage's functions: what it may ask for, and what it has said.
struct pf_call {
    platefall::plugin::LibraryHost* host = nullptr;
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
namespace {

constexpr std::array kTypeNames{"flag", "integer", "number", "text", "choice", "path", "numbers", "texts"};
constexpr int kVersionsLookedFor = 100;

class LibraryHost {
public:
    LibraryHost(const std::filesystem::path& library, std::FILE* answers) : answers_(answers), stage_(load(library)) {}
    ~LibraryHost()
    {
        if (instance_ && stage_->destroy)
            stage_->destroy(instance_);
    }
    LibraryHost(const LibraryHost&) = delete;
    LibraryHost& operator=(const LibraryHost&) = delete;

    void serve(std::istream& questions);

    void say(Json message)
    {
        const std::string line = line_of(message);
        const std::lock_guard lock(mutex_);
        std::fwrite(line.data(), 1, line.size(), answers_);
        std::fflush(answers_);
    }

    /// What comes back when a call wishes for something.
    Json wish(std::int64_t id, Json wanted);

    bool stopping() const noexcept { return stopping_; }

private:
    static const pf_stage* load(const std::filesystem::path& library);
    Json describe() const;
    Json configure(const Json& question);
    Json prepare(const Json& question);
    Json process(const Json& question);
    Json answer(const Json& question);
    Json finish_call(pf_call& call, const std::function<int()>& function) const;
    void work();

    std::FILE* answers_;
    const pf_stage* stage_;
    std::unique_ptr<pf_call> creation_;
    void* instance_ = nullptr;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Json> waiting_;              ///< questions nobody has taken
    std::map<std::int64_t, Json> replies_;  ///< to wishes
    bool done_ = false;                     ///< no question will come
    std::atomic<bool> stopping_{false};
};

// What the plug-in calls. No exception may leave these: the plug-in may be C.

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
    const Json reply = call->host->wish(call->id, {{"frame", number}});
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
    call->host->say({{"id", call->id}, {"log", message}});
}

int host_progress(pf_call* call, double fraction, const char* doing)
{
    call->host->say({{"id", call->id}, {"progress", fraction}, {"doing", doing ? doing : ""}});
    return call->host->stopping() ? 1 : 0;
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

void refuse_other_versions(void* library, const std::filesystem::path& path)
{
    for (int version = 0; version < kVersionsLookedFor; ++version)
        if (::dlsym(library, fmt::format("platefall_stage_v{}", version).c_str()))
            throw Error(fmt::format("'{}' was built for version {} of platefall's plug-in interface, and platefall "
                                    PLATEFALL_VERSION " has version {}; build it again with this platefall's "
                                    "<platefall/stage_abi.h>",
                                    path.string(), version, PF_ABI_VERSION));
    throw Error(fmt::format("'{}' is not a plug-in of platefall: it does not export platefall_stage_v{}", path.string(),
                            PF_ABI_VERSION));
}

const pf_stage* LibraryHost::load(const std::filesystem::path& path)
{
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
        throw Error(fmt::format("cannot load the plug-in: {}", ::dlerror()));
    using Entry = const pf_stage* (*)();
    const auto entry = reinterpret_cast<Entry>(
        ::dlsym(library, fmt::format("platefall_stage_v{}", PF_ABI_VERSION).c_str()));
    if (!entry)
        refuse_other_versions(library, path);
    const pf_stage* stage = entry();
    if (!stage || stage->size < sizeof(pf_stage) || !stage->summary || !stage->create || !stage->process
        || (stage->param_count > 0 && !stage->params) || !stage->prepare != !stage->prepared)
        throw Error(fmt::format("'{}' describes its stage wrongly: its size, its summary, create(), process() and, both or "
                                "neither, prepare() and prepared() must be set",
                                path.string()));
    return stage;   // the library stays until the process ends
}

Json param_json(const pf_param& param)
{
    if (param.type < 0 || static_cast<std::size_t>(param.type) >= kTypeNames.size())
        throw Error(fmt::format("parameter '{}' has no type that there is: {}", param.name, static_cast<int>(param.type)));
    Json json{{"name", param.name},
              {"type", kTypeNames[static_cast<std::size_t>(param.type)]},
              {"help", param.help ? param.help : ""},
              {"unit", param.unit ? param.unit : ""},
              {"required", param.required != 0},
              {"length", param.length}};
    if (param.range)
        json["range"] = {param.range[0], param.range[1]};
    for (const char* const* choice = param.choices; choice && *choice; ++choice)
        json["choices"].push_back(*choice);
    if (param.fallback)
        try {
            json["default"] = Json::parse(param.fallback);
        } catch (const Json::exception&) {
            throw Error(fmt::format("parameter '{}': its fallback is not JSON: {}", param.name, param.fallback));
        }
    return json;
}

Json LibraryHost::describe() const
{
    Json params = Json::array();
    for (std::uint32_t i = 0; i < stage_->param_count; ++i)
        params.push_back(param_json(stage_->params[i]));
    return {{"protocol", kProtocolVersion},
            {"summary", stage_->summary},
            {"version", stage_->version},
            {"at_once", default_threads()},
            {"params", std::move(params)}};
}

/// Calls a function of the plug-in, and says what came of it.
Json LibraryHost::finish_call(pf_call& call, const std::function<int()>& function) const
{
    int status = 0;
    try {
        status = function();
    } catch (const std::exception& error) {
        return {{"error", fmt::format("it threw an exception: {}", error.what())}};
    } catch (...) {
        return {{"error", "it threw an exception"}};
    }
    if (!call.failure.empty())
        return {{"error", call.failure}, {"param", call.blamed}};
    if (status != 0)
        return {{"error", fmt::format("it returned {} and gave no reason", status)}};
    return {{"warnings", call.warnings}};
}

Json LibraryHost::configure(const Json& question)
{
    if (instance_ && stage_->destroy)
        stage_->destroy(std::exchange(instance_, nullptr));
    creation_ = std::make_unique<pf_call>();
    pf_call& call = *creation_;
    call.host = this;
    call.params = question.at("params");
    const Json& shot = question.at("shot");
    call.shot_name = shot.at("name").get<std::string>();
    call.shot_colorspace = shot.at("colorspace").get<std::string>();
    call.shot = {.name = call.shot_name.c_str(),
                 .colorspace = call.shot_colorspace.c_str(),
                 .fps = shot.at("fps").get<double>(),
                 .first = shot.at("first").get<std::int32_t>(),
                 .last = shot.at("last").get<std::int32_t>(),
                 .proxy = shot.at("proxy").get<std::int32_t>(),
                 .seed = shot.at("seed").get<std::uint64_t>(),
                 .data = Layer::window(window_from(shot.at("data_window"))),
                 .display = Layer::window(window_from(shot.at("display_window")))};
    Json answer = finish_call(call, [&] { return stage_->create(&kHost, &call, &instance_); });
    if (call.configuration.prepares && !stage_->prepare)
        return {{"error", "it says that it prepares, and has no prepare()"}};
    answer.update(configuration_json(call.configuration));
    return answer;
}

Json LibraryHost::prepare(const Json& question)
{
    pf_call call;
    call.host = this;
    call.id = question.at("id").get<std::int64_t>();
    const auto folder = question.at("folder").get<std::string>();
    const auto function = question.at("do") == "prepare" ? stage_->prepare : stage_->prepared;
    return finish_call(call, [&] { return function(instance_, &kHost, &call, folder.c_str()); });
}

Json LibraryHost::process(const Json& question)
{
    pf_call call;
    call.host = this;
    call.id = question.at("id").get<std::int64_t>();
    call.layers = question.at("layers");
    call.write = question.at("write");
    const auto frame = question.at("frame").get<std::int32_t>();
    return finish_call(call, [&] { return stage_->process(instance_, &kHost, &call, frame); });
}

Json LibraryHost::answer(const Json& question)
try {
    const auto what = question.at("do").get<std::string>();
    if (what == "describe")
        return describe();
    if (what == "configure")
        return configure(question);
    if (what == "prepare" || what == "prepared")
        return prepare(question);
    if (what == "process")
        return process(question);
    return {{"error", fmt::format("it does not know '{}'", what)}};
} catch (const std::exception& error) {
    return {{"error", error.what()}};
}

void LibraryHost::work()
{
    for (;;) {
        Json question;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return done_ || !waiting_.empty(); });
            if (waiting_.empty())
                return;
            question = std::move(waiting_.front());
            waiting_.pop_front();
        }
        Json said = answer(question);
        said["id"] = question.value("id", std::int64_t{0});
        say(std::move(said));
    }
}

Json LibraryHost::wish(std::int64_t id, Json wanted)
{
    say({{"id", id}, {"wish", std::move(wanted)}});
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_ || replies_.contains(id); });
    if (!replies_.contains(id))
        return {{"error", "the render is to stop"}};
    Json reply = std::move(replies_.at(id));
    replies_.erase(id);
    return reply;
}

void LibraryHost::serve(std::istream& questions)
{
    std::vector<std::jthread> workers;
    for (int i = 0; i < default_threads(); ++i)
        workers.emplace_back([this] { work(); });
    for (std::string line; std::getline(questions, line);) {
        const Json question = Json::parse(line, nullptr, false);
        if (!question.is_object())
            continue;
        if (question.value("do", "") == "stop")
            break;
        const std::lock_guard lock(mutex_);
        if (question.contains("reply"))
            replies_[question["reply"].get<std::int64_t>()] = question.value("with", Json::object());
        else
            waiting_.push_back(question);
        changed_.notify_all();
    }
    stopping_ = true;
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
}

/// The stream of answers, on a descriptor of its own: what is printed to stdout goes to stderr from now on.
std::FILE* take_stdout()
{
    const int own = ::dup(STDOUT_FILENO);
    std::FILE* answers = own >= 0 ? ::fdopen(own, "w") : nullptr;
    if (!answers || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        throw Error("cannot take hold of the standard output");
    return answers;
}

}  // namespace

std::vector<std::string> library_host_command(const std::filesystem::path& library)
{
    // By its name where it still has one, for the sake of messages.
    std::error_code gone;
    const std::filesystem::path self = "/proc/self/exe", name = std::filesystem::read_symlink(self, gone);
    return {(!gone && std::filesystem::exists(name, gone) ? name : self).string(), kLibraryHostCommand, library.string()};
}

int run_library_host(const std::filesystem::path& library)
{
    std::FILE* answers = take_stdout();
    try {
        LibraryHost(library, answers).serve(std::cin);
    } catch (const Error& error) {
        // Whatever was asked first, this is the answer.
        std::string question;
        std::getline(std::cin, question);
        const Json asked = Json::parse(question, nullptr, false);
        const std::string line =
            line_of({{"id", asked.is_object() ? asked.value("id", 0) : 0}, {"error", error.what()}});
        std::fwrite(line.data(), 1, line.size(), answers);
    }
    std::fclose(answers);
    return 0;
}

}  // namespace platefall::plugin
