/// What all writers of EXR share: OpenImageIO's description of a file, and a file in memory. Private to this folder.
#pragma once

#include <platefall/attributes.h>
#include <platefall/image.h>

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace platefall {

/// The file that OIIO believes to write.
class MemoryFile final : public OIIO::Filesystem::IOProxy {
public:
    MemoryFile() : IOProxy("", Write) {}
    const char* proxytype() const override { return "memory"; }
    std::size_t size() const override { return bytes.size(); }
    std::size_t write(const void* from, std::size_t count) override;
    std::size_t pwrite(const void* from, std::size_t count, std::int64_t offset) override;

    std::vector<std::byte> bytes;
};

OIIO::TypeDesc oiio_type(ChannelType type);

/// Scanlines, windows, channels and attributes; no compression is said. An empty display window counts as the data window.
OIIO::ImageSpec exr_spec(const Window& data, const Window& display, const std::vector<Channel>& channels,
                         const Attributes& attributes);

/// Starts an EXR in memory. Throws Error.
std::unique_ptr<OIIO::ImageOutput> begin_exr(MemoryFile& file, const OIIO::ImageSpec& spec);

[[noreturn]] void cannot_encode(const std::string& reason);

}  // namespace platefall
