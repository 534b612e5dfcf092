#include "collapse/dust/sweep.h"

#include "collapse/dust/flux.h"

#include <algorithm>
#include <numeric>

namespace platefall::collapse::dust {
namespace {

double sum_of(const float* values, int count)
{
    return std::accumulate(values, values + count, 0.0);
}

}  // namespace

Sweep::Sweep(Cloud& cloud, const Courant& courant, const Cells& cells, const Span& x, float scale)
    : cloud_(cloud), courant_(courant), cells_(cells), x_(x), count_(x.high - x.low), scale_(scale),
      air_(count_ + 1), speed_(count_ + 1), zeros_(count_ + 2 * Cached::kPad)
{
    for (Cached& row : rows_) {
        row.dust.resize(count_ + 2 * Cached::kPad);
        row.room.resize(count_ + 2 * Cached::kPad);
    }
    for (auto& flux : flux_)
        flux.resize(count_ + 1);
}

/// The faces of a row of cells along an axis.
Sweep::Sides Sweep::sides(int axis, int y, int z) const
{
    if (axis == 0)
        return {courant_.x(y, z) + x_.low, courant_.x(y, z) + x_.low + 1};
    if (axis == 1)
        return {courant_.y(y, z) + x_.low, courant_.y(y + 1, z) + x_.low};
    return {courant_.z(y, z) + x_.low, courant_.z(y, z + 1) + x_.low};
}

/// Dust relative to the air that is left in each cell of a row, and how much may still leave along `axis`.
void Sweep::load(const Dust& dust, int y, int z, int axis, float fall, Cached& row)
{
    const float* from = dust.density.data() + cloud_.index(x_.low, y, z);
    float* __restrict to = row.first_dust();
    float* __restrict room = row.first_room();
    float* __restrict air = air_.data();
    std::fill_n(air, count_, 1.0f);
    for (int other = 0; other < 3; ++other)
        if (passed_[other]) {
            const Sides faces = sides(other, y, z);
            for (int i = 0; i < count_; ++i)
                air[i] -= scale_ * (faces.high[i] - faces.low[i]);
        }
    const Sides faces = sides(axis, y, z);
    for (int i = 0; i < count_; ++i) {
        const float low = fall - scale_ * faces.low[i], high = scale_ * faces.high[i] - fall;
        const float leaves = (low > 0 ? low : 0) + (high > 0 ? high : 0);
        const float stays = air[i] - leaves;
        room[i] = (stays > 0 ? stays : 0) / (leaves + 1e-6f);
        to[i] = from[i] / air[i];
    }
}

void Sweep::face_speed(const float* courant, int count)
{
    for (int i = 0; i < count; ++i)
        speed_[i] = scale_ * courant[i];
}

Ends Sweep::along_x(Dust& dust, int y, int z)
{
    load(dust, y, z, 0, 0, rows_[0]);
    face_speed(courant_.x(y, z) + x_.low, count_ + 1);
    const float* row = rows_[0].dust.data();
    const float* room = rows_[0].room.data();
    float* flux = flux_[0].data();
    limited_flux(flux, speed_.data(), {row, {row + 1, room + 1}, {row + 2, room + 2}, row + 3}, count_ + 1);
    float* density = mass(dust, y, z);
    for (int i = 0; i < count_; ++i)
        density[i] -= flux[i + 1] - flux[i];
    return {flux[0], flux[count_]};
}

/// Row after row, with four rows at hand; keep(row) is called when a row has its new density.
template <class Load, class Speed, class Keep>
Ends Sweep::along_rows(const Span& span, int size, const Load& load_row, const Speed& speed, const Keep& keep)
{
    const auto row = [&](int number) -> Row {
        if (number < 0 || number >= size)
            return {zeros_.data(), zeros_.data()};
        return {rows_[number & 3].first_dust(), rows_[number & 3].first_room()};
    };
    const auto fetch = [&](int number) {
        if (number >= 0 && number < size)
            load_row(number, rows_[number & 3]);
    };
    for (int number = span.low - 2; number <= span.low; ++number)
        fetch(number);
    Ends ends;
    for (int face = span.low; face <= span.high; ++face) {
        fetch(face + 1);
        speed(face);
        float* flux = flux_[face & 1].data();
        limited_flux(flux, speed_.data(), {row(face - 2).dust, row(face - 1), row(face), row(face + 1).dust}, count_);
        if (face == span.low)
            ends.low = sum_of(flux, count_);
        else
            keep(face - 1, flux_[(face - 1) & 1].data(), flux);
    }
    ends.high = sum_of(flux_[span.high & 1].data(), count_);
    return ends;
}

/// Dust falls through a face when there is air above it.
void Sweep::sink(int y, int z, float fall)
{
    if (y >= cloud_.region.ny)
        return;
    const Cell* kind = cells_.kind.data() + cells_.lattice.index(0, y / 2, z / 2);
    for (int i = 0; i < count_; ++i)
        speed_[i] -= kind[(x_.low + i) / 2] == Cell::solid ? 0.0f : fall;
}

double Sweep::take_from_solids(Dust& dust, int y, int z) const
{
    const Cell* kind = cells_.kind.data() + cells_.lattice.index(0, y / 2, z / 2);
    float* density = mass(dust, y, z);
    double taken = 0;
    for (int i = 0; i < count_; ++i)
        if (kind[(x_.low + i) / 2] == Cell::solid) {
            taken += density[i];
            density[i] = 0;
        }
    return taken;
}

Ends Sweep::along_y(Dust& dust, const Span& span, int z, float sinking, double& settled)
{
    const float fall = scale_ * sinking;
    const auto load_row = [&](int y, Cached& row) { load(dust, y, z, 1, fall, row); };
    const auto speed = [&](int y) {
        face_speed(courant_.y(y, z) + x_.low, count_);
        if (sinking > 0)
            sink(y, z, fall);
    };
    const auto keep = [&](int y, const float* low, const float* high) {
        float* density = mass(dust, y, z);
        for (int i = 0; i < count_; ++i)
            density[i] -= high[i] - low[i];
        if (sinking > 0 && cells_.any_solid)
            settled += take_from_solids(dust, y, z);
    };
    return along_rows(span, cloud_.region.ny, load_row, speed, keep);
}

Ends Sweep::along_z(Dust& dust, int y, const Span& span)
{
    const auto load_row = [&](int z, Cached& row) { load(dust, y, z, 2, 0, row); };
    const auto speed = [&](int z) { face_speed(courant_.z(y, z) + x_.low, count_); };
    const auto keep = [&](int z, const float* low, const float* high) {
        float* density = mass(dust, y, z);
        for (int i = 0; i < count_; ++i)
            density[i] -= high[i] - low[i];
    };
    return along_rows(span, cloud_.region.nz, load_row, speed, keep);
}

}  // namespace platefall::collapse::dust
