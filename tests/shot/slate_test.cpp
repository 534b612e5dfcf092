#include "shot/slate.h"

#include "base/files.h"
#include "image/display_picture.h"
#include "image/write.h"
#include "shot/shot.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <sstream>

namespace platefall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

namespace fs = std::filesystem;

/// A folder with a plate in it.
class Slate : public testing::Test {
protected:
    void write_frame(const std::string& name, const Attributes& attributes = {},
                     const Window& data = {0, 0, 8, 4}) const
    {
        write_exr(folder_ / name, Image(data, {0, 0, 8, 4}, {{"R"}, {"G"}, {"B"}}, 0.25f), attributes);
    }

    std::string slate(const fs::path& plate) const
    {
        return slate_for_plate(find_plate(folder_ / plate.string()), folder_.path, ColourSpaces());
    }

    std::vector<std::string> faults_of(const std::string& text) const
    {
        Faults faults;
        read_shot(parse_manifest(text, folder_ / "street.toml"), 1, faults);
        return faults.all();
    }

    test::TempFolder folder_;
};

TEST_F(Slate, IsAManifestThatReadsWithoutAFault)
{
    for (const char* name : {"plate/street.1001.exr", "plate/street.1002.exr", "plate/street.1003.exr"})
        write_frame(name);
    Faults faults;
    const std::string text = slate("plate/street.1002.exr");
    const Shot shot = read_shot(parse_manifest(text, folder_ / "street.toml"), 1, faults);
    EXPECT_THAT(faults.all(), IsEmpty());
    EXPECT_EQ(shot.info.name, "street");
    EXPECT_THAT(shot.info.frames, ElementsAre(1001, 1002, 1003));
    EXPECT_EQ(shot.plate->path().at(1002), folder_ / "plate/street.1002.exr");
    EXPECT_EQ(shot.output.path.at(1002), folder_ / "out/street.1002.exr");
}

TEST_F(Slate, ReadsLikeTheSlateOfAShot)
{
    Attributes attributes;
    attributes.set({"framesPerSecond", "rational", std::vector<std::int32_t>{25, 1}});
    write_frame("plate/street.1001.exr", attributes, {-2, 0, 10, 4});
    write_frame("plate/street.1002.exr", attributes, {-2, 0, 10, 4});
    const std::string text = slate("plate/street.1001.exr");
    EXPECT_THAT(text, testing::StartsWith("# Made from street.####.exr: 8x4, channels R G B.\n"
                                          "# Its pixels fill 12x4 at -2,0.\n"
                                          "# `platefall check` says whether everything is there, `platefall "
                                          "render` renders it.\n"
                                          "\n"
                                          "[shot]\n"
                                          "name       = \"street\"\n"
                                          "frames     = \"1001-1002\"                 # 2 on disk\n"
                                          "fps        = 25                          # as the plate says\n"));
    EXPECT_THAT(text, HasSubstr("[plate]\n"
                                "path = \"plate/street.####.exr\"           # relative to this file\n"));
    EXPECT_THAT(text, HasSubstr("[output]\n"
                                "path = \"out/street.####.exr\"             # half, zip\n"));
}

TEST_F(Slate, HasExamplesThatAreGoodOnceTheirMarksAreTakenAway)
{
    write_frame("plate/street.1001.exr");
    write_file_atomically(folder_ / "street.chan", "1001 0 2 0 0 0 0 40\n");
    std::istringstream lines(slate("plate/street.1001.exr"));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        const bool is_example =
            line.starts_with("# [") || line.starts_with("# movie") || line.starts_with("# use ")
            || (line.starts_with("# ") && line.substr(0, 20).find(" = ") != std::string::npos);
        text += (is_example ? line.substr(2) : line) + "\n";
    }
    for (const char* part : {"\n[camera]\n", "\n[layer.cg]\n", "\n[matte.foreground]\n", "\n[[stage]]\nuse ",
                             "\nlayers = [", "\nfilm_back_mm ", "\nmovie = "})
        EXPECT_THAT(text, HasSubstr(part));
    EXPECT_THAT(faults_of(text), IsEmpty());
}

TEST_F(Slate, ShowsGaps)
{
    for (const char* name : {"a.1001.exr", "a.1002.exr", "a.1005.exr"})
        write_frame(name);
    EXPECT_THAT(
        slate("a.####.exr"),
        HasSubstr("frames     = \"1001-1002,1005\"            # 3 on disk; not on disk: 1003-1004\n"));
    EXPECT_THAT(faults_of(slate("a.####.exr")), IsEmpty());
}

TEST_F(Slate, AsksToCheckWhatThePlateDoesNotSay)
{
    write_frame("a.1001.exr");
    const std::string text = slate("a.1001.exr");
    EXPECT_THAT(
        text, HasSubstr("fps        = 24                          # the plate does not say; please check\n"));
    EXPECT_THAT(
        text, HasSubstr("colorspace = \"lin_rec709\"                # the plate does not say clearly; please "
                        "check\n"));
}

TEST_F(Slate, TakesTheColourSpaceOfKnownPrimaries)
{
    Attributes attributes;
    attributes.set({"chromaticities", "float[8]",
                    std::vector<float>{0.713f, 0.293f, 0.165f, 0.83f, 0.128f, 0.044f, 0.32168f, 0.33767f}});
    write_frame("a.1001.exr", attributes);
    EXPECT_THAT(slate("a.1001.exr"),
                HasSubstr("colorspace = \"ACEScg\"                    # by the plate's chromaticities\n"));
    EXPECT_THAT(faults_of(slate("a.1001.exr")), IsEmpty());
}

TEST_F(Slate, KeepsALinearWorkingSpaceForAnEncodedPlate)
{
    write_png(folder_ / "a.1001.png", DisplayPicture(8, 4));
    const std::string text = slate("a.1001.png");
    EXPECT_THAT(text,
                HasSubstr("colorspace = \"lin_rec709\"                # scene-linear; everything is done in "
                          "it\n"));
    EXPECT_THAT(text, HasSubstr("colorspace = \"srgb\"                      # as the plate says\n"));
    EXPECT_THAT(faults_of(text), IsEmpty());
}

TEST_F(Slate, WritesAFractionalRateExactly)
{
    Attributes attributes;
    attributes.set({"framesPerSecond", "rational", std::vector<std::int32_t>{24000, 1001}});
    write_frame("a.1001.exr", attributes);
    Faults faults;
    EXPECT_EQ(read_shot(parse_manifest(slate("a.1001.exr"), folder_ / "a.toml"), 1, faults).info.fps,
              24000.0 / 1001.0);
}

TEST_F(Slate, NeverWritesOntoThePlate)
{
    write_frame("out/street.1001.exr");
    EXPECT_THAT(slate("out"), HasSubstr("[output]\npath = \"out/street_comp.####.exr\""));
    EXPECT_THAT(faults_of(slate("out")), IsEmpty());
}

TEST_F(Slate, QuotesPathsThatTomlOrVariablesWouldChange)
{
    write_frame("cost$ \"a\"/str'eet.1001.exr");
    const std::string text = slate("cost$ \"a\"");
    EXPECT_THAT(text, HasSubstr("path = \"cost$$ \\\"a\\\"/str'eet.####.exr\""));
    EXPECT_THAT(text, HasSubstr("name       = \"str_eet\""));
    EXPECT_THAT(faults_of(text), IsEmpty());
}

TEST_F(Slate, NamesAPlateElsewhereByItsWholePath)
{
    write_frame("a.1001.exr");
    const SequencePath plate = find_plate(folder_ / "a.1001.exr");
    EXPECT_THAT(slate_for_plate(plate, "/shots/street", ColourSpaces()),
                HasSubstr("[plate]\npath = \"" + (folder_ / "a.####.exr").string() + "\"\n"));
    EXPECT_THAT(slate_for_plate(plate, folder_ / "shots", ColourSpaces()),
                HasSubstr("[plate]\npath = \"../a.####.exr\" "));
}

TEST_F(Slate, TakesAStillAsOneFrame)
{
    write_frame("matte painting.exr");
    const std::string text = slate("matte painting.exr");
    EXPECT_THAT(text, HasSubstr("frames     = \"1\" "));
    EXPECT_THAT(text, HasSubstr("path = \"matte painting.exr\""));
    EXPECT_THAT(faults_of(text), IsEmpty());
}

TEST_F(Slate, NamesTheShotAfterThePlateOrItsFolder)
{
    EXPECT_EQ(shot_name_for(SequencePath("plate/street_0010.####.exr")), "street_0010");
    EXPECT_EQ(shot_name_for(SequencePath("/a/b c/####.exr")), "b_c");
    EXPECT_EQ(shot_name_for(SequencePath("still.exr")), "still");
    EXPECT_EQ(shot_name_for(SequencePath("/####.exr")), "shot");
}

TEST_F(Slate, FindsTheOnlySequenceOfAFolder)
{
    write_frame("plate/street.1001.exr");
    write_frame("plate/street.1002.exr");
    write_file_atomically(folder_ / "plate/notes.txt", "no image");
    EXPECT_EQ(find_plate(folder_ / "plate").pattern(), folder_ / "plate/street.####.exr");
}

TEST_F(Slate, RefusesAFolderWithoutOrWithSeveralSequences)
{
    const std::string folder = folder_.path.string();
    EXPECT_THAT(
        [&] { find_plate(folder_.path); },
        ThrowsMessage<Error>("'" + folder + "' holds no images; name a frame of the plate or its folder"));
    write_frame("b.1001.exr");
    write_frame("a.1001.exr");
    EXPECT_THAT([&] { find_plate(folder_.path); },
                ThrowsMessage<Error>("'" + folder
                                     + "' holds 2 sequences, 'a.####.exr' and 'b.####.exr'; name the "
                                       "one that is the plate"));
}

TEST_F(Slate, RefusesAPlateThatIsNotThere)
{
    const std::string folder = folder_.path.string();
    EXPECT_THAT([&] { find_plate(folder_ / "a.1001.exr"); },
                ThrowsMessage<Error>("'" + folder
                                     + "/a.1001.exr' does not exist; name a frame of the plate or its "
                                       "folder"));
    EXPECT_THAT([&] { find_plate(folder_ / "a.####.exr"); },
                ThrowsMessage<Error>("no frame of '" + folder + "/a.####.exr' is on disk"));
}

}  // namespace
}  // namespace platefall
