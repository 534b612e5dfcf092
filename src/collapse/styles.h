/// How a building is brought down: from a director's word, or a list of charges, to what fails where and when.
#pragma once

#include "collapse/motion/motion.h"
#include "collapse/settings.h"

namespace platefall::collapse {

/// Charges and the guide, for the settings' own rows or else for the style:
///
///     implosion     the ground floor's columns from the middle outwards, then those of every third floor;
///     straight down topple        a wedge of the ground floor on the side that it falls to; the rest bends
///     and follows as a hinge progressive   the corner towards `direction`, then bay after bay; what is above
///     comes down as it goes blast         the side towards `direction`, at the ground floor, pushed inwards
///     and out
///
/// Throws Error for a charge that finds nothing to cut ("outside the building").
Failure plan_failure(const Settings& settings, const Structure& structure);

/// Where columns and load-bearing walls of a floor can be cut, for denser fracture there.
std::vector<Eigen::Vector3d> places_of_charges(const Settings& settings, const Elements& building);

}  // namespace platefall::collapse
