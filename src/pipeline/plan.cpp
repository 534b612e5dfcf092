#include "pipeline/plan.h"

#include "base/spelling.h"
#include "image/windows.h"
#include "shot/frame_range.h"
#include "stage/external_file.h"
#include "stage/generated_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace platefall {
namespace {

/// The size that every frame is held to is that of the shot's first good frame on disk, so that a farm's chunk
/// and the whole shot agree on it. A damaged frame is a fault of that frame, unless all are damaged.
void read_plate_format(Plan& plan, Faults& faults)
{
    Shot& shot = plan.shot;
    if (!shot.plate || shot.info.frames.empty())
        return;
    const SequencePath& path = shot.plate->path();
    std::optional<Error> damage;
    for (const int frame : shot.info.frames) {
        std::error_code none;
        if (!std::filesystem::exists(path.at(frame), none))
            continue;
        try {
            const ImageHeader header = read_header(path.at(frame), shot.plate->layer());
            shot.info.plate_data = shrink(header.data, shot.info.proxy);
            shot.info.plate_display = shrink(header.display, shot.info.proxy);
            plan.plate_channels = header.channels;
            return;
        } catch (const Error& error) {
            if (!damage)
                damage = error;
        }
    }
    if (damage)
        faults.add(*damage);
    else
        faults.add(shot.plate_params->error(
            "path", fmt::format("no frame of the plate '{}' is on disk in {} (found: {})", path.pattern().string(),
                                format_frame_range(shot.info.frames), format_frame_range(path.find_frames()))));
}

std::vector<std::string> stage_names(const StageRegistry& registry)
{
    std::vector<std::string> names;
    for (const StageType& type : registry.all())
        names.push_back(type.name);
    return names;
}

/// The type of a stage, found or started; nothing, and a fault, when there is none.
const StageType* find_type(Plan& plan, const StageEntry& entry, const StageRegistry& registry, const plugin::Trust& trust,
                           Faults& faults)
{
    if (const StageType* type = registry.find(entry.use))
        return type;
    if (split_external(entry.use).kind.empty()) {
        faults.add(at(entry.origin, fmt::format("there is no stage '{}' (there are: {})", entry.use,
                                                join_with_and(stage_names(registry))),
                      did_you_mean(entry.use, stage_names(registry))));
        return nullptr;
    }
    try {
        plan.external.push_back(plugin::external_stage(entry.use, entry.table, plan.shot.manifest.folder, trust));
        return plan.external.back().get();
    } catch (const Error& error) {
        for (const std::string& fault : error.faults())
            faults.add(at(entry.origin, fault));
        return nullptr;
    }
}

/// Makes one stage; whatever is wrong with it becomes a fault and nothing is made.
void plan_stage(Plan& plan, const StageEntry& entry, const StageRegistry& registry, const plugin::Trust& trust,
                Faults& faults)
{
    const StageType* type = find_type(plan, entry, registry, trust, faults);
    if (!type)
        return;
    Faults own;
    PlannedStage planned;
    planned.type = type;
    planned.params = Params::check(entry.table, type->params, fmt::format("stage '{}'", type->name),
                                   plan.shot.manifest.folder, own);
    if (own.empty()) {
        try {
            planned.external = plugin::external_parts(entry.table, plan.shot.manifest.folder, trust);
            planned.stage = registry.make(*type, planned.params, plan.shot.info);
            planned.use = planned.stage->layers();
        } catch (const Error& error) {
            own.add(error);
        }
    }
    for (const std::string& fault : own.all())
        faults.add(fault);
    if (own.empty())
        plan.stages.push_back(std::move(planned));
}

/// Every layer that is read must be there by then, and none is replaced by one that does not build on it.
void check_layers(const Plan& plan, Faults& faults)
{
    std::vector<std::string> there{"plate"}, given;
    const auto is_there = [&](const std::string& layer) {
        return std::find(there.begin(), there.end(), layer) != there.end();
    };
    for (const PlannedStage& planned : plan.stages) {
        for (const LayerUse::Read& read : planned.use.reads)
            if (!read.optional && !is_there(read.layer))
                faults.add(at(read.origin,
                              fmt::format("stage '{}' reads layer '{}', which nothing before it writes (there "
                                          "are: {})",
                                          planned.type->name, read.layer, join_with_and(there)),
                              did_you_mean(read.layer, there)));
        for (const LayerUse::Read& take : planned.use.takes)
            if (!take.optional && std::ranges::find(given, take.layer) == given.end())
                faults.add(at(take.origin, fmt::format("stage '{0}' needs a '{1}', and no stage before it makes one",
                                                       planned.type->name, take.layer),
                              fmt::format("put the stage that makes a '{}' before it", take.layer)));
        given.insert(given.end(), planned.use.gives.begin(), planned.use.gives.end());
        for (const std::string& layer : planned.use.writes) {
            const auto reads_it = [&](const LayerUse::Read& read) { return read.layer == layer; };
            const bool builds_on_it = std::any_of(planned.use.reads.begin(), planned.use.reads.end(), reads_it);
            if (!is_there(layer))
                there.push_back(layer);
            else if (!builds_on_it && layer != "generated")
                faults.add(at(planned.params.origin(),
                              fmt::format("stage '{}' writes layer '{}' again without reading it, so the first "
                                          "one would be lost",
                                          planned.type->name, layer)));
        }
    }
    const Output& output = plan.shot.output;
    if (!output.params)
        return;
    for (const std::string& aov : output.aovs)
        if (!is_there(aov))
            faults.add(output.params->error(
                "aovs", fmt::format("output.aovs names layer '{}', which no stage writes", aov),
                did_you_mean(aov, there)));
    if (output.layer == "generated")
        faults.add(output.params->error("layer", "output.layer cannot be 'generated', which is always written"));
    else if (!is_there(output.layer) && output.layer != "comp")
        faults.add(output.params->error("layer",
                                        fmt::format("output.layer is '{}', which no stage writes", output.layer),
                                        did_you_mean(output.layer, there)));
}

/// "comp" is what people mean by the result; a shot without one writes the plate.
std::string result_layer(const Plan& plan)
{
    if (plan.shot.output.layer != "comp")
        return plan.shot.output.layer;
    for (const PlannedStage& planned : plan.stages)
        if (std::count(planned.use.writes.begin(), planned.use.writes.end(), "comp"))
            return "comp";
    return "plate";
}

/// A frame lets go of a layer after the last stage that reads or writes it.
void note_last_uses(Plan& plan)
{
    for (PlannedStage& planned : plan.stages)
        planned.last_use.clear();
    std::set<std::string> kept{plan.result, generated_layer(plan)};
    kept.insert(plan.shot.output.aovs.begin(), plan.shot.output.aovs.end());
    std::map<std::string, PlannedStage*> last;
    for (PlannedStage& planned : plan.stages) {
        for (const LayerUse::Read& read : planned.use.reads)
            last[read.layer] = &planned;
        for (const std::string& layer : planned.use.writes)
            last[layer] = &planned;
    }
    for (const auto& [layer, planned] : last)
        if (!kept.contains(layer))
            planned->last_use.push_back(layer);
}

}  // namespace

std::string generated_layer(const Plan& plan)
{
    return generated_layer(plan.result);
}

std::optional<std::int64_t> seed_of(const PlannedStage& planned)
{
    const auto is_seed = [](const ParamSpec& spec) { return spec.name == "seed" && spec.type == ParamType::integer; };
    if (std::ranges::none_of(planned.type->params, is_seed) || !planned.params.has("seed"))
        return std::nullopt;
    return planned.params.integer("seed");
}

void keep_what_makes_the_result(Plan& plan)
{
    std::set<std::string> needed{plan.result, generated_layer(plan)};
    needed.insert(plan.shot.output.aovs.begin(), plan.shot.output.aovs.end());
    std::vector<PlannedStage> kept;
    for (auto planned = plan.stages.rbegin(); planned != plan.stages.rend(); ++planned) {
        const auto is_needed = [&](const std::string& name) { return needed.contains(name); };
        if (std::ranges::none_of(planned->use.writes, is_needed) && std::ranges::none_of(planned->use.gives, is_needed))
            continue;
        for (const auto* uses : {&planned->use.reads, &planned->use.takes})
            for (const LayerUse::Read& use : *uses)
                needed.insert(use.layer);
        kept.push_back(std::move(*planned));
    }
    std::ranges::reverse(kept);
    plan.stages = std::move(kept);
    note_last_uses(plan);
}

std::unique_ptr<Plan> make_plan(Manifest manifest, int proxy, const StageRegistry& registry, Faults& faults,
                                const plugin::Trust& trust)
{
    auto plan = std::make_unique<Plan>();
    Faults found;
    plan->shot = read_shot(std::move(manifest), proxy, found);
    read_plate_format(*plan, found);
    for (const StageEntry& entry : plan->shot.stages)
        plan_stage(*plan, entry, registry, trust, found);

    // Without all of its stages, complaints about layers would only repeat what was said.
    if (plan->stages.size() == plan->shot.stages.size())
        check_layers(*plan, found);
    for (const std::string& fault : in_file_order(found.all(), plan->shot.manifest))
        faults.add(fault);
    plan->result = result_layer(*plan);
    note_last_uses(*plan);
    return plan;
}

}  // namespace platefall
