#include "render/dust/dust_volume.h"

#include "base/parallel.h"
#include "render/dust/dust_state.h"
#include "render/dust/march.h"

namespace platefall::render {
namespace {

using dust::Box;
using dust::Grid;

constexpr float kCoarse = 0.2f;               // what a kilogram of coarse grains hides, of a kilogram of fine ones
constexpr float kBillow_cells = 1.6f;         // by which detail moves the dust's surface
constexpr float kOldDetail = 0.55f;            // what is left of detail in air at rest
constexpr float kYoung = 1.0f;                // 1/s; where air shears faster, detail is strong
constexpr float kOpaque = 1.0f / 256;         // of the light from behind; less is none

Grid<float> extinction_of(const DustFrame& frame, const DustLook& look)
{
    Grid<float> grid({to_v3(frame.low), frame.cell_m, frame.cells}, 0.0f);
    parallel_rows(0, frame.cells[2], [&](int first, int last) {
        for (int z = first; z < last; ++z)
            for (int y = 0; y < frame.cells[1]; ++y) {
                const std::size_t row = static_cast<std::size_t>(z * frame.cells[1] + y) * frame.cells[0];
                float* to = &grid.at(0, y, z);
                for (int x = 0; x < frame.cells[0]; ++x)
                    to[x] = look.extinction_m2_kg
                            * (frame.density[0][row + x] + kCoarse * frame.density[1][row + x]);
            }
    });
    return grid;
}

/// The rim moves as what it is beside.
void add_motion(Grid<dust::Block>& blocks, const DustFrame& frame, float detail)
{
    const std::array<int, 3>& count = blocks.box.cells;
    parallel_rows(-1, count[2] + 1, [&](int first, int last) {
        for (int z = first; z < last; ++z)
            for (int y = -1; y <= count[1]; ++y)
                for (int x = -1; x <= count[0]; ++x) {
                    const auto inside = [&](int i, int axis) { return std::clamp(i, 0, count[std::size_t(axis)] - 1); };
                    const auto from = static_cast<std::size_t>((inside(z, 2) * count[1] + inside(y, 1)) * count[0]
                                                               + inside(x, 0));
                    const Vec3f& v = frame.velocity[from];
                    const float strain = frame.strain[from], young = strain / (strain + kYoung);
                    blocks.at(x, y, z).motion = {v.x, v.y, v.z, detail * (kOldDetail + (1 - kOldDetail) * young)};
                }
    });
}

float fastest(const DustFrame& frame)
{
    float most = 0;
    for (const Vec3f& v : frame.velocity)
        most = std::max(most, v.x * v.x + v.y * v.y + v.z * v.z);
    return std::sqrt(most);
}

}  // namespace

DustVolume::State::State(const DustFrame& frame, const DustLook& look_, const Light& light, float shutter,
                         const std::function<bool(const V3& at)>& sun_blocked)
    : look(look_), to_sun(light.to_sun), sun(light.sun), shutter_s(shutter), octaves(look_),
      extinction(extinction_of(frame, look_)), blocks(dust::lit_blocks(extinction, look_, light, sun_blocked)),
      bricks(extinction, 0.5f * shutter * fastest(frame) / frame.cell_m)
{
    add_motion(blocks, frame, look.detail);
    if (look.detail > 0)
        billows.emplace(look.seed, look.time_s, frame.cell_m, kBillow_cells * frame.cell_m);
}

DustVolume::DustVolume(const DustFrame& frame, const DustLook& look, const Light& light, float shutter_s,
                       const std::function<bool(const V3& at)>& sun_blocked)
    : state_(frame.is_clear() ? nullptr : std::make_unique<const State>(frame, look, light, shutter_s, sun_blocked))
{
}

DustVolume::~DustVolume() = default;
DustVolume::DustVolume(DustVolume&&) noexcept = default;
DustVolume& DustVolume::operator=(DustVolume&&) noexcept = default;

bool DustVolume::is_clear() const
{
    return !state_;
}

float DustVolume::sun_transmittance(const V3& at) const
{
    if (!state_)
        return 1;
    const Box& box = state_->blocks.box;
    const V3 grid = box.in_grid(at);
    const V3 high(float(box.cells[0] + 1), float(box.cells[1] + 1), float(box.cells[2] + 1));
    float from = 0, to = 1e30f;
    for (int axis = 0; axis < 3; ++axis) {
        const float towards = std::abs(state_->to_sun[axis]) < 1e-9f ? 1e-9f : state_->to_sun[axis];
        const float a = -grid[axis] / towards, b = (high[axis] - grid[axis]) / towards;
        from = std::max(from, std::min(a, b));
        to = std::min(to, std::max(a, b));
    }
    if (from > to)
        return 1;
    const dust::Four sun = trilinear(state_->blocks, place_in(box, grid + state_->to_sun * from),
                                     [](const dust::Block& block) -> const dust::Four& { return block.sun; });
    return dust::gets_through(state_->look, sun[0]);
}

float DustVolume::sky_transmittance(const V3& at) const
{
    if (!state_)
        return 1;
    const Box& box = state_->blocks.box;
    return trilinear(state_->blocks, place_in(box, box.in_grid(at)),
                     [](const dust::Block& block) -> const dust::Four& { return block.sky; })[3];
}

bool DustVolume::may_meet(const Ray& ray) const
{
    if (!state_)
        return false;
    const Box& box = state_->extinction.box;
    const dust::Stretch stretch =
        state_->bricks.clip(box.in_grid(ray.origin), ray.direction / box.cell_m, ray.near, ray.far);
    return stretch.from < stretch.to;
}

DustAlong DustVolume::along(const Ray& ray, float jitter) const
{
    DustAlong seen;
    if (!state_)
        return seen;
    float depths = 0;
    dust::RayThrough(*state_, ray).march(jitter, [&](const dust::Segment& segment) {
        const float part = seen.transmittance * (1 - segment.transmittance);
        seen.light += segment.source * part;
        depths += part * 0.5f * (segment.from + segment.to);
        seen.transmittance *= segment.transmittance;
        return seen.transmittance > kOpaque;
    });
    if (seen.transmittance == 1)
        return seen;
    seen.depth = depths / (1 - seen.transmittance);
    if (seen.transmittance <= kOpaque) {              // what lies behind would look the same
        seen.light /= 1 - seen.transmittance;
        seen.transmittance = 0;
    }
    return seen;
}

std::vector<DustSlice> DustVolume::slices(const Ray& ray, float jitter) const
{
    constexpr float kThick = 0.9f;                    // a slice that lets less through is finished
    std::vector<DustSlice> slices;
    if (!state_)
        return slices;
    float left = 1;                                   // in front of the slice that grows
    bool grows = false;
    dust::RayThrough(*state_, ray).march(jitter, [&](const dust::Segment& segment) {
        if (!grows || segment.from > slices.back().back * 1.0001f)
            slices.push_back({segment.from, segment.to, Colour(0), 0});
        DustSlice& slice = slices.back();
        const float through = 1 - slice.alpha;
        slice.light += segment.source * (through * (1 - segment.transmittance));
        slice.alpha = 1 - through * segment.transmittance;
        slice.back = segment.to;
        left *= segment.transmittance;
        grows = 1 - slice.alpha > kThick;
        return left > kOpaque;
    });
    if (!slices.empty() && left <= kOpaque) {
        slices.back().light /= slices.back().alpha;
        slices.back().alpha = 1;
    }
    return slices;
}

}  // namespace platefall::render
