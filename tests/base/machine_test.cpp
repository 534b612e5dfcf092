#include "base/machine.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <sched.h>

namespace platefall {
namespace {

using test::TempFolder;

constexpr std::uint64_t kGigabyte = 1u << 30;

/// Farm variables as this test wants them, and as they were afterwards.
class MachineTest : public testing::Test {
protected:
    MachineTest()
    {
        for (const std::string& name : kNames) {
            const char* value = std::getenv(name.c_str());
            before_.push_back(value != nullptr ? value : "");
            ::unsetenv(name.c_str());
        }
    }
    ~MachineTest() override
    {
        for (std::size_t i = 0; i < kNames.size(); ++i)
            before_[i].empty() ? ::unsetenv(kNames[i].c_str()) : ::setenv(kNames[i].c_str(), before_[i].c_str(), 1);
    }

private:
    const std::vector<std::string> kNames{"CUE_THREADS", "SLURM_CPUS_PER_TASK", "CUE_MEMORY", "SLURM_MEM_PER_NODE"};
    std::vector<std::string> before_;
};

using Threads = MachineTest;
using Memory = MachineTest;

TEST_F(Threads, OpenCueWinsOverSlurm)
{
    ::setenv("SLURM_CPUS_PER_TASK", "12", 1);
    EXPECT_EQ(default_threads(), 12);
    ::setenv("CUE_THREADS", "3", 1);
    EXPECT_EQ(default_threads(), 3);
}

TEST_F(Threads, NonsenseInTheEnvironmentIsPassedOver)
{
    const int without = default_threads();
    EXPECT_GE(without, 1);
    for (const char* nonsense : {"0", "-4", "many", "", "3.5"}) {
        ::setenv("CUE_THREADS", nonsense, 1);
        EXPECT_EQ(default_threads(), without) << nonsense;
    }
}

TEST_F(Threads, OnlyProcessorsThatWeMayUseCount)
{
    cpu_set_t before;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before))
        ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(default_threads(), 1);
    ::sched_setaffinity(0, sizeof before, &before);
}

TEST_F(Threads, QuotaOfAGroupAboveIsRoundedUp)
{
    const TempFolder root;
    EXPECT_EQ(processor_quota(root.path), 0);
    write_file_atomically(root / "proc/self/cgroup", "0::/farm/job\n");
    write_file_atomically(root / "sys/fs/cgroup/farm/job/cpu.max", "max 100000\n");
    EXPECT_EQ(processor_quota(root.path), 0);
    write_file_atomically(root / "sys/fs/cgroup/farm/cpu.max", "250000 100000\n");
    EXPECT_EQ(processor_quota(root.path), 3);
}

TEST_F(Threads, QuotaOfCgroupVersionOneCounts)
{
    const TempFolder root;
    write_file_atomically(root / "proc/self/cgroup", "5:cpu,cpuacct:/job\n0::/\n");
    write_file_atomically(root / "sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    write_file_atomically(root / "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
    EXPECT_EQ(processor_quota(root.path), 0);
    write_file_atomically(root / "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "400000\n");
    EXPECT_EQ(processor_quota(root.path), 4);
}

TEST_F(Memory, FarmsSayItInTheirOwnUnits)
{
    ::setenv("SLURM_MEM_PER_NODE", "2048", 1);
    EXPECT_EQ(default_memory_bytes(), 2 * kGigabyte);
    ::setenv("CUE_MEMORY", "4194304", 1);
    EXPECT_EQ(default_memory_bytes(), 4 * kGigabyte);
}

TEST_F(Memory, WithoutAFarmItIsAShareOfWhatIsFree)
{
    EXPECT_GT(default_memory_bytes(), 0u);
    EXPECT_LT(default_memory_bytes(), kGigabyte * 1024 * 64);
}

TEST_F(Memory, MachineWithoutGroupsHasWhatIsAvailable)
{
    const TempFolder root;
    write_file_atomically(root / "proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\n");
    EXPECT_EQ(free_memory_bytes(root.path), 8 * kGigabyte);
}

TEST_F(Memory, GroupLeavesItsLimitLessWhatIsUsedAndNotReclaimable)
{
    const TempFolder root;
    write_file_atomically(root / "proc/meminfo", "MemAvailable: 8388608 kB\n");
    write_file_atomically(root / "proc/self/cgroup", "0::/slice/job\n");
    write_file_atomically(root / "sys/fs/cgroup/slice/job/memory.max", "max\n");
    write_file_atomically(root / "sys/fs/cgroup/slice/memory.max", "4294967296\n");
    write_file_atomically(root / "sys/fs/cgroup/slice/memory.current", "3221225472\n");
    write_file_atomically(root / "sys/fs/cgroup/slice/memory.stat", "anon 5\ninactive_file 1073741824\n");
    EXPECT_EQ(free_memory_bytes(root.path), 2 * kGigabyte);
}

TEST_F(Memory, CgroupVersionOneIsReadToo)
{
    const TempFolder root;
    write_file_atomically(root / "proc/meminfo", "MemAvailable: 8388608 kB\n");
    write_file_atomically(root / "proc/self/cgroup", "9:memory:/job\n1:name=systemd:/\n");
    write_file_atomically(root / "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write_file_atomically(root / "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "2147483648\n");
    write_file_atomically(root / "sys/fs/cgroup/memory/job/memory.usage_in_bytes", "1073741824\n");
    EXPECT_EQ(free_memory_bytes(root.path), kGigabyte);
}

TEST_F(Memory, UsageAboveTheLimitLeavesNothing)
{
    const TempFolder root;
    write_file_atomically(root / "proc/self/cgroup", "0::/\n");
    write_file_atomically(root / "sys/fs/cgroup/memory.max", "100\n");
    write_file_atomically(root / "sys/fs/cgroup/memory.current", "200\n");
    EXPECT_EQ(free_memory_bytes(root.path), 0u);
}

TEST(Bytes, EveryWayOfWritingThemIsUnderstood)
{
    EXPECT_EQ(parse_bytes("4G"), 4 * kGigabyte);
    EXPECT_EQ(parse_bytes("512M"), kGigabyte / 2);
    EXPECT_EQ(parse_bytes("1.5GiB"), kGigabyte / 2 * 3);
    EXPECT_EQ(parse_bytes("800MB"), 800u << 20);
    EXPECT_EQ(parse_bytes("2 t"), 2048 * kGigabyte);
    EXPECT_EQ(parse_bytes("64kib"), 65536u);
    EXPECT_EQ(parse_bytes("123456"), 123456u);
    EXPECT_EQ(parse_bytes("7B"), 7u);
}

TEST(Bytes, WhatIsNoAmountIsRefusedWithExamples)
{
    for (const char* text : {"", "lots", "-1G", "0", "4X", "4GiBs", "4Gig", "1e30", "nan", "inf", "0.1", "G"}) {
        try {
            parse_bytes(text);
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.what(), "'" + std::string(text)
                                        + "' is not an amount of memory; write it like 4G, 1.5GiB, 512M or 800MB");
        }
    }
}

TEST(Bytes, AreDescribedInTheLargestUnitThatFits)
{
    EXPECT_EQ(describe_bytes(0), "0 B");
    EXPECT_EQ(describe_bytes(1023), "1023 B");
    EXPECT_EQ(describe_bytes(1536), "1.5 KiB");
    EXPECT_EQ(describe_bytes(3 * kGigabyte / 2), "1.5 GiB");
    EXPECT_EQ(describe_bytes(kGigabyte * 1024 * 5000), "5000.0 TiB");
}

TEST(ProcessMemory, GrowsByWhatIsTouchedAndThePeakStays)
{
    std::vector<char> touched(64u << 20, 'x');
    const std::uint64_t resident = resident_memory_bytes();
    EXPECT_GE(resident, touched.size());
    touched = {};
    EXPECT_GE(peak_memory_bytes() + (1u << 20), resident) << "but for pages that the system counts late";
}

}  // namespace
}  // namespace platefall
