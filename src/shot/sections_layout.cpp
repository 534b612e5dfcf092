#include "shot/sections_layout.h"

#include "base/spelling.h"

#include <algorithm>
#include <utility>

namespace platefall {
namespace {

using List = ParamValue::List;

/// Layers that a shot always has under these names.
constexpr const char* kReservedLayers[] = {"plate", "generated", "comp"};

std::vector<std::string> top_level_names()
{
    std::vector<std::string> names;
    for (const ManifestSection& section : manifest_sections())
        names.push_back(section.name);
    for (const NamedStageTable& named : named_stage_tables())
        names.push_back(named.name);
    names.push_back("stage");
    return names;
}

/// "'fps' belongs in [shot]", when just one section has such a key.
std::string belongs_in(const std::string& key)
{
    std::string home;
    for (const ManifestSection& section : manifest_sections())
        for (const ParamSpec& spec : section.params)
            if (spec.name == key)
                home += (home.empty() ? "[" : " or [") + section.name + "]";
    return home.empty() ? "" : "'" + key + "' belongs in " + home;
}

void refuse_unknown(const ParamEntry& entry, Faults& faults)
{
    const bool is_table = std::holds_alternative<ParamTable>(entry.value.data);
    std::string hint = is_table ? did_you_mean(entry.key, top_level_names()) : belongs_in(entry.key);
    if (hint.empty())
        hint = "a manifest has the tables " + join_with_and(top_level_names());
    faults.add(
        at(entry.key_origin,
           std::string("unknown ") + (is_table ? "table" : "key") + " '" + entry.key + "' at the top level",
           hint));
}

class Layout {
public:
    explicit Layout(Faults& faults) : faults_(faults) {}

    void take(const ParamEntry& entry)
    {
        for (const ManifestSection& section : manifest_sections())
            if (section.name == entry.key)
                return take_section(entry);
        for (const NamedStageTable& named : named_stage_tables())
            if (named.name == entry.key)
                return take_named_stages(entry, named);
        if (entry.key == "stage")
            return take_stages(entry);
        refuse_unknown(entry, faults_);
    }

    ManifestLayout result()
    {
        std::stable_sort(named_.begin(), named_.end(), [](const StageEntry& a, const StageEntry& b) {
            return std::pair(a.origin.line, a.origin.column) < std::pair(b.origin.line, b.origin.column);
        });
        layout_.stages = std::move(named_);
        layout_.stages.insert(layout_.stages.end(), listed_.begin(), listed_.end());
        return std::move(layout_);
    }

private:
    void refuse_form(const ParamEntry& entry, const std::string& form)
    {
        faults_.add(at(entry.key_origin, "'" + entry.key + "' must be written as " + form));
    }

    void take_section(const ParamEntry& entry)
    {
        const auto* table = std::get_if<ParamTable>(&entry.value.data);
        layout_.sections[entry.key] = table;  // a faulty one is there too, so that it is not missing as well
        if (!table)
            refuse_form(entry, "a table [" + entry.key + "]");
    }

    void take_named_stages(const ParamEntry& entry, const NamedStageTable& named)
    {
        const auto* tables = std::get_if<ParamTable>(&entry.value.data);
        const std::string form = "tables [" + named.name + ".NAME]";
        if (!tables)
            return refuse_form(entry, form);
        for (const ParamEntry& inner : tables->entries) {
            const auto* table = std::get_if<ParamTable>(&inner.value.data);
            if (!table)
                faults_.add(at(inner.key_origin, "'" + inner.key + "' stands in [" + named.name
                                                     + "], which holds only " + form));
            else if (is_good_name(inner, named))
                named_.push_back(named_stage(inner, *table, named));
        }
    }

    bool is_good_name(const ParamEntry& entry, const NamedStageTable& named)
    {
        const std::string what = "[" + named.name + "." + entry.key + "]";
        if (!is_plain_name(entry.key, "_-")) {
            faults_.add(at(entry.key_origin, what + ": a name has letters, digits, '_' and '-' only"));
            return false;
        }
        const bool reserved = std::any_of(std::begin(kReservedLayers), std::end(kReservedLayers),
                                          [&](const char* name) { return entry.key == name; });
        if (named.name == "layer" && reserved) {
            faults_.add(at(entry.key_origin, what + ": the shot has a layer '" + entry.key + "' already",
                           "choose another name"));
            return false;
        }
        return true;
    }

    StageEntry named_stage(const ParamEntry& entry, const ParamTable& table, const NamedStageTable& named)
    {
        StageEntry stage{named.use, entry.key_origin, table};
        if (const ParamEntry* name = table.find("name")) {
            faults_.add(at(name->key_origin, "'name' is not needed here",
                           "the table's own name is '" + entry.key + "'"));
            stage.table.find("name")->value = {entry.key, entry.key_origin};
        } else {
            stage.table.entries.insert(stage.table.entries.begin(),
                                       {"name", entry.key_origin, {entry.key, entry.key_origin}});
        }
        return stage;
    }

    void take_stages(const ParamEntry& entry)
    {
        const auto* list = std::get_if<List>(&entry.value.data);
        if (!list)
            return refuse_form(entry, "tables [[stage]], in double brackets");
        for (const ParamValue& element : *list) {
            if (const auto* table = std::get_if<ParamTable>(&element.data))
                take_stage(*table);
            else
                faults_.add(at(element.origin, "'stage' must be written as tables [[stage]]"));
        }
    }

    void take_stage(const ParamTable& table)
    {
        const ParamEntry* use = table.find("use");
        if (!use) {
            faults_.add(
                at(table.origin, "[[stage]] needs 'use'", "it names the stage, as in use = \"comp\""));
            return;
        }
        const auto* name = std::get_if<std::string>(&use->value.data);
        if (!name) {
            faults_.add(at(use->value.origin, "'use' must be a string", "as in use = \"comp\""));
            return;
        }
        StageEntry stage{*name, use->value.origin, table};
        std::erase_if(stage.table.entries, [](const ParamEntry& entry) { return entry.key == "use"; });
        listed_.push_back(std::move(stage));
    }

    Faults& faults_;
    ManifestLayout layout_;
    std::vector<StageEntry> named_, listed_;
};

/// A required section that is there under a misspelled name is reported once, as the misspelling.
void report_missing_sections(const ParamTable& root, Faults& faults)
{
    const std::vector<std::string> known = top_level_names();
    for (const ManifestSection& section : manifest_sections()) {
        const bool found =
            std::any_of(root.entries.begin(), root.entries.end(), [&](const ParamEntry& entry) {
                const bool misspelled = std::find(known.begin(), known.end(), entry.key) == known.end()
                                        && std::holds_alternative<ParamTable>(entry.value.data)
                                        && nearest(entry.key, known) == section.name;
                return entry.key == section.name || misspelled;
            });
        if (section.required && !found)
            faults.add(at({root.origin.file, 0, 0, ""}, "the manifest needs a table [" + section.name + "]"));
    }
}

}  // namespace

ManifestLayout lay_out(const ParamTable& root, Faults& faults)
{
    Layout layout(faults);
    for (const ParamEntry& entry : root.entries)
        layout.take(entry);
    report_missing_sections(root, faults);
    return layout.result();
}

bool is_plain_name(const std::string& name, std::string_view others)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_digit = c >= '0' && c <= '9';
        return is_letter || is_digit || others.find(c) != std::string_view::npos;
    });
}

}  // namespace platefall
