#include "cleanplate/motion/parallax.h"

#include "base/parallel.h"
#include "cleanplate/motion/bundle.h"
#include "cleanplate/motion/first_parallax.h"

#include <Eigen/Dense>

#include <algorithm>

namespace platefall::cleanplate {
namespace {

constexpr double kOutlier = 1.5;          // pixels at which features were found
constexpr double kWorthwhile = 0.015;     // of the tracks: explained by parallax, and not by the plane
constexpr std::size_t kFewestTracks = 40;
constexpr std::size_t kMostSupports = 4000;
constexpr double kKnownDepth = 0.1;       // standard deviation of a depth that is worth telling, of the scene's range
constexpr double kLeastNoise = 0.1;       // pixels at which features were found
constexpr std::size_t kShortest = 3;      // sightings; two points always fit some depth

std::size_t count_explained(const Scene& scene)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        distances(scene), [&](double distance) { return distance < kOutlier * scene.noise; }));
}

/// Keeps what lies within so many working pixels of where the cameras put it.
void drop_outliers(Scene& scene, double most_px)
{
    std::vector<char> keep;
    for (const double distance : distances(scene))
        keep.push_back(distance < most_px * scene.noise);
    keep_tracks(scene, keep);
}

void solve(Scene& scene)
{
    const std::vector<Camera3x4> anchors = scene.cameras;
    guess_parallax(scene);
    for (const double tolerance : {10.0, 5.0, 3.0}) {
        scene.tolerance = tolerance * scene.noise;
        adjust(scene, anchors, 1e-2, 8);
    }
}

bool is_in_front(const Scene& scene, std::size_t track)
{
    return std::ranges::all_of(scene.tracks[track], [&](const Seen& seen) {
        return projected(scene.cameras[seen.frame], scene.places[track])[2] > 0;
    });
}

/// Tracks whose depth is known well, compared with how much depth there is.
std::vector<Take::Support> supports_of(const Scene& scene, const Units& units, double depth_unit)
{
    std::vector<double> depths;
    for (const Place& place : scene.places)
        depths.push_back(place[2]);
    // By what is left, pixels are found this well.
    const double noise = std::clamp(quantile(distances(scene), 0.5), kLeastNoise * scene.noise, scene.noise);
    const double most_error = kKnownDepth * (quantile(depths, 0.9) - quantile(depths, 0.1)) / noise;
    std::vector<Take::Support> all;
    for (std::size_t i = 0; i < scene.places.size(); ++i) {
        Place place = scene.places[i];
        if (place_track(scene, scene.tracks[i], place, 1) < most_error && is_in_front(scene, i))
            all.push_back({units.outside(scene.places[i]), scene.places[i][2] * depth_unit, scene.tracks[i].front().frame});
    }
    const std::size_t stride = all.size() / kMostSupports + 1;
    std::vector<Take::Support> some;
    for (std::size_t i = 0; i < all.size(); i += stride)
        some.push_back(all[i]);
    return some;
}

/// Scene back into the take, with depth in pixels of parallax; nothing when no depth is known well.
void give_back(const Scene& scene, const Units& units, Take& take)
{
    take.supports = supports_of(scene, units, units.scale);
    if (take.supports.empty())
        return;
    const Eigen::Matrix3d pixels = units.pixels(), inside = pixels.inverse();
    for (std::size_t t = 0; t < take.frames.size(); ++t) {
        const Eigen::Matrix3d map = pixels * scene.cameras[t].leftCols<3>() * inside;
        const Eigen::Vector3d parallax = pixels * scene.cameras[t].col(3) / units.scale;
        Eigen::Map<Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(take.frame_from_base[t].m.data()) = map;
        take.parallax[t] = {parallax[0], parallax[1], parallax[2]};
    }
    take.frame_from_base[take.base] = {};
}

/// Places of all tracks under cameras that are known. Nothing lies beyond infinity: depths stay at 0 or above.
void place_from_nothing(Scene& scene)
{
    constexpr double kHeld = 1e9;
    const std::vector<char> has_camera(scene.cameras.size(), 1);
    parallel_rows(0, static_cast<int>(scene.tracks.size()), [&](int first, int last) {
        for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
            Place& place = scene.places[i];
            const Place at_infinity = place;
            place = triangulate(scene, scene.tracks[i], has_camera).place;
            place_track(scene, scene.tracks[i], place, 4);
            if (place[2] < 0) {
                place = at_infinity;
                place_track(scene, scene.tracks[i], place, 4, kHeld);
                place[2] = 0;
            }
        }
    });
}

}  // namespace

void add_parallax(Take& take, const std::vector<Track>& tracks, double pixel)
{
    const Units units = units_of(tracks);
    Scene scene = scene_of(take, tracks, units, pixel, kShortest);
    if (scene.tracks.size() < kFewestTracks || take.frames.size() < kShortest)
        return;
    place_tracks(scene, 3);   // without parallax, depth does nothing
    const std::size_t by_plane = count_explained(scene);
    const double worthwhile = static_cast<double>(by_plane) + kWorthwhile * static_cast<double>(scene.tracks.size());
    if (static_cast<double>(scene.tracks.size()) < worthwhile)
        return;
    solve(scene);
    if (static_cast<double>(count_explained(scene)) < worthwhile)
        return;
    drop_outliers(scene, 2 * kOutlier);
    if (scene.tracks.size() < kFewestTracks)
        return;
    adjust(scene, scene.cameras, 1e-4, 8);
    drop_outliers(scene, kOutlier);
    give_back(scene, units, take);
}

CameraFit add_depths(Take& take, const std::vector<Track>& tracks, double pixel)
{
    const Units units = units_of(tracks);
    Scene scene = scene_of(take, tracks, units, pixel, std::min(kShortest, take.frames.size()));
    const double depth_unit = 1 / rescale(scene);
    place_from_nothing(scene);
    const CameraFit fit{.tracks = scene.tracks.size(), .median_px = quantile(distances(scene), 0.5) * units.scale};
    drop_outliers(scene, kOutlier);
    take.supports = supports_of(scene, units, depth_unit);
    return fit;
}

}  // namespace platefall::cleanplate
