/// The pressure equation of air among solids, and a multigrid cycle that roughly inverts it.
#pragma once

#include "collapse/dust/cells.h"
#include "collapse/dust/lattice.h"

#include <vector>

namespace platefall::collapse::dust {

/// One grid of the cycle. The operator is A x (i) = sum over faces of coupling * (x(i) - x(neighbour));
/// outside the box x = 0.
struct Level {
    explicit Level(const Lattice& lattice);

    Lattice lattice;
    std::vector<float> cx, cy, cz;   ///< coupling through the face before a cell; 0: closed
    std::vector<float> inverse;      ///< of the diagonal; 0 where nothing is to be solved
    std::vector<float> x, b;         ///< correction and right-hand side of the cycle
};

/// A symmetric V-cycle, as McAdams, Sifakis and Teran (2010) use it to precondition conjugate gradients.
/// Unlike theirs, coarse cells are plain aggregates of eight whose faces sum the open faces between them, so
/// that a wall thinner than a coarse cell still closes part of it; and the smoother is red-black
/// Gauss-Seidel, reversed on the way up.
class Multigrid {
public:
    explicit Multigrid(const Lattice& lattice);

    void shape(const Cells& cells);            ///< couplings of all levels
    void cycle();                              ///< finest().x becomes about A^-1 finest().b

    Level& finest() { return levels_.front(); }
    const Level& finest() const { return levels_.front(); }

    static std::size_t bytes(const Lattice& lattice);

private:
    void descend(std::size_t level);

    std::vector<Level> levels_;
};

}  // namespace platefall::collapse::dust
