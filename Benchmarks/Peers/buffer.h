// Bytes that grow as needed.

#ifndef BUFFER_H
#define BUFFER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
    uint8_t *bytes;
    size_t count, capacity;
};

static inline void reserve(struct buffer *buffer, size_t more) {
    size_t least = buffer->count + more;
    if (buffer->capacity >= least) return;
    buffer->capacity = least > 2 * buffer->capacity ? least : 2 * buffer->capacity;
    buffer->bytes = realloc(buffer->bytes, buffer->capacity);
}

// Removes bytes at the front.
static inline void consume(struct buffer *buffer, size_t count) {
    buffer->count -= count;
    memmove(buffer->bytes, buffer->bytes + count, buffer->count);
}

#endif
