#include "image/exr_zip.h"

#include <libdeflate.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <new>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace platefall {
namespace {

// The fastest levels whose files are at most 2 % larger than OpenEXR's own (zlib at level 4), measured on
// grainy plates and on clean CG: -1 to +2 % in a third of the time for ZIP; level 1 would cost ZIPS up to 3
// %, level 2 -1 to +1 % in half the time.
constexpr int kZipLevel = 1, kZipsLevel = 2;
constexpr int kZipLines = 16, kZipsLines = 1;

using Byte = std::uint8_t;

Byte* bytes(const std::unique_ptr<std::byte[]>& memory)
{
    return reinterpret_cast<Byte*>(memory.get());
}

/// Even places first, as differences.
void split_into_differences(const Byte* in, std::size_t count, Byte* out)
{
    const std::size_t half = count / 2;
    Byte* odd = out + half;
    out[0] = in[0];
    odd[0] = static_cast<Byte>(in[1] - in[count - 2] + 128);
    for (std::size_t i = 1; i < half; ++i) {
        out[i] = static_cast<Byte>(in[2 * i] - in[2 * i - 2] + 128);
        odd[i] = static_cast<Byte>(in[2 * i + 1] - in[2 * i - 1] + 128);
    }
}

#if defined(__x86_64__)

/// Whole sixteens of undo_differences; says how many bytes that were.
std::size_t undo_sixteens(Byte* bytes, std::size_t count)
{
    const __m128i bias = _mm_set1_epi8(-128);
    __m128i before = bias;
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m128i* at = reinterpret_cast<__m128i*>(bytes + i);
        __m128i sums = _mm_xor_si128(_mm_loadu_si128(at), bias);  // which subtracts 128
        sums = _mm_add_epi8(sums, _mm_slli_si128(sums, 1));
        sums = _mm_add_epi8(sums, _mm_slli_si128(sums, 2));
        sums = _mm_add_epi8(sums, _mm_slli_si128(sums, 4));
        sums = _mm_add_epi8(sums, _mm_slli_si128(sums, 8));
        _mm_storeu_si128(at, _mm_add_epi8(sums, before));

        const __m128i last = _mm_shufflehi_epi16(_mm_unpackhi_epi8(sums, sums), 0xff);
        before = _mm_add_epi8(before, _mm_unpackhi_epi64(last, last));
    }
    return i;
}

#else

std::size_t undo_sixteens(Byte*, std::size_t)
{
    return 0;
}

#endif

void undo_differences(Byte* bytes, std::size_t count)
{
    std::size_t i = undo_sixteens(bytes, count);
    for (i = std::max<std::size_t>(i, 1); i < count; ++i)
        bytes[i] = static_cast<Byte>(bytes[i - 1] + bytes[i] - 128);
}

void merge_halves(const Byte* in, std::size_t count, Byte* out)
{
    const std::size_t half = count / 2;
    for (std::size_t i = 0; i < half; ++i) {
        out[2 * i] = in[i];
        out[2 * i + 1] = in[half + i];
    }
}

}  // namespace

int zip_lines(std::string_view compression)
{
    if constexpr (std::endian::native != std::endian::little)
        return 0;
    return compression == "zip" ? kZipLines : compression == "zips" ? kZipsLines : 0;
}

void ZipPacker::Free::operator()(libdeflate_compressor* compressor) const
{
    libdeflate_free_compressor(compressor);
}

ZipPacker::ZipPacker(int lines, std::size_t largest_chunk)
    : compressor_(libdeflate_alloc_compressor(lines == kZipsLines ? kZipsLevel : kZipLevel)),
      differences_(std::make_unique_for_overwrite<std::byte[]>(largest_chunk)),
      packed_(std::make_unique_for_overwrite<std::byte[]>(largest_chunk))
{
    if (!compressor_)
        throw std::bad_alloc();
}

std::span<const std::byte> ZipPacker::pack(std::span<const std::byte> chunk)
{
    const std::size_t count = chunk.size();
    split_into_differences(reinterpret_cast<const Byte*>(chunk.data()), count, bytes(differences_));
    const std::size_t smaller =
        libdeflate_zlib_compress(compressor_.get(), differences_.get(), count, packed_.get(), count - 1);
    return smaller == 0 ? chunk : std::span<const std::byte>(packed_.get(), smaller);
}

void ZipUnpacker::Free::operator()(libdeflate_decompressor* decompressor) const
{
    libdeflate_free_decompressor(decompressor);
}

ZipUnpacker::ZipUnpacker(std::size_t largest_chunk)
    : decompressor_(libdeflate_alloc_decompressor()),
      differences_(std::make_unique_for_overwrite<std::byte[]>(largest_chunk))
{
    if (!decompressor_)
        throw std::bad_alloc();
}

bool ZipUnpacker::unpack(std::span<const std::byte> packed, std::span<std::byte> chunk)
{
    const std::size_t count = chunk.size();
    if (packed.size() >= count) {
        std::copy_n(packed.begin(), count, chunk.begin());
        return packed.size() == count;
    }
    // Without a place for the count, anything but exactly `count` bytes is a failure.
    if (libdeflate_zlib_decompress(decompressor_.get(), packed.data(), packed.size(), differences_.get(),
                                   count, nullptr)
        != LIBDEFLATE_SUCCESS)
        return false;
    undo_differences(bytes(differences_), count);
    merge_halves(bytes(differences_), count, reinterpret_cast<Byte*>(chunk.data()));
    return true;
}

}  // namespace platefall
