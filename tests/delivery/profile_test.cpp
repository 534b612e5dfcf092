#include "delivery/profile.h"

#include "base/files.h"
#include "stage/stage_listing.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <regex>

namespace platefall::delivery {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kAbout = "[profile]\nsummary = \"A test.\"\n";

std::string faults_of(const std::string& text)
{
    return error_of([&] { parse_profile(text, "mine.toml"); });
}

TEST(Profile, ThoseThatComeAlongAreWithoutFault)
{
    for (const std::string& name : built_in_profiles()) {
        const Profile profile = read_profile(name);
        EXPECT_EQ(profile.name, name);
        EXPECT_THAT(profile.about.text("unverified"), testing::Not(IsEmpty())) << name;
    }
}

TEST(Profile, WhatIsLeftOutAsksForLittle)
{
    const Profile profile = parse_profile(kAbout, "mine.toml");
    EXPECT_EQ(profile.files.text("type"), "any");
    EXPECT_THAT(profile.files.texts("compressions"), IsEmpty());
    EXPECT_TRUE(profile.values.flag("finite"));
    EXPECT_FALSE(profile.picture.flag("no_upscale"));
}

TEST(Profile, IsReadFromAFile)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "mine.toml", kAbout + "[files]\ncompressions = [\"piz\"]\n");
    EXPECT_THAT(read_profile((folder / "mine.toml").string()).files.texts("compressions"), ElementsAre("piz"));
}

TEST(Profile, AnUnknownNameIsMendedAndListsThoseThatThereAre)
{
    EXPECT_THAT(error_of([] { read_profile("netflix-vxf"); }),
                HasSubstr("there is no delivery profile 'netflix-vxf' (did you mean 'netflix-vfx'?)"));
    EXPECT_THAT(error_of([] { read_profile("imax"); }),
                HasSubstr("(there are netflix-vfx, aces-container and exr-half); one of your own is given as a file: "
                          "--delivery imax.toml"));
}

TEST(Profile, AllFaultsComeAtOnceWithTheirPlaces)
{
    const std::string faults = faults_of(kAbout + "[flies]\n[picture]\nequal_windos = true\nminimum_width = -1\n");
    EXPECT_THAT(faults, HasSubstr("mine.toml:3:2: unknown section 'flies' in a delivery profile"));
    EXPECT_THAT(faults, HasSubstr("did you mean 'files'?"));
    EXPECT_THAT(faults, HasSubstr("mine.toml:5:1: unknown key 'equal_windos' in [picture]"));
    EXPECT_THAT(faults, HasSubstr("mine.toml:6:17: 'minimum_width' must be at least 0 px (is -1)"));
}

TEST(Profile, MustSayWhatItIs)
{
    EXPECT_THAT(faults_of("[files]\n"), HasSubstr("mine.toml: the profile has no [profile]"));
    EXPECT_THAT(faults_of("[profile]\n"), HasSubstr("[profile] needs 'summary'"));
    EXPECT_THAT(faults_of("profile = 1\n"), HasSubstr("'profile' must be a table"));
}

TEST(Profile, ACompressionThatDoesNotExistIsRefused)
{
    const std::string faults = faults_of(kAbout + "[files]\ncompressions = [\"zpi\"]\n");
    EXPECT_THAT(faults, HasSubstr("mine.toml:4:16: there is no compression 'zpi'"));
    EXPECT_THAT(faults, HasSubstr("did you mean 'zip'?"));
}

TEST(Profile, NamedPartsOfNamesArePutIn)
{
    const Profile profile = parse_profile(kAbout + R"([names]
pattern = "{shot}_{version}"
parts = [{ name = "shot", regex = "[a-z]+|[0-9]+" }, { name = "version", regex = "v[0-9]{3}" }]
)",
                                          "mine.toml");
    const std::regex pattern(pattern_of_names(profile));
    EXPECT_TRUE(std::regex_match("tower_v001", pattern));
    EXPECT_TRUE(std::regex_match("10_v001", pattern));
    EXPECT_FALSE(std::regex_match("tower_v1", pattern));
}

TEST(Profile, PatternsThatCannotWorkAreRefused)
{
    EXPECT_THAT(faults_of(kAbout + "[names]\npattern = \"{shto}\"\nparts = [{ name = \"shot\", regex = \"a\" }]\n"),
                HasSubstr("'parts' has no 'shto'"));
    EXPECT_THAT(faults_of(kAbout + "[names]\npattern = \"(a\"\n"), HasSubstr("'(a' is no regular expression"));
    EXPECT_THAT(faults_of(kAbout + "[names]\npattern = \"a+\"\nexample = \"b\"\n"),
                HasSubstr("the example 'b' does not match 'pattern'"));
}

TEST(Profile, TheReferenceOfTheDocsIsTheGrammar)
{
    const std::string reference = section_reference_markdown(profile_sections());
    EXPECT_THAT(read_text_file(PLATEFALL_SAMPLES_DIR "/../docs/delivery.md"), testing::EndsWith(reference))
        << "renew the end of docs/delivery.md with:\n"
        << reference;
}

}  // namespace
}  // namespace platefall::delivery
