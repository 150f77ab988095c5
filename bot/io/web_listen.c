/*
 * web_listen.c - the address we listen on, and who may connect how often.
 *
 * Accepting is ours rather than the library's: so that a taken address is reported with its
 * reason, connections are counted by address before anything is read from them, and running
 * out of descriptors does not spin.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <uv.h>

#include "bot/io/web_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* Others wait their turn after so many. */
#define ACCEPT_MAX 64
/* When no descriptor is left, look again after this. */
#define ACCEPT_PAUSE_MS 1000

#define UNIX_PATH_MAX sizeof(((struct sockaddr_un *)NULL)->sun_path)

struct listener {
	uv_poll_t poll;
	struct web *web;
	int fd;
	struct timer *pause;
	char *unix_path; /* to be removed; NULL: TCP */
};

/* What any of our sockets can be bound to. */
union any_addr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	struct sockaddr_storage ss;
};

/* Half of all connections may be strangers that have asked for nothing yet. */
static bool
too_many(const struct web *w)
{
	return w->n_conns >= (size_t)w->max_connections ||
	       w->n_fresh >= (size_t)w->max_connections / 2 + 1;
}

/* An IPv6 customer has a whole /64: it counts as one. */
static void
address_key(const char *text, char *key)
{
	struct in6_addr a;

	(void)snprintf(key, ADDRESS_MAX, "%s", text);
	if (inet_pton(AF_INET6, text, &a) != 1 || IN6_IS_ADDR_V4MAPPED(&a))
		return;
	memset(&a.s6_addr[8], 0, 8);
	inet_ntop(AF_INET6, &a, key, ADDRESS_MAX);
}

bool
address_take(struct web *w, struct conn *c, const char *text)
{
	char key[ADDRESS_MAX];
	struct address *a;

	if (text[0] == '\0' || c->counted != NULL)
		return true;
	address_key(text, key);
	a = map_get_c(w->addresses, key);
	if (a == NULL) {
		a = xcalloc(1, sizeof(*a));
		memcpy(a->key, key, sizeof(key));
		map_put(w->addresses, str_of(a->key), a);
	}
	if (a->n >= w->o->max_per_address)
		return false;
	a->n++;
	c->counted = a;
	return true;
}

static void
address_drop(struct web *w, struct address *a)
{
	if (a == NULL || --a->n > 0)
		return;
	map_del(w->addresses, str_of(a->key));
	free(a);
}

static struct conn *
conn_new(struct web *w, const char *peer)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->web = w;
	c->fresh = true;
	(void)snprintf(c->peer, sizeof(c->peer), "%s", peer);
	c->next = w->conns;
	if (c->next != NULL)
		c->next->prev = c;
	w->conns = c;
	w->n_conns++;
	w->n_fresh++;
	return c;
}

void
conn_free(struct conn *c)
{
	struct web *w = c->web;

	socket_closed(c);
	http_closed(c);
	address_drop(w, c->counted);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		w->conns = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	w->n_conns--;
	w->n_fresh -= c->fresh;
	if (c->wsi != NULL)
		lws_set_opaque_user_data(c->wsi, NULL);
	free(c);
}

static void
text_of(const union any_addr *a, char *out)
{
	out[0] = '\0';
	if (a->sa.sa_family == AF_INET)
		inet_ntop(AF_INET, &a->in.sin_addr, out, ADDRESS_MAX);
	else if (a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr))
		inet_ntop(AF_INET, &a->in6.sin6_addr.s6_addr[12], out, ADDRESS_MAX);
	else if (a->sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &a->in6.sin6_addr, out, ADDRESS_MAX);
}

/* Says so and hangs up; whether it arrives does not matter. */
static void
turn_away(int fd)
{
	static const char busy[] =
	    "HTTP/1.1 503 Service Unavailable\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: 52\r\n"
	    "Retry-After: 10\r\n"
	    "Connection: close\r\n"
	    "\r\n"
	    "Too many connections. Please try again in a minute.\n";

	(void)!send(fd, busy, sizeof(busy) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static void
take_in(struct web *w, int fd, const union any_addr *from)
{
	lws_adopt_desc_t adopt = {
		.vh = w->vhost,
		.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP,
		.fd.sockfd = fd,
	};
	char peer[ADDRESS_MAX];
	struct conn *c;
	int on = 1;

	if (fd >= w->max_fd || too_many(w)) {
		turn_away(fd);
		return;
	}
	text_of(from, peer);
	c = conn_new(w, peer);
	/* Behind a proxy all come from one address: then sockets are counted by what the
	 * proxy says, once it has said it (socket_upgrade). */
	if (!w->o->proxy && !address_take(w, c, peer)) {
		conn_free(c);
		turn_away(fd);
		return;
	}
	if (peer[0] != '\0')
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	adopt.opaque = c;
	if (lws_adopt_descriptor_vhost_via_info(&adopt) == NULL && c->wsi == NULL)
		conn_free(c); /* else WSI_DESTROY does it */
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void
on_pause_over(void *arg)
{
	struct listener *ls = arg;

	ls->pause = NULL;
	uv_poll_start(&ls->poll, UV_READABLE, on_readable);
}

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct listener *ls = poll->data;
	struct web *w = ls->web;

	(void)status;
	(void)events;
	for (int i = 0; i < ACCEPT_MAX; i++) {
		union any_addr from = { 0 };
		socklen_t len = sizeof(from);
		int fd = accept4(ls->fd, &from.sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			take_in(w, fd, &from);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno == EAGAIN)
			return;
		log_warn("web: cannot accept reason=\"%s\"", strerror(errno));
		uv_poll_stop(poll);
		ls->pause = loop_after(w->loop, ACCEPT_PAUSE_MS, on_pause_over, ls);
		return;
	}
}

/* Splits "ADDRESS:PORT" or "[IPV6]:PORT"; the address goes to out of ADDRESS_MAX bytes. */
static enum rc
split_listen(const char *listen, char *out, const char **port)
{
	const char *colon = strrchr(listen, ':');
	struct str host;
	int64_t n;

	if (colon == NULL || colon == listen)
		return RC_INVALID;
	host = str_n(listen, (size_t)(colon - listen));
	if (host.p[0] == '[' && host.p[host.len - 1] == ']')
		host = str_n(host.p + 1, host.len - 2);
	else if (memchr(host.p, ':', host.len) != NULL)
		return RC_INVALID;
	if (host.len == 0 || host.len >= HOST_MAX)
		return RC_INVALID;
	if (str_to_int(str_of(colon + 1), 0, 65535, &n) != RC_OK)
		return RC_INVALID;
	memcpy(out, host.p, host.len);
	out[host.len] = '\0';
	*port = colon + 1;
	return RC_OK;
}

static const char *
unix_path_of(const char *listen)
{
	return strncmp(listen, "unix:", 5) == 0 ? listen + 5 : NULL;
}

enum rc
web_check_listen(const char *listen, struct err *err)
{
	const char *path = unix_path_of(listen), *port;
	char host[HOST_MAX];

	if (path != NULL && (path[0] == '\0' || strlen(path) >= UNIX_PATH_MAX)) {
		err_set(err, "the path of a UNIX socket has 1 to %zu bytes",
		    UNIX_PATH_MAX - 1);
		return RC_INVALID;
	}
	if (path == NULL && split_listen(listen, host, &port) != RC_OK) {
		err_set(err,
		    "\"%s\" is not an address and a port, like 127.0.0.1:8080, nor "
		    "unix:PATH",
		    listen);
		return RC_INVALID;
	}
	return RC_OK;
}

/* Without a proxy in front, what students write crosses the network unencrypted. */
static void
warn_if_open(const struct web *w, const union any_addr *at)
{
	bool v6 = at->sa.sa_family == AF_INET6;
	bool loopback = v6 ? IN6_IS_ADDR_LOOPBACK(&at->in6.sin6_addr)
	                   : ntohl(at->in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;

	if (!loopback && !w->o->proxy)
		log_warn("web: %s is reached from other machines, without encryption; "
			 "listen on 127.0.0.1 behind a proxy with TLS",
		    w->o->listen);
}

static enum rc
bind_tcp(struct web *w, int *out, struct err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct addrinfo *ai = NULL;
	const char *port = NULL;
	int on = 1, rc, fd;
	union any_addr at = { 0 };
	socklen_t len = sizeof(at);

	(void)split_listen(w->o->listen, w->host, &port); /* checked by our caller */
	rc = getaddrinfo(w->host, port, &hints, &ai);
	if (rc != 0) {
		err_set(err, "web.listen: %s: %s", w->host, gai_strerror(rc));
		return RC_INVALID;
	}
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0) {
			rc = errno;
			close(fd);
			errno = rc;
			fd = -1;
		}
	}
	freeaddrinfo(ai);
	if (fd < 0) {
		err_set(err, "web.listen: %s: %s", w->o->listen, strerror(errno));
		return RC_IO;
	}
	if (getsockname(fd, &at.sa, &len) == 0) {
		bool v6 = at.sa.sa_family == AF_INET6;

		w->port = ntohs(v6 ? at.in6.sin6_port : at.in.sin_port);
		w->any_address = v6 ? IN6_IS_ADDR_UNSPECIFIED(&at.in6.sin6_addr)
		                    : at.in.sin_addr.s_addr == htonl(INADDR_ANY);
		warn_if_open(w, &at);
	}
	*out = fd;
	return RC_OK;
}

/* A socket file that nobody listens on was left behind by a crash. */
static void
remove_stale(const union any_addr *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	if (connect(fd, &at->sa, sizeof(at->un)) != 0 && errno == ECONNREFUSED)
		(void)unlink(at->un.sun_path);
	close(fd);
}

static enum rc
bind_unix(struct web *w, const char *path, int *out, struct err *err)
{
	union any_addr at = { .un.sun_family = AF_UNIX };
	mode_t mask;
	int fd, rc;

	memcpy(at.un.sun_path, path, strlen(path));
	(void)snprintf(w->host, sizeof(w->host), "localhost");
	remove_stale(&at);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mask = umask(0117); /* the proxy's group may connect, nobody else */
	rc = fd < 0 ? -1 : bind(fd, &at.sa, sizeof(at.un));
	umask(mask);
	if (rc != 0) {
		err_set(err, "web.listen: %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return RC_IO;
	}
	*out = fd;
	return RC_OK;
}

enum rc
listener_start(struct web *w, struct err *err)
{
	const char *unix_path = unix_path_of(w->o->listen);
	struct listener *ls;
	struct err reason;
	int fd = -1;
	enum rc rc;

	if (web_check_listen(w->o->listen, &reason) != RC_OK) {
		err_set(err, "web.listen: %s", reason.text);
		return RC_INVALID;
	}
	rc = unix_path != NULL ? bind_unix(w, unix_path, &fd, err)
	                       : bind_tcp(w, &fd, err);
	if (rc != RC_OK)
		return rc;
	if (listen(fd, SOMAXCONN) != 0) {
		err_set(err, "web.listen: %s: %s", w->o->listen, strerror(errno));
		close(fd);
		return RC_IO;
	}
	ls = xcalloc(1, sizeof(*ls));
	ls->web = w;
	ls->fd = fd;
	ls->unix_path = unix_path == NULL ? NULL : xstrdup(unix_path);
	uv_poll_init(loop_uv(w->loop), &ls->poll, fd);
	ls->poll.data = ls;
	uv_poll_start(&ls->poll, UV_READABLE, on_readable);
	w->listener = ls;
	return RC_OK;
}

static void
on_closed(uv_handle_t *handle)
{
	struct listener *ls = handle->data;

	free(ls->unix_path);
	free(ls);
}

void
listener_stop(struct web *w)
{
	struct listener *ls = w->listener;

	if (ls == NULL)
		return;
	w->listener = NULL;
	loop_cancel(ls->pause);
	if (ls->unix_path != NULL)
		(void)unlink(ls->unix_path);
	uv_poll_stop(&ls->poll);
	close(ls->fd);
	uv_close((uv_handle_t *)&ls->poll, on_closed);
}
