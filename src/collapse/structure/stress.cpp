#include "collapse/structure/stress.h"

#include <platefall/error.h>

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>

namespace platefall::collapse {

namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr double kShearOverYoung = 0.4;     // G / E of something brittle, Poisson's ratio about 0.2
constexpr double kMostFriction = 4.0;       // pressure makes shear strength grow by no more than this
constexpr double kShortest_m = 0.05;        // two centres closer than this are no stiffer
constexpr int kWorn = 24;                   // iterations that cost more than a new factor

/// How much of its material's stiffness a bond has: what fills a frame does not carry it.
double fit(Material material)
{
    switch (material) {
    case Material::concrete:
    case Material::masonry: return 1;
    case Material::board: return 0.05;
    case Material::glass: return 0.0005;
    }
    return 1;
}

Matrix3d cross_matrix(const Vector3d& v)
{
    Matrix3d result;
    result << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
    return result;
}

}  // namespace

double utilisation(const Bond& bond, const BondLoad& load)
{
    const MaterialFacts& material = facts(bond.material);
    const double pull = load.normal_N / bond.area_m2;
    const double bending = std::abs(load.bending_Nm) / bond.bending_m3;
    const double shear = std::abs(load.shear_N) / bond.area_m2 + std::abs(load.torsion_Nm) / bond.torsion_m3;

    const double pressure = std::max(-pull, 0.0);
    const double shear_strength = std::min(material.shear_Pa + material.friction * pressure,
                                           kMostFriction * material.shear_Pa);
    return std::max({(pull + bending) / material.tension_Pa, (bending - pull) / material.compression_Pa,
                     shear / shear_strength})
           / bond.strength;
}

StressSolver::StressSolver(const Structure& structure, const StressEffort& effort)
    : structure_(structure), effort_(effort), displacement_(structure.pieces.size(), Vector6::Zero()),
      is_free_(structure.pieces.size(), 0), place_in_factor_(structure.pieces.size(), -1)
{
    springs_.reserve(structure.bonds.size());
    for (const Bond& bond : structure.bonds)
        springs_.push_back(spring(structure, bond));
}

StressSolver::Spring StressSolver::spring(const Structure& structure, const Bond& bond)
{
    Spring result{.first = bond.first, .second = bond.second, .first_arm = {}, .second_arm = {},
                  .normal = bond.normal};
    result.first_arm = bond.middle - structure.pieces[bond.first].shape.centre;
    result.second_arm = bond.middle - structure.pieces[bond.second].shape.centre;
    const double length = std::max(result.first_arm.norm() + result.second_arm.norm(), kShortest_m);
    const double young = fit(bond.material) * facts(bond.material).young_Pa;
    const double shear = kShearOverYoung * young;

    // A rectangle's depth and second moments follow from its area and section modulus: W = A h / 6, I = W h / 2.
    // One stiffness serves both axes: the plane that is stiffer than that is held by its neighbours' stretch and slide.
    const double depth = 6 * bond.bending_m3 / bond.area_m2;
    result.stretch = young * bond.area_m2 / length;
    result.slide = shear * bond.area_m2 / length;
    result.bend = young * bond.bending_m3 * depth / 2 / length;
    result.twist = shear * bond.torsion_m3 * depth / length;
    return result;
}

/// Force and moment at the bond's middle that pull its first piece towards where the second one went.
StressSolver::Vector6 StressSolver::strain_force(const Spring& spring, const Vector6& first, const Vector6& second)
{
    const Vector3d first_turn = first.tail<3>(), second_turn = second.tail<3>();
    const Vector3d gap = second.head<3>() - first.head<3>() + second_turn.cross(spring.second_arm)
                         - first_turn.cross(spring.first_arm);
    const Vector3d turn = second_turn - first_turn;
    Vector6 result;
    result.head<3>() = spring.slide * gap + (spring.stretch - spring.slide) * spring.normal.dot(gap) * spring.normal;
    result.tail<3>() = spring.bend * turn + (spring.twist - spring.bend) * spring.normal.dot(turn) * spring.normal;
    return result;
}

/// Which pieces hang on a held one, and by which bonds.
void StressSolver::choose(const std::vector<char>& alive, const std::vector<char>& held)
{
    std::vector<std::vector<int>> neighbours(structure_.pieces.size());
    for (std::size_t bond = 0; bond < springs_.size(); ++bond)
        if (alive[bond]) {
            neighbours[springs_[bond].first].push_back(springs_[bond].second);
            neighbours[springs_[bond].second].push_back(springs_[bond].first);
        }

    std::vector<char> reached(held);
    std::vector<int> front;
    for (int piece = 0; piece < static_cast<int>(held.size()); ++piece)
        if (held[piece])
            front.push_back(piece);
    while (!front.empty()) {
        const int piece = front.back();
        front.pop_back();
        for (const int next : neighbours[piece])
            if (!reached[next]) {
                reached[next] = 1;
                front.push_back(next);
            }
    }

    free_.clear();
    for (int piece = 0; piece < static_cast<int>(held.size()); ++piece) {
        is_free_[piece] = reached[piece] && !held[piece];
        if (is_free_[piece])
            free_.push_back(piece);
        else
            displacement_[piece].setZero();
    }
    working_.clear();
    for (int bond = 0; bond < static_cast<int>(springs_.size()); ++bond)
        if (alive[bond] && (is_free_[springs_[bond].first] || is_free_[springs_[bond].second]))
            working_.push_back(bond);
}

/// Cholesky's factor of the free pieces' stiffness as it is now.
void StressSolver::factorise()
{
    std::fill(place_in_factor_.begin(), place_in_factor_.end(), -1);
    factored_ = 0;
    for (const int piece : free_)
        place_in_factor_[piece] = factored_++;

    // A bond pulls with D (B u_second - A u_first): three of force, three of moment.
    using Matrix6 = BlockCholesky::Block;
    std::vector<Matrix6> diagonal(free_.size(), Matrix6::Zero());
    std::vector<BlockCholesky::Entry> beside;
    for (const int bond : working_) {
        const Spring& spring = springs_[bond];
        const Matrix3d along = spring.normal * spring.normal.transpose();
        Matrix6 stiffness = Matrix6::Zero(), first = Matrix6::Identity(), second = Matrix6::Identity();
        stiffness.topLeftCorner<3, 3>() = spring.slide * Matrix3d::Identity() + (spring.stretch - spring.slide) * along;
        stiffness.bottomRightCorner<3, 3>() = spring.bend * Matrix3d::Identity() + (spring.twist - spring.bend) * along;
        first.topRightCorner<3, 3>() = -cross_matrix(spring.first_arm);
        second.topRightCorner<3, 3>() = -cross_matrix(spring.second_arm);
        const int row = place_in_factor_[spring.first], column = place_in_factor_[spring.second];
        if (row >= 0)
            diagonal[row] += first.transpose() * stiffness * first;
        if (column >= 0)
            diagonal[column] += second.transpose() * stiffness * second;
        if (row >= 0 && column >= 0)
            beside.push_back({row, column, -first.transpose() * stiffness * second});
    }
    if (!factor_.factorise(diagonal, beside))
        throw Error("collapse: the stresses cannot be solved for: a bond has no stiffness");
}

/// What the structure of that time would answer to what is left over. Pieces that have come loose since do not answer.
void StressSolver::precondition(const std::vector<Vector6>& residual, std::vector<Vector6>& soothed) const
{
    std::vector<Vector6> all(factored_, Vector6::Zero());
    for (const int piece : free_)
        all[place_in_factor_[piece]] = residual[piece];
    factor_.solve(all);
    for (const int piece : free_)
        soothed[piece] = all[place_in_factor_[piece]];
}

/// What the bonds' elasticity answers to a displacement: K u.
void StressSolver::apply(const std::vector<Vector6>& displacement, std::vector<Vector6>& force) const
{
    for (const int piece : free_)
        force[piece].setZero();
    for (const int bond : working_) {
        const Spring& spring = springs_[bond];
        const Vector6 pull = strain_force(spring, displacement[spring.first], displacement[spring.second]);
        const Vector3d push = pull.head<3>();
        Vector6& first = force[spring.first];
        Vector6& second = force[spring.second];
        first.head<3>() -= push;
        first.tail<3>() -= spring.first_arm.cross(push) + pull.tail<3>();
        second.head<3>() += push;
        second.tail<3>() += spring.second_arm.cross(push) + pull.tail<3>();
    }
}

/// Preconditioned conjugate gradients (Shewchuk 1994, B3). Returns the residual reached.
double StressSolver::iterate(const std::vector<Load>& loads, int most)
{
    const auto dot = [&](const std::vector<Vector6>& a, const std::vector<Vector6>& b) {
        Eigen::Array4d sums = Eigen::Array4d::Zero();        // four that do not wait for each other
        for (std::size_t i = 0; i < free_.size(); ++i)
            sums[i % 4] += a[free_[i]].dot(b[free_[i]]);
        return sums.sum();
    };

    std::vector<Vector6> residual(structure_.pieces.size(), Vector6::Zero());
    std::vector<Vector6> answer(residual), direction(residual), soothed(residual);
    apply(displacement_, answer);
    double size = 0;
    for (const int piece : free_) {
        Vector6 load;
        load << loads[piece].force, loads[piece].moment;
        size += load.squaredNorm();
        residual[piece] = load - answer[piece];
    }
    iterations_ = 0;
    if (size == 0) {                                     // nothing to come close to: in free fall
        for (const int piece : free_)
            displacement_[piece].setZero();
        return 0;
    }
    const double enough = effort_.tolerance * effort_.tolerance * size;

    double error = dot(residual, residual), last = 0;
    for (; iterations_ < most && error > enough; ++iterations_) {
        precondition(residual, soothed);
        const double now = dot(residual, soothed);
        const double keep = iterations_ == 0 ? 0.0 : now / last;
        last = now;
        for (const int piece : free_)
            direction[piece] = soothed[piece] + keep * direction[piece];
        apply(direction, answer);
        const double step = now / dot(direction, answer);
        for (const int piece : free_) {
            displacement_[piece] += step * direction[piece];
            residual[piece] -= step * answer[piece];
        }
        error = dot(residual, residual);
    }
    return std::sqrt(error / size);
}

std::vector<BondLoad> StressSolver::solve(const std::vector<char>& alive, const std::vector<char>& held,
                                          const std::vector<Load>& loads, double* residual)
{
    choose(alive, held);
    const bool fits = std::ranges::all_of(free_, [&](int piece) { return place_in_factor_[piece] >= 0; });
    double reached = fits ? iterate(loads, std::min(kWorn, effort_.most_iterations)) : 1;
    if (!fits || reached > effort_.tolerance) {
        factorise();
        reached = iterate(loads, effort_.most_iterations);
    }
    if (residual)
        *residual = reached;

    std::vector<BondLoad> result(springs_.size());
    for (const int bond : working_) {
        const Spring& spring = springs_[bond];
        const Vector6 pull = strain_force(spring, displacement_[spring.first], displacement_[spring.second]);
        const Vector3d force = pull.head<3>(), moment = pull.tail<3>();
        const double normal = force.dot(spring.normal), torsion = moment.dot(spring.normal);
        result[bond] = {.normal_N = normal, .shear_N = (force - normal * spring.normal).norm(),
                        .bending_Nm = (moment - torsion * spring.normal).norm(), .torsion_Nm = std::abs(torsion)};
    }
    return result;
}

}  // namespace platefall::collapse
