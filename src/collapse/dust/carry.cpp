#include "collapse/dust/carry.h"

#include "collapse/dust/multigrid.h"

#include <algorithm>
#include <utility>

namespace platefall::collapse::dust {
namespace {

struct Point {
    float x, y, z;      // in cells from the low corner of the box
};

/// Where between eight values a point lies.
struct Corner {
    std::ptrdiff_t at;
    float fx, fy, fz;
};

/// One component: how far its first value lies from the corner of the box, and its largest indices.
struct Grid {
    Grid(const Lattice& lattice, int axis)
        : box(lattice), ox(axis == 0 ? 0.0f : 0.5f), oy(axis == 1 ? 0.0f : 0.5f), oz(axis == 2 ? 0.0f : 0.5f),
          nx(lattice.nx + (axis == 0)), ny(lattice.ny + (axis == 1)), nz(lattice.nz + (axis == 2))
    {
    }

    Corner corner(const Point& p) const
    {
        const float x = std::clamp(p.x - ox, 0.0f, static_cast<float>(nx - 1));
        const float y = std::clamp(p.y - oy, 0.0f, static_cast<float>(ny - 1));
        const float z = std::clamp(p.z - oz, 0.0f, static_cast<float>(nz - 1));
        const int i = std::min(static_cast<int>(x), nx - 2), j = std::min(static_cast<int>(y), ny - 2),
                  k = std::min(static_cast<int>(z), nz - 2);
        return {box.index(i, j, k), x - static_cast<float>(i), y - static_cast<float>(j), z - static_cast<float>(k)};
    }

    float sample(const std::vector<float>& values, const Point& p) const
    {
        const Corner c = corner(p);
        const float* low = values.data() + c.at;
        const float* high = low + box.along_z();
        const std::ptrdiff_t sy = box.along_y();
        const auto mix = [](float a, float b, float t) { return a + t * (b - a); };
        const float near = mix(mix(low[0], low[1], c.fx), mix(low[sy], low[sy + 1], c.fx), c.fy);
        const float far = mix(mix(high[0], high[1], c.fx), mix(high[sy], high[sy + 1], c.fx), c.fy);
        return mix(near, far, c.fz);
    }

    std::pair<float, float> range(const std::vector<float>& values, const Point& p) const
    {
        const float* low = values.data() + corner(p).at;
        const float* high = low + box.along_z();
        const std::ptrdiff_t sy = box.along_y();
        return std::minmax({low[0], low[1], low[sy], low[sy + 1], high[0], high[1], high[sy], high[sy + 1]});
    }

    Point place(int x, int y, int z) const
    {
        return {static_cast<float>(x) + ox, static_cast<float>(y) + oy, static_cast<float>(z) + oz};
    }

    Lattice box;
    float ox, oy, oz;
    int nx, ny, nz;
};

class Carrier {
public:
    Carrier(const Air& air, float step) : air_(air), step_(step), u_(air.lattice, 0), v_(air.lattice, 1), w_(air.lattice, 2) {}

    /// Where the air at `p` was a step ago; with sign -1, where it will be.
    Point traced(const Point& p, float sign) const
    {
        const float step = sign * step_;
        const Point first = velocity(p);
        const Point middle{p.x - 0.5f * step * first.x, p.y - 0.5f * step * first.y, p.z - 0.5f * step * first.z};
        const Point then = velocity(middle);
        return {p.x - step * then.x, p.y - step * then.y, p.z - step * then.z};
    }

    bool outside(const Point& p) const
    {
        const Lattice& box = air_.lattice;
        return p.x < 0 || p.x > static_cast<float>(box.nx) || p.y > static_cast<float>(box.ny) || p.z < 0
               || p.z > static_cast<float>(box.nz);
    }

private:
    Point velocity(const Point& p) const
    {
        return {u_.sample(air_.u, p), v_.sample(air_.v, p), w_.sample(air_.w, p)};
    }

    const Air& air_;
    float step_;
    Grid u_, v_, w_;
};

/// Calls work(place, index) for every face of a component that is open.
template <class Work>
void over_open_faces(const Grid& grid, const std::vector<float>& coupling, const Work& work)
{
    over_slabs(grid.box, 0, grid.nz, [&](int z) {
        for (int y = 0; y < grid.ny; ++y)
            for (int x = 0; x < grid.nx; ++x)
                if (const std::ptrdiff_t at = grid.box.index(x, y, z); coupling[at] > 0)
                    work(grid.place(x, y, z), at);
    });
}

const std::vector<float>& couplings(const Level& faces, int axis)
{
    return axis == 0 ? faces.cx : axis == 1 ? faces.cy : faces.cz;
}

}  // namespace

void carry_velocity(Air& air, Air& before, Air& once, const Level& faces, const Eigen::Vector3f& wind, float dt_s, float cell_m)
{
    std::swap(air, before);
    const Carrier carrier(before, dt_s / cell_m);
    for (int axis = 0; axis < 3; ++axis) {
        const Grid grid(air.lattice, axis);
        const std::vector<float>& from = before.axis(axis);
        std::vector<float>& first = once.axis(axis);
        std::vector<float>& to = air.axis(axis);
        first = from;
        to = from;
        over_open_faces(grid, couplings(faces, axis), [&](const Point& place, std::ptrdiff_t at) {
            const Point source = carrier.traced(place, 1);
            first[at] = carrier.outside(source) ? wind[axis] : grid.sample(from, source);
        });
        over_open_faces(grid, couplings(faces, axis), [&](const Point& place, std::ptrdiff_t at) {
            const Point source = carrier.traced(place, 1), target = carrier.traced(place, -1);
            if (carrier.outside(source) || carrier.outside(target)) {
                to[at] = first[at];
                return;
            }
            const auto [low, high] = grid.range(from, source);
            to[at] = std::clamp(first[at] + 0.5f * (from[at] - grid.sample(first, target)), low, high);
        });
    }
}

}  // namespace platefall::collapse::dust
