#include "cache/fingerprints.h"

#include "base/files.h"
#include "base/log.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <sstream>

namespace platefall {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFirstLine = "platefall fingerprints 1";
constexpr std::int64_t kSettled_ns = 2'000'000'000;

std::int64_t nanoseconds(const timespec& t)
{
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

bool parse_hex(const std::string& text, Digest& digest)
{
    if (text.size() != 32)
        return false;
    const auto half = [&](std::size_t from, std::uint64_t& value) {
        const char* end = text.data() + from + 16;
        return std::from_chars(text.data() + from, end, value, 16).ptr == end;
    };
    return half(0, digest.high) && half(16, digest.low);
}

}  // namespace

Fingerprints::Fingerprints(fs::path file) : file_(std::move(file)), known_(load(file_)) {}

std::map<std::string, Fingerprints::Known> Fingerprints::load(const fs::path& file)
{
    std::map<std::string, Known> known;
    std::error_code none;
    if (!fs::is_regular_file(file, none))
        return known;
    std::istringstream lines;
    try {
        lines.str(read_text_file(file));
    } catch (const Error& error) {
        log_detail(fmt::format("fingerprints are not used: {}", error.what()));   // another user's, perhaps
    }
    std::string line;
    if (!std::getline(lines, line) || line != kFirstLine)
        return known;
    while (std::getline(lines, line)) {
        std::istringstream fields(line);
        Known entry;
        std::string hex, path;
        if (fields >> hex >> entry.size >> entry.modified_ns >> entry.inode && parse_hex(hex, entry.digest)
            && std::getline(fields >> std::ws, path))
            known[path] = entry;
    }
    return known;
}

Digest Fingerprints::of(const fs::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw Error(fmt::format("cannot read '{}': {}", path.string(), std::strerror(errno)));
    Known now{.size = static_cast<std::uint64_t>(status.st_size),
              .inode = status.st_ino,
              .modified_ns = std::max(nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)),
              .digest = {}};
    const std::string name = fs::absolute(path).lexically_normal().string();
    {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(name);
        if (found != known_.end() && found->second.size == now.size
            && found->second.modified_ns == now.modified_ns && found->second.inode == now.inode)
            return found->second.digest;
    }

    now.digest = hash_file(path);
    timespec clock{};
    ::clock_gettime(CLOCK_REALTIME, &clock);
    const bool settled = now.modified_ns < nanoseconds(clock) - kSettled_ns;
    if (settled && name.find('\n') == std::string::npos) {
        const std::lock_guard lock(mutex_);
        known_[name] = now;
        learned_ = true;
    }
    return now.digest;
}

void Fingerprints::save() noexcept
try {
    const std::lock_guard lock(mutex_);
    if (!learned_)
        return;
    std::map<std::string, Known> all = load(file_);
    for (const auto& [path, entry] : known_)
        all[path] = entry;
    std::string text = std::string(kFirstLine) + "\n";
    for (const auto& [path, entry] : all)
        text += fmt::format("{} {} {} {} {}\n", entry.digest.hex(), entry.size, entry.modified_ns, entry.inode,
                            path);
    write_file_atomically(file_, text);
    learned_ = false;
} catch (const std::exception& failure) {
    log_detail(fmt::format("fingerprints are not kept: {}", failure.what()));
}

}  // namespace platefall
