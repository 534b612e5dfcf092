#include "cleanplate/parallax.h"

#include "base/parallel.h"

#include <Eigen/Dense>
#include <Eigen/Sparse>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace platefall::cleanplate {
namespace {

using Camera3x4 = Eigen::Matrix<double, 3, 4>;   ///< homography and parallax side by side; acts on (x, y, 1, depth)
using Place = Eigen::Vector3d;                   ///< x, y in the base frame, and depth

constexpr double kOutlier = 1.5;            // pixels at which features were found
constexpr double kWorthwhile = 0.015;       // of the tracks: explained by parallax, and not by the plane
constexpr std::size_t kFewestTracks = 40;
constexpr std::size_t kMostSupports = 4000;
constexpr double kDepthPull = 1e-5;         // for parallax of length 1; about (noise / largest depth)^2
constexpr double kKnownDepth = 0.2;         // standard deviation of a depth that is worth telling, of the scene's range
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

/// What one frame sees: tracks and where.
using Sights = std::vector<std::pair<std::size_t, Eigen::Vector2d>>;

struct Scene {
    std::vector<Camera3x4> cameras;
    std::vector<std::vector<Seen>> tracks;
    std::vector<Place> places;
    std::vector<char> in_base;              ///< whether the base frame sees the track
    double noise = 0;                       ///< a pixel in these units
    double tolerance = 0;                   ///< where a residual begins to count less
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

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
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

/// Intersection: where a track's place is, given the cameras. A weak pull keeps depth at 0 where nothing says otherwise,
/// as near the epipole. Returns the standard deviation of its depth.
double place_track(const Scene& scene, const std::vector<Seen>& track, Place& place, int steps)
{
    Eigen::Matrix3d normal = Eigen::Matrix3d::Identity();
    for (int step = 0; step < steps; ++step) {
        normal = Eigen::Matrix3d::Identity() * 1e-12;
        Eigen::Vector3d right = Eigen::Vector3d::Zero();
        for (const Seen& seen : track) {
            const Camera3x4& camera = scene.cameras[seen.frame];
            Eigen::Matrix3d by_place;
            by_place << camera.col(0), camera.col(1), camera.col(3);
            const Eigen::Matrix<double, 2, 3> j = derivative(projected(camera, place)) * by_place;
            const Eigen::Vector2d r = residual(camera, place, seen);
            const double weight = trust(r, scene.tolerance);
            normal += weight * j.transpose() * j;
            right -= weight * j.transpose() * r;
        }
        normal(2, 2) += kDepthPull;
        right[2] -= kDepthPull * place[2];
        place += normal.ldlt().solve(right);
    }
    return std::sqrt(normal.inverse()(2, 2)) * scene.noise;
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
void place_camera(const Scene& scene, const Sights& sights,
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
        const double weight = trust(r, scene.tolerance);
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
std::vector<Sights> sights_of_frames(const Scene& scene)
{
    std::vector<Sights> sights(scene.cameras.size());
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
    scene.tolerance = 3 * scene.noise;
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
        scene.in_base.push_back(nearest.frame == take.base);
        const Eigen::Vector3d start
            = scene.cameras[nearest.frame].leftCols<3>().inverse() * nearest.at.homogeneous();
        scene.tracks.push_back(std::move(seen));
        scene.places.push_back({start[0] / start[2], start[1] / start[2], 0});
    }
    return scene;
}

/// A track in one frame: where the plane's homography puts it, and where it is.
struct Shift {
    std::size_t track;
    Eigen::Vector2d plane, at;

    Eigen::Vector3d line() const { return at.homogeneous().cross(plane.homogeneous()); }

    /// How far off the line from `plane` towards the epipole it is.
    double off(const Eigen::Vector3d& epipole) const
    {
        const Eigen::Vector2d along = epipole.head<2>() - plane * epipole[2], moved = at - plane;
        return std::abs(along[0] * moved[1] - along[1] * moved[0]) / std::max(along.norm(), 1e-12);
    }
};

/// The tracks that the base frame sees too, so that their place is known, and which the plane does not explain.
std::vector<Shift> shifts(const Scene& scene, const Sights& sights, const Camera3x4& camera)
{
    std::vector<Shift> all;
    for (const auto& [track, at] : sights) {
        if (!scene.in_base[track])
            continue;
        const Eigen::Vector3d on_plane = projected(camera, scene.places[track]);
        const Shift shift{track, on_plane.head<2>() / on_plane[2], at};
        if ((shift.at - shift.plane).norm() > 2 * scene.noise)
            all.push_back(shift);
    }
    return all;
}

struct Epipole {
    Eigen::Vector3d direction = Eigen::Vector3d::Zero();   ///< unit length, of either sign
    int followers = 0;
};

/// What the plane does not explain moves along lines through the epipole: two of them make a guess, the guess that most
/// follow is taken (RANSAC over a fixed sequence of pairs) and refined by all of those.
Epipole find_epipole(const std::vector<Shift>& shifts, double noise)
{
    constexpr std::size_t kGuesses = 400;
    const auto count_followers = [&](const Eigen::Vector3d& direction) {
        return static_cast<int>(std::ranges::count_if(shifts, [&](const Shift& shift) { return shift.off(direction) < noise; }));
    };
    Epipole best;
    for (std::size_t guess = 0; guess < kGuesses && shifts.size() > 2; ++guess) {
        const Shift& a = shifts[guess * 7919 % shifts.size()];
        const Shift& b = shifts[(guess * 104729 + guess / 3 + 1) % shifts.size()];
        const Eigen::Vector3d direction = a.line().cross(b.line());
        if (direction.norm() < 1e-15)
            continue;
        if (const int followers = count_followers(direction.normalized()); followers > best.followers)
            best = {direction.normalized(), followers};
    }
    for (int round = 0; round < 5 && best.followers > 2; ++round) {
        Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
        for (const Shift& shift : shifts)
            sum += trust({shift.off(best.direction), 0.0}, noise) * shift.line() * shift.line().transpose();
        const Eigen::Vector3d direction = Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(sum).eigenvectors().col(0);
        if (const int followers = count_followers(direction); followers >= best.followers)
            best = {direction, followers};
    }
    return best;
}

/// Depths of the tracks by how far one frame sees them along its parallax (least squares of at x (p + d e) = 0). Where
/// that hardly moves them, at the epipole, they are not known.
void depths_along(Scene& scene, const Sights& sights, const Camera3x4& camera, std::vector<char>& known)
{
    constexpr double kClear = 0.2;   // of the median
    struct Equation {
        std::size_t track;
        double along, square;
    };
    std::vector<Equation> equations;
    std::vector<double> squares;
    for (const auto& [track, at] : sights) {
        if (known[track])
            continue;
        const Eigen::Vector3d a = at.homogeneous().cross(camera.col(3));
        const Eigen::Vector3d b = at.homogeneous().cross(projected(camera, scene.places[track]));
        equations.push_back({track, -a.dot(b), a.squaredNorm()});
        squares.push_back(a.squaredNorm());
    }
    const double clear = kClear * quantile(squares, 0.5);
    for (const Equation& equation : equations)
        if (equation.square > clear) {
            scene.places[equation.track][2] = equation.along / equation.square;
            known[equation.track] = 1;
        }
}

/// First guess: parallax from the frame where it shows most clearly, its depths carried to the others.
void guess(Scene& scene, const std::vector<Sights>& sights, std::size_t base)
{
    std::vector<Epipole> epipoles(sights.size());
    parallel_each(static_cast<int>(sights.size()), [&](int i) {
        const auto t = static_cast<std::size_t>(i);
        if (t != base)
            epipoles[t] = find_epipole(shifts(scene, sights[t], scene.cameras[t]), scene.noise);
    });
    const auto clearest = std::ranges::max_element(epipoles, {}, &Epipole::followers);
    const auto widest = static_cast<std::size_t>(clearest - epipoles.begin());
    if (clearest->followers < 12)
        return;
    std::vector<char> known(scene.places.size());
    scene.cameras[widest].col(3) = clearest->direction;
    Sights of_base;
    std::ranges::copy_if(sights[widest], std::back_inserter(of_base),
                         [&](const auto& sight) { return scene.in_base[sight.first]; });
    depths_along(scene, of_base, scene.cameras[widest], known);
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
        Sights of_known;
        for (const auto& sight : sights[t])
            if (known[sight.first])
                of_known.push_back(sight);
        if (t != widest && of_known.size() >= 12)
            for (int step = 0; step < 5; ++step)
                place_camera(scene, of_known, scene.cameras[t], 1e3, scene.cameras[t]);
        Sights of_base_here;
        std::ranges::copy_if(sights[t], std::back_inserter(of_base_here),
                             [&](const auto& sight) { return scene.in_base[sight.first]; });
        if (scene.cameras[t].col(3).norm() > 0.2)
            depths_along(scene, of_base_here, scene.cameras[t], known);
    }
}

/// The longest parallax gets length 1, and depths the inverse: their scale is free.
void rescale(Scene& scene)
{
    double longest = 0;
    for (const Camera3x4& camera : scene.cameras)
        longest = std::max(longest, camera.col(3).norm());
    if (longest == 0)
        return;
    for (Camera3x4& camera : scene.cameras)
        camera.col(3) /= longest;
    for (Place& place : scene.places)
        place[2] *= longest;
}

void drop_outliers(Scene& scene, double most)
{
    const std::vector<double> off = distances(scene);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < off.size(); ++i)
        if (off[i] < most) {
            scene.tracks[kept] = std::move(scene.tracks[i]);
            scene.in_base[kept] = scene.in_base[i];
            scene.places[kept++] = scene.places[i];
        }
    scene.tracks.resize(kept);
    scene.in_base.resize(kept);
    scene.places.resize(kept);
}

// --------------------------------------------------------------------------------- all at once
//
// Resection and intersection by turns hardly move what cameras and places have to do together (all depths, all tracks
// that the base does not see). So they are adjusted jointly: places are eliminated (Schur complement), which leaves a
// sparse system in the cameras (Triggs et al. 2000, "Bundle adjustment", section 6.1).

constexpr Eigen::Index kCameraSize = 12;
using CameraBlock = Eigen::Matrix<double, kCameraSize, kCameraSize>;
using CameraVector = Eigen::Matrix<double, kCameraSize, 1>;
using CameraByPlace = Eigen::Matrix<double, kCameraSize, 3>;

/// One sighting, linearised: how its residual answers to its camera and its place.
struct Linear {
    Eigen::Matrix<double, 2, kCameraSize> by_camera;
    Eigen::Matrix<double, 2, 3> by_place;
    Eigen::Vector2d off;
    double weight;
};

Linear linearise(const Scene& scene, const Place& place, const Seen& seen)
{
    const Camera3x4& camera = scene.cameras[seen.frame];
    const Eigen::Vector4d point(place[0], place[1], 1, place[2]);
    const Eigen::Vector3d there = camera * point;
    const Eigen::Matrix<double, 2, 3> d = derivative(there);
    Linear linear;
    for (Eigen::Index column = 0; column < 4; ++column)
        linear.by_camera.block<2, 3>(0, 3 * column) = d * point[column];
    Eigen::Matrix3d camera_by_place;
    camera_by_place << camera.col(0), camera.col(1), camera.col(3);
    linear.by_place = d * camera_by_place;
    linear.off = there.head<2>() / there[2] - seen.at;
    linear.weight = trust(linear.off, scene.tolerance);
    return linear;
}

/// Symmetric blocks between cameras that see common tracks.
class CameraSystem {
public:
    explicit CameraSystem(std::size_t cameras) : right_(cameras, CameraVector::Zero()) {}

    void add(std::size_t a, std::size_t b, const CameraBlock& block)
    {
        auto [at, is_new] = blocks_.try_emplace({a, b}, block);
        if (!is_new)
            at->second += block;
    }
    void add_right(std::size_t a, const CameraVector& vector) { right_[a] += vector; }

    /// Without the base, which stays.
    std::vector<CameraVector> solve(std::size_t base) const
    {
        const auto place_of = [&](std::size_t camera) {
            return kCameraSize * static_cast<Eigen::Index>(camera - (camera > base ? 1 : 0));
        };
        const Eigen::Index size = kCameraSize * static_cast<Eigen::Index>(right_.size() - 1);
        std::vector<Eigen::Triplet<double>> entries;
        for (const auto& [cameras, block] : blocks_) {
            const auto [a, b] = cameras;
            if (a == base || b == base)
                continue;
            for (Eigen::Index i = 0; i < kCameraSize; ++i)
                for (Eigen::Index j = 0; j < kCameraSize; ++j)
                    if (place_of(a) + i >= place_of(b) + j)   // the lower half
                        entries.emplace_back(place_of(a) + i, place_of(b) + j, block(i, j));
        }
        Eigen::SparseMatrix<double> matrix(size, size);
        matrix.setFromTriplets(entries.begin(), entries.end());
        Eigen::VectorXd right(size);
        for (std::size_t camera = 0; camera < right_.size(); ++camera)
            if (camera != base)
                right.segment<kCameraSize>(place_of(camera)) = right_[camera];
        const Eigen::VectorXd solution = Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>>(matrix).solve(right);
        std::vector<CameraVector> change(right_.size(), CameraVector::Zero());
        for (std::size_t camera = 0; camera < right_.size(); ++camera)
            if (camera != base)
                change[camera] = solution.segment<kCameraSize>(place_of(camera));
        return change;
    }

private:
    std::map<std::pair<std::size_t, std::size_t>, CameraBlock> blocks_;
    std::vector<CameraVector> right_;
};

/// One step of Gauss and Newton for all cameras and places, the diagonal enlarged by `damping`.
void step_jointly(Scene& scene, std::size_t base, const std::vector<Camera3x4>& anchors, double hold, double damping)
{
    CameraSystem system(scene.cameras.size());
    for (std::size_t t = 0; t < scene.cameras.size(); ++t) {
        const Camera3x4 away = scene.cameras[t] - anchors[t];
        CameraBlock pull = CameraBlock::Identity() * hold * 1e-3;
        pull.diagonal().head<9>().setConstant(hold);
        system.add(t, t, pull);
        CameraVector back = CameraVector::Zero();
        back.head<9>() = -hold * Eigen::Map<const CameraVector>(away.data()).head<9>();
        system.add_right(t, back);
    }
    struct Eliminated {
        Eigen::Matrix3d inverse;
        Eigen::Vector3d right;
        std::vector<CameraByPlace> mixed;
    };
    std::vector<Eliminated> eliminated(scene.tracks.size());
    for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
        Eliminated& own = eliminated[i];
        Eigen::Matrix3d normal = Eigen::Matrix3d::Identity() * 1e-12;
        normal(2, 2) += kDepthPull;
        own.right = {0, 0, -kDepthPull * scene.places[i][2]};
        for (const Seen& seen : scene.tracks[i]) {
            const Linear linear = linearise(scene, scene.places[i], seen);
            normal += linear.weight * linear.by_place.transpose() * linear.by_place;
            own.right -= linear.weight * linear.by_place.transpose() * linear.off;
            own.mixed.push_back(linear.weight * linear.by_camera.transpose() * linear.by_place);
            CameraBlock block = linear.weight * linear.by_camera.transpose() * linear.by_camera;
            block.diagonal() *= 1 + damping;
            system.add(seen.frame, seen.frame, block);
            system.add_right(seen.frame, -linear.weight * linear.by_camera.transpose() * linear.off);
        }
        normal.diagonal() *= 1 + damping;
        own.inverse = normal.inverse();
        for (std::size_t a = 0; a < own.mixed.size(); ++a) {
            const CameraByPlace weighted = own.mixed[a] * own.inverse;
            system.add_right(scene.tracks[i][a].frame, -weighted * own.right);
            for (std::size_t b = 0; b <= a; ++b)
                system.add(scene.tracks[i][a].frame, scene.tracks[i][b].frame, -weighted * own.mixed[b].transpose());
        }
    }
    const std::vector<CameraVector> change = system.solve(base);
    for (std::size_t t = 0; t < scene.cameras.size(); ++t)
        scene.cameras[t] += Eigen::Map<const Camera3x4>(change[t].data());
    for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
        Eigen::Vector3d right = eliminated[i].right;
        for (std::size_t a = 0; a < eliminated[i].mixed.size(); ++a)
            right -= eliminated[i].mixed[a].transpose() * change[scene.tracks[i][a].frame];
        scene.places[i] += eliminated[i].inverse * right;
    }
}

double cost(const Scene& scene)
{
    double sum = 0;
    const double limit = scene.tolerance * scene.tolerance;
    for (std::size_t i = 0; i < scene.tracks.size(); ++i)
        for (const Seen& seen : scene.tracks[i]) {
            const double square = residual(scene.cameras[seen.frame], scene.places[i], seen).squaredNorm();
            sum += square / (1 + square / limit);
        }
    return sum;
}

/// Levenberg and Marquardt; a step that makes it worse is taken back.
void adjust(Scene& scene, std::size_t base, const std::vector<Camera3x4>& anchors, double hold, int steps)
{
    double damping = 1e-3, before = cost(scene);
    for (int step = 0; step < steps; ++step) {
        const std::vector<Camera3x4> cameras = scene.cameras;
        const std::vector<Place> places = scene.places;
        step_jointly(scene, base, anchors, hold, damping);
        const double after = cost(scene);
        if (after < before) {
            damping = std::max(damping / 5, 1e-7);
            before = after;
            rescale(scene);
        } else {
            scene.cameras = cameras;
            scene.places = places;
            damping *= 10;
        }
    }
}

void solve(Scene& scene, std::size_t base)
{
    const std::vector<Camera3x4> anchors = scene.cameras;
    guess(scene, sights_of_frames(scene), base);
    for (const double tolerance : {10.0, 5.0, 3.0}) {
        scene.tolerance = tolerance * scene.noise;
        place_tracks(scene, 3);
        adjust(scene, base, anchors, 1e-2, 8);
    }
}

/// Tracks whose depth is known well, compared with how much depth there is.
void add_supports(Scene& scene, const Units& units, double depth_unit, Take& take)
{
    std::vector<double> depths;
    for (const Place& place : scene.places)
        depths.push_back(place[2]);
    const double most_error = kKnownDepth * (quantile(depths, 0.9) - quantile(depths, 0.1));
    std::vector<Take::Support> all;
    for (std::size_t i = 0; i < scene.places.size(); ++i) {
        Place& place = scene.places[i];
        if (place_track(scene, scene.tracks[i], place, 1) < most_error)
            all.push_back({{place[0] * units.scale + units.x, place[1] * units.scale + units.y}, place[2] * depth_unit});
    }
    const std::size_t stride = all.size() / kMostSupports + 1;
    for (std::size_t i = 0; i < all.size(); i += stride)
        take.supports.push_back(all[i]);
}

/// Scene back into the take, with depth in pixels of parallax.
void give_back(Scene& scene, const Units& units, Take& take)
{
    const double unit = units.scale;   // handier numbers
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
    const auto explained = [&] {
        return std::ranges::count_if(distances(scene), [&](double off) { return off < kOutlier * scene.noise; });
    };
    const auto by_plane = explained();
    solve(scene, take.base);
    if (static_cast<double>(explained() - by_plane) < kWorthwhile * static_cast<double>(scene.tracks.size()))
        return;
    drop_outliers(scene, 2 * kOutlier * scene.noise);
    if (scene.tracks.size() < kFewestTracks)
        return;
    adjust(scene, take.base, scene.cameras, 1e-4, 8);
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
