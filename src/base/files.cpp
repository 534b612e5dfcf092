#include "base/files.h"

#include "base/machine.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <random>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporarySuffix = ".platefall-tmp";
constexpr std::size_t kLongestKeptName = 100;        // a name may have 255 bytes in all
constexpr auto kTooOld = std::chrono::hours(24);

class Descriptor {
public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return descriptor_; }
    bool close()
    {
        const int descriptor = std::exchange(descriptor_, -1);
        return descriptor < 0 || ::close(descriptor) == 0;
    }

private:
    int descriptor_;
};

/// A file that goes away unless it was kept.
class Leftover {
public:
    explicit Leftover(fs::path path) : path_(std::move(path)) {}
    ~Leftover()
    {
        if (!path_.empty())
            ::unlink(path_.c_str());
    }
    Leftover(const Leftover&) = delete;
    Leftover& operator=(const Leftover&) = delete;

    const fs::path& path() const { return path_; }
    void keep() { path_.clear(); }

private:
    fs::path path_;
};

/// Process numbers mean something only inside one PID namespace, and containers may share a host's name.
std::string machine_name()
{
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    std::array<char, 64> space{};
    [[maybe_unused]] const auto length = ::readlink("/proc/self/ns/pid", space.data(), space.size() - 1);

    std::string name = host.data();
    for (const char* c = space.data(); *c != '\0'; ++c)
        if (std::isdigit(static_cast<unsigned char>(*c)) != 0)
            name += *c;
    // A '.' would end the field.
    std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
    return name;
}

[[noreturn]] void fail_to_write(const fs::path& path, std::size_t size, int reason)
{
    std::string message = fmt::format("cannot write '{}': {}", path.string(), std::strerror(reason));
    if (reason == ENOSPC || reason == EDQUOT)
        message += fmt::format("; {} were to be written, free that much there or choose another folder",
                               describe_bytes(size));
    else if (reason == EACCES || reason == EPERM || reason == EROFS)
        message += "; choose a folder that you may write to";
    throw Error(message);
}

void make_folder_of(const fs::path& path, std::size_t size)
{
    std::error_code reason;
    if (path.has_parent_path())
        fs::create_directories(path.parent_path(), reason);
    if (reason)
        fail_to_write(path, size, reason.value());
}

/// 0 or errno.
int write_all(int descriptor, std::span<const std::byte> content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

/// The rename itself is safe from a crash only when the folder is on disk too. File systems that cannot sync a
/// folder do not need it.
void sync_folder_of(const fs::path& path)
{
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() >= 0)
        ::fsync(opened.get());
}

/// What stands between the last two dots, which is cut off together with its dot.
std::string_view take_last_field(std::string_view& name)
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return {};
    const std::string_view field = name.substr(dot + 1);
    name = name.substr(0, dot);
    return field;
}

bool process_is_gone(std::string_view text)
{
    pid_t process = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), process);
    if (error != std::errc() || end != text.data() + text.size() || process <= 0)
        return false;
    return ::kill(process, 0) != 0 && errno == ESRCH;
}

bool is_stale(const fs::directory_entry& entry)
{
    const std::string file_name = entry.path().filename().string();
    std::string_view name = file_name;
    if (!name.starts_with('.') || !name.ends_with(kTemporarySuffix))
        return false;
    name.remove_suffix(kTemporarySuffix.size());
    take_last_field(name);  // the random part
    const std::string_view process = take_last_field(name);
    if (take_last_field(name) == machine_name() && process_is_gone(process))
        return true;
    return fs::file_time_type::clock::now() - entry.last_write_time() > kTooOld;
}

}  // namespace

std::string read_text_file(const fs::path& path)
{
    const auto fail = [&] {
        return Error(fmt::format("cannot read '{}': {}", path.string(), std::strerror(errno)));
    };
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        throw fail();

    std::string text;
    std::array<char, 1 << 16> block;
    for (;;) {
        const ssize_t size = ::read(file.get(), block.data(), block.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            throw fail();
        if (size == 0)
            return text;
        text.append(block.data(), static_cast<std::size_t>(size));
    }
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> content)
{
    make_folder_of(path, content.size());
    const fs::path temporary = temporary_beside(path);
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file.get() < 0)
        fail_to_write(path, content.size(), errno);

    Leftover leftover(temporary);
    if (const int reason = write_all(file.get(), content); reason != 0)
        fail_to_write(path, content.size(), reason);
    // Network file systems report a full disk only here.
    if (::fsync(file.get()) != 0 || !file.close())
        fail_to_write(path, content.size(), errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        fail_to_write(path, content.size(), errno);
    leftover.keep();
    sync_folder_of(path);
}

void write_file_atomically(const fs::path& path, std::string_view content)
{
    write_file_atomically(path, std::as_bytes(std::span(content)));
}

void publish(const fs::path& temporary, const fs::path& path)
{
    std::error_code ignored;
    const auto size = static_cast<std::size_t>(fs::file_size(temporary, ignored));
    const Descriptor file(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 || ::fsync(file.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0)
        fail_to_write(path, size, errno);
    sync_folder_of(path);
}

fs::path temporary_beside(const fs::path& path)
{
    std::random_device random;
    const std::uint64_t number = (static_cast<std::uint64_t>(random()) << 32) | random();
    const std::string name = path.filename().string().substr(0, kLongestKeptName);
    return path.parent_path()
           / fmt::format(".{}.{}.{}.{:016x}{}", name, machine_name(), ::getpid(), number, kTemporarySuffix);
}

void sweep_stale_temporaries(const fs::path& folder) noexcept
{
    try {
        for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
            std::error_code ignored;
            if (is_stale(entry))
                fs::remove_all(entry.path(), ignored);
        }
    } catch (const std::exception&) {
        // Somebody else swept the file between being listed and being looked at; the next run tries again.
    }
}

}  // namespace platefall
