#include "collapse/dust/carry.h"

#include "collapse/dust/multigrid.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace platefall::collapse::dust {
namespace {

/// Where between eight values a point lies.
struct Corner {
    std::ptrdiff_t at;
    float fx, fy, fz;
};

// Unlike std::clamp and std::minmax these become single instructions.
inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

inline float larger(float a, float b)
{
    return a > b ? a : b;
}

/// One component: how far its first value lies from the corner of the box, and its largest indices.
struct Grid {
    Grid(const Lattice& lattice, int axis)
        : box(lattice), ox(axis == 0 ? 0.0f : 0.5f), oy(axis == 1 ? 0.0f : 0.5f), oz(axis == 2 ? 0.0f : 0.5f),
          nx(lattice.nx + (axis == 0)), ny(lattice.ny + (axis == 1)), nz(lattice.nz + (axis == 2)),
          last_x(static_cast<float>(nx - 1)), last_y(static_cast<float>(ny - 1)), last_z(static_cast<float>(nz - 1))
    {
    }

    Corner corner(const Point& p) const
    {
        const float x = smaller(larger(p.x - ox, 0), last_x);
        const float y = smaller(larger(p.y - oy, 0), last_y);
        const float z = smaller(larger(p.z - oz, 0), last_z);
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

    /// The same value, held between the eight around a place.
    float held(float value, const std::vector<float>& values, const Point& p) const
    {
        const float* low = values.data() + corner(p).at;
        const float* high = low + box.along_z();
        const std::ptrdiff_t sy = box.along_y();
        const auto of_eight = [&](const auto& better) {
            return better(better(better(low[0], low[1]), better(low[sy], low[sy + 1])),
                          better(better(high[0], high[1]), better(high[sy], high[sy + 1])));
        };
        const float least = of_eight([](float a, float b) { return smaller(a, b); });
        const float most = of_eight([](float a, float b) { return larger(a, b); });
        return smaller(larger(value, least), most);
    }

    Point place(int x, int y, int z) const
    {
        return {static_cast<float>(x) + ox, static_cast<float>(y) + oy, static_cast<float>(z) + oz};
    }

    Lattice box;
    float ox, oy, oz;
    int nx, ny, nz;
    float last_x, last_y, last_z;
};

/// One face of a component.
struct Face {
    int axis;
    Point place;
    std::ptrdiff_t at;
    bool first, last;       ///< on the low or the high side of the box
};

class Carrier {
public:
    Carrier(const Air& air, float step)
        : air_(air), step_(step), along_{1, air.lattice.along_y(), air.lattice.along_z()}, u_(air.lattice, 0),
          v_(air.lattice, 1), w_(air.lattice, 2)
    {
    }

    /// Where the air on a face was a step ago; with sign -1, where it will be.
    Point traced(const Face& face, float sign) const
    {
        const float step = sign * step_;
        const Point& p = face.place;
        const Point first{on_face(face, 0), on_face(face, 1), on_face(face, 2)};
        const Point middle{p.x - 0.5f * step * first.x, p.y - 0.5f * step * first.y, p.z - 0.5f * step * first.z};
        return {p.x - step * u_.sample(air_.u, middle), p.y - step * v_.sample(air_.v, middle),
                p.z - step * w_.sample(air_.w, middle)};
    }

    bool outside(const Point& p) const
    {
        const Lattice& box = air_.lattice;
        return p.x < 0 || p.x > static_cast<float>(box.nx) || p.y > static_cast<float>(box.ny) || p.z < 0
               || p.z > static_cast<float>(box.nz);
    }

private:
    /// A component on a face: its own value, or the mean of the four around.
    float on_face(const Face& face, int axis) const
    {
        const float* values = air_.axis(axis).data();
        if (axis == face.axis)
            return values[face.at];
        const std::ptrdiff_t own = along_[face.axis], other = along_[axis];
        const float* before = values + (face.first ? face.at : face.at - own);
        const float* after = values + (face.last ? face.at - own : face.at);
        return 0.25f * ((before[0] + before[other]) + (after[0] + after[other]));
    }

    const Air& air_;
    float step_;
    std::array<std::ptrdiff_t, 3> along_;
    Grid u_, v_, w_;
};

/// Calls work(face) for every face of a component that is open.
template <class Work>
void over_open_faces(const Grid& grid, int axis, const std::vector<float>& coupling, const Work& work)
{
    const std::array<int, 3> size{grid.nx, grid.ny, grid.nz};
    over_slabs(grid.box, 0, grid.nz, [&](int z) {
        for (int y = 0; y < grid.ny; ++y)
            for (int x = 0; x < grid.nx; ++x)
                if (const std::ptrdiff_t at = grid.box.index(x, y, z); coupling[at] > 0) {
                    const int along = axis == 0 ? x : axis == 1 ? y : z;
                    work(Face{axis, grid.place(x, y, z), at, along == 0, along == size[axis] - 1});
                }
    });
}

const std::vector<float>& couplings(const Level& faces, int axis)
{
    return axis == 0 ? faces.cx : axis == 1 ? faces.cy : faces.cz;
}

}  // namespace

Carrying::Carrying(const Lattice& lattice)
    : before_(lattice, Eigen::Vector3f::Zero()), once_(lattice.size()), sources_(lattice.size())
{
}

void Carrying::apply(Air& air, const Level& faces, const Eigen::Vector3f& wind, float dt_s, float cell_m)
{
    std::swap(air, before_);
    const Carrier carrier(before_, dt_s / cell_m);
    for (int axis = 0; axis < 3; ++axis) {
        const Grid grid(air.lattice, axis);
        const std::vector<float>& from = before_.axis(axis);
        std::vector<float>& to = air.axis(axis);
        once_ = from;
        to = from;
        over_open_faces(grid, axis, couplings(faces, axis), [&](const Face& face) {
            const Point source = carrier.traced(face, 1);
            sources_[face.at] = source;
            once_[face.at] = carrier.outside(source) ? wind[axis] : grid.sample(from, source);
        });
        over_open_faces(grid, axis, couplings(faces, axis), [&](const Face& face) {
            const Point source = sources_[face.at], target = carrier.traced(face, -1);
            if (carrier.outside(source) || carrier.outside(target)) {
                to[face.at] = once_[face.at];
                return;
            }
            to[face.at] = grid.held(once_[face.at] + 0.5f * (from[face.at] - grid.sample(once_, target)), from, source);
        });
    }
}

}  // namespace platefall::collapse::dust
