#include "collapse/dust/drift.h"

#include "base/random_number.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse::dust {
namespace {

constexpr double kLife = 1.0;            // s that a layer lasts; air at a front turns over about as fast
constexpr int kNear = 6;                 // cells around dust where its air may come from

/// Of values at the centres of cells, at a place in cells from the first of them.
Eigen::Array4f sample(const std::vector<Eigen::Array4f>& values, const Lattice& box, const Eigen::Array4f& place)
{
    const auto within = [](float value, int size) {
        return std::min(std::max(value, 0.0f), static_cast<float>(size - 1));
    };
    const float x = within(place[0], box.nx), y = within(place[1], box.ny), z = within(place[2], box.nz);
    const int i = std::min(static_cast<int>(x), box.nx - 2), j = std::min(static_cast<int>(y), box.ny - 2),
              k = std::min(static_cast<int>(z), box.nz - 2);
    const float fx = x - static_cast<float>(i), fy = y - static_cast<float>(j), fz = z - static_cast<float>(k);
    const Eigen::Array4f* low = values.data() + box.index(i, j, k);
    const auto row = [&](const Eigen::Array4f* at) { return Eigen::Array4f(at[0] + fx * (at[1] - at[0])); };
    const auto sheet = [&](const Eigen::Array4f* at) {
        const Eigen::Array4f near = row(at), far = row(at + box.along_y());
        return Eigen::Array4f(near + fy * (far - near));
    };
    const Eigen::Array4f near = sheet(low), far = sheet(low + box.along_z());
    return near + fz * (far - near);
}

/// 0 when a layer is new and when it goes; squared, it makes 1 with that of a layer half a life apart.
float weight_at(double age)
{
    const double t = 1 - std::abs(2 * age - 1);
    return static_cast<float>(std::sqrt(t * t * (3 - 2 * t)));
}

}  // namespace

Drift::Drift(const Lattice& lattice, std::uint64_t seed)
    : lattice_(lattice), seed_(seed), step_(lattice.size(), Eigen::Array4f::Zero()), before_(step_)
{
    for (int i = 0; i < kLayers; ++i) {
        lay_out(layers_[i]);
        layers_[i].age = static_cast<double>(i) / kLayers;
        layers_[i].weight = weight_at(layers_[i].age);
    }
}

void Drift::lay_out(Layer& layer)
{
    layer.shift.assign(lattice_.size(), Eigen::Array4f::Zero());
    for (int axis = 0; axis < 3; ++axis)
        layer.origin[axis] = static_cast<float>(random_number(seed_, laid_out_++) >> 40) * 0x1p-24f;
}

void Drift::measure(const Air& air, const Block& block, float cells_per_m_s)
{
    over_slabs(lattice_, block.z.low, block.z.high, [&](int z) {
        for (int y = block.y.low; y < block.y.high; ++y)
            for (int x = block.x.low; x < block.x.high; ++x) {
                const auto velocity = air.at_centre(x, y, z);
                step_[lattice_.index(x, y, z)] =
                    cells_per_m_s * Eigen::Array4f(velocity[0], velocity[1], velocity[2], 0);
            }
    });
}

void Drift::move(Layer& layer, const Block& block)
{
    before_ = layer.shift;
    over_slabs(lattice_, block.z.low, block.z.high, [&](int z) {
        for (int y = block.y.low; y < block.y.high; ++y)
            for (int x = block.x.low; x < block.x.high; ++x) {
                const std::ptrdiff_t at = lattice_.index(x, y, z);
                const Eigen::Array4f place(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z), 0);
                const Eigen::Array4f step = sample(step_, lattice_, place - 0.5f * step_[at]);
                layer.shift[at] = sample(before_, lattice_, place - step) - step;
            }
    });
}

void Drift::carry(const Air& air, const Block& block, float dt_s, float cell_m)
{
    const Block near{block.x.grown(kNear, lattice_.nx), block.y.grown(kNear, lattice_.ny),
                     block.z.grown(kNear, lattice_.nz)};
    measure(air, near, dt_s / cell_m);
    for (Layer& layer : layers_) {
        layer.age += dt_s / kLife;
        if (layer.age < 1) {
            move(layer, near);
        } else {
            layer.age -= std::floor(layer.age);
            lay_out(layer);
        }
        layer.weight = weight_at(layer.age);
    }
}

}  // namespace platefall::collapse::dust
