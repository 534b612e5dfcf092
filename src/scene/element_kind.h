/// What the parts of a building are.
#pragma once

#include <array>
#include <string_view>

namespace platefall {

enum class ElementKind { column, beam, slab, wall, core, parapet, partition, glass, block };   // block: part of a mesh
inline constexpr std::array kElementKinds{ElementKind::column,    ElementKind::beam,  ElementKind::slab,
                                          ElementKind::wall,      ElementKind::core,  ElementKind::parapet,
                                          ElementKind::partition, ElementKind::glass, ElementKind::block};

/// "column", "beam", ...
std::string_view name_of(ElementKind kind);

}  // namespace platefall
