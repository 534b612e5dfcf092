/// What is put into the air, and what solids push out of their way.
#pragma once

#include "collapse/dust/air.h"
#include "collapse/dust/transport.h"

#include <Eigen/Core>

#include <array>
#include <vector>

namespace platefall::collapse::dust {

/// How lengths in the world become cells.
struct Frame {
    Eigen::Vector3d low;
    double cell_m;           ///< of density; velocity cells are twice as large

    Eigen::Vector3d in_density_cells(const Eigen::Vector3d& place) const { return (place - low) / cell_m; }
    Eigen::Vector3d in_velocity_cells(const Eigen::Vector3d& place) const { return (place - low) / (2 * cell_m); }
};

/// Puts `share` of a source's dust into the cells of its ball that hold air, most in the middle. The part of
/// the ball beyond a side or the top is out at once. Where it finds so little room that the dust would be too thick the
/// ball grows, up to four times. Is there no room in that either, the dust is added to `indoors_kg`, or where that is
/// null, the nearest air takes it.
void put_dust(const DustSource& source, double share, const Frame& frame, const Cells& cells, Cloud& cloud,
              std::array<double, 2>* indoors_kg = nullptr);

/// Adds 1/s to the divergence of the open cells in the ball so that `share` of the source's air comes out
/// within `dt_s`. Where rubble leaves little room the ball grows, up to four times: real rubble lets air
/// through that solid cells do not, and a gale out of one cell would be the price.
void put_air(const DustSource& source, double share, double dt_s, const Frame& frame, const Cells& cells,
             std::vector<float>& divergence);

/// Moves the air in the ball towards the source's velocity.
void grip_air(const DustSource& source, double share, const Frame& frame, const Level& faces, Air& air);

/// Moves dust out of cells that have become solid, to the nearest air. Where the whole box is solid it settles.
void push_out(const Cells& cells, Cloud& cloud);

}  // namespace platefall::collapse::dust
