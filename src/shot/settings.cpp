#include "shot/setting.h"

#include "base/spelling.h"
#include "shot/shot.h"
#include "shot/toml_tree.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace platefall {
namespace {

using List = ParamValue::List;

/// One table that --set can reach, and the name it has there.
struct Target {
    std::string name;
    ParamTable* table;
};

std::string use_of(const ParamTable& stage)
{
    const ParamEntry* use = stage.find("use");
    const auto* name = use ? std::get_if<std::string>(&use->value.data) : nullptr;
    return name ? *name : "";
}

/// Stages by their `use`, each as often as it is there.
std::vector<Target> stage_targets(ParamValue& stages)
{
    std::vector<Target> targets;
    auto* list = std::get_if<List>(&stages.data);
    if (!list)
        return targets;
    for (ParamValue& element : *list)
        if (auto* stage = std::get_if<ParamTable>(&element.data); stage && !use_of(*stage).empty())
            targets.push_back({use_of(*stage), stage});
    return targets;
}

/// Tables by name, those inside [matte] and [layer] as matte.NAME and layer.NAME.
std::vector<Target> table_targets(ParamTable& root)
{
    std::vector<Target> targets;
    for (ParamEntry& entry : root.entries) {
        auto* table = std::get_if<ParamTable>(&entry.value.data);
        if (!table)
            continue;
        targets.push_back({entry.key, table});
        for (ParamEntry& inner : table->entries)
            if (auto* inner_table = std::get_if<ParamTable>(&inner.value.data))
                targets.push_back({entry.key + "." + inner.key, inner_table});
    }
    return targets;
}

/// "comp#2" as "comp" and 2; 0 when there is no number.
std::pair<std::string, std::size_t> split_number(const std::string& name)
{
    const std::size_t hash = name.rfind('#');
    if (hash == std::string::npos)
        return {name, 0};
    std::size_t number = 0;
    const char* end = name.data() + name.size();
    const auto [stop, status] = std::from_chars(name.data() + hash + 1, end, number);
    if (status != std::errc() || stop != end || number == 0)
        return {name, 0};
    return {name.substr(0, hash), number};
}

ParamTable* find_stage(const std::vector<Target>& stages, const std::string& name, const Origin& origin,
                       Faults& faults)
{
    const auto [use, number] = split_number(name);
    std::vector<ParamTable*> found;
    for (const Target& stage : stages)
        if (stage.name == use)
            found.push_back(stage.table);

    if (found.empty())
        return nullptr;
    if (number == 0 && found.size() > 1) {
        faults.add(at(origin, "there are " + std::to_string(found.size()) + " stages '" + use + "'",
                      "say which one, as in '" + use + "#2'"));
        return nullptr;
    }
    if (number > found.size()) {
        faults.add(at(origin, "there is no stage '" + name + "'",
                      "there "
                          + (found.size() == 1 ? std::string("is 1") : "are " + std::to_string(found.size()))
                          + " with use = '" + use + "'"));
        return nullptr;
    }
    return found[number == 0 ? 0 : number - 1];
}

ParamTable& add_table(ParamTable& root, const std::string& name, const Origin& origin)
{
    root.entries.push_back({name, origin, {ParamTable{{}, origin}, origin}});
    return std::get<ParamTable>(root.entries.back().value.data);
}

ParamTable* find_table(ParamTable& root, const std::string& name, const Origin& origin, Faults& faults)
{
    std::vector<Target> targets = table_targets(root);
    for (const Target& target : targets)
        if (target.name == name)
            return target.table;

    std::vector<Target> stages;
    if (ParamEntry* entry = root.find("stage"))
        stages = stage_targets(entry->value);
    const std::size_t faults_before = faults.all().size();
    if (ParamTable* stage = find_stage(stages, name, origin, faults))
        return stage;
    if (faults.all().size() > faults_before)
        return nullptr;

    for (const ManifestSection& section : manifest_sections())
        if (section.name == name)
            return &add_table(root, name, origin);

    targets.insert(targets.end(), stages.begin(), stages.end());
    std::vector<std::string> names;
    for (const Target& target : targets)
        names.push_back(target.name);
    faults.add(at(origin, "the manifest has no table or stage '" + name + "'", did_you_mean(name, names)));
    return nullptr;
}

void set_origin(ParamValue& value, const Origin& origin)
{
    value.origin = origin;
    if (auto* list = std::get_if<List>(&value.data))
        for (ParamValue& element : *list)
            set_origin(element, origin);
    if (auto* table = std::get_if<ParamTable>(&value.data)) {
        table->origin = origin;
        for (ParamEntry& entry : table->entries) {
            entry.key_origin = origin;
            set_origin(entry.value, origin);
        }
    }
}

}  // namespace

ParamValue parse_setting_value(const std::string& text, bool wants_string, const Origin& origin)
{
    ParamValue value{text, origin};
    try {
        const ParamTable table = parse_toml("value = " + text, "");
        const bool is_string = std::holds_alternative<std::string>(table.entries.front().value.data);
        if (table.entries.size() == 1 && (is_string || !wants_string))
            value = table.entries.front().value;
    } catch (const Error&) {
        // Not TOML: a bare word, as most paths and names are.
    }
    set_origin(value, origin);
    return value;
}

SettingPlace find_setting(ParamTable& root, const std::string& name, const Origin& origin, Faults& faults)
{
    const std::size_t dot = name.rfind('.');
    ParamTable* table = find_table(root, name.substr(0, dot), origin, faults);
    const std::string key = name.substr(dot + 1);
    return {table, key, table ? table->find(key) : nullptr};
}

bool is_setting_name(const std::string& name)
{
    const std::size_t dot = name.rfind('.');
    return dot != std::string::npos && dot > 0 && dot + 1 < name.size();
}

void apply_setting(Manifest& manifest, const std::string& setting, Faults& faults, const std::string& said_by)
{
    manifest.settings.push_back(setting);
    const Origin origin{said_by.empty() ? "--set " + setting : said_by, 0, 0, ""};
    const std::size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    if (equals == std::string::npos || !is_setting_name(name)) {
        faults.add(at(origin, "must have the form 'table.key=value'", "for example 'collapse.seed=3'"));
        return;
    }

    const SettingPlace place = find_setting(manifest.root, name, origin, faults);
    if (!place.table)
        return;
    const bool wants_string = place.entry && std::holds_alternative<std::string>(place.entry->value.data);
    ParamValue value = parse_setting_value(setting.substr(equals + 1), wants_string, origin);
    if (place.entry)
        place.entry->value = std::move(value);
    else
        place.table->entries.push_back({place.key, origin, std::move(value)});
}

}  // namespace platefall
