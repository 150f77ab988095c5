/*
 * telegram_poll.c - getUpdates, again and again: one at a time, confirmed when all that it
 * brought is on disk.
 *
 * "Getting updates" of the Bot API: a call whose offset is one above the last id tells
 * Telegram to forget all before. Ids grow, but after a week without news the next one is
 * random, so nothing is compared with ids of former answers.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/json_split.h"
#include "credbot/base/log.h"

/* Telegram holds a poll for at most 50 s. */
#define POLL_S 50
#define POLL_TIMEOUT_MS ((POLL_S + 10) * 1000)
/* It cuts its answers near 4 MiB. */
#define POLL_ANSWER_MAX ((size_t)8 * 1024 * 1024)
#define FAILED_FIRST_MS 1000
#define FAILED_LAST_MS 30000
/* Somebody else polls with our token: Telegram gives it to the one who asks last, so that
 * two take turns for ever if they are quick. */
#define CONFLICT_FIRST_MS 5000
#define CONFLICT_LAST_MS 60000
/* Who answers with nothing sooner than that does not hold polls, as some servers in between
 * do not: asked again at once, it would be asked without end. */
#define HELD_MIN_MS 1000

enum { SLICE_UPDATE, SLICE_OK };

struct poll {
	struct telegram *telegram;
	struct http_call *call;
	struct json_split *split;
	struct timer *wait;
	int64_t offset;
	int64_t next_offset; /* once all is on disk */
	int64_t asked_ms;    /* monotonic; when the last request left */
	size_t n_updates;
	int n_held; /* updates that are on their way to the disk */
	bool full;  /* the disk could not take one */
	bool fed;   /* the answer has been read to its end */
	bool told;  /* Telegram knows which kinds we want */
	bool ok;    /* the answer says so */
	bool draining;
	int tries;
};

static void ask(struct poll *p);

static void
on_wait(void *arg)
{
	struct poll *p = arg;

	p->wait = NULL;
	ask(p);
}

static void
ask_after(struct poll *p, int64_t ms)
{
	if (!p->draining && !p->telegram->off)
		p->wait = loop_after(p->telegram->ch.loop, ms, on_wait, p);
}

static void
failed(struct poll *p, int64_t wait_ms, const char *why)
{
	int64_t ms = wait_ms >= 0 ? wait_ms + 500
	                          : telegram_backoff_ms(p->tries, FAILED_FIRST_MS,
					FAILED_LAST_MS);

	if (p->tries++ == 0)
		log_warn("telegram: no news: %s", why);
	ask_after(p, ms);
}

static void
conflict(struct poll *p, const char *description)
{
	log_warn("telegram: another program asks for this bot's messages, or a webhook "
		 "is set; only one can: %s",
	    description);
	ask_after(p,
	    telegram_backoff_ms(p->tries++, CONFLICT_FIRST_MS, CONFLICT_LAST_MS));
}

static int64_t
mono_ms(const struct poll *p)
{
	return clock_mono_ms(loop_clock(p->telegram->ch.loop));
}

/* All that the answer brought is on disk, or cannot be. */
static void
settle(struct poll *p)
{
	if (!p->fed || p->n_held > 0)
		return;
	p->fed = false;
	if (p->full) {
		p->full = false;
		failed(p, -1, "they cannot be stored now");
		return;
	}
	p->offset = p->next_offset;
	p->tries = 0;
	if (p->draining)
		poll_drain(p);
	else if (p->n_updates == 0 && mono_ms(p) - p->asked_ms < HELD_MIN_MS)
		ask_after(p, HELD_MIN_MS);
	else
		ask(p);
}

/* Of one update: it is on disk, or cannot be now. */
static void
on_taken(void *arg, enum rc rc)
{
	struct poll *p = arg;

	p->full = p->full || rc == RC_AGAIN;
	p->n_held--;
	settle(p);
}

static void
take_update(struct poll *p, const struct json_piece *piece)
{
	int64_t id;

	p->n_updates++;
	if (piece->kind == JSON_PIECE_SLICE) {
		p->n_held++;
		id = telegram_take(p->telegram, piece->text, on_taken, p);
	} else {
		id = telegram_unreadable(p->telegram, piece->text);
	}
	if (id < 0)
		id = update_find_id(piece->text);
	/* Without one, the next is the likeliest: an update that cannot be confirmed would
	 * come for a day. */
	if (id < 0)
		id = p->next_offset;
	if (id >= p->next_offset || p->n_updates == 1)
		p->next_offset = id + 1;
}

static bool
on_piece(void *arg, const struct json_piece *piece)
{
	struct poll *p = arg;

	if (piece->id == SLICE_OK)
		p->ok = str_is(piece->text, "true");
	else
		take_update(p, piece);
	return true;
}

static void
refused(struct poll *p, const struct http_answer *a)
{
	struct api_reply r;
	struct json *tree;

	api_read(a, &tree, &r);
	if (r.result == API_REFUSED && (r.code == 401 || r.code == 404))
		telegram_refused(p->telegram, r.description);
	else if (r.result == API_REFUSED && r.code == 409)
		conflict(p, r.description);
	else
		failed(p, r.retry_after_ms, r.description == NULL ? "" : r.description);
	json_free(tree);
}

static void
read_updates(struct poll *p, const struct http_answer *a)
{
	static const struct json_path paths[] = { { SLICE_OK, "ok" },
		{ SLICE_UPDATE, "result[]" } };
	static const struct json_split_rules rules = { paths, ARRAY_LEN(paths),
		TELEGRAM_UPDATE_DEPTH_MAX, TELEGRAM_UPDATE_MAX };
	enum json_split_result end;

	p->n_updates = 0;
	p->next_offset = p->offset;
	p->ok = false;
	p->split = json_split_new(&rules, on_piece, p);
	(void)json_split_feed(p->split, a->body.p, a->body.len);
	end = json_split_end(p->split);
	json_split_free(p->split);
	p->split = NULL;
	if (end != JSON_SPLIT_COMPLETE || !p->ok) {
		/* What it brought is on disk; it comes again, and is known then. */
		p->next_offset = p->offset;
		failed(p, -1, "the answer is broken");
		return;
	}
	p->told = true;
	p->fed = true;
	settle(p);
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct poll *p = arg;

	p->call = NULL;
	if (a->outcome == HTTP_ANSWERED && a->status == 200)
		read_updates(p, a);
	else
		refused(p, a);
}

static void
send_request(struct poll *p, int timeout_s)
{
	struct buf url = { 0 }, body = { 0 };
	struct http_request rq = {
		.lane = HTTP_POLL,
		.method = "POST",
		.content_type = "application/json",
		.timeout_ms = POLL_TIMEOUT_MS,
		.answer_max = POLL_ANSWER_MAX,
	};

	buf_printf(&url, "%sgetUpdates", p->telegram->url);
	buf_printf(&body, "{\"timeout\":%d,\"limit\":%d", timeout_s,
	    timeout_s == 0 ? 1 : 100);
	if (p->offset != 0)
		buf_printf(&body, ",\"offset\":%lld", (long long)p->offset);
	if (!p->told) {
		buf_adds(&body, ",\"allowed_updates\":");
		update_add_wanted(&body);
	}
	buf_adds(&body, "}");
	rq.url = buf_cstr(&url);
	rq.body = buf_str(&body);
	p->asked_ms = mono_ms(p);
	p->call = http_send(p->telegram->http, &rq, on_answer, p);
	buf_fini(&url);
	buf_fini(&body);
}

static void
ask(struct poll *p)
{
	if (p->call == NULL && p->wait == NULL && !p->draining && !p->telegram->off)
		send_request(p, POLL_S);
}

void
poll_begin(struct poll *p)
{
	ask(p);
}

/* The answer to the last request brings nothing that would be read. */
static void
on_confirmed(void *arg, const struct api_reply *r)
{
	(void)arg;
	(void)r;
}

void
poll_drain(struct poll *p)
{
	struct buf body = { 0 };

	p->draining = true;
	loop_cancel(p->wait);
	p->wait = NULL;
	if (p->call != NULL)
		http_cancel(p->call);
	p->call = NULL;
	if (p->n_held > 0 || p->offset == 0 || p->telegram->off)
		return;
	buf_printf(&body, "{\"timeout\":0,\"limit\":1,\"offset\":%lld}",
	    (long long)p->offset);
	(void)api_send(p->telegram, HTTP_OTHER, "getUpdates", buf_str(&body),
	    on_confirmed, NULL);
	buf_fini(&body);
}

struct poll *
poll_new(struct telegram *t)
{
	struct poll *p = xcalloc(1, sizeof(*p));

	p->telegram = t;
	return p;
}

void
poll_free(struct poll *p)
{
	if (p == NULL)
		return;
	loop_cancel(p->wait);
	json_split_free(p->split);
	free(p);
}
