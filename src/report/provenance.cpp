#include "report/provenance.h"

#include "base/files.h"
#include "pipeline/frame_key.h"
#include "pipeline/frame_record.h"
#include "pipeline/output.h"
#include "scene/curves.h"

#include <platefall/version.h>

#include <algorithm>
#include <optional>

namespace platefall {
namespace {

using nlohmann::json;

/// The stage of the last sidecar that was prepared from the same.
const json* same_stage(const json& before, std::size_t index, const std::string& prepare_key)
{
    const json* stages = before.is_object() && before.contains("stages") ? &before["stages"] : nullptr;
    if (!stages || !stages->is_array() || index >= stages->size())
        return nullptr;
    const json& stage = (*stages)[index];
    return stage.value("/prepare/key"_json_pointer, "") == prepare_key ? &stage : nullptr;
}

json stage_of(const PlannedStage& planned, std::size_t index, const json& before)
{
    const std::string key = planned.prepare_key.hex();
    json prepare{{"key", key}, {"seconds", planned.prepare_seconds}, {"anew", planned.prepared_anew}};
    // That it lay in the cache this time says nothing of what it took to make it.
    if (const json* last = planned.prepared_anew ? nullptr : same_stage(before, index, key))
        prepare = last->at("prepare");
    json stage{{"name", planned.type->name},
               {"version", planned.type->version},
               {"summary", planned.type->summary},
               {"layers", planned.use.writes},
               {"parameters", planned.params.canonical()},
               {"prepare", prepare}};
    if (!planned.type->fingerprint.empty())
        stage["fingerprint"] = planned.type->fingerprint;
    if (const auto seed = seed_of(planned))
        stage["seed"] = *seed;
    return stage;
}

const Provenance::Model* statement_about(const Provenance& provenance, const std::string& part)
{
    const auto named = [&](const Provenance::Model& model) {
        return part.ends_with(std::filesystem::path(model.name).filename().string());
    };
    const auto found = std::ranges::find_if(provenance.models, named);
    return found == provenance.models.end() ? nullptr : &*found;
}

json external_part(const std::string& name, const std::string& fingerprint, const Provenance& provenance)
{
    const Provenance::Model* stated = statement_about(provenance, name);
    return {{"name", name},
            {"content", fingerprint},
            {"declared", stated != nullptr},
            {"licence", stated ? stated->licence : ""},
            {"training_data", stated ? stated->training_data : ""},
            {"source", stated ? stated->source : ""}};
}

/// Code and models from outside.
json external_of(const Plan& plan)
{
    json list = json::array();
    for (const PlannedStage& planned : plan.stages) {
        if (!planned.type->fingerprint.empty())
            list.push_back(external_part(planned.type->name, planned.type->fingerprint, plan.shot.provenance));
        for (const plugin::ExternalPart& part : planned.external)
            list.push_back(external_part(part.name, part.fingerprint, plan.shot.provenance));
    }
    return list;
}

json frame_of(const Plan& plan, Fingerprints& fingerprints, int number)
{
    json frame{{"frame", number}, {"file", plan.shot.output.path.at(number).filename().string()}};
    const std::optional<Marks> marks = read_marks(plan, number);
    if (!marks) {
        frame["state"] = "missing";
        return frame;
    }
    frame["key"] = marks->key;
    const bool current = marks->key == frame_key(plan, fingerprints, number).hex();
    const auto record = read_record(plan, number);
    const bool recorded = record && record->key == marks->key;
    frame["state"] = !current ? "out of date" : recorded ? "good" : "unrecorded";
    if (recorded)
        frame.update(json::parse(as_json(*record)));
    return frame;
}

json mean_origins(const json& frames)
{
    json mean = json::object();
    double count = 0;
    for (const json& frame : frames)
        if (frame.contains("origins")) {
            for (const auto& [name, share] : frame["origins"].items())
                mean[name] = mean.value(name, 0.0) + share.get<double>();
            ++count;
        }
    for (auto& share : mean)
        share = share.get<double>() / count;
    return mean;
}

json curves_of(const Plan& plan, const json& before)
{
    json curves = json::array();
    bool prepared = false;
    for (const PlannedStage& planned : plan.stages)
        for (const auto& [name, folder] : planned.given) {
            prepared = true;
            for (const Curve& curve : load_curves(folder))
                curves.push_back({{"name", curve.name}, {"unit", curve.unit}, {"first_frame", curve.first_frame},
                                  {"values", curve.values}});
        }
    return !prepared && before.is_object() ? before.value("curves", curves) : curves;
}

json answers_of(const Provenance& provenance)
{
    return {{"unowned_material", provenance.unowned_material},
            {"keeps_inputs", provenance.keeps_inputs},
            {"secured_environment", provenance.secured_environment},
            {"talent", provenance.talent}};
}

}  // namespace

json provenance(const Plan& plan, Fingerprints& fingerprints, const json& before)
{
    const Shot& shot = plan.shot;
    json stages = json::array(), frames = json::array();
    for (std::size_t i = 0; i < plan.stages.size(); ++i)
        stages.push_back(stage_of(plan.stages[i], i, before));
    for (const int frame : shot.info.frames)
        frames.push_back(frame_of(plan, fingerprints, frame));
    return {{"platefall", PLATEFALL_VERSION},
            {"shot", shot.info.name},
            {"version", shot.version},
            {"fps", shot.info.fps},
            {"written", time_now()},
            {"approval", shot.provenance.is_final ? "final" : "temp"},
            {"operator", shot.provenance.operator_name},
            {"manifest", {{"file", shot.manifest.path.filename().string()},
                          {"content", shot.manifest.content.hex()},
                          {"settings", shot.manifest.settings},
                          {"proxy", shot.info.proxy}}},
            {"colorspace", {{"working", shot.info.colorspace}, {"plate", shot.plate_colorspace}, {"output", shot.output.colorspace}}},
            {"seed", shot.info.seed},
            {"result", plan.result},
            {"stages", stages},
            {"external", external_of(plan)},
            {"answers", answers_of(shot.provenance)},
            {"frames", frames},
            {"origins", mean_origins(frames)},
            {"curves", curves_of(plan, before)}};
}

json read_provenance(const std::filesystem::path& file)
try {
    std::error_code none;
    return std::filesystem::exists(file, none) ? json::parse(read_text_file(file)) : json();
} catch (const std::exception&) {
    return {};   // half-written by hand, or something else's: it is made anew
}

}  // namespace platefall
