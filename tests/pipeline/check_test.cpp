#include "pipeline/check.h"

#include "support/tiny_shot.h"

#include <gmock/gmock.h>

#include <fstream>

namespace platefall {
namespace {

using test::TinyShot;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

struct CheckTest : testing::Test {
    CheckTest() { shot.write_plates(); }

    std::vector<std::string> inputs()
    {
        Faults faults;
        const auto plan = shot.plan();
        check_inputs(*plan, plan->shot.info.frames, faults, warnings);
        return faults.all();
    }
    std::vector<std::string> outputs(const std::string& setting)
    {
        Faults faults;
        Manifest manifest = parse_manifest(shot.manifest_text(""), shot.folder / "tiny.toml");
        apply_setting(manifest, setting, faults);
        const auto plan = make_plan(std::move(manifest), 1, shot.registry, faults);
        faults.throw_if_any();
        check_output(*plan, plan->shot.info.frames, faults);
        return faults.all();
    }
    TinyShot shot;
    std::vector<std::string> warnings;
};

TEST_F(CheckTest, AGoodShotHasNoFaults)
{
    EXPECT_THAT(inputs(), testing::IsEmpty());
    EXPECT_THAT(outputs("shot.fps=24"), testing::IsEmpty());
    EXPECT_THAT(warnings, testing::IsEmpty());
}

TEST_F(CheckTest, EveryFaultOfEveryPlateIsReported)
{
    shot.write_plate(1002, {0, 0, 8, 8});
    fs::remove(shot.folder / "plate.1003.exr");
    std::ofstream(shot.folder / "plate.1004.exr") << "not an image";
    const auto faults = inputs();
    ASSERT_EQ(faults.size(), 3u);
    EXPECT_THAT(faults[0], HasSubstr("plate frame 1002 is 8x8, but the shot's first frame is 32x16"));
    EXPECT_THAT(faults[1], HasSubstr("plate frame 1003 is missing"));
    EXPECT_THAT(faults[2], HasSubstr("plate.1004.exr': it is not an image"));
}

TEST_F(CheckTest, AnOutputThatIsALinkToAnInputIsRefused)
{
    fs::create_directory(shot.folder / "out");
    fs::create_symlink("../plate.1002.exr", shot.folder / "out/tiny.1002.exr");
    const auto faults = outputs("shot.fps=24");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("would overwrite the input"));
    EXPECT_THAT(faults[0], HasSubstr("(frame 1002); write somewhere else"));
}

TEST_F(CheckTest, AFolderThatCannotBeMadeIsReported)
{
    std::ofstream(shot.folder / "file") << "in the way";
    const auto faults = outputs("output.path=file/deeper/tiny.####.exr");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("is not a folder"));
}

TEST_F(CheckTest, AFloatPlateIntoHalfIsAWarning)
{
    Image image = test::plate_picture(1001);
    for (Channel& channel : image.channels())
        channel.type = ChannelType::full_float;
    write_exr(shot.folder / "plate.1001.exr", image, {}, {});
    EXPECT_THAT(inputs(), testing::IsEmpty());
    EXPECT_THAT(warnings, ElementsAre(HasSubstr("untouched pixels are rounded")));
}

}  // namespace
}  // namespace platefall
