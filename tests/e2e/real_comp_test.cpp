/// The finished frames, looked at as numbers.
#include "e2e/street_shot.h"
#include "image/read.h"

#include <gmock/gmock.h>

#include <cstring>

namespace platefall {
namespace {

using test::Outcome;
using test::StreetShot;
using testing::HasSubstr;
namespace fs = std::filesystem;

TEST(RealComp, PixelsOutsideAllMattesAreThePlatesBits)
{
    const StreetShot shot;
    shot.write_manifest("type = \"float\"\naovs = [\"matte.building\", \"matte.foreground\"]\n");
    ASSERT_EQ(shot.render({"--frames", "1004"}).status, 0);
    const std::string samples = PLATEFALL_SAMPLES_DIR "/street";
    const Image comp = read_image(shot.folder / "out/street.1004.exr").image;
    const Image plate = read_image(samples + "/plate/street.1004.exr").image;
    const Image clean = read_image(samples + "/clean/street.1004.exr").image;
    const int building = comp.channel_index("matte.building.A").value();
    const int foreground = comp.channel_index("matte.foreground.A").value();

    std::size_t untouched = 0, replaced = 0;
    for (int y = 0; y < 540; ++y)
        for (int x = 0; x < 960; ++x) {
            const float* pixel = comp.pixel(x, y);
            if (pixel[building] == 0.0f) {
                ++untouched;
                ASSERT_EQ(std::memcmp(pixel, plate.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
            } else if (pixel[building] == 1.0f && pixel[foreground] == 0.0f) {
                ++replaced;
                ASSERT_EQ(std::memcmp(pixel, clean.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
            }
        }
    // The building fills about a quarter of the picture.
    EXPECT_GT(untouched, 300'000u);
    EXPECT_GT(replaced, 80'000u);
}

TEST(RealComp, ACleanPlateThatWasPhotographedDoesNotCountAsGenerated)
{
    const StreetShot shot;
    ASSERT_EQ(shot.render({"--frames", "1004", "--set", "layer.clean.generated=0"}).status, 0);
    const Image comp = read_image(shot.folder / "out/street.1004.exr", {.layer = {}, .channels = {"generated"}, .proxy = 1}).image;
    for (std::size_t i = 0; i < comp.sample_count(); ++i)
        ASSERT_EQ(comp.data()[i], 0.0f);
}

TEST(RealComp, AProxyShowsTheSamePictureSmaller)
{
    const StreetShot shot;
    ASSERT_EQ(shot.render({"--frames", "1004"}).status, 0);
    ASSERT_EQ(shot.render({"--frames", "1004", "--proxy", "4"}).status, 0);
    const Image full = read_image(shot.folder / "out/street.1004.exr", {.layer = {}, .channels = {}, .proxy = 4}).image;
    const Image proxy = read_image(shot.folder / "out/proxy4/street.1004.exr").image;
    ASSERT_EQ(proxy.data_window(), full.data_window());
    double difference = 0.0;
    for (std::size_t i = 0; i < full.sample_count(); ++i)
        difference += std::abs(full.data()[i] - proxy.data()[i]);
    EXPECT_LT(difference / static_cast<double>(full.sample_count()), 0.004);
}

TEST(RealComp, PeakMemoryStaysInsideTheBudget)
{
    const StreetShot shot;
    const Outcome outcome = shot.render({"--memory", "256M", "--threads", "8"});
    ASSERT_EQ(outcome.status, 0);
    EXPECT_LT(outcome.peak_bytes, 256u << 20);
}

TEST(RealComp, TheMovieHasEveryFrame)
{
    const StreetShot shot;
    shot.write_manifest("movie = \"out/street.mp4\"\n");
    ASSERT_EQ(shot.render().status, 0);
    const Outcome probe = test::run_command(
        {"ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
         "stream=codec_name,width,height,nb_read_frames,avg_frame_rate,pix_fmt", "-of", "csv=p=0",
         (shot.folder / "out/street.mp4").string()});
    EXPECT_EQ(probe.out, "h264,960,540,yuv420p,24/1,12\n") << probe.err;
}

TEST(RealComp, TheMovieIsMadeByTheChunkThatCompletesTheShot)
{
    const StreetShot shot;
    shot.write_manifest("movie = \"out/street.mp4\"\n");
    ASSERT_EQ(shot.render({"--frames", "1001-1006"}).status, 0);
    EXPECT_FALSE(fs::exists(shot.folder / "out/street.mp4"));
    ASSERT_EQ(shot.render({"--frames", "1007-1012"}).status, 0);
    EXPECT_TRUE(fs::exists(shot.folder / "out/street.mp4"));
}

TEST(RealComp, AMovieOfOldFramesIsMadeAgainAndOneOfTheSameFramesIsNot)
{
    const StreetShot shot;
    shot.write_manifest("movie = \"out/street.mp4\"\n");
    const fs::path movie = shot.folder / "out/street.mp4";
    ASSERT_EQ(shot.render().status, 0);
    const std::string first = read_text_file(movie);
    const auto made = fs::last_write_time(movie);
    ASSERT_EQ(shot.render().status, 0);
    EXPECT_EQ(fs::last_write_time(movie), made);

    ASSERT_EQ(shot.render({"--set", "matte.building.grow=9", "--frames", "1001"}).status, 0);
    EXPECT_EQ(read_text_file(movie), first) << "not from new and old frames";
    ASSERT_EQ(shot.render({"--set", "matte.building.grow=9"}).status, 0);
    EXPECT_NE(read_text_file(movie), first);
}

TEST(RealComp, HandheldFootageChangesOnlyInsideItsMatte)
{
    const fs::path gym = PLATEFALL_SAMPLES_DIR "/../../shared/plates/handheld_gym";
    if (!fs::exists(gym))
        GTEST_SKIP() << "the handheld plate is not here";
    const test::TempFolder folder;
    write_file_atomically(folder / "gym.toml", fmt::format(R"(
[shot]
name = "gym"
frames = "1001-1002"
fps = 12
[plate]
path = "{0}/plate/handheld_gym.####.exr"
[matte.person]
path = "{0}/matte/handheld_gym.####.exr"
[[stage]]
use = "comp"
layers = [ "plate", {{ name = "plate", matte = "person", gain = [0, 0, 0] }} ]
[output]
path = "out/gym.####.exr"
aovs = [ "matte.person" ]
)",
                                                           fs::canonical(gym).string()));
    const Outcome outcome = test::platefall({"render", (folder / "gym.toml").string(), "--progress", "none"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image comp = read_image(folder / "out/gym.1002.exr").image;
    const Image plate = read_image(gym / "plate/handheld_gym.1002.exr").image;
    const int matte = comp.channel_index("matte.person.A").value();
    std::size_t person = 0;
    for (int y = 0; y < 1080; ++y)
        for (int x = 0; x < 1920; ++x) {
            const float* pixel = comp.pixel(x, y);
            if (pixel[matte] == 0.0f) {
                ASSERT_EQ(std::memcmp(pixel, plate.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
            } else if (pixel[matte] == 1.0f) {
                ++person;
                ASSERT_EQ(pixel[0] + pixel[1] + pixel[2], 0.0f) << x << "," << y;
            }
        }
    EXPECT_GT(person, 10'000u);
}

}  // namespace
}  // namespace platefall
