/*
 * matrix_sync.c - /sync, again and again: one at a time, and the next when all that the last
 * one brought is on disk.
 *
 * "Syncing" of the specification. Every way out of an answer leads to the next request or to
 * a wait; nothing else starts one.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

#define POLL_MS 30000
/* A connection on which nothing has come by then is half open: the other side is gone, and
 * nobody told us. */
#define SILENT_MS (INT64_C(2) * POLL_MS)
/* A poll that has neither answered nor failed by then is dead. */
#define POLL_TIMEOUT_MS (POLL_MS + 60000)
/* A first answer holds all rooms: some servers need minutes to make it. */
#define FIRST_TIMEOUT_MS (10 * 60 * 1000)
/* Of either kind, after decompression. */
#define ANSWER_MAX ((size_t)512 * 1024 * 1024)
/* Locked out, we look in again now and then. */
#define LOCKED_MS 60000

#define SINCE_KEY "since"

const char matrix_timeline_types[] =
    "\"m.room.message\",\"m.sticker\",\"m.room.encrypted\",\"m.room.encryption\","
    "\"m.room.member\",\"m.room.tombstone\",\"m.room.redaction\",\"m.reaction\"";

struct sync {
	struct matrix *matrix;
	struct matrix_self self;
	struct matrix_call *call;
	struct timer *wait;
	struct timer *silent;
	struct news_reader *reader;
	struct news *news; /* what it has read */
	struct gap *gap;
	struct buf since; /* empty: the first time */
	struct buf next;  /* since, when that before is on disk */
	bool caught_up;
	bool running;
	bool storing; /* what it brought is on its way to the disk */
	int tries;
};

static void ask(struct sync *s);

static void
on_wait(void *arg)
{
	struct sync *s = arg;

	s->wait = NULL;
	ask(s);
}

static void
ask_after(struct sync *s, int64_t ms)
{
	if (s->running && !s->matrix->off)
		s->wait = loop_after(s->matrix->ch.loop, ms, on_wait, s);
}

static void
failed(struct sync *s, int64_t wait_ms, const char *why)
{
	int64_t ms = matrix_backoff_ms(s->tries);

	if (wait_ms > ms)
		ms = wait_ms;
	if (s->tries++ == 0)
		log_warn("matrix: no news: %s", why);
	ask_after(s, ms);
}

/* --- what it brought, on its way to the disk */

static void
on_kept(void *arg, enum rc rc, int64_t seq)
{
	struct sync *s = arg;
	struct buf old = s->since;

	(void)seq;
	s->storing = false;
	if (rc != RC_OK) {
		failed(s, -1, "they cannot be stored now");
		return;
	}
	s->since = s->next;
	s->next = old;
	if (s->tries > 0)
		log_info("matrix: news again tries=%d", s->tries);
	s->tries = 0;
	if (!s->caught_up) {
		log_info("matrix: ready rooms=%zu", rooms_joined(s->matrix));
		matrix_profile_begin(s->matrix);
	}
	s->caught_up = true;
	news_confirm(s->matrix);
	errands_kick(s->matrix->errands);
	ask(s);
}

static void
store_news(struct sync *s, const struct news *n)
{
	struct values v;

	values_init(&v);
	news_take(s->matrix, n, s->since.len == 0, &v);
	buf_clear(&s->next);
	buf_addstr(&s->next, n->next_batch);
	values_add(&v, SINCE_KEY, STR(""), n->next_batch);
	s->storing = true;
	flow_keep(s->matrix->ch.flow, s->matrix->ch.ops->name, v.v, v.n, on_kept, s);
	values_fini(&v);
}

static void
end_reading(struct sync *s)
{
	gap_free(s->gap);
	s->gap = NULL;
	news_reader_free(s->reader);
	s->reader = NULL;
	s->news = NULL;
}

static void
on_filled(void *arg)
{
	struct sync *s = arg;

	store_news(s, s->news);
	end_reading(s);
}

/* --- an answer */

static void
stop_listening(struct sync *s)
{
	loop_cancel(s->silent);
	s->silent = NULL;
}

static void
on_silent(void *arg)
{
	struct sync *s = arg;

	s->silent = NULL;
	matrix_cancel(s->call);
	s->call = NULL;
	end_reading(s);
	failed(s, -1, "the connection is dead");
}

static bool
on_data(void *arg, struct str piece)
{
	struct sync *s = arg;

	stop_listening(s);
	/* What is no JSON is read to its end all the same: the status decides. */
	(void)news_feed(s->reader, piece);
	return true;
}

/* The server was set up anew, or restored from a copy of former days. */
static bool
is_unknown_since(const struct sync *s, const struct matrix_reply *r)
{
	/* Said once it may be a slip. */
	return s->tries > 0 && s->since.len > 0 && r->status == 400 &&
	       (strcmp(r->errcode, "M_UNKNOWN") == 0 ||
		   strcmp(r->errcode, "M_INVALID_PARAM") == 0 ||
		   strcmp(r->errcode, "M_UNKNOWN_POS") == 0);
}

static void
refused(struct sync *s, const struct matrix_reply *r)
{
	struct matrix *m = s->matrix;

	if (r->result == MATRIX_REFUSED && r->status == 401) {
		bool locked = strcmp(r->errcode, "M_USER_LOCKED") == 0;

		failed(s, locked ? LOCKED_MS : r->retry_after_ms, r->description);
		return;
	}
	if (r->result == MATRIX_REFUSED && r->status == 404) {
		/* The wait comes first: there are proxies that say 404 to all. */
		session_lose_filter(m);
		failed(s, r->retry_after_ms, r->description);
		return;
	}
	if (r->result == MATRIX_REFUSED && is_unknown_since(s, r)) {
		log_error("matrix: the server does not know any more where we stood; "
			  "what was written meanwhile is not answered");
		buf_clear(&s->since);
		s->caught_up = false;
	}
	failed(s, r->retry_after_ms, r->description);
}

static void
on_answer(void *arg, const struct matrix_reply *r)
{
	struct sync *s = arg;

	s->call = NULL;
	stop_listening(s);
	if (r->result != MATRIX_OK || r->status != 200) {
		end_reading(s);
		refused(s, r);
		return;
	}
	s->news = news_end(s->reader);
	if (s->news == NULL) {
		end_reading(s);
		failed(s, -1, "the answer is broken");
		return;
	}
	s->gap = gap_fill(s->matrix, s->news, buf_str(&s->since), on_filled, s);
}

static void
ask(struct sync *s)
{
	struct matrix *m = s->matrix;
	bool first = s->since.len == 0;
	struct buf path = { 0 };
	struct matrix_request rq = {
		.lane = HTTP_POLL,
		.method = "GET",
		.timeout_ms = first ? FIRST_TIMEOUT_MS : POLL_TIMEOUT_MS,
		.answer_max = ANSWER_MAX,
		.on_data = on_data,
	};

	if (!s->running || m->off || s->call != NULL || s->wait != NULL ||
	    s->reader != NULL)
		return;
	if (!session_ready(m) || m->filter == NULL) {
		ask_after(s, 1000); /* it is being mended */
		session_begin(m);
		return;
	}
	buf_adds(&path, CLIENT_API "/sync?set_presence=offline&use_state_after=true");
	/* Behind: what there is, at once. */
	buf_printf(&path, "&timeout=%d&filter=", s->caught_up ? POLL_MS : 0);
	buf_add_path(&path, str_of(m->filter));
	if (!first) {
		buf_adds(&path, "&since=");
		buf_add_path(&path, buf_str(&s->since));
	}
	rq.path = buf_cstr(&path);
	s->self.user = m->session.user;
	s->reader = news_reader_new(&s->self, first);
	s->call = matrix_send(m, &rq, on_answer, s);
	if (s->caught_up)
		s->silent = loop_after(m->ch.loop, SILENT_MS, on_silent, s);
	buf_fini(&path);
}

/* --- life */

struct sync *
sync_new(struct matrix *m)
{
	struct sync *s = xcalloc(1, sizeof(*s));

	s->matrix = m;
	return s;
}

void
sync_free(struct sync *s)
{
	if (s == NULL)
		return;
	sync_stop(s);
	buf_fini(&s->since);
	buf_fini(&s->next);
	free(s);
}

void
sync_load(struct sync *s, struct str since)
{
	buf_clear(&s->since);
	buf_addstr(&s->since, since);
}

void
sync_begin(struct sync *s)
{
	s->running = true;
	ask(s);
}

void
sync_stop(struct sync *s)
{
	s->running = false;
	loop_cancel(s->wait);
	s->wait = NULL;
	stop_listening(s);
	matrix_cancel(s->call);
	s->call = NULL;
	end_reading(s);
}

bool
sync_is_alive(const struct sync *s)
{
	return !s->running || s->matrix->off || s->call != NULL || s->wait != NULL ||
	       s->gap != NULL || s->storing;
}

bool
sync_caught_up(const struct sync *s)
{
	return s->caught_up;
}
