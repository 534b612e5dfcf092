/// Chooses one of several labels for every cell of a grid, so that neighbours agree where disagreeing would show.
#pragma once

#include <functional>
#include <vector>

namespace platefall::cleanplate {

struct LabelCosts {
    int width = 0, height = 0;
    std::vector<int> cells;                    ///< that take part: y * width + x, ascending
    int labels = 0;

    /// Of a cell having a label; kForbidden where it cannot.
    std::function<float(int cell, int label)> data;
    /// Of two neighbours having two different labels.
    std::function<float(int cell, int neighbour, int label, int neighbour_label)> seam;
};
inline constexpr float kForbidden = 1e6f;

/// A label for every cell (-1 for those that do not take part) of low total cost: alpha expansion by graph cuts
/// (Boykov, Veksler and Zabih 2001; pairs that are not submodular are cut off at 0, as usual for seams).
/// Starts from the cheapest label of each cell alone. Deterministic.
std::vector<int> choose_labels(const LabelCosts& costs);

}  // namespace platefall::cleanplate
