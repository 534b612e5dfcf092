/// `platefall compare`, as CI runs it.
#include "base/files.h"
#include "e2e/street_shot.h"
#include "image/read.h"
#include "image/write.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// A few frames of the real comp, and a copy of them as the reference.
struct Compare : testing::Test {
    test::StreetShot shot;
    fs::path golden = shot.folder / "golden", out = shot.folder / "out", frame = out / "street.1002.exr";

    Compare()
    {
        EXPECT_EQ(shot.render({"--frames", "1001-1003"}).status, 0);
        fs::create_directories(golden);
        for (int number = 1001; number <= 1003; ++number)
            fs::copy_file(out / fmt::format("street.{}.exr", number), golden / fmt::format("street.{}.exr", number));
    }

    Outcome compare(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {"compare", (golden / "street.####.exr").string(), (out / "street.####.exr").string()});
        return test::platefall(more);
    }

    /// Changes one pixel of a frame, as a defect would.
    void spoil(const fs::path& file) const
    {
        ImageFile picture = read_image(file);
        picture.image.pixel(412, 96)[0] += 0.05f;
        write_exr(file, picture.image, picture.attributes);
    }
};

TEST_F(Compare, ARenderIsTheSameAsItsCopy)
{
    const Outcome same = compare();
    EXPECT_EQ(same.status, 0) << same.err;
    EXPECT_EQ(same.out, "");
    EXPECT_THAT(same.last_line, EndsWith("golden/street.####.exr': 3 pictures"));
    EXPECT_EQ(test::platefall({"compare", (golden / "street.1001.exr").string(), (out / "street.1001.exr").string()}).status, 0);
}

TEST_F(Compare, OnePixelIsFoundAndTold)
{
    spoil(frame);
    const Outcome different = compare({"--json", (shot.folder / "result.json").string(), "--html", (shot.folder / "result.html").string()});
    EXPECT_EQ(different.status, 4) << different.err;
    EXPECT_THAT(different.out, HasSubstr("street.1002.exr: 'R' at 412,96 was "));
    EXPECT_THAT(different.out, Not(HasSubstr("1001")));
    EXPECT_THAT(different.last_line, EndsWith("1 of 3 pictures different, 0 missing, 0 without a reference"));

    const auto json = nlohmann::json::parse(read_text_file(shot.folder / "result.json"));
    EXPECT_EQ(json["same"], false);
    EXPECT_EQ(json["counts"]["same"], 2);
    const auto& red = json["pictures"][1]["channels"][0];
    EXPECT_EQ(red["channel"], "R");
    EXPECT_EQ(red["failing"], 1);
    EXPECT_EQ(red["largest"]["x"], 412);
    EXPECT_NEAR(red["largest"]["absolute"], 0.05, 1e-3);
    EXPECT_GT(json["pictures"][1]["flip"][0]["mean"], 0);

    const std::string page = read_text_file(shot.folder / "result.html");
    for (const char* part : {"<h1>2 of 3 pictures are the same</h1>", "difference x 16", "FLIP of RGB: mean 0.00", "data:image/jpeg;base64,"})
        EXPECT_TRUE(page.find(part) != std::string::npos) << part;
    EXPECT_TRUE(page.find("://") == std::string::npos);   // nothing from elsewhere
}

TEST_F(Compare, JsonOnStandardOutputIsAlone)
{
    spoil(frame);
    const Outcome outcome = compare({"--json", "-", "--no-flip"});
    EXPECT_EQ(outcome.status, 4);
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["pictures"].size(), 3u);
    EXPECT_TRUE(json["pictures"][1]["flip"].empty());
    EXPECT_TRUE(json["rules"]["flip"].is_null());
}

TEST_F(Compare, AFrameThatOneSideLacksIsADifference)
{
    fs::remove(frame);
    Outcome missing = compare();
    EXPECT_EQ(missing.status, 4);
    EXPECT_THAT(missing.out, HasSubstr("street.1002.exr: is missing: there is no '" + frame.string() + "'"));
    fs::rename(golden / "street.1002.exr", frame);
    missing = compare();
    EXPECT_EQ(missing.status, 4);
    EXPECT_THAT(missing.out, HasSubstr("street.1002.exr: there is no reference '" + (golden / "street.1002.exr").string() + "'"));
    EXPECT_EQ(compare({"--frames", "1001,1003"}).status, 0);
}

TEST_F(Compare, AFileThatCannotBeReadIsToldAndTheOthersAreCompared)
{
    fs::resize_file(frame, 2000);
    spoil(out / "street.1003.exr");
    const Outcome outcome = compare();
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("street.1002.exr': it is truncated or damaged"));
    EXPECT_THAT(outcome.out, HasSubstr("street.1003.exr: 'R' at"));
    EXPECT_THAT(outcome.last_line, EndsWith("1 of 3 pictures cannot be read"));
    EXPECT_EQ(compare({"--update"}).status, 2);
    EXPECT_THAT(compare({"--update"}).err, HasSubstr("a reference is not made from it, and none was changed"));
    EXPECT_NE(read_text_file(golden / "street.1003.exr"), read_text_file(out / "street.1003.exr"));
}

TEST_F(Compare, UpdateMakesTheReference)
{
    spoil(frame);
    fs::remove(golden / "street.1001.exr");
    fs::resize_file(golden / "street.1003.exr", 100);
    const Outcome update = compare({"--update"});
    EXPECT_EQ(update.status, 0) << update.err;
    EXPECT_THAT(update.last_line, EndsWith(": 2 replaced, 1 added"));
    EXPECT_EQ(compare().status, 0);

    fs::remove_all(golden);
    EXPECT_EQ(compare().status, 2);
    EXPECT_THAT(compare().err, HasSubstr("--update makes the reference"));
    EXPECT_THAT(compare({"--update"}).last_line, EndsWith(": 0 replaced, 3 added"));
    EXPECT_EQ(compare().status, 0);
}

TEST_F(Compare, WhatOiiotoolWroteAgainIsTheSame)
{
    const fs::path again = shot.folder / "again.exr";
    ASSERT_EQ(test::run_command({"oiiotool", frame.string(), "--compression", "piz", "--tile", "32", "32", "-o", again.string()}).status, 0);
    const Outcome outcome = test::platefall({"compare", frame.string(), again.string()});
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

TEST_F(Compare, LayersMayLieInPartsOfTheirOwn)
{
    const fs::path one = shot.folder / "one.exr", parts = shot.folder / "parts.exr";
    ASSERT_EQ(test::run_command({"oiiotool", frame.string(), "--ch", "R,G,B,depth.Z=R", "-o", one.string()}).status, 0);
    ASSERT_EQ(test::run_command({"oiiotool", frame.string(), "--ch", "R,G,B", "--attrib", "oiio:subimagename", "rgb", frame.string(), "--ch",
                                 "Z=R", "--attrib", "oiio:subimagename", "depth", "--siappend", "-o", parts.string()})
                  .status,
              0);
    const Outcome outcome = test::platefall({"compare", one.string(), parts.string(), "--json", "-"});
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("\"channel\": \"depth.Z\""));
}

TEST_F(Compare, AFaultOfTheLineIsToldBeforeAnythingIsRead)
{
    const Outcome rule = compare({"--channel", "R:relativ=2"});
    EXPECT_EQ(rule.status, 2);
    EXPECT_THAT(rule.err, HasSubstr("did you mean 'relative'?"));
    EXPECT_THAT(rule.last_line, HasSubstr("was not compared with"));
    EXPECT_EQ(compare({"--colorspace", "lin_rec708", "--channel", "R:ignore"}).status, 0);   // not needed where nothing differs
    spoil(frame);
    EXPECT_THAT(compare({"--colorspace", "lin_rec708"}).err, HasSubstr("lin_rec708"));
}

}  // namespace
}  // namespace platefall
