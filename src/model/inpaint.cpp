#include "model/inpaint.h"

#include "base/machine.h"
#include "base/parallel.h"
#include "image/windows.h"
#include "model/holes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::model {
namespace {

/// What LaMa takes at 512 x 512, the weights set aside; most others take less.
constexpr std::size_t kBytesPerModelPixel = 2500;

/// A pixel of a picture whose outermost pixels go on for ever.
const float* at(const Image& image, int x, int y)
{
    const Window& window = image.data_window();
    return image.pixel(std::clamp(x, window.x0, window.x1 - 1), std::clamp(y, window.y0, window.y1 - 1));
}

struct Shown {
    Image codes, matte;
};

/// Averages the pixels [x, x + 1) * scale of the view's region, in linear light. A pixel that has any part in a blank
/// one counts as blank.
Shown show(const View& view, const Image& picture, const Image& blank, const Encoding& encoding)
{
    const Window window{0, 0, view.width, view.height};
    Shown shown{Image::unset(window, window, {{"R"}, {"G"}, {"B"}}), Image(window, window, {{"A"}})};
    const double across = static_cast<double>(view.region.width()) / view.width;
    const double down = static_cast<double>(view.region.height()) / view.height;
    const auto part = [](int pixel, double from, double to) {
        return static_cast<float>(std::min(to, pixel + 1.0) - std::max(from, static_cast<double>(pixel)));
    };
    for (int y = 0; y < view.height; ++y)
        for (int x = 0; x < view.width; ++x) {
            const double left = x * across, right = left + across, top = y * down, bottom = top + down;
            float sum[3]{}, weights = 0;
            for (int v = static_cast<int>(top); v < bottom - 1e-6; ++v)
                for (int u = static_cast<int>(left); u < right - 1e-6; ++u) {
                    const float weight = part(u, left, right) * part(v, top, bottom);
                    const float* rgb = at(picture, view.region.x0 + u, view.region.y0 + v);
                    for (int c = 0; c < 3; ++c)
                        sum[c] += weight * rgb[c];
                    weights += weight;
                    if (*at(blank, view.region.x0 + u, view.region.y0 + v) > 0)
                        *shown.matte.pixel(x, y) = 1.0f;
                }
            for (int c = 0; c < 3; ++c)
                shown.codes.pixel(x, y)[c] = encoding.encode(sum[c] / weights);
        }
    return shown;
}

/// Between the four pixels around a point of the view's region; a pixel itself where nothing was scaled.
void sample(const Image& codes, const View& view, int x, int y, float* rgb)
{
    const double u = (x + 0.5 - view.region.x0) * view.width / view.region.width() - 0.5;
    const double v = (y + 0.5 - view.region.y0) * view.height / view.region.height() - 0.5;
    const int left = static_cast<int>(std::floor(u)), top = static_cast<int>(std::floor(v));
    const float right_part = static_cast<float>(u - left), lower_part = static_cast<float>(v - top);
    for (int c = 0; c < 3; ++c) {
        const auto mix = [](float a, float b, float part) { return a * (1 - part) + b * part; };
        const float upper = mix(at(codes, left, top)[c], at(codes, left + 1, top)[c], right_part);
        const float lower = mix(at(codes, left, top + 1)[c], at(codes, left + 1, top + 1)[c], right_part);
        rgb[c] = mix(upper, lower, lower_part);
    }
}

bool shows_hole(const View& view, const Image& hole)
{
    const Window part = intersect(view.region, hole.data_window());
    for (int y = part.y0; y < part.y1; ++y)
        for (int x = part.x0; x < part.x1; ++x)
            if (*hole.pixel(x, y) > 0)
                return true;
    return false;
}

/// Puts what the views became into the hole's pixels inside the box, each view as much as it counts there.
void put_together(const ViewPlan& plan, const std::vector<Image>& made, const Encoding& encoding, const Window& box,
                  const Image& hole, Image& picture)
{
    parallel_rows(box.y0, box.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = box.x0; x < box.x1; ++x) {
                if (!(*hole.pixel(x, y) > 0))
                    continue;
                float sum[3]{}, weights = 0;
                for (std::size_t i = 0; i < plan.views.size(); ++i) {
                    if (!plan.views[i].region.contains(x, y))
                        continue;
                    const float weight = weight_of(plan.views[i], plan, x, y);
                    float rgb[3];
                    sample(made[i], plan.views[i], x, y, rgb);
                    for (int c = 0; c < 3; ++c)
                        sum[c] += weight * rgb[c];
                    weights += weight;
                }
                for (int c = 0; c < 3; ++c)
                    picture.pixel(x, y)[c] = encoding.decode(sum[c] / weights);
            }
    });
}

ViewSettings read_views(const Params& params)
{
    return {.in_tiles = params.text("fit") == "tile",
            .size = static_cast<int>(params.integer("size")),
            .divisor = static_cast<int>(params.integer("divisor")),
            .overlap = static_cast<int>(params.integer("overlap"))};
}

}  // namespace

ParamSpecs painter_params()
{
    ParamSpecs specs = binding_params();
    specs.push_back(param::choice("encoding", {"srgb", "log", "linear"}, "srgb",
                                  "How scene-linear light is brought into the model's range: as a photograph with soft highlights, "
                                  "as logarithm, or as it is."));
    specs.push_back(param::number("exposure",
                                  "Stops by which the picture is made brighter for the model; else such that the surroundings of "
                                  "the hole are on average middle grey, or 0 for linear.")
                        .in("stops")
                        .between(-20, 20));
    specs.push_back(param::choice("fit", {"scale", "tile"}, "scale",
                                  "What to do with a hole larger than the model's size: show it smaller, or in overlapping tiles."));
    specs.push_back(param::integer("size", 512, "Longest side that a model of any size is given.").in("model px").between(16, 8192));
    specs.push_back(param::integer("divisor", 8, "What both sides must be a multiple of, for a model of any size.")
                        .in("model px")
                        .between(1, 1024));
    specs.push_back(param::integer("overlap", 64, "Over how much one tile takes over from the next.").in("model px").between(0, 1024));
    specs.push_back(param::number("context", 0.5, "How much the model sees on each side of a hole, in sizes of the hole.")
                        .between(0, 8));
    return specs;
}

Painter make_painter(std::shared_ptr<const Session> session, const Params& params, std::uint64_t seed)
{
    Painter painter{.model = Model(std::move(session), params, seed),
                    .encoding = encoding_of(params.text("encoding")),
                    .exposure_stops = {},
                    .views = read_views(params),
                    .context = params.number("context")};
    if (params.has("exposure"))
        painter.exposure_stops = params.number("exposure");
    else if (painter.encoding == EncodingKind::linear)
        painter.exposure_stops = 0;
    return painter;
}

Painted inpaint(const Painter& painter, const Image& picture, const Image& hole, const Image& blank)
{
    Painted result{.picture = picture};
    for (const Window& box : boxes_around_holes(hole, painter.context)) {
        const Window surroundings = with_surroundings(box, painter.context);
        const Light light = measure_light(picture, blank, surroundings, painter.exposure_stops);
        const Encoding encoding(painter.encoding, light);
        const ViewPlan plan = plan_views(surroundings, picture.data_window(), painter.model, painter.views);
        std::vector<Image> made(plan.views.size());
        parallel_each(static_cast<int>(plan.views.size()), [&](int i) {
            const View& view = plan.views[static_cast<std::size_t>(i)];
            if (!shows_hole(view, hole))
                return;
            const Shown shown = show(view, picture, blank, encoding);
            made[static_cast<std::size_t>(i)] = painter.model.run(shown.codes, shown.matte);
        });
        put_together(plan, made, encoding, box, hole, result.picture);
        const View& view = plan.views.front();
        result.coarseness = std::max(result.coarseness, static_cast<double>(view.region.width()) / view.width);
    }
    return result;
}

std::size_t scratch_bytes(const Painter& painter, const Window& picture)
{
    const ViewPlan plan = plan_views(picture, picture, painter.model, painter.views);
    const auto pixels = [](std::size_t width, std::size_t height) { return width * height; };
    const View& view = plan.views.front();
    const std::size_t at_once = std::min(plan.views.size(), static_cast<std::size_t>(default_threads()));
    return pixels(static_cast<std::size_t>(picture.width()), static_cast<std::size_t>(picture.height())) * 12 * sizeof(float)
           + pixels(static_cast<std::size_t>(view.width), static_cast<std::size_t>(view.height)) * at_once * kBytesPerModelPixel;
}

}  // namespace platefall::model
