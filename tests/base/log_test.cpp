#include "base/log.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace platefall {
namespace {

class Log : public testing::TestWithParam<LogLevel> {
protected:
    ~Log() override { set_log_level(LogLevel::normal); }

    static std::string all_kinds()
    {
        testing::internal::CaptureStderr();
        log_error("e");
        log_warning("w");
        log_detail("d");
        log_last_line("l");
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(Log, QuietShowsOnlyErrorsAndTheLastLine)
{
    set_log_level(LogLevel::quiet);
    EXPECT_EQ(all_kinds(), "platefall: error: e\nplatefall: l\n");
}

TEST_F(Log, NormalShowsWarningsToo)
{
    set_log_level(LogLevel::normal);
    EXPECT_EQ(all_kinds(), "platefall: error: e\nplatefall: warning: w\nplatefall: l\n");
}

TEST_F(Log, VerboseShowsEverything)
{
    set_log_level(LogLevel::verbose);
    EXPECT_EQ(all_kinds(), "platefall: error: e\nplatefall: warning: w\nplatefall: d\nplatefall: l\n");
}

TEST_F(Log, EveryLineOfAnErrorIsShownAndBracesAreText)
{
    testing::internal::CaptureStderr();
    log_error("shot.toml:14:1: unknown key '{}'\n    {} = %s\n    ^ did you mean 'fps'?");
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "platefall: error: shot.toml:14:1: unknown key '{}'\n    {} = %s\n    ^ did you mean 'fps'?\n");
}

TEST_F(Log, LinesOfSeveralThreadsNeverMix)
{
    testing::internal::CaptureStderr();
    std::vector<std::thread> threads;
    for (char name : {'a', 'b', 'c', 'd'})
        threads.emplace_back([name] {
            for (int i = 0; i < 200; ++i)
                log_warning(std::string(300, name));
        });
    for (std::thread& thread : threads)
        thread.join();

    std::istringstream lines(testing::internal::GetCapturedStderr());
    std::multiset<std::string> seen;
    for (std::string line; std::getline(lines, line);)
        seen.insert(line);
    for (char name : {'a', 'b', 'c', 'd'})
        EXPECT_EQ(seen.count("platefall: warning: " + std::string(300, name)), 200u);
    EXPECT_EQ(seen.size(), 800u);
}

}  // namespace
}  // namespace platefall
