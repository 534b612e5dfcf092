#include "model/model.h"

#include "base/random_number.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace platefall::model {
namespace {

/// Where a number of a picture lies in its tensor.
struct Order {
    std::int64_t channels, height, width;
    bool is_nhwc;

    Dims dims() const { return is_nhwc ? Dims{1, height, width, channels} : Dims{1, channels, height, width}; }
    std::size_t count() const { return static_cast<std::size_t>(channels * height * width); }
    std::size_t at(std::int64_t channel, std::int64_t pixel) const
    {
        return static_cast<std::size_t>(is_nhwc ? pixel * channels + channel : channel * height * width + pixel);
    }
};

Order order_of(const Window& window, int channels, bool is_nhwc)
{
    return {channels, window.height(), window.width(), is_nhwc};
}

}  // namespace

Model::Model(std::shared_ptr<const Session> session, const Params& params, std::uint64_t seed)
    : session_(std::move(session)), binding_(bind(*session_, params)), seed_(seed)
{
}

Image Model::run(const Image& codes, const Image& matte) const
{
    std::map<std::string, Tensor> inputs;
    inputs.emplace(binding_.plate, plate_tensor(codes, matte));
    if (!binding_.matte.empty())
        inputs.emplace(binding_.matte, matte_tensor(matte));
    if (!binding_.noise.empty())
        inputs.emplace(binding_.noise, noise_tensor());
    return picture_of(session_->run(inputs, binding_.output), codes.data_window());
}

Tensor Model::plate_tensor(const Image& codes, const Image& matte) const
{
    const Order order = order_of(codes.data_window(), binding_.is_joined ? 4 : 3, binding_.is_nhwc);
    const int first = binding_.is_joined && binding_.matte_first ? 1 : 0;
    const auto [black, white] = binding_.plate_range;
    Tensor tensor{.dims = order.dims(), .values = std::vector<float>(order.count())};
    for (std::int64_t i = 0; i < order.height * order.width; ++i) {
        const bool in_hole = matte.data()[i] > 0;
        for (int c = 0; c < 3; ++c) {
            const float code = codes.data()[3 * i + (binding_.is_bgr ? 2 - c : c)];
            tensor.values[order.at(first + c, i)] = in_hole && binding_.zero_hole ? 0.0f : black + (white - black) * code;
        }
        if (binding_.is_joined)
            tensor.values[order.at(first == 1 ? 0 : 3, i)] = binding_.matte_values[in_hole];
    }
    return tensor;
}

Tensor Model::matte_tensor(const Image& matte) const
{
    const Order order = order_of(matte.data_window(), binding_.matte_channels, binding_.is_nhwc);
    Tensor tensor{.dims = order.dims(), .values = std::vector<float>(order.count())};
    for (std::int64_t i = 0; i < order.height * order.width; ++i)
        for (int c = 0; c < binding_.matte_channels; ++c)
            tensor.values[order.at(c, i)] = binding_.matte_values[matte.data()[i] > 0];
    return tensor;
}

Tensor Model::noise_tensor() const
{
    std::size_t count = 1;
    for (const std::int64_t dim : binding_.noise_dims)
        count *= static_cast<std::size_t>(dim);
    Tensor tensor{.dims = binding_.noise_dims, .values = std::vector<float>(count)};
    const auto unit = [&](std::size_t index) {   // 0 < u < 1
        return (static_cast<double>(random_number(seed_, index) >> 11) + 0.5) * 0x1p-53;
    };
    for (std::size_t i = 0; i < count; ++i)      // Box and Muller (1958)
        tensor.values[i] = static_cast<float>(std::sqrt(-2 * std::log(unit(2 * i)))
                                              * std::cos(2 * std::numbers::pi * unit(2 * i + 1)));
    return tensor;
}

Image Model::picture_of(const Tensor& output, const Window& window) const
{
    const Dims& dims = output.dims;
    const std::int64_t channels = dims.size() == 4 ? dims[binding_.is_nhwc ? 3 : 1] : 0;
    const Order order = order_of(window, static_cast<int>(channels), binding_.is_nhwc);
    if ((channels != 3 && channels != 4) || dims != order.dims())
        throw Error(fmt::format("model '{}' gave {} for a picture of {}", name(),
                                describe(TensorInfo{binding_.output, Element::float32, "float", dims}), describe(window)));

    std::size_t spoilt = 0;
    for (const float value : output.values)
        spoilt += !std::isfinite(value);
    if (spoilt > 0)
        throw Error(fmt::format("model '{}' gave NaN or infinity: {} of {} numbers of its output '{}'", name(), spoilt,
                                output.values.size(), binding_.output));

    const auto [black, white] = binding_.output_range;
    Image picture = Image::unset(window, window, {{"R"}, {"G"}, {"B"}});
    for (std::int64_t i = 0; i < order.height * order.width; ++i)
        for (int c = 0; c < 3; ++c)
            picture.data()[3 * i + (binding_.is_bgr ? 2 - c : c)] = (output.values[order.at(c, i)] - black) / (white - black);
    return picture;
}

}  // namespace platefall::model
