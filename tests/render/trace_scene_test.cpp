#include "render/geometry/trace_scene.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

Mesh wall_at(float z)
{
    return {.points = {{-1, -1, z}, {1, -1, z}, {0, 2, z}}, .points_at_close = {}, .triangles = {{0, 1, 2}}};
}

const Ray kForward{.origin = {0, 0, 5}, .direction = {0, 0, -2}};

TEST(TraceScene, DistancesCountInLengthsOfTheDirection)
{
    const TraceScene scene(TraceDevice(), wall_at(1));
    const auto hit = scene.nearest(kForward);
    ASSERT_TRUE(hit);
    EXPECT_FLOAT_EQ(hit->distance, 2.0f);
    EXPECT_TRUE(scene.blocks(kForward));
}

TEST(TraceScene, NothingBeyondFarIsMet)
{
    const TraceScene scene(TraceDevice(), wall_at(1));
    Ray ray = kForward;
    ray.far = 1.9f;
    EXPECT_FALSE(scene.nearest(ray));
    EXPECT_FALSE(scene.blocks(ray));
    ray.far = 2.1f;
    EXPECT_TRUE(scene.blocks(ray));
}

TEST(TraceScene, AMovingWallIsWhereTheShutterHasIt)
{
    Mesh mesh = wall_at(1);
    mesh.points_at_close = wall_at(3).points;
    const TraceScene scene(TraceDevice(), mesh);
    Ray ray = kForward;
    for (const float time : {0.0f, 0.25f, 1.0f}) {
        ray.time = time;
        const auto hit = scene.nearest(ray);
        ASSERT_TRUE(hit);
        EXPECT_NEAR(hit->distance, (5 - (1 + 2 * time)) / 2, 1e-5f);
    }
}

TEST(TraceScene, FourRaysAtOnceMeetWhatEachAloneDoes)
{
    Mesh mesh = wall_at(1);
    mesh.points_at_close = wall_at(1).points;
    for (V3& point : mesh.points_at_close)
        point.x += 2;                                        // out of the way as the shutter closes
    const TraceScene scene(TraceDevice(), mesh);
    std::array<Ray, 4> rays{kForward, kForward, kForward, kForward};
    rays[1].time = 1;
    rays[2].far = 1.5f;
    rays[3].direction = {0.01f, 0, -2};
    EXPECT_EQ(scene.blocks(rays, 0b1111), 0b1001u);
    EXPECT_EQ(scene.blocks(rays, 0b1110), 0b1000u) << "what was not asked is not answered";
    EXPECT_EQ(scene.blocks(rays, 0), 0u);
}

TEST(TraceScene, AnEmptySceneMeetsNothing)
{
    const TraceScene scene(TraceDevice(), Mesh{});
    EXPECT_FALSE(scene.nearest(kForward));
    EXPECT_FALSE(scene.blocks(kForward));
    EXPECT_EQ(scene.blocks({kForward, kForward, kForward, kForward}, 0b1111), 0u);
}

}  // namespace
}  // namespace platefall::render
