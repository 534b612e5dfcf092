#include "plugin/shared_image.h"

#include "base/parallel.h"
#include "plugin/protocol.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <set>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace platefall::plugin {
namespace {

constexpr std::size_t kBand = std::size_t{1} << 16;    // samples that one thread copies at a time: they fit into its cache

Error system_error(const std::string& doing)
{
    return Error(fmt::format("{}: {}", doing, std::strerror(errno)));
}

void check_channels(const ImageShape& shape)
{
    if (shape.channels.empty())
        throw Error("it has no channel");
    std::set<std::string> seen;
    for (const std::string& channel : shape.channels)
        if (channel.empty() || !seen.insert(channel).second)
            throw Error(channel.empty() ? "a channel has no name"
                                        : fmt::format("channel '{}' appears twice", channel));
}

ImageShape shape_from(const Json& header)
{
    if (header.value("platefall_image", 0) != 1)
        throw Error("it does not begin with {\"platefall_image\": 1, ...}");
    ImageShape shape;
    shape.data = window_from(header, "data_window");
    shape.display = header.contains("display_window") ? window_from(header, "display_window") : shape.data;
    shape.channels = header.at("channels").get<std::vector<std::string>>();
    shape.numbers = header.value("numbers", std::vector<std::string>{});
    check_channels(shape);
    return shape;
}

Channel channel_like(const std::string& name, const ImageShape& shape, const std::vector<Channel>& like)
{
    if (std::ranges::find(shape.numbers, name) != shape.numbers.end())
        return {name, ChannelType::full_float, true};
    const auto same = std::ranges::find(like, name, &Channel::name);
    return same == like.end() ? Channel{name} : *same;
}

/// Calls `copy` for bands of samples that are together all of them, on all threads.
void in_bands(std::size_t samples, const std::function<void(std::size_t first, std::size_t count)>& copy)
{
    parallel_each(static_cast<int>((samples + kBand - 1) / kBand), [&](int band) {
        const std::size_t first = static_cast<std::size_t>(band) * kBand;
        copy(first, std::min(kBand, samples - first));
    });
}

bool all_finite(const float* samples, std::size_t count)
{
    std::uint32_t any = 0;
    for (std::size_t i = 0; i < count; ++i)   // without a branch, so that it costs no more than reading
        any |= static_cast<std::uint32_t>(!std::isfinite(samples[i]));
    return any == 0;
}

std::string first_not_finite(const Image& image)
{
    const float* found =
        std::find_if(image.data(), image.data() + image.sample_count(), [](float sample) { return !std::isfinite(sample); });
    const auto sample = static_cast<std::size_t>(found - image.data());
    const std::size_t channels = image.channels().size(), pixel = sample / channels;
    const auto width = static_cast<std::size_t>(image.data_window().width());
    return fmt::format("channel {} at {},{}", image.channels()[sample % channels].name,
                       image.data_window().x0 + static_cast<int>(pixel % width),
                       image.data_window().y0 + static_cast<int>(pixel / width));
}

}  // namespace

std::size_t ImageShape::sample_count() const
{
    return static_cast<std::size_t>(data.width()) * static_cast<std::size_t>(data.height()) * channels.size();
}

std::string format_header(const ImageShape& shape)
{
    Json header{{"platefall_image", 1},
                {"data_window", window_json(shape.data)},
                {"display_window", window_json(shape.display)},
                {"channels", shape.channels}};
    if (!shape.numbers.empty())
        header["numbers"] = shape.numbers;
    std::string text = header.dump();
    if (text.size() >= kHeaderBytes)
        throw Error(fmt::format("the names of its {} channels do not fit into the header of {} bytes",
                                shape.channels.size(), kHeaderBytes));
    text.resize(kHeaderBytes - 1, ' ');
    return text + '\n';
}

ImageShape parse_header(const std::string& header, std::size_t file_bytes)
try {
    if (header.find_first_not_of(std::string_view("\0 \n", 3)) == std::string::npos)
        throw Error("nothing was written");
    // A zero ends it too, for those who do not fill it up with spaces.
    const ImageShape shape = shape_from(Json::parse(header.substr(0, header.find('\0'))));
    const std::size_t needed = kHeaderBytes + shape.sample_count() * sizeof(float);
    if (needed > file_bytes)
        throw Error(fmt::format("its header promises {} with channels {}, {} bytes, but there are {}",
                                describe(shape.data), fmt::join(shape.channels, " "), needed, file_bytes));
    return shape;
} catch (const Json::exception& error) {
    throw Error(fmt::format("its header is not what it should be: {}", error.what()));
}

SharedImage::SharedImage() : file_(::memfd_create("platefall-image", MFD_CLOEXEC | MFD_ALLOW_SEALING))
{
    if (file_ < 0 || ::fcntl(file_, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
        throw system_error("cannot make shared memory");
    make_room(kHeaderBytes);
}

SharedImage::~SharedImage()
{
    if (memory_)
        ::munmap(memory_, mapped_);
    ::close(file_);
}

std::string SharedImage::path() const
{
    return fmt::format("/proc/{}/fd/{}", ::getpid(), file_);
}

/// Maps the whole file, which has `size` bytes.
void SharedImage::map(std::size_t size)
{
    if (size <= mapped_)
        return;
    void* memory = memory_ ? ::mremap(memory_, mapped_, size, MREMAP_MAYMOVE)
                           : ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (memory == MAP_FAILED)
        throw system_error("cannot map shared memory");
    memory_ = static_cast<char*>(memory);
    mapped_ = size;
}

/// Room is allocated at once: a page that cannot be had later on would end the process.
void SharedImage::make_room(std::size_t size)
{
    if (size > mapped_)
        if (const int failure = ::posix_fallocate(file_, 0, static_cast<off_t>(size)); failure != 0)
            throw Error(fmt::format("cannot make {} bytes of shared memory: {}", size, std::strerror(failure)));
    map(size);
}

void SharedImage::put(const Image& image)
{
    ImageShape shape{image.data_window(), image.display_window(), {}, {}};
    for (const Channel& channel : image.channels()) {
        shape.channels.push_back(channel.name);
        if (channel.data)
            shape.numbers.push_back(channel.name);
    }
    const std::string header = format_header(shape);
    make_room(kHeaderBytes + image.bytes());
    std::memcpy(memory_, header.data(), header.size());
    in_bands(image.sample_count(), [&](std::size_t first, std::size_t count) {
        std::memcpy(memory_ + kHeaderBytes + first * sizeof(float), image.data() + first, count * sizeof(float));
    });
}

void SharedImage::blank()
{
    std::memset(memory_, ' ', kHeaderBytes);
}

Image SharedImage::take(const std::vector<Channel>& like)
{
    struct stat state{};
    if (::fstat(file_, &state) != 0)
        throw system_error("cannot read from shared memory");
    const ImageShape shape =
        parse_header(std::string(memory_, kHeaderBytes), static_cast<std::size_t>(state.st_size));
    map(static_cast<std::size_t>(state.st_size));

    std::vector<Channel> channels;
    for (const std::string& name : shape.channels)
        channels.push_back(channel_like(name, shape, like));
    Image image = Image::unset(shape.data, shape.display, std::move(channels));
    std::atomic<bool> finite{true};
    in_bands(image.sample_count(), [&](std::size_t first, std::size_t count) {
        std::memcpy(image.data() + first, memory_ + kHeaderBytes + first * sizeof(float), count * sizeof(float));
        if (!all_finite(image.data() + first, count))
            finite = false;
    });
    if (!finite)
        throw Error(fmt::format("a value is not finite: {}", first_not_finite(image)));
    return image;
}

MappedImage::MappedImage(MappedImage&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), size_(other.size_), shape_(std::move(other.shape_))
{
}

MappedImage::~MappedImage()
{
    if (memory_)
        ::munmap(memory_, size_);
}

float* MappedImage::samples() noexcept
{
    return reinterpret_cast<float*>(static_cast<char*>(memory_) + kHeaderBytes);
}

MappedImage MappedImage::open(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat state{};
    if (file < 0 || ::fstat(file, &state) != 0)
        throw system_error(fmt::format("cannot open '{}'", path));
    MappedImage image;
    image.size_ = static_cast<std::size_t>(state.st_size);
    void* memory = ::mmap(nullptr, std::max<std::size_t>(image.size_, 1), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED)
        throw system_error(fmt::format("cannot map '{}'", path));
    image.memory_ = memory;
    const std::size_t header = std::min(kHeaderBytes, image.size_);
    image.shape_ = parse_header(std::string(static_cast<const char*>(memory), header), image.size_);
    return image;
}

MappedImage MappedImage::make(const std::string& path, const ImageShape& shape)
{
    const std::string header = format_header(shape);
    MappedImage image;
    image.shape_ = parse_header(header, SIZE_MAX);   // refuses what the other side would refuse
    image.size_ = kHeaderBytes + shape.sample_count() * sizeof(float);
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    struct stat state{};
    if (file < 0 || ::fstat(file, &state) != 0)
        throw system_error(fmt::format("cannot open '{}'", path));
    if (static_cast<std::size_t>(state.st_size) < image.size_ && ::ftruncate(file, static_cast<off_t>(image.size_)) != 0)
        throw system_error(fmt::format("cannot make room for {} in '{}'", describe(shape.data), path));
    void* memory = ::mmap(nullptr, image.size_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (memory == MAP_FAILED)
        throw system_error(fmt::format("cannot map '{}'", path));
    image.memory_ = memory;
    std::memcpy(memory, header.data(), header.size());
    std::memset(image.samples(), 0, image.size_ - kHeaderBytes);
    return image;
}

}  // namespace platefall::plugin
