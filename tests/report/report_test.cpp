#include "report/report.h"

#include "base/files.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "cache/fingerprints.h"
#include "image/read.h"
#include "pipeline/frame_key.h"
#include "pipeline/render_shot.h"
#include "scene/curves.h"
#include "support/error_text.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::LambdaStage;
using testing::HasSubstr;
using testing::Not;

/// A shot whose one stage simulates, prepares once, and warns.
struct ReportTest : testing::Test {
    ReportTest()
    {
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "fall", [](LambdaStage& stage, double) {
            stage.reads = {"plate"};
            stage.writes = {"comp"};
            stage.gives = {"fall.motion"};
            stage.on_prepare = [](const PrepareContext& context) {
                context.give("fall.motion", context.part("motion", "", [](const fs::path& folder) {
                    save_curves({{"pieces moving", "", 1001, {0, 2, 4, 1}}}, folder);
                }));
            };
            stage.on_process = [](Frame& frame) {
                frame.set("comp", frame.layer("plate"));
                frame.warnings.push_back("<odd>");
            };
        });
    }

    std::string manifest = "[provenance]\noperator = \"A & B\"\n[[stage]]\nuse = \"fall\"\n";

    /// As `platefall render` does it.
    void render(std::vector<int> frames, const std::string& text)
    {
        const auto plan = shot.plan(text);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        prepare_stages(*plan, fingerprints, [](const std::string&, double) {});
        Progress progress(ProgressDialect::none, 1, stdout);
        render_shot(*plan, fingerprints, {.frames = std::move(frames), .threads = 2, .memory_bytes = 1u << 30}, progress);
        write_provenance(*plan, fingerprints);
    }

    bool report(const ReportOptions& options = {})
    {
        const auto plan = shot.plan(manifest);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        key_stages(*plan, fingerprints);
        return write_report(*plan, fingerprints, options, [&](const std::string& what) { doing += what + "\n"; });
    }

    json provenance() const { return json::parse(read_text_file(shot.folder / "out/tiny.provenance.json")); }
    std::string page() const { return read_text_file(shot.folder / "out/tiny.report.html"); }

    test::TinyShot shot;
    std::string doing;
};

TEST_F(ReportTest, StandsBesideTheFramesUnderTheirName)
{
    for (const auto& [pattern, name] : {std::pair{"out/a.####.exr", "a"}, {"out/a_v2_%04d.exr", "a_v2"}, {"out/####.exr", "tiny"}}) {
        const auto plan = shot.plan("");
        plan->shot.output.path = SequencePath(shot.folder / pattern);
        EXPECT_EQ(report_files(*plan).page, shot.folder / (std::string("out/") + name + ".report.html"));
    }
}

TEST_F(ReportTest, ProvenanceSaysOfEveryFrameHowItWasMade)
{
    render({1001, 1002}, manifest);
    const json made = provenance();
    EXPECT_EQ(made["shot"], "tiny");
    EXPECT_EQ(made["operator"], "A & B");
    EXPECT_EQ(made["approval"], "temp");
    EXPECT_EQ(made["manifest"]["file"], "tiny.toml");
    ASSERT_EQ(made["frames"].size(), 4u);
    EXPECT_EQ(made["frames"][0]["state"], "good");
    EXPECT_EQ(made["frames"][0]["inputs"][0]["path"], "plate.1001.exr");
    EXPECT_EQ(made["frames"][0]["warnings"][0], "<odd>");
    EXPECT_EQ(made["frames"][2]["state"], "missing");
    EXPECT_EQ(made["stages"][0]["prepare"]["anew"], true);
    EXPECT_EQ(made["origins"]["photographed"], 1.0);
    EXPECT_EQ(made["curves"][0]["name"], "pieces moving");
}

TEST_F(ReportTest, ALaterChunkForgetsNothingOfTheEarlier)
{
    render({1001, 1002}, manifest);
    render({1003, 1004}, manifest);
    const json made = provenance();
    for (const json& frame : made["frames"])
        EXPECT_EQ(frame["state"], "good") << frame;
    EXPECT_EQ(made["stages"][0]["prepare"]["anew"], true) << "the first chunk prepared it";
    EXPECT_EQ(made["curves"].size(), 1u);
}

TEST_F(ReportTest, AFrameOfAnOlderManifestIsCalledThat)
{
    render({1001}, manifest + "amount = 1\n");
    report();
    EXPECT_EQ(provenance()["frames"][0]["state"], "out of date");
    EXPECT_THAT(page(), HasSubstr("0 of 4 frames are good, 1 are of an older manifest or plate"));
}

TEST_F(ReportTest, AFrameThatLostItsRecordIsStillShown)
{
    render({1001, 1002}, manifest);
    fs::remove(shot.folder / "out/.tiny.1001.exr.record");
    EXPECT_TRUE(report());
    EXPECT_EQ(provenance()["frames"][0]["state"], "unrecorded");
    EXPECT_THAT(page(), HasSubstr("2 of 4 frames are good"));
}

TEST_F(ReportTest, WithoutTheCacheItShowsPlateAndResult)
{
    render({1001}, manifest);
    fs::remove_all(shot.folder / ".platefall");
    EXPECT_TRUE(report());
    EXPECT_THAT(page(), HasSubstr("\"name\":\"plate\""));
    EXPECT_THAT(page(), HasSubstr("\"name\":\"comp\""));
}

TEST_F(ReportTest, IsMadeOnceForWhatIsThere)
{
    render({1001, 1002, 1003, 1004}, manifest);
    EXPECT_TRUE(report());
    EXPECT_THAT(doing, HasSubstr("writing the preview movie"));
    EXPECT_THAT(page(), HasSubstr("data:video/mp4;base64,"));
    EXPECT_EQ(read_image(shot.folder / "out/tiny.sheet.png").image.display_window().width(), 4 * 40 + 8);

    doing.clear();
    EXPECT_TRUE(report());
    EXPECT_EQ(doing, "noting how it was made\n") << "nothing has changed";

    EXPECT_TRUE(report({.before_after = true}));
    EXPECT_THAT(doing, HasSubstr("writing the report"));
}

TEST_F(ReportTest, AMovieAtTheEndOfARenderWaitsForTheLastFrame)
{
    render({1001, 1002, 1003}, manifest);
    EXPECT_TRUE(report());
    EXPECT_FALSE(fs::exists(shot.folder / "out/tiny.preview.mp4"));
    EXPECT_TRUE(report({.movie = ReportOptions::Movie::of_all_there}));
    EXPECT_TRUE(fs::exists(shot.folder / "out/tiny.preview.mp4"));
}

TEST_F(ReportTest, WithoutAFrameThereIsNothingToShow)
{
    EXPECT_FALSE(report());
    EXPECT_FALSE(fs::exists(shot.folder / "out/tiny.report.html"));
    EXPECT_TRUE(fs::exists(shot.folder / "out/tiny.provenance.json"));
}

TEST_F(ReportTest, AProvenanceThatIsDamagedIsMadeAnew)
{
    render({1001}, manifest);
    for (const char* damaged : {"", "[1, 2]", "{\"stages\": 3", "{\"stages\": [{\"prepare\": 1}]}"}) {
        write_file_atomically(shot.folder / "out/tiny.provenance.json", std::string_view(damaged));
        EXPECT_TRUE(report()) << damaged;
        EXPECT_EQ(provenance()["shot"], "tiny");
    }
}

struct DisclosureTest : ReportTest {
    std::string disclosure(const std::string& text)
    {
        render({1001}, text);
        const auto plan = shot.plan(text);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        key_stages(*plan, fingerprints);
        write_disclosure(*plan, fingerprints);
        return read_text_file(shot.folder / "out/tiny.disclosure.html");
    }
};

TEST_F(DisclosureTest, LeavesOpenWhatAPersonMustAnswer)
{
    const std::string page = disclosure(manifest);
    for (const char* key : {"unowned_material", "keeps_inputs", "secured_environment", "talent"})
        EXPECT_THAT(page, HasSubstr(std::string("Open: a person must answer (provenance.") + key + " in the manifest)"));
    EXPECT_THAT(page, HasSubstr("Temporary: the manifest does not say"));
    EXPECT_THAT(page, HasSubstr("None: no code or model from outside took part."));
    EXPECT_THAT(page, HasSubstr("plate.1001.exr"));
    EXPECT_THAT(page, HasSubstr("A &amp; B"));
}

TEST_F(DisclosureTest, SaysWhatAPersonStated)
{
    const std::string page = disclosure("[provenance]\napproval = \"final\"\ntalent = \"Nobody <is> in shot.\"\n"
                                        "[[stage]]\nuse = \"fall\"\n");
    EXPECT_THAT(page, HasSubstr("Nobody &lt;is&gt; in shot."));
    EXPECT_THAT(page, Not(HasSubstr("provenance.talent")));
    EXPECT_THAT(page, HasSubstr("Final: the manifest says"));
}

TEST_F(DisclosureTest, AModelWhoseTrainingNobodyStatedIsCalledOut)
{
    shot.registry.add({.name = "fill",
                       .summary = "Fills.",
                       .version = 2,
                       .params = {},
                       .make = [](const Params&, const ShotInfo&) { return std::make_unique<LambdaStage>(); },
                       .fingerprint = "abc123"});
    const std::string use = "[[stage]]\nuse = \"fall\"\n[[stage]]\nuse = \"fill\"\n";
    const std::string open = disclosure(use);
    EXPECT_THAT(open, HasSubstr("<td>fill</td><td><code>abc123</code></td><td><span class=\"bad\">not stated</span></td>"));
    EXPECT_THAT(open, HasSubstr("What fill does, platefall cannot know."));

    const std::string stated = disclosure("[[provenance.models]]\nname = \"models/fill\"\nlicence = \"Apache-2.0\"\n"
                                          "training_data = \"Places2\"\nsource = \"the studio\"\n" + use);
    EXPECT_THAT(stated, HasSubstr("<td>Apache-2.0</td><td>Places2</td><td>the studio</td>"));
}

}  // namespace
}  // namespace platefall
