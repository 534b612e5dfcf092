/// Layers that are fitted to the plate, through the stage.
#include "comp/plate_look.h"

#include "base/parallel.h"
#include "comp_helpers.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace platefall::comp {
namespace {

using test::error_of;
using testing::HasSubstr;

constexpr const char* kAllOn = "softness = 1, blacks = 1, haze = 0.01, wrap = 0.5, wrap_px = 4";

/// Measures a look of its own instead of a plate's.
class KnownLook : public PrepareContext {
public:
    KnownLook(const ShotInfo& info, const PlateLook& look) : shot_(info) { save_look(look, folder_.path); }

    const ShotInfo& shot() const override { return shot_; }
    Frame upstream(int) const override { throw std::logic_error("the plate is enough"); }
    Frame plate(int) const override { throw std::logic_error("the look is known"); }
    std::optional<std::filesystem::path> cached() const override { return folder_.path; }
    std::filesystem::path store(const std::function<void(const std::filesystem::path&)>&) const override
    {
        return folder_.path;
    }
    std::filesystem::path part(const std::string&, const std::string&,
                               const std::function<void(const std::filesystem::path&)>&) const override
    {
        return folder_.path;
    }
    void give(const std::string&, const std::filesystem::path&) const override {}
    std::optional<std::filesystem::path> taken(const std::string&) const override { return {}; }
    void progress(double, const std::string&) const override {}

private:
    const ShotInfo& shot_;
    test::TempFolder folder_;
};

PlateLook look()
{
    PlateLook look{.softness_px = 0.7, .black = {0.02f, 0.02f, 0.02f}, .horizon = {0.5f, 0.6f, 0.8f}};
    look.noise.variance_floor = {1e-4f, 1e-4f, 1e-4f};
    look.noise.variance_slope = {4e-4f, 4e-4f, 4e-4f};
    for (std::size_t c = 0; c < 3; ++c) {
        look.noise.kernel[c][12] = 1;
        look.noise.colour[c][c] = 1;
    }
    return look;
}

class SittingIn : public testing::Test {
protected:
    ShotInfo shot_ = test_shot();
    Frame frame_{shot_, 1043};
    Image plate_ = flat({-4, -3, 50, 34}, "RGB", {0.6f, 0.6f, 0.6f});

    void SetUp() override
    {
        shot_.seed = 11;
        frame_.set("plate", plate_);
        frame_.set("depth", flat(kDisplay, "Z", {100}));
    }

    const Image& run(const std::string& toml)
    {
        const auto stage = comp_from(toml, shot_);
        stage->prepare(KnownLook(shot_, look()));
        stage->process(frame_);
        return frame_.layer("comp");
    }
    const Image& run_debris(const std::string& keys, const std::string& stage_keys = {})
    {
        return run("layers = ['plate', { name = 'debris', " + keys + " }]\n" + stage_keys);
    }

    /// A black card in the middle.
    void set_card(float alpha = 1)
    {
        Image card = flat(kDisplay, "RGBA", {0, 0, 0, 0});
        for (int y = 8; y < 24; ++y)
            for (int x = 12; x < 36; ++x)
                card.pixel(x, y)[3] = alpha;
        frame_.set("debris", std::move(card));
    }
};

TEST_F(SittingIn, EmptyLayersWithEverythingOnLeaveEveryBitOfThePlate)
{
    plate_ = noise({-4, -3, 50, 34}, "RGB", 8);
    plate_.pixel(5, 5)[0] = -0.0f;
    frame_.set("plate", plate_);
    frame_.set("debris", flat(kDisplay, "RGBA", {0, 0, 0, 0}));
    frame_.set("shadow", flat(kDisplay, "RGB", {1, 1, 1}));
    const std::string on = kAllOn;
    run("layers = ['plate', { name = 'shadow', operation = 'multiply' }, { name = 'debris', " + on + " }]\ngrain = 1");
    EXPECT_EQ(differing_samples(frame_.layer("comp"), plate_), 0);
    for (std::size_t i = 0; i < frame_.layer("generated").sample_count(); ++i)
        ASSERT_EQ(bits(frame_.layer("generated").data()[i]), 0u);
}

TEST_F(SittingIn, OutsideTheLayersReachEveryBitOfThePlateStays)
{
    plate_ = noise({-4, -3, 50, 34}, "RGB", 9);
    frame_.set("plate", plate_);
    set_card();
    const Image& comp = run_debris(kAllOn, "grain = 1");
    int changed = 0;
    for (int y = -3; y < 34; ++y)
        for (int x = -4; x < 50; ++x) {
            const bool same = bits(at(comp, x, y, "G")) == bits(at(plate_, x, y, "G"));
            if (x < 12 - 4 || x >= 36 + 4 || y < 8 - 4 || y >= 24 + 4) {
                ASSERT_TRUE(same) << x << "," << y;
            }
            changed += !same;
        }
    EXPECT_GT(changed, 24 * 16);
}

TEST_F(SittingIn, KeysLeftOutGiveTheBitsOfAPlainList)
{
    frame_.set("debris", noise(kDisplay, "RGBA", 10));
    const Image plain = run("layers = ['plate', 'debris']");
    EXPECT_EQ(differing_samples(run_debris("softness = 0, blacks = 0, haze = 0, wrap = 0", "grain = 0"), plain), 0);
    EXPECT_TRUE(comp_from("layers = ['plate', 'debris']", shot_)->prepare_frames().empty());
}

TEST_F(SittingIn, SoftnessSoftensTheEdgeAsTheLensDoes)
{
    set_card();
    const Image& comp = run_debris("softness = 1");
    EXPECT_NEAR(at(comp, 24, 16, "R"), 0, 1e-6f);
    EXPECT_NEAR(at(comp, 12, 16, "R") + at(comp, 11, 16, "R"), 0.6f, 1e-5f); // the edge stays where it was
    EXPECT_GT(at(comp, 12, 16, "R"), 0.05f);
    EXPECT_EQ(at(frame_.layer("generated"), 24, 16, "generated"), 1.0f);
    EXPECT_NEAR(at(frame_.layer("generated"), 11, 16, "generated"), 1 - at(comp, 11, 16, "R") / 0.6f, 1e-5f);
}

TEST_F(SittingIn, AGivenSoftnessIsInFullResolutionPixels)
{
    set_card();
    const Image full = run_debris("softness = 1", "softness_px = 0.7");
    EXPECT_EQ(differing_samples(full, run_debris("softness = 1")), 0);
    shot_.proxy = 2;
    EXPECT_EQ(differing_samples(full, run_debris("softness = 1", "softness_px = 1.4")), 0);
}

TEST_F(SittingIn, BlacksAreLiftedToThePlates)
{
    set_card();
    EXPECT_FLOAT_EQ(at(run_debris("blacks = 1"), 24, 16, "G"), 0.02f);
    EXPECT_FLOAT_EQ(at(run_debris("blacks = 0.5"), 24, 16, "G"), 0.01f);
    EXPECT_FLOAT_EQ(at(run_debris("blacks = 1", "black_level = [0.1, 0.2, 0.3]"), 24, 16, "G"), 0.2f);
}

TEST_F(SittingIn, BlacksAreLiftedAfterTheGrade)
{
    set_card();
    EXPECT_FLOAT_EQ(at(run_debris("blacks = 1, gain = [0.1, 0.1, 0.1]"), 24, 16, "G"), 0.02f);
}

TEST_F(SittingIn, HazeGoesTowardsItsColourWithDistance)
{
    set_card();
    const float taken = 1 - std::exp(-1.0f);
    EXPECT_FLOAT_EQ(at(run_debris("haze = 0.01"), 24, 16, "B"), 0.8f * taken);
    EXPECT_FLOAT_EQ(at(run_debris("haze = 0.01", "haze_colour = [0, 0, 2]"), 24, 16, "B"), 2 * taken);
    frame_.set("far", flat(kDisplay, "Z", {1000}));
    EXPECT_NEAR(at(run_debris("haze = 0.01, depth = 'far'"), 24, 16, "B"), 0.8f, 1e-4f);
}

TEST_F(SittingIn, TheGradeIsUnderTheHaze)
{
    set_card();
    const Image plain = run_debris("haze = 0.01");
    EXPECT_EQ(differing_samples(run_debris("haze = 0.01, gain = [3, 3, 3]"), plain), 0); // of black
}

TEST_F(SittingIn, HazeNeedsItsDepthAndSoItIsRead)
{
    const auto reads = comp_from("layers = ['plate', { name = 'debris', haze = 0.1, depth = 'z' }]", shot_)->layers().reads;
    EXPECT_TRUE(std::ranges::any_of(reads, [](const LayerUse::Read& read) { return read.layer == "z" && !read.optional; }));
    set_card();
    frame_.set("depth", flat({0, 0, 4, 4}, "Z", {1}));
    Image other(Window{0, 0, 10, 10}, Window{0, 0, 10, 10}, {{"Z"}});
    frame_.set("depth", std::move(other));
    EXPECT_THAT(error_of([&] { run_debris("haze = 0.1"); }), HasSubstr("depth 'depth' is"));
}

TEST_F(SittingIn, LightOfLayersAboveWrapsAroundAsWell)
{
    frame_.set("plate", flat({-4, -3, 50, 34}, "RGB", {0, 0, 0}));
    set_card();
    Image dust = flat(kDisplay, "RGBA", {0, 0, 0, 0});
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 12; ++x)
            std::fill_n(dust.pixel(x, y), 4, 1.0f);
    frame_.set("dust", std::move(dust));
    const Image& comp = run("layers = ['plate', { name = 'debris', wrap = 0.5, wrap_px = 4 }, 'dust']");
    EXPECT_GT(at(comp, 12, 16, "R"), 0.1f);
    EXPECT_GT(at(comp, 12, 16, "R"), at(comp, 14, 16, "R"));
    EXPECT_EQ(at(comp, 35, 16, "R"), 0.0f);
}

TEST_F(SittingIn, TheForegroundKeepsItsBitsUnderWrapAndGrain)
{
    plate_ = noise({-4, -3, 50, 34}, "RGB", 12);
    frame_.set("plate", plate_);
    set_card();
    frame_.set("matte.foreground", flat({20, 0, 30, 32}, "A", {1}));
    const std::string on = kAllOn;
    const Image& comp = run("layers = ['plate', { name = 'debris', " + on + " }, 'matte.foreground']\ngrain = 1");
    for (int y = 0; y < 32; ++y)
        for (int x = 20; x < 30; ++x)
            ASSERT_EQ(bits(at(comp, x, y, "R")), bits(at(plate_, x, y, "R"))) << x << "," << y;
}

/// Standard deviation of what a window of the comp shows around `mean`.
double deviation(const Image& image, const Window& window, double mean)
{
    double sum = 0;
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            for (const char* channel : {"R", "G", "B"})
                sum += std::pow(at(image, x, y, channel) - mean, 2);
    return std::sqrt(sum / (3.0 * window.width() * window.height()));
}

TEST_F(SittingIn, GeneratedPixelsGetTheGrainOfThePlateAtTheirBrightness)
{
    set_card();
    const Window inside{12, 8, 36, 24};
    const Image& comp = run_debris("opacity = 1", "grain = 1");
    EXPECT_NEAR(deviation(comp, inside, 0), 0.01, 0.001);
    EXPECT_EQ(at(comp, 11, 16, "R"), 0.6f);
    frame_.set("debris", flat(kDisplay, "RGBA", {0.5f, 0.5f, 0.5f, 1}));
    EXPECT_NEAR(deviation(run_debris("opacity = 1", "grain = 1"), inside, 0.5), std::sqrt(1e-4 + 2e-4), 0.0015);
}

TEST_F(SittingIn, HalfACoverGetsTheVarianceThatIsMissing)
{
    frame_.set("debris", flat(kDisplay, "RGBA", {0, 0, 0, 0.5f}));
    const double variance = 1e-4 + 4e-4 * 0.3;
    EXPECT_NEAR(deviation(run_debris("opacity = 1", "grain = 1"), kDisplay, 0.3), std::sqrt(0.75 * variance), 0.001);
}

TEST_F(SittingIn, TheCleanPlateHasItsGrainAndAShadowGetsWhatDarkeningTook)
{
    frame_.set("clean", flat(kDisplay, "RGB", {0.4f, 0.4f, 0.4f}));
    EXPECT_EQ(deviation(run("layers = ['plate', 'clean']\ngrain = 1"), kDisplay, 0.4f), 0);
    EXPECT_GT(deviation(run("layers = ['plate', { name = 'clean', grain = 1 }]\ngrain = 1"), kDisplay, 0.4), 0.01);

    frame_.set("shadow", flat(kDisplay, "RGB", {0.25f, 0.25f, 0.25f}));
    const std::string shadow = "layers = ['plate', { name = 'shadow', operation = 'multiply' }]\ngrain = 1";
    EXPECT_NEAR(deviation(run(shadow), kDisplay, 0.15), std::sqrt(0.75 * (1e-4 + 4e-4 * 0.15)), 0.001);
}

TEST_F(SittingIn, LessGrainIsAskedForByLayerAndByStage)
{
    set_card();
    const Window inside{12, 8, 36, 24};
    EXPECT_NEAR(deviation(run_debris("grain = 1", "grain = 0.25"), inside, 0), 0.005, 0.0005);
    EXPECT_EQ(deviation(run_debris("grain = 0", "grain = 1"), inside, 0), 0);
}

TEST_F(SittingIn, GrainChangesWithFrameAndSeedAndNotWithThreads)
{
    set_card();
    const Image first = run_debris("opacity = 1", "grain = 1");
    {
        const ThreadLimit one(1);
        EXPECT_EQ(differing_samples(run_debris("opacity = 1", "grain = 1"), first), 0);
    }
    shot_.seed = 12;
    EXPECT_GT(differing_samples(run_debris("opacity = 1", "grain = 1"), first), 500);
    shot_.seed = 11;
    frame_.number = 1044;
    EXPECT_GT(differing_samples(run_debris("opacity = 1", "grain = 1"), first), 500);
}

TEST_F(SittingIn, AFewFramesOfTheShotAreMeasuredAndOnlyWhenSomethingIs)
{
    shot_.frames.clear();
    for (int frame = 1001; frame <= 1072; ++frame)
        shot_.frames.push_back(frame);
    const auto frames = [&](const std::string& keys, const std::string& more) {
        return comp_from("layers = ['plate', { name = 'debris', " + keys + " }]\n" + more, shot_)->prepare_frames();
    };
    EXPECT_THAT(frames("softness = 1", ""), testing::ElementsAre(1001, 1018, 1036, 1054, 1072));
    EXPECT_THAT(frames("softness = 1", "softness_px = 1"), testing::IsEmpty());
    EXPECT_THAT(frames("blacks = 1, haze = 1", "black_level = [0, 0, 0]"), testing::SizeIs(5));
    EXPECT_THAT(frames("wrap = 1", "grain = 0"), testing::IsEmpty());
    EXPECT_THAT(frames("wrap = 1", "grain = 1"), testing::SizeIs(5));
}

TEST_F(SittingIn, WrapOfTheBottomLayerIsRefused)
{
    EXPECT_THAT(error_of([&] { comp_from("layers = [{ name = 'plate', wrap = 0.5 }]", shot_); }),
                HasSubstr("there is nothing around the first layer whose light could wrap"));
}

TEST_F(SittingIn, ALuminanceShotIsFittedToo)
{
    frame_.set("plate", flat(kDisplay, "Y", {0.5f}));
    frame_.set("debris", flat({10, 8, 30, 20}, "YA", {0, 1}));
    const Image& comp = run_debris("blacks = 1, wrap = 0.5, softness = 1", "grain = 1");
    EXPECT_TRUE(comp.channel_index("Y").has_value());
    EXPECT_NEAR(at(comp, 20, 14, "Y"), 0.02f, 0.1f);
}

} // namespace
} // namespace platefall::comp
