/// Runs another program, feeds its standard input and hears what it says.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace platefall {

struct SubprocessOptions {
    std::filesystem::path folder{};   ///< where it runs; empty: where we run

    /// Called with each line of its stdout, without the line's end, from a thread of ours; throws nothing. Empty: stdout
    /// is thrown away.
    std::function<void(std::string line)> on_line{};

    /// Called from that thread when the child has closed its stdout: no further line will come.
    std::function<void()> on_end{};
};

/// A running child, in a process group of its own. It is killed, with what it started, when this object dies before
/// finish(), and when our process dies. Ctrl-C does not reach it.
class Subprocess {
public:
    /// Starts `arguments[0]`, looked up in PATH. Throws Error naming it when it cannot be started.
    explicit Subprocess(const std::vector<std::string>& arguments, SubprocessOptions options = {});
    ~Subprocess();
    Subprocess(const Subprocess&) = delete;
    Subprocess& operator=(const Subprocess&) = delete;

    /// Throws Error, with the end of what the child wrote to stderr, when it no longer reads.
    void write(std::span<const std::byte> bytes);

    /// No more will be written: it reads the end of its input.
    void close_input() noexcept;

    /// Passes a signal on to the child and what it started.
    void signal(int number) const noexcept;

    /// Waits for its end, at most so long. False when it is still running.
    bool wait(std::chrono::milliseconds at_most) const;

    /// Closes its input and waits. Throws Error, with the end of its stderr, unless it exits with 0.
    void finish();

private:
    struct Child;
    std::unique_ptr<Child> child_;
};

/// Where the program is found in PATH; "" when it is not. A name with a '/' is taken as it is.
std::string find_program(const std::string& name);

}  // namespace platefall
