#include "scene/debris.h"

#include "base/files.h"
#include "scene/small_scene.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>

#include <cmath>

namespace platefall {
namespace {

using test::TempFolder;
using testing::EndsWith;

const DebrisFrame kPoses{{.centre = {1, 2, 3}, .turn = {0.6f, 0, 0.8f, 0}, .velocity = {0, -9, 0}, .spin = {1, 2, 3}},
                         {.centre = {5, 0, 0}, .turn = {}, .velocity = {}, .spin = {}}};

TEST(SceneDebris, ComesBackAsItWasSaved)
{
    const TempFolder folder;
    save_debris(test::two_pieces(), folder / "debris");
    EXPECT_EQ(load_debris(folder / "debris"), test::two_pieces());
    save_debris_frame(kPoses, folder / "1001");
    EXPECT_EQ(load_debris_frame(folder / "1001"), kPoses);
}

TEST(SceneDebris, APoseTurnsAboutTheCentre)
{
    const float half = std::sqrt(0.5f);
    const DebrisPose pose{.centre = {10, 20, 30}, .turn = {half, 0, half, 0}, .velocity = {}, .spin = {}};
    const Vec3f there = placed(pose, {1, 2, 0});   // a quarter turn about y takes x to -z
    EXPECT_NEAR(there.x, 10, 1e-6);
    EXPECT_NEAR(there.y, 22, 1e-6);
    EXPECT_NEAR(there.z, 29, 1e-6);
}

/// What is in the file, or nothing when it is refused.
DebrisFrame loaded_or_refused(const std::filesystem::path& path)
{
    try {
        return load_debris_frame(path);
    } catch (const Error& error) {
        EXPECT_THAT(error.what(),
                    EndsWith("1001' is damaged or not what was written there; delete it, and it is made again"));
        return {};
    }
}

TEST(SceneDebris, ADamagedFileIsRefusedAndNamed)
{
    const TempFolder folder;
    const auto path = folder / "1001";
    save_debris_frame(kPoses, path);
    const std::string good = read_text_file(path);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        write_file_atomically(path, bad);
        const DebrisFrame loaded = loaded_or_refused(path);
        refused += loaded.empty();
        EXPECT_TRUE(loaded.empty() || loaded == kPoses) << "byte " << at;
    }
    EXPECT_GT(refused, good.size() - 10) << "a few bits of a compressed stream mean nothing";
    for (const std::size_t length : {good.size() / 2, std::size_t{0}}) {
        write_file_atomically(path, good.substr(0, length));
        EXPECT_TRUE(loaded_or_refused(path).empty());
    }
}

TEST(SceneDebris, OneKindOfFileIsNotTakenForAnother)
{
    const TempFolder folder;
    save_debris(test::two_pieces(), folder / "debris");
    EXPECT_THROW(load_debris_frame(folder / "debris"), Error);
}

}  // namespace
}  // namespace platefall
