#include "base64_blocks.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

// A table of sixteen bytes, once for each half of a vector.
AVX2 static inline __m256i table(
    char a, char b, char c, char d, char e, char f, char g, char h, char i, char j, char k, char l, char m, char n, char o, char p) {
    return _mm256_broadcastsi128_si256(_mm_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p));
}

// The values of 32 letters; all bits of `wrong` stay unset if they are letters.
AVX2 static inline __m256i letter_values(__m256i letters, __m256i *wrong) {
    // Each upper half byte stands for a class of letters: 1 for + and /, 2 for digits, 4 for A to O and a to o, 8 for P to Z and p to
    // z, 16 for none. Each lower one says in which classes it occurs in no letter.
    __m256i classes = table(16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16);
    __m256i absences = table(21, 17, 17, 17, 17, 17, 17, 17, 17, 17, 19, 26, 27, 27, 27, 26);
    // By upper half byte, that of / less one.
    __m256i shifts = table(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    __m256i half = _mm256_set1_epi8(0x0F);
    __m256i upper = _mm256_and_si256(_mm256_srli_epi32(letters, 4), half);
    __m256i lower = _mm256_and_si256(letters, half);
    *wrong = _mm256_and_si256(_mm256_shuffle_epi8(classes, upper), _mm256_shuffle_epi8(absences, lower));
    __m256i slashes = _mm256_cmpeq_epi8(letters, _mm256_set1_epi8('/'));
    return _mm256_add_epi8(letters, _mm256_shuffle_epi8(shifts, _mm256_add_epi8(upper, slashes)));
}

// 24 bytes, then eight of no meaning.
AVX2 static inline __m256i pressed(__m256i values) {
    __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    __m256i bytes = _mm256_shuffle_epi8(fours, table(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    return _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

AVX2 static size_t avx2_blocks(const uint8_t *text, size_t count, uint8_t *bytes, size_t room) {
    size_t offset = 0;
    for (size_t place = 0; offset + 32 <= count && place + 32 <= room; place += 24, offset += 32) {
        __m256i wrong;
        __m256i values = letter_values(_mm256_loadu_si256((const __m256i *)(text + offset)), &wrong);
        if (!_mm256_testz_si256(wrong, wrong)) break;
        _mm256_storeu_si256((__m256i *)(bytes + place), pressed(values));
    }
    return offset;
}

static int has_avx2;

__attribute__((constructor)) static void look_at_processor(void) {
    __builtin_cpu_init();
    has_avx2 = __builtin_cpu_supports("avx2");
}

size_t base64_blocks(const uint8_t *text, size_t count, uint8_t *bytes, size_t room) {
    return has_avx2 ? avx2_blocks(text, count, bytes, room) : 0;
}

#else

size_t base64_blocks(const uint8_t *text, size_t count, uint8_t *bytes, size_t room) {
    (void)text, (void)count, (void)bytes, (void)room;
    return 0;
}

#endif
