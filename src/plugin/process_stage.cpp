#include "plugin/process_stage.h"

#include "plugin/carriage.h"
#include "plugin/weights.h"
#include "shot/sequence_path.h"
#include "stage/generated_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <utility>

namespace platefall::plugin {
namespace fs = std::filesystem;
namespace {

class ProcessStage final : public Stage {
public:
    ProcessStage(std::shared_ptr<Peer> peer, const Description& description, const Params& params, const ShotInfo& shot)
        : peer_(std::move(peer)), pictures_(description.pictures), origin_(params.origin()), plate_(shot.plate_data)
    {
        const Json answer = peer_->tell({{"do", "configure"},
                                         {"params", params_json(params, description.params)},
                                         {"shot", shot_json(shot)}});
        refuse_error(answer, params, description.params);
        try {
            use_ = configuration_from(answer);
        } catch (const Error& error) {
            throw Error(at(origin_, fmt::format("stage '{}': {}", peer_->name(), error.what())));
        }
        for (const ParamSpec& spec : description.params)
            if (spec.type == ParamType::path && params.has(spec.name))
                files_.push_back({SequencePath(params.path(spec.name)), params.origin(spec.name)});
        weighed_ = layers_without_weight(use_.writes);
    }

    LayerUse layers() const override
    {
        LayerUse use{.reads = use_.reads, .writes = use_.writes};
        for (LayerUse::Read& read : use.reads)
            read.origin = origin_;
        for (const std::string& layer : weighed_) {
            use.writes.push_back(generated_layer(layer));
            use.reads.push_back({generated_layer(layer), origin_, true});
            use.reads.push_back({layer, origin_, true});
        }
        return use;
    }

    std::vector<InputFile> inputs(int frame) const override
    {
        std::vector<InputFile> inputs;
        for (const File& file : files_)
            if (!fs::is_directory(file.path.at(frame)))
                inputs.push_back({file.path.at(frame), file.origin, ""});
        return inputs;
    }

    std::vector<int> prepare_frames() const override { return use_.prepare_frames; }

    void prepare(const PrepareContext& context) override
    {
        if (!use_.prepares)
            return;
        const auto cached = context.cached();
        const fs::path folder = cached ? *cached : context.store([&](const fs::path& empty) { fill(context, empty); });
        refuse_error(peer_->tell({{"do", "prepared"}, {"folder", folder.string()}}));
    }

    void process(Frame& frame) const override
    {
        std::unique_ptr<Carriage> carriage = borrow_carriage();
        Json question{{"do", "process"}, {"frame", frame.number}, {"layers", put_layers(frame, *carriage)}};
        for (const std::string& layer : use_.writes)
            question["write"][layer] = carriage->room_for(layer);
        if (frame.shot->camera)
            question["camera"] = camera_json(frame.shot->camera(frame.number));
        const Json answer = peer_->ask(std::move(question));
        refuse_error(answer);
        take_layers(frame, *carriage);
        for (const Json& warning : answer.value("warnings", Json::array()))
            frame.warnings.push_back(fmt::format("{}: {}", peer_->name(), warning.get<std::string>()));
        give_back(std::move(carriage));
    }

    /// What travels is there twice; each layer taken to be as large as the plate with alpha.
    std::size_t scratch_bytes() const override
    {
        const std::size_t layer =
            static_cast<std::size_t>(plate_.width()) * static_cast<std::size_t>(plate_.height()) * 4 * sizeof(float);
        return layer * (use_.reads.size() + use_.writes.size());
    }

private:
    struct File {
        SequencePath path;
        Origin origin;
    };

    /// Says what the process said, at the parameter that it blames.
    void refuse_error(const Json& answer, const Params& params, const ParamSpecs& specs) const
    {
        const std::string blamed = answer.value("param", "");
        if (answer.contains("error") && std::ranges::find(specs, blamed, &ParamSpec::name) != specs.end())
            throw params.error(blamed, answer.value("error", ""));
        if (answer.contains("error"))
            throw Error(at(origin_, fmt::format("stage '{}': {}", peer_->name(), answer.value("error", ""))));
    }

    void refuse_error(const Json& answer) const
    {
        if (answer.contains("error"))
            throw Error(fmt::format("stage '{}': {}", peer_->name(), answer.value("error", "")));
    }

    Json put_layers(const Frame& frame, Carriage& carriage) const
    {
        Json layers = Json::object();
        for (const LayerUse::Read& read : use_.reads)
            if (frame.has(read.layer))
                layers[read.layer] = carriage.put(read.layer, frame.layer(read.layer));
        return layers;
    }

    /// All of them before the first is replaced, since a weight is known from what was there.
    void take_layers(Frame& frame, Carriage& carriage) const
    {
        std::vector<std::pair<std::string, Image>> written;
        for (const std::string& layer : use_.writes)
            try {
                written.emplace_back(layer,
                                     carriage.take(layer, frame.layer(frame.has(layer) ? layer : "plate").channels()));
            } catch (const Error& error) {
                throw Error(fmt::format("stage '{}', layer '{}': {}", peer_->name(), layer, error.what()));
            }
        for (std::size_t i = 0; i < use_.writes.size(); ++i)
            if (std::ranges::find(weighed_, use_.writes[i]) != weighed_.end())
                written.emplace_back(generated_layer(use_.writes[i]), weigh(frame, use_.writes[i], written[i].second));
        for (auto& [layer, image] : written)
            frame.set(layer, std::move(image));
    }

    void fill(const PrepareContext& context, const fs::path& folder) const
    {
        const std::unique_ptr<Carriage> carriage = make_carriage(pictures_);
        const Listener listener{
            .progress = [&](double fraction, const std::string& doing) { context.progress(fraction, doing); },
            .wish = [&](const Json& wish) { return grant(context, wish, *carriage); }};
        refuse_error(peer_->ask({{"do", "prepare"}, {"folder", folder.string()}}, listener));
    }

    Json grant(const PrepareContext& context, const Json& wish, Carriage& carriage) const
    {
        const int number = wish.value("frame", 0);
        if (std::ranges::find(use_.prepare_frames, number) == use_.prepare_frames.end())
            throw Error(fmt::format("frame {} is not among its prepare_frames", number));
        return {{"frame", number}, {"layers", put_layers(context.upstream(number), carriage)}};
    }

    std::unique_ptr<Carriage> borrow_carriage() const
    {
        const std::lock_guard lock(mutex_);
        if (idle_.empty())
            return make_carriage(pictures_);
        std::unique_ptr<Carriage> carriage = std::move(idle_.back());
        idle_.pop_back();
        return carriage;
    }

    /// Not after a failure: a process that still writes must not write into another frame.
    void give_back(std::unique_ptr<Carriage> carriage) const
    {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(carriage));
    }

    const std::shared_ptr<Peer> peer_;
    const Pictures pictures_;
    const Origin origin_;
    const Window plate_;
    Configuration use_;
    std::vector<File> files_;
    std::vector<std::string> weighed_;
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<Carriage>> idle_;
};

}  // namespace

StageType process_stage(std::shared_ptr<Peer> peer, const ParamSpecs& own, std::string fingerprint)
{
    const Json answer = peer->tell({{"do", "describe"}, {"protocol", kProtocolVersion}});
    Description description;
    try {
        if (answer.contains("error"))
            throw Error(answer.value("error", ""));
        description = description_from(answer);
        for (const ParamSpec& spec : own)
            if (std::ranges::find(description.params, spec.name, &ParamSpec::name) != description.params.end())
                throw Error(fmt::format("parameter '{}' is platefall's own; give it another name", spec.name));
    } catch (const Error& error) {
        throw Error(fmt::format("stage '{}': {}", peer->name(), error.what()));
    }
    peer->set_at_once(description.at_once);

    StageType type{.name = peer->name(),
                   .summary = description.summary,
                   .version = description.version,
                   .params = description.params,
                   .make = [peer, description, own](const Params& params, const ShotInfo& shot) {
                       params_json(params, own);   // they were read before the process was started
                       return std::make_unique<ProcessStage>(peer, description, params, shot);
                   },
                   .fingerprint = std::move(fingerprint)};
    type.params.insert(type.params.end(), own.begin(), own.end());
    return type;
}

}  // namespace platefall::plugin
