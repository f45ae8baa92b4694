// Sockets on the loopback interface, and error handling, for all peers. Linux only.

#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static inline void fail(const char *what) {
    perror(what);
    exit(1);
}

static inline void fail_with(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

// Disables Nagle's algorithm, and sets a timeout of one minute.
static inline void set_options(int peer) {
    int on = 1;
    struct timeval patience = {.tv_sec = 60};
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

// Listens on a free port and prints it.
static inline int listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, SOMAXCONN)) fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static inline int connect_to_loopback(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(peer, (struct sockaddr *)&address, sizeof address)) fail("connect");
    return peer;
}

static inline void write_all(int peer, struct iovec *parts, int count) {
    while (count) {
        ssize_t written = writev(peer, parts, count);
        if (written < 0) fail("writev");
        for (; count && (size_t)written >= parts->iov_len; parts++, count--) written -= parts->iov_len;
        if (!count) return;
        parts->iov_base = (char *)parts->iov_base + written;
        parts->iov_len -= written;
    }
}

static inline void write_bytes(int peer, const void *bytes, size_t size) {
    struct iovec part = {(void *)bytes, size};
    write_all(peer, &part, 1);
}

#endif
