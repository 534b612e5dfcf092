#include "collapse/dust/transport.h"

#include "collapse/dust/sweep.h"

#include <algorithm>

namespace platefall::collapse::dust {
namespace {

constexpr float kThinnest = 1e-8f;   // kg/m3; 100 m of it take less than a thousandth of the light

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

void transport(Cloud& cloud, const Courant& courant, const Cells& cells, const std::array<float, 2>& sinking,
               int passes)
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
