#include "model/onnx_stage.h"

#include "base/files.h"
#include "model/model_helpers.h"

#include <cstring>
#include <optional>

namespace platefall::model {
namespace {

constexpr Window kFrame{0, 0, 96, 64};
constexpr Window kHole{30, 20, 60, 40};

class OnnxStage : public WithRuntime {
protected:
    ShotInfo shot_;
    Frame frame_{shot_, 1010};
    StageRegistry registry_;

    void SetUp() override
    {
        WithRuntime::SetUp();
        frame_.set("plate", picture_of(kFrame, [](int x, int y, int c) {
            return kHole.contains(x, y) ? 7.0f : 0.2f + 0.1f * static_cast<float>(c) + 0.0001f * static_cast<float>(x);
        }));
        frame_.set("matte.tower", matte_of({20, 10, 70, 50}, kHole));
    }

    std::unique_ptr<Stage> stage(const std::string& file, const std::string& toml = {})
    {
        StageType type = onnx_stage(model_path(file));
        const Params params = params_of(type.params, "matte = 'tower'\n" + toml);
        registry_ = {};
        registry_.add(type);
        return registry_.make(*registry_.find(type.name), params, shot_);
    }

    std::string error_of(const std::string& file, const std::string& toml = {})
    {
        return test::error_of([&] { stage(file, toml)->process(frame_); });
    }
};

TEST_F(OnnxStage, IsNamedAfterItsFileAndKnownByItsContent)
{
    const StageType type = onnx_stage(model_path("mean.onnx"));
    EXPECT_EQ(type.name, "onnx:mean.onnx");
    EXPECT_EQ(type.fingerprint.size(), 32u);
    EXPECT_EQ(type.fingerprint, content_digest(model_path("mean.onnx")));
    EXPECT_NE(type.fingerprint, onnx_stage(model_path("blur.onnx")).fingerprint);
}

TEST_F(OnnxStage, FillsTheMatteAndSaysSo)
{
    stage("mean.onnx")->process(frame_);
    const Image& clean = frame_.layer("clean");
    const Image& plate = frame_.layer("plate");
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 96; ++x) {
            const bool inside = kHole.contains(x, y);
            EXPECT_EQ(*frame_.layer("generated.clean").pixel(x, y), inside ? 1.0f : 0.0f);
            if (inside)
                ASSERT_NEAR(clean.pixel(x, y)[1], 0.305f, 0.01f);
            else
                ASSERT_EQ(std::memcmp(clean.pixel(x, y), plate.pixel(x, y), 3 * sizeof(float)), 0);
        }
}

TEST_F(OnnxStage, ASoftEdgeMixes)
{
    Image matte = frame_.take("matte.tower");
    *matte.pixel(30, 20) = 0.25f;
    frame_.set("matte.tower", std::move(matte));
    stage("mean.onnx")->process(frame_);
    const float inside = frame_.layer("clean").pixel(31, 21)[0];
    EXPECT_NEAR(frame_.layer("clean").pixel(30, 20)[0], 0.75f * 7.0f + 0.25f * inside, 1e-3f);
    EXPECT_EQ(*frame_.layer("generated.clean").pixel(30, 20), 0.25f);
}

TEST_F(OnnxStage, WithoutAHoleThePlateStaysBitByBit)
{
    frame_.set("matte.tower", matte_of(kFrame, kHole, 0.001f));
    stage("nan.onnx")->process(frame_);
    EXPECT_EQ(std::memcmp(frame_.layer("clean").data(), frame_.layer("plate").data(), frame_.layer("plate").bytes()), 0);
}

TEST_F(OnnxStage, WorksOnAnotherLayerAndAddsToWhatWasGenerated)
{
    frame_.set("cg", frame_.layer("plate"));
    frame_.set("generated.cg", Image(kFrame, kFrame, {{"generated"}}, 0.5f));
    const auto on_cg = stage("mean.onnx", "layer = 'cg'\nname = 'cg'");
    EXPECT_EQ(on_cg->layers().writes, (std::vector<std::string>{"cg", "generated.cg"}));
    on_cg->process(frame_);
    EXPECT_EQ(*frame_.layer("generated.cg").pixel(31, 21), 1.0f);
    EXPECT_EQ(*frame_.layer("generated.cg").pixel(3, 3), 0.5f);
}

/// What a comp was generated of is the layer "generated" alone.
TEST_F(OnnxStage, WorksOnTheComp)
{
    frame_.set("comp", frame_.layer("plate"));
    frame_.set("generated", Image(kFrame, kFrame, {{"generated"}}, 0.25f));
    const auto on_comp = stage("mean.onnx", "layer = 'comp'\nname = 'comp'");
    EXPECT_EQ(on_comp->layers().writes, (std::vector<std::string>{"comp", "generated"}));
    on_comp->process(frame_);
    EXPECT_EQ(*frame_.layer("generated").pixel(31, 21), 1.0f);
    EXPECT_EQ(*frame_.layer("generated").pixel(3, 3), 0.25f);
}

TEST_F(OnnxStage, KeepsOtherChannelsAndTakesAGreyPlate)
{
    Image grey(kFrame, kFrame, {{"A"}, {"Y"}}, 0.3f);
    grey.pixel(31, 21)[1] = 7.0f;
    frame_.set("plate", std::move(grey));
    stage("mean.onnx")->process(frame_);
    EXPECT_NEAR(frame_.layer("clean").pixel(31, 21)[1], 0.3f, 1e-4f);
    EXPECT_EQ(frame_.layer("clean").pixel(31, 21)[0], 0.3f);

    frame_.set("plate", Image(kFrame, kFrame, {{"Z"}}));
    EXPECT_EQ(error_of("mean.onnx"), "layer 'plate' has neither R G B nor Y (has Z)");
}

TEST_F(OnnxStage, FilesThatAreNoModelsAreRefused)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "text.onnx", std::string_view("this is no model"));
    write_file_atomically(folder / "empty.onnx", std::string_view(""));
    const std::string text = (folder / "text.onnx").string(), missing = (folder / "missing.onnx").string();
    EXPECT_EQ(test::error_of([&] { onnx_stage(text); }), "'" + text + "' is not an ONNX model");
    EXPECT_NE(test::error_of([&] { onnx_stage(folder / "empty.onnx"); }).find("empty.onnx' cannot be used as an ONNX model: "),
              std::string::npos);
    EXPECT_EQ(test::error_of([&] { onnx_stage(missing); }), "cannot read '" + missing + "': No such file or directory");
}

TEST_F(OnnxStage, NamesAndInputsThatDoNotFitAreRefused)
{
    EXPECT_NE(error_of("two_pictures.onnx").find("'two_pictures.onnx' has more than one input that this could be: 'before' "
                                                 "float[1,3,?,?] and 'after' float[1,3,?,?]; say which with 'plate_input'"),
              std::string::npos);
    EXPECT_NE(error_of("noise.onnx").find("'noise.onnx' needs input 'z' float[1,64], which nothing feeds"), std::string::npos);
    EXPECT_NE(error_of("mean.onnx", "matte_input = 'matte'")
                  .find("'mean.onnx' has no input 'matte'; it has 'image' float[1,3,?,?] and 'mask' float[1,1,?,?]"),
              std::string::npos);
    EXPECT_NE(error_of("mean.onnx", "name = 'plate'").find("what a model makes cannot be called 'plate'"), std::string::npos);
}

TEST(OnnxModelFile, WeightsBesideItAreItsContentAsWell)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "a.onnx", std::string_view("model"));
    const std::string alone = content_digest(folder / "a.onnx");
    write_file_atomically(folder / "a.onnx.data", std::string_view("weights"));
    const std::string with_weights = content_digest(folder / "a.onnx");
    EXPECT_NE(alone, with_weights);
    EXPECT_EQ(files_of(folder / "a.onnx").size(), 2u);
    write_file_atomically(folder / "a.onnx.data", std::string_view("others"));
    EXPECT_NE(content_digest(folder / "a.onnx"), with_weights);
}

}  // namespace
}  // namespace platefall::model
