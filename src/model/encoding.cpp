#include "model/encoding.h"

#include "image/windows.h"

#include <algorithm>
#include <cmath>

namespace platefall::model {
namespace {

constexpr double kKnee = 0.5;                // linear light where the shoulder begins
constexpr double kMiddleGrey = 0.18;
constexpr double kLeastLight = 1.0 / 4096;   // blacker than that counts as that in the mean
constexpr double kMostStops = 10;            // of gain that is measured, up or down
constexpr float kLeastWhite = 4.0f;          // so that a dull picture may still get a highlight
constexpr float kLogEpsilon = 1.0f / 256.0f;

double srgb(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

double srgb_back(double code)
{
    return code <= 0.04045 ? code / 12.92 : std::pow((code + 0.055) / 1.055, 2.4);
}

const double kKneeCode = srgb(kKnee);
const double kKneeSlope = 1.055 / 2.4 * std::pow(kKnee, 1 / 2.4 - 1);

/// The light that a shoulder of this size brings to 1.
double white_of(double shoulder)
{
    return kKnee + shoulder / kKneeSlope * std::expm1((1 - kKneeCode) / shoulder);
}

/// The smaller the shoulder, the more it takes: halved between the two until it fits.
double shoulder_for(double white)
{
    double small = 0.004, large = 1;   // whites of 1e26 and of 0.96
    for (int i = 0; i < 50; ++i) {
        const double middle = std::sqrt(small * large);
        (white_of(middle) > white ? small : large) = middle;
    }
    return small;
}

}  // namespace

EncodingKind encoding_of(const std::string& name)
{
    if (name == "log")
        return EncodingKind::log;
    return name == "linear" ? EncodingKind::linear : EncodingKind::srgb;
}

Light measure_light(const Image& picture, const Image& blank, const Window& part, std::optional<double> exposure_stops)
{
    double sum = 0, count = 0;
    float brightest = 0;
    const Window here = intersect(part, picture.data_window());
    for (int y = here.y0; y < here.y1; ++y)
        for (int x = here.x0; x < here.x1; ++x) {
            if (*blank.pixel(x, y) > 0)
                continue;
            const float* rgb = picture.pixel(x, y);
            const double brightness = (static_cast<double>(rgb[0]) + static_cast<double>(rgb[1]) + static_cast<double>(rgb[2])) / 3;
            sum += std::log2(brightness > kLeastLight && std::isfinite(brightness) ? brightness : kLeastLight);
            for (int c = 0; c < 3; ++c)
                if (rgb[c] > brightest && std::isfinite(rgb[c]))
                    brightest = rgb[c];
            ++count;
        }
    double stops = exposure_stops.value_or(0);
    if (!exposure_stops && count > 0)
        stops = std::clamp(std::log2(kMiddleGrey) - sum / count, -kMostStops, kMostStops);
    Light light{.gain = static_cast<float>(std::exp2(stops))};
    while (light.white < brightest * light.gain)
        light.white *= 2;
    return light;
}

Encoding::Encoding(EncodingKind kind, const Light& light) : kind_(kind), light_(light)
{
    if (kind == EncodingKind::srgb)
        shoulder_ = static_cast<float>(shoulder_for(light.white));
}

float Encoding::encode(float linear) const
{
    const float x = linear > 0 ? linear * light_.gain : 0.0f;
    switch (kind_) {
    case EncodingKind::linear: return x;
    case EncodingKind::log: return std::min(std::log2(x / kLogEpsilon + 1) / std::log2(light_.white / kLogEpsilon + 1), 1.0f);
    case EncodingKind::srgb: break;
    }
    if (static_cast<double>(x) <= kKnee)
        return static_cast<float>(srgb(x));
    const double c = shoulder_;
    return static_cast<float>(std::min(kKneeCode + c * std::log1p((static_cast<double>(x) - kKnee) * kKneeSlope / c), 1.0));
}

float Encoding::decode(float code) const
{
    if (kind_ == EncodingKind::linear)
        return code / light_.gain;
    const float y = code < 0 ? 0.0f : code > 1 ? 1.0f : code;
    if (kind_ == EncodingKind::log)
        return kLogEpsilon * (std::exp2(y * std::log2(light_.white / kLogEpsilon + 1)) - 1) / light_.gain;
    const double c = shoulder_, above = static_cast<double>(y) - kKneeCode;
    const double x = above <= 0 ? srgb_back(y) : kKnee + c / kKneeSlope * std::expm1(above / c);
    return static_cast<float>(x) / light_.gain;
}

}  // namespace platefall::model
