#include "cli/help.h"
#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace platefall::cli {
namespace {

std::string option_words(const CommandText& command)
{
    std::string words;
    for (const OptionText& option : command.options)
        for (const std::string& name : option.names)
            words += (words.empty() ? "" : " ") + name;
    return words;
}

/// What to offer after an option that takes a value: its choices, or files for a name of one.
std::string bash_values(const CommandText& command)
{
    std::string cases;
    for (const OptionText& option : command.options) {
        if (option.positional || option.value.empty())
            continue;
        const std::string offer = !option.choices.empty()
                                      ? fmt::format("$(compgen -W \"{}\" -- \"$word\")",
                                                    fmt::join(option.choices, " "))
                                  : option.value == "FILE" ? "$(compgen -f -- \"$word\")"
                                                           : "";
        cases += fmt::format("            {}) COMPREPLY=({}); return ;;\n", fmt::join(option.names, "|"), offer);
    }
    return cases;
}

std::string zsh_escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\'')
            out += "'\\'";
        else if (c == '[' || c == ']' || c == ':' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_action(const OptionText& option)
{
    if (!option.choices.empty())
        return fmt::format("({})", fmt::join(option.choices, " "));
    if (option.value == "SHOT.toml")
        return "_files -g \"*.toml\"";
    return option.value == "FILE" || option.value == "PLATE" ? "_files" : " ";
}

/// One line for _arguments a name: 'name[help]:value:action'.
std::string zsh_option(const OptionText& option)
{
    const std::string value =
        option.value.empty() ? "" : fmt::format(":{}:{}", zsh_escaped(option.value), zsh_action(option));
    if (option.positional)
        return fmt::format("                '{}{}' \\\n", option.required ? "" : ":", value);
    std::string lines;
    for (const std::string& name : option.names)
        lines += fmt::format("                '{}{}[{}]{}' \\\n", option.repeatable ? "*" : "", name,
                             zsh_escaped(option.help), value);
    return lines;
}

}  // namespace

std::string bash_completion(const CLI::App& app)
{
    std::string commands, cases;
    for (const CommandText& command : describe_commands(app)) {
        commands += (commands.empty() ? "" : " ") + command.name;
        cases += fmt::format("    {}) case \"$before\" in\n{}        esac\n        options=\"{}\" ;;\n",
                             command.name, bash_values(command), option_words(command));
    }
    return fmt::format("# bash completion for platefall\n"
                       "_platefall()\n"
                       "{{\n"
                       "    local word=\"${{COMP_WORDS[COMP_CWORD]}}\" before=\"${{COMP_WORDS[COMP_CWORD-1]}}\"\n"
                       "    local options=\"{} {}\"\n"
                       "    if ((COMP_CWORD > 1)); then\n"
                       "    case \"${{COMP_WORDS[1]}}\" in\n"
                       "{}"
                       "    esac\n"
                       "    fi\n"
                       "    if ((COMP_CWORD == 1)) || [[ \"$word\" == -* ]]; then\n"
                       "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                       "    else\n"
                       "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
                       "    fi\n"
                       "}}\n"
                       "complete -o filenames -F _platefall platefall\n",
                       commands, option_words(describe(app)), cases);
}

std::string zsh_completion(const CLI::App& app)
{
    std::string commands, cases;
    for (const CommandText& command : describe_commands(app)) {
        commands += fmt::format("        '{}:{}'\n", command.name, zsh_escaped(command.summary));
        cases += fmt::format("        {})\n            _arguments \\\n", command.name);
        for (const OptionText& option : command.options)
            cases += zsh_option(option);
        cases.erase(cases.size() - 3);
        cases += "\n            ;;\n";
    }
    return fmt::format("#compdef platefall\n"
                       "_platefall()\n"
                       "{{\n"
                       "    local -a commands\n"
                       "    commands=(\n{}    )\n"
                       "    if ((CURRENT == 2)); then\n"
                       "        _describe command commands\n"
                       "        return\n"
                       "    fi\n"
                       "    local command=${{words[2]}}\n"
                       "    shift words\n"
                       "    ((CURRENT--))\n"
                       "    case $command in\n{}    esac\n"
                       "}}\n"
                       "_platefall \"$@\"\n",
                       commands, cases);
}

}  // namespace platefall::cli
