/*
 * web_socket.c - WebSockets: handshakes, whole messages in, a bounded queue out.
 *
 * A connection ends in one way: web_socket_close() notes the code, what is queued goes out,
 * and when the library has nothing left of it a timer of ours closes, outside of all
 * callbacks (W-10). Who does not read meanwhile is cut off after FLUSH_S.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bot/io/web_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"

#define FLUSH_S 5

static const struct web_socket_ops *
ops_of(const struct conn *c)
{
	return c->web->o->socket;
}

/* Refuses, or makes the socket. */
static int
shake_hands(struct conn *c)
{
	struct web_socket *ws;
	const char *why = "";
	int status = guard_handshake(c->wsi, c->rq, &why);

	if (status != 0)
		return http_refuse(c, status, why);
	if (c->web->o->proxy && !address_take(c->web, c, c->rq->address))
		return http_refuse(c, 429, "Too many connections from your network.");
	ws = xcalloc(1, sizeof(*ws));
	ws->conn = c;
	ws->last = &ws->first;
	ws->own = ops_of(c)->accept(c->web->o->arg, c->rq, ws);
	if (ws->own == NULL) {
		free(ws);
		return http_refuse(c, 403, "This connection is not wanted.");
	}
	c->ws = ws;
	return 0;
}

int
socket_upgrade(struct conn *c)
{
	char upgrade[16];
	int rc;

	/* Never the string that the callback was given: it may have been freed (W-1). */
	if (lws_hdr_copy(c->wsi, upgrade, sizeof(upgrade), WSI_TOKEN_UPGRADE) <= 0 ||
	    strcasecmp(upgrade, "websocket") != 0 || c->rq != NULL || c->ws != NULL)
		return -1;
	c->web->n_fresh -= c->fresh;
	c->fresh = false;
	c->rq = request_new(c);
	rc = shake_hands(c);
	request_free(c->rq);
	return rc;
}

int
socket_established(struct conn *c)
{
	if (c->ws == NULL || lws_get_protocol(c->wsi)->id != 1)
		return -1;
	c->ws->opened = true;
	ops_of(c)->opened(c->ws->own);
	return 0;
}

int
socket_received(struct conn *c, const void *p, size_t n)
{
	struct web_socket *ws = c->ws;
	struct buf text;

	if (ws == NULL || ws->code != 0)
		return 0;
	if (lws_frame_is_binary(c->wsi)) {
		web_socket_close(ws, 1003, "text only");
		return 0;
	}
	if (ws->in.len + n > WEB_SOCKET_TEXT_MAX ||
	    lws_remaining_packet_payload(c->wsi) >
		WEB_SOCKET_TEXT_MAX - ws->in.len - n) {
		web_socket_close(ws, 1009, "too long");
		return 0;
	}
	buf_add(&ws->in, p, n);
	if (!lws_is_final_fragment(c->wsi))
		return 0;
	text = ws->in;
	ws->in = (struct buf){ 0 };
	/* The library looks at each frame, but not at characters cut by one. */
	if (utf8_valid(buf_str(&text)))
		ops_of(c)->text(ws->own, buf_str(&text));
	else
		web_socket_close(ws, 1007, "not UTF-8");
	buf_fini(&text);
	return 0;
}

static void
drop_queue(struct web_socket *ws)
{
	while (ws->first != NULL) {
		struct frame *f = ws->first;

		ws->first = f->next;
		free(f);
	}
	ws->last = &ws->first;
	ws->queued = 0;
}

static int
write_first(struct conn *c)
{
	struct web_socket *ws = c->ws;
	struct frame *f = ws->first;
	int n;

	ws->first = f->next;
	if (ws->first == NULL)
		ws->last = &ws->first;
	ws->queued -= f->len;
	n = lws_write(c->wsi, f->data + LWS_PRE, f->len, LWS_WRITE_TEXT);
	free(f);
	if (n < 0)
		return -1;
	ws->sending = true;
	lws_callback_on_writable(c->wsi);
	return 0;
}

static void
on_closer(void *arg)
{
	struct web *w = arg;

	w->closer = NULL;
	socket_close_now(w);
}

static void
close_soon(struct web_socket *ws)
{
	struct web *w = ws->conn->web;

	if (ws->on_list)
		return;
	ws->on_list = true;
	ws->next_closing = w->closing;
	w->closing = ws;
	if (w->closer == NULL)
		w->closer = loop_after(w->loop, 0, on_closer, w);
}

int
socket_writable(struct conn *c)
{
	struct web_socket *ws = c->ws;

	if (ws == NULL)
		return 0;
	if (ws->first != NULL)
		return write_first(c);
	if (ws->code != 0) {
		close_soon(ws);
	} else if (ws->sending) {
		ws->sending = false;
		if (ops_of(c)->drained != NULL)
			ops_of(c)->drained(ws->own);
	}
	return 0;
}

void
socket_close_now(struct web *w)
{
	if (w->closing == NULL)
		return;
	while (w->closing != NULL) {
		struct web_socket *ws = w->closing;
		struct lws *wsi = ws->conn->wsi;

		w->closing = ws->next_closing;
		ws->on_list = false;
		lws_close_reason(wsi, (enum lws_close_status)ws->code,
		    (unsigned char *)ws->reason, strlen(ws->reason));
		lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_SYNC);
	}
	/* The library looks at its timers only when something happens. */
	lws_cancel_service(w->lws);
}

static void
leave_list(struct web_socket *ws)
{
	struct web_socket **at = &ws->conn->web->closing;

	if (!ws->on_list)
		return;
	while (*at != ws)
		at = &(*at)->next_closing;
	*at = ws->next_closing;
}

void
socket_closed(struct conn *c)
{
	struct web_socket *ws = c->ws;

	if (ws == NULL)
		return;
	c->ws = NULL;
	leave_list(ws);
	ops_of(c)->closed(ws->own);
	drop_queue(ws);
	buf_fini(&ws->in);
	free(ws);
}

bool
web_socket_send(struct web_socket *ws, struct str text)
{
	struct frame *f;

	assert(ws->opened);
	if (ws->code != 0)
		return false;
	if (ws->queued + text.len > WEB_SOCKET_QUEUE_MAX) {
		drop_queue(ws);
		web_socket_close(ws, 1013, "too slow");
		return false;
	}
	f = xmalloc(sizeof(*f) + LWS_PRE + text.len);
	f->next = NULL;
	f->len = text.len;
	memcpy(f->data + LWS_PRE, text.p, text.len);
	*ws->last = f;
	ws->last = &f->next;
	ws->queued += text.len;
	lws_callback_on_writable(ws->conn->wsi);
	return true;
}

void
web_socket_close(struct web_socket *ws, int code, const char *reason)
{
	if (ws->code != 0)
		return;
	ws->code = code;
	(void)snprintf(ws->reason, sizeof(ws->reason), "%s",
	    reason == NULL ? "" : reason);
	lws_set_timeout(ws->conn->wsi, PENDING_TIMEOUT_CLOSE_SEND, FLUSH_S);
	lws_callback_on_writable(ws->conn->wsi);
}

size_t
web_socket_queued(const struct web_socket *ws)
{
	return ws->queued;
}

void
web_socket_read(struct web_socket *ws, bool on)
{
	if (ws->code == 0)
		lws_rx_flow_control(ws->conn->wsi, on);
}
