/// A CLI::App as plain data, for those who write about it.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace platefall::cli {

struct OptionText {
    std::vector<std::string> names;   ///< "-f", "--frames"; empty for a positional
    std::string value;                ///< "RANGE"; empty for a flag
    std::string help;
    std::vector<std::string> choices; ///< what may stand there, if it is one of a few words
    bool positional = false, required = false, repeatable = false;
};

struct CommandText {
    std::string name;                 ///< "render"
    std::string full_name;            ///< "platefall render"
    std::string summary;
    std::string footer;               ///< paragraphs, and indented examples
    std::vector<OptionText> options;
};

/// The command's own options, positionals first.
CommandText describe(const CLI::App& app);

/// Its commands that are meant for people, in the order they were added.
std::vector<CommandText> describe_commands(const CLI::App& app);

}  // namespace platefall::cli
