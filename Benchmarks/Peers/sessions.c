// The clients and the server of many sessions in one program, so that one clock measures how long a message takes. The
// program compares each received message byte by byte with the message that was sent.
//
//     sessions SCRIPT SESSIONS
//
// script.h describes SCRIPT. The program listens on a free port and prints it. From standard input it reads the port
// that the clients connect to: its own, or the port of a program in between. It prints `ready` when all sessions are
// open. After the next line of input it sends the messages at their times and prints the result as a JSON line. After
// another line it closes the sessions. It gives up 10 s after the last message was due. Times in the result are
// microseconds; `delay` is the 99th percentile of how late messages were sent. Single-threaded. Linux only.

#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>

#include "frames.h"
#include "handshake.h"
#include "script.h"

// A growable byte buffer.
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

// Removes bytes from the front.
static inline void consume(struct buffer *buffer, size_t count) {
    buffer->count -= count;
    memmove(buffer->bytes, buffer->bytes + count, buffer->count);
}

enum { batch = 64, reading = 64 << 10 };
enum { second = 1000000000, patience_at_end = 5 };

// One end of a session. `received` is not yet parsed, `unsent` is what the socket did not accept, and `fragments` is
// the beginning of a fragmented message.
struct end {
    int socket, is_client, is_closed, waits_to_write;
    struct buffer received, unsent, fragments;
    long newest;
};

struct session {
    struct end client, server;
    int64_t begins;
    long next;         // the message that is sent next
    int64_t *sent_at;  // by message: 0 before it is sent, -1 after it came
};

static struct script script;
static struct session *sessions;
static long session_count, received_count, lost, altered, reordered, open_ends;
static int epoll, is_ending;
static int64_t *latencies, *delays;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * second + time.tv_nsec;
}

static void fail_session(const struct session *session, const struct end *end, const char *what) {
    const char *name = end->is_client ? "client" : "server";
    fprintf(stderr, "session %ld: the connection of the %s %s\n", (long)(session - sessions), name, what);
    exit(1);
}

// MARK: writing

static void watch(int operation, struct session *session, struct end *end) {
    uint64_t index = 2 * (session - sessions) + end->is_client;
    struct epoll_event event = {.events = EPOLLIN | (end->waits_to_write ? EPOLLOUT : 0), .data.u64 = index};
    if (epoll_ctl(epoll, operation, end->socket, &event)) fail("epoll_ctl");
}

static void write_unsent(struct session *session, struct end *end) {
    ssize_t written = send(end->socket, end->unsent.bytes, end->unsent.count, MSG_NOSIGNAL);
    if (written < 0 && errno != EAGAIN && !is_ending) fail_session(session, end, "broke");
    consume(&end->unsent, written < 0 && errno != EAGAIN ? end->unsent.count : written < 0 ? 0 : (size_t)written);
    int waits = end->unsent.count > 0;
    if (waits == end->waits_to_write) return;
    end->waits_to_write = waits;
    watch(EPOLL_CTL_MOD, session, end);
}

static void write_frame(struct session *session, struct end *end, uint8_t opcode, const uint8_t *payload, size_t size) {
    struct buffer *unsent = &end->unsent;
    reserve(unsent, head_limit + size);
    uint8_t *head = unsent->bytes + unsent->count, key[4];
    size_t length = write_head(head, is_final | opcode, size);
    if (end->is_client) {
        head[1] |= is_masked;
        write_key(key);
        memcpy(head + length, key, 4);
        length += 4;
    }
    memcpy(head + length, payload, size);
    if (end->is_client) mask(head + length, size, key);
    unsent->count += length + size;
    if (!end->waits_to_write) write_unsent(session, end);
}

static void send_message(struct session *session) {
    struct message *message = &script.messages[session->next];
    long total = (session - sessions) * script.count + session->next;
    number_message(message, session - sessions, session->next);
    int64_t moment = now();
    delays[total] = moment - session->begins - message->at;
    session->sent_at[session->next++] = moment;
    struct end *end = message->is_from_client ? &session->client : &session->server;
    write_frame(session, end, text_opcode, message->text, message->size);
}

// MARK: reading

static void receive_message(struct session *session, struct end *end, const uint8_t *text, size_t size, int64_t moment) {
    long number = number_of(text, size);
    struct message *message = number >= 0 && number < script.count ? &script.messages[number] : NULL;
    if (!message || message->is_from_client == end->is_client || session->sent_at[number] <= 0) {
        altered++;
        return;
    }
    number_message(message, session - sessions, number);
    int is_same = size == message->size && !memcmp(text, message->text, size);
    if (!is_same) altered++;
    if (number < end->newest) reordered++;
    if (number > end->newest) end->newest = number;
    latencies[received_count++] = moment - session->sent_at[number];
    session->sent_at[number] = -1;
}

static void receive_control_frame(struct session *session, struct end *end, uint8_t code, const uint8_t *payload, size_t size) {
    if (code == ping_opcode) write_frame(session, end, pong_opcode, payload, size);
    if (code != close_opcode || end->is_closed) return;
    if (!is_ending) fail_session(session, end, "was closed early");
    if (!end->is_client) write_frame(session, end, close_opcode, payload, size);
    shutdown(end->socket, SHUT_WR);
    end->is_closed = 1;
}

static void receive_frame(struct session *session, struct end *end, struct frame frame, uint8_t *payload, int64_t moment) {
    if ((frame.key == NULL) != end->is_client) fail_session(session, end, "has a frame that is masked by the wrong side");
    if (frame.key) mask(payload, frame.payload, frame.key);
    uint8_t code = frame.first & opcode;
    if (code >= close_opcode) return receive_control_frame(session, end, code, payload, frame.payload);
    if (frame.first & is_final && !end->fragments.count) return receive_message(session, end, payload, frame.payload, moment);
    reserve(&end->fragments, frame.payload);
    memcpy(end->fragments.bytes + end->fragments.count, payload, frame.payload);
    end->fragments.count += frame.payload;
    if (!(frame.first & is_final)) return;
    receive_message(session, end, end->fragments.bytes, end->fragments.count, moment);
    end->fragments.count = 0;
}

static void read_end(struct session *session, struct end *end) {
    struct buffer *received = &end->received;
    reserve(received, reading);
    ssize_t count = read(end->socket, received->bytes + received->count, reading);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        if (!is_ending) fail_session(session, end, "ended early");
        epoll_ctl(epoll, EPOLL_CTL_DEL, end->socket, NULL);
        close(end->socket);
        open_ends--;
        return;
    }
    int64_t moment = now();
    received->count += count;
    size_t taken = 0;
    struct frame frame;
    while (read_frame(received->bytes + taken, received->count - taken, &frame)) {
        if (frame.head + frame.payload > received->count - taken) break;
        receive_frame(session, end, frame, received->bytes + taken + frame.head, moment);
        taken += frame.head + frame.payload;
    }
    consume(received, taken);
}

// Waits until a time, and handles the sockets that are ready before.
static void wait_until(int64_t moment) {
    struct epoll_event ready[batch];
    int64_t left = moment - now();
    if (left < 0) left = 0;
    struct timespec timeout = {left / second, left % second};
    int count = epoll_pwait2(epoll, ready, batch, &timeout, NULL);
    if (count < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int index = 0; index < count; index++) {
        struct session *session = &sessions[ready[index].data.u64 / 2];
        struct end *end = ready[index].data.u64 % 2 ? &session->client : &session->server;
        if (ready[index].events & EPOLLOUT) write_unsent(session, end);
        if (ready[index].events & ~EPOLLOUT) read_end(session, end);
    }
}

// MARK: the run

static void open_end(struct session *session, struct end *end) {
    int flags = fcntl(end->socket, F_GETFL);
    if (fcntl(end->socket, F_SETFL, flags | O_NONBLOCK)) fail("fcntl");
    end->newest = -1;
    watch(EPOLL_CTL_ADD, session, end);
    open_ends++;
}

// Opens sessions one after the other, so that an accepted connection belongs to the client that has just connected.
static void open_session(struct session *session, int listener, int port) {
    session->client = (struct end){.socket = connect_to_loopback(port), .is_client = 1};
    set_options(session->client.socket);
    send_request(session->client.socket);
    session->server = (struct end){.socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC)};
    if (session->server.socket < 0) fail("accept");
    set_options(session->server.socket);
    accept_handshake(session->server.socket);
    read_response(session->client.socket);
    session->sent_at = calloc(script.count, sizeof *session->sent_at);
    open_end(session, &session->client);
    open_end(session, &session->server);
}

static int64_t due(const struct session *session) { return session->begins + script.messages[session->next].at; }

static struct session *next_session(void) {
    struct session *found = NULL;
    for (struct session *session = sessions; session < sessions + session_count; session++) {
        if (session->next < script.count && (!found || due(session) < due(found))) found = session;
    }
    return found;
}

// Starts the sessions within one second, spread evenly by the golden ratio.
static void play(void) {
    int64_t begin = now() + second / 10, last = 0;
    for (long index = 0; index < session_count; index++) {
        sessions[index].begins = begin + index * 618033989 % second;
        if (sessions[index].begins > last) last = sessions[index].begins;
    }
    int64_t give_up = last + script.messages[script.count - 1].at + (int64_t)10 * second;
    while (received_count < session_count * script.count && now() < give_up) {
        struct session *next = next_session();
        while (next && due(next) <= now()) {
            send_message(next);
            next = next_session();
        }
        wait_until(next ? due(next) : give_up);
    }
    lost = session_count * script.count - received_count;
}

static void close_sessions(void) {
    static const uint8_t code[] = {0x03, 0xE8};
    int64_t give_up = now() + (int64_t)patience_at_end * second;
    is_ending = 1;
    for (long index = 0; index < session_count; index++) {
        write_frame(&sessions[index], &sessions[index].client, close_opcode, code, sizeof code);
    }
    while (open_ends && now() < give_up) wait_until(give_up);
    if (open_ends) fail_with("sessions do not end");
}

static int is_before(const void *left, const void *right) {
    int64_t first = *(const int64_t *)left, other = *(const int64_t *)right;
    return first < other ? -1 : first > other;
}

static double microseconds(int64_t *values, long count, double share) {
    qsort(values, count, sizeof *values, is_before);
    return count ? values[(long)((count - 1) * share)] / 1000.0 : 0;
}

static void print_result(void) {
    double half = microseconds(latencies, received_count, 0.5), most = microseconds(latencies, received_count, 0.99);
    printf("{\"sent\":%ld,\"lost\":%ld,\"altered\":%ld,\"reordered\":%ld,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f,\"delay\":%.1f}\n",
        session_count * script.count, lost, altered, reordered, half, most, microseconds(latencies, received_count, 1),
        microseconds(delays, session_count * script.count, 0.99));
    fflush(stdout);
}

static void read_line(char *line, int size) {
    if (!fgets(line, size, stdin)) fail_with("standard input ended");
}

int main(int count, char **arguments) {
    char line[64];
    session_count = count == 3 ? atol(arguments[2]) : 0;
    if (session_count < 1 || session_count > sessions_limit) return fputs("usage: sessions SCRIPT SESSIONS\n", stderr), 2;
    script = read_script(arguments[1]);
    sessions = calloc(session_count, sizeof *sessions);
    latencies = calloc(session_count * script.count, sizeof *latencies);
    delays = calloc(session_count * script.count, sizeof *delays);
    if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 || prctl(PR_SET_TIMERSLACK, 1)) fail("sessions");
    int listener = listen_on_loopback();
    set_options(listener);
    read_line(line, sizeof line);
    for (long index = 0; index < session_count; index++) open_session(&sessions[index], listener, atoi(line));
    puts("ready");
    fflush(stdout);
    read_line(line, sizeof line);
    play();
    print_result();
    read_line(line, sizeof line);
    close_sessions();
    return 0;
}
