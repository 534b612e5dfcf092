#include "comp/placement.h"

#include "comp_helpers.h"
#include "image/write.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::comp {
namespace {

std::array<double, 2> moved(const Affine& m, double x, double y)
{
    return {m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]};
}

TEST(Placement, TurnsCounterClockwiseAboutTheMiddle)
{
    const ShotInfo shot = test_shot();
    const Affine m = transform_of({.rotate_deg = 90.0}, kDisplay, shot);
    const auto [x, y] = moved(m, 24 + 5, 16); // to the right of the middle ...
    EXPECT_NEAR(x, 24.0, 1e-9);
    EXPECT_NEAR(y, 16.0 - 5.0, 1e-9); // ... goes up
}

TEST(Placement, ScalesThenTurnsThenMoves)
{
    const ShotInfo shot = test_shot();
    const Placement placement{
        .translate_px = {100, 10}, .rotate_deg = 90.0, .scale = {2, 3}, .pivot_px = {{0, 0}}};
    const auto [x, y] = moved(transform_of(placement, kDisplay, shot), 1, 1);
    EXPECT_NEAR(x, 100.0 + 3.0, 1e-9);
    EXPECT_NEAR(y, 10.0 - 2.0, 1e-9);
}

TEST(Placement, PixelsShrinkWithTheProxy)
{
    const ShotInfo half = test_shot(2);
    const Placement placement{.translate_px = {10, 6}, .scale = {2, 2}, .pivot_px = {{20, 8}}};
    const auto [x, y] = moved(transform_of(placement, {0, 0, 24, 16}, half), 10, 4);
    EXPECT_NEAR(x, 15.0, 1e-9);
    EXPECT_NEAR(y, 7.0, 1e-9);
}

class MovedLayer : public testing::Test {
protected:
    ShotInfo shot_ = test_shot();
    Frame frame_{shot_, 1001};
    test::TempFolder folder_;
    Image plate_ = noise(kDisplay, "RGB", 51);

    void SetUp() override { frame_.set("plate", plate_); }
    const Image& comp() const { return frame_.layer("comp"); }
};

TEST_F(MovedLayer, WholePixelsMoveWithoutAChange)
{
    const Image cg = noise({10, 10, 20, 20}, "RGBA", 52);
    frame_.set("cg", cg);
    run_comp("layers = ['plate', { name = 'cg', translate_px = [7, -3], filter = 'nearest' }]", frame_);
    Frame expected(shot_, 1001);
    Image shifted({17, 7, 27, 17}, kDisplay, cg.channels());
    std::copy(cg.data(), cg.data() + cg.sample_count(), shifted.data());
    expected.set("plate", plate_);
    expected.set("cg", shifted);
    run_comp("layers = ['plate', 'cg']", expected);
    EXPECT_EQ(differing_samples(comp(), expected.layer("comp")), 0);
    EXPECT_EQ(differing_samples(frame_.layer("generated"), expected.layer("generated")), 0);
}

TEST_F(MovedLayer, EdgesOfASolidPictureBlendIntoWhatIsBelow)
{
    frame_.set("plate", flat(kDisplay, "RGB", {1, 1, 1}));
    frame_.set("card", flat({10, 10, 20, 20}, "RGB", {3, 3, 3}));
    run_comp("layers = ['plate', { name = 'card', translate_px = [0.5, 0], filter = 'linear' }]", frame_);
    EXPECT_FLOAT_EQ(at(comp(), 10, 15, "R"), 2.0f);
    EXPECT_FLOAT_EQ(at(comp(), 20, 15, "R"), 2.0f);
    EXPECT_FLOAT_EQ(at(comp(), 15, 15, "R"), 3.0f);
    EXPECT_FLOAT_EQ(at(frame_.layer("generated"), 10, 15, "generated"), 0.5f);
}

TEST_F(MovedLayer, GeneratedWeightMovesWithThePicture)
{
    frame_.set("card", flat({10, 10, 20, 20}, "RGB", {3, 3, 3}));
    frame_.set("generated.card", flat({10, 10, 15, 20}, "g", {0.5f}));
    run_comp("layers = ['plate', { name = 'card', translate_px = [10, 0], filter = 'nearest' }]", frame_);
    EXPECT_EQ(at(frame_.layer("generated"), 22, 15, "generated"), 0.5f);
    EXPECT_EQ(at(frame_.layer("generated"), 27, 15, "generated"), 0.0f);
}

TEST_F(MovedLayer, TheMatteOfAListEntryMovesWithThePlate)
{
    frame_.set("matte.pole", flat({10, 10, 14, 20}, "A", {1}));
    run_comp("layers = ['plate', { name = 'matte.pole', translate_px = [20, 0], filter = 'nearest' }]",
             frame_);
    EXPECT_EQ(bits(at(comp(), 32, 15, "R")), bits(at(plate_, 12, 15, "R")));
    EXPECT_EQ(bits(at(comp(), 36, 15, "R")), bits(at(plate_, 36, 15, "R")));
}

TEST_F(MovedLayer, ExtraChannelsOfTheBottomLayerMoveUnmixed)
{
    Image plate(kDisplay, kDisplay, float_channels("RGBZ"), 1.0f);
    plate.pixel(10, 10)[3] = 5.0f;
    frame_.set("plate", plate);
    run_comp("layers = [{ name = 'plate', translate_px = [2.25, 0] }]", frame_);
    EXPECT_EQ(describe(comp().channels()), "R G B Z");
    EXPECT_EQ(at(comp(), 12, 10, "Z"), 5.0f);
    EXPECT_EQ(at(comp(), 13, 10, "Z"), 1.0f);
}

/// A map that takes every pixel from `dx` pixels further right.
Image shifting_map(double dx)
{
    Image map(kDisplay, kDisplay, float_channels("RG"));
    for (int y = 0; y < kDisplay.y1; ++y)
        for (int x = 0; x < kDisplay.x1; ++x) {
            map.pixel(x, y)[0] = static_cast<float>((x + 0.5 + dx) / kDisplay.width());
            map.pixel(x, y)[1] = static_cast<float>(1.0 - (y + 0.5) / kDisplay.height());
        }
    return map;
}

TEST_F(MovedLayer, AnStmapDistortsTheLayer)
{
    write_exr(folder_ / "lens.exr", shifting_map(4), {});
    const Image cg = noise({0, 0, 30, 32}, "RGBA", 53);
    frame_.set("cg", cg);
    const auto stage = comp_from("layers = ['plate', { name = 'cg', stmap = 'lens.exr', filter = 'linear' }]",
                                 shot_, folder_.path);
    ASSERT_EQ(stage->inputs(1001).size(), 1u);
    EXPECT_EQ(stage->inputs(1001)[0].path, folder_ / "lens.exr");
    stage->process(frame_);
    for (const auto& [x, y] : {std::pair{5, 5}, {20, 30}, {25, 9}}) {
        const float expected = at(cg, x + 4, y, "G") + at(plate_, x, y, "G") * (1.0f - at(cg, x + 4, y, "A"));
        EXPECT_NEAR(at(comp(), x, y, "G"), expected, 1e-4f) << x << "," << y;
    }
    EXPECT_EQ(bits(at(comp(), 27, 9, "G")), bits(at(plate_, 27, 9, "G")));
}

TEST_F(MovedLayer, AnStmapOfAnotherSizeIsRefused)
{
    write_exr(folder_ / "lens.exr", noise({0, 0, 8, 8}, "RG", 54, {0, 0, 8, 8}), {});
    frame_.set("cg", noise(kDisplay, "RGBA", 55));
    const auto stage =
        comp_from("layers = ['plate', { name = 'cg', stmap = 'lens.exr' }]", shot_, folder_.path);
    try {
        stage->process(frame_);
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "layer 'cg' is 8x8 but the plate is 48x32 (frame 1001)");
    }
}

TEST_F(MovedLayer, AnUndistortedLayerWithOverscanIsRedistortedUpToTheFramesCorners)
{
    // A barrel: the corners of the plate show what an undistorted picture has 5 pixels outside its frame.
    const auto source_of = [](double x, double y) {
        const double dx = x - 24, dy = y - 16, stretch = 1 + 0.2 * (dx * dx + dy * dy) / (24.0 * 24.0 + 16.0 * 16.0);
        return std::array{24 + dx * stretch, 16 + dy * stretch};
    };
    const auto light = [](double x, double y) { return static_cast<float>(0.5 + 0.011 * x + 0.007 * y); };
    Image map(kDisplay, kDisplay, float_channels("RG"));
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 48; ++x) {
            const auto [u, v] = source_of(x + 0.5, y + 0.5);
            map.pixel(x, y)[0] = static_cast<float>(u / 48);
            map.pixel(x, y)[1] = static_cast<float>(1 - v / 32);
        }
    write_exr(folder_ / "lens.exr", map, {});
    Image cg({-8, -6, 56, 38}, kDisplay, float_channels("RGBA"));
    for (int y = -6; y < 38; ++y)
        for (int x = -8; x < 56; ++x)
            for (int c = 0; c < 4; ++c)
                cg.pixel(x, y)[c] = c == 3 ? 1.0f : light(x + 0.5, y + 0.5);
    frame_.set("cg", cg);
    comp_from("layers = ['plate', { name = 'cg', stmap = 'lens.exr' }]", shot_, folder_.path)->process(frame_);

    EXPECT_EQ(comp().data_window(), kDisplay);
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 48; ++x) {
            const auto [u, v] = source_of(x + 0.5, y + 0.5);
            ASSERT_NEAR(at(comp(), x, y, "G"), light(u, v), 1e-4f) << x << "," << y;
        }
    EXPECT_LT(source_of(0.5, 0.5)[0], -3);
}

} // namespace
} // namespace platefall::comp
