#include "collapse/playblast/playblast.h"

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace platefall::collapse {
namespace {

const Window kWindow{0, 0, 160, 90};

/// At the origin, looking along -z; 36 mm film back and focal length, so that at 10 m the picture is 10 m wide.
Camera camera()
{
    Camera camera;
    camera.focal_length_mm = 36;
    return camera;
}

Image grey_plate()
{
    return Image(kWindow, kWindow, {{"R"}, {"G"}, {"B"}}, 0.5f);
}

/// A cube of 2 m around its centre.
Debris cube()
{
    DebrisPiece piece;
    for (int corner = 0; corner < 8; ++corner)
        piece.points.push_back({corner & 1 ? 1.0f : -1.0f, corner & 2 ? 1.0f : -1.0f, corner & 4 ? 1.0f : -1.0f});
    piece.faces = {{{0, 2, 3, 1}, true}, {{4, 5, 7, 6}, true}, {{0, 1, 5, 4}, true},
                   {{2, 6, 7, 3}, true}, {{0, 4, 6, 2}, true}, {{1, 3, 7, 5}, true}};
    return {.materials = {"concrete"}, .elements = {}, .pieces = {piece}};
}

DebrisFrame at(float x, float y, float z)
{
    return {{.centre = {x, y, z}, .turn = {}, .velocity = {}, .spin = {}}};
}

DustFrame clear_air()
{
    return {};
}

/// 20 m of dust, 10 to 30 m away; its top is 4 m above the camera.
DustFrame fog(float kg_m3)
{
    DustFrame frame{.low = {-20, -20, -30},
                    .cell_m = 1,
                    .cells = {40, 24, 20},
                    .density = {},
                    .velocity = {},
                    .strain = {}};
    frame.density[0].assign(40 * 24 * 20, kg_m3);
    frame.density[1].assign(40 * 24 * 20, 0.0f);
    frame.velocity.resize(20 * 12 * 10);
    frame.strain.resize(20 * 12 * 10);
    return frame;
}

const Vec3f kSun{0, 0.6f, 0.8f};   // from behind the camera

TEST(CollapsePlayblast, APieceIsWhereTheCameraSeesIt)
{
    const Debris debris = cube();
    const DebrisFrame poses = at(2, 1, -11);   // its front is 10 m away: 16 px a metre, from x 1..3 and y 0..2
    const DustFrame air = clear_air();
    const Playblast made = draw_playblast(grey_plate(), camera(), {debris, poses, air, {}, kSun});
    for (const auto& [x, y, covered] :
         {std::tuple(97, 43, 1.0f), std::tuple(126, 14, 1.0f), std::tuple(91, 30, 0.0f),
          std::tuple(129, 30, 0.0f), std::tuple(110, 11, 0.0f), std::tuple(110, 46, 0.0f)}) {
        EXPECT_EQ(*made.generated.pixel(x, y), covered) << x << "," << y;
        EXPECT_EQ(made.picture.pixel(x, y)[1] == 0.5f, covered == 0) << x << "," << y;
    }
}

TEST(CollapsePlayblast, WhatIsNearerHidesWhatIsFarther)
{
    Debris debris = cube();
    debris.materials = {"concrete", "glass"};
    debris.pieces.push_back(debris.pieces[0]);
    debris.pieces[1].material = 1;
    DebrisFrame poses = at(0, 0, -20);
    poses.push_back(at(0, 0, -8)[0]);
    const DustFrame air = clear_air();
    const Image glass_in_front = draw_playblast(grey_plate(), camera(), {debris, poses, air, {}, kSun}).picture;
    std::swap(poses[0], poses[1]);
    const Image glass_behind = draw_playblast(grey_plate(), camera(), {debris, poses, air, {}, kSun}).picture;
    EXPECT_LT(glass_in_front.pixel(80, 45)[0], 0.15f);
    EXPECT_GT(glass_behind.pixel(80, 45)[0], 0.2f);
}

TEST(CollapsePlayblast, AChipIsASquareOfItsSize)
{
    Debris debris = cube();
    debris.elements = {{.kind = ElementKind::slab, .floor = 0, .material = 0}};
    const DebrisFrame poses = at(0, 0, 50);   // behind the camera
    const DustFrame air = clear_air();
    const Chips chips{{.size_m = 1.25f, .element = 0, .born = 0, .seed = 1}};   // its side is a metre, 16 px
    const ChipsFrame flying = at(0, 0, -10);
    const Playblast made = draw_playblast(grey_plate(), camera(), {debris, poses, air, {}, kSun, chips, flying});
    for (const auto& [x, covered] : {std::pair(80, 1.0f), {73, 1.0f}, {86, 1.0f}, {70, 0.0f}, {90, 0.0f}})
        EXPECT_EQ(*made.generated.pixel(x, 45), covered) << x;
}

TEST(CollapsePlayblast, AHoldoutHidesAndShowsThePlate)
{
    const Debris debris = cube();
    const DebrisFrame poses = at(0, 0, -20);
    const DustFrame dust = fog(0.03f);
    const std::vector<SetBox> neighbour{{{-3, -3, -9}, {3, 3, -8}}};
    const Playblast made = draw_playblast(grey_plate(), camera(), {debris, poses, dust, neighbour, kSun});
    EXPECT_EQ(made.picture.pixel(80, 45)[0], 0.5f) << "debris and dust are behind it";
    EXPECT_EQ(*made.generated.pixel(80, 45), 0.0f);
    EXPECT_GT(*made.generated.pixel(5, 5), 0.5f) << "beside it is dust";
}

TEST(CollapsePlayblast, DustHidesByItsMassOnTheWay)
{
    const Debris none{.materials = {"concrete"}, .elements = {}, .pieces = {}};
    const DebrisFrame poses;
    const DustFrame dust = fog(0.0035f);   // 15 m2/kg: 0.0525 a metre, over 20 m
    const Playblast made = draw_playblast(grey_plate(), camera(), {none, poses, dust, {}, kSun});
    EXPECT_NEAR(*made.generated.pixel(80, 45), 1 - std::exp(-0.0525 * 20), 0.03);
}

TEST(CollapsePlayblast, DustThatTheSunCannotReachIsDarker)
{
    const Debris none{.materials = {"concrete"}, .elements = {}, .pieces = {}};
    const DebrisFrame poses;
    const DustFrame dust = fog(0.017f);
    const Image picture = draw_playblast(grey_plate(), camera(), {none, poses, dust, {}, {0, 1, 0}}).picture;
    EXPECT_GT(picture.pixel(80, 2)[0], 1.2f * picture.pixel(80, 88)[0]) << "the top of the cloud and its foot";
}

TEST(CollapsePlayblast, NothingBehindTheCameraIsDrawn)
{
    const Debris debris = cube();
    const DustFrame air = clear_air();
    for (const float z : {5.0f, 0.5f}) {   // behind; and around the camera, whose faces turn away
        const DebrisFrame poses = at(0, 0, z);
        const Playblast made = draw_playblast(grey_plate(), camera(), {debris, poses, air, {}, kSun});
        EXPECT_EQ(made.picture.pixel(80, 45)[0], 0.5f) << z;
    }
}

TEST(CollapsePlayblast, TheNumberOfThreadsDoesNotShow)
{
    const Debris debris = cube();
    const DebrisFrame poses = at(1, 0, -15);
    const DustFrame dust = fog(0.002f);
    const auto draw = [&](int threads) {
        const ThreadLimit limit(threads);
        return draw_playblast(grey_plate(), camera(), {debris, poses, dust, {}, kSun}).picture;
    };
    const Image one = draw(1), two = draw(2);
    EXPECT_EQ(std::memcmp(one.data(), two.data(), one.bytes()), 0);
}

}  // namespace
}  // namespace platefall::collapse
