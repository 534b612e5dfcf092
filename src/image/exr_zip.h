/// Packs and unpacks the chunks of EXR files with ZIP and ZIPS compression by way of libdeflate: the format
/// of OpenEXR in a fraction of the time that its zlib takes.
///
/// The bytes at even places of a chunk come first, then those at odd places; each becomes its difference from
/// the byte before it, plus 128; and that is put into zlib's format. A chunk that this would not make smaller
/// is kept as it is (OpenEXR, ImfZip.cpp and ImfOutputFile.cpp).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace platefall {

/// How many lines a chunk of a scanline file has; 0 when the compression is another, or this machine keeps
/// numbers the other way round than EXR.
int zip_lines(std::string_view compression);

/// One thread's tools for packing.
class ZipPacker {
public:
    /// For chunks of so many lines, up to so many bytes. Throws std::bad_alloc.
    ZipPacker(int lines, std::size_t largest_chunk);

    /// What the file keeps of an even number of bytes; good until the next call, and as long as `chunk`.
    std::span<const std::byte> pack(std::span<const std::byte> chunk);

private:
    struct Free {
        void operator()(libdeflate_compressor* compressor) const;
    };
    std::unique_ptr<libdeflate_compressor, Free> compressor_;
    std::unique_ptr<std::byte[]> differences_, packed_;
};

/// One thread's tools for unpacking.
class ZipUnpacker {
public:
    /// For chunks of up to so many bytes. Throws std::bad_alloc.
    explicit ZipUnpacker(std::size_t largest_chunk);

    /// Fills `chunk` with what was packed; false when `packed` is not that.
    bool unpack(std::span<const std::byte> packed, std::span<std::byte> chunk);

private:
    struct Free {
        void operator()(libdeflate_decompressor* decompressor) const;
    };
    std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
    std::unique_ptr<std::byte[]> differences_;
};

}  // namespace platefall
