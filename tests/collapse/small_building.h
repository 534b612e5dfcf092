/// A building of three storeys, two bays by one.
#pragma once

#include "collapse/fracture/fracture.h"

namespace platefall::collapse::test {

inline BuildingPlan small_plan()
{
    BuildingPlan plan;
    plan.footprint = {{-5, 0}, {5, 0}, {5, 5}, {-5, 5}};
    plan.floors = 3;
    plan.core = 0;
    plan.partitions = 0;
    return plan;
}

inline Structure small_structure()
{
    return fracture(make_building(small_plan()), 0, {.size_m = 2, .denser_at = {}, .seen_from = {}, .seed = 7});
}

inline std::vector<Pose> at_rest(const Structure& structure)
{
    std::vector<Pose> poses(structure.pieces.size());
    for (std::size_t i = 0; i < poses.size(); ++i)
        poses[i].centre = structure.pieces[i].shape.centre;
    return poses;
}

}  // namespace platefall::collapse::test
