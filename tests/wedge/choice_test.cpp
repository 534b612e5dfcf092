#include "wedge/choice.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace platefall::wedge {
namespace {

using testing::HasSubstr;
using testing::Not;

Still grey_still(std::uint8_t value)
{
    DisplayPicture picture(160, 90);
    std::fill(picture.rgb.begin(), picture.rgb.end(), value);
    return {encode_jpeg(picture), picture};
}

/// Two variants; the second has no picture of its last frame.
Choice choice(std::vector<int> frames)
{
    Choice made{"street wedge", "platefall wedge shot.toml --pick", frames, {}};
    for (const int number : {1, 2}) {
        Shown variant{number, "seed " + std::to_string(number) + " </script>", {}};
        for (std::size_t i = 0; i < frames.size(); ++i)
            variant.stills.push_back(grey_still(static_cast<std::uint8_t>(80 * number)));
        made.variants.push_back(std::move(variant));
    }
    made.variants[1].stills.back().reset();
    return made;
}

/// The largest red of a part of the sheet.
int brightest(const DisplayPicture& sheet, int x0, int y0, int x1, int y1)
{
    int most = 0;
    for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x)
            most = std::max<int>(most, sheet.row(y)[3 * x]);
    return most;
}

TEST(WedgeSheet, HasARowAVariantAndAColumnAFrame)
{
    const DisplayPicture sheet = contact_sheet_of(choice({1001, 1002, 1003}));
    const int title = 30 + 16, heading = 24 + 16, row = heading + 90 + 13 + 8;
    EXPECT_EQ(sheet.width, 8 + 3 * 168);
    EXPECT_EQ(sheet.height, title + 2 * row);
    EXPECT_EQ(sheet.row(title + heading + 5)[3 * 20], 80) << "the first variant";
    EXPECT_EQ(sheet.row(title + row + heading + 5)[3 * 20], 160) << "the second";
    EXPECT_GT(brightest(sheet, 0, title, sheet.width, title + 32), 150) << "what the first is";
    const int x = 8 + 2 * 168, y = title + row + heading;
    EXPECT_EQ(brightest(sheet, x, y + 60, x + 160, y + 90), 0) << "the frame that failed is black";
    EXPECT_GT(brightest(sheet, x, y, x + 160, y + 30), 150) << "and says so";
}

TEST(WedgeSheet, OfOneFrameIsAGrid)
{
    const DisplayPicture sheet = contact_sheet_of(choice({1001}));
    EXPECT_EQ(sheet.width, 8 + 2 * 168) << "beside each other";
    EXPECT_EQ(sheet.height, 46 + 90 + 13 + 8);
}

TEST(WedgePage, CarriesItsPicturesAndTheCommandThatPicks)
{
    const std::string page = page_of(choice({1001, 1002}));
    EXPECT_THAT(page, HasSubstr("<title>street wedge</title>"));
    EXPECT_THAT(page, HasSubstr(R"("command":"platefall wedge shot.toml --pick")"));
    EXPECT_THAT(page, HasSubstr(R"("frames":[1001,1002])"));
    EXPECT_THAT(page, HasSubstr("\"data:image/jpeg;base64,"));
    EXPECT_THAT(page, HasSubstr(R"(",null]}])")) << "the frame that failed";
    EXPECT_THAT(page, Not(HasSubstr("seed 1 </script>"))) << "a value is text, whatever it is";
}

}  // namespace
}  // namespace platefall::wedge
