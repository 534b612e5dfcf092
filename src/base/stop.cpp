#include "base/stop.h"

#include <atomic>
#include <csignal>

namespace platefall {
namespace {

// A signal handler has nowhere else to write to.
std::atomic<int> first_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait");

extern "C" void remember_signal(int signal)
{
    request_stop(signal);
}

}  // namespace

void catch_stop_signals()
{
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
        struct sigaction action {};
        action.sa_handler = remember_signal;
        sigemptyset(&action.sa_mask);
        // After the first INT the system's own answer to INT is back, and the next one ends the process.
        action.sa_flags = SA_RESTART | (signal == SIGINT ? static_cast<int>(SA_RESETHAND) : 0);
        sigaction(signal, &action, nullptr);
    }
}

int stop_signal() noexcept
{
    return first_signal;
}

void request_stop(int signal) noexcept
{
    int none = 0;
    first_signal.compare_exchange_strong(none, signal);
}

void check_stop()
{
    if (stop_signal() != 0)
        throw Interrupted();
}

}  // namespace platefall
