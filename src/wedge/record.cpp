#include "wedge/record.h"

#include "base/files.h"
#include "shot/manifest_edit.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace platefall::wedge {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

fs::path file_in(const fs::path& folder)
{
    return folder / "wedge.json";
}

const Variant& seen_variant(const Record& record, int number)
{
    const auto found = std::ranges::find(record.variants, number, &Variant::number);
    if (found == record.variants.end())
        throw Error(fmt::format("the wedge has no variant {}, only 1 to {}", number, record.variants.size()));
    if (std::ranges::count(record.seen, number) == 0)
        throw Error(fmt::format("variant {} ({}) has no picture yet; run the same wedge again to go on with it", number,
                                label(record.variations, found->values)));
    return *found;
}

/// What a person has typed since is not to be lost; what was picked before may change.
void refuse_changed_value(const Record& record, std::size_t variation, const std::string& text, const fs::path& manifest,
                          const std::string& picked)
{
    const auto& [key, values] = record.variations[variation];
    const std::optional<std::string> now = written_value(text, manifest, key);
    const auto is_written = [&](const std::string& value) {
        return written_value(with_value(text, manifest, key, value), manifest, key) == now;
    };
    if (now != record.before[variation] && !(now && std::ranges::any_of(values, is_written)))
        throw Error(fmt::format("{}: '{}' is {} by now, which the wedge has not tried; make the wedge again, or type by hand: "
                                "{} = {}",
                                manifest.string(), key, now.value_or("left out"), key.substr(key.rfind('.') + 1), picked));
}

}  // namespace

void write_record(const fs::path& folder, const Record& record)
{
    json variations = json::array(), variants = json::array();
    for (std::size_t i = 0; i < record.variations.size(); ++i)
        variations.push_back({{"key", record.variations[i].key},
                              {"values", record.variations[i].values},
                              {"before", record.before[i] ? json(*record.before[i]) : json(nullptr)}});
    for (const Variant& variant : record.variants)
        variants.push_back({{"number", variant.number}, {"values", variant.values}});
    const json all{{"variations", variations}, {"variants", variants}, {"seen", record.seen}};
    write_file_atomically(file_in(folder), all.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

std::optional<Record> read_record(const fs::path& folder)
{
    std::error_code none;
    if (!fs::exists(file_in(folder), none))
        return std::nullopt;
    try {
        const json all = json::parse(read_text_file(file_in(folder)));
        Record record;
        for (const json& variation : all.at("variations")) {
            record.variations.push_back({variation.at("key"), variation.at("values")});
            const json& before = variation.at("before");
            record.before.push_back(before.is_null() ? std::nullopt : std::optional(before.get<std::string>()));
        }
        for (const json& variant : all.at("variants"))
            record.variants.push_back({variant.at("number"), variant.at("values")});
        for (const Variant& variant : record.variants)
            if (variant.values.size() != record.variations.size())
                throw Error(fmt::format("'{}' is damaged; make the wedge again", file_in(folder).string()));
        record.seen = all.at("seen").get<std::vector<int>>();
        return record;
    } catch (const json::exception& error) {
        throw Error(fmt::format("'{}' is damaged ({}); make the wedge again", file_in(folder).string(), error.what()));
    }
}

std::string pick(const Record& record, int number, const std::string& text, const fs::path& manifest)
{
    const Variant& variant = seen_variant(record, number);
    for (std::size_t i = 0; i < record.variations.size(); ++i)
        refuse_changed_value(record, i, text, manifest, variant.values[i]);
    std::string picked = text;
    for (std::size_t i = 0; i < record.variations.size(); ++i)
        picked = with_value(picked, manifest, record.variations[i].key, variant.values[i]);
    return picked;
}

}  // namespace platefall::wedge
