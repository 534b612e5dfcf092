#include "scene/element_kind.h"

namespace platefall {

std::string_view name_of(ElementKind kind)
{
    switch (kind) {
    case ElementKind::column: return "column";
    case ElementKind::beam: return "beam";
    case ElementKind::slab: return "slab";
    case ElementKind::wall: return "wall";
    case ElementKind::core: return "core";
    case ElementKind::parapet: return "parapet";
    case ElementKind::partition: return "partition";
    case ElementKind::glass: return "glass";
    case ElementKind::block: return "block";
    }
    return "block";
}

}  // namespace platefall
