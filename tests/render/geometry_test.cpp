#include "render/geometry/chip_mesh.h"
#include "render/small_scene.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

TEST(View, RaysAndPixelsAgreeWithTheShotsCamera)
{
    const ShotInfo shot = small_shot();
    const View view(shot, 2, 0.5f);
    const V3 place(1.2f, 3.1f, -4.0f);
    const auto expected = shot.camera(2).project({place.x, place.y, place.z}, 96, 54);
    const auto pixel = view.pixel(place, 0.5f);
    ASSERT_TRUE(expected && pixel);
    EXPECT_NEAR(pixel->x, (*expected)[0], 1e-3);
    EXPECT_NEAR(pixel->y, (*expected)[1], 1e-3);
    EXPECT_NEAR(pixel->z, 16, 1e-4);

    const Ray ray = view.ray(pixel->x, pixel->y, 0.5f);
    EXPECT_NEAR((ray.origin + ray.direction * pixel->z - place).length(), 0, 1e-3);
}

TEST(View, ATurnedCameraAgreesToo)
{
    ShotInfo shot = small_shot();
    shot.camera = [](int frame) {
        Camera camera;   // a quarter turn about y, and a little more each frame
        const double angle = 1.5 + 0.02 * frame, c = std::cos(angle), s = std::sin(angle);
        camera.world_from_camera = {{{c, 0, s, 5}, {0, 1, 0, 2}, {-s, 0, c, 1}, {0, 0, 0, 1}}};
        return camera;
    };
    const View view(shot, 2, 1.0f);
    const V3 place(-6, 3, 0.5f);
    const auto expected = shot.camera(2).project({place.x, place.y, place.z}, 96, 54);
    const auto pixel = view.pixel(place, 0.5f);
    ASSERT_TRUE(expected && pixel);
    EXPECT_NEAR(pixel->x, (*expected)[0], 0.01);
    EXPECT_NEAR(pixel->y, (*expected)[1], 0.01);
    const auto early = view.pixel(place, 0), late = view.pixel(place, 1);
    ASSERT_TRUE(early && late);
    EXPECT_GT(std::abs(early->x - late->x), 0.5f);
}

TEST(DebrisMesh, WhatHasNotMovedIsStill)
{
    const Debris debris = small_house();
    const DebrisMesh mesh(debris);
    DebrisFrame poses = at_rest(debris);
    EXPECT_FALSE(mesh.moment(poses, 0.02f).anything_moved);
    poses[1].centre.y -= 0.01f;
    const DebrisMoment moment = mesh.moment(poses, 0.02f);
    EXPECT_TRUE(moment.anything_moved);
    EXPECT_TRUE(moment.still[0]);
    EXPECT_FALSE(moment.still[1]);
}

TEST(DebrisMesh, ATurnAloneCountsAsMotion)
{
    const Debris debris = small_house();
    DebrisFrame poses = at_rest(debris);
    poses[0].turn = {std::cos(0.005f), 0, std::sin(0.005f), 0};
    EXPECT_FALSE(DebrisMesh(debris).moment(poses, 0).still[0]);
}

TEST(DebrisMesh, APlaceOnAMovedPieceIsKnownByWhereItWasAtRest)
{
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.x += 0.5f;
    const SmallScene scene(poses, Light());
    const Ray ray{.origin = {1.0f, 3, 5}, .direction = {0, 0, -1}};
    const auto hit = scene.moved->nearest(ray);
    ASSERT_TRUE(hit);
    EXPECT_NEAR((scene.mesh.rest_point(*hit) - V3(0.5f, 3, 0)).length(), 0, 1e-4);
    const DebrisFace& face = scene.mesh.faces()[static_cast<std::size_t>(scene.mesh.face_of(hit->triangle))];
    EXPECT_NEAR((DebrisMesh::way_to_edge(face, {0.5f, 3.2f, 0}) - V3(0, 0.8f, 0)).length(), 0, 1e-4);
}

TEST(SetMesh, NormalsPointOutOfBoxesAndUpFromTheGround)
{
    CollapseSet set;
    set.obstacles = {{{3, 0, -4}, {5, 6, -1}}};
    const Mesh mesh = set_mesh(set);
    const TraceScene scene(TraceDevice(), mesh);
    const auto normal_towards = [&](const V3& from, const V3& way) {
        const auto hit = scene.nearest({.origin = from, .direction = way});
        return hit ? normal_of(mesh, hit->triangle) : V3(0);
    };
    EXPECT_EQ(normal_towards({0, 3, 5}, {0, -1, -0.1f}), V3(0, 1, 0));
    EXPECT_EQ(normal_towards({4, 3, 5}, {0, 0, -1}), V3(0, 0, 1));
    EXPECT_EQ(normal_towards({0, 3, -2}, {1, 0, 0}), V3(-1, 0, 0));
    EXPECT_EQ(normal_towards({9, 3, -2}, {-1, 0, 0}), V3(1, 0, 0));
    EXPECT_EQ(normal_towards({4, 9, -2}, {0, -1, 0}), V3(0, 1, 0));
}

TEST(ChipMesh, ChipsAreClosedAndAboutTheirSize)
{
    const Chips chips{{.size_m = 0.1f, .element = 0, .born = 0, .seed = 7}, {.size_m = 0.001f, .element = 0, .born = 0, .seed = 8}};
    const ChipsFrame poses(2);
    Mesh mesh;
    std::vector<int> added;
    add_chips(mesh, chips, poses, 0, 0.01f, added);
    ASSERT_EQ(added, std::vector<int>{0});                  // the other one is too small
    ASSERT_EQ(mesh.triangles.size(), static_cast<std::size_t>(kTrianglesPerChip));
    float volume = 0;
    for (const auto& [a, b, c] : mesh.triangles)
        volume += mesh.points[a].dot(mesh.points[b].cross(mesh.points[c])) / 6;
    EXPECT_GT(volume, 0.05f * 0.001f);                      // turned outwards
    EXPECT_LT(volume, 2 * 0.001f);
}

}  // namespace
}  // namespace platefall::render
