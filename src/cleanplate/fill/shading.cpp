#include "cleanplate/fill/shading.h"

#include "base/parallel.h"
#include "cleanplate/fill/colour_grid.h"
#include "cleanplate/fill/seams.h"
#include "cleanplate/fill/thin_plate.h"

namespace platefall::cleanplate {
namespace {

// How many stops apart two things are that are probably not one.
constexpr float kOtherThing = 0.75f;  // a pixel and its cell
constexpr float kOtherPlace = 0.2f;   // a pixel and the paraboloid of its cell
constexpr float kEdge = 0.02f;        // two pixels side by side, where nothing is smooth

constexpr float kEnough = 0.5f;                               // of the cells around a pixel that are smooth
constexpr float kHoldOfRough = 1e-4f, kHoldOfSmooth = 1e-5f;  // of a pixel, by what it shows

/// Of colours.
struct WeightedMean {
    Colour sum{};
    float weight = 0, all = 0;

    void add(float nearness, float counts, const Colour& colour)
    {
        for (int c = 0; c < 3; ++c)
            sum[c] += nearness * counts * colour[c];
        weight += nearness * counts;
        all += nearness;
    }

    Colour mean() const { return {sum[0] / weight, sum[1] / weight, sum[2] / weight}; }
    float share() const { return std::min(1.0f, weight / (kEnough * all)); }
};

/// What is asked of a pixel.
struct Wish {
    Colour stops{};   // more than it has, for it to be as bright as the thin plate
    float share = 0;  // 1: it shows something smooth; 0: it does not, and nothing is asked
};

/// `stops`: the gain that the pixel has.
Wish wish_at(const ShadingCells& cells, const std::vector<Colour>& plate, const Composite& composite,
             const Pixel& p, const Colour& stops)
{
    const Colour &copied = composite.copied(p), levelled = plus(copied, stops);
    WeightedMean base, goal;
    cells.near(composite.source(p), [&](int u, int v, float nearness, float dx, float dy) {
        const Paraboloid& fit = cells.fit(u, v);
        const Colour colour = fit.at(dx, dy);
        base.add(nearness, fit.smooth * likeness(colour, copied, kOtherPlace), colour);
    });
    cells.near(place_of(p), [&](int u, int v, float nearness, float, float) {
        const ShadingCell& cell = cells(u, v);
        goal.add(nearness, cell.smooth * likeness(cell.now, levelled, kOtherThing), shown_on(plate, cell));
    });
    const float share = std::min(base.share(), goal.share());
    if (share <= 0)
        return {};
    return {minus(goal.mean(), plus(base.mean(), stops)), share};
}

/// A pixel of the composite.
struct Spot {
    Colour shown{}, stops{};  // with its gain, and its gain; a known pixel has none
    Wish wish{};
};

/// What the gains grow by: as wished where it is smooth, and beside that as their neighbours do.
class Growth {
public:
    Growth(const Composite& composite, const std::vector<Colour>& stops, const std::vector<Wish>& wishes)
        : composite_(composite), box_(composite.box()),
          spots_(box_.width() + 2, box_.height() + 2, 0, Spot{}), grid_(box_)
    {
        const std::vector<Pixel>& hole = composite.level().hole;
        for (int y = box_.y0 - 1; y <= box_.y1; ++y)
            for (int x = box_.x0 - 1; x <= box_.x1; ++x)
                if (composite.is_known({x, y}))
                    spot({x, y}).shown = composite.brightness({x, y});
        for (std::size_t i = 0; i < hole.size(); ++i)
            spot(hole[i]) = {plus(composite.copied(hole[i]), stops[i]), stops[i], wishes[i]};
        for (int y = box_.y0 - 1; y < box_.y1; ++y)
            for (int x = box_.x0 - 1; x < box_.x1; ++x) {
                connect({x, y}, {x + 1, y});
                connect({x, y}, {x, y + 1});
            }
        for (const Pixel& p : hole)
            grid_.anchor(p, kHoldOfRough * (1 - spot(p).wish.share) + kHoldOfSmooth, {});
    }

    /// Of each pixel of the hole.
    std::vector<Colour> solve() const { return grid_.solve(composite_.level().hole); }

private:
    Spot& spot(const Pixel& p) { return spots_(p.x - box_.x0 + 1, p.y - box_.y0 + 1); }

    void connect(const Pixel& p, const Pixel& q)
    {
        if (!composite_.has(p) || !composite_.has(q))
            return;
        if (composite_.is_hole(p) && composite_.is_hole(q))
            connect_inside(p, q);
        else if (composite_.is_hole(p))
            connect_to_known(p, q);
        else if (composite_.is_hole(q))
            connect_to_known(q, p);
    }

    void connect_inside(const Pixel& p, const Pixel& q)
    {
        const Spot &a = spot(p), &b = spot(q);
        const float share = std::min(a.wish.share, b.wish.share);
        const float weight = share + (1 - share) * likeness(a.shown, b.shown, kEdge);
        grid_.connect(p, q, weight, times(share, minus(b.wish.stops, a.wish.stops)));
    }

    /// No step is left that the wish can explain, however large it is.
    void connect_to_known(const Pixel& p, const Pixel& known)
    {
        const Spot& here = spot(p);
        const float share = here.wish.share;
        const Colour step = step_between(composite_, known, p).value_or(here.stops),
                     left = minus(step, here.stops);
        const float weight =
            share * std::max(weight_of_step(step), weight_of_step(minus(left, here.wish.stops)))
            + (1 - share) * likeness(here.shown, spot(known).shown, kEdge);
        grid_.anchor(p, weight, times(share, left));
    }

    const Composite& composite_;
    Window box_;
    Raster<Spot> spots_;  // of the box and one pixel around it
    ColourGrid grid_;
};

}  // namespace

std::vector<Colour> shading_through(const Composite& composite, std::vector<Colour> stops)
{
    const Level& level = composite.level();
    const ShadingCells cells(composite, stops);
    if (!cells.any_smooth_in_hole())
        return stops;
    const std::vector<Colour> plate = thin_plate(cells);
    std::vector<Wish> wishes(stops.size());
    parallel_rows(0, static_cast<int>(stops.size()), [&](int first, int last) {
        for (int i = first; i < last; ++i)
            wishes[i] = wish_at(cells, plate, composite, level.hole[i], stops[i]);
    });
    const std::vector<Colour> growth = Growth(composite, stops, wishes).solve();
    for (std::size_t i = 0; i < stops.size(); ++i)
        stops[i] = plus(stops[i], growth[i]);
    return stops;
}

}  // namespace platefall::cleanplate
