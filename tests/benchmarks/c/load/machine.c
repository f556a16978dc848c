/* What the system knows of the load and of the server. */

#include "load.h"
#include <sys/resource.h>
#include <time.h>

enum { LISTENS = 10 };

double cpu_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double server_cpu_s(void)
{
    clockid_t clock;
    struct timespec used;
    if (!server_pid || clock_getcpuclockid(server_pid, &clock) || clock_gettime(clock, &used))
        return 0;
    return used.tv_sec + used.tv_nsec / 1e9;
}

long server_kb(void)
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
int waits_for_accept(void)
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
