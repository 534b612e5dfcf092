/// A small building falls, in the real program.
#include "base/files.h"
#include "image/read.h"
#include "image/write.h"
#include "scene/collapse_files.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <ostream>
#include <thread>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using testing::HasSubstr;

constexpr int kFirst = 1001, kLast = 1012, kTrigger = 1003;

/// Two storeys, 30 m in front of a camera that stands still.
struct SmallShot {
    test::TempFolder folder;
    Window window{0, 0, 160, 90};

    SmallShot()
    {
        for (int frame = kFirst; frame <= kLast; ++frame)
            write_exr(folder / fmt::format("plate/shot.{}.exr", frame),
                      Image(window, window, {{"R"}, {"G"}, {"B"}}, 0.5f), {}, {});
        write();
    }

    /// `more` goes into the stage, and comes first where it repeats a key.
    void write(const std::string& more = {}) const
    {
        std::map<std::string, std::string> values{{"trigger", std::to_string(kTrigger)},
                                                  {"footprint", "[[-5, -3], [5, -3], [5, 3], [-5, 3]]"},
                                                  {"floors", "2"},
                                                  {"piece_size", "2.5"},
                                                  {"core", "0"},
                                                  {"dust_cell", "1.0"},
                                                  {"seed", "7"}};
        if (more.find("mesh =") != std::string::npos)
            values.erase("footprint");
        std::string stage;
        for (const auto& [key, value] : values)
            if (more.find(key + " =") == std::string::npos)
                stage += key + " = " + value + "\n";
        write_file_atomically(folder / "shot.toml", fmt::format(R"([shot]
name = "shot"
frames = "{}-{}"
fps = 24

[plate]
path = "plate/shot.####.exr"

[camera]
position_m = [0, 2, 30]
rotation_deg = [0, 0, 0]
rotation_order = "xyz"
focal_length_mm = 36
film_back_mm = [36, 20.25]

[output]
path = "out/shot.####.exr"

[[stage]]
use = "collapse"
{}{})",
                                                                   kFirst, kLast, stage, more));
    }

    Outcome playblast(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {PLATEFALL_PROGRAM, "render", (folder / "shot.toml").string(),
                                   "--playblast", "--progress", "none"});
        return test::run_command(more);
    }

    Image result(int frame) const { return read_image(folder / fmt::format("out/playblast/shot.{}.exr", frame)).image; }

    /// Names of what is kept of a step; another name is another simulation.
    std::vector<std::string> kept(const std::string& step) const
    {
        std::vector<std::string> names;
        if (fs::exists(folder / (".platefall/collapse." + step)))
            for (const auto& entry : fs::directory_iterator(folder / (".platefall/collapse." + step)))
                names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }

    /// Content of every file of a step.
    std::map<std::string, std::string> content(const std::string& step) const
    {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(folder / (".platefall/collapse." + step)))
            if (entry.is_regular_file())
                files[fs::relative(entry.path(), folder.path).string()] = read_text_file(entry.path());
        return files;
    }

    void forget() const
    {
        fs::remove_all(folder / ".platefall");
        fs::remove_all(folder / "out");
    }
};

double covered(const Image& image, const Window& where)
{
    const auto channel = static_cast<std::size_t>(*image.channel_index("generated"));
    double sum = 0;
    for (int y = where.y0; y < where.y1; ++y)
        for (int x = where.x0; x < where.x1; ++x)
            sum += static_cast<double>(image.pixel(x, y)[channel]);
    return sum;
}

TEST(Collapse, APlayblastShowsTheBuildingFall)
{
    const SmallShot shot;
    shot.write("dust = 0.0\n");
    const Outcome outcome = shot.playblast();
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(fs::exists(shot.folder / "out/playblast/shot.mp4"));
    const Image before = shot.result(kTrigger);
    shot.write("dust = 0.0\ntrigger = 966\n");   // long before the first frame
    ASSERT_EQ(shot.playblast({"--overwrite"}).status, 0);
    const Image after = shot.result(kLast);
    const Window building{60, 15, 100, 54}, roof{60, 15, 100, 25}, sky{0, 0, 160, 8};
    EXPECT_GT(covered(before, building), 400) << "it stands";
    EXPECT_GT(covered(before, roof), 2 * covered(after, roof)) << "its roof has sunk";
    EXPECT_EQ(covered(before, sky), 0);
    EXPECT_EQ(before.pixel(2, 2)[0], 0.5f) << "the plate as it was";
}

TEST(Collapse, ChangingTheDustDoesNotSimulateTheRigidBodiesAgain)
{
    const SmallShot shot;
    ASSERT_EQ(shot.playblast().status, 0);
    const auto motion = shot.kept("motion"), dust = shot.kept("dust");
    ASSERT_EQ(motion.size(), 1u);
    ASSERT_EQ(dust.size(), 1u);
    shot.write("dust = 3.0\n");
    ASSERT_EQ(shot.playblast({"--overwrite"}).status, 0);
    EXPECT_EQ(shot.kept("motion"), motion);
    EXPECT_EQ(shot.kept("dust").size(), 2u);
    shot.write("sun_height = 80\n");
    ASSERT_EQ(shot.playblast({"--overwrite"}).status, 0);
    EXPECT_EQ(shot.kept("dust").size(), 2u) << "the playblast's light is no part of the simulation";
    EXPECT_EQ(shot.kept("chips").size(), 1u);
    shot.write("chips = 0.5\n");
    ASSERT_EQ(shot.playblast({"--overwrite"}).status, 0);
    EXPECT_EQ(shot.kept("motion"), motion);
    EXPECT_EQ(shot.kept("dust").size(), 2u);
    EXPECT_EQ(shot.kept("chips").size(), 2u);
    shot.write("seed = 8\n");
    ASSERT_EQ(shot.playblast({"--overwrite"}).status, 0);
    EXPECT_EQ(shot.kept("motion").size(), 2u);
}

TEST(Collapse, TheCacheHasTheSameBitsForAnyNumberOfThreads)
{
    const SmallShot shot;
    ASSERT_EQ(shot.playblast({"--threads", "1", "--frames", "1012"}).status, 0);
    const auto motion = shot.content("motion"), chips = shot.content("chips"), dust = shot.content("dust");
    shot.forget();
    ASSERT_EQ(shot.playblast({"--threads", "3", "--frames", "1001"}).status, 0);
    EXPECT_EQ(shot.content("chips"), chips);
    EXPECT_EQ(shot.content("motion"), motion);
    EXPECT_EQ(shot.content("dust"), dust);
}

TEST(Collapse, KilledInMidSimulationItGivesTheSameTheNextTime)
{
    const SmallShot shot;
    ASSERT_EQ(shot.playblast().status, 0);
    const auto motion = shot.content("motion"), chips = shot.content("chips"), dust = shot.content("dust");
    shot.forget();
    for (const int milliseconds : {300, 600, 900}) {
        test::Process process({PLATEFALL_PROGRAM, "render", (shot.folder / "shot.toml").string(),
                               "--playblast", "--progress", "none"});
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        process.signal(SIGKILL);
        process.wait();
    }
    ASSERT_EQ(shot.playblast().status, 0);
    EXPECT_EQ(shot.content("chips"), chips);
    EXPECT_EQ(shot.content("motion"), motion);
    EXPECT_EQ(shot.content("dust"), dust);
}

TEST(Collapse, WhatRenderReadsIsAllThere)
{
    const SmallShot shot;
    shot.write("obstacles = [{ low = [7, 0, -9], high = [12, 8, 9] }]\nchips = 2.0\n");
    ASSERT_EQ(shot.playblast({"--frames", "1001"}).status, 0);
    const auto folder = [&](const std::string& step) {
        return shot.folder / (".platefall/collapse." + step) / shot.kept(step).at(0);
    };
    const CollapseSet set = load_set(folder("motion"));
    EXPECT_EQ(set.trigger, kTrigger);
    EXPECT_EQ(set.frames, kLast - kTrigger + 1);
    EXPECT_EQ(set.obstacles, (std::vector<SetBox>{{{7, 0, -9}, {12, 8, 9}}}));
    EXPECT_EQ(set.footprint.size(), 4u);
    EXPECT_GT(set.first_moving, 0);
    EXPECT_LT(set.first_moving, 6);
    const Debris debris = load_pieces(folder("motion"));
    const Chips chips = load_all_chips(folder("chips"));
    EXPECT_EQ(load_poses(folder("motion"), set.first_moving - 1), load_poses(folder("motion"), 0));
    EXPECT_NE(load_poses(folder("motion"), set.first_moving), load_poses(folder("motion"), 0));
    EXPECT_GT(chips.size(), 100u);
    for (const Chip& chip : chips)
        ASSERT_LT(static_cast<std::size_t>(chip.element), debris.elements.size());
    EXPECT_EQ(load_chip_poses(folder("chips"), set.frames - 1).size(), chips.size());
    EXPECT_FALSE(load_dust(folder("dust"), set.frames - 1).is_clear());
}

TEST(Collapse, FilesForOtherPackagesAreWrittenOnceAndAgainWhenTheyAreGone)
{
    const SmallShot shot;
    shot.write("debris_file = \"for_lighting/debris.usda\"\ndust_files = \"for_lighting/dust.####.vdb\"\n");
    const Outcome outcome = shot.playblast({"--frames", "1005"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const fs::path debris = shot.folder / "for_lighting/debris.usda", dust = shot.folder / "for_lighting/dust.1012.vdb";
    ASSERT_TRUE(fs::exists(debris));
    ASSERT_TRUE(fs::exists(dust));
    EXPECT_THAT(read_text_file(debris), HasSubstr("startTimeCode = 1001\n    endTimeCode = 1012\n"));
    const auto written = fs::last_write_time(debris);
    fs::remove(dust);
    ASSERT_EQ(shot.playblast({"--frames", "1005"}).status, 0);
    EXPECT_EQ(fs::last_write_time(debris), written);
    EXPECT_TRUE(fs::exists(dust));
    shot.write("debris_file = \"for_lighting/debris.usda\"\nseed = 8\n");
    ASSERT_EQ(shot.playblast({"--frames", "1005", "--overwrite"}).status, 0);
    EXPECT_NE(fs::last_write_time(debris), written) << "another collapse";
}

/// Two blocks, one upon the other, as a modeller exports them; `top` is the height of the upper one's roof.
void write_tower(const fs::path& path, double top)
{
    std::string text;
    int first = 1;
    for (const auto& [low, high] : {std::pair(0.0, 4.0), std::pair(4.0, top)}) {
        text += fmt::format("o block{}\n", first);
        for (const double y : {low, high})
            for (const auto& [x, z] : {std::pair(-4, -3), std::pair(4, -3), std::pair(4, 3), std::pair(-4, 3)})
                text += fmt::format("v {} {} {}\n", x, y, z);
        for (const auto& face : {std::array{0, 1, 2, 3}, std::array{7, 6, 5, 4}, std::array{0, 4, 5, 1},
                                 std::array{1, 5, 6, 2}, std::array{2, 6, 7, 3}, std::array{3, 7, 4, 0}})
            text += fmt::format("f {} {} {} {}\n", first + face[0], first + face[1], first + face[2], first + face[3]);
        first += 8;
    }
    write_file_atomically(path, text);
}

TEST(Collapse, AMeshFallsAndItsContentIsPartOfTheKey)
{
    const SmallShot shot;
    write_tower(shot.folder / "tower.obj", 8);
    shot.write("mesh = \"tower.obj\"\ndust = 0.0\n");
    const Outcome outcome = shot.playblast({"--frames", "1001"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_GT(covered(shot.result(1001), {65, 20, 95, 54}), 500);
    ASSERT_EQ(shot.playblast({"--frames", "1002"}).status, 0);
    EXPECT_EQ(shot.kept("motion").size(), 1u);
    write_tower(shot.folder / "tower.obj", 9);
    const Outcome again = shot.playblast({"--frames", "1001"});
    EXPECT_THAT(again.last_line, HasSubstr("(1 rendered, 0 done before)"));
    EXPECT_EQ(shot.kept("motion").size(), 2u);
}

TEST(Collapse, APlayblastLeavesOutWhatItDoesNotNeed)
{
    const SmallShot shot;
    shot.write("\n[[stage]]\nuse = \"comp\"\nlayers = [\"plate\", "
               "\"no_such_file\"]\n\n[layer.no_such_file]\npath = \"nowhere.####.exr\"\n");
    const Outcome outcome = shot.playblast({"--frames", "1001"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
}

struct Refusal {
    std::string name, stage, message;

    friend void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }
};

class CollapseRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(CollapseRefuses, BeforeAnythingIsSimulated)
{
    const SmallShot shot;
    shot.write(GetParam().stage);
    const Outcome outcome = shot.playblast();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
    EXPECT_TRUE(shot.kept("motion").empty());
}

INSTANTIATE_TEST_SUITE_P(
    What, CollapseRefuses,
    testing::Values(Refusal{"AFootprintThatCrossesItself",
                            "footprint = [[-5, -3], [5, 3], [5, -3], [-5, 3]]\n", "cross"},
                    Refusal{"NoFloors", "floors = 0\n", "a building without floors cannot fall"},
                    Refusal{"TwoBuildings", "mesh = \"house.obj\"\nfootprint = [[-5, -3], [5, -3], [5, 3]]\n",
                            "a building is described by either 'footprint' or 'mesh'"},
                    Refusal{"AMeshThatIsNotThere", "mesh = \"house.obj\"\n", "house.obj"},
                    Refusal{"ACameraInside", "footprint = [[-5, -3], [5, -3], [5, 40], [-5, 40]]\n",
                            "collapse: the camera of frame 1001 is inside the building, at (0.00, 2.00, "
                            "30.00) m; check 'footprint', and the "
                            "units and axes of [camera]"},
                    Refusal{"AChargeOutside", "charges = [{ floor = 0, at = [90, 0] }]\n",
                            "charge 1 is outside the building: nothing that carries stands there on floor 0"},
                    Refusal{"AChargeAboveTheRoof", "charges = [{ floor = 2 }]\n",
                            "the charge is outside the building, which has 2 floors"},
                    Refusal{"ATriggerAfterTheShot", "trigger = 1013\n",
                            "collapse: trigger 1013 is after the shot's last frame, 1012"},
                    Refusal{"TooMuchDust", "dust_cell = 0.05\ndust_memory = 64\n",
                            "and 'dust_memory' allows 64; dust_cell = "},
                    Refusal{"ABoxInsideOut", "dust_low = [0, 0, 0]\ndust_high = [10, -1, 10]\n",
                            "'dust_high' must be greater than 'dust_low' along x, y and z"}),
    [](const auto& refusal) { return refusal.param.name; });

}  // namespace
}  // namespace platefall
