#include "collapse/structure/block_cholesky.h"

#include <Eigen/LU>
#include <gtest/gtest.h>

#include <random>

namespace platefall::collapse {
namespace {

using Block = BlockCholesky::Block;
using Vector = BlockCholesky::Vector;

/// Springs between random pairs, as dense and as blocks; every piece also stands on a soft ground.
struct Springs {
    std::vector<Block> diagonal;
    std::vector<BlockCholesky::Entry> beside;
    Eigen::MatrixXd dense;
};

Springs random_springs(int pieces, int bonds, unsigned seed)
{
    std::mt19937 draw(seed);
    std::uniform_real_distribution<double> number(-1, 1);
    Springs result{std::vector<Block>(pieces, Block::Identity()), {}, Eigen::MatrixXd::Identity(6 * pieces, 6 * pieces)};
    for (int bond = 0; bond < bonds; ++bond) {
        const int first = static_cast<int>(draw() % pieces), second = static_cast<int>(draw() % pieces);
        if (first == second)
            continue;
        Eigen::MatrixXd pull(6, 6 * pieces);
        pull.setZero();
        const Block a = Block::NullaryExpr([&] { return number(draw); }), b = Block::NullaryExpr([&] { return number(draw); });
        pull.middleCols<6>(6 * first) = a;
        pull.middleCols<6>(6 * second) = b;
        result.dense += pull.transpose() * pull;
        result.diagonal[first] += a.transpose() * a;
        result.diagonal[second] += b.transpose() * b;
        result.beside.push_back({first, second, a.transpose() * b});
    }
    return result;
}

std::vector<Vector> some_sides(int pieces)
{
    std::vector<Vector> result(pieces);
    for (int piece = 0; piece < pieces; ++piece)
        result[piece] = Vector::LinSpaced(piece, piece + 1).array().sin();
    return result;
}

/// How far the answer is from what the dense matrix gives, against its length.
double error_of(const Springs& springs, const std::vector<Vector>& sides, const std::vector<Vector>& answer)
{
    const auto flat = [](const std::vector<Vector>& blocks) {
        return Eigen::Map<const Eigen::VectorXd>(blocks.front().data(), static_cast<Eigen::Index>(6 * blocks.size())).eval();
    };
    const Eigen::VectorXd expected = springs.dense.partialPivLu().solve(flat(sides));
    return (flat(answer) - expected).norm() / expected.norm();
}

TEST(BlockCholesky, SolvesWhatADenseSolverSolves)
{
    for (const int bonds : {0, 20, 60, 400}) {            // apart, chains and trees, a mesh, all with all
        const Springs springs = random_springs(40, bonds, 7);
        BlockCholesky factor;
        ASSERT_TRUE(factor.factorise(springs.diagonal, springs.beside));
        auto answer = some_sides(40);
        factor.solve(answer);
        EXPECT_LT(error_of(springs, some_sides(40), answer), 1e-10) << bonds << " bonds";
    }
}

TEST(BlockCholesky, TwoBondsOfOnePairAddUp)
{
    const Springs springs = random_springs(3, 30, 11);     // far more bonds than pairs, entered either way round
    BlockCholesky factor;
    ASSERT_TRUE(factor.factorise(springs.diagonal, springs.beside));
    auto answer = some_sides(3);
    factor.solve(answer);
    EXPECT_LT(error_of(springs, some_sides(3), answer), 1e-10);
}

TEST(BlockCholesky, ANewMatrixReplacesTheOldOne)
{
    const Springs old = random_springs(40, 200, 1), springs = random_springs(25, 60, 2);
    BlockCholesky factor;
    ASSERT_TRUE(factor.factorise(old.diagonal, old.beside));
    ASSERT_TRUE(factor.factorise(springs.diagonal, springs.beside));
    auto answer = some_sides(25);
    factor.solve(answer);
    EXPECT_LT(error_of(springs, some_sides(25), answer), 1e-10);
}

TEST(BlockCholesky, WhatNothingHoldsIsRefused)
{
    const std::vector<Block> diagonal{Block::Identity(), Block::Identity()};
    BlockCholesky factor;
    EXPECT_FALSE(factor.factorise(diagonal, {{1, 0, -Block::Identity()}}));   // moves as one without resistance
    EXPECT_TRUE(factor.factorise(diagonal, {{1, 0, -0.5 * Block::Identity()}}));
}

}  // namespace
}  // namespace platefall::collapse
