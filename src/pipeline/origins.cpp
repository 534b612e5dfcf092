#include "pipeline/origins.h"

#include "base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace platefall {
namespace {

/// One channel of a layer; zero outside its data window.
struct Plane {
    const Image* image;
    int channel;

    float at(int x, int y) const
    {
        const Window& data = image->data_window();
        const bool inside = x >= data.x0 && x < data.x1 && y >= data.y0 && y < data.y1;
        return inside ? std::clamp(image->pixel(x, y)[channel], 0.0f, 1.0f) : 0.0f;
    }
};

struct Planes {
    Plane generated;                ///< of the result
    std::vector<Plane> simulated;   ///< alphas
    std::vector<Plane> known;       ///< what other layers know of themselves
    bool result_is_simulated = false;
};

Planes find_planes(const Plan& plan, const Frame& frame, const Image& generated)
{
    Planes planes{.generated = {&generated, 0}, .simulated = {}, .known = {}};
    for (const PlannedStage& planned : plan.stages) {
        const bool simulates = !planned.use.takes.empty() || !planned.use.gives.empty();
        for (const std::string& layer : planned.use.writes) {
            if (!frame.has(layer) || layer == generated_layer(plan))
                continue;
            const Image& image = frame.layer(layer);
            const auto alpha = image.channel_index("A");
            if (simulates && layer == plan.result)
                planes.result_is_simulated = true;
            else if (simulates && alpha && !layer.starts_with("matte."))
                planes.simulated.push_back({&image, *alpha});
            else if (!simulates && layer.starts_with("generated."))
                planes.known.push_back({&image, 0});
        }
    }
    return planes;
}

/// Of one pixel: moved, synthesised, simulated, brought.
std::array<double, 4> shares_of(const Planes& planes, int x, int y)
{
    const float generated = planes.generated.at(x, y);
    if (!(generated > 0))
        return {};
    float clear = planes.result_is_simulated ? 0.0f : 1.0f;
    for (const Plane& alpha : planes.simulated)
        clear *= 1.0f - alpha.at(x, y);
    const float simulated = std::min(generated, 1.0f - clear), rest = generated - simulated;
    float known = 0;
    for (const Plane& plane : planes.known)
        known = std::max(known, plane.at(x, y));
    if (known >= 1.0f)
        return {0, rest, simulated, 0};
    // A pixel of another frame counts whole, however little of it is called generated.
    const double moved = known > 0 ? std::min<double>(rest / known, 1.0 - simulated) : 0.0;
    return {moved, 0, simulated, known > 0 ? 0.0 : rest};
}

}  // namespace

Origins measure_origins(const Plan& plan, const Frame& frame)
{
    const std::string layer = generated_layer(plan);
    if (!frame.has(layer))
        return {};
    const Planes planes = find_planes(plan, frame, frame.layer(layer));
    const Window& window = plan.shot.info.plate_data;
    std::vector<std::array<double, 4>> rows(static_cast<std::size_t>(std::max(window.height(), 0)));
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                const auto shares = shares_of(planes, x, y);
                for (std::size_t i = 0; i < shares.size(); ++i)
                    rows[static_cast<std::size_t>(y - window.y0)][i] += shares[i];
            }
    });
    std::array<double, 4> sums{};
    for (const auto& row : rows)   // in order, whatever thread did which
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += row[i];
    const double area = std::max(1.0, static_cast<double>(window.width()) * window.height());
    const double others = (sums[0] + sums[1] + sums[2] + sums[3]) / area;
    return {1.0 - others, sums[0] / area, sums[1] / area, sums[2] / area, sums[3] / area};
}

std::string describe(const Origins& origins)
{
    return fmt::format("photographed {:.4f}, moved {:.4f}, synthesised {:.4f}, simulated {:.4f}, brought {:.4f}",
                       origins.photographed, origins.moved, origins.synthesised, origins.simulated, origins.brought);
}

}  // namespace platefall
