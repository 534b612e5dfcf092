/// The image that every stage reads and writes: float32, interleaved, scene-linear, premultiplied, with
/// named channels, an EXR data window and a display window.
#pragma once

#include <platefall/export.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platefall {

/// A rectangle of pixels: x0 <= x < x1, y0 <= y < y1, y down as in EXR. (EXR files store the last pixel
/// inclusive; inside the code the maximum is always exclusive.)
struct Window {
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;

    int width() const noexcept { return x1 > x0 ? x1 - x0 : 0; }
    int height() const noexcept { return y1 > y0 ? y1 - y0 : 0; }
    bool empty() const noexcept { return width() == 0 || height() == 0; }
    bool contains(int x, int y) const noexcept { return x >= x0 && x < x1 && y >= y0 && y < y1; }
    bool contains(const Window& w) const noexcept
    {
        return w.x0 >= x0 && w.y0 >= y0 && w.x1 <= x1 && w.y1 <= y1;
    }
    bool operator==(const Window&) const = default;
};

/// The pixels in both. Empty (all zero) when they do not meet.
PLATEFALL_API Window intersect(const Window& a, const Window& b) noexcept;

/// The smallest window around both; an empty one does not count.
PLATEFALL_API Window unite(const Window& a, const Window& b) noexcept;

/// As a person reads it: "960x540", or "980x560 at -10,-10" when it does not start at the origin.
PLATEFALL_API std::string describe(const Window& window);

/// How a channel is stored in a file. In memory every channel is float32; an unsigned integer is exact up
/// to 2^24.
enum class ChannelType { half_float, full_float, unsigned_int };

struct Channel {
    std::string name;                             ///< "R", "A", "Z"; without a layer prefix
    ChannelType type = ChannelType::half_float;
    /// Numbers and not colours, whatever the name: a depth, a velocity, an id. Their type is kept, their colours are
    /// never converted, and no lossy compression touches them.
    bool data = false;
    bool operator==(const Channel&) const = default;
};

/// Memory for samples, not set to anything when it is made. Frames come and go in the same sizes, so large blocks
/// are kept for the next one and not given back to the system each time.
class PLATEFALL_API SampleBuffer {
public:
    SampleBuffer() = default;
    explicit SampleBuffer(std::size_t count);   ///< throws std::bad_alloc
    SampleBuffer(const SampleBuffer& other);
    SampleBuffer(SampleBuffer&& other) noexcept { swap(other); }
    SampleBuffer& operator=(SampleBuffer other) noexcept
    {
        swap(other);
        return *this;
    }
    ~SampleBuffer();

    float* data() noexcept { return samples_; }
    const float* data() const noexcept { return samples_; }
    std::size_t size() const noexcept { return count_; }

private:
    void swap(SampleBuffer& other) noexcept
    {
        std::swap(samples_, other.samples_);
        std::swap(count_, other.count_);
    }

    float* samples_ = nullptr;
    std::size_t count_ = 0;
};

/// Owns its pixels. Pixels outside the data window count as zero in every operation.
class PLATEFALL_API Image {
public:
    Image() = default;

    /// Every sample is set to `fill`. Throws Error if there is no channel or a name appears twice.
    Image(Window data, Window display, std::vector<Channel> channels, float fill = 0.0f);

    /// The same with samples that are not set, for those who set them all.
    static Image unset(Window data, Window display, std::vector<Channel> channels);

    const Window& data_window() const noexcept { return data_; }
    const Window& display_window() const noexcept { return display_; }
    void set_display_window(const Window& display) noexcept { display_ = display; }

    const std::vector<Channel>& channels() const noexcept { return channels_; }
    std::vector<Channel>& channels() noexcept { return channels_; }
    int channel_count() const noexcept { return static_cast<int>(channels_.size()); }
    std::optional<int> channel_index(std::string_view name) const noexcept;

    /// The first sample of the row's leftmost pixel; samples of a pixel lie together. `y` must lie inside
    /// the data window.
    float* row(int y) noexcept { return samples_.data() + row_offset(y); }
    const float* row(int y) const noexcept { return samples_.data() + row_offset(y); }

    /// The first sample of a pixel inside the data window.
    float* pixel(int x, int y) noexcept { return row(y) + column_offset(x); }
    const float* pixel(int x, int y) const noexcept { return row(y) + column_offset(x); }

    float* data() noexcept { return samples_.data(); }
    const float* data() const noexcept { return samples_.data(); }
    std::size_t sample_count() const noexcept { return samples_.size(); }
    std::size_t bytes() const noexcept { return samples_.size() * sizeof(float); }

private:
    std::size_t row_offset(int y) const noexcept
    {
        return static_cast<std::size_t>(y - data_.y0) * static_cast<std::size_t>(data_.width())
               * channels_.size();
    }
    std::size_t column_offset(int x) const noexcept
    {
        return static_cast<std::size_t>(x - data_.x0) * channels_.size();
    }

    Window data_, display_;
    std::vector<Channel> channels_;
    SampleBuffer samples_;
};

/// "R G B A", for error messages.
PLATEFALL_API std::string describe(const std::vector<Channel>& channels);

}  // namespace platefall
