#include "scene/collapse_files.h"

#include "scene/small_scene.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace platefall {
namespace {

using test::TempFolder;

const CollapseSet kSet{.ground_m = -1.5f,
                       .obstacles = {{{1, 2, 3}, {4, 5, 6}}, {{-1, -2, -3}, {0, 0, 0}}},
                       .footprint = {{0, -1.5f, 0}, {10, -1.5f, 0}, {10, -1.5f, -7}},
                       .trigger = 1009,
                       .frames = 64,
                       .first_moving = 3,
                       .fps = 23.976};

TEST(SceneCollapseFiles, ASetComesBackAsItWasSaved)
{
    const TempFolder folder;
    save_set(kSet, folder.path);
    EXPECT_EQ(load_set(folder.path), kSet);
    EXPECT_THROW(load_set(folder / "nowhere"), Error);
}

TEST(SceneCollapseFiles, FramesBeforeTheTriggerAreTheFirstAndThoseAfterTheEndTheLast)
{
    EXPECT_EQ(kSet.index_of(1001), 0);
    EXPECT_EQ(kSet.index_of(1009), 0);
    EXPECT_EQ(kSet.index_of(1010), 1);
    EXPECT_EQ(kSet.index_of(1072), 63);
    EXPECT_EQ(kSet.index_of(2000), 63);
}

TEST(SceneCollapseFiles, EveryKindAndFrameHasAFileOfItsOwn)
{
    const TempFolder folder;
    const DebrisFrame early{{.centre = {1, 2, 3}, .turn = {}, .velocity = {}, .spin = {}}};
    const DebrisFrame late{{.centre = {4, 5, 6}, .turn = {}, .velocity = {}, .spin = {}}};
    save_pieces(test::two_pieces(), folder.path);
    save_poses(early, folder.path, 0);
    save_poses(late, folder.path, 63);
    save_all_chips({{.size_m = 0.1f, .element = 2, .born = 5, .seed = 1}}, folder.path);
    save_chip_poses(late, folder.path, 0);
    save_chip_poses(early, folder.path, 63);
    save_dust(test::puff(), folder.path, 63);
    EXPECT_EQ(load_pieces(folder.path), test::two_pieces());
    EXPECT_EQ(load_poses(folder.path, 0), early);
    EXPECT_EQ(load_poses(folder.path, 63), late);
    EXPECT_EQ(load_all_chips(folder.path).at(0).born, 5);
    EXPECT_EQ(load_chip_poses(folder.path, 0), late);
    EXPECT_EQ(load_chip_poses(folder.path, 63), early);
    EXPECT_EQ(load_dust(folder.path, 63).cells, test::puff().cells);
}

TEST(SceneCollapseFiles, EveryKindOfElementHasANameOfItsOwn)
{
    std::set<std::string_view> names;
    for (const ElementKind kind : kElementKinds)
        names.insert(name_of(kind));
    EXPECT_EQ(names.size(), kElementKinds.size());
    EXPECT_TRUE(names.contains("parapet"));
}

}  // namespace
}  // namespace platefall
