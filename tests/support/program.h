/// The real program, run as its users run it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace platefall::test {

struct Outcome {
    int status = -1;            ///< exit status; 128 + signal for a process that a signal ended
    std::string out, err;
    std::string last_line;      ///< of err
    std::size_t peak_bytes = 0; ///< the most memory it had resident
};

struct Surroundings {
    std::filesystem::path folder = ".";
    std::vector<std::pair<std::string, std::string>> environment = {};   ///< on top of ours; "" removes
    std::size_t address_space = 0;                                  ///< bytes; 0: no limit
};

/// A program in the background, with stdout and stderr in files.
class Process {
public:
    explicit Process(const std::vector<std::string>& arguments, const Surroundings& surroundings = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    std::string out_so_far() const;
    Outcome wait();

private:
    int process_ = -1;
    std::filesystem::path logs_;
};

/// Waits for any program.
Outcome run_command(const std::vector<std::string>& arguments, const Surroundings& surroundings = {});

/// `platefall ARGUMENTS...`, the program of this build.
Outcome platefall(std::vector<std::string> arguments, const Surroundings& surroundings = {});

}  // namespace platefall::test
