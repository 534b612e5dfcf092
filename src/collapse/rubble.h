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
///
/// Rooms are solid too, and move as the floors above and below them: the air that is in them comes out as emission
/// says, and would be pushed twice if floors pushed it as well. A room is what lies between two pieces of floor, one above
/// the other, that are no farther apart than a storey, or between one and the ground inside the footprint, in a stack of
/// such rooms and floors at least a storey high. What lies inside the footprint and has rooms or rubble close by on all four
/// sides, a shaft, is indoors too: dust that comes free in there would stay there. Air follows the roof down.
class Rubble {
public:
    Rubble(const Structure& structure, const std::vector<Obstacle>& obstacles, const DustGrid& grid);

    DustSolids solids(const std::vector<Pose>& poses) const;

private:
    struct Filling;
    void close_rooms(Filling& filling) const;
    void close_shafts(Filling& filling) const;

    struct Sample {
        int piece;
        Eigen::Vector3d from_centre;
        double volume_m3;
        bool is_floor;
    };
    const Structure& structure_;
    DustGrid grid_;
    std::vector<Sample> samples_;
    std::vector<std::uint8_t> fixed_;    ///< obstacles, a velocity cell
    std::vector<std::uint8_t> built_;    ///< whether (x, z) lies inside the footprint
    double storey_m_ = 0;                ///< the highest one
};

}  // namespace platefall::collapse
