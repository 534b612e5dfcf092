#include "shot/shot.h"

#include <gtest/gtest.h>

namespace platefall {
namespace {

/// Everything that a tired person can do to a manifest, twenty times over.
constexpr const char* kManifest = R"(fps = 24
[shot]
name = "street/0010"
frames = "1001:1072"
fps = -3
colorspace = "lin_rec079"
seeed = 7
[plate]
missing = "hodl"
colorspace = "ACESccg"
[layer.comp]
path = "cg.exr"
[matte."the sky"]
path = "sky.exr"
[output]
path = "out/street.####.tif"
type = "half float"
compression = "zipp"
colorspace = 709
aovs = ["dust", 3, "depth"]
movie = "street.avi"
[[stage]]
layers = ["plate"]
[[stage]]
use = 3
[cache]
path = "$PLATEFALL_TEST_UNSET/cache"
)";

constexpr const char* kFaults = R"faults(shot.toml:1:1: unknown key 'fps' at the top level
    fps = 24
    ^ 'fps' belongs in [shot]
shot.toml:3:8: 'name' has letters, digits, '_', '.' and '-' only, since it becomes file names (is 'street/0010')
    name = "street/0010"
           ^
shot.toml:4:10: frame range '1001:1072': ':' means a step in some programs and a range in others; write A-B for a range and A-BxN for every Nth frame of it
    frames = "1001:1072"
             ^
shot.toml:5:7: 'fps' must be between 0.001 and 1000 frames/s (is -3)
    fps = -3
          ^
shot.toml:6:14: unknown colour space 'lin_rec079'
    colorspace = "lin_rec079"
                 ^ did you mean 'lin_rec709'?
shot.toml:7:1: unknown key 'seeed' in [shot]
    seeed = 7
    ^ did you mean 'seed'?
shot.toml:8:1: [plate] needs 'path'
    [plate]
    ^
shot.toml:9:11: 'missing' must be 'error', 'hold' or 'black' (is 'hodl')
    missing = "hodl"
              ^ did you mean 'hold'?
shot.toml:10:14: unknown colour space 'ACESccg'
    colorspace = "ACESccg"
                 ^ did you mean 'ACEScg'?
shot.toml:11:8: [layer.comp]: the shot has a layer 'comp' already
    [layer.comp]
           ^ choose another name
shot.toml:13:8: [matte.the sky]: a name has letters, digits, '_' and '-' only
    [matte."the sky"]
           ^
shot.toml:16:8: 'path' must end in '.exr' (is 'street.####.tif')
    path = "out/street.####.tif"
           ^
shot.toml:17:8: 'type' must be 'half' or 'float' (is 'half float')
    type = "half float"
           ^
shot.toml:18:15: 'compression' must be 'none', 'rle', 'zips', 'zip', 'piz', 'pxr24', 'b44', 'b44a', 'dwaa' or 'dwab' (is 'zipp')
    compression = "zipp"
                  ^ did you mean 'zips'?
shot.toml:19:14: 'colorspace' must be a string, not a number
    colorspace = 709
                 ^
shot.toml:20:17: 'aovs' must be a list of strings; it holds a number
    aovs = ["dust", 3, "depth"]
                    ^
shot.toml:21:9: 'movie' must end in '.mp4' or '.mov' (is 'street.avi')
    movie = "street.avi"
            ^
shot.toml:22:1: [[stage]] needs 'use'
    [[stage]]
    ^ it names the stage, as in use = "comp"
shot.toml:25:7: 'use' must be a string
    use = 3
          ^ as in use = "comp"
shot.toml:27:8: 'path': environment variable 'PLATEFALL_TEST_UNSET' is not set
    path = "$PLATEFALL_TEST_UNSET/cache"
           ^
)faults";

TEST(ManifestWithTwentyFaults, ReportsAllOfThemInTheOrderOfTheFile)
{
    Faults faults;
    read_shot(parse_manifest(kManifest, "shot.toml"), 1, faults);
    std::string text;
    for (const std::string& fault : faults.all())
        text += fault + "\n";
    EXPECT_EQ(faults.all().size(), 20u);
    EXPECT_EQ(text, kFaults);
}

}  // namespace
}  // namespace platefall
