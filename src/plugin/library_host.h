/// The process in which a plug-in lives: it loads the library and speaks for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platefall::plugin {

/// What starts it: this program, with a command that is not for people.
std::vector<std::string> library_host_command(const std::filesystem::path& library);
inline constexpr const char* kLibraryHostCommand = "stage-host";

/// Answers questions until its input ends. What the plug-in prints goes to stderr, so that it cannot be taken for an
/// answer. Returns the exit status.
int run_library_host(const std::filesystem::path& library);

}  // namespace platefall::plugin
