/// Cameras and places of things that stand still, known up to a projective map. Private to the sources that find
/// parallax: it names Eigen's types.
#pragma once

#include "cleanplate/motion/tracks.h"

#include <Eigen/Core>

#include <cstddef>
#include <utility>
#include <vector>

namespace platefall::cleanplate {

using Camera3x4 = Eigen::Matrix<double, 3, 4>;  ///< homography and parallax side by side; acts on (x, y, 1, depth)
using Place = Eigen::Vector3d;                  ///< x, y in the base frame, and depth

/// From pixels to coordinates in which the picture is about 1 wide, about its middle.
struct Units {
    double scale, x, y;

    Eigen::Vector2d inside(const Vec2& p) const { return {(p[0] - x) / scale, (p[1] - y) / scale}; }
    Vec2 outside(const Place& place) const { return {place[0] * scale + x, place[1] * scale + y}; }
    Eigen::Matrix3d pixels() const { return Eigen::Matrix3d{{scale, 0, x}, {0, scale, y}, {0, 0, 1}}; }
};

Units units_of(const std::vector<Track>& tracks);

struct Seen {
    std::size_t frame;
    Eigen::Vector2d at;
};

/// What one frame sees: tracks and where.
using Sights = std::vector<std::pair<std::size_t, Eigen::Vector2d>>;

struct Scene {
    std::size_t base = 0;
    std::vector<Camera3x4> cameras;         ///< the base's is (1, 0)
    std::vector<std::vector<Seen>> tracks;  ///< ascending by frame
    std::vector<Place> places;              ///< of the tracks
    double noise = 0;                       ///< a pixel in which features were found, in these units
    double tolerance = 0;                   ///< where a residual begins to count less
};

/// Frames, the base aside: a longer track is cut into pieces, so that no two frames far apart have to be adjusted together.
inline constexpr std::size_t kWidestTrack = 24;

/// The cameras of the take; tracks of at least `shortest` sightings with depth 0. The base, which stays, is
/// seen by every piece of a track.
Scene scene_of(const Take& take, const std::vector<Track>& tracks, const Units& units, double pixel,
               std::size_t shortest);

std::vector<Sights> sights_of_frames(const Scene& scene);

inline Eigen::Vector3d projected(const Camera3x4& camera, const Place& place)
{
    return camera * Eigen::Vector4d(place[0], place[1], 1, place[2]);
}

inline Eigen::Vector2d residual(const Camera3x4& camera, const Place& place, const Eigen::Vector2d& at)
{
    const Eigen::Vector3d there = projected(camera, place);
    return there.head<2>() / there[2] - at;
}

/// Geman and McClure: what is far off counts for next to nothing.
inline double trust(const Eigen::Vector2d& residual, double tolerance)
{
    const double share = 1 + residual.squaredNorm() / (tolerance * tolerance);
    return 1 / (share * share);
}

/// One sighting, linearised: how its residual answers to its camera (column by column) and its place.
struct Linear {
    Eigen::Matrix<double, 2, 12> by_camera;
    Eigen::Matrix<double, 2, 3> by_place;
    Eigen::Vector2d off;
    double weight;
};

Linear linearise(const Camera3x4& camera, const Place& place, const Eigen::Vector2d& at, double tolerance);

/// For parallax of length 1; about (noise / largest depth)^2. Keeps depth at 0 where nothing says otherwise, as near the
/// epipole.
inline constexpr double kDepthPull = 1e-5;

/// Intersection: improves a track's place, given the cameras. Returns the standard deviation of its depth, in those of
/// its sightings.
double place_track(const Scene& scene, const std::vector<Seen>& track, Place& place, int steps,
                   double depth_pull = kDepthPull);

void place_tracks(Scene& scene, int steps);

/// A track's place from nothing, by the sightings of those frames that have a camera already (one flag a frame).
struct Triangulated {
    Place place{0, 0, 0};
    double clarity = 0;    ///< by how much a unit of depth moves it in the frame where it does so most; 0: not found
};
Triangulated triangulate(const Scene& scene, const std::vector<Seen>& track, const std::vector<char>& has_camera);

/// Root mean square distance of every track's sightings from where its place is projected to.
std::vector<double> distances(const Scene& scene);

/// Keeps the tracks for which `keep` has a flag.
void keep_tracks(Scene& scene, const std::vector<char>& keep);

/// The longest parallax gets length 1, and depths the inverse. Returns what depths were multiplied by.
double rescale(Scene& scene);

/// The value that a share of all others do not exceed; 0 of none.
double quantile(std::vector<double> values, double share);

}  // namespace platefall::cleanplate
