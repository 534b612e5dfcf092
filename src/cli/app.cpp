#include <platefall/app.h>

#include "base/log.h"
#include "base/spelling.h"
#include "base/stop.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/options.h"
#include "pipeline/builtin_stages.h"

#include <platefall/version.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fcntl.h>

#include <csignal>
#include <new>

namespace platefall {
namespace cli {
namespace {

constexpr const char* kSummary =
    "platefall makes a building fall down in a film plate: one manifest in, finished EXR frames out.";

constexpr const char* kFooter =
    "Exit status\n"
    "    0  every frame asked for is there and good\n"
    "    1  unexpected failure\n"
    "    2  wrong usage, manifest or input; nothing was rendered\n"
    "    3  some frames failed, the others are there\n"
    "    4  compare: the pictures are not the same\n"
    "   33  out of memory\n"
    "   75  interrupted by TERM or USR1, safe to requeue\n"
    "  130  interrupted by the keyboard\n"
    "\n"
    "Environment\n"
    "  CUE_THREADS, SLURM_CPUS_PER_TASK   threads, when --threads is not given\n"
    "  CUE_MEMORY, SLURM_MEM_PER_NODE     memory, when --memory is not given\n"
    "  OCIO                               colours, when the manifest names no config\n"
    "  PLATEFALL_PLUGIN_PATH              folders with plug-ins, programs and models\n"
    "\n"
    "Start with\n"
    "  platefall init plate/street.1001.exr\n"
    "  platefall check shot.toml\n"
    "  platefall render shot.toml";

class HelpFormatter final : public CLI::Formatter {
public:
    std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override
    {
        return help_text(*app);
    }
};

/// The words that could have stood where CLI11 found an unknown one.
std::vector<std::string> known_words(const CLI::App& app)
{
    std::vector<std::string> words;
    for (const CommandText& command : describe_commands(app))
        words.push_back(command.name);
    const CLI::App* chosen = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
    for (const OptionText& option : describe(*chosen).options)
        words.insert(words.end(), option.names.begin(), option.names.end());
    return words;
}

/// CLI11's own words, with a guess at what was meant; of an unknown command it only says that one is missing.
int explain_usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv)
{
    const std::vector<std::string> known = known_words(app);
    const bool no_command = app.get_subcommands().empty();
    std::string message = error.what(), guess;
    for (int i = 1; i < argc && guess.empty(); ++i) {
        const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
        if (std::find(known.begin(), known.end(), word) != known.end())
            continue;
        if (no_command && !word.starts_with('-'))
            message = fmt::format("there is no command '{}'", word);
        if (message.find(word) != std::string::npos)
            guess = did_you_mean(word, known);
    }
    log_error(guess.empty() ? message : fmt::format("{} ({})", message, guess));
    const CLI::App* chosen = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
    log_last_line(fmt::format("wrong usage; see: {} --help", describe(*chosen).full_name));
    return kUnusable;
}

/// A farm may start us with standard streams closed: the first files that we open would take their numbers, and
/// be written to as if they were the log. And a reader of the log that goes away must not end the render.
void guard_standard_streams()
{
    for (int stream = 0; stream <= 2; ++stream)
        if (::fcntl(stream, F_GETFD) < 0)
            [[maybe_unused]] const int nowhere = ::open("/dev/null", O_RDWR);   // takes the lowest free number
    std::signal(SIGPIPE, SIG_IGN);
}

/// What an action throws, as a status and words.
int run_action(const std::function<int()>& action)
try {
    return action();
} catch (const Interrupted&) {
    log_last_line("interrupted before the first frame; run the same command to go on");
    return stop_signal() == SIGINT ? kKeyboard : kRequeue;
} catch (const Error& error) {
    for (const std::string& fault : error.faults())
        log_error(fault);
    const std::size_t count = error.faults().size();
    log_last_line(fmt::format("nothing was rendered: {} {}", count, count == 1 ? "fault" : "faults"));
    return kUnusable;
} catch (const std::bad_alloc&) {
    log_error("out of memory; allow less with --memory, or use a machine with more");
    log_last_line("out of memory");
    return kOutOfMemory;
} catch (const std::exception& error) {
    log_error(fmt::format("unexpected: {}; this is a defect of platefall, please report it", error.what()));
    log_last_line("unexpected failure");
    return kUnexpected;
}

}  // namespace

std::unique_ptr<CLI::App> make_command_line(CommandLine& line)
{
    auto app = std::make_unique<CLI::App>(kSummary, "platefall");
    app->formatter(std::make_shared<HelpFormatter>());
    app->footer(kFooter);
    app->require_subcommand(1);
    app->fallthrough();
    app->set_help_flag("-h,--help", "Explains the program or a command.");
    app->set_version_flag("--version", "platefall " PLATEFALL_VERSION, "Prints the version.");
    app->add_flag_callback("-q,--quiet", [] { set_log_level(LogLevel::quiet); }, "Leaves out warnings.");
    app->add_flag_callback("-v,--verbose", [] { set_log_level(LogLevel::verbose); }, "Says what is being done.");
    add_render_command(*app, line);
    add_wedge_command(*app, line);
    add_report_command(*app, line);
    add_check_command(*app, line);
    add_compare_command(*app, line);
    add_init_command(*app, line);
    add_stages_command(*app, line);
    add_schema_command(*app, line);
    add_completion_command(*app, line);
    add_manual_command(*app, line);
    add_stage_host_command(*app, line);
    return app;
}

}  // namespace cli

int run(int argc, const char* const* argv, const std::function<void(StageRegistry&)>& add_stages)
try {
    cli::guard_standard_streams();
    cli::CommandLine line;
    add_builtin_stages(line.stages);
    if (add_stages)
        add_stages(line.stages);
    const std::unique_ptr<CLI::App> app = cli::make_command_line(line);
    try {
        app->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
            return app->exit(error);   // --help and --version
        return cli::explain_usage_error(*app, error, argc, argv);
    }
    catch_stop_signals();
    return cli::run_action(line.action);
} catch (const std::exception& error) {
    log_error(error.what());
    log_last_line("unexpected failure");
    return cli::kUnexpected;
}

}  // namespace platefall
