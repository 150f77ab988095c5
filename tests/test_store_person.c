/*
 * test_store_person.c - what a person wants kept and wants to hear of: her shortlist, her alerts
 * and what may be sent to her, the same rows over every driver of the store.
 */
#include <stdlib.h>
#include <unistd.h>

#include "bot/store/store_priv.h"
#include "credbot/base/buf.h"
#include "credbot/base/log.h"
#include "credbot/store/alert.h"
#include "credbot/store/notice.h"
#include "credbot/store/shortlist.h"
#include "credbot/store/subject.h"
#include "t.h"

/* Of this process alone. */
static char folder[] = "/tmp/credbot-test-store-person-XXXXXX";
static char on_disk[64];

static const char *const dsns[] = { "sqlite::memory:", on_disk };

static void
remove_files(void)
{
	static const char *const names[] = { "t.db", "t.db-wal", "t.db-shm" };
	char path[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
}

/* With peers 1, 2, 3. */
static struct store *
fresh(const char *dsn)
{
	struct store *st = NULL;
	struct err err = { "" };

	remove_files();
	T_INT(store_open(&st, dsn, &err), RC_OK, "%s: %s", dsn, err.text);
	for (int k = 1; k <= 3; k++) {
		char account[16];
		struct peer_row p;

		(void)snprintf(account, sizeof(account), "a%d", k);
		T_INT(peer_add(st, k == 2 ? "web" : "telegram", str_of(account), 1, &p),
		    RC_OK, "peer");
		T_INT(p.id, k, "its id");
	}
	return st;
}

/* What was added since the last call. */
static const char *
text_of(struct buf *b)
{
	static char text[512];

	(void)snprintf(text, sizeof(text), "%s", buf_cstr(b));
	buf_fini(b);
	return text;
}

/* --- shortlist */

static void
add_saved(void *arg, const struct shortlist_row *row)
{
	buf_printf(arg, "%.*s=%.*s@%d ", STR_ARG(row->program), STR_ARG(row->title),
	    (int)row->at_ms);
}

static const char *
list_of(struct store *st, int64_t peer)
{
	struct buf b = { 0 };

	T_INT(shortlist_each(st, peer, add_saved, &b), RC_OK, "read");
	return text_of(&b);
}

static enum rc
save(struct store *st, int64_t peer, const char *program, const char *title,
    int64_t at_ms)
{
	struct shortlist_row row = { str_of(program), str_of(title), STR("Uni"),
		STR("the first one"), at_ms };

	return shortlist_add(st, peer, &row);
}

static void
test_shortlist(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		struct buf b = { 0 };

		T_STR(list_of(st, 1), "", "empty");
		T_INT(shortlist_remove(st, 1, STR("x"), 5), RC_NOTFOUND, "none");
		T_INT(shortlist_remove(st, 1, str_n(NULL, 0), 5), RC_NOTFOUND, "none");
		T_INT(shortlist_restore(st, 1, 0, NULL, NULL), RC_NOTFOUND, "nothing");
		T_INT(save(st, 1, "z", "Zoo", 10), RC_OK, "one");
		T_INT(save(st, 1, "a", "Art", 10), RC_OK, "another, at once");
		T_INT(save(st, 1, "z", "Zoo again", 20), RC_EXISTS, "it was there");
		T_STR(list_of(st, 1), "z=Zoo@10 a=Art@10 ",
		    "save-program: in the order of saving, as first said");
		T_STR(list_of(st, 2), "", "not of others");
		T_INT(shortlist_remove(st, 1, STR("z"), 30), RC_OK, "taken off");
		T_STR(list_of(st, 1), "a=Art@10 ", "it is off");
		T_INT(shortlist_remove(st, 1, STR("z"), 31), RC_NOTFOUND, "once");
		T_INT(shortlist_restore(st, 1, 31, NULL, NULL), RC_NOTFOUND,
		    "too long ago");
		T_INT(shortlist_restore(st, 1, 30, add_saved, &b), RC_OK, "undo");
		T_STR(text_of(&b), "z=Zoo@10 ", "it says what came back");
		T_STR(list_of(st, 1), "z=Zoo@10 a=Art@10 ",
		    "remove-from-shortlist: in its old place");
		T_INT(shortlist_remove(st, 1, STR("z"), 40), RC_OK, "one off");
		T_INT(shortlist_remove(st, 1, STR("a"), 50), RC_OK, "another");
		T_INT(shortlist_restore(st, 1, 0, NULL, NULL), RC_OK, "undo");
		T_STR(list_of(st, 1), "a=Art@10 ", "of the last alone");
		T_INT(save(st, 1, "z", "Zoo new", 60), RC_OK, "saved anew");
		T_INT(shortlist_remove(st, 1, str_n(NULL, 0), 70), RC_OK, "all");
		T_STR(list_of(st, 1), "", "empty");
		T_INT(save(st, 1, "z", "Zoo newer", 80), RC_OK, "a new entry");
		T_INT(shortlist_restore(st, 1, 70, NULL, NULL), RC_OK, "undo");
		T_STR(list_of(st, 1), "a=Art@10 z=Zoo newer@80 ",
		    "what was saved since is not doubled");
		store_close(st);
	}
}

static void
test_shortlist_joined(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);

		T_INT(save(st, 1, "a", "Art", 10), RC_OK, "here");
		T_INT(save(st, 2, "a", "Art there", 5), RC_OK, "the same there");
		T_INT(save(st, 2, "b", "Bio", 20), RC_OK, "another there");
		T_INT(save(st, 3, "c", "Chem", 1), RC_OK, "somebody else");
		T_INT(person_join(st, 1, 2, 30), RC_OK, "joined");
		T_STR(list_of(st, 1), "a=Art there@5 b=Bio@20 ",
		    "one list, each program once");
		T_INT(save(st, 1, "b", "Bio", 40), RC_EXISTS, "it was there");
		T_INT(shortlist_remove(st, 1, STR("a"), 50), RC_OK, "taken off");
		T_STR(list_of(st, 2), "b=Bio@20 ", "wherever it was saved");
		T_INT(shortlist_restore(st, 2, 50, NULL, NULL), RC_OK, "undo there");
		T_INT(person_leave(st, 1), RC_OK, "parted");
		T_STR(list_of(st, 1), "a=Art@10 ", "each keeps its own");
		T_STR(list_of(st, 2), "a=Art there@5 b=Bio@20 ", "each keeps its own");
		T_STR(list_of(st, 3), "c=Chem@1 ", "the third was never touched");
		store_close(st);
	}
}

static void
test_shortlist_full(void)
{
	struct store *st = fresh(dsns[0]);
	char program[16];

	for (int k = 0; k < SHORTLIST_MAX; k++) {
		(void)snprintf(program, sizeof(program), "p%d", k);
		T_INT(save(st, 1, program, "T", k), RC_OK, "%d", k);
	}
	T_INT(save(st, 1, "more", "T", 99), RC_INVALID, "full");
	T_INT(save(st, 1, "p3", "T", 99), RC_EXISTS, "what is there is there");
	T_INT(save(st, 2, "more", "T", 99), RC_OK, "another person has room");
	T_INT(shortlist_remove(st, 1, STR("p3"), 100), RC_OK, "one off");
	T_INT(save(st, 1, "more", "T", 101), RC_OK, "there is room");
	T_INT(shortlist_restore(st, 1, 0, NULL, NULL), RC_INVALID,
	    "undo has no room then");
	store_close(st);
}

/* --- alerts */

static void
add_alert(void *arg, const struct alert_row *row)
{
	buf_printf(arg, "%d:%d:%.*s:%d ", (int)row->id, (int)row->peer,
	    STR_ARG(row->label), (int)row->revision);
}

static const char *
alerts_of(struct store *st, int64_t peer)
{
	struct buf b = { 0 };

	T_INT(alert_each_of_person(st, peer, add_alert, &b), RC_OK, "read");
	return text_of(&b);
}

static const char *
due(struct store *st, int64_t revision, int64_t told_before_ms)
{
	struct alert_due d = { revision, told_before_ms, 0, 100 };
	struct buf b = { 0 };

	T_INT(alert_each_due(st, &d, add_alert, &b), RC_OK, "read");
	return text_of(&b);
}

static enum rc
want(struct store *st, int64_t peer, const char *words, int64_t *id)
{
	struct alert_row row = { .peer = peer,
		.wish = STR("field=it"),
		.words = str_of(words),
		.label = str_of(words),
		.revision = 4,
		.created_ms = 100 };

	return alert_put(st, &row, id);
}

static void
test_alerts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		int64_t a = 0, b = 0, c = 0, again = 0;

		T_STR(alerts_of(st, 1), "", "none");
		T_INT(want(st, 1, "data", &a), RC_OK, "one");
		T_INT(want(st, 1, "data", &again), RC_EXISTS, "the same");
		T_INT(again, a, "which one it is");
		T_INT(want(st, 2, "art", &b), RC_OK, "of another");
		T_INT(want(st, 3, "data", &c), RC_OK, "the same of a third");
		T_STR(alerts_of(st, 1), "1:1:data:4 ", "hers");
		T_STR(due(st, 4, 0), "", "nothing is new");
		T_STR(due(st, 5, 0), "1:1:data:4 2:2:art:4 3:3:data:4 ", "all");
		T_STR(due(st, 3, 0), "1:1:data:4 2:2:art:4 3:3:data:4 ",
		    "another catalog, that counts anew");
		T_INT(alert_mark_run(st, a, 5, 200), RC_OK, "looked at");
		T_STR(due(st, 5, 0), "2:2:art:4 3:3:data:4 ", "the others");
		T_INT(alert_mark_sent(st, b, 5, 300), RC_OK, "told");
		T_STR(due(st, 6, 299), "1:1:data:5 3:3:data:4 ",
		    "who was told is left alone");
		T_STR(due(st, 6, 300), "1:1:data:5 2:2:art:5 3:3:data:4 ",
		    "for so long");
		T_INT(person_join(st, 1, 2, 400), RC_OK, "joined");
		T_STR(alerts_of(st, 2), "1:1:data:5 2:2:art:5 ", "one list");
		T_STR(due(st, 6, 299), "3:3:data:4 ",
		    "program-alert: the person is left alone, in all her chats");
		T_INT(want(st, 1, "more", &again), RC_OK, "one more");
		T_STR(due(st, 6, 299), "3:3:data:4 ", "a new one is not told sooner");
		T_INT(alert_stop(st, 2, b), RC_OK, "that was stopped");
		T_STR(due(st, 6, 299), "3:3:data:4 ", "nor when the other was stopped");
		T_INT(alert_stop(st, 2, c), RC_NOTFOUND, "nobody else's");
		T_INT(alert_stop(st, 2, a), RC_OK, "hers from any chat");
		T_INT(alert_mark_sent(st, a, 7, 500), RC_NOTFOUND, "it is gone");
		T_INT(alert_mark_run(st, a, 7, 500), RC_NOTFOUND, "it is gone");
		T_INT(alert_stop(st, 1, 0), RC_OK, "all of them");
		T_INT(alert_stop(st, 1, 0), RC_NOTFOUND, "she has none");
		T_STR(alerts_of(st, 2), "", "none is left");
		T_INT(peer_set_gone(st, "telegram", STR("a3"), 9, STR("blocked")),
		    RC_OK, "she has left");
		T_STR(due(st, 6, 1000), "",
		    "program-alert: not into a chat that was left");
		store_close(st);
	}
}

static bool
was_told(struct store *st, int64_t peer)
{
	bool told = false;

	T_INT(alert_told_since_turn(st, peer, &told), RC_OK, "read");
	return told;
}

/* So that "stop" behind a line that nobody asked for is about these. */
static void
test_told_since_turn(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		int64_t a = 0;

		T_CHECK(!was_told(st, 1), "nobody there");
		T_INT(want(st, 1, "data", &a), RC_OK, "one");
		T_INT(peer_save(st, 1, 1, STR(""), 100), RC_OK, "a turn");
		T_CHECK(!was_told(st, 1), "not told yet");
		T_INT(alert_mark_run(st, a, 5, 200), RC_OK, "looked at");
		T_CHECK(!was_told(st, 1), "that is not told");
		T_INT(alert_mark_sent(st, a, 6, 300), RC_OK, "told");
		T_INT(peer_set_seq(st, 1, 2), RC_OK, "a line unasked");
		T_CHECK(was_told(st, 1), "stop-messages: told");
		T_CHECK(!was_told(st, 2), "somebody else is not");
		T_INT(peer_save(st, 1, 3, STR(""), 400), RC_OK, "her turn");
		T_CHECK(!was_told(st, 1), "and has said something since");
		store_close(st);
	}
}

static void
test_alerts_full(void)
{
	struct store *st = fresh(dsns[0]);
	struct alert_due d = { 9, 0, 0, 3 };
	struct buf b = { 0 };
	int64_t id = 0;
	char words[16];

	for (int k = 0; k < ALERTS_MAX; k++) {
		(void)snprintf(words, sizeof(words), "w%d", k);
		T_INT(want(st, 1, words, &id), RC_OK, "%d", k);
	}
	T_INT(want(st, 1, "more", &id), RC_INVALID, "full");
	T_INT(want(st, 1, "w3", &id), RC_EXISTS, "what is there is there");
	T_INT(want(st, 2, "more", &id), RC_OK, "another person has room");
	T_INT(alert_each_due(st, &d, add_alert, &b), RC_OK, "a few");
	T_STR(text_of(&b), "1:1:w0:4 2:1:w1:4 3:1:w2:4 ", "not more than asked");
	d.after = 8;
	T_INT(alert_each_due(st, &d, add_alert, &b), RC_OK, "behind that");
	T_STR(text_of(&b), "9:1:w8:4 10:1:w9:4 11:2:more:4 ", "and on");
	store_close(st);
}

/* --- notices */

static const char *
notices_of(struct store *st, int64_t peer)
{
	static char text[64];
	struct notices n;

	T_INT(notice_get(st, peer, &n), RC_OK, "read");
	(void)snprintf(text, sizeof(text), "%d%d%d %d-%d",
	    notice_allows(&n, NOTICE_ALERTS), notice_allows(&n, NOTICE_REMINDERS),
	    notice_allows(&n, NOTICE_FEEDBACK), n.quiet_from, n.quiet_to);
	return text;
}

static void
test_notices(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dsns); i++) {
		struct store *st = fresh(dsns[i]);
		enum notice_kind kind;

		for (int k = 0; k < NOTICE_KINDS; k++) {
			T_INT(notice_kind_find(str_of(notice_kind_name(
						   (enum notice_kind)k)),
				  &kind),
			    RC_OK, "its name");
			T_INT(kind, k, "and back");
		}
		T_INT(notice_kind_find(STR("spam"), &kind), RC_NOTFOUND, "none");
		T_STR(notices_of(st, 1), "111 1260-480", "at first");
		T_INT(notice_set(st, 1, NOTICE_FEEDBACK, false, 10), RC_OK, "off");
		T_STR(notices_of(st, 1), "110 1260-480", "notification-settings");
		T_INT(notice_set_quiet(st, 1, 0, 539, 10), RC_OK, "quiet hours");
		T_STR(notices_of(st, 1), "110 0-539", "hers");
		T_INT(notice_set_quiet(st, 1, 0, 1440, 10), RC_INVALID, "no time");
		T_INT(notice_set_quiet(st, 1, -1, 60, 10), RC_INVALID, "no time");
		T_INT(notice_set_all(st, 1, false, 20), RC_OK, "stop");
		T_STR(notices_of(st, 1), "000 0-539", "stop-messages: nothing at all");
		T_INT(notice_set_all(st, 1, true, 30), RC_OK, "on");
		T_STR(notices_of(st, 1), "110 0-539", "as it was");
		T_INT(notice_set_all(st, 1, false, 40), RC_OK, "stop");
		T_INT(notice_set(st, 1, NOTICE_REMINDERS, false, 45), RC_OK, "off");
		T_STR(notices_of(st, 1), "000 0-539", "off stays off");
		T_INT(notice_set(st, 1, NOTICE_ALERTS, true, 50), RC_OK, "one on");
		T_STR(notices_of(st, 1), "100 0-539", "that one alone");
		T_STR(notices_of(st, 2), "111 1260-480", "of another");
		T_INT(notice_set_all(st, 2, false, 60), RC_OK, "stop there");
		T_INT(person_join(st, 1, 2, 70), RC_OK, "joined");
		T_STR(notices_of(st, 1), "000 0-539",
		    "stop-messages: the last word counts, in all her chats");
		T_INT(person_leave(st, 1), RC_OK, "parted");
		T_STR(notices_of(st, 1), "100 0-539", "each keeps its own");
		store_close(st);
	}
}

/* --- all of it is hers */

static void
test_subject(void)
{
	struct store *st = fresh(dsns[1]);
	struct subject s;
	struct buf out = { 0 };
	int64_t id;

	T_INT(save(st, 1, "walrus-1", "Walrus", 10), RC_OK, "saved");
	T_INT(save(st, 1, "walrus-2", "Walruses", 11), RC_OK, "saved");
	T_INT(shortlist_remove(st, 1, STR("walrus-2"), 12), RC_OK, "taken off");
	T_INT(want(st, 1, "walrus words", &id), RC_OK, "wanted");
	T_INT(notice_set_quiet(st, 1, 1260, 60, 5), RC_OK, "set");
	T_INT(save(st, 2, "penguin", "Penguin", 10), RC_OK, "of another");
	T_INT(subject_of(st, 1, &s), RC_OK, "who");
	T_INT(subject_export(st, &s, 0, 10000, &out), RC_OK, "shown");
	T_CHECK(strstr(buf_cstr(&out), "\"program\": \"walrus-1\"") != NULL,
	    "P-3: what she saved: %s", buf_cstr(&out));
	T_CHECK(strstr(buf_cstr(&out), "\"program\": \"walrus-2\"") != NULL,
	    "P-3: what she took off");
	T_CHECK(strstr(buf_cstr(&out), "\"search\": \"walrus words\"") != NULL,
	    "P-3: what she wants to hear of");
	T_CHECK(strstr(buf_cstr(&out),
		    "\"what\": \"quiet-hours\", \"setting\": \"21:00-01:00\"") != NULL,
	    "P-3: what may be sent");
	T_CHECK(strstr(buf_cstr(&out), "enguin") == NULL, "and nobody else's");
	T_INT(subject_erase(st, &s, 100), RC_OK, "erased");
	T_STR(list_of(st, 1), "", "P-4: the list");
	T_INT(shortlist_restore(st, 1, 0, NULL, NULL), RC_NOTFOUND,
	    "P-4: what was off it");
	T_STR(alerts_of(st, 1), "", "P-4: alerts");
	T_STR(notices_of(st, 1), "111 1260-480", "P-4: settings");
	T_STR(list_of(st, 2), "penguin=Penguin@10 ", "another keeps hers");
	buf_fini(&out);
	store_close(st);
}

static bool
idle(void *arg, int64_t peer)
{
	(void)arg;
	(void)peer;
	return false;
}

/* What was taken off is forgotten with what else is kept for hours; the list is not. */
static void
test_forget(void)
{
	struct store *st = fresh(dsns[0]);
	struct forget_before before = { .lines_ms = 0, .raw_ms = 50, .busy = idle };
	int64_t after = 0, gone = 0;

	T_INT(save(st, 1, "a", "Art", 10), RC_OK, "saved");
	T_INT(save(st, 1, "b", "Bio", 10), RC_OK, "saved");
	T_INT(shortlist_remove(st, 1, STR("a"), 49), RC_OK, "taken off");
	T_INT(subject_forget(st, &before, &after, 10, &gone), RC_OK, "a pass");
	T_INT(shortlist_restore(st, 1, 0, NULL, NULL), RC_NOTFOUND, "it is gone");
	T_STR(list_of(st, 1), "b=Bio@10 ", "the list is not");
	T_INT(shortlist_remove(st, 1, STR("b"), 50), RC_OK, "taken off later");
	T_INT(subject_forget(st, &before, &after, 10, &gone), RC_OK, "a pass");
	T_INT(shortlist_restore(st, 1, 0, NULL, NULL), RC_OK, "it is there");
	store_close(st);
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
	(void)snprintf(on_disk, sizeof(on_disk), "sqlite:%s/t.db", folder);
	T_RUN(test_shortlist);
	T_RUN(test_shortlist_joined);
	T_RUN(test_shortlist_full);
	T_RUN(test_alerts);
	T_RUN(test_told_since_turn);
	T_RUN(test_alerts_full);
	T_RUN(test_notices);
	T_RUN(test_subject);
	T_RUN(test_forget);
	remove_files();
	(void)rmdir(folder);
	return t_end();
}
