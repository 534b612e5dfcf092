#include "base/subprocess.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <thread>
#include <utility>

#include <fcntl.h>
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

/// In the child between fork and exec, where only what is safe in a signal handler may be called. `failed`
/// brings errno to the parent.
[[noreturn]] void become(const char* program, char* const* arguments, pid_t parent, int input, int errors, int failed)
{
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);   // what we ignore, the child would ignore too
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    // The parent may have died before prctl.
    if (::getppid() == parent && nowhere >= 0 && ::dup2(input, STDIN_FILENO) >= 0
        && ::dup2(nowhere, STDOUT_FILENO) >= 0 && ::dup2(errors, STDERR_FILENO) >= 0)
        ::execv(program, arguments);
    const int reason = errno;
    [[maybe_unused]] const auto written = ::write(failed, &reason, sizeof reason);
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
    explicit Child(const std::vector<std::string>& arguments);
    ~Child();

    siginfo_t reap();
    void collect_errors();
    [[noreturn]] void fail(const std::string& what) const;

    std::string name;
    Pipe input, errors;
    pid_t process = -1;
    std::string last_errors;    ///< read only when `collector` has ended
    std::thread collector;
};

Subprocess::Child::Child(const std::vector<std::string>& arguments) : name(arguments.at(0))
{
    const std::string program = find_program(name);
    if (program.empty())
        throw Error(fmt::format("cannot start '{}': no such program in PATH; install it", name));
    std::vector<char*> raw;
    for (const std::string& argument : arguments)
        raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);

    Pipe failed;
    const pid_t parent = ::getpid();
    process = ::fork();
    if (process == 0)
        become(program.c_str(), raw.data(), parent, input.read, errors.write, failed.write);
    if (process < 0)
        throw Error(fmt::format("cannot start '{}': {}", program, std::strerror(errno)));

    // Nothing comes through when exec succeeds, since it closes the pipe.
    Pipe::close(input.read);
    Pipe::close(errors.write);
    Pipe::close(failed.write);
    if (int reason = 0; read_some(failed.read, &reason, sizeof reason) > 0) {
        ::waitpid(process, nullptr, 0);
        throw Error(fmt::format("cannot start '{}': {}", program, std::strerror(reason)));
    }
    collector = std::thread([this] { collect_errors(); });
}

Subprocess::Child::~Child()
{
    if (process > 0) {
        ::kill(-process, SIGKILL);
        reap();
    }
}

/// Waits for the end, ends whatever the child left behind in its group, which could hold its stderr open for
/// ever, and lets go of it.
siginfo_t Subprocess::Child::reap()
{
    Pipe::close(input.write);
    siginfo_t end{};
    while (::waitid(P_PID, static_cast<id_t>(process), &end, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    ::kill(-process, SIGKILL);
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
    process = -1;
    if (collector.joinable())
        collector.join();
    return end;
}

void Subprocess::Child::collect_errors()
{
    std::array<char, 4096> block;
    ssize_t size = 0;
    while ((size = read_some(errors.read, block.data(), block.size())) > 0) {
        last_errors.append(block.data(), static_cast<std::size_t>(size));
        if (last_errors.size() > kKeptErrors)
            last_errors.erase(0, last_errors.size() - kKeptErrors);
    }
}

void Subprocess::Child::fail(const std::string& what) const
{
    std::string message = fmt::format("'{}' {}", name, what);
    std::istringstream lines(last_errors);
    for (std::string line; std::getline(lines, line);)
        message += "\n    " + line;
    throw Error(message);
}

Subprocess::Subprocess(const std::vector<std::string>& arguments) : child_(std::make_unique<Child>(arguments)) {}
Subprocess::~Subprocess() = default;

void Subprocess::write(std::span<const std::byte> bytes)
{
    const PipeSignalHeldBack held_back;
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

void Subprocess::finish()
{
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
