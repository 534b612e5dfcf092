#include "shot/sequence_path.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace platefall {
namespace {

using test::TempFolder;
using testing::ElementsAre;
using testing::IsEmpty;

std::string refusal(const std::string& pattern)
{
    try {
        SequencePath path{pattern};
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing was thrown";
}

TEST(SequencePath, HashesAndPrintfFieldsMeanTheSame)
{
    EXPECT_EQ(SequencePath("plate/street.####.exr").at(7), "plate/street.0007.exr");
    EXPECT_EQ(SequencePath("plate/street.%04d.exr").at(7), "plate/street.0007.exr");
    EXPECT_EQ(SequencePath("street_##_v2.exr").at(7), "street_07_v2.exr");
    EXPECT_EQ(SequencePath("%d.exr").at(7), "7.exr");
    EXPECT_EQ(SequencePath("#.exr").at(1007), "1007.exr");
    EXPECT_EQ(SequencePath("street.######").at(1), "street.000001");
}

TEST(SequencePath, NegativeAndLongFramesKeepTheirNumber)
{
    EXPECT_EQ(SequencePath("s.####.exr").at(-5), "s.-0005.exr");
    EXPECT_EQ(SequencePath("s.####.exr").at(12345), "s.12345.exr");
}

TEST(SequencePath, PathWithoutAFieldIsTheSameForEveryFrame)
{
    const SequencePath still("matte/mask_v003.png");
    EXPECT_TRUE(still.is_still());
    EXPECT_EQ(still.at(1), "matte/mask_v003.png");
    EXPECT_EQ(still.at(-99), "matte/mask_v003.png");
    EXPECT_THAT(still.find_frames(), IsEmpty());
}

TEST(SequencePath, WhatIsNoSequenceIsRefused)
{
    EXPECT_EQ(refusal(""), "the path is empty; write a file or a sequence such as plate/street.####.exr");
    EXPECT_EQ(refusal("plate/"), "'plate/': this is a folder; write a file or a sequence such as street.####.exr");
    EXPECT_EQ(refusal("a.####.b.####.exr"), "'a.####.b.####.exr': there are two frame numbers; only one may be");
    EXPECT_EQ(refusal("a.####.%04d.exr"), "'a.####.%04d.exr': there are two frame numbers; only one may be");
    EXPECT_EQ(refusal("a.%04x.exr"), "'a.%04x.exr': '%' begins no frame number; write it as #### or %04d");
    EXPECT_EQ(refusal("a.100%"), "'a.100%': '%' begins no frame number; write it as #### or %04d");
    EXPECT_EQ(refusal("a.%4d.exr"), "'a.%4d.exr': '%' begins no frame number; write it as #### or %04d");
    EXPECT_EQ(refusal("a.%00d.exr"), "'a.%00d.exr': '%' begins no frame number; write it as #### or %04d");
    EXPECT_EQ(refusal("shot_%04d/a.####.exr"), "'shot_%04d/a.####.exr': the folder 'shot_%04d' has a frame number; "
                                               "only the file's name may have one");
    EXPECT_EQ(refusal("a.##########.exr"), "'a.##########.exr': a frame number has at most 9 digits");
}

TEST(SequencePath, FramesOnDiskAreFoundInOrderAndOthersPassedOver)
{
    const TempFolder folder;
    for (const char* name : {"s.1003.exr", "s.1001.exr", "s.-0002.exr", "s.12345.exr", "s.0000.exr",
                             // not ours: too short, needless zeros, other names, other things after the number
                             "s.001.exr", "s.01004.exr", "s.-0000.exr", "t.1005.exr", "s.1006.png", "s.1007.exr.bak",
                             "s.10x8.exr", "s..exr", "s.+009.exr", "s.99999999999.exr"})
        write_file_atomically(folder / name, "x");
    EXPECT_THAT(SequencePath(folder / "s.####.exr").find_frames(), ElementsAre(-2, 0, 1001, 1003, 12345));
}

TEST(SequencePath, MissingFolderHasNoFrames)
{
    EXPECT_THAT(SequencePath("/nowhere/s.####.exr").find_frames(), IsEmpty());
}

TEST(SequencePath, FramesOfTheCurrentFolderAreFoundToo)
{
    const TempFolder folder;
    write_file_atomically(folder / "s.0001.exr", "x");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path);
    EXPECT_THAT(SequencePath("s.####.exr").find_frames(), ElementsAre(1));
    std::filesystem::current_path(before);
}

TEST(SequencePath, SequenceAroundAFileIsRecognised)
{
    const auto around = [](const char* file) { return SequencePath::around(file).pattern().string(); };
    EXPECT_EQ(around("plate/street.1001.exr"), "plate/street.####.exr");
    EXPECT_EQ(around("street_v02_000123.dpx"), "street_v02_######.dpx");
    EXPECT_EQ(around("1.exr"), "#.exr");
    EXPECT_EQ(around("street.1001.jp2"), "street.####.jp2");
    EXPECT_EQ(around("street.-0005.exr"), "street.####.exr");
    EXPECT_EQ(around("street-0005.exr"), "street-####.exr");
    EXPECT_EQ(around("still.exr"), "still.exr");
    EXPECT_EQ(around("take.20240101123045.exr"), "take.20240101123045.exr");
    EXPECT_EQ(around("street.%04d.exr"), "street.%04d.exr");
    EXPECT_EQ(around("v2.####.exr"), "v2.####.exr");
}

}  // namespace
}  // namespace platefall
