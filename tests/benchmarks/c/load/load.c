/* The load: runs clients by a plan, and checks every delivery.

   Usage: load < plan. The plan comes from load.py, which knows the protocols; this program knows none. A
   message has in it, whatever surrounds it, `size` bytes of its own:

       ^ SSSS NNNNNNNN filler SSSS NNNNNNNN      (sender and number, at both ends)

   so a message that is missing, comes twice, out of order, or with bytes of another in it, is counted.
   One thread, epoll. Prints one JSON object. */

#include "load.h"
#include <signal.h>
#include <stdarg.h>
#include <time.h>

enum { MOST_TO_HEAR_OUT_MS = 10000 };

struct client *clients, *visitor;
struct sender *senders;
int client_count, member_count, sender_count, tls, batch, at_once = 16, in_setup, poller, port, echo = 1, server_pid, visits;
size_t size = 100, window, in_capacity;
double duration_ms, patience_ms = 1000, rate;
struct in_addr host;
char *filler;
struct piece alive;   /* what a silent client sends, so that it is not treated as dead */
struct piece leaving; /* what a visitor sends before it goes */
uint64_t fine, twice, disordered, damaged, retries, parted;
float *latencies, *welcomes, *sights;
size_t latency_count, latency_capacity, visit_count;
uint32_t awaited;
double seen_ms;

void die(const char *format, ...)
{
    va_list words;
    va_start(words, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, words);
    fputc('\n', stderr);
    exit(1);
}

double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

void *need(void *memory) { return memory ? memory : (die("out of memory"), NULL); }


static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double percentile(float *values, size_t count, double share)
{
    qsort(values, count, sizeof *values, by_size);
    return count ? values[(size_t)(share * (count - 1))] : 0;
}

static int one_order(void)
{
    for (int i = 1; i < member_count; i++)
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
    for (int i = 0; i < member_count; i++)
        if (clients[i].ready_ms - clients[i].started_ms > slowest_ms)
            slowest_ms = clients[i].ready_ms - clients[i].started_ms;
    for (double accepted_ms = now_ms() + patience_ms; waits_for_accept() && now_ms() < accepted_ms;)
        turn(1);
    /* Announcements of the last joins are still arriving: do not measure these. */
    for (double quiet_ms = now_ms() + MOST_TO_HEAR_OUT_MS; turn(50) && now_ms() < quiet_ms;)
        ;
    long idle_kb = server_kb();
    double own = cpu_s(), servers = server_cpu_s(), start_ms = now_ms(), last_ms = start_ms;
    if (sender_count && (duration_ms || visits)) {
        if (visits)
            visit_all();
        else if (rate)
            talk_steadily(start_ms + duration_ms);
        else
            talk_fast(start_ms + duration_ms);
        last_ms = hear_out();
    }
    printf("{\"setup_ms\": %.3f, \"slowest_ms\": %.3f, \"retries\": %lu, \"seconds\": %.6f, \"expected\": %lu, "
           "\"fine\": %lu, \"twice\": %lu, \"disordered\": %lu, \"damaged\": %lu, \"parted\": %lu, "
           "\"one_order\": %s, \"load_cpu_s\": %.6f, \"server_cpu_s\": %.6f, "
           "\"idle_kb\": %ld, \"busy_kb\": %ld, \"p50_ms\": %.4f, \"p99_ms\": %.4f, \"max_ms\": %.4f, "
           "\"welcome_ms\": %.4f, \"seen_ms\": %.4f}\n",
           setup_ms, slowest_ms, retries, (last_ms - start_ms) / 1e3, expected(), fine, twice, disordered,
           damaged, parted, one_order() ? "true" : "false", cpu_s() - own, server_cpu_s() - servers, idle_kb, server_kb(),
           percentile(latencies, latency_count, 0.5),
           percentile(latencies, latency_count, 0.99), percentile(latencies, latency_count, 1),
           percentile(welcomes, visit_count, 0.5), percentile(sights, visit_count, 0.5));
}
