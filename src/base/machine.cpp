#include "base/machine.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kKilobyte = 1024;
constexpr std::uint64_t kMegabyte = 1024 * kKilobyte;
constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();
constexpr double kShareOfFree = 0.7;

std::optional<std::uint64_t> whole_number(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// What a farm set. Zero and what is no number say nothing (Slurm writes 0 for "all").
std::optional<std::uint64_t> from_environment(const char* name)
{
    const char* text = std::getenv(name);
    const auto number = text != nullptr ? whole_number(text) : std::nullopt;
    return number != 0u ? number : std::nullopt;
}

/// The value after a key such as "MemAvailable:" or "inactive_file" in a file of such lines.
std::optional<std::uint64_t> value_after(const fs::path& file, std::string_view key)
{
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        std::uint64_t value = 0;
        if (words >> name >> value && name == key)
            return value;
    }
    return std::nullopt;
}

/// The words of a file's first line; none when there is no such file.
std::vector<std::string> first_line(const fs::path& file)
{
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    std::istringstream words(line);
    std::vector<std::string> all;
    for (std::string word; words >> word;)
        all.push_back(word);
    return all;
}

std::optional<std::uint64_t> number_in(const fs::path& file)
{
    const auto words = first_line(file);
    return words.empty() ? std::nullopt : whole_number(words.front());
}

/// The folders under /sys/fs/cgroup that speak for this process, its own group first, then those above.
/// `controller` is "" for version 2. A container often shows a path that only its host has; the walk upwards
/// then ends at the mount, which is the container's own group.
std::vector<fs::path> cgroup_folders(const fs::path& root, const std::string& controller)
{
    std::vector<fs::path> folders;
    std::ifstream lines(root / "proc/self/cgroup");
    for (std::string line; std::getline(lines, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string controllers = fmt::format(",{},", line.substr(first + 1, second - first - 1));
        if (controllers.find(fmt::format(",{},", controller)) == std::string::npos)
            continue;
        fs::path group = fs::path(line.substr(second + 1)).relative_path();
        for (;; group = group.parent_path()) {
            folders.push_back(root / "sys/fs/cgroup" / controller / group);
            if (group.empty())
                break;
        }
    }
    return folders;
}

/// What one group leaves. Pages of files that nobody uses now count as used but are given up on demand.
std::uint64_t left_in_group(std::optional<std::uint64_t> limit, std::optional<std::uint64_t> used,
                            std::optional<std::uint64_t> reclaimable)
{
    if (!limit)
        return kUnlimited;
    const std::uint64_t held = used.value_or(0) - std::min(used.value_or(0), reclaimable.value_or(0));
    return *limit - std::min(*limit, held);
}

}  // namespace

int default_threads()
{
    for (const char* name : {"CUE_THREADS", "SLURM_CPUS_PER_TASK"})
        if (const auto threads = from_environment(name))
            return static_cast<int>(std::min<std::uint64_t>(*threads, CPU_SETSIZE));

    cpu_set_t processors;
    CPU_ZERO(&processors);
    const bool known = ::sched_getaffinity(0, sizeof processors, &processors) == 0;
    const int allowed = known ? CPU_COUNT(&processors) : static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
    const int quota = processor_quota();
    return std::max(1, quota > 0 ? std::min(allowed, quota) : allowed);
}

std::uint64_t default_memory_bytes()
{
    if (const auto kilobytes = from_environment("CUE_MEMORY"))
        return *kilobytes * kKilobyte;
    if (const auto megabytes = from_environment("SLURM_MEM_PER_NODE"))
        return *megabytes * kMegabyte;
    return static_cast<std::uint64_t>(kShareOfFree * static_cast<double>(free_memory_bytes()));
}

std::uint64_t free_memory_bytes(const fs::path& root)
{
    const auto available = value_after(root / "proc/meminfo", "MemAvailable:");
    std::uint64_t left = available ? *available * kKilobyte : kUnlimited;
    for (const fs::path& group : cgroup_folders(root, ""))
        left = std::min(left, left_in_group(number_in(group / "memory.max"), number_in(group / "memory.current"),
                                            value_after(group / "memory.stat", "inactive_file")));
    for (const fs::path& group : cgroup_folders(root, "memory"))
        left = std::min(left, left_in_group(number_in(group / "memory.limit_in_bytes"),
                                            number_in(group / "memory.usage_in_bytes"),
                                            value_after(group / "memory.stat", "total_inactive_file")));
    return left;
}

int processor_quota(const fs::path& root)
{
    double processors = std::numeric_limits<double>::infinity();
    const auto limit = [&](std::optional<std::uint64_t> quota_us, std::optional<std::uint64_t> period_us) {
        if (quota_us && period_us && *quota_us > 0 && *period_us > 0)
            processors = std::min(processors, static_cast<double>(*quota_us) / static_cast<double>(*period_us));
    };
    for (const fs::path& group : cgroup_folders(root, ""))
        if (const auto words = first_line(group / "cpu.max"); words.size() == 2)
            limit(whole_number(words[0]), whole_number(words[1]));
    for (const fs::path& group : cgroup_folders(root, "cpu"))
        limit(number_in(group / "cpu.cfs_quota_us"), number_in(group / "cpu.cfs_period_us"));
    return std::isinf(processors) ? 0 : static_cast<int>(std::ceil(processors));
}

std::uint64_t parse_bytes(const std::string& text)
{
    const Error refusal(fmt::format("'{}' is not an amount of memory; write it like 4G, 1.5GiB, 512M or 800MB", text));
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string unit(end, text.data() + text.size());
    if (error != std::errc() || !std::isfinite(number) || number <= 0)
        throw refusal;

    std::transform(unit.begin(), unit.end(), unit.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    unit.erase(0, unit.find_first_not_of(' '));
    const std::size_t letter = std::string_view("BKMGT").find(unit.empty() ? 'B' : unit[0]);
    const std::string tail = unit.empty() ? "" : unit.substr(1);
    const bool known = letter != std::string_view::npos
                       && (tail.empty() || (letter > 0 && (tail == "B" || tail == "IB")));
    if (!known)
        throw refusal;
    const double bytes = std::ldexp(number, static_cast<int>(10 * letter));
    if (bytes < 1 || bytes >= std::ldexp(1.0, 63))
        throw refusal;
    return static_cast<std::uint64_t>(bytes);
}

std::string describe_bytes(std::uint64_t bytes)
{
    constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
    double amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit)
        amount /= 1024;
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::uint64_t resident_memory_bytes()
{
    return value_after("/proc/self/status", "VmRSS:").value_or(0) * kKilobyte;
}

std::uint64_t peak_memory_bytes()
{
    // getrusage also counts what this process had before it became this program.
    if (const auto kilobytes = value_after("/proc/self/status", "VmHWM:"))
        return *kilobytes * kKilobyte;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * kKilobyte;
}

}  // namespace platefall
