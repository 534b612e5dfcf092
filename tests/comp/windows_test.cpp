#include "base/subprocess.h"
#include "comp_helpers.h"
#include "image/read.h"
#include "image/windows.h"
#include "image/write.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <limits>

namespace platefall::comp {
namespace {

/// `oiiotool A B --over`, through float files.
Image over_by_oiiotool(const Image& a, const Image& b)
{
    const test::TempFolder folder;
    write_exr(folder / "a.exr", a, {});
    write_exr(folder / "b.exr", b, {});
    Subprocess oiiotool(
        {"oiiotool", folder / "a.exr", folder / "b.exr", "--over", "-d", "float", "-o", folder / "over.exr"});
    oiiotool.finish();
    return read_image(folder / "over.exr").image;
}

Image over_by_comp(const Image& a, const Image& b)
{
    const ShotInfo shot = test_shot();
    Frame frame(shot, 1001);
    frame.set("plate", b);
    frame.set("cg", a);
    run_comp("layers = ['plate', 'cg']", frame);
    return frame.take("comp");
}

/// Zeros of either sign are equal: 0 times a negative colour is -0.
int unequal_samples(const Image& a, const Image& b)
{
    int count = 0;
    for (std::size_t i = 0; i < a.sample_count(); ++i)
        count += a.data()[i] != b.data()[i];
    return count;
}

struct WindowPair {
    std::string name;
    Window layer, plate;

    friend void PrintTo(const WindowPair& pair, std::ostream* out)
    {
        *out << describe(pair.layer) << " on " << describe(pair.plate);
    }
};

class Windows : public testing::TestWithParam<WindowPair> {};

TEST_P(Windows, OverEqualsOiiotool)
{
    if (find_program("oiiotool").empty())
        GTEST_SKIP() << "oiiotool is not installed (Debian package openimageio-tools)";
    const Image layer = noise(GetParam().layer, "RGBA", 11), plate = noise(GetParam().plate, "RGBA", 12);
    const Image ours = over_by_comp(layer, plate), theirs = over_by_oiiotool(layer, plate);

    ASSERT_EQ(ours.data_window(), theirs.data_window());
    EXPECT_EQ(ours.display_window(), theirs.display_window());
    for (int y = ours.data_window().y0; y < ours.data_window().y1; ++y)
        for (int x = ours.data_window().x0; x < ours.data_window().x1; ++x)
            for (const std::string channel : {"R", "G", "B", "A"}) {
                const float scale = std::abs(at(layer, x, y, channel)) + std::abs(at(plate, x, y, channel));
                ASSERT_NEAR(at(ours, x, y, channel), at(theirs, x, y, channel),
                            scale * std::numeric_limits<float>::epsilon())
                    << channel << " at " << x << "," << y;
            }
}

TEST_P(Windows, OutsideItsWindowAPictureIsTransparentBlack)
{
    const Window all = unite(unite(GetParam().layer, GetParam().plate), kDisplay);
    const Image layer = noise(GetParam().layer, "RGBA", 13), plate = noise(GetParam().plate, "RGBA", 14);
    for (const char* operation :
         {"over", "under", "in", "out", "atop", "xor", "mask", "stencil", "multiply"}) {
        const ShotInfo shot = test_shot();
        Frame frame(shot, 1001), padded(shot, 1001);
        frame.set("plate", plate);
        frame.set("cg", layer);
        padded.set("plate", with_data_window(plate, all));
        padded.set("cg", with_data_window(layer, all));
        const std::string list =
            std::string("layers = ['plate', { name = 'cg', operation = '") + operation + "' }]";
        run_comp(list, frame);
        run_comp(list, padded);
        for (const char* result : {"comp", "generated"})
            EXPECT_EQ(unequal_samples(with_data_window(frame.layer(result), all), padded.layer(result)), 0)
                << operation << " " << result;
    }
}

INSTANTIATE_TEST_SUITE_P(Comp, Windows,
                         testing::Values(WindowPair{"same", kDisplay, kDisplay},
                                         WindowPair{"layer_inside", {10, 5, 30, 20}, kDisplay},
                                         WindowPair{"layer_around", {-6, -4, 60, 40}, kDisplay},
                                         WindowPair{"shifted", {-9, 7, 21, 45}, {3, -5, 40, 25}},
                                         WindowPair{"disjoint", {0, 0, 10, 10}, {30, 20, 48, 32}},
                                         WindowPair{"side_by_side", {0, 0, 24, 32}, {24, 0, 48, 32}},
                                         WindowPair{"one_pixel", {17, 9, 18, 10}, {-3, -3, 50, 35}}),
                         [](const auto& test) { return test.param.name; });

TEST(EmptyWindows, AnEmptyLayerChangesNothing)
{
    const Image plate = noise(kDisplay, "RGBA", 15);
    EXPECT_EQ(differing_samples(over_by_comp(Image({}, kDisplay, float_channels("RGBA")), plate), plate), 0);
}

TEST(EmptyWindows, AnEmptyPlateShowsTheLayerAlone)
{
    const Image layer = noise({4, 4, 20, 20}, "RGBA", 16);
    const Image over = over_by_comp(layer, Image({}, kDisplay, float_channels("RGBA")));
    ASSERT_EQ(over.data_window(), layer.data_window());
    EXPECT_EQ(unequal_samples(over, layer), 0);
}

TEST(EmptyWindows, TwoEmptyPicturesMakeAnEmptyOne)
{
    const Image empty({}, kDisplay, float_channels("RGBA"));
    EXPECT_TRUE(over_by_comp(empty, empty).data_window().empty());
}

TEST(ResultWindow, StaysThePlatesWhereTheOperatorCannotReachOutside)
{
    const ShotInfo shot = test_shot();
    for (const char* operation : {"in", "atop", "mask", "stencil"}) {
        Frame frame(shot, 1001);
        frame.set("plate", noise(kDisplay, "RGBA", 17));
        frame.set("cg", noise({-5, -5, 60, 40}, "RGBA", 18));
        run_comp(std::string("layers = ['plate', { name = 'cg', operation = '") + operation + "' }]", frame);
        EXPECT_EQ(frame.layer("comp").data_window(), kDisplay) << operation;
    }
}

} // namespace
} // namespace platefall::comp
