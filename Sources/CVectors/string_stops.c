// Every path finds one bit for each of 64 bytes, the lowest for the first, and writes the numbers of the set ones.
//
// What is looked for is a backslash, or, taken as signed and with one bit flipped, at most a blank: flipping takes the quote to 0x20,
// leaves control characters below it, and what is not ASCII is negative.

#include "string_stops.h"

#include <string.h>

typedef uint64_t block_bits(const uint8_t *);
typedef uint32_t *bit_writer(uint64_t, uint32_t, uint32_t *);

__attribute__((always_inline)) static inline uint32_t *write_numbers(uint64_t bits, uint32_t first, uint32_t *out) {
    uint32_t *end = out + __builtin_popcountll(bits);
    // Eight at a time, for a branch after each would be foretold wrongly too often. What no bit is left for has no meaning, and the
    // next ones overwrite it.
    while (bits) {
        for (int i = 0; i < 8; i++) {
            out[i] = first + (uint32_t)__builtin_ctzll(bits);
            bits &= bits - 1;
        }
        out += 8;
    }
    return end;
}

__attribute__((always_inline)) static inline size_t all_stops(
    block_bits *bits, bit_writer *write, const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    uint32_t *out = stops;
    size_t start = 0;
    for (; start + 64 <= count; start += 64) out = write(bits(text + start), first + (uint32_t)start, out);
    size_t rest = count - start;
    if (rest && count >= 64) {
        out = write(bits(text + count - 64) >> (64 - rest), first + (uint32_t)start, out);
    } else if (rest) {
        uint8_t block[64];
        memset(block, ' ', sizeof block);
        memcpy(block, text, rest);
        out = write(bits(block), first, out);
    }
    return (size_t)(out - stops);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline uint32_t avx2_half(const uint8_t *text) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)text);
    __m256i flipped = _mm256_xor_si256(bytes, _mm256_set1_epi8(0x02));
    __m256i stops = _mm256_or_si256(
        _mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), flipped), _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\')));
    return (uint32_t)_mm256_movemask_epi8(stops);
}

AVX2 static inline uint64_t avx2_bits(const uint8_t *text) {
    return avx2_half(text) | (uint64_t)avx2_half(text + 32) << 32;
}

AVX2 static size_t avx2_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    return all_stops(avx2_bits, write_numbers, text, count, first, stops);
}

#define AVX512 __attribute__((target("avx2,avx512bw,avx512vbmi2,bmi,popcnt")))

// As write_numbers, without a loop: the numbers 0 to 63 are pressed together to those of the set bits.
AVX512 static inline uint32_t *compress_numbers(uint64_t bits, uint32_t first, uint32_t *out) {
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
    };
    if (!bits) return out;
    uint32_t *end = out + __builtin_popcountll(bits);
    __m512i start = _mm512_set1_epi32((int)first);
    __m512i left = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    for (;;) {
        _mm512_storeu_si512(out, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(left))));
        out += 16;
        if (out >= end) return end;
        left = _mm512_alignr_epi32(left, left, 4);
    }
}

AVX512 static size_t avx512_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    return all_stops(avx2_bits, compress_numbers, text, count, first, stops);
}

static inline uint64_t sse2_quarter(const uint8_t *text) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)text);
    __m128i flipped = _mm_xor_si128(bytes, _mm_set1_epi8(0x02));
    __m128i stops =
        _mm_or_si128(_mm_cmpgt_epi8(_mm_set1_epi8(0x21), flipped), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    return (uint32_t)_mm_movemask_epi8(stops);
}

static inline uint64_t sse2_bits(const uint8_t *text) {
    return sse2_quarter(text) | sse2_quarter(text + 16) << 16 | sse2_quarter(text + 32) << 32 |
           sse2_quarter(text + 48) << 48;
}

static size_t sse2_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    return all_stops(sse2_bits, write_numbers, text, count, first, stops);
}

static size_t (*best_stops)(const uint8_t *, size_t, uint32_t, uint32_t *) = sse2_stops;

__attribute__((constructor)) static void look_at_processor(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("popcnt")) return;
    best_stops = avx2_stops;
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2")) best_stops = avx512_stops;
}

size_t string_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    return best_stops(text, count, first, stops);
}

#elif defined(__aarch64__)
#include <arm_neon.h>

static inline uint8x16_t neon_quarter(const uint8_t *text) {
    uint8x16_t bytes = vld1q_u8(text);
    int8x16_t flipped = vreinterpretq_s8_u8(veorq_u8(bytes, vdupq_n_u8(0x02)));
    return vorrq_u8(vcltq_s8(flipped, vdupq_n_s8(0x21)), vceqq_u8(bytes, vdupq_n_u8('\\')));
}

static inline uint64_t neon_bits(const uint8_t *text) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weight = vld1q_u8(weights);
    uint8x16_t low = vpaddq_u8(vandq_u8(neon_quarter(text), weight), vandq_u8(neon_quarter(text + 16), weight));
    uint8x16_t high = vpaddq_u8(vandq_u8(neon_quarter(text + 32), weight), vandq_u8(neon_quarter(text + 48), weight));
    uint8x16_t sums = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

size_t string_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    return all_stops(neon_bits, write_numbers, text, count, first, stops);
}

#else

static inline uint64_t plain_bits(const uint8_t *text) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) bits |= (uint64_t)((int8_t)(text[i] ^ 0x02) < 0x21 || text[i] == '\\') << i;
    return bits;
}

size_t string_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops) {
    return all_stops(plain_bits, write_numbers, text, count, first, stops);
}

#endif
