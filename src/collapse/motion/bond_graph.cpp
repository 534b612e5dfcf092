#include "collapse/motion/bond_graph.h"

#include <algorithm>

namespace platefall::collapse {

BondGraph::BondGraph(const Structure& structure)
    : structure_(structure), alive_(structure.bonds.size(), 1), bonds_of_(structure.pieces.size())
{
    for (int bond = 0; bond < static_cast<int>(structure.bonds.size()); ++bond) {
        bonds_of_[structure.bonds[bond].first].push_back(bond);
        bonds_of_[structure.bonds[bond].second].push_back(bond);
    }
}

std::vector<std::vector<int>> BondGraph::parts(const std::vector<int>& pieces) const
{
    // Union-find whose root is the least piece of its set, so that the order of parts is that of the pieces.
    std::vector<int> above(bonds_of_.size(), -1);
    for (const int piece : pieces)
        above[piece] = piece;
    const auto root = [&](int piece) {
        while (above[piece] != piece)
            piece = above[piece] = above[above[piece]];
        return piece;
    };
    for (const int piece : pieces)
        for (const int bond : bonds_of_[piece]) {
            const Bond& it = structure_.bonds[bond];
            if (!alive_[bond] || it.first != piece || above[it.second] < 0)
                continue;
            const int first = root(it.first), second = root(it.second);
            above[std::max(first, second)] = std::min(first, second);
        }

    std::vector<std::vector<int>> result;
    std::vector<int> part_of(bonds_of_.size(), -1);
    for (const int piece : pieces) {
        const int top = root(piece);
        if (part_of[top] < 0) {
            part_of[top] = static_cast<int>(result.size());
            result.emplace_back();
        }
        result[part_of[top]].push_back(piece);
    }
    return result;
}

}  // namespace platefall::collapse
