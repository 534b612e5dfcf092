/// Files on disk: written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace platefall {

/// The whole file as text. Throws Error naming the file and the reason.
std::string read_text_file(const std::filesystem::path& path);

/// Writes to a temporary name in the same folder, syncs it to disk and renames it over `path`, whose folder
/// is made if need be. After any failure, or a kill at any moment, `path` is as it was before. Throws Error
/// naming the file and the system's reason ("No space left on device").
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> content);
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// The second half of that for a file that another program wrote under temporary_beside(path): syncs it and
/// renames it over `path`. The temporary stays where that fails.
void publish(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// A name next to `path` that no other process uses, marked as a temporary of this process.
std::filesystem::path temporary_beside(const std::filesystem::path& path);

/// Removes temporaries, files and folders, in `folder` whose process on this machine is gone, or which are older than a day.
/// Errors are ignored: another process may be sweeping too.
void sweep_stale_temporaries(const std::filesystem::path& folder) noexcept;

}  // namespace platefall
