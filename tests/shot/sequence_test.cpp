#include "shot/sequence.h"

#include "base/files.h"
#include "image/write.h"
#include "shot/manifest.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::TempFolder;
using testing::HasSubstr;
using testing::IsEmpty;

/// A folder with frames 1001, 1002 and 1005 of a sequence whose pixels are their frame number.
class SequenceTest : public testing::Test {
protected:
    SequenceTest()
    {
        for (const int frame : {1001, 1002, 1005}) {
            const Image image({-1, 0, 5, 4}, {0, 0, 4, 4}, {{"R"}, {"A"}}, static_cast<float>(frame));
            Attributes attributes;
            attributes.set("studio", "street");
            write_exr(folder_ / ("s." + std::to_string(frame) + ".exr"), image, attributes);
        }
    }

    Sequence sequence(const std::string& keys, const std::string& path = "s.####.exr") const
    {
        const std::string text = "[plate]\npath = \"" + path + "\"\n" + keys;
        const Manifest manifest = parse_manifest(text, folder_ / "shot.toml");
        Faults faults;
        const Params params = Params::check(std::get<ParamTable>(manifest.root.find("plate")->value.data),
                                            sequence_params(), "[plate]", manifest.folder, faults);
        faults.throw_if_any();
        return Sequence(params);
    }

    const TempFolder folder_;
};

TEST_F(SequenceTest, FrameOnDiskStandsForItself)
{
    const auto source = sequence("").source(1002, "plate");
    EXPECT_EQ(source.file, folder_ / "s.1002.exr");
    EXPECT_EQ(source.substitution, "");
    const auto picture = sequence("").read(1002, "plate", {}, 1);
    EXPECT_EQ(picture.file.image.pixel(0, 0)[0], 1002);
    EXPECT_EQ(picture.substitution, "");
}

TEST_F(SequenceTest, MissingFrameIsAnErrorThatListsTheOthers)
{
    EXPECT_EQ(error_of([&] { sequence("").source(1003, "plate"); }),
              "plate frame 1003 is missing: '" + (folder_ / "s.1003.exr").string()
                  + "' does not exist; frames found: 1001-1002,1005");
    EXPECT_THAT(error_of([&] { sequence("", "t.####.exr").source(1003, "plate"); }),
                HasSubstr("does not exist; frames found: none"));
}

TEST_F(SequenceTest, HoldTakesTheNearestEarlierElseTheNearestLater)
{
    const Sequence held = sequence("missing = \"hold\"");
    EXPECT_EQ(held.source(1004, "plate").file, folder_ / "s.1002.exr");
    EXPECT_EQ(held.source(1004, "plate").substitution, "plate 1004 held from 1002");
    EXPECT_EQ(held.source(1100, "plate").substitution, "plate 1100 held from 1005");
    EXPECT_EQ(held.source(-3, "matte 'sky'").substitution, "matte 'sky' -3 held from 1001");
    EXPECT_EQ(held.source(1005, "plate").substitution, "");
    const auto picture = held.read(1004, "plate", {"A"}, 1);
    EXPECT_EQ(picture.file.image.pixel(0, 0)[0], 1002);
    EXPECT_EQ(picture.substitution, "plate 1004 held from 1002");
}

TEST_F(SequenceTest, BlackFrameHasWindowsAndChannelsOfTheFirst)
{
    const Sequence black = sequence("missing = \"black\"");
    EXPECT_TRUE(black.source(1004, "plate").black);
    EXPECT_EQ(black.source(1004, "plate").file, folder_ / "s.1001.exr");
    const auto picture = black.read(1004, "plate", {}, 1);
    EXPECT_EQ(picture.substitution, "plate 1004 black");
    EXPECT_EQ(picture.file.image.data_window(), (Window{-1, 0, 5, 4}));
    EXPECT_EQ(picture.file.image.display_window(), (Window{0, 0, 4, 4}));
    EXPECT_EQ(describe(picture.file.image.channels()), "R A");
    EXPECT_EQ(picture.file.attributes.text("studio"), "") << "metadata of another frame";
    for (std::size_t i = 0; i < picture.file.image.sample_count(); ++i)
        ASSERT_EQ(picture.file.image.data()[i], 0.0f);
    EXPECT_EQ(black.read(1004, "plate", {"A"}, 2).file.image.display_window(), (Window{0, 0, 2, 2}));
}

TEST_F(SequenceTest, NothingToHoldOrToTakeWindowsFromIsAnError)
{
    for (const char* mode : {"hold", "black"})
        EXPECT_THAT(error_of([&] {
                        sequence("missing = \"" + std::string(mode) + "\"", "t.####.exr").read(1, "plate", {}, 1);
                    }),
                    HasSubstr("t.0001.exr' does not exist; frames found: none"));
}

TEST_F(SequenceTest, StillStandsForEveryFrameAndIsMissingForAll)
{
    EXPECT_EQ(sequence("", "s.1001.exr").source(7, "matte").file, folder_ / "s.1001.exr");
    EXPECT_EQ(sequence("", "s.1001.exr").source(7, "matte").substitution, "");
    EXPECT_EQ(error_of([&] { sequence("missing = \"hold\"", "mask.png").source(7, "matte"); }),
              "matte is missing: '" + (folder_ / "mask.png").string() + "' does not exist");
}

TEST_F(SequenceTest, BrokenFrameIsNotMissing)
{
    write_file_atomically(folder_ / "s.1003.exr", "");
    const Sequence held = sequence("missing = \"hold\"");
    EXPECT_EQ(held.source(1003, "plate").substitution, "");
    EXPECT_THAT(error_of([&] { held.read(1003, "plate", {}, 1); }), HasSubstr("s.1003.exr"));
}

TEST_F(SequenceTest, BadPathPointsIntoTheManifest)
{
    const std::string message = error_of([&] { sequence("", "s.####.%04d.exr"); });
    EXPECT_THAT(message, HasSubstr("shot.toml:2:8: "));
    EXPECT_THAT(message, HasSubstr("there are two frame numbers; only one may be"));
}

TEST_F(SequenceTest, LayerAndMissingAreKept)
{
    const Sequence layered = sequence("layer = \"cg\"\nmissing = \"black\"");
    EXPECT_EQ(layered.layer(), "cg");
    EXPECT_EQ(layered.missing(), MissingFrames::black);
    EXPECT_EQ(sequence("").missing(), MissingFrames::error);
}

TEST_F(SequenceTest, ManyThreadsMayAskForMissingFrames)
{
    const Sequence held = sequence("missing = \"hold\"");
    std::vector<std::thread> threads;
    std::vector<std::string> said(8);
    for (std::size_t i = 0; i < said.size(); ++i)
        threads.emplace_back([&, i] { said[i] = held.source(1004, "plate").substitution; });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_THAT(said, testing::Each("plate 1004 held from 1002"));
}

}  // namespace
}  // namespace platefall
