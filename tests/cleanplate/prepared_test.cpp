#include "cleanplate/prepared.h"

#include "base/files.h"
#include "cleanplate/small_take.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace platefall::cleanplate {
namespace {

using test::box;
using platefall::test::error_of;
using test::photon_noise;
using test::same_bits;
using platefall::test::TempFolder;
using testing::EndsWith;
using testing::StartsWith;

/// A canvas away from the origin with values that a half could not hold.
Canvas canvas(int number)
{
    const Window window{-20 + number, 5, 60, 50};
    Canvas made;
    made.picture = test::picture(window, number, [](const Vec2& at) { return 70000 + test::wall(at) / 3; });
    made.facts = Image(window, window, {{"generated"}, {"noise"}, {"depth"}}, 1.0f / 3);
    made.nearest = 0.1f + static_cast<float>(number);
    made.farthest = -1.0f / 3;
    return made;
}

Prepared prepared()
{
    Prepared made;
    made.canvases.push_back(canvas(0));
    made.canvases.push_back(canvas(1));
    Mask hole({-3, 7, 9, 12});
    hole.set(-3, 7);
    hole.set(8, 11);
    const ViewMap map{.homography = {1.0 / 3, 0, -7.1, 1e-9, 1, 0.3, 0, 0, 1}, .parallax = {0.1, -2, 3e-7}};
    made.frames[998] = {.regions = {{.region = 0, .canvas = 0, .frame_from_canvas = {}, .is_lost = false},
                                    {.region = 3, .canvas = 1, .frame_from_canvas = map, .is_lost = true}},
                        .notes = {"998 is too blurred", "a 'second' note"},
                        .hole = hole};
    made.frames[1001] = {};
    made.noise = photon_noise(0.01);
    return made;
}

struct Saved {
    TempFolder folder;

    Saved() { save(prepared(), folder.path); }

    /// Puts other words into frames.json.
    void replace(const std::string& from, const std::string& to) const
    {
        std::string text = read_text_file(folder / "frames.json");
        const auto at = text.find(from);
        if (at == std::string::npos)
            throw std::logic_error("frames.json has no " + from);
        write_file_atomically(folder / "frames.json", text.replace(at, from.size(), to));
    }

    std::string refusal() const
    {
        return error_of([&] { load_prepared(folder.path); });
    }

    void expect_refused(const std::string& reason) const
    {
        EXPECT_EQ(refusal(), "'" + folder.path.string() + "' is not a prepared clean plate (" + reason
                                 + "); delete the folder and render again");
    }
};

TEST(CleanplatePrepared, ComesBackFromDiskBitByBit)
{
    const Saved saved;
    const Prepared made = prepared(), back = load_prepared(saved.folder.path);
    ASSERT_EQ(back.canvases.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_TRUE(same_bits(back.canvases[i].picture, made.canvases[i].picture));
        EXPECT_TRUE(same_bits(back.canvases[i].facts, made.canvases[i].facts));
        EXPECT_EQ(back.canvases[i].nearest, made.canvases[i].nearest);
        EXPECT_EQ(back.canvases[i].farthest, made.canvases[i].farthest);
    }
    ASSERT_EQ(back.frames.size(), 2u);
    const PreparedFrame& frame = back.frames.at(998);
    ASSERT_EQ(frame.regions.size(), 2u);
    const PreparedRegion &region = frame.regions[1], &made_region = made.frames.at(998).regions[1];
    EXPECT_EQ(region.region, 3u);
    EXPECT_EQ(region.canvas, 1u);
    EXPECT_EQ(region.frame_from_canvas.homography, made_region.frame_from_canvas.homography);
    EXPECT_EQ(region.frame_from_canvas.parallax, made_region.frame_from_canvas.parallax);
    EXPECT_EQ(frame.notes, made.frames.at(998).notes);
    EXPECT_TRUE(region.is_lost);
    EXPECT_FALSE(frame.regions[0].is_lost);
    EXPECT_TRUE(back.frames.at(1001).regions.empty());
    EXPECT_TRUE(back.frames.at(1001).hole.empty());
    for (int y = 7; y < 12; ++y)
        for (int x = -3; x < 9; ++x)
            EXPECT_EQ(frame.hole.at(x, y), made.frames.at(998).hole.at(x, y)) << x << "," << y;
    EXPECT_EQ(back.noise.variance_slope, made.noise.variance_slope);
    EXPECT_EQ(back.noise.kernel, made.noise.kernel);
    EXPECT_EQ(back.noise.colour, made.noise.colour);
}

TEST(CleanplatePrepared, AFolderWithoutFramesIsRefused)
{
    const TempFolder folder;
    const std::string refusal = error_of([&] { load_prepared(folder.path); });
    EXPECT_THAT(refusal, StartsWith("'" + folder.path.string() + "' is not a prepared clean plate ("));
    EXPECT_THAT(refusal, EndsWith("); delete the folder and render again"));
}

TEST(CleanplatePrepared, BrokenFramesAreRefused)
{
    const Saved saved;
    write_file_atomically(saved.folder / "frames.json", "{\"canvases\": []}");
    saved.expect_refused("[json.exception.out_of_range.403] key 'frames' not found");
    write_file_atomically(saved.folder / "frames.json", "[]");
    saved.expect_refused("[json.exception.type_error.304] cannot use at() with array");
}

TEST(CleanplatePrepared, AMapWithTooFewNumbersIsRefused)
{
    const Saved saved;
    saved.replace("\"parallax\": [", "\"parallax\": [], \"not\": [");
    saved.expect_refused("[json.exception.out_of_range.401] array index 0 is out of range");
}

TEST(CleanplatePrepared, AFrameThatIsNoNumberIsRefused)
{
    const Saved saved;
    saved.replace("\"998\"", "\"first\"");
    saved.expect_refused("'first' is not a frame number");
}

TEST(CleanplatePrepared, AFrameOnACanvasThatIsNotThereIsRefused)
{
    const Saved saved;
    saved.replace("\"canvas\": 1", "\"canvas\": 2");
    saved.expect_refused("frame 998 lies on canvas 2 of 2");
}

TEST(CleanplatePrepared, ACanvasThatIsDamagedIsNamed)
{
    const Saved saved;
    std::filesystem::resize_file(saved.folder / "canvas.1.exr", 300);
    EXPECT_THAT(saved.refusal(), testing::HasSubstr("canvas.1.exr"));
}

TEST(CleanplatePrepared, ACanvasThatLacksAChannelIsRefused)
{
    const Saved saved;
    std::filesystem::copy_file(saved.folder / "hole.998.exr", saved.folder / "canvas.0.exr",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_THAT(saved.refusal(), testing::HasSubstr("canvas.0.exr"));
}

}  // namespace
}  // namespace platefall::cleanplate
