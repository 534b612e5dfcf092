/// `platefall compare`: whether a render is what it was.
#include "base/files.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/print.h"
#include "compare/comparison_json.h"
#include "compare/comparison_page.h"
#include "compare/rebaseline.h"
#include "compare/words.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>

namespace platefall::cli {
namespace {

struct CompareArguments {
    std::string a, b;
    compare::PairChoice pairs;
    compare::Rules rules;
    std::vector<std::string> channels;
    bool no_metadata = false, no_flip = false, update = false;
    std::string json, html;
    int pictures = 20;
    int threads = 0;
};

std::string count_of(std::size_t count)
{
    return fmt::format("{} {}", count, count == 1 ? "picture" : "pictures");
}

/// Goes through all pairs and tells as it goes. Throws Interrupted between two.
compare::Comparison compare_all(const CompareArguments& arguments, const ColourSpaces& colours)
{
    compare::Comparison comparison{.a = arguments.a, .b = arguments.b, .rules = arguments.rules, .pictures = {}};
    for (const compare::PicturePair& pair : compare::pair_pictures(arguments.a, arguments.b, arguments.pairs)) {
        check_stop();
        const compare::PictureComparison& picture =
            comparison.pictures.emplace_back(compare::compare_pictures(pair, arguments.rules, colours));
        const std::string line = fmt::format("{}: {}", pair.name, compare::in_a_line(picture));
        if (picture.outcome == compare::Outcome::unusable)
            log_error(line);
        else if (picture.outcome == compare::Outcome::same)
            log_detail(line);
        else if (arguments.json != "-")
            print(line + "\n");
    }
    return comparison;
}

void write_results(const CompareArguments& arguments, const compare::Comparison& comparison, const ColourSpaces& colours)
{
    if (arguments.json == "-")
        print(comparison_json(comparison));
    else if (!arguments.json.empty())
        write_file_atomically(arguments.json, comparison_json(comparison));
    if (!arguments.html.empty())
        write_file_atomically(arguments.html, comparison_page(comparison, colours, arguments.pictures));
}

int update(const CompareArguments& arguments, const compare::Comparison& comparison)
{
    const compare::Rebaselined done = rebaseline(comparison);
    if (done.left > 0)
        log_warning(fmt::format("'{}' keeps {} that '{}' no longer has; remove what is not wanted by hand", arguments.a,
                                count_of(static_cast<std::size_t>(done.left)), arguments.b));
    log_last_line(fmt::format("'{}' was updated from '{}': {} replaced, {} added", arguments.a, arguments.b, done.replaced,
                              done.added));
    return kGood;
}

int conclude(const CompareArguments& arguments, const compare::Comparison& comparison)
{
    using compare::Outcome;
    const std::size_t all = comparison.pictures.size(), unusable = comparison.count(Outcome::unusable);
    if (unusable > 0) {
        log_last_line(fmt::format("'{}' cannot be compared with '{}': {} of {} cannot be read", arguments.b, arguments.a, unusable,
                                  count_of(all)));
        return kUnusable;
    }
    if (comparison.is_same()) {
        log_last_line(fmt::format("'{}' is the same as '{}': {}", arguments.b, arguments.a, count_of(all)));
        return kGood;
    }
    log_last_line(fmt::format("'{}' is not the same as '{}': {} of {} different, {} missing, {} without a reference", arguments.b,
                              arguments.a, comparison.count(Outcome::different), count_of(all),
                              comparison.count(Outcome::missing_in_b), comparison.count(Outcome::missing_in_a)));
    return kDifferent;
}

int compare_command(CompareArguments arguments)
try {
    const ThreadLimit limit(arguments.threads > 0 ? arguments.threads : default_threads());
    for (const std::string& text : arguments.channels)
        arguments.rules.channels.push_back(compare::parse_channel_rule(text));
    arguments.rules.metadata = !arguments.no_metadata;
    arguments.rules.flip = !arguments.no_flip;
    arguments.pairs.may_lack_a = arguments.update;
    const ColourSpaces colours;
    const compare::Comparison comparison = compare_all(arguments, colours);
    write_results(arguments, comparison, colours);
    return arguments.update ? update(arguments, comparison) : conclude(arguments, comparison);
} catch (const Error& error) {
    for (const std::string& fault : error.faults())
        log_error(fault);
    log_last_line(fmt::format("'{}' was not compared with '{}'", arguments.b, arguments.a));
    return kUnusable;
} catch (const Interrupted&) {
    log_last_line("interrupted before everything was compared; run the same command again");
    return stop_signal() == SIGINT ? kKeyboard : kRequeue;
}

void add_rules(CLI::App& command, CompareArguments& arguments)
{
    compare::Rules& rules = arguments.rules;
    command.add_option("--absolute", rules.tolerance.absolute,
                       "A pixel may differ by this much, or by --relative, whichever is more. Default: 0.0001.")
        ->type_name("NUMBER")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--relative", rules.tolerance.relative,
                       "A pixel may differ by this part of the larger of the two. Default: 0.001, which lets through what is "
                       "rounded to half.")
        ->type_name("NUMBER")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--percent", rules.tolerance.percent,
                       "So many percent of a channel's pixels may differ by more. Default: 0.")
        ->type_name("NUMBER")
        ->check(CLI::Range(0.0, 100.0));
    command.add_option("--channel", arguments.channels,
                       "Other limits for a channel or a layer: `depth.Z:absolute=0.01,percent=1`, `generated:ignore`, "
                       "`crypto*:ignore`. May be given several times; the last that fits holds.")
        ->type_name("NAME:LIMITS")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--flip", rules.most_flip,
                       "The mean of the FLIP map of a layer's R G B may be this much: 0 is the same, 1 black against white. "
                       "Default: 0.01.")
        ->type_name("NUMBER")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--ppd", rules.pixels_per_degree,
                       "Pixels of a degree of the eye, for FLIP. Default: 67, a 4K screen from 0.7 m.")
        ->type_name("NUMBER")
        ->check(CLI::Range(1.0, 500.0));
    command.add_flag("--no-flip", arguments.no_flip, "Leaves FLIP out, which takes most of the time where pictures differ.");
    command.add_option("--colorspace", rules.colorspace,
                       "Colour space of files that hold light, for FLIP and the page. Default: lin_rec709.")
        ->type_name("NAME");
    command.add_option("--ignore-metadata", rules.ignored_metadata,
                       "Metadata that may differ, `*` fits anything. Dates, programs, compression and platefall's key always may. "
                       "May be given several times.")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_flag("--no-metadata", arguments.no_metadata, "Compares no metadata at all.");
}

void add_files(CLI::App& command, CompareArguments& arguments)
{
    command.add_option("a", arguments.a, "The reference: a file, a sequence such as golden/street.####.exr, or a folder.")
        ->required()
        ->type_name("A");
    command.add_option("b", arguments.b, "What is new, of the same kind.")->required()->type_name("B");
    command.add_option("-f,--frames", arguments.pairs.frames,
                       "These frames of two sequences, and no others. Default: every frame that either has.")
        ->type_name("RANGE");
    command.add_option("--exclude", arguments.pairs.exclude,
                       "Leaves out files of folders, by their path below the folder: `*.sheet.png`. May be given several times.")
        ->type_name("PATTERN")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--json", arguments.json, "Writes everything that was found as JSON; `-` for standard output.")
        ->type_name("FILE");
    command.add_option("--html", arguments.html,
                       "Writes a page with the pictures that differ, their difference and their FLIP map.")
        ->type_name("FILE");
    command.add_option("--pictures", arguments.pictures, "So many pictures on the page, the worst first. Default: 20.")
        ->type_name("N")
        ->check(CLI::Range(0, 10000));
    command.add_flag("--update", arguments.update,
                     "Makes B the reference: copies what is not the same, or new, over A. Nothing is removed.");
    command.add_option("--threads", arguments.threads,
                       "Threads to use. Default: CUE_THREADS, else SLURM_CPUS_PER_TASK, else all processors.")
        ->type_name("N")
        ->check(CLI::Range(1, 4096));
}

}  // namespace

void add_compare_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<CompareArguments>();
    CLI::App* command = app.add_subcommand("compare", "Tells whether two renders are the same, and where they are not.");
    add_files(*command, *arguments);
    add_rules(*command, *arguments);
    command->footer("Compares pixels of every channel of every part, data and display windows, channels and metadata; files "
                    "that only one side has are differences. A channel of ids must be equal. Prints a line for each picture "
                    "that is not the same. Status 0: the same, 4: not the same, 2: a file cannot be read or a side has none.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall compare golden out\n"
                    "  platefall compare golden/f.####.exr out/f.####.exr --html diff.html\n"
                    "  platefall compare golden out --percent 0.1 --json result.json\n"
                    "  platefall compare golden out --percent 100 --flip 0.02\n"
                    "  platefall compare golden out --update");
    command->callback([arguments, &line] { line.action = [arguments] { return compare_command(*arguments); }; });
}

}  // namespace platefall::cli
