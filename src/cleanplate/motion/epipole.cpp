#include "cleanplate/motion/epipole.h"

#include "cleanplate/motion/projective_scene.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr std::size_t kGuesses = 400;
constexpr int kRounds = 5;   // of improvement by all followers

Eigen::Vector3d line_of(const Shift& shift)
{
    return shift.at.homogeneous().cross(shift.plane.homogeneous());
}

/// How far off the line from `plane` towards the epipole it is.
double off_line(const Shift& shift, const Eigen::Vector3d& epipole)
{
    const Eigen::Vector2d along = epipole.head<2>() - shift.plane * epipole[2], moved = shift.at - shift.plane;
    return std::abs(along[0] * moved[1] - along[1] * moved[0]) / std::max(along.norm(), 1e-12);
}

int count_followers(const std::vector<Shift>& shifts, const Eigen::Vector3d& epipole, double noise)
{
    return static_cast<int>(
        std::ranges::count_if(shifts, [&](const Shift& shift) { return off_line(shift, epipole) < noise; }));
}

/// RANSAC over a fixed sequence of pairs, each of which meets in an epipole.
Epipole best_of_pairs(const std::vector<Shift>& shifts, double noise)
{
    Epipole best;
    for (std::size_t guess = 0; guess < kGuesses && shifts.size() > 2; ++guess) {
        const Shift& a = shifts[guess * 7919 % shifts.size()];
        const Shift& b = shifts[(guess * 104729 + guess / 3 + 1) % shifts.size()];
        const Eigen::Vector3d direction = line_of(a).cross(line_of(b));
        if (direction.norm() < 1e-15)
            continue;
        if (const int followers = count_followers(shifts, direction.normalized(), noise); followers > best.followers)
            best = {direction.normalized(), followers};
    }
    return best;
}

}  // namespace

Epipole find_epipole(const std::vector<Shift>& shifts, double noise)
{
    Epipole best = best_of_pairs(shifts, noise);
    for (int round = 0; round < kRounds && best.followers > 2; ++round) {
        Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
        for (const Shift& shift : shifts) {
            const Eigen::Vector3d line = line_of(shift);
            sum += trust({off_line(shift, best.direction), 0.0}, noise) * line * line.transpose();
        }
        const Eigen::Vector3d direction = Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(sum).eigenvectors().col(0);
        if (const int followers = count_followers(shifts, direction, noise); followers >= best.followers)
            best = {direction, followers};
    }
    return best;
}

}  // namespace platefall::cleanplate
