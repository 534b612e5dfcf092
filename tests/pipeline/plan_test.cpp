#include "pipeline/plan.h"

#include "cache/fingerprints.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using test::LambdaStage;
using test::TinyShot;
using testing::HasSubstr;

std::vector<std::string> faults_of(const TinyShot& shot, const std::string& rest)
{
    Faults faults;
    shot.plan(rest, faults);
    return faults.all();
}

/// A shot with the stages `sky` (writes layer sky) and `tint` (reads sky, writes comp).
struct PlanTest : testing::Test {
    PlanTest()
    {
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "sky", [](LambdaStage& stage, double) { stage.writes = {"sky"}; });
        test::add_lambda_stage(shot.registry, "tint", [](LambdaStage& stage, double) {
            stage.reads = {"sky"};
            stage.writes = {"comp"};
        });
    }
    TinyShot shot;
};

/// `simulate` gives a folder, `draw` takes it and writes comp.
struct HandedOn : PlanTest {
    HandedOn()
    {
        test::add_lambda_stage(shot.registry, "simulate", [this](LambdaStage& stage, double amount) {
            stage.gives = {"motion"};
            stage.on_prepare = [this, amount](const PrepareContext& context) {
                context.give(amount > 0 ? "another" : "motion", shot.folder / "motion");
            };
        });
        test::add_lambda_stage(shot.registry, "draw", [this](LambdaStage& stage, double) {
            stage.takes = {"motion"};
            stage.writes = {"comp"};
            stage.on_prepare = [this](const PrepareContext& context) { taken = context.taken("motion"); };
        });
    }
    void prepare(const std::string& rest)
    {
        const auto plan = shot.plan(rest);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        prepare_stages(*plan, fingerprints, [](const std::string&, double) {});
    }
    std::optional<std::filesystem::path> taken;
};

TEST_F(HandedOn, AFolderReachesTheStageThatTakesIt)
{
    prepare("[[stage]]\nuse = \"simulate\"\n[[stage]]\nuse = \"draw\"\n");
    EXPECT_EQ(taken, shot.folder / "motion");
}

TEST_F(HandedOn, NobodyTakesWhatNoStageBeforeItGives)
{
    const auto faults = faults_of(shot, "[[stage]]\nuse = \"draw\"\n[[stage]]\nuse = \"simulate\"\n");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("stage 'draw' needs a 'motion', and no stage before it makes one"));
}

TEST_F(HandedOn, AStageThatGivesSomethingElseIsADefect)
{
    EXPECT_THROW(prepare("[[stage]]\nuse = \"simulate\"\namount = 1.0\n"), std::logic_error);
}

TEST_F(HandedOn, WhatTheResultIsMadeFromIncludesFolders)
{
    const auto plan = shot.plan("[[stage]]\nuse = \"simulate\"\n[[stage]]\nuse = \"sky\"\n[[stage]]\nuse = \"draw\"\n");
    keep_what_makes_the_result(*plan);
    ASSERT_EQ(plan->stages.size(), 2u);
    EXPECT_EQ(plan->stages[0].type->name, "simulate");
}

TEST_F(PlanTest, AShotWithoutStagesWritesThePlate)
{
    EXPECT_EQ(shot.plan()->result, "plate");
}

TEST_F(PlanTest, TheCompIsTheResultWhereThereIsOne)
{
    const auto plan = shot.plan("[[stage]]\nuse = \"sky\"\n[[stage]]\nuse = \"tint\"\n");
    EXPECT_EQ(plan->result, "comp");
    EXPECT_EQ(plan->shot.info.plate_display, (Window{0, 0, 32, 16}));
}

TEST_F(PlanTest, ALayerIsReadOnlyAfterItIsWritten)
{
    const auto faults = faults_of(shot, "[[stage]]\nuse = \"tint\"\n[[stage]]\nuse = \"sky\"\n");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("stage 'tint' reads layer 'sky', which nothing before it writes (there are: plate)"));
}

TEST_F(PlanTest, AnUnknownStageNamesTheOnesThereAre)
{
    const auto faults = faults_of(shot, "[[stage]]\nuse = \"tinnt\"\n");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("tiny.toml:9:7: there is no stage 'tinnt' (there are: sky and tint)\n"));
    EXPECT_THAT(faults[0], HasSubstr("did you mean 'tint'?"));
}

TEST_F(PlanTest, ALayerIsNotThrownAway)
{
    const auto faults = faults_of(shot, "[[stage]]\nuse = \"sky\"\n[[stage]]\nuse = \"sky\"\n");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("stage 'sky' writes layer 'sky' again without reading it"));
}

TEST_F(PlanTest, AovsAndTheResultMustBeWrittenBySomeone)
{
    const auto faults = faults_of(shot, "aovs = [\"ski\"]\nlayer = \"tin\"\n[[stage]]\nuse = \"sky\"\n");
    ASSERT_EQ(faults.size(), 2u);
    EXPECT_THAT(faults[0], HasSubstr("output.aovs names layer 'ski', which no stage writes"));
    EXPECT_THAT(faults[0], HasSubstr("did you mean 'sky'?"));
    EXPECT_THAT(faults[1], HasSubstr("output.layer is 'tin', which no stage writes"));
}

TEST_F(PlanTest, ALayerIsKeptForThoseWhoUseItWhereItIsThere)
{
    test::add_lambda_stage(shot.registry, "polite", [](LambdaStage& stage, double) {
        stage.optional_reads = {"sky", "stars"};
        stage.writes = {"comp"};
    });
    const auto plan = shot.plan("[[stage]]\nuse = \"sky\"\n[[stage]]\nuse = \"polite\"\n");
    EXPECT_THAT(plan->stages[0].last_use, testing::IsEmpty());
    EXPECT_THAT(plan->stages[1].last_use, testing::UnorderedElementsAre("sky", "stars"));
}

TEST_F(PlanTest, APlateThatIsNowhereSaysWhatIsThere)
{
    shot.first = 2001;
    shot.last = 2003;
    const auto faults = faults_of(shot, "");
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_THAT(faults[0], HasSubstr("is on disk in 2001-2003 (found: 1001-1004)"));
}

TEST_F(PlanTest, FaultsOfTheStagesComeTogetherWithThoseOfTheShot)
{
    const auto faults = faults_of(shot, "[[stage]]\nuse = \"sky\"\namuont = 3\n[[stage]]\nuse = \"tint\"\namount = \"x\"\n"
                                        "[shoot]\n");
    EXPECT_EQ(faults.size(), 3u);
}

}  // namespace
}  // namespace platefall
