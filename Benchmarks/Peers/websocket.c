// The peers of a WebSocket connection that is measured: they do as little as they can. Loopback only, Linux only.
//
//     websocket serve FILE COUNT MICROSECONDS   sends the first COUNT lines of a file, one message each
//     websocket read PORT COUNT                 reads COUNT messages, or up to a close frame
//
// `serve` listens on a free port and prints it. It sends as fast as the client takes, or a message each so many microseconds, and closes
// with 1000. `read` prints how many messages came, and their bytes.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { batch = 128 };

static const char close_frame[] = {(char)0x88, 2, 0x03, (char)0xE8};
static const char masked_close_frame[] = {(char)0x88, (char)0x82, 0, 0, 0, 0, 0x03, (char)0xE8};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void refuse(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void set_up(int peer) {
    int on = 1;
    struct timeval patience = {.tv_sec = 60};
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static void write_all(int peer, struct iovec *parts, int count) {
    while (count) {
        ssize_t written = writev(peer, parts, count);
        if (written < 0) fail("writev");
        for (; count && (size_t)written >= parts->iov_len; parts++, count--) written -= parts->iov_len;
        if (!count) return;
        parts->iov_base = (char *)parts->iov_base + written;
        parts->iov_len -= written;
    }
}

static void write_bytes(int peer, const void *bytes, size_t size) {
    struct iovec part = {(void *)bytes, size};
    write_all(peer, &part, 1);
}

// Reads a header of HTTP byte by byte, so that nothing of what follows is lost.
static void read_header(int peer, char *header, size_t size) {
    size_t length = 0;
    while (length < 4 || memcmp(header + length - 4, "\r\n\r\n", 4)) {
        if (length + 1 >= size || read(peer, header + length, 1) != 1) refuse("the handshake failed");
        length++;
    }
    header[length] = 0;
}

// MARK: the handshake's answer

static uint32_t rotated(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static void hash_block(uint32_t state[5], const uint8_t *block) {
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

// SHA-1 of a text of fewer than 120 bytes.
static void hash(const char *text, uint8_t digest[20]) {
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

static void encode(const uint8_t *bytes, int count, char *text) {
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

static void answer(int peer) {
    static char header[16384], key[128], text[64], response[256];
    uint8_t digest[20];
    read_header(peer, header, sizeof header);
    char *field = strcasestr(header, "\r\nsec-websocket-key:");
    if (!field || sscanf(field + 20, " %60s", key) != 1) refuse("the handshake has no key");
    strcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    hash(key, digest);
    encode(digest, 20, text);
    int length = snprintf(
        response, sizeof response,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", text);
    write_bytes(peer, response, length);
}

// MARK: serve

// The head of an unmasked text frame; gives its size.
static size_t frame_head(uint8_t *head, size_t size) {
    head[0] = 0x81;
    if (size < 126) return head[1] = size, 2;
    int bytes = size <= 0xFFFF ? 2 : 8;
    head[1] = bytes == 2 ? 126 : 127;
    for (int i = 0; i < bytes; i++) head[2 + i] = (uint64_t)size >> 8 * (bytes - 1 - i);
    return 2 + bytes;
}

static void wait_until(struct timespec *due, long microseconds) {
    due->tv_nsec += microseconds * 1000;
    for (; due->tv_nsec >= 1000000000; due->tv_nsec -= 1000000000) due->tv_sec++;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, NULL);
}

static void send_lines(int peer, const char *text, const char *end, long count, long pause) {
    static uint8_t heads[batch][10];
    static struct iovec parts[2 * batch];
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    while (count && text < end) {
        int taken = 0;
        for (; taken < (pause ? 1 : batch) && count && text < end; taken++, count--) {
            const char *line = memchr(text, '\n', end - text);
            size_t size = (line ? line : end) - text;
            parts[2 * taken] = (struct iovec){heads[taken], frame_head(heads[taken], size)};
            parts[2 * taken + 1] = (struct iovec){(void *)text, size};
            text += size + 1;
        }
        if (pause) wait_until(&due, pause);
        write_all(peer, parts, 2 * taken);
    }
    if (count) refuse("the file has fewer lines");
}

static void serve(const char *path, long count, long pause) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) fail(path);
    const char *text = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (text == MAP_FAILED) fail(path);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1)) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int peer = accept(listener, NULL, NULL);
    if (peer < 0) fail("accept");
    set_up(peer);
    answer(peer);
    send_lines(peer, text, text + status.st_size, count, pause);
    write_bytes(peer, close_frame, sizeof close_frame);
    char rest[4096];
    while (read(peer, rest, sizeof rest) > 0) {}
}

// MARK: read

struct reader {
    uint8_t head[10];
    size_t have;
    uint64_t left;
    long messages, bytes;
    int is_closed;
};

static size_t head_size(const struct reader *reader) {
    if (reader->have < 2) return 2;
    return reader->head[1] == 126 ? 4 : reader->head[1] == 127 ? 10 : 2;
}

static void begin_frame(struct reader *reader) {
    if (reader->head[1] & 0x80) refuse("the server masks");
    reader->left = reader->head[1];
    size_t size = head_size(reader);
    if (size > 2) {
        reader->left = 0;
        for (size_t i = 2; i < size; i++) reader->left = reader->left << 8 | reader->head[i];
    }
    if ((reader->head[0] & 0x0F) < 8) reader->bytes += reader->left;
}

static void end_frame(struct reader *reader) {
    if ((reader->head[0] & 0x0F) == 8) reader->is_closed = 1;
    if ((reader->head[0] & 0x88) == 0x80) reader->messages++;
    reader->have = 0;
}

static void take(struct reader *reader, const uint8_t *bytes, size_t count) {
    while (count) {
        if (reader->have < head_size(reader)) {
            reader->head[reader->have++] = *bytes++;
            count--;
            if (reader->have < head_size(reader)) continue;
            begin_frame(reader);
        } else {
            size_t part = count < reader->left ? count : reader->left;
            reader->left -= part;
            bytes += part;
            count -= part;
        }
        if (!reader->left) end_frame(reader);
    }
}

static void read_messages(int port, long count) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int peer = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(peer, (struct sockaddr *)&address, sizeof address)) fail("connect");
    set_up(peer);
    static const char request[] =
        "GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    write_bytes(peer, request, sizeof request - 1);
    static char header[16384];
    read_header(peer, header, sizeof header);
    if (strncmp(header, "HTTP/1.1 101", 12)) refuse(header);
    static uint8_t buffer[64 << 10];
    struct reader reader = {0};
    while (reader.messages < count && !reader.is_closed) {
        ssize_t size = read(peer, buffer, sizeof buffer);
        if (size < 0) fail("read");
        if (size == 0) break;
        take(&reader, buffer, size);
    }
    printf("%ld %ld\n", reader.messages, reader.bytes);
    write_bytes(peer, masked_close_frame, sizeof masked_close_frame);
    shutdown(peer, SHUT_WR);
    while (read(peer, buffer, sizeof buffer) > 0) {}
}

int main(int count, char **words) {
    if (count == 5 && !strcmp(words[1], "serve")) return serve(words[2], atol(words[3]), atol(words[4])), 0;
    if (count == 4 && !strcmp(words[1], "read")) return read_messages(atoi(words[2]), atol(words[3])), 0;
    return fputs("usage: websocket serve FILE COUNT MICROSECONDS | websocket read PORT COUNT\n", stderr), 2;
}
