/// How hard the bonds of a structure work: a linear-elastic solve on the bond graph.
#pragma once

#include "collapse/structure.h"
#include "collapse/structure/block_cholesky.h"

#include <vector>

namespace platefall::collapse {

/// A load on a piece, at its centre. N and N m.
struct Load {
    Eigen::Vector3d force = Eigen::Vector3d::Zero();
    Eigen::Vector3d moment = Eigen::Vector3d::Zero();
};

/// What a bond carries, on its own plane; tension positive.
struct BondLoad {
    double normal_N = 0;
    double shear_N = 0;
    double bending_Nm = 0;
    double torsion_Nm = 0;
};

/// Largest share of its strength that a bond uses: 1 breaks.
///
///     sigma = N / A +- M / W, against tension and compression;  tau = V / A + T / Wt, against shear
///
/// Shear strength grows with pressure as friction allows (Mohr-Coulomb), by no more than a factor of four.
double utilisation(const Bond& bond, const BondLoad& load);

/// When the iterations of a solve end.
struct StressEffort {
    double tolerance = 1e-6;       ///< residual |K u - f| / |f|
    int most_iterations = 20000;
};

/// Equilibrium of pieces that hang on anchors by elastic bonds: each bond a spring in all six directions
/// (EA/L, GA/L, EI/L, GJ/L between the two centres through the bond's middle), solved by conjugate gradients that are
/// preconditioned with a Cholesky factor and warm-started with the displacements of the last call. The factor is that of
/// an earlier call for as long as it is good enough: a few bonds that broke since cost a few iterations. Glass sits in
/// gaskets and partitions are put in when the building already stands, so that their bonds count as far softer than
/// their material.
class StressSolver {
public:
    /// Borrows `structure`.
    explicit StressSolver(const Structure& structure, const StressEffort& effort = {});

    /// `alive`: bonds that still hold. `held`: pieces that do not move (anchors, or what rests on the ground). Pieces
    /// that no held piece carries are left out; their bonds carry nothing. Sums go in a fixed order: same bits for
    /// any number of threads. Returns one load a bond (zero for the dead). `residual`, if not null: |K u - f| / |f|
    /// reached.
    std::vector<BondLoad> solve(const std::vector<char>& alive, const std::vector<char>& held,
                                const std::vector<Load>& loads, double* residual = nullptr);

    void aim_for(const StressEffort& effort) { effort_ = effort; }
    int iterations() const { return iterations_; }   ///< of the last call

private:
    using Vector6 = BlockCholesky::Vector;

    /// A bond as the solve sees it.
    struct Spring {
        int first = 0, second = 0;
        Eigen::Vector3d first_arm, second_arm;       ///< from the centres to the bond's middle
        Eigen::Vector3d normal;
        double stretch = 0, slide = 0;               ///< N/m
        double bend = 0, twist = 0;                  ///< N m/rad
    };
    static Spring spring(const Structure& structure, const Bond& bond);
    static Vector6 strain_force(const Spring& spring, const Vector6& first, const Vector6& second);

    void choose(const std::vector<char>& alive, const std::vector<char>& held);
    void factorise();
    void precondition(const std::vector<Vector6>& residual, std::vector<Vector6>& soothed) const;
    void apply(const std::vector<Vector6>& displacement, std::vector<Vector6>& force) const;
    double iterate(const std::vector<Load>& loads, int most);

    const Structure& structure_;
    StressEffort effort_;
    std::vector<Spring> springs_;                    ///< one a bond
    std::vector<Vector6> displacement_;              ///< shift and turn, one a piece
    std::vector<int> working_;                       ///< bonds that carry something in this solve
    std::vector<int> free_;                          ///< pieces that are carried
    std::vector<char> is_free_;
    BlockCholesky factor_;                           ///< of the stiffness at some earlier call
    std::vector<int> place_in_factor_;               ///< one a piece; -1: it was not free then
    int factored_ = 0;                               ///< how many were
    int iterations_ = 0;
};

}  // namespace platefall::collapse
