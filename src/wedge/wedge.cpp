#include "wedge/wedge.h"

#include "base/log.h"
#include "base/spelling.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "image/memory.h"
#include "pipeline/check.h"
#include "pipeline/frame_choice.h"
#include "pipeline/output.h"
#include "report/finished_picture.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace platefall::wedge {
namespace fs = std::filesystem;
namespace {

constexpr int kLarge_px = 960, kSmall_px = 384;   // widths of stills

/// "variant 3 (seed 2, strength 0.4)"
std::string name_of(const Wedge& wedge, const Variant& variant)
{
    return fmt::format("variant {} ({})", variant.number, label(wedge.variations, variant.values));
}

/// Into the variant's own folder, with nothing beside the picture.
void write_into(const fs::path& folder, int proxy, Output& output)
{
    const fs::path frames = proxy > 1 ? folder / fmt::format("proxy{}", proxy) : folder;
    output.path = SequencePath(frames / output.path.pattern().filename());
    output.aov_path.reset();
    output.movie.clear();
}

/// Files that a stage writes itself have one place, whichever variant writes them.
void refuse_files_of_stages(const Plan& plan, int frame, Faults& faults)
{
    for (const PlannedStage& planned : plan.stages)
        for (const fs::path& file : planned.stage->written_files(frame))
            faults.add(at(planned.params.origin(),
                          fmt::format("stage '{}' writes '{}' itself, which every variant would replace; leave that out of the "
                                      "manifest while you choose",
                                      planned.type->name, file.string())));
}

std::unique_ptr<Plan> plan_variant(const Wedge& wedge, const Variant& variant, Faults& faults)
{
    Manifest manifest = wedge.shot.manifest;
    for (std::size_t i = 0; i < wedge.variations.size(); ++i)
        apply_setting(manifest, wedge.variations[i].key + "=" + variant.values[i], faults, "--vary " + wedge.variations[i].key);
    apply_setting(manifest, "output.aovs=[]", faults);
    std::unique_ptr<Plan> plan = wedge.make_plan(std::move(manifest), faults);
    if (faults.empty())
        write_into(wedge.folder / fmt::format("v{:02}", variant.number), plan->shot.info.proxy, plan->shot.output);
    return plan;
}

/// Faults, each once, with the variants that have it.
class FaultsOfVariants {
public:
    explicit FaultsOfVariants(const Wedge& wedge) : wedge_(wedge) {}

    void add(const Variant& variant, const Faults& faults)
    {
        for (const std::string& fault : faults.all()) {
            auto known = std::ranges::find(found_, fault, &Found::first);
            if (known == found_.end())
                known = found_.insert(known, {fault, {}});
            if (known->second.empty() || known->second.back() != &variant)
                known->second.push_back(&variant);
        }
    }

    void tell(Faults& faults) const
    {
        for (const auto& [fault, variants] : found_)
            faults.add(variants.size() == wedge_.variants.size() ? fault : names_of(variants) + ": " + fault);
    }

private:
    using Found = std::pair<std::string, std::vector<const Variant*>>;

    std::string names_of(const std::vector<const Variant*>& variants) const
    {
        if (variants.size() == 1)
            return name_of(wedge_, *variants.front());
        std::vector<std::string> numbers;
        for (const Variant* variant : variants)
            numbers.push_back(std::to_string(variant->number));
        return "variants " + join_with_and(numbers);
    }

    const Wedge& wedge_;
    std::vector<Found> found_;
};

void check_variant(const Plan& plan, const std::string& frames_text, std::vector<int>& frames, Faults& faults)
try {
    frames = choose_frames(plan, frames_text);
    check_output(plan, frames, faults);
    if (!frames.empty())
        refuse_files_of_stages(plan, frames.front(), faults);
} catch (const Error& error) {
    faults.add(error);
}

/// Of a frame that was rendered now or before; not what another wedge has left in its place.
std::optional<Still> still_of(const Plan& plan, const RenderSummary& summary, int frame)
{
    for (const auto* there : {&summary.rendered, &summary.skipped, &summary.substituted})
        if (std::ranges::binary_search(*there, frame)) {
            const DisplayPicture picture = finished_picture(plan.shot, frame, kLarge_px);
            return Still{encode_jpeg(picture), shrunk(picture, kSmall_px)};
        }
    return std::nullopt;
}

/// One variant from its manifest to its pictures.
Shown render_variant(const Wedge& wedge, const Variant& variant, Fingerprints& fingerprints, const RenderOptions& options,
                     Progress& progress, const std::vector<int>& show_frames, RenderSummary& summary)
{
    Faults faults;
    const std::unique_ptr<Plan> plan = plan_variant(wedge, variant, faults);
    faults.throw_if_any();
    prepare_stages(*plan, fingerprints, [&](const std::string& doing, double fraction) {
        progress.phase(fmt::format("variant {}: {}", variant.number, doing), fraction);
    });
    progress.phase(fmt::format("variant {}", variant.number), 0.0);
    summary = render_shot(*plan, fingerprints, options, progress);
    give_back_memory();
    Shown shown{variant.number, label(wedge.variations, variant.values), {}};
    for (const int frame : show_frames)
        shown.stills.push_back(still_of(*plan, summary, frame));
    return shown;
}

void add(const Wedge& wedge, const Variant& variant, const RenderSummary& summary, std::size_t asked, Summary& all)
{
    const std::size_t bad = summary.failed.size() + summary.substituted.size();
    all.good += summary.rendered.size() + summary.skipped.size();
    all.bad += bad;
    all.out_of_memory = summary.out_of_memory;
    all.interrupted = summary.interrupted;
    if (bad == 0)
        return;
    all.faulty.push_back(variant.number);
    log_error(fmt::format("{}: {} of {} frames {}", name_of(wedge, variant), bad, asked,
                          summary.failed.empty() ? "used a substitute" : "failed"));
}

}  // namespace

fs::path folder_of(const Output& finals, const std::string& name)
{
    return finals.path.pattern().parent_path() / "wedge" / name;
}

std::vector<int> check(const Wedge& wedge, const std::string& frames_text, Faults& faults)
{
    for (const char* word : {"missing", "failed"})
        if (frames_text.find(word) != std::string::npos)
            throw Error(fmt::format("--frames {}: a wedge shows the same frames of every variant; make the same wedge again, which "
                                    "skips those that are done",
                                    frames_text));
    std::vector<int> frames;
    FaultsOfVariants found(wedge);
    for (const Variant& variant : wedge.variants) {
        check_stop();
        Faults own;
        const std::unique_ptr<Plan> plan = plan_variant(wedge, variant, own);
        if (own.empty())
            check_variant(*plan, frames_text, frames, own);
        found.add(variant, own);
    }
    found.tell(faults);
    return frames;
}

bool Shown::any() const
{
    return std::ranges::any_of(stills, [](const auto& still) { return still.has_value(); });
}

Summary render(const Wedge& wedge, Fingerprints& fingerprints, const RenderOptions& options, Progress& progress,
               const std::vector<int>& show_frames, const std::function<void(Shown)>& show)
{
    Summary all;
    for (const Variant& variant : wedge.variants) {
        RenderSummary summary;
        std::optional<Shown> shown;
        try {
            shown = render_variant(wedge, variant, fingerprints, options, progress, show_frames, summary);
        } catch (const Interrupted&) {
            summary.interrupted = true;
        } catch (const Error& error) {   // of this variant alone, as a simulation that cannot be
            for (const std::string& fault : error.faults())
                log_error(name_of(wedge, variant) + ": " + fault);
            summary.failed = options.frames;
            shown = {variant.number, label(wedge.variations, variant.values),
                     std::vector<std::optional<Still>>(show_frames.size())};
        }
        add(wedge, variant, summary, options.frames.size(), all);
        if (shown)
            show(std::move(*shown));
        if (all.out_of_memory || all.interrupted)
            break;
    }
    return all;
}

}  // namespace platefall::wedge
