#include "cleanplate/motion/projective_scene.h"

#include "base/parallel.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::cleanplate {
namespace {

constexpr std::size_t kMostWitnesses = 8;  // frames that suggest a depth

Eigen::Matrix3d matrix_of(const Homography& map)
{
    return Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(map.m.data());
}

/// Where the track is nearest to the base in time.
const Seen& nearest_to_base(const std::vector<Seen>& track, std::size_t base)
{
    return *std::ranges::min_element(track, {}, [&](const Seen& one) {
        return std::abs(static_cast<double>(one.frame) - static_cast<double>(base));
    });
}

/// Where a sighting lies in the base if it has a depth, seen from its own frame.
Place in_base(const Camera3x4& camera, const Eigen::Vector2d& at, double depth)
{
    const Eigen::Vector3d there = camera.leftCols<3>().inverse() * (at.homogeneous() - depth * camera.col(3));
    return {there[0] / there[2], there[1] / there[2], depth / there[2]};
}

void add_track(Scene& scene, std::vector<Seen> seen)
{
    const Seen& nearest = nearest_to_base(seen, scene.base);
    scene.places.push_back(in_base(scene.cameras[nearest.frame], nearest.at, 0));
    scene.tracks.push_back(std::move(seen));
}

/// A track without its leaps against the plane: there it has taken one window of a facade for the next.
std::vector<std::vector<Seen>> smooth_runs(const Scene& scene, const std::vector<Seen>& seen)
{
    constexpr double kLeast = 3, kMost = 4;   // working pixels; times the track's usual step
    std::vector<double> steps;
    for (std::size_t i = 1; i < seen.size(); ++i) {
        const Seen &from = seen[i - 1], &to = seen[i];
        const Place place = in_base(scene.cameras[from.frame], from.at, 0);
        const double frames = static_cast<double>(to.frame - from.frame);
        steps.push_back(residual(scene.cameras[to.frame], place, to.at).norm() / frames);
    }
    const double most = std::max(kLeast * scene.noise, kMost * quantile(steps, 0.5));
    std::vector<std::vector<Seen>> runs(1, {seen.front()});
    for (std::size_t i = 1; i < seen.size(); ++i) {
        if (steps[i - 1] > most)
            runs.emplace_back();
        runs.back().push_back(seen[i]);
    }
    return runs;
}

/// Pieces begin in other frames for every track, so that all neighbours have tracks in common.
void add_pieces(Scene& scene, const std::vector<Seen>& seen, std::size_t shortest)
{
    const auto of_base = std::ranges::find(seen, scene.base, &Seen::frame);
    std::size_t frames = kWidestTrack;
    if (seen.back().frame - seen.front().frame >= kWidestTrack)
        frames -= 7 * scene.tracks.size() % (kWidestTrack / 2);
    for (auto first = seen.begin(); first != seen.end(); frames = kWidestTrack) {
        const auto last = std::find_if(first, seen.end(), [&](const Seen& one) { return one.frame >= first->frame + frames; });
        std::vector<Seen> piece(first, last);
        if (of_base != seen.end() && (of_base < first || of_base >= last))
            piece.insert(of_base < first ? piece.begin() : piece.end(), *of_base);
        if (piece.size() >= shortest)
            add_track(scene, std::move(piece));
        first = last;
    }
}

/// What a depth in the frame `from` does in another.
struct Pull {
    Eigen::Vector3d plane, along;
    Eigen::Vector2d at;

    /// Least squares of at x (plane + depth along) = 0.
    double depth() const
    {
        const Eigen::Vector3d a = at.homogeneous().cross(along), b = at.homogeneous().cross(plane);
        return a.squaredNorm() > 0 ? -a.dot(b) / a.squaredNorm() : 0;
    }
    Eigen::Vector2d off(double depth) const
    {
        const Eigen::Vector3d there = plane + depth * along;
        return there.head<2>() / there[2] - at;
    }
    double clarity() const { return at.homogeneous().cross(along).norm() / std::abs(plane[2]); }
};

std::vector<Pull> pulls(const Scene& scene, const std::vector<Seen>& track, const std::vector<char>& has_camera,
                        const Seen& from)
{
    const Camera3x4& own = scene.cameras[from.frame];
    const Eigen::Matrix3d back = own.leftCols<3>().inverse();
    std::vector<Pull> all;
    for (const Seen& seen : track) {
        if (!has_camera[seen.frame] || seen.frame == from.frame)
            continue;
        const Camera3x4& camera = scene.cameras[seen.frame];
        const Eigen::Matrix3d map = camera.leftCols<3>() * back;
        all.push_back({map * from.at.homogeneous(), camera.col(3) - map * own.col(3), seen.at});
    }
    return all;
}

/// The one of a few frames' suggestions that most agree with: one wrong sighting spoils nothing.
double agreed_depth(const std::vector<Pull>& all, double tolerance)
{
    const auto cost = [&](double depth) {
        double sum = 0;
        for (const Pull& pull : all) {
            const double square = pull.off(depth).squaredNorm() / (tolerance * tolerance);
            sum += square / (1 + square);
        }
        return sum;
    };
    double best = 0, least = cost(0);
    const std::size_t stride = all.size() / kMostWitnesses + 1;
    for (std::size_t i = 0; i < all.size(); i += stride)
        if (const double depth = all[i].depth(), here = cost(depth); here < least) {
            best = depth;
            least = here;
        }
    return best;
}

}  // namespace

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

Scene scene_of(const Take& take, const std::vector<Track>& tracks, const Units& units, double pixel,
               std::size_t shortest)
{
    Scene scene{.base = take.base, .cameras = {}, .tracks = {}, .places = {}};
    scene.noise = pixel / units.scale;
    scene.tolerance = 3 * scene.noise;
    const Eigen::Matrix3d pixels = units.pixels(), inside = pixels.inverse();
    for (std::size_t t = 0; t < take.frames.size(); ++t) {
        Camera3x4 camera;
        camera << inside * matrix_of(take.frame_from_base[t]) * pixels,
            inside * Eigen::Vector3d(take.parallax[t][0], take.parallax[t][1], take.parallax[t][2]);
        scene.cameras.push_back(camera);
    }
    for (const Track& track : tracks) {
        std::vector<Seen> seen;
        for (const Sighting& sighting : track)
            seen.push_back({static_cast<std::size_t>(sighting.frame), units.inside(sighting.point)});
        for (const std::vector<Seen>& run : smooth_runs(scene, seen))
            add_pieces(scene, run, shortest);
    }
    return scene;
}

std::vector<Sights> sights_of_frames(const Scene& scene)
{
    std::vector<Sights> sights(scene.cameras.size());
    for (std::size_t track = 0; track < scene.tracks.size(); ++track)
        for (const Seen& seen : scene.tracks[track])
            sights[seen.frame].emplace_back(track, seen.at);
    return sights;
}

Linear linearise(const Camera3x4& camera, const Place& place, const Eigen::Vector2d& at, double tolerance)
{
    const Eigen::Vector4d point(place[0], place[1], 1, place[2]);
    const Eigen::Vector3d there = camera * point;
    const double w = 1 / there[2];
    const Eigen::Matrix<double, 2, 3> d{{w, 0, -there[0] * w * w}, {0, w, -there[1] * w * w}};
    Linear linear;
    for (Eigen::Index column = 0; column < 4; ++column)
        linear.by_camera.block<2, 3>(0, 3 * column) = d * point[column];
    linear.by_place << d * camera.leftCols<2>(), d * camera.col(3);
    linear.off = there.head<2>() * w - at;
    linear.weight = trust(linear.off, tolerance);
    return linear;
}

double place_track(const Scene& scene, const std::vector<Seen>& track, Place& place, int steps, double depth_pull)
{
    Eigen::Matrix3d normal = Eigen::Matrix3d::Identity();
    for (int step = 0; step < steps; ++step) {
        normal = Eigen::Matrix3d::Identity() * 1e-12;
        Eigen::Vector3d right = Eigen::Vector3d::Zero();
        for (const Seen& seen : track) {
            const Linear linear = linearise(scene.cameras[seen.frame], place, seen.at, scene.tolerance);
            normal += linear.weight * linear.by_place.transpose() * linear.by_place;
            right -= linear.weight * linear.by_place.transpose() * linear.off;
        }
        normal(2, 2) += depth_pull;
        right[2] -= depth_pull * place[2];
        place += normal.ldlt().solve(right);
    }
    return std::sqrt(normal.inverse()(2, 2));
}

void place_tracks(Scene& scene, int steps)
{
    parallel_rows(0, static_cast<int>(scene.tracks.size()), [&](int first, int last) {
        for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i)
            place_track(scene, scene.tracks[i], scene.places[i], steps);
    });
}

Triangulated triangulate(const Scene& scene, const std::vector<Seen>& track, const std::vector<char>& has_camera)
{
    std::vector<Seen> usable;
    std::ranges::copy_if(track, std::back_inserter(usable), [&](const Seen& seen) { return has_camera[seen.frame]; });
    if (usable.size() < 2)
        return {};
    const Seen& from = nearest_to_base(usable, scene.base);
    const std::vector<Pull> all = pulls(scene, usable, has_camera, from);
    Triangulated found{.place = in_base(scene.cameras[from.frame], from.at, agreed_depth(all, scene.tolerance))};
    for (const Pull& pull : all)
        found.clarity = std::max(found.clarity, pull.clarity());
    return found;
}

std::vector<double> distances(const Scene& scene)
{
    std::vector<double> all;
    for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
        double sum = 0;
        for (const Seen& seen : scene.tracks[i])
            sum += residual(scene.cameras[seen.frame], scene.places[i], seen.at).squaredNorm();
        all.push_back(std::sqrt(sum / static_cast<double>(scene.tracks[i].size())));
    }
    return all;
}

void keep_tracks(Scene& scene, const std::vector<char>& keep)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < keep.size(); ++i)
        if (keep[i]) {
            if (kept != i)
                scene.tracks[kept] = std::move(scene.tracks[i]);
            scene.places[kept++] = scene.places[i];
        }
    scene.tracks.resize(kept);
    scene.places.resize(kept);
}

double rescale(Scene& scene)
{
    double longest = 0;
    for (const Camera3x4& camera : scene.cameras)
        longest = std::max(longest, camera.col(3).norm());
    if (longest == 0)
        return 1;
    for (Camera3x4& camera : scene.cameras)
        camera.col(3) /= longest;
    for (Place& place : scene.places)
        place[2] *= longest;
    return longest;
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

}  // namespace platefall::cleanplate
