/// Rubble that lies still, as chips see it: how high it stands above each place.
#pragma once

#include "collapse/motion/motion.h"
#include "collapse/structure.h"

#include <vector>

namespace platefall::collapse {

class Heap {
public:
    /// Borrows the structure.
    explicit Heap(const Structure& structure);

    /// The heap of a frame: pieces that have fallen and hardly move any more.
    void pile(const std::vector<Pose>& poses);

    /// Height of its surface over (x, z); far below everything where there is none.
    double height(double x, double z) const;

private:
    void raise(const Eigen::Vector3d& place);

    const Structure& structure_;
    std::vector<std::vector<Eigen::Vector3d>> points_;    ///< a piece, from its centre: corners, and some inside its faces
    double low_x_ = 0, low_z_ = 0;
    int nx_ = 0, nz_ = 0;
    std::vector<double> heights_;
};

}  // namespace platefall::collapse
