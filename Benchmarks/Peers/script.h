// The messages that every session of `sessions` sends, read from a file.
//
// A line is `MICROSECONDS SENDER TEXT`: the time since the session's beginning, `server` or `client`, and the message.
// Lines are in the order of their times. Each text has `_00000_00000000"` after `"event_id":"event`. The numbers of the
// session and of the message replace these zeros, so that all messages are different.

#ifndef SCRIPT_H
#define SCRIPT_H

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "loopback.h"

enum { max_number_positions = 2, session_digits = 5, message_digits = 8, sessions_limit = 10000 };

struct message {
    int64_t at;  // nanoseconds
    int is_from_client;
    uint8_t *text;
    size_t size;
    uint8_t *number_positions[max_number_positions];  // the placeholders for the numbers; NULL-terminated unless full
};

struct script {
    struct message *messages;
    long count;
};

static const char number_mark[] = "_00000_00000000\"", identifier_mark[] = "\"event_id\":\"event_";

static inline void find_number_positions(struct message *message) {
    uint8_t *from = message->text, *end = from + message->size;
    for (int index = 0; index < max_number_positions; index++) {
        uint8_t *found = memmem(from, end - from, number_mark, sizeof number_mark - 1);
        if (!found) break;
        message->number_positions[index] = found + 1;
        from = found + 1;
    }
    if (!memmem(message->text, message->size, identifier_mark, sizeof identifier_mark - 1)) fail_with("a message has no event_id");
}

static inline uint8_t *read_message(uint8_t *line, uint8_t *end, struct message *message) {
    uint8_t *line_end = memchr(line, '\n', end - line);
    char *sender;
    long microseconds = strtol((char *)line, &sender, 10);
    if (!line_end || line_end - (uint8_t *)sender < 8) fail_with("the script is damaged");
    uint8_t *text = (uint8_t *)sender + sizeof " client " - 1;
    *message = (struct message){microseconds * 1000, !memcmp(sender, " client ", 8), text, line_end - text, {NULL}};
    find_number_positions(message);
    return line_end + 1;
}

static inline struct script read_script(const char *path) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) fail(path);
    uint8_t *text = malloc(status.st_size + 1), *end = text + status.st_size;
    for (uint8_t *position = text; position < end;) {
        ssize_t count = read(file, position, end - position);
        if (count <= 0) fail(path);
        position += count;
    }
    *end = 0;
    close(file);
    struct script script = {NULL, 0};
    for (uint8_t *line = text; line < end; script.count++) {
        if (!(script.count & (script.count - 1))) {
            script.messages = realloc(script.messages, (script.count ? 2 * script.count : 1) * sizeof *script.messages);
        }
        line = read_message(line, end, &script.messages[script.count]);
    }
    return script;
}

static inline void write_digits(uint8_t *position, int digits, long number) {
    for (; digits; number /= 10) position[--digits] = '0' + number % 10;
}

static inline long read_digits(const uint8_t *position, int digits) {
    long number = 0;
    for (int index = 0; index < digits; index++) {
        if (position[index] < '0' || position[index] > '9') return -1;
        number = 10 * number + position[index] - '0';
    }
    return number;
}

// Writes the numbers of the session and of the message into the text.
static inline void number_message(struct message *message, long session, long number) {
    for (int index = 0; index < max_number_positions && message->number_positions[index]; index++) {
        write_digits(message->number_positions[index], session_digits, session);
        write_digits(message->number_positions[index] + session_digits + 1, message_digits, number);
    }
}

// Returns the message number in a received text; -1 if there is none.
static inline long number_of(const uint8_t *text, size_t size) {
    const uint8_t *found = memmem(text, size, identifier_mark, sizeof identifier_mark - 1);
    if (!found) return -1;
    found += sizeof identifier_mark - 1 + session_digits + 1;
    return found + message_digits <= text + size ? read_digits(found, message_digits) : -1;
}

#endif
