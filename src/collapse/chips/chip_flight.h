/// The way of a chip through the air, off what it meets, and to where it stays.
#pragma once

#include "collapse/chips/chip_births.h"
#include "collapse/chips/heap.h"
#include "collapse/motion/motion.h"

namespace platefall::collapse {

/// What chips meet.
struct ChipGround {
    double ground_m = 0;
    double gravity_m_s2 = 9.81;
    std::vector<Obstacle> obstacles{};
    const Heap* heap = nullptr;          ///< rubble that lies still; borrowed; null: none
};

/// Deceleration in the air is drag_of() times the square of the speed: a tumbling block, drag coefficient 1.
///     k = 0.9 kg/m3 / (density size)       1/m
double drag_of(double size_m, double density_kg_m3);

/// A chip on its way. It bounces up to twice on what is below it, as often as it likes off walls, then slides to
/// rest.
class ChipFlight {
public:
    ChipFlight(const ThrownChip& thrown, const MaterialFacts& material);

    /// Goes on by `dt_s`, in steps of no more than 1/120 s.
    void advance(double dt_s, const ChipGround& ground);

    bool still() const { return phase_ == Phase::still; }
    const Eigen::Vector3d& place() const { return place_; }        ///< of its middle
    const Eigen::Vector3d& velocity() const { return velocity_; }
    const Eigen::Vector3d& spin() const { return spin_; }
    const Eigen::Quaterniond& turn() const { return turn_; }

    /// Its middle lies so far above what it lies on.
    double rests_m() const { return 0.3 * size_m_; }

private:
    enum class Phase { flying, sliding, still };
    struct Hit {
        double part = 2;                 ///< of the step, 0..1
        Eigen::Vector3d normal = Eigen::Vector3d::UnitY();
    };

    void step(double dt_s, const ChipGround& ground);
    void fly(double dt_s, const ChipGround& ground);
    void slide(double dt_s, const ChipGround& ground);
    Hit first_hit(const Eigen::Vector3d& to, const ChipGround& ground) const;
    void bounce(const Eigen::Vector3d& normal);
    double height_below(const ChipGround& ground) const;

    Eigen::Vector3d place_, velocity_, spin_;
    Eigen::Quaterniond turn_;
    double size_m_, drag_1_m_, restitution_, friction_;
    Phase phase_ = Phase::flying;
    int bounces_ = 0;
};

}  // namespace platefall::collapse
