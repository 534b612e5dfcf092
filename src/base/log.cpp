#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>

#include <unistd.h>

namespace platefall {
namespace {

std::atomic<LogLevel> log_level = LogLevel::normal;

/// One sink for the process: it is what keeps lines of several threads apart.
spdlog::logger& logger()
{
    static spdlog::logger log = [] {
        auto made = spdlog::logger("platefall", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%v");
        made.flush_on(spdlog::level::trace);
        return made;
    }();
    return log;
}

void log_line(const char* prefix, const std::string& text)
{
    // On a terminal a progress bar may stand in this line.
    static const char* const clear_line = ::isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "";
    logger().log(spdlog::level::critical, "{}{}{}", clear_line, prefix, text);
}

}  // namespace

void set_log_level(LogLevel level)
{
    log_level = level;
}

void log_error(const std::string& text)
{
    log_line("platefall: error: ", text);
}

void log_warning(const std::string& text)
{
    if (log_level != LogLevel::quiet)
        log_line("platefall: warning: ", text);
}

void log_detail(const std::string& text)
{
    if (log_level == LogLevel::verbose)
        log_line("platefall: ", text);
}

void log_last_line(const std::string& text)
{
    log_line("platefall: ", text);
}

}  // namespace platefall
