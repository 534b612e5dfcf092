/// An image in memory that two processes share, as a file without a name on any disk. docs/stage_protocol.md describes it
/// for those who read and write it in other languages.
#pragma once

#include <platefall/image.h>

#include <cstddef>
#include <string>
#include <vector>

namespace platefall::plugin {

/// What stands in the header. Sample c of the pixel x, y of `data` follows the header at
/// ((y - data.y0) * width + (x - data.x0)) * channels.size() + c, as a float32 of this machine.
struct ImageShape {
    Window data, display;
    std::vector<std::string> channels;
    std::vector<std::string> numbers;   ///< those among `channels` that are numbers and not colours

    std::size_t sample_count() const;
};

/// Bytes before the first sample: JSON, filled up with spaces. A whole page, so that samples can be mapped by themselves.
inline constexpr std::size_t kHeaderBytes = 4096;

/// The header as text of kHeaderBytes. Throws Error when names are too long for it.
std::string format_header(const ImageShape& shape);

/// Throws Error saying what is wrong: no header at all, not JSON, no or repeated channels, windows that are no windows,
/// more samples than `file_bytes` can hold. What is left out of `display_window` is the data window.
ImageShape parse_header(const std::string& header, std::size_t file_bytes);

/// The side that makes the memory. The other process can write into it and make it larger, but not take it away, so that
/// nothing that it does can crash us. Memory is kept from one image to the next.
class SharedImage {
public:
    SharedImage();   ///< throws Error
    ~SharedImage();
    SharedImage(const SharedImage&) = delete;
    SharedImage& operator=(const SharedImage&) = delete;

    /// A path by which a process of the same user can open it for as long as this object lives.
    std::string path() const;

    void put(const Image& image);

    /// Takes the header away, so that what was in it cannot be mistaken for an answer.
    void blank();

    /// The image in it. A channel takes its type from the one of that name in `like`; it is a half float if there is none,
    /// and a full float if it is among the shape's `numbers`. Throws as parse_header does, and for a value that is not
    /// finite, with its place.
    Image take(const std::vector<Channel>& like);

private:
    void map(std::size_t size);
    void make_room(std::size_t size);

    int file_ = -1;
    char* memory_ = nullptr;
    std::size_t mapped_ = 0;
};

/// The side that was given a path: samples are mapped, and read and written where they lie.
class MappedImage {
public:
    /// Throws Error when the file cannot be opened or holds no image.
    static MappedImage open(const std::string& path);

    /// Makes the file an image of that shape, all zero.
    static MappedImage make(const std::string& path, const ImageShape& shape);

    MappedImage(MappedImage&& other) noexcept;
    MappedImage& operator=(MappedImage&&) = delete;
    ~MappedImage();

    const ImageShape& shape() const noexcept { return shape_; }
    float* samples() noexcept;

private:
    MappedImage() = default;

    void* memory_ = nullptr;
    std::size_t size_ = 0;
    ImageShape shape_;
};

}  // namespace platefall::plugin
