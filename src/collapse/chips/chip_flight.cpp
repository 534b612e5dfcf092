#include "collapse/chips/chip_flight.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kStep_s = 1.0 / 120;
constexpr double kAir_kg_m3 = 1.2;
constexpr double kDragCoefficient = 1.0;
constexpr double kGlued_m_s = 0.4;           // slower than this it does not come off what it falls on
constexpr int kMostBounces = 2;
constexpr double kGapes_m = 0.1;             // what lies on rubble falls on when that has sunk by so much
constexpr double kClear_m = 1e-6;

/// Chips have corners: they come off more than the pieces that they are from, and not all the same way.
double restitution_of(const MaterialFacts& material)
{
    return std::clamp(0.15 + 2 * material.restitution, 0.15, 0.35);
}

bool holds(const Obstacle& box, const Vector3d& place, double around_m)
{
    return (place.array() > box.low.array() - around_m).all() && (place.array() < box.high.array() + around_m).all();
}

}  // namespace

double drag_of(double size_m, double density_kg_m3)
{
    return 0.75 * kDragCoefficient * kAir_kg_m3 / (density_kg_m3 * size_m);
}

ChipFlight::ChipFlight(const ThrownChip& thrown, const MaterialFacts& material)
    : place_(thrown.place), velocity_(thrown.velocity), spin_(thrown.spin), turn_(thrown.turn),
      size_m_(thrown.size_m), drag_1_m_(drag_of(thrown.size_m, material.density_kg_m3)),
      restitution_(restitution_of(material)), friction_(material.friction)
{
}

void ChipFlight::advance(double dt_s, const ChipGround& ground)
{
    if (phase_ == Phase::still && place_.y() - rests_m() > height_below(ground) + kGapes_m)
        phase_ = Phase::flying;
    const int steps = std::max(1, static_cast<int>(std::ceil(dt_s / kStep_s - 1e-9)));
    for (int i = 0; i < steps && phase_ != Phase::still; ++i)
        step(dt_s / steps, ground);
}

void ChipFlight::step(double dt_s, const ChipGround& ground)
{
    if (phase_ == Phase::flying)
        fly(dt_s, ground);
    else
        slide(dt_s, ground);
    const double angle = spin_.norm() * dt_s;
    if (angle > 0)
        turn_ = (Eigen::AngleAxisd(angle, spin_.normalized()) * turn_).normalized();
}

/// Runge and Kutta's midpoint. What is left of a step after a hit is lost, no more than 1/120 s.
void ChipFlight::fly(double dt_s, const ChipGround& ground)
{
    const auto gathers = [&](const Vector3d& v) -> Vector3d {
        return Vector3d(0, -ground.gravity_m_s2, 0) - drag_1_m_ * v.norm() * v;
    };
    const Vector3d halfway = velocity_ + 0.5 * dt_s * gathers(velocity_);
    const Vector3d to = place_ + dt_s * halfway;
    const Hit hit = first_hit(to, ground);
    velocity_ += std::min(hit.part, 1.0) * dt_s * gathers(halfway);
    if (hit.part > 1) {
        place_ = to;
        return;
    }
    place_ += hit.part * (to - place_) + kClear_m * hit.normal;
    bounce(hit.normal);
}

/// Of the ground, the boxes and the heap, all of them grown by what the chip's middle keeps off.
ChipFlight::Hit ChipFlight::first_hit(const Vector3d& to, const ChipGround& ground) const
{
    Hit hit;
    const Vector3d way = to - place_;
    const auto falls_on = [&](double height) {
        if (to.y() < height && place_.y() >= height)
            hit = {std::min(hit.part, (place_.y() - height) / (place_.y() - to.y())), Vector3d::UnitY()};
    };
    falls_on(ground.ground_m + rests_m());
    if (ground.heap)
        falls_on(ground.heap->height(to.x(), to.z()) + rests_m());
    for (const Obstacle& box : ground.obstacles) {
        double enters = 0, leaves = std::min(hit.part, 1.0);
        int side = -1;
        for (int axis = 0; axis < 3; ++axis) {
            const double low = box.low[axis] - rests_m() - place_[axis], high = box.high[axis] + rests_m() - place_[axis];
            if (way[axis] == 0) {
                if (low > 0 || high < 0)
                    leaves = -1;
                continue;
            }
            const double near = (way[axis] > 0 ? low : high) / way[axis], far = (way[axis] > 0 ? high : low) / way[axis];
            if (near > enters) {
                enters = near;
                side = axis;
            }
            leaves = std::min(leaves, far);
        }
        if (side >= 0 && enters <= leaves)
            hit = {enters, way[side] > 0 ? Vector3d(-Vector3d::Unit(side)) : Vector3d(Vector3d::Unit(side))};
    }
    return hit;
}

/// Newton's restitution and Coulomb's friction, as one blow.
void ChipFlight::bounce(const Vector3d& normal)
{
    const double into = -velocity_.dot(normal);
    if (into <= 0)
        return;
    Vector3d along = velocity_ + into * normal;
    const double speed = along.norm();
    along *= speed > 0 ? std::max(0.0, 1 - friction_ * (1 + restitution_) * into / speed) : 0;
    spin_ *= 0.6;
    const bool lands = normal.y() > 0.5;
    const bool stays = lands && (bounces_ >= kMostBounces || restitution_ * into < kGlued_m_s);
    velocity_ = along + (stays ? 0.0 : restitution_ * into) * normal;
    bounces_ += lands;
    if (stays)
        phase_ = Phase::sliding;
}

void ChipFlight::slide(double dt_s, const ChipGround& ground)
{
    const double speed = velocity_.norm(), slower = speed - friction_ * ground.gravity_m_s2 * dt_s;
    if (slower <= 0) {
        phase_ = Phase::still;
        velocity_.setZero();
        spin_.setZero();
        return;
    }
    velocity_ *= slower / speed;
    spin_ *= slower / speed;
    const Vector3d to = place_ + dt_s * velocity_;
    const Hit hit = first_hit(to, ground);
    place_ += std::min(hit.part, 1.0) * (to - place_);
    if (hit.part <= 1) {
        place_ += kClear_m * hit.normal;
        bounce(hit.normal);
    }
    if (place_.y() - rests_m() > height_below(ground) + kGapes_m)
        phase_ = Phase::flying;
}

/// Of what is under its middle, and not above it.
double ChipFlight::height_below(const ChipGround& ground) const
{
    double height = ground.ground_m;
    const auto consider = [&](double top) {
        if (top <= place_.y())
            height = std::max(height, top);
    };
    if (ground.heap)
        consider(ground.heap->height(place_.x(), place_.z()));
    for (const Obstacle& box : ground.obstacles)
        if (holds(box, {place_.x(), (box.low.y() + box.high.y()) / 2, place_.z()}, rests_m()))
            consider(box.high.y());
    return height;
}

}  // namespace platefall::collapse
