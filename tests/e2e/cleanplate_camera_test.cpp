/// The clean plate of a shot whose camera and depth are known, by the real program.
#include "base/files.h"
#include "image/read.h"
#include "image/write.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace platefall {
namespace {

using test::Outcome;
using testing::HasSubstr;
using testing::Not;

constexpr int kFirst = 1001, kLast = 1005, kProxy = 2;

/// Half the sample street's size. What is taken out is a square that moves over the facades, so that the plate itself shows
/// what stood behind it.
struct CoveredStreet {
    test::TempFolder folder;

    CoveredStreet()
    {
        const Window display{0, 0, 960, 540};
        for (int frame = kFirst; frame <= kLast; ++frame) {
            Image matte(display, display, {{"A"}});
            const Window square = square_in(frame, 1);
            for (int y = square.y0; y < square.y1; ++y)
                std::fill_n(matte.pixel(square.x0, y), square.width(), 1.0f);
            write_exr(folder / fmt::format("matte/square.{}.exr", frame), matte, {}, {});
        }
        write_file_atomically(folder / "shot.toml", fmt::format(R"([shot]
name = "street"
frames = "{1}-{2}"
colorspace = "lin_rec709"

[plate]
path = "{0}/plate/street.####.exr"

[camera]
path = "{0}/street.chan"
rotation_order = "xyz"
up = "y"
film_back_mm = [36.0, 20.25]

[matte.square]
path = "matte/square.####.exr"

[[stage]]
use = "cleanplate"
matte = "square"
depth = "{0}/depth/street.####.exr"

[output]
path = "out/street.####.exr"
layer = "clean"
type = "float"
)",
                                                                street(), kFirst, kLast));
    }

    static std::string street() { return PLATEFALL_SAMPLES_DIR "/street"; }

    static Window square_in(int frame, int proxy)
    {
        const int left = (700 + 24 * (frame - kFirst)) / proxy, top = 200 / proxy, side = 48 / proxy;
        return {left, top, left + side, top + side};
    }

    Outcome render(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {"render", (folder / "shot.toml").string(), "--progress", "none", "--proxy",
                                   std::to_string(kProxy), "--verbose"});
        return test::platefall(std::move(more));
    }

    /// Root mean square distance in stops, inside all squares, from what the plate shows there.
    double stops_off(const std::string& out) const
    {
        double sum = 0, count = 0;
        for (int frame = kFirst; frame <= kLast; ++frame) {
            const Image made = read_image(folder / fmt::format("{}/proxy{}/street.{}.exr", out, kProxy, frame)).image;
            const Image truth
                = read_image(fmt::format("{}/plate/street.{}.exr", street(), frame), {.proxy = kProxy}).image;
            const Window square = square_in(frame, kProxy);
            for (int y = square.y0; y < square.y1; ++y)
                for (int x = square.x0; x < square.x1; ++x) {
                    const auto light = [&](const Image& image) {
                        return std::max(static_cast<double>(image.pixel(x, y)[*image.channel_index("G")]), 0.0) + 0.02;
                    };
                    sum += std::pow(std::log2(light(made) / light(truth)), 2);
                    ++count;
                }
        }
        return std::sqrt(sum / count);
    }
};

TEST(CleanPlateCamera, WithCameraAndDepthItIsAsGoodAsWithFeaturesAlone)
{
    const CoveredStreet shot;
    const Outcome by_camera = shot.render();
    ASSERT_EQ(by_camera.status, 0) << by_camera.err;
    EXPECT_THAT(by_camera.err, HasSubstr("platefall: cleanplate: frames 1001 to 1005 move as the camera does; 1 of the shot's "
                                         "frames have depth\n"));
    EXPECT_THAT(by_camera.err, Not(HasSubstr("does not fit")));

    const Outcome by_features = shot.render({"--set", "cleanplate.use_camera=false", "--set", "output.path=features/street.####.exr"});
    ASSERT_EQ(by_features.status, 0) << by_features.err;
    EXPECT_THAT(by_features.err, Not(HasSubstr("as the camera does")));

    EXPECT_LT(shot.stops_off("out"), 1.02 * shot.stops_off("features"));
    EXPECT_LT(shot.stops_off("out"), 0.3);
}

}  // namespace
}  // namespace platefall
