/// The words of the Error that an action ends with.
#pragma once

#include <platefall/error.h>

#include <string>

namespace platefall::test {

/// "no error" when it ends well. Other exceptions come out.
template <class Action>
std::string error_of(Action&& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace platefall::test
