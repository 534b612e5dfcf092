#include "wedge/wedge.h"

#include "cache/fingerprints.h"
#include "image/read.h"
#include "support/error_text.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>

#include <atomic>

namespace platefall::wedge {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::IsEmpty;

/// A shot with a clean plate, a simulation and a look, which count what they do. The look multiplies the plate's red by its
/// amount; an amount above 90 is refused, and a simulation of 13 fails.
struct WedgeShot : test::TinyShot {
    std::atomic<int> cleaned{0}, simulated{0}, looked{0};

    WedgeShot()
    {
        last = 1002;
        write_plates();
        add_counted("clean", cleaned, [](double) {});
        add_counted("sim", simulated, [](double amount) {
            if (amount == 13)
                throw Error("it cannot stand");
        });
        test::add_lambda_stage(registry, "look", [this](test::LambdaStage& stage, double amount) {
            if (amount > 90)
                throw Error(fmt::format("look: {} is too much", amount));
            stage.reads = {"plate"};
            stage.writes = {"comp"};
            stage.on_process = [this, amount](Frame& frame) {
                ++looked;
                Image image = frame.layer("plate");
                for (int y = 0; y < 16; ++y)
                    for (int x = 0; x < 32; ++x)
                        image.pixel(x, y)[0] *= static_cast<float>(amount);
                frame.set("comp", std::move(image));
            };
        });
    }

    /// A stage that keeps one prepared result.
    void add_counted(const std::string& name, std::atomic<int>& count, std::function<void(double)> look)
    {
        test::add_lambda_stage(registry, name, [&count, look](test::LambdaStage& stage, double amount) {
            stage.prepares_from = {1001, 1002};
            stage.on_prepare = [&count, look, amount](const PrepareContext& context) {
                if (!context.cached())
                    context.store([&](const fs::path&) {
                        look(amount);
                        ++count;
                    });
            };
        });
    }

    Wedge wedge(std::vector<Variation> variations, const std::string& more = {}, int proxy = 1) const
    {
        const std::string stages = "[[stage]]\nuse = \"clean\"\n[[stage]]\nuse = \"sim\"\n[[stage]]\nuse = \"look\"\n" + more;
        Faults none;
        Shot shot = read_shot(parse_manifest(manifest_text(stages), folder / "tiny.toml"), 1, none);
        const fs::path beside = folder_of(shot.output, "tiny");
        std::vector<Variant> variants = all_variants(variations, 64);
        return {std::move(shot), std::move(variations), std::move(variants), beside,
                [this, proxy](Manifest manifest, Faults& faults) { return make_plan(std::move(manifest), proxy, registry, faults); }};
    }

    struct Outcome {
        Summary summary;
        std::vector<Shown> shown;
    };
    Outcome render(const Wedge& wedge) const
    {
        Outcome outcome;
        Fingerprints fingerprints(wedge.shot.cache_folder / "fingerprints");
        Progress progress(ProgressDialect::none, 1, stdout);
        const RenderOptions options{.frames = {1001, 1002}, .threads = 2, .memory_bytes = 1u << 30};
        outcome.summary = wedge::render(wedge, fingerprints, options, progress, {1001, 1002},
                                        [&](Shown shown) { outcome.shown.push_back(std::move(shown)); });
        return outcome;
    }

    float red(const char* file) const { return read_image(folder / file).image.pixel(8, 0)[0]; }
};

std::vector<std::string> faults_of(const Wedge& wedge, const std::string& frames = {})
{
    Faults faults;
    check(wedge, frames, faults);
    return faults.all();
}

TEST(Wedge, EachVariantHasItsOwnFramesAndWhatTheyShareIsMadeOnce)
{
    WedgeShot shot;
    const auto outcome = shot.render(shot.wedge({{"sim.amount", {"1", "2"}}, {"look.amount", {"1", "2", "3"}}}));
    EXPECT_EQ(outcome.summary.good, 12u);
    EXPECT_EQ(outcome.summary.bad, 0u);
    EXPECT_EQ(shot.cleaned, 1) << "the same in all";
    EXPECT_EQ(shot.simulated, 2) << "one for each amount, whatever the look";
    EXPECT_EQ(shot.looked, 12);
    EXPECT_FLOAT_EQ(shot.red("out/wedge/tiny/v02/tiny.1001.exr"), 2 * shot.red("out/wedge/tiny/v01/tiny.1001.exr"));
    EXPECT_FALSE(fs::exists(shot.folder / "out/tiny.1001.exr")) << "no finals";
    ASSERT_EQ(outcome.shown.size(), 6u);
    EXPECT_EQ(outcome.shown[5].label, "sim.amount 2, look.amount 3");
    ASSERT_EQ(outcome.shown[5].stills.size(), 2u);
    EXPECT_EQ(outcome.shown[5].stills[1]->small.width, 32);
}

TEST(Wedge, GoesOnWhereItWas)
{
    WedgeShot shot;
    shot.render(shot.wedge({{"look.amount", {"1", "2"}}}));
    shot.looked = 0;
    const auto outcome = shot.render(shot.wedge({{"look.amount", {"1", "2", "3"}}}));
    EXPECT_EQ(shot.looked, 2) << "those of the third variant";
    EXPECT_EQ(outcome.summary.good, 6u);
    EXPECT_TRUE(outcome.shown[0].any()) << "a skipped frame is shown too";
}

TEST(Wedge, ProxiesAndFinalsDoNotMeet)
{
    WedgeShot shot;
    const Wedge wedge = shot.wedge({{"look.amount", {"1"}}}, "", 2);
    EXPECT_EQ(wedge.folder, shot.folder / "out/wedge/tiny") << "where it is does not depend on the size";
    shot.render(wedge);
    EXPECT_TRUE(fs::exists(shot.folder / "out/wedge/tiny/v01/proxy2/tiny.1001.exr"));
}

TEST(Wedge, AVariantThatFailsIsMissingAndTheOthersAreThere)
{
    WedgeShot shot;
    testing::internal::CaptureStderr();
    const auto outcome = shot.render(shot.wedge({{"sim.amount", {"1", "13", "2"}}}));
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                AllOf(HasSubstr("variant 2 (amount 13): preparing stage 'sim': it cannot stand"),
                      HasSubstr("variant 2 (amount 13): 2 of 2 frames failed")));
    EXPECT_EQ(outcome.summary.good, 4u);
    EXPECT_EQ(outcome.summary.bad, 2u);
    EXPECT_THAT(outcome.summary.faulty, ElementsAre(2));
    ASSERT_EQ(outcome.shown.size(), 3u);
    EXPECT_FALSE(outcome.shown[1].any());
    EXPECT_TRUE(outcome.shown[2].any());
}

TEST(Wedge, DoesNotShowWhatAnotherWedgeHasLeft)
{
    WedgeShot shot;
    shot.render(shot.wedge({{"look.amount", {"1"}}}));
    fs::remove(shot.folder / "plate.1002.exr");
    testing::internal::CaptureStderr();
    const auto outcome = shot.render(shot.wedge({{"look.amount", {"2"}}}));
    testing::internal::GetCapturedStderr();
    EXPECT_TRUE(fs::exists(shot.folder / "out/wedge/tiny/v01/tiny.1002.exr")) << "of the first wedge";
    EXPECT_EQ(outcome.summary.bad, 1u);
    EXPECT_TRUE(outcome.shown[0].stills[0].has_value());
    EXPECT_FALSE(outcome.shown[0].stills[1].has_value());
}

TEST(WedgeCheck, FindsEveryFaultOfEveryVariant)
{
    const WedgeShot shot;
    EXPECT_THAT(faults_of(shot.wedge({{"look.amount", {"1", "95", "many"}}, {"sim.amount", {"0", "1"}}})),
                ElementsAre(AllOf(HasSubstr("variants 3 and 4: "), HasSubstr("look: 95 is too much")),
                            AllOf(HasSubstr("variants 5 and 6: --vary look.amount: "), HasSubstr("'amount' must be a number"))));
    EXPECT_THAT(faults_of(shot.wedge({{"look.amount", {"1", "95"}}})),
                ElementsAre(HasSubstr("variant 2 (amount 95): look: 95 is too much")));
}

TEST(WedgeCheck, SaysOnceWhatIsWrongWithAll)
{
    const WedgeShot shot;
    EXPECT_THAT(faults_of(shot.wedge({{"look.amont", {"1", "2", "3"}}})),
                ElementsAre(Eq("--vary look.amont: unknown key 'amont' in stage 'look' (did you mean 'amount'?)")));
    EXPECT_THAT(faults_of(shot.wedge({{"lok.amount", {"1", "2"}}})),
                ElementsAre(Eq("--vary lok.amount: the manifest has no table or stage 'lok' (did you mean 'look'?)")));
    EXPECT_THAT(faults_of(shot.wedge({{"look.amount", {"1", "2"}}}), "1001-1009"),
                ElementsAre("frames 1003-1009 are not in shot 'tiny', which has 1001-1002"));
    EXPECT_THAT(faults_of(shot.wedge({{"look.amount", {"1", "2"}}}), "1001"), IsEmpty());
}

TEST(WedgeCheck, ShowsTheSameFramesOfEveryVariant)
{
    const WedgeShot shot;
    EXPECT_EQ(test::error_of([&] { faults_of(shot.wedge({{"look.amount", {"1"}}}), "failed"); }),
              "--frames failed: a wedge shows the same frames of every variant; make the same wedge again, which skips those that "
              "are done");
}

TEST(WedgeCheck, RefusesFilesThatVariantsWouldTakeFromEachOther)
{
    WedgeShot shot;
    class Writes final : public test::LambdaStage {
    public:
        std::vector<fs::path> written_files(int) const override { return {"/tmp/deep.1001.exr"}; }
    };
    shot.registry.add({.name = "deep",
                       .summary = "A stage of a test.",
                       .version = 1,
                       .params = {},
                       .make = [](const Params&, const ShotInfo&) -> std::unique_ptr<Stage> { return std::make_unique<Writes>(); }});
    EXPECT_THAT(faults_of(shot.wedge({{"look.amount", {"1", "2"}}}, "[[stage]]\nuse = \"deep\"\n")),
                ElementsAre(HasSubstr("stage 'deep' writes '/tmp/deep.1001.exr' itself, which every variant would replace; leave "
                                      "that out of the manifest while you choose")));
}

}  // namespace
}  // namespace platefall::wedge
