/// Progress, in the dialect of whoever watches: a person at a terminal, or a farm that reads the log.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

namespace platefall {

enum class ProgressDialect {
    automatic,   ///< bar on a terminal, plain otherwise
    bar,         ///< one line that is redrawn, with frames a second and time left; cleared at the end
    plain,       ///< "frame 1043 rendered 12/72 16.7% 0.84s"
    json,        ///< one object a line: event ("frame", "phase" or "alive"), done, total, percent, and what it is about
    openjd,      ///< openjd_progress: 16.7 and openjd_status: ...
    tractor,     ///< TR_PROGRESS 016%
    afanasy,     ///< PROGRESS: 16%
    none,
};

/// Throws Error that lists the dialects.
ProgressDialect parse_progress_dialect(const std::string& name);

enum class FrameOutcome { rendered, skipped, substituted, failed };

/// "rendered", ...
const char* name_of(FrameOutcome outcome);

/// Safe to call from many threads. Writes to `out` and, while it lives, at least one line every `heartbeat` in
/// every dialect but `none`, since a farm may kill a log that is quiet.
class Progress {
public:
    Progress(ProgressDialect dialect, int total_frames, std::FILE* out,
             std::chrono::milliseconds heartbeat = std::chrono::minutes(1));
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void frame(int number, FrameOutcome outcome, double seconds);

    /// What is going on while no frame is finished yet: "preparing collapse", 0.4. Of calls that only move the
    /// fraction, one a second is written.
    void phase(const std::string& doing, double fraction);

private:
    double percent() const;
    std::string frame_lines(int number, FrameOutcome outcome, double seconds) const;
    std::string phase_lines(double fraction) const;
    std::string heartbeat_line() const;
    std::string bar() const;
    void write(const std::string& text);
    void beat();

    const ProgressDialect dialect_;
    const int total_;
    std::FILE* const out_;
    const std::chrono::milliseconds heartbeat_;
    const std::chrono::steady_clock::time_point start_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    int done_ = 0, worked_ = 0;   ///< frames; those that were not skipped
    std::string doing_ = "starting";
    std::chrono::steady_clock::time_point last_write_;
    std::thread heart_;
};

}  // namespace platefall
