/// What this machine, or the farm's share of it, gives us.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace platefall {

/// CUE_THREADS, else SLURM_CPUS_PER_TASK, else the processors this process may run on.
int default_threads();

/// CUE_MEMORY (kilobytes), else SLURM_MEM_PER_NODE (megabytes), else 70 % of the memory that is free, cgroup
/// limits included. Bytes.
std::uint64_t default_memory_bytes();

/// What this process may still take: what the machine has free, or what its cgroup (version 1 or 2) and the
/// groups above leave, whichever is less. Bytes; reads /proc and /sys below `root`.
std::uint64_t free_memory_bytes(const std::filesystem::path& root = "/");

/// How many processors a cgroup's quota amounts to, rounded up; 0 when there is no quota.
int processor_quota(const std::filesystem::path& root = "/");

/// "4G", "512M", "1.5GiB", "800MB", or plain bytes; K, M, G, T are powers of 1024. Throws Error.
std::uint64_t parse_bytes(const std::string& text);

/// "1.5 GiB", for messages.
std::string describe_bytes(std::uint64_t bytes);

/// The memory this process has resident now, in bytes.
std::uint64_t resident_memory_bytes();

/// The most memory this process ever had resident, in bytes.
std::uint64_t peak_memory_bytes();

}  // namespace platefall
