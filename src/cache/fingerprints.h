/// Content digests of input files, remembered so that an unchanged plate is not read again to know it.
#pragma once

#include "base/hash.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>

namespace platefall {

/// Safe to use from many threads. Several processes may share the file: whoever saves last wins, and what is
/// lost is only computed again.
class Fingerprints {
public:
    /// Loads what is known. A file that is damaged or may not be read counts as empty.
    explicit Fingerprints(std::filesystem::path file);

    /// The digest of the file's content. It is taken from memory when size, modification time and inode are
    /// as they were; a file that was changed less than two seconds ago is always read, since its clock may
    /// not have ticked between two changes. Throws Error when it cannot be read.
    Digest of(const std::filesystem::path& path);

    /// Writes what was learned, together with what other processes wrote meanwhile. Failing to is no error.
    void save() noexcept;

private:
    struct Known {
        std::uint64_t size = 0, inode = 0;
        std::int64_t modified_ns = 0;
        Digest digest;
    };
    static std::map<std::string, Known> load(const std::filesystem::path& file);

    std::filesystem::path file_;
    std::mutex mutex_;
    std::map<std::string, Known> known_;
    bool learned_ = false;
};

}  // namespace platefall
