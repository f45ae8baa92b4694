// A minimal relay. It copies bytes between two connections in both directions, and does not parse them.
//
//     relay PORT
//
// Listens on a free port of the loopback interface and prints the port. Accepts one client and connects it to PORT.
// Ends when both connections have ended. Linux only.

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/epoll.h>

#include "loopback.h"

struct direction {
    int from, to;
    size_t start, end;
    int has_ended;
    char bytes[64 << 10];
};

static struct direction directions[2];
static int epoll;

static int is_waiting(const struct direction *direction) { return direction->start < direction->end; }

// A socket is read only while the other socket accepts the data.
static void watch(int operation, int index) {
    const struct direction *out = &directions[index], *in = &directions[1 - index];
    struct epoll_event event = {.data.u32 = index};
    if (!out->has_ended && !is_waiting(out)) event.events |= EPOLLIN;
    if (is_waiting(in)) event.events |= EPOLLOUT;
    if (epoll_ctl(epoll, operation, out->from, &event)) fail("epoll_ctl");
}

// Reads once if nothing is waiting to be written, and writes what the other socket accepts. Returns whether the events
// to wait for have changed.
static int pump(struct direction *direction) {
    int was_waiting = is_waiting(direction);
    if (!was_waiting) {
        ssize_t count = read(direction->from, direction->bytes, sizeof direction->bytes);
        if (count < 0 && errno == EAGAIN) return 0;
        if (count <= 0) {
            direction->has_ended = 1;
            shutdown(direction->to, SHUT_WR);
            return 1;
        }
        direction->start = 0;
        direction->end = count;
    }
    ssize_t count = write(direction->to, direction->bytes + direction->start, direction->end - direction->start);
    if (count < 0 && errno != EAGAIN) direction->start = direction->end, direction->has_ended = 1;
    if (count > 0) direction->start += count;
    return was_waiting != is_waiting(direction) || direction->has_ended;
}

static void begin(int client, int server) {
    int sockets[] = {client, server}, on = 1;
    if ((epoll = epoll_create1(0)) < 0) fail("epoll_create1");
    for (int index = 0; index < 2; index++) {
        setsockopt(sockets[index], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        directions[index].from = sockets[index];
        directions[index].to = sockets[1 - index];
    }
    for (int index = 0; index < 2; index++) watch(EPOLL_CTL_ADD, index);
}

static void relay(void) {
    struct epoll_event ready[2];
    while (!directions[0].has_ended || !directions[1].has_ended) {
        int count = epoll_wait(epoll, ready, 2, -1);
        if (count < 0 && errno != EINTR) fail("epoll_wait");
        for (int event = 0; event < count; event++) {
            int index = ready[event].data.u32, changed = 0;
            if (ready[event].events & EPOLLOUT) changed |= pump(&directions[1 - index]);
            int ends = ready[event].events & (EPOLLIN | EPOLLHUP | EPOLLERR);
            if (ends && !directions[index].has_ended && !is_waiting(&directions[index])) changed |= pump(&directions[index]);
            if (changed) watch(EPOLL_CTL_MOD, 0), watch(EPOLL_CTL_MOD, 1);
        }
    }
}

int main(int count, char **arguments) {
    if (count != 2) return fputs("usage: relay PORT\n", stderr), 2;
    int listener = listen_on_loopback();
    int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (client < 0) fail("accept");
    int server = connect_to_loopback(atoi(arguments[1]));
    if (fcntl(server, F_SETFL, O_NONBLOCK)) fail("fcntl");
    begin(client, server);
    relay();
    return 0;
}
