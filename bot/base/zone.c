/*
 * zone.c - zone files (TZif, RFC 9636), and what clocks show by them. Leap seconds are not
 * counted: no clock that people set shows them.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"

#define HEADER_SIZE 44
/* The largest of today has 4 KB. */
#define FILE_MAX ((size_t)64 * 1024)
#define LOCAL_FILE "/etc/localtime"

struct change {
	int64_t at_s;
	int32_t offset_s; /* from then on */
};

struct zone {
	int64_t first_s; /* offset before the first change */
	struct change *changes;
	size_t n, cap;
	bool has_rule; /* for what comes after them */
	struct zone_rule rule;
};

/* The counts in a header, and how many bytes each block behind it has. */
struct header {
	size_t utc, std, leap, times, types, chars;
	int version;
};

static uint32_t
number(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t
number64(const unsigned char *p)
{
	return (int64_t)((uint64_t)number(p) << 32 | number(p + 4));
}

/* Takes it off; false: it is none, or promises more than a file may have. */
static bool
take_header(struct str *s, struct header *h)
{
	const unsigned char *p = (const unsigned char *)s->p;
	size_t *const counts[] = { &h->utc, &h->std, &h->leap, &h->times, &h->types,
		&h->chars };

	if (s->len < HEADER_SIZE || memcmp(p, "TZif", 4) != 0)
		return false;
	h->version = p[4];
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		*counts[i] = number(p + 20 + 4 * i);
		if (*counts[i] > FILE_MAX)
			return false;
	}
	*s = str_n(s->p + HEADER_SIZE, s->len - HEADER_SIZE);
	return true;
}

static size_t
block_size(const struct header *h, size_t time_size)
{
	return h->times * (time_size + 1) + h->types * 6 + h->chars +
	       h->leap * (time_size + 4) + h->std + h->utc;
}

static bool
read_changes(struct zone *z, const struct header *h, const unsigned char *p,
    size_t time_size)
{
	const unsigned char *index = p + h->times * time_size;
	const unsigned char *types = index + h->times;

	if (h->types == 0)
		return false;
	z->first_s = (int32_t)number(types);
	for (size_t i = 0; i < h->times; i++) {
		int64_t at = time_size == 8 ? number64(p + 8 * i)
		                            : (int32_t)number(p + 4 * i);

		if (index[i] >= h->types || (i > 0 && at <= z->changes[i - 1].at_s))
			return false;
		xgrow(&z->changes, &z->cap, z->n + 1);
		z->changes[z->n++] = (struct change){ at,
			(int32_t)number(types + (size_t)6 * index[i]) };
	}
	return true;
}

/* Between line feeds; an empty one says nothing of the time behind the last change. */
static bool
read_footer(struct zone *z, struct str s)
{
	struct str text;

	if (s.len < 2 || s.p[0] != '\n')
		return false;
	s = str_n(s.p + 1, s.len - 1);
	text = str_cut(&s, '\n');
	if (s.p == NULL)
		return false;
	z->has_rule = text.len > 0;
	return !z->has_rule || zone_rule_read(text, &z->rule) == RC_OK;
}

static bool
read_zone(struct zone *z, struct str s)
{
	struct header h;
	size_t size;

	if (!take_header(&s, &h))
		return false;
	size = block_size(&h, 4);
	if (s.len < size)
		return false;
	if (h.version == 0)
		return read_changes(z, &h, (const unsigned char *)s.p, 4);
	/* The first block is for readers that know times of four bytes alone. */
	s = str_n(s.p + size, s.len - size);
	if (!take_header(&s, &h))
		return false;
	size = block_size(&h, 8);
	if (s.len < size || !read_changes(z, &h, (const unsigned char *)s.p, 8))
		return false;
	return read_footer(z, str_n(s.p + size, s.len - size));
}

/* A name is a path within the folder, and no way out of it. */
static bool
is_name(struct str name)
{
	if (name.len == 0 || name.len >= ZONE_NAME_SIZE || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			   "0123456789+-_/",
			name.p[i]) == NULL)
			return false;
	return true;
}

static enum rc
load_file(struct zone *z, const char *path, struct err *err)
{
	struct buf data = { 0 };
	enum rc rc = file_read(path, FILE_MAX, &data, err);

	if (rc == RC_OK && !read_zone(z, buf_str(&data))) {
		err_set(err, "%s: this is no time zone", path);
		rc = RC_INVALID;
	}
	buf_fini(&data);
	return rc;
}

static enum rc
load_named(struct zone *z, const char *dir, struct str name, struct err *err)
{
	struct buf path = { 0 };
	enum rc rc;

	if (!is_name(name)) {
		err_set(err, "no time zone is called \"%.*s\"", STR_ARG(name));
		return RC_NOTFOUND;
	}
	buf_printf(&path, "%s/%.*s", dir, STR_ARG(name));
	rc = load_file(z, buf_cstr(&path), err);
	buf_fini(&path);
	return rc;
}

enum rc
zone_load(struct zone **out, const char *dir, struct str name, struct err *err)
{
	struct zone *z = xcalloc(1, sizeof(*z));
	enum rc rc = RC_OK;
	int minutes;

	*out = NULL;
	if (zone_fixed_read(name, &minutes) == RC_OK)
		z->first_s = (int64_t)minutes * 60;
	else if (str_is(name, "local"))
		rc = load_file(z, LOCAL_FILE, err);
	else
		rc = load_named(z, dir, name, err);
	if (rc != RC_OK) {
		zone_free(z);
		return rc;
	}
	*out = z;
	return RC_OK;
}

void
zone_free(struct zone *z)
{
	if (z == NULL)
		return;
	free(z->changes);
	free(z);
}

/* --- what clocks show */

static int64_t
seconds(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

/* How many changes lie at or before that time. */
static size_t
count_before(const struct zone *z, int64_t at_s)
{
	size_t low = 0, high = z->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->changes[mid].at_s <= at_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int64_t
zone_offset_s(const struct zone *z, int64_t at_ms)
{
	int64_t at_s = seconds(at_ms);
	size_t n = count_before(z, at_s);

	if (n == z->n && z->has_rule)
		return zone_rule_offset_s(&z->rule, at_s);
	return n == 0 ? z->first_s : z->changes[n - 1].offset_s;
}

int
zone_minute(const struct zone *z, int64_t at_ms)
{
	int64_t s = (seconds(at_ms) + zone_offset_s(z, at_ms)) % 86400;

	return (int)((s < 0 ? s + 86400 : s) / 60);
}
