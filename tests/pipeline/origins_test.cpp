#include "pipeline/origins.h"

#include "support/tiny_shot.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using test::LambdaStage;

constexpr Window kLeftHalf{0, 0, 16, 16}, kPlate{0, 0, 32, 16};

/// A shot in which a clean plate, a simulation and an element are laid over the plate, each on part of it.
struct OriginsTest : testing::Test {
    OriginsTest()
    {
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "fall", [](LambdaStage& stage, double) { stage.gives = {"fall.motion"}; });
        test::add_lambda_stage(shot.registry, "cleaned",
                               [](LambdaStage& stage, double) { stage.writes = {"clean", "generated.clean"}; });
        test::add_lambda_stage(shot.registry, "drawn", [](LambdaStage& stage, double) {
            stage.takes = {"fall.motion"};
            stage.writes = {"dust", "generated.dust"};
        });
        test::add_lambda_stage(shot.registry, "merged", [](LambdaStage& stage, double) {
            stage.reads = {"plate"};
            stage.writes = {"comp", "generated"};
        });
        plan = shot.plan("[[stage]]\nuse = \"fall\"\n[[stage]]\nuse = \"cleaned\"\n[[stage]]\nuse = \"drawn\"\n"
                         "[[stage]]\nuse = \"merged\"\n");
    }

    static Image grey(float value, const Window& window = kPlate, const char* channel = "generated")
    {
        return Image(window, kPlate, {{channel}}, value);
    }

    Frame frame() { return Frame(plan->shot.info, 1001); }

    test::TinyShot shot;
    std::unique_ptr<Plan> plan;
};

void expect_shares(const Origins& found, const Origins& wanted)
{
    EXPECT_NEAR(found.photographed, wanted.photographed, 1e-6);
    EXPECT_NEAR(found.moved, wanted.moved, 1e-6);
    EXPECT_NEAR(found.synthesised, wanted.synthesised, 1e-6);
    EXPECT_NEAR(found.simulated, wanted.simulated, 1e-6);
    EXPECT_NEAR(found.brought, wanted.brought, 1e-6);
}

TEST_F(OriginsTest, APlateIsPhotographed)
{
    expect_shares(measure_origins(*plan, frame()), {});
}

TEST_F(OriginsTest, ACleanPlateSaysWhatWasMovedAndWhatWasMadeUp)
{
    Frame made = frame();
    Image weights = grey(0.5f);
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 8; ++x)
            *weights.pixel(x, y) = x < 4 ? 1.0f : 0.0f;
    made.set("generated.clean", weights);
    made.set("generated", weights);
    expect_shares(measure_origins(*plan, made), {4.0 / 32, 24.0 / 32, 4.0 / 32, 0, 0});
}

TEST_F(OriginsTest, DustOverAMadeUpWallIsSimulatedAsFarAsItCovers)
{
    Frame made = frame();
    made.set("generated.clean", grey(1.0f, kLeftHalf));
    made.set("dust", Image(kLeftHalf, kPlate, {{"R"}, {"G"}, {"B"}, {"A"}}, 0.25f));
    made.set("generated", grey(1.0f, kLeftHalf));
    expect_shares(measure_origins(*plan, made), {0.5, 0, 0.375, 0.125, 0});
}

TEST_F(OriginsTest, WhatStandsInFrontStaysPhotographed)
{
    Frame made = frame();
    made.set("dust", Image(kPlate, kPlate, {{"R"}, {"G"}, {"B"}, {"A"}}, 1.0f));
    made.set("generated", grey(1.0f, kLeftHalf));   // the foreground was laid over the right half
    expect_shares(measure_origins(*plan, made), {0.5, 0, 0, 0.5, 0});
}

TEST_F(OriginsTest, WhatNobodyKnowsOfWasBrought)
{
    Frame made = frame();
    made.set("generated", grey(0.5f));
    expect_shares(measure_origins(*plan, made), {0.5, 0, 0, 0, 0.5});
}

TEST_F(OriginsTest, AreSaidInWords)
{
    EXPECT_EQ(describe(Origins{0.5, 0.25, 0.125, 0.0625, 0.0625}),
              "photographed 0.5000, moved 0.2500, synthesised 0.1250, simulated 0.0625, brought 0.0625");
}

}  // namespace
}  // namespace platefall
