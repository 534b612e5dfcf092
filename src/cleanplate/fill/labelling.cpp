#include "cleanplate/fill/labelling.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc/detail/gcgraph.hpp>

#include <algorithm>

namespace platefall::cleanplate {
namespace {

constexpr int kCycles = 2;   // through all labels; a third changes next to nothing

class Expansion {
public:
    explicit Expansion(const LabelCosts& costs)
        : costs_(costs), labels_(static_cast<std::size_t>(costs.width) * static_cast<std::size_t>(costs.height), -1),
          node_(labels_.size(), -1)
    {
        for (const int cell : costs.cells)
            labels_[index(cell)] = cheapest(cell);
    }

    std::vector<int> run()
    {
        for (int cycle = 0; cycle < kCycles; ++cycle) {
            bool changed = false;
            for (int label = 0; label < costs_.labels; ++label)
                changed |= expand(label);
            if (!changed)
                break;
        }
        return labels_;
    }

private:
    static std::size_t index(int cell) { return static_cast<std::size_t>(cell); }

    int cheapest(int cell) const
    {
        int best = 0;
        for (int label = 1; label < costs_.labels; ++label)
            if (costs_.data(cell, label) < costs_.data(cell, best))
                best = label;
        return best;
    }

    float seam(int p, int q, int a, int b) const { return a == b ? 0.0f : costs_.seam(p, q, a, b); }

    /// Lets every cell keep its label or take `alpha`, whichever makes the whole cheapest.
    bool expand(int alpha)
    {
        std::vector<int> nodes;
        for (const int cell : costs_.cells)
            if (labels_[index(cell)] != alpha && costs_.data(cell, alpha) < kForbidden) {
                node_[index(cell)] = static_cast<int>(nodes.size());
                nodes.push_back(cell);
            }
        if (nodes.empty())
            return false;

        cv::detail::GCGraph<double> graph(static_cast<unsigned>(nodes.size() + 2),
                                          static_cast<unsigned>(nodes.size() * 4));
        for (std::size_t i = 0; i < nodes.size() + 2; ++i)
            graph.addVtx();
        graph.addEdges(static_cast<int>(nodes.size()), static_cast<int>(nodes.size()) + 1, 0, 0);   // it wants one
        for (const int cell : nodes)
            add_cell(graph, cell, alpha);
        graph.maxFlow();

        bool changed = false;
        for (const int cell : nodes)
            if (!graph.inSourceSegment(node_[index(cell)])) {
                labels_[index(cell)] = alpha;
                changed = true;
            }
        for (const int cell : nodes)
            node_[index(cell)] = -1;
        return changed;
    }

    /// A node on the source's side keeps its label, one on the sink's side takes alpha.
    void add_cell(cv::detail::GCGraph<double>& graph, int cell, int alpha) const
    {
        const int node = node_[index(cell)], label = labels_[index(cell)];
        double keep = costs_.data(cell, label), take = costs_.data(cell, alpha);
        const int x = cell % costs_.width, y = cell / costs_.width;
        const std::array<std::array<int, 2>, 4> steps{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
        for (const auto& [dx, dy] : steps) {
            if (x + dx < 0 || x + dx >= costs_.width || y + dy < 0 || y + dy >= costs_.height)
                continue;
            const int other = cell + dy * costs_.width + dx, other_label = labels_[index(other)];
            if (other_label < 0)
                continue;
            if (node_[index(other)] < 0) {   // stays as it is
                keep += seam(cell, other, label, other_label);
                take += seam(cell, other, alpha, other_label);
            } else if (dx + dy > 0) {        // every pair once
                add_pair(graph, node, node_[index(other)], seam(cell, other, label, other_label),
                         seam(cell, other, label, alpha), seam(cell, other, alpha, other_label));
            }
        }
        graph.addTermWeights(node, take, keep);
    }

    /// Costs of both keeping, only the first keeping, only the second keeping (Kolmogorov and Zabih 2004).
    static void add_pair(cv::detail::GCGraph<double>& graph, int p, int q, double both, double first, double second)
    {
        graph.addTermWeights(p, second - both, 0);
        graph.addTermWeights(q, -second, 0);
        graph.addEdges(p, q, std::max(first + second - both, 0.0), 0);
    }

    const LabelCosts& costs_;
    std::vector<int> labels_;
    std::vector<int> node_;
};

}  // namespace

std::vector<int> choose_labels(const LabelCosts& costs)
{
    return Expansion(costs).run();
}

}  // namespace platefall::cleanplate
