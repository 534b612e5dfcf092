#include "model/views.h"

#include "model/holes.h"
#include "model/model_helpers.h"

namespace platefall::model {
namespace {

constexpr Window kFrame{0, 0, 640, 360};

Model any_size() { return Model(fake_session({1, 3, -1, -1}), params_of(binding_params(), ""), 0); }
Model only_64() { return Model(fake_session({1, 3, 64, 64}), params_of(binding_params(), ""), 0); }

TEST(ModelViews, ASmallHoleIsShownAsItIsWithMoreAroundIt)
{
    const ViewPlan plan = plan_views({100, 100, 140, 120}, kFrame, only_64(), {});
    ASSERT_EQ(plan.views.size(), 1u);
    EXPECT_EQ(plan.views[0].region, (Window{88, 78, 152, 142}));
    EXPECT_EQ(plan.views[0].width, 64);
}

TEST(ModelViews, ALargeHoleIsShownSmallerInTheModelsProportions)
{
    const ViewPlan plan = plan_views({100, 100, 356, 228}, kFrame, only_64(), {});
    ASSERT_EQ(plan.views.size(), 1u);
    EXPECT_EQ(plan.views[0].region, (Window{100, 36, 356, 292}));
    EXPECT_EQ(plan.views[0].width, 64);
    EXPECT_EQ(plan.views[0].height, 64);
}

TEST(ModelViews, AViewIsMovedIntoThePicture)
{
    const ViewPlan plan = plan_views({-30, -30, 20, 20}, kFrame, only_64(), {});
    EXPECT_EQ(plan.views[0].region, (Window{0, 0, 64, 64}));
}

TEST(ModelViews, AViewTallerThanThePictureReachesOverItsEdges)
{
    const ViewPlan plan = plan_views({0, 0, 640, 360}, kFrame, only_64(), {});
    EXPECT_EQ(plan.views[0].region, (Window{0, -140, 640, 500}));
}

TEST(ModelViews, AModelOfAnySizeGetsAMultipleOfTheDivisor)
{
    const ViewPlan plan = plan_views({0, 0, 640, 360}, kFrame, any_size(), {.size = 320, .divisor = 32});
    EXPECT_EQ(plan.views[0].width, 320);
    EXPECT_EQ(plan.views[0].height, 192);
    EXPECT_EQ(plan.views[0].region, (Window{0, -12, 640, 372}));
}

TEST(ModelViews, TilesCoverThePictureEvenlyAndOverlap)
{
    const ViewPlan plan = plan_views(kFrame, kFrame, only_64(), {.in_tiles = true, .overlap = 16});
    EXPECT_EQ(plan.whole, kFrame);
    EXPECT_EQ(plan.views.size(), 13u * 8u);
    for (int y = 0; y < 360; ++y)
        for (int x = 0; x < 640; ++x) {
            float sum = 0;
            for (const View& view : plan.views)
                if (view.region.contains(x, y))
                    sum += weight_of(view, plan, x, y);
            ASSERT_GT(sum, 0.4f) << x << "," << y;
        }
}

TEST(ModelViews, WeightsRiseSoftlyWhereTilesMeetAndNotAtTheEdge)
{
    const ViewPlan plan = plan_views({0, 0, 112, 64}, {0, 0, 112, 64}, only_64(), {.in_tiles = true, .overlap = 16});
    ASSERT_EQ(plan.views.size(), 2u);
    EXPECT_EQ(plan.views[1].region, (Window{48, 0, 112, 64}));
    EXPECT_EQ(weight_of(plan.views[0], plan, 0, 0), 1.0f);
    EXPECT_EQ(weight_of(plan.views[0], plan, 47, 30), 1.0f);
    for (int x = 48; x < 64; ++x)
        EXPECT_NEAR(weight_of(plan.views[0], plan, x, 5) + weight_of(plan.views[1], plan, x, 5), 1.0f, 1e-6f) << x;
}

TEST(ModelViews, OneTileIsNoLargerThanItNeedsToBe)
{
    const ViewPlan plan = plan_views({100, 100, 150, 130}, kFrame, any_size(), {.in_tiles = true, .size = 512, .divisor = 8});
    ASSERT_EQ(plan.views.size(), 1u);
    EXPECT_EQ(plan.views[0].width, 56);
    EXPECT_EQ(plan.views[0].height, 32);
}

TEST(ModelHoles, NearHolesShareABoxAndFarOnesDoNot)
{
    Image matte = matte_of(kFrame, {100, 100, 120, 130});
    for (const Window& hole : {Window{150, 110, 160, 120}, Window{500, 40, 510, 45}})
        for (int y = hole.y0; y < hole.y1; ++y)
            for (int x = hole.x0; x < hole.x1; ++x)
                *matte.pixel(x, y) = 0.2f;
    EXPECT_EQ(boxes_around_holes(matte, 0.5), (std::vector<Window>{{500, 40, 510, 45}, {100, 100, 160, 130}}));
}

TEST(ModelHoles, ABoxThatGrowsTakesInThoseItComesToMeet)
{
    Image matte = matte_of(kFrame, {0, 0, 10, 10});
    for (const int x : {73, 146, 219, 292})   // 63 px from one to the next
        for (int y = 0; y < 10; ++y)
            std::fill_n(matte.pixel(x, y), 10, 1.0f);
    EXPECT_EQ(boxes_around_holes(matte, 0), (std::vector<Window>{{0, 0, 302, 10}}));
}

TEST(ModelHoles, WithoutAHoleThereIsNoBox)
{
    EXPECT_TRUE(boxes_around_holes(matte_of(kFrame, {}), 0.5).empty());
}

}  // namespace
}  // namespace platefall::model
