/*
 * web.c - the web server: libwebsockets on our loop, and the guards it needs.
 *
 * Debian's 4.1.6 has faults that will not be mended there; these keep them out of reach
 * (numbers as in reference/telegram-web.md, 6.2):
 *
 * W-1   Whoever asks for an upgrade to anything but "websocket" is hung up on before the
 *       library acts on it: HTTP/2 is never entered, and the freed string that the callback
 *       is given (CVE-2025-11677) is never looked at (socket_upgrade).
 * W-2   CONNECT would make a raw connection without any timeout: refused below.
 * W-4   Bodies come with an honest Content-Length or not at all (web_guard.c).
 * W-5   Hosts, origins, subprotocol and version are checked by us (web_guard.c).
 * W-7   Limits per address are ours, the packaged library has none (web_listen.c).
 * W-8   Pings; messages are put together with a cap (web_socket.c).
 * W-9   One write each time the network has room; a queue with an end.
 * W-10  Under libuv a close frame is never sent when a callback returns -1, so sockets are
 *       closed from a timer of ours, outside of the library's callbacks (web_socket.c).
 * W-11  The order of stopping: web_stop().
 *
 * And one that is not in that list: the head of a second request that is there before the
 * first is over is put aside, and when it is read from there and has a body, that is read from
 * the beginning of the head. Then the library goes round for ever with what is too much. So a
 * connection serves one request, and says so; a proxy on this machine makes them cheaply.
 *
 * What it cannot give us: a client frame without mask looks like any other to the program,
 * so one is answered instead of refused as RFC 6455, 5.1 wants. Masks protect caches between
 * browser and server from what a page makes the browser send; browsers always mask.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <uv.h>

#include "bot/io/web_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* Descriptors that the rest of the program may need: database, log, HTTP client. */
#define OTHER_FILES ((rlim_t)256)
/* lws's own lines are not worth more than this, nor the level that it gives them: most are
 * about what a stranger sent. */
static const struct bucket_rate log_rate = { .burst = 20, .refill_ms = 3000 };

/* How long web_stop() waits for clients to take their close frames. */
#define GOODBYE_MS 500

static void
on_lws_log(int level, const char *line)
{
	static struct bucket bucket;
	size_t n = strcspn(line, "\n");

	(void)level;
	if (!bucket_take(&bucket, log_rate, clock_mono_ms(clock_system())))
		return;
	log_warn("web: lws says \"%.*s\"", (int)n, line);
}

static int
on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
    size_t len)
{
	struct conn *c;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT:
	case LWS_CALLBACK_RAW_CONNECTED:
	case LWS_CALLBACK_RAW_RX:
		return -1;
	default:
		break;
	}
	c = wsi == NULL ? NULL : lws_get_opaque_user_data(wsi);
	if (c == NULL) /* the library's own: its event pipe */
		return 0;
	switch (reason) {
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		c->wsi = wsi;
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return socket_upgrade(c);
	case LWS_CALLBACK_HTTP:
		return http_begin(c);
	case LWS_CALLBACK_HTTP_BODY:
		return http_body(c, in, len);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return http_body_done(c);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return http_writable(c);
	case LWS_CALLBACK_CLOSED_HTTP:
		http_closed(c);
		return 0;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return c->ws == NULL ? -1 : 0;
	case LWS_CALLBACK_ESTABLISHED:
		return socket_established(c);
	case LWS_CALLBACK_RECEIVE:
		return socket_received(c, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return socket_writable(c);
	case LWS_CALLBACK_CLOSED:
		socket_closed(c);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		conn_free(c);
		return 0;
	default:
		return 0;
	}
}

/* Raises the limit of open files as far as needed; if it cannot be, takes fewer connections. */
static void
make_room(struct web *w, struct rlimit *rl)
{
	rlim_t want = w->max_connections + OTHER_FILES;

	if (rl->rlim_cur >= want)
		return;
	rl->rlim_cur = rl->rlim_max < want ? rl->rlim_max : want;
	(void)setrlimit(RLIMIT_NOFILE, rl); /* up to its maximum everybody may */
	if (rl->rlim_cur == want)
		return;
	w->max_connections = (int)(rl->rlim_cur > 2 * OTHER_FILES
				       ? rl->rlim_cur - OTHER_FILES
				       : rl->rlim_cur / 2);
	log_warn("web: the limit of open files allows only %d connections",
	    w->max_connections);
}

/*
 * lws is told a low limit while it starts: it keeps a table by descriptor, of which each
 * close reads the whole, and in a container the limit may be a million.
 */
static struct lws_context *
create_context(struct web *w, const struct lws_context_creation_info *info)
{
	struct rlimit rl, low;
	struct lws_context *lws;

	w->max_connections = w->o->max_connections;
	if (getrlimit(RLIMIT_NOFILE, &rl) != 0)
		return NULL;
	make_room(w, &rl);
	low = rl;
	if (low.rlim_cur > w->max_connections + OTHER_FILES)
		low.rlim_cur = w->max_connections + OTHER_FILES;
	(void)setrlimit(RLIMIT_NOFILE, &low);
	lws = lws_create_context(info);
	(void)setrlimit(RLIMIT_NOFILE, &rl);
	w->max_fd = (int)low.rlim_cur - 1;
	return lws;
}

static enum rc
start_lws(struct web *w, struct err *err)
{
	static const lws_retry_bo_t idle = {
		.secs_since_valid_ping = PING_S,
		.secs_since_valid_hangup = HANGUP_S,
	};
	void *loops[1] = { loop_uv(w->loop) };
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.options =
		    LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
		    LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
		    LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE,
		.foreign_loops = loops,
		.pcontext = &w->lws,
		.protocols = w->protocols,
		.max_http_header_data2 = HEADERS_MAX,
		.max_http_header_pool2 = 64,
		.timeout_secs = ARRIVE_S,
		.timeout_secs_ah_idle = ARRIVE_S,
		.retry_and_idle_policy = &idle,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
		.vhost_name = "credbot",
	};

	/* A name that no client can write as its subprotocol. */
	w->protocols[0] = (struct lws_protocols){
		.name = "plain http",
		.callback = on_lws,
		.tx_packet_size = WRITE_MAX,
	};
	if (w->o->socket != NULL)
		w->protocols[1] = (struct lws_protocols){
			.name = w->o->socket->subprotocol,
			.callback = on_lws,
			.rx_buffer_size = 1024,
			.tx_packet_size = WRITE_MAX,
			.id = 1,
		};
	lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
	w->lws = create_context(w, &info);
	if (w->lws == NULL) {
		err_set(err, "the web server could not start: is the package "
			     "libwebsockets-evlib-uv installed?");
		return RC_IO;
	}
	w->vhost = lws_create_vhost(w->lws, &info);
	if (w->vhost == NULL) {
		err_set(err, "the web server could not start");
		return RC_IO;
	}
	return RC_OK;
}

enum rc
web_start(struct web **out, struct loop *l, const struct web_options *o,
    struct err *err)
{
	struct web *w = xcalloc(1, sizeof(*w));
	enum rc rc;

	*out = NULL;
	w->loop = l;
	w->o = o;
	w->addresses = map_new();
	rc = start_lws(w, err);
	if (rc == RC_OK)
		rc = listener_start(w, err);
	if (rc != RC_OK) {
		web_stop(w);
		return rc;
	}
	*out = w;
	return RC_OK;
}

int
web_port(const struct web *w)
{
	return w->port;
}

size_t
web_connections(const struct web *w)
{
	return w->n_conns;
}

void
web_close_all(struct web *w)
{
	listener_stop(w);
	for (struct conn *c = w->conns; c != NULL; c = c->next)
		if (c->ws != NULL)
			web_socket_close(c->ws, 1001, "the server is going away");
}

static bool
any_socket(const struct web *w)
{
	for (const struct conn *c = w->conns; c != NULL; c = c->next)
		if (c->ws != NULL)
			return true;
	return false;
}

static void
on_goodbye(uv_timer_t *t)
{
	t->data = NULL;
}

/* Runs the loop until the WebSockets are gone, at most GOODBYE_MS. */
static void
say_goodbye(struct web *w)
{
	uv_timer_t t;
	uv_loop_t *uv = loop_uv(w->loop);

	uv_timer_init(uv, &t);
	t.data = w;
	uv_timer_start(&t, on_goodbye, GOODBYE_MS, 0);
	while (t.data != NULL && any_socket(w)) {
		uv_run(uv, UV_RUN_ONCE);
		socket_close_now(
		    w); /* closer may stand on a clock that does not move */
	}
	uv_close((uv_handle_t *)&t, NULL);
	uv_run(uv, UV_RUN_NOWAIT);
}

void
web_stop(struct web *w)
{
	if (w == NULL)
		return;
	listener_stop(w);
	if (w->lws != NULL) {
		web_close_all(w);
		say_goodbye(w);
		lws_context_destroy(w->lws);
		/* Connections are closed in the first turn, the library's own timer and
		 * idler in the second; the rest is to spare. */
		for (int i = 0; i < 5; i++)
			uv_run(loop_uv(w->loop), UV_RUN_NOWAIT);
		lws_context_destroy(w->lws);
	}
	while (w->conns != NULL)
		conn_free(w->conns);
	loop_cancel(w->closer);
	map_free(w->addresses);
	free(w);
}
