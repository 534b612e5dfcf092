/// A building as pieces that are bonded to each other: what it can break into, and what holds it together.
#pragma once

#include "collapse/material.h"
#include "collapse/solid.h"
#include "scene/element_kind.h"

#include <cstdint>
#include <string>
#include <vector>

namespace platefall::collapse {

/// What the architect drew: one convex body of one material.
struct Element {
    Solid solid;
    ElementKind kind = ElementKind::block;
    Material material = Material::concrete;
    int floor = 0;                 ///< 0 is the ground floor; a slab belongs to the floor that it covers
};

struct Piece {
    Solid solid;                   ///< at rest, in the world
    int element = 0;               ///< index in Structure::elements
    MassProperties shape;          ///< of `solid`
    double mass_kg = 0;
    bool anchored = false;         ///< held by the ground
};

/// Two pieces that touch, over a plane area.
struct Bond {
    int first = 0, second = 0;     ///< pieces, first < second
    Eigen::Vector3d middle = Eigen::Vector3d::Zero();   ///< centroid of the area
    Eigen::Vector3d normal = Eigen::Vector3d::UnitX();  ///< from first to second
    double area_m2 = 0;
    double bending_m3 = 0;         ///< section modulus W about the weaker axis of the area
    double torsion_m3 = 0;         ///< polar section modulus
    Material material = Material::concrete;  ///< the weaker of the two sides
    double strength = 1;           ///< multiplies the material's strengths: jitter, joints, the artist's multiplier
};

/// A storey: between a floor and the underside of the slab above it.
struct Storey {
    double bottom_m = 0, top_m = 0;
    double area_m2 = 0;            ///< of the footprint
};

struct Structure {
    std::vector<Element> elements;
    std::vector<Piece> pieces;     ///< in the order of their elements
    std::vector<Bond> bonds;       ///< ascending by (first, second)
    std::vector<Storey> storeys;
    std::vector<Eigen::Vector2d> footprint;   ///< (x, z)
};

}  // namespace platefall::collapse
