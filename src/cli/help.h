/// The command line explained, from its own declarations: help text, man page, shell completion.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace platefall::cli {

/// `platefall --help`, or `platefall COMMAND --help`, at 80 columns.
std::string help_text(const CLI::App& app);

/// The man page of section 1, in roff.
std::string manual_page(const CLI::App& app);

std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);

}  // namespace platefall::cli
