/*
 * matrix_tap.c - choices that can be tapped: below a message with numbered choices we put the
 * signs 1, 2, 3 ... as reactions of our own; who taps one says that choice.
 *
 * "Event annotations". The signs are comfort, and each counts like a message for what the server
 * allows: Synapse, unless told otherwise, 10 at once and then one in 5 s. So they are put only
 * while half of that would be left for answers, all of a message or none, when no answer waits;
 * once the server has said 429 there are none until the next start. They are not kept: after
 * a crash the numbers can be typed.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"

/* More signs are no comfort. */
#define CHOICES_MAX 5
/* What we take the server to allow: a message each, and how much is left for answers. */
#define MESSAGE_MS 5000
#define SPARE_MS (INT64_C(5) * MESSAGE_MS)
/* Choices that old have been read. */
#define OFFER_MS 10000
#define BUSY_MS 100
#define WAITING_MAX 32

struct tap {
	struct tap *next;
	char *room, *event;
	size_t n, i;
	int64_t until_ms; /* mono */
};

struct taps {
	struct matrix *matrix;
	struct tap *first, **last;
	size_t n;
	struct matrix_call *call; /* of the first one */
	struct timer *wait;
	int64_t spent_until_ms; /* mono: when all would be there again */
	bool off;
};

static const char keycap[] = "\xef\xb8\x8f\xe2\x83\xa3";

static void kick(struct taps *t);

static int64_t
now_ms(const struct taps *t)
{
	return clock_mono_ms(loop_clock(t->matrix->ch.loop));
}

void
taps_count(struct taps *t, int n)
{
	int64_t now = now_ms(t);

	if (t->spent_until_ms < now)
		t->spent_until_ms = now;
	t->spent_until_ms += (int64_t)n * MESSAGE_MS;
}

static bool
is_affordable(const struct taps *t, size_t n)
{
	const char *mode = config_str(t->matrix->config, "matrix.tap_choices");
	int64_t now = now_ms(t);
	int64_t spent = t->spent_until_ms > now ? t->spent_until_ms - now : 0;

	return strcmp(mode, "always") == 0 ||
	       (strcmp(mode, "auto") == 0 &&
		   spent + (int64_t)n * MESSAGE_MS <= SPARE_MS);
}

static void
drop(struct taps *t)
{
	struct tap *tap = t->first;

	t->first = tap->next;
	if (t->first == NULL)
		t->last = &t->first;
	t->n--;
	free(tap->room);
	free(tap->event);
	free(tap);
}

void
taps_offer(struct taps *t, struct str room, struct str event, size_t n)
{
	struct tap *tap;

	if (t->off || n == 0 || n > CHOICES_MAX || t->n == WAITING_MAX ||
	    !is_id(event, '$') || !is_affordable(t, n))
		return;
	taps_count(t, (int)n);
	tap = xcalloc(1, sizeof(*tap));
	*tap = (struct tap){ .room = xstrndup(room.p, room.len),
		.event = xstrndup(event.p, event.len),
		.n = n,
		.until_ms = now_ms(t) + OFFER_MS };
	*t->last = tap;
	t->last = &tap->next;
	t->n++;
	kick(t);
}

static void
take_reply(struct taps *t, const struct matrix_reply *r)
{
	struct tap *tap = t->first;

	if (r->result == MATRIX_OK ||
	    strcmp(r->errcode, "M_DUPLICATE_ANNOTATION") == 0) {
		if (++tap->i == tap->n)
			drop(t);
		return;
	}
	if (r->status == 429) {
		(void)gate_close(&t->matrix->gate, now_ms(t), r->retry_after_ms);
		t->off = true;
	}
	drop(t);
}

static void
on_reply(void *arg, const struct matrix_reply *r)
{
	struct taps *t = arg;
	char *room = xstrdup(t->first->room);

	t->call = NULL;
	take_reply(t, r);
	matrix_go_on_sending(t->matrix, str_of(room));
	free(room);
	kick(t);
}

static void
put_sign(struct taps *t)
{
	struct matrix_request rq = { .lane = HTTP_SEND, .method = "PUT" };
	struct tap *tap = t->first;
	struct buf path = { 0 }, body = { 0 }, what = { 0 };
	char txn[MATRIX_TXN_SIZE];

	buf_printf(&what, "%zu %s", tap->i + 1, tap->event);
	txn_of_room(t->matrix->session.device, str_of(tap->room), buf_cstr(&what), txn);
	buf_adds(&path, CLIENT_API "/rooms/");
	buf_add_path(&path, str_of(tap->room));
	buf_printf(&path, "/send/m.reaction/%s", txn);
	buf_adds(&body,
	    "{\"m.relates_to\":{\"rel_type\":\"m.annotation\",\"event_id\":");
	buf_add_json(&body, str_of(tap->event));
	buf_printf(&body, ",\"key\":\"%zu%s\"}}", tap->i + 1, keycap);
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	t->call = matrix_send(t->matrix, &rq, on_reply, t);
	buf_fini(&path);
	buf_fini(&body);
	buf_fini(&what);
}

static void
on_wait(void *arg)
{
	struct taps *t = arg;

	t->wait = NULL;
	kick(t);
}

static bool
is_worth_it(const struct taps *t, const struct tap *tap)
{
	const struct matrix *m = t->matrix;
	const struct room *r = map_get(m->rooms, str_of(tap->room));

	return !t->off && !m->off && !m->draining && session_ready(m) && r != NULL &&
	       r->joined && !r->encrypted && now_ms(t) < tap->until_ms &&
	       m->gate.refill_ms == 0 && !m->gate.failing;
}

static void
kick(struct taps *t)
{
	if (t->call != NULL || t->wait != NULL)
		return;
	while (t->first != NULL && !is_worth_it(t, t->first))
		drop(t);
	if (t->first == NULL)
		return;
	if (map_len(t->matrix->sending) > 0)
		t->wait = loop_after(t->matrix->ch.loop, BUSY_MS, on_wait, t);
	else
		put_sign(t);
}

bool
taps_use(const struct taps *t, struct str room)
{
	return t->call != NULL && str_is(room, t->first->room);
}

size_t
tap_read(struct str key)
{
	struct str rest = key;

	if (rest.len < 4 || rest.p[0] < '1' || rest.p[0] > '0' + CHOICES_MAX)
		return 0;
	rest = str_n(rest.p + 1, rest.len - 1);
	/* With or without the sign that asks for a picture. */
	if (!str_is(rest, keycap) && !str_is(rest, keycap + 3))
		return 0;
	return (size_t)(key.p[0] - '0');
}

struct taps *
taps_new(struct matrix *m)
{
	struct taps *t = xcalloc(1, sizeof(*t));

	t->matrix = m;
	t->last = &t->first;
	return t;
}

void
taps_stop(struct taps *t)
{
	loop_cancel(t->wait);
	t->wait = NULL;
	t->off = true;
	matrix_cancel(t->call);
	t->call = NULL;
	while (t->first != NULL)
		drop(t);
}

void
taps_free(struct taps *t)
{
	if (t == NULL)
		return;
	taps_stop(t);
	free(t);
}
