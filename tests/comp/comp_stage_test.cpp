#include "comp/comp_stage.h"

#include "base/parallel.h"
#include "comp_helpers.h"
#include "support/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace platefall::comp {
namespace {

using test::error_of;
using testing::HasSubstr;

class CompStage : public testing::Test {
protected:
    ShotInfo shot_ = test_shot();
    Frame frame_{shot_, 1043};
    Image plate_ = noise({-4, -3, 50, 34}, "RGB", 21);

    void SetUp() override { frame_.set("plate", plate_); }
    const Image& comp() const { return frame_.layer("comp"); }
    const Image& generated() const { return frame_.layer("generated"); }
    float weight(int x, int y) const { return at(generated(), x, y, "generated"); }
};

TEST_F(CompStage, PlateAloneComesOutBitIdenticalWithItsOverscan)
{
    run_comp("layers = ['plate']", frame_);
    EXPECT_EQ(differing_samples(comp(), plate_), 0);
    EXPECT_EQ(comp().display_window(), kDisplay);
    EXPECT_EQ(differing_samples(frame_.layer("plate"), plate_), 0);
    EXPECT_TRUE(std::all_of(generated().data(), generated().data() + generated().sample_count(),
                            [](float weight) { return bits(weight) == 0; }));
}

TEST_F(CompStage, PixelsOutsideEveryMatteKeepThePlatesBits)
{
    Image matte = flat(kDisplay, "A", {0});
    for (int y = 10; y < 20; ++y)
        for (int x = 12; x < 30; ++x)
            *matte.pixel(x, y) = 0.5f;
    frame_.set("matte.building", matte);
    frame_.set("clean", noise(kDisplay, "RGB", 22));
    frame_.set("dust", noise(kDisplay, "RGBA", 23));
    run_comp("layers = ['plate', { name = 'clean', matte = 'building' },"
             " { name = 'dust', matte = 'building', gain = [1.5, 1.0, 0.5], gamma = 1.2, saturation = 0.5 }]",
             frame_);
    int inside_changed = 0;
    for (int y = plate_.data_window().y0; y < plate_.data_window().y1; ++y)
        for (int x = plate_.data_window().x0; x < plate_.data_window().x1; ++x)
            for (const std::string channel : {"R", "G", "B"}) {
                const bool same = bits(at(comp(), x, y, channel)) == bits(at(plate_, x, y, channel));
                if (at(matte, x, y, "A") == 0.0f)
                    ASSERT_TRUE(same) << channel << " at " << x << "," << y;
                else
                    inside_changed += !same;
            }
    EXPECT_GT(inside_changed, 400);
}

TEST_F(CompStage, AMatteInTheListIsThePlateSeenThroughIt)
{
    frame_.set("clean", noise(kDisplay, "RGB", 24));
    Image matte = flat({8, 8, 30, 20}, "A", {1});
    *matte.pixel(9, 9) = 0.25f;
    frame_.set("matte.foreground", matte);
    run_comp("layers = ['plate', 'clean', 'matte.foreground']", frame_);
    EXPECT_EQ(bits(at(comp(), 15, 15, "G")), bits(at(plate_, 15, 15, "G")));
    EXPECT_EQ(bits(at(comp(), 31, 15, "G")), bits(at(frame_.layer("clean"), 31, 15, "G")));
    EXPECT_FLOAT_EQ(at(comp(), 9, 9, "R"),
                    0.25f * at(plate_, 9, 9, "R") + 0.75f * at(frame_.layer("clean"), 9, 9, "R"));
    EXPECT_EQ(weight(15, 15), 0.0f);
    EXPECT_EQ(weight(31, 15), 1.0f);
    EXPECT_EQ(weight(9, 9), 0.75f);
}

TEST_F(CompStage, AnInvertedMatteShowsTheLayerEverywhereElse)
{
    frame_.set("clean", flat(kDisplay, "RGB", {5, 5, 5}));
    frame_.set("matte.keep", flat({10, 10, 20, 20}, "A", {1}));
    run_comp("layers = ['plate', { name = 'clean', matte = 'keep', invert_matte = true }]", frame_);
    EXPECT_EQ(at(comp(), 15, 15, "R"), at(plate_, 15, 15, "R"));
    EXPECT_EQ(at(comp(), 9, 15, "R"), 5.0f);
    EXPECT_EQ(at(comp(), 15, 20, "R"), 5.0f);
}

TEST_F(CompStage, HoldoutsCutTheAlphaOfLayersAndMattesOut)
{
    frame_.set("dust", flat(kDisplay, "RGBA", {2, 2, 2, 1}));
    frame_.set("debris", flat({10, 10, 20, 20}, "RGBA", {1, 1, 1, 0.75f}));
    frame_.set("matte.foreground", flat({15, 10, 30, 20}, "A", {1}));
    run_comp("layers = ['plate', { name = 'dust', holdout = ['debris', 'matte.foreground'] }]", frame_);
    EXPECT_EQ(at(comp(), 5, 5, "R"), 2.0f);
    EXPECT_FLOAT_EQ(at(comp(), 12, 12, "R"), 0.5f + 0.75f * at(plate_, 12, 12, "R"));
    EXPECT_EQ(bits(at(comp(), 25, 12, "R")), bits(at(plate_, 25, 12, "R")));
    EXPECT_EQ(weight(12, 12), 0.25f);
}

TEST_F(CompStage, AHoldoutWithoutAlphaIsSolidInsideItsWindow)
{
    frame_.set("dust", flat(kDisplay, "RGBA", {2, 2, 2, 1}));
    frame_.set("card", flat({10, 10, 20, 20}, "RGB", {1, 1, 1}));
    run_comp("layers = ['plate', { name = 'dust', holdout = ['card'] }]", frame_);
    EXPECT_EQ(bits(at(comp(), 12, 12, "B")), bits(at(plate_, 12, 12, "B")));
    EXPECT_EQ(at(comp(), 9, 12, "B"), 2.0f);
}

TEST_F(CompStage, OpacityScalesColourAndAlpha)
{
    frame_.set("cg", flat(kDisplay, "RGBA", {2, 2, 2, 0.5f}));
    run_comp("layers = ['plate', { name = 'cg', opacity = 0.5 }]", frame_);
    EXPECT_FLOAT_EQ(at(comp(), 3, 3, "R"), 1.0f + 0.75f * at(plate_, 3, 3, "R"));
    EXPECT_EQ(weight(3, 3), 0.25f);
}

TEST_F(CompStage, LayersMergeBottomToTop)
{
    frame_.set("below", flat({0, 0, 20, 20}, "RGBA", {1, 1, 1, 1}));
    frame_.set("above", flat({10, 10, 30, 30}, "RGBA", {2, 2, 2, 1}));
    run_comp("layers = ['plate', 'below', 'above']", frame_);
    EXPECT_EQ(at(comp(), 5, 5, "R"), 1.0f);
    EXPECT_EQ(at(comp(), 15, 15, "R"), 2.0f);
    EXPECT_EQ(at(comp(), 25, 25, "R"), 2.0f);
}

// Channels

TEST_F(CompStage, ChannelsBesideColourPassThrough)
{
    Image plate(kDisplay, kDisplay,
                {{"R"}, {"G"}, {"B"}, {"Z", ChannelType::full_float}, {"id", ChannelType::unsigned_int}},
                0.5f);
    plate.pixel(7, 7)[3] = 12.5f;
    plate.pixel(7, 7)[4] = 77.0f;
    frame_.set("plate", plate);
    frame_.set("cg", flat({-9, -9, 60, 60}, "RGBA", {1, 1, 1, 1}));
    run_comp("layers = ['plate', 'cg']", frame_);
    EXPECT_EQ(comp().channels(), plate.channels());
    EXPECT_EQ(comp().data_window(), (Window{-9, -9, 60, 60}));
    EXPECT_EQ(at(comp(), 7, 7, "Z"), 12.5f);
    EXPECT_EQ(at(comp(), 7, 7, "id"), 77.0f);
    EXPECT_EQ(at(comp(), 7, 7, "R"), 1.0f);
    EXPECT_EQ(at(comp(), -9, -9, "Z"), 0.0f);
}

TEST_F(CompStage, LuminancePicturesStayLuminance)
{
    frame_.set("plate", flat(kDisplay, "Y", {0.25f}));
    frame_.set("smoke", flat(kDisplay, "YA", {0.5f, 0.5f}));
    run_comp("layers = ['plate', { name = 'smoke', gain = [2, 2, 2] }]", frame_);
    EXPECT_EQ(describe(comp().channels()), "Y");
    EXPECT_EQ(at(comp(), 3, 3, "Y"), 1.125f);
}

TEST_F(CompStage, LuminanceIsSpreadAsSoonAsALayerHasColour)
{
    Image plate(kDisplay, kDisplay, {{"Y", ChannelType::full_float}, {"Z", ChannelType::full_float}}, 0.25f);
    frame_.set("plate", plate);
    frame_.set("cg", flat({0, 0, 10, 10}, "RGBA", {0.5f, 0.25f, 0, 0.5f}));
    run_comp("layers = ['plate', 'cg']", frame_);
    EXPECT_EQ(describe(comp().channels()), "R G B Z");
    EXPECT_EQ(comp().channels()[1].type, ChannelType::full_float);
    EXPECT_EQ(at(comp(), 3, 3, "R"), 0.625f);
    EXPECT_EQ(at(comp(), 3, 3, "B"), 0.125f);
    EXPECT_EQ(at(comp(), 20, 20, "G"), 0.25f);
    EXPECT_EQ(at(comp(), 20, 20, "Z"), 0.25f);
}

TEST_F(CompStage, AColouredGradeMakesLuminanceColour)
{
    frame_.set("plate", flat(kDisplay, "Y", {0.5f}));
    run_comp("layers = [{ name = 'plate', gain = [1.0, 0.5, 2.0] }]", frame_);
    EXPECT_EQ(describe(comp().channels()), "R G B");
    EXPECT_EQ(at(comp(), 3, 3, "B"), 1.0f);
}

TEST_F(CompStage, LuminanceLayersCoverColour)
{
    frame_.set("fog", flat(kDisplay, "YA", {0.5f, 1.0f}));
    run_comp("layers = ['plate', 'fog']", frame_);
    EXPECT_EQ(describe(comp().channels()), "R G B");
    EXPECT_EQ(at(comp(), 3, 3, "R"), 0.5f);
    EXPECT_EQ(at(comp(), 3, 3, "B"), 0.5f);
}

TEST_F(CompStage, ABottomLayerThatIsCutGetsAnAlpha)
{
    frame_.set("plate", Image(kDisplay, kDisplay, {{"R"}, {"G"}, {"B"}, {"Z"}}, 0.5f));
    frame_.set("matte.m", flat({10, 10, 20, 20}, "A", {0.5f}));
    run_comp("layers = ['matte.m']", frame_);
    EXPECT_EQ(describe(comp().channels()), "R G B A Z");
    EXPECT_EQ(at(comp(), 12, 12, "A"), 0.5f);
    EXPECT_EQ(at(comp(), 12, 12, "R"), 0.25f);
    EXPECT_EQ(at(comp(), 12, 12, "Z"), 0.5f);
    EXPECT_EQ(at(comp(), 2, 2, "A"), 0.0f);
    EXPECT_EQ(weight(12, 12), 0.0f);
}

TEST_F(CompStage, DataIsNoPicture)
{
    Image velocity = flat({10, 10, 20, 20}, "RGB", {1, 2, 3});
    for (Channel& channel : velocity.channels())
        channel.data = true;
    frame_.set("velocity", std::move(velocity));
    EXPECT_EQ(error_of([&] { run_comp("layers = ['plate', 'velocity']", frame_); }),
              "layer 'velocity' is data and no picture (has R G B); leave it out of 'layers'");
}

TEST_F(CompStage, AlphaOnlyLayersMayMaskButNotCover)
{
    frame_.set("hole", flat({10, 10, 20, 20}, "A", {1}));
    run_comp("layers = ['plate', { name = 'hole', operation = 'stencil' }]", frame_);
    EXPECT_EQ(at(comp(), 12, 12, "R"), 0.0f);
    EXPECT_EQ(at(comp(), 22, 12, "R"), at(plate_, 22, 12, "R"));
    EXPECT_EQ(error_of([&] { run_comp("layers = ['plate', 'hole']", frame_); }),
              "layer 'hole' has neither R G B nor Y (has A)");
}

// Generated

TEST_F(CompStage, GeneratedFollowsAlphaAndTheNextLayerCoversIt)
{
    frame_.set("cg", flat(kDisplay, "RGBA", {1, 1, 1, 0.5f}));
    frame_.set("still", flat({10, 10, 20, 20}, "RGBA", {1, 1, 1, 0.5f}));
    run_comp("layers = ['plate', 'cg', { name = 'still', generated = 0.25 }]", frame_);
    EXPECT_EQ(weight(5, 5), 0.5f);
    EXPECT_EQ(weight(15, 15), 0.125f + 0.5f * 0.5f);
    EXPECT_EQ(weight(-1, -1), 0.0f);
    EXPECT_EQ(generated().data_window(), comp().data_window());
    EXPECT_EQ(generated().channels(), (std::vector<Channel>{{"generated", ChannelType::half_float}}));
}

TEST_F(CompStage, WhatTheFrameKnowsOfALayerCountsUnlessTheListOverridesIt)
{
    frame_.set("clean", flat(kDisplay, "RGB", {1, 1, 1}));
    frame_.set("generated.clean", flat({0, 0, 24, 32}, "g", {0.25f}));
    run_comp("layers = ['plate', 'clean']", frame_);
    EXPECT_EQ(weight(10, 10), 0.25f);
    EXPECT_EQ(weight(30, 10), 0.0f);
    run_comp("layers = ['plate', { name = 'clean', generated = 0.5 }]", frame_);
    EXPECT_EQ(weight(10, 10), 0.5f);
}

TEST_F(CompStage, LightWithoutAlphaCountsWhereItAddsSomething)
{
    Image fire = flat(kDisplay, "RGBA", {0, 0, 0, 0});
    fire.pixel(9, 9)[0] = 3.0f;
    frame_.set("fire", fire);
    run_comp("layers = ['plate', { name = 'fire', operation = 'plus' }]", frame_);
    EXPECT_EQ(weight(9, 9), 1.0f);
    EXPECT_EQ(weight(10, 9), 0.0f);
}

TEST_F(CompStage, AShadowCountsOnlyWhereItDarkens)
{
    Image shadow = flat(kDisplay, "RGB", {1, 1, 1});
    shadow.pixel(9, 9)[2] = 0.5f;
    frame_.set("shadow", shadow);
    run_comp("layers = ['plate', { name = 'shadow', operation = 'multiply' }]", frame_);
    EXPECT_EQ(weight(9, 9), 1.0f);
    EXPECT_EQ(weight(10, 9), 0.0f);
    EXPECT_EQ(bits(at(comp(), 10, 9, "B")), bits(at(plate_, 10, 9, "B")));
}

TEST_F(CompStage, ASecondCompKnowsWhatTheFirstOneGenerated)
{
    frame_.set("cg", flat({10, 10, 20, 20}, "RGBA", {1, 1, 1, 0.5f}));
    run_comp("layers = ['plate', 'cg']", frame_);
    run_comp("layers = [{ name = 'comp', gain = [2, 2, 2] }]", frame_);
    EXPECT_EQ(weight(15, 15), 0.5f);
    EXPECT_EQ(weight(5, 5), 0.0f);
    EXPECT_FLOAT_EQ(at(comp(), 15, 15, "R"), 2.0f + at(plate_, 15, 15, "R"));
}

// Law and order

TEST_F(CompStage, OneThreadAndManyGiveTheSameBits)
{
    frame_.set("cg", noise({-20, -20, 60, 60}, "RGBA", 31));
    frame_.set("matte.m", noise(kDisplay, "A", 32));
    const std::string list = "layers = ['plate', { name = 'cg', matte = 'm', gamma = 1.3, rotate_deg = 7 },"
                             " { name = 'cg', operation = 'screen' }]";
    Image one, many;
    {
        const ThreadLimit limit(1);
        run_comp(list, frame_);
        one = comp();
    }
    {
        const ThreadLimit limit(4);
        run_comp(list, frame_);
        many = comp();
    }
    EXPECT_EQ(differing_samples(one, many), 0);
}

TEST_F(CompStage, NamesEveryLayerItReadsWithItsPlace)
{
    const auto stage =
        comp_from("layers = [\n"
                  "  'plate',\n"
                  "  { name = 'cg', matte = 'building', holdout = ['matte.pole', 'debris'] },\n"
                  "  'matte.foreground']",
                  shot_);
    const LayerUse use = stage->layers();
    const auto line_of = [&](const std::string& layer) {
        const auto found = std::find_if(use.reads.begin(), use.reads.end(),
                                        [&](const LayerUse::Read& read) { return read.layer == layer; });
        return found == use.reads.end() ? -1 : found->origin.line;
    };
    EXPECT_EQ(line_of("cg"), 3);
    EXPECT_EQ(line_of("matte.building"), 3);
    EXPECT_EQ(line_of("matte.pole"), 3);
    EXPECT_EQ(line_of("debris"), 3);
    EXPECT_EQ(line_of("matte.foreground"), 4);
    EXPECT_EQ(use.writes, (std::vector<std::string>{"comp", "generated"}));
}

TEST_F(CompStage, LayersMustHaveThePlatesSize)
{
    frame_.set("cg", noise({0, 0, 20, 20}, "RGBA", 33, {0, 0, 1280, 720}));
    EXPECT_EQ(error_of([&] { run_comp("layers = ['plate', 'cg']", frame_); }),
              "layer 'cg' is 1280x720 but the plate is 48x32 (frame 1043)");

    frame_.set("cg", noise(kDisplay, "RGBA", 34));
    frame_.set("matte.m", noise({0, 0, 20, 20}, "A", 35, {0, 0, 24, 16}));
    EXPECT_EQ(error_of([&] { run_comp("layers = ['plate', { name = 'cg', matte = 'm' }]", frame_); }),
              "matte 'm' is 24x16 but the plate is 48x32 (frame 1043)");
}

TEST_F(CompStage, EveryMistakeInTheListIsReportedWithItsPlace)
{
    const std::string message = error_of([&] {
        comp_from("layers = [{ name = 'plate', operation = 'in' },\n"
                  "  { name = 'cg', invert_matte = true, scale = [0, 1] }]",
                  shot_);
    });
    EXPECT_THAT(message, HasSubstr("shot.toml:1:41: there is nothing below the first layer"));
    EXPECT_THAT(message, HasSubstr("'invert_matte' has no meaning without 'matte'"));
    EXPECT_THAT(message, HasSubstr("'scale' must not be 0; nothing would be left"));
}

TEST_F(CompStage, AnEmptyListIsRefused)
{
    EXPECT_THAT(error_of([&] { comp_from("layers = []", shot_); }),
                HasSubstr("shot.toml:1:10: there is no layer in 'layers'"));
}

} // namespace
} // namespace platefall::comp
