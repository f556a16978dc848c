/* What the files of the load share. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum { READ_BYTES = 65536, NUMBERS = 4000000, MOST_STEPS = 8 };

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

struct sender {
    struct piece message;
    size_t blanks[4];
    int blank_count;
    uint32_t sent;
    struct client *witness; /* what it receives are the sender's receipts: the sender, or its neighbor */
    uint64_t receipts, given_up;
    uint64_t receipts_before; /* when `progress_ms` was set */
    double progress_ms, *sent_ms;
};

/* Those who take part. With `visits`, the last client is no member: it comes and goes. */
extern struct client *clients, *visitor;
extern struct sender *senders;
extern int client_count, member_count, sender_count;

/* The plan. */
extern int tls, batch, at_once, port, echo, server_pid, visits;
extern size_t size, window, in_capacity;
extern double duration_ms, patience_ms, rate;
extern struct in_addr host;
extern char *filler;
extern struct piece alive, leaving;

/* What was counted. */
extern uint64_t fine, twice, disordered, damaged, retries, parted;
extern float *latencies, *welcomes, *sights;
extern size_t latency_count, latency_capacity, visit_count;
extern uint32_t awaited; /* the number that the visitor waits for */
extern double seen_ms;   /* when it saw it, or 0 */

/* load.c */
extern int poller, in_setup;
void die(const char *format, ...);
double now_ms(void);
void *need(void *memory);

/* tls.c: like read() and write(), -1 with EAGAIN if it would block. */
void open_tls(void);
void start_tls(struct client *c);
void end_tls(struct client *c);
int shake_hands(struct client *c); /* 1: done, 0: later, -1: failed */
ssize_t get(struct client *c, char *to, size_t most);
ssize_t put(struct client *c, const char *from, size_t length);

/* joining.c */
void lose(struct client *c);
void flush(struct client *c);
void advance(struct client *c);
void watch(struct client *c, int wants_out);
void come_in(void);
void visit_all(void);

/* receiving.c */
size_t turn(int timeout_ms);

/* sending.c */
void speak(int which, size_t count);
void talk_fast(double until_ms);
void talk_steadily(double until_ms);
uint64_t expected(void);
double hear_out(void);

/* plan.c */
void read_plan(void);
void prepare(void);

/* machine.c */
double cpu_s(void);
double server_cpu_s(void);
long server_kb(void);
int waits_for_accept(void);
