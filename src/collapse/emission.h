/// Where dust comes from: broken faces, crushed pieces, and the air that falling storeys push out.
#pragma once

#include "collapse/dust/dust_solver.h"
#include "collapse/motion/motion.h"
#include "collapse/structure.h"

#include <cstdint>
#include <vector>

namespace platefall::collapse {

/// Sources of every frame interval of a motion, computed once; cheap to ask.
///
///     broken bond   area x depth of fines x density, over 0.35 s, from when the faces part
///     impact        1e-5 kg a joule that is dissipated, over 0.2 s; together no more than 1 % of the piece's
///     mass storey        the volume that it loses is pushed out all around, at the height where the storey
///     is then, through
///                   openings a storey high; the air carries 0.05 kg/m3 of fine dust. It takes the ways that are
///                   free: an alley before a wall lets through less than a street, by its width
///
/// No two places are alike: releases lie and drift a little apart, and the air comes in gusts that differ
/// from one stretch of wall to the next and from moment to moment, as windows give way one by one. Sums stay
/// what they are.
///
/// Three tenths of broken and crushed mass is fine dust, the rest coarse. `amount` multiplies all mass, not
/// the air.
class Emission {
public:
    Emission(const Structure& structure, const Motion& motion, const MotionSettings& settings, double amount,
             double least_radius_m, std::uint64_t seed);

    /// What is put in between simulated times from_s and from_s + dt_s.
    std::vector<DustSource> between(double from_s, double dt_s) const;

    /// All of it, kg, both classes.
    double total_kg() const;

    /// Air pushed out in all, m3.
    double total_air_m3() const;

private:
    /// Mass over a while, from a place on a piece.
    struct Release {
        double from_s, length_s;
        int piece;
        Eigen::Vector3d rest;             ///< where it was on the piece at rest, in the world
        double radius_m;
        double mass_kg;
        double grip;
        Eigen::Vector3d drift;            ///< m/s, on top of the piece's
    };
    /// Air over a frame, around the footprint.
    struct Push {
        double from_s, length_s;
        std::size_t storey;
        double height_m, storey_m;
        double air_m3;
    };

    struct Outlet {
        Eigen::Vector2d at, out;          ///< (x, z)
        double length_m;
        double open;                      ///< 0..1: what the space before it takes
    };

    struct Gust {
        double share;                     ///< of the storey's air
        double aside, up;                 ///< of its way out
    };

    void add_outlets();
    double clearance(const Eigen::Vector2d& at, const Eigen::Vector2d& out) const;
    void release(double from_s, double length_s, int piece, const Eigen::Vector3d& rest, double radius_m,
                 double mass_kg, double grip);
    void add_broken(const BrokenBond& broken);
    void add_impacts();
    void add_pushes(const std::vector<std::vector<double>>& ceilings);
    void add_push(const Push& push, double share, double from_s, std::vector<DustSource>& sources) const;
    std::vector<Gust> gusts_at(double time_s, std::size_t storey) const;
    Eigen::Vector3d place_at(const Release& release, double time_s, Eigen::Vector3d* velocity) const;

    const Structure& structure_;
    const Motion& motion_;
    double frame_s_, amount_, least_radius_m_, ground_m_;
    std::uint64_t seed_;
    std::vector<Obstacle> obstacles_;
    std::vector<Release> releases_;   ///< by from_s
    std::vector<Push> pushes_;        ///< by from_s
    std::vector<Outlet> outlets_;
    double around_m_ = 0;             ///< length of the outline
};

/// Height of the underside above each storey, a frame: [frame][storey], and never more than it was at rest.
/// Median over the slabs that cover it.
std::vector<std::vector<double>> storey_ceilings(const Structure& structure, const Motion& motion);

}  // namespace platefall::collapse
