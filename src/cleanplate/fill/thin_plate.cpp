#include "cleanplate/fill/thin_plate.h"

#include <Eigen/Dense>
#include <Eigen/Sparse>

#include <initializer_list>
#include <limits>
#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr std::array<double, 5> kTensions{0.02, 0.1, 0.5, 2.5, 12.5};
constexpr float kOutOfRange = 0.02f;  // in stops beyond what is known, which is not too much
constexpr float kOtherThing = 0.75f;  // stops between two cells that are probably not of one
// How hard a cell of the hole is held: by what it shows, so that what is torn off stays where it is, and by
// what is known in it.
constexpr double kHoldOfCopies = 1e-5, kHoldOfKnown = 4;

Eigen::RowVector3d row(const Colour& colour)
{
    return {colour[0], colour[1], colour[2]};
}

/// Least squares: each term asks a sum over cells to be 0.
class Equations {
public:
    Equations(const ShadingCells& cells, double tension) : right_(Eigen::MatrixXd::Zero(cells.unknowns(), 3))
    {
        for (int v = -1; v <= cells.height(); ++v)
            for (int u = -1; u <= cells.width(); ++u)
                bend(cells, u, v, tension);
        for (int v = 0; v < cells.height(); ++v)
            for (int u = 0; u < cells.width(); ++u)
                if (cells(u, v).unknown >= 0)
                    hold(cells, u, v);
    }

    Eigen::MatrixXd solve() const
    {
        Eigen::SparseMatrix<double> matrix(right_.rows(), right_.rows());
        matrix.setFromTriplets(entries_.begin(), entries_.end());
        return Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>>(matrix).solve(right_);
    }

private:
    using Terms = std::initializer_list<std::pair<const ShadingCell&, double>>;

    static double joint(const ShadingCell& a, const ShadingCell& b)
    {
        return static_cast<double>(std::min(a.smooth, b.smooth) * likeness(a.now, b.now, kOtherThing));
    }

    void bend(const ShadingCells& cells, int u, int v, double tension)
    {
        const ShadingCell &here = cells(u, v), &left = cells(u - 1, v), &right = cells(u + 1, v),
                          &above = cells(u, v - 1), &below = cells(u, v + 1), &across = cells(u + 1, v + 1);
        const double to_right = joint(here, right), to_below = joint(here, below);
        shall_be_0(tension * to_right, {{here, 1}, {right, -1}});
        shall_be_0(tension * to_below, {{here, 1}, {below, -1}});
        shall_be_0(std::min(joint(left, here), to_right), {{left, 1}, {here, -2}, {right, 1}});
        shall_be_0(std::min(joint(above, here), to_below), {{above, 1}, {here, -2}, {below, 1}});
        shall_be_0(2 * std::min({to_right, to_below, joint(right, across), joint(below, across)}),
                   {{here, 1}, {right, -1}, {below, -1}, {across, 1}});
    }

    void hold(const ShadingCells& cells, int u, int v)
    {
        const ShadingCell& cell = cells(u, v);
        hold(cell, kHoldOfCopies, cell.now);
        const ShadingCell known{.now = cells.fit(u, v).at(0, 0), .smooth = cells.fit(u, v).smooth};
        hold(cell, kHoldOfKnown * static_cast<double>(1 - cell.hole) * joint(known, cell), known.now);
    }

    void hold(const ShadingCell& cell, double weight, const Colour& value)
    {
        entries_.emplace_back(cell.unknown, cell.unknown, weight);
        right_.row(cell.unknown) += weight * row(value);
    }

    void shall_be_0(double weight, Terms terms)
    {
        if (weight <= 0)
            return;
        Eigen::RowVector3d known = Eigen::RowVector3d::Zero();
        for (const auto& [cell, factor] : terms)
            if (cell.unknown < 0)
                known += factor * row(cell.now);
        for (const auto& [cell, factor] : terms) {
            if (cell.unknown < 0)
                continue;
            right_.row(cell.unknown) -= weight * factor * known;
            for (const auto& [other, of_other] : terms)
                if (other.unknown >= 0)
                    entries_.emplace_back(cell.unknown, other.unknown, weight * factor * of_other);
        }
    }

    std::vector<Eigen::Triplet<double>> entries_;
    Eigen::MatrixXd right_;
};

bool is_in_range(const Eigen::MatrixXd& values, const ShadingCells& cells)
{
    Eigen::RowVector3d low = Eigen::RowVector3d::Constant(std::numeric_limits<double>::max()), high = -low;
    for (int v = 0; v < cells.height(); ++v)
        for (int u = 0; u < cells.width(); ++u)
            if (const ShadingCell& cell = cells(u, v); cell.smooth > 0) {
                low = low.cwiseMin(row(cell.now));
                high = high.cwiseMax(row(cell.now));
            }
    for (int v = 0; v < cells.height(); ++v)
        for (int u = 0; u < cells.width(); ++u)
            if (const ShadingCell& cell = cells(u, v); cell.unknown >= 0 && cell.smooth > 0) {
                const auto value = values.row(cell.unknown).array();
                if ((value < low.array() - kOutOfRange).any() || (value > high.array() + kOutOfRange).any())
                    return false;
            }
    return true;
}

}  // namespace

std::vector<Colour> thin_plate(const ShadingCells& cells)
{
    Eigen::MatrixXd values;
    for (const double tension : kTensions)
        if (values = Equations(cells, tension).solve(); is_in_range(values, cells))
            break;
    std::vector<Colour> plate;
    for (const auto& value : values.rowwise())
        plate.push_back(
            {static_cast<float>(value[0]), static_cast<float>(value[1]), static_cast<float>(value[2])});
    return plate;
}

Colour shown_on(const std::vector<Colour>& plate, const ShadingCell& cell)
{
    return cell.unknown < 0 ? cell.now : plate[static_cast<std::size_t>(cell.unknown)];
}

}  // namespace platefall::cleanplate
