/// The building and its rubble as the dust sees them: solid cells that move.
#pragma once

#include "collapse/dust/dust_solver.h"
#include "collapse/motion/motion.h"
#include "collapse/structure.h"

#include <vector>

namespace platefall::collapse {

/// Marks velocity cells that pieces fill by more than half, with the mean velocity of what fills them, and
/// cells whose middle lies in an obstacle. Every piece is known by points inside it, each of which stands for
/// the same share of its volume.
class Rubble {
public:
    Rubble(const Structure& structure, const std::vector<Obstacle>& obstacles, const DustGrid& grid);

    DustSolids solids(const std::vector<Pose>& poses) const;

private:
    struct Sample {
        int piece;
        Eigen::Vector3d from_centre;
        double volume_m3;
    };
    const Structure& structure_;
    DustGrid grid_;
    std::vector<Sample> samples_;
    std::vector<std::uint8_t> fixed_;    ///< obstacles, a velocity cell
};

}  // namespace platefall::collapse
