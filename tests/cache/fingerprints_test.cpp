#include "cache/fingerprints.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <chrono>
#include <thread>

namespace platefall {
namespace {

using namespace std::chrono_literals;

TEST(Fingerprints, SameContentHasTheSameDigestUnderAnyName)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "a", "plate");
    write_file_atomically(folder / "b", "plate");
    write_file_atomically(folder / "c", "other");
    Fingerprints fingerprints(folder / "fingerprints");
    EXPECT_EQ(fingerprints.of(folder / "a"), fingerprints.of(folder / "b"));
    EXPECT_NE(fingerprints.of(folder / "a"), fingerprints.of(folder / "c"));
}

TEST(Fingerprints, AChangeRightAfterTheFirstLookIsSeen)
{
    const test::TempFolder folder;
    Fingerprints fingerprints(folder / "fingerprints");
    write_file_atomically(folder / "a", "plate 1");
    const Digest first = fingerprints.of(folder / "a");
    write_file_atomically(folder / "a", "plate 2");
    EXPECT_NE(fingerprints.of(folder / "a"), first);
}

TEST(Fingerprints, ASettledFileIsRememberedAcrossRuns)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "a", "plate");
    std::this_thread::sleep_for(2100ms);
    Digest digest;
    {
        Fingerprints fingerprints(folder / "fingerprints");
        digest = fingerprints.of(folder / "a");
        fingerprints.save();
    }
    // A forged record is believed: that is how we know that the file itself was not read again.
    std::string records = read_text_file(folder / "fingerprints");
    const auto at = records.find(digest.hex());
    ASSERT_NE(at, std::string::npos);
    records.replace(at, 32, std::string(32, '7'));
    write_file_atomically(folder / "fingerprints", records);
    EXPECT_EQ(Fingerprints(folder / "fingerprints").of(folder / "a").hex(), std::string(32, '7'));
}

TEST(Fingerprints, ADamagedRecordIsNoRecord)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "a", "plate");
    write_file_atomically(folder / "fingerprints", "platefall fingerprints 1\nnonsense 1 2\n\xff\xff");
    EXPECT_NO_THROW(Fingerprints(folder / "fingerprints").of(folder / "a"));
}

TEST(Fingerprints, AMissingFileIsAnErrorWithItsName)
{
    const test::TempFolder folder;
    Fingerprints fingerprints(folder / "fingerprints");
    try {
        fingerprints.of(folder / "gone.exr");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()),
                  "cannot read '" + (folder / "gone.exr").string() + "': No such file or directory");
    }
}

}  // namespace
}  // namespace platefall
