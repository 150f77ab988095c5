/*
 * test_catalog_index.c - what no text and no index file may do to the search: end the process, or
 * find other programs than there are.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/catalog_model.h"

/* Texts that nobody types, and somebody sends. */
static void
test_hostile_texts(void)
{
	struct arena *a = arena_new();
	struct buf big = { 0 }, many = { 0 }, stops = { 0 };
	struct catalog_answer r;
	struct catalog_query q;
	const char *const odd[] = { "", " ", "\"", "\"\"\"\"", "*", "**", "* *",
		"\"zarbok", "zarbok\"", "a", "\xEF\xBF\xBD", "zarbok*quilmot", "'",
		"''''", "+++", "c++", "\"the of\"", "\xE4\xB8\xAD",
		"\xE4\xB8\xAD\xE6\x96\x87", "z*", "za*", "%s%n%s", "' OR 1=1 --" };

	catalog_query_init(&q, today);
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		q.text = str_of(odd[i]);
		q.typing = i % 2;
		catalog_search(index_, a, &q, &r);
		T_CHECK(r.n <= 10, "odd text %zu", i);
	}
	while (big.len < (size_t)1 << 20)
		buf_printf(&big, "zarbok wort%zu \xE4\xB8\xAD\xE6\x96\x87 ", big.len);
	for (int i = 0; i < 500; i++)
		buf_printf(&many, "%s%d ", words[i % (int)ARRAY_LEN(words)], i);
	while (stops.len < (size_t)1 << 20)
		buf_adds(&stops, "the of and to ");
	q.text = buf_str(&big);
	catalog_search(index_, a, &q, &r);
	T_CHECK(r.n > 0, "1 MB");
	q.text = buf_str(&many);
	catalog_search(index_, a, &q, &r);
	T_CHECK(r.n <= 10, "500 terms");
	q.text = buf_str(&stops);
	catalog_search(index_, a, &q, &r);
	T_INT(r.total, PROGRAMS, "stop words alone leave all programs");
	q.limit = SIZE_MAX;
	q.skip = SIZE_MAX;
	catalog_search(index_, a, &q, &r);
	T_INT(r.n, 0, "beyond the last page");
	buf_fini(&big);
	buf_fini(&many);
	buf_fini(&stops);
	arena_free(a);
}

/* CAT-C4: repaired only when hardly anything has it, and said. */
static void
test_repairs(void)
{
	static const struct {
		const char *typed, *used;
	} rows[] = {
		{ "zarbok", NULL },
		{ "zarbk", "zarbok" },   /* left out */
		{ "zarrbok", "zarbok" }, /* doubled */
		{ "azrbok", "zarbok" },  /* swapped */
		{ "xarbok", "zarbok" },  /* the first letter */
		{ "Zarbok!", NULL },
		{ "z\xC3\xA4rbok", NULL }, /* an accent is no fault */
		{ "quilmotfendrup", "quilmot fendrup" },
	};
	struct arena *a = arena_new();
	struct catalog_query q;

	catalog_query_init(&q, today);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct catalog_answer r;

		q.text = str_of(rows[i].typed);
		catalog_search(index_, a, &q, &r);
		T_CHECK(r.total > 0, "%s: found", rows[i].typed);
		T_STR(r.n_corrected == 0 ? "" : r.corrected[0].used,
		    rows[i].used == NULL ? "" : rows[i].used, "%s", rows[i].typed);
	}
	q.text = STR("qqqqqqq");
	{
		struct catalog_answer r;

		catalog_search(index_, a, &q, &r);
		T_INT(r.n, 0, "nothing is near");
		T_INT(r.n_not_found, 1, "and that is said");
	}
	arena_free(a);
}

/* --- files */

static size_t
programs_after(const char *bytes, size_t n)
{
	char *path = path_of("catalog.index");
	struct catalog_index *x = NULL;
	struct catalog_answer r;
	struct catalog_query q;
	struct arena *a = arena_new();
	struct err err = { "" };
	size_t found = 0;

	T_INT(file_write_atomic(path, str_n(bytes, n), &err), RC_OK, "%s", err.text);
	if (catalog_index_load(&x, &where, tables, today, &err) == RC_OK) {
		found = catalog_index_programs(x);
		catalog_query_init(&q, today);
		q.text = STR("zarbok quilmot");
		catalog_search(x, a, &q, &r);
		found += r.n == 0 ? PROGRAMS : 0;
	}
	catalog_index_free(x);
	arena_free(a);
	free(path);
	return found;
}

static void
be_silent(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

/* Cut short, mutated, empty, of another version: built anew, never a crash. */
static void
test_broken_files(void)
{
	char *path = path_of("catalog.index"), *copy;
	struct buf file = { 0 };
	struct err err = { "" };

	log_set_sink(be_silent, NULL);
	T_INT(file_read(path, 64U << 20, &file, &err), RC_OK, "%s", err.text);
	copy = xmalloc(file.len + 64);
	for (int i = 0; i < 60; i++) {
		size_t n = file.len;

		memcpy(copy, file.data, file.len);
		memset(copy + n, 0, 64);
		if (i % 3 == 0)
			n = i == 0 ? 0 : dice((unsigned)n);
		else if (i % 3 == 1)
			for (unsigned k = 1 + dice(8); k > 0; k--)
				copy[dice((unsigned)n)] ^= (char)(1 + dice(255));
		else
			copy[dice(2048)] ^= (char)(1 << dice(8));
		T_INT(programs_after(copy, n), PROGRAMS, "file %d", i);
	}
	T_INT(programs_after(copy, file.len + 64), PROGRAMS, "longer");
	T_INT(programs_after("credbot:catalog", 16), PROGRAMS, "a magic alone");
	free(copy);
	free(path);
	buf_fini(&file);
	log_set_sink(NULL, NULL);
}

/* C1: another catalog makes the index old; who searches the old one may go on. */
static void
test_swap(void)
{
	struct catalog_index *old = catalog_index_keep(index_), *new = NULL;
	struct arena *a = arena_new();
	struct catalog_answer r;
	struct catalog_query q;
	struct err err = { "" };

	T_INT(catalog_index_check(index_, &where, &err), RC_OK, "as it is now");
	if (!import("{\"id\":\"new\",\"title\":\"Vulprex\",\"provider\":\"P\","
		    "\"country\":\"DE\",\"status\":\"active\"}\n"))
		return;
	T_INT(catalog_index_check(index_, &where, &err), RC_NOTFOUND,
	    "after an import");
	T_INT(catalog_index_load(&new, &where, tables, today, &err), RC_OK, "%s",
	    err.text);
	catalog_query_init(&q, today);
	q.text = STR("vulprex");
	catalog_search(new, a, &q, &r);
	T_INT(r.total, 1, "the new one has it");
	q.text = STR("zarbok");
	catalog_search(new, a, &q, &r);
	T_INT(r.total, 0, "C9: what the source no longer has is ceased, and not shown");
	q.over = true;
	catalog_search(new, a, &q, &r);
	T_CHECK(r.total > 0, "unless somebody asks for it");
	catalog_search(old, a, &q, &r);
	T_CHECK(r.total > 0, "the old one still works");
	catalog_index_free(old);
	catalog_index_free(new);
	arena_free(a);
}

#define PROGRAM(id, word)                                                              \
	"{\"id\":\"" id "\",\"title\":\"Vulprex " word                                 \
	"\",\"provider\":\"P\",\"country\":\"DE\",\"status\":\"active\"}\n"

/* How many programs the words find that came after that revision. */
static size_t
count_since(const struct catalog_index *x, const char *text, int64_t since)
{
	struct arena *a = arena_new();
	struct catalog_answer r;
	struct catalog_query q;

	catalog_query_init(&q, today);
	q.text = str_of(text);
	q.since = since;
	catalog_search(x, a, &q, &r);
	arena_free(a);
	return r.total;
}

/* program-alert: what came after a revision that somebody knows, and what only came back. */
static void
test_since(void)
{
	struct catalog_index *x = NULL;
	struct err err = { "" };
	int64_t known, oldest;

	if (!import(PROGRAM("one", "alpha")))
		return;
	T_INT(catalog_index_load(&x, &where, tables, today, &err), RC_OK, "%s",
	    err.text);
	known = catalog_index_from(x);
	oldest = catalog_index_oldest(x);
	T_INT(oldest, known, "all there is came with this import");
	T_INT(count_since(x, "vulprex", -1), 1, "found");
	T_INT(count_since(x, "vulprex", known), 0, "and known");
	T_INT(count_since(x, "vulprex", known - 1), 1, "but new to who knew less");
	catalog_index_free(x);
	if (!import(PROGRAM("one", "changed") PROGRAM("two", "beta")
		    PROGRAM("p0001", "back")))
		return;
	T_INT(catalog_index_load(&x, &where, tables, today, &err), RC_OK, "%s",
	    err.text);
	T_INT(count_since(x, "vulprex", -1), 3, "all");
	T_INT(count_since(x, "vulprex", known), 1, "the one that is new");
	T_INT(count_since(x, "vulprex beta", known), 1, "it is this one");
	T_INT(count_since(x, "", known), 1, "without words, too");
	T_INT(count_since(x, "vulprex", catalog_index_from(x)), 0, "now it is known");
	T_CHECK(catalog_index_oldest(x) < oldest,
	    "one that was withdrawn and came back is as old as it was");
	catalog_index_free(x);
}

/* C1: what begins soon stands before what has begun, so an index is of one day. */
static void
test_day(void)
{
	struct catalog_index *x = NULL;
	struct err err = { "" };

	T_INT(catalog_index_load(&x, &where, tables, today + 1, &err), RC_OK, "%s",
	    err.text);
	T_INT(catalog_index_day(x), today + 1, "built anew");
	catalog_index_free(x);
	T_INT(catalog_index_open(&x, &where, tables, &err), RC_OK, "%s", err.text);
	T_INT(catalog_index_day(x), today + 1, "and kept; any day will do to begin");
	catalog_index_free(x);
}

/* A file that was being written by a process that was killed goes; one that may still be
 * written stays. */
static void
test_left_files(void)
{
	char *old = path_of("catalog.index.Ab12Cd"),
	     *new = path_of("catalog.index.Ef34Gh");
	struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	struct err err = { "" };

	T_INT(file_write_atomic(old, STR("x"), &err), RC_OK, "%s", err.text);
	T_INT(file_write_atomic(new, STR("x"), &err), RC_OK, "%s", err.text);
	T_INT(utimensat(AT_FDCWD, old, long_ago, 0), 0, "made old");
	T_INT(catalog_index_write(index_, state, &err), RC_OK, "%s", err.text);
	T_CHECK(access(old, F_OK) != 0, "the old one is gone");
	T_CHECK(access(new, F_OK) == 0, "the other one is there");
	(void)unlink(new);
	free(old);
	free(new);
}

int
main(void)
{
	log_set_level(LOG_ERROR);
	if (set_up()) {
		T_RUN(test_hostile_texts);
		T_RUN(test_repairs);
		T_RUN(test_broken_files);
		T_RUN(test_swap);
		T_RUN(test_since);
		T_RUN(test_day);
		T_RUN(test_left_files);
	}
	tear_down();
	return t_end();
}
