/// A small building falls and is rendered into its plate, in the real program.
#include "base/files.h"
#include "image/read.h"
#include "image/write.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ostream>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using testing::HasSubstr;

constexpr int kFirst = 1001, kLast = 1012;
const Window kWindow{0, 0, 160, 90};

/// Two storeys on a street, 30 m in front of a camera that stands still; they begin to fall after 1003.
struct RenderShot {
    test::TempFolder folder;

    RenderShot()
    {
        for (int frame = kFirst; frame <= kLast; ++frame)
            write_exr(folder / fmt::format("plate/shot.{}.exr", frame), plate(frame), {}, {});
        write();
    }

    static Image plate(int frame)
    {
        Image image(kWindow, kWindow, {{"R"}, {"G"}, {"B"}});
        for (int y = 0; y < 90; ++y)
            for (int x = 0; x < 160; ++x)
                for (int c = 0; c < 3; ++c)
                    image.pixel(x, y)[c] = 0.25f + 0.125f * static_cast<float>((x / 8 + y / 8 + c) % 2)
                                           + static_cast<float>(frame % 4) / 64;
        return image;
    }

    /// `render` goes into that stage; its defaults are a sun and few samples.
    void write(const std::string& render = {}, const std::string& output = {}, bool with_collapse = true,
               bool with_camera = true) const
    {
        const std::string camera = R"([camera]
position_m = [0, 2, 30]
rotation_deg = [0, 0, 0]
rotation_order = "xyz"
focal_length_mm = 36
film_back_mm = [36, 20.25]
)";
        const std::string collapse = R"([[stage]]
use = "collapse"
trigger = 1003
footprint = [[-5, -3], [5, -3], [5, 3], [-5, 3]]
floors = 2
piece_size = 2.5
core = 0
dust_cell = 1.0
seed = 7
)";
        write_file_atomically(folder / "shot.toml", fmt::format(R"([shot]
name = "shot"
frames = "{}-{}"
fps = 24

[plate]
path = "plate/shot.####.exr"

{}
[output]
path = "out/shot.####.exr"
type = "float"
{}

{}
[[stage]]
use = "render"
sun_azimuth = 60
sun_height = 40
samples = 4
{}

[[stage]]
use = "comp"
layers = ["plate", {{ name = "shadow", operation = "multiply" }}, "debris", "dust"]
)",
                                                                   kFirst, kLast, with_camera ? camera : "", output,
                                                                   with_collapse ? collapse : "", render));
    }

    Outcome run(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(),
                    {PLATEFALL_PROGRAM, "render", (folder / "shot.toml").string(), "--progress", "none"});
        return test::run_command(more);
    }

    fs::path path(int frame) const { return folder / fmt::format("out/shot.{}.exr", frame); }
    Image result(int frame, const std::string& layer = {}) const
    {
        return read_image(path(frame), {.layer = layer}).image;
    }
};

float at(const Image& image, int x, int y, const char* channel)
{
    return image.pixel(x, y)[image.channel_index(channel).value()];
}

bool same_bits(const Image& a, const Image& b)
{
    return a.data_window() == b.data_window() && a.channels() == b.channels()
           && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

TEST(RenderEndToEnd, BeforeAnythingMovesTheResultIsThePlateBitForBit)
{
    const RenderShot shot;
    ASSERT_EQ(shot.run({"--frames", "1001-1003"}).status, 0);
    for (const int frame : {1001, 1003}) {
        const Image result = shot.result(frame), plate = RenderShot::plate(frame);
        for (int y = 0; y < 90; ++y)
            for (int x = 0; x < 160; ++x) {
                for (const char* c : {"R", "G", "B"})
                    ASSERT_EQ(at(result, x, y, c), at(plate, x, y, c)) << frame << ": " << x << "," << y;
                ASSERT_EQ(at(result, x, y, "generated"), 0);
            }
    }
}

TEST(RenderEndToEnd, TheFallIsSeenAndSaidToBeGenerated)
{
    const RenderShot shot;
    ASSERT_EQ(shot.run({"--frames", "1012"}).status, 0);
    const Image result = shot.result(1012), plate = RenderShot::plate(1012);
    int changed = 0;
    for (int y = 0; y < 90; ++y)
        for (int x = 0; x < 160; ++x)
            if (at(result, x, y, "generated") > 0.5f && at(result, x, y, "R") != at(plate, x, y, "R"))
                ++changed;
    EXPECT_GT(changed, 300);
    EXPECT_EQ(at(result, 2, 2, "R"), at(plate, 2, 2, "R"));     // the sky beside
}

TEST(RenderEndToEnd, LayersAddUpToTheComp)
{
    const RenderShot shot;
    shot.write("aovs = [\"direct\", \"sky\", \"dust_density\"]",
               "aovs = [\"shadow\", \"debris\", \"dust\", \"direct\", \"sky\", \"dust_density\"]");
    ASSERT_EQ(shot.run({"--frames", "1010"}).status, 0);
    const Image result = shot.result(1010), plate = RenderShot::plate(1010);
    const Image shadow = shot.result(1010, "shadow"), debris = shot.result(1010, "debris"), dust = shot.result(1010, "dust");
    const Image direct = shot.result(1010, "direct"), sky = shot.result(1010, "sky");
    const Image density = shot.result(1010, "dust_density");
    for (int y = 0; y < 90; ++y)
        for (int x = 0; x < 160; ++x)
            for (const char* c : {"R", "G", "B"}) {
                const float below = at(plate, x, y, c) * at(shadow, x, y, c) * (1 - at(debris, x, y, "A"))
                                    + at(debris, x, y, c);
                ASSERT_NEAR(at(result, x, y, c), below * (1 - at(dust, x, y, "A")) + at(dust, x, y, c), 1e-5f)
                    << x << "," << y;
                ASSERT_NEAR(at(debris, x, y, c), at(direct, x, y, c) + at(sky, x, y, c), 1e-5f);
                ASSERT_NEAR(std::exp(-at(density, x, y, "Y")), std::max(1 - at(dust, x, y, "A"), 1.0f / 256), 1e-5f);
            }
}

TEST(RenderEndToEnd, AFrameIsTheSameAloneInARangeAndOnOneThread)
{
    const RenderShot shot;
    ASSERT_EQ(shot.run({"--frames", "1009-1011", "--threads", "2"}).status, 0);
    const Image together = shot.result(1010);
    ASSERT_EQ(shot.run({"--frames", "1010", "--threads", "1", "--overwrite"}).status, 0);
    EXPECT_TRUE(same_bits(together, shot.result(1010)));
}

TEST(RenderEndToEnd, DataLayersMattesAndDeepImagesAreWritten)
{
    const RenderShot shot;
    shot.write("aovs = [\"depth\", \"normal\", \"velocity\", \"crypto_piece\", \"crypto_element\"]\n"
               "deep = \"out/deep.####.exr\"",
               "aovs = [\"depth\", \"normal\", \"velocity\", \"crypto_piece\", \"crypto_element\"]");
    ASSERT_EQ(shot.run({"--frames", "1002,1010"}).status, 0);
    const Image depth = shot.result(1010, "depth");
    int near = 0;
    for (int y = 0; y < 90; ++y)
        for (int x = 0; x < 160; ++x)
            near += at(depth, x, y, "Z") > 20 && at(depth, x, y, "Z") < 40;
    EXPECT_GT(near, 300);
    EXPECT_EQ(depth.channels()[0].type, ChannelType::full_float);
    const ImageHeader header = read_header(shot.path(1010));
    const auto has = [&](const std::string& name) {
        return std::ranges::any_of(header.channels, [&](const Channel& channel) { return channel.name == name; });
    };
    EXPECT_TRUE(has("crypto_piece00.r"));
    EXPECT_TRUE(has("velocity.X"));
    EXPECT_TRUE(std::ranges::any_of(header.attributes, [](const Attribute& attribute) {
        return attribute.name.starts_with("cryptomatte/") && attribute.name.ends_with("/manifest");
    }));
    EXPECT_TRUE(fs::exists(shot.folder / "out/deep.1010.exr"));
    EXPECT_TRUE(fs::exists(shot.folder / "out/deep.1002.exr"));   // empty, as nothing has moved yet

    // A frame without its deep image is not done.
    fs::remove(shot.folder / "out/deep.1010.exr");
    EXPECT_THAT(shot.run({"--frames", "1002,1010"}).last_line, testing::HasSubstr("(1 rendered, 1 done before)"));
    EXPECT_TRUE(fs::exists(shot.folder / "out/deep.1010.exr"));
}

TEST(RenderEndToEnd, OverscanIsRenderedOnEverySideAndMovesNothing)
{
    const RenderShot shot;
    ASSERT_EQ(shot.run({"--frames", "1012"}).status, 0);
    const Image plain = shot.result(1012);
    shot.write("overscan = 8", "window = \"all\"\naovs = [\"debris\"]");
    ASSERT_EQ(shot.run({"--frames", "1012", "--overwrite"}).status, 0);
    const Image wide = shot.result(1012);
    EXPECT_EQ(wide.data_window(), (Window{-8, -8, 168, 98}));
    double apart = 0;
    for (int y = 0; y < 90; ++y)
        for (int x = 0; x < 160; ++x)
            apart += std::abs(at(wide, x, y, "G") - at(plain, x, y, "G"));
    EXPECT_LT(apart / (160 * 90), 1e-3);
}

TEST(RenderEndToEnd, AnHdriIsPartOfWhatAFrameIsMadeFrom)
{
    const RenderShot shot;
    const auto write_sky = [&](float blue) {
        Image sky({0, 0, 64, 32}, {0, 0, 64, 32}, {{"R"}, {"G"}, {"B"}}, 1);
        for (int y = 0; y < 32; ++y)
            for (int x = 0; x < 64; ++x)
                sky.pixel(x, y)[2] = blue;
        write_exr(shot.folder / "sky.exr", sky, {}, {});
    };
    write_sky(1);
    shot.write("hdri = \"sky.exr\"");
    ASSERT_EQ(shot.run({"--frames", "1012"}).status, 0);
    const Image grey = shot.result(1012);
    write_sky(4);
    ASSERT_EQ(shot.run({"--frames", "1012"}).status, 0);
    EXPECT_FALSE(same_bits(grey, shot.result(1012)));
}

TEST(RenderEndToEnd, AProxyIsAPictureOfTheSame)
{
    const RenderShot shot;
    ASSERT_EQ(shot.run({"--frames", "1012", "--proxy", "2"}).status, 0);
    const Image result = read_image(shot.folder / "out/proxy2/shot.1012.exr").image;
    EXPECT_EQ(result.data_window(), (Window{0, 0, 80, 45}));
    float generated = 0;
    for (int y = 0; y < 45; ++y)
        for (int x = 0; x < 80; ++x)
            generated += at(result, x, y, "generated");
    EXPECT_GT(generated, 75);
}

struct Refusal {
    const char* render;
    const char* says;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal)
{
    return out << refusal.says;
}

class RenderRefusals : public testing::TestWithParam<Refusal> {};

TEST_P(RenderRefusals, SaysWhatIsWrong)
{
    const RenderShot shot;
    shot.write(GetParam().render);
    const Outcome outcome = shot.run({"--frames", "1001"});
    EXPECT_NE(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, RenderRefusals,
    testing::Values(
        Refusal{"freeze = 1012", "render: the building has already moved in frame 1012, whose plate is to be its skin; "
                                 "'freeze' must be before frame"},
        Refusal{"freeze = 900", "frame 900 is not part of the shot"},
        Refusal{"dust_samples = 5", "5 rays through the dust are more than the 4 samples a pixel"},
        Refusal{"aovs = [\"beauty\"]", "'beauty' is not an AOV of the stage render (there are: depth, normal,"},
        Refusal{"aovs = [\"dust_front\"]", "'dust_front' is dust in front of the foreground, and there is none"},
        Refusal{"sun_marks = [[80, 20], [80, 60], [90, 60]]",
                "where the sun stands is said either by 'sun_azimuth' and 'sun_height' or by 'sun_marks'"},
        Refusal{"lit = [10, 10]", "'lit' and 'shaded' belong together"},
        Refusal{"lit = [10, 10]\nshaded = [500, 10]", "render: the marked shadow's point (500, 10) lies outside the plate"},
        Refusal{"lit = [10, 10]\nshaded = [12, 10]", "is not darker than the light at (10, 10) in every channel"},
        Refusal{"sun_gain = [1, 2, -1]", "'sun_gain' is three numbers, red, green and blue, none below 0"}));

TEST(RenderEndToEnd, WithoutACollapseOrACameraThereIsNothingToRender)
{
    const RenderShot shot;
    shot.write({}, {}, false);
    Outcome outcome = shot.run();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("stage 'render' needs a 'collapse.motion', and no stage before it makes one"));
    shot.write({}, {}, true, false);
    outcome = shot.run();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("stage 'render' needs a camera to look through"));
}

}  // namespace
}  // namespace platefall
