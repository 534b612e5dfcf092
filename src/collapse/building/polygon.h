/// Plane polygons: cut, intersected, subtracted, and taken apart into convex ones.
#pragma once

#include <Eigen/Core>

#include <vector>

namespace platefall::collapse {

/// Corners in order around it, counter-clockwise from the first axis to the second unless said otherwise.
using Polygon = std::vector<Eigen::Vector2d>;

/// Positive when counter-clockwise.
double signed_area(const Polygon& polygon);
Eigen::Vector2d centroid(const Polygon& polygon);

/// The part of a convex polygon with normal . point <= offset; empty when there is none.
Polygon clipped(const Polygon& convex, const Eigen::Vector2d& normal, double offset);

/// What two convex polygons share; empty when they only touch.
Polygon intersection(const Polygon& first, const Polygon& second);

/// What of one convex polygon lies outside another: no more convex parts than `taken` has edges.
std::vector<Polygon> difference(const Polygon& convex, const Polygon& taken);

/// A simple polygon as convex parts: cut at reflex corners along the edge that comes in, so that a footprint
/// of right angles falls into rectangles.
std::vector<Polygon> convex_parts(const Polygon& simple);

/// Shortest distance between a point and the outline.
double outline_distance(const Polygon& polygon, const Eigen::Vector2d& point);

bool contains(const Polygon& polygon, const Eigen::Vector2d& point);

/// Twice the area over the perimeter: about half the width of a strip, a quarter of a square's side.
double thinness(const Polygon& polygon);

}  // namespace platefall::collapse
