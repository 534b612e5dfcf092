#include "shot/shot.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "support/temp_folder.h"

namespace platefall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kShot = "[shot]\nname = \"street\"\nframes = \"1001-1003\"\n";
const std::string kPlate = "[plate]\npath = \"plate/street.####.exr\"\n";
const std::string kOutput = "[output]\npath = \"out/street.####.exr\"\n";

struct Reading {
    Shot shot;
    std::vector<std::string> faults;
};

Reading read(const std::string& text, int proxy = 1)
{
    Faults faults;
    Shot shot = read_shot(parse_manifest(text, "/shots/shot.toml"), proxy, faults);
    return {std::move(shot), faults.all()};
}

/// The faults, without the folder that every one of them begins with.
std::vector<std::string> faults_of(const std::string& text)
{
    std::vector<std::string> faults = read(text).faults;
    for (std::string& fault : faults)
        if (fault.starts_with("/shots/"))
            fault.erase(0, 7);
    return faults;
}

/// The one fault of a manifest that is good but for further lines in [output].
std::string output_fault(const std::string& lines)
{
    const std::vector<std::string> faults = faults_of(kShot + kPlate + kOutput + lines);
    EXPECT_EQ(faults.size(), 1u) << testing::PrintToString(faults);
    return faults.empty() ? "" : faults[0];
}

TEST(Shot, NeedsThreeTablesOnly)
{
    const auto [shot, faults] = read(kShot + kPlate + kOutput);
    EXPECT_THAT(faults, IsEmpty());
    EXPECT_EQ(shot.info.name, "street");
    EXPECT_THAT(shot.info.frames, ElementsAre(1001, 1002, 1003));
    EXPECT_EQ(shot.info.fps, 24.0);
    EXPECT_EQ(shot.info.seed, 0u);
    EXPECT_EQ(shot.info.colorspace, "lin_rec709");
    EXPECT_EQ(shot.plate_colorspace, "lin_rec709");
    EXPECT_EQ(shot.output.colorspace, "lin_rec709");
    ASSERT_TRUE(shot.plate.has_value());
    EXPECT_EQ(shot.plate->path().at(1001), "/shots/plate/street.1001.exr");
    EXPECT_EQ(shot.output.path.at(1001), "/shots/out/street.1001.exr");
    EXPECT_EQ(shot.output.type, ChannelType::half_float);
    EXPECT_EQ(shot.output.file.compression, "zip");
    EXPECT_EQ(shot.output.file.tile_px, 0);
    EXPECT_FALSE(shot.output.file.quality.has_value());
    EXPECT_EQ(shot.output.window, OutputWindow::plate);
    EXPECT_EQ(shot.output.layer, "comp");
    EXPECT_EQ(shot.cache_folder, "/shots/.platefall");
    EXPECT_FALSE(shot.info.camera);
    EXPECT_TRUE(shot.info.to_working_space);
}

TEST(Shot, TakesEverythingThatOutputMaySay)
{
    const auto [shot, faults] =
        read(kShot + kPlate + kOutput
             + "type = \"float\"\ncompression = \"dwab\"\nquality = 60\ntile = 64\ncolorspace = \"ACEScg\"\n"
               "window = \"all\"\nlayer = \"beauty\"\naovs = [\"dust\", \"matte.sky\"]\n"
               "aov_path = \"out/{layer}.####.exr\"\nmovie = \"street.mov\"\n[cache]\npath = \"/fast\"\n");
    EXPECT_THAT(faults, IsEmpty());
    EXPECT_EQ(shot.output.type, ChannelType::full_float);
    EXPECT_EQ(shot.output.file.quality, 60.0f);
    EXPECT_EQ(shot.output.file.tile_px, 64);
    EXPECT_EQ(shot.output.colorspace, "ACEScg");
    EXPECT_EQ(shot.output.window, OutputWindow::all);
    EXPECT_EQ(shot.output.layer, "beauty");
    EXPECT_THAT(shot.output.aovs, ElementsAre("dust", "matte.sky"));
    EXPECT_EQ(shot.output.aov_path->pattern(), "/shots/out/{layer}.####.exr");
    EXPECT_EQ(shot.output.movie, "/shots/street.mov");
    EXPECT_EQ(shot.cache_folder, "/fast");
}

TEST(Shot, WritesAProxyBesideTheFinals)
{
    const auto [shot, faults] =
        read(kShot + kPlate + kOutput + "aov_path = \"out/{layer}/a.####.exr\"\nmovie = \"street.mp4\"\n", 2);
    EXPECT_THAT(faults, IsEmpty());
    EXPECT_EQ(shot.info.proxy, 2);
    EXPECT_EQ(shot.output.path.pattern(), "/shots/out/proxy2/street.####.exr");
    EXPECT_EQ(shot.output.aov_path->pattern(), "/shots/out/{layer}/proxy2/a.####.exr");
    EXPECT_EQ(shot.output.movie, "/shots/proxy2/street.mp4");
}

TEST(Shot, ListsLayersAndMattesAsWrittenBeforeTheStages)
{
    const auto [shot, faults] = read(kShot + "[[stage]]\nuse = \"comp\"\n" + kPlate
                                     + "[layer.smoke]\npath = \"s.exr\"\n[matte.sky]\npath = \"m.exr\"\n"
                                       "[layer.cars]\npath = \"c.exr\"\n[[stage]]\nuse = \"grain\"\n"
                                     + kOutput);
    EXPECT_THAT(faults, IsEmpty());
    std::vector<std::string> names;
    for (const StageEntry& stage : shot.stages) {
        const ParamEntry* name = stage.table.find("name");
        names.push_back(stage.use + (name ? " " + std::get<std::string>(name->value.data) : ""));
        EXPECT_EQ(stage.table.find("use"), nullptr);
    }
    EXPECT_THAT(names, ElementsAre("read smoke", "matte sky", "read cars", "comp", "grain"));
    EXPECT_EQ(shot.stages[0].origin.line, 8);
    EXPECT_EQ(shot.stages[3].origin.line, 5);
    EXPECT_EQ(shot.stages[3].origin.column, 7);
}

TEST(Shot, RefusesNamesThatNoLayerCanHave)
{
    EXPECT_THAT(faults_of(kShot + kPlate + kOutput + "[layer.plate]\n[matte.\"a b\"]\n[matte.plate]\n"),
                ElementsAre("shot.toml:8:8: [layer.plate]: the shot has a layer 'plate' already\n"
                            "    [layer.plate]\n"
                            "           ^ choose another name",
                            "shot.toml:9:8: [matte.a b]: a name has letters, digits, '_' and '-' only\n"
                            "    [matte.\"a b\"]\n"
                            "           ^"));
}

TEST(Shot, RefusesTablesInTheWrongForm)
{
    EXPECT_THAT(
        faults_of("shot = 3\nplate = [\"a.exr\"]\n[[output]]\npath = \"a.exr\"\n[stage]\nuse = \"comp\"\n"
                  "[matte]\npath = \"m.exr\"\n"),
        ElementsAre("shot.toml:1:1: 'shot' must be written as a table [shot]\n"
                    "    shot = 3\n"
                    "    ^",
                    "shot.toml:2:1: 'plate' must be written as a table [plate]\n"
                    "    plate = [\"a.exr\"]\n"
                    "    ^",
                    "shot.toml:3:3: 'output' must be written as a table [output]\n"
                    "    [[output]]\n"
                    "      ^",
                    "shot.toml:5:2: 'stage' must be written as tables [[stage]], in double brackets\n"
                    "    [stage]\n"
                    "     ^",
                    "shot.toml:8:1: 'path' stands in [matte], which holds only tables [matte.NAME]\n"
                    "    path = \"m.exr\"\n"
                    "    ^"));
}

TEST(Shot, SaysWhichTablesAnEmptyManifestNeeds)
{
    EXPECT_THAT(faults_of(""), ElementsAre("shot.toml: the manifest needs a table [shot]",
                                           "shot.toml: the manifest needs a table [plate]",
                                           "shot.toml: the manifest needs a table [output]"));
}

TEST(Shot, ReportsAMisspelledTableOnce)
{
    EXPECT_THAT(faults_of(kShot + kOutput + "[plat]\npath = \"a.####.exr\"\n"),
                ElementsAre("shot.toml:6:2: unknown table 'plat' at the top level\n"
                            "    [plat]\n"
                            "     ^ did you mean 'plate'?"));
}

TEST(Shot, SaysWhereAKeyAtTheTopLevelBelongs)
{
    EXPECT_THAT(faults_of("fps = 25\n" + kShot + kPlate + kOutput),
                ElementsAre("shot.toml:1:1: unknown key 'fps' at the top level\n"
                            "    fps = 25\n"
                            "    ^ 'fps' belongs in [shot]"));
}

TEST(Shot, RefusesAnOutputThatWouldOverwriteThePlate)
{
    for (const char* path : {"plate/street.####.exr", "out/../plate/street.%04d.exr", "plate/street.#.exr"}) {
        const std::string line = "path = \"" + std::string(path) + "\"";
        EXPECT_THAT(faults_of(kShot + kPlate + "[output]\n" + line + "\n"),
                    ElementsAre("shot.toml:7:8: output.path would overwrite the plate\n    " + line
                                + "\n"
                                  "           ^ choose another folder or name"))
            << path;
    }
    EXPECT_THAT(output_fault("aovs = [\"street\"]\naov_path = \"plate/{layer}.####.exr\"\n"),
                HasSubstr("shot.toml:9:12: output.aov_path would overwrite the plate\n"));
}

TEST(Shot, RefusesAnOutputThatReachesThePlateThroughALink)
{
    const test::TempFolder folder;
    std::filesystem::create_directory(folder / "plate");
    std::filesystem::create_directory_symlink(folder / "plate", folder / "alias");
    write_file_atomically(folder / "shot.toml",
                          kShot + kPlate + "[output]\npath = \"alias/street.####.exr\"\n");
    Faults faults;
    read_shot(read_manifest(folder / "shot.toml"), 1, faults);
    EXPECT_THAT(faults.all(), ElementsAre(HasSubstr("output.path would overwrite the plate")));
}

TEST(Shot, RefusesAOVsThatWouldOverwriteTheResult)
{
    EXPECT_THAT(output_fault("aovs = [\"dust\", \"street\"]\naov_path = \"out/{layer}.####.exr\"\n"),
                HasSubstr("9:12: output.aov_path and output.path are the same file for layer 'street'\n"));
}

TEST(Shot, NeedsAFrameNumberInTheOutputOfSeveralFrames)
{
    const std::string still = "[output]\npath = \"out/street.exr\"\n";
    EXPECT_THAT(faults_of(kShot + kPlate + still),
                ElementsAre("shot.toml:7:8: 'path' needs a frame number, since the shot has 3 frames\n"
                            "    path = \"out/street.exr\"\n"
                            "           ^ for example 'street.####.exr'"));
    EXPECT_THAT(faults_of("[shot]\nname = \"a\"\nframes = \"7\"\n" + kPlate + still), IsEmpty());
}

TEST(Shot, RefusesFilesOfAnotherKind)
{
    EXPECT_THAT(faults_of(kShot + kPlate + "[output]\npath = \"a.####.png\"\n"),
                ElementsAre(HasSubstr("7:8: 'path' must end in '.exr' (is 'a.####.png')\n")));
    EXPECT_THAT(output_fault("movie = \"a.avi\"\n"),
                HasSubstr("8:9: 'movie' must end in '.mp4' or '.mov' (is 'a.avi')\n"));
    EXPECT_THAT(output_fault("aov_path = \"{layer}.####.tif\"\n"),
                HasSubstr("'aov_path' must end in '.exr'"));
    EXPECT_THAT(output_fault("aov_path = \"aov.####.exr\"\n"),
                HasSubstr("8:12: 'aov_path' must have '{layer}' in its name, which stands for the layer\n"));
}

TEST(Shot, RefusesAQualityWithoutDwa)
{
    EXPECT_THAT(
        output_fault("quality = 45\n"),
        HasSubstr("8:11: 'quality' is for compression 'dwaa' and 'dwab' only (compression is 'zip')\n"));
    EXPECT_THAT(output_fault("quality = 45\ncompression = \"dwax\"\n"),
                HasSubstr("9:15: 'compression' must be"));
}

TEST(Shot, RefusesAOVsThatAreNoLayersOrThereTwice)
{
    EXPECT_THAT(output_fault("aovs = [\"dust\", \"dust\"]\n"), HasSubstr("8:8: 'aovs' holds 'dust' twice\n"));
    EXPECT_THAT(output_fault("aovs = [\"a/b\"]\n"),
                HasSubstr("no layer has the name 'a/b' that 'aovs' holds\n"));
}

TEST(Shot, RefusesAnOpenColorIOConfigurationThatIsNotThere)
{
    EXPECT_THAT(
        faults_of(kShot + "ocio = \"studio.ocio\"\n" + kPlate + kOutput),
        ElementsAre(testing::AllOf(testing::StartsWith("shot.toml:4:8: "), HasSubstr("/shots/studio.ocio"))));
}

TEST(Shot, TakesTheCameraAndMissesItsFrames)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "street.chan", "1001 0 2 0 0 0 0 40\n1003 0 2 0 0 0 0 40\n");
    write_file_atomically(folder / "shot.toml",
                          kShot + kPlate + kOutput
                              + "[camera]\npath = \"street.chan\"\nrotation_order = \"zxy\"\n"
                                "up = \"y\"\nfilm_back_mm = [36.0, 20.25]\n");
    Faults faults;
    const Shot shot = read_shot(read_manifest(folder / "shot.toml"), 1, faults);
    EXPECT_THAT(faults.all(),
                ElementsAre(HasSubstr("shot.toml:9:8: the camera lacks frames 1002 of the shot\n")));
    ASSERT_TRUE(shot.info.camera);
    EXPECT_EQ(shot.info.camera(1003).world_from_camera[1][3], 2.0);
}

TEST(Shot, TakesWhatAPersonSaysOfHowItWasMade)
{
    const Reading reading = read(kShot + "version = \"v012\"\n" + kPlate + kOutput
                                 + "[provenance]\napproval = \"final\"\noperator = \"A. Keller\"\ntalent = \"Nobody.\"\n"
                                   "[[provenance.models]]\nname = \"fill.onnx\"\nlicence = \"Apache-2.0\"\n");
    ASSERT_THAT(reading.faults, IsEmpty());
    EXPECT_EQ(reading.shot.version, "v012");
    const Provenance& provenance = reading.shot.provenance;
    EXPECT_TRUE(provenance.is_final);
    EXPECT_EQ(provenance.operator_name, "A. Keller");
    EXPECT_EQ(provenance.talent, "Nobody.");
    EXPECT_EQ(provenance.keeps_inputs, "") << "open";
    ASSERT_EQ(provenance.models.size(), 1u);
    EXPECT_EQ(provenance.models[0].name, "fill.onnx");
    EXPECT_EQ(provenance.models[0].licence, "Apache-2.0");
}

TEST(Shot, IsTemporaryUntilSomebodySaysOtherwise)
{
    EXPECT_FALSE(read(kShot + kPlate + kOutput).shot.provenance.is_final);
    EXPECT_THAT(faults_of(kShot + kPlate + kOutput + "[provenance]\napproval = \"yes\"\n"),
                ElementsAre(HasSubstr("'approval' must be 'temp' or 'final' (is 'yes')")));
}

TEST(Shot, RemembersItsTextAndWhatWasSet)
{
    Faults faults;
    Manifest manifest = parse_manifest(kShot + kPlate + kOutput, "/shots/shot.toml");
    EXPECT_NE(manifest.content, parse_manifest(kShot + kPlate + kOutput + "# a comment\n", "/shots/shot.toml").content);
    apply_setting(manifest, "shot.seed=3", faults);
    EXPECT_THAT(manifest.settings, ElementsAre("shot.seed=3"));
}

TEST(Shot, ConvertsToItsWorkingSpace)
{
    const auto [shot, faults] = read(kShot + "colorspace = \"ACEScg\"\n" + kPlate + kOutput);
    EXPECT_THAT(faults, IsEmpty());
    Image white({0, 0, 1, 1}, {0, 0, 1, 1}, {{"R"}, {"G"}, {"B"}}, 0.5f);
    white.pixel(0, 0)[1] = 0.0f;
    Image same = white;
    shot.info.to_working_space(same, "ACEScg");
    EXPECT_EQ(same.pixel(0, 0)[0], 0.5f);
    shot.info.to_working_space(white, "lin_rec709");
    EXPECT_GT(white.pixel(0, 0)[1], 0.01f);
    EXPECT_THROW(shot.info.to_working_space(white, "lin_rec710"), Error);
}

}  // namespace
}  // namespace platefall
