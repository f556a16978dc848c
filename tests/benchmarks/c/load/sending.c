/* Sending: a sender keeps `window` messages under way, and sends on when its receipts come back. */

#include "load.h"
#include <time.h>

enum { GIVES_UP_AFTER_MS = 250, GIVES_UP_ALONE_AFTER_MS = 1000, MOST_TO_HEAR_OUT_MS = 10000 };

static int fan(void) { return echo ? member_count : member_count - 1; }

static uint64_t under_way(const struct sender *s)
{
    uint64_t done = s->given_up + s->receipts;
    return s->sent > done ? s->sent - done : 0;
}

static size_t room(struct sender *s)
{
    uint64_t waiting = under_way(s);
    if (s->sent >= NUMBERS)
        return 0;
    return waiting >= window ? 0 : window - waiting;
}

void speak(int which, size_t count)
{
    struct client *c = &clients[which];
    struct sender *s = &senders[which];
    char digits[16];
    while (count-- && s->sent < NUMBERS) {
        char *at = c->out + c->out_length;
        memcpy(at, s->message.bytes, s->message.length);
        snprintf(digits, sizeof digits, "%08u", s->sent);
        for (int i = 0; i < s->blank_count; i++)
            memcpy(at + s->blanks[i], digits, 8);
        if (rate)
            s->sent_ms[s->sent] = now_ms();
        s->sent++;
        c->out_length += s->message.length;
    }
    flush(c);
}

static int speak_all(void)
{
    int spoke = 0;
    for (int i = 0; i < sender_count; i++) {
        size_t may = room(&senders[i]);
        if (clients[i].dead || clients[i].out_length || !may)
            continue;
        speak(i, may < (size_t)batch ? may : (size_t)batch);
        spoke = 1;
    }
    return spoke;
}

/* Do not wait for lost messages: if nobody receives anything, or a sender gets no receipt for long. */
static void give_up_lost(struct sender *s, double now, int silent)
{
    if (s->receipts != s->receipts_before || !under_way(s)) {
        s->receipts_before = s->receipts;
        s->progress_ms = now;
    }
    if (silent || now - s->progress_ms > GIVES_UP_ALONE_AFTER_MS) {
        s->given_up += under_way(s);
        s->progress_ms = now;
    }
}

void talk_fast(double until_ms)
{
    double heard_ms = now_ms(), now;
    for (int i = 0; i < sender_count; i++)
        senders[i].progress_ms = heard_ms;
    while ((now = now_ms()) < until_ms) {
        int spoke = speak_all();
        if (turn(spoke ? 0 : 1))
            heard_ms = now;
        int silent = now - heard_ms > GIVES_UP_AFTER_MS;
        for (int i = 0; i < sender_count; i++)
            give_up_lost(&senders[i], now, silent);
        if (silent)
            heard_ms = now;
    }
}

void talk_steadily(double until_ms)
{
    double due_ms = now_ms();
    for (int which = 0; due_ms < until_ms; which = (which + 1) % sender_count) {
        double left_ms;
        while ((left_ms = due_ms - now_ms()) > 0) {
            struct timespec wait = {.tv_nsec = (long)(left_ms * 1e6) % 1000000000};
            struct epoll_event event;
            /* Waits with nanosecond precision; turn() does the reading. */
            if (epoll_pwait2(poller, &event, 1, &wait, NULL) > 0)
                turn(0);
        }
        if (!clients[which].dead)
            speak(which, 1);
        due_ms += 1e3 / rate;
    }
}

uint64_t expected(void)
{
    uint64_t sent = 0;
    for (int i = 0; i < sender_count; i++)
        sent += senders[i].sent;
    return sent * fan() + visit_count;
}

double hear_out(void)
{
    double last_ms = now_ms(), end_ms = last_ms + MOST_TO_HEAR_OUT_MS;
    uint64_t before = fine + twice + damaged;
    while (fine < expected() && now_ms() - last_ms < patience_ms && now_ms() < end_ms) {
        turn(10);
        if (fine + twice + damaged != before) {
            before = fine + twice + damaged;
            last_ms = now_ms();
        }
    }
    return last_ms;
}
