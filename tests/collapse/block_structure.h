/// Structures of equal boxes, bonded face to face: small enough for statics by hand.
#pragma once

#include "collapse/structure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace platefall::collapse {

struct Blocks {
    std::array<int, 3> counts{1, 1, 1};                          ///< along x, y, z
    Eigen::Vector3d size{1, 1, 1};                               ///< of one
    Eigen::Vector3d low{0, 0, 0};                                ///< corner of the first
    Material material = Material::concrete;
    ElementKind kind = ElementKind::block;
    double strength = 1;
    bool anchored = false;                                       ///< the lowest layer is
};

/// Piece at a place in the grid of `blocks`; x fastest, then z, then y.
inline int block_index(const Blocks& blocks, int x, int y, int z)
{
    return (y * blocks.counts[2] + z) * blocks.counts[0] + x;
}

/// Bonds two boxes whose common face is `width` by `height` and faces along `axis`.
inline Bond face_bond(int first, int second, const Eigen::Vector3d& middle, int axis, double width, double height,
                      const Blocks& blocks)
{
    const double thin = std::min(width, height), wide = std::max(width, height);
    return {.first = first, .second = second, .middle = middle, .normal = Eigen::Vector3d::Unit(axis),
            .area_m2 = thin * wide, .bending_m3 = wide * thin * thin / 6,
            .torsion_m3 = wide * thin * thin / (3 + 1.8 * thin / wide),
            .material = blocks.material, .strength = blocks.strength};
}

/// A grid of boxes. Every layer is an element and a storey of its own.
inline Structure make_blocks(const Blocks& blocks)
{
    Structure result;
    const auto [nx, ny, nz] = blocks.counts;
    const Eigen::Vector3d& size = blocks.size;
    for (int y = 0; y < ny; ++y) {
        const Eigen::Vector3d layer(nx * size.x(), size.y(), nz * size.z());
        const Eigen::Vector3d corner = blocks.low + Eigen::Vector3d(0, y * size.y(), 0);
        result.elements.push_back({.solid = box(corner + layer / 2, layer / 2), .kind = blocks.kind,
                                   .material = blocks.material, .floor = y});
        result.storeys.push_back({.bottom_m = corner.y(), .top_m = corner.y() + size.y(),
                                  .area_m2 = layer.x() * layer.z()});
        for (int z = 0; z < nz; ++z)
            for (int x = 0; x < nx; ++x) {
                const Eigen::Vector3d steps(x + 0.5, y + 0.5, z + 0.5);
                const Eigen::Vector3d middle = blocks.low + size.cwiseProduct(steps);
                Piece piece{.solid = box(middle, size / 2), .element = y, .shape = {}};
                piece.shape = mass_properties(piece.solid);
                piece.mass_kg = piece.shape.volume_m3 * facts(blocks.material).density_kg_m3;
                piece.anchored = blocks.anchored && y == 0;
                const int self = block_index(blocks, x, y, z);
                const auto bond_to = [&](int other, int axis, double width, double height) {
                    const Eigen::Vector3d face = middle + size[axis] / 2 * Eigen::Vector3d::Unit(axis);
                    result.bonds.push_back(face_bond(self, other, face, axis, width, height, blocks));
                };
                if (x + 1 < nx)
                    bond_to(block_index(blocks, x + 1, y, z), 0, size.y(), size.z());
                if (z + 1 < nz)
                    bond_to(block_index(blocks, x, y, z + 1), 2, size.x(), size.y());
                if (y + 1 < ny)
                    bond_to(block_index(blocks, x, y + 1, z), 1, size.x(), size.z());
                result.pieces.push_back(std::move(piece));
            }
    }
    std::sort(result.bonds.begin(), result.bonds.end(), [](const Bond& a, const Bond& b) {
        return std::pair(a.first, a.second) < std::pair(b.first, b.second);
    });
    const double width = nx * size.x(), depth = nz * size.z();
    result.footprint = {{blocks.low.x(), blocks.low.z()}, {blocks.low.x() + width, blocks.low.z()},
                        {blocks.low.x() + width, blocks.low.z() + depth}, {blocks.low.x(), blocks.low.z() + depth}};
    return result;
}

/// Adds a box as a piece, as an element of its own.
inline void add_box_piece(Structure& structure, const Eigen::Vector3d& low, const Eigen::Vector3d& high,
                          ElementKind kind, Material material, int floor)
{
    const Solid solid = box((low + high) / 2, (high - low) / 2);
    const int element = static_cast<int>(structure.elements.size());
    Piece piece{.solid = solid, .element = element, .shape = mass_properties(solid)};
    piece.mass_kg = piece.shape.volume_m3 * facts(material).density_kg_m3;
    piece.anchored = std::abs(low.y()) < 0.01;
    structure.elements.push_back({.solid = solid, .kind = kind, .material = material, .floor = floor});
    structure.pieces.push_back(std::move(piece));
}

/// Bonds all box pieces where their faces touch.
inline void bond_boxes(Structure& structure, double strength)
{
    const auto bounds = [&](int piece) {
        const std::vector<Eigen::Vector3d>& points = structure.pieces[piece].solid.points;
        Eigen::Vector3d low = points.front(), high = points.front();
        for (const Eigen::Vector3d& point : points) {
            low = low.cwiseMin(point);
            high = high.cwiseMax(point);
        }
        return std::pair(low, high);
    };
    for (int first = 0; first < static_cast<int>(structure.pieces.size()); ++first)
        for (int second = first + 1; second < static_cast<int>(structure.pieces.size()); ++second) {
            const auto [low_a, high_a] = bounds(first);
            const auto [low_b, high_b] = bounds(second);
            const Eigen::Vector3d low = low_a.cwiseMax(low_b), overlap = high_a.cwiseMin(high_b) - low;
            for (int axis = 0; axis < 3; ++axis) {
                const double width = overlap[(axis + 1) % 3], height = overlap[(axis + 2) % 3];
                if (std::abs(overlap[axis]) > 1e-6 || width < 1e-3 || height < 1e-3)
                    continue;
                Blocks how{.strength = strength};
                how.material = structure.elements[structure.pieces[first].element].material;
                Bond bond = face_bond(first, second, low + overlap / 2, axis, width, height, how);
                if (structure.pieces[second].shape.centre[axis] < structure.pieces[first].shape.centre[axis])
                    bond.normal *= -1;
                structure.bonds.push_back(bond);
            }
        }
}

struct FrameBuilding {
    int floors = 3;
    std::array<int, 2> bays{2, 2};               ///< of 5 m, along x and z
    int cells = 2;                               ///< slab cells a bay, along either side
    double strength = 1;
};

/// Columns of 0.5 m that carry slabs of 0.25 m, 3 m a storey; about the origin, on the ground y = 0.
inline Structure make_frame_building(const FrameBuilding& plan)
{
    Structure result;
    const double width = 5.0 * plan.bays[0], depth = 5.0 * plan.bays[1], cell = 5.0 / plan.cells;
    for (int floor = 0; floor < plan.floors; ++floor) {
        const double bottom = 3.0 * floor, under = bottom + 2.75, top = bottom + 3.0;
        for (int i = 0; i <= plan.bays[0]; ++i)
            for (int k = 0; k <= plan.bays[1]; ++k) {
                const double x = std::clamp(5.0 * i - width / 2, -width / 2 + 0.25, width / 2 - 0.25);
                const double z = std::clamp(5.0 * k - depth / 2, -depth / 2 + 0.25, depth / 2 - 0.25);
                const double middle = (bottom + under) / 2;
                for (const auto& [low, high] : {std::pair(bottom, middle), std::pair(middle, under)})
                    add_box_piece(result, {x - 0.25, low, z - 0.25}, {x + 0.25, high, z + 0.25}, ElementKind::column,
                                  Material::concrete, floor);
            }
        for (int i = 0; i < plan.bays[0] * plan.cells; ++i)
            for (int k = 0; k < plan.bays[1] * plan.cells; ++k)
                add_box_piece(result, {i * cell - width / 2, under, k * cell - depth / 2},
                              {(i + 1) * cell - width / 2, top, (k + 1) * cell - depth / 2}, ElementKind::slab,
                              Material::concrete, floor);
        result.storeys.push_back({.bottom_m = bottom, .top_m = top, .area_m2 = width * depth});
    }
    bond_boxes(result, plan.strength);
    result.footprint = {
        {-width / 2, -depth / 2}, {width / 2, -depth / 2}, {width / 2, depth / 2}, {-width / 2, depth / 2}};
    return result;
}

}  // namespace platefall::collapse
