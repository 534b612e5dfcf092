#include "base/stop.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace platefall {
namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

// Each in a process of its own, since signals are remembered for ever.

TEST(StopDeathTest, TermIsRememberedAndTheFirstOneStays)
{
    EXPECT_EXIT(
        {
            catch_stop_signals();
            std::raise(SIGTERM);
            std::raise(SIGUSR1);
            std::_Exit(stop_signal() == SIGTERM ? 0 : 1);
        },
        ExitedWithCode(0), "");
}

TEST(StopDeathTest, SecondInterruptEndsTheProcess)
{
    EXPECT_EXIT(
        {
            catch_stop_signals();
            std::raise(SIGINT);
            if (stop_signal() != SIGINT)
                std::_Exit(1);
            std::raise(SIGINT);
            std::_Exit(2);
        },
        KilledBySignal(SIGINT), "");
}

TEST(StopDeathTest, CheckThrowsOnlyAfterARequest)
{
    EXPECT_EXIT(
        {
            check_stop();
            request_stop(SIGUSR1);
            try {
                check_stop();
            } catch (const Interrupted& interrupted) {
                std::_Exit(stop_signal() == SIGUSR1 && std::string(interrupted.what()) == "interrupted" ? 0 : 1);
            }
            std::_Exit(2);
        },
        ExitedWithCode(0), "");
}

}  // namespace
}  // namespace platefall
