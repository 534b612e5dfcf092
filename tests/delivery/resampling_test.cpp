/// On the sample's plates, which were packed with DWA: blocks of 8 pixels are in all of them.
#include "delivery/resampling.h"

#include "image/read.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <opencv2/imgproc.hpp>

#include <functional>
#include <random>

namespace platefall::delivery {
namespace {

using Change = std::function<cv::Mat1f(const cv::Mat1f& green, int frame)>;

cv::Mat1f green_of_plate(int frame)
{
    const Image plate = read_image(fmt::format("{}/street/plate/street.{}.exr", PLATEFALL_SAMPLES_DIR, frame)).image;
    cv::Mat1f green(plate.data_window().height(), plate.data_window().width());
    const int channel = plate.channel_index("G").value();
    for (int y = 0; y < green.rows; ++y)
        for (int x = 0; x < green.cols; ++x)
            green(y, x) = plate.pixel(x, y)[channel];
    return green;
}

/// What is found in five of the sample's frames, changed.
std::optional<Resampling> found_in(const Change& change)
{
    std::optional<GridTraces> sum;
    for (const int frame : {1001, 1012, 1024, 1036, 1048}) {
        const cv::Mat1f green = change(green_of_plate(frame), frame);
        const Window window{0, 0, green.cols, green.rows};
        Image image(window, window, {{"G"}});
        std::copy(green.begin(), green.end(), image.data());
        const GridTraces traces = grid_traces(image, window);
        sum ? sum->add(traces) : static_cast<void>(sum = traces);
    }
    return find_resampling(*sum);
}

Change scaled(double factor, int filter)
{
    return [=](const cv::Mat1f& green, int) {
        cv::Mat1f result;
        cv::resize(green, result, {}, factor, factor, filter);
        return result;
    };
}

cv::Mat1f blurred(const cv::Mat1f& green, double sigma)
{
    cv::Mat1f result;
    cv::GaussianBlur(green, result, {}, sigma);
    return result;
}

void add_grain(cv::Mat1f& green, int frame)
{
    std::mt19937 random(static_cast<unsigned>(frame));
    std::normal_distribution<float> grain(0, 0.004f);
    for (float& value : green)
        value += grain(random);
}

struct Upscale : testing::TestWithParam<std::tuple<double, int>> {};

TEST_P(Upscale, IsFoundWhateverItsFilter)
{
    const auto [factor, filter] = GetParam();
    const auto found = found_in(scaled(factor, filter));
    ASSERT_TRUE(found.has_value());
    EXPECT_GE(found->strength, 8);
}

INSTANTIATE_TEST_SUITE_P(Resampling, Upscale,
                         testing::Combine(testing::Values(1.2, 1.5, 1.875, 2.0),
                                          testing::Values(cv::INTER_NEAREST, cv::INTER_LINEAR, cv::INTER_CUBIC, cv::INTER_LANCZOS4)));

TEST(Resampling, ThePeriodIsTold)
{
    EXPECT_NEAR(found_in(scaled(1.5, cv::INTER_LINEAR))->period_px, 3, 0.02);
    EXPECT_NEAR(found_in(scaled(1.875, cv::INTER_LINEAR))->period_px, 15.0 / 7, 0.02);
}

TEST(Resampling, NewGrainDoesNotHideAnUpscale)
{
    EXPECT_TRUE(found_in([](const cv::Mat1f& green, int frame) {
        cv::Mat1f result = scaled(1.5, cv::INTER_CUBIC)(green, frame);
        add_grain(result, frame);
        return result;
    }));
}

TEST(Resampling, ThePlatesAsTheyAreHaveNone)
{
    EXPECT_FALSE(found_in([](const cv::Mat1f& green, int) { return green; }));
}

TEST(Resampling, ASoftPictureIsNotTakenForAnUpscale)
{
    for (const double sigma : {0.8, 3.0})
        EXPECT_FALSE(found_in([&](const cv::Mat1f& green, int) { return blurred(green, sigma); })) << sigma;
    EXPECT_FALSE(found_in([](const cv::Mat1f& green, int frame) {
        cv::Mat1f result = blurred(green, 3);
        add_grain(result, frame);
        return result;
    }));
}

TEST(Resampling, NeitherACropNorHalfTheSizeIsAnUpscale)
{
    EXPECT_FALSE(found_in([](const cv::Mat1f& green, int) { return cv::Mat1f(green({13, 7, 901, 503}).clone()); }));
    EXPECT_FALSE(found_in(scaled(0.5, cv::INTER_AREA)));
}

TEST(Resampling, FlatAndTinyPicturesSayNothing)
{
    EXPECT_FALSE(found_in([](const cv::Mat1f&, int) { return cv::Mat1f(200, 300, 0.18f); }));
    EXPECT_FALSE(found_in([](const cv::Mat1f& green, int) { return cv::Mat1f(green({0, 0, 40, 30}).clone()); }));
}

}  // namespace
}  // namespace platefall::delivery
