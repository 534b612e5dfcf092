#include "report/contact_sheet.h"

#include "support/error_text.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace platefall {
namespace {

DisplayPicture plain(int width, int height, std::uint8_t value)
{
    DisplayPicture picture(width, height);
    std::fill(picture.rgb.begin(), picture.rgb.end(), value);
    return picture;
}

/// How many pixels of the rows are brighter than words must be.
std::ptrdiff_t bright_in(const DisplayPicture& picture, int y0, int y1, int x0, int x1)
{
    std::ptrdiff_t count = 0;
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x)
            count += picture.row(y)[3 * x] > 150;
    return count;
}

TEST(ContactSheet, PicturesStandInRowsWithTheirWordsBelow)
{
    const std::vector<SheetCell> cells(3, {plain(100, 50, 90), {"1001", "seed 7"}});
    const DisplayPicture sheet = contact_sheet(cells, {.columns = 2, .cell_width_px = 100});
    EXPECT_EQ(sheet.width, 2 * 108 + 8);
    EXPECT_EQ(sheet.height, 8 + 2 * (50 + 2 * 13 + 8));
    EXPECT_EQ(sheet.row(8)[3 * 8], 90) << "the first picture";
    EXPECT_EQ(sheet.row(8)[3 * 116], 90) << "the second";
    EXPECT_EQ(sheet.row(8 + 84)[3 * 8], 90) << "the third, below";
    EXPECT_EQ(sheet.row(8 + 84)[3 * 116], 24) << "nothing";
    EXPECT_GT(bright_in(sheet, 58, 71, 8, 108), 10) << "words";
    EXPECT_GT(bright_in(sheet, 71, 84, 8, 108), 10) << "more words";
    EXPECT_EQ(bright_in(sheet, 8, 58, 8, 108), 0) << "no words over the picture";
}

TEST(ContactSheet, WordsStayUnderTheirPicture)
{
    const std::vector<SheetCell> cells(2, {plain(60, 20, 0), {std::string(200, 'm')}});
    const DisplayPicture sheet = contact_sheet(cells, {.columns = 2, .cell_width_px = 60});
    EXPECT_EQ(bright_in(sheet, 0, sheet.height, 69, 75), 0) << "the gap between the two";
}

TEST(ContactSheet, RowsHaveTitlesAcrossTheWholeSheet)
{
    const std::vector<SheetCell> cells(4, {plain(100, 50, 90), {"1001"}});
    const DisplayPicture sheet = contact_sheet(
        cells, {.columns = 2, .cell_width_px = 100, .row_titles = {"1", "2  seed 2, strength 0.4"}});
    EXPECT_EQ(sheet.height, 8 + 2 * (24 + 16 + 50 + 13 + 8));
    EXPECT_EQ(sheet.row(8 + 40)[3 * 8], 90) << "the first picture, below its row's title";
    EXPECT_EQ(sheet.row(8 + 111 + 40)[3 * 8], 90) << "the second row's";
    EXPECT_GT(bright_in(sheet, 16, 40, 0, 40), 3) << "the first title";
    EXPECT_EQ(bright_in(sheet, 8, 48, 40, sheet.width), 0) << "which is short";
    EXPECT_GT(bright_in(sheet, 127, 151, 120, sheet.width), 10) << "the second is longer than its picture is wide";
}

TEST(ContactSheet, WithoutColumnsItIsAboutAsWideAsAScreen)
{
    const std::vector<SheetCell> cells(30, {plain(480, 10, 0), {"x"}});
    const DisplayPicture sheet = contact_sheet(cells, {});
    EXPECT_THAT(sheet.width, testing::AllOf(testing::Gt(1200), testing::Le(1928)));
}

TEST(ContactSheet, NothingToShowIsRefused)
{
    EXPECT_EQ(test::error_of([] { contact_sheet({}, {}); }), "a contact sheet needs at least one picture");
}

TEST(BurnIn, TouchesItsCornerAlone)
{
    DisplayPicture picture = plain(400, 300, 100);
    burn_in(picture, "1001", Corner::bottom_right);
    EXPECT_GT(bright_in(picture, 270, 300, 300, 400), 5);
    EXPECT_TRUE(std::all_of(picture.rgb.begin(), picture.rgb.begin() + 3 * 400 * 270, [](auto v) { return v == 100; }));
    EXPECT_EQ(picture.row(299)[3 * 10], 100);
}

TEST(BurnIn, LongWordsStayInsideThePicture)
{
    for (const Corner corner : {Corner::top_left, Corner::top_right, Corner::bottom_left, Corner::bottom_right}) {
        DisplayPicture picture = plain(40, 16, 100);
        burn_in(picture, "a very long name of a shot", corner, 1);
        EXPECT_EQ(picture.width, 40);
    }
}

}  // namespace
}  // namespace platefall
