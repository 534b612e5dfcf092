#include "collapse/parting.h"

#include <algorithm>

namespace platefall::collapse {

Eigen::Vector3d carried(const Piece& piece, const Pose& pose, const Eigen::Vector3d& rest)
{
    return pose.centre + pose.turn * (rest - piece.shape.centre);
}

std::optional<double> parting(const Structure& structure, const Motion& motion, double frame_s,
                              const BrokenBond& broken)
{
    constexpr double kApart_m = 0.08;
    const Bond& bond = structure.bonds[static_cast<std::size_t>(broken.bond)];
    const auto a = static_cast<std::size_t>(bond.first), b = static_cast<std::size_t>(bond.second);
    for (auto frame = static_cast<std::size_t>(broken.time_s / frame_s) + 1; frame < motion.poses.size(); ++frame) {
        const Eigen::Vector3d gap = carried(structure.pieces[a], motion.poses[frame][a], bond.middle)
                                    - carried(structure.pieces[b], motion.poses[frame][b], bond.middle);
        if (gap.norm() > kApart_m)
            return std::max(broken.time_s, static_cast<double>(frame - 1) * frame_s);
    }
    return std::nullopt;
}

}  // namespace platefall::collapse
