#include "cli/help.h"

#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sstream>

namespace platefall::cli {
namespace {

constexpr std::size_t kWidth = 80;

/// Words of `text` on lines of at most kWidth, each indented.
std::string wrapped(const std::string& text, std::size_t indent)
{
    std::string out, line(indent, ' ');
    std::istringstream words(text);
    bool fresh = true;
    for (std::string word; words >> word; fresh = false) {
        if (!fresh && line.size() + 1 + word.size() > kWidth) {
            out += line + "\n";
            line.assign(indent, ' ');
            fresh = true;
        }
        line += (fresh ? "" : " ") + word;
    }
    return out + line + "\n";
}

/// Paragraphs are wrapped; lines that are indented (examples) stay as they are.
std::string wrapped_footer(const std::string& footer)
{
    std::string out;
    std::istringstream lines(footer);
    for (std::string line; std::getline(lines, line);)
        out += line.empty() || line.front() == ' ' ? line + "\n" : wrapped(line, 0);
    return out;
}

std::string usage(const CommandText& command, bool has_commands)
{
    std::string text = command.full_name;
    for (const OptionText& option : command.options)
        if (option.positional)
            text += " " + (option.required ? option.value : "[" + option.value + "]");
    return text + (has_commands ? " COMMAND [options]" : " [options]");
}

std::string heading(const OptionText& option)
{
    if (option.positional)
        return option.value;
    std::string names = fmt::format("{}", fmt::join(option.names, ", "));
    return option.value.empty() ? names : names + " " + option.value;
}

}  // namespace

std::string help_text(const CLI::App& app)
{
    const CommandText command = describe(app);
    const std::vector<CommandText> commands = describe_commands(app);
    std::string text = wrapped(command.summary, 0) + "\nUsage: " + usage(command, !commands.empty()) + "\n";
    if (!commands.empty())
        text += "\nCommands\n";
    for (const CommandText& one : commands)
        text += fmt::format("  {:<10}{}\n", one.name, one.summary);
    text += "\nOptions\n";
    for (const OptionText& option : command.options)
        text += fmt::format("  {}\n{}", heading(option), wrapped(option.help, 8));
    return command.footer.empty() ? text : text + "\n" + wrapped_footer(command.footer);
}

}  // namespace platefall::cli
