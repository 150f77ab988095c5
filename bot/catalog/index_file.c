/*
 * index_file.c - catalog.index: opened, built from the catalog, written.
 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/catalog/program_json.h"

#define FILE_NAME "catalog.index"
/* Nobody writes one for so long: it was left by a process that was killed. */
#define LEFT_S 600

static char *
path_in(const char *dir)
{
	struct buf b = { 0 };

	buf_printf(&b, "%s/%s", dir, FILE_NAME);
	return buf_take(&b);
}

/* --- what it was made from */

struct sum {
	uint64_t hash;
	struct buf json;
};

static bool
add_record(void *arg, const struct program *p)
{
	struct sum *s = arg;

	buf_clear(&s->json);
	program_write_json(p, &s->json);
	s->hash = (s->hash ^ search_hash(buf_str(&s->json))) * 31;
	return true;
}

/* What ships has no revision: a hash of it, as a number below zero. It is a few dozen
 * programs. */
static int64_t
shipped_revision(const struct catalog_place *where)
{
	struct sum s = { .hash = 1 };
	struct faults faults = { 0 };

	if (where->data_dir != NULL)
		(void)catalog_each_shipped(where->data_dir, add_record, &s, &faults);
	faults_fini(&faults);
	buf_fini(&s.json);
	return -(int64_t)(s.hash >> 2) - 1;
}

enum rc
index_revision(const struct catalog_place *where, int64_t *out, struct err *err)
{
	enum rc rc = catalog_revision(where, out, err);

	if (rc == RC_OK && *out == 0)
		*out = shipped_revision(where);
	return rc;
}

enum rc
catalog_index_check(const struct catalog_index *x, const struct catalog_place *where,
    struct err *err)
{
	int64_t revision;
	enum rc rc = index_revision(where, &revision, err);

	return rc == RC_OK && revision != x->head->revision ? RC_NOTFOUND : rc;
}

/* --- opening */

static void *
map_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		*size = (size_t)st.st_size;
		/* All of it is read now for its checksum. */
		p = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	}
	(void)close(fd);
	return p == MAP_FAILED ? NULL : p;
}

enum rc
catalog_index_open(struct catalog_index **out, const struct catalog_place *where,
    const struct catalog_tables *t, struct err *err)
{
	char *path = path_in(where->state_dir);
	int64_t revision;
	size_t size = 0;
	void *bytes;
	const char *why = NULL;
	enum rc rc = index_revision(where, &revision, err);

	*out = NULL;
	if (rc != RC_OK) {
		free(path);
		return rc;
	}
	bytes = map_file(path, &size);
	if (bytes != NULL)
		*out = index_view(bytes, size, t, &why);
	if (*out == NULL) {
		rc = why == NULL ? RC_NOTFOUND : RC_INVALID;
		err_set(err, "%s: %s", path, why == NULL ? "none of today" : why);
		if (bytes != NULL)
			(void)munmap(bytes, size);
	} else {
		(*out)->bytes = bytes;
		(*out)->mapped = true;
		if ((*out)->head->revision != revision) {
			catalog_index_free(*out);
			*out = NULL;
			rc = RC_NOTFOUND;
			err_set(err, "%s: out of date", path);
		}
	}
	free(path);
	return rc;
}

/* --- building */

struct gather {
	const struct catalog_place *where;
	struct share *part;
	size_t which;
	enum rc rc;
	struct err err;
};

static void *
gather_part(void *arg)
{
	struct gather *g = arg;

	g->rc = catalog_each_part(g->where, g->which, INDEX_PARTS, share_take, g->part,
	    &g->err);
	return NULL;
}

/* In as many threads as parts; one after the other where no thread can be had. */
static enum rc
gather(struct build *b, const struct catalog_place *where, struct err *err)
{
	struct gather g[INDEX_PARTS];
	pthread_t thread[INDEX_PARTS];
	bool started[INDEX_PARTS] = { false };
	enum rc rc = RC_OK;

	for (size_t i = 0; i < INDEX_PARTS; i++) {
		g[i] = (struct gather){ where, &b->part[i], i, RC_OK, { "" } };
		started[i] = i > 0 &&
		             pthread_create(&thread[i], NULL, gather_part, &g[i]) == 0;
	}
	for (size_t i = 0; i < INDEX_PARTS; i++)
		if (!started[i])
			(void)gather_part(&g[i]);
	for (size_t i = 0; i < INDEX_PARTS; i++) {
		if (started[i])
			(void)pthread_join(thread[i], NULL);
		if (g[i].rc != RC_OK && rc == RC_OK) {
			rc = g[i].rc;
			err_set(err, "%s", g[i].err.text);
		}
	}
	return rc;
}

static void
build_fini(struct build *b)
{
	for (size_t i = 0; i < INDEX_PARTS; i++) {
		share_fini(&b->part[i]);
		free(b->surface_of[i]);
	}
	interner_fini(&b->surfaces);
	interner_fini(&b->stems);
	free(b->order);
	free(b->surface_term);
	free(b->surface_count);
	free(b->starts[0]);
	free(b->starts[1]);
	free(b->start_key);
}

static enum rc
build_once(struct catalog_index **out, const struct catalog_place *where,
    const struct catalog_tables *t, int32_t today, struct err *err)
{
	struct build b = { .tables = t };
	int64_t after = 0;
	const char *why;
	size_t size;
	void *bytes;
	enum rc rc = index_revision(where, &b.revision, err);

	for (size_t i = 0; i < INDEX_PARTS; i++)
		share_init(&b.part[i], t, today);
	if (rc == RC_OK)
		rc = gather(&b, where, err);
	/* An import that ended meanwhile: the parts may be of different catalogs. */
	if (rc == RC_OK)
		rc = index_revision(where, &after, err);
	if (rc == RC_OK && after != b.revision)
		rc = RC_AGAIN;
	if (rc == RC_OK) {
		build_order(&b);
		build_terms(&b);
		bytes = build_pack(&b, &size);
		*out = index_view(bytes, size, t, &why);
		assert(*out != NULL); /* what we make is sound */
		(*out)->bytes = bytes;
	}
	build_fini(&b);
	return rc;
}

enum rc
catalog_index_build(struct catalog_index **out, const struct catalog_place *where,
    const struct catalog_tables *t, int32_t today, struct err *err)
{
	enum rc rc = RC_AGAIN;

	*out = NULL;
	for (int tries = 0; tries < 5 && rc == RC_AGAIN; tries++) {
		err_set(err, "the catalog changes all the time");
		rc = build_once(out, where, t, today, err);
	}
	if (rc == RC_OK)
		err_set(err, "%s", "");
	return rc;
}

/* What was being written beside the file, and never got its name. */
static void
remove_left(const char *state_dir)
{
	DIR *d = opendir(state_dir);
	struct dirent *e;
	struct stat st;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, FILE_NAME ".", sizeof(FILE_NAME)) == 0 &&
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && st.st_mtime < time(NULL) - LEFT_S)
			(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		(void)closedir(d);
}

enum rc
catalog_index_write(const struct catalog_index *x, const char *state_dir,
    struct err *err)
{
	char *path = path_in(state_dir);
	enum rc rc;

	remove_left(state_dir);
	rc = file_write_atomic(path,
	    str_n((const char *)x->head, (size_t)x->head->size), err);
	free(path);
	return rc;
}

/* catalog.index, if it is as good as a new one. */
static bool
open_todays(struct catalog_index **out, const struct catalog_place *where,
    const struct catalog_tables *t, int32_t today)
{
	struct err err;
	enum rc rc = catalog_index_open(out, where, t, &err);

	if (rc == RC_OK && (*out)->head->day == today)
		return true;
	if (rc == RC_INVALID)
		log_warn("catalog: %s; builds the index anew", err.text);
	catalog_index_free(*out);
	*out = NULL;
	return false;
}

enum rc
catalog_index_load(struct catalog_index **out, const struct catalog_place *where,
    const struct catalog_tables *t, int32_t today, struct err *err)
{
	struct catalog_index *mapped;
	struct err why = { "" };
	int64_t revision;
	enum rc rc = index_revision(where, &revision, err);

	*out = NULL;
	if (rc != RC_OK)
		return rc;
	if (revision > 0 && open_todays(out, where, t, today))
		return RC_OK;
	rc = catalog_index_build(out, where, t, today, err);
	if (rc != RC_OK || (*out)->head->revision <= 0)
		return rc;
	if (catalog_index_write(*out, where->state_dir, &why) != RC_OK) {
		log_warn("catalog: index not kept: %s", why.text);
	} else if (catalog_index_open(&mapped, where, t, &why) == RC_OK) {
		/* The same bytes, but the kernel may drop them when memory is short. */
		catalog_index_free(*out);
		*out = mapped;
	}
	return RC_OK;
}
