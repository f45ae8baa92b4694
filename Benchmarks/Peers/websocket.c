// Minimal WebSocket peers for a measured connection. Loopback interface only, Linux only.
//
//     websocket serve FILE COUNT MICROSECONDS   sends the first COUNT lines of a file, one message each
//     websocket read PORT COUNT                 reads COUNT messages, or up to a close frame
//
// `serve` listens on a free port and prints it. If MICROSECONDS is 0, it sends as fast as the client reads. Otherwise
// it sends one message each MICROSECONDS microseconds. Then it closes with code 1000. `read` prints the number of
// messages and of their bytes.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "frames.h"
#include "handshake.h"
#include "loopback.h"

enum { batch = 128 };

static const char close_frame[] = {(char)0x88, 2, 0x03, (char)0xE8};
static const char masked_close_frame[] = {(char)0x88, (char)0x82, 0, 0, 0, 0, 0x03, (char)0xE8};

// MARK: serve

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
        int lines = 0;
        for (; lines < (pause ? 1 : batch) && count && text < end; lines++, count--) {
            const char *line = memchr(text, '\n', end - text);
            size_t size = (line ? line : end) - text;
            parts[2 * lines] = (struct iovec){heads[lines], write_head(heads[lines], is_final | text_opcode, size)};
            parts[2 * lines + 1] = (struct iovec){(void *)text, size};
            text += size + 1;
        }
        if (pause) wait_until(&due, pause);
        write_all(peer, parts, 2 * lines);
    }
    if (count) fail_with("the file has fewer lines");
}

static void serve(const char *path, long count, long pause) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) fail(path);
    const char *text = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (text == MAP_FAILED) fail(path);
    int listener = listen_on_loopback();
    int peer = accept(listener, NULL, NULL);
    if (peer < 0) fail("accept");
    set_options(peer);
    accept_handshake(peer);
    send_lines(peer, text, text + status.st_size, count, pause);
    write_bytes(peer, close_frame, sizeof close_frame);
    char rest[4096];
    while (read(peer, rest, sizeof rest) > 0) {}
}

// MARK: read

struct reader {
    uint8_t head[10];
    size_t head_count;
    uint64_t left;
    long messages, bytes;
    int is_closed;
};

static size_t head_size(const struct reader *reader) {
    if (reader->head_count < 2) return 2;
    return reader->head[1] == 126 ? 4 : reader->head[1] == 127 ? 10 : 2;
}

static void begin_frame(struct reader *reader) {
    if (reader->head[1] & 0x80) fail_with("the server sent a masked frame");
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
    reader->head_count = 0;
}

static void parse(struct reader *reader, const uint8_t *bytes, size_t count) {
    while (count) {
        if (reader->head_count < head_size(reader)) {
            reader->head[reader->head_count++] = *bytes++;
            count--;
            if (reader->head_count < head_size(reader)) continue;
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
    int peer = connect_to_loopback(port);
    set_options(peer);
    send_request(peer);
    read_response(peer);
    static uint8_t buffer[64 << 10];
    struct reader reader = {0};
    while (reader.messages < count && !reader.is_closed) {
        ssize_t size = read(peer, buffer, sizeof buffer);
        if (size < 0) fail("read");
        if (size == 0) break;
        parse(&reader, buffer, size);
    }
    printf("%ld %ld\n", reader.messages, reader.bytes);
    write_bytes(peer, masked_close_frame, sizeof masked_close_frame);
    shutdown(peer, SHUT_WR);
    while (read(peer, buffer, sizeof buffer) > 0) {}
}

int main(int count, char **arguments) {
    if (count == 5 && !strcmp(arguments[1], "serve")) return serve(arguments[2], atol(arguments[3]), atol(arguments[4])), 0;
    if (count == 4 && !strcmp(arguments[1], "read")) return read_messages(atoi(arguments[2]), atol(arguments[3])), 0;
    return fputs("usage: websocket serve FILE COUNT MICROSECONDS | websocket read PORT COUNT\n", stderr), 2;
}
