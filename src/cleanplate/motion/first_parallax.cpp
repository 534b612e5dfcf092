#include "cleanplate/motion/first_parallax.h"

#include "base/parallel.h"
#include "cleanplate/motion/epipole.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::cleanplate {
namespace {

constexpr int kFewest = 12;        // followers of an epipole, and depths that give a frame its parallax
constexpr double kClear = 0.45;    // of the median clarity of the first depths: what counts as one
constexpr int kSteps = 5;

const Seen* find(const std::vector<Seen>& track, std::size_t frame)
{
    const auto at = std::ranges::lower_bound(track, frame, {}, &Seen::frame);
    return at != track.end() && at->frame == frame ? &*at : nullptr;
}

/// What the base sees too, and the plane does not explain.
std::vector<Shift> shifts_in(const Scene& scene, const Sights& sights, const Camera3x4& camera)
{
    std::vector<Shift> all;
    for (const auto& [track, at] : sights) {
        if (!find(scene.tracks[track], scene.base))
            continue;
        const Eigen::Vector3d on_plane = projected(camera, scene.places[track]);
        const Shift shift{on_plane.head<2>() / on_plane[2], at};
        if ((shift.at - shift.plane).norm() > 2 * scene.noise)
            all.push_back(shift);
    }
    return all;
}

/// The frame with the clearest epipole, which becomes its parallax; the base when there is none.
std::size_t place_widest(Scene& scene, const std::vector<Sights>& sights)
{
    std::vector<Epipole> epipoles(sights.size());
    parallel_each(static_cast<int>(sights.size()), [&](int i) {
        const auto t = static_cast<std::size_t>(i);
        if (t != scene.base)
            epipoles[t] = find_epipole(shifts_in(scene, sights[t], scene.cameras[t]), scene.noise);
    });
    const auto clearest = std::ranges::max_element(epipoles, {}, &Epipole::followers);
    if (clearest->followers < kFewest)
        return scene.base;
    const auto widest = static_cast<std::size_t>(clearest - epipoles.begin());
    scene.cameras[widest].col(3) = clearest->direction;
    return widest;
}

/// All frames but base and widest, those between or near the two first.
std::vector<std::size_t> outwards(const Scene& scene, std::size_t widest)
{
    const auto low = static_cast<std::ptrdiff_t>(std::min(scene.base, widest));
    const auto high = static_cast<std::ptrdiff_t>(std::max(scene.base, widest));
    std::vector<std::size_t> order;
    for (std::size_t t = 0; t < scene.cameras.size(); ++t)
        if (t != scene.base && t != widest)
            order.push_back(t);
    std::ranges::stable_sort(order, {}, [&](std::size_t frame) {
        const auto t = static_cast<std::ptrdiff_t>(frame);
        return std::max({low - t, t - high, std::ptrdiff_t{0}});
    });
    return order;
}

/// What its sightings say of a camera's parallax e: at x (plane + depth e) = 0.
struct Constraint {
    Eigen::Matrix3d square;
    Eigen::Vector3d right;
};

Constraint constraint_of(const Scene& scene, const Camera3x4& camera, std::size_t track, const Eigen::Vector2d& at)
{
    const Place& place = scene.places[track];
    const Eigen::Vector3d plane = camera.leftCols<3>() * place.head<2>().homogeneous();
    const Eigen::Matrix3d cross{{0, -1, at[1]}, {1, 0, -at[0]}, {-at[1], at[0], 0}};
    return {place[2] * place[2] * cross.transpose() * cross, -place[2] * cross.transpose() * cross * plane};
}

/// RANSAC: two things of known depth give a parallax.
Eigen::Vector3d parallax_of_pairs(const Scene& scene, const Sights& known, Camera3x4 camera)
{
    constexpr std::size_t kGuesses = 150;
    constexpr std::size_t kJury = 200;
    const std::size_t stride = known.size() / kJury + 1;
    Eigen::Vector3d best = Eigen::Vector3d::Zero();
    double least = std::numeric_limits<double>::max();
    for (std::size_t guess = 0; guess < kGuesses; ++guess) {
        const auto& [a, at_a] = known[guess * 7919 % known.size()];
        const auto& [b, at_b] = known[(guess * 104729 + guess / 3 + 1) % known.size()];
        const Constraint one = constraint_of(scene, camera, a, at_a), two = constraint_of(scene, camera, b, at_b);
        const Eigen::Matrix3d square = one.square + two.square;
        camera.col(3) = square.ldlt().solve(one.right + two.right);
        if (!camera.col(3).allFinite())
            continue;
        double cost = 0;
        for (std::size_t i = 0; i < known.size(); i += stride) {
            const double off2 = residual(camera, scene.places[known[i].first], known[i].second).squaredNorm()
                                / (scene.tolerance * scene.tolerance);
            cost += off2 / (1 + off2);
        }
        if (cost < least) {
            least = cost;
            best = camera.col(3);
        }
    }
    return best;
}

/// Which frames and tracks have been dealt with.
class Growth {
public:
    explicit Growth(Scene& scene)
        : scene_(scene), has_camera_(scene.cameras.size()), has_depth_(scene.tracks.size())
    {
        has_camera_[scene.base] = 1;
    }

    /// Depths of what this frame, whose camera is known, sees.
    void add_depths(std::size_t frame, const Sights& sights)
    {
        has_camera_[frame] = 1;
        std::vector<Triangulated> found(sights.size());
        parallel_rows(0, static_cast<int>(sights.size()), [&](int first, int last) {
            for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i)
                if (!has_depth_[sights[i].first])
                    found[i] = triangulate(scene_, scene_.tracks[sights[i].first], has_camera_);
        });
        if (clear_ == 0)
            clear_ = kClear * median_clarity(found);
        for (std::size_t i = 0; i < sights.size(); ++i)
            if (found[i].clarity > clear_) {
                scene_.places[sights[i].first] = found[i].place;
                has_depth_[sights[i].first] = 1;
            }
    }

    /// Resection: the frame's parallax, by what has a depth.
    bool place_camera(std::size_t frame, const Sights& sights) const
    {
        Sights known;
        std::ranges::copy_if(sights, std::back_inserter(known), [&](const auto& sight) { return has_depth_[sight.first]; });
        if (static_cast<int>(known.size()) < kFewest)
            return false;
        Camera3x4& camera = scene_.cameras[frame];
        camera.col(3) = parallax_of_pairs(scene_, known, camera);
        for (int step = 0; step < kSteps; ++step) {
            Eigen::Matrix3d normal = Eigen::Matrix3d::Identity() * 1e-9;
            Eigen::Vector3d right = Eigen::Vector3d::Zero();
            for (const auto& [track, at] : known) {
                const Linear linear = linearise(camera, scene_.places[track], at, scene_.tolerance);
                const Eigen::Matrix<double, 2, 3> by_parallax = linear.by_camera.rightCols<3>();
                normal += linear.weight * by_parallax.transpose() * by_parallax;
                right -= linear.weight * by_parallax.transpose() * linear.off;
            }
            camera.col(3) += normal.ldlt().solve(right);
        }
        return true;
    }

private:
    static double median_clarity(const std::vector<Triangulated>& found)
    {
        std::vector<double> clarities;
        for (const Triangulated& one : found)
            if (one.clarity > 0)
                clarities.push_back(one.clarity);
        return quantile(clarities, 0.5);
    }

    Scene& scene_;
    std::vector<char> has_camera_, has_depth_;
    double clear_ = 0;
};

}  // namespace

void guess_parallax(Scene& scene)
{
    const std::vector<Sights> sights = sights_of_frames(scene);
    const std::size_t widest = place_widest(scene, sights);
    if (widest == scene.base)
        return;
    Growth growth(scene);
    growth.add_depths(widest, sights[widest]);
    for (const std::size_t frame : outwards(scene, widest))
        if (growth.place_camera(frame, sights[frame]))
            growth.add_depths(frame, sights[frame]);
}

}  // namespace platefall::cleanplate
