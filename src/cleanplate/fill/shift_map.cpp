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
constexpr float kPlaneWeight = 0.2f;   // of a plane that the pixel may not be on
constexpr float kLargestUnlikeness = 1.0f;
constexpr float kNothingThere = 4.0f;  // a piece that ends at the seam
constexpr float kAnySeam = 0.001f;

class Pieces {
public:
    Pieces(const Level& level, std::vector<Shift> shifts) : level_(level), shifts_(std::move(shifts))
    {
        rows_ = Raster<int>(level.width, level.height, 0, -1);
        for (const Pixel& p : level.hole)
            add(p);
    }

    /// Index of the shift by which the pixel of the hole is copied; -1 where none reaches anything.
    std::vector<int> choose() const
    {
        LabelCosts costs;
        costs.width = level_.width;
        costs.height = level_.height;
        costs.labels = static_cast<int>(shifts_.size());
        for (const Pixel& p : reached_)
            costs.cells.push_back(p.y * level_.width + p.x);
        costs.data = [&](int cell, int label) { return cost(at(cell), label); };
        costs.seam = [&](int a, int b, int label_a, int label_b) {
            return seam(at(a), at(b), label_a, label_b);
        };

        return choose_labels(costs);
    }

    Pixel moved(const Pixel& p, int label) const
    {
        const Place at = cleanplate::moved(level_, place_of(p), shifts_[label]);
        const bool is_inside = at.x > -0.5f && at.y > -0.5f && at.x < static_cast<float>(level_.width)
                               && at.y < static_cast<float>(level_.height);
        return is_inside ? nearest_pixel(at) : Pixel{-1, -1};
    }

private:
    Pixel at(int cell) const { return {cell % level_.width, cell / level_.width}; }

    float cost(const Pixel& p, int label) const
    {
        return costs_[static_cast<std::size_t>(rows_(p.x, p.y)) * shifts_.size()
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
        for (int label = 0; label < static_cast<int>(shifts_.size()); ++label) {
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
        const std::size_t plane = shifts_[label].plane;
        float cost = kGuessWeight * std::min(kLargestUnlikeness, difference(p, moved(p, label)))
                     + kPlaneWeight * (1 - level_.perspective.share(plane, p.x, p.y));
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
    std::vector<Shift> shifts_;
    Raster<int> rows_;  // index into reached_, or -1
    std::vector<Pixel> reached_;
    std::vector<float> costs_;  // of each offset at each of them
};

}  // namespace

void piece_together(const std::vector<Shift>& repetitions, Level& level, Field& field)
{
    std::vector<Shift> shifts = continuations(level);
    if (shifts.empty())
        shifts = likely_shifts(level, field, repetitions);
    const Pieces pieces(level, shifts);
    const std::vector<int> labels = pieces.choose();
    const auto label = [&](const Pixel& p) { return labels[static_cast<std::size_t>(p.y * level.width + p.x)]; };
    for (const Pixel& p : level.hole)
        if (label(p) >= 0) {
            const Pixel source = pieces.moved(p, label(p));
            level.features(p.x, p.y) = level.features(source.x, source.y);
        }
    for (std::size_t i = 0; i < field.size(); ++i)
        if (const Pixel& at = level.targets[i]; label(at) >= 0 && is_copyable(level, at, shifts[label(at)]))
            field[i] = {.shift = shifts[label(at)]};
}

}  // namespace platefall::cleanplate
