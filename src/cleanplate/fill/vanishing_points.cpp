#include "cleanplate/fill/vanishing_points.h"

#include "base/random_number.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace platefall::cleanplate {
namespace {

constexpr float kShortest = 0.02f;          // edge, as a part of the level's longer side
constexpr int kFromHole_px = 4;             // edges nearer to it may be its own
constexpr std::size_t kMostEdges = 500;     // the longest
constexpr int kPairs = 1000;
constexpr float kBent_px = 1.0f;            // between an edge's end and the line to its vanishing point
constexpr float kTurned = 0.05f;            // sine of the angle between them
constexpr std::size_t kPoints = 4;
constexpr std::size_t kFewestEdges = 8;
constexpr float kLeastLength = 0.08f;       // of all edges, that lead to one point
constexpr int kCells = 96;                  // along the longer side
constexpr double kSpread = 0.08;            // of an edge's evidence, as a part of the longer side
constexpr float kUncertain = 0.02f;         // of the strongest evidence: as much speaks for no plane at all
constexpr float kLeastSlope = 0.02f;        // of nearness from one end of the level to the other: else it faces the camera
constexpr float kMostSlope = 5.0f;          // then the horizon lies a fifth of the level away
constexpr double kLeastCrossing = 0.26;     // sine of the angle at which edges to the two points meet
constexpr float kLeastShare = 0.15f;        // of the hole

using Vector = cv::Vec3d;

struct Edge {
    cv::Point2f from, to;
    float length;
    int point = -1;  // which vanishing point it leads to

    cv::Point2f middle() const { return 0.5f * (from + to); }
};

/// The known part's brightness in 8 bits, with its contrast stretched; the rest is grey.
cv::Mat brightness(const Level& level)
{
    std::vector<int> values;
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            if (level.kinds(x, y) == Kind::source)
                values.push_back(level.features(x, y).lane[0] + level.features(x, y).lane[1] + level.features(x, y).lane[2]);
    if (values.empty())
        return {};
    const auto percentile = [&](double share) {
        const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
        std::nth_element(values.begin(), at, values.end());
        return *at;
    };
    const int low = percentile(0.02), high = std::max(percentile(0.98), low + 1);
    cv::Mat grey(level.height, level.width, CV_8U, cv::Scalar(128));
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            if (level.kinds(x, y) == Kind::source) {
                const Feature& f = level.features(x, y);
                grey.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(
                    std::clamp(255 * (f.lane[0] + f.lane[1] + f.lane[2] - low) / (high - low), 0, 255));
            }
    return grey;
}

/// Longest first.
std::vector<Edge> edges_of(const Level& level)
{
    const cv::Mat grey = brightness(level);
    if (grey.empty())
        return {};
    cv::Mat known(grey.size(), CV_8U);
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            known.at<std::uint8_t>(y, x) = level.kinds(x, y) == Kind::source;
    cv::erode(known, known, cv::Mat::ones(2 * kFromHole_px + 1, 2 * kFromHole_px + 1, CV_8U));

    std::vector<cv::Vec4f> lines;
    cv::createLineSegmentDetector()->detect(grey, lines);
    const float shortest = kShortest * static_cast<float>(std::max(level.width, level.height));
    const auto is_known = [&](const cv::Point2f& at) {
        const int x = std::clamp(static_cast<int>(at.x), 0, level.width - 1);
        const int y = std::clamp(static_cast<int>(at.y), 0, level.height - 1);
        return known.at<std::uint8_t>(y, x) != 0;
    };
    std::vector<Edge> edges;
    for (const cv::Vec4f& line : lines) {
        Edge edge{{line[0], line[1]}, {line[2], line[3]}, std::hypot(line[2] - line[0], line[3] - line[1])};
        if (edge.length >= shortest && is_known(edge.from) && is_known(edge.middle()) && is_known(edge.to))
            edges.push_back(edge);
    }
    std::ranges::stable_sort(edges, std::ranges::greater{}, &Edge::length);
    edges.resize(std::min(edges.size(), kMostEdges));
    return edges;
}

Vector line_through(const Edge& edge)
{
    const Vector line = Vector(edge.from.x, edge.from.y, 1).cross(Vector(edge.to.x, edge.to.y, 1));
    return line / std::hypot(line[0], line[1]);
}

/// The direction in which a point lies; as long as it is far if the point's last coordinate is 1.
cv::Point2d towards(const Vector& point, const cv::Point2d& from)
{
    return {point[0] - point[2] * from.x, point[1] - point[2] * from.y};
}

bool leads_to(const Edge& edge, const Vector& point)
{
    const cv::Point2d there = towards(point, edge.middle());
    const double distance = cv::norm(there);
    if (distance == 0)
        return false;
    const cv::Point2d along = (edge.to - edge.from) / edge.length;
    const double sine = std::abs(along.cross(there)) / distance;
    return sine < kTurned && sine * edge.length / 2 < kBent_px;
}

float length_towards(const std::vector<Edge>& edges, const Vector& point)
{
    float sum = 0;
    for (const Edge& edge : edges)
        if (edge.point < 0 && leads_to(edge, point))
            sum += edge.length;
    return sum;
}

/// The point that all edges which lead to it so far point to best. The direction of an edge is known the better the longer
/// it is, with the third power of its length for the square of the angle.
Vector refined(const std::vector<Edge>& edges, const Vector& point, double size)
{
    // Measured around the middle of the picture in units of its size, so that no coordinate outweighs another.
    const cv::Matx33d to_pixels(size, 0, size, 0, size, size, 0, 0, 1);
    cv::Matx33d sum = cv::Matx33d::zeros();
    for (const Edge& edge : edges)
        if (edge.point < 0 && leads_to(edge, point)) {
            Vector line = to_pixels.t() * line_through(edge);
            line /= std::hypot(line[0], line[1]);
            const cv::Point2d there = towards(point, edge.middle());
            sum += std::pow(edge.length, 3) / there.ddot(there) * line * line.t();
        }
    cv::Matx31d values;
    cv::Matx33d vectors;
    cv::eigen(sum, values, vectors);
    const Vector best = to_pixels * Vector(vectors(2, 0), vectors(2, 1), vectors(2, 2));
    return best / cv::norm(best);
}

/// The point that most edges without one lead to, which then have it; nothing when few do.
std::optional<Vector> next_point(std::vector<Edge>& edges, int index, std::uint64_t seed, double size, float all)
{
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < edges.size(); ++i)
        if (edges[i].point < 0)
            free.push_back(i);
    if (free.size() < kFewestEdges)
        return {};
    Vector best;
    float most = 0;
    for (int pair = 0; pair < kPairs; ++pair) {
        const auto random = random_number(seed, static_cast<std::uint64_t>(pair));
        const Edge &a = edges[free[(random & 0xffffffff) % free.size()]], &b = edges[free[(random >> 32) % free.size()]];
        const Vector point = line_through(a).cross(line_through(b));
        if (cv::norm(point) < 1e-9)
            continue;
        if (const float length = length_towards(edges, point); length > most) {
            most = length;
            best = point;
        }
    }
    for (int round = 0; round < 3 && most > 0; ++round)
        best = refined(edges, best, size);
    std::size_t count = 0;
    float length = 0;
    for (Edge& edge : edges)
        if (edge.point < 0 && leads_to(edge, best)) {
            edge.point = index;
            length += edge.length;
            ++count;
        }
    if (count < kFewestEdges || length < kLeastLength * all)
        return {};
    return best;
}

/// How long the edges around each cell are together, that lead to a point.
cv::Mat evidence(const std::vector<Edge>& edges, int point, const Level& level, float cell_px)
{
    cv::Mat sum(static_cast<int>(std::ceil(static_cast<float>(level.height) / cell_px)),
                static_cast<int>(std::ceil(static_cast<float>(level.width) / cell_px)), CV_32F, cv::Scalar(0));
    for (const Edge& edge : edges)
        for (float at = 0.5f; edge.point == point && at < edge.length; ++at) {
            const cv::Point2f here = (edge.from + (edge.to - edge.from) * (at / edge.length)) / cell_px;
            sum.at<float>(std::clamp(static_cast<int>(here.y), 0, sum.rows - 1),
                          std::clamp(static_cast<int>(here.x), 0, sum.cols - 1)) += 1;
        }
    const double sigma = kSpread * std::max(level.width, level.height) / static_cast<double>(cell_px);
    cv::GaussianBlur(sum, sum, {}, sigma, sigma, cv::BORDER_CONSTANT);
    return sum;
}

/// Where the horizon's line leaves nearness 1: the middle of what speaks for the plane.
Plane plane_with(const Vector& horizon, const cv::Mat& evidence, float cell_px)
{
    const cv::Moments moments = cv::moments(evidence);
    const double x0 = (moments.m10 / moments.m00 + 0.5) * static_cast<double>(cell_px) - 0.5;
    const double y0 = (moments.m01 / moments.m00 + 0.5) * static_cast<double>(cell_px) - 0.5;
    const double here = horizon.dot(Vector(x0, y0, 1));
    return {static_cast<float>(x0), static_cast<float>(y0), static_cast<float>(horizon[0] / here),
            static_cast<float>(horizon[1] / here)};
}

/// What may be a plane: edges lead to both points there.
struct Candidate {
    Vector first, second;
    cv::Mat evidence;
};

/// Sine of the angle at which edges to the two points meet, at the plane's origin.
double crossing(const Candidate& one, const Plane& plane)
{
    const cv::Point2d origin(static_cast<double>(plane.x0), static_cast<double>(plane.y0));
    const cv::Point2d a = towards(one.first, origin), b = towards(one.second, origin);
    return std::abs(a.cross(b)) / (cv::norm(a) * cv::norm(b));
}

Raster<float> shares_of(const cv::Mat& evidence, const cv::Mat& all)
{
    Raster<float> shares(evidence.cols, evidence.rows, 0, 0.0f);
    for (int y = 0; y < evidence.rows; ++y)
        for (int x = 0; x < evidence.cols; ++x)
            shares(x, y) = evidence.at<float>(y, x) / all.at<float>(y, x);
    return shares;
}

float share_of_hole(const Level& level, const Raster<float>& shares, float cell_px)
{
    double sum = 0;
    for (const Pixel& p : level.hole)
        sum += static_cast<double>(shares(static_cast<int>((static_cast<float>(p.x) + 0.5f) / cell_px),
                                          static_cast<int>((static_cast<float>(p.y) + 0.5f) / cell_px)));
    return static_cast<float>(sum / static_cast<double>(level.hole.size()));
}

}  // namespace

Perspective perspective_of(const Level& level, std::uint64_t seed)
{
    std::vector<Edge> edges = edges_of(level);
    float all = 0;
    for (const Edge& edge : edges)
        all += edge.length;
    const double size = 0.5 * std::max(level.width, level.height);
    const float cell_px = static_cast<float>(2 * size) / kCells;
    std::vector<Vector> points;
    std::vector<cv::Mat> evidences;
    while (points.size() < kPoints) {
        const int index = static_cast<int>(points.size());
        const auto point = next_point(edges, index, seed + points.size(), size, all);
        if (!point)
            break;
        points.push_back(*point);
        evidences.push_back(evidence(edges, index, level, cell_px));
    }

    std::vector<Candidate> candidates;
    double strongest = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t j = i + 1; j < points.size(); ++j) {
            candidates.push_back({points[i], points[j], evidences[i].mul(evidences[j])});
            double here = 0;
            cv::minMaxLoc(candidates.back().evidence, nullptr, &here);
            strongest = std::max(strongest, here);
        }
    Perspective perspective;
    if (!(strongest > 0))
        return perspective;
    cv::Mat sum(evidences.front().size(), CV_32F, cv::Scalar(static_cast<double>(kUncertain) * strongest));
    for (const Candidate& one : candidates)
        sum += one.evidence;
    for (const Candidate& one : candidates) {
        Raster<float> shares = shares_of(one.evidence, sum);
        const Plane plane = plane_with(one.first.cross(one.second), one.evidence, cell_px);
        const float slope = std::hypot(plane.across, plane.down) * static_cast<float>(2 * size);
        if (slope > kLeastSlope && slope < kMostSlope && crossing(one, plane) > kLeastCrossing
            && share_of_hole(level, shares, cell_px) >= kLeastShare)
            perspective.add(plane, std::move(shares), cell_px);
    }
    return perspective;
}

}  // namespace platefall::cleanplate
