/// The tiny models of make_models.py, and sessions that need no runtime.
#pragma once

#include "model/inpaint.h"
#include "model/onnx_stage.h"
#include "shot/manifest.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace platefall::model {

inline std::filesystem::path model_path(const std::string& name)
{
    return std::filesystem::path(PLATEFALL_MODELS_DIR) / name;
}

/// For tests that run a model.
class WithRuntime : public testing::Test {
protected:
    void SetUp() override
    {
        if (!PLATEFALL_HAS_ONNX)
            GTEST_SKIP() << "built without ONNX Runtime; samples/install_packages.sh onnx fetches it";
    }
};

inline Params params_of(const ParamSpecs& specs, const std::string& toml, const std::filesystem::path& folder = "/shot")
{
    const Manifest manifest = parse_manifest(toml, folder / "shot.toml");
    Faults faults;
    Params params = Params::check(manifest.root, specs, "stage 'onnx'", folder, faults);
    faults.throw_if_any();
    return params;
}

inline Painter painter_of(std::shared_ptr<const Session> session, const std::string& toml = {})
{
    return make_painter(std::move(session), params_of(painter_params(), toml), 7);
}

inline Painter painter_of(const std::string& file, const std::string& toml = {})
{
    return painter_of(open_session(model_path(file)), toml);
}

/// A session whose run() is a function.
class FakeSession : public Session {
public:
    std::vector<TensorInfo> takes, gives;
    std::function<Tensor(const std::map<std::string, Tensor>&)> on_run;

    const std::string& name() const override { return name_; }
    const std::vector<TensorInfo>& inputs() const override { return takes; }
    const std::vector<TensorInfo>& outputs() const override { return gives; }
    Tensor run(const std::map<std::string, Tensor>& inputs, const std::string&) const override { return on_run(inputs); }

private:
    std::string name_ = "fake.onnx";
};

inline TensorInfo float_tensor(std::string name, Dims dims)
{
    return {std::move(name), Element::float32, "float", std::move(dims)};
}

/// Takes a picture and a matte, and gives the picture back.
inline std::shared_ptr<FakeSession> fake_session(Dims plate, Dims matte = {})
{
    auto session = std::make_shared<FakeSession>();
    session->takes = {float_tensor("image", plate)};
    if (!matte.empty())
        session->takes.push_back(float_tensor("mask", std::move(matte)));
    session->gives = {float_tensor("output", std::move(plate))};
    session->on_run = [](const std::map<std::string, Tensor>& inputs) { return inputs.at("image"); };
    return session;
}

inline Image picture_of(const Window& window, const std::function<float(int x, int y, int c)>& value)
{
    Image image(window, window, {{"R"}, {"G"}, {"B"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            for (int c = 0; c < 3; ++c)
                image.pixel(x, y)[c] = value(x, y, c);
    return image;
}

inline Image matte_of(const Window& window, const Window& hole, float value = 1.0f)
{
    Image image(window, window, {{"A"}});
    for (int y = hole.y0; y < hole.y1; ++y)
        for (int x = hole.x0; x < hole.x1; ++x)
            *image.pixel(x, y) = value;
    return image;
}

}  // namespace platefall::model
