#include "scene/dust_frame.h"

#include "scene/small_scene.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace platefall {
namespace {

using test::TempFolder;

void expect_close(const std::vector<float>& got, const std::vector<float>& wanted)
{
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        EXPECT_NEAR(got[i], wanted[i], 1e-3f * wanted[i]) << i;
}

TEST(SceneDust, ComesBackWithinHalfPrecision)
{
    const TempFolder folder;
    const DustFrame saved = test::puff();
    save_dust_frame(saved, folder / "1001");
    const DustFrame loaded = load_dust_frame(folder / "1001");
    EXPECT_EQ(loaded.low, saved.low);
    EXPECT_EQ(loaded.cell_m, saved.cell_m);
    EXPECT_EQ(loaded.cells, saved.cells);
    expect_close(loaded.density[0], saved.density[0]);
    expect_close(loaded.density[1], saved.density[1]);
    EXPECT_EQ(loaded.velocity, saved.velocity);
    expect_close(loaded.strain, saved.strain);
}

TEST(SceneDust, WhatIsTooDenseForAHalfIsTheLargestAndNotInfinite)
{
    const TempFolder folder;
    DustFrame saved = test::puff();
    saved.density[1][0] = 200;        // kg/m3
    save_dust_frame(saved, folder / "1001");
    EXPECT_NEAR(load_dust_frame(folder / "1001").density[1][0], 65.5f, 0.1f);
}

TEST(SceneDust, ClearAirTakesAFewBytesAndComesBackClear)
{
    const TempFolder folder;
    DustFrame clear{.low = {}, .cell_m = 0.5f, .cells = {256, 128, 256}, .density = {}, .velocity = {}, .strain = {}};
    save_dust_frame(clear, folder / "never");
    EXPECT_TRUE(load_dust_frame(folder / "never").is_clear());
    DustFrame thin = test::puff();
    for (auto& density : thin.density)
        for (float& value : density)
            value = value > 0 ? 9e-7f : 0;   // below a thousandth of a gram
    save_dust_frame(thin, folder / "thin");
    EXPECT_TRUE(load_dust_frame(folder / "thin").is_clear());
    EXPECT_LT(std::filesystem::file_size(folder / "never"), 200u);
}

TEST(SceneDust, CellsThatDoNotFillATileAreKept)
{
    const TempFolder folder;
    DustFrame frame{.low = {}, .cell_m = 1, .cells = {10, 10, 10}, .density = {}, .velocity = {}, .strain = {}};
    for (auto& density : frame.density)
        density.resize(1000);
    frame.velocity.resize(125);
    frame.strain.resize(125);
    frame.density[0].back() = 0.5f;
    save_dust_frame(frame, folder / "1001");
    const DustFrame loaded = load_dust_frame(folder / "1001");
    expect_close(loaded.density[0], frame.density[0]);
}

}  // namespace
}  // namespace platefall
