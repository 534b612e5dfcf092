#include "cleanplate/fill/composite.h"

#include "base/parallel.h"
#include "cleanplate/log_encoding.h"
#include "image/windows.h"

#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr int kBlurRadius = 2;

/// Mean of the log-encoded known pixels around each known pixel.
Raster<Colour> blurred_logs(const Image& picture, const Window& part, const Level& level)
{
    Raster<Colour> logs(level.width, level.height, 0, Colour{}), blurred = logs;
    parallel_rows(0, level.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < level.width; ++x)
                if (level.kinds(x, y) == Kind::source)
                    for (int c = 0; c < 3; ++c)
                        logs(x, y)[c] = log_encode(picture.pixel(part.x0 + x, part.y0 + y)[c]);
    });
    parallel_rows(0, level.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < level.width; ++x) {
                Colour sum{};
                int count = 0;
                for (int dy = -kBlurRadius; dy <= kBlurRadius; ++dy)
                    for (int dx = -kBlurRadius; dx <= kBlurRadius; ++dx)
                        if (logs.contains(x + dx, y + dy) && level.kinds(x + dx, y + dy) == Kind::source) {
                            for (int c = 0; c < 3; ++c)
                                sum[c] += logs(x + dx, y + dy)[c];
                            ++count;
                        }
                for (int c = 0; c < 3 && count > 0; ++c)
                    blurred(x, y)[c] = sum[c] / static_cast<float>(count);
            }
    });
    return blurred;
}

Window around(const std::vector<Pixel>& pixels)
{
    Window box;
    for (const Pixel& p : pixels)
        box = unite(box, {p.x, p.y, p.x + 1, p.y + 1});
    return box;
}

}  // namespace

Composite::Composite(const Image& picture, const Window& part, const Level& level, std::vector<Shift> shifts)
    : level_(level), shifts_(std::move(shifts)), box_(around(level.hole)),
      logs_(blurred_logs(picture, part, level)), index_(box_.width(), box_.height(), 0, -1)
{
    for (std::size_t i = 0; i < level.hole.size(); ++i)
        index_(level.hole[i].x - box_.x0, level.hole[i].y - box_.y0) = static_cast<std::int32_t>(i);
}

bool Composite::is_known(const Pixel& p) const
{
    return level_.kinds.contains(p.x, p.y) && level_.kinds(p.x, p.y) == Kind::source;
}

std::int32_t Composite::index(const Pixel& p) const
{
    return box_.contains(p.x, p.y) ? index_(p.x - box_.x0, p.y - box_.y0) : -1;
}

Place Composite::source(const Pixel& p, const Pixel& as) const
{
    const std::int32_t i = index(as);
    return i < 0 ? place_of(p) : moved(level_, place_of(p), shifts_[static_cast<std::size_t>(i)]);
}

}  // namespace platefall::cleanplate
