#include "cache/store.h"

#include "base/files.h"

#include <platefall/error.h>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <vector>

namespace platefall {
namespace fs = std::filesystem;
namespace {

/// Lists every file of a result with its length. Written last, so that a result without it is not one.
constexpr const char* kInventory = "inventory";

std::vector<fs::path> files_below(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path() != folder / kInventory)
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

void sync_to_disk(const fs::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    const int reason = errno;
    if (file >= 0)
        ::close(file);
    if (!synced)
        throw Error(fmt::format("cannot keep '{}': {}", path.string(), std::strerror(reason)));
}

void write_inventory(const fs::path& folder)
{
    std::string inventory;
    for (const fs::path& file : files_below(folder)) {
        sync_to_disk(file);
        inventory += fmt::format("{} {}\n", fs::file_size(file), fs::relative(file, folder).string());
    }
    write_file_atomically(folder / kInventory, inventory);
}

bool is_whole(const fs::path& folder)
try {
    std::error_code none;
    if (!fs::is_regular_file(folder / kInventory, none))
        return false;
    std::istringstream inventory(read_text_file(folder / kInventory));
    std::uintmax_t size = 0;
    std::string name;
    while (inventory >> size && std::getline(inventory >> std::ws, name))
        if (fs::file_size(folder / name, none) != size)
            return false;
    return true;
} catch (const Error&) {
    return false;
}

}  // namespace

std::optional<fs::path> Store::find(const std::string& kind, const Digest& key) const
{
    const fs::path result = folder_ / kind / key.hex();
    std::error_code none;
    if (!fs::is_directory(result, none))
        return std::nullopt;
    if (is_whole(result))
        return result;
    fs::remove_all(result, none);
    return std::nullopt;
}

fs::path Store::put(const std::string& kind, const Digest& key,
                    const std::function<void(const fs::path&)>& fill) const
{
    const fs::path result = folder_ / kind / key.hex();
    const fs::path building = temporary_beside(result);
    std::error_code failure;
    fs::create_directories(building, failure);
    if (failure)
        throw Error(fmt::format("cannot make the cache folder '{}': {}", building.string(), failure.message()));

    try {
        fill(building);
        write_inventory(building);
        fs::rename(building, result, failure);
        const bool lost_the_race = failure && fs::is_directory(result);
        if (failure && !lost_the_race)
            throw Error(fmt::format("cannot keep '{}': {}", result.string(), failure.message()));
    } catch (...) {
        fs::remove_all(building, failure);
        throw;
    }
    fs::remove_all(building, failure);
    sync_to_disk(result.parent_path());
    return result;
}

}  // namespace platefall
