/// Which pieces still hang together.
#pragma once

#include "collapse/structure.h"

#include <vector>

namespace platefall::collapse {

/// The living bonds of a structure.
class BondGraph {
public:
    explicit BondGraph(const Structure& structure);

    bool alive(int bond) const { return alive_[bond] != 0; }
    const std::vector<char>& alive() const { return alive_; }
    void cut(int bond) { alive_[bond] = 0; }

    /// All bonds that a piece had at first, ascending.
    const std::vector<int>& bonds_of(int piece) const { return bonds_of_[piece]; }

    /// Splits `pieces` (ascending) into parts that living bonds connect. Parts are in the order of their first
    /// piece, and ascending inside.
    std::vector<std::vector<int>> parts(const std::vector<int>& pieces) const;

private:
    const Structure& structure_;
    std::vector<char> alive_;
    std::vector<std::vector<int>> bonds_of_;
};

}  // namespace platefall::collapse
