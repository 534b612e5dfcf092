#include "cleanplate/prior.h"

#include "base/files.h"
#include "cleanplate/complete.h"
#include "cleanplate/gather.h"
#include "cleanplate/settings.h"
#include "cleanplate/small_take.h"
#include "shot/manifest.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::cleanplate {
namespace {

using test::for_each_pixel;

constexpr Window kWindow{0, 0, 160, 90};
constexpr Window kHole{55, 0, 105, 90};   // the whole border between the dark and the bright side is hidden

/// Paints everything in one brightness.
class Painted final : public model::Session {
public:
    explicit Painted(float light) : light_(light) {}

    const std::string& name() const override { return name_; }
    const std::vector<model::TensorInfo>& inputs() const override { return inputs_; }
    const std::vector<model::TensorInfo>& outputs() const override { return inputs_; }
    model::Tensor run(const std::map<std::string, model::Tensor>& inputs, const std::string&) const override
    {
        model::Tensor tensor = inputs.at("image");
        std::ranges::fill(tensor.values, light_);
        return tensor;
    }

private:
    float light_;
    std::string name_ = "painted.onnx";
    std::vector<model::TensorInfo> inputs_{{"image", model::Element::float32, "float", {1, 3, -1, -1}}};
};

Params params_of(const ParamSpecs& specs, const std::string& toml, const std::filesystem::path& folder = "/shot")
{
    const Manifest manifest = parse_manifest(toml, folder / "shot.toml");
    Faults faults;
    Params params = Params::check(manifest.root, specs, "stage 'cleanplate'", folder, faults);
    faults.throw_if_any();
    return params;
}

Canvas half_dark_half_bright()
{
    test::SmallTake made = test::along_the_wall(kWindow, 3, 0.0, 0.01,
                                                [](const Vec2& at) { return (at[0] < 80 ? 0.1 : 0.6) + 0.02 * test::wall(at); });
    for (std::size_t i = 0; i < made.count(); ++i)
        made.cover(i, kHole);
    return gather(made.take, made.masks, made.plan(), {}, made.reader());
}

/// What is made up in the middle of the hole by a model that paints everything so bright.
float middle_with(float light)
{
    Canvas canvas = half_dark_half_bright();
    const Prior prior{.files = {},
                      .painter = model::make_painter(std::make_shared<Painted>(light),
                                                     params_of(model::painter_params(), "encoding = 'linear'"), 7)};
    complete(canvas, 7, [](double) {}, &prior);
    return canvas.picture.pixel(80, 45)[1];
}

TEST(CleanplatePrior, DecidesWhatThePatchesBring)
{
    const float dark = middle_with(0.1f), bright = middle_with(0.6f);
    EXPECT_GT(bright, 0.5f);
    EXPECT_LT(dark, 0.3f);
}

TEST(CleanplatePrior, NothingIsBrighterThanWhatThePlateShows)
{
    Canvas canvas = half_dark_half_bright();
    const Prior prior{.files = {},
                      .painter = model::make_painter(std::make_shared<Painted>(30.0f),
                                                     params_of(model::painter_params(), "encoding = 'linear'"), 7)};
    complete(canvas, 7, [](double) {}, &prior);
    for_each_pixel(kHole, [&](int x, int y) { ASSERT_LT(canvas.picture.pixel(x, y)[1], 1.0f) << x << "," << y; });
}

std::string refusal(const std::string& toml, const std::filesystem::path& folder = "/shot")
{
    return platefall::test::error_of([&] { read_settings(params_of(cleanplate_params(), "matte = 'b'\n" + toml, folder), ShotInfo{}); });
}

TEST(CleanplatePrior, WithoutOneNothingIsOpened)
{
    EXPECT_FALSE(read_settings(params_of(cleanplate_params(), "matte = 'b'"), ShotInfo{}).prior);
}

TEST(CleanplatePrior, FaultsPointAtTheirLine)
{
    EXPECT_EQ(refusal("prior = 'lama.onnx'"), "/shot/shot.toml:2:9: 'prior' must begin with \"onnx:\", as in \"onnx:model.onnx\"\n"
                                              "    prior = 'lama.onnx'\n            ^");
    EXPECT_NE(refusal("method = 'propagate'\nprior = 'onnx:lama.onnx'").find("the method 'propagate' makes nothing up"),
              std::string::npos);
    EXPECT_NE(refusal("prior_tensors = [{ size = 64 }]").find("'prior_tensors' is one table, and goes with a 'prior'"),
              std::string::npos);
    EXPECT_NE(refusal("prior = 'onnx:a.onnx'\nprior_tensors = [{ size = 64 }, { size = 32 }]").find("'prior_tensors' is one table"),
              std::string::npos);
}

TEST(CleanplatePrior, AFileThatIsNoModelIsRefusedWhereItIsNamed)
{
    const platefall::test::TempFolder folder;
    write_file_atomically(folder / "text.onnx", std::string_view("this is no model"));
    const std::string said = refusal("prior = 'onnx:text.onnx'", folder.path);
    EXPECT_TRUE(said.starts_with((folder / "shot.toml").string() + ":2:9: '" + (folder / "text.onnx").string() + "' ")) << said;
}

}  // namespace
}  // namespace platefall::cleanplate
