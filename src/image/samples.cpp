#include "image/samples.h"

#include <Imath/half.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace platefall {
namespace {

constexpr float kLargestHalf = 65504.0f;
constexpr std::uint16_t kHalfExponent = 0x7c00;          // all ones: infinity or NaN
constexpr std::uint32_t kFloatExponent = 0x7f800000;
constexpr std::uint32_t kLargestExactUint = 1u << 24;

bool floats_from_halves_one_by_one(const std::uint16_t* bits, std::size_t count, float* out)
{
    bool finite = true;
    for (std::size_t i = 0; i < count; ++i) {
        finite &= (bits[i] & kHalfExponent) != kHalfExponent;
        out[i] = imath_half_to_float(bits[i]);
    }
    return finite;
}

void halves_from_floats_one_by_one(const float* samples, std::size_t count, std::uint16_t* out)
{
    for (std::size_t i = 0; i < count; ++i)   // in this order of arguments NaN stays NaN
        out[i] = imath_float_to_half(std::min(std::max(samples[i], -kLargestHalf), kLargestHalf));
}

#if defined(__x86_64__)

bool has_half_instructions()
{
    return __builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c");
}

__attribute__((target("avx,f16c"))) bool floats_from_eights(const std::uint16_t* bits, std::size_t eights,
                                                            float* out)
{
    const __m128i exponent = _mm_set1_epi16(static_cast<short>(kHalfExponent));
    __m128i special = _mm_setzero_si128();
    for (std::size_t i = 0; i < eights; ++i) {
        const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bits + 8 * i));
        special = _mm_or_si128(special, _mm_cmpeq_epi16(_mm_and_si128(half, exponent), exponent));
        _mm256_storeu_ps(out + 8 * i, _mm256_cvtph_ps(half));
    }
    return _mm_movemask_epi8(special) == 0;
}

__attribute__((target("avx,f16c"))) void eights_from_floats(const float* samples, std::size_t eights,
                                                            std::uint16_t* out)
{
    const __m256 low = _mm256_set1_ps(-kLargestHalf), high = _mm256_set1_ps(kLargestHalf);
    for (std::size_t i = 0; i < eights; ++i) {
        // When one operand is NaN the second is the result: NaN stays NaN here too.
        const __m256 in = _mm256_loadu_ps(samples + 8 * i);
        const __m256 in_range = _mm256_min_ps(high, _mm256_max_ps(low, in));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 8 * i),
                         _mm256_cvtps_ph(in_range, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    }
}

#else

bool has_half_instructions() { return false; }
bool floats_from_eights(const std::uint16_t*, std::size_t, float*) { return true; }
void eights_from_floats(const float*, std::size_t, std::uint16_t*) {}

#endif

}  // namespace

bool floats_from_halves(const std::uint16_t* bits, std::size_t count, float* out)
{
    const std::size_t eights = has_half_instructions() ? count / 8 : 0;
    const bool finite = floats_from_eights(bits, eights, out);
    return floats_from_halves_one_by_one(bits + 8 * eights, count - 8 * eights, out + 8 * eights) && finite;
}

void halves_from_floats(const float* samples, std::size_t count, std::uint16_t* out)
{
    const std::size_t eights = has_half_instructions() ? count / 8 : 0;
    eights_from_floats(samples, eights, out);
    halves_from_floats_one_by_one(samples + 8 * eights, count - 8 * eights, out + 8 * eights);
}

bool floats_from_uints(const std::byte* uints, std::size_t count, float* out)
{
    bool exact = true;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t value = 0;
        std::memcpy(&value, uints + i * sizeof value, sizeof value);
        exact &= value <= kLargestExactUint;
        out[i] = static_cast<float>(value);
    }
    return exact;
}

bool all_finite(const float* samples, std::size_t count)
{
    bool finite = true;
    for (std::size_t i = 0; i < count; ++i)
        finite &= (std::bit_cast<std::uint32_t>(samples[i]) & kFloatExponent) != kFloatExponent;
    return finite;
}

std::uint32_t uint_from_float(float sample)
{
    if (!(sample > 0.0f))
        return 0;
    if (sample >= 4294967296.0f)
        return UINT32_MAX;
    return static_cast<std::uint32_t>(std::llrint(static_cast<double>(sample)));
}

}  // namespace platefall
