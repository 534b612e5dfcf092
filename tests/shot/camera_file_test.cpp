#include "base/files.h"
#include "shot/camera_test_support.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace platefall {
namespace {

using test::error_of;
using test::expect_pixel;
using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr double kExact = 1e-9;
constexpr const char* kChan = "path = \"c.chan\"\nrotation_order = \"xyz\"\nfilm_back_mm = [36, 18]\n";
constexpr const char* kJson = "path = \"c.json\"\n";
constexpr const char* kUnturned = "[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]";

class CameraFile : public testing::Test {
protected:
    CameraTrack track(const std::string& keys, const std::string& content)
    {
        write(keys, content);
        return test::camera_track(keys, folder_.path);
    }

    /// Without the folder, which has another name each time.
    std::vector<std::string> faults(const std::string& keys, const std::string& content)
    {
        write(keys, content);
        std::vector<std::string> all = test::camera_faults(keys, folder_.path);
        for (std::string& fault : all)
            for (std::size_t i; (i = fault.find(folder_.path.string() + "/")) != std::string::npos;)
                fault.erase(i, folder_.path.string().size() + 1);
        return all;
    }

    const TempFolder folder_;

private:
    void write(const std::string& keys, const std::string& content)
    {
        write_file_atomically(folder_ / (keys.find(".chan") != std::string::npos ? "c.chan" : "c.json"), content);
    }
};

using ChanFile = CameraFile;
using JsonFile = CameraFile;

TEST_F(ChanFile, HasACameraALine)
{
    const CameraTrack moving = track(kChan, "# exported by hand\r\n"
                                            "1001 0 0 0  0 0 0  90\r\n"
                                            "\n"
                                            "  1002\t1 2 3  0 90 0  90   # turned\n"
                                            "-1 0 0 5 0 0 0 53.13010235415598");
    expect_pixel(moving.at(1001).project({0, 10, -10}, 100, 50), 50, 0, kExact);
    expect_pixel(moving.at(1002).project({-9, 2, 3}, 100, 50), 50, 25, kExact);
    EXPECT_NEAR(moving.at(-1).focal_length_mm, 18, 1e-9);
    EXPECT_EQ(moving.missing({-1, 0, 1001, 1002, 1003}), (std::vector{0, 1003}));
}

TEST_F(ChanFile, MissingFrameNamesThoseThereAre)
{
    const CameraTrack moving = track(kChan, "1 0 0 0 0 0 0 90\n2 0 0 0 0 0 0 90\n");
    EXPECT_EQ(error_of([&] { moving.at(7); }),
              "camera '" + (folder_ / "c.chan").string() + "' has no frame 7; frames found: 1-2");
}

TEST_F(ChanFile, OfAWorldWithZUpIsTurnedIntoOurs)
{
    // In the file it stands 2 units high and 5 back, and looks level along +y.
    const CameraTrack moving = track(std::string(kChan) + "up = \"z\"\nmetres_per_unit = 0.5\n",
                                     "1 0 -10 4 90 0 0 90\n");
    const Camera camera = moving.at(1);
    EXPECT_NEAR(camera.world_from_camera[0][3], 0, kExact);
    EXPECT_NEAR(camera.world_from_camera[1][3], 2, kExact);
    EXPECT_NEAR(camera.world_from_camera[2][3], 5, kExact);
    expect_pixel(camera.project({0, 2, 0}, 100, 50), 50, 25, kExact);
    expect_pixel(camera.project({1, 3, 0}, 100, 50), 55, 20, kExact);
}

TEST_F(ChanFile, EveryFaultIsReportedWithItsPlace)
{
    EXPECT_THAT(faults(kChan, "1001 0 0 0 0 0 0 90\n"
                              "1002 0 0 0 0 0 0\n"
                              "1003 0 zero 0 0 0 nan 90\n"
                              "1004.5 0 0 0 0 0 0 90\n"
                              "1001 0 0 0 0 0 0 90\n"
                              "1006 0 0 0 0 0 0 180\n"),
                ElementsAre("c.chan:2:1: a line has 8 numbers, frame tx ty tz rx ry rz vertical_fov; this one has 7\n"
                            "    1002 0 0 0 0 0 0\n"
                            "    ^",
                            "c.chan:3:8: 'zero' is not a number\n"
                            "    1003 0 zero 0 0 0 nan 90\n"
                            "           ^",
                            "c.chan:3:19: 'nan' is not a number\n"
                            "    1003 0 zero 0 0 0 nan 90\n"
                            "                      ^",
                            StartsWith("c.chan:4:1: frame '1004.5' is not a whole number\n"),
                            "c.chan:5:1: frame 1001 is there twice",
                            StartsWith("c.chan:6:18: the vertical field of view must be between 0 and 180 degrees "
                                       "(is 180)\n")));
}

TEST_F(ChanFile, WrongFileDoesNotFloodTheTerminal)
{
    std::string text;
    for (int i = 0; i < 500; ++i)
        text += "this is no camera\n";
    const auto all = faults(kChan, text);
    ASSERT_THAT(all, SizeIs(21));
    EXPECT_EQ(all.back(), "c.chan: and 480 more faults");
}

TEST_F(ChanFile, EmptyOrMissingFileIsReported)
{
    EXPECT_THAT(faults(kChan, "# nothing\n"), ElementsAre("c.chan: there are no frames"));
    std::filesystem::remove(folder_ / "c.chan");
    EXPECT_THAT(test::camera_faults(kChan, folder_.path),
                ElementsAre("cannot read '" + (folder_ / "c.chan").string() + "': No such file or directory"));
}

TEST_F(ChanFile, NeedsFromTheManifestWhatItDoesNotHold)
{
    EXPECT_THAT(faults("path = \"c.chan\"", "1 0 0 0 0 0 0 90\n"),
                ElementsAre(HasSubstr("[camera] needs 'rotation_order': a .chan file does not hold it"),
                            HasSubstr("[camera] needs 'film_back_mm': a .chan file does not hold it")));
}

TEST_F(CameraFile, StaticKeysBesideAFileAreRefused)
{
    EXPECT_THAT(faults(std::string(kChan) + "position_m = [0, 0, 0]\nfocal_length_mm = 35", "1 0 0 0 0 0 0 90\n"),
                ElementsAre(HasSubstr("'position_m' and 'path' exclude each other: the file says it"),
                            HasSubstr("'focal_length_mm' and 'path' exclude each other: the file says it")));
}

TEST_F(CameraFile, OtherKindsOfFileAreRefused)
{
    EXPECT_THAT(test::camera_faults("path = \"c.fbx\"", "/shots"),
                ElementsAre(HasSubstr("camera '/shots/c.fbx' must be a .chan or a .json file")));
}

TEST_F(JsonFile, HoldsMatricesOrAngles)
{
    const CameraTrack moving = track(std::string(kJson) + "rotation_order = \"xyz\"", R"({
        "shot": "anything else may stand here",
        "frames": [
            {"frame": 1, "world_from_camera": [[0, 0, 1, 1], [0, 1, 0, 2], [-1, 0, 0, 3], [0, 0, 0, 1]],
             "focal_length_mm": 36, "film_back_mm": [36, 18]},
            {"frame": 2, "position": [1, 2, 3], "rotation_deg": [0, 90, 0],
             "vertical_fov_deg": 28.072486935852957, "film_back_mm": [36, 18]}
        ]})");
    for (const int frame : {1, 2}) {
        expect_pixel(moving.at(frame).project({-9, 2, 3}, 100, 50), 50, 25, 1e-6);
        expect_pixel(moving.at(frame).project({-9, 3, 2}, 100, 50), 60, 15, 1e-6);
    }
}

TEST_F(JsonFile, TakesTheFilmBackFromTheManifest)
{
    const CameraTrack moving =
        track(std::string(kJson) + "film_back_mm = [36, 18]",
              std::string(R"({"frames": [{"frame": 1, "focal_length_mm": 36, "world_from_camera": )") + kUnturned
                  + "}]}");
    expect_pixel(moving.at(1).project({1, 2, -10}, 100, 50), 60, 5, kExact);
}

TEST_F(JsonFile, EveryFaultIsReportedWithItsPlace)
{
    EXPECT_THAT(
        faults(kJson, R"({"frames": [
            {"frame": "1", "position": [0, 0], "rotation_deg": [0, 0, 0], "focal_length_mm": -3},
            {"frame": 2, "world_from_camera": [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]],
             "focal_length_mm": 35, "vertical_fov_deg": 40, "film_back_mm": [36, 18]},
            {"frame": 3, "world_from_camera": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "focal_lenght_mm": 35,
             "vertical_fov_deg": 200, "film_back_mm": [36, 0]},
            7]})"),
        ElementsAre("c.json: frames[0]: 'frame' must be given as a whole number",
                    "c.json: frames[0]: 'position' must be a list of 3 numbers",
                    "c.json: frames[0]: 'rotation_deg' needs 'rotation_order' in [camera], which the file does not hold",
                    "c.json: frames[0]: 'film_back_mm' is neither here nor in [camera]",
                    "c.json: frames[1]: 'world_from_camera' must only turn and move; it scales, shears or mirrors",
                    "c.json: frames[1]: give either 'focal_length_mm' or 'vertical_fov_deg', not both",
                    "c.json: frames[2]: unknown key 'focal_lenght_mm' (did you mean 'focal_length_mm'?)",
                    "c.json: frames[2]: 'world_from_camera' must be four lists of four numbers",
                    "c.json: frames[2]: 'film_back_mm' must be positive",
                    "c.json: frames[3] is not an object"));
}

TEST_F(JsonFile, LensAndPoseMustBeRight)
{
    const auto one = [&](const std::string& keys) {
        return faults(std::string(kJson) + "film_back_mm = [36, 18]", R"({"frames": [{"frame": 1, )" + keys + "}]}");
    };
    const std::string pose = std::string("\"world_from_camera\": ") + kUnturned;
    EXPECT_THAT(one(pose), ElementsAre(HasSubstr("give either 'focal_length_mm' or 'vertical_fov_deg'")));
    EXPECT_THAT(one(pose + ", \"focal_length_mm\": 0"),
                ElementsAre(HasSubstr("'focal_length_mm' must be a positive number")));
    EXPECT_THAT(one(pose + ", \"vertical_fov_deg\": 180"),
                ElementsAre(HasSubstr("'vertical_fov_deg' must be between 0 and 180")));
    EXPECT_THAT(one(pose + ", \"rotation_deg\": [0, 0, 0], \"focal_length_mm\": 35"),
                ElementsAre(HasSubstr("give either 'world_from_camera' or 'rotation_deg', not both")));
    EXPECT_THAT(one("\"focal_length_mm\": 35"),
                ElementsAre(HasSubstr("give either 'world_from_camera' or 'position'")));
}

TEST_F(JsonFile, SameFrameTwiceIsReported)
{
    const std::string frame =
        std::string(R"({"frame": 1, "focal_length_mm": 36, "film_back_mm": [36, 18], "world_from_camera": )")
        + kUnturned + "}";
    EXPECT_THAT(faults(kJson, "{\"frames\": [" + frame + "," + frame + "]}"),
                ElementsAre("c.json: frames[1]: frame 1 is there twice"));
}

TEST_F(JsonFile, BrokenFileIsPointedInto)
{
    EXPECT_THAT(faults(kJson, "{\"frames\": [\n  {\"frame\": 1,}\n]}"),
                ElementsAre("c.json:2:15: this is not JSON\n      {\"frame\": 1,}\n                  ^"));
    EXPECT_THAT(faults(kJson, ""), ElementsAre(HasSubstr("this is not JSON")));
    EXPECT_THAT(faults(kJson, "[]"), ElementsAre("c.json: there is no list 'frames'"));
    EXPECT_THAT(faults(kJson, "{\"frames\": []}"), ElementsAre("c.json: there are no frames"));
}

}  // namespace
}  // namespace platefall
