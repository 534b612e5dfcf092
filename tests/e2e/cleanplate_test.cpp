/// The clean plate as an artist and a farm get it.
#include "e2e/pan_shot.h"

#include <gmock/gmock.h>

#include <signal.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

namespace platefall {
namespace {

using test::Outcome;
using test::PanShot;
using test::Process;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

/// Written once, and rendered by those tests that only look.
struct Rendered {
    PanShot shot;
    Outcome outcome;

    Rendered()
    {
        shot.write();
        outcome = shot.render();
    }
};

template <class Use> void for_each_pixel(const Window& window, Use use)
{
    for (int y = window.y0; y < window.y1 && !testing::Test::HasFatalFailure(); ++y)
        for (int x = window.x0; x < window.x1; ++x)
            use(x, y);
}

Window grown(const Window& window, int by)
{
    return {window.x0 - by, window.y0 - by, window.x1 + by, window.y1 + by};
}

bool same_pixels(const Image& a, const Image& b)
{
    return a.data_window() == b.data_window() && a.channels() == b.channels()
           && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

float generated(const Image& result, int x, int y)
{
    return result.pixel(x, y)[result.channel_index("generated").value()];
}

/// Mean distance in stops, inside the matte, from what stands behind him; of what other frames saw or of what nobody saw.
double stops_off(const PanShot& shot, int frame, float origin)
{
    const Image result = shot.result(frame);
    double sum = 0, count = 0;
    for_each_pixel(shot.hole, [&](int x, int y) {
        if (generated(result, x, y) != origin)
            return;
        sum += std::abs(std::log2(static_cast<double>(result.pixel(x, y)[1]) / shot.light(frame, {x + 0.5, y + 0.5})));
        ++count;
    });
    return sum / count;
}

bool is_finite(const Image& image)
{
    return std::all_of(image.data(), image.data() + image.sample_count(), [](float value) { return std::isfinite(value); });
}

/// Red over green, at its worst: more than a little is the man.
float reddest(const Image& image, const Window& window)
{
    float most = -1;
    for_each_pixel(window, [&](int x, int y) { most = std::max(most, image.pixel(x, y)[0] - image.pixel(x, y)[1]); });
    return most;
}

// ------------------------------------------------------------------------------------------- what one gets

TEST(CleanPlate, PutsBackWhatStoodBehindAndLeavesEveryOtherBit)
{
    const Rendered rendered;
    ASSERT_EQ(rendered.outcome.status, 0) << rendered.outcome.err;
    EXPECT_EQ(rendered.outcome.last_line, "platefall: 6 of 6 frames are good (6 rendered, 0 done before)");
    const PanShot& shot = rendered.shot;
    for (const int frame : {1001, 1004}) {
        const Image result = shot.result(frame), plate = shot.plate(frame);
        EXPECT_EQ(describe(result.channels()), "R G B generated");
        std::size_t copied = 0, made_up = 0;
        for_each_pixel(shot.window, [&](int x, int y) {
            const float from = generated(result, x, y);
            if (!grown(shot.hole, 14).contains(x, y)) {
                ASSERT_EQ(std::memcmp(result.pixel(x, y), plate.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
                ASSERT_EQ(from, 0.0f);
            } else if (shot.hole.contains(x, y)) {
                ASSERT_TRUE(from == 0.5f || from == 1.0f) << from << " at " << x << "," << y;
                ++(from == 1.0f ? made_up : copied);
            }
        });
        EXPECT_GT(copied, 400u);
        EXPECT_GT(made_up, 200u);
        EXPECT_LT(stops_off(shot, frame, 0.5f), 0.08) << frame;
        EXPECT_LT(stops_off(shot, frame, 1.0f), 1.2) << frame;
        EXPECT_LT(reddest(result, shot.window), 0.1f);
    }
}

TEST(CleanPlate, TheCompKnowsWhatWasGenerated)
{
    PanShot shot;
    shot.write();
    shot.write_manifest({}, "[[stage]]\nuse = \"comp\"\nlayers = [\"plate\", { name = \"clean\", matte = \"man\" }]\n", "comp");
    const Outcome outcome = shot.render({"--frames", "1002"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image comp = shot.result(1002);
    std::size_t copied = 0, made_up = 0;
    for_each_pixel(shot.window, [&](int x, int y) {
        const float from = generated(comp, x, y);
        copied += from == 0.5f;
        made_up += from == 1.0f;
        if (!shot.hole.contains(x, y)) {
            ASSERT_EQ(from, 0.0f) << x << "," << y;
        }
    });
    EXPECT_GT(copied, 400u);
    EXPECT_GT(made_up, 200u);
    EXPECT_EQ(copied + made_up, 34u * 34u);
}

TEST(CleanPlate, AProxyIsTheSameSmaller)
{
    PanShot shot;
    shot.write();
    const Outcome outcome = shot.render({"--proxy", "2"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image result = shot.result(1003, "out/proxy2");
    EXPECT_EQ(result.data_window(), (Window{0, 0, 80, 45}));
    EXPECT_EQ(generated(result, 40, 24), 1.0f);
    EXPECT_EQ(generated(result, 33, 24), 0.5f);
    EXPECT_EQ(generated(result, 15, 24), 0.0f);
    EXPECT_LT(reddest(result, result.data_window()), 0.1f);
}

TEST(CleanPlate, OverscanIsFilledToo)
{
    PanShot shot;
    shot.window = {-12, -8, 172, 98};
    shot.hole = {120, 60, 170, 96};
    shot.write();
    const Outcome outcome = shot.render({"--frames", "1003"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image result = shot.result(1003);
    EXPECT_EQ(result.data_window(), shot.window);
    EXPECT_EQ(result.display_window(), shot.display);
    EXPECT_GT(generated(result, 169, 95), 0.0f);
    EXPECT_LT(reddest(result, shot.window), 0.1f);
}

TEST(CleanPlate, AStillIsMadeUpFromItself)
{
    PanShot shot;
    shot.last = 1001;
    shot.write();
    const Outcome outcome = shot.render();
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("warning")));
    const Image result = shot.result(1001);
    for_each_pixel(shot.hole, [&](int x, int y) { ASSERT_EQ(generated(result, x, y), 1.0f) << x << "," << y; });
    EXPECT_LT(reddest(result, shot.window), 0.1f);
}

// ---------------------------------------------------------------------------------- the same, however it is made

/// Renders two frames into another folder, which must get the very pixels that rendering all of them gave.
void expect_same_chunk(const PanShot& shot, const std::string& out, const std::vector<std::string>& more)
{
    std::vector<std::string> arguments{"--set", "output.path=" + out + "/pan.####.exr", "--frames", "1003-1004"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = shot.render(arguments);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_FALSE(fs::exists(shot.folder / (out + "/pan.1002.exr")));
    for (const int frame : {1003, 1004})
        EXPECT_TRUE(same_pixels(shot.result(frame, out), shot.result(frame))) << out << " " << frame;
}

TEST(CleanPlate, AChunkThatUsesTheSamePreparationHasTheSamePixels)
{
    const Rendered rendered;
    expect_same_chunk(rendered.shot, "chunk", {});
}

TEST(CleanPlate, AChunkThatPreparesOnItsOwnOnOneThreadHasTheSamePixels)
{
    const Rendered rendered;
    expect_same_chunk(rendered.shot, "chunk", {"--set", "cache.path=another", "--threads", "1"});
}

TEST(CleanPlate, AKillWhileItPreparesAndARerunGiveTheSamePixels)
{
    PanShot undisturbed, shot;
    undisturbed.last = shot.last = 1003;
    undisturbed.write();
    shot.write();
    ASSERT_EQ(undisturbed.render().status, 0);
    for (const char* doing : {"looking at the plates", "making up what no frame saw"}) {
        Process process(shot.command({"--progress", "plain"}));
        while (process.out_so_far().find(doing) == std::string::npos)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        process.signal(SIGKILL);
        process.wait();
        EXPECT_FALSE(fs::exists(shot.folder / "out/pan.1001.exr"));
    }
    ASSERT_EQ(shot.render().status, 0);
    for (int frame = shot.first; frame <= shot.last; ++frame)
        EXPECT_TRUE(same_pixels(shot.result(frame), undisturbed.result(frame))) << frame;
}

TEST(CleanPlate, ADamagedPreparationIsMadeAgain)
{
    PanShot shot;
    shot.last = 1002;
    shot.write();
    ASSERT_EQ(shot.render().status, 0);
    const Image before = shot.result(1002);
    fs::path damaged;
    for (const auto& entry : fs::recursive_directory_iterator(shot.folder / ".platefall"))
        if (entry.path().filename() == "frames.json")
            damaged = entry.path();
    ASSERT_FALSE(damaged.empty());
    write_file_atomically(damaged, "{}");
    const Outcome outcome = shot.render({"--overwrite"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(same_pixels(shot.result(1002), before));
}

// ------------------------------------------------------------------------------------------------ bad input

TEST(CleanPlateInput, AMatteOverEveryFrameIsRefused)
{
    PanShot shot;
    shot.last = 1002;
    shot.write();
    for (int frame = shot.first; frame <= shot.last; ++frame)
        shot.write_matte(frame, shot.window);
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err,
                HasSubstr("error: preparing stage 'cleanplate': 'matte.man' covers every pixel of every frame, so that "
                          "nothing is left to fill it from; check the matte (is it inverted?) and 'grow'\n"));
    EXPECT_FALSE(fs::exists(shot.folder / "out/pan.1001.exr"));
}

TEST(CleanPlateInput, AFrameThatIsCoveredWhollyIsTakenFromItsNeighbours)
{
    PanShot shot;
    shot.write();
    shot.write_matte(1003, shot.window);
    const Outcome outcome = shot.render({"--frames", "1003"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("warning: pan frame 1003: cleanplate: 1003 shows too little outside the mattes to "
                                       "register; its motion is interpolated from 1002 and 1004\n"));
    const Image result = shot.result(1003);
    for_each_pixel(grown(shot.window, -4), [&](int x, int y) { ASSERT_GE(generated(result, x, y), 0.5f) << x << "," << y; });
    EXPECT_LT(stops_off(shot, 1003, 0.5f), 0.15);
}

TEST(CleanPlateInput, ACoveredFirstFrameOfALockedOffShotIsTakenFromTheNext)
{
    PanShot shot;
    shot.last = 1003;
    shot.step_px = 0;
    shot.write();
    shot.write_matte(1001, shot.window);
    const Outcome outcome = shot.render({"--frames", "1001"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("warning: pan frame 1001: cleanplate: 1001 shows too little outside the mattes to "
                                       "register; its motion is that of 1002\n"));
    const Image result = shot.result(1001);
    double off = 0, count = 0;
    for_each_pixel(shot.window, [&](int x, int y) {
        ASSERT_GE(generated(result, x, y), 0.5f) << x << "," << y;
        if (generated(result, x, y) == 0.5f) {
            off += std::abs(std::log2(static_cast<double>(result.pixel(x, y)[1]) / shot.light(1001, {x + 0.5, y + 0.5})));
            ++count;
        }
    });
    EXPECT_GT(count, 0.7 * shot.window.width() * shot.window.height());
    EXPECT_LT(off / count, 0.08);
    EXPECT_LT(reddest(result, shot.window), 0.1f);
}

TEST(CleanPlateInput, ACoveredFrameThatNothingTiesToOthersFailsAlone)
{
    PanShot shot;
    shot.last = 1003;
    shot.write();
    shot.write_matte(1001, shot.window);
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err,
                HasSubstr("error: pan frame 1001: cleanplate: 'matte.man' and the foreground cover the frame, and no other "
                          "frame shows what is behind; check the mattes and 'grow'\n"));
    EXPECT_THAT(outcome.last_line, testing::EndsWith("--frames 1001"));
    EXPECT_FALSE(fs::exists(shot.folder / "out/pan.1001.exr"));
    EXPECT_LT(reddest(shot.result(1003), shot.window), 0.1f);
}

TEST(CleanPlateInput, AnEmptyMatteLeavesThePlateAndSaysSo)
{
    PanShot shot;
    shot.last = 1002;
    shot.write();
    for (int frame = shot.first; frame <= shot.last; ++frame)
        shot.write_matte(frame, {});
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("warning: pan frame 1002: cleanplate: 'matte.man' is empty in every frame; 'clean' "
                                       "is the plate as it is\n"));
    const Image result = shot.result(1002), plate = shot.plate(1002);
    for_each_pixel(shot.window, [&](int x, int y) {
        ASSERT_EQ(std::memcmp(result.pixel(x, y), plate.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
        ASSERT_EQ(generated(result, x, y), 0.0f);
    });
}

TEST(CleanPlateInput, AnEmptyMatteInOneFrameIsNothingSpecial)
{
    PanShot shot;
    shot.last = 1003;
    shot.write();
    shot.write_matte(1002, {});
    const Outcome outcome = shot.render({"--frames", "1002"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, Not(HasSubstr("warning")));
    EXPECT_EQ(generated(shot.result(1002), 80, 50), 0.0f);
}

TEST(CleanPlateInput, ABlurredFrameMovesAsItsNeighboursDo)
{
    PanShot shot;
    shot.write();
    shot.write_plate(1003, shot.plate(1003, [](const Vec2& at) { return 0.2 + 1e-4 * at[0]; }));
    const Outcome outcome = shot.render({"--frames", "1003,1004"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("pan frame 1003: cleanplate: 1003 shows too little outside the mattes to register; its "
                                       "motion is interpolated from 1002 and 1004\n"));
    EXPECT_LT(stops_off(shot, 1004, 0.5f), 0.1) << "and the blurred frame is no source for the others";
    EXPECT_LT(reddest(shot.result(1003), shot.window), 0.1f);
}

TEST(CleanPlateInput, NothingIsCarriedAcrossACut)
{
    PanShot shot;
    shot.write();
    for (int frame = 1004; frame <= 1006; ++frame)
        shot.write_plate(frame, shot.plate(frame, [&](const Vec2& at) {
            return cleanplate::test::wall({at[0] + shot.step_px * frame, at[1]}, 99);
        }));
    const Outcome outcome = shot.render({"--frames", "1003"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("pan frame 1003: cleanplate: cut between 1003 and 1004: nothing is carried across; if "
                                       "the camera just moved too fast, one in the manifest can bridge it\n"));
    EXPECT_LT(stops_off(shot, 1003, 0.5f), 0.08);
}

TEST(CleanPlateInput, NanAndInfinityInThePlateDoNotSpread)
{
    PanShot shot;
    shot.last = 1003;
    shot.write();
    Image plate = shot.plate(1002);
    std::fill_n(plate.pixel(30, 20), 3, std::numeric_limits<float>::quiet_NaN());
    plate.pixel(80, 50)[1] = std::numeric_limits<float>::infinity();   // in the hole
    plate.pixel(60, 50)[1] = std::numeric_limits<float>::infinity();   // beside it
    shot.write_plate(1002, plate);
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("warning: pan frame 1002: plate: 3 pixels are not finite (first at 30,20), replaced by "
                                       "the mean of their neighbours\n"));
    for (int frame = 1001; frame <= 1003; ++frame)
        EXPECT_TRUE(is_finite(shot.result(frame))) << frame;
}

TEST(CleanPlateInput, AGreyPlateStaysGrey)
{
    PanShot shot;
    shot.last = 1003;
    shot.channels = {{"Y", ChannelType::full_float}};
    shot.write();
    const Outcome outcome = shot.render({"--frames", "1002"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image result = shot.result(1002), plate = shot.plate(1002);
    EXPECT_EQ(describe(result.channels()), "Y generated");
    for_each_pixel(shot.window, [&](int x, int y) {
        if (shot.hole.contains(x, y)) {
            ASSERT_LT(*result.pixel(x, y), 2.0f) << x << "," << y;
        } else if (!grown(shot.hole, 14).contains(x, y)) {
            ASSERT_EQ(*result.pixel(x, y), *plate.pixel(x, y)) << x << "," << y;
        }
    });
}

TEST(CleanPlateInput, AlphaIsKeptBitByBit)
{
    PanShot shot;
    shot.last = 1003;
    shot.channels.push_back({"A", ChannelType::full_float});
    shot.write();
    const Outcome outcome = shot.render({"--frames", "1002"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image result = shot.result(1002), plate = shot.plate(1002);
    EXPECT_EQ(describe(result.channels()), "R G B A generated");
    for_each_pixel(shot.window, [&](int x, int y) { ASSERT_EQ(result.pixel(x, y)[3], plate.pixel(x, y)[3]); });
    EXPECT_LT(reddest(result, shot.window), 0.1f);
}

TEST(CleanPlateInput, APlateWithoutColoursIsRefused)
{
    PanShot shot;
    shot.last = 1002;
    shot.channels = {{"R"}, {"G"}};
    shot.write();
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("preparing stage 'cleanplate': the plate has neither R G B nor Y (it has R G)\n"));
}

TEST(CleanPlateInput, SlipsInTheManifestAreReportedBeforeAnythingIsRendered)
{
    PanShot shot;
    shot.last = 1002;
    shot.write();
    const auto fault = [&](const std::string& setting) {
        const Outcome outcome = shot.render({"--set", setting});
        EXPECT_EQ(outcome.status, 2) << setting;
        EXPECT_EQ(outcome.last_line, "platefall: nothing was rendered: 1 fault");
        return outcome.err;
    };
    EXPECT_THAT(fault("cleanplate.depth=z.####.exr"),
                HasSubstr("'depth' needs a camera to say where it looks from (add [camera] to the manifest)"));
    EXPECT_THAT(fault("cleanplate.method=magic"), HasSubstr("'method' must be 'auto', 'propagate' or 'patch' (is 'magic')"));
    EXPECT_THAT(fault("cleanplate.matte=mann"), HasSubstr("stage 'cleanplate' reads layer 'matte.mann', which nothing before it "
                                                          "writes (there are: plate and matte.man) (did you mean 'matte.man'?)"));
    EXPECT_THAT(fault("cleanplate.foreground=[\"tree\"]"), HasSubstr("reads layer 'matte.tree', which nothing before it writes"));
    EXPECT_THAT(fault("cleanplate.name=plate"), HasSubstr("a clean plate cannot be called 'plate' (choose another name)"));
    EXPECT_THAT(fault("cleanplate.grow=-1"), HasSubstr("'grow' must be between 0 and 200 px (is -1)"));
    EXPECT_FALSE(fs::exists(shot.folder / "out"));
}

TEST(CleanPlateInput, AMatteMustBeGiven)
{
    PanShot shot;
    shot.last = 1001;
    shot.write();
    std::string text = read_text_file(shot.folder / "pan.toml");
    text.erase(text.find("matte = \"man\""), 13);
    write_file_atomically(shot.folder / "pan.toml", text);
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("'matte'"));
}

/// Mean over a window of how much each pixel changes from frame to frame.
double change_over_time(const PanShot& shot, const Window& window)
{
    std::vector<Image> results;
    for (int frame = shot.first; frame <= shot.last; ++frame)
        results.push_back(shot.result(frame));
    double sum = 0;
    for (std::size_t i = 1; i < results.size(); ++i)
        for_each_pixel(window, [&](int x, int y) {
            const double apart = static_cast<double>(results[i].pixel(x, y)[1] - results[i - 1].pixel(x, y)[1]);
            sum += apart * apart;
        });
    return std::sqrt(sum / (static_cast<double>(results.size() - 1) * window.width() * window.height()));
}

TEST(CleanplateEndToEnd, APlateThatStandsStillBitByBitGetsNoGrainAndSaysSo)
{
    PanShot shot;
    shot.last = 1002;
    shot.write();
    shot.write_plate(1002, shot.plate(1001));
    const Outcome outcome = shot.render({"--verbose"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("platefall: cleanplate: the plate has no grain that could be measured; none is given "
                                       "to 'clean'\n"));
    EXPECT_THAT(outcome.err, Not(HasSubstr("warning")));
    EXPECT_TRUE(same_pixels(shot.result(1001), shot.result(1002)));
}

TEST(CleanplateEndToEnd, GrainGoesOnInsideTheHoleAsItDoesOutside)
{
    PanShot shot;
    shot.display = shot.window = {0, 0, 320, 180};
    shot.hole = {130, 60, 200, 120};
    shot.write_manifest();
    for (int frame = shot.first; frame <= shot.last; ++frame) {
        shot.write_plate(frame, shot.plate(frame, [](const Vec2& at) { return 0.2 + at[0] / 2000 + at[1] / 3000; }));
        shot.write_matte(frame, shot.hole);
    }
    const Outcome outcome = shot.render();
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const double inside = change_over_time(shot, shot.hole), outside = change_over_time(shot, {10, 10, 110, 170});
    EXPECT_GT(inside, 0.7 * outside);
    EXPECT_LT(inside, 1.3 * outside);
}

}  // namespace
}  // namespace platefall
