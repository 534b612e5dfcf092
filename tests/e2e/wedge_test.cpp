/// Variants of a shot in the real program: rendered, shown, and one of them written back into the manifest.
#include "base/files.h"
#include "image/display_picture.h"
#include "image/write.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// Two storeys fall in a small plate, over a clean plate.
constexpr const char* kManifest = R"([shot]
name   = "house"
frames = "1001-1006"

[plate]
path = "plate/house.####.exr"

[camera]
position_m        = [0, 2, 30]
rotation_deg      = [0, 0, 0]
rotation_order    = "xyz"
focal_length_mm   = 36
film_back_mm      = [36, 20.25]

[matte.building]
shapes = [{ name = "box", low = [-5, 0, -3], high = [5, 6, 3] }]

[[stage]]
use   = "cleanplate"
matte = "building"

[[stage]]
use       = "collapse"
trigger   = 1001
footprint = [[-5, -3], [5, -3], [5, 3], [-5, 3]]
floors    = 2
piece_size = 2.5
core      = 0
dust_cell = 1.0                # m; coarse
seed      = 7                  # same seed, same rubble

[[stage]]
use         = "render"
sun_azimuth = 60
sun_height  = 40
samples     = 4

[[stage]]
use    = "comp"
layers = [                     # bottom to top
    "plate",
    { name = "clean", matte = "building" },
    "debris",
    "dust",
]

[output]
path = "out/house.####.exr"
)";

struct HouseShot {
    test::TempFolder folder;

    HouseShot()
    {
        const Window window{0, 0, 160, 90};
        for (int frame = 1001; frame <= 1006; ++frame) {
            Image image(window, window, {{"R"}, {"G"}, {"B"}});
            for (int y = 0; y < 90; ++y)
                for (int x = 0; x < 160; ++x)
                    for (int c = 0; c < 3; ++c)
                        image.pixel(x, y)[c] = 0.25f + 0.125f * static_cast<float>((x / 8 + y / 8 + c) % 2);
            write_exr(folder / fmt::format("plate/house.{}.exr", frame), image, {}, {});
        }
        write_file_atomically(folder / "shot.toml", kManifest);
    }

    Outcome wedge(std::vector<std::string> more) const
    {
        more.insert(more.begin(), {PLATEFALL_PROGRAM, "wedge", "shot.toml", "--progress", "plain"});
        return test::run_command(more, {.folder = folder.path});
    }

    fs::path shown(const char* file) const { return folder / "out/wedge/house" / file; }
    std::string manifest() const { return read_text_file(folder / "shot.toml"); }

    /// How many results of a kind the cache holds.
    std::ptrdiff_t cached(const char* kind) const
    {
        return std::distance(fs::directory_iterator(folder / ".platefall" / kind), fs::directory_iterator());
    }
};

/// kManifest with one passage replaced.
std::string manifest_with(const std::string& before, const std::string& after)
{
    std::string text = kManifest;
    return text.replace(text.find(before), before.size(), after);
}

TEST(WedgeEndToEnd, VariantsAreRenderedShownAndOneIsPicked)
{
    const HouseShot shot;
    const std::vector<std::string> command{"--vary", "collapse.seed=7,8", "--vary", "render.dust_extinction=1,2", "--frames",
                                           "1002-1006x4"};
    Outcome outcome = shot.wedge(command);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.last_line,
              fmt::format("platefall: 4 variants, 8 of 8 frames are good; choose with: platefall wedge shot.toml --pick N; sheet: {}; "
                          "page: {}",
                          shot.shown("sheet.png").string(), shot.shown("wedge.html").string()));
    EXPECT_EQ(shot.cached("cleanplate"), 1) << "what all variants share";
    EXPECT_EQ(shot.cached("collapse.motion"), 2) << "one for each seed, whatever the dust is rendered with";
    EXPECT_EQ(shot.cached("collapse.dust"), 2);
    EXPECT_NE(read_text_file(shot.shown("v01/house.1006.exr")), read_text_file(shot.shown("v02/house.1006.exr")));
    EXPECT_GT(fs::file_size(shot.shown("sheet.png")), 1000u);
    EXPECT_THAT(read_text_file(shot.shown("wedge.html")), AllOf(HasSubstr("<title>house wedge, frames 1002,1006</title>"), HasSubstr("platefall wedge shot.toml --pick")));
    EXPECT_FALSE(fs::exists(shot.folder / "out/house.1002.exr")) << "no finals";

    outcome = shot.wedge(command);
    ASSERT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("skipped 8/8"), testing::Not(HasSubstr("rendered")))) << "done before";

    outcome = shot.wedge({"--pick", "4"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.last_line,
              "platefall: variant 4 (seed 8, dust_extinction 2) is in 'shot.toml' now; next: platefall render shot.toml");
    std::string expected = manifest_with("seed      = 7  ", "seed      = 8  ");
    expected.replace(expected.find("samples     = 4\n"), 16, "samples     = 4\ndust_extinction = 2\n");
    EXPECT_EQ(shot.manifest(), expected);
}

TEST(WedgeEndToEnd, PickGoesByTheLastWedgeAlone)
{
    const HouseShot shot;
    Outcome outcome = shot.wedge({"--pick", "1"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("there is no wedge in"));
    EXPECT_THAT(outcome.err, HasSubstr("make one first, as in: platefall wedge shot.toml --vary collapse.seed=1..6"));

    ASSERT_EQ(shot.wedge({"--vary", "comp.grain=0,0.5", "--frames", "1001", "--proxy", "2", "--name", "grain"}).status, 0);
    EXPECT_TRUE(fs::exists(shot.folder / "out/wedge/grain/v02/proxy2/house.1001.exr"));
    EXPECT_EQ(shot.wedge({"--pick", "1"}).status, 2) << "that is another wedge";

    outcome = shot.wedge({"--name", "grain", "--pick", "3"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("the wedge has no variant 3, only 1 to 2"));
    outcome = shot.wedge({"--name", "grain", "--vary", "comp.grain=0,1", "--pick", "2"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("the last wedge varied something else, so its numbers mean something else"));
    EXPECT_EQ(shot.manifest(), kManifest) << "nothing was written";

    outcome = shot.wedge({"--name", "grain", "--vary", "comp.grain=0,0.5", "--proxy", "2", "--pick", "2", "--into", "picked.toml"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(shot.manifest(), kManifest);
    EXPECT_EQ(read_text_file(shot.folder / "picked.toml"), manifest_with("\n]\n\n[output]", "\n]\ngrain  = 0.5\n\n[output]"));
    outcome = shot.wedge({"--name", "grain", "--pick", "2", "--into", "picked.toml"});
    EXPECT_THAT(outcome.err, HasSubstr("'picked.toml' is there already; name another file with --into, or replace it with --overwrite"));
    outcome = shot.wedge({"--name", "grain", "--pick", "2", "--into", "elsewhere/picked.toml"});
    EXPECT_THAT(outcome.err, HasSubstr("--into elsewhere/picked.toml: the manifest's paths start in its folder"));
}

TEST(WedgeEndToEnd, EveryFaultIsFoundBeforeTheFirstFrame)
{
    const HouseShot shot;
    Outcome outcome = shot.wedge({"--vary", "collapse.sed=1,2", "--vary", "render.samples=4,0"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("error: --vary collapse.sed: unknown key 'sed' in stage 'collapse' (did you mean 'seed'?)"));
    EXPECT_THAT(outcome.err, HasSubstr("error: variants 2 and 4: --vary render.samples: "));
    EXPECT_EQ(outcome.last_line, "platefall: nothing was rendered: 2 faults");
    EXPECT_FALSE(fs::exists(shot.folder / "out"));

    EXPECT_THAT(shot.wedge({}).err, HasSubstr("nothing is varied; say what, as in --vary collapse.seed=1..6"));
    EXPECT_THAT(shot.wedge({"--vary", "collapse.seed=1..9", "--limit", "8"}).err, HasSubstr("these are more than 8 variants"));
    EXPECT_THAT(shot.wedge({"--vary", "collapse.seed=1..2", "--set", "collapse.seed=4"}).err,
                HasSubstr("'collapse.seed' is given with --set and varied with --vary; leave one out"));
    EXPECT_THAT(shot.wedge({"--vary", "collapse.seed=1..2", "--name", "../x"}).err,
                HasSubstr("--name ../x: has letters, digits, '_', '.' and '-' only"));
}

TEST(WedgeEndToEnd, AFrameThatFailsIsToldWithItsVariant)
{
    const HouseShot shot;
    fs::copy(shot.folder / "plate/house.1001.exr", shot.folder / "short.1001.exr");
    const Outcome outcome = shot.wedge({"--vary", "plate.path=short.####.exr,plate/house.####.exr", "--set", "comp.layers=[\"plate\"]",
                                        "--frames", "1001,1002"});
    EXPECT_EQ(outcome.status, 3) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("variant 1 (path short.####.exr): "));
    EXPECT_THAT(outcome.last_line, StartsWith("platefall: 2 variants, 2 of 4 frames are good, 2 in variant 1 are not; choose with: "));
    EXPECT_EQ(shot.wedge({"--pick", "1"}).status, 2) << "nobody has seen it";
}

}  // namespace
}  // namespace platefall
