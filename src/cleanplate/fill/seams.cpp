#include "cleanplate/fill/seams.h"

#include "cleanplate/fill/colour_grid.h"

#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr float kLargestStep = 0.3f;  // in stops: more is a change of what is shown, not of its brightness
constexpr float kHold = 1e-5f;        // keeps a region that hangs by nothing where it is
constexpr float kSame_px = 0.75f;     // two copies nearer to each other than that are of one region

constexpr int kActivityRadius = 3;
constexpr float kHoldOfActivity = 0.5f;

float square(float x)
{
    return x * x;
}

/// Mean squared gradient around where a pixel came from: in busy places steps do not show, and look like
/// structure.
float activity(const Composite& composite, const Pixel& p)
{
    const Pixel from = nearest_pixel(composite.source(p));
    float sum = 0;
    int count = 0;
    for (int dy = -kActivityRadius; dy <= kActivityRadius; ++dy)
        for (int dx = -kActivityRadius; dx <= kActivityRadius; ++dx) {
            const Pixel a{from.x + dx, from.y + dy};
            for (const Pixel& b : {Pixel{a.x + 1, a.y}, Pixel{a.x, a.y + 1}})
                if (composite.is_known(a) && composite.is_known(b)) {
                    for (int c = 0; c < 3; ++c)
                        sum += square(composite.brightness(a)[c] - composite.brightness(b)[c]);
                    ++count;
                }
        }
    return count == 0 ? 0.0f : sum / static_cast<float>(3 * count);
}

void connect(const Composite& composite, const Pixel& p, const Pixel& q, ColourGrid& grid)
{
    const bool p_is_hole = composite.is_hole(p), q_is_hole = composite.is_hole(q);
    if (!composite.has(p) || !composite.has(q) || (!p_is_hole && !q_is_hole))
        return;
    const auto step = step_between(composite, p, q);
    if (!step)
        return;
    const float weight = weight_of_step(*step);
    if (p_is_hole && q_is_hole)
        grid.connect(p, q, weight, *step);
    else if (q_is_hole)
        grid.anchor(q, weight, *step);
    else
        grid.anchor(p, weight, minus({}, *step));
}

}  // namespace

std::optional<Colour> step_between(const Composite& composite, const Pixel& p, const Pixel& q)
{
    const Place from_p = composite.source(p), from_q = composite.source(q);
    const Place p_by_q = composite.source(p, q), q_by_p = composite.source(q, p);
    if (are_within(kSame_px, from_p, p_by_q) && are_within(kSame_px, from_q, q_by_p))
        return Colour{};
    Colour sum{};
    int count = 0;
    for (const auto& [at_more, at_less] : {std::pair{q_by_p, from_q}, std::pair{from_p, p_by_q}})
        if (const Pixel more = nearest_pixel(at_more), less = nearest_pixel(at_less);
            composite.is_known(more) && composite.is_known(less)) {
            for (int c = 0; c < 3; ++c)
                sum[c] += composite.brightness(more)[c] - composite.brightness(less)[c];
            ++count;
        }
    if (count == 0)
        return {};
    for (float& s : sum)
        s /= static_cast<float>(count);
    return sum;
}

float weight_of_step(const Colour& step)
{
    return falling(largest_of(step) / kLargestStep);
}

std::vector<Colour> level_seams(const Composite& composite)
{
    const Window& box = composite.box();
    ColourGrid grid(box);
    for (int y = box.y0 - 1; y < box.y1; ++y)
        for (int x = box.x0 - 1; x < box.x1; ++x) {
            connect(composite, {x, y}, {x + 1, y}, grid);
            connect(composite, {x, y}, {x, y + 1}, grid);
        }
    const std::vector<Pixel>& hole = composite.level().hole;
    for (const Pixel& p : hole)
        grid.anchor(p, kHold + kHoldOfActivity * activity(composite, p), {});
    return grid.solve(hole);
}

}  // namespace platefall::cleanplate
