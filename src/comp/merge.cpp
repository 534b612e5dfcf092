#include "comp/merge.h"

#include "base/parallel.h"
#include "comp/operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace platefall::comp {
namespace {

/// Columns x0 <= x < x1.
struct Span {
    int x0 = 0, x1 = 0;
    int width() const { return std::max(0, x1 - x0); }
};

/// What of a row lies in a window.
Span in_window(const Window& window, int y, const Span& within)
{
    if (y < window.y0 || y >= window.y1)
        return {within.x0, within.x0};
    const int x0 = std::max(window.x0, within.x0);
    return {x0, std::max(x0, std::min(window.x1, within.x1))};
}

constexpr std::array<float, 3> kLuma{0.2126f, 0.7152f, 0.0722f}; // Rec. 709

class RowMerge {
public:
    RowMerge(const std::vector<LayerRows>& layers, const Image& canvas, bool canvas_holds_bottom)
        : layers_(layers), window_(canvas.data_window())
    {
        const auto r = canvas.channel_index("R"), g = canvas.channel_index("G"),
                   b = canvas.channel_index("B");
        colours_ = r && g && b ? 3 : 1;
        colour_ =
            r && g && b ? std::array{*r, *g, *b} : std::array{canvas.channel_index("Y").value(), -1, -1};
        alpha_ = canvas.channel_index("A").value_or(-1);
        const auto clears = [](const LayerRows& layer) { return !keeps_below(layer.op); };
        touches_all_ = !canvas_holds_bottom || std::any_of(layers.begin() + 1, layers.end(), clears);
    }

    /// Scratch memory for one thread.
    std::vector<float> room() const
    {
        return std::vector<float>(static_cast<std::size_t>(window_.width()) * kPlanes);
    }

    void row(int y, std::vector<float>& room, Image& picture, Image& generated, std::vector<Share>& shares) const
    {
        const Span span = touched(y);
        if (span.width() == 0)
            return;
        Planes planes = lay_out(room);
        RowPlanes& below = planes.below;
        below.generated = generated.pixel(span.x0, y);
        for (Share& share : shares)
            planes.shares.push_back({&share, share.image.pixel(span.x0, y)});

        clear(below, {0, span.width()});
        if (const Span part = in_window(layers_[0].window, y, span); part.width() > 0) {
            const RowPlanes there = shifted(below, part.x0 - span.x0);
            load(layers_[0], y, part.x0, part.x1, there, colours_);
            for (const ShareRow& row : planes.shares)
                own_share(*row.share, 0, there, row.at + (part.x0 - span.x0), part.width());
        }
        for (std::size_t i = 1; i < layers_.size(); ++i)
            merge_layer(i, y, span, planes);

        clamp(below.generated, span.width());
        for (const ShareRow& row : planes.shares)
            clamp(row.at, span.width());
        store(below, picture.pixel(span.x0, y), picture.channel_count(), span.width());
    }

private:
    static constexpr std::size_t kPlanes = 13;

    struct ShareRow {
        const Share* share;
        float* at;
    };
    struct Planes {
        RowPlanes below, layer;
        float *own_share, *alpha_below;
        std::vector<ShareRow> shares{};
    };

    static void clamp(float* values, int count)
    {
        for (int i = 0; i < count; ++i)
            values[i] = std::clamp(values[i], 0.0f, 1.0f);
    }

    /// What the row's layers can change.
    Span touched(int y) const
    {
        const Span whole{window_.x0, window_.x1};
        if (touches_all_)
            return whole;
        Span span{window_.x1, window_.x0};
        for (std::size_t i = 1; i < layers_.size(); ++i)
            if (const Span part = in_window(layers_[i].window, y, whole); part.width() > 0)
                span = {std::min(span.x0, part.x0), std::max(span.x1, part.x1)};
        return span;
    }

    Planes lay_out(std::vector<float>& room) const
    {
        std::array<float*, kPlanes> plane;
        for (std::size_t i = 0; i < plane.size(); ++i)
            plane[i] = room.data() + i * static_cast<std::size_t>(window_.width());
        return {.below = {{plane[0], plane[1], plane[2]}, plane[3], nullptr, plane[4]},
                .layer = {{plane[5], plane[6], plane[7]}, plane[8], plane[9], plane[10]},
                .own_share = plane[11],
                .alpha_below = plane[12]};
    }

    void clear(const RowPlanes& planes, Span columns) const
    {
        for (int c = 0; c < colours_; ++c)
            std::fill_n(planes.colour[c] + columns.x0, columns.width(), 0.0f);
        std::fill_n(planes.alpha + columns.x0, columns.width(), 0.0f);
        std::fill_n(planes.generated + columns.x0, columns.width(), 0.0f);
    }

    /// Of a layer that has been loaded.
    void own_share(const Share& share, std::size_t index, const RowPlanes& layer, float* own, int count) const
    {
        if (share.of == Share::Of::grain && layers_[index].op == Operator::multiply)
            darkening(layer, colours_, own, count);
        else
            std::copy_n(share.of == Share::Of::alpha ? layer.alpha : layer.generated, count, own);
        for (int i = 0; i < count; ++i)
            own[i] *= share.layers[index];
    }

    void merge_layer(std::size_t index, int y, Span span, const Planes& planes) const
    {
        const LayerRows& rows = layers_[index];
        const RowPlanes &layer = planes.layer, &below = planes.below;
        const std::vector<ShareRow>& shares = planes.shares;
        const Span part = in_window(rows.window, y, span);
        const int from = part.x0 - span.x0, end = part.x1 - span.x0;
        if (!keeps_below(rows.op)) {
            for (const Span& outside : {Span{0, from}, Span{end, span.width()}}) {
                clear(below, outside);
                for (const ShareRow& row : shares)
                    std::fill_n(row.at + outside.x0, outside.width(), 0.0f);
            }
        }
        if (part.width() == 0)
            return;
        load(rows, y, part.x0, part.x1, layer, colours_);
        if (!shares.empty())
            std::copy_n(below.alpha + from, part.width(), planes.alpha_below);
        merge_pixels(rows.op, layer, shifted(below, from), colours_, part.width());
        for (const ShareRow& row : shares) {
            own_share(*row.share, index, layer, planes.own_share, part.width());
            merge_share(rows.op, planes.own_share, layer, planes.alpha_below, row.at + from, part.width());
        }
    }

    void store(const RowPlanes& planes, float* pixel, int stride, int count) const
    {
        for (int c = 0; c < colours_; ++c)
            store(planes.colour[c], pixel + colour_[c], stride, count);
        if (alpha_ >= 0)
            store(planes.alpha, pixel + alpha_, stride, count);
    }

    static void store(const float* __restrict from, float* __restrict to, int stride, int count)
    {
        for (int i = 0; i < count; ++i)
            to[static_cast<std::ptrdiff_t>(i) * stride] = from[i];
    }

    const std::vector<LayerRows>& layers_;
    Window window_;
    int colours_;
    std::array<int, 3> colour_; // channels of the canvas
    int alpha_;
    bool touches_all_;
};

} // namespace

Merged merge(const std::vector<LayerRows>& layers, Image canvas, bool canvas_holds_bottom,
             std::vector<Share>& shares)
{
    const Window window = canvas.data_window();
    for (Share& share : shares)
        share.image = Image(window, layers[0].image->display_window(), {{"share"}});
    Merged merged{std::move(canvas), Image(window, layers[0].image->display_window(), {{"generated"}})};
    const RowMerge rows(layers, merged.picture, canvas_holds_bottom);
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        std::vector<float> room = rows.room();
        for (int y = first; y < last; ++y)
            rows.row(y, room, merged.picture, merged.generated, shares);
    });
    return merged;
}

void darkening(const RowPlanes& layer, int colours, float* share, int count)
{
    const int g = colours > 1 ? 1 : 0, b = colours > 1 ? 2 : 0;
    const float *A0 = layer.colour[0], *A1 = layer.colour[g], *A2 = layer.colour[b], *a = layer.alpha;
    for (int i = 0; i < count; ++i) {
        // What is missing to one, so that a ratio of one misses exactly nothing.
        const float taken = kLuma[0] * (a[i] - A0[i]) + kLuma[1] * (a[i] - A1[i]) + kLuma[2] * (a[i] - A2[i]);
        share[i] = taken > 0.0f ? 1.0f - std::sqrt(std::max(1.0f - taken, 0.0f)) : 0.0f;
    }
}

} // namespace platefall::comp
