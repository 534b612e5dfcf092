#include <platefall/deep_image.h>

#include <fmt/format.h>

#include <stdexcept>

namespace platefall {

DeepImage::DeepImage(const Window& data, const Window& display)
    : data_(data), display_(display), rows_(static_cast<std::size_t>(data.height()))
{
    for (Row& row : rows_) {
        row.counts.resize(static_cast<std::size_t>(data.width()));
        row.last_x = data.x0;
    }
}

void DeepImage::add(int x, int y, const DeepSample& sample)
{
    if (!data_.contains(x, y))
        throw std::logic_error(fmt::format("deep image: pixel {},{} is outside the data window", x, y));
    Row& row = rows_[row_index(y)];
    if (x < row.last_x)
        throw std::logic_error(fmt::format("deep image: pixel {},{} comes after pixel {},{}", x, y, row.last_x, y));
    row.last_x = x;
    ++row.counts[static_cast<std::size_t>(x - data_.x0)];
    row.samples.push_back(sample);
}

std::size_t DeepImage::sample_count() const noexcept
{
    std::size_t count = 0;
    for (const Row& row : rows_)
        count += row.samples.size();
    return count;
}

std::size_t DeepImage::bytes() const noexcept
{
    std::size_t bytes = rows_.size() * sizeof(Row);
    for (const Row& row : rows_)
        bytes += row.counts.capacity() * sizeof(std::uint32_t) + row.samples.capacity() * sizeof(DeepSample);
    return bytes;
}

}  // namespace platefall
