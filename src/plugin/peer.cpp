#include "plugin/peer.h"

#include "base/log.h"
#include "base/stop.h"

#include <fmt/format.h>

#include <csignal>
#include <span>
#include <utility>

namespace platefall::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{50};       // how often a waiting thread looks whether it is to stop
constexpr milliseconds kGrace{1000};    // what a process has after it was asked to stop, and again after TERM

/// Lets others at the lock for as long as it lives.
class Unlocked {
public:
    explicit Unlocked(std::unique_lock<std::mutex>& lock) : lock_(lock) { lock_.unlock(); }
    ~Unlocked() { lock_.lock(); }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;

private:
    std::unique_lock<std::mutex>& lock_;
};

}  // namespace

Peer::Peer(Start start) : start_(std::move(start)) {}

/// It sees the end of its input, and has a moment to put its things away.
Peer::~Peer()
{
    if (child_) {
        child_->close_input();
        child_->wait(kGrace);
        child_.reset();
    }
}

void Peer::set_at_once(int count)
{
    const Lock lock(mutex_);
    at_once_ = count;
    changed_.notify_all();
}

Json Peer::ask(Json question, const Listener& listener)
{
    Lock lock(mutex_);
    wait_for_turn(lock);
    struct Turn {
        Peer& peer;
        ~Turn()
        {
            --peer.running_;
            peer.changed_.notify_all();
        }
    } const turn{*this};
    if (child_ && ended_ && calls_.empty())
        let_go(lock);
    if (!child_)
        start(lock);
    return converse(lock, std::move(question), listener);
}

Json Peer::tell(Json question)
{
    Json answer = ask(question);
    const Lock lock(mutex_);
    opening_.push_back(std::move(question));
    return answer;
}

void Peer::wait_for_turn(Lock& lock)
{
    while (running_ >= at_once_ || replacing_) {
        check_stop();
        changed_.wait_for(lock, kLook);
    }
    ++running_;
}

/// It ended while nobody asked it anything, which is no fault of the frame that comes next.
void Peer::let_go(Lock& lock)
{
    std::shared_ptr<Subprocess> child = std::move(child_);
    const Unlocked unlocked(lock);
    const std::lock_guard alone(sending_);
    child.reset();
}

void Peer::start(Lock& lock)
{
    struct Replacing {
        Peer& peer;
        explicit Replacing(Peer& p) : peer(p) { peer.replacing_ = true; }
        ~Replacing()
        {
            peer.replacing_ = false;
            peer.changed_.notify_all();
        }
    } const replacing{*this};
    ended_ = false;
    const std::int64_t run = ++run_;
    const auto note_end = [this, run] {
        const Lock inner(mutex_);
        ended_ = ended_ || run_ == run;
        changed_.notify_all();
    };
    child_ = std::make_shared<Subprocess>(
        start_.arguments, SubprocessOptions{.folder = start_.folder,
                                            .on_line = [this](std::string line) { hear(line); },
                                            .on_end = note_end});
    for (const Json& question : opening_)
        converse(lock, question, {});
}

/// A process that no longer reads is dead to us, whatever it still does.
void Peer::send(Lock& lock, const Json& message)
{
    const std::string line = line_of(message);
    const std::int64_t run = run_;
    std::shared_ptr<Subprocess> child = child_;
    const Subprocess* const which = child.get();
    if (child) {
        std::string failure;
        {
            const Unlocked unlocked(lock);
            const std::lock_guard alone(sending_);
            try {
                child->write(std::as_bytes(std::span(line)));
            } catch (const Error& error) {
                failure = error.what();
            }
            child.reset();   // if it is the last one, its end is waited for here
        }
        if (!failure.empty() && child_.get() == which) {
            child_.reset();
            last_words_ = failure;
            changed_.notify_all();
        }
    }
    if (!which || child_.get() != which || run_ != run)
        refuse_dead(lock, run);
}

Json Peer::converse(Lock& lock, Json question, const Listener& listener)
{
    const std::int64_t id = next_id_++;
    question["id"] = id;
    Call& call = calls_[id];
    struct Forget {
        Peer& peer;
        std::int64_t id;
        ~Forget() { peer.calls_.erase(id); }
    } const forget{*this, id};
    call.heard = steady_clock::now();
    send(lock, question);
    return wait_for_answer(lock, id, call, listener);
}

Json Peer::wait_for_answer(Lock& lock, std::int64_t id, Call& call, const Listener& listener)
{
    const std::int64_t run = run_;
    const auto limit = std::chrono::duration<double>(start_.time_limit_s);
    for (;;) {
        while (call.said.empty()) {
            if (stop_signal())
                stop(lock);
            if (ended_ || run_ != run || !child_)
                refuse_dead(lock, run);
            if (steady_clock::now() - call.heard > limit)
                refuse_silent(lock);
            changed_.wait_for(lock, kLook);
        }
        const Json said = std::move(call.said.front());
        call.said.pop_front();
        if (!said.contains("progress") && !said.contains("wish"))
            return said;
        const Json reply = listen(lock, said, listener);
        if (said.contains("wish") && !ended_ && run_ == run) {
            send(lock, {{"reply", id}, {"to", said["wish"]}, {"with", reply}});
            call.heard = steady_clock::now();
        }
    }
}

/// Passes on what is said before the answer. A wish that cannot be granted is answered with the reason.
Json Peer::listen(Lock& lock, const Json& said, const Listener& listener)
{
    try {
        const Unlocked unlocked(lock);
        if (said.contains("wish"))
            return listener.wish ? listener.wish(said["wish"]) : Json{{"error", "nothing can be wished for here"}};
        if (listener.progress)
            listener.progress(said.value("progress", 0.0), said.value("doing", ""));
        return {};
    } catch (const Interrupted&) {
        stop(lock);
    } catch (const Error& error) {
        return {{"error", error.what()}};
    }
}

/// Called by the thread that listens. What is no message is something that was printed.
void Peer::hear(const std::string& line)
try {
    const Json said = Json::parse(line, nullptr, false);
    if (!said.is_object()) {
        if (!line.empty())
            log_detail(fmt::format("{}: {}", start_.name, line));
        return;
    }
    if (said.contains("log"))
        log_detail(fmt::format("{}: {}", start_.name, said.value("log", "")));
    const Lock lock(mutex_);
    const auto call = calls_.find(said.value("id", std::int64_t{0}));
    if (call == calls_.end())
        return;
    call->second.heard = steady_clock::now();
    if (!said.contains("log")) {
        call->second.said.push_back(said);
        changed_.notify_all();
    }
} catch (const Json::exception& error) {
    log_warning(fmt::format("{}: what it said is not understood ({}): {}", start_.name, error.what(), line));
}

/// The first to see that a process has ended finds out why; the others are told the same.
void Peer::refuse_dead(Lock& lock, std::int64_t run)
{
    if (child_ && run_ == run) {
        replacing_ = true;
        const std::shared_ptr<Subprocess> child = std::move(child_);
        std::string words;
        {
            const Unlocked unlocked(lock);
            const std::lock_guard alone(sending_);
            words = end_of(*child);
        }
        last_words_ = std::move(words);
        replacing_ = false;
        changed_.notify_all();
    }
    while (replacing_)
        changed_.wait_for(lock, kLook);
    throw Error(fmt::format("stage '{}' died: {}", start_.name, last_words_));
}

std::string Peer::end_of(Subprocess& child) const
{
    if (!child.wait(kGrace))
        child.signal(SIGKILL);   // it has closed its output, and is of no more use
    try {
        child.finish();
    } catch (const Error& error) {
        return error.what();
    }
    return fmt::format("'{}' ended without an answer", start_.arguments.front());
}

void Peer::refuse_silent(Lock& lock)
{
    last_words_ = fmt::format("it was ended because it said nothing for {} s", start_.time_limit_s);
    ++run_;
    changed_.notify_all();
    {
        std::shared_ptr<Subprocess> child = std::move(child_);
        const Unlocked unlocked(lock);
        const std::lock_guard alone(sending_);
        child.reset();
    }
    throw Error(fmt::format("stage '{}' said nothing for {} s and was ended; if it needs longer, raise its time_limit or "
                            "let it report progress",
                            start_.name, start_.time_limit_s));
}

void Peer::stop(Lock& lock)
{
    ++run_;
    changed_.notify_all();
    {
        std::shared_ptr<Subprocess> child = std::move(child_);
        const Unlocked unlocked(lock);
        const std::lock_guard alone(sending_);
        if (child) {
            const std::string line = line_of({{"do", "stop"}});
            try {
                child->write(std::as_bytes(std::span(line)));
            } catch (const Error&) {
                // It is gone already.
            }
            if (!child->wait(kGrace)) {
                child->signal(SIGTERM);
                child->wait(kGrace);
            }
            child.reset();
        }
    }
    throw Interrupted();
}

}  // namespace platefall::plugin
