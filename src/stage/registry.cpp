#include <platefall/stage.h>

#include "base/spelling.h"

#include <algorithm>
#include <stdexcept>

namespace platefall {
namespace {

/// A declaration that contradicts itself would mislead the check, the schema and the documentation alike.
void require_sound(const ParamSpecs& specs, const std::string& where)
{
    std::vector<std::string> names;
    for (const ParamSpec& spec : specs) {
        const std::string what = where + "." + spec.name;
        if (std::find(names.begin(), names.end(), spec.name) != names.end())
            throw std::logic_error(what + " is declared twice");
        if (spec.help.empty())
            throw std::logic_error(what + " has no help");
        names.push_back(spec.name);
        require_sound(spec.fields, what);

        if (!spec.fallback)
            continue;
        Faults faults;
        Params::check(ParamTable{{ParamEntry{spec.name, {}, *spec.fallback}}, {}}, {spec}, where, {}, faults);
        if (!faults.empty())
            throw std::logic_error(what + " has a fallback that it would refuse: " + faults.all().front());
    }
}

}  // namespace

void StageRegistry::add(StageType type)
{
    if (find(type.name))
        throw std::logic_error("stage '" + type.name + "' is registered twice");
    require_sound(type.params, type.name);
    types_.push_back(std::move(type));
}

const StageType* StageRegistry::find(std::string_view name) const noexcept
{
    const auto found =
        std::find_if(types_.begin(), types_.end(), [&](const StageType& type) { return type.name == name; });
    return found == types_.end() ? nullptr : &*found;
}

std::unique_ptr<Stage> StageRegistry::make(const StageType& type, const Params& params,
                                           const ShotInfo& shot) const
{
    std::unique_ptr<Stage> stage = type.make(params, shot);
    if (const std::vector<std::string> unread = params.unread(); !unread.empty())
        throw std::logic_error("stage '" + type.name + "' never reads " + join_with_and(unread));
    return stage;
}

}  // namespace platefall
