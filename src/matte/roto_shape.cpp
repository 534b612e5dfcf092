#include "matte/roto_shape.h"

#include "base/parallel.h"
#include "image/filter.h"
#include "image/windows.h"
#include "matte/outline.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace platefall::matte {
namespace {

Ease parse_ease(const std::string& name)
{
    return name == "smooth" ? Ease::smooth : name == "hold" ? Ease::hold : Ease::linear;
}

ShapeKey read_key(const Params& params)
{
    return {.frame = static_cast<int>(params.integer("frame")),
            .ease = parse_ease(params.text("ease")),
            .points = params.points("points")};
}

/// A box stands for points and keys.
std::optional<Box> read_box(const Params& params, const std::string& shape, const ShotInfo& shot, Faults& faults)
{
    if (!params.has("low") && !params.has("high"))
        return std::nullopt;
    if (!params.has("low") || !params.has("high")) {
        faults.add(params.error(params.has("low") ? "low" : "high", shape + " has only one corner of its box",
                                "'low' and 'high' belong together"));
        return Box{};
    }
    if (params.has("points") || params.has("keys"))
        faults.add(params.error("low", shape + " has both a box and an outline", "leave out one of them"));
    if (!shot.camera)
        faults.add(params.error("low", shape + " is a box, which needs a camera to be seen through",
                                "add [camera] to the manifest"));
    Box box;
    int flat = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        box.low_m[axis] = params.numbers("low")[axis];
        box.high_m[axis] = params.numbers("high")[axis];
        flat += !(box.low_m[axis] < box.high_m[axis]) ? box.low_m[axis] == box.high_m[axis] ? 1 : 2 : 0;
    }
    if (flat > 1)
        faults.add(params.error("high", "'high' of " + shape + " must be greater than 'low' along x, y and z",
                                "along one of them it may be equal: a wall"));
    return box;
}

/// Either keys or, for a shape that stands still, points alone.
std::vector<ShapeKey> read_keys(const Params& params, const std::string& shape, Faults& faults)
{
    const bool keys = params.has("keys"), still = params.has("points");
    if (keys && still)
        faults.add(params.error("points", shape + " has both points and keys", "leave out one of them"));
    if (!keys && !still)
        faults.add(params.error("keys", shape + " has neither points nor keys nor a box"));
    if (!keys)
        return still ? std::vector<ShapeKey>{{.points = params.points("points")}} : std::vector<ShapeKey>{};

    std::vector<ShapeKey> result;
    for (const Params& key : params.tables("keys"))
        result.push_back(read_key(key));
    if (result.empty())
        faults.add(params.error("keys", shape + " has no keys"));
    return result;
}

void check_points(const Params& params, const std::string& shape, const std::vector<ShapeKey>& keys,
                  Faults& faults)
{
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const ShapeKey& key = keys[i];
        const Params& place = params.has("keys") ? params.tables("keys")[i] : params;
        const std::string when = params.has("keys") ? " at frame " + std::to_string(key.frame) : "";
        const std::string count = std::to_string(key.points.size());
        if (key.points.size() < 3)
            faults.add(place.error("points", shape + " has " + count + " points" + when, "it takes three"));
        else if (key.points.size() != keys[0].points.size())
            faults.add(place.error("points",
                                   shape + " has " + count + " points" + when + " but "
                                       + std::to_string(keys[0].points.size()) + " at frame "
                                       + std::to_string(keys[0].frame),
                                   "every key needs the same points in the same order"));
    }
}

void sort_keys(const Params& params, const std::string& shape, std::vector<ShapeKey>& keys, Faults& faults)
{
    std::ranges::stable_sort(keys, {}, &ShapeKey::frame);
    const auto twice = std::ranges::adjacent_find(keys, {}, &ShapeKey::frame);
    if (twice != keys.end())
        faults.add(params.error("keys", shape + " has two keys at frame " + std::to_string(twice->frame)));
}

double eased(double t, Ease ease)
{
    switch (ease) {
    case Ease::linear:
        return t;
    case Ease::smooth:
        return t * t * (3.0 - 2.0 * t);
    case Ease::hold:
        return 0.0;
    }
    return t;
}

/// In pixels of this render, and a polygon.
std::vector<Point> outline_at(const RotoShape& shape, int frame, const ShotInfo& shot, const Window& display)
{
    if (shape.box)
        return outline_of(*shape.box, shot.camera(frame), display);
    std::vector<Point> points = points_at(shape, frame);
    for (Point& p : points)
        p = {display.x0 + shot.px(p[0]), display.y0 + shot.px(p[1])};
    return shape.smooth_curve ? smooth_outline(points) : points;
}

/// The pixels that the outline touches.
Window bounds(std::span<const Point> outline, const Window& work)
{
    if (outline.empty())
        return {};
    Point low = outline[0], high = outline[0];
    for (const Point& p : outline)
        for (std::size_t i = 0; i < 2; ++i) {
            low[i] = std::min(low[i], p[i]);
            high[i] = std::max(high[i], p[i]);
        }
    // Clamped before they become integers: points may lie anywhere.
    const auto within = [](double v, int from, int to) {
        return static_cast<int>(std::clamp(v, static_cast<double>(from), static_cast<double>(to)));
    };
    const Window touched{
        within(std::floor(low[0]), work.x0, work.x1), within(std::floor(low[1]), work.y0, work.y1),
        within(std::ceil(high[0]), work.x0, work.x1), within(std::ceil(high[1]), work.y0, work.y1)};
    return touched.empty() ? Window{} : touched;
}

Image draw(const RotoShape& shape, std::span<const Point> outline, const ShotInfo& shot,
           const Window& display, const Window& work)
{
    Image image(bounds(outline, work), display, {{"A"}});
    const Window& window = image.data_window();
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            cover_row(outline, window.x0, y, {image.row(y), static_cast<std::size_t>(window.width())});
    });
    if (shape.feather_px > 0.0 && !window.empty())
        image = soften(image, shot.px(shape.feather_px), work);
    if (!shape.invert)
        return image;
    image = with_data_window(std::move(image), work);
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] = 1.0f - image.data()[i];
    return image;
}

} // namespace

ParamSpecs shape_params()
{
    const ParamSpecs key{
        param::integer("frame", "Frame of this key.").in("frame").between(-1e9, 1e9).must_be_given(),
        param::points("points", "Outline as [x, y], y down, from the display window's top left corner.")
            .in("px")
            .must_be_given(),
        param::choice("ease", {"linear", "smooth", "hold"}, "linear", "How it moves on to the next key."),
    };
    return {
        param::text("name", "Name of the shape, for messages."),
        param::tables("keys", key, "", "Outlines at frames; all have the same number of points."),
        param::points("points", "Outline of a shape that stands still, instead of keys.").in("px"),
        param::numbers("low", 3, "A box of the set as the camera sees it, instead of an outline: its corner with the least "
                                 "x, y and z.")
            .in("m"),
        param::numbers("high", 3, "Corner of the box with the greatest x, y and z; one of them may be that of low: a wall.")
            .in("m"),
        param::choice("curve", {"polygon", "smooth"}, "polygon",
                      "Straight edges, or a closed centripetal Catmull-Rom curve through the points."),
        param::choice("mode", {"add", "subtract", "intersect"}, "add", "How it joins the shapes before it."),
        param::number("opacity", 1.0, "How much of its effect it has.").between(0.0, 1.0),
        param::number("feather", 0.0, "Softens its edge over about twice this length.")
            .in("px")
            .between(0.0, 1000.0),
        param::flag("invert", false, "Whether it covers what lies outside its outline."),
    };
}

RotoShape read_shape(const Params& params, int number, const ShotInfo& shot, Faults& faults)
{
    const std::string& mode = params.text("mode");
    RotoShape shape{.name = params.has("name") ? params.text("name") : std::to_string(number),
                    .keys = {},
                    .smooth_curve = params.text("curve") == "smooth",
                    .mode = parse_matte_operation(mode == "add" ? "union" : mode),
                    .opacity = static_cast<float>(params.number("opacity")),
                    .feather_px = params.number("feather"),
                    .invert = params.flag("invert")};
    const std::string what = "shape '" + shape.name + "'";
    shape.box = read_box(params, what, shot, faults);
    if (!shape.box) {
        shape.keys = read_keys(params, what, faults);
        check_points(params, what, shape.keys, faults);
        sort_keys(params, what, shape.keys, faults);
    }
    return shape;
}

std::vector<Point> points_at(const RotoShape& shape, int frame)
{
    const auto next = std::ranges::upper_bound(shape.keys, frame, {}, &ShapeKey::frame);
    if (next == shape.keys.begin())
        return next->points;
    const ShapeKey& key = *(next - 1);
    if (next == shape.keys.end())
        return key.points;

    const double t = eased(static_cast<double>(frame - key.frame) / (next->frame - key.frame), key.ease);
    std::vector<Point> points = key.points;
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t axis = 0; axis < 2; ++axis)
            points[i][axis] += t * (next->points[i][axis] - points[i][axis]);
    return points;
}

Image draw_shapes(const std::vector<RotoShape>& shapes, int frame, const ShotInfo& shot,
                  const Window& display, const Window& work)
{
    Image drawn({}, display, {{"A"}});
    for (const RotoShape& shape : shapes) {
        const std::vector<Point> outline = outline_at(shape, frame, shot, display);
        drawn =
            combine(std::move(drawn), draw(shape, outline, shot, display, work), shape.mode, shape.opacity);
    }
    return drawn;
}

} // namespace platefall::matte
