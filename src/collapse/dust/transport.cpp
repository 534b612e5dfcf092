#include "collapse/dust/transport.h"

#include "collapse/dust/flux.h"

#include <algorithm>
#include <numeric>

namespace platefall::collapse::dust {
namespace {

constexpr float kThinnest = 1e-8f;   // kg/m3; 100 m of it take a millionth of the light
constexpr int kPad = 2;              // cells that a flux looks beyond a row

/// Sums of flux through two opposite sides.
struct Ends {
    double low = 0, high = 0;
};

double sum_of(const float* values, int count)
{
    return std::accumulate(values, values + count, 0.0);
}

/// A row of cells, ready for limited_flux.
struct Cached {
    std::vector<float> dust, room;
    float* first_dust() { return dust.data() + kPad; }
    float* first_room() { return room.data() + kPad; }
};

/// Everything that one slab needs at hand.
class Sweep {
public:
    Sweep(Cloud& cloud, const Courant& courant, const Cells& cells, const Span& x, float scale)
        : cloud_(cloud), courant_(courant), cells_(cells), x_(x), count_(x.high - x.low), scale_(scale),
          air_(count_ + 1), speed_(count_ + 1), zeros_(count_ + 2 * kPad)
    {
        for (Cached& row : rows_) {
            row.dust.resize(count_ + 2 * kPad);
            row.room.resize(count_ + 2 * kPad);
        }
        for (auto& flux : flux_)
            flux.resize(count_ + 1);
    }

    /// Axes that the air has already moved along in this pass.
    void passed(bool x, bool y, bool z) { passed_ = {x, y, z}; }

    Ends along_x(Dust& dust, int y, int z);
    Ends along_y(Dust& dust, const Span& span, int z, float sinking, double& settled);
    Ends along_z(Dust& dust, int y, const Span& span);

private:
    struct Sides {
        const float* low;
        const float* high;
    };
    Sides sides(int axis, int y, int z) const;
    void load(const Dust& dust, int y, int z, int axis, float fall, Cached& row);
    void face_speed(const float* courant, int count);
    void sink(int y, int z, float fall);
    double take_from_solids(Dust& dust, int y, int z) const;
    float* mass(Dust& dust, int y, int z) const { return dust.density.data() + cloud_.index(x_.low, y, z); }

    template <class Load, class Speed, class Keep>
    Ends along_rows(const Span& span, int size, const Load& load_row, const Speed& speed, const Keep& keep);

    Cloud& cloud_;
    const Courant& courant_;
    const Cells& cells_;
    Span x_;
    int count_;
    float scale_;
    std::array<bool, 3> passed_{};
    std::vector<float> air_, speed_, zeros_;
    std::array<Cached, 4> rows_;
    std::array<std::vector<float>, 2> flux_;
};

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

/// What a slab or a sheet lost, a class.
struct Loss {
    std::array<double, 2> settled{}, out{};
};

void add_losses(const std::vector<Loss>& losses, Cloud& cloud)
{
    for (const Loss& loss : losses)
        for (int i = 0; i < 2; ++i) {
            cloud.dust[i].settled += loss.settled[i];
            cloud.dust[i].out += loss.out[i];
        }
}

/// One pass over a cloud.
class Pass {
public:
    Pass(Cloud& cloud, const Courant& courant, const Cells& cells, const std::array<float, 2>& sinking, float scale)
        : cloud_(cloud), courant_(courant), cells_(cells), sinking_(sinking), scale_(scale)
    {
    }

    void slabs(bool x_first);
    void sheets(bool z_first);

private:
    void rows(Sweep& sweep, Dust& dust, int z, double& out) const;

    Cloud& cloud_;
    const Courant& courant_;
    const Cells& cells_;
    const std::array<float, 2>& sinking_;
    float scale_;
};

void Pass::rows(Sweep& sweep, Dust& dust, int z, double& out) const
{
    for (int y = cloud_.region.y[z].low; y < cloud_.region.y[z].high; ++y) {
        const Ends ends = sweep.along_x(dust, y, z);
        out += ends.high - ends.low;
    }
}

/// Along x and y, which stay within a slab of z.
void Pass::slabs(bool x_first)
{
    const Region& region = cloud_.region;
    std::vector<Loss> losses(region.nz);
    const Span all = region.all_z();
    parallel_rows(all.low, all.high, [&](int low, int high) {
        Sweep sweep(cloud_, courant_, cells_, region.x, scale_);
        for (int z = low; z < high; ++z)
            for (int i = 0; i < 2 && !region.y[z].empty(); ++i) {
                Dust& dust = cloud_.dust[i];
                sweep.passed(false, false, !x_first);
                if (x_first)
                    rows(sweep, dust, z, losses[z].out[i]);
                sweep.passed(x_first, false, !x_first);
                const Ends ends = sweep.along_y(dust, region.y[z], z, sinking_[i], losses[z].settled[i]);
                losses[z].settled[i] -= ends.low;
                losses[z].out[i] += ends.high;
                sweep.passed(false, true, true);
                if (!x_first)
                    rows(sweep, dust, z, losses[z].out[i]);
            }
    });
    add_losses(losses, cloud_);
}

/// Along z, which stays within a sheet of y.
void Pass::sheets(bool z_first)
{
    const Region& region = cloud_.region;
    std::vector<Loss> losses(region.ny);
    const std::vector<Span> spans = region.z();
    parallel_rows(0, region.ny, [&](int low, int high) {
        Sweep sweep(cloud_, courant_, cells_, region.x, scale_);
        sweep.passed(!z_first, !z_first, false);
        for (int y = low; y < high; ++y)
            for (int i = 0; i < 2 && !spans[y].empty(); ++i) {
                const Ends ends = sweep.along_z(cloud_.dust[i], y, spans[y]);
                losses[y].out[i] += ends.high - ends.low;
            }
    });
    add_losses(losses, cloud_);
}

/// Thin dust of a row, which becomes none; what stays widens `region`.
double tidy_row(float* density, int count, int first_x, bool& dusty, Span& x)
{
    double thin = 0;
    int low = count, high = 0;
    for (int i = 0; i < count; ++i) {
        if (density[i] < kThinnest) {
            thin += density[i];
            density[i] = 0;
        } else {
            low = std::min(low, i);
            high = i + 1;
        }
    }
    dusty |= low < high;
    if (low < high)
        x.add(Span{first_x + low, first_x + high});
    return thin;
}

}  // namespace

Cloud::Cloud(int cells_x, int cells_y, int cells_z) : region(cells_x, cells_y, cells_z)
{
    for (Dust& one : dust)
        one.density.resize(static_cast<std::size_t>(cells_x) * cells_y * cells_z);
}

void transport(Cloud& cloud, const Courant& courant, const Cells& cells, const std::array<float, 2>& sinking, int passes)
{
    for (int i = 0; i < passes && !cloud.region.empty(); ++i) {
        cloud.region = cloud.region.grown(1);
        Pass pass(cloud, courant, cells, sinking, 1.0f / static_cast<float>(passes));
        if (cloud.backwards) {
            pass.sheets(true);
            pass.slabs(false);
        } else {
            pass.slabs(true);
            pass.sheets(false);
        }
        cloud.backwards = !cloud.backwards;
    }
}

void tidy(Cloud& cloud)
{
    const Region old = cloud.region;
    if (old.empty())
        return;
    Region& region = cloud.region;
    region = Region(old.nx, old.ny, old.nz);
    std::vector<Loss> losses(old.nz);
    std::vector<Span> spans(old.nz);
    parallel_rows(0, old.nz, [&](int low, int high) {
        for (int z = low; z < high; ++z)
            for (int y = old.y[z].low; y < old.y[z].high; ++y) {
                bool dusty = false;
                for (int i = 0; i < 2; ++i)
                    losses[z].settled[i] += tidy_row(cloud.dust[i].density.data() + cloud.index(old.x.low, y, z),
                                                     old.x.high - old.x.low, old.x.low, dusty, spans[z]);
                if (dusty)
                    region.y[z].add(y);
            }
    });
    for (const Span& span : spans)
        region.x.add(span);
    add_losses(losses, cloud);
}

}  // namespace platefall::collapse::dust
