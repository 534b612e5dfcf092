#include "scene/scene_files.h"

#include "base/files.h"
#include "scene/small_scene.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
// Its types know each other by the addresses of hidden statics unless they are visible: initialize() would crash.
#pragma GCC visibility push(default)
#include <openvdb/openvdb.h>
#pragma GCC visibility pop

namespace platefall {
namespace {

using test::TempFolder;
using testing::HasSubstr;

DebrisShot falling()
{
    DebrisShot shot{.fps = 24, .first_frame = 1001, .frames = {}};
    for (int i = 0; i < 5; ++i)
        shot.frames.push_back({{.centre = {1, 2 - 0.25f * static_cast<float>(i), 3},
                                .turn = {},
                                .velocity = {0, -6, 0},
                                .spin = {}},
                               {.centre = {5, 0, 0}, .turn = {}, .velocity = {}, .spin = {}}});
    return shot;
}

TEST(SceneUsd, HasAMeshAPieceWithItsPlaceAtEveryFrame)
{
    const TempFolder folder;
    write_usd(test::two_pieces(), falling(), folder / "sub/debris.usda");
    const std::string text = read_text_file(folder / "sub/debris.usda");
    EXPECT_THAT(
        text,
        HasSubstr("#usda 1.0\n(\n    defaultPrim = \"debris\"\n    metersPerUnit = 1\n    upAxis = \"Y\"\n"
                  "    startTimeCode = 1001\n    endTimeCode = 1005\n    timeCodesPerSecond = 24\n"));
    EXPECT_THAT(text, HasSubstr("def Mesh \"piece_00000\""));
    EXPECT_THAT(text, HasSubstr("point3f[] points = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]\n"));
    EXPECT_THAT(text, HasSubstr("int[] faceVertexCounts = [3, 3, 3, 3]\n"));
    EXPECT_THAT(text, HasSubstr("int[] faceVertexIndices = [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]\n"));
    EXPECT_THAT(text, HasSubstr("int[] primvars:outer = [1, 1, 1, 0] (interpolation = \"uniform\")\n"));
    EXPECT_THAT(text, HasSubstr("custom string platefall:material = \"glass\"\n"));
    EXPECT_THAT(text, HasSubstr("custom string platefall:kind = \"glass\"\n        custom int platefall:floor = 3\n"));
    EXPECT_THAT(text, HasSubstr("double3 xformOp:translate.timeSamples = { 1001: (1, 2, 3), 1002: (1, 1.75, "
                                "3), 1003: (1, 1.5, 3), "
                                "1004: (1, 1.25, 3), 1005: (1, 1, 3), }\n"));
}

TEST(SceneUsd, WhatRestsHasOnlyItsFirstAndLastSample)
{
    const TempFolder folder;
    write_usd(test::two_pieces(), falling(), folder / "debris.usda");
    EXPECT_THAT(read_text_file(folder / "debris.usda"),
                HasSubstr("double3 xformOp:translate.timeSamples = { 1001: (5, 0, 0), 1005: (5, 0, 0), }\n"));
}

TEST(SceneVdb, OpenVdbReadsWhatWasWrittenWhereItIs)
{
    const TempFolder folder;
    write_vdb(test::puff(), folder / "sub/dust.1001.vdb");
    openvdb::io::File file((folder / "sub/dust.1001.vdb").string());
    file.open();
    const auto density = openvdb::gridPtrCast<openvdb::FloatGrid>(file.readGrid("density"));
    EXPECT_EQ(density->activeVoxelCount(), 2u);
    EXPECT_NEAR(density->getConstAccessor().getValue({5, 2, 3}), 0.003f, 1e-5f);
    const openvdb::Vec3d middle = density->indexToWorld(openvdb::Coord(5, 2, 3));
    EXPECT_TRUE(middle.eq({-4 + 5.5 * 0.5, 2.5 * 0.5, -10 + 3.5 * 0.5}));
    const auto coarse = openvdb::gridPtrCast<openvdb::FloatGrid>(file.readGrid("coarse"));
    EXPECT_EQ(coarse->activeVoxelCount(), 1u);
    const auto velocity = openvdb::gridPtrCast<openvdb::Vec3SGrid>(file.readGrid("vel"));
    EXPECT_EQ(velocity->getConstAccessor().getValue({2, 1, 1}), openvdb::Vec3s(1, -2, 7.5f));
    EXPECT_TRUE(velocity->indexToWorld(openvdb::Coord(2, 1, 1)).eq({-4 + 2.5, 1.5, -10 + 1.5}));
}

TEST(SceneVdb, ClearAirIsAFileWithEmptyGrids)
{
    const TempFolder folder;
    write_vdb({.low = {}, .cell_m = 1, .cells = {8, 8, 8}, .density = {}, .velocity = {}, .strain = {}},
              folder / "dust.vdb");
    openvdb::io::File file((folder / "dust.vdb").string());
    file.open();
    EXPECT_EQ(file.readGrid("density")->activeVoxelCount(), 0u);
}

}  // namespace
}  // namespace platefall
