/*
 * webchat_socket.c - the protocol of the page's script (webchat.h has it).
 *
 * Each socket knows the number of the last line that it was given. A line that is the next
 * one goes out at once; whenever something lies between, the socket is brought up from the
 * history, in portions as the network takes them, so that order and completeness do not
 * depend on who calls first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/webchat_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/json.h"
#include "credbot/chan/markup.h"

/* From the handshake to hello (W-8). */
#define HELLO_MS 10000
/* Lines fetched at a time, and how much may wait in the socket before the next portion. */
#define PORTION 25
#define PORTION_BYTES ((size_t)64 * 1024)
/* "later": after this; and so often before the connection is ended. */
#define LATER_MS 1000
#define LATER_BUSY_MS 3000
#define REFUSED_MAX 200

/* Greetings are turns: 100 at once and 50 a second more, whoever opens pages. */
static const struct bucket_rate opening_rate = { .burst = 100, .refill_ms = 20 };

enum sock_state {
	SOCK_NEW,     /* no hello yet */
	SOCK_BEHIND,  /* is being brought up */
	SOCK_CURRENT, /* has every line up to seen */
};

struct sock {
	struct sock *next;
	struct person *person;
	struct web_socket *ws;
	uint64_t serial;
	char epoch[EPOCH_CHARS + 1];
	enum sock_state state;
	bool owes_ready; /* after hello */
	int64_t seen;
	struct timer *hello; /* NULL: it came */
	struct bucket bucket;
	int refused;
};

static void
add_file(struct buf *b, const struct document *d, bool first)
{
	struct buf text = { 0 };

	buf_adds(b, first ? ",\"files\":[{\"name\":" : ",{\"name\":");
	buf_add_json(b, d->name);
	buf_adds(b, ",\"type\":");
	buf_add_json(b, d->type);
	buf_adds(b, ",\"size\":");
	document_add_size(&text, d);
	buf_add_json(b, buf_str(&text));
	buf_clear(&text);
	document_add_path(&text, d);
	buf_adds(b, ",\"href\":");
	buf_add_json(b, buf_str(&text));
	buf_addc(b, '}');
	buf_fini(&text);
}

/* What the bot said: as blocks for the page, as plain text, and what may be tapped. */
static void
add_said(struct buf *b, const struct outmsg *m)
{
	struct markup *md = markup_parse(m->text);
	struct buf text = { 0 };

	buf_adds(b, ",\"body\":");
	markup_json(md, b);
	markup_text(md, 0, &text);
	markup_free(md);
	buf_adds(b, ",\"text\":");
	buf_add_json(b, buf_str(&text));
	buf_fini(&text);
	buf_adds(b, ",\"buttons\":[");
	for (size_t i = 0; i < m->n_buttons; i++) {
		if (i > 0)
			buf_addc(b, ',');
		buf_add_json(b, m->buttons[i]);
	}
	buf_addc(b, ']');
	for (size_t i = 0; i < m->n_documents; i++)
		add_file(b, &m->documents[i], i == 0);
	if (m->n_documents > 0)
		buf_addc(b, ']');
}

static void
add_line(struct buf *b, const struct history_line *line)
{
	const struct outmsg *m = &line->out;

	buf_printf(b, "{\"t\":\"line\",\"seq\":%lld,\"at\":%lld,\"mine\":%s",
	    (long long)line->seq, (long long)m->at_ms, line->mine ? "true" : "false");
	if (line->mine) {
		buf_adds(b, ",\"id\":");
		buf_add_json(b, line->id);
		buf_adds(b, ",\"text\":");
		buf_add_json(b, m->text);
	} else {
		add_said(b, m);
	}
	buf_addc(b, '}');
}

__attribute__((format(printf, 2, 3))) static void
tell(struct sock *s, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	(void)web_socket_send(s->ws, buf_str(&b));
	buf_fini(&b);
}

struct portion {
	struct sock *sock;
	size_t n;
	bool lost; /* the socket takes no more */
};

static void
give_line(void *arg, const struct history_line *line)
{
	struct portion *portion = arg;
	struct buf b = { 0 };

	portion->n++;
	if (portion->lost)
		return;
	add_line(&b, line);
	if (web_socket_send(portion->sock->ws, buf_str(&b)))
		portion->sock->seen = line->seq;
	else
		portion->lost = true;
	buf_fini(&b);
}

/* Gives what lies behind seen, as far as the network takes it now. */
static void
bring_up(struct sock *s)
{
	struct webchat *chat = s->person->chat;

	s->state = SOCK_BEHIND;
	while (s->state == SOCK_BEHIND && web_socket_queued(s->ws) < PORTION_BYTES) {
		struct portion portion = { .sock = s };
		enum rc rc = flow_history(chat->ch.flow, s->person->peer, s->seen,
		    PORTION, give_line, &portion);

		if (rc != RC_OK || portion.lost) {
			web_socket_close(s->ws, 1013, "try again later");
			return;
		}
		if (portion.n < PORTION)
			s->state = SOCK_CURRENT;
	}
	if (s->state == SOCK_CURRENT && s->owes_ready) {
		s->owes_ready = false;
		tell(s, "{\"t\":\"ready\"}");
	}
}

static void
on_drained(void *own)
{
	struct sock *s = own;

	if (s->state == SOCK_BEHIND)
		bring_up(s);
}

/* line is given the socket if it is the next one; if lines lie between, all are. */
static void
give_new(struct sock *s, int64_t seq, struct str line)
{
	if (s->state != SOCK_CURRENT || seq <= s->seen)
		return;
	if (seq > s->seen + 1 || line.len == 0)
		bring_up(s);
	else if (web_socket_send(s->ws, line))
		s->seen = seq;
}

void
socks_push(struct person *p, const struct outmsg *m)
{
	struct history_line line = { .seq = m->seq, .out = *m };
	struct buf b = { 0 };

	if (p->socks == NULL)
		return;
	add_line(&b, &line);
	for (struct sock *s = p->socks; s != NULL; s = s->next)
		give_new(s, m->seq, buf_str(&b));
	buf_fini(&b);
}

/* --- what became of her message */

static struct sock *
sock_by_serial(struct person *p, uint64_t serial)
{
	struct sock *s = serial == 0 ? NULL : p->socks;

	while (s != NULL && s->serial != serial)
		s = s->next;
	return s;
}

struct wanted {
	const char *id;
	struct buf line;
};

static void
find_line(void *arg, const struct history_line *line)
{
	struct wanted *w = arg;

	if (line->mine && str_is(line->id, w->id)) {
		buf_clear(&w->line);
		add_line(&w->line, line);
	}
}

/* A message was changed in its place: all pages get its line again. */
static void
give_changed(struct person *p, const char *id)
{
	struct wanted w = { .id = id };

	if (person_identify(p))
		(void)flow_history(p->chat->ch.flow, p->peer, -1, PAGE_LINES, find_line,
		    &w);
	for (struct sock *s = p->socks; s != NULL; s = s->next)
		if (w.line.len > 0 && s->state != SOCK_NEW)
			(void)web_socket_send(s->ws, buf_str(&w.line));
	buf_fini(&w.line);
}

static void
took(struct put *put, int64_t seq)
{
	struct person *p = put->person;
	struct sock *from = sock_by_serial(p, put->sock);

	if (from != NULL) {
		/* The page that wrote it needs no line of it, if it is the next. */
		if (from->state == SOCK_CURRENT && seq == from->seen + 1)
			from->seen = seq;
		tell(from, "{\"t\":\"took\",\"id\":\"%s\",\"seq\":%lld}", put->id,
		    (long long)seq);
	}
	for (struct sock *s = p->socks; s != NULL; s = s->next)
		give_new(s, seq, str_n("", 0));
	if (put->kind == MESSAGE_EDIT && seq == 0)
		give_changed(p, put->of);
}

void
socks_put_done(struct put *put, enum rc rc, int64_t seq)
{
	struct sock *from = sock_by_serial(put->person, put->sock);

	if (put->kind == MESSAGE_OPEN)
		return;
	if (rc == RC_OK || rc == RC_EXISTS)
		took(put, seq);
	else if (from != NULL && rc == RC_INVALID)
		tell(from, "{\"t\":\"no\",\"id\":\"%s\",\"why\":\"bad\"}", put->id);
	else if (from != NULL)
		tell(from,
		    "{\"t\":\"later\",\"id\":\"%s\",\"after\":%d,\"why\":\"busy\"}",
		    put->id, LATER_BUSY_MS);
}

/* --- what the page says */

static void
note_seq(void *arg, const struct history_line *line)
{
	int64_t *seq = arg;

	*seq = line->seq;
}

static void
open_chat(struct sock *s)
{
	struct webchat *chat = s->person->chat;
	struct put *put;

	if (chat->draining || !bucket_take(&chat->openings, opening_rate,
				  clock_mono_ms(loop_clock(chat->ch.loop))))
		return;
	put = xcalloc(1, sizeof(*put));
	put->person = s->person;
	put->kind = MESSAGE_OPEN;
	put->sock = s->serial;
	(void)snprintf(put->id, sizeof(put->id), "open"); /* once in a session */
	webchat_put(chat, put, str_n("", 0));
}

static bool
may_speak(struct sock *s)
{
	const struct webchat *chat = s->person->chat;

	return bucket_take(&s->bucket, chat->socket_rate,
	    clock_mono_ms(loop_clock(chat->ch.loop)));
}

static void
on_hello(struct sock *s, const struct json *msg)
{
	struct webchat *chat = s->person->chat;
	int64_t seen = json_int(msg, "seen", 0), last = 0;
	struct buf name = { 0 };

	loop_cancel(s->hello);
	s->hello = NULL;
	if (!may_speak(s)) { /* each costs a look into the history */
		web_socket_close(s->ws, 1008, "too many messages");
		return;
	}
	if (!person_identify(s->person) || flow_history(chat->ch.flow, s->person->peer,
					       -1, 1, note_seq, &last) != RC_OK) {
		web_socket_close(s->ws, 1013, "try again later");
		return;
	}
	s->seen = seen < 0 || seen > last ? 0 : seen;
	s->owes_ready = true;
	buf_add_json(&name, str_of(chat->name));
	tell(s, "{\"t\":\"welcome\",\"name\":%s,\"epoch\":\"%s\",\"last\":%lld}",
	    buf_cstr(&name), s->epoch, (long long)last);
	buf_fini(&name);
	bring_up(s);
	if (last == 0)
		open_chat(s);
}

/* Why a message cannot be taken, ever; NULL: it can. */
static const char *
refusal(struct str text, struct str of, enum message_kind kind)
{
	if (str_trim(text).len == 0)
		return "empty";
	if (text.len > MESSAGE_TEXT_MAX)
		return "long";
	if (kind == MESSAGE_EDIT && !session_good_id(of))
		return "bad";
	return NULL;
}

static void
refuse_later(struct sock *s, struct str id, int after_ms)
{
	tell(s, "{\"t\":\"later\",\"id\":\"%.*s\",\"after\":%d,\"why\":\"busy\"}",
	    STR_ARG(id), after_ms);
	if (++s->refused > REFUSED_MAX)
		web_socket_close(s->ws, 1008, "too many messages");
}

static void
on_message(struct sock *s, const struct json *msg, enum message_kind kind)
{
	struct webchat *chat = s->person->chat;
	struct str id = json_str(msg, "id"), text = json_str(msg, "text");
	struct str of = json_str(msg, "of");
	const char *why = refusal(text, of, kind);
	struct put *put;

	if (!session_good_id(id)) {
		web_socket_close(s->ws, 1008, "no id");
		return;
	}
	if (why != NULL) {
		tell(s, "{\"t\":\"no\",\"id\":\"%.*s\",\"why\":\"%s\"}", STR_ARG(id),
		    why);
		return;
	}
	if (chat->draining) {
		refuse_later(s, id, LATER_BUSY_MS);
		return;
	}
	if (!bucket_take(&s->bucket, chat->socket_rate,
		clock_mono_ms(loop_clock(chat->ch.loop)))) {
		refuse_later(s, id, LATER_MS);
		return;
	}
	s->refused = 0;
	put = xcalloc(1, sizeof(*put));
	put->person = s->person;
	put->kind = kind;
	put->sock = s->serial;
	memcpy(put->id, id.p, id.len);
	if (kind == MESSAGE_EDIT)
		memcpy(put->of, of.p, of.len);
	webchat_put(chat, put, text);
}

static void
on_text(void *own, struct str text)
{
	struct sock *s = own;
	struct json *msg = json_parse(text, 4);
	struct str t = json_str(msg, "t");

	if (str_is(t, "hello"))
		on_hello(s, msg);
	else if (s->state == SOCK_NEW)
		web_socket_close(s->ws, 1008, "hello comes first");
	else if (str_is(t, "say"))
		on_message(s, msg, MESSAGE_TEXT);
	else if (str_is(t, "edit"))
		on_message(s, msg, MESSAGE_EDIT);
	else
		web_socket_close(s->ws, 1008, "not understood");
	json_free(msg);
}

static void
on_no_hello(void *arg)
{
	struct sock *s = arg;

	s->hello = NULL;
	web_socket_close(s->ws, 1008, "no hello");
}

static void *
on_accept(void *arg, struct web_request *handshake, struct web_socket *ws)
{
	struct webchat *chat = arg;
	struct session session;
	struct sock *s;

	if (!session_read(&session, handshake))
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->person = person_get(chat, session.account);
	s->ws = ws;
	s->serial = ++chat->last_serial;
	memcpy(s->epoch, session.epoch, sizeof(s->epoch));
	s->hello = loop_after(chat->ch.loop, HELLO_MS, on_no_hello, s);
	s->next = s->person->socks;
	s->person->socks = s;
	return s;
}

static void
on_opened(void *own)
{
	(void)own; /* the page speaks first */
}

static void
on_closed(void *own)
{
	struct sock *s = own, **at = &s->person->socks;
	struct person *p = s->person;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	loop_cancel(s->hello);
	free(s);
	person_release(p);
}

const struct web_socket_ops webchat_socket_ops = {
	.path = "/ws",
	.subprotocol = "credbot.v1",
	.accept = on_accept,
	.opened = on_opened,
	.text = on_text,
	.drained = on_drained,
	.closed = on_closed,
};
