#include "shot/manifest_edit.h"

#include "support/error_text.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using testing::HasSubstr;

constexpr const char* kManifest = R"(# The street.
[shot]
name   = "street"      # as the slate says
frames = "1001-1072"

[matte.building]
path = "m.####.exr"   # grün
  grow = 1

[layer]
sky = { path = "sky.####.exr", missing = "hold" }   # one line

[[stage]]
use       = "collapse"
style     = "implosion"                  # or topple
seed      = 7                            # same seed, same rubble
floor_height = 3.0
obstacles = [                            # neighbours
    { low = [0, 0, 0], high = [1, 1, 1] },   # the first
]
footprint = [[0, 0], [1, 0], [1, 1]] # m

[[stage]]
use = "comp"

[[stage]]
use = "comp"
grain=1.0

[output]
path = "out/street.####.exr")";

std::string edited(const std::string& name, const std::string& value, const std::string& text = kManifest)
{
    return with_value(text, "shot.toml", name, value);
}

/// kManifest with one passage replaced, which must be in it once.
std::string manifest_with(const std::string& before, const std::string& after)
{
    std::string text = kManifest;
    const auto at = text.find(before);
    if (at == std::string::npos || text.find(before, at + 1) != std::string::npos)
        throw std::logic_error("'" + before + "' is not there once");
    return text.replace(at, before.size(), after);
}

TEST(ManifestEdit, ChangesTheValueAndKeepsTheCommentInItsColumn)
{
    EXPECT_EQ(edited("collapse.seed", "12345"), manifest_with("seed      = 7                            # same",
                                                              "seed      = 12345                        # same"));
    EXPECT_EQ(edited("collapse.style", "topple"), manifest_with("\"implosion\"                  # or", "\"topple\"                     # or"));
    EXPECT_EQ(edited("shot.name", "\"a_street_with_a_long_name\""),
              manifest_with("\"street\"      # as", "\"a_street_with_a_long_name\" # as"));
    EXPECT_EQ(edited("collapse.footprint", "[[0, 0], [2, 0], [2, 2]]"),
              manifest_with("[[0, 0], [1, 0], [1, 1]] # m", "[[0, 0], [2, 0], [2, 2]] # m"));
}

TEST(ManifestEdit, ChangesTheValueInEveryKindOfTable)
{
    EXPECT_EQ(edited("matte.building.grow", "3"), manifest_with("  grow = 1", "  grow = 3"));
    EXPECT_EQ(edited("layer.sky.missing", "black"), manifest_with("\"hold\" }", "\"black\" }"));
    EXPECT_EQ(edited("comp#2.grain", "0.5"), manifest_with("grain=1.0", "grain=0.5"));
    EXPECT_EQ(edited("output.path", "o.####.exr"), manifest_with("\"out/street.####.exr\"", "\"o.####.exr\""));
    EXPECT_EQ(edited("shot.frames", "1001"), manifest_with("\"1001-1072\"", "\"1001\"")) << "text stays text";
}

TEST(ManifestEdit, AddsAKeyAsTheLastOfItsTableAlignedWithTheOneBefore)
{
    EXPECT_EQ(edited("shot.fps", "25"), manifest_with("frames = \"1001-1072\"\n", "frames = \"1001-1072\"\nfps    = 25\n"));
    EXPECT_EQ(edited("matte.building.feather", "2"), manifest_with("  grow = 1\n", "  grow = 1\n  feather = 2\n"));
    EXPECT_EQ(edited("collapse.strength", "0.4"), manifest_with("[1, 1]] # m\n", "[1, 1]] # m\nstrength  = 0.4\n"));
    EXPECT_EQ(edited("comp#1.grain", "0.4"),
              manifest_with("use = \"comp\"\n\n[[stage]]", "use = \"comp\"\ngrain = 0.4\n\n[[stage]]"));
    EXPECT_EQ(edited("layer.sky.colorspace", "srgb"), manifest_with("\"hold\" }", "\"hold\", colorspace = \"srgb\" }"));
    EXPECT_EQ(edited("output.compression", "zips"), std::string(kManifest) + "\ncompression = \"zips\"");
}

TEST(ManifestEdit, AddsASectionAtTheEnd)
{
    EXPECT_EQ(edited("camera.up", "z"), std::string(kManifest) + "\n\n[camera]\nup = \"z\"\n");
    EXPECT_EQ(edited("camera.up", "z", "[shot]\nname = \"a\"\n"), "[shot]\nname = \"a\"\n\n[camera]\nup = \"z\"\n");
    EXPECT_EQ(edited("camera.up", "z", "[camera]   # none yet\n[shot]\n"), "[camera]   # none yet\nup = \"z\"\n[shot]\n");
}

TEST(ManifestEdit, KeepsTheEndsOfLinesAndTheByteOrderMark)
{
    const std::string text = "\xEF\xBB\xBF[shot]\r\nname = \"grün\"\r\nfps = 24\r\n";
    EXPECT_EQ(edited("shot.fps", "25", text), "\xEF\xBB\xBF[shot]\r\nname = \"grün\"\r\nfps = 25\r\n");
    EXPECT_EQ(edited("shot.seed", "3", text), "\xEF\xBB\xBF[shot]\r\nname = \"grün\"\r\nfps = 24\r\nseed = 3\r\n");
    const std::string inline_table = "shot = { name = \"grün\", fps = 24 }\n";
    EXPECT_EQ(edited("shot.fps", "25", inline_table), "shot = { name = \"grün\", fps = 25 }\n");
}

TEST(ManifestEdit, RefusesWhatWouldLoseSomething)
{
    EXPECT_EQ(test::error_of([] { edited("collapse.obstacles", "[]"); }),
              "shot.toml:18:1: 'collapse.obstacles' is written over several lines, whose comments would be lost\n"
              "    obstacles = [                            # neighbours\n"
              "    ^ type it by hand: obstacles = []");
    EXPECT_EQ(test::error_of([] { edited("shot.fps", "25", "shot.name = \"street\"\n"); }),
              "shot.toml:1:1: 'shot.fps' cannot be added to a table that is written like this\n"
              "    shot.name = \"street\"\n"
              "    ^ type it by hand: fps = 25");
    EXPECT_THAT(test::error_of([] { edited("shot.name", "other", "shot.name = \"\"\"\nstreet\"\"\"\n"); }),
                HasSubstr("type it by hand: name = \"other\""));
    EXPECT_THAT(test::error_of([] { edited("colapse.seed", "3"); }), HasSubstr("did you mean 'collapse'?"));
    EXPECT_THAT(test::error_of([] { edited("comp.grain", "3"); }), HasSubstr("there are 2 stages 'comp'"));
}

TEST(ManifestEdit, TellsHowAValueIsWritten)
{
    EXPECT_EQ(written_value(kManifest, "shot.toml", "collapse.floor_height"), "3.0");
    EXPECT_EQ(written_value(kManifest, "shot.toml", "collapse.style"), "\"implosion\"");
    EXPECT_EQ(written_value(kManifest, "shot.toml", "layer.sky.missing"), "\"hold\"");
    EXPECT_EQ(written_value(kManifest, "shot.toml", "output.path"), "\"out/street.####.exr\"") << "up to the end of the text";
    EXPECT_EQ(written_value(kManifest, "shot.toml", "collapse.strength"), std::nullopt);
    EXPECT_EQ(written_value(kManifest, "shot.toml", "camera.up"), std::nullopt);
}

}  // namespace
}  // namespace platefall
