#include "base/files.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "pipeline/plan.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using test::LambdaStage;
using test::TinyShot;

/// `bright` doubles the plate's red; `learn` keeps the mean red of two frames as they are after `bright`.
struct PrepareTest : testing::Test {
    PrepareTest()
    {
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "bright", [](LambdaStage& stage, double amount) {
            stage.reads = {"plate"};
            stage.writes = {"bright"};
            stage.on_process = [amount](Frame& frame) {
                Image image = frame.layer("plate");
                for (std::size_t i = 0; i < image.sample_count(); ++i)
                    image.data()[i] *= static_cast<float>(1.0 + amount);
                frame.set("bright", std::move(image));
            };
        });
        test::add_lambda_stage(shot.registry, "learn", [this](LambdaStage& stage, double) {
            stage.reads = {"bright"};
            stage.prepares_from = {1001, 1003};
            stage.on_prepare = [this](const PrepareContext& context) { learn(context); };
        });
    }

    void learn(const PrepareContext& context)
    {
        if (const auto known = context.cached()) {
            learned = read_text_file(*known / "red");
            return;
        }
        ++runs;
        float red = 0.0f;
        for (const int frame : {1001, 1003})
            red += context.upstream(frame).layer("bright").pixel(0, 0)[0] / 2.0f;
        learned = fmt::format("{:.5f}", red);
        context.store([&](const std::filesystem::path& folder) {
            write_file_atomically(folder / "red", learned);
        });
    }

    void prepare(double amount)
    {
        const auto plan = shot.plan(fmt::format("[[stage]]\nuse = \"bright\"\namount = {:.1f}\n"
                                                "[[stage]]\nuse = \"learn\"\n",
                                                amount));
        Fingerprints fingerprints(shot.folder / "fingerprints");
        prepare_stages(*plan, fingerprints, [](const std::string&, double) {});
    }

    TinyShot shot;
    int runs = 0;
    std::string learned;
};

TEST_F(PrepareTest, AStageSeesTheLayersThatComeBeforeIt)
{
    prepare(1.0);
    EXPECT_EQ(learned, fmt::format("{:.5f}", 2.0 * 1002.0 / 1024.0));
}

TEST_F(PrepareTest, ItsResultIsKeptUntilSomethingItDependsOnChanges)
{
    prepare(1.0);
    prepare(1.0);
    EXPECT_EQ(runs, 1);
    prepare(0.5);
    EXPECT_EQ(runs, 2);
    shot.write_plate(1002);   // not among its frames, and the same content
    prepare(0.5);
    EXPECT_EQ(runs, 2);
    write_exr(shot.folder / "plate.1003.exr", test::plate_picture(5), {}, {});
    prepare(0.5);
    EXPECT_EQ(runs, 3);
}

TEST_F(PrepareTest, AStepIsMadeAgainOnlyWhenWhatItIsMadeFromChanges)
{
    std::vector<std::string> made;
    std::string size = "1.2 m", dust = "thick";
    test::add_lambda_stage(shot.registry, "fall", [&](LambdaStage& stage, double) {
        stage.on_prepare = [&](const PrepareContext& context) {
            for (const auto& [name, made_from] : {std::pair("motion", size), std::pair("dust", size + dust)}) {
                const auto folder = context.part(name, made_from, [&](const std::filesystem::path& to) {
                    made.push_back(name);
                    write_file_atomically(to / "made", made_from);
                });
                EXPECT_EQ(read_text_file(folder / "made"), made_from);
            }
        };
    });
    const auto prepare_it = [&](double amount) {
        const auto plan = shot.plan(fmt::format("[[stage]]\nuse = \"fall\"\namount = {}\n", amount));
        Fingerprints fingerprints(shot.folder / "fingerprints");
        prepare_stages(*plan, fingerprints, [](const std::string&, double) {});
    };
    prepare_it(1.5);
    prepare_it(2.5);   // none of the steps depends on it
    EXPECT_THAT(made, testing::ElementsAre("motion", "dust"));
    dust = "thin";
    prepare_it(1.5);
    EXPECT_THAT(made, testing::ElementsAre("motion", "dust", "dust"));
    size = "2 m";
    prepare_it(1.5);
    EXPECT_EQ(made.size(), 5u);
}

TEST_F(PrepareTest, AFrameItDidNotDeclareIsADefect)
{
    test::add_lambda_stage(shot.registry, "greedy", [](LambdaStage& stage, double) {
        stage.on_prepare = [](const PrepareContext& context) { context.upstream(1001); };
    });
    const auto plan = shot.plan("[[stage]]\nuse = \"greedy\"\n");
    Fingerprints fingerprints(shot.folder / "fingerprints");
    EXPECT_THROW(prepare_stages(*plan, fingerprints, [](const std::string&, double) {}), std::logic_error);
}

TEST_F(PrepareTest, AnErrorNamesTheStage)
{
    test::add_lambda_stage(shot.registry, "unlucky", [](LambdaStage& stage, double) {
        stage.on_prepare = [](const PrepareContext&) { throw Error("no ground under the building"); };
    });
    const auto plan = shot.plan("[[stage]]\nuse = \"unlucky\"\n");
    Fingerprints fingerprints(shot.folder / "fingerprints");
    try {
        prepare_stages(*plan, fingerprints, [](const std::string&, double) {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "preparing stage 'unlucky': no ground under the building");
    }
}

}  // namespace
}  // namespace platefall
