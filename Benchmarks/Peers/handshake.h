// The opening handshake of a WebSocket connection, for client and server. Blocking.

#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include <stdint.h>
#include <string.h>

#include "loopback.h"

// Reads an HTTP header byte by byte, so that the bytes after it stay in the socket.
static inline void read_header(int peer, char *header, size_t size) {
    size_t length = 0;
    while (length < 4 || memcmp(header + length - 4, "\r\n\r\n", 4)) {
        if (length + 1 >= size || read(peer, header + length, 1) != 1) fail_with("the handshake failed");
        length++;
    }
    header[length] = 0;
}

static inline uint32_t rotated(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static inline void hash_block(uint32_t state[5], const uint8_t *block) {
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 16; i++) {
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (int i = 16; i < 80; i++) w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
        static const uint32_t k[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
        uint32_t next = rotated(a, 5) + f + e + k[i / 20] + w[i];
        e = d, d = c, c = rotated(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

// Computes the SHA-1 hash of a text of fewer than 120 bytes.
static inline void hash(const char *text, uint8_t digest[20]) {
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t blocks[128] = {0};
    size_t length = strlen(text), size = length < 56 ? 64 : 128;
    memcpy(blocks, text, length);
    blocks[length] = 0x80;
    blocks[size - 2] = length * 8 >> 8;
    blocks[size - 1] = length * 8;
    for (size_t start = 0; start < size; start += 64) hash_block(state, blocks + start);
    for (int i = 0; i < 20; i++) digest[i] = state[i / 4] >> (24 - i % 4 * 8);
}

static inline void encode(const uint8_t *bytes, int count, char *text) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < count; i += 3) {
        uint32_t word = bytes[i] << 16 | (i + 1 < count ? bytes[i + 1] << 8 : 0) | (i + 2 < count ? bytes[i + 2] : 0);
        *text++ = letters[word >> 18];
        *text++ = letters[word >> 12 & 63];
        *text++ = i + 1 < count ? letters[word >> 6 & 63] : '=';
        *text++ = i + 2 < count ? letters[word & 63] : '=';
    }
    *text = 0;
}

static inline void accept_handshake(int peer) {
    static char header[16384], key[128], text[64], response[256];
    uint8_t digest[20];
    read_header(peer, header, sizeof header);
    char *field = strcasestr(header, "\r\nsec-websocket-key:");
    if (!field || sscanf(field + 20, " %60s", key) != 1) fail_with("the handshake has no key");
    strcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    hash(key, digest);
    encode(digest, 20, text);
    int length = snprintf(
        response, sizeof response,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", text);
    write_bytes(peer, response, length);
}

// Sends the client's request.
static inline void send_request(int peer) {
    static const char request[] =
        "GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Authorization: Bearer none\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    write_bytes(peer, request, sizeof request - 1);
}

static inline void read_response(int peer) {
    static char header[16384];
    read_header(peer, header, sizeof header);
    if (strncmp(header, "HTTP/1.1 101", 12)) fail_with(header);
}

#endif
