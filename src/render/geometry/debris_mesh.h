/// The building's pieces as triangles: at rest, and in motion at a frame.
#pragma once

#include "render/geometry/trace_scene.h"
#include "scene/collapse_files.h"

#include <vector>

namespace platefall::render {

/// A face of a piece as it was when the building stood.
struct DebrisFace {
    int piece = 0;
    V3 normal;                        ///< of length 1, outward
    bool broken = false;              ///< it broke along this face
    std::vector<V3> corners;          ///< in the world, in order
};

/// Where the pieces are at a frame, and which of them have not moved at all.
struct DebrisMoment {
    DebrisFrame poses;
    std::vector<char> still;          ///< one a piece
    bool anything_moved = false;
    float half_shutter_s = 0;
};

class DebrisMesh {
public:
    explicit DebrisMesh(const Debris& debris);

    const std::vector<DebrisFace>& faces() const { return faces_; }
    int face_of(std::uint32_t triangle) const { return face_of_triangle_[triangle]; }
    int piece_of(std::uint32_t triangle) const { return faces_[static_cast<std::size_t>(face_of(triangle))].piece; }

    /// As the building stood.
    Mesh at_rest() const;

    /// While the shutter is open.
    Mesh at(const DebrisMoment& moment) const;

    /// Poses with what has moved by more than a millimetre, or turned by as much at its corners.
    DebrisMoment moment(DebrisFrame poses, float shutter_s) const;

    /// The place on the piece at rest, in the world.
    V3 rest_point(const Hit& hit) const;

    /// Way in the face from a place on it, at rest, to its nearest edge.
    static V3 way_to_edge(const DebrisFace& face, const V3& rest_point);

private:
    struct Corner {
        int piece;
        Vec3f from_centre;
    };
    std::vector<V3> rest_centres_;
    std::vector<float> reach_m_;      ///< of a piece: its furthest corner from its centre
    std::vector<Corner> corners_;     ///< of the mesh
    std::vector<std::array<std::uint32_t, 3>> triangles_;
    std::vector<int> face_of_triangle_;
    std::vector<DebrisFace> faces_;
};

}  // namespace platefall::render
