#include "cleanplate/solve/membrane.h"
#include "cleanplate/solve/poisson_solver.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace platefall::cleanplate {
namespace {

void check_window(const Image& image, const Image& values)
{
    if (image.data_window() != values.data_window())
        throw std::logic_error("membrane: all pictures must lie on one window");
}

bool all_finite(const float* samples, int count)
{
    return std::all_of(samples, samples + count, [](float sample) { return std::isfinite(sample); });
}

/// How far a pixel's value is trusted, 0..1.
float trust(const Image& values, const Image& weight, int x, int y)
{
    const float given = *weight.pixel(x, y);
    return given > 0 && all_finite(values.pixel(x, y), values.channel_count()) ? std::min(given, 1.0f) : 0.0f;
}

/// Values are counted from one of those that are known: a constant then comes out exactly, and small
/// differences between large values keep their digits.
struct Membrane {
    const Image& values;
    Window window;
    Plane trusted;
    std::vector<float> origin;
    PoissonProblem problem;

    std::size_t channels() const { return origin.size(); }
    float value(int x, int y, std::size_t channel) const
    {
        return values.pixel(window.x0 + x, window.y0 + y)[channel] - origin[channel];
    }
};

/// False when nothing is known.
bool find_origin(Membrane& membrane)
{
    for (int y = 0; y < membrane.window.height(); ++y)
        for (int x = 0; x < membrane.window.width(); ++x)
            if (membrane.trusted.row(y)[x] > 0) {
                const float* first = membrane.values.pixel(membrane.window.x0 + x, membrane.window.y0 + y);
                std::copy_n(first, membrane.channels(), membrane.origin.begin());
                return true;
            }
    return false;
}

Membrane measure(const Image& values, const Image& weight)
{
    check_window(weight, values);
    const Window window = values.data_window();
    const int width = window.width(), height = window.height();
    Membrane membrane{
        values, window, Plane(width, height), {}, {Plane(width, height), Plane(width, height), {}, {}}};
    membrane.origin.assign(values.channels().size(), 0.0f);
    membrane.problem.scale.assign(values.channels().size(), 0.0f);
    for (std::size_t c = 0; c < membrane.channels(); ++c)
        membrane.problem.right.emplace_back(width, height);
    parallel_rows(0, height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < width; ++x)
                membrane.trusted.row(y)[x] = trust(values, weight, window.x0 + x, window.y0 + y);
    });
    return membrane;
}

void set_pulls(Membrane& membrane)
{
    parallel_rows(0, membrane.window.height(), [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < membrane.window.width(); ++x) {
                const float trusted = membrane.trusted.row(y)[x];
                membrane.problem.free.row(y)[x] = trusted < 1 ? 1.0f : 0.0f;
                membrane.problem.pull.row(y)[x] = trusted < 1 ? trusted / (1 - trusted) : 0.0f;
            }
    });
}

/// Free pixels take in what their known neighbours and their own half-trusted value say.
void add_known_values(Membrane& membrane)
{
    const int width = membrane.window.width(), height = membrane.window.height();
    const Plane& trusted = membrane.trusted;
    const auto known = [&](int x, int y, std::size_t c) {
        return trusted.row(y)[x] >= 1 ? membrane.value(x, y, c) : 0.0f;  // beyond the edge nothing is trusted
    };
    parallel_rows(0, height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < width; ++x) {
                if (trusted.row(y)[x] >= 1)
                    continue;
                for (std::size_t c = 0; c < membrane.channels(); ++c) {
                    const float own = trusted.row(y)[x] > 0
                                          ? membrane.problem.pull.row(y)[x] * membrane.value(x, y, c)
                                          : 0.0f;
                    membrane.problem.right[c].row(y)[x] = own + (known(x - 1, y, c) + known(x + 1, y, c))
                                                          + (known(x, y - 1, c) + known(x, y + 1, c));
                }
            }
    });
}

void set_scale(Membrane& membrane)
{
    for (int y = 0; y < membrane.window.height(); ++y)
        for (int x = 0; x < membrane.window.width(); ++x)
            for (std::size_t c = 0; c < membrane.channels() && membrane.trusted.row(y)[x] > 0; ++c)
                membrane.problem.scale[c] =
                    std::max(membrane.problem.scale[c], std::abs(membrane.value(x, y, c)));
}

float finite_or_zero(float value)
{
    return std::isfinite(value) ? value : 0.0f;
}

/// What flows out of each free pixel: less than the gradients on its left and above, more than on its right
/// and below.
void add_gradients(Membrane& membrane, const Image& gradient_x, const Image& gradient_y)
{
    const Window& w = membrane.window;
    parallel_rows(0, w.height(), [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < w.width(); ++x) {
                if (membrane.trusted.row(y)[x] >= 1)
                    continue;
                for (std::size_t c = 0; c < membrane.channels(); ++c) {
                    const auto across = [&](int at) {
                        return finite_or_zero(gradient_x.pixel(w.x0 + at, w.y0 + y)[c]);
                    };
                    const auto down = [&](int at) {
                        return finite_or_zero(gradient_y.pixel(w.x0 + x, w.y0 + at)[c]);
                    };
                    membrane.problem.right[c].row(y)[x] +=
                        ((x > 0 ? across(x - 1) : 0.0f) - (x + 1 < w.width() ? across(x) : 0.0f))
                        + ((y > 0 ? down(y - 1) : 0.0f) - (y + 1 < w.height() ? down(y) : 0.0f));
                }
            }
    });
}

Image solved(Membrane& membrane)
{
    const Image& values = membrane.values;
    const auto solution = solve_poisson(std::move(membrane.problem));
    Image result = Image::unset(membrane.window, values.display_window(), values.channels());
    parallel_rows(0, membrane.window.height(), [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < membrane.window.width(); ++x) {
                const float* known = values.pixel(membrane.window.x0 + x, membrane.window.y0 + y);
                float* out = result.pixel(membrane.window.x0 + x, membrane.window.y0 + y);
                for (std::size_t c = 0; c < membrane.channels(); ++c)
                    out[c] = membrane.trusted.row(y)[x] >= 1 ? known[c]
                                                             : membrane.origin[c] + solution[c].row(y)[x];
            }
    });
    return result;
}

}  // namespace

Image spread_membrane(const Image& values, const Image& weight)
{
    Membrane membrane = measure(values, weight);
    if (!find_origin(membrane))
        return Image(values.data_window(), values.display_window(), values.channels());
    set_pulls(membrane);
    add_known_values(membrane);
    set_scale(membrane);
    return solved(membrane);
}

Image integrate_gradients(const Image& gradient_x, const Image& gradient_y, const Image& values,
                          const Image& weight)
{
    for (const Image* gradient : {&gradient_x, &gradient_y}) {
        check_window(*gradient, values);
        if (gradient->channel_count() != values.channel_count())
            throw std::logic_error("membrane: gradients and values must have the same channels");
    }
    if (values.data_window().empty())
        return values;
    Membrane membrane = measure(values, weight);
    if (!find_origin(membrane)) {
        // The equation needs one value to start from.
        const Image nothing(values.data_window(), values.display_window(), values.channels());
        Image corner(weight.data_window(), weight.display_window(), {{"A"}});
        *corner.data() = 1;
        return integrate_gradients(gradient_x, gradient_y, nothing, corner);
    }
    set_pulls(membrane);
    add_known_values(membrane);
    add_gradients(membrane, gradient_x, gradient_y);
    set_scale(membrane);
    return solved(membrane);
}

}  // namespace platefall::cleanplate
