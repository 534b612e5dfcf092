#include "comp/grade.h"

#include <cmath>
#include <vector>

namespace platefall::comp {
namespace {

constexpr std::array<float, 3> kLuma{0.2126f, 0.7152f, 0.0722f}; // Rec. 709, as in the ASC CDL

std::array<float, 3> three(const std::vector<double>& values)
{
    return {static_cast<float>(values[0]), static_cast<float>(values[1]), static_cast<float>(values[2])};
}

/// Gain and offset commute with premultiplication.
void scale(float* __restrict colour, const float* __restrict alpha, float gain, float offset, int count)
{
    for (int i = 0; i < count; ++i)
        colour[i] = colour[i] * gain + offset * alpha[i];
}

void scale_and_bend(float* colour, const float* alpha, float gain, float offset, float gamma, int count)
{
    const float power = 1.0f / gamma;
    for (int i = 0; i < count; ++i) {
        const bool solid = alpha[i] > 0.0f;
        const float a = solid ? alpha[i] : 1.0f;
        const float v = colour[i] / a * gain + (solid ? offset : 0.0f);
        colour[i] = std::copysign(std::pow(std::fabs(v), power), v) * a;
    }
}

void saturate(const RowPlanes& planes, float saturation, int count)
{
    float *r = planes.colour[0], *g = planes.colour[1], *b = planes.colour[2];
    for (int i = 0; i < count; ++i) {
        const float luma = kLuma[0] * r[i] + kLuma[1] * g[i] + kLuma[2] * b[i];
        r[i] = luma + saturation * (r[i] - luma);
        g[i] = luma + saturation * (g[i] - luma);
        b[i] = luma + saturation * (b[i] - luma);
    }
}

} // namespace

bool Grade::is_grey() const
{
    return gain[0] == gain[1] && gain[1] == gain[2] && offset[0] == offset[1] && offset[1] == offset[2];
}

ParamSpecs grade_params()
{
    return {
        param::numbers("gain", {1.0, 1.0, 1.0}, "Multiplies R, G and B; the first step of the grade."),
        param::numbers("offset", {0.0, 0.0, 0.0}, "Added to unpremultiplied R, G and B after gain."),
        param::number("gamma", 1.0, "Raises unpremultiplied colour to 1 / gamma, after offset.")
            .between(0.01, 100.0),
        param::number("saturation", 1.0, "0 leaves luma only; the last step of the grade.")
            .between(0.0, 10.0),
    };
}

std::optional<Grade> read_grade(const Params& params)
{
    const Grade grade{.gain = three(params.numbers("gain")),
                      .offset = three(params.numbers("offset")),
                      .gamma = static_cast<float>(params.number("gamma")),
                      .saturation = static_cast<float>(params.number("saturation"))};
    return grade == Grade{} ? std::nullopt : std::optional(grade);
}

void apply(const Grade& grade, const RowPlanes& planes, int colours, int count)
{
    for (int c = 0; c < colours; ++c) {
        const float gain = grade.gain[c], offset = grade.offset[c];
        if (grade.gamma != 1.0f)
            scale_and_bend(planes.colour[c], planes.alpha, gain, offset, grade.gamma, count);
        else if (gain != 1.0f || offset != 0.0f)
            scale(planes.colour[c], planes.alpha, gain, offset, count);
    }
    if (grade.saturation != 1.0f && colours == 3)
        saturate(planes, grade.saturation, count);
}

} // namespace platefall::comp
