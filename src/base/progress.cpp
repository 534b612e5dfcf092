#include "base/progress.h"

#include "base/spelling.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <unistd.h>

namespace platefall {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

constexpr auto kRedraw = std::chrono::seconds(1);
constexpr int kBarWidth = 30;
constexpr const char* kClearLine = "\r\033[K";

constexpr std::array<std::pair<const char*, ProgressDialect>, 8> kDialects{{
    {"auto", ProgressDialect::automatic},
    {"bar", ProgressDialect::bar},
    {"plain", ProgressDialect::plain},
    {"json", ProgressDialect::json},
    {"openjd", ProgressDialect::openjd},
    {"tractor", ProgressDialect::tractor},
    {"afanasy", ProgressDialect::afanasy},
    {"none", ProgressDialect::none},
}};

ProgressDialect settle(ProgressDialect dialect, std::FILE* out)
{
    if (dialect != ProgressDialect::automatic)
        return dialect;
    return ::isatty(::fileno(out)) != 0 ? ProgressDialect::bar : ProgressDialect::plain;
}

/// 16.7, for people and for JSON alike.
double one_digit(double percent)
{
    return std::round(10 * percent) / 10;
}

/// 4:05, or 1:02:03.
std::string clock_time(double seconds)
{
    const auto whole = static_cast<long>(std::llround(seconds));
    if (whole < 3600)
        return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

ProgressDialect parse_progress_dialect(const std::string& name)
{
    std::vector<std::string> names;
    for (const auto& [known, dialect] : kDialects) {
        if (name == known)
            return dialect;
        names.emplace_back(known);
    }
    const std::string hint = did_you_mean(name, names);
    throw Error(fmt::format("unknown progress dialect '{}'; {}there are {}", name, hint.empty() ? "" : hint + " ",
                            join_with_and(names)));
}

const char* name_of(FrameOutcome outcome)
{
    switch (outcome) {
    case FrameOutcome::rendered: return "rendered";
    case FrameOutcome::skipped: return "skipped";
    case FrameOutcome::substituted: return "substituted";
    case FrameOutcome::failed: return "failed";
    }
    return "";
}

Progress::Progress(ProgressDialect dialect, int total_frames, std::FILE* out, std::chrono::milliseconds heartbeat)
    : dialect_(settle(dialect, out)), total_(total_frames), out_(out), heartbeat_(heartbeat), start_(Clock::now()),
      last_write_(start_)
{
    if (dialect_ != ProgressDialect::none)
        heart_ = std::thread([this] { beat(); });
}

Progress::~Progress()
{
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    wake_.notify_all();
    if (heart_.joinable())
        heart_.join();
    if (dialect_ == ProgressDialect::bar)
        write(kClearLine);
}

void Progress::frame(int number, FrameOutcome outcome, double seconds)
{
    const std::lock_guard lock(mutex_);
    ++done_;
    if (outcome != FrameOutcome::skipped)
        ++worked_;
    doing_ = "rendering";
    write(frame_lines(number, outcome, seconds));
}

void Progress::phase(const std::string& doing, double fraction)
{
    const std::lock_guard lock(mutex_);
    const bool news = doing != std::exchange(doing_, doing);
    if (news || fraction >= 1 || Clock::now() - last_write_ >= kRedraw)
        write(phase_lines(fraction));
}

double Progress::percent() const
{
    return total_ > 0 ? std::min(100.0, 100.0 * done_ / total_) : 100.0;
}

std::string Progress::frame_lines(int number, FrameOutcome outcome, double seconds) const
{
    const char* how = name_of(outcome);
    switch (dialect_) {
    case ProgressDialect::bar: return bar();
    case ProgressDialect::automatic:
    case ProgressDialect::plain:
        return fmt::format("frame {} {} {}/{} {:.1f}% {:.2f}s\n", number, how, done_, total_, percent(), seconds);
    case ProgressDialect::json:
        return Json{{"event", "frame"}, {"frame", number}, {"outcome", how}, {"done", done_}, {"total", total_},
                    {"percent", one_digit(percent())}, {"seconds", seconds}}.dump() + "\n";
    case ProgressDialect::openjd:
        return fmt::format("openjd_progress: {:.1f}\nopenjd_status: frame {} {} ({} of {})\n", percent(), number,
                           how, done_, total_);
    // Whole percents round down: 100 % means done.
    case ProgressDialect::tractor: return fmt::format("TR_PROGRESS {:03}%\n", static_cast<int>(percent()));
    case ProgressDialect::afanasy: return fmt::format("PROGRESS: {}%\n", static_cast<int>(percent()));
    case ProgressDialect::none: return "";
    }
    return "";
}

std::string Progress::phase_lines(double fraction) const
{
    const double share = 100 * std::clamp(fraction, 0.0, 1.0);
    switch (dialect_) {
    case ProgressDialect::bar: return bar();
    case ProgressDialect::json:
        return Json{{"event", "phase"}, {"doing", doing_}, {"fraction", std::round(10 * share) / 1000},
                    {"done", done_}, {"total", total_}, {"percent", one_digit(percent())}}.dump() + "\n";
    case ProgressDialect::openjd: return fmt::format("openjd_status: {} {:.0f}%\n", doing_, share);
    // The farms below know only the progress of the whole; for them this is a line of the log.
    case ProgressDialect::tractor:
    case ProgressDialect::afanasy:
    case ProgressDialect::automatic:
    case ProgressDialect::plain: return fmt::format("{} {:.0f}%\n", doing_, share);
    case ProgressDialect::none: return "";
    }
    return "";
}

std::string Progress::heartbeat_line() const
{
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    switch (dialect_) {
    case ProgressDialect::bar: return bar();
    case ProgressDialect::json:
        return Json{{"event", "alive"}, {"doing", doing_}, {"done", done_}, {"total", total_},
                    {"percent", one_digit(percent())}, {"seconds", std::round(seconds)}}.dump() + "\n";
    case ProgressDialect::openjd: return fmt::format("openjd_status: {} ({} of {})\n", doing_, done_, total_);
    case ProgressDialect::tractor: return fmt::format("TR_PROGRESS {:03}%\n", static_cast<int>(percent()));
    case ProgressDialect::afanasy: return fmt::format("PROGRESS: {}%\n", static_cast<int>(percent()));
    case ProgressDialect::automatic:
    case ProgressDialect::plain:
        return fmt::format("still {} {}/{} {:.1f}% after {}\n", doing_, done_, total_, percent(),
                           clock_time(seconds));
    case ProgressDialect::none: return "";
    }
    return "";
}

std::string Progress::bar() const
{
    const int filled = static_cast<int>(kBarWidth * percent() / 100);
    std::string text = fmt::format("{}[{}{}] {}/{}", kClearLine, std::string(filled, '#'),
                                   std::string(kBarWidth - filled, '.'), done_, total_);
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    // Skipped frames cost nothing and would promise too much.
    if (worked_ == 0 || seconds <= 0)
        return text + "  " + doing_;
    const double a_second = worked_ / seconds;
    return text + fmt::format("  {:.2f} frames/s  {} left", a_second, clock_time((total_ - done_) / a_second));
}

void Progress::write(const std::string& text)
{
    if (text.empty())
        return;
    std::fputs(text.c_str(), out_);
    std::fflush(out_);
    last_write_ = Clock::now();
}

void Progress::beat()
{
    // A bar's clock runs on while a frame takes long.
    const auto interval = dialect_ == ProgressDialect::bar ? std::min<Clock::duration>(heartbeat_, kRedraw)
                                                           : Clock::duration(heartbeat_);
    std::unique_lock lock(mutex_);
    while (!ended_) {
        wake_.wait_until(lock, last_write_ + interval);
        if (!ended_ && Clock::now() - last_write_ >= interval)
            write(heartbeat_line());
    }
}

}  // namespace platefall
