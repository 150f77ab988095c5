/*
 * test_outbox.c - sending where the network cannot tell one message from two.
 */
#include <stdlib.h>
#include <unistd.h>

#include "credbot/base/buf.h"
#include "credbot/base/log.h"
#include "credbot/flow/flow.h"
#include "t.h"

static const char path[] = "/tmp/credbot-test-outbox.db";
static const char dsn[] = "sqlite:/tmp/credbot-test-outbox.db";

struct house {
	struct channel ch;
	struct clock clock;
	struct loop *loop;
	struct store *store;
	struct flow *flow;
	bool few, crowded;  /* a network that allows few; now */
	bool sees;          /* the network knows a message that it has already */
	bool dead;          /* nothing is under way any more */
	bool paced;         /* what fails next failed since we write too often */
	struct buf sent;    /* "text|" */
	send_done_fn *done; /* of the message that is on its way */
	void *arg;
	const struct outmsg *message; /* likewise */
};

static enum turn_result
turn(void *arg, const struct turn_in *in, struct arena *a, struct turn_out *out)
{
	struct str text = arena_str(a, in->messages[0].text);

	(void)arg;
	out->replies[out->n_replies++].text = text;
	if (str_is(text, "two"))
		out->replies[out->n_replies++].text = STR("and more");
	if (str_is(text, "file")) {
		struct turn_reply *r = &out->replies[0];

		for (size_t i = 0; i < 2; i++)
			r->documents[r->n_documents++] = (struct document){
				.name = i == 0 ? STR("a.txt") : STR("b.txt"),
				.type = STR("text/plain"),
				.bytes = i == 0 ? STR("one\0two") : STR("three"),
				.token = i == 0 ? STR("T1") : STR("T2"),
			};
	}
	return TURN_ANSWERED;
}

static struct str
say(void *arg)
{
	(void)arg;
	return STR("(again)");
}

static struct str
unsent(void *arg)
{
	(void)arg;
	return STR("(not in time)");
}

static struct str
mask(void *arg, struct str text, bool all_numbers, struct arena *a)
{
	(void)arg;
	(void)all_numbers;
	(void)a;
	return text;
}

/* The network keeps the message until answer() says what became of it. */
static void
send_it(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct house *h = (struct house *)ch;

	T_CHECK(h->done == NULL, "one at a time");
	buf_printf(&h->sent, "%.*s<%.*s", STR_ARG(m->text), STR_ARG(m->reply_to));
	if (m->replaces.len > 0)
		buf_printf(&h->sent, " for %.*s", STR_ARG(m->replaces));
	for (size_t i = 0; i < m->n_documents; i++)
		buf_printf(&h->sent, " %.*s=%zu%s%.*s", STR_ARG(m->documents[i].name),
		    m->documents[i].bytes.len,
		    m->documents[i].remote.len > 0 ? "@" : "",
		    STR_ARG(m->documents[i].remote));
	h->message = m;
	buf_adds(&h->sent, "|");
	h->done = done;
	h->arg = arg;
}

static const struct channel_ops ops = { .name = "test",
	.caps = CHANNEL_BLIND,
	.send = send_it };

/* A network that knows a message that comes once more, and allows few. */
static bool
crowded(const struct channel *ch)
{
	return ((const struct house *)ch)->crowded;
}

static const struct channel_ops few_ops = { .name = "test",
	.send = send_it,
	.crowded = crowded };
static bool
is_alive(struct channel *ch)
{
	return !((struct house *)ch)->dead;
}

static const struct channel_ops seeing_ops = { .name = "test",
	.send = send_it,
	.alive = is_alive };

static void
open_house(struct house *h)
{
	static const struct flow_options options = { .flood_burst = 50,
		.flood_refill_ms = 1 };
	struct flow_hooks hooks = { turn, say, say, unsent, mask, h };
	struct err err = { "" };

	h->loop = loop_new(&h->clock);
	T_INT(store_open(&h->store, dsn, &err), RC_OK, "%s", err.text);
	T_INT(flow_new(&h->flow, h->store, h->loop, &hooks, &options, NULL, &err),
	    RC_OK, "%s", err.text);
	h->ch.ops = h->few ? &few_ops : h->sees ? &seeing_ops : &ops;
	h->ch.unsent_ms = h->sees ? 300000 : 0;
	flow_add_channel(h->flow, &h->ch);
	T_INT(flow_start(h->flow, &err), RC_OK, "%s", err.text);
	loop_turn(h->loop);
}

static void
close_house(struct house *h)
{
	struct send_result r = { .rc = RC_AGAIN };

	flow_free(h->flow);
	if (h->done != NULL)
		h->done(h->arg, &r); /* frees it; nobody listens any more */
	h->done = NULL;
	loop_free(h->loop);
	store_close(h->store);
}

static void
remove_files(void)
{
	(void)unlink(path);
	(void)unlink("/tmp/credbot-test-outbox.db-wal");
	(void)unlink("/tmp/credbot-test-outbox.db-shm");
}

static void
build_house(struct house *h)
{
	remove_files();
	*h = (struct house){ .clock = clock_fixed(1700000000000) };
	open_house(h);
}

static void
leave_house(struct house *h)
{
	close_house(h);
	buf_fini(&h->sent);
	remove_files();
}

static void
put(struct house *h, const char *id, const char *text)
{
	struct inmsg m = { .channel = "test",
		.account = STR("mia"),
		.id = str_of(id),
		.text = str_of(text) };

	flow_put(h->flow, &m, NULL, NULL);
	loop_turn(h->loop);
}

static void
edit(struct house *h, const char *id, const char *of, const char *text)
{
	struct inmsg m = { .channel = "test",
		.account = STR("mia"),
		.id = str_of(id),
		.edit_of = str_of(of),
		.kind = MESSAGE_EDIT,
		.text = str_of(text) };

	flow_put(h->flow, &m, NULL, NULL);
	loop_turn(h->loop);
}

static void
answer(struct house *h, enum rc rc, const char *id, int64_t wait_ms)
{
	struct send_result r = { rc, str_of(id), wait_ms, h->paced };
	send_done_fn *done = h->done;

	T_CHECK(done != NULL, "something is on its way");
	h->done = NULL;
	if (done != NULL)
		done(h->arg, &r);
	loop_turn(h->loop);
}

static const char *
sent(struct house *h)
{
	static char text[512];

	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&h->sent));
	buf_clear(&h->sent);
	return text;
}

static void
on_row(void *arg, const struct outbox_row *row, struct str account)
{
	(void)account;
	*(enum outbox_status *)arg = row->status;
}

static int
status(struct house *h, int64_t seq)
{
	enum outbox_status s = OUTBOX_DEAD;

	T_INT(outbox_load(h->store, 1, seq, on_row, &s), RC_OK, "row %lld",
	    (long long)seq);
	return s;
}

static void
test_known(void)
{
	struct house h;
	int64_t seq = 0;

	build_house(&h);
	put(&h, "m1", "one");
	T_STR(sent(&h), "one<m1|", "sent, with what it answers");
	T_INT(status(&h, 2), OUTBOX_UNDERWAY, "so it stands on disk meanwhile");
	answer(&h, RC_OK, "net-7", 0);
	T_INT(status(&h, 2), OUTBOX_SENT, "arrived");
	T_INT(outbox_find(h.store, 1, STR("net-7"), &seq), RC_OK, "by its name there");
	T_INT(seq, 2, "its number");
	T_INT(outbox_find(h.store, 1, STR("net-8"), &seq), RC_NOTFOUND, "another");
	leave_house(&h);
}

static void
test_in_order(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "two");
	put(&h, "m2", "three");
	T_STR(sent(&h), "two<m1|", "one at a time");
	T_INT(status(&h, 3), OUTBOX_QUEUED, "the next one has not left");
	answer(&h, RC_OK, "", 0);
	T_STR(sent(&h), "and more<m1|", "then the next");
	T_INT(status(&h, 3), OUTBOX_UNDERWAY, "which stood on disk before it left");
	T_INT(status(&h, 5), OUTBOX_QUEUED, "the third waits");
	answer(&h, RC_OK, "", 0);
	T_STR(sent(&h), "three<m2|", "and goes");
	answer(&h, RC_OK, "", 0);
	T_CHECK(flow_idle(h.flow), "nothing is left");
	leave_house(&h);
}

static void
test_ended_meanwhile(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "two");
	T_STR(sent(&h), "two<m1|", "on its way");
	for (int i = 0; i < 5; i++) {
		close_house(&h);
		open_house(&h);
		T_STR(sent(&h), "two\n\n(again)<m1|", "once more, and it says so");
	}
	answer(&h, RC_OK, "", 0);
	T_STR(sent(&h), "and more<m1|", "this one had not left");
	answer(&h, RC_OK, "", 0);
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "", "all of it has arrived");
	leave_house(&h);
}

#define BETWEEN "\n\n· · ·\n\n"

static void
test_joined(void)
{
	struct house h;

	build_house(&h);
	close_house(&h);
	h.few = true;
	open_house(&h);
	put(&h, "a", "one");
	put(&h, "b", "two");
	put(&h, "c", "three");
	answer(&h, RC_OK, "A", 0);
	T_STR(sent(&h), "one<a|two<b|", "SEND-7 where there is room each goes alone");
	h.crowded = true;
	put(&h, "d", "four");
	answer(&h, RC_OK, "B", 0);
	T_STR(sent(&h), "and more" BETWEEN "three" BETWEEN "four<d|",
	    "SEND-7 what waits is said together");
	put(&h, "e", "five");
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "and more" BETWEEN "three" BETWEEN "four<d|",
	    "SEND-2 after a restart it is the same message");
	answer(&h, RC_AGAIN, "", 1);
	put(&h, "f", "six");
	close_house(&h);
	clock_advance(&h.clock, 1000);
	open_house(&h);
	T_STR(sent(&h), "and more" BETWEEN "three" BETWEEN "four<d|",
	    "SEND-2 also when it was tried and has to be again");
	answer(&h, RC_OK, "C", 0);
	T_STR(sent(&h), "five" BETWEEN "six<f|", "SEND-7 and the rest behind it");
	answer(&h, RC_OK, "D", 0);
	T_CHECK(flow_idle(h.flow), "nothing is left");
	leave_house(&h);
}

static void
test_unsure(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "one");
	(void)sent(&h);
	for (int i = 0; i < 2; i++) {
		answer(&h, RC_IO, "", 0);
		T_INT(status(&h, 2), OUTBOX_UNDERWAY, "nobody knows");
		loop_advance(h.loop, 29000);
		T_STR(sent(&h), "", "it may come yet");
		loop_advance(h.loop, 1000);
		T_STR(sent(&h), "one\n\n(again)<m1|", "sent again, and it says so");
	}
	answer(&h, RC_IO, "", 0);
	T_INT(status(&h, 2), OUTBOX_UNSURE, "given up");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	put(&h, "m2", "next");
	T_STR(sent(&h), "next<m2|", "the next one goes");
	leave_house(&h);
}

/* A network that was down for long is no reason to give up when nobody knows for once. */
static void
test_unsure_after_tries(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "one");
	for (int i = 0; i < 5; i++) {
		answer(&h, RC_AGAIN, "", 1000);
		loop_advance(h.loop, 1000);
	}
	(void)sent(&h);
	answer(&h, RC_IO, "", 0);
	T_INT(status(&h, 2), OUTBOX_UNDERWAY, "nobody knows");
	loop_advance(h.loop, 30000);
	T_STR(sent(&h), "one\n\n(again)<m1|", "sent again, and it says so");
	leave_house(&h);
}

/* What was certainly not sent is sent like new; what may have been stays marked. */
static void
test_not_sent(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "one");
	(void)sent(&h);
	answer(&h, RC_AGAIN, "", 7000);
	T_INT(status(&h, 2), OUTBOX_QUEUED, "it has not left");
	loop_advance(h.loop, 6999);
	T_STR(sent(&h), "", "left alone as long as asked");
	loop_advance(h.loop, 1);
	T_STR(sent(&h), "one<m1|", "then sent, as new");
	T_INT(status(&h, 2), OUTBOX_UNDERWAY, "which stood on disk before");
	answer(&h, RC_IO, "", 0);
	loop_advance(h.loop, 30000);
	T_STR(sent(&h), "one\n\n(again)<m1|", "may have arrived");
	answer(&h, RC_AGAIN, "", 0);
	T_INT(status(&h, 2), OUTBOX_UNDERWAY, "the first one may still have");
	loop_advance(h.loop, 10000);
	T_STR(sent(&h), "one\n\n(again)<m1|", "so it stays marked");
	answer(&h, RC_INVALID, "", 0);
	T_INT(status(&h, 2), OUTBOX_DEAD, "refused for good");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	leave_house(&h);
}

static void
test_moved(void)
{
	struct house h;
	struct peer_row row;
	int64_t id;

	build_house(&h);
	put(&h, "m1", "one");
	answer(&h, RC_OK, "", 0);
	id = flow_peer(h.flow, "test", STR("mia"));
	(void)flow_peer(h.flow, "test", STR("mix"));
	(void)flow_peer(h.flow, "test", STR("lux"));
	T_INT(flow_move(h.flow, "test", STR("mi"), STR("lu")), RC_OK, "moved");
	T_INT(flow_peer(h.flow, "test", STR("lua")), id, "the same conversation");
	T_INT(peer_find(h.store, "test", STR("lua"), &row, NULL), RC_OK, "on disk");
	T_INT(row.id, id, "as in memory");
	T_INT(peer_find(h.store, "test", STR("mia"), &row, NULL), RC_NOTFOUND, "gone");
	T_INT(peer_find(h.store, "test", STR("mix"), &row, NULL), RC_OK,
	    "where somebody is nobody moves in");
	T_CHECK(flow_peer(h.flow, "test", STR("mix")) == row.id, "in memory, too");
	leave_house(&h);
}

/* The program ends in order: what the channel knows of what was under way is not lost. */
static void
test_ended_in_order(void)
{
	static const struct {
		enum rc rc;
		const char *want;
	} rows[] = {
		{ RC_AGAIN, "two<m1|" }, /* it waited behind others: sent like new */
		{ RC_IO, "two\n\n(again)<m1|" },
		{ RC_OK, "and more<m1|" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct house h;

		build_house(&h);
		put(&h, "m1", "two");
		T_STR(sent(&h), "two<m1|", "%zu: under way", i);
		flow_end_sending(h.flow);
		answer(&h, rows[i].rc, "", 0);
		T_STR(sent(&h), "", "%zu: nothing leaves any more", i);
		close_house(&h);
		open_house(&h);
		loop_advance(h.loop, 30000);
		T_STR(sent(&h), rows[i].want, "%zu: at the next start", i);
		leave_house(&h);
	}
}

static void
reach(struct house *h, const char *accounts, const char *why)
{
	flow_reach(h->flow, "test", str_of(accounts), why, NULL, NULL);
	loop_turn(h->loop);
}

static void
on_gone(void *arg, struct str account, int64_t at_ms, struct str why)
{
	buf_printf(arg, "%.*s %lld %.*s|", STR_ARG(account), (long long)at_ms,
	    STR_ARG(why));
}

static const char *
who_is_gone(struct house *h)
{
	static char text[256];
	struct buf b = { 0 };

	T_INT(peer_gone_each(h->store, "test", on_gone, &b), RC_OK, "read");
	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_fini(&b);
	return text;
}

/* R-17: who cannot be reached is remembered, and what waits for her ends without a request. */
static void
test_gone(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "two");
	put(&h, "m2", "three");
	T_STR(sent(&h), "two<m1|", "R-17: on its way");
	reach(&h, "mia", "blocked");
	answer(&h, RC_INVALID, "", 0);
	T_STR(sent(&h), "", "R-17: the rest does not leave");
	for (int64_t seq = 2; seq <= 5; seq += seq == 2 ? 1 : 2)
		T_INT(status(&h, seq), OUTBOX_DEAD, "R-17: row %lld", (long long)seq);
	T_CHECK(flow_idle(h.flow), "R-17: nothing is left");
	T_STR(who_is_gone(&h), "mia 1700000000000 blocked|", "R-17: when and why");
	loop_advance(h.loop, 5000);
	reach(&h, "mia", "once more");
	T_STR(who_is_gone(&h), "mia 1700000000000 blocked|", "R-17: the first time");
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "", "R-17: nor at the next start");
	put(&h, "m3", "four");
	T_STR(sent(&h), "four<m3|", "R-17: she writes: she is answered");
	T_STR(who_is_gone(&h), "", "R-17: and is there again");
	answer(&h, RC_OK, "", 0);
	leave_house(&h);
}

/* R-17: one account is not another that begins like it; a group is all that are in it. */
static void
test_gone_accounts(void)
{
	static const struct {
		const char *accounts, *want;
	} rows[] = {
		{ "7", "7 " },
		{ "77", "77 " },
		{ "-5/", "-5/0/7 -5/3/8 " },
		{ "-5", "" },
		{ "-50/", "-50/0/7 " },
	};
	static const char *const accounts[] = { "7", "77", "-5/0/7", "-5/3/8",
		"-50/0/7" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct house h;
		struct buf got = { 0 };

		build_house(&h);
		for (size_t k = 0; k < ARRAY_LEN(accounts); k++)
			(void)flow_peer(h.flow, "test", str_of(accounts[k]));
		reach(&h, rows[i].accounts, "x");
		for (size_t k = 0; k < ARRAY_LEN(accounts); k++) {
			struct peer_row row = { 0 };

			(void)peer_find(h.store, "test", str_of(accounts[k]), &row,
			    NULL);
			if (row.gone_at_ms != 0)
				buf_printf(&got, "%s ", accounts[k]);
		}
		T_STR(buf_cstr(&got), rows[i].want, "R-17: %s", rows[i].accounts);
		reach(&h, rows[i].accounts, NULL);
		T_STR(who_is_gone(&h), "", "R-17: back: %s", rows[i].accounts);
		buf_fini(&got);
		leave_house(&h);
	}
}

/* What was asked is another question now: its answer takes the place of the first. */
static void
test_edited(void)
{
	struct house h;

	build_house(&h);
	put(&h, "m1", "one");
	answer(&h, RC_OK, "net-7", 0);
	(void)sent(&h);
	edit(&h, "e1", "m1", "uno");
	T_STR(sent(&h), "uno<e1 for net-7|", "in its place");
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "uno<e1 for net-7|", "a change can be made twice");
	answer(&h, RC_OK, "net-7", 0);
	put(&h, "m2", "two");
	(void)sent(&h);
	answer(&h, RC_OK, "net-8", 0);
	(void)sent(&h);
	answer(&h, RC_OK, "net-9", 0);
	edit(&h, "e2", "m2", "three");
	T_STR(sent(&h), "three<e2|", "of two answers neither");
	answer(&h, RC_OK, "", 0);
	edit(&h, "e3", "e2", "four");
	T_STR(sent(&h), "four<e3|", "one without a name cannot be found");
	leave_house(&h);
}

/* Answers with RC_AGAIN until so much time has gone by; how often it was tried. */
static int
fail_for(struct house *h, int64_t ms)
{
	int64_t end = clock_mono_ms(&h->clock) + ms;
	int n = 0;

	for (; clock_mono_ms(&h->clock) < end; loop_advance(h->loop, 1000))
		if (h->done != NULL) {
			answer(h, RC_AGAIN, "", 0);
			n++;
		}
	return n;
}

/* SEND-4: ordinary answers expire after 5 minutes. */
static void
test_unsent(void)
{
	struct house h;
	int n;

	remove_files();
	h = (struct house){ .clock = clock_fixed(1700000000000), .sees = true };
	open_house(&h);
	T_CHECK(flow_alive(h.flow), "SYNC-6 the watchdog is fed");
	h.dead = true;
	T_CHECK(!flow_alive(h.flow), "SYNC-6 not when a channel does nothing any more");
	h.dead = false;
	put(&h, "m1", "one");
	n = fail_for(&h, 180000);
	T_CHECK(n >= 8 && n <= 14, "from a second to a minute: %d tries", n);
	while (h.done == NULL)
		loop_advance(h.loop, 1000);
	(void)sent(&h);
	answer(&h, RC_OK, "$1", 0);
	T_INT(status(&h, 2), OUTBOX_SENT, "after three minutes it is sent");

	put(&h, "m2", "two");
	put(&h, "m3", "three");
	(void)fail_for(&h, 600000);
	while (h.done == NULL)
		loop_advance(h.loop, 1000);
	(void)sent(&h);
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "(not in time)<m2|",
	    "after ten minutes an apology is, instead");
	answer(&h, RC_OK, "$2", 0);
	T_STR(sent(&h), "", "one for all of them");
	T_INT(status(&h, 5), OUTBOX_DEAD, "the second part was not sent");
	T_INT(status(&h, 7), OUTBOX_DEAD, "nor the second answer");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	edit(&h, "e2", "m2", "four");
	T_STR(sent(&h), "four<e2 for $2|", "asked again, the answer takes its place");
	answer(&h, RC_OK, "$2", 0);

	put(&h, "m4", "five");
	h.paced = true;
	(void)fail_for(&h, 600000);
	while (h.done == NULL)
		loop_advance(h.loop, 1000);
	(void)sent(&h);
	answer(&h, RC_AGAIN, "", 1000);
	loop_advance(h.loop, 1000);
	T_STR(sent(&h), "five<m4|", "what waits for its turn is sent, however late");
	answer(&h, RC_OK, "$3", 0);
	leave_house(&h);
}

/* What flow_say() is to do: so many lines to the first peer, and how it ends. */
struct own {
	size_t n;
	enum rc rc;
	bool full; /* the store has no room */
};

static enum rc
speak(void *arg, struct store *st, struct arena *a, struct turn_notice *out, size_t *n)
{
	const struct own *o = arg;
	enum rc rc = value_set(st, "own", STR("marked"), STR("yes"));

	for (size_t i = 0; i < o->n; i++)
		out[(*n)++] = (struct turn_notice){ .peer = 1,
			.text = str_of(arena_printf(a, "news %zu", i + 1)),
			.button = STR("Stop") };
	if (rc != RC_OK)
		return rc;
	return o->full ? RC_AGAIN : o->rc;
}

static void
on_value(void *arg, struct str key, struct str value)
{
	(void)value;
	*(int *)arg += str_is(key, "marked");
}

static int
marked(struct house *h)
{
	int n = 0;

	T_INT(value_each(h->store, "own", on_value, &n), RC_OK, "read");
	return n;
}

static void
note_button(void *arg, const struct outbox_row *row, struct str account)
{
	(void)account;
	buf_addstr(arg, row->buttons);
}

/* What is said unasked, and the mark that it was: both or neither. */
static void
test_say(void)
{
	struct house h;
	struct buf b = { 0 };
	struct own o = { .n = 2, .rc = RC_NOTFOUND };
	struct peer_row row;

	build_house(&h);
	put(&h, "m1", "one");
	answer(&h, RC_OK, "", 0);
	(void)sent(&h);
	T_INT(flow_say(h.flow, speak, &o), RC_NOTFOUND, "it changed its mind");
	o.full = true;
	T_INT(flow_say(h.flow, speak, &o), RC_AGAIN, "the disk is full");
	T_INT(marked(&h), 0, "nothing was written");
	T_STR(sent(&h), "", "and nothing said");
	T_INT(outbox_load(h.store, 1, 3, note_button, &b), RC_NOTFOUND, "nor later");
	o = (struct own){ .n = 2 };
	T_INT(flow_say(h.flow, speak, &o), RC_OK, "now");
	T_INT(marked(&h), 1, "written");
	T_STR(sent(&h), "news 1<|", "said, in order");
	close_house(&h); /* before the network has answered */
	open_house(&h);
	T_STR(sent(&h), "news 1\n\n(again)<|", "not lost by an end in between");
	answer(&h, RC_OK, "", 0);
	T_STR(sent(&h), "news 2<|", "nor doubled");
	answer(&h, RC_OK, "", 0);
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "", "all of it has arrived");
	T_INT(outbox_load(h.store, 1, 4, note_button, &b), RC_OK, "the row");
	T_STR(buf_cstr(&b), "Stop", "with its button");
	put(&h, "m2", "two");
	T_STR(sent(&h), "two<m2|", "and the conversation goes on");
	T_INT(peer_load(h.store, 1, &row, &b, &b), RC_OK, "the peer");
	T_INT(row.next_seq, 8, "its numbers, too");
	T_CHECK(flow_is_private(h.flow, 1), "she is reached");
	T_CHECK(!flow_is_private(h.flow, 2), "nobody");
	reach(&h, "mia", "blocked");
	T_CHECK(!flow_is_private(h.flow, 1), "R-17: not any more");
	buf_fini(&b);
	leave_house(&h);
}

/* SEND-4 is about answers: what nobody waits for is no less true later. */
static void
test_say_late(void)
{
	struct house h;
	struct own o = { .n = 1 };

	remove_files();
	h = (struct house){ .clock = clock_fixed(1700000000000), .sees = true };
	open_house(&h);
	put(&h, "m1", "one");
	answer(&h, RC_OK, "$1", 0);
	T_INT(flow_say(h.flow, speak, &o), RC_OK, "said");
	(void)fail_for(&h, 600000);
	close_house(&h);
	open_house(&h);
	(void)fail_for(&h, 600000);
	while (h.done == NULL)
		loop_advance(h.loop, 1000);
	(void)sent(&h);
	answer(&h, RC_AGAIN, "", 1000);
	loop_advance(h.loop, 1000);
	T_STR(sent(&h), "news 1<|", "no apology goes in its place");
	answer(&h, RC_OK, "$2", 0);
	leave_house(&h);
}

static void
count_bytes(void *arg, const struct document_row *row)
{
	*(int64_t *)arg += (int64_t)row->bytes.len;
}

/* Bytes of its files that the store keeps. */
static int64_t
kept(struct house *h, int64_t seq)
{
	int64_t n = 0;

	T_INT(document_each(h->store, 1, seq, true, count_bytes, &n), RC_OK, "read");
	return n;
}

static void
on_document(void *arg, const struct document *d)
{
	buf_addstr(arg, d->bytes);
}

static void
on_kept(void *arg, enum rc rc, int64_t seq)
{
	(void)seq;
	*(bool *)arg = rc == RC_OK;
}

static void
note_documents(void *arg, const struct history_line *line)
{
	for (size_t i = 0; i < line->out.n_documents; i++)
		buf_printf(arg, "%.*s %zu %zu|", STR_ARG(line->out.documents[i].name),
		    line->out.documents[i].size, line->out.documents[i].bytes.len);
}

/* S-13, SEND-8: files stand on disk with their line, and follow its rules. */
static void
test_documents(void)
{
	struct house h;
	struct buf text = { 0 };
	bool stored = false;

	build_house(&h);
	put(&h, "m1", "file");
	T_STR(sent(&h), "file<m1 a.txt=7 b.txt=5|", "sent with both");
	T_INT(kept(&h, 2), 12, "which are on disk meanwhile");
	T_INT(flow_document(h.flow, 1, STR("T1"), on_document, &text), RC_OK,
	    "by name");
	T_INT(text.len, 7, "all of it");
	T_INT(memcmp(text.data, "one\0two", 7), 0, "byte by byte");
	T_INT(flow_document(h.flow, 2, STR("T1"), on_document, &text), RC_NOTFOUND,
	    "of somebody else");
	T_INT(flow_document(h.flow, 1, STR("T"), on_document, &text), RC_NOTFOUND,
	    "half a name");
	flow_uploaded(h.flow, h.message, 0, STR("net:a"), on_kept, &stored);
	T_CHECK(!stored, "not before it is on disk");
	loop_turn(h.loop);
	T_CHECK(stored, "then it is told");
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "file\n\n(again)<m1 a.txt=7@net:a b.txt=5|",
	    "once more, and what is there already is known");
	answer(&h, RC_OK, "", 0);
	T_INT(kept(&h, 2), 0, "nobody needs the bytes any more");
	T_INT(flow_document(h.flow, 1, STR("T1"), on_document, &text), RC_NOTFOUND,
	    "so they cannot be had");
	buf_clear(&text);
	T_INT(flow_history(h.flow, 1, 0, 10, note_documents, &text), RC_OK, "history");
	T_STR(buf_cstr(&text), "a.txt 7 0|b.txt 5 0|", "but that they were there");
	close_house(&h);
	open_house(&h);
	T_STR(sent(&h), "", "all of it has arrived");
	put(&h, "m2", "file");
	T_CHECK(h.done == NULL, "a token that is there already: the turn is not kept");
	buf_fini(&text);
	leave_house(&h);
}

static void
ignore_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

int
main(void)
{
	log_set_sink(ignore_line, NULL);
	T_RUN(test_known);
	T_RUN(test_in_order);
	T_RUN(test_ended_meanwhile);
	T_RUN(test_joined);
	T_RUN(test_unsure);
	T_RUN(test_unsure_after_tries);
	T_RUN(test_not_sent);
	T_RUN(test_edited);
	T_RUN(test_unsent);
	T_RUN(test_moved);
	T_RUN(test_ended_in_order);
	T_RUN(test_gone);
	T_RUN(test_gone_accounts);
	T_RUN(test_say);
	T_RUN(test_say_late);
	T_RUN(test_documents);
	return t_end();
}
