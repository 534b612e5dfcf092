/// What falls: rigid pieces, and where each one is in every frame. SI units, y up; what collapse writes and
/// render reads.
#pragma once

#include "scene/element_kind.h"
#include "scene/vectors.h"

#include <filesystem>
#include <string>
#include <vector>

namespace platefall {

/// A convex piece with plane faces.
struct DebrisPiece {
    struct Face {
        std::vector<int> corners;     ///< indices of points, counter-clockwise seen from outside
        bool outer = true;            ///< surface of the building as it stood; false: broken through
        bool operator==(const Face&) const = default;
    };
    std::vector<Vec3f> points;        ///< at rest, from the centre
    std::vector<Face> faces;
    Vec3f centre;                     ///< of mass, at rest, in the world
    float mass_kg = 0;
    int element = 0;                  ///< index in Debris::elements: pieces of one column, one wall
    int material = 0;                 ///< index in Debris::materials; the element's
    bool operator==(const DebrisPiece&) const = default;
};

/// What the architect drew, and what broke into pieces.
struct DebrisElement {
    ElementKind kind = ElementKind::block;
    int floor = 0;                    ///< 0 is the ground floor; a slab belongs to the floor that it covers
    int material = 0;                 ///< index in Debris::materials
    bool operator==(const DebrisElement&) const = default;
};

struct Debris {
    std::vector<std::string> materials;
    std::vector<DebrisElement> elements;
    std::vector<DebrisPiece> pieces;
    bool operator==(const Debris&) const = default;
};

/// Where a piece is at the time of a frame, and how it moves there: per second of the shot, so that a
/// shutter's share of 1/fps is what it is blurred over.
struct DebrisPose {
    Vec3f centre;
    Quatf turn;                       ///< from rest
    Vec3f velocity;                   ///< m/s
    Vec3f spin;                       ///< rad/s, about the axes of the world
    bool operator==(const DebrisPose&) const = default;
};
using DebrisFrame = std::vector<DebrisPose>;   ///< one a piece

/// Files of the cache. Loading throws Error for a file that is damaged.
void save_debris(const Debris& debris, const std::filesystem::path& path);
Debris load_debris(const std::filesystem::path& path);
void save_debris_frame(const DebrisFrame& frame, const std::filesystem::path& path);
DebrisFrame load_debris_frame(const std::filesystem::path& path);

/// A place on the piece at rest (from its centre) in the world of a frame.
Vec3f placed(const DebrisPose& pose, const Vec3f& from_centre);

}  // namespace platefall
