/// What a building is made of.
#pragma once

#include <array>
#include <string_view>

namespace platefall::collapse {

enum class Material { concrete, masonry, board, glass };   // board: partitions of plaster
inline constexpr std::array kMaterials{Material::concrete, Material::masonry, Material::board, Material::glass};

/// Strengths are those of the material itself, before the artist's multiplier; SI units.
struct MaterialFacts {
    std::string_view name;        ///< as in the manifest
    double density_kg_m3;
    double young_Pa;              ///< stiffness in the bond graph
    double compression_Pa;        ///< strengths
    double tension_Pa;
    double shear_Pa;
    double friction;
    double restitution;
    double fines_mm;              ///< depth of a broken face, both sides together, that turns to airborne fines
};

/// Concrete and masonry as in EN 1992 and EN 1996, orders of magnitude for the others.
const MaterialFacts& facts(Material material);

}  // namespace platefall::collapse
