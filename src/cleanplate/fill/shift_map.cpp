#include "cleanplate/fill/shift_map.h"

#include "cleanplate/fill/continuation.h"
#include "cleanplate/fill/labelling.h"
#include "cleanplate/fill/offset_statistics.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr std::array<Offset, 4> kNeighbours{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

// In stops, like the differences that they are weighed against.
constexpr float kBorderWeight = 6.0f;  // of seams to the known part, against those between pieces
constexpr float kGuessWeight = 0.05f;  // of a pixel being unlike the guess
constexpr float kLargestUnlikeness = 1.0f;
constexpr float kNothingThere = 4.0f;  // a piece that ends at the seam
constexpr float kAnySeam = 0.001f;

class Pieces {
public:
    Pieces(const Level& level, std::vector<Offset> offsets) : level_(level), offsets_(std::move(offsets))
    {
        rows_ = Raster<int>(level.width, level.height, 0, -1);
        for (const Pixel& p : level.hole)
            add(p);
    }

    /// Where the pixel of the hole is copied from; (-1, -1) where no offset reaches anything.
    Raster<Pixel> choose() const
    {
        LabelCosts costs;
        costs.width = level_.width;
        costs.height = level_.height;
        costs.labels = static_cast<int>(offsets_.size());
        for (const Pixel& p : reached_)
            costs.cells.push_back(p.y * level_.width + p.x);
        costs.data = [&](int cell, int label) { return cost(at(cell), label); };
        costs.seam = [&](int a, int b, int label_a, int label_b) {
            return seam(at(a), at(b), label_a, label_b);
        };

        const std::vector<int> labels = choose_labels(costs);
        Raster<Pixel> from(level_.width, level_.height, 0, Pixel{-1, -1});
        for (const Pixel& p : reached_)
            from(p.x, p.y) = moved(p, labels[p.y * level_.width + p.x]);
        return from;
    }

private:
    Pixel at(int cell) const { return {cell % level_.width, cell / level_.width}; }

    Pixel moved(const Pixel& p, int label) const
    {
        return {p.x + offsets_[label].x, p.y + offsets_[label].y};
    }

    float cost(const Pixel& p, int label) const
    {
        return costs_[static_cast<std::size_t>(rows_(p.x, p.y)) * offsets_.size()
                      + static_cast<std::size_t>(label)];
    }

    bool is_source(const Pixel& p) const
    {
        return level_.kinds.contains(p.x, p.y) && level_.kinds(p.x, p.y) == Kind::source;
    }

    /// Distance of two colours in stops.
    float difference(const Pixel& a, const Pixel& b) const
    {
        const Feature &f = level_.features(a.x, a.y), &g = level_.features(b.x, b.y);
        float sum = 0;
        for (int c = 0; c < 3; ++c)
            sum += static_cast<float>((f.lane[c] - g.lane[c]) * (f.lane[c] - g.lane[c]));
        return std::sqrt(sum) / 256.0f;
    }

    float difference_if_there(const Pixel& a, const Pixel& b) const
    {
        return is_source(a) && is_source(b) ? difference(a, b) : kNothingThere;
    }

    /// Remembers what each offset costs at a pixel, if any can be had.
    void add(const Pixel& p)
    {
        const std::size_t first = costs_.size();
        bool is_reached = false;
        for (int label = 0; label < static_cast<int>(offsets_.size()); ++label) {
            const bool is_there = is_source(moved(p, label));
            costs_.push_back(is_there ? cost_of_offset(p, label) : kForbidden);
            is_reached = is_reached || is_there;
        }
        if (!is_reached) {
            costs_.resize(first);
            return;
        }
        rows_(p.x, p.y) = static_cast<int>(reached_.size());
        reached_.push_back(p);
    }

    float cost_of_offset(const Pixel& p, int label) const
    {
        float cost = kGuessWeight * std::min(kLargestUnlikeness, difference(p, moved(p, label)));
        for (const auto& [dx, dy] : kNeighbours)
            if (const Pixel known{p.x + dx, p.y + dy}; is_source(known))
                cost +=
                    kBorderWeight * std::min(kNothingThere, difference_if_there(known, moved(known, label)));
        return cost;
    }

    float seam(const Pixel& p, const Pixel& q, int a, int b) const
    {
        return kAnySeam + difference_if_there(moved(p, a), moved(p, b))
               + difference_if_there(moved(q, a), moved(q, b));
    }

    const Level& level_;
    std::vector<Offset> offsets_;
    Raster<int> rows_;  // index into reached_, or -1
    std::vector<Pixel> reached_;
    std::vector<float> costs_;  // of each offset at each of them
};

}  // namespace

void piece_together(const std::vector<Offset>& repetitions, Level& level, Field& field)
{
    std::vector<Offset> offsets = continuations(level);
    if (offsets.empty())
        offsets = likely_offsets(level, field, repetitions);
    const Raster<Pixel> from = Pieces(level, std::move(offsets)).choose();
    for (const Pixel& p : level.hole)
        if (const Pixel source = from(p.x, p.y); source.x >= 0)
            level.features(p.x, p.y) = level.features(source.x, source.y);
    for (std::size_t i = 0; i < field.size(); ++i)
        if (const Pixel source = from(level.targets[i].x, level.targets[i].y);
            source.x >= 0 && level.is_source(source.x, source.y))
            field[i] = match_at(source);
}

}  // namespace platefall::cleanplate
