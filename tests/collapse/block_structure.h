/// Structures of equal boxes, bonded face to face: small enough for statics by hand.
#pragma once

#include "collapse/structure.h"

#include <algorithm>
#include <array>
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
                const Eigen::Vector3d middle = blocks.low + size.cwiseProduct(Eigen::Vector3d(x + 0.5, y + 0.5, z + 0.5));
                Piece piece{.solid = box(middle, size / 2), .element = y, .shape = {}};
                piece.shape = mass_properties(piece.solid);
                piece.mass_kg = piece.shape.volume_m3 * facts(blocks.material).density_kg_m3;
                piece.anchored = blocks.anchored && y == 0;
                const int self = block_index(blocks, x, y, z);
                if (x + 1 < nx)
                    result.bonds.push_back(face_bond(self, block_index(blocks, x + 1, y, z),
                                                     middle + Eigen::Vector3d(size.x() / 2, 0, 0), 0, size.y(), size.z(), blocks));
                if (z + 1 < nz)
                    result.bonds.push_back(face_bond(self, block_index(blocks, x, y, z + 1),
                                                     middle + Eigen::Vector3d(0, 0, size.z() / 2), 2, size.x(), size.y(), blocks));
                if (y + 1 < ny)
                    result.bonds.push_back(face_bond(self, block_index(blocks, x, y + 1, z),
                                                     middle + Eigen::Vector3d(0, size.y() / 2, 0), 1, size.x(), size.z(), blocks));
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

}  // namespace platefall::collapse
