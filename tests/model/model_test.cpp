#include "model/model.h"

#include "model/model_helpers.h"

namespace platefall::model {
namespace {

constexpr Window kView{0, 0, 8, 4};

using Inputs = std::map<std::string, Tensor>;

/// Colours of 0.25, 0.5 and 0.75, and a hole at (2, 1).
struct OneRun {
    std::shared_ptr<FakeSession> session;
    Inputs seen{};
    Image result{};

    void with(const std::string& toml)
    {
        const auto answer = session->on_run;
        session->on_run = [&, answer](const Inputs& inputs) {
            seen = inputs;
            return answer(inputs);
        };
        const Image codes = picture_of(kView, [](int, int, int c) { return 0.25f * static_cast<float>(c + 1); });
        result = Model(session, params_of(binding_params(), toml), 7).run(codes, matte_of(kView, {2, 1, 3, 2}));
    }
};

std::string refusal(const std::shared_ptr<FakeSession>& session, const std::string& toml = {})
{
    return test::error_of([&] { bind(*session, params_of(binding_params(), toml)); });
}

TEST(Model, PlanesOfColoursGoInAndComeOut)
{
    OneRun run{fake_session({1, 3, -1, -1}, {1, 1, -1, -1})};
    run.with("");
    EXPECT_EQ(run.seen.at("image").dims, (Dims{1, 3, 4, 8}));
    EXPECT_EQ(run.seen.at("image").values[32], 0.5f);
    EXPECT_EQ(run.seen.at("image").values[10], 0.0f);   // the hole is put to zero
    EXPECT_EQ(run.seen.at("mask").values[10], 1.0f);
    EXPECT_EQ(run.seen.at("mask").values[9], 0.0f);
    EXPECT_EQ(run.result.pixel(7, 3)[2], 0.75f);
}

TEST(Model, ChannelsThatRunFastestAreToldByTheShape)
{
    OneRun run{fake_session({1, 4, 8, 3}, {1, 4, 8, 1})};
    run.session->takes[0].dims = {1, 64, 64, 3};
    run.session->takes[1].dims = {1, 64, 64, 1};
    run.with("");
    EXPECT_EQ(run.seen.at("image").dims, (Dims{1, 4, 8, 3}));
    EXPECT_EQ(run.seen.at("image").values[1], 0.5f);
    EXPECT_EQ(run.result.pixel(7, 3)[2], 0.75f);
}

TEST(Model, RangesAndColourOrderAreTheManifests)
{
    OneRun run{fake_session({-1, 3, -1, -1}, {-1, 1, -1, -1})};
    run.with("range = '-1..1'\nmatte_values = [1, 0]\nchannels = 'bgr'\ncovered = 'keep'");
    EXPECT_EQ(run.seen.at("image").values[0], 0.5f);      // blue, 0.75
    EXPECT_EQ(run.seen.at("image").values[64], -0.5f);    // red
    EXPECT_EQ(run.seen.at("image").values[10], 0.5f);     // covered, and kept
    EXPECT_EQ(run.seen.at("mask").values[10], 0.0f);
    EXPECT_EQ(run.result.pixel(0, 0)[0], 0.25f);
}

TEST(Model, WhatComesOutMayHaveAnotherRange)
{
    OneRun run{fake_session({1, 3, -1, -1})};
    run.session->on_run = [](const Inputs& inputs) {
        Tensor tensor = inputs.at("image");
        for (float& value : tensor.values)
            value *= 255;
        return tensor;
    };
    run.with("output_range = '0..255'");
    EXPECT_NEAR(run.result.pixel(3, 2)[1], 0.5f, 1e-6f);
}

TEST(Model, AMatteMayBeAFourthChannelInFrontOrBehind)
{
    OneRun run{fake_session({1, 4, -1, -1})};
    run.with("joined = 'matte_first'\nmatte_values = [0.5, -0.5]");
    EXPECT_EQ(run.seen.at("image").values[10], -0.5f);
    EXPECT_EQ(run.seen.at("image").values[11], 0.5f);
    EXPECT_EQ(run.seen.at("image").values[32], 0.25f);    // red
    EXPECT_EQ(run.seen.at("image").values[42], 0.0f);

    OneRun behind{fake_session({1, 4, -1, -1})};
    behind.with("");
    EXPECT_EQ(behind.seen.at("image").values[96 + 10], 1.0f);
    EXPECT_EQ(behind.seen.at("image").values[0], 0.25f);
}

TEST(Model, NoiseIsNormalAndAlwaysTheSame)
{
    OneRun run{fake_session({1, 3, -1, -1}, {1, 1, -1, -1})};
    run.session->takes.push_back(float_tensor("z", {-1, 4096}));
    run.with("noise_input = 'z'");
    const Tensor first = run.seen.at("z");
    EXPECT_EQ(first.dims, (Dims{1, 4096}));
    double sum = 0, squares = 0;
    for (const float value : first.values) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    EXPECT_NEAR(sum / 4096, 0, 0.05);
    EXPECT_NEAR(squares / 4096, 1, 0.08);
    run.with("noise_input = 'z'");
    EXPECT_EQ(run.seen.at("z").values, first.values);
}

TEST(Model, ANameThatTheModelLacksIsRefusedWithWhatItHas)
{
    const auto session = fake_session({1, 3, 512, 512}, {1, 1, 512, 512});
    EXPECT_EQ(refusal(session, "plate_input = 'imgae'"),
              "/shot/shot.toml:1:15: 'fake.onnx' has no input 'imgae'; it has 'image' float[1,3,512,512] and 'mask' "
              "float[1,1,512,512]\n    plate_input = 'imgae'\n                  ^ did you mean 'image'?");
    EXPECT_NE(refusal(session, "output = 'out'").find("'fake.onnx' has no output 'out'; it has 'output' float[1,3,512,512]"),
              std::string::npos);
}

TEST(Model, OneWithoutAPictureIsRefused)
{
    const auto session = fake_session({1, 10});
    EXPECT_NE(refusal(session).find("'fake.onnx' has no input for a picture; it has 'image' float[1,10]"), std::string::npos);
    EXPECT_NE(refusal(session, "plate_input = 'image'").find("'image' float[1,10] of 'fake.onnx' cannot be a picture"),
              std::string::npos);
}

TEST(Model, OneWithTwoPicturesMustBeToldWhich)
{
    const auto session = fake_session({1, 3, -1, -1});
    session->takes.push_back(float_tensor("other", {1, 3, -1, -1}));
    EXPECT_NE(refusal(session).find("'fake.onnx' has more than one input that this could be: 'image' float[1,3,?,?] and 'other' "
                                    "float[1,3,?,?]; say which with 'plate_input'"),
              std::string::npos);
}

TEST(Model, AnInputThatNothingFeedsIsRefused)
{
    const auto session = fake_session({1, 3, -1, -1});
    session->takes.push_back(float_tensor("z", {1, 512}));
    EXPECT_NE(refusal(session).find("'fake.onnx' needs input 'z' float[1,512], which nothing feeds; say with plate_input, "
                                    "matte_input and noise_input what its inputs are"),
              std::string::npos);
}

TEST(Model, AnotherSizeIsRefusedByName)
{
    OneRun run{fake_session({1, 3, -1, -1})};
    run.session->on_run = [](const Inputs&) { return Tensor{{1, 3, 2, 4}, std::vector<float>(24)}; };
    EXPECT_EQ(test::error_of([&] { run.with(""); }), "model 'fake.onnx' gave 'output' float[1,3,2,4] for a picture of 8x4");
}

TEST(Model, NanIsRefusedByName)
{
    OneRun run{fake_session({1, 3, -1, -1})};
    run.session->on_run = [](const Inputs& inputs) {
        Tensor tensor = inputs.at("image");
        tensor.values[3] = std::numeric_limits<float>::quiet_NaN();
        tensor.values[5] = std::numeric_limits<float>::infinity();
        return tensor;
    };
    EXPECT_EQ(test::error_of([&] { run.with(""); }),
              "model 'fake.onnx' gave NaN or infinity: 2 of 96 numbers of its output 'output'");
}

}  // namespace
}  // namespace platefall::model
