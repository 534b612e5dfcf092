/// Where chips come from: faces that break, blows, and charges.
#pragma once

#include "collapse/motion/motion.h"
#include "collapse/structure.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <vector>

namespace platefall::collapse {

/// A chip at the moment it flies off. SI units, simulated time.
struct ThrownChip {
    double time_s = 0;
    Eigen::Vector3d place = Eigen::Vector3d::Zero();
    Eigen::Vector3d velocity = Eigen::Vector3d::Zero();
    Eigen::Vector3d spin = Eigen::Vector3d::Zero();            ///< rad/s
    Eigen::Quaterniond turn = Eigen::Quaterniond::Identity();
    double size_m = 0;                                         ///< diameter of a ball of its volume
    int element = 0;                                           ///< what it broke off
    std::uint32_t seed = 0;                                    ///< of its look
};

struct ChipSettings {
    double amount = 1;              ///< multiplies their number
    std::uint64_t seed = 0;
    double frame_s = 1.0 / 24;      ///< simulated seconds from one frame's poses to the next
    int most = 200000;              ///< beyond, all sources give fewer
};

inline constexpr double kLeastChip_m = 0.012, kLargestChip_m = 0.25;

/// How many chips are larger than a size falls with its square, as in crushed rock: N(> d) ~ d^-2 (Turcotte 1986 has
/// exponents from 1.9 to 2.7). `share` in [0, 1) picks one between the least size and `largest_m`.
double chip_size(double share, double largest_m);

/// All chips of a motion, by time.
///
///     broken bond   45 a square metre of face when the faces part, out of the gap
///     blow          one for every 2.5 kJ that is dissipated, at most one a kilogram and second of the piece's mass; away
///                   from what was hit at up to the speed of the blow
///     charge        40 off what it cuts, outwards at about 12 m/s
///
/// They start with the velocity of what they break off. Twice the amount gives the same chips and as many more.
std::vector<ThrownChip> throw_chips(const Structure& structure, const Motion& motion, const Failure& failure,
                                    const ChipSettings& settings);

}  // namespace platefall::collapse
