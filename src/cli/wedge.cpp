/// `platefall wedge`: variants of a shot, to choose from.
#include "wedge/wedge.h"

#include "base/files.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/spelling.h"
#include "cache/fingerprints.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/run_arguments.h"
#include "shot/frame_range.h"
#include "shot/manifest_edit.h"
#include "shot/sections_layout.h"
#include "wedge/choice.h"
#include "wedge/record.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

namespace platefall::cli {
namespace fs = std::filesystem;
namespace {

struct WedgeArguments : RunArguments {
    std::vector<std::string> vary;
    std::size_t limit = 64;
    std::string name;           ///< "": the shot's
    std::optional<int> pick;
    std::string into;           ///< "": the manifest itself
};

std::vector<wedge::Variation> parse_variations(const WedgeArguments& arguments)
{
    Faults faults;
    std::vector<wedge::Variation> variations;
    for (const std::string& text : arguments.vary) {
        try {
            variations.push_back(wedge::parse_variation(text));
        } catch (const Error& error) {
            faults.add(error);
            continue;
        }
        const std::string setting = variations.back().key + "=";
        if (std::ranges::any_of(arguments.shot.settings, [&](const std::string& set) { return set.starts_with(setting); }))
            faults.add(fmt::format("'{}' is given with --set and varied with --vary; leave one out", variations.back().key));
    }
    faults.throw_if_any();
    return variations;
}

/// The shot as the manifest has it. Every plan of a variant finds its faults again, so they are not told here.
Shot read_finals(const WedgeArguments& arguments, Faults& faults)
{
    Faults found_again;
    return read_shot(read_manifest(arguments.shot, faults), 1, found_again);
}

fs::path folder_of(const Shot& shot, const WedgeArguments& arguments)
{
    if (!arguments.name.empty() && !is_plain_name(arguments.name, "_.-"))
        throw Error(fmt::format("--name {}: has letters, digits, '_', '.' and '-' only, since it becomes a folder's name",
                                arguments.name));
    return wedge::folder_of(shot.output, arguments.name.empty() ? shot.info.name : arguments.name);
}

/// "platefall wedge shot.toml --pick", with what says where the wedge is.
std::string pick_command(const WedgeArguments& arguments)
{
    std::string command = "platefall wedge " + quoted(arguments.shot.manifest);
    for (const std::string& setting : arguments.shot.settings)
        if (setting.starts_with("output.path=") || setting.starts_with("shot.name="))
            command += " --set " + quoted(setting);
    return command + (arguments.name.empty() ? "" : " --name " + arguments.name) + " --pick";
}

wedge::Wedge plan_wedge(const WedgeArguments& arguments, const StageRegistry& stages, Faults& faults)
{
    if (arguments.vary.empty())
        throw Error("nothing is varied; say what, as in --vary collapse.seed=1..6, or choose from the last wedge with --pick N");
    std::vector<wedge::Variation> variations = parse_variations(arguments);
    std::vector<wedge::Variant> variants = wedge::all_variants(variations, arguments.limit);
    Shot shot = read_finals(arguments, faults);
    fs::path folder = folder_of(shot, arguments);
    return {std::move(shot), std::move(variations), std::move(variants), std::move(folder),
            [&arguments, &stages](Manifest manifest, Faults& found) {
                return platefall::make_plan(std::move(manifest), arguments.shot.proxy, stages, found,
                                            plugin::Trust::from_user(arguments.shot.allow_external));
            }};
}

/// Of the wedge before any variant is rendered.
wedge::Record new_record(const wedge::Wedge& wedge)
{
    const fs::path& manifest = wedge.shot.manifest.path;
    const std::string text = read_text_file(manifest);
    wedge::Record record{wedge.variations, {}, wedge.variants, {}};
    for (const wedge::Variation& variation : wedge.variations)
        record.before.push_back(written_value(text, manifest, variation.key));
    return record;
}

wedge::Choice new_choice(const wedge::Wedge& wedge, const WedgeArguments& arguments, const std::vector<int>& frames)
{
    const Shot& shot = wedge.shot;
    std::string title = shot.info.name + (shot.version.empty() ? "" : " " + shot.version);
    title += fmt::format(" wedge, {} {}", frames.size() == 1 ? "frame" : "frames", format_frame_range(frames));
    if (arguments.shot.proxy > 1)
        title += fmt::format(", proxy {}", arguments.shot.proxy);
    return {std::move(title), pick_command(arguments), spread_frames(frames, wedge::kMostFrames), {}};
}

/// Whatever becomes of it, the frames are there.
bool try_to(const std::function<void()>& work)
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        log_error(error.what());
        return false;
    }
}

std::string numbers(const std::vector<int>& variants)
{
    std::vector<std::string> words;
    for (const int number : variants)
        words.push_back(std::to_string(number));
    return (words.size() == 1 ? "variant " : "variants ") + join_with_and(words);
}

/// The one sentence at the end, and the status that goes with it.
int conclude(const wedge::Summary& summary, bool shown, const wedge::Wedge& wedge, const wedge::Choice& choice, std::size_t asked)
{
    const std::string good = fmt::format("{} variants, {} of {} frames are good", wedge.variants.size(), summary.good, asked);
    if (summary.out_of_memory) {
        log_last_line(fmt::format("out of memory: {}", good));
        return kOutOfMemory;
    }
    if (summary.interrupted) {
        log_last_line(fmt::format("interrupted: {}; run the same command to go on", good));
        return interrupted_status();
    }
    const std::string others = summary.bad == 0 ? "" : fmt::format(", {} in {} are not", summary.bad, numbers(summary.faulty));
    if (!shown) {
        log_last_line(fmt::format("{}{}, but what to choose from could not be written", good, others));
        return kUnexpected;
    }
    if (std::ranges::none_of(choice.variants, &wedge::Shown::any)) {
        log_last_line(good + "; there is nothing to choose from");
        return kSomeFramesFailed;
    }
    log_last_line(fmt::format("{}{}; choose with: {} N; sheet: {}; page: {}", good, others, choice.command,
                              (wedge.folder / "sheet.png").string(), (wedge.folder / "wedge.html").string()));
    return summary.bad == 0 ? kGood : kSomeFramesFailed;
}

int render_wedge(const WedgeArguments& arguments, const StageRegistry& stages)
{
    const ProgressDialect dialect = parse_progress_dialect(arguments.progress);
    RenderOptions options = arguments.options();
    options.keep_previews = false;
    const ThreadLimit limit(options.threads);
    Faults faults;
    const wedge::Wedge wedge = plan_wedge(arguments, stages, faults);
    options.frames = wedge::check(wedge, arguments.shot.frames, faults);
    faults.throw_if_any();

    Fingerprints fingerprints(wedge.shot.cache_folder / "fingerprints");
    wedge::Record record = new_record(wedge);
    wedge::Choice choice = new_choice(wedge, arguments, options.frames);
    const std::size_t asked = options.frames.size() * wedge.variants.size();
    wedge::Summary summary;
    bool shown = true;
    {
        Progress progress(dialect, static_cast<int>(asked), stdout);
        summary = wedge::render(wedge, fingerprints, options, progress, choice.frames, [&](wedge::Shown variant) {
            if (variant.any())
                record.seen.push_back(variant.number);
            shown = try_to([&] { wedge::write_record(wedge.folder, record); }) && shown;
            choice.variants.push_back(std::move(variant));
        });
        if (!summary.interrupted && !summary.out_of_memory) {
            progress.phase("drawing the contact sheet", 0.0);
            shown = try_to([&] {
                write_png(wedge.folder / "sheet.png", wedge::contact_sheet_of(choice));
                write_file_atomically(wedge.folder / "wedge.html", wedge::page_of(choice));
            }) && shown;
        }
    }
    return conclude(summary, shown, wedge, choice, asked);
}

/// Relative paths mean the same there.
fs::path target_of(const WedgeArguments& arguments, const fs::path& manifest)
{
    if (arguments.into.empty())
        return manifest;
    const fs::path target = fs::absolute(arguments.into).lexically_normal();
    std::error_code none;
    if (!fs::equivalent(target.parent_path(), manifest.parent_path(), none))
        throw Error(fmt::format("--into {}: the manifest's paths start in its folder; name a file in '{}'", arguments.into,
                                manifest.parent_path().string()));
    if (fs::exists(target, none) && !arguments.overwrite)
        throw Error(fmt::format("'{}' is there already; name another file with --into, or replace it with --overwrite",
                                arguments.into));
    return target;
}

wedge::Record last_record(const WedgeArguments& arguments)
{
    Faults faults;
    const fs::path folder = folder_of(read_finals(arguments, faults), arguments);
    faults.throw_if_any();
    const std::optional<wedge::Record> record = wedge::read_record(folder);
    if (!record)
        throw Error(fmt::format("there is no wedge in '{}' to pick from; make one first, as in: platefall wedge {} --vary "
                                "collapse.seed=1..6",
                                folder.string(), quoted(arguments.shot.manifest)));
    if (!arguments.vary.empty() && parse_variations(arguments) != record->variations)
        throw Error("the last wedge varied something else, so its numbers mean something else; make this wedge first, without --pick");
    return *record;
}

int pick(const WedgeArguments& arguments)
{
    const wedge::Record record = last_record(arguments);
    const fs::path manifest = fs::canonical(arguments.shot.manifest);   // a link goes on leading to it
    const fs::path target = target_of(arguments, manifest);
    const std::string text = wedge::pick(record, *arguments.pick, read_text_file(manifest), arguments.shot.manifest);
    write_file_atomically(target, text);
    const std::string written = arguments.into.empty() ? arguments.shot.manifest : arguments.into;
    const auto& variant = *std::ranges::find(record.variants, *arguments.pick, &wedge::Variant::number);
    log_last_line(fmt::format("variant {} ({}) is in '{}' now; next: platefall render {}", variant.number,
                              wedge::label(record.variations, variant.values), written, quoted(written)));
    return kGood;
}

}  // namespace

void add_wedge_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<WedgeArguments>();
    CLI::App* command = app.add_subcommand("wedge", "Renders variants of a shot, and shows them to choose from.");
    arguments->add_to(*command);
    command->add_option("--vary", arguments->vary,
                        "What differs, and the values that it takes: a key as for --set, and a list `0.2,0.4`, a range of whole "
                        "numbers `1..6`, or so many numbers evenly spaced `0.2..0.6/5`. May be given several times: every value "
                        "of one is combined with every value of the others.")
        ->type_name("KEY=VALUES")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--limit", arguments->limit, "The most variants to render, a guard against slips. Default: 64.")
        ->type_name("N")
        ->check(CLI::Range(1, 10000));
    command->add_option("--name", arguments->name, "Name of the wedge, to keep several. Default: the shot's.")->type_name("NAME");
    CLI::Option* pick_option = command->add_option("--pick", arguments->pick,
                                                   "Renders nothing: writes the values of variant N of the last wedge into the "
                                                   "manifest, and changes nothing else in it.")
                                   ->type_name("N");
    command->add_option("--into", arguments->into, "With --pick: writes another manifest, beside the first, which stays as it is.")
        ->type_name("FILE")
        ->needs(pick_option);
    command->footer("Variants are numbered from 1; the last --vary changes fastest. Each is rendered as `platefall render` would, "
                    "into out/wedge/NAME/v01, v02 and so on; what they have in common, as the clean plate, is made once. Frames "
                    "that are done are skipped. Beside them: sheet.png, a contact sheet; wedge.html, a page to choose from (one "
                    "file, needs no network); wedge.json, what --pick goes by.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall wedge shot.toml --vary collapse.seed=1..6 --proxy 4 --frames 1040\n"
                    "  platefall wedge shot.toml --vary collapse.seed=1..6 \\\n"
                    "      --vary collapse.strength=0.2,0.4 --proxy 4 --frames 1001-1072x12\n"
                    "  platefall wedge shot.toml --vary render.dust_extinction=0.5..2/4 --name dust\n"
                    "  platefall wedge shot.toml --pick 3");
    command->callback([arguments, &line] {
        line.action = [arguments, &line] {
            return arguments->pick ? pick(*arguments) : render_wedge(*arguments, line.stages);
        };
    });
}

}  // namespace platefall::cli
