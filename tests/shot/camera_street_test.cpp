// The proof of the camera: corners of the sample street, projected, against an independent description of the same
// camera and against the pictures themselves.
#include "base/files.h"
#include "image/read.h"
#include "shot/camera_test_support.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace platefall {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 960, kHeight = 540;   // px
const fs::path kStreet = fs::path(PLATEFALL_SAMPLES_DIR) / "street";

// The building: x -10 to 10, z 0 (the facade, towards the camera) to -14, the parapet's top 30.9 high. Metres.
constexpr double kLeft = -10, kRight = 10, kTop = 30.9, kBack = -14;

Camera street_camera(int frame)
{
    static const CameraTrack track =
        test::camera_track("path = \"street.chan\"\nrotation_order = \"xyz\"\nfilm_back_mm = [36.0, 20.25]", kStreet);
    return track.at(frame);
}

Vec2 pixel_of(int frame, const Vec3& point_m)
{
    return street_camera(frame).project(point_m, kWidth, kHeight).value();
}

// Where the renderer's own camera matrices put the corners. They were exported from the scene, apart from the .chan
// file, in a z-up world; with fx = 22 / 36 * 960 px:
//     q = R^T (p - t),   pixel = (480 + fx q.x / -q.z, 270 - fx q.y / -q.z),   p = (x, -z, y)
struct KnownCorners {
    int frame;
    // left and right at the foot of the facade, at the top of its parapet, and at the top of the rear one
    std::array<Vec2, 6> pixels;
};
const std::vector<KnownCorners> kKnown{
    {1001, {{{374.031, 408.795}, {634.246, 407.359}, {386.686, 30.088}, {616.339, 47.439}, {390.002, 107.130},
             {571.629, 117.864}}}},
    {1019, {{{365.171, 407.781}, {626.528, 406.403}, {379.021, 27.019}, {609.846, 45.451}, {383.221, 104.747},
             {565.624, 116.152}}}},
    {1037, {{{359.191, 407.127}, {621.930, 405.634}, {373.611, 24.361}, {605.785, 43.158}, {378.781, 102.759},
             {562.028, 114.356}}}},
    {1055, {{{350.775, 407.488}, {614.948, 405.828}, {366.158, 22.776}, {599.420, 42.336}, {372.301, 101.803},
             {556.281, 113.841}}}},
    {1072, {{{343.881, 407.323}, {609.392, 405.289}, {359.657, 20.786}, {594.082, 40.693}, {366.824, 100.448},
             {551.559, 112.630}}}},
};
constexpr std::array<Vec3, 6> kCorners{{{kLeft, 0, 0}, {kRight, 0, 0}, {kLeft, kTop, 0}, {kRight, kTop, 0},
                                        {kLeft, kTop, kBack}, {kRight, kTop, kBack}}};

TEST(StreetCamera, ChanFileAgreesWithTheRenderersMatrices)
{
    // Another order of rotations is off by 0.17 px or more, so this tells them apart.
    constexpr double kTolerance = 0.002;   // px; the table has three digits
    for (const auto& [frame, pixels] : kKnown)
        for (std::size_t i = 0; i < kCorners.size(); ++i) {
            SCOPED_TRACE(fmt::format("frame {}, corner {}", frame, i));
            test::expect_pixel(pixel_of(frame, kCorners[i]), pixels[i][0], pixels[i][1], kTolerance);
        }
}

TEST(StreetCamera, MatrixOfTheZUpWorldIsTheSameCamera)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "camera.json", R"({"frames": [{"frame": 1001, "world_from_camera": [
        [0.9915887713432312, -0.024470871314406395, -0.12709420919418335, -8.002796173095703],
        [-0.12942779064178467, -0.19093020260334015, -0.9730334281921387, -45.00144577026367],
        [-0.0004551484598778188, 0.981298565864563, -0.19249145686626434, 1.7101982831954956],
        [0.0, 0.0, 0.0, 1.0]], "focal_length_mm": 22.0, "film_back_mm": [36.0, 20.25]}]})");
    const Camera camera = test::camera_track("path = \"camera.json\"\nup = \"z\"", folder.path).at(1001);
    for (const Vec3& corner : kCorners) {
        const Vec2 expected = pixel_of(1001, corner);
        test::expect_pixel(camera.project(corner, kWidth, kHeight), expected[0], expected[1], 0.002);
    }
}

// ---- Against the pictures. A sample is how much of the building a pixel shows; the sum over a few pixels across an
// edge is where the edge lies, to a fraction of a pixel. Motion blur spreads it to both sides alike, since the
// shutter is centred on the frame.

using Coverage = std::function<double(int x, int y)>;

/// The height at which a vertical edge of the facade crosses the middle of a row.
double height_in_row(int frame, double x_m, int y)
{
    double low = 0, high = kTop;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (pixel_of(frame, {x_m, middle, 0})[1] > y + 0.5 ? low : high) = middle;
    }
    return low;
}

/// The place along the roof at which it crosses the middle of a column.
double place_in_column(int frame, int x)
{
    double low = kLeft, high = kRight;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (pixel_of(frame, {middle, kTop, 0})[0] < x + 0.5 ? low : high) = middle;
    }
    return low;
}

struct Miss {
    double mean_px = 0, worst_px = 0;
    int samples = 0;

    void add(double miss_px)
    {
        mean_px = (mean_px * samples + miss_px) / (samples + 1);
        worst_px = std::max(worst_px, std::abs(miss_px));
        ++samples;
    }
};

/// How far the picture's left edge of the facade lies from the projected one, row by row, from `low_m` to `high_m`.
Miss left_edge_miss(int frame, double low_m, double high_m, int reach_px, const Coverage& coverage)
{
    Miss miss;
    const int first = static_cast<int>(pixel_of(frame, {kLeft, high_m, 0})[1]) + 1;
    const int last = static_cast<int>(pixel_of(frame, {kLeft, low_m, 0})[1]);
    for (int y = first; y < last; ++y) {
        const double edge = pixel_of(frame, {kLeft, height_in_row(frame, kLeft, y), 0})[0];
        const int middle = static_cast<int>(edge);
        double covered = 0;
        for (int x = middle - reach_px; x <= middle + reach_px; ++x)
            covered += coverage(x, y);
        miss.add(middle + reach_px + 1 - covered - edge);
    }
    return miss;
}

/// The same for the top of the parapet, column by column, where nothing stands behind it.
Miss roof_miss(int frame, int reach_px, const Coverage& coverage)
{
    Miss miss;
    const int first = static_cast<int>(pixel_of(frame, {kLeft + 0.5, kTop, 0})[0]);
    const int last = static_cast<int>(pixel_of(frame, {-3.3, kTop, 0})[0]);
    for (int x = first; x < last; ++x) {
        const double edge = pixel_of(frame, {place_in_column(frame, x), kTop, 0})[1];
        const int middle = static_cast<int>(edge);
        double covered = 0;
        for (int y = middle - reach_px; y <= middle + reach_px; ++y)
            covered += coverage(x, y);
        miss.add(middle + reach_px + 1 - covered - edge);
    }
    return miss;
}

Image street_picture(const std::string& folder, int frame, const std::vector<std::string>& channels)
{
    return read_image(kStreet / folder / fmt::format("street.{:04}.exr", frame), {.channels = channels}).image;
}

TEST(StreetCamera, ProjectedEdgesLieOnTheMatteInEveryFrame)
{
    for (int frame = 1001; frame <= 1072; ++frame) {
        SCOPED_TRACE(frame);
        const Image matte = street_picture("matte/building", frame, {"A"});
        const Coverage coverage = [&](int x, int y) { return static_cast<double>(*matte.pixel(x, y)); };
        for (const Miss& miss : {left_edge_miss(frame, 5, 29, 6, coverage), roof_miss(frame, 4, coverage)}) {
            EXPECT_GT(miss.samples, 50);
            EXPECT_NEAR(miss.mean_px, 0, 0.1);
            EXPECT_LT(miss.worst_px, 0.5);
        }
    }
}

TEST(StreetCamera, ProjectedEdgeLiesOnTheDepth)
{
    for (const int frame : {1001, 1012, 1024, 1036, 1048, 1060, 1072}) {
        SCOPED_TRACE(frame);
        const Image depth = street_picture("depth", frame, {"Z"});
        // The facade is 60 m away at most, what is behind it farther. A pixel's depth is that of its middle, so a
        // single row is only known to half a pixel; the mean of many is not bound by that.
        const Coverage coverage = [&](int x, int y) { return *depth.pixel(x, y) < 60 ? 1.0 : 0.0; };
        const Miss miss = left_edge_miss(frame, 5, 29, 1, coverage);
        EXPECT_GT(miss.samples, 250);
        EXPECT_NEAR(miss.mean_px, 0, 0.1);
        EXPECT_LT(miss.worst_px, 0.51);
    }
}

/// In the plate the sky is blue and the facade brown: red less blue, between its values a few pixels to either side.
/// Single rows are noisy, so contrast and cover are summed over all before they are divided.
struct PlateEdge {
    double covered = 0, contrast = 0;

    double miss_px() const { return covered / contrast; }
};

double redness(const Image& plate, int x, int y)
{
    const float* pixel = plate.pixel(x, y);
    return pixel[0] - pixel[1];
}

PlateEdge plate_left_edge(int frame, const Image& plate)
{
    PlateEdge sum;
    const int first = static_cast<int>(pixel_of(frame, {kLeft, 29.5, 0})[1]);
    const int last = static_cast<int>(pixel_of(frame, {kLeft, 23, 0})[1]);   // the neighbour is 22 m high
    for (int y = first; y < last; ++y) {
        const double edge = pixel_of(frame, {kLeft, height_in_row(frame, kLeft, y), 0})[0];
        const int middle = static_cast<int>(edge);
        double sky = 0, wall = 0, excess = 0;
        for (int i = 4; i < 8; ++i) {
            sky += redness(plate, middle - i, y) / 4;
            wall += redness(plate, middle + i, y) / 4;
        }
        for (int x = middle - 4; x <= middle + 4; ++x)
            excess += redness(plate, x, y) - sky;
        sum.covered += (middle + 5 - edge) * (wall - sky) - excess;
        sum.contrast += wall - sky;
    }
    return sum;
}

PlateEdge plate_roof(int frame, const Image& plate)
{
    PlateEdge sum;
    const int first = static_cast<int>(pixel_of(frame, {kLeft + 0.5, kTop, 0})[0]);
    const int last = static_cast<int>(pixel_of(frame, {-3.3, kTop, 0})[0]);
    for (int x = first; x < last; ++x) {
        const double edge = pixel_of(frame, {place_in_column(frame, x), kTop, 0})[1];
        const int middle = static_cast<int>(edge);
        double sky = 0, wall = 0, excess = 0;
        for (int i = 4; i < 7; ++i) {
            sky += redness(plate, x, middle - i) / 3;
            wall += redness(plate, x, middle + i) / 3;
        }
        for (int y = middle - 4; y <= middle + 4; ++y)
            excess += redness(plate, x, y) - sky;
        sum.covered += (middle + 5 - edge) * (wall - sky) - excess;
        sum.contrast += wall - sky;
    }
    return sum;
}

// The top left corner of the parapet is where both edges meet: its x is the one's and its y the other's.
TEST(StreetCamera, ProjectedCornerLiesOnThePlateItselfToAFractionOfAPixel)
{
    for (int frame = 1001; frame <= 1072; ++frame) {
        SCOPED_TRACE(frame);
        const Image plate = street_picture("plate", frame, {"R", "B"});
        const PlateEdge left = plate_left_edge(frame, plate), roof = plate_roof(frame, plate);
        EXPECT_GT(left.contrast, 10);
        EXPECT_GT(roof.contrast, 10);
        EXPECT_LT(std::hypot(left.miss_px(), roof.miss_px()), 0.2);
    }
}

}  // namespace
}  // namespace platefall
