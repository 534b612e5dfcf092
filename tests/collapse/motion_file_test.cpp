#include "collapse/motion_file.h"

#include "collapse/small_building.h"

#include <gtest/gtest.h>

#include <map>

namespace platefall::collapse {
namespace {

TEST(CollapseDebris, EveryPieceKnowsWhatItIsAndOnWhichFloor)
{
    const Structure structure = test::small_structure();
    const Debris debris = debris_of(structure);
    ASSERT_EQ(debris.elements.size(), structure.elements.size());
    ASSERT_EQ(debris.pieces.size(), structure.pieces.size());
    std::map<ElementKind, int> pieces;
    for (std::size_t i = 0; i < debris.pieces.size(); ++i) {
        const DebrisElement& element = debris.elements.at(static_cast<std::size_t>(debris.pieces[i].element));
        const Element& drawn = structure.elements[static_cast<std::size_t>(structure.pieces[i].element)];
        EXPECT_EQ(element.kind, drawn.kind);
        EXPECT_EQ(element.floor, drawn.floor);
        EXPECT_EQ(debris.materials.at(static_cast<std::size_t>(element.material)), facts(drawn.material).name);
        EXPECT_EQ(debris.pieces[i].material, element.material);
        ++pieces[element.kind];
    }
    for (const ElementKind kind : {ElementKind::column, ElementKind::slab, ElementKind::wall, ElementKind::glass})
        EXPECT_GT(pieces[kind], 0) << name_of(kind);
}

}  // namespace
}  // namespace platefall::collapse
