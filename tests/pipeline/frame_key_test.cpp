#include "pipeline/frame_key.h"

#include "support/tiny_shot.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace platefall {
namespace {

using test::LambdaStage;
using test::TinyShot;

struct FrameKeyTest : testing::Test {
    FrameKeyTest()
    {
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "tint", [](LambdaStage& stage, double) { stage.writes = {"comp"}; });
    }
    Digest key(const std::string& rest, int frame = 1001)
    {
        Fingerprints fingerprints(shot.folder / "fingerprints");
        return frame_key(*shot.plan(rest), fingerprints, frame);
    }
    TinyShot shot;
    const std::string tint = "[[stage]]\nuse = \"tint\"\n";
};

TEST_F(FrameKeyTest, IsTheSameForTheSameShot)
{
    EXPECT_EQ(key(tint), key(tint));
}

TEST_F(FrameKeyTest, DoesNotDependOnComments)
{
    EXPECT_EQ(key(tint), key("# the same\n" + tint));
}

TEST_F(FrameKeyTest, DiffersBetweenFrames)
{
    EXPECT_NE(key(tint, 1001), key(tint, 1002));
}

TEST_F(FrameKeyTest, ChangesWithAParameterWrittenOutOnlyIfItsValueDoes)
{
    EXPECT_EQ(key(tint), key(tint + "amount = 0.0\n"));
    EXPECT_NE(key(tint), key(tint + "amount = 0.5\n"));
}

TEST_F(FrameKeyTest, ChangesWithTheOutputsFormatButNotItsPlace)
{
    EXPECT_NE(key(tint), key("compression = \"piz\"\n" + tint));
    const auto elsewhere = [&] {
        Faults faults;
        Manifest manifest = parse_manifest(shot.manifest_text(tint), shot.folder / "tiny.toml");
        apply_setting(manifest, "output.path=elsewhere/a.####.exr", faults);
        const auto plan = make_plan(std::move(manifest), 1, shot.registry, faults);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        return frame_key(*plan, fingerprints, 1001);
    }();
    EXPECT_EQ(key(tint), elsewhere);
}

TEST_F(FrameKeyTest, ChangesWithThePlatesContentButNotWithItsTime)
{
    const Digest before = key(tint);
    namespace fs = std::filesystem;
    const fs::path plate = shot.folder / "plate.1001.exr";
    fs::last_write_time(plate, fs::last_write_time(plate) - std::chrono::hours(1));
    EXPECT_EQ(before, key(tint));
    write_exr(plate, test::plate_picture(7), {}, {});
    EXPECT_NE(before, key(tint));
}

TEST_F(FrameKeyTest, ChangesWhenAHeldFrameArrives)
{
    Faults faults;
    const auto held_key = [&] {
        Manifest manifest = parse_manifest(shot.manifest_text(tint), shot.folder / "tiny.toml");
        apply_setting(manifest, "plate.missing=hold", faults);
        const auto plan = make_plan(std::move(manifest), 1, shot.registry, faults);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        return frame_key(*plan, fingerprints, 1003);
    };
    std::filesystem::rename(shot.folder / "plate.1003.exr", shot.folder / "later");
    const Digest held = held_key();
    std::filesystem::rename(shot.folder / "later", shot.folder / "plate.1003.exr");
    EXPECT_NE(held, held_key());
    EXPECT_TRUE(faults.empty());
}

TEST_F(FrameKeyTest, ChangesWithTheStagesVersion)
{
    const Digest before = key(tint);
    StageRegistry newer;
    StageType type = shot.registry.all().front();
    type.version = 2;
    newer.add(type);
    shot.registry = newer;
    EXPECT_NE(before, key(tint));
}

}  // namespace
}  // namespace platefall
