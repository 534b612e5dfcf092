#include "scene/curves.h"

#include "base/files.h"

#include <platefall/error.h>

#include <nlohmann/json.hpp>

namespace platefall {
namespace {

constexpr const char* kFile = "curves.json";

}  // namespace

void save_curves(const std::vector<Curve>& curves, const std::filesystem::path& folder)
{
    auto list = nlohmann::json::array();
    for (const Curve& curve : curves)
        list.push_back({{"name", curve.name}, {"unit", curve.unit}, {"first_frame", curve.first_frame}, {"values", curve.values}});
    write_file_atomically(folder / kFile, list.dump(1) + "\n");
}

std::vector<Curve> load_curves(const std::filesystem::path& folder)
{
    std::error_code none;
    if (!std::filesystem::exists(folder / kFile, none))
        return {};
    try {
        std::vector<Curve> curves;
        for (const nlohmann::json& one : nlohmann::json::parse(read_text_file(folder / kFile)))
            curves.push_back({one.at("name"), one.at("unit"), one.at("first_frame"), one.at("values")});
        return curves;
    } catch (const nlohmann::json::exception& error) {
        throw Error("'" + (folder / kFile).string() + "' is damaged: " + error.what());
    }
}

}  // namespace platefall
