#include "cli/help.h"
#include "cli/options.h"

#include <platefall/version.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sstream>

namespace platefall::cli {
namespace {

/// Text in roff: a backslash, a leading dot and a hyphen mean something there.
std::string roff(const std::string& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_line = i == 0 || text[i - 1] == '\n';
        if (starts_line && (text[i] == '.' || text[i] == '\''))
            out += "\\&";
        if (text[i] == '\\')
            out += "\\e";
        else if (text[i] == '-')
            out += "\\-";
        else
            out += text[i];
    }
    return out;
}

std::string bold(const std::string& text)
{
    return "\\fB" + roff(text) + "\\fR";
}

std::string option_entry(const OptionText& option)
{
    std::string names;
    for (const std::string& name : option.names)
        names += (names.empty() ? "" : ", ") + bold(name);
    if (!option.value.empty())
        names += (names.empty() ? "" : " ") + ("\\fI" + roff(option.value) + "\\fR");
    return ".TP\n" + names + "\n" + roff(option.help) + "\n";
}

/// Indented lines of a footer are examples and keep their lines.
std::string footer(const std::string& text)
{
    std::string out;
    bool example = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const bool indented = !line.empty() && line.front() == ' ';
        if (indented != example)
            out += indented ? ".PP\n.nf\n" : ".fi\n";
        example = indented;
        out += line.empty() ? ".PP\n" : roff(line) + "\n";
    }
    return out + (example ? ".fi\n" : "");
}

std::string command_section(const CommandText& command)
{
    std::string text = fmt::format(".SS {}\n{}\n", roff(command.full_name), roff(command.summary));
    for (const OptionText& option : command.options)
        text += option_entry(option);
    return text + ".PP\n" + footer(command.footer);
}

}  // namespace

std::string manual_page(const CLI::App& app)
{
    const CommandText program = describe(app);
    std::string text = fmt::format(".TH PLATEFALL 1 \"\" \"platefall {}\" \"User Commands\"\n"
                                   ".SH NAME\nplatefall \\- {}\n"
                                   ".SH SYNOPSIS\n.B platefall\n.I COMMAND\n[options]\n"
                                   ".SH DESCRIPTION\n{}\n.SH OPTIONS\n",
                                   PLATEFALL_VERSION, roff("makes a building fall down in a film plate"),
                                   roff(program.summary));
    for (const OptionText& option : program.options)
        text += option_entry(option);
    text += ".SH COMMANDS\n";
    for (const CommandText& command : describe_commands(app))
        text += command_section(command);
    return text + ".SH \"EXIT STATUS AND ENVIRONMENT\"\n" + footer(program.footer);
}

}  // namespace platefall::cli
