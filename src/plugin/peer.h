/// The process in which a stage from outside lives: questions go to its standard input, answers come from its standard
/// output, a line of JSON each.
#pragma once

#include "base/subprocess.h"
#include "plugin/protocol.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace platefall::plugin {

/// What a process says while it works on a question.
struct Listener {
    std::function<void(double fraction, const std::string& doing)> progress{};
    std::function<Json(const Json& wish)> wish{};   ///< it needs something first: {"frame": 1003}
};

class Peer {
public:
    struct Start {
        std::string name;                     ///< of the stage, for messages: "exec:night.py"
        std::vector<std::string> arguments;   ///< the program and its arguments; no shell looks at them
        std::filesystem::path folder;         ///< where it runs
        double time_limit_s = 600;            ///< how long it may be silent while it works
    };

    explicit Peer(Start start);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    const std::string& name() const noexcept { return start_.name; }

    /// How many questions it takes at once; more wait. 1 before it is known.
    void set_at_once(int count);

    /// Asks and waits for the answer; starts the process when it is not running, after which it is asked first what it was
    /// told by tell(). Safe to call from many threads. Throws Error naming the stage: the process cannot be started, says no
    /// (its own words), ends (with the end of its stderr) or is silent for too long; after the last two the next question
    /// finds a fresh process. Throws Interrupted when the render is to stop, after the process was told and ended.
    Json ask(Json question, const Listener& listener = {});

    /// As ask(), and once more of every process that takes this one's place.
    Json tell(Json question);

private:
    struct Call {
        std::deque<Json> said;
        std::chrono::steady_clock::time_point heard;
    };
    using Lock = std::unique_lock<std::mutex>;

    void let_go(Lock& lock);
    void start(Lock& lock);
    void hear(const std::string& line);
    Json converse(Lock& lock, Json question, const Listener& listener);
    Json wait_for_answer(Lock& lock, std::int64_t id, Call& call, const Listener& listener);
    void wait_for_turn(Lock& lock);
    void send(Lock& lock, const Json& message);
    Json listen(Lock& lock, const Json& said, const Listener& listener);
    std::string end_of(Subprocess& child) const;
    [[noreturn]] void refuse_dead(Lock& lock, std::int64_t run);
    [[noreturn]] void refuse_silent(Lock& lock);
    [[noreturn]] void stop(Lock& lock);

    const Start start_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::mutex sending_;            ///< taken without the other one: the thread that listens needs that
    std::shared_ptr<Subprocess> child_;
    std::int64_t run_ = 0;          ///< which process this is, counted from 1
    bool ended_ = false;            ///< it has closed its output
    std::string last_words_;        ///< why the run before this one ended
    std::vector<Json> opening_;
    std::map<std::int64_t, Call> calls_;
    std::int64_t next_id_ = 1;
    int at_once_ = 1, running_ = 0;
    bool replacing_ = false;        ///< a process is being started, or asked why it ended
};

}  // namespace platefall::plugin
