#include "comp/layer_rows.h"

#include "comp/picture_fit.h"
#include "image/windows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace platefall::comp {
namespace {

constexpr const char* kWeightChannel = "generated";

void check_size(const std::string& what, const Image& image, const Frame& frame)
{
    const Window& plate = frame.layer("plate").display_window();
    if (image.display_window() != plate)
        throw Error(what + " is " + describe(image.display_window()) + " but the plate is " + describe(plate)
                    + " (frame " + std::to_string(frame.number) + ")");
}

/// R G B, or Y three times, or nothing where only the alpha counts.
void find_channels(LayerRows& layer, const std::string& name)
{
    const Image& image = *layer.image;
    const auto r = image.channel_index("R"), g = image.channel_index("G"), b = image.channel_index("B");
    const auto y = image.channel_index("Y");
    const bool only_alpha_counts = layer.op == Operator::mask || layer.op == Operator::stencil;
    if (r && g && b)
        layer.colour = {*r, *g, *b};
    else if (y)
        layer.colour = {*y, *y, *y};
    else if (!only_alpha_counts || !image.channel_index("A"))
        throw Error("layer '" + name + "' has neither R G B nor Y (has " + describe(image.channels()) + ")");
    for (const int c : layer.colour)
        if (c >= 0 && image.channels()[c].data)
            throw Error("layer '" + name + "' is data and no picture (has " + describe(image.channels())
                        + "); leave it out of 'layers'");
    layer.is_luminance = layer.colour[0] == layer.colour[1];
    layer.alpha = image.channel_index("A").value_or(-1);
}

/// A matte has one channel; of a layer the alpha counts, and one without alpha is solid.
Mask find_mask(const std::string& name, bool inverted, const Frame& frame)
{
    const Image& image = frame.layer(name);
    const bool is_matte = name.starts_with("matte.");
    check_size(is_matte ? "matte '" + name.substr(6) + "'" : "layer '" + name + "'", image, frame);
    const int only = is_matte && image.channel_count() == 1 ? 0 : -1;
    return {&image, image.channel_index("A").value_or(only), inverted};
}

Weight find_weight(const LayerSettings& settings, const Frame& frame)
{
    if (settings.generated)
        return {.number = *settings.generated};
    if (frame.has(settings.weight_layer))
        return {.image = &frame.layer(settings.weight_layer), .premultiplied = settings.layer == "comp"};
    if (settings.layer == "plate")
        return {.number = 0.0f};
    return {};
}

/// Inverted masks let everything through outside their data window, the others nothing.
Window visible_window(const LayerRows& layer)
{
    Window window = layer.image->data_window();
    for (const Mask& mask : layer.masks)
        if (!mask.inverted)
            window = intersect(window, mask.image->data_window());
    return window;
}

RowPlanes planes_of(std::vector<float>& room, int width)
{
    room.resize(static_cast<std::size_t>(width) * 6);
    float* at = room.data();
    return {{at, at + width, at + 2 * width}, at + 3 * width, at + 4 * width, at + 5 * width};
}

/// The layer as a picture of its own, with alpha and generated weight as channels, so that both are filtered
/// together with the colour.
Image with_all_channels(const LayerRows& layer)
{
    std::vector<Channel> channels =
        layer.is_luminance ? std::vector<Channel>{{"Y"}} : std::vector<Channel>{{"R"}, {"G"}, {"B"}};
    const int colours = static_cast<int>(channels.size());
    channels.push_back({"A"});
    channels.push_back({kWeightChannel});
    Image image(layer.window, layer.image->display_window(), channels);

    std::vector<float> room;
    const int width = layer.window.width();
    const RowPlanes planes = planes_of(room, width);
    for (int y = layer.window.y0; y < layer.window.y1; ++y) {
        load(layer, y, layer.window.x0, layer.window.x1, planes, colours);
        float* out = image.row(y);
        for (int i = 0; i < width; ++i) {
            for (int c = 0; c < colours; ++c)
                *out++ = planes.colour[c][i];
            *out++ = planes.alpha[i];
            *out++ = planes.generated[i];
        }
    }
    return image;
}

/// Gives it a picture with_all_channels() instead of what it was so far.
void replace_picture(LayerRows& layer, Image picture, const LayerSettings& settings)
{
    layer.moved = std::make_unique<Image>(std::move(picture));
    layer.image = layer.moved.get();
    layer.window = layer.image->data_window();
    layer.grade = nullptr;
    layer.masks.clear();
    find_channels(layer, settings.name);
    layer.weight = {.image = layer.image,
                    .channel = layer.image->channel_index(kWeightChannel).value(),
                    .premultiplied = true};
}

/// Moves what the layer is so far: its picture, seen through the matte that it is named after.
void move(LayerRows& layer, const LayerSettings& settings, Frame& frame, const Window& limit)
{
    const Placement& placement = settings.placement;
    replace_picture(layer, placed(with_all_channels(layer), placement, placement.filter, limit, settings.name, frame),
                    settings);
}

/// Before it is moved, since the depth is not.
void put_into_haze(LayerRows& layer, const LayerSettings& settings, const PlateLook& look, const Frame& frame)
{
    const Image& depth = frame.layer(settings.fit.depth);
    check_size("depth '" + settings.fit.depth + "'", depth, frame);
    Image picture = with_all_channels(layer);
    const Window content = content_of(picture);
    picture = with_data_window(std::move(picture), content);
    veil(picture, transmittance(depth, settings.fit.haze_per_m, picture.data_window()), look.horizon);
    replace_picture(layer, std::move(picture), settings);
}

/// In its place: what the lens and the sensor do.
void take_with_the_plates_lens(LayerRows& layer, const LayerSettings& settings, const PlateLook& look,
                               const Window& display, const Window& limit)
{
    constexpr double kInvisible = 0.05; // pixels
    Image picture = with_all_channels(layer);
    const Window content = content_of(picture);
    picture = with_data_window(std::move(picture), content);
    if (const double deviation = settings.fit.softness * look.softness_px; deviation > kInvisible && !content.empty())
        picture = lens_blurred(picture, deviation, display, limit);
    Colour black = look.black;
    for (float& level : black)
        level *= settings.fit.blacks;
    lift_blacks(picture, black);
    replace_picture(layer, std::move(picture), settings);
}

void gather(const float* __restrict from, int stride, float* __restrict to, int count)
{
    for (int i = 0; i < count; ++i)
        to[i] = from[static_cast<std::ptrdiff_t>(i) * stride];
}

/// One channel of a row; zero outside the data window.
void gather(const Image& image, int channel, int y, int x0, int x1, float* to)
{
    const Window& data = image.data_window();
    const int from = std::clamp(data.x0, x0, x1), end = std::clamp(data.x1, from, x1);
    const bool has_row = y >= data.y0 && y < data.y1 && from < end;
    std::fill(to, to + (has_row ? from - x0 : x1 - x0), 0.0f);
    if (!has_row)
        return;
    gather(image.pixel(from, y) + channel, image.channel_count(), to + (from - x0), end - from);
    std::fill(to + (end - x0), to + (x1 - x0), 0.0f);
}

void multiply(float* __restrict values, const float* __restrict factors, int count)
{
    for (int i = 0; i < count; ++i)
        values[i] *= factors[i];
}

/// Multiplies the coverage by a mask. Only inverted masks may end inside x0..x1.
void cover(const Mask& mask, int y, int x0, int x1, float* coverage)
{
    const Window& data = mask.image->data_window();
    if (y < data.y0 || y >= data.y1)
        return;
    const int from = std::max(x0, data.x0), end = std::min(x1, data.x1);
    if (from >= end)
        return;
    float* __restrict out = coverage + (from - x0);
    const int stride = mask.image->channel_count();
    const float* __restrict in = mask.image->pixel(from, y) + std::max(mask.channel, 0);
    for (int i = 0; i < end - from; ++i) {
        const float value = mask.channel < 0 ? 1.0f : in[static_cast<std::ptrdiff_t>(i) * stride];
        out[i] *= mask.inverted ? 1.0f - value : value;
    }
}

/// R G B A as they most often lie in memory; a fixed stride can be taken apart without a loop a channel.
void gather_rgba(const float* __restrict from, float* __restrict r, float* __restrict g, float* __restrict b,
                 float* __restrict a, int count)
{
    for (int i = 0; i < count; ++i) {
        r[i] = from[4 * i];
        g[i] = from[4 * i + 1];
        b[i] = from[4 * i + 2];
        a[i] = from[4 * i + 3];
    }
}

void load_channels(const LayerRows& layer, const float* from, const RowPlanes& to, int colours, int count)
{
    const int stride = layer.image->channel_count();
    if (colours == 3 && stride == 4 && layer.colour == std::array{0, 1, 2} && layer.alpha == 3)
        return gather_rgba(from, to.colour[0], to.colour[1], to.colour[2], to.alpha, count);
    for (int c = 0; c < colours; ++c)
        if (layer.colour[c] >= 0)
            gather(from + layer.colour[c], stride, to.colour[c], count);
        else
            std::fill(to.colour[c], to.colour[c] + count, 0.0f);
    if (layer.alpha >= 0)
        gather(from + layer.alpha, stride, to.alpha, count);
    else
        std::fill(to.alpha, to.alpha + count, 1.0f);
}

void load_coverage(const LayerRows& layer, int y, int x0, int x1, const RowPlanes& to, int colours)
{
    const int count = x1 - x0;
    std::fill(to.coverage, to.coverage + count, layer.opacity);
    for (const Mask& mask : layer.masks)
        cover(mask, y, x0, x1, to.coverage);
    for (int c = 0; c < colours; ++c)
        multiply(to.colour[c], to.coverage, count);
    multiply(to.alpha, to.coverage, count);
}

/// The weight of what has no alpha but colour, as fire and glows have, is one.
void premultiply_weight(const RowPlanes& planes, int colours, int count)
{
    const int g = colours > 1 ? 1 : 0, b = colours > 1 ? 2 : 0; // of a luminance picture the same plane again
    const float *c0 = planes.colour[0], *c1 = planes.colour[g], *c2 = planes.colour[b], *alpha = planes.alpha;
    float* __restrict weight = planes.generated;
    for (int i = 0; i < count; ++i) {
        const bool glows = (c0[i] != 0.0f) | (c1[i] != 0.0f) | (c2[i] != 0.0f);
        const float without_alpha = glows ? 1.0f : 0.0f;
        weight[i] *= alpha[i] != 0.0f ? alpha[i] : without_alpha;
    }
}

void load_weight(const LayerRows& layer, int y, int x0, int x1, const RowPlanes& to, int colours,
                 bool covered)
{
    const Weight& weight = layer.weight;
    const int count = x1 - x0;
    if (weight.image)
        gather(*weight.image, weight.channel, y, x0, x1, to.generated);
    else
        std::fill(to.generated, to.generated + count, weight.number);
    if (!weight.premultiplied && (weight.image || weight.number != 0.0f))
        premultiply_weight(to, colours, count);
    else if (weight.premultiplied && covered)
        multiply(to.generated, to.coverage, count);
}

} // namespace

LayerRows find_layer(const LayerSettings& settings, const PlateLook& look, Frame& frame, const Window& limit)
{
    LayerRows layer;
    layer.image = &frame.layer(settings.layer);
    layer.op = settings.op;
    layer.weight = find_weight(settings, frame);
    find_channels(layer, settings.name);
    if (settings.seen_through)
        layer.masks.push_back(find_mask(*settings.seen_through, false, frame));
    layer.window = visible_window(layer);
    const Grade* grade = settings.grade ? &*settings.grade : nullptr;
    if (settings.fit.haze_per_m > 0) {
        layer.grade = std::exchange(grade, nullptr);
        put_into_haze(layer, settings, look, frame);
    }
    if (settings.placement.changes())
        move(layer, settings, frame, limit);
    if (settings.fit.softness > 0 || settings.fit.blacks > 0) {
        layer.grade = std::exchange(grade, nullptr);
        take_with_the_plates_lens(layer, settings, look, frame.layer("plate").display_window(), limit);
    }
    check_size("layer '" + settings.name + "'", *layer.image, frame);

    if (settings.matte)
        layer.masks.push_back(find_mask(*settings.matte, settings.invert_matte, frame));
    for (const std::string& holdout : settings.holdouts)
        layer.masks.push_back(find_mask(holdout, true, frame));
    layer.opacity = settings.opacity;
    layer.grade = grade;
    layer.window = visible_window(layer);
    return layer;
}

void load(const LayerRows& layer, int y, int x0, int x1, const RowPlanes& to, int colours)
{
    const int count = x1 - x0;
    load_channels(layer, layer.image->pixel(x0, y), to, colours, count);
    if (layer.grade)
        apply(*layer.grade, to, colours, count);
    const bool covered = !layer.masks.empty() || layer.opacity != 1.0f;
    if (covered)
        load_coverage(layer, y, x0, x1, to, colours);
    else if (layer.op == Operator::copy)
        std::fill(to.coverage, to.coverage + count, 1.0f);
    load_weight(layer, y, x0, x1, to, colours, covered);
}

} // namespace platefall::comp
