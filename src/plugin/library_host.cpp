#include "plugin/library_host.h"

#include "base/machine.h"
#include "plugin/plugin_call.h"

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

constexpr std::array kTypeNames{"flag", "integer", "number", "text", "choice", "path", "numbers", "texts"};
constexpr int kVersionsLookedFor = 100;

class LibraryHost final : public Speaker {
public:
    LibraryHost(const std::filesystem::path& library, std::FILE* answers) : answers_(answers), stage_(load(library)) {}
    ~LibraryHost() override
    {
        if (instance_ && stage_->destroy)
            stage_->destroy(instance_);
    }
    LibraryHost(const LibraryHost&) = delete;
    LibraryHost& operator=(const LibraryHost&) = delete;

    void serve(std::istream& questions);

    void say(const Json& message) override
    {
        const std::string line = line_of(message);
        const std::lock_guard lock(mutex_);
        std::fwrite(line.data(), 1, line.size(), answers_);
        std::fflush(answers_);
    }

    Json wish(std::int64_t id, const Json& wanted) override;
    bool stopping() const override { return stopping_; }

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
    call.speaker = this;
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
                 .data = Layer::window(window_from(shot, "data_window")),
                 .display = Layer::window(window_from(shot, "display_window"))};
    Json answer = finish_call(call, [&] { return stage_->create(&host_functions(), &call, &instance_); });
    if (call.configuration.prepares && !stage_->prepare)
        return {{"error", "it says that it prepares, and has no prepare()"}};
    answer.update(configuration_json(call.configuration));
    return answer;
}

Json LibraryHost::prepare(const Json& question)
{
    pf_call call;
    call.speaker = this;
    call.id = question.at("id").get<std::int64_t>();
    const auto folder = question.at("folder").get<std::string>();
    const auto function = question.at("do") == "prepare" ? stage_->prepare : stage_->prepared;
    return finish_call(call, [&] { return function(instance_, &host_functions(), &call, folder.c_str()); });
}

Json LibraryHost::process(const Json& question)
{
    pf_call call;
    call.speaker = this;
    call.id = question.at("id").get<std::int64_t>();
    call.layers = question.at("layers");
    call.write = question.at("write");
    const auto frame = question.at("frame").get<std::int32_t>();
    return finish_call(call, [&] { return stage_->process(instance_, &host_functions(), &call, frame); });
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

Json LibraryHost::wish(std::int64_t id, const Json& wanted)
{
    say({{"id", id}, {"wish", wanted}});
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
