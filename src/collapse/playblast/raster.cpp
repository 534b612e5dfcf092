#include "collapse/playblast/raster.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

constexpr float kNear_m = 0.1f;

float sum_of_products(const std::array<float, 3>& a, const Vec3f& b)
{
    return a[0] * b.x + a[1] * b.y + a[2] * b.z;
}

Vec3f minus(const Vec3f& a, const Vec3f& b)
{
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

/// Sutherland and Hodgman, for the one plane in front of the camera.
std::vector<Vec3f> clipped_to_front(const std::vector<Vec3f>& corners)
{
    std::vector<Vec3f> kept;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec3f &a = corners[i], &b = corners[(i + 1) % corners.size()];
        if (a.z >= kNear_m)
            kept.push_back(a);
        if ((a.z >= kNear_m) != (b.z >= kNear_m)) {
            const float t = (kNear_m - a.z) / (b.z - a.z);
            kept.push_back({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), kNear_m});
        }
    }
    return kept;
}

/// Twice the area of a triangle on the screen; positive when it turns clockwise there, since y points down.
float turn(const std::array<float, 3>& a, const std::array<float, 3>& b, float x, float y)
{
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
}

}  // namespace

View::View(const Camera& camera, const Window& display)
    : focal_px_(camera.focal_length_mm / camera.film_back_mm[0] * display.width()),
      centre_x_(display.x0 + display.width() / 2.0), centre_y_(display.y0 + display.height() / 2.0)
{
    const auto& pose = camera.world_from_camera;
    for (std::size_t axis = 0; axis < 3; ++axis)
        for (std::size_t i = 0; i < 3; ++i)
            axes_[axis][i] = static_cast<float>(axis == 2 ? -pose[i][axis] : pose[i][axis]);
    origin_ = {static_cast<float>(pose[0][3]), static_cast<float>(pose[1][3]), static_cast<float>(pose[2][3])};
}

Vec3f View::in_camera(const Vec3f& world) const
{
    const Vec3f from = minus(world, origin_);
    return {sum_of_products(axes_[0], from), sum_of_products(axes_[1], from), sum_of_products(axes_[2], from)};
}

std::array<float, 2> View::pixel(const Vec3f& at) const
{
    return {static_cast<float>(centre_x_ + focal_px_ * static_cast<double>(at.x / at.z)),
            static_cast<float>(centre_y_ - focal_px_ * static_cast<double>(at.y / at.z))};
}

Vec3f View::direction(double x, double y) const
{
    const auto right = static_cast<float>((x - centre_x_) / focal_px_),
               up = static_cast<float>((centre_y_ - y) / focal_px_);
    const auto along = [&](std::size_t i) { return right * axes_[0][i] + up * axes_[1][i] + axes_[2][i]; };
    return {along(0), along(1), along(2)};
}

/// Newell's sum, which any three corners in a line leave alone.
Vec3f normal_of(std::span<const Vec3f> corners)
{
    Vec3f sum;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec3f &a = corners[i], &b = corners[(i + 1) % corners.size()];
        sum.x += (a.y - b.y) * (a.z + b.z);
        sum.y += (a.z - b.z) * (a.x + b.x);
        sum.z += (a.x - b.x) * (a.y + b.y);
    }
    const float length = std::max(1e-20f, std::sqrt(sum.x * sum.x + sum.y * sum.y + sum.z * sum.z));
    return {sum.x / length, sum.y / length, sum.z / length};
}

std::vector<ScreenPolygon> project(const std::vector<Polygon>& polygons, const View& view)
{
    std::vector<ScreenPolygon> shown;
    for (const Polygon& polygon : polygons) {
        const Vec3f normal = normal_of(polygon.corners), from = minus(view.origin(), polygon.corners[0]);
        if (normal.x * from.x + normal.y * from.y + normal.z * from.z <= 0)
            continue;
        std::vector<Vec3f> corners;
        for (const Vec3f& corner : polygon.corners)
            corners.push_back(view.in_camera(corner));
        corners = clipped_to_front(corners);
        if (corners.size() < 3)
            continue;
        ScreenPolygon screen{.corners = {}, .colour = polygon.colour, .holdout = polygon.holdout,
                             .bounds = {1e9f, 1e9f, -1e9f, -1e9f}};
        for (const Vec3f& corner : corners) {
            const auto [x, y] = view.pixel(corner);
            screen.corners.push_back({x, y, 1 / corner.z});
            screen.bounds = {std::min(screen.bounds[0], x), std::min(screen.bounds[1], y),
                             std::max(screen.bounds[2], x), std::max(screen.bounds[3], y)};
        }
        shown.push_back(std::move(screen));
    }
    return shown;
}

Raster::Raster(const std::vector<ScreenPolygon>& polygons, const Window& window) : window_(window)
{
    const auto samples = static_cast<std::size_t>(window.width() * kAcross)
                         * static_cast<std::size_t>(window.height() * kAcross);
    inverse_depth_.resize(samples);
    nearest_.resize(samples);
    for (const ScreenPolygon& polygon : polygons)
        draw(polygon);
}

/// Half-plane test a sample; one over depth is linear on the screen, so a plane through three corners gives it.
void Raster::draw(const ScreenPolygon& polygon)
{
    const auto& corners = polygon.corners;
    const auto limit = [](float value, int low, int high) {
        return static_cast<int>(std::clamp(value, static_cast<float>(low), static_cast<float>(high)));
    };
    const int wide = window_.width() * kAcross, high = window_.height() * kAcross;
    const auto to_sample = [](float pixel, int origin) { return (pixel - static_cast<float>(origin)) * kAcross; };
    const int x0 = limit(std::floor(to_sample(polygon.bounds[0], window_.x0)), 0, wide);
    const int x1 = limit(std::ceil(to_sample(polygon.bounds[2], window_.x0)) + 1, 0, wide);
    const int y0 = limit(std::floor(to_sample(polygon.bounds[1], window_.y0)), 0, high);
    const int y1 = limit(std::ceil(to_sample(polygon.bounds[3], window_.y0)) + 1, 0, high);
    // The largest fan triangle is the best conditioned.
    std::size_t best = 1;
    float area = 0;
    for (std::size_t i = 1; i + 1 < corners.size(); ++i)
        if (const float own = std::abs(turn(corners[0], corners[i], corners[i + 1][0], corners[i + 1][1]));
            own > area) {
            area = own;
            best = i;
        }
    if (area < 1e-6f)
        return;
    const auto &a = corners[0], &b = corners[best], &c = corners[best + 1];
    const float whole = turn(a, b, c[0], c[1]), sign = whole > 0 ? 1.0f : -1.0f;
    for (int sy = y0; sy < y1; ++sy)
        for (int sx = x0; sx < x1; ++sx) {
            const float x = static_cast<float>(window_.x0) + (static_cast<float>(sx) + 0.5f) / kAcross;
            const float y = static_cast<float>(window_.y0) + (static_cast<float>(sy) + 0.5f) / kAcross;
            bool inside = true;
            for (std::size_t i = 0; i < corners.size() && inside; ++i)
                inside = sign * turn(corners[i], corners[(i + 1) % corners.size()], x, y) >= 0;
            if (!inside)
                continue;
            const float of_c = turn(a, b, x, y) / whole, of_b = turn(c, a, x, y) / whole;
            const float inverse = a[2] + of_b * (b[2] - a[2]) + of_c * (c[2] - a[2]);
            const auto sample =
                static_cast<std::size_t>(sy) * static_cast<std::size_t>(wide) + static_cast<std::size_t>(sx);
            if (inverse > inverse_depth_[sample]) {
                inverse_depth_[sample] = inverse;
                nearest_[sample] = &polygon;
            }
        }
}

Covered Raster::at(int x, int y) const
{
    Covered covered;
    for (int j = 0; j < kAcross; ++j)
        for (int i = 0; i < kAcross; ++i) {
            const auto sample = static_cast<std::size_t>((y - window_.y0) * kAcross + j)
                                    * static_cast<std::size_t>(window_.width() * kAcross)
                                + static_cast<std::size_t>((x - window_.x0) * kAcross + i);
            if (!nearest_[sample])
                continue;
            covered.distance = std::min(covered.distance, 1 / inverse_depth_[sample]);
            if (nearest_[sample]->holdout)
                continue;
            covered.coverage += 1.0f / (kAcross * kAcross);
            for (std::size_t c = 0; c < 3; ++c)
                covered.colour[c] += nearest_[sample]->colour[c] / (kAcross * kAcross);
        }
    return covered;
}

}  // namespace platefall::collapse
