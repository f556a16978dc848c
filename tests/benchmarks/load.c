/* The load: runs clients by a plan, and checks every delivery.

   Usage: load < plan. The plan comes from load.py, which knows the protocols; this program knows none. A
   message has in it, whatever surrounds it, `size` bytes of its own:

       ^ SSSS NNNNNNNN filler SSSS NNNNNNNN      (sender and number, at both ends)

   so a message that is missing, comes twice, out of order, or with bytes of another in it, is counted.
   One thread, epoll. Prints one JSON object. TLS comes from the libssl that is installed, by dlopen: no
   headers are needed. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 65536, NUMBERS = 4000000, MOST_STEPS = 8, MOST_TRIES = 100, IDS_BYTES = 13, TAIL_BYTES = 12, GIVES_UP_AFTER_MS = 250, MOST_TO_HEAR_OUT_MS = 10000, LISTENS = 10,
       ALIVE_EVERY_MS = 3000 };
static const char MARK = '^';
static const char BLANK[] = "########";

struct piece { char *bytes; size_t length; };
struct step { struct piece send, expect; };

struct client {
    int fd, step, steps, tries, ready, dead, wants_out, secured;
    void *ssl;
    struct in_addr from;
    struct step plan[MOST_STEPS];
    char *in, *out;
    size_t in_length, out_length, out_done;
    uint32_t *next; /* for each sender: the expected number */
    uint8_t **seen; /* for each sender: one bit per number */
    uint64_t order;
    double again_ms, started_ms, ready_ms;
};

struct sender { struct piece message; size_t blanks[4]; int blank_count; uint32_t sent; uint64_t arrived, given_up; double *sent_ms; };

static struct client *clients;
static struct sender *senders;
static int client_count, sender_count, tls, batch, at_once = 16, in_setup, poller, port, echo = 1, server_pid;
static size_t size = 100, window, in_capacity;
static double duration_ms, patience_ms = 1000, rate;
static struct in_addr host;
static char *filler;
static struct piece alive; /* what a silent client sends, so that it is not treated as dead */
static uint64_t fine, twice, disordered, damaged, retries, parted;
static float *latencies;
static size_t latency_count, latency_capacity;

static void die(const char *format, ...)
{
    va_list words;
    va_start(words, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, words);
    fputc('\n', stderr);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void *need(void *memory) { return memory ? memory : (die("out of memory"), NULL); }

/* TLS. */

static struct {
    void *(*method)(void), *(*new_context)(const void *), *(*new)(void *);
    void (*free)(void *), (*connecting)(void *);
    int (*set_fd)(void *, int), (*shake)(void *), (*read)(void *, void *, int), (*write)(void *, const void *, int);
    int (*error)(const void *, int);
    long (*ctrl)(void *, int, long, void *);
    void (*clear)(void);
    void *context;
} ssl;

static void *find(void *library, const char *name)
{
    void *found = dlsym(library, name);
    return found ? found : (die("libssl has no %s", name), NULL);
}

static void open_tls(void)
{
    void *library = dlopen("libssl.so.3", RTLD_NOW | RTLD_GLOBAL);
    if (!library && !(library = dlopen("libssl.so", RTLD_NOW | RTLD_GLOBAL)))
        die("no libssl: %s", dlerror());
    ssl.method = find(library, "TLS_client_method");
    ssl.new_context = find(library, "SSL_CTX_new");
    ssl.new = find(library, "SSL_new");
    ssl.free = find(library, "SSL_free");
    ssl.connecting = find(library, "SSL_set_connect_state");
    ssl.set_fd = find(library, "SSL_set_fd");
    ssl.shake = find(library, "SSL_do_handshake");
    ssl.read = find(library, "SSL_read");
    ssl.write = find(library, "SSL_write");
    ssl.error = find(library, "SSL_get_error");
    ssl.ctrl = find(library, "SSL_ctrl");
    ssl.clear = find(library, "ERR_clear_error");
    ssl.context = ssl.new_context(ssl.method());
}

/* Bytes of one client: like read() and write(), -1 with EAGAIN if it would block. */

static ssize_t tls_result(struct client *c, int result)
{
    if (result > 0)
        return result;
    int error = ssl.error(c->ssl, result);
    errno = error == 2 || error == 3 ? EAGAIN : EPROTO; /* SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE */
    return error == 6 ? 0 : -1;                         /* SSL_ERROR_ZERO_RETURN */
}

static ssize_t get(struct client *c, char *to, size_t most)
{
    if (!tls)
        return read(c->fd, to, most);
    ssl.clear();
    return tls_result(c, ssl.read(c->ssl, to, most));
}

static ssize_t put(struct client *c, const char *from, size_t length)
{
    if (!tls)
        return send(c->fd, from, length, MSG_NOSIGNAL);
    ssl.clear();
    return tls_result(c, ssl.write(c->ssl, from, length));
}

static void watch(struct client *c, int wants_out)
{
    struct epoll_event event = {.events = EPOLLIN | (wants_out ? EPOLLOUT : 0), .data.ptr = c};
    if (c->wants_out != wants_out)
        epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
    c->wants_out = wants_out;
}

static void lose(struct client *c)
{
    if (tls && c->ssl)
        ssl.free(c->ssl);
    c->ssl = NULL;
    close(c->fd);
    c->fd = -1;
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

static void flush(struct client *c)
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

/* Joining: each client sends what its plan says, and waits for what it expects. */

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
    if (tls) {
        c->ssl = ssl.new(ssl.context);
        ssl.set_fd(c->ssl, c->fd);
        ssl.ctrl(c->ssl, 33, 3, NULL); /* SSL_CTRL_MODE: partial writes, from a buffer that may move */
        ssl.connecting(c->ssl);
    }
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

static void advance(struct client *c)
{
    if (!c->secured) {
        int error = 0;
        socklen_t length = sizeof error;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error) {
            lose(c);
            return;
        }
        if (tls) {
            ssl.clear();
            int done = ssl.shake(c->ssl);
            if (done <= 0 && (tls_result(c, done), errno == EAGAIN)) {
                watch(c, ssl.error(c->ssl, done) == 3);
                return;
            }
            if (done <= 0) {
                lose(c);
                return;
            }
        }
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

/* Receiving. */

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

static void take(struct client *c, const char *message, double at_ms)
{
    uint32_t from = number_at(message + 1, 4), number = number_at(message + 5, 8);
    if (from >= (uint32_t)sender_count || number >= senders[from].sent) {
        damaged++;
        return;
    }
    senders[from].arrived++;
    uint8_t *bits = c->seen[from], bit = 1 << (number & 7);
    if (bits[number >> 3] & bit) {
        twice++;
        return;
    }
    bits[number >> 3] |= bit;
    if (number < c->next[from])
        disordered++;
    else
        c->next[from] = number + 1;
    c->order = (c->order ^ ((uint64_t)from << 32 | number)) * 0x100000001b3;
    fine++;
    if (rate && latency_count < latency_capacity)
        latencies[latency_count++] = at_ms - senders[from].sent_ms[number];
}

static void spoil(const char *message)
{
    uint32_t from = number_at(message + 1, 4);
    damaged++;
    /* Damaged or not, it has arrived. */
    if (from < (uint32_t)sender_count)
        senders[from].arrived++;
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
            spoil(mark);
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

static size_t turn(int timeout_ms)
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

static void come_in(void)
{
    for (int left = client_count; left;) {
        double now = now_ms();
        for (int i = 0; i < client_count && in_setup < at_once; i++)
            if (!clients[i].ready && clients[i].fd < 0 && clients[i].again_ms <= now)
                begin(&clients[i]);
        turn(5);
        left = 0;
        for (int i = 0; i < client_count; i++)
            left += !clients[i].ready;
    }
}

/* Sending. */

static int fan(void) { return echo ? client_count : client_count - 1; }

static size_t room(struct sender *s)
{
    if (s->sent >= NUMBERS)
        return 0;
    uint64_t heard = s->given_up + s->arrived / fan(), waiting = s->sent > heard ? s->sent - heard : 0;
    return waiting >= window ? 0 : window - waiting;
}

static void speak(int which, size_t count)
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

static void talk_fast(double until_ms)
{
    double heard_ms = now_ms(), now;
    while ((now = now_ms()) < until_ms) {
        int spoke = speak_all();
        if (turn(spoke ? 0 : 1))
            heard_ms = now;
        if (now - heard_ms < GIVES_UP_AFTER_MS)
            continue;
        /* Do not wait for lost messages. */
        for (int i = 0; i < sender_count; i++)
            senders[i].given_up = senders[i].sent - senders[i].arrived / fan();
        heard_ms = now;
    }
}

static void talk_steadily(double until_ms)
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

static uint64_t expected(void)
{
    uint64_t sent = 0;
    for (int i = 0; i < sender_count; i++)
        sent += senders[i].sent;
    return sent * fan();
}

static double hear_out(void)
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

/* The plan and the report. */

static struct piece unhex(const char *hex)
{
    struct piece made = {need(malloc(strlen(hex) / 2 + 1)), strlen(hex) / 2};
    for (size_t i = 0; i < made.length; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        made.bytes[i] = (char)byte;
    }
    return made;
}

static void add_client(const char *from)
{
    clients = need(realloc(clients, (client_count + 1) * sizeof *clients));
    struct client *c = &clients[client_count++];
    memset(c, 0, sizeof *c);
    c->fd = -1;
    inet_aton(from, &c->from);
}

static void add_sender(const char *hex)
{
    senders = need(realloc(senders, (sender_count + 1) * sizeof *senders));
    struct sender *s = &senders[sender_count++];
    memset(s, 0, sizeof *s);
    s->message = unhex(hex);
    char *end = s->message.bytes + s->message.length;
    for (char *at = s->message.bytes; s->blank_count < 4 && (at = memmem(at, end - at, BLANK, 8)); at += 8)
        s->blanks[s->blank_count++] = at - s->message.bytes;
}

static void read_plan(void)
{
    char *line = NULL, word[32];
    size_t capacity = 0;
    for (ssize_t length; (length = getline(&line, &capacity, stdin)) > 0;) {
        char *value = strchr(line, ' ');
        line[strcspn(line, "\n")] = 0;
        snprintf(word, sizeof word, "%.*s", value ? (int)(value - line) : 31, line);
        value = value ? value + 1 : line + strlen(line);
        struct client *c = client_count ? &clients[client_count - 1] : NULL;
        if (!strcmp(word, "host")) inet_aton(value, &host);
        else if (!strcmp(word, "port")) port = atoi(value);
        else if (!strcmp(word, "tls")) tls = atoi(value);
        else if (!strcmp(word, "echo")) echo = atoi(value);
        else if (!strcmp(word, "size")) size = strtoul(value, NULL, 10);
        else if (!strcmp(word, "filler")) filler = strdup(value);
        else if (!strcmp(word, "batch")) batch = atoi(value);
        else if (!strcmp(word, "window")) window = strtoul(value, NULL, 10);
        else if (!strcmp(word, "at_once")) at_once = atoi(value);
        else if (!strcmp(word, "rate")) rate = atof(value);
        else if (!strcmp(word, "duration_ms")) duration_ms = atof(value);
        else if (!strcmp(word, "patience_ms")) patience_ms = atof(value);
        else if (!strcmp(word, "server_pid")) server_pid = atoi(value);
        else if (!strcmp(word, "client")) add_client(value);
        else if (!strcmp(word, "send") && c && c->steps < MOST_STEPS) c->plan[c->steps++].send = unhex(value);
        else if (!strcmp(word, "expect") && c && c->steps) c->plan[c->steps - 1].expect = unhex(value);
        else if (!strcmp(word, "alive")) alive = unhex(value);
        else if (!strcmp(word, "message")) add_sender(value);
        else die("the plan says %s", line);
    }
    free(line);
}

static void prepare(void)
{
    in_capacity = READ_BYTES * 2 + size;
    latency_capacity = rate ? (size_t)(rate * duration_ms / 1e3 + 64) * client_count : 0;
    latencies = need(calloc(latency_capacity + 1, sizeof *latencies));
    size_t out_capacity = READ_BYTES;
    for (int i = 0; i < sender_count; i++) {
        size_t wanted = (senders[i].message.length + 16) * batch;
        out_capacity = wanted > out_capacity ? wanted : out_capacity;
        senders[i].sent_ms = rate ? need(calloc(NUMBERS, sizeof(double))) : NULL;
    }
    for (int i = 0; i < client_count; i++) {
        struct client *c = &clients[i];
        c->in = need(malloc(in_capacity));
        c->out = need(malloc(out_capacity));
        c->next = need(calloc(sender_count + 1, sizeof *c->next));
        c->seen = need(calloc(sender_count + 1, sizeof *c->seen));
        for (int j = 0; j < sender_count; j++)
            c->seen[j] = need(calloc(NUMBERS / 8, 1));
    }
}

static double cpu_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double server_cpu_s(void)
{
    char name[64], text[1024] = "";
    snprintf(name, sizeof name, "/proc/%d/stat", server_pid);
    FILE *file = server_pid ? fopen(name, "r") : NULL;
    if (!file)
        return 0;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    unsigned long user = 0, system = 0;
    char *rest = strrchr(text, ')');
    sscanf(rest ? rest : "", ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static long server_kb(void)
{
    char name[64], line[256];
    long kb = 0;
    snprintf(name, sizeof name, "/proc/%d/status", server_pid);
    FILE *file = server_pid ? fopen(name, "r") : NULL;
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmRSS: %ld", &kb);
    if (file)
        fclose(file);
    return kb;
}

/* Whether somebody who has connected still waits for the server's accept; of one that greets nobody only
   the system can tell, and what is said before that reaches nobody else. */
static int waits_for_accept(void)
{
    char line[256];
    unsigned listening, state, waiting;
    int found = 0;
    FILE *file = fopen("/proc/net/tcp", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, " %*d: %*x:%x %*x:%*x %x %*x:%x", &listening, &state, &waiting) == 3)
            found |= listening == (unsigned)port && state == LISTENS && waiting;
    if (file)
        fclose(file);
    return found;
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double percentile(double share)
{
    return latency_count ? latencies[(size_t)(share * (latency_count - 1))] : 0;
}

static int one_order(void)
{
    for (int i = 1; i < client_count; i++)
        if (clients[i].order != clients[0].order)
            return 0;
    return 1;
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes: the server may have closed */
    poller = epoll_create1(0);
    read_plan();
    prepare();
    if (tls)
        open_tls();
    double begun_ms = now_ms();
    come_in();
    double setup_ms = now_ms() - begun_ms, slowest_ms = 0;
    for (int i = 0; i < client_count; i++)
        if (clients[i].ready_ms - clients[i].started_ms > slowest_ms)
            slowest_ms = clients[i].ready_ms - clients[i].started_ms;
    for (double accepted_ms = now_ms() + patience_ms; waits_for_accept() && now_ms() < accepted_ms;)
        turn(1);
    /* Announcements of the last joins are still arriving: do not measure these. */
    for (double quiet_ms = now_ms() + MOST_TO_HEAR_OUT_MS; turn(50) && now_ms() < quiet_ms;)
        ;
    long idle_kb = server_kb();
    double own = cpu_s(), servers = server_cpu_s(), start_ms = now_ms(), last_ms = start_ms;
    if (sender_count && duration_ms) {
        if (rate)
            talk_steadily(start_ms + duration_ms);
        else
            talk_fast(start_ms + duration_ms);
        last_ms = hear_out();
    }
    qsort(latencies, latency_count, sizeof *latencies, by_size);
    printf("{\"setup_ms\": %.3f, \"slowest_ms\": %.3f, \"retries\": %lu, \"seconds\": %.6f, \"expected\": %lu, "
           "\"fine\": %lu, \"twice\": %lu, \"disordered\": %lu, \"damaged\": %lu, \"parted\": %lu, "
           "\"one_order\": %s, \"load_cpu_s\": %.3f, \"server_cpu_s\": %.3f, "
           "\"idle_kb\": %ld, \"busy_kb\": %ld, \"p50_ms\": %.4f, \"p99_ms\": %.4f, \"max_ms\": %.4f}\n",
           setup_ms, slowest_ms, retries, (last_ms - start_ms) / 1e3, expected(), fine, twice, disordered,
           damaged, parted, one_order() ? "true" : "false", cpu_s() - own, server_cpu_s() - servers, idle_kb, server_kb(),
           percentile(0.5), percentile(0.99), percentile(1));
}
