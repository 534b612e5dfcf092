#include "support/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace platefall::test {
namespace fs = std::filesystem;
namespace {

std::string content(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string last_line_of(std::string text)
{
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    const auto start = text.rfind('\n');
    return start == std::string::npos ? text : text.substr(start + 1);
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const Surroundings& surroundings,
                         const fs::path& logs)
{
    const auto redirect = [&](const char* name, int to) {
        const int file = ::open((logs / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, to);
    };
    redirect("out", STDOUT_FILENO);
    redirect("err", STDERR_FILENO);
    for (const auto& [name, value] : surroundings.environment)
        value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
    if (surroundings.address_space != 0) {
        const rlimit limit{surroundings.address_space, surroundings.address_space};
        ::setrlimit(RLIMIT_AS, &limit);
    }
    std::vector<char*> words;
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (::chdir(surroundings.folder.c_str()) == 0)
        ::execvp(words[0], words.data());
    ::_exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const Surroundings& surroundings)
{
    std::string name = (fs::temp_directory_path() / "platefall-run-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("cannot make " + name);
    logs_ = name;
    process_ = ::fork();
    if (process_ == 0)
        become(arguments, surroundings, logs_);
}

Process::~Process()
{
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    std::error_code none;
    fs::remove_all(logs_, none);
}

void Process::signal(int number) const
{
    ::kill(process_, number);
}

std::string Process::out_so_far() const
{
    return content(logs_ / "out");
}

Outcome Process::wait()
{
    int status = 0;
    rusage usage{};
    ::wait4(process_, &status, 0, &usage);
    process_ = -1;
    Outcome outcome{.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                    .out = content(logs_ / "out"),
                    .err = content(logs_ / "err"),
                    .last_line = {},
                    .peak_bytes = static_cast<std::size_t>(usage.ru_maxrss) * 1024};
    outcome.last_line = last_line_of(outcome.err);
    return outcome;
}

Outcome run_command(const std::vector<std::string>& arguments, const Surroundings& surroundings)
{
    return Process(arguments, surroundings).wait();
}

Outcome platefall(std::vector<std::string> arguments, const Surroundings& surroundings)
{
    arguments.insert(arguments.begin(), PLATEFALL_PROGRAM);
    return run_command(arguments, surroundings);
}

}  // namespace platefall::test
