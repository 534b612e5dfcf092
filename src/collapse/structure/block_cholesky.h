/// Cholesky's factor of the stiffness of rigid pieces: sparse, symmetric, a 6 x 6 block for every pair that is bonded.
#pragma once

#include <Eigen/Core>

#include <vector>

namespace platefall::collapse {

/// L with L L' = P A P', for a symmetric positive definite A of 6 x 6 blocks (three shifts and three turns a piece).
///
/// Whole blocks instead of single numbers: a sixth of the rows to order, one index for 36 numbers, and products that the
/// processor does in vectors. Ordered by approximate minimum degree, factored a row at a time along the elimination tree
/// (Davis 2006, Direct Methods for Sparse Linear Systems, sections 4.2 and 4.7, with blocks for numbers). One thread and
/// one order of sums: the same bits every time.
class BlockCholesky {
public:
    using Block = Eigen::Matrix<double, 6, 6>;
    using Vector = Eigen::Matrix<double, 6, 1>;

    /// A block beside the diagonal. Its mirror image is understood.
    struct Entry {
        int row = 0, column = 0;
        Block block;
    };

    /// `beside` in any order; what is entered twice is added up. Returns whether the matrix is positive definite; if it
    /// is not, there is nothing to solve with.
    bool factorise(const std::vector<Block>& diagonal, const std::vector<Entry>& beside);

    /// Turns right-hand sides into solutions, one of each a block row.
    void solve(std::vector<Vector>& sides) const;

private:
    struct Rows;
    void order(int size, const std::vector<Entry>& beside);
    void make_room(Rows& rows);

    std::vector<int> row_at_;               ///< P: which row of A stands at a place of L
    std::vector<Block> inverse_;            ///< of L's diagonal blocks
    std::vector<std::size_t> start_;        ///< where a column of L begins, one more than columns
    std::vector<int> place_;                ///< of each block below the diagonal, column by column
    std::vector<Block> below_;
};

}  // namespace platefall::collapse
