/// The plan: a shot with its stages made and checked against each other, before the first frame.
#pragma once

#include "base/hash.h"
#include "plugin/external_stages.h"
#include "shot/shot.h"

#include <platefall/stage.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

struct PlannedStage {
    const StageType* type = nullptr;
    Params params;
    std::unique_ptr<Stage> stage;
    LayerUse use;
    std::vector<plugin::ExternalPart> external;   ///< what its parameters name of code and models
    std::vector<std::string> last_use;   ///< layers that nobody needs once this stage is done
    Digest prepare_key;                  ///< of everything that prepare() depends on; set by prepare_stages()
    double prepare_seconds = 0;          ///< what prepare() took
    bool prepared_anew = false;          ///< and whether it had to make anything
    std::map<std::string, std::filesystem::path> given;   ///< folders for the stages after it; set by prepare_stages()
};

/// Not copied and not moved: frames and stages point into it. The registry must outlive it.
struct Plan {
    Shot shot;
    std::vector<std::unique_ptr<StageType>> external;   ///< types of stages that are not in the registry
    std::vector<PlannedStage> stages;
    std::string result;                  ///< the layer that is written
    std::vector<Channel> plate_channels; ///< of the frame that the plate's size comes from

    Plan() = default;
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
};

/// Reads the manifest's meaning, the plate's size and every stage's parameters, and checks that each layer is
/// written before it is read. All faults are collected; with any, the plan is not to be rendered. Code from outside is
/// started only if it is trusted.
std::unique_ptr<Plan> make_plan(Manifest manifest, int proxy, const StageRegistry& registry, Faults& faults,
                                const plugin::Trust& trust = {});

/// Leaves out the stages that do nothing for the result: neither it nor anything that it is made from is theirs.
void keep_what_makes_the_result(Plan& plan);

/// The layer that says how much of the result was generated; a frame need not have it.
std::string generated_layer(const Plan& plan);

/// The stage's own seed; nothing when it has none.
std::optional<std::int64_t> seed_of(const PlannedStage& planned);

/// Calls prepare() of every stage in order. Throws what they throw, naming the stage.
void prepare_stages(Plan& plan, class Fingerprints& fingerprints,
                    const std::function<void(const std::string& doing, double fraction)>& progress);

}  // namespace platefall
