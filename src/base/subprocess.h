/// Runs another program and feeds its standard input.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace platefall {

/// A running child. It is killed, with what it started, when this object dies before finish(), and when our
/// process dies. (Linux ties the latter to the thread that started it, which must live as long as the child.)
/// Ctrl-C does not reach it; its stdout is thrown away.
class Subprocess {
public:
    /// Starts `arguments[0]`, looked up in PATH. Throws Error naming it when it cannot be started.
    explicit Subprocess(const std::vector<std::string>& arguments);
    ~Subprocess();
    Subprocess(const Subprocess&) = delete;
    Subprocess& operator=(const Subprocess&) = delete;

    /// Throws Error, with the end of what the child wrote to stderr, when it no longer reads.
    void write(std::span<const std::byte> bytes);

    /// Closes its input and waits. Throws Error, with the end of its stderr, unless it exits with 0.
    void finish();

private:
    struct Child;
    std::unique_ptr<Child> child_;
};

/// Where the program is found in PATH; "" when it is not. A name with a '/' is taken as it is.
std::string find_program(const std::string& name);

}  // namespace platefall
