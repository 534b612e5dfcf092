#include "image/exr_spec.h"

#include <platefall/error.h>

#include "image/oiio_metadata.h"

#include <cstring>
#include <stdexcept>

namespace platefall {

using OIIO::ImageOutput;
using OIIO::ImageSpec;
using OIIO::TypeDesc;

std::size_t MemoryFile::write(const void* from, std::size_t count)
{
    const std::size_t written = pwrite(from, count, m_pos);
    m_pos += static_cast<std::int64_t>(written);
    return written;
}

std::size_t MemoryFile::pwrite(const void* from, std::size_t count, std::int64_t offset)
{
    const auto at = static_cast<std::size_t>(offset);
    if (at + count > bytes.size())
        bytes.resize(at + count);
    std::memcpy(bytes.data() + at, from, count);
    return count;
}

TypeDesc oiio_type(ChannelType type)
{
    switch (type) {
    case ChannelType::half_float: return TypeDesc::HALF;
    case ChannelType::full_float: return TypeDesc::FLOAT;
    case ChannelType::unsigned_int: return TypeDesc::UINT32;
    }
    throw std::logic_error("unknown channel type");
}

ImageSpec exr_spec(const Window& data, const Window& display, const std::vector<Channel>& channels,
                   const Attributes& attributes)
{
    const Window& full = display.empty() ? data : display;
    ImageSpec spec(data.width(), data.height(), static_cast<int>(channels.size()),
                   oiio_type(channels.front().type));
    spec.x = data.x0;
    spec.y = data.y0;
    spec.full_x = full.x0;
    spec.full_y = full.y0;
    spec.full_width = full.width();
    spec.full_height = full.height();
    spec.channelnames.clear();
    for (const Channel& channel : channels) {
        spec.channelnames.push_back(channel.name);
        spec.channelformats.push_back(oiio_type(channel.type));
    }
    add_attributes(spec, attributes);
    return spec;
}

std::unique_ptr<ImageOutput> begin_exr(MemoryFile& file, const ImageSpec& spec)
{
    stop_oiio_debug_messages();
    auto output = ImageOutput::create("openexr");
    if (!output)
        cannot_encode(OIIO::geterror());
    output->set_ioproxy(&file);
    if (!output->open("memory.exr", spec))
        cannot_encode(output->geterror());
    return output;
}

void cannot_encode(const std::string& reason)
{
    throw Error("cannot encode the image: " + reason);
}

}  // namespace platefall
