/// The finished frames of a shot, held against a profile by the real program.
#include "base/files.h"
#include "e2e/street_shot.h"
#include "image/read.h"
#include "image/write.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using testing::HasSubstr;
using testing::Not;

/// Two frames of the sample's street, rendered.
struct DeliveredStreet : testing::Test {
    DeliveredStreet()
    {
        shot.frames = "1001-1002";
        shot.write_manifest();
        EXPECT_EQ(shot.render({"--no-report"}).status, 0);
    }

    Outcome check(std::vector<std::string> more = {}, const std::string& profile = "exr-half") const
    {
        more.insert(more.begin(), {"check", (shot.folder / "shot.toml").string(), "--delivery", profile});
        return test::platefall(std::move(more));
    }
    fs::path frame(int number) const { return shot.folder / fmt::format("out/street.{}.exr", number); }

    test::StreetShot shot;
};

TEST_F(DeliveredStreet, IsFitAndStaysAsItIs)
{
    const auto before = shot.output();
    const Outcome good = check();
    EXPECT_EQ(good.status, 0) << good.err;
    EXPECT_THAT(good.last_line, HasSubstr("shot.toml' is fit for delivery 'exr-half': 2 frames"));
    EXPECT_EQ(shot.output(), before);
}

TEST_F(DeliveredStreet, IsTooSmallForNetflixAndHasNoVersionInItsName)
{
    const Outcome bad = check({}, "netflix-vfx");
    EXPECT_EQ(bad.status, 2);
    EXPECT_THAT(bad.err, HasSubstr("platefall: error: street frames 1001-1002: 960 px wide, but 3840 are the least"));
    EXPECT_THAT(bad.err, HasSubstr("street: the name 'street.####.exr' does not follow '{field}(_{field})*_{version}'; a good one is "
                                   "'AGM_104_065_010_comp_NFX_v001.####.exr'"));
    EXPECT_THAT(bad.err, Not(HasSubstr("scaled")));
    EXPECT_THAT(bad.last_line, HasSubstr("not fit for delivery 'netflix-vfx': 2 faults in"));
}

TEST_F(DeliveredStreet, FramesOfAnEarlierManifestAreTold)
{
    const Outcome stale = check({"--set", "matte.building.grow=6"});
    EXPECT_EQ(stale.status, 2);
    EXPECT_THAT(stale.err, HasSubstr("street frames 1001-1002: rendered from another manifest or other inputs than there are "
                                     "now; render it again"));
}

TEST_F(DeliveredStreet, FailedAttemptsStraysAndGapsAreTold)
{
    write_file_atomically(shot.folder / "out/.street.1001.exr.failed", "the disk was full\n");
    fs::copy(frame(1001), frame(1009));
    fs::remove(frame(1002));
    const Outcome bad = check();
    EXPECT_EQ(bad.status, 2);
    EXPECT_THAT(bad.err, HasSubstr("street frame 1001: the last attempt did not succeed; render it again (frame 1001: the disk "
                                   "was full)"));
    EXPECT_THAT(bad.err, HasSubstr("street frame 1009: on disk, but not of the shot, which has 1001-1002"));
    EXPECT_THAT(bad.err, HasSubstr("street frame 1002: missing; render it again"));
    EXPECT_EQ(check({"--frames", "1002"}).status, 2);
}

TEST_F(DeliveredStreet, ASpaceThatIsNotLinearIsTold)
{
    const Outcome bad = check({"--set", "output.colorspace=srgb"});
    EXPECT_EQ(bad.status, 2);
    EXPECT_THAT(bad.err, HasSubstr("street: output.colorspace 'srgb' is not scene-linear, as the delivery must be"));
}

TEST_F(DeliveredStreet, ThePlateMayBeGone)
{
    const Outcome good = check({"--set", "plate.path=gone.####.exr"});
    EXPECT_EQ(good.status, 0) << good.err;
    EXPECT_THAT(good.err, HasSubstr("so it cannot be told whether the frames are its own"));
}

TEST_F(DeliveredStreet, ASequenceNeedsNoManifest)
{
    const Outcome good = test::platefall({"check", (shot.folder / "out/street.####.exr").string(), "--delivery", "exr-half"});
    EXPECT_EQ(good.status, 0) << good.err;
    EXPECT_THAT(good.last_line, HasSubstr("is fit for delivery 'exr-half': 2 frames"));
    const Outcome unknown = test::platefall({"check", "x.####.exr", "--delivery", "exr-haf"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("there is no delivery profile 'exr-haf' (did you mean 'exr-half'?)"));
}

TEST_F(DeliveredStreet, FilesOfAovsAreCheckedToo)
{
    shot.write_manifest("aovs = [\"matte.building\"]\naov_path = \"out/{layer}.####.exr\"\n");
    ASSERT_EQ(shot.render({"--no-report"}).status, 0);
    EXPECT_EQ(check().status, 0);
    fs::resize_file(shot.folder / "out/matte.building.1002.exr", 100);
    EXPECT_THAT(check().err, HasSubstr("street aov 'matte.building' frame 1002: not readable"));
}

}  // namespace
}  // namespace platefall
