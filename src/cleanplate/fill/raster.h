/// An array in the shape of a picture.
#pragma once

#include <cstddef>
#include <vector>

namespace platefall::cleanplate {

/// Has a margin on all four sides, which may be read and written like the rest.
template <class T>
class Raster {
public:
    Raster() = default;
    Raster(int width, int height, int margin, const T& fill)
        : width_(width), height_(height), margin_(margin), pitch_(width + 2 * margin),
          cells_(static_cast<std::size_t>(pitch_) * static_cast<std::size_t>(height + 2 * margin), fill)
    {
    }

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    std::ptrdiff_t pitch() const noexcept { return pitch_; }  ///< cells from one row to the next

    bool contains(int x, int y) const noexcept { return x >= 0 && x < width_ && y >= 0 && y < height_; }

    T& operator()(int x, int y) noexcept { return cells_[place(x, y)]; }
    const T& operator()(int x, int y) const noexcept { return cells_[place(x, y)]; }

private:
    std::size_t place(int x, int y) const noexcept
    {
        return static_cast<std::size_t>((y + margin_) * pitch_ + x + margin_);
    }

    int width_ = 0, height_ = 0, margin_ = 0;
    std::ptrdiff_t pitch_ = 0;
    std::vector<T> cells_;
};

}  // namespace platefall::cleanplate
