#include "collapse/structure/block_cholesky.h"

#include <Eigen/Cholesky>
#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>

#include <algorithm>
#include <numeric>

namespace platefall::collapse {

/// The blocks of P A P' left of the diagonal, row by row, and the elimination tree over them.
struct BlockCholesky::Rows {
    struct Left {
        int column;
        const Entry* entry;
        bool mirrored;                       // stands above the diagonal as it was entered
    };
    std::vector<std::vector<Left>> left;
    std::vector<int> parent;                 // -1: a root

    Rows(const std::vector<int>& row_at, const std::vector<Entry>& beside);
    const std::vector<int>& reach(int row);

private:
    std::vector<int> reached_, seen_in_;     // of the last walk; the last walk that passed a node
    int walk_ = 0;
};

BlockCholesky::Rows::Rows(const std::vector<int>& row_at, const std::vector<Entry>& beside)
    : left(row_at.size()), parent(row_at.size(), -1), seen_in_(row_at.size(), 0)
{
    std::vector<int> place_of(row_at.size());
    for (std::size_t place = 0; place < row_at.size(); ++place)
        place_of[row_at[place]] = static_cast<int>(place);
    for (const Entry& entry : beside) {
        const int row = place_of[entry.row], column = place_of[entry.column];
        left[std::max(row, column)].push_back({std::min(row, column), &entry, row < column});
    }

    // A column's parent is the first row below that its elimination fills; roots found so far are skipped to.
    std::vector<int> root(row_at.size(), -1);
    for (int row = 0; row < static_cast<int>(left.size()); ++row)
        for (const Left& block : left[row])
            for (int node = block.column; node != -1 && node < row;) {
                const int next = root[node];
                root[node] = row;
                if (next == -1)
                    parent[node] = row;
                node = next;
            }
}

/// The columns in which a row of L is not zero, in order: up the tree from where A is not.
const std::vector<int>& BlockCholesky::Rows::reach(int row)
{
    reached_.clear();
    seen_in_[row] = ++walk_;
    for (const Left& block : left[row])
        for (int node = block.column; seen_in_[node] != walk_; node = parent[node]) {
            reached_.push_back(node);
            seen_in_[node] = walk_;
        }
    std::ranges::sort(reached_);
    return reached_;
}

void BlockCholesky::order(int size, const std::vector<Entry>& beside)
{
    std::vector<Eigen::Triplet<double>> pairs;
    pairs.reserve(size + beside.size());
    for (int row = 0; row < size; ++row)
        pairs.emplace_back(row, row, 1.0);                // a row without its diagonal would be put last, as if it were full
    for (const Entry& entry : beside)
        pairs.emplace_back(entry.row, entry.column, 1.0);
    Eigen::SparseMatrix<double> pattern(size, size);
    pattern.setFromTriplets(pairs.begin(), pairs.end());
    Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> found;
    Eigen::AMDOrdering<int>()(pattern, found);
    row_at_.assign(found.indices().begin(), found.indices().end());
}

void BlockCholesky::make_room(Rows& rows)
{
    start_.assign(row_at_.size() + 1, 0);
    for (int row = 0; row < static_cast<int>(row_at_.size()); ++row)
        for (const int column : rows.reach(row))
            ++start_[column + 1];
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    place_.resize(start_.back());
    below_.resize(start_.back());
}

bool BlockCholesky::factorise(const std::vector<Block>& diagonal, const std::vector<Entry>& beside)
{
    const int size = static_cast<int>(diagonal.size());
    order(size, beside);
    Rows rows(row_at_, beside);
    make_room(rows);

    inverse_.resize(diagonal.size());
    std::vector<std::size_t> end(start_.begin(), start_.end() - 1);       // of what is known of each column
    std::vector<Block> rest(diagonal.size(), Block::Zero());              // of the row, less the columns that are done
    for (int row = 0; row < size; ++row) {
        for (const Rows::Left& block : rows.left[row])
            if (block.mirrored)
                rest[block.column] += block.entry->block.transpose();
            else
                rest[block.column] += block.entry->block;
        Block last = diagonal[row_at_[row]];
        for (const int column : rows.reach(row)) {
            const Block found = rest[column].lazyProduct(inverse_[column].transpose());
            rest[column].setZero();
            for (std::size_t i = start_[column]; i < end[column]; ++i)
                rest[place_[i]] -= found.lazyProduct(below_[i].transpose());
            last -= found.lazyProduct(found.transpose());
            place_[end[column]] = row;
            below_[end[column]++] = found;
        }

        const Eigen::LLT<Block> factor(last);
        if (factor.info() != Eigen::Success)
            return false;
        inverse_[row] = factor.matrixL().solve(Block::Identity());
    }
    return true;
}

void BlockCholesky::solve(std::vector<Vector>& sides) const
{
    std::vector<Vector> known(sides.size());
    for (std::size_t place = 0; place < known.size(); ++place)
        known[place] = sides[row_at_[place]];
    for (std::size_t column = 0; column < known.size(); ++column) {
        known[column] = inverse_[column] * known[column];
        for (std::size_t i = start_[column]; i < start_[column + 1]; ++i)
            known[place_[i]].noalias() -= below_[i] * known[column];
    }
    for (std::size_t column = known.size(); column-- > 0;) {
        for (std::size_t i = start_[column]; i < start_[column + 1]; ++i)
            known[column].noalias() -= below_[i].transpose() * known[place_[i]];
        sides[row_at_[column]] = known[column] = inverse_[column].transpose() * known[column];
    }
}

}  // namespace platefall::collapse
