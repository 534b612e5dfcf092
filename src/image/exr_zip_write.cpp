#include "image/exr_zip_write.h"

#include "base/parallel.h"
#include "image/exr_zip.h"
#include "image/samples.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>

namespace platefall {
namespace {

std::size_t bytes_of(ChannelType type)
{
    return type == ChannelType::half_float ? 2 : 4;
}

/// Channels lie in the file by name.
std::vector<int> file_order(const std::vector<Channel>& channels)
{
    std::vector<int> order(channels.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) { return channels[a].name < channels[b].name; });
    return order;
}

std::size_t line_bytes(const Image& image)
{
    std::size_t pixel = 0;
    for (const Channel& channel : image.channels())
        pixel += bytes_of(channel.type);
    return pixel * static_cast<std::size_t>(image.data_window().width());
}

int chunk_count(const Image& image, int lines)
{
    return (image.data_window().height() + lines - 1) / lines;
}

void store(std::span<const float> samples, ChannelType type, std::byte* out)
{
    switch (type) {
    case ChannelType::half_float:
        return halves_from_floats(samples.data(), samples.size(), reinterpret_cast<std::uint16_t*>(out));
    case ChannelType::full_float:
        std::memcpy(out, samples.data(), samples.size_bytes());
        return;
    case ChannelType::unsigned_int:
        for (const float sample : samples) {
            const std::uint32_t value = uint_from_float(sample);
            std::memcpy(out, &value, sizeof value);
            out += sizeof value;
        }
    }
}

/// One thread's way from rows to chunks.
class ChunkWriter {
public:
    ChunkWriter(const Image& image, int lines)
        : image_(image), lines_(lines), order_(file_order(image.channels())), line_bytes_(line_bytes(image)),
          samples_(static_cast<std::size_t>(image.data_window().width())),
          chunk_(std::make_unique_for_overwrite<std::byte[]>(line_bytes_ * static_cast<std::size_t>(lines))),
          packer_(lines, line_bytes_ * static_cast<std::size_t>(lines))
    {
    }

    /// The first line's y, the number of bytes, and the bytes.
    std::vector<std::byte> chunk(int index)
    {
        const Window& data = image_.data_window();
        const std::int32_t first = data.y0 + index * lines_;
        const int last = std::min(first + lines_, data.y1);
        std::byte* end = chunk_.get();
        for (int y = first; y < last; ++y)
            end = store_line(y, end);

        const auto packed = packer_.pack({chunk_.get(), end});
        const auto size = static_cast<std::int32_t>(packed.size());
        std::vector<std::byte> bytes;
        bytes.reserve(packed.size() + 8);
        for (const std::int32_t& number : {first, size})
            bytes.insert(bytes.end(), reinterpret_cast<const std::byte*>(&number),
                         reinterpret_cast<const std::byte*>(&number) + sizeof number);
        bytes.insert(bytes.end(), packed.begin(), packed.end());
        return bytes;
    }

private:
    std::byte* store_line(int y, std::byte* out)
    {
        for (const int c : order_) {
            const float* in = image_.row(y) + c;
            for (float& sample : samples_) {
                sample = *in;
                in += image_.channel_count();
            }
            const ChannelType type = image_.channels()[c].type;
            store(samples_, type, out);
            out += bytes_of(type) * samples_.size();
        }
        return out;
    }

    const Image& image_;
    int lines_;
    std::vector<int> order_;
    std::size_t line_bytes_;
    std::vector<float> samples_;
    std::unique_ptr<std::byte[]> chunk_;
    ZipPacker packer_;
};

}  // namespace

bool can_add_zip_chunks(const Image& image, std::string_view compression)
{
    const auto lines = static_cast<std::size_t>(zip_lines(compression));
    return lines > 0 && line_bytes(image) * lines <= std::numeric_limits<std::int32_t>::max();
}

void add_zip_chunks(std::vector<std::byte>& file, const Image& image, std::string_view compression)
{
    const int lines = zip_lines(compression), count = chunk_count(image, lines);
    std::vector<std::vector<std::byte>> chunks(static_cast<std::size_t>(count));
    parallel_rows(0, count, [&](int first, int last) {
        ChunkWriter writer(image, lines);
        for (int i = first; i < last; ++i)
            chunks[i] = writer.chunk(i);
    });

    std::vector<std::uint64_t> offsets;
    std::uint64_t offset = file.size();
    for (const auto& chunk : chunks) {
        offsets.push_back(offset);
        offset += chunk.size();
    }
    const std::size_t table_bytes = offsets.size() * sizeof offset;
    const auto table = file.end() - static_cast<std::ptrdiff_t>(std::min(table_bytes, file.size()));
    if (file.size() < table_bytes
        || std::any_of(table, file.end(), [](std::byte byte) { return byte != std::byte{}; }))
        throw std::logic_error("add_zip_chunks: the header does not end with an empty table");
    std::memcpy(&*table, offsets.data(), table_bytes);

    file.reserve(offset);
    for (auto& chunk : chunks) {
        file.insert(file.end(), chunk.begin(), chunk.end());
        chunk = {};
    }
}

}  // namespace platefall
