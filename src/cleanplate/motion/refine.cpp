#include "cleanplate/motion/refine.h"

#include "base/parallel.h"

#include <Eigen/Dense>
#include <Eigen/Sparse>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

using Step = Eigen::Matrix<double, 8, 1>;  // a small change: all of I + d but its last entry
using Block = Eigen::Matrix<double, 8, 8>;

constexpr int kRoundsPerLoss = 3;
constexpr int kLastRounds = 12;
constexpr double kConverged = 1e-9;

/// From pixels to coordinates of about -1..1, the same for all frames.
struct Units {
    Vec2 centre{};
    double scale_px = 1;

    explicit Units(const std::vector<FramePoints>& pairs)
    {
        Vec2 low{1e30, 1e30}, high{-1e30, -1e30};
        for (const FramePoints& pair : pairs)
            for (const PointPair& points : pair.points)
                for (const Vec2& point : {points.first, points.second})
                    for (std::size_t axis = 0; axis < 2; ++axis) {
                        low[axis] = std::min(low[axis], point[axis]);
                        high[axis] = std::max(high[axis], point[axis]);
                    }
        centre = {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2};
        scale_px = std::max({(high[0] - low[0]) / 2, (high[1] - low[1]) / 2, 1.0});
    }

    Eigen::Vector3d operator()(const Vec2& point) const
    {
        return {(point[0] - centre[0]) / scale_px, (point[1] - centre[1]) / scale_px, 1};
    }

    Eigen::Matrix3d pixels_from_units() const
    {
        return Eigen::Matrix3d{{scale_px, 0, centre[0]}, {0, scale_px, centre[1]}, {0, 0, 1}};
    }
};

/// Determinant 1 also settles the sign: points in front stay in front.
Eigen::Matrix3d unimodular(const Eigen::Matrix3d& matrix)
{
    return matrix / std::cbrt(matrix.determinant());
}

Eigen::Matrix3d matrix_of(const Homography& map)
{
    return Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(map.m.data());
}

Homography homography_of(const Eigen::Matrix3d& matrix)
{
    Homography map;
    Eigen::Map<Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(map.m.data()) = matrix;
    return compose(Homography{}, map);  // which scales it
}

/// How y = d x changes with each of the eight entries of d.
Eigen::Matrix<double, 3, 8> generators_on(const Eigen::Vector3d& x)
{
    Eigen::Matrix<double, 3, 8> change = Eigen::Matrix<double, 3, 8>::Zero();
    for (int entry = 0; entry < 8; ++entry)
        change(entry / 3, entry) = x[entry % 3];
    return change;
}

/// What one pair of frames adds to the normal equations.
struct PairEquations {
    Block first_first = Block::Zero(), first_second = Block::Zero(), second_second = Block::Zero();
    Step first = Step::Zero(), second = Step::Zero();
    double cost = 0;
};

struct Problem {
    const std::vector<FramePoints>& pairs;
    Units units;
    int base;

    /// Geman and McClure: r^2 / (1 + r^2 / loss^2), in pixels.
    PairEquations equations(const FramePoints& pair, const std::vector<Eigen::Matrix3d>& maps, double loss_px,
                            bool with_derivatives) const
    {
        PairEquations sums;
        const Eigen::Matrix3d second_from_first = maps[pair.second].inverse() * maps[pair.first];
        for (const PointPair& points : pair.points) {
            const Eigen::Vector3d x = units(points.first), y = second_from_first * x;
            const double limit2 = loss_px * loss_px;
            if (!(y[2] > 1e-3)) {  // behind the camera: as far off as can be
                sums.cost += points.weight * limit2;
                continue;
            }
            const Eigen::Vector2d residual =
                units.scale_px * (y.hnormalized() - units(points.second).head<2>());
            const double r2 = residual.squaredNorm(), falloff = 1 / (1 + r2 / limit2);
            sums.cost += points.weight * r2 * falloff;
            if (!with_derivatives)
                continue;
            const double weight = points.weight * falloff * falloff, w = 1 / y[2];
            const Eigen::Matrix<double, 2, 3> project =
                units.scale_px * Eigen::Matrix<double, 2, 3>{{w, 0, -y[0] * w * w}, {0, w, -y[1] * w * w}};
            const Eigen::Matrix<double, 2, 8> by_first = project * second_from_first * generators_on(x);
            const Eigen::Matrix<double, 2, 8> by_second = -project * generators_on(y);
            sums.first_first += weight * by_first.transpose() * by_first;
            sums.first_second += weight * by_first.transpose() * by_second;
            sums.second_second += weight * by_second.transpose() * by_second;
            sums.first += weight * by_first.transpose() * residual;
            sums.second += weight * by_second.transpose() * residual;
        }
        return sums;
    }

    std::vector<PairEquations> all_equations(const std::vector<Eigen::Matrix3d>& maps, double loss_px,
                                             bool with_derivatives) const
    {
        std::vector<PairEquations> all(pairs.size());
        parallel_each(static_cast<int>(pairs.size()),
                      [&](int i) { all[i] = equations(pairs[i], maps, loss_px, with_derivatives); });
        return all;
    }
};

double total_cost(const std::vector<PairEquations>& all)
{
    double cost = 0;
    for (const PairEquations& pair : all)
        cost += pair.cost;
    return cost;
}

/// The normal equations of every frame but the base, summed in the order of the pairs.
class NormalEquations {
public:
    NormalEquations(const Problem& problem, const std::vector<PairEquations>& all, std::size_t frames)
        : base_(problem.base), size_(8 * (static_cast<int>(frames) - 1)), right_(Eigen::VectorXd::Zero(size_))
    {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const int first = problem.pairs[i].first, second = problem.pairs[i].second;
            add(first, first, all[i].first_first);
            add(second, second, all[i].second_second);
            if (first < second)
                add(second, first, all[i].first_second.transpose());
            else
                add(first, second, all[i].first_second);
            if (first != base_)
                right_.segment<8>(row_of(first)) += all[i].first;
            if (second != base_)
                right_.segment<8>(row_of(second)) += all[i].second;
        }
        for (int i = 0; i < size_; ++i)
            entries_.emplace_back(i, i, 1e-9);  // a frame without pairs stays where it is
        matrix_.resize(size_, size_);
        matrix_.setFromTriplets(entries_.begin(), entries_.end());
    }

    Eigen::VectorXd solve(double damping) const
    {
        Eigen::SparseMatrix<double> damped = matrix_;
        for (int i = 0; i < size_; ++i)
            damped.coeffRef(i, i) *= 1 + damping;
        const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> solver(damped);
        return solver.info() == Eigen::Success ? Eigen::VectorXd(solver.solve(-right_))
                                               : Eigen::VectorXd::Zero(size_);
    }

    int row_of(int frame) const { return 8 * (frame < base_ ? frame : frame - 1); }

private:
    void add(int row_frame, int column_frame, const Block& block)
    {
        if (row_frame == base_ || column_frame == base_)
            return;
        for (int r = 0; r < 8; ++r)
            for (int c = 0; c < (row_frame == column_frame ? r + 1 : 8); ++c)
                entries_.emplace_back(row_of(row_frame) + r, row_of(column_frame) + c, block(r, c));
    }

    int base_, size_;
    std::vector<Eigen::Triplet<double>> entries_;
    Eigen::SparseMatrix<double> matrix_;  // its lower half
    Eigen::VectorXd right_;
};

std::vector<Eigen::Matrix3d> moved(const std::vector<Eigen::Matrix3d>& maps, const NormalEquations& equations,
                                   const Eigen::VectorXd& steps, int base)
{
    std::vector<Eigen::Matrix3d> result = maps;
    for (int frame = 0; frame < static_cast<int>(maps.size()); ++frame) {
        if (frame == base)
            continue;
        Eigen::Matrix3d change = Eigen::Matrix3d::Identity();
        for (int entry = 0; entry < 8; ++entry)
            change(entry / 3, entry % 3) += steps[equations.row_of(frame) + entry];
        if (change.determinant() > 0.1)
            result[frame] = unimodular(maps[frame] * change);
    }
    return result;
}

/// Levenberg and Marquardt with one loss.
void descend(const Problem& problem, double loss_px, int rounds, std::vector<Eigen::Matrix3d>& maps)
{
    double damping = 1e-6;
    std::vector<PairEquations> here = problem.all_equations(maps, loss_px, true);
    for (int round = 0; round < rounds && damping < 1e3; ++round) {
        const NormalEquations equations(problem, here, maps.size());
        const Eigen::VectorXd steps = equations.solve(damping);
        const std::vector<Eigen::Matrix3d> next = moved(maps, equations, steps, problem.base);
        std::vector<PairEquations> there = problem.all_equations(next, loss_px, true);
        if (total_cost(there) > total_cost(here)) {
            damping *= 100;
            continue;
        }
        maps = next;
        here = std::move(there);
        damping = std::max(damping / 10, 1e-9);
        if (steps.lpNorm<Eigen::Infinity>() < kConverged)
            break;
    }
}

}  // namespace

void refine_jointly(const std::vector<FramePoints>& pairs, std::size_t base, double noise_px,
                    std::vector<Homography>& base_from_frame)
{
    if (pairs.empty() || base_from_frame.size() < 2)
        return;
    const Problem problem{pairs, Units(pairs), static_cast<int>(base)};
    const Eigen::Matrix3d pixels = problem.units.pixels_from_units(), units = pixels.inverse();
    std::vector<Eigen::Matrix3d> maps;
    for (const Homography& map : base_from_frame)
        maps.push_back(unimodular(units * matrix_of(map) * pixels));

    for (const double loss_px : {8 * noise_px, 4 * noise_px, 2 * noise_px})
        descend(problem, loss_px, kRoundsPerLoss, maps);
    descend(problem, noise_px, kLastRounds, maps);

    for (std::size_t i = 0; i < maps.size(); ++i)
        base_from_frame[i] = i == base ? Homography{} : homography_of(pixels * maps[i] * units);
}

}  // namespace platefall::cleanplate
