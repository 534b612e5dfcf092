/// A deep image: any number of samples in a pixel, each with its depth, so that a compositor can put something between them.
#pragma once

#include <platefall/export.h>
#include <platefall/image.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace platefall {

/// One surface (`z` and `z_back` are the same) or one slice of a volume (from `z` to `z_back`). Colours are scene-linear
/// and premultiplied; depths are distances from the camera along its axis, in metres.
struct DeepSample {
    float r = 0, g = 0, b = 0, a = 0;
    float z = 0, z_back = 0;
    bool operator==(const DeepSample&) const = default;
};

/// Keeps what was added and nothing else: 24 bytes a sample and 4 a pixel.
class PLATEFALL_API DeepImage {
public:
    DeepImage() = default;
    DeepImage(const Window& data, const Window& display);

    const Window& data_window() const noexcept { return data_; }
    const Window& display_window() const noexcept { return display_; }

    /// Adds a sample behind those that the pixel has. A row is filled from left to right; different rows may be filled by
    /// different threads. Throws std::logic_error outside the data window, or left of a pixel that has samples.
    void add(int x, int y, const DeepSample& sample);

    /// How many samples each pixel of the row has, from left to right.
    std::span<const std::uint32_t> counts(int y) const { return rows_[row_index(y)].counts; }

    /// The samples of the row: those of its leftmost pixel first, front to back.
    std::span<const DeepSample> samples(int y) const { return rows_[row_index(y)].samples; }

    std::size_t sample_count() const noexcept;
    std::size_t bytes() const noexcept;

private:
    struct Row {
        std::vector<std::uint32_t> counts;
        std::vector<DeepSample> samples;
        int last_x = 0;
    };
    std::size_t row_index(int y) const noexcept { return static_cast<std::size_t>(y - data_.y0); }

    Window data_, display_;
    std::vector<Row> rows_;
};

}  // namespace platefall
