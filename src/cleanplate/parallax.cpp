#include "cleanplate/parallax.h"

#include "base/parallel.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::cleanplate {
namespace {

using Camera3x4 = Eigen::Matrix<double, 3, 4>;   ///< homography and parallax side by side; acts on (x, y, 1, depth)
using Place = Eigen::Vector3d;                   ///< x, y in the base frame, and depth

constexpr int kRounds = 12;
constexpr double kOutlier = 1.5;            // pixels at which features were found
constexpr double kFlat = 0.5;               // residual of the plane below which nothing is worth explaining
constexpr double kClearlyBetter = 0.6;      // of the plane's residual
constexpr std::size_t kFewestTracks = 40;
constexpr std::size_t kMostSupports = 4000;
constexpr std::size_t kShortest = 3;        // sightings; two points always fit some depth

/// Everything in units in which the picture is about 1 wide, about its middle.
struct Units {
    double scale, x, y;
    Eigen::Vector2d inside(const Vec2& p) const { return {(p[0] - x) / scale, (p[1] - y) / scale}; }
    Eigen::Matrix3d pixels() const
    {
        Eigen::Matrix3d matrix;
        matrix << scale, 0, x, 0, scale, y, 0, 0, 1;
        return matrix;
    }
};

struct Seen {
    std::size_t frame;
    Eigen::Vector2d at;
};

struct Scene {
    std::vector<Camera3x4> cameras;
    std::vector<std::vector<Seen>> tracks;
    std::vector<Place> places;
    double noise;                           ///< a pixel in these units
};

Eigen::Vector3d projected(const Camera3x4& camera, const Place& place)
{
    return camera * Eigen::Vector4d(place[0], place[1], 1, place[2]);
}

Eigen::Vector2d residual(const Camera3x4& camera, const Place& place, const Seen& seen)
{
    const Eigen::Vector3d at = projected(camera, place);
    return at.head<2>() / at[2] - seen.at;
}

/// Geman and McClure: what is far off counts for next to nothing.
double trust(const Eigen::Vector2d& residual, double noise)
{
    const double share = 1 + residual.squaredNorm() / (noise * noise);
    return 1 / (share * share);
}

/// d(u/w, v/w) by the three components.
Eigen::Matrix<double, 2, 3> derivative(const Eigen::Vector3d& at)
{
    Eigen::Matrix<double, 2, 3> d;
    d << 1 / at[2], 0, -at[0] / (at[2] * at[2]), 0, 1 / at[2], -at[1] / (at[2] * at[2]);
    return d;
}

/// Intersection: where a track's place is, given the cameras. A weak pull keeps depth at 0 where nothing says otherwise.
void place_track(const Scene& scene, const std::vector<Seen>& track, Place& place, int steps)
{
    for (int step = 0; step < steps; ++step) {
        Eigen::Matrix3d normal = Eigen::Matrix3d::Identity() * 1e-12;
        Eigen::Vector3d right = Eigen::Vector3d::Zero();
        for (const Seen& seen : track) {
            const Camera3x4& camera = scene.cameras[seen.frame];
            Eigen::Matrix3d by_place;
            by_place << camera.col(0), camera.col(1), camera.col(3);
            const Eigen::Matrix<double, 2, 3> j = derivative(projected(camera, place)) * by_place;
            const Eigen::Vector2d r = residual(camera, place, seen);
            const double weight = trust(r, 3 * scene.noise);
            normal += weight * j.transpose() * j;
            right -= weight * j.transpose() * r;
        }
        normal(2, 2) += 1e-9;
        right[2] -= 1e-9 * place[2];
        place += normal.ldlt().solve(right);
    }
}

void place_tracks(Scene& scene, int steps)
{
    parallel_rows(0, static_cast<int>(scene.tracks.size()), [&](int first, int last) {
        for (int i = first; i < last; ++i)
            place_track(scene, scene.tracks[static_cast<std::size_t>(i)], scene.places[static_cast<std::size_t>(i)], steps);
    });
}

/// Resection: a frame's camera given the places. The homography is held near `anchor`, which fixes which of the
/// equivalent projective descriptions of the scene is meant.
void place_camera(const Scene& scene, const std::vector<std::pair<std::size_t, Eigen::Vector2d>>& sights,
                  const Camera3x4& anchor, double hold, Camera3x4& camera)
{
    using Vector12 = Eigen::Matrix<double, 12, 1>;
    Eigen::Matrix<double, 12, 12> normal = Eigen::Matrix<double, 12, 12>::Identity() * 1e-9;
    Vector12 right = Vector12::Zero();
    for (const auto& [track, at] : sights) {
        const Place& place = scene.places[track];
        const Eigen::Vector4d point(place[0], place[1], 1, place[2]);
        const Eigen::Vector3d there = camera * point;
        const Eigen::Vector2d r = there.head<2>() / there[2] - at;
        const Eigen::Matrix<double, 2, 3> d = derivative(there);
        Eigen::Matrix<double, 2, 12> j;
        for (Eigen::Index column = 0; column < 4; ++column)
            j.block<2, 3>(0, 3 * column) = d * point[column];
        const double weight = trust(r, 3 * scene.noise);
        normal += weight * j.transpose() * j;
        right -= weight * j.transpose() * r;
    }
    const double pull = hold * static_cast<double>(sights.size() + 1);
    for (Eigen::Index i = 0; i < 9; ++i) {
        normal(i, i) += pull;
        right[i] -= pull * (camera(i % 3, i / 3) - anchor(i % 3, i / 3));
    }
    const Vector12 change = normal.ldlt().solve(right);
    camera += Eigen::Map<const Camera3x4>(change.data());
}

/// What every frame sees of which track.
std::vector<std::vector<std::pair<std::size_t, Eigen::Vector2d>>> sights_of_frames(const Scene& scene)
{
    std::vector<std::vector<std::pair<std::size_t, Eigen::Vector2d>>> sights(scene.cameras.size());
    for (std::size_t track = 0; track < scene.tracks.size(); ++track)
        for (const Seen& seen : scene.tracks[track])
            sights[seen.frame].emplace_back(track, seen.at);
    return sights;
}

/// Root mean square distance of every track, in units of the scene.
std::vector<double> distances(const Scene& scene)
{
    std::vector<double> all;
    for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
        double sum = 0;
        for (const Seen& seen : scene.tracks[i])
            sum += residual(scene.cameras[seen.frame], scene.places[i], seen).squaredNorm();
        all.push_back(std::sqrt(sum / static_cast<double>(scene.tracks[i].size())));
    }
    return all;
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

Units units_of(const std::vector<Track>& tracks)
{
    double left = 1e12, right = -1e12, top = 1e12, bottom = -1e12;
    for (const Track& track : tracks)
        for (const Sighting& sighting : track) {
            left = std::min(left, sighting.point[0]);
            right = std::max(right, sighting.point[0]);
            top = std::min(top, sighting.point[1]);
            bottom = std::max(bottom, sighting.point[1]);
        }
    return {std::max(right - left, 1.0), (left + right) / 2, (top + bottom) / 2};
}

Eigen::Matrix3d matrix_of(const Homography& map)
{
    return Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(map.m.data());
}

Scene scene_of(const Take& take, const std::vector<Track>& tracks, const Units& units, double pixel)
{
    Scene scene;
    scene.noise = pixel / units.scale;
    const Eigen::Matrix3d pixels = units.pixels(), inside = pixels.inverse();
    for (std::size_t t = 0; t < take.frames.size(); ++t) {
        Camera3x4 camera;
        camera << inside * matrix_of(take.frame_from_base[t]) * pixels,
            inside * Eigen::Vector3d(take.parallax[t][0], take.parallax[t][1], take.parallax[t][2]);
        scene.cameras.push_back(camera);
    }
    for (const Track& track : tracks) {
        if (track.size() < kShortest)
            continue;
        std::vector<Seen> seen;
        for (const Sighting& sighting : track)
            seen.push_back({static_cast<std::size_t>(sighting.frame), units.inside(sighting.point)});
        const Seen& nearest = *std::ranges::min_element(seen, {}, [&](const Seen& one) {
            return std::abs(static_cast<double>(one.frame) - static_cast<double>(take.base));
        });
        const Eigen::Vector3d start
            = scene.cameras[nearest.frame].leftCols<3>().inverse() * nearest.at.homogeneous();
        scene.tracks.push_back(std::move(seen));
        scene.places.push_back({start[0] / start[2], start[1] / start[2], 0});
    }
    return scene;
}

/// The direction of a frame's parallax, from its residuals alone: each of them points along a line through the epipole
/// (linear, reweighted so that outliers drop out). Unit length, of either sign.
Eigen::Vector3d epipole(const Scene& scene, const std::vector<std::pair<std::size_t, Eigen::Vector2d>>& sights,
                        const Camera3x4& camera)
{
    Eigen::Vector3d direction = Eigen::Vector3d::Zero();
    for (int round = 0; round < 8; ++round) {
        Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
        for (const auto& [track, at] : sights) {
            const Eigen::Vector3d on_plane = projected(camera, scene.places[track]);
            const Eigen::Vector2d plane = on_plane.head<2>() / on_plane[2], moved = at - plane;
            // The line through both points, scaled to tell distance from it times the length of the residual.
            const Eigen::Vector3d line = at.homogeneous().cross(plane.homogeneous());
            double weight = 1;
            if (round > 0) {
                const Eigen::Vector2d along = direction.head<2>() - plane * direction[2];
                const double off = std::abs(along[0] * moved[1] - along[1] * moved[0]) / std::max(along.norm(), 1e-12);
                weight = trust({off, 0.0}, scene.noise);
            }
            sum += weight * line * line.transpose();
        }
        direction = Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(sum).eigenvectors().col(0);
    }
    return direction;
}

/// Depth of a track by how far one frame sees it along its parallax.
double depth_along(const Camera3x4& camera, const Eigen::Vector3d& parallax, const Place& place, const Eigen::Vector2d& at)
{
    const Eigen::Vector3d on_plane = projected(camera, place);
    // at x (p + d e) = 0, least squares over its components.
    const Eigen::Vector3d a = at.homogeneous().cross(parallax), b = at.homogeneous().cross(on_plane);
    const double length = a.squaredNorm();
    return length > 1e-18 ? -a.dot(b) / length : 0.0;
}

/// First guess: parallax from the frame where most tracks are off by most, its depths carried to the others.
void guess(Scene& scene, const std::vector<std::vector<std::pair<std::size_t, Eigen::Vector2d>>>& sights, std::size_t base)
{
    std::size_t widest = base;
    double most = 0;
    for (std::size_t t = 0; t < sights.size(); ++t) {
        double moved = 0;
        for (const auto& [track, at] : sights[t])
            moved += std::min(residual(scene.cameras[t], scene.places[track], {t, at}).norm(), 50 * scene.noise);
        if (t != base && moved > most) {
            most = moved;
            widest = t;
        }
    }
    if (widest == base)
        return;
    scene.cameras[widest].col(3) = epipole(scene, sights[widest], scene.cameras[widest]);
    std::vector<char> known(scene.places.size());
    for (const auto& [track, at] : sights[widest]) {
        scene.places[track][2] = depth_along(scene.cameras[widest], scene.cameras[widest].col(3), scene.places[track], at);
        known[track] = 1;
    }
    // Outwards from there, every frame takes its parallax from the tracks that have a depth already.
    std::vector<std::size_t> order;
    for (std::size_t t = 0; t < sights.size(); ++t)
        order.push_back(t);
    std::ranges::stable_sort(order, {}, [&](std::size_t t) {
        return std::abs(static_cast<double>(t) - static_cast<double>(widest));
    });
    for (const std::size_t t : order) {
        if (t == base)
            continue;
        std::vector<std::pair<std::size_t, Eigen::Vector2d>> of_known;
        for (const auto& sight : sights[t])
            if (known[sight.first])
                of_known.push_back(sight);
        if (t != widest && of_known.size() >= 12)
            for (int step = 0; step < 5; ++step)
                place_camera(scene, of_known, scene.cameras[t], 1e3, scene.cameras[t]);
        for (const auto& [track, at] : sights[t])
            if (!known[track] && scene.cameras[t].col(3).norm() > 1e-9) {
                scene.places[track][2] = depth_along(scene.cameras[t], scene.cameras[t].col(3), scene.places[track], at);
                known[track] = 1;
            }
    }
}

void drop_outliers(Scene& scene, double most)
{
    const std::vector<double> off = distances(scene);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < off.size(); ++i)
        if (off[i] < most) {
            scene.tracks[kept] = std::move(scene.tracks[i]);
            scene.places[kept++] = scene.places[i];
        }
    scene.tracks.resize(kept);
    scene.places.resize(kept);
}

void solve(Scene& scene, std::size_t base)
{
    const auto sights = sights_of_frames(scene);
    const std::vector<Camera3x4> anchors = scene.cameras;
    guess(scene, sights, base);
    for (int round = 0; round < kRounds; ++round) {
        place_tracks(scene, 3);
        // Loose at first would let homographies swallow the parallax.
        const double hold = round < kRounds / 2 ? 1.0 : 1e-3;
        parallel_each(static_cast<int>(scene.cameras.size()), [&](int i) {
            const auto t = static_cast<std::size_t>(i);
            if (t != base && sights[t].size() >= 12)
                place_camera(scene, sights[t], anchors[t], hold, scene.cameras[t]);
        });
    }
    place_tracks(scene, 5);
}

void add_supports(const Scene& scene, const Units& units, double depth_unit, Take& take)
{
    const std::size_t stride = scene.places.size() / kMostSupports + 1;
    for (std::size_t i = 0; i < scene.places.size(); i += stride) {
        const Place& place = scene.places[i];
        take.supports.push_back(
            {{place[0] * units.scale + units.x, place[1] * units.scale + units.y}, place[2] * depth_unit});
    }
}

/// Scene back into the take, with depth in pixels of parallax.
void give_back(const Scene& scene, const Units& units, Take& take)
{
    double longest = 0;
    for (const Camera3x4& camera : scene.cameras)
        longest = std::max(longest, camera.col(3).norm());
    const double unit = longest * units.scale;
    const Eigen::Matrix3d pixels = units.pixels(), inside = pixels.inverse();
    for (std::size_t t = 0; t < take.frames.size(); ++t) {
        const Eigen::Matrix3d map = pixels * scene.cameras[t].leftCols<3>() * inside;
        const Eigen::Vector3d parallax = pixels * scene.cameras[t].col(3) / unit;
        Eigen::Map<Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(take.frame_from_base[t].m.data()) = map;
        take.parallax[t] = {parallax[0], parallax[1], parallax[2]};
    }
    add_supports(scene, units, unit, take);
}

}  // namespace

void add_parallax(Take& take, const std::vector<Track>& tracks, double pixel)
{
    const Units units = units_of(tracks);
    Scene scene = scene_of(take, tracks, units, pixel);
    if (scene.tracks.size() < kFewestTracks || take.frames.size() < 3)
        return;
    place_tracks(scene, 3);   // without parallax, depth does nothing
    const double flat = quantile(distances(scene), 0.7);
    if (flat < kFlat * scene.noise)
        return;
    solve(scene, take.base);
    drop_outliers(scene, 2 * kOutlier * scene.noise);
    if (scene.tracks.size() < kFewestTracks)
        return;
    for (int round = 0; round < kRounds / 2; ++round) {
        const auto sights = sights_of_frames(scene);
        const std::vector<Camera3x4> anchors = scene.cameras;
        parallel_each(static_cast<int>(scene.cameras.size()), [&](int i) {
            const auto t = static_cast<std::size_t>(i);
            if (t != take.base && sights[t].size() >= 12)
                place_camera(scene, sights[t], anchors[t], 1e-6, scene.cameras[t]);
        });
        place_tracks(scene, 3);
    }
    if (quantile(distances(scene), 0.7) > kClearlyBetter * flat)
        return;
    drop_outliers(scene, kOutlier * scene.noise);
    give_back(scene, units, take);
}

double add_depths(Take& take, const std::vector<Track>& tracks, double pixel)
{
    const Units units = units_of(tracks);
    Scene scene = scene_of(take, tracks, units, pixel);
    if (scene.tracks.empty())
        return 0;
    place_tracks(scene, 12);
    const double median = quantile(distances(scene), 0.5) * units.scale;
    drop_outliers(scene, kOutlier * scene.noise);
    add_supports(scene, units, 1.0, take);
    return median;
}

}  // namespace platefall::cleanplate
