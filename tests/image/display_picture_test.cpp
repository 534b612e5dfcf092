#include "image/display_picture.h"

#include "base/files.h"
#include "image/pictures.h"
#include "image/read.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <limits>

namespace platefall {
namespace {

TEST(DisplayPicture, APngShowsTheDisplayWindow)
{
    const test::TempFolder folder;
    Image image({-1, 0, 3, 2}, {0, 0, 4, 2}, test::channels_named({"R", "G", "B", "A"}), 0.5f);
    image.pixel(0, 0)[0] = 1.5f;
    image.pixel(0, 0)[1] = -1.0f;
    image.pixel(0, 0)[2] = std::numeric_limits<float>::quiet_NaN();
    write_png(folder / "out.png", display_picture(image, image.display_window()));
    const Image back = read_image(folder / "out.png").image;
    EXPECT_EQ(back.data_window(), (Window{0, 0, 4, 2}));
    EXPECT_EQ(describe(back.channels()), "R G B");
    EXPECT_EQ(back.pixel(0, 0)[0], 1.0f);
    EXPECT_EQ(back.pixel(0, 0)[1], 0.0f);
    EXPECT_EQ(back.pixel(0, 0)[2], 0.0f);
    EXPECT_NEAR(back.pixel(2, 1)[1], 0.5f, 0.002f);
    EXPECT_EQ(back.pixel(3, 1)[1], 0.0f) << "outside the data window";
}

TEST(DisplayPicture, LuminanceStandsForColour)
{
    const DisplayPicture picture = display_picture(Image({0, 0, 2, 1}, {0, 0, 2, 1}, {{"Y"}}, 1.0f), {0, 0, 2, 1});
    EXPECT_THAT(picture.rgb, testing::Each(255));
    EXPECT_EQ(picture.rgb.size(), 6u);
}

TEST(DisplayPicture, ShrunkPixelsAreTheMeanOfThoseTheyCover)
{
    DisplayPicture picture(4, 2);
    for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 4; ++x)
            for (int c = 0; c < 3; ++c)
                picture.row(y)[3 * x + c] = static_cast<std::uint8_t>(10 * x + y + c);
    const DisplayPicture small = shrunk(picture, 2);
    EXPECT_EQ(small.width, 2);
    EXPECT_EQ(small.height, 1);
    EXPECT_THAT(small.rgb, testing::ElementsAre(6, 7, 8, 26, 27, 28));
    EXPECT_EQ(shrunk(picture, 9).rgb, picture.rgb) << "never enlarged";
}

TEST(DisplayPicture, AJpegComesBackNearlyTheSame)
{
    const test::TempFolder folder;
    DisplayPicture picture(32, 16);
    std::fill(picture.rgb.begin(), picture.rgb.end(), std::uint8_t{200});
    write_file_atomically(folder / "a.jpg", encode_jpeg(picture));
    const Image back = read_image(folder / "a.jpg").image;
    EXPECT_EQ(back.data_window(), (Window{0, 0, 32, 16}));
    EXPECT_NEAR(back.pixel(7, 7)[1], 200.0f / 255.0f, 0.01f);
}

TEST(DisplayPicture, OneWithoutPixelsIsRefused)
{
    EXPECT_EQ(test::error_of([] { encode_png(DisplayPicture()); }), "cannot encode a picture without pixels");
}

}  // namespace
}  // namespace platefall
