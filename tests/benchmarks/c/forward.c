/* The fastest possible server: forwards every byte to everybody, including the sender, without parsing.

   Usage: forward PORT. Serves on loopback until it is killed. One thread, one read, and one write for each
   receiver: what it delivers is what the load and this computer can do at most. */

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 4096, READ_BYTES = 65536 };

static int peers[MOST], peer_count, poller;
static char data[READ_BYTES];

static void add(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), on = 1;
    if (fd < 0 || peer_count == MOST)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    peers[peer_count++] = fd;
}

static void drop(int fd)
{
    for (int i = 0; i < peer_count; i++)
        if (peers[i] == fd)
            peers[i--] = peers[--peer_count];
    close(fd);
}

static void give(int fd, ssize_t length)
{
    for (ssize_t done = 0; done < length;) {
        ssize_t sent = send(fd, data + done, length - done, MSG_NOSIGNAL);
        if (sent > 0) {
            done += sent;
        } else if (errno == EAGAIN) {
            struct pollfd writable = {.fd = fd, .events = POLLOUT};
            poll(&writable, 1, -1);
        } else {
            return;
        }
    }
}

int main(int count_of_words, char **words)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons(count_of_words > 1 ? atoi(words[1]) : 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024))
        return perror("forward"), 1;
    poller = epoll_create1(0);
    struct epoll_event events[256], event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                add(fd);
                continue;
            }
            ssize_t got = read(fd, data, sizeof data);
            if (got == 0 || (got < 0 && errno != EAGAIN))
                drop(fd);
            for (int j = 0; got > 0 && j < peer_count; j++)
                give(peers[j], got);
        }
    }
}
