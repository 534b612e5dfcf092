#include "collapse/material.h"

namespace platefall::collapse {

const MaterialFacts& facts(Material material)
{
    static constexpr MaterialFacts kConcrete{.name = "concrete", .density_kg_m3 = 2400, .young_Pa = 30e9,
                                             .compression_Pa = 35e6, .tension_Pa = 3.5e6, .shear_Pa = 0.9e6,
                                             .friction = 0.7, .restitution = 0.03, .fines_mm = 2.0};
    static constexpr MaterialFacts kMasonry{.name = "masonry", .density_kg_m3 = 1800, .young_Pa = 5e9,
                                            .compression_Pa = 10e6, .tension_Pa = 0.2e6, .shear_Pa = 0.5e6,
                                            .friction = 0.7, .restitution = 0.03, .fines_mm = 3.0};
    static constexpr MaterialFacts kBoard{.name = "board", .density_kg_m3 = 900, .young_Pa = 2e9,
                                          .compression_Pa = 5e6, .tension_Pa = 0.5e6, .shear_Pa = 0.4e6,
                                          .friction = 0.6, .restitution = 0.03, .fines_mm = 3.0};
    static constexpr MaterialFacts kGlass{.name = "glass", .density_kg_m3 = 2500, .young_Pa = 70e9,
                                          .compression_Pa = 30e6, .tension_Pa = 0.3e6, .shear_Pa = 0.3e6,
                                          .friction = 0.4, .restitution = 0.05, .fines_mm = 0.1};
    switch (material) {
    case Material::concrete: return kConcrete;
    case Material::masonry: return kMasonry;
    case Material::board: return kBoard;
    case Material::glass: return kGlass;
    }
    return kConcrete;
}

}  // namespace platefall::collapse
