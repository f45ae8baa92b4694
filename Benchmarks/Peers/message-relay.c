// A relay of WebSocket messages. It does the least that a program between clients and a server can do and still see
// each message. It reads whole frames, unmasks the client's frames, masks them with a new key, and forwards them. It
// parses no JSON. Of HTTP it only recognizes the end of a header: client and server perform the handshake through it.
//
//     message-relay PORT
//
// Listens on a free port of the loopback interface and prints the port. Connects each client to PORT. Single-threaded.
// Runs until a signal ends it. Linux only.

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/epoll.h>

#include "frames.h"
#include "loopback.h"

enum { min_capacity = 16 << 10, batch = 64 };

// Bytes on their way from one socket to the other. Bytes before `sent` are already written; bytes before `ready` are
// whole frames.
struct direction {
    struct session *session;
    int from, to, is_to_server, has_passed_header, has_ended;
    uint8_t *bytes;
    size_t capacity, sent, ready, end;
};

struct session {
    struct direction directions[2];
    struct session *next_ended;
};

static int epoll, server_port;
static struct session *ended_sessions;

static int is_waiting(const struct direction *direction) { return direction->sent < direction->ready; }

static struct direction *opposite(struct direction *direction) {
    return &direction->session->directions[direction->is_to_server ? 1 : 0];
}

// A socket is read only while the other socket accepts the data.
static void watch(int operation, struct direction *out) {
    struct epoll_event event = {.data.ptr = out};
    if (!out->has_ended && !is_waiting(out)) event.events |= EPOLLIN;
    if (is_waiting(opposite(out))) event.events |= EPOLLOUT;
    if (epoll_ctl(epoll, operation, out->from, &event)) fail("epoll_ctl");
}

static void begin_session(int client) {
    struct session *session = calloc(1, sizeof *session);
    int server = connect_to_loopback(server_port), on = 1, sockets[] = {client, server};
    for (int index = 0; index < 2; index++) {
        struct direction *direction = &session->directions[index];
        *direction = (struct direction){session, sockets[index], sockets[1 - index], index == 0, .capacity = min_capacity};
        direction->bytes = malloc(min_capacity);
        if (fcntl(sockets[index], F_SETFL, O_NONBLOCK)) fail("fcntl");
        setsockopt(sockets[index], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    for (int index = 0; index < 2; index++) watch(EPOLL_CTL_ADD, &session->directions[index]);
}

static void free_ended_sessions(void) {
    for (struct session *next; ended_sessions; ended_sessions = next) {
        next = ended_sessions->next_ended;
        for (int index = 0; index < 2; index++) {
            close(ended_sessions->directions[index].from);
            free(ended_sessions->directions[index].bytes);
        }
        free(ended_sessions);
    }
}

static void end(struct direction *direction) {
    if (direction->has_ended) return;
    direction->has_ended = 1;
    direction->sent = direction->ready = direction->end = 0;
    shutdown(direction->to, SHUT_WR);
    if (!opposite(direction)->has_ended) return;
    direction->session->next_ended = ended_sessions;
    ended_sessions = direction->session;
}

static void mark_header_ready(struct direction *direction) {
    uint8_t *found = memmem(direction->bytes, direction->end, "\r\n\r\n", 4);
    if (!found) return;
    direction->has_passed_header = 1;
    direction->ready = found + 4 - direction->bytes;
}

// Marks complete frames as ready. Grows the buffer if a frame does not fit.
static void mark_frames_ready(struct direction *direction) {
    struct frame frame;
    while (read_frame(direction->bytes + direction->ready, direction->end - direction->ready, &frame)) {
        size_t size = frame.head + frame.payload;
        if (size > direction->capacity) direction->bytes = realloc(direction->bytes, direction->capacity = size);
        if (size > direction->end - direction->ready) return;
        if (frame.key) {
            uint8_t *payload = direction->bytes + direction->ready + frame.head;
            mask(payload, frame.payload, frame.key);
            write_key(frame.key);
            mask(payload, frame.payload, frame.key);
        }
        direction->ready += size;
    }
}

static int fill(struct direction *direction) {
    if (direction->sent) {
        direction->end -= direction->sent;
        memmove(direction->bytes, direction->bytes + direction->sent, direction->end);
        direction->sent = direction->ready = 0;
    }
    ssize_t count = read(direction->from, direction->bytes + direction->end, direction->capacity - direction->end);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) return end(direction), 0;
    direction->end += count;
    if (!direction->has_passed_header) mark_header_ready(direction);
    if (direction->has_passed_header) mark_frames_ready(direction);
    return is_waiting(direction);
}

// Reads once if nothing is waiting to be written, and writes what the other socket accepts.
static void pump(struct direction *direction) {
    int was_waiting = is_waiting(direction), had_ended = direction->has_ended;
    if (was_waiting || fill(direction)) {
        size_t size = direction->ready - direction->sent;
        ssize_t count = send(direction->to, direction->bytes + direction->sent, size, MSG_NOSIGNAL);
        if (count > 0) direction->sent += count;
        if (count < 0 && errno != EAGAIN) end(direction);
    }
    if (was_waiting == is_waiting(direction) && had_ended == direction->has_ended) return;
    watch(EPOLL_CTL_MOD, direction);
    watch(EPOLL_CTL_MOD, opposite(direction));
}

static void handle(struct epoll_event *ready, int listener) {
    struct direction *direction = ready->data.ptr;
    if (!direction) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0) begin_session(client);
        return;
    }
    if (ready->events & (EPOLLOUT | EPOLLHUP | EPOLLERR) && is_waiting(opposite(direction))) pump(opposite(direction));
    if (ready->events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !direction->has_ended && !is_waiting(direction)) pump(direction);
}

int main(int count, char **arguments) {
    if (count != 2) return fputs("usage: message-relay PORT\n", stderr), 2;
    server_port = atoi(arguments[1]);
    int listener = listen_on_loopback();
    struct epoll_event ready[batch] = {{.events = EPOLLIN}};
    if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) fail("epoll_create1");
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, ready)) fail("epoll_ctl");
    for (;;) {
        int found = epoll_wait(epoll, ready, batch, -1);
        if (found < 0 && errno != EINTR) fail("epoll_wait");
        for (int index = 0; index < found; index++) handle(&ready[index], listener);
        free_ended_sessions();
    }
}
