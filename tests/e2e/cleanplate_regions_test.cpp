/// The clean plate made region by region, by the real program.
#include "e2e/pan_shot.h"

#include <gmock/gmock.h>

#include <cstring>

namespace platefall {
namespace {

using test::Outcome;
using test::PanShot;
using testing::HasSubstr;

constexpr int kRoof = 45;   // rows above show sky, ten times as bright as the wall

/// Locked off. He stands in front of both, and is seen from the sky down to the street.
struct TwoRegions {
    PanShot shot;

    TwoRegions()
    {
        shot.last = 1002;
        shot.step_px = 0;
        for (int frame = shot.first; frame <= shot.last; ++frame) {
            shot.write_plate(frame, plate(frame));
            shot.write_matte(frame, shot.hole);
        }
    }

    Image plate(int frame) const
    {
        return shot.plate(frame, [&](const Vec2& at) {
            return at[1] < kRoof ? 5 - 0.01 * at[1] : 0.5 * shot.light(frame, at);
        });
    }

    void expect_sky_over_the_roof(int frame) const
    {
        const Image result = shot.result(frame), before = plate(frame);
        for (int y = 0; y < 90; ++y)
            for (int x = 0; x < 160; ++x) {
                const bool far_off = x < 50 || x > 112 || y < 16 || y > 78;
                if (far_off) {
                    ASSERT_EQ(std::memcmp(result.pixel(x, y), before.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
                } else if (shot.hole.contains(x, y) && y < kRoof) {
                    ASSERT_GT(result.pixel(x, y)[1], 3.5f) << x << "," << y;
                } else if (shot.hole.contains(x, y)) {
                    ASSERT_LT(result.pixel(x, y)[1], 1.5f) << x << "," << y;
                }
            }
    }
};

const std::string kSky = "\n[matte.sky]\nshapes = [{ points = [[-9, -9], [169, -9], [169, 45], [-9, 45]] }]\n";

TEST(CleanPlateRegions, SkyIsMadeFromSkyAndTheWallFromTheWall)
{
    const TwoRegions two;
    two.shot.write_manifest("regions = [\"sky\"]", kSky);
    const Outcome outcome = two.shot.render();
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    two.expect_sky_over_the_roof(1001);
    two.expect_sky_over_the_roof(1002);
}

TEST(CleanPlateRegions, ABoxOfTheSetIsARegion)
{
    const TwoRegions two;
    write_file_atomically(two.shot.folder / "still.chan", "1001 0 0 0 0 0 0 30\n1002 0 0 0 0 0 0 30\n");
    two.shot.write_manifest("regions = [\"house\"]",
                            "\n[camera]\npath = \"still.chan\"\nrotation_order = \"xyz\"\nup = \"y\"\nfilm_back_mm = [32.0, 18.0]\n"
                            "\n[matte.house]\nshapes = [{ low = [-100, -100, -20], high = [100, 0, -10] }]\n");
    const Outcome outcome = two.shot.render();
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    two.expect_sky_over_the_roof(1001);
}

TEST(CleanPlateRegions, AChunkOnOneThreadHasTheSamePixels)
{
    const TwoRegions two;
    two.shot.write_manifest("regions = [\"sky\"]", kSky);
    ASSERT_EQ(two.shot.render({"--threads", "2"}).status, 0);
    std::filesystem::remove_all(two.shot.folder / ".platefall");
    ASSERT_EQ(two.shot.render({"--threads", "1", "--frames", "1002", "--set", "output.path=one/pan.####.exr"}).status, 0);
    const Image two_threads = two.shot.result(1002), one_thread = two.shot.result(1002, "one");
    ASSERT_EQ(two_threads.bytes(), one_thread.bytes());
    EXPECT_EQ(std::memcmp(two_threads.data(), one_thread.data(), one_thread.bytes()), 0);
}

TEST(CleanPlateRegions, SlipsAreReportedBeforeAnythingIsRendered)
{
    const TwoRegions two;
    two.shot.write_manifest("regions = [\"sky\", \"sky\"]", kSky);
    Outcome outcome = two.shot.render();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("'regions' names 'sky' twice\n"));
    two.shot.write_manifest("regions = [\"sea\"]", kSky);
    outcome = two.shot.render();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("stage 'cleanplate' reads layer 'matte.sea', which nothing before it writes"));
    two.shot.write_manifest("regions = [\"house\"]", "\n[matte.house]\nshapes = [{ low = [0, 0, 0], high = [1, 1, 1] }]\n");
    outcome = two.shot.render();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("shape '1' is a box, which needs a camera to be seen through\n"));
}

TEST(CleanPlateRegions, ARegionThatShowsNowhereElseIsNamed)
{
    const TwoRegions two;
    two.shot.write_manifest("regions = [\"door\"]",
                            "\n[matte.door]\nshapes = [{ points = [[70, 50], [90, 50], [90, 60], [70, 60]] }]\n");
    Outcome outcome = two.shot.render();
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("cleanplate: region 'matte.door' shows nowhere outside 'matte.man' and the "
                                       "foreground, so that nothing is left to make it from; let its matte reach beyond, "
                                       "or take it out of 'regions'"));
    outcome = two.shot.render({"--proxy", "2"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("warning: cleanplate: at this size region 'matte.door' shows nowhere outside 'matte.man'; it "
                                       "is made from all that is around it"))
        << "a proxy must not fail where the shot may not";
    two.shot.write_manifest("regions = [\"all\"]",
                            "\n[matte.all]\nshapes = [{ invert = true, points = [[70, 50], [90, 50], [90, 60], [70, 60]] }]\n");
    outcome = two.shot.render();
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("cleanplate: what 'regions' leave of 'matte.man' shows nowhere outside it, so that "
                                       "nothing is left to make it from; cover it with one of the regions"));
}

}  // namespace
}  // namespace platefall
