#include "base/stop.h"
#include "cache/fingerprints.h"
#include "cache/store.h"
#include "pipeline/frame_key.h"
#include "pipeline/plan.h"
#include "pipeline/render_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace platefall {
namespace {

using Report = std::function<void(const std::string& doing, double fraction)>;

class Context final : public PrepareContext {
public:
    Context(Plan& plan, std::size_t stage, const Report& report)
        : plan_(plan), stage_(stage), store_(plan.shot.cache_folder), report_(report)
    {
    }

    const ShotInfo& shot() const override { return plan_.shot.info; }

    Frame plate(int number) const override
    {
        const std::vector<int> frames = planned().stage->prepare_frames();
        if (std::find(frames.begin(), frames.end(), number) == frames.end())
            throw std::logic_error(fmt::format("stage '{}' prepares from frame {}, which is not among its "
                                               "prepare_frames()",
                                               planned().type->name, number));
        return read_plate(plan_.shot, number);
    }

    Frame upstream(int number) const override
    {
        Frame frame = plate(number);
        run_stages(plan_, frame, stage_);
        return frame;
    }

    std::optional<std::filesystem::path> cached() const override
    {
        return store_.find(planned().type->name, planned().prepare_key);
    }

    std::filesystem::path store(const std::function<void(const std::filesystem::path&)>& fill) const override
    {
        plan_.stages[stage_].prepared_anew = true;
        return store_.put(planned().type->name, planned().prepare_key, fill);
    }

    std::filesystem::path part(const std::string& name, const std::string& made_from,
                               const std::function<void(const std::filesystem::path&)>& fill) const override
    {
        const std::string kind = planned().type->name + "." + name;
        const Digest key = Hasher().text(kind).number(planned().type->version).text(made_from).result();
        if (const auto kept = store_.find(kind, key))
            return *kept;
        plan_.stages[stage_].prepared_anew = true;
        return store_.put(kind, key, fill);
    }

    void give(const std::string& name, const std::filesystem::path& folder) const override
    {
        if (std::ranges::find(planned().use.gives, name) == planned().use.gives.end())
            throw std::logic_error(fmt::format("stage '{}' gives '{}', which it did not declare", planned().type->name, name));
        plan_.stages[stage_].given[name] = folder;
    }

    /// Of the nearest stage before this one.
    std::optional<std::filesystem::path> taken(const std::string& name) const override
    {
        for (std::size_t i = stage_; i-- > 0;)
            if (const auto found = plan_.stages[i].given.find(name); found != plan_.stages[i].given.end())
                return found->second;
        return std::nullopt;
    }

    void progress(double fraction, const std::string& doing) const override
    {
        check_stop();
        report_(fmt::format("{}: {}", planned().type->name, doing), fraction);
    }

private:
    const PlannedStage& planned() const { return plan_.stages[stage_]; }

    Plan& plan_;
    const std::size_t stage_;
    const Store store_;
    const Report& report_;
};

}  // namespace

void prepare_stages(Plan& plan, Fingerprints& fingerprints, const Report& report)
{
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        check_stop();
        PlannedStage& planned = plan.stages[i];
        const auto start = std::chrono::steady_clock::now();
        try {
            planned.prepare_key = prepare_key(plan, fingerprints, i);
            planned.stage->prepare(Context(plan, i, report));
        } catch (const Error& error) {
            throw Error(fmt::format("preparing stage '{}': {}", planned.type->name, error.what()));
        }
        planned.prepare_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
}

}  // namespace platefall
