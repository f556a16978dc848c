/* The plan, from standard input. */

#include "load.h"

static const char BLANK[] = "########";

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

void read_plan(void)
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
        else if (!strcmp(word, "leave")) leaving = unhex(value);
        else if (!strcmp(word, "visits")) visits = atoi(value);
        else if (!strcmp(word, "message")) add_sender(value);
        else die("the plan says %s", line);
    }
    free(line);
}

void prepare(void)
{
    member_count = visits ? client_count - 1 : client_count;
    visitor = visits ? &clients[member_count] : NULL;
    welcomes = need(calloc(visits + 1, sizeof *welcomes));
    sights = need(calloc(visits + 1, sizeof *sights));
    in_capacity = READ_BYTES * 2 + size;
    latency_capacity = rate ? (size_t)(rate * duration_ms / 1e3 + 64) * client_count : 0;
    latencies = need(calloc(latency_capacity + 1, sizeof *latencies));
    size_t out_capacity = READ_BYTES;
    for (int i = 0; i < sender_count; i++) {
        size_t wanted = (senders[i].message.length + 16) * batch;
        out_capacity = wanted > out_capacity ? wanted : out_capacity;
        senders[i].witness = &clients[echo ? i : (i + 1) % member_count];
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
