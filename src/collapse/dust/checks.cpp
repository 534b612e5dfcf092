#include "collapse/dust/checks.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <cmath>

namespace platefall::collapse::dust {
namespace {

constexpr int kFewest = 8, kMost = 2048;       // cells along a side
constexpr double kTightest = 1e-6;             // single precision reaches no less

bool positive(double value)
{
    return value > 0 && std::isfinite(value);
}

bool not_negative(double value)
{
    return value >= 0 && std::isfinite(value);
}

void check(const DustSource& source, std::size_t number, Faults& faults)
{
    const auto say = [&](std::string_view what) { faults.add(fmt::format("dust source {}: {}", number, what)); };
    if (!source.place.allFinite() || !source.velocity.allFinite())
        say("place and velocity must be finite");
    if (!positive(source.radius_m))
        say(fmt::format("radius is {} m; it must be positive", source.radius_m));
    if (!not_negative(source.mass_kg[0]) || !not_negative(source.mass_kg[1]))
        say(fmt::format("mass is {} and {} kg; neither may be negative", source.mass_kg[0], source.mass_kg[1]));
    if (!not_negative(source.air_m3))
        say(fmt::format("air is {} m3; it must not be negative", source.air_m3));
    if (!(source.grip >= 0 && source.grip <= 1))
        say(fmt::format("grip is {}; it must be 0 to 1", source.grip));
}

}  // namespace

void check(const DustGrid& grid)
{
    Faults faults;
    for (int axis = 0; axis < 3; ++axis) {
        const int cells = grid.cells[axis];
        if (cells < kFewest || cells > kMost || cells % 2 != 0)
            faults.add(fmt::format("dust grid: {} cells along {}; use an even number from {} to {}", cells,
                                   "xyz"[axis], kFewest, kMost));
    }
    if (!positive(grid.cell_m))
        faults.add(fmt::format("dust grid: cells of {} m; their size must be positive", grid.cell_m));
    if (!grid.low.allFinite())
        faults.add("dust grid: its low corner must be finite");
    faults.throw_if_any();
}

void check(const DustSettings& settings)
{
    Faults faults;
    for (const DustClass& one : settings.classes)
        if (!not_negative(one.settling_m_s))
            faults.add(fmt::format("dust: settling speed is {} m/s; it must not be negative", one.settling_m_s));
    if (!settings.wind.allFinite())
        faults.add("dust: wind must be finite");
    if (!not_negative(settings.gravity_m_s2))
        faults.add(fmt::format("dust: gravity is {} m/s2; it must not be negative", settings.gravity_m_s2));
    if (!positive(settings.air_kg_m3))
        faults.add(fmt::format("dust: air weighs {} kg/m3; it must be positive", settings.air_kg_m3));
    if (!(settings.vorticity >= 0 && settings.vorticity <= 1))
        faults.add(fmt::format("dust: vorticity is {}; it must be 0 to 1", settings.vorticity));
    if (!(settings.detail >= 0 && settings.detail <= 4))
        faults.add(fmt::format("dust: detail is {}; it must be 0 to 4", settings.detail));
    if (!(settings.pressure_tolerance >= kTightest && settings.pressure_tolerance < 1))
        faults.add(fmt::format("dust: pressure tolerance is {}; it must be {} or more and below 1",
                               settings.pressure_tolerance, kTightest));
    if (!positive(settings.most_cells_per_step))
        faults.add(fmt::format("dust: {} cells a step; it must be positive", settings.most_cells_per_step));
    faults.throw_if_any();
}

void check(double dt_s, const std::vector<DustSource>& sources, const DustSolids& solids, const DustGrid& grid)
{
    Faults faults;
    if (!positive(dt_s))
        faults.add(fmt::format("dust: a step of {} s; it must be positive", dt_s));
    for (std::size_t i = 0; i < sources.size(); ++i)
        check(sources[i], i, faults);
    const std::size_t cells = static_cast<std::size_t>(grid.cells[0] / 2) * (grid.cells[1] / 2) * (grid.cells[2] / 2);
    if (!solids.solid.empty() && solids.solid.size() != cells)
        faults.add(fmt::format("dust solids: {} cells for a grid of {} velocity cells", solids.solid.size(), cells));
    if (!solids.velocity.empty() && solids.velocity.size() != cells)
        faults.add(fmt::format("dust solids: {} velocities for a grid of {} velocity cells",
                               solids.velocity.size(), cells));
    faults.throw_if_any();
}

}  // namespace platefall::collapse::dust
