#include "render/geometry/screen_cover.h"

#include "render/sampling.h"

#include "render/small_scene.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

constexpr Window kWindow{-8, -5, 104, 59};       // overscan, and no whole number of tiles

ScreenCover cover_of(const View& view, const Mesh& mesh)
{
    return ScreenCover(view, kWindow, TraceScene(TraceDevice(), mesh).boxes());
}

int covered(const ScreenCover& cover)
{
    int count = 0;
    for (int y = kWindow.y0; y < kWindow.y1; ++y)
        for (int x = kWindow.x0; x < kWindow.x1; ++x)
            count += cover.at(x, y);
    return count;
}

/// A triangle of this size around a place, which moves while the shutter is open.
Mesh flying(const V3& at, const V3& way, float size)
{
    Mesh mesh{.points = {at - V3(size, 0, 0), at + V3(size, 0, 0), at + V3(0, size, 0)}, .points_at_close = {}, .triangles = {{0, 1, 2}}};
    for (const V3& point : mesh.points)
        mesh.points_at_close.push_back(point + way);
    return mesh;
}

/// A camera that pans by a tenth of the picture while the shutter is open.
View panning_view()
{
    ShotInfo shot = small_shot();
    shot.camera = [still = shot.camera](int frame) {
        Camera camera = still(frame);
        const double turn = 0.12 * frame;
        camera.world_from_camera[0] = {std::cos(turn), 0, std::sin(turn), 0};
        camera.world_from_camera[2] = {-std::sin(turn), 0, std::cos(turn), 12};
        return camera;
    };
    return View(shot, 2, 1);
}

TEST(ScreenCover, NoRayMeetsAnythingWhereNothingIsCovered)
{
    int met = 0, left_out = 0;
    for (const View& view : {View(small_shot(), 2, 0.5f), panning_view()})
        for (const Mesh& mesh : {DebrisMesh(small_house()).at_rest(), flying({0, 3, 4}, {3, 1, 5}, 0.3f), flying({-4, 1, 0}, {0, -1, 0}, 0.02f)}) {
            const TraceScene scene(TraceDevice(), mesh);
            const ScreenCover cover(view, kWindow, scene.boxes());
            for (int y = kWindow.y0; y < kWindow.y1; ++y)
                for (int x = kWindow.x0; x < kWindow.x1; ++x)
                    for (std::uint32_t i = 0; i < 16; ++i) {
                        const PixelSamples samples(1, 2, x, y);
                        const auto beside = samples.pair(i, 0);
                        const Ray ray = view.ray(static_cast<float>(x) + 2 * beside[0] - 0.5f, static_cast<float>(y) + 2 * beside[1] - 0.5f,
                                                 samples.one(i, 1));
                        const bool meets = scene.nearest(ray).has_value();
                        met += meets;
                        left_out += !cover.at(x, y);
                        ASSERT_FALSE(meets && !cover.at(x, y)) << x << ", " << y;
                    }
        }
    EXPECT_GT(met, 1000);
    EXPECT_GT(left_out, 100000);
}

TEST(ScreenCover, TwoThingsFarApartLeaveWhatIsBetweenThem)
{
    Mesh mesh = flying({-5, 2, 0}, {0, 0, 0}, 0.1f);
    const Mesh other = flying({5, 2, 0}, {0, 0, 0}, 0.1f);
    const View view(small_shot(), 2, 0.5f);
    const int alone = covered(cover_of(view, mesh)) + covered(cover_of(view, other));
    mesh.points.insert(mesh.points.end(), other.points.begin(), other.points.end());
    mesh.points_at_close.insert(mesh.points_at_close.end(), other.points_at_close.begin(), other.points_at_close.end());
    mesh.triangles.push_back({3, 4, 5});
    EXPECT_EQ(covered(cover_of(view, mesh)), alone);
}

TEST(ScreenCover, WhatIsBehindTheCameraCoversNothingAndWhatItIsInEverything)
{
    const View view(small_shot(), 2, 0.5f);
    EXPECT_EQ(covered(cover_of(view, flying({0, 1.8f, 14}, {0, 0, 0}, 1))), 0);
    EXPECT_EQ(covered(cover_of(view, flying({0, 1.8f, 14}, {0, 0, -4}, 1))), kWindow.width() * kWindow.height());
}

}  // namespace
}  // namespace platefall::render
