#include "cli/options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

namespace platefall::cli {
namespace {

/// "auto (bar on a terminal, plain otherwise), bar, plain or none." after a colon in the help's last sentence
/// is for people; the words themselves come from the option's check, which prints as "{a,b,c}".
std::vector<std::string> choices_of(const CLI::Option& option)
{
    const std::string type = option.get_type_name();
    const auto open = type.find('{'), close = type.rfind('}');
    std::vector<std::string> choices;
    if (open == std::string::npos || close == std::string::npos)
        return choices;
    std::istringstream words(type.substr(open + 1, close - open - 1));
    for (std::string word; std::getline(words, word, ',');)
        choices.push_back(word);
    return choices;
}

/// The name for the value alone; CLI11 appends what the checks say.
std::string value_name(const CLI::Option& option)
{
    const std::string type = option.get_type_name();
    return type.substr(0, type.find_first_of(":{ "));
}

OptionText describe(const CLI::Option& option)
{
    OptionText text{.names = {},
                    .value = option.get_items_expected_max() > 0 ? value_name(option) : "",
                    .help = option.get_description(),
                    .choices = choices_of(option),
                    .positional = option.get_positional(),
                    .required = option.get_required(),
                    .repeatable = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll
                                  && option.get_items_expected_max() > 0};
    for (const std::string& name : option.get_snames())
        text.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        text.names.push_back("--" + name);
    return text;
}

}  // namespace

CommandText describe(const CLI::App& app)
{
    CommandText text{.name = app.get_name(),
                     .full_name = app.get_parent() ? app.get_parent()->get_name() + " " + app.get_name()
                                                   : app.get_name(),
                     .summary = app.get_description(),
                     .footer = app.get_footer(),
                     .options = {}};
    for (const CLI::Option* option : app.get_options())
        text.options.push_back(describe(*option));
    std::stable_partition(text.options.begin(), text.options.end(),
                          [](const OptionText& option) { return option.positional; });
    return text;
}

std::vector<CommandText> describe_commands(const CLI::App& app)
{
    std::vector<CommandText> commands;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App* c) { return !c->get_group().empty(); }))
        commands.push_back(describe(*command));
    return commands;
}

}  // namespace platefall::cli
