/// What a look at a surface costs: nanoseconds a call of surface_at, by what it is and how wide a pixel is.
#include "render/surface/material.h"
#include "render/sampling.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using namespace platefall::render;
using Clock = std::chrono::steady_clock;

struct Case {
    const char* name;
    SurfacePoint point;
};

std::vector<Case> cases()
{
    const V3 wall = V3(0.1f, 0.2f, 0.97f).normalized();
    const auto made = [&](Substance substance, bool broken) {
        return SurfacePoint{.rest = V3(0), .normal = wall, .substance = substance, .broken = broken};
    };
    return {{"broken concrete", made(Substance::concrete, true)},
            {"broken masonry", made(Substance::masonry, true)},
            {"broken board", made(Substance::board, true)},
            {"room: concrete", made(Substance::concrete, false)},
            {"room: masonry", made(Substance::masonry, false)},
            {"room: board", made(Substance::board, false)},
            {"floor", {.rest = V3(0), .normal = {0, 1, 0}, .floor = true}},
            {"ceiling", {.rest = V3(0), .normal = {0, -1, 0}, .ceiling = true}},
            {"glass", made(Substance::glass, false)}};
}

/// One patch of 0.8 m of one element: rays of a picture lie beside each other.
float look_at_patch(SurfacePoint point, std::uint32_t which, int count)
{
    const std::uint32_t h = hashed(7, which);
    const V3 corner(20 * unit_of(h), 20 * unit_of(hashed(h, 1)), 20 * unit_of(hashed(h, 2)));
    point.element = h % 61u;
    point.piece = h;
    point.storey = static_cast<int>(corner.y / 3);
    float sum = 0;
    for (int i = 0; i < count; ++i) {
        const std::uint32_t at = hashed(h, static_cast<std::uint32_t>(i));
        point.rest = corner + V3(unit_of(at), unit_of(hashed(at, 1)), 0) * 0.8f;
        point.edge_m = 0.4f * unit_of(at << 5);
        const Surface surface = surface_at(point);
        sum += surface.albedo.x + surface.normal.y;
    }
    return sum;
}

/// The quickest of many tries: what else the machine does counts for nothing.
double nanoseconds(const SurfacePoint& point)
{
    constexpr int patches = 40, count = 100;
    double best = 1e30, guard = 0;
    for (int turn = 0; turn < 25; ++turn) {
        const auto start = Clock::now();
        for (std::uint32_t patch = 0; patch < patches; ++patch)
            guard += look_at_patch(point, patch, count);
        best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - start).count()
                                  / (patches * count));
    }
    return guard != 0 ? best : 0;
}

}  // namespace

int main()
{
    const float widths[] = {0.2f, 0.09f, 0.045f, 0.02f, 0.005f};
    std::printf("%-18s", "ns a call, width m");
    for (const float width : widths)
        std::printf("%8.3f", static_cast<double>(width));
    for (const Case& one : cases()) {
        std::printf("\n%-18s", one.name);
        for (const float width : widths) {
            SurfacePoint point = one.point;
            point.width_m = width;
            std::printf("%8.0f", nanoseconds(point));
        }
    }
    std::printf("\n");
}
