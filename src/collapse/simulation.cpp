#include "collapse/simulation.h"

#include "base/hash.h"
#include "collapse/chips/fly_chips.h"
#include "collapse/curves.h"
#include "collapse/emission.h"
#include "collapse/motion_file.h"
#include "collapse/rubble.h"
#include "collapse/styles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace fs = std::filesystem;
namespace {

constexpr int kDustStepsPerFrame = 2;
constexpr int kBondsPerBreak = 180;
constexpr double kMostChips = 100000;
constexpr double kMegabyte = 1024.0 * 1024.0;

Elements make_elements(const Settings& settings)
{
    return settings.mesh ? read_building(*settings.mesh, settings.mesh_offset, settings.plan.floors,
                                         settings.plan.walls)
                         : make_building(settings.plan);
}

Box bounds_of(const Elements& building)
{
    Box box{building.elements[0].solid.points[0], building.elements[0].solid.points[0]};
    for (const Element& element : building.elements)
        for (const Eigen::Vector3d& point : element.solid.points) {
            box.low = box.low.cwiseMin(point);
            box.high = box.high.cwiseMax(point);
        }
    return box;
}

/// Even-odd rule.
bool contains(const std::vector<Eigen::Vector2d>& outline, const Eigen::Vector2d& at)
{
    bool inside = false;
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++)
        if ((outline[i].y() > at.y()) != (outline[j].y() > at.y())
            && at.x() < outline[i].x()
                            + (outline[j].x() - outline[i].x()) * (at.y() - outline[i].y())
                                  / (outline[j].y() - outline[i].y()))
            inside = !inside;
    return inside;
}

Eigen::Vector3d place_of(const Camera& camera)
{
    return {camera.world_from_camera[0][3], camera.world_from_camera[1][3], camera.world_from_camera[2][3]};
}

void check_camera(const Elements& building, const ShotInfo& shot)
{
    if (!shot.camera)
        return;
    const Box bounds = bounds_of(building);
    for (const int frame : shot.frames) {
        const Eigen::Vector3d at = place_of(shot.camera(frame));
        if (at.y() >= bounds.low.y() && at.y() <= bounds.high.y() && contains(building.footprint, {at.x(), at.z()}))
            throw Error(fmt::format("collapse: the camera of frame {} is inside the building, at ({:.2f}, "
                                    "{:.2f}, {:.2f}) m; check "
                                    "'footprint', and the units and axes of [camera]",
                                    frame, at.x(), at.y(), at.z()));
    }
}

void check_memory(const Settings& settings, const Elements& building)
{
    if (settings.dust.amount == 0)
        return;
    const auto bytes_at = [&](double cell_m) {
        Settings other = settings;
        other.dust.cell_m = cell_m;
        return static_cast<double>(DustSolver::bytes(dust_grid(other, building)));
    };
    const double bytes = bytes_at(settings.dust.cell_m), allowed = settings.dust.memory_MB * kMegabyte;
    if (bytes <= allowed)
        return;
    double fits = settings.dust.cell_m;
    while (bytes_at(fits) > allowed)
        fits = std::ceil(fits * 1.02 * 100) / 100;
    throw Error(fmt::format("collapse: dust in cells of {} m takes {:.0f} MB, and 'dust_memory' allows "
                            "{:.0f}; dust_cell = {:.2f} fits",
                            settings.dust.cell_m, bytes / kMegabyte, settings.dust.memory_MB, fits));
}

// ---------------------------------------------------------------------------------------------- dust

Vec3f rounded(const Eigen::Vector3d& v)
{
    return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z())};
}

DustFrame clear_frame(const DustGrid& grid)
{
    return {.low = rounded(grid.low),
            .cell_m = static_cast<float>(grid.cell_m),
            .cells = grid.cells,
            .density = {},
            .velocity = {},
            .strain = {}};
}

DustFrame frame_of(const DustSolver& solver, const DustGrid& grid, double time_scale)
{
    DustFrame frame = clear_frame(grid);
    frame.density = {solver.density(0), solver.density(1)};
    const auto scale = static_cast<float>(time_scale);
    for (const auto& v : solver.velocity())
        frame.velocity.push_back({v[0] * scale, v[1] * scale, v[2] * scale});
    frame.strain = solver.strain();
    return frame;
}

DustSettings dust_settings(const Settings& settings)
{
    DustSettings dust;
    dust.classes = {{{0.0}, {settings.dust.settling_m_s}}};
    dust.wind = settings.dust.wind;
    dust.gravity_m_s2 = settings.motion.gravity_m_s2;
    dust.vorticity = settings.dust.vorticity;
    dust.detail = settings.dust.detail;
    dust.seed = settings.fracture.seed;
    return dust;
}

/// The first frame at which a piece is not where it stood.
int first_moving(const Motion& motion)
{
    const auto moved = [&](const std::vector<Pose>& poses) {
        for (std::size_t piece = 0; piece < poses.size(); ++piece)
            if (poses[piece].centre != motion.poses[0][piece].centre
                || poses[piece].turn.coeffs() != motion.poses[0][piece].turn.coeffs())
                return true;
        return false;
    };
    return static_cast<int>(std::ranges::find_if(motion.poses, moved) - motion.poses.begin());
}

}  // namespace

DustGrid dust_grid(const Settings& settings, const Elements& building)
{
    constexpr int kMultiple = 16;   // so that the pressure's grids halve evenly
    const Box bounds = bounds_of(building);
    const double height = bounds.high.y() - bounds.low.y();
    const double reach = std::clamp(height, 15.0, 120.0);
    Box box{bounds.low - Eigen::Vector3d(reach, 0, reach), bounds.high + Eigen::Vector3d(reach, 0.25 * height, reach)};
    if (settings.style == Style::topple) {
        const double way = settings.direction_deg * std::numbers::pi / 180;
        const Eigen::Vector3d fall = 0.8 * height * Eigen::Vector3d(std::cos(way), 0, std::sin(way));
        box.low += fall.cwiseMin(0);
        box.high += fall.cwiseMax(0);
    }
    if (settings.dust.box)
        box = *settings.dust.box;
    DustGrid grid{.low = box.low, .cell_m = settings.dust.cell_m, .cells = {}};
    for (int axis = 0; axis < 3; ++axis)
        grid.cells[static_cast<std::size_t>(axis)] =
            std::max(
                1, static_cast<int>(std::ceil((box.high[axis] - box.low[axis]) / (kMultiple * grid.cell_m))))
            * kMultiple;
    return grid;
}

Simulation::Simulation(Settings settings, const ShotInfo& shot)
    : settings_(std::move(settings)), building_(make_elements(settings_))
{
    if (settings_.trigger > shot.frames.back())
        throw Error(fmt::format("collapse: trigger {} is after the shot's last frame, {}", settings_.trigger,
                                shot.frames.back()));
    check_camera(building_, shot);
    check_memory(settings_, building_);
    settings_.fracture.denser_at = places_of_charges(settings_, building_);
    settings_.motion.frames = shot.frames.back() - settings_.trigger + 1;
    // To the metre: a camera that was solved a little better is no reason to break everything anew.
    if (shot.camera)
        settings_.fracture.seen_from.push_back(
            place_of(shot.camera(std::clamp(settings_.trigger, shot.frames.front(), shot.frames.back())))
                .array()
                .round());
}

int Simulation::index_of(int frame) const
{
    return std::clamp(frame - settings_.trigger, 0, settings_.motion.frames - 1);
}

std::size_t Simulation::dust_cells() const
{
    const auto cells = dust_grid(settings_, building_).cells;
    return settings_.dust.amount > 0 ? static_cast<std::size_t>(cells[0]) * static_cast<std::size_t>(cells[1])
                                           * static_cast<std::size_t>(cells[2])
                                     : 0;
}

Structure Simulation::structure() const
{
    return fracture(building_, settings_.plan.ground_m, settings_.fracture);
}

CollapseSet Simulation::set_of(const Structure& structure, const Motion& motion) const
{
    CollapseSet set{.ground_m = static_cast<float>(settings_.plan.ground_m),
                    .obstacles = {},
                    .footprint = {},
                    .trigger = settings_.trigger,
                    .frames = settings_.motion.frames,
                    .first_moving = first_moving(motion),
                    .fps = settings_.motion.fps};
    for (const Box& box : settings_.obstacles)
        set.obstacles.push_back({rounded(box.low), rounded(box.high)});
    for (const Eigen::Vector2d& corner : structure.footprint)
        set.footprint.push_back(rounded({corner.x(), settings_.plan.ground_m, corner.y()}));
    return set;
}

std::string Simulation::motion_key() const
{
    std::string key = settings_.motion_made_from + fmt::format("frames={};", settings_.motion.frames);
    for (const Eigen::Vector3d& place : settings_.fracture.seen_from)
        key += fmt::format("camera={},{},{};", place.x(), place.y(), place.z());
    return settings_.mesh ? key + "mesh.content=" + hash_file(*settings_.mesh).hex() : key;
}

std::string Simulation::chips_key() const
{
    return motion_key() + settings_.chips_made_from;
}

std::string Simulation::dust_key() const
{
    return motion_key() + settings_.dust_made_from;
}

void Simulation::simulate_motion(const fs::path& folder, const Progress& progress) const
{
    progress(0, "breaking the building into pieces");
    const Structure broken = structure();
    MotionSettings motion_settings = settings_.motion;
    // A finer fracture has more bonds to break in the same time.
    motion_settings.most_broken =
        std::max(motion_settings.most_broken, static_cast<int>(broken.bonds.size()) / kBondsPerBreak);
    const Motion motion = simulate(broken, plan_failure(settings_, broken), motion_settings, [&](double fraction) {
        progress(fraction, fmt::format("{} pieces fall", broken.pieces.size()));
    });
    save_motion(motion, folder / "motion");
    save_curves(motion_curves(motion, motion_settings, settings_.trigger), folder);
    save_set(set_of(broken, motion), folder);
    save_pieces(debris_of(broken), folder);
    for (int i = 0; i < frame_count(); ++i)
        save_poses(debris_frame_of(motion.poses[static_cast<std::size_t>(i)], settings_.time_scale), folder, i);
}

void Simulation::simulate_chips(const fs::path& motion_folder, const fs::path& folder, const Progress& progress) const
{
    const Structure broken = structure();
    const Motion motion = load_motion(motion_folder / "motion");
    const ChipSettings chip_settings{.amount = settings_.chips,
                                     .seed = settings_.fracture.seed,
                                     .frame_s = settings_.time_scale / settings_.motion.fps,
                                     .most = static_cast<int>(kMostChips * std::max(1.0, settings_.chips))};
    const auto thrown = throw_chips(broken, motion, plan_failure(settings_, broken), chip_settings);
    const auto save = [&](int frame, const ChipsFrame& poses) {
        progress(static_cast<double>(frame) / frame_count(), "chips fly");
        save_chip_poses(poses, folder, frame);
    };
    save_all_chips(fly_chips(thrown, broken, motion, settings_.motion, save), folder);
}

void Simulation::simulate_dust(const fs::path& motion_folder, const fs::path& folder, const Progress& progress) const
{
    const Structure broken = structure();
    const Motion motion = load_motion(motion_folder / "motion");
    const DustGrid grid = dust_grid(settings_, building_);
    const Emission emission(broken, motion, settings_.motion, settings_.dust.amount, 2 * grid.cell_m,
                            settings_.fracture.seed);
    const Rubble rubble(broken, settings_.motion.obstacles, grid);
    DustSolver solver(grid, dust_settings(settings_));
    const double step_s = settings_.time_scale / settings_.motion.fps / kDustStepsPerFrame;
    Curve in_air{"dust in the air", "kg", settings_.trigger};
    bool any = false;
    for (int i = 0; i < frame_count(); ++i) {
        progress(static_cast<double>(i) / frame_count(), "dust spreads");
        const DustSolids solids = rubble.solids(motion.poses[static_cast<std::size_t>(i)]);
        for (int step = 0; i > 0 && step < kDustStepsPerFrame; ++step) {
            const auto sources = emission.between((i - 1) * step_s * kDustStepsPerFrame + step * step_s, step_s);
            any = any || !sources.empty();
            if (any)
                solver.step(step_s, sources, solids);
        }
        const DustFrame frame = any ? frame_of(solver, grid, settings_.time_scale) : clear_frame(grid);
        in_air.values.push_back(mass_of(frame));
        save_dust(frame, folder, i);
    }
    save_curves({in_air}, folder);
}

}  // namespace platefall::collapse
