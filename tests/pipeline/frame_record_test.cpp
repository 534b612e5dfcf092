#include "pipeline/frame_record.h"

#include "base/files.h"
#include "cache/fingerprints.h"
#include "image/read.h"
#include "pipeline/output.h"
#include "pipeline/previews.h"
#include "pipeline/render_frame.h"
#include "support/tiny_shot.h"

#include <platefall/version.h>

#include <gmock/gmock.h>

namespace platefall {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using test::LambdaStage;

struct FrameRecordTest : testing::Test {
    FrameRecordTest()
    {
        shot.last = 1020;
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "seeded", [](LambdaStage& stage, double amount) {
            stage.reads = {"plate"};
            stage.writes = {"comp", "generated", "matte.gone", "depth"};
            stage.on_process = [amount](Frame& frame) {
                const Window window = frame.layer("plate").display_window();
                frame.set("comp", Image(window, window, {{"R"}, {"G"}, {"B"}}, 1.0f));
                frame.set("generated", Image(window, window, {{"generated"}}, static_cast<float>(amount)));
                frame.set("matte.gone", Image(window, window, {{"A"}}, 0.5f));
                Image depth(window, window, {{"Z"}}, 7.0f);
                depth.channels()[0].data = true;
                frame.set("depth", std::move(depth));
                frame.warnings.push_back("something odd");
            };
        });
        plan = shot.plan("[[stage]]\nuse = \"seeded\"\namount = 0.25\n");
        fingerprints.emplace(shot.folder / "fingerprints");
    }

    test::TinyShot shot;
    std::unique_ptr<Plan> plan;
    std::optional<Fingerprints> fingerprints;
};

TEST_F(FrameRecordTest, SaysHowTheFrameWasMade)
{
    render_frame(*plan, *fingerprints, 1001, Digest{1, 2});
    const auto record = read_record(*plan, 1001);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->frame, 1001);
    EXPECT_EQ(record->key, (Digest{1, 2}.hex()));
    EXPECT_EQ(record->version, PLATEFALL_VERSION);
    EXPECT_THAT(record->rendered, testing::MatchesRegex("20..-..-..T..:..:..Z"));
    EXPECT_THAT(record->steps, ElementsAre(Field(&FrameRecord::Step::name, "read"), Field(&FrameRecord::Step::name, "seeded"),
                                           Field(&FrameRecord::Step::name, "write")));
    EXPECT_GT(record->peak_bytes, 32u * 16 * 3 * 4);
    EXPECT_THAT(record->warnings, ElementsAre("something odd"));
    EXPECT_NEAR(record->origins.brought, 0.25, 1e-6);
    ASSERT_EQ(record->inputs.size(), 1u);
    EXPECT_EQ(record->inputs[0].path, "plate.1001.exr");
    EXPECT_EQ(record->inputs[0].content, hash_file(shot.folder / "plate.1001.exr").hex());
}

TEST_F(FrameRecordTest, IsThereBeforeTheFrameIs)
{
    std::filesystem::create_directories(shot.folder / "out/tiny.1001.exr/in the way");
    EXPECT_ANY_THROW(render_frame(*plan, *fingerprints, 1001, Digest{1, 2}));
    EXPECT_TRUE(read_record(*plan, 1001));
}

TEST_F(FrameRecordTest, ADamagedOneIsNone)
{
    EXPECT_FALSE(read_record(*plan, 1001));
    for (const char* damaged : {"", "{\"frame\": 1001", "{\"frame\": \"x\"}", "[]"}) {
        write_file_atomically(record_file(*plan, 1001), std::string_view(damaged));
        EXPECT_FALSE(read_record(*plan, 1001)) << damaged;
    }
}

TEST_F(FrameRecordTest, TheFrameItselfCarriesTheSameFacts)
{
    render_frame(*plan, *fingerprints, 1001, Digest{1, 2});
    const Attributes attributes = read_header(plan->shot.output.path.at(1001)).attributes;
    EXPECT_EQ(attributes.text("platefall:manifest"), plan->shot.manifest.content.hex());
    EXPECT_EQ(attributes.text("platefall:stages"), "seeded 1");
    EXPECT_EQ(attributes.text("platefall:seeds"), "shot 0");
    EXPECT_THAT(attributes.text("platefall:origins"), HasSubstr("brought 0.2500"));
}

TEST_F(FrameRecordTest, PreviewsOfALayerAreKeptForSomeFrames)
{
    EXPECT_THAT(preview_frames(plan->shot.info.frames), ElementsAre(1001, 1004, 1008, 1012, 1016, 1020));
    render_frame(*plan, *fingerprints, 1001, Digest{1, 1});
    render_frame(*plan, *fingerprints, 1002, Digest{1, 2});
    render_frame(*plan, *fingerprints, 1004, Digest{1, 4}, false);
    EXPECT_TRUE(find_previews(*plan, Digest{1, 2}).empty()) << "not one of them";
    EXPECT_TRUE(find_previews(*plan, Digest{1, 4}).empty()) << "not wanted";
    EXPECT_THAT(find_previews(*plan, Digest{1, 1}),
                ElementsAre(Field(&LayerPreview::layer, "plate"), Field(&LayerPreview::layer, "comp"),
                            Field(&LayerPreview::layer, "generated"), Field(&LayerPreview::layer, "matte.gone")))
        << "depth is no picture";
    const Image matte = read_image(find_previews(*plan, Digest{1, 1})[3].picture).image;
    EXPECT_EQ(matte.display_window(), (Window{0, 0, 32, 16}));
    EXPECT_NEAR(matte.pixel(9, 9)[0], 0.5f, 0.01f);
}

TEST_F(FrameRecordTest, LargePreviewsAreMadeSmaller)
{
    shot.last = 1001;
    shot.write_plate(1001, {0, 0, 2400, 8});
    const auto wide = shot.plan("[[stage]]\nuse = \"seeded\"\n");
    render_frame(*wide, *fingerprints, 1001, Digest{3, 1});
    EXPECT_EQ(read_image(find_previews(*wide, Digest{3, 1})[0].picture).image.display_window(), (Window{0, 0, 800, 3}));
}

}  // namespace
}  // namespace platefall
