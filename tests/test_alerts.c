/*
 * test_alerts.c - new programs for saved searches: who is told, when, how often, and what an end
 * of the process in between changes: nothing.
 */
#include <stdlib.h>
#include <unistd.h>

#include "credbot/base/buf.h"
#include "credbot/base/chance.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/catalog/import.h"
#include "credbot/ops/alerts.h"
#include "credbot/store/alert.h"
#include "credbot/talk/engine.h"
#include "intents/intents.h"
#include "t.h"

/* A folder of this process alone. */
static char folder[] = "/tmp/credbot-test-alerts-XXXXXX";
static char dsn[64];

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

struct house {
	struct channel ch;
	struct clock clock;
	struct loop *loop;
	struct store *store;
	struct flow *flow;
	struct alerts *alerts;
	const char *zone; /* for who has not said hers */
	bool deaf;        /* the network does not answer */
	bool shared;      /* others read along */
	enum rc searched; /* what searches say */
	int n_searches;
	int64_t revision; /* of the catalog */
	int64_t oldest;
	struct buf sent; /* "account: text|" */
	struct {
		send_done_fn *done;
		void *arg;
	} waiting;
};

/* The catalog: a program of a letter fits the wish of that letter. */
static const struct {
	int64_t revision;
	const char *wish, *title;
} programs[] = {
	{ 1, "a", "Old Art" },
	{ 2, "a", "Art" },
	{ 2, "b", "Bio" },
	{ 3, "a", "More Art" },
	{ 3, "a", "Yet more Art" },
	{ 3, "a", "Too much Art" },
	{ 3, "a", "Art for all" },
	{ 4, "b", "More Bio" },
};

static enum rc
search(void *arg, struct str wish, struct str words, int64_t since, int64_t now_ms,
    struct arena *a, struct news *out)
{
	struct house *h = arg;

	(void)words;
	T_INT(now_ms, clock_now_ms(&h->clock), "it is told the time");
	h->n_searches++;
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		if (programs[i].revision <= since ||
		    programs[i].revision > h->revision ||
		    !str_is(wish, programs[i].wish))
			continue;
		if (out->n_first < NEWS_SHOWN)
			out->first[out->n_first++].title = str_of(
			    arena_printf(a, "%s", programs[i].title));
		out->total++;
	}
	return h->searched;
}

static void
word(void *arg, const struct news *v, size_t n, struct arena *a, struct str *text,
    struct str *button)
{
	struct buf b = { 0 };

	(void)arg;
	for (size_t i = 0; i < n; i++) {
		T_CHECK(v[i].total > 0, "only of what there is");
		buf_printf(&b, "%s%zu for %.*s:", i > 0 ? "; " : "", v[i].total,
		    STR_ARG(v[i].label));
		for (size_t k = 0; k < v[i].n_first; k++)
			buf_printf(&b, " %.*s,", STR_ARG(v[i].first[k].title));
	}
	*text = arena_str(a, buf_str(&b));
	*button = STR("Stop");
	buf_fini(&b);
}

/* --- a house with students */

static enum turn_result
turn(void *arg, const struct turn_in *in, struct arena *a, struct turn_out *out)
{
	(void)arg;
	(void)a;
	out->erase = str_is(in->messages[0].text, "erase");
	out->replies[out->n_replies++].text = STR("ok");
	return TURN_ANSWERED;
}

static struct str
words(void *arg)
{
	(void)arg;
	return STR("(again)");
}

static struct str
mask(void *arg, struct str text, bool all_numbers, struct arena *a)
{
	(void)arg;
	(void)all_numbers;
	(void)a;
	return text;
}

static void
send_it(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct house *h = (struct house *)ch;

	if (!str_is(m->text, "ok"))
		buf_printf(&h->sent, "%.*s: %.*s|", STR_ARG(m->account),
		    STR_ARG(m->text));
	if (h->deaf) {
		h->waiting.done = done;
		h->waiting.arg = arg;
	} else {
		done(arg, &(struct send_result){ .rc = RC_OK });
	}
}

static bool
is_shared(struct channel *ch, struct str account)
{
	return ((struct house *)ch)->shared && str_is(account, "mia");
}

static const struct channel_ops ops = { .name = "test",
	.caps = CHANNEL_BLIND,
	.send = send_it,
	.is_shared = is_shared };

static void
open_house(struct house *h)
{
	static const struct flow_options options = { .flood_burst = 10000,
		.flood_refill_ms = 1 };
	struct flow_hooks hooks = { turn, words, words, words, mask, h };
	struct alerts_hooks own = { search, word, h };
	struct quiet_rules rules = { ZONE_DIR, h->zone };
	struct err err = { "" };

	h->loop = loop_new(&h->clock);
	T_INT(store_open(&h->store, dsn, &err), RC_OK, "%s", err.text);
	T_INT(flow_new(&h->flow, h->store, h->loop, &hooks, &options, NULL, &err),
	    RC_OK, "%s", err.text);
	h->ch.ops = &ops;
	flow_add_channel(h->flow, &h->ch);
	T_INT(flow_start(h->flow, &err), RC_OK, "%s", err.text);
	h->alerts = alerts_new(h->loop, h->flow, h->store, &own, &rules);
	loop_turn(h->loop);
}

static void
close_house(struct house *h)
{
	alerts_free(h->alerts);
	flow_free(h->flow);
	if (h->waiting.done != NULL)
		h->waiting.done(h->waiting.arg,
		    &(struct send_result){ .rc = RC_AGAIN });
	h->waiting.done = NULL;
	loop_free(h->loop);
	store_close(h->store);
}

static void
remove_files(void)
{
	static const char *const names[] = { "credbot.db", "credbot.db-wal",
		"credbot.db-shm", "catalog.db", "catalog.db-wal", "catalog.db-shm",
		"catalog.index", "in.jsonl" };
	char path[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
}

static int64_t
at(const char *iso)
{
	int64_t ms = 0;

	T_INT(clock_parse(str_of(iso), &ms), RC_OK, "%s", iso);
	return ms;
}

static void
build_house_at(struct house *h, const char *iso)
{
	remove_files();
	*h = (struct house){ .clock = clock_fixed(at(iso)), .zone = "UTC" };
	open_house(h);
}

/* At noon. */
static void
build_house(struct house *h)
{
	build_house_at(h, "2026-11-25T12:00Z");
}

static void
leave_house(struct house *h)
{
	close_house(h);
	buf_fini(&h->sent);
	remove_files();
}

static void
put(struct house *h, const char *who, const char *id, const char *text)
{
	struct inmsg m = { .channel = "test",
		.account = str_of(who),
		.id = str_of(id),
		.text = str_of(text) };

	flow_put(h->flow, &m, NULL, NULL);
	loop_turn(h->loop);
	loop_turn(h->loop);
}

/* Her peer; she wants to hear of what fits the wish, and knows revision 1. */
static int64_t
want(struct house *h, const char *who, const char *wish)
{
	int64_t peer = flow_peer(h->flow, "test", str_of(who)), id = 0;
	struct alert_row row = { .peer = peer,
		.wish = str_of(wish),
		.label = str_of(wish),
		.revision = 1,
		.created_ms = clock_now_ms(&h->clock) };

	T_INT(alert_put(h->store, &row, &id), RC_OK, "%s wants %s", who, wish);
	return peer;
}

/* What was sent since the last call, when the catalog has had some time. */
static const char *
sent(struct house *h)
{
	static char text[1024];

	loop_advance(h->loop, 1000);
	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&h->sent));
	buf_clear(&h->sent);
	return text;
}

/* The catalog is of that revision, and has so many programs. */
static void
change(struct house *h, int64_t revision, size_t n)
{
	h->revision = revision;
	alerts_catalog_changed(h->alerts,
	    &(struct alerts_catalog){ revision, h->oldest, n });
}

static const char *
changed(struct house *h, int64_t revision)
{
	change(h, revision, 1000);
	return sent(h);
}

static const char *
later(struct house *h, int64_t ms)
{
	loop_advance(h->loop, ms);
	return sent(h);
}

/* --- who is told what */

static void
test_told(void)
{
	struct house h;
	int n;

	build_house(&h);
	(void)want(&h, "mia", "a");
	(void)want(&h, "leo", "c");
	(void)want(&h, "ana", "b");
	T_STR(later(&h, HOUR_MS), "", "no catalog is there yet");
	T_STR(changed(&h, 1), "", "nothing is new");
	T_INT(h.n_searches, 0, "which needs no search");
	T_STR(changed(&h, 2), "mia: 1 for a: Art,|ana: 1 for b: Bio,|",
	    "program-alert: who has news hears of it, others do not");
	n = h.n_searches;
	T_STR(changed(&h, 2), "", "once");
	T_STR(later(&h, 8 * DAY_MS), "", "and not again");
	T_INT(h.n_searches, n, "what was looked at is left alone");
	T_STR(changed(&h, 3), "mia: 4 for a: More Art, Yet more Art, Too much Art,|",
	    "the first three, and how many there are");
	leave_house(&h);
}

/* One person a week, of all her searches; what came meanwhile is not lost. */
static void
test_once_a_week(void)
{
	struct house h;

	build_house(&h);
	(void)want(&h, "mia", "a");
	(void)want(&h, "mia", "b");
	(void)want(&h, "mia", "c");
	T_STR(changed(&h, 2), "mia: 1 for a: Art,; 1 for b: Bio,|", "one line for all");
	loop_advance(h.loop, 3 * DAY_MS);
	T_STR(changed(&h, 3), "", "not so soon");
	T_STR(changed(&h, 4), "", "nor for the next one");
	T_STR(later(&h, 3 * DAY_MS + 23 * HOUR_MS), "", "nor after six days");
	T_STR(later(&h, 2 * HOUR_MS),
	    "mia: 4 for a: More Art, Yet more Art, Too much Art,; 1 for b: More Bio,|",
	    "program-alert: after a week, of all that came");
	T_STR(later(&h, 30 * DAY_MS), "", "then there is peace");
	leave_house(&h);
}

static void
test_joined(void)
{
	struct house h;
	int64_t mia, web;

	build_house(&h);
	mia = want(&h, "mia", "a");
	clock_advance(&h.clock, 1000);
	web = want(&h, "mia-on-the-web", "b");
	T_INT(person_join(h.store, mia, web, 1), RC_OK, "joined");
	T_STR(changed(&h, 2), "mia: 1 for a: Art,; 1 for b: Bio,|",
	    "one person, one line, in the chat of the first");
	loop_advance(h.loop, 8 * DAY_MS);
	T_STR(changed(&h, 4),
	    "mia: 4 for a: More Art, Yet more Art, Too much Art,; 1 for b: More Bio,|",
	    "the next");
	leave_house(&h);
}

/* More people than one slice holds. */
static void
test_many(void)
{
	struct house h;
	char who[16];
	size_t n = 0;

	build_house(&h);
	for (int i = 0; i < 200; i++) {
		(void)snprintf(who, sizeof(who), "s%d", i);
		(void)want(&h, who, i % 2 == 0 ? "a" : "c");
	}
	change(&h, 2, 1000);
	loop_advance(h.loop, 60000);
	for (size_t i = 0; i < h.sent.len; i++)
		n += h.sent.data[i] == '|';
	T_INT(n, 100, "each of them once");
	T_INT(h.n_searches, 200, "each search once");
	leave_house(&h);
}

/* --- when */

static void
set_zone(struct house *h, int64_t peer, const char *zone)
{
	struct profile_row row = { STR("timezone"), str_of(zone), str_of(zone), 1 };

	T_INT(profile_set(h->store, peer, &row), RC_OK, "her zone");
}

static void
test_quiet_hours(void)
{
	static const struct {
		const char *zone; /* as she said it; NULL: she has not */
		const char *usual;
		int from, to; /* hours; equal: none */
		const char *now;
		bool told;
	} rows[] = {
		{ NULL, "UTC", 21, 8, "2026-11-25T20:59Z", true },
		{ NULL, "UTC", 21, 8, "2026-11-25T21:00Z", false },
		{ NULL, "UTC", 21, 8, "2026-11-26T00:00Z", false },
		{ NULL, "UTC", 21, 8, "2026-11-26T07:59Z", false },
		{ NULL, "UTC", 21, 8, "2026-11-26T08:00Z", true },
		{ NULL, "UTC", 0, 6, "2026-11-26T00:00Z", false },
		{ NULL, "UTC", 0, 6, "2026-11-25T23:59Z", true },
		{ NULL, "UTC", 13, 14, "2026-11-26T13:30Z", false },
		{ NULL, "UTC", 13, 14, "2026-11-26T03:00Z", true },
		{ NULL, "UTC", 9, 9, "2026-11-26T03:00Z", true },
		{ NULL, "Asia/Tokyo", 21, 8, "2026-11-25T12:00Z", false },
		{ NULL, "Nowhere/City", 21, 8, "2026-11-25T12:00Z", true },
		{ NULL, "Nowhere/City", 21, 8, "2026-11-25T22:00Z", false },
		{ "Nairobi", "UTC", 21, 8, "2026-11-25T18:30Z", false },
		{ "Nairobi", "UTC", 21, 8, "2026-11-25T05:30Z", true },
		{ "I am in New York", "UTC", 21, 8, "2026-11-25T12:30Z", false },
		{ "America/New_York", "UTC", 21, 8, "2026-11-25T13:00Z", true },
		{ "UTC+5:30", "UTC", 21, 8, "2026-11-25T16:00Z", false },
		{ "on the moon", "UTC", 21, 8, "2026-11-25T16:00Z", true },
		{ "Auckland", "UTC", 21, 8, "2026-11-25T08:00Z", false },
		/* The nights in which clocks are changed, and those before. */
		{ "Berlin", "UTC", 21, 8, "2027-03-27T06:30Z", false },
		{ "Berlin", "UTC", 21, 8, "2027-03-28T06:30Z", true },
		{ "Berlin", "UTC", 21, 8, "2026-10-24T06:30Z", true },
		{ "Berlin", "UTC", 21, 8, "2026-10-25T06:30Z", false },
		{ "Berlin", "UTC", 21, 2, "2026-10-25T00:00Z", true },
		{ "Berlin", "UTC", 21, 3, "2026-10-25T01:30Z", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct house h;
		int64_t mia;

		build_house_at(&h, rows[i].now);
		close_house(&h);
		h.zone = rows[i].usual;
		open_house(&h);
		mia = want(&h, "mia", "a");
		T_INT(notice_set_quiet(h.store, mia, rows[i].from * 60, rows[i].to * 60,
			  1),
		    RC_OK, "row %zu", i);
		if (rows[i].zone != NULL)
			set_zone(&h, mia, rows[i].zone);
		change(&h, 2, 1000);
		loop_advance(h.loop, 100);
		T_STR(buf_cstr(&h.sent), rows[i].told ? "mia: 1 for a: Art,|" : "",
		    "notification-settings: row %zu: %s %s", i,
		    rows[i].zone == NULL ? rows[i].usual : rows[i].zone, rows[i].now);
		leave_house(&h);
	}
}

/* What came in the night is told in the morning. */
static void
test_held_back(void)
{
	struct house h;
	int64_t mia;

	build_house_at(&h, "2026-10-24T22:00Z");
	mia = want(&h, "mia", "a");
	set_zone(&h, mia, "Europe/Berlin");
	T_STR(changed(&h, 2), "", "it is midnight there");
	T_STR(later(&h, 8 * HOUR_MS + 50 * MINUTE_MS), "",
	    "and this night is an hour longer");
	T_STR(later(&h, 30 * MINUTE_MS), "mia: 1 for a: Art,|",
	    "at eight by her clock, or soon after");
	leave_house(&h);
}

/* --- who is not */

static void
test_off(void)
{
	struct house h;
	int64_t mia, leo;

	build_house(&h);
	mia = want(&h, "mia", "a");
	leo = want(&h, "leo", "a");
	T_INT(notice_set(h.store, mia, NOTICE_ALERTS, false, 1), RC_OK, "off");
	T_INT(notice_set_all(h.store, leo, false, 1), RC_OK, "off");
	T_STR(changed(&h, 2), "", "stop-messages: nobody is told");
	T_STR(later(&h, 10 * DAY_MS), "", "nor later");
	T_INT(notice_set(h.store, mia, NOTICE_ALERTS, true, 2), RC_OK, "on");
	T_STR(later(&h, DAY_MS), "mia: 1 for a: Art,|", "then she is");
	T_INT(alert_stop(h.store, mia, 0), RC_OK, "stopped");
	T_INT(alert_stop(h.store, leo, 0), RC_OK, "stopped");
	T_STR(changed(&h, 3), "", "stopped is stopped");
	T_STR(later(&h, 10 * DAY_MS), "", "stopped is stopped");
	leave_house(&h);
}

static void
test_left(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "m1", "hello");
	put(&h, "leo", "l1", "hello");
	(void)want(&h, "mia", "a");
	(void)want(&h, "leo", "a");
	flow_reach(h.flow, "test", STR("leo"), "blocked", NULL, NULL);
	loop_turn(h.loop);
	h.shared = true;
	T_STR(changed(&h, 2), "",
	    "program-alert: not into a chat that was left, nor "
	    "where others read along");
	h.shared = false;
	T_STR(later(&h, HOUR_MS), "mia: 1 for a: Art,|", "when she is alone again");
	put(&h, "leo", "l2", "I am back");
	T_STR(later(&h, HOUR_MS), "leo: 1 for a: Art,|", "and when he is back");
	put(&h, "mia", "m2", "erase");
	loop_advance(h.loop, 8 * DAY_MS);
	T_STR(changed(&h, 3), "leo: 4 for a: More Art, Yet more Art, Too much Art,|",
	    "P-4: whose data are deleted hears nothing");
	leave_house(&h);
}

/* A source that fails half-way, and comes back. */
static void
test_low(void)
{
	struct house h;

	build_house(&h);
	T_STR(changed(&h, 1), "", "a whole catalog");
	(void)want(&h, "mia", "a");
	change(&h, 2, 899);
	T_STR(later(&h, DAY_MS), "", "program-alert: not from a broken catalog");
	close_house(&h);
	open_house(&h);
	change(&h, 2, 899);
	T_STR(later(&h, 5 * DAY_MS), "", "nor after a restart");
	change(&h, 3, 950);
	T_STR(sent(&h), "mia: 5 for a: Art, More Art, Yet more Art,|",
	    "when it is whole again, or nearly");
	(void)want(&h, "ana", "b");
	change(&h, 4, 10);
	T_STR(later(&h, 6 * DAY_MS), "", "it breaks");
	T_STR(later(&h, DAY_MS + HOUR_MS), "ana: 2 for b: Bio, More Bio,|",
	    "after a week it is how it is");
	T_STR(changed(&h, 4), "", "and larger is no matter");
	leave_house(&h);
}

/* The revisions of a catalog that was made anew say nothing of what she knows. */
static void
test_another_catalog(void)
{
	struct house h;
	int64_t peer, id;
	struct alert_row row;

	build_house(&h);
	peer = flow_peer(h.flow, "test", STR("mia"));
	row = (struct alert_row){ .peer = peer,
		.wish = STR("a"),
		.label = STR("a"),
		.revision = 70 };
	T_INT(alert_put(h.store, &row, &id), RC_OK, "wanted");
	T_STR(changed(&h, 2), "", "nothing that is certainly new");
	T_STR(changed(&h, 3), "mia: 4 for a: More Art, Yet more Art, Too much Art,|",
	    "from then on as always");
	loop_advance(h.loop, 8 * DAY_MS);
	h.oldest = 4;
	(void)want(&h, "ana", "b");
	T_STR(changed(&h, 4), "", "of which no program is left that was there before");
	T_STR(changed(&h, 4), "", "they count from now on");
	leave_house(&h);
}

static void
test_failing_search(void)
{
	struct house h;

	build_house(&h);
	(void)want(&h, "mia", "a");
	(void)want(&h, "mia", "b");
	h.searched = RC_AGAIN;
	T_STR(changed(&h, 2), "", "it cannot be run");
	T_INT(h.n_searches, 2, "each once");
	h.searched = RC_OK;
	T_STR(later(&h, HOUR_MS), "mia: 1 for a: Art,; 1 for b: Bio,|",
	    "nothing is lost by it");
	loop_advance(h.loop, 8 * DAY_MS);
	h.searched = RC_INVALID;
	h.n_searches = 0;
	T_STR(changed(&h, 3), "", "it cannot be read");
	T_STR(later(&h, DAY_MS), "", "ever");
	T_INT(h.n_searches, 2, "and is not tried again with this catalog");
	leave_house(&h);
}

/* --- the process ends in between */

static void
test_ended(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "m1", "hello");
	(void)want(&h, "mia", "a");
	change(&h, 2, 1000);
	close_house(&h);
	open_house(&h);
	h.deaf = true;
	T_STR(changed(&h, 2), "mia: 1 for a: Art,|",
	    "an end before it was looked at loses nothing");
	for (int i = 0; i < 3; i++) {
		close_house(&h);
		open_house(&h);
		change(&h, 2, 1000);
		T_STR(sent(&h), "mia: 1 for a: Art,\n\n(again)|",
		    "one that was on its way is sent once more, and says so");
	}
	h.deaf = false;
	h.waiting.done(h.waiting.arg, &(struct send_result){ .rc = RC_OK });
	h.waiting.done = NULL;
	T_STR(sent(&h), "", "it has arrived");
	close_house(&h);
	open_house(&h);
	T_STR(changed(&h, 2), "", "and is not told twice");
	T_STR(later(&h, 8 * DAY_MS), "", "and is not told twice");
	leave_house(&h);
}

/* --- what is found */

static bool
import(char *file, const char *text)
{
	struct import_options o = { .format = "jsonl",
		.source = "t",
		.today = "2026-11-25" };
	struct import_report rep;
	struct err err = { "" };
	enum rc rc = file_write_atomic(file, str_of(text), &err);

	import_report_init(&rep);
	if (rc == RC_OK)
		rc = catalog_import(folder, &o, &file, 1, &rep, &err);
	import_report_fini(&rep);
	return T_CHECK(rc == RC_OK, "import: %s", err.text);
}

#define PROGRAM(id, title, mode, euro)                                                 \
	"{\"id\":\"" id "\",\"title\":\"" title "\",\"provider\":\"House " id          \
	"\",\"country\":\"DE\",\"mode\":\"" mode                                       \
	"\",\"status\":\"active\",\"price_minor\":" euro "00,\"currency\":\"EUR\"}\n"

/* A search as it is kept, in a catalog of which some is new. */
static void
check_found(struct engine *e, int64_t known)
{
	static const struct {
		const char *wish, *words;
		int old; /* 1: who knows nothing of it */
		enum rc rc;
		size_t total;
	} rows[] = {
		{ "", "zarbok", 0, RC_OK, 2 },
		{ "", "zarbok", 1, RC_OK, 3 },
		{ "mode=online", "zarbok", 0, RC_OK, 1 },
		{ "mode=online", "", 0, RC_OK, 2 },
		{ "mode=online|cost=60000,EUR", "", 0, RC_OK, 2 },
		{ "mode=online|cost=6000,EUR", "", 0, RC_OK, 1 },
		{ "mode=online|cost=100,EUR", "", 0, RC_OK, 0 },
		{ "cost=100,EUR", "zarbok", 0, RC_OK, 0 },
		{ "", "zarbok quilmot", 0, RC_OK, 0 },
		{ "", "vulprex", 0, RC_OK, 0 },
		{ "", "zarbok vulprex", 0, RC_OK, 0 },
		{ "", "", 0, RC_INVALID, 0 },
		{ "shoe-size=42", "", 0, RC_INVALID, 0 },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct news n = { .total = 0 };

		T_INT(engine_find_news(e, str_of(rows[i].wish), str_of(rows[i].words),
			  known - rows[i].old, at("2026-11-25"), a, &n),
		    rows[i].rc, "row %zu", i);
		T_INT(n.total, rows[i].total, "program-alert: row %zu", i);
		T_INT(n.n_first, n.total < NEWS_SHOWN ? n.total : NEWS_SHOWN,
		    "row %zu: those that are told", i);
		if (i == 2)
			T_STR(arena_printf(a, "%.*s: %.*s", STR_ARG(n.first[0].title),
				  STR_ARG(n.first[0].line)),
			    "**Zarbok tales** (House 2): online · Germany · 50 EUR",
			    "a line each");
	}
	arena_free(a);
}

static void
test_found(void)
{
	char file[64];
	struct faults faults = { 0 };
	struct library *lib = library_load("data", "en", intent_names, at("2026-11-25"),
	    &faults);
	struct config *cf = config_default();
	struct engine *e = engine_new(NULL, 0, cf, chance_system());
	struct catalog_tables *tables = catalog_tables_load("data", &faults);
	struct catalog_index *x = NULL;
	struct catalog_place where = { folder, NULL };
	struct err err = { "" };
	int32_t today = (int32_t)(at("2026-11-25") / DAY_MS);
	int64_t known = 0;

	(void)snprintf(file, sizeof(file), "%s/in.jsonl", folder);
	engine_set_library(e, lib);
	T_INT(engine_find_news(e, STR(""), STR("zarbok"), 0, 0, NULL, NULL), RC_AGAIN,
	    "no catalog is there yet");
	if (import(file, PROGRAM("1", "Zarbok basics", "online", "40")) &&
	    T_CHECK(catalog_revision(&where, &known, &err) == RC_OK, "%s", err.text) &&
	    import(file, PROGRAM("1", "Zarbok basics", "online", "40")
			     PROGRAM("2", "Zarbok tales", "online", "50")
				 PROGRAM("3", "Zarbok songs", "onsite", "900")
				     PROGRAM("4", "Quilmot", "online", "500")) &&
	    T_CHECK(catalog_index_load(&x, &where, tables, today, &err) == RC_OK, "%s",
		err.text)) {
		engine_set_catalog(e, x, NULL, &where);
		check_found(e, known);
	}
	catalog_index_free(x);
	catalog_tables_free(tables);
	engine_free(e);
	config_free(cf);
	library_free(lib);
	faults_fini(&faults);
	remove_files();
}

/* --- what is said */

static void
test_words(void)
{
	struct news v[2] = {
		{ .label = STR("art \\& \\*design\\*"), .total = 1, .n_first = 1 },
		{ .label = STR("data"), .total = 12, .n_first = NEWS_SHOWN }
	};
	struct faults faults = { 0 };
	struct library lib = { .locale = locale_load("data", "en", &faults) };
	struct config *cf = config_default();
	struct engine *e = engine_new(NULL, 0, cf, chance_system());
	struct arena *a = arena_new();
	struct str text, button;

	T_INT(faults.n, 0, "the wording");
	engine_set_library(e, &lib);
	v[0].first[0] = (struct news_program){ STR("**Drawing\\_1**"), STR("") };
	for (size_t i = 0; i < NEWS_SHOWN; i++)
		v[1].first[i] = (struct news_program){ STR("**Data**"),
			STR("online · 149 EUR") };
	engine_say_news(e, v, 2, a, &text, &button);
	T_STR(arena_cstr(a, text),
	    "You asked me to tell you about new programs. Here is some news.\n\n"
	    "**One new program** fits your search \"art \\& \\*design\\*\":\n\n"
	    "- **Drawing\\_1**\n\n"
	    "**12 new programs** fit your search \"data\":\n\n"
	    "- **Data**: online · 149 EUR\n"
	    "- **Data**: online · 149 EUR\n"
	    "- **Data**: online · 149 EUR\n"
	    "- and 9 more\n\n"
	    "Write **stop** to end these messages.",
	    "program-alert: how many, the first three, and how to stop");
	T_STR(arena_cstr(a, button), "Stop these messages", "with an easy way");
	arena_free(a);
	engine_free(e);
	config_free(cf);
	locale_free(lib.locale);
	faults_fini(&faults);
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
	if (!T_CHECK(mkdtemp(folder) != NULL, "a folder"))
		return t_end();
	(void)snprintf(dsn, sizeof(dsn), "sqlite:%s/credbot.db", folder);
	T_RUN(test_told);
	T_RUN(test_once_a_week);
	T_RUN(test_joined);
	T_RUN(test_many);
	T_RUN(test_quiet_hours);
	T_RUN(test_held_back);
	T_RUN(test_off);
	T_RUN(test_left);
	T_RUN(test_low);
	T_RUN(test_another_catalog);
	T_RUN(test_failing_search);
	T_RUN(test_ended);
	T_RUN(test_found);
	T_RUN(test_words);
	(void)rmdir(folder);
	return t_end();
}
