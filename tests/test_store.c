/*
 * test_store.c - the same rows over every driver of the store.
 */
#include <stdlib.h>
#include <unistd.h>

#include "bot/store/store_priv.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"
#include "t.h"

static const char path[] = "/tmp/credbot-test-store.db";

static const char *const dsns[] = { "sqlite::memory:",
	"sqlite:/tmp/credbot-test-store.db" };

static void
remove_files(void)
{
	(void)unlink(path);
	(void)unlink("/tmp/credbot-test-store.db-wal");
	(void)unlink("/tmp/credbot-test-store.db-shm");
}

static struct store *
fresh(const char *dsn)
{
	struct store *st = NULL;
	struct err err = { "" };

	remove_files();
	T_INT(store_open(&st, dsn, &err), RC_OK, "%s: %s", dsn, err.text);
	return st;
}

static void
test_peers(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct buf state = { 0 }, account = { 0 };
		struct peer_row a, b;

		T_INT(peer_find(st, "web", STR("mia"), &a, &state), RC_NOTFOUND, "%zu",
		    i);
		T_INT(peer_add(st, "web", STR("mia"), 1000, &a), RC_OK, "%zu", i);
		T_INT(a.next_seq, 1, "a conversation starts at 1");
		T_INT(peer_add(st, "web", STR("mia"), 1000, &b), RC_EXISTS,
		    "only once");
		T_INT(peer_add(st, "chat", STR("mia"), 1000, &b), RC_OK,
		    "another channel, another peer");
		T_INT(peer_save(st, a.id, 7, STR("{\"x\":1}"), 2000), RC_OK, "saved");
		T_INT(peer_find(st, "web", STR("mia"), &b, &state), RC_OK, "found");
		T_INT(b.id, a.id, "the same");
		T_INT(b.next_seq, 7, "its number");
		T_STR(buf_cstr(&state), "{\"x\":1}", "its state");
		buf_clear(&state);
		T_INT(peer_load(st, a.id, &b, &state, &account), RC_OK, "by id");
		T_STR(buf_cstr(&account), "mia", "account");
		T_STR(b.channel, "web", "channel");
		T_INT(peer_load(st, 999, &b, &state, &account), RC_NOTFOUND,
		    "no such id");
		buf_fini(&state);
		buf_fini(&account);
		store_close(st);
	}
}

static struct inbox_row
message(int64_t peer, int64_t seq, const char *id, const char *text)
{
	return (struct inbox_row){ .peer = peer,
		.seq = seq,
		.id = str_of(id),
		.text = str_of(text),
		.at_ms = 1000 + seq };
}

static void
list_waiting(void *arg, const struct inbox_row *row, struct str account)
{
	buf_printf(arg, "%.*s/%.*s:%.*s ", STR_ARG(account), STR_ARG(row->id),
	    STR_ARG(row->text));
}

static void
test_inbox(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		enum inbox_status status;
		struct inbox_row row;
		struct buf list = { 0 };
		struct peer_row p;
		int64_t seq;

		T_INT(peer_add(st, "web", STR("mia"), 1, &p), RC_OK, "peer");
		row = message(p.id, 1, "m1", "hello");
		T_INT(inbox_add(st, &row), RC_OK, "taken");
		row = message(p.id, 2, "m1", "hello");
		T_INT(inbox_add(st, &row), RC_EXISTS, "the same id is taken once");
		T_INT(inbox_find(st, p.id, STR("m1"), &seq, &status), RC_OK, "found");
		T_INT(seq, 1, "with its number");
		T_INT(inbox_find(st, p.id, STR("m9"), &seq, &status), RC_NOTFOUND,
		    "none");
		row = message(p.id, 2, "m2", "and");
		row.status = INBOX_WAITING;
		row.due_ms = 5000;
		T_INT(inbox_add(st, &row), RC_OK, "waiting");
		T_INT(inbox_set_text(st, p.id, 2, STR("and then?")), RC_OK, "edited");
		T_INT(inbox_waiting(st, "web", list_waiting, &list), RC_OK, "listed");
		T_STR(buf_cstr(&list), "mia/m2:and then? ", "what waits");
		buf_clear(&list);
		T_INT(inbox_waiting(st, "chat", list_waiting, &list), RC_OK,
		    "elsewhere");
		T_STR(buf_cstr(&list), "", "nothing waits");
		T_INT(inbox_set(st, p.id, 2, INBOX_DONE, 0, 0), RC_OK, "done");
		T_INT(inbox_waiting_of(st, p.id, list_waiting, &list), RC_OK, "listed");
		T_STR(buf_cstr(&list), "", "nothing waits any more");
		T_INT(inbox_hidden_seq(st, p.id, &seq), RC_OK, "hidden");
		T_INT(seq, -1, "the first hidden row");
		row = message(p.id, seq, "open", "");
		T_INT(inbox_add(st, &row), RC_OK, "hidden row");
		T_INT(inbox_hidden_seq(st, p.id, &seq), RC_OK, "hidden");
		T_INT(seq, -2, "the second");
		buf_fini(&list);
		store_close(st);
	}
}

static void
list_lines(void *arg, const struct line_row *row)
{
	buf_printf(arg, "%lld%s%.*s ", (long long)row->seq, row->mine ? ">" : "<",
	    STR_ARG(row->text));
}

static void
list_outbox(void *arg, const struct outbox_row *row, struct str account)
{
	buf_printf(arg, "%.*s:%lld:%.*s:%d ", STR_ARG(account), (long long)row->seq,
	    STR_ARG(row->buttons), row->tries);
}

static void
test_conversation(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct outbox_row out = { .text = STR("hi"), .buttons = STR("a\nb") };
		struct inbox_row in;
		struct buf list = { 0 };
		struct peer_row p;
		int64_t after;

		T_INT(peer_add(st, "web", STR("mia"), 1, &p), RC_OK, "peer");
		in = message(p.id, 1, "m1", "hello");
		T_INT(inbox_add(st, &in), RC_OK, "in 1");
		in = message(p.id, 3, "m3", "bye");
		T_INT(inbox_add(st, &in), RC_OK, "in 3");
		out.peer = p.id;
		out.seq = 2;
		out.status = OUTBOX_QUEUED;
		T_INT(outbox_add(st, &out), RC_OK, "out 2");
		out.seq = 4;
		T_INT(outbox_add(st, &out), RC_OK, "out 4");
		T_INT(peer_save(st, p.id, 5, STR(""), 1), RC_OK, "saved");
		T_INT(lines_after(st, p.id, 0, 10, list_lines, &list), RC_OK, "all");
		T_STR(buf_cstr(&list), "1>hello 2<hi 3>bye 4<hi ", "in order");
		buf_clear(&list);
		T_INT(lines_after(st, p.id, 2, 1, list_lines, &list), RC_OK, "some");
		T_STR(buf_cstr(&list), "3>bye ", "behind 2, one");
		buf_clear(&list);
		T_INT(lines_start(st, p.id, 2, &after), RC_OK, "start");
		T_INT(after, 2, "the last two");
		T_INT(lines_start(st, p.id, 100, &after), RC_OK, "start");
		T_INT(after, 0, "all there are");
		T_INT(outbox_set(st, p.id, 2, OUTBOX_SENT, 0, 0), RC_OK, "sent");
		T_INT(outbox_set(st, p.id, 4, OUTBOX_QUEUED, 3, 99), RC_OK, "tried");
		T_INT(outbox_queued(st, "web", list_outbox, &list), RC_OK, "queued");
		T_STR(buf_cstr(&list), "mia:4:a\nb:3 ", "what is to be sent");
		buf_fini(&list);
		store_close(st);
	}
}

static void
test_trouble(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct inbox_row row = message(1, 1, "m1", "poison");
		int64_t n;
		int tries;
		bool any;

		T_INT(attempt_any(st, &any), RC_OK, "any");
		T_CHECK(!any, "none at first");
		T_INT(attempt_add(st, STR("web"), STR("mia"), STR("m1")), RC_OK, "1");
		T_INT(attempt_add(st, STR("web"), STR("mia"), STR("m1")), RC_OK, "2");
		T_INT(attempt_get(st, "web", STR("mia"), STR("m1"), &tries), RC_OK,
		    "get");
		T_INT(tries, 2, "counted");
		T_INT(attempt_get(st, "web", STR("leo"), STR("m1"), &tries), RC_OK,
		    "get");
		T_INT(tries, 0, "of somebody else");
		T_INT(attempt_clear(st, "web", STR("mia"), STR("m1")), RC_OK, "clear");
		T_INT(attempt_any(st, &any), RC_OK, "any");
		T_CHECK(!any, "none at last");
		T_INT(dead_add(st, &row, STR("it broke"), 5), RC_OK, "buried");
		T_INT(dead_count(st, &n), RC_OK, "count");
		T_INT(n, 1, "one");
		T_INT(note_add(st, 1, "rating", STR("t"), STR("5"), STR("K-1"), 9),
		    RC_OK, "note");
		store_close(st);
	}
}

/* The ids of a person's peers, as digits. */
static const char *
peers_of(struct store *st, int64_t peer)
{
	static char ids[64];
	struct person_peer all[PERSON_PEERS_MAX];
	size_t n = 0, len = 0;

	ids[0] = '\0';
	T_INT(person_peers(st, peer, all, &n), RC_OK, "peers");
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(ids + len, sizeof(ids) - len, "%lld ",
		    (long long)all[i].id);
	return ids;
}

static int64_t
persons(struct store *st)
{
	struct stmt *q = db_prepare(st->db, "SELECT COUNT(*) FROM person");
	int64_t n;

	T_INT(db_step(q), RC_OK, "count");
	n = db_col_int(q, 0);
	db_reset(q);
	return n;
}

static void
add_peers(struct store *st, int n)
{
	for (int k = 1; k <= n; k++) {
		char account[16];
		struct peer_row p;

		(void)snprintf(account, sizeof(account), "a%d", k);
		T_INT(peer_add(st, k % 2 == 0 ? "web" : "telegram", str_of(account), 1,
			  &p),
		    RC_OK, "peer");
		T_INT(p.id, k, "its id");
	}
}

static void
test_persons(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct person_peer all[PERSON_PEERS_MAX];
		size_t n;

		add_peers(st, PERSON_PEERS_MAX + 2);
		T_STR(peers_of(st, 1), "1 ", "everybody is a person");
		T_STR(peers_of(st, 99), "", "who is not there is none");
		T_INT(person_join(st, 1, 1, 5), RC_EXISTS, "with itself");
		T_INT(person_join(st, 1, 99, 5), RC_NOTFOUND, "with nobody");
		T_INT(person_join(st, 1, 2, 5), RC_OK, "two");
		T_INT(person_join(st, 2, 1, 5), RC_EXISTS, "they are one");
		T_INT(person_peers(st, 2, all, &n), RC_OK, "peers");
		T_STR(all[1].channel, "web", "the channel of each");
		T_INT(person_join(st, 3, 4, 5), RC_OK, "two others");
		T_INT(persons(st), 2, "two persons");
		T_INT(person_join(st, 4, 1, 5), RC_OK, "all four");
		T_STR(peers_of(st, 2), "1 2 3 4 ", "one person");
		T_INT(persons(st), 1, "the other is nobody any more");
		for (int64_t k = 5; k <= PERSON_PEERS_MAX; k++)
			T_INT(person_join(st, k, 2, 5), RC_OK, "%d", (int)k);
		T_INT(person_join(st, 1, PERSON_PEERS_MAX + 1, 5), RC_INVALID, "full");
		T_INT(person_join(st, PERSON_PEERS_MAX + 1, PERSON_PEERS_MAX + 2, 5),
		    RC_OK, "others go on");
		T_INT(person_join(st, 1, PERSON_PEERS_MAX + 1, 5), RC_INVALID,
		    "also two at once");
		T_INT(person_leave(st, 2), RC_OK, "one leaves");
		T_STR(peers_of(st, 2), "2 ", "it is alone");
		T_STR(peers_of(st, 1), "1 3 4 5 6 7 8 ", "the rest is not");
		T_INT(person_leave(st, 2), RC_OK, "alone already");
		T_INT(person_leave(st, PERSON_PEERS_MAX + 1), RC_OK, "one of two");
		T_STR(peers_of(st, PERSON_PEERS_MAX + 2), "10 ", "both are alone");
		T_INT(persons(st), 1, "no person without a peer");
		store_close(st);
	}
}

static void
add_entry(void *arg, const struct profile_row *row)
{
	buf_printf(arg, "%.*s=%.*s(%.*s)@%d ", STR_ARG(row->key), STR_ARG(row->value),
	    STR_ARG(row->words), (int)row->at_ms);
}

static const char *
profile_of(struct store *st, int64_t peer)
{
	static char text[256];
	struct buf b = { 0 };

	T_INT(profile_each(st, peer, add_entry, &b), RC_OK, "profile");
	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_fini(&b);
	return text;
}

static enum rc
say_of_herself(struct store *st, int64_t peer, const char *key, const char *value,
    int64_t at_ms)
{
	struct profile_row row = { str_of(key), str_of(value), STR("w"), at_ms };

	return profile_set(st, peer, &row);
}

static void
test_profile(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);

		add_peers(st, 3);
		T_STR(profile_of(st, 1), "", "none");
		T_INT(say_of_herself(st, 1, "name", "Mia", 10), RC_OK, "name");
		T_INT(say_of_herself(st, 1, "goal", "job", 10), RC_OK, "goal");
		T_INT(say_of_herself(st, 1, "goal", "study", 20), RC_OK, "changed");
		T_INT(say_of_herself(st, 2, "goal", "travel", 15), RC_OK, "other");
		T_INT(say_of_herself(st, 2, "home", "Peru", 15), RC_OK, "other");
		T_STR(profile_of(st, 1), "goal=study(w)@20 name=Mia(w)@10 ", "hers");
		T_STR(profile_of(st, 3), "", "of somebody else");
		T_INT(person_join(st, 1, 2, 30), RC_OK, "joined");
		T_STR(profile_of(st, 2),
		    "goal=study(w)@20 home=Peru(w)@15 name=Mia(w)@10 ",
		    "one profile, the last word counts");
		T_INT(say_of_herself(st, 2, "goal", "rest", 20), RC_OK,
		    "at the same time");
		T_STR(profile_of(st, 1),
		    "goal=rest(w)@20 home=Peru(w)@15 name=Mia(w)@10 ", "is one");
		T_INT(profile_remove(st, 1, STR("home")), RC_OK, "removed");
		T_STR(profile_of(st, 2), "goal=rest(w)@20 name=Mia(w)@10 ",
		    "wherever it was said");
		T_INT(person_leave(st, 1), RC_OK, "parted");
		T_STR(profile_of(st, 1), "goal=study(w)@20 name=Mia(w)@10 ",
		    "each keeps its own");
		T_STR(profile_of(st, 2), "goal=rest(w)@20 ", "each keeps its own");
		T_INT(profile_remove(st, 1, str_n(NULL, 0)), RC_OK, "all");
		T_STR(profile_of(st, 1), "", "gone");
		T_STR(profile_of(st, 2), "goal=rest(w)@20 ", "not the other's");
		store_close(st);
	}
}

struct seen_codes {
	struct link_code c[4];
	char hash[4][16];
	size_t n;
};

static void
on_link_code(void *arg, const struct link_code *c, struct str hash)
{
	struct seen_codes *s = arg;

	(void)snprintf(s->hash[s->n], sizeof(s->hash[0]), "%.*s", STR_ARG(hash));
	s->c[s->n++] = *c;
}

static void
test_link_codes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct seen_codes seen = { .n = 0 };
		struct link_code c;

		add_peers(st, 3);
		T_INT(link_code_add(st, 1, STR("t"), STR("h1"), 100, 10, 0), RC_OK,
		    "1");
		T_INT(link_code_add(st, 2, STR("t"), STR("h2"), 100, 10, 0), RC_OK,
		    "2");
		T_INT(link_code_add(st, 1, STR("t"), STR("h3"), 120, 20, 0), RC_OK,
		    "3");
		T_INT(link_code_each(st, STR("t"), on_link_code, &seen), RC_OK, "all");
		T_INT(seen.n, 3, "of that tag");
		T_STR(seen.hash[0], "h3", "the newest first");
		T_INT(seen.c[2].expires_ms, 20, "what it was given before has expired");
		T_INT(seen.c[1].expires_ms, 100, "that of others has not");
		T_INT(link_code_claimed(st, 3, &c), RC_NOTFOUND, "none is claimed");
		T_INT(link_code_set(st, seen.c[0].id, 3, false), RC_OK, "claimed");
		T_INT(link_code_claimed(st, 3, &c), RC_OK, "by the third");
		T_CHECK(c.peer == 1 && c.claimed_by == 3 && !c.used, "whose it is");
		T_INT(link_code_set(st, c.id, 3, true), RC_OK, "used");
		T_INT(link_code_claimed(st, 3, &c), RC_NOTFOUND, "no question is open");
		T_INT(link_code_add(st, 2, STR("u"), STR("h4"), 900, 200, 110), RC_OK,
		    "4");
		seen.n = 0;
		T_INT(link_code_each(st, STR("t"), on_link_code, &seen), RC_OK, "left");
		T_INT(seen.n, 1, "what expired long ago is forgotten");
		store_close(st);
	}
}

static void
test_link_tries(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		int64_t own, all;

		add_peers(st, 2);
		T_INT(link_try_count(st, 1, 0, &own, &all), RC_OK, "none");
		T_CHECK(own == 0 && all == 0, "none");
		T_INT(link_try_add(st, 1, 100, 0), RC_OK, "one");
		T_INT(link_try_add(st, 1, 150, 0), RC_OK, "another");
		T_INT(link_try_add(st, 2, 160, 0), RC_OK, "of the other");
		T_INT(link_try_count(st, 1, 0, &own, &all), RC_OK, "count");
		T_CHECK(own == 2 && all == 3, "own %d all %d", (int)own, (int)all);
		T_INT(link_try_count(st, 1, 101, &own, &all), RC_OK, "an hour after");
		T_CHECK(own == 0 && all == 1, "own %d all %d", (int)own, (int)all);
		T_INT(link_try_add(st, 1, 300, 101), RC_OK, "begins anew");
		T_INT(link_try_count(st, 1, 101, &own, &all), RC_OK, "count");
		T_CHECK(own == 1 && all == 2, "own %d all %d", (int)own, (int)all);
		store_close(st);
	}
}

static void
test_rollback(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct buf state = { 0 };
		struct peer_row p;

		T_INT(store_begin(st), RC_OK, "begin");
		T_INT(peer_add(st, "web", STR("mia"), 1, &p), RC_OK, "in it");
		store_rollback(st);
		T_INT(peer_find(st, "web", STR("mia"), &p, &state), RC_NOTFOUND,
		    "undone");
		T_INT(store_begin(st), RC_OK, "begin");
		T_INT(peer_add(st, "web", STR("mia"), 1, &p), RC_OK, "in it");
		T_INT(store_commit(st), RC_OK, "commit");
		T_INT(peer_find(st, "web", STR("mia"), &p, &state), RC_OK, "there");
		buf_fini(&state);
		store_close(st);
	}
}

static void
test_kept_on_disk(void)
{
	struct store *st = fresh(dsns[1]);
	struct buf state = { 0 };
	struct peer_row p;
	struct err err;

	T_INT(peer_add(st, "web", STR("mia"), 1, &p), RC_OK, "peer");
	store_close(st);
	store_checkpoint(dsns[1]);
	T_INT(store_open(&st, dsns[1], &err), RC_OK, "open again");
	T_INT(peer_find(st, "web", STR("mia"), &p, &state), RC_OK, "still there");
	T_INT(store_verify(st, &err), RC_OK, "sound");
	store_close(st);
	buf_fini(&state);
}

static void
test_refusals(void)
{
	struct store *st = fresh(dsns[1]);
	struct db *db;
	struct err err;
	FILE *f;

	T_INT(db_set_version(st->db, store_schema.version + 1), RC_OK,
	    "a newer version");
	store_close(st);
	T_INT(store_open(&st, dsns[1], &err), RC_INVALID, "refused");
	T_CHECK(strstr(err.text, "newer credbot") != NULL, "%s", err.text);

	remove_files();
	f = fopen(path, "w");
	fputs("this is no database, but it is long enough to be looked at as one, "
	      "since the header of SQLite has a hundred bytes and more than that",
	    f);
	(void)fclose(f);
	T_INT(store_open(&st, dsns[1], &err), RC_IO, "no database");
	T_CHECK(strstr(err.text, path) != NULL, "%s", err.text);

	remove_files();
	T_INT(db_open(&db, dsns[1], &err), RC_OK, "as another program would");
	T_INT(db_script(db, "PRAGMA application_id=42; CREATE TABLE theirs (x);", &err),
	    RC_OK, "theirs");
	db_close(db);
	T_INT(store_open(&st, dsns[1], &err), RC_INVALID, "another program's");
	T_CHECK(strstr(err.text, "another program") != NULL, "%s", err.text);

	T_INT(store_open(&st, "pg:host=x", &err), RC_INVALID, "not built in");
	T_CHECK(strstr(err.text, "not built into") != NULL, "%s", err.text);
	T_INT(store_open(&st, "oracle:x", &err), RC_INVALID, "no such driver");
	T_INT(store_open(&st, "sqlite:/nonexistent/x.db", &err), RC_IO, "no folder");
	remove_files();
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
	T_RUN(test_peers);
	T_RUN(test_inbox);
	T_RUN(test_conversation);
	T_RUN(test_trouble);
	T_RUN(test_persons);
	T_RUN(test_profile);
	T_RUN(test_link_codes);
	T_RUN(test_link_tries);
	T_RUN(test_rollback);
	T_RUN(test_kept_on_disk);
	T_RUN(test_refusals);
	remove_files();
	return t_end();
}
