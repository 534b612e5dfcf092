/// The request to stop, as it comes from a farm (TERM, USR1) or from the keyboard (INT).
#pragma once

#include <exception>

namespace platefall {

/// Thrown at the next safe place after a stop was asked for. Not an Error: nothing is wrong.
class Interrupted : public std::exception {
public:
    const char* what() const noexcept override { return "interrupted"; }
};

/// Catches INT, TERM and USR1 for the rest of the process. A second INT ends the process at once.
void catch_stop_signals();

/// The first signal that came, 0 when none did.
int stop_signal() noexcept;

/// As if the signal had come.
void request_stop(int signal) noexcept;

/// Throws Interrupted if a signal came.
void check_stop();

}  // namespace platefall
