// The frames of a WebSocket connection.

#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "loopback.h"

enum { is_final = 0x80, is_masked = 0x80, opcode = 0x0F, text_opcode = 1, close_opcode = 8, ping_opcode = 9, pong_opcode = 10 };
enum { head_limit = 14 };

struct frame {
    uint8_t first;  // the final bit and the opcode
    uint8_t *key;  // NULL for a frame without a mask
    size_t head, payload;
};

// Parses the header of a frame; returns false if it is incomplete.
static inline int read_frame(uint8_t *bytes, size_t count, struct frame *frame) {
    if (count < 2) return 0;
    size_t size = bytes[1] & 0x7F, extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    frame->first = bytes[0];
    frame->head = 2 + extra + (bytes[1] & is_masked ? 4 : 0);
    if (count < frame->head) return 0;
    for (size_t i = 0; i < extra; i++) size = (i ? size << 8 : 0) | bytes[2 + i];
    frame->payload = size;
    frame->key = bytes[1] & is_masked ? bytes + frame->head - 4 : NULL;
    return 1;
}

// Writes the header of an unmasked frame and returns its size.
static inline size_t write_head(uint8_t *head, uint8_t first, size_t size) {
    head[0] = first;
    if (size < 126) return head[1] = size, 2;
    int bytes = size <= 0xFFFF ? 2 : 8;
    head[1] = bytes == 2 ? 126 : 127;
    for (int i = 0; i < bytes; i++) head[2 + i] = (uint64_t)size >> 8 * (bytes - 1 - i);
    return 2 + bytes;
}

// Masks or unmasks a payload.
static inline void mask(uint8_t *bytes, size_t count, const uint8_t key[4]) {
    uint64_t word, keys;
    memcpy(&keys, key, 4);
    memcpy((uint8_t *)&keys + 4, key, 4);
    size_t offset = 0;
    for (; offset + 8 <= count; offset += 8) {
        memcpy(&word, bytes + offset, 8);
        word ^= keys;
        memcpy(bytes + offset, &word, 8);
    }
    for (; offset < count; offset++) bytes[offset] ^= key[offset & 3];
}

// Writes an unpredictable masking key, as RFC 6455 requires.
static inline void write_key(uint8_t key[4]) {
    static uint8_t pool[4096];
    static size_t used = sizeof pool;
    if (used == sizeof pool) {
        for (used = 0; used < sizeof pool; used += 256) {
            if (getrandom(pool + used, 256, 0) != 256) fail("getrandom");
        }
        used = 0;
    }
    memcpy(key, pool + used, 4);
    used += 4;
}

#endif
