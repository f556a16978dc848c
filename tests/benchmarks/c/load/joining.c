/* Joining: each client sends what its plan says, and waits for what it expects. */

#include "load.h"
#include <netinet/tcp.h>

enum { MOST_TRIES = 100, TURN_MS = 5, QUIET_MS = 20 };

void watch(struct client *c, int wants_out)
{
    struct epoll_event event = {.events = EPOLLIN | (wants_out ? EPOLLOUT : 0), .data.ptr = c};
    if (c->wants_out != wants_out)
        epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
    c->wants_out = wants_out;
}

static void cut(struct client *c)
{
    end_tls(c);
    close(c->fd);
    c->fd = -1;
}

void lose(struct client *c)
{
    cut(c);
    if (c->ready) {
        c->dead = 1;
        parted++;
        return;
    }
    in_setup--;
    retries++;
    c->again_ms = now_ms() + 50;
    if (c->tries > MOST_TRIES)
        die("a client can't get in");
}

void flush(struct client *c)
{
    while (c->out_done < c->out_length) {
        ssize_t sent = put(c, c->out + c->out_done, c->out_length - c->out_done);
        if (sent <= 0) {
            if (errno != EAGAIN && errno != ENOTCONN)
                lose(c);
            else
                watch(c, 1);
            return;
        }
        c->out_done += sent;
    }
    c->out_done = c->out_length = 0;
    watch(c, 0);
}

static void begin(struct client *c)
{
    int on = 1;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = c->from};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = host, .sin_port = htons(port)};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(c->fd, (struct sockaddr *)&from, sizeof from))
        die("bind: %s", strerror(errno));
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)
        die("connect: %s", strerror(errno));
    c->step = c->in_length = c->out_length = c->out_done = c->secured = 0;
    c->tries++;
    if (!c->started_ms)
        c->started_ms = now_ms();
    if (tls)
        start_tls(c);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
    c->wants_out = 1;
    in_setup++;
}

static void say(struct client *c)
{
    struct piece said = c->plan[c->step].send;
    memcpy(c->out, said.bytes, said.length);
    c->out_length = said.length;
    c->out_done = 0;
    flush(c);
}

static void settle(struct client *c)
{
    c->ready = 1;
    c->ready_ms = now_ms();
    in_setup--;
}

void advance(struct client *c)
{
    if (!c->secured) {
        int error = 0;
        socklen_t length = sizeof error;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error) {
            lose(c);
            return;
        }
        int done = tls ? shake_hands(c) : 1;
        if (done < 0)
            lose(c);
        if (done <= 0)
            return;
        c->secured = 1;
        watch(c, 0);
        if (c->steps)
            say(c);
    }
    if (c->fd >= 0 && c->out_done < c->out_length)
        flush(c);
    while (c->fd >= 0 && c->step < c->steps && c->out_done == c->out_length) {
        struct piece expected = c->plan[c->step].expect;
        char *at = expected.length ? memmem(c->in, c->in_length, expected.bytes, expected.length) : c->in;
        if (!at)
            break;
        size_t used = at - c->in + expected.length;
        memmove(c->in, c->in + used, c->in_length -= used);
        if (++c->step < c->steps)
            say(c);
    }
    if (c->fd >= 0 && c->step == c->steps && c->out_done == c->out_length)
        settle(c);
}

static void try_again(struct client *c)
{
    if (!c->ready && c->fd < 0 && c->again_ms <= now_ms())
        begin(c);
}

void come_in(void)
{
    for (int left = member_count; left;) {
        for (int i = 0; i < member_count && in_setup < at_once; i++)
            try_again(&clients[i]);
        turn(TURN_MS);
        left = 0;
        for (int i = 0; i < member_count; i++)
            left += !clients[i].ready;
    }
}

/* Visits: the last client comes in, sees a message that a member sent as soon as it was in, and leaves. */

static void hear_until_quiet(void)
{
    for (double end_ms = now_ms() + patience_ms; turn(QUIET_MS) && now_ms() < end_ms;)
        ;
}

static void leave(struct client *c)
{
    /* With bytes unread, closing would reset the connection, and the server might not get the goodbye. */
    hear_until_quiet();
    if (c->fd >= 0) {
        memcpy(c->out, leaving.bytes, c->out_length = leaving.length);
        flush(c);
    }
    if (c->fd >= 0)
        cut(c);
    c->ready = c->dead = c->tries = 0;
    c->started_ms = 0;
    hear_until_quiet();
}

void visit_all(void)
{
    struct client *c = visitor;
    while (visit_count < (size_t)visits) {
        while (!c->ready) {
            try_again(c);
            turn(TURN_MS);
        }
        awaited = senders[0].sent;
        seen_ms = 0;
        speak(0, 1);
        for (double end_ms = now_ms() + patience_ms; !seen_ms && !c->dead && now_ms() < end_ms;)
            turn(TURN_MS);
        welcomes[visit_count] = c->ready_ms - c->started_ms;
        sights[visit_count++] = (seen_ms ? seen_ms : now_ms()) - c->started_ms;
        leave(c);
    }
}
