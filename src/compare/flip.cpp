#include "compare/flip.h"

#include "base/parallel.h"
#include "compare/flip_colour.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::compare {
namespace {

constexpr float kColourExponent = 0.7f;     // q_c
constexpr float kColourKnee = 0.4f;         // p_c: differences up to this part of the largest ...
constexpr float kColourKneeValue = 0.95f;   // p_t: ... take this part of the scale
constexpr float kFeatureExponent = 0.5f;    // q_f
constexpr double kFeatureWidth_deg = 0.082; // w: an edge, as the eye detects it

/// One term a sqrt(pi / b) exp(-pi^2 x^2 / b) of a contrast sensitivity function, x in degrees.
struct SensitivityTerm {
    double a, b;
};
constexpr SensitivityTerm kBlackWhite{1, 0.0047}, kRedGreen{1, 0.0053};
constexpr std::array<SensitivityTerm, 2> kBlueYellow{{{34.1, 0.04}, {13.5, 0.025}}};
constexpr double kWidestTerm = 0.04;

/// The kernel whose product along x and y is the term; not normalized.
Kernel sensitivity(const SensitivityTerm& term, double pixels_per_degree)
{
    using std::numbers::pi;
    const double deviation_deg = std::sqrt(kWidestTerm / (2 * pi * pi));
    const int radius = static_cast<int>(std::ceil(3 * deviation_deg * pixels_per_degree));
    Kernel kernel;
    for (int i = -radius; i <= radius; ++i) {
        const double x = i / pixels_per_degree;
        kernel.push_back(static_cast<float>(std::sqrt(term.a * std::sqrt(pi / term.b)) * std::exp(-pi * pi * x * x / term.b)));
    }
    return kernel;
}

double sum(const Kernel& kernel)
{
    double total = 0;
    for (const float weight : kernel)
        total += weight;
    return total;
}

void scale(Kernel& kernel, double factor)
{
    for (float& weight : kernel)
        weight = static_cast<float>(weight * factor);
}

/// Positive weights sum to 1, negative ones to -1.
void balance(Kernel& kernel)
{
    double positive = 0, negative = 0;
    for (const float weight : kernel)
        (weight > 0 ? positive : negative) += std::abs(weight);
    for (float& weight : kernel)
        weight = static_cast<float>(weight / (weight > 0 ? positive : negative));
}

struct Kernels {
    Kernel black_white, red_green;
    std::array<Kernel, 2> blue_yellow;
    Kernel bell, slope, curve;   ///< Gauss, its first and its second derivative: edges and points

    explicit Kernels(double pixels_per_degree)
        : black_white(sensitivity(kBlackWhite, pixels_per_degree)), red_green(sensitivity(kRedGreen, pixels_per_degree))
    {
        scale(black_white, 1 / sum(black_white));
        scale(red_green, 1 / sum(red_green));
        for (std::size_t i = 0; i < 2; ++i)
            blue_yellow[i] = sensitivity(kBlueYellow[i], pixels_per_degree);
        const double together = std::hypot(sum(blue_yellow[0]), sum(blue_yellow[1]));
        for (Kernel& kernel : blue_yellow)
            scale(kernel, 1 / together);

        const double deviation = 0.5 * kFeatureWidth_deg * pixels_per_degree;
        const int radius = static_cast<int>(std::ceil(3 * deviation));
        for (int x = -radius; x <= radius; ++x) {
            const double weight = std::exp(-x * x / (2 * deviation * deviation));
            bell.push_back(static_cast<float>(weight));
            slope.push_back(static_cast<float>(-x * weight));
            curve.push_back(static_cast<float>((x * x / (deviation * deviation) - 1) * weight));
        }
        scale(bell, 1 / sum(bell));
        balance(slope);
        balance(curve);
    }
};

Plane filter_both(const Plane& in, const Kernel& kernel)
{
    return filter_columns(filter_rows(in, kernel), kernel);
}

void add(const Plane& other, Plane& plane)
{
    for (std::size_t i = 0; i < plane.samples.size(); ++i)
        plane.samples[i] += other.samples[i];
}

/// Replaces each pixel's three numbers.
template <class Change>
void change_pixels(Planes& planes, const Change& change)
{
    parallel_rows(0, planes[0].height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < planes[0].width; ++x) {
                const Colour c = change(Colour{planes[0].row(y)[x], planes[1].row(y)[x], planes[2].row(y)[x]});
                planes[0].row(y)[x] = c.x;
                planes[1].row(y)[x] = c.y;
                planes[2].row(y)[x] = c.z;
            }
    });
}

/// What reaches the eye of a picture, and what stands out in it.
struct Seen {
    Planes lab;            ///< after the eye's blur, in hunt_lab()
    Plane edges, points;

    Seen(Planes rgb, const Kernels& kernels)
    {
        change_pixels(rgb, [](const Colour& c) { return opponents(clamped(c)); });
        detect(rgb[0], kernels);
        lab[0] = filter_both(rgb[0], kernels.black_white);
        lab[1] = filter_both(rgb[1], kernels.red_green);
        lab[2] = filter_both(rgb[2], kernels.blue_yellow[0]);
        add(filter_both(rgb[2], kernels.blue_yellow[1]), lab[2]);
        change_pixels(lab, [](const Colour& c) { return hunt_lab(clamped(linear_from_opponents(c))); });
    }

private:
    /// `lightness` 0..1 from black to white, once it is scaled; its offset does not matter to slopes.
    void detect(const Plane& lightness, const Kernels& kernels)
    {
        const Plane bell = filter_rows(lightness, kernels.bell);
        edges = strength(filter_columns(filter_rows(lightness, kernels.slope), kernels.bell),
                         filter_columns(bell, kernels.slope));
        points = strength(filter_columns(filter_rows(lightness, kernels.curve), kernels.bell),
                          filter_columns(bell, kernels.curve));
    }

    static Plane strength(Plane along_x, const Plane& along_y)
    {
        for (std::size_t i = 0; i < along_x.samples.size(); ++i) {
            const float x = along_x.samples[i], y = along_y.samples[i];
            along_x.samples[i] = std::sqrt(x * x + y * y) / 116.0f;
        }
        return along_x;
    }
};

float largest_colour_difference()
{
    return std::pow(hyab(hunt_lab({0, 1, 0}), hunt_lab({0, 0, 1})), kColourExponent);
}

/// 0..1 of a HyAB difference; most of the scale goes to the smaller ones.
float colour_error(float difference, float largest)
{
    const float raised = std::pow(difference, kColourExponent), knee = kColourKnee * largest;
    if (raised < knee)
        return raised * kColourKneeValue / knee;
    return kColourKneeValue + (raised - knee) / (largest - knee) * (1 - kColourKneeValue);
}

Plane flip_with(const Planes& reference, const Planes& test, const Kernels& kernels)
{
    const Seen a(reference, kernels), b(test, kernels);
    const float largest = largest_colour_difference();
    Plane error(reference[0].width, reference[0].height);
    parallel_rows(0, error.height, [&](int first, int last) {
        const auto begin = static_cast<std::size_t>(first) * static_cast<std::size_t>(error.width);
        const auto end = static_cast<std::size_t>(last) * static_cast<std::size_t>(error.width);
        const auto lab = [](const Seen& seen, std::size_t i) {
            return Colour{seen.lab[0].samples[i], seen.lab[1].samples[i], seen.lab[2].samples[i]};
        };
        for (std::size_t i = begin; i < end; ++i) {
            const float colour = hyab(lab(a, i), lab(b, i));
            if (colour == 0.0f)
                continue;
            const float feature = std::max(std::abs(a.edges.samples[i] - b.edges.samples[i]),
                                           std::abs(a.points.samples[i] - b.points.samples[i]));
            const float feature_error = std::pow(feature / std::numbers::sqrt2_v<float>, kFeatureExponent);
            error.samples[i] = std::min(std::pow(colour_error(colour, largest), 1 - feature_error), 1.0f);
        }
    });
    return error;
}

// The ACES curve as fitted by Narkowicz (2016), without its pre-exposure of 0.6: (a x^2 + b x) / (c x^2 + d x + e).
constexpr float kAcesA = 0.36f * 2.51f, kAcesB = 0.6f * 0.03f, kAcesC = 0.36f * 2.43f, kAcesD = 0.6f * 0.59f, kAcesE = 0.14f;
constexpr float kBright = 0.85f;   // what the curve gives counts as bright from here on

float aces(float x)
{
    x = std::max(x, 0.0f);
    return std::min(x * (kAcesA * x + kAcesB) / (x * (kAcesC * x + kAcesD) + kAcesE), 1.0f);
}

/// The x for which aces(x) is kBright.
float bright_light()
{
    const double a = kAcesA - kBright * kAcesC, b = kAcesB - kBright * kAcesD, c = -kBright * kAcesE;
    return static_cast<float>((-b + std::sqrt(b * b - 4 * a * c)) / (2 * a));
}

}  // namespace

Plane flip(const Planes& reference, const Planes& test, double pixels_per_degree)
{
    return flip_with(reference, test, Kernels(pixels_per_degree));
}

Exposures exposures_of(const Planes& picture)
{
    std::vector<float> light;
    for (std::size_t i = 0; i < picture[0].samples.size(); ++i)
        light.push_back(0.2126f * picture[0].samples[i] + 0.7152f * picture[1].samples[i] + 0.0722f * picture[2].samples[i]);
    const auto middle_of = [](std::vector<float>& values) {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        return *middle;
    };
    float median = middle_of(light);
    if (!(median > 0)) {
        std::erase_if(light, [](float value) { return !(value > 0); });
        if (light.empty())
            return {};
        median = middle_of(light);
    }
    constexpr int kMost = 32;          // a median near zero asks for exposures at which everything else is white
    const float most = *std::max_element(light.begin(), light.end());
    Exposures exposures{.start = std::log2(bright_light() / most), .stop = std::log2(bright_light() / median)};
    exposures.count = std::clamp(static_cast<int>(std::ceil(exposures.stop - exposures.start)), 2, kMost);
    return exposures;
}

Plane hdr_flip(const Planes& reference, const Planes& test, double pixels_per_degree)
{
    const Kernels kernels(pixels_per_degree);
    const Exposures exposures = exposures_of(reference);
    Plane largest(reference[0].width, reference[0].height);
    for (int i = 0; i < exposures.count; ++i) {
        const float part = static_cast<float>(i) / static_cast<float>(std::max(exposures.count - 1, 1));
        const float gain = std::exp2(exposures.start + part * (exposures.stop - exposures.start));
        const auto exposed = [gain](Planes planes) {
            change_pixels(planes, [gain](const Colour& c) { return Colour{aces(gain * c.x), aces(gain * c.y), aces(gain * c.z)}; });
            return planes;
        };
        const Plane error = flip_with(exposed(reference), exposed(test), kernels);
        for (std::size_t p = 0; p < error.samples.size(); ++p)
            largest.samples[p] = std::max(largest.samples[p], error.samples[p]);
    }
    return largest;
}

double mean(const Plane& plane)
{
    double total = 0;
    for (const float sample : plane.samples)
        total += sample;
    return plane.samples.empty() ? 0 : total / static_cast<double>(plane.samples.size());
}

}  // namespace platefall::compare
