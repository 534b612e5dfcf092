#include "collapse/fracture/bonds.h"

#include "base/parallel.h"
#include "collapse/fracture/contact.h"
#include "collapse/draws.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::collapse {
namespace {

using Eigen::AlignedBox3d;
using Eigen::Vector3d;

constexpr double kTouch_m = 0.002;
constexpr double kLeastFace_m2 = 1e-7;   // smaller ones come from rounding where four cells meet

// What a joint between elements holds, as a share of the weaker material: a pane sits in putty, a partition
// is screwed to what it meets, masonry stands against concrete in a bed of mortar.
constexpr double kGlassJoint = 0.3;
constexpr double kPartitionJoint = 0.5;
constexpr double kMixedJoint = 0.6;

Bond bond_over(const Section& section, int first, int second, Material material)
{
    return {.first = first,
            .second = second,
            .middle = section.middle,
            .normal = section.normal,
            .area_m2 = section.area_m2,
            .bending_m3 = section.bending_m3,
            .torsion_m3 = section.torsion_m3,
            .material = material,
            .strength = 1};
}

Material weaker(Material a, Material b)
{
    const auto holds = [](Material material) { return facts(material).tension_Pa * facts(material).shear_Pa; };
    return holds(b) < holds(a) ? b : a;
}

double joint_strength(const Element& a, const Element& b)
{
    if (a.kind == ElementKind::glass || b.kind == ElementKind::glass)
        return kGlassJoint;
    if (a.kind == ElementKind::partition || b.kind == ElementKind::partition)
        return kPartitionJoint;
    return a.material == b.material ? 1 : kMixedJoint;
}

AlignedBox3d bounds(const Solid& solid)
{
    AlignedBox3d box;
    for (const Vector3d& point : solid.points)
        box.extend(point);
    return box;
}

AlignedBox3d grown_bounds(const Solid& solid)
{
    AlignedBox3d box = bounds(solid);
    box.min().array() -= kTouch_m;
    box.max().array() += kTouch_m;
    return box;
}

/// Each common face once, as the cell with the smaller number has it.
void bond_inside(const Element& element, const Broken& broken, std::vector<Bond>& bonds)
{
    for (std::size_t i = 0; i < broken.cells.size(); ++i) {
        const Cell& cell = broken.cells[i];
        for (std::size_t face = 0; face < cell.behind.size(); ++face) {
            if (cell.behind[face] <= static_cast<int>(i))
                continue;
            const Section section = section_of(cell.solid, cell.solid.faces[face]);
            if (section.area_m2 > kLeastFace_m2)
                bonds.push_back(bond_over(section, broken.first_piece + static_cast<int>(i),
                                          broken.first_piece + cell.behind[face], element.material));
        }
    }
}

/// Where two convex pieces touch; they can in one plane only, and the larger area is it where rounding finds two.
void bond_pieces(const Cell& a, const Cell& b, Bond bond, std::vector<Bond>& bonds)
{
    for (std::size_t i = 0; i < a.behind.size(); ++i)
        for (std::size_t j = 0; j < b.behind.size(); ++j) {
            if (a.behind[i] >= 0 || b.behind[j] >= 0)
                continue;
            const auto touch = contact(a.solid, a.solid.faces[i], b.solid, b.solid.faces[j], kTouch_m);
            if (touch && touch->area_m2 > bond.area_m2) {
                const double strength = bond.strength;
                bond = bond_over(*touch, bond.first, bond.second, bond.material);
                bond.strength = strength;
            }
        }
    if (bond.area_m2 > 0)
        bonds.push_back(bond);
}

/// One element against all later ones.
class Joiner {
public:
    Joiner(const std::vector<Element>& elements, const std::vector<Broken>& broken)
        : elements_(elements), broken_(broken)
    {
        for (const Element& element : elements)
            boxes_.push_back(grown_bounds(element.solid));
        for (const Broken& pieces : broken) {
            cell_boxes_.emplace_back();
            for (const Cell& cell : pieces.cells)
                cell_boxes_.back().push_back(grown_bounds(cell.solid));
        }
    }

    std::vector<Bond> bonds_of(std::size_t element) const
    {
        std::vector<Bond> bonds;
        bond_inside(elements_[element], broken_[element], bonds);
        for (std::size_t other = element + 1; other < elements_.size(); ++other)
            if (boxes_[element].intersects(boxes_[other]))
                join(element, other, bonds);
        return bonds;
    }

private:
    void join(std::size_t a, std::size_t b, std::vector<Bond>& bonds) const
    {
        Bond blank{.material = weaker(elements_[a].material, elements_[b].material),
                   .strength = joint_strength(elements_[a], elements_[b])};
        for (std::size_t i = 0; i < broken_[a].cells.size(); ++i)
            for (std::size_t j = 0; j < broken_[b].cells.size(); ++j)
                if (cell_boxes_[a][i].intersects(cell_boxes_[b][j])) {
                    blank.first = broken_[a].first_piece + static_cast<int>(i);
                    blank.second = broken_[b].first_piece + static_cast<int>(j);
                    bond_pieces(broken_[a].cells[i], broken_[b].cells[j], blank, bonds);
                }
    }

    const std::vector<Element>& elements_;
    const std::vector<Broken>& broken_;
    std::vector<AlignedBox3d> boxes_;
    std::vector<std::vector<AlignedBox3d>> cell_boxes_;
};

}  // namespace

std::vector<Bond> find_bonds(const std::vector<Element>& elements, const std::vector<Broken>& broken,
                             const FractureSettings& settings)
{
    const Joiner joiner(elements, broken);
    std::vector<std::vector<Bond>> found(elements.size());
    parallel_each(static_cast<int>(elements.size()), [&](int element) {
        found[static_cast<std::size_t>(element)] = joiner.bonds_of(static_cast<std::size_t>(element));
    });

    std::vector<Bond> bonds;
    for (const std::vector<Bond>& some : found)
        bonds.insert(bonds.end(), some.begin(), some.end());
    std::ranges::sort(bonds, {}, [](const Bond& bond) { return std::pair(bond.first, bond.second); });
    for (Bond& bond : bonds) {
        Draws draws(random_number(settings.seed, static_cast<std::uint64_t>(bond.first)), Draws::Purpose::strength,
                    static_cast<std::uint64_t>(bond.second));
        bond.strength *= settings.strength * std::exp(settings.jitter * draws.normal());
    }
    return bonds;
}

}  // namespace platefall::collapse
