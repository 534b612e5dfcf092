#include "cleanplate/log_encoding.h"
#include "cleanplate/motion/registration.h"

#include <opencv2/core.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace platefall::cleanplate {
namespace {

constexpr float kBlockedAbove = 0.01f;
constexpr int kFeatures = 2000;  // kept of at most kCandidates
constexpr int kCandidates = 3000;
constexpr int kOctaveLayers = 2;  // Lowe's three find hardly more, and cost a quarter more
constexpr double kContrastThreshold = 0.01;  // a quarter of Lowe's: the logarithm flattens what is bright
constexpr float kMarginPx = 3.0f;  // between a feature's blob and blocked pixels, at the working width
constexpr int kBucketsAcross = 12;
constexpr float kFewestStops = 1.5f;  // a flatter picture is not stretched further: it would be only noise

/// What is seen, at the working size.
struct Reduced {
    cv::Mat luminance;  // float, scene-linear
    cv::Mat seen;       // 8 bit: 255 or 0
    Vec2 scale;         // full pixels a reduced pixel
};

cv::Mat luminance_of(const Image& plate)
{
    const Window& window = plate.data_window();
    const auto red = plate.channel_index("R"), green = plate.channel_index("G"),
               blue = plate.channel_index("B");
    const bool colour = red && green && blue;
    cv::Mat luminance(window.height(), window.width(), CV_32F);
    for (int y = window.y0; y < window.y1; ++y) {
        const float* from = plate.row(y);
        float* to = luminance.ptr<float>(y - window.y0);
        for (int x = 0; x < window.width(); ++x, from += plate.channel_count()) {
            const float value =
                colour ? 0.2126f * from[*red] + 0.7152f * from[*green] + 0.0722f * from[*blue] : *from;
            to[x] = std::isfinite(value) ? std::max(value, 0.0f) : 0.0f;
        }
    }
    return luminance;
}

/// A reduced pixel counts as seen when nothing under it is blocked.
cv::Mat seen_pixels(const Window& window, const Image* blocked, const cv::Size& size)
{
    cv::Mat hidden(window.height(), window.width(), CV_32F, 0.0f);
    if (blocked) {
        const Window both = intersect(window, blocked->data_window());
        for (int y = both.y0; y < both.y1; ++y) {
            const float* from = blocked->pixel(both.x0, y);
            float* to = hidden.ptr<float>(y - window.y0) + (both.x0 - window.x0);
            for (int x = 0; x < both.width(); ++x, from += blocked->channel_count())
                to[x] = *from > kBlockedAbove ? 1.0f : 0.0f;
        }
    }
    cv::Mat share;
    cv::resize(hidden, share, size, 0, 0, cv::INTER_AREA);
    return share <= 0;
}

Reduced reduce(const Image& plate, const Image* blocked)
{
    const Window& window = plate.data_window();
    const double factor = std::max(1.0, window.width() / double(kWorkingWidth_px));
    const cv::Size size(std::max(1, static_cast<int>(std::lround(window.width() / factor))),
                        std::max(1, static_cast<int>(std::lround(window.height() / factor))));
    Reduced reduced{.luminance = {},
                    .seen = seen_pixels(window, blocked, size),
                    .scale = {double(window.width()) / size.width, double(window.height()) / size.height}};
    cv::resize(luminance_of(plate), reduced.luminance, size, 0, 0, cv::INTER_AREA);
    return reduced;
}

/// Hidden pixels get a smooth continuation of what is around them, so that what hides there shapes no
/// descriptor.
void fill_hidden(cv::Mat& picture, const cv::Mat& seen)
{
    std::vector<cv::Mat> sums(1), weights(1);
    seen.convertTo(weights[0], CV_32F, 1 / 255.0);
    sums[0] = picture.mul(weights[0]);
    while (std::min(sums.back().rows, sums.back().cols) > 1) {
        cv::Mat sum, weight;
        cv::pyrDown(sums.back(), sum);
        cv::pyrDown(weights.back(), weight);
        sums.push_back(sum);
        weights.push_back(weight);
    }
    for (std::size_t level = sums.size() - 1; level > 0; --level) {
        cv::Mat sum, weight, mean = sums[level] / cv::max(weights[level], 1e-6f);
        cv::pyrUp(mean, mean, sums[level - 1].size());
        const cv::Mat missing = 1.0 - cv::min(weights[level - 1], 1.0f);
        sums[level - 1] += mean.mul(missing);
        weights[level - 1] += missing;
    }
    sums[0].copyTo(picture, seen == 0);
}

/// SIFT wants 8 bit: log-encoded, stretched to nearly all of the range that is seen.
cv::Mat encoded_bytes(const Reduced& reduced)
{
    const cv::Mat& seen = reduced.seen;
    cv::Mat encoded = reduced.luminance.clone();
    encoded.forEach<float>([](float& value, const int*) { value = log_encode(value); });
    fill_hidden(encoded, seen);

    std::vector<float> values;
    for (int y = 0; y < encoded.rows; ++y)
        for (int x = 0; x < encoded.cols; ++x)
            if (seen.at<std::uint8_t>(y, x))
                values.push_back(encoded.at<float>(y, x));
    const auto at = [&](double share) {
        const auto nth = values.begin() + static_cast<std::ptrdiff_t>(share * double(values.size() - 1));
        std::nth_element(values.begin(), nth, values.end());
        return *nth;
    };
    const float dark = at(0.01), bright = at(0.995), gain = 255.0f / std::max(bright - dark, kFewestStops);
    cv::Mat bytes;
    encoded.convertTo(bytes, CV_8U, gain, -gain * dark);
    return bytes;
}

/// Each bucket of the picture gives its strongest, then each its second strongest ...: one rich facade does
/// not take all. Returns indices, ascending.
std::vector<int> well_spread(const std::vector<cv::KeyPoint>& points, const cv::Mat& seen)
{
    cv::Mat distance;
    cv::distanceTransform(seen, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);

    const float bucket_px = std::max(1.0f, float(seen.cols) / kBucketsAcross);
    std::vector<std::tuple<int, float, int>> free_points;  // bucket, -response, index
    for (int i = 0; i < static_cast<int>(points.size()); ++i) {
        const cv::KeyPoint& point = points[i];
        const int x = std::clamp(cvRound(point.pt.x), 0, seen.cols - 1),
                  y = std::clamp(cvRound(point.pt.y), 0, seen.rows - 1);
        if (distance.at<float>(y, x) > kMarginPx + point.size / 2)
            free_points.emplace_back(int(point.pt.y / bucket_px) * kBucketsAcross
                                         + int(point.pt.x / bucket_px),
                                     -point.response, i);
    }
    std::sort(free_points.begin(), free_points.end());

    std::vector<std::tuple<int, float, int>> ranked;  // rank in its bucket, -response, index
    for (std::size_t i = 0, first = 0; i < free_points.size(); ++i) {
        if (std::get<0>(free_points[i]) != std::get<0>(free_points[first]))
            first = i;
        ranked.emplace_back(int(i - first), std::get<1>(free_points[i]), std::get<2>(free_points[i]));
    }
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(std::min<std::size_t>(ranked.size(), kFeatures));

    std::vector<int> indices;
    for (const auto& [rank, response, index] : ranked)
        indices.push_back(index);
    std::sort(indices.begin(), indices.end());
    return indices;
}

/// RootSIFT (Arandjelovic and Zisserman 2012): the square roots of a descriptor of unit sum, as bytes.
void append_root_sift(const float* descriptor, int length, std::vector<std::uint8_t>& out)
{
    float sum = 0;
    for (int i = 0; i < length; ++i)
        sum += descriptor[i];
    for (int i = 0; i < length; ++i)
        out.push_back(cv::saturate_cast<std::uint8_t>(512 * std::sqrt(descriptor[i] / std::max(sum, 1.0f))));
}

}  // namespace

FrameFeatures find_features(int frame, const Image& plate, const Image* blocked)
{
    const Window& window = plate.data_window();
    FrameFeatures features{.frame = frame, .window = window, .points = {}, .descriptors = {}};
    if (window.empty())
        return features;

    const Reduced reduced = reduce(plate, blocked);
    if (cv::countNonZero(reduced.seen) == 0)
        return features;
    std::vector<cv::KeyPoint> points;
    cv::Mat descriptors;
    cv::SIFT::create(kCandidates, kOctaveLayers, kContrastThreshold)
        ->detectAndCompute(encoded_bytes(reduced), reduced.seen, points, descriptors);
    for (const int i : well_spread(points, reduced.seen)) {
        // OpenCV has pixel centres at whole numbers, and its SIFT doubles the picture without correcting for
        // the quarter pixel by which that moves it.
        features.points.push_back({window.x0 + (points[i].pt.x + 0.25) * reduced.scale[0],
                                   window.y0 + (points[i].pt.y + 0.25) * reduced.scale[1]});
        append_root_sift(descriptors.ptr<float>(i), descriptors.cols, features.descriptors);
    }
    return features;
}

}  // namespace platefall::cleanplate
