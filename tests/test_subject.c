/*
 * test_subject.c - all that is kept of a person: shown whole, erased from the disk, forgotten
 * in time.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bot/store/subject_priv.h"
#include "credbot/base/chance.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/flow/flow.h"
#include "credbot/ops/retention.h"
#include "t.h"

/* Of this process alone: several may run at the same time. */
static char path[64];
static char log_path[80];
static char dsn[80], shm_path[80];

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static void
remove_files(void)
{
	(void)unlink(path);
	(void)unlink(log_path);
	(void)unlink(shm_path);
}

/* --- the schema */

static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = text; (p = strstr(p, word)) != NULL; p += len) {
		bool begins = p == text || strchr(" .,(", p[-1]) != NULL;

		if (begins && (p[len] == '\0' || strchr(" ,)=", p[len]) != NULL))
			return true;
	}
	return false;
}

static const struct subject_table *
find_table(const char *name)
{
	for (size_t i = 0; i < subject_tables_len; i++)
		if (strcmp(subject_tables[i].table, name) == 0)
			return &subject_tables[i];
	return NULL;
}

static void
check_columns(struct store *st, const char *table, struct buf *columns)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT name FROM pragma_table_info($1) ORDER BY cid");

	buf_clear(columns);
	db_bind_str(q, 1, str_of(table));
	while (db_step(q) == RC_OK)
		buf_printf(columns, " %.*s", STR_ARG(db_col_str(q, 0)));
}

static bool
refers_to_peer(struct store *st, const char *table)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT count(*) FROM pragma_foreign_key_list($1) WHERE \"table\" = "
	    "'peer'");
	bool found;

	db_bind_str(q, 1, str_of(table));
	T_INT(db_step(q), RC_OK, "foreign keys of %s", table);
	found = db_col_int(q, 0) > 0;
	db_reset(q);
	return found;
}

static void
check_table(struct store *st, const char *table)
{
	const struct subject_table *t = find_table(table);
	struct buf columns = { 0 };
	struct str rest;
	bool leads;

	check_columns(st, table, &columns);
	leads = strcmp(table, "peer") == 0 || has_word(buf_cstr(&columns), "peer") ||
	        has_word(buf_cstr(&columns), "person") ||
	        has_word(buf_cstr(&columns), "account") || refers_to_peer(st, table);
	T_INT(t != NULL, leads,
	    "P-3: table %s, which leads to a person, is in subject_repo.c", table);
	rest = buf_str(&columns);
	while (t != NULL && rest.p != NULL) {
		struct str column = str_cut(&rest, ' ');
		char name[64];

		(void)snprintf(name, sizeof(name), "%.*s", STR_ARG(column));
		if (name[0] != '\0')
			T_CHECK(has_word(t->show, name) || has_word(t->not_shown, name),
			    "P-3: column %s.%s is shown, or is said not to be", table,
			    name);
	}
	buf_fini(&columns);
}

static void
test_schema(void)
{
	struct store *st = NULL;
	struct err err = { "" };
	struct buf names = { 0 };
	struct stmt *q;
	struct str rest;
	int n = 0;

	T_INT(store_open(&st, "sqlite::memory:", &err), RC_OK, "%s", err.text);
	q = db_prepare(st->db, "SELECT name FROM sqlite_schema WHERE type = 'table'");
	while (db_step(q) == RC_OK)
		buf_printf(&names, "%.*s\n", STR_ARG(db_col_str(q, 0)));
	rest = buf_str(&names);
	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		char name[64];

		(void)snprintf(name, sizeof(name), "%.*s", STR_ARG(line));
		check_table(st, name);
		n++;
	}
	T_CHECK(n >= (int)subject_tables_len, "all tables were walked");
	buf_fini(&names);
	store_close(st);
}

/* --- a house with students */

struct house {
	struct channel ch;
	struct clock clock;
	struct loop *loop;
	struct store *store;
	struct flow *flow;
	int n_sent;
	bool deaf; /* the network does not answer */
	struct {
		send_done_fn *done;
		void *arg;
	} waiting;
};

/* Says what it hears; "erase" and "allow" are done. */
static enum turn_result
turn(void *arg, const struct turn_in *in, struct arena *a, struct turn_out *out)
{
	struct str text = in->messages[0].text;
	struct turn_reply *r = &out->replies[out->n_replies++];

	(void)arg;
	r->text = str_of(arena_printf(a, "You said %.*s.", STR_ARG(text)));
	out->state = str_of(arena_printf(a, "said %.*s\n", STR_ARG(text)));
	if (str_is(text, "erase")) {
		out->erase = true;
		r->text = STR("gone");
		out->state = STR("");
	} else if (str_is(text, "allow")) {
		out->consent = TURN_CONSENT_GIVEN;
		out->consent_version = STR("v1");
	} else if (str_is(text, "note")) {
		out->notes[out->n_notes++] = (struct turn_note){ "complaint",
			STR("fees"), STR("the secret walrus"), STR("K-1") };
	} else if (str_is(text, "fail")) {
		return TURN_FAILED;
	} else if (str_is(text, "file")) {
		static int n;

		r->documents[r->n_documents++] = (struct document){
			.name = STR("walrus.json"),
			.type = STR("application/json"),
			.bytes = STR("the bytes of the walrus"),
			.token = str_of(arena_printf(a, "T%d", n++)),
		};
	}
	return TURN_ANSWERED;
}

static struct str
say(void *arg)
{
	(void)arg;
	return STR("sorry");
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

	(void)m;
	h->n_sent++;
	if (h->deaf) {
		h->waiting.done = done;
		h->waiting.arg = arg;
	} else {
		done(arg, &(struct send_result){ .rc = RC_OK });
	}
}

static const struct channel_ops ops = { .name = "test", .send = send_it };
/* Files stay until they are fetched. */
static const struct channel_ops pull_ops = { .name = "pull",
	.caps = CHANNEL_PULL,
	.send = send_it };

static void
open_house(struct house *h, const struct channel_ops *o)
{
	static const struct flow_options options = { .flood_burst = 10000,
		.flood_refill_ms = 1 };
	struct flow_hooks hooks = { turn, say, say, say, mask, h };
	struct err err = { "" };

	h->loop = loop_new(&h->clock);
	T_INT(store_open(&h->store, dsn, &err), RC_OK, "%s", err.text);
	T_INT(flow_new(&h->flow, h->store, h->loop, &hooks, &options, NULL, &err),
	    RC_OK, "%s", err.text);
	h->ch.ops = o;
	flow_add_channel(h->flow, &h->ch);
	T_INT(flow_start(h->flow, &err), RC_OK, "%s", err.text);
	loop_turn(h->loop);
}

static void
build_house(struct house *h, const struct channel_ops *o)
{
	remove_files();
	*h = (struct house){ .clock = clock_fixed(1700000000000) };
	open_house(h, o);
}

static void
close_house(struct house *h)
{
	flow_free(h->flow);
	if (h->waiting.done != NULL)
		h->waiting.done(h->waiting.arg,
		    &(struct send_result){ .rc = RC_AGAIN });
	h->waiting.done = NULL;
	loop_free(h->loop);
	store_close(h->store);
}

static void
put(struct house *h, const char *who, const char *id, const char *text)
{
	struct inmsg m = { .channel = h->ch.ops->name,
		.account = str_of(who),
		.id = str_of(id),
		.text = str_of(text) };

	flow_put(h->flow, &m, NULL, NULL);
	loop_turn(h->loop);
	loop_turn(h->loop);
}

/* How often a text stands in the database and in its log, byte for byte. */
static int
on_disk(const char *what)
{
	const char *const files[] = { path, log_path };
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct buf b = { 0 };
		struct err err;
		const char *p, *end;

		if (file_read(files[i], (size_t)1 << 30, &b, &err) == RC_OK &&
		    b.len > 0)
			for (p = b.data, end = p + b.len;
			     (p = memmem(p, (size_t)(end - p), what, strlen(what))) !=
			     NULL;
			     p++)
				n++;
		buf_fini(&b);
	}
	return n;
}

static int64_t
count(struct house *h, const char *sql)
{
	struct stmt *q = db_prepare(h->store->db, sql);
	int64_t n = -1;

	if (db_step(q) == RC_OK) {
		n = db_col_int(q, 0);
		db_reset(q);
	}
	return n;
}

static int64_t
owed(struct house *h)
{
	return count(h, "SELECT count(*) FROM channel_value WHERE channel = 'flow'");
}

/* Until what was erased is off the disk: the helper thread takes its time. */
static void
scrubbed(struct house *h)
{
	for (int i = 0; i < 5000 && owed(h) > 0; i++) {
		struct timespec t = { .tv_nsec = 1000000 };

		loop_advance(h->loop, 1000);
		nanosleep(&t, NULL);
	}
	T_INT(owed(h), 0, "scrubbed");
}

static void
talk(struct house *h, const char *who, const char *word, int n)
{
	char id[32], text[256];

	for (int i = 0; i < n; i++) {
		(void)snprintf(id, sizeof(id), "%s%d", who, i);
		(void)snprintf(text, sizeof(text), "%s number %d, %.*s", word, i,
		    i % 120,
		    "and so on and on and on and on and on and on and on and on and on "
		    "and "
		    "on and on and on and on and on and on and on and on and on");
		put(h, who, id, text);
	}
}

/* --- shown */

static void
test_export(void)
{
	struct house h;
	struct buf out = { 0 };
	struct subject s;
	const char *json;

	build_house(&h, &ops);
	put(&h, "mia", "m1", "hello \"walrus\"");
	put(&h, "mia", "m2", "note");
	put(&h, "mia", "m3", "allow");
	put(&h, "mia", "m4", "file");
	put(&h, "lukas", "l1", "something else");
	T_INT(subject_of(h.store, 1, &s), RC_OK, "who she is");
	T_INT(subject_export(h.store, &s, 1700000000000, 100000, &out), RC_OK, "shown");
	json = buf_cstr(&out);
	T_CHECK(strstr(json, "hello \\\"walrus\\\"") != NULL, "what she said: %s",
	    json);
	T_CHECK(strstr(json, "You said hello") != NULL, "what she was told");
	T_CHECK(strstr(json, "the secret walrus") != NULL, "what was noted");
	T_CHECK(strstr(json, "\"text_version\": \"v1\", \"consent\": \"given\"") !=
		    NULL,
	    "what she allowed");
	T_CHECK(strstr(json, "\"name\": \"walrus.json\"") != NULL, "her files");
	T_CHECK(strstr(json, "2023-11-14T22:13:20Z") != NULL, "times for people");
	T_CHECK(strstr(json, "something else") == NULL && strstr(json, "lukas") == NULL,
	    "and nothing of anybody else");
	buf_clear(&out);
	T_INT(subject_export(h.store, &s, 0, 300, &out), RC_INVALID, "too long");
	buf_fini(&out);
	close_house(&h);
	remove_files();
}

/* --- erased */

static void
test_erase(void)
{
	struct house h;
	bool given;
	int64_t at;
	struct subject s;

	build_house(&h, &pull_ops);
	/* Rows of several people share pages, and pages are split again and again. */
	for (int i = 0; i < 6; i++) {
		char mia[16], leo[16];

		(void)snprintf(mia, sizeof(mia), "mia%d", i);
		(void)snprintf(leo, sizeof(leo), "leo%d", i);
		talk(&h, leo, "penguin", 40);
		talk(&h, mia, "walrus", 60);
		put(&h, mia, "n", "note");
		put(&h, mia, "f", "file");
		put(&h, mia, "c", "allow");
	}
	store_checkpoint(dsn);
	talk(&h, "leo0", "penguin", 3);
	put(&h, "mia0", "more", "walrus again");
	T_CHECK(on_disk("walrus") > 1000, "it is there: %d", on_disk("walrus"));
	for (int i = 0; i < 6; i++) {
		char mia[16];

		(void)snprintf(mia, sizeof(mia), "mia%d", i);
		put(&h, mia, "e", "erase");
	}
	T_CHECK(on_disk("walrus") > 0, "the log still has it: %d", on_disk("walrus"));
	scrubbed(&h);
	T_INT(on_disk("walrus"), 0, "P-4: then it is nowhere on the disk");
	T_INT(access(log_path, F_OK), 0, "the log stays");
	T_CHECK(on_disk("penguin") > 240, "what others said is still there");
	T_INT(count(&h, "SELECT count(*) FROM outbox WHERE peer IN (SELECT id FROM peer"
			" WHERE account LIKE 'mia%') AND text <> 'gone'"),
	    0, "answers");
	T_INT(count(&h, "SELECT count(*) FROM inbox WHERE peer IN (SELECT id FROM peer"
			" WHERE account LIKE 'mia%') AND (seq > 0 OR text <> '')"),
	    0, "messages");
	T_INT(count(&h, "SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM"
			" document) + (SELECT count(*) FROM consent)"),
	    0, "notes, files, consents");
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account LIKE 'mia%'"
			" AND state <> ''"),
	    0, "where we were");
	T_INT(subject_of(h.store, 2, &s), RC_OK, "mia0");
	T_INT(consent_get(h.store, &s, STR("v1"), &given, &at), RC_NOTFOUND, "consent");
	/* The network brings messages again. */
	h.n_sent = 0;
	put(&h, "mia0", "mia00", "walrus number 0, ");
	put(&h, "mia0", "e", "erase");
	T_INT(h.n_sent, 0, "what comes again is not taken for new");
	T_INT(on_disk("walrus number"), 0, "nor kept again");
	put(&h, "mia0", "new", "hello");
	T_INT(h.n_sent, 1, "a new message is the first of a new conversation");
	close_house(&h);
	remove_files();
}

/* The process ends before all of it is off the disk. */
static void
test_erase_and_end(void)
{
	struct house h;

	build_house(&h, &pull_ops);
	talk(&h, "mia", "walrus", 20);
	put(&h, "mia", "e", "erase");
	T_INT(owed(&h), 1, "what is owed is on disk");
	close_house(&h);
	open_house(&h, &pull_ops);
	T_INT(owed(&h), 1, "and known at the next start");
	scrubbed(&h);
	T_INT(on_disk("walrus"), 0, "which does it");
	close_house(&h);
	remove_files();
}

/* Rows that moved from page to page leave their bytes behind: secure_delete is not enough. */
static void
test_erase_moved(void)
{
	static const char filler[] =
	    "on and on and on and on and on and on and on and on ";
	struct house h;
	struct chance chance = chance_seeded(7);
	struct buf text = { 0 };

	build_house(&h, &pull_ops);
	for (int i = 0; i < 1500; i++) {
		char who[16], id[16];
		uint32_t n = chance_below(&chance, 20);

		(void)snprintf(who, sizeof(who), "student%u", n);
		(void)snprintf(id, sizeof(id), "m%d", i);
		buf_clear(&text);
		for (uint32_t k = chance_below(&chance, 60) + 1; k > 0;
		     k -= k > 9 ? 9 : k)
			buf_printf(&text, "%s %d %s", n == 7 ? "walrus" : "penguin", i,
			    filler);
		put(&h, who, id, buf_cstr(&text));
	}
	put(&h, "student7", "e", "erase");
	scrubbed(&h);
	T_INT(on_disk("walrus"), 0, "P-4: not in unused parts of pages either");
	T_INT(db_verify(h.store->db, &(struct err){ "" }), RC_OK, "sound");
	buf_fini(&text);
	close_house(&h);
	remove_files();
}

/* What waits to be sent is not sent any more. */
static void
test_erase_queue(void)
{
	struct house h;

	build_house(&h, &ops);
	h.deaf = true;
	put(&h, "mia", "m1", "one");
	put(&h, "mia", "m2", "two");
	put(&h, "mia", "m3", "erase");
	T_INT(h.n_sent, 1, "the first is on its way");
	h.deaf = false;
	h.waiting.done(h.waiting.arg, &(struct send_result){ .rc = RC_OK });
	h.waiting.done = NULL;
	loop_turn(h.loop);
	loop_turn(h.loop);
	T_INT(h.n_sent, 2, "then only the last word");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	close_house(&h);
	remove_files();
}

/* MSG-10: a message that its writer took back. */
static void
test_redacted(void)
{
	struct house h;

	build_house(&h, &pull_ops);
	put(&h, "room/mia", "m1", "the walrus is mine");
	put(&h, "room/mia", "m2", "and so on");
	store_checkpoint(dsn);
	put(&h, "room/mia", "m3", "more");
	flow_erase(h.flow, "pull", STR("room/"), STR("m1"));
	loop_turn(h.loop);
	scrubbed(&h);
	T_INT(on_disk("the walrus is mine") - on_disk("You said the walrus is mine") -
		  on_disk("said the walrus is mine\n"),
	    0, "MSG-10: what she wrote is nowhere on the disk");
	close_house(&h);
	remove_files();
}

/* --- forgotten */

static void
test_forget(void)
{
	static const struct retention_rules rules = { 90, 48 };
	struct house h;
	struct retention *r;

	build_house(&h, &pull_ops);
	r = retention_new(h.loop, h.flow, &rules);
	put(&h, "mia", "m1", "walrus");
	put(&h, "mia", "m2", "note");
	put(&h, "mia", "m3", "file");
	put(&h, "lukas", "l1", "penguin");
	put(&h, "lukas", "l2", "erase");
	T_INT(count(&h, "SELECT count(*) FROM document WHERE length(bytes) > 0"), 1,
	    "a file to be fetched");
	loop_advance(h.loop, 47 * HOUR_MS);
	T_INT(count(&h, "SELECT count(*) FROM document WHERE length(bytes) > 0"), 1,
	    "P-5: after 47 hours it is there");
	T_INT(count(&h, "SELECT count(*) FROM inbox WHERE ext_id = 'l1'"), 1,
	    "and what is left of leo");
	loop_advance(h.loop, 3 * HOUR_MS);
	T_INT(count(&h, "SELECT count(*) FROM document WHERE length(bytes) > 0"), 0,
	    "P-5: after 50 no more");
	T_INT(count(&h, "SELECT count(*) FROM inbox WHERE ext_id LIKE 'l%'"), 0, "ids");
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account = 'lukas'"), 0,
	    "P-4: nor his account");
	T_INT(count(&h, "SELECT count(*) FROM outbox WHERE text = 'gone'"), 0,
	    "nor the last word");
	scrubbed(&h);
	T_INT(on_disk("lukas"), 0, "P-4: not anywhere on the disk");
	put(&h, "lukas", "l3", "hello");
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account = 'lukas'"), 1,
	    "who comes back is new");
	T_CHECK(count(&h, "SELECT id FROM peer WHERE account = 'lukas'") > 2,
	    "with a number that nobody had");
	loop_advance(h.loop, 60 * DAY_MS);
	put(&h, "mia", "m4", "still here");
	loop_advance(h.loop, 29 * DAY_MS);
	T_CHECK(count(&h, "SELECT count(*) FROM inbox WHERE text = 'note'") == 0,
	    "P-5: after 91 days what was said first is gone");
	T_INT(count(&h, "SELECT count(*) FROM inbox WHERE text = 'still here'"), 1,
	    "what was said later is there");
	T_INT(count(&h, "SELECT count(*) FROM note"), 0, "and the note gone");
	T_INT(count(&h, "SELECT count(*) FROM document"), 0, "and the file");
	scrubbed(&h);
	T_INT(on_disk("walrus"), 0, "P-5: from the disk, too");
	loop_advance(h.loop, 62 * DAY_MS);
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account IN ('mia', 'lukas')"),
	    0, "P-5: who has not come back for 90 days is forgotten");
	T_INT(count(&h, "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM"
			" outbox)"),
	    0, "with everything");
	put(&h, "mia", "m5", "hello again");
	T_INT(count(&h, "SELECT next_seq FROM peer WHERE account = 'mia'"), 3,
	    "and begins anew");
	retention_free(r);
	close_house(&h);
	remove_files();
}

static enum rc
speak(void *arg, struct store *st, struct arena *a, struct turn_notice *out, size_t *n)
{
	(void)arg;
	(void)st;
	(void)a;
	out[(*n)++] = (struct turn_notice){ .peer = 1, .text = STR("news") };
	return RC_OK;
}

/* P-5: what the bot says on its own keeps nobody from being forgotten. */
static void
test_forget_told(void)
{
	static const struct retention_rules rules = { 90, 48 };
	struct house h;
	struct retention *r;

	build_house(&h, &ops);
	r = retention_new(h.loop, h.flow, &rules);
	put(&h, "mia", "m1", "walrus");
	for (int week = 0; week < 12; week++) {
		loop_advance(h.loop, 7 * DAY_MS);
		T_INT(flow_say(h.flow, speak, NULL), RC_OK, "week %d", week);
		loop_turn(h.loop);
	}
	T_INT(h.n_sent, 13, "she was told each week");
	loop_advance(h.loop, 7 * DAY_MS);
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account = 'mia'"), 0,
	    "P-5: she has not come back for 90 days");
	retention_free(r);
	close_house(&h);
	remove_files();
}

/* Who has something under way is forgotten later. */
static void
test_forget_busy(void)
{
	struct house h;
	int64_t after = 0;

	build_house(&h, &ops);
	h.deaf = true;
	put(&h, "mia", "m1", "one");
	T_INT(flow_forget(h.flow, INT64_MAX, INT64_MAX, &after, 10), RC_OK, "a pass");
	T_INT(after, 0, "to its end");
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account = 'mia'"), 1,
	    "an answer is on its way to her");
	h.waiting.done(h.waiting.arg, &(struct send_result){ .rc = RC_OK });
	h.waiting.done = NULL;
	loop_turn(h.loop);
	T_INT(flow_forget(h.flow, INT64_MAX, INT64_MAX, &after, 10), RC_OK, "again");
	T_INT(count(&h, "SELECT count(*) FROM peer WHERE account = 'mia'"), 0, "now");
	for (int i = 0; i < 5; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "s%d", i);
		h.deaf = false;
		put(&h, name, "m", "hi");
	}
	T_INT(flow_forget(h.flow, 0, 0, &after, 3), RC_OK, "some");
	T_INT(after, 4, "as far as it came");
	T_INT(flow_forget(h.flow, 0, 0, &after, 3), RC_OK, "the rest");
	T_INT(after, 0, "and its end");
	close_house(&h);
	remove_files();
}

static void
ignore_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static void
name_files(void)
{
	(void)snprintf(path, sizeof(path), "/tmp/credbot-test-subject-%ld.db",
	    (long)getpid());
	(void)snprintf(log_path, sizeof(log_path), "%s-wal", path);
	(void)snprintf(shm_path, sizeof(shm_path), "%s-shm", path);
	(void)snprintf(dsn, sizeof(dsn), "sqlite:%s", path);
}

int
main(void)
{
	name_files();
	log_set_sink(ignore_line, NULL);
	T_RUN(test_schema);
	T_RUN(test_export);
	T_RUN(test_erase);
	T_RUN(test_erase_and_end);
	T_RUN(test_erase_moved);
	T_RUN(test_erase_queue);
	T_RUN(test_redacted);
	T_RUN(test_forget);
	T_RUN(test_forget_told);
	T_RUN(test_forget_busy);
	return t_end();
}
