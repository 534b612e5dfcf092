#include "cleanplate/occlusion.h"

#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

using test::SmallTake;

constexpr Window kWindow{0, 0, 200, 60};
constexpr Window kPost{80, 0, 120, 60};   // in the base frame, 2; what is behind it does not move
constexpr int kShift = 10;                // pixels that the post moves to the left from frame to frame

/// The post has depth `sign`, all else 0.
struct Post {
    SmallTake made{.window = kWindow, .take = {}, .masks = std::vector<FrameMasks>(5), .plates = {}};
    CanvasPlan plan;
    CellGrid grid;
    std::vector<float> depths;

    explicit Post(int sign)
    {
        made.take.base = 2;
        for (int i = 0; i < 5; ++i) {
            made.take.frames.push_back(1001 + i);
            made.take.frame_from_base.push_back({});
            made.take.parallax.push_back({-1.0 * sign * kShift * (i - 2), 0, 0});
            made.plates.push_back(test::picture(kWindow, i, [](const Vec2&) { return 0.5; }, 0));
        }
        made.cover(2, {60, 10, 140, 50});
        plan = made.plan();
        grid = make_grid(made.take, made.masks, plan, 32);
        depths.resize(grid.count());
        for (int cell = 0; cell < static_cast<int>(grid.count()); ++cell)
            if (const double x = grid.middle(cell)[0]; x > kPost.x0 && x < kPost.x1)
                depths[static_cast<std::size_t>(cell)] = static_cast<float>(sign);
    }

    SurfaceInView in_view(std::size_t index, int nearness) const
    {
        const SourceView view(index, grid, made.masks[index], made.plates[index], view_map(made.take, index, plan.base));
        return {grid, view, depths, nearness};
    }
};

TEST(CleanplateOcclusion, AWallIsHiddenWhereAPostStandsInThatFrame)
{
    const SurfaceInView later = Post(1).in_view(4, 1);   // the post stands at 60 to 100 there
    EXPECT_TRUE(later.hides({65, 30}, 0));
    EXPECT_TRUE(later.hides({97, 30}, 0));
    EXPECT_FALSE(later.hides({55, 30}, 0));
    EXPECT_FALSE(later.hides({125, 30}, 0));
}

TEST(CleanplateOcclusion, APostIsNotHiddenByItselfNorByTheWall)
{
    const SurfaceInView later = Post(1).in_view(4, 1);
    for (const double x : {81.0, 100.0, 119.0})
        EXPECT_FALSE(later.hides({x, 30}, 1)) << x;
}

TEST(CleanplateOcclusion, WhereNearerIsSmallerTheSameIsHidden)
{
    const SurfaceInView later = Post(-1).in_view(4, -1);
    EXPECT_TRUE(later.hides({65, 30}, 0));
    EXPECT_FALSE(later.hides({125, 30}, 0));
    EXPECT_FALSE(later.hides({100, 30}, -1));
}

TEST(CleanplateOcclusion, TheFrameOfTheCanvasItselfSeesAllOfIt)
{
    const SurfaceInView own = Post(1).in_view(2, 1);
    for (const double x : {75.0, 79.5, 100.0, 121.0})
        EXPECT_FALSE(own.hides({x, 30}, 0)) << x;
}

}  // namespace
}  // namespace platefall::cleanplate
