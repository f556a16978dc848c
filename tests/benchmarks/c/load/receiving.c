/* Receiving: every message is checked. */

#include "load.h"

enum { IDS_BYTES = 13, TAIL_BYTES = 12, ALIVE_EVERY_MS = 3000 };
static const char MARK = '^';

static uint32_t number_at(const char *digits, int count)
{
    uint32_t number = 0;
    while (count--)
        number = number * 10 + (uint32_t)(*digits++ - '0');
    return number;
}

static int whole(const char *message)
{
    return !memcmp(message + 1, message + size - TAIL_BYTES, TAIL_BYTES) &&
           !memcmp(message + IDS_BYTES, filler, size - IDS_BYTES - TAIL_BYTES);
}

/* A visitor also receives what was said before it came; that is not counted. */
static void see(uint32_t from, uint32_t number)
{
    if (from || number != awaited || seen_ms)
        return;
    seen_ms = now_ms();
    fine++;
}

static void take(struct client *c, const char *message, double at_ms)
{
    uint32_t from = number_at(message + 1, 4), number = number_at(message + 5, 8);
    if (from >= (uint32_t)sender_count || number >= senders[from].sent) {
        damaged++;
        return;
    }
    if (c == visitor) {
        see(from, number);
        return;
    }
    uint8_t *bits = c->seen[from], bit = 1 << (number & 7);
    if (bits[number >> 3] & bit) {
        twice++;
        return;
    }
    bits[number >> 3] |= bit;
    senders[from].receipts += c == senders[from].witness;
    if (number < c->next[from])
        disordered++;
    else
        c->next[from] = number + 1;
    c->order = (c->order ^ ((uint64_t)from << 32 | number)) * 0x100000001b3;
    fine++;
    if (rate && latency_count < latency_capacity)
        latencies[latency_count++] = at_ms - senders[from].sent_ms[number];
}

static void spoil(struct client *c, const char *message)
{
    uint32_t from = number_at(message + 1, 4);
    damaged++;
    /* Damaged or not, it has arrived. */
    if (from < (uint32_t)sender_count)
        senders[from].receipts += c == senders[from].witness;
}

static void scan(struct client *c)
{
    char *at = c->in, *end = c->in + c->in_length, *mark;
    double at_ms = rate ? now_ms() : 0;
    while ((mark = memchr(at, MARK, end - at)) && (size_t)(end - mark) >= size) {
        at = mark + 1;
        if (whole(mark)) {
            take(c, mark, at_ms);
            at = mark + size;
        } else {
            spoil(c, mark);
        }
    }
    c->in_length = mark ? end - mark : 0;
    memmove(c->in, mark ? mark : end, c->in_length);
}

static size_t hear(struct client *c)
{
    size_t heard = 0;
    while (c->fd >= 0) {
        size_t most = in_capacity - c->in_length;
        ssize_t got = get(c, c->in + c->in_length, most < READ_BYTES ? most : READ_BYTES);
        if (got <= 0) {
            if (got == 0 || errno != EAGAIN)
                lose(c);
            break;
        }
        heard += got;
        c->in_length += got;
        if (c->ready)
            scan(c);
        else if (c->in_length == in_capacity)
            memmove(c->in, c->in + in_capacity / 2, c->in_length = in_capacity / 2);
        if (!tls)
            break;
    }
    return heard;
}

static void show_life(void)
{
    static double shown_ms;
    double now = now_ms();
    if (!alive.length || now - shown_ms < ALIVE_EVERY_MS)
        return;
    shown_ms = now;
    for (int i = 0; i < client_count; i++) {
        struct client *c = &clients[i];
        if (!c->ready || c->dead || c->out_length)
            continue;
        memcpy(c->out, alive.bytes, c->out_length = alive.length);
        flush(c);
    }
}

size_t turn(int timeout_ms)
{
    static struct epoll_event events[1024];
    show_life();
    int count = epoll_wait(poller, events, 1024, timeout_ms);
    size_t heard = 0;
    for (int i = 0; i < count; i++) {
        struct client *c = events[i].data.ptr;
        if (c->fd >= 0 && (c->ready || c->secured) && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            heard += hear(c);
        if (c->fd >= 0 && !c->ready)
            advance(c);
        else if (c->fd >= 0 && events[i].events & EPOLLOUT)
            flush(c);
    }
    return heard;
}
