/*
 * test_checkpoint.c - the log of SQLite is copied, and starts anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credbot/base/buf.h"
#include "credbot/ops/checkpoint.h"
#include "t.h"

static const char path[] = "/tmp/credbot-test-checkpoint.db";
static const char dsn[] = "sqlite:/tmp/credbot-test-checkpoint.db";
static const char wal[] = "/tmp/credbot-test-checkpoint.db-wal";

/* Some 100 pages a commit: 4000 in the log are reached soon, and many times over. */
#define STATE_SIZE 400000
#define COMMITS_MAX 20000

/* "SQLite database file format", 4.1: counts how often the log was started. */
#define CHECKPOINT_SEQUENCE_AT 12

struct writer {
	struct loop *loop;
	struct store *store;
	struct peer_row peer;
	struct buf state;
	int commits;
	unsigned first, last; /* number of the log */
};

static void
open_store(struct store **st, struct peer_row *peer)
{
	struct err err;

	T_INT(store_open(st, dsn, &err), RC_OK, "open");
	T_INT(peer_add(*st, "web", STR("mia"), 1, peer), RC_OK, "peer");
}

static void
remember(void *arg, size_t pages)
{
	*(size_t *)arg = pages;
}

static void
test_finish(void)
{
	size_t pages = 0, before;
	struct store *st = NULL;
	struct peer_row p;

	open_store(&st, &p);
	store_on_log(st, remember, &pages);
	T_INT(peer_save(st, p.id, 2, STR("a"), 2), RC_OK, "a commit");
	store_checkpoint(dsn);
	before = pages;
	T_INT(peer_save(st, p.id, 3, STR("b"), 3), RC_OK, "once all was copied");
	T_CHECK(pages < before, "it starts anew: %zu pages, then %zu", before, pages);
	store_checkpoint(dsn);
	store_on_log(st, NULL, NULL);
	T_INT(peer_save(st, p.id, 4, STR("c"), 4), RC_OK, "not told of this one");
	store_on_log(st, remember, &pages);
	T_INT(peer_save(st, p.id, 5, STR("d"), 5), RC_OK, "one that was not copied");
	before = pages;
	store_finish_checkpoint(st);
	T_INT(peer_save(st, p.id, 6, STR("e"), 6), RC_OK, "after the rest was");
	T_CHECK(pages < before, "anew again: %zu pages, then %zu", before, pages);
	store_close(st);
}

static unsigned
log_number(void)
{
	FILE *f = fopen(wal, "rb");
	unsigned char b[4] = { 0 };

	if (f != NULL) {
		(void)fseek(f, CHECKPOINT_SEQUENCE_AT, SEEK_SET);
		(void)!fread(b, 1, sizeof(b), f);
		(void)fclose(f);
	}
	return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

/* One commit after the other. */
static void
write_one(void *arg)
{
	struct writer *w = arg;
	bool ok;

	memset(w->state.data, 'a' + w->commits % 26, w->state.len);
	ok = store_begin(w->store) == RC_OK &&
	     peer_save(w->store, w->peer.id, w->commits + 1, buf_str(&w->state),
		 w->commits) == RC_OK &&
	     store_commit(w->store) == RC_OK;
	if (!ok)
		T_CHECK(ok, "commit %d", w->commits);
	w->last = log_number();
	if (!ok || ++w->commits == COMMITS_MAX || w->last >= w->first + 2)
		loop_stop(w->loop);
	else
		loop_after(w->loop, 0, write_one, w);
}

static void
test_starts_anew(void)
{
	struct writer w = { .loop = loop_new(clock_system()) };
	struct checkpoint *c;
	struct err err;

	open_store(&w.store, &w.peer);
	buf_reserve(&w.state, STATE_SIZE);
	for (size_t i = 0; i < STATE_SIZE; i++)
		buf_addc(&w.state, 'x');
	c = checkpoint_new(w.loop, w.store, dsn);
	w.first = log_number();
	loop_after(w.loop, 0, write_one, &w);
	loop_run(w.loop);
	T_CHECK(w.last >= w.first + 2, "log %u after %d commits", w.last, w.commits);
	checkpoint_stop(c);
	loop_free(w.loop);
	checkpoint_free(c);
	T_INT(store_verify(w.store, &err), RC_OK, "sound");
	store_close(w.store);
	buf_fini(&w.state);
}

static void
remove_files(void)
{
	(void)unlink(path);
	(void)unlink(wal);
	(void)unlink("/tmp/credbot-test-checkpoint.db-shm");
}

int
main(void)
{
	remove_files();
	T_RUN(test_finish);
	remove_files();
	T_RUN(test_starts_anew);
	remove_files();
	return t_end();
}
