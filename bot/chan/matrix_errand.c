/*
 * matrix_errand.c - rooms to join, to refuse, to leave: until it is done, over restarts.
 *
 * A join fails as a matter of course: right after an invitation from another server ours may
 * not know of it yet ("You are not invited"), or the other one is away. So every failure is
 * taken for one of the moment, and the next try comes later each time, for a day; an
 * invitation that is taken back ends it. One request at a time, since servers count joins.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

#define ERRAND_KEY "errand "
#define BUSY_MS 500

struct errand {
	struct errand *next, **at;
	enum errand_kind kind;
	char *room, *via;
	bool direct;
	int tries;
	int64_t due_ms; /* wall */
};

struct errands {
	struct matrix *matrix;
	struct errand *first;
	struct errand *now; /* under way; NULL if it was dropped meanwhile, too */
	struct matrix_call *call;
	struct timer *wait;
	bool stopped;
};

static const char *const names[] = {
	[ERRAND_JOIN] = "join",
	[ERRAND_REFUSE] = "refuse",
	[ERRAND_TELL] = "tell",
	[ERRAND_LEAVE] = "leave",
	[ERRAND_ALONE] = "alone",
	[ERRAND_FORGET] = "forget",
};

int64_t
errand_wait_ms(int tries)
{
	static const int64_t waits[] = { 0, 1000, 30000, 300000, 900000 };
	static const int last = 5 + 24; /* hourly for a day */

	if (tries < (int)ARRAY_LEN(waits))
		return waits[tries];
	return tries < last ? 3600000 : -1;
}

static int64_t
now_ms(const struct errands *es)
{
	return clock_now_ms(loop_clock(es->matrix->ch.loop));
}

/* --- the list, and what is kept of it */

static struct errand *
find(const struct errands *es, struct str room)
{
	for (struct errand *e = es->first; e != NULL; e = e->next)
		if (str_is(room, e->room))
			return e;
	return NULL;
}

static struct errand *
add(struct errands *es, struct str room)
{
	struct errand *e = xcalloc(1, sizeof(*e));

	e->room = xstrndup(room.p, room.len);
	e->via = xstrdup("");
	e->next = es->first;
	e->at = &es->first;
	if (e->next != NULL)
		e->next->at = &e->next;
	es->first = e;
	return e;
}

static void
remove_errand(struct errands *es, struct errand *e)
{
	*e->at = e->next;
	if (e->next != NULL)
		e->next->at = e->at;
	if (es->now == e)
		es->now = NULL;
	free(e->room);
	free(e->via);
	free(e);
}

static void
keep(const struct errand *e, struct values *v)
{
	struct buf b = { 0 };

	buf_printf(&b,
	    "{\"do\":\"%s\",\"tries\":%d,\"due\":%lld,\"direct\":%s,\"via\":",
	    names[e->kind], e->tries, (long long)e->due_ms,
	    e->direct ? "true" : "false");
	buf_add_json(&b, str_of(e->via));
	buf_adds(&b, "}");
	values_add(v, ERRAND_KEY, str_of(e->room), buf_str(&b));
	buf_fini(&b);
}

/* Outside of a batch of news: what cannot be kept now is done once more after a restart,
 * which changes nothing. */
static void
keep_now(struct errands *es, struct values *v)
{
	flow_keep(es->matrix->ch.flow, es->matrix->ch.ops->name, v->v, v->n, NULL,
	    NULL);
	values_fini(v);
}

bool
errands_load(struct errands *es, struct str key, struct str value)
{
	size_t n = strlen(ERRAND_KEY);
	struct json *json;
	struct str what, via;
	struct errand *e;

	if (!str_starts(key, ERRAND_KEY))
		return false;
	json = json_parse(value, 4);
	what = json_str(json, "do");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_is(what, names[i]))
			continue;
		e = add(es, str_n(key.p + n, key.len - n));
		e->kind = (enum errand_kind)i;
		e->tries = (int)json_int(json, "tries", 0);
		e->due_ms = json_int(json, "due", 0);
		e->direct = json_flag(json, "direct", false);
		via = json_str(json, "via");
		free(e->via);
		e->via = xstrndup(via.p, via.len);
	}
	json_free(json);
	return true;
}

void
errands_add(struct errands *es, enum errand_kind kind, struct str room, struct str via,
    bool direct, struct values *v)
{
	struct errand *e = find(es, room);

	/* What must be said before we leave is said once. */
	if (e != NULL &&
	    (e->kind == kind || (e->kind == ERRAND_LEAVE && kind == ERRAND_TELL)))
		return;
	if (e != NULL)
		remove_errand(es, e);
	e = add(es, room);
	e->kind = kind;
	e->direct = direct;
	free(e->via);
	e->via = xstrndup(via.p, via.len);
	e->due_ms = now_ms(es);
	keep(e, v);
}

void
errands_drop(struct errands *es, struct str room, struct values *v)
{
	struct errand *e = find(es, room);

	if (e == NULL)
		return;
	values_add(v, ERRAND_KEY, room, (struct str){ NULL, 0 });
	remove_errand(es, e);
}

void
errands_alone(struct errands *es, struct str room, bool alone, struct values *v)
{
	int64_t ms = config_int(es->matrix->config, "matrix.alone") * 1000;
	struct errand *e = find(es, room);

	if (!alone && e != NULL && e->kind == ERRAND_ALONE && es->now != e)
		errands_drop(es, room, v);
	if (!alone || e != NULL || ms == 0)
		return;
	errands_add(es, ERRAND_ALONE, room, STR(""), false, v);
	e = find(es, room);
	e->due_ms = now_ms(es) + ms;
	keep(e, v);
}

static void
turn_into(struct errands *es, struct errand *e, enum errand_kind kind, struct values *v)
{
	e->kind = kind;
	e->tries = 0;
	e->due_ms = now_ms(es);
	keep(e, v);
}

void
errands_left(struct errands *es, struct str room, struct values *v)
{
	struct errand *e = find(es, room);

	if (e == NULL || e->kind == ERRAND_FORGET)
		return;
	if (e->kind != ERRAND_ALONE) {
		errands_drop(es, room, v);
		return;
	}
	if (es->now == e)
		es->now = NULL; /* its answer comes after the news of it */
	turn_into(es, e, ERRAND_FORGET, v);
}

size_t
errands_joining(const struct errands *es)
{
	size_t n = 0;

	for (const struct errand *e = es->first; e != NULL; e = e->next)
		n += e->kind == ERRAND_JOIN;
	return n;
}

/* --- how one ends */

static void
joined(struct errands *es, const struct errand *e, struct values *v)
{
	struct room *r = room_get(es->matrix, str_of(e->room), true);

	/* That we are in is told by the next /sync, and from where on we read. */
	r->direct = e->direct;
	room_keep(r, v);
}

static void
done(struct errands *es, struct errand *e)
{
	struct values v;

	values_init(&v);
	if (e->kind == ERRAND_TELL) {
		turn_into(es, e, ERRAND_LEAVE, &v);
	} else if (e->kind == ERRAND_ALONE) {
		turn_into(es, e, ERRAND_FORGET, &v);
	} else {
		if (e->kind == ERRAND_JOIN)
			joined(es, e, &v);
		errands_drop(es, str_of(e->room), &v);
	}
	keep_now(es, &v);
}

static void
again(struct errands *es, struct errand *e, const struct matrix_reply *r)
{
	bool limited = r->status == 429;
	int64_t wait;
	struct values v;

	if (!limited)
		e->tries++;
	wait = errand_wait_ms(e->tries);
	if (limited && r->retry_after_ms > wait)
		wait = r->retry_after_ms;
	if (limited && wait < 1000)
		wait = 1000;
	log_info("matrix: %s failed tries=%d: %s", names[e->kind], e->tries,
	    r->description);
	values_init(&v);
	if (wait < 0) {
		log_warn("matrix: gave up to %s a room", names[e->kind]);
		errands_drop(es, str_of(e->room), &v);
	} else {
		e->due_ms = now_ms(es) + wait;
		keep(e, &v);
	}
	keep_now(es, &v);
}

/* Who is not in a room any more need not leave it, or be heard there; what cannot be forgotten
 * is no harm. */
static bool
is_settled(const struct errand *e, const struct matrix_reply *r)
{
	if (e->kind == ERRAND_JOIN || r->result != MATRIX_REFUSED)
		return false;
	return r->status == 403 || r->status == 404 ||
	       (e->kind == ERRAND_FORGET && r->status == 400);
}

static void
on_reply(void *arg, const struct matrix_reply *r)
{
	struct errands *es = arg;
	struct errand *e = es->now;

	es->call = NULL;
	es->now = NULL;
	if (e != NULL && (r->result == MATRIX_OK || is_settled(e, r)))
		done(es, e);
	else if (e != NULL)
		again(es, e, r);
	errands_kick(es);
}

/* --- how one is done */

static void
join_path(const struct errand *e, struct buf *path)
{
	buf_adds(path, CLIENT_API "/join/");
	buf_add_path(path, str_of(e->room));
	if (e->via[0] != '\0') {
		buf_adds(path, "?via=");
		buf_add_path(path, str_of(e->via));
	}
}

static void
room_path(const struct errand *e, const char *what, struct buf *path)
{
	buf_adds(path, CLIENT_API "/rooms/");
	buf_add_path(path, str_of(e->room));
	buf_adds(path, what);
}

static void
tell_path(const struct errands *es, const struct errand *e, struct buf *path)
{
	char txn[MATRIX_TXN_SIZE];

	txn_of_room(es->matrix->session.device, str_of(e->room), "encrypted", txn);
	buf_adds(path, CLIENT_API "/rooms/");
	buf_add_path(path, str_of(e->room));
	buf_printf(path, "/send/m.room.message/%s", txn);
}

static void
tell_body(const struct errands *es, struct buf *body)
{
	const char *ways = config_str(es->matrix->config, "matrix.other_ways");
	struct buf text = { 0 };

	buf_adds(&text, es->matrix->words->encrypted);
	if (ways[0] != '\0')
		buf_printf(&text, " %s", ways);
	buf_adds(body, "{\"msgtype\":\"m.notice\",\"m.mentions\":{},\"body\":");
	buf_add_json(body, buf_str(&text));
	buf_adds(body, "}");
	buf_fini(&text);
}

static void
begin(struct errands *es, struct errand *e)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "POST" };
	struct buf path = { 0 }, body = { 0 };

	switch (e->kind) {
	case ERRAND_JOIN:
		join_path(e, &path);
		buf_adds(&body, "{}");
		break;
	case ERRAND_REFUSE:
		room_path(e, "/leave", &path);
		buf_adds(&body, "{\"reason\":");
		buf_add_json(&body, str_of(es->matrix->words->refused));
		buf_adds(&body, "}");
		break;
	case ERRAND_LEAVE:
	case ERRAND_ALONE:
		room_path(e, "/leave", &path);
		buf_adds(&body, "{}");
		break;
	case ERRAND_FORGET:
		room_path(e, "/forget", &path);
		buf_adds(&body, "{}");
		break;
	case ERRAND_TELL:
		rq.method = "PUT";
		tell_path(es, e, &path);
		tell_body(es, &body);
		break;
	}
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	es->now = e;
	es->call = matrix_send(es->matrix, &rq, on_reply, es);
	buf_fini(&path);
	buf_fini(&body);
}

static void
on_wait(void *arg)
{
	struct errands *es = arg;

	es->wait = NULL;
	errands_kick(es);
}

static void
wait_for(struct errands *es, int64_t ms)
{
	loop_cancel(es->wait);
	es->wait = loop_after(es->matrix->ch.loop, ms, on_wait, es);
}

static struct errand *
next_due(const struct errands *es)
{
	struct errand *next = es->first;

	for (struct errand *e = es->first; e != NULL; e = e->next)
		if (e->due_ms < next->due_ms)
			next = e;
	return next;
}

void
errands_kick(struct errands *es)
{
	struct errand *e = next_due(es);
	int64_t wait = e == NULL ? 0 : e->due_ms - now_ms(es);

	if (e == NULL || es->call != NULL || es->stopped || es->matrix->off)
		return;
	/* Also if the wall clock was set back since. */
	if (wait > 3600000)
		wait = 3600000;
	if (wait <= 0 && (!session_ready(es->matrix) ||
			     (e->kind == ERRAND_TELL &&
				 matrix_is_sending(es->matrix, str_of(e->room)))))
		wait = BUSY_MS;
	if (wait > 0)
		wait_for(es, wait);
	else
		begin(es, e);
}

/* --- life */

struct errands *
errands_new(struct matrix *m)
{
	struct errands *es = xcalloc(1, sizeof(*es));

	es->matrix = m;
	return es;
}

void
errands_stop(struct errands *es)
{
	es->stopped = true;
	loop_cancel(es->wait);
	es->wait = NULL;
	matrix_cancel(es->call);
	es->call = NULL;
	es->now = NULL;
}

void
errands_free(struct errands *es)
{
	if (es == NULL)
		return;
	errands_stop(es);
	for (struct errand *e = es->first, *next; e != NULL; e = next) {
		next = e->next;
		free(e->room);
		free(e->via);
		free(e);
	}
	free(es);
}
