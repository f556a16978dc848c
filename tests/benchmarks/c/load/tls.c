/* TLS, from the libssl that is installed, by dlopen: no headers are needed. */

#include "load.h"
#include <dlfcn.h>

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

void open_tls(void)
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

void start_tls(struct client *c)
{
    c->ssl = ssl.new(ssl.context);
    ssl.set_fd(c->ssl, c->fd);
    ssl.ctrl(c->ssl, 33, 3, NULL); /* SSL_CTRL_MODE: partial writes, from a buffer that may move */
    ssl.connecting(c->ssl);
}

void end_tls(struct client *c)
{
    if (c->ssl)
        ssl.free(c->ssl);
    c->ssl = NULL;
}

static ssize_t tls_result(struct client *c, int result)
{
    if (result > 0)
        return result;
    int error = ssl.error(c->ssl, result);
    errno = error == 2 || error == 3 ? EAGAIN : EPROTO; /* SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE */
    return error == 6 ? 0 : -1;                         /* SSL_ERROR_ZERO_RETURN */
}

int shake_hands(struct client *c)
{
    ssl.clear();
    int done = ssl.shake(c->ssl);
    if (done > 0)
        return 1;
    tls_result(c, done);
    if (errno != EAGAIN)
        return -1;
    watch(c, ssl.error(c->ssl, done) == 3);
    return 0;
}

ssize_t get(struct client *c, char *to, size_t most)
{
    if (!tls)
        return read(c->fd, to, most);
    ssl.clear();
    return tls_result(c, ssl.read(c->ssl, to, most));
}

ssize_t put(struct client *c, const char *from, size_t length)
{
    if (!tls)
        return send(c->fd, from, length, MSG_NOSIGNAL);
    ssl.clear();
    return tls_result(c, ssl.write(c->ssl, from, length));
}
