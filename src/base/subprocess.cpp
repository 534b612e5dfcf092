#include "base/subprocess.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace platefall {
namespace {

constexpr std::size_t kKeptErrors = 2048;   // bytes

struct Pipe {
    Pipe()
    {
        std::array<int, 2> ends{};
        // Close-on-exec, or another child would hold this one's input open.
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw Error(fmt::format("cannot open a pipe: {}", std::strerror(errno)));
        read = ends[0];
        write = ends[1];
    }
    ~Pipe()
    {
        close(read);
        close(write);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    static void close(int& end)
    {
        if (end >= 0)
            ::close(std::exchange(end, -1));
    }

    int read = -1, write = -1;
};

/// Makes a write to a closed pipe an error instead of the death of the process, on this thread only: a library
/// must not change what a signal means for the whole program.
class PipeSignalHeldBack {
public:
    PipeSignalHeldBack()
    {
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~PipeSignalHeldBack()
    {
        const timespec at_once{};
        if (!was_pending_)
            while (::sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
            }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    PipeSignalHeldBack(const PipeSignalHeldBack&) = delete;
    PipeSignalHeldBack& operator=(const PipeSignalHeldBack&) = delete;

private:
    sigset_t pipe_{}, before_{};
    bool was_pending_ = false;
};

/// read(2), again after a signal.
ssize_t read_some(int descriptor, void* into, std::size_t size)
{
    for (;;) {
        const ssize_t got = ::read(descriptor, into, size);
        if (got >= 0 || errno != EINTR)
            return got;
    }
}

/// What the child needs between fork and exec, where only what is safe in a signal handler may be called.
struct Start {
    const char* program;
    char* const* arguments;
    const char* folder;         ///< nullptr: where we are
    pid_t parent;
    int input, output, errors;
    int failed;                 ///< brings errno to the parent
};

[[noreturn]] void become(const Start& start)
{
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);   // what we ignore, the child would ignore too
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before prctl.
    if (::getppid() == start.parent && (!start.folder || ::chdir(start.folder) == 0)
        && ::dup2(start.input, STDIN_FILENO) >= 0 && ::dup2(start.output, STDOUT_FILENO) >= 0
        && ::dup2(start.errors, STDERR_FILENO) >= 0)
        ::execv(start.program, start.arguments);
    const int reason = errno;
    [[maybe_unused]] const auto written = ::write(start.failed, &reason, sizeof reason);
    ::_exit(127);
}

std::string describe_exit(const siginfo_t& end)
{
    if (end.si_code == CLD_EXITED)
        return fmt::format("failed with exit code {}", end.si_status);
    return fmt::format("was ended by signal {} ({})", end.si_status, ::strsignal(end.si_status));
}

}  // namespace

struct Subprocess::Child {
    Child(const std::vector<std::string>& arguments, SubprocessOptions options);
    ~Child();

    void start(const std::string& program, const std::vector<std::string>& arguments);
    void listen();
    void hear(std::string_view text);
    siginfo_t reap();
    [[noreturn]] void fail(const std::string& what) const;

    std::string name;
    SubprocessOptions options;
    Pipe input, output, errors;
    pid_t process = -1;
    std::string unfinished_line;
    std::string last_errors;    ///< read only when `keeper` has ended

    /// Starts the child, listens to it, and lives as long as it does: Linux ties a child's life to the thread that made it.
    std::thread keeper;
};

Subprocess::Child::Child(const std::vector<std::string>& arguments, SubprocessOptions given)
    : name(arguments.at(0)), options(std::move(given))
{
    const std::string program = find_program(name);
    if (program.empty())
        throw Error(fmt::format("cannot start '{}': no such program in PATH; install it", name));
    std::promise<void> promise;
    std::future<void> started = promise.get_future();
    keeper = std::thread([this, program, arguments, promise = std::move(promise)]() mutable {
        try {
            start(program, arguments);
        } catch (...) {
            promise.set_exception(std::current_exception());
            return;
        }
        promise.set_value();
        listen();
    });
    try {
        started.get();
    } catch (...) {
        keeper.join();
        throw;
    }
}

void Subprocess::Child::start(const std::string& program, const std::vector<std::string>& arguments)
{
    std::vector<char*> raw;
    for (const std::string& argument : arguments)
        raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    if (!options.on_line) {
        Pipe::close(output.write);
        output.write = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    }

    Pipe failed;
    const Start here{.program = program.c_str(),
                     .arguments = raw.data(),
                     .folder = options.folder.empty() ? nullptr : options.folder.c_str(),
                     .parent = ::getpid(),
                     .input = input.read,
                     .output = output.write,
                     .errors = errors.write,
                     .failed = failed.write};
    process = ::fork();
    if (process == 0)
        become(here);
    if (process < 0)
        throw Error(fmt::format("cannot start '{}': {}", program, std::strerror(errno)));

    // Nothing comes through when exec succeeds, since it closes the pipe.
    Pipe::close(input.read);
    Pipe::close(output.write);
    Pipe::close(errors.write);
    Pipe::close(failed.write);
    if (int reason = 0; read_some(failed.read, &reason, sizeof reason) > 0) {
        ::waitpid(std::exchange(process, -1), nullptr, 0);
        throw Error(fmt::format("cannot start '{}': {}", program, std::strerror(reason)));
    }
}

Subprocess::Child::~Child()
{
    if (process > 0) {
        ::kill(-process, SIGKILL);
        reap();
    }
}

/// Waits for the end, ends whatever the child left behind in its group, which could hold its streams open for
/// ever, and lets go of it.
siginfo_t Subprocess::Child::reap()
{
    Pipe::close(input.write);
    siginfo_t end{};
    while (::waitid(P_PID, static_cast<id_t>(process), &end, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    ::kill(-process, SIGKILL);
    if (keeper.joinable())
        keeper.join();
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
    process = -1;
    return end;
}

/// Until the child has closed both of its streams and has ended.
void Subprocess::Child::listen()
{
    std::array<char, 65536> block;
    std::array<pollfd, 2> streams{{{output.read, POLLIN, 0}, {errors.read, POLLIN, 0}}};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        if (::poll(streams.data(), streams.size(), -1) < 0)
            continue;
        for (pollfd& stream : streams) {
            if (stream.fd < 0 || stream.revents == 0)
                continue;
            const ssize_t size = read_some(stream.fd, block.data(), block.size());
            const bool is_output = stream.fd == output.read;
            if (size <= 0) {
                stream.fd = -1;   // poll passes over it
                if (is_output)
                    hear({});
            } else if (is_output) {
                hear({block.data(), static_cast<std::size_t>(size)});
            } else {
                last_errors.append(block.data(), static_cast<std::size_t>(size));
                if (last_errors.size() > kKeptErrors)
                    last_errors.erase(0, last_errors.size() - kKeptErrors);
            }
        }
    }
    siginfo_t end{};
    while (::waitid(P_PID, static_cast<id_t>(process), &end, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
}

/// Passes whole lines on; no text is the end of the stream.
void Subprocess::Child::hear(std::string_view text)
{
    if (!options.on_line)
        return;
    if (text.empty()) {
        if (!unfinished_line.empty())
            options.on_line(std::exchange(unfinished_line, {}));
        if (options.on_end)
            options.on_end();
        return;
    }
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
        options.on_line(std::exchange(unfinished_line, {}) + std::string(text.substr(0, end)));
    unfinished_line += text;
}

void Subprocess::Child::fail(const std::string& what) const
{
    std::string message = fmt::format("'{}' {}", name, what);
    std::istringstream lines(last_errors);
    for (std::string line; std::getline(lines, line);)
        message += "\n    " + line;
    throw Error(message);
}

Subprocess::Subprocess(const std::vector<std::string>& arguments, SubprocessOptions options)
    : child_(std::make_unique<Child>(arguments, std::move(options)))
{
}
Subprocess::~Subprocess() = default;

void Subprocess::write(std::span<const std::byte> bytes)
{
    const PipeSignalHeldBack held_back;
    if (child_->process < 0)
        throw Error(fmt::format("'{}' has ended", child_->name));
    while (!bytes.empty()) {
        const ssize_t written = ::write(child_->input.write, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            const int reason = errno;
            child_->reap();
            child_->fail(fmt::format("stopped reading its input: {}", std::strerror(reason)));
        }
    }
}

void Subprocess::close_input() noexcept
{
    Pipe::close(child_->input.write);
}

void Subprocess::signal(int number) const noexcept
{
    if (child_->process > 0)
        ::kill(-child_->process, number);
}

bool Subprocess::wait(std::chrono::milliseconds at_most) const
{
    const auto end = std::chrono::steady_clock::now() + at_most;
    for (;;) {
        siginfo_t state{};
        if (child_->process < 0
            || (::waitid(P_PID, static_cast<id_t>(child_->process), &state, WEXITED | WNOWAIT | WNOHANG) == 0
                && state.si_pid != 0))
            return true;
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void Subprocess::finish()
{
    if (child_->process < 0)
        throw std::logic_error("a child that has ended is waited for again");
    const siginfo_t end = child_->reap();
    if (end.si_code != CLD_EXITED || end.si_status != 0)
        child_->fail(describe_exit(end));
}

std::string find_program(const std::string& name)
{
    const auto is_program = [](const std::filesystem::path& path) {
        std::error_code ignored;
        return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
    };
    if (name.find('/') != std::string::npos)
        return is_program(name) ? name : "";
    const char* variable = std::getenv("PATH");
    std::istringstream folders(variable != nullptr ? variable : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::filesystem::path candidate = std::filesystem::path(folder.empty() ? "." : folder) / name;
        if (is_program(candidate))
            return candidate.string();
    }
    return "";
}

}  // namespace platefall
