/// Layers that sit in the plate, through the real program.
#include "base/files.h"
#include "image/read.h"
#include "image/write.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;

const std::string kSamples = PLATEFALL_SAMPLES_DIR "/street";
constexpr const char* kFit = "softness = 1, blacks = 1, haze = 0.002, wrap = 0.3";

Image constant(const std::vector<Channel>& channels, const std::vector<float>& values)
{
    Image image({0, 0, 960, 540}, {0, 0, 960, 540}, channels);
    for (int y = 0; y < 540; ++y)
        for (int x = 0; x < 960; ++x)
            std::copy(values.begin(), values.end(), image.pixel(x, y));
    return image;
}

/// The collapse of the sample in layers: the debris and dust that come with it, a shadow made here.
struct CollapseComp {
    test::TempFolder folder;
    fs::path debris = kSamples + "/cg/street.####.exr";

    CollapseComp()
    {
        Image shadow = constant({{"R"}, {"G"}, {"B"}}, {1, 1, 1});
        for (int y = 400; y < 470; ++y)
            for (int x = 300; x < 700; ++x)
                for (int c = 0; c < 3; ++c)
                    shadow.pixel(x, y)[c] = 0.3f + 0.1f * static_cast<float>(c);
        write_exr(folder / "shadow.exr", shadow, {});
    }

    /// All layers empty: nothing falls.
    void make_empty()
    {
        write_exr(folder / "empty.exr", constant({{"R"}, {"G"}, {"B"}, {"A"}}, {0, 0, 0, 0}), {});
        write_exr(folder / "shadow.exr", constant({{"R"}, {"G"}, {"B"}}, {1, 1, 1}), {});
        write_exr(folder / "fallen.exr", constant({{"A"}}, {0}), {});
        debris = folder / "empty.exr";
    }

    void write_manifest(const std::string& fit, const std::string& stage, const std::string& fallen,
                        const std::string& frames = "1012,1030,1048") const
    {
        write_file_atomically(folder / "shot.toml", fmt::format(R"(
[shot]
name = "sitting"
frames = "{5}"
seed = 3
[plate]
path = "{0}/plate/street.####.exr"
[camera]
path = "{0}/street.chan"
rotation_order = "xyz"
up = "y"
film_back_mm = [36.0, 20.25]
[layer.clean]
path = "{0}/clean/street.####.exr"
[layer.debris]
path = "{1}"
[layer.depth]
path = "{0}/depth/street.1012.exr"
[layer.shadow]
path = "shadow.exr"
[matte.fallen]
path = "{2}"
[matte.foreground]
path = "{0}/matte/foreground/street.####.exr"
[[stage]]
use = "comp"
layers = [
    "plate",
    {{ name = "clean", matte = "fallen" }},
    {{ name = "shadow", operation = "multiply" }},
    {{ name = "debris" {3} }},
    "matte.foreground",
]
{4}
[output]
path = "out/sitting.####.exr"
type = "float"
aovs = ["clean", "shadow", "debris", "matte.fallen", "matte.foreground"]
)",
                                                              kSamples, debris.string(), fallen, fit, stage, frames));
    }

    Outcome render(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {"render", (folder / "shot.toml").string(), "--progress", "none"});
        return test::platefall(std::move(more));
    }

    Image comp(int frame) const { return read_image(folder / fmt::format("out/sitting.{}.exr", frame)).image; }
};

const std::string kBuilding = kSamples + "/matte/building/street.####.exr";

Image plate(int frame)
{
    return read_image(kSamples + fmt::format("/plate/street.{}.exr", frame)).image;
}

TEST(SittingIn, EverythingOnAndNothingThereLeavesThePlateBitForBit)
{
    CollapseComp shot;
    shot.make_empty();
    shot.write_manifest(std::string(", ") + kFit, "grain = 1", (shot.folder / "fallen.exr").string(), "1012");
    const Outcome outcome = shot.render();
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image comp = shot.comp(1012), before = plate(1012);
    const int generated = read_image(shot.folder / "out/sitting.1012.exr").image.channel_index("generated").value();
    for (int y = 0; y < 540; ++y)
        for (int x = 0; x < 960; ++x) {
            ASSERT_EQ(std::memcmp(comp.pixel(x, y), before.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
            ASSERT_EQ(comp.pixel(x, y)[generated], 0.0f);
        }
}

TEST(SittingIn, TheLayersThatWereWrittenSumToTheComp)
{
    CollapseComp shot;
    shot.write_manifest("", "", kBuilding, "1048");
    ASSERT_EQ(shot.render().status, 0);
    const Image comp = shot.comp(1048), before = plate(1048);
    const auto channel = [&](const char* name) { return comp.channel_index(name).value(); };
    const int fallen = channel("matte.fallen.A"), foreground = channel("matte.foreground.A"), alpha = channel("debris.A");
    const int clean = channel("clean.R"), shadow = channel("shadow.R"), debris = channel("debris.R");
    const int colours[] = {0, channel("clean.G") - clean, channel("clean.B") - clean};
    for (int y = 0; y < 540; ++y)
        for (int x = 0; x < 960; ++x) {
            const float* p = comp.pixel(x, y);
            for (int c = 0; c < 3; ++c) {
                const int offset = colours[c];
                float sum = before.pixel(x, y)[c];
                sum = p[clean + offset] * p[fallen] + sum * (1 - p[fallen]);
                sum *= p[shadow + offset];
                sum = p[debris + offset] + sum * (1 - p[alpha]);
                sum = before.pixel(x, y)[c] * p[foreground] + sum * (1 - p[foreground]);
                ASSERT_NEAR(p[channel(c == 0 ? "R" : c == 1 ? "G" : "B")], sum, 1e-6f * std::max(1.0f, sum)) << x << "," << y;
            }
        }
}

TEST(SittingIn, AFrameIsTheSameAloneAndInARangeWithOneThreadAndTwo)
{
    CollapseComp alone, range;
    for (const CollapseComp* shot : {&alone, &range})
        shot->write_manifest(std::string(", ") + kFit, "grain = 1", kBuilding);
    ASSERT_EQ(alone.render({"--frames", "1048", "--threads", "1"}).status, 0);
    ASSERT_EQ(range.render({"--threads", "2"}).status, 0);
    const Image one = alone.comp(1048), two = range.comp(1048);
    ASSERT_EQ(one.sample_count(), two.sample_count());
    EXPECT_EQ(std::memcmp(one.data(), two.data(), one.bytes()), 0);
}

TEST(SittingIn, ThePlateIsMeasuredOnceAndKept)
{
    CollapseComp shot;
    shot.write_manifest(std::string(", ") + kFit, "grain = 1", kBuilding);
    ASSERT_EQ(shot.render({"--frames", "1012"}).status, 0);
    std::vector<fs::path> looks;
    for (const auto& entry : fs::recursive_directory_iterator(shot.folder / ".platefall"))
        if (entry.path().filename() == "look.json")
            looks.push_back(entry.path());
    ASSERT_EQ(looks.size(), 1u);
    const auto measured = nlohmann::json::parse(read_text_file(looks[0]));
    EXPECT_GT(measured["softness_px"], 0.05);
    EXPECT_LT(measured["softness_px"], 1.0);
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_GT(measured["black"][c], 0.0);
        EXPECT_LT(measured["black"][c], 0.05);
    }
    EXPECT_GT(measured["horizon"][2], measured["horizon"][0]); // a blue sky

    const auto made = fs::last_write_time(looks[0]);
    ASSERT_EQ(shot.render({"--frames", "1048"}).status, 0);
    EXPECT_EQ(fs::last_write_time(looks[0]), made);
}

TEST(SittingIn, TheGrainOfDebrisIsThatOfThePlateAroundIt)
{
    const test::TempFolder folder;
    std::mt19937 random(7);
    const auto small = [&](const std::vector<Channel>& channels, double light, double noise) {
        Image image({0, 0, 256, 128}, {0, 0, 256, 128}, channels);
        for (std::size_t i = 0; i < image.sample_count(); ++i)
            image.data()[i] = static_cast<float>(light + noise * std::sqrt(12.0) * (std::generate_canonical<double, 32>(random) - 0.5));
        return image;
    };
    for (int frame = 1; frame <= 3; ++frame)
        write_exr(folder / fmt::format("plate.{}.exr", frame), small({{"R"}, {"G"}, {"B"}}, 0.3, 0.01), {});
    Image card = small({{"R"}, {"G"}, {"B"}, {"A"}}, 0.3, 0);
    for (int y = 0; y < 128; ++y)
        for (int x = 0; x < 256; ++x)
            std::fill_n(card.pixel(x, y) + (x < 128 ? 3 : 0), x < 128 ? 1 : 4, x < 128 ? 1.0f : 0.0f);
    write_exr(folder / "card.exr", card, {});
    write_file_atomically(folder / "shot.toml", R"(
[shot]
name = "card"
frames = "1-3"
[plate]
path = "plate.#.exr"
[layer.card]
path = "card.exr"
[[stage]]
use = "comp"
grain = 1
layers = ["plate", "card"]
[output]
path = "out/card.#.exr"
type = "float"
)");
    const Outcome outcome = test::platefall({"render", (folder / "shot.toml").string(), "--progress", "none"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image comp = read_image(folder / "out/card.2.exr").image;
    double squares = 0;
    for (int y = 0; y < 128; ++y)
        for (int x = 0; x < 128; ++x)
            squares += std::pow(comp.pixel(x, y)[1] - 0.3, 2) / (128 * 128);
    EXPECT_NEAR(std::sqrt(squares), 0.01, 0.0015);
}

TEST(SittingIn, AHazeWithoutDepthIsRefusedBeforeTheFirstFrame)
{
    CollapseComp shot;
    shot.write_manifest(", haze = 0.01, depth = \"distance\"", "", kBuilding);
    const Outcome outcome = test::platefall({"check", (shot.folder / "shot.toml").string()});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, testing::HasSubstr("distance"));
}

} // namespace
} // namespace platefall
