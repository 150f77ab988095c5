/*
 * tz.c - time zones, out of the zone files of the system (TZif, RFC 8536).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/cal/tz_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/base/file.h"

#define HEADER 44
/* The largest that there are have 4 kB; a file beyond this is none. */
#define FILE_MAX (1 << 20)
#define NAME_MAX_LEN 64
#define TYPES_MAX 256
/* No clock is further from UTC: in seconds, and then one hour more. */
#define FARTHEST_EAST (INT64_C(15) * 3600)
#define FARTHEST_WEST (INT64_C(13) * 3600)

struct change {
	int64_t at;
	uint8_t type;
};

struct tz {
	char name[NAME_MAX_LEN];
	struct tz_local type[TYPES_MAX];
	size_t n_types;
	struct change *change; /* sorted */
	size_t n;
	struct tz_footer footer;
};

/* --- reading */

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

static int64_t
big_endian(const char *p, size_t bytes)
{
	uint64_t v = (p[0] & 0x80) != 0 ? UINT64_MAX : 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)p[i];
	return (int64_t)v;
}

static bool
read_header(struct str s, char *version, struct counts *c)
{
	uint32_t *all[] = { &c->isut, &c->isstd, &c->leap, &c->time, &c->type,
		&c->chars };

	if (s.len < HEADER || memcmp(s.p, "TZif", 4) != 0)
		return false;
	*version = s.p[4];
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		*all[i] = (uint32_t)big_endian(s.p + 20 + i * 4, 4);
		if (*all[i] > FILE_MAX)
			return false;
	}
	return true;
}

static size_t
block_size(const struct counts *c, size_t time_size)
{
	return (size_t)c->time * (time_size + 1) + (size_t)c->type * 6 + c->chars +
	       (size_t)c->leap * (time_size + 4) + c->isstd + c->isut;
}

static bool
read_type(struct tz *z, const char *p, const char *chars, size_t n_chars)
{
	struct tz_local *t = &z->type[z->n_types++];
	size_t at = (unsigned char)p[5];

	t->offset = (int32_t)big_endian(p, 4);
	t->dst = p[4] != 0;
	if (at >= n_chars || memchr(chars + at, '\0', n_chars - at) == NULL ||
	    t->offset <= -26 * 3600 || t->offset >= 26 * 3600)
		return false;
	(void)snprintf(t->abbrev, sizeof(t->abbrev), "%s", chars + at);
	return true;
}

static bool
read_block(struct tz *z, struct str s, const struct counts *c, size_t time_size)
{
	const char *types = s.p + (size_t)c->time * (time_size + 1);
	const char *chars = types + (size_t)c->type * 6;

	if (s.len < block_size(c, time_size) || c->type == 0 || c->type > TYPES_MAX)
		return false;
	for (uint32_t i = 0; i < c->type; i++)
		if (!read_type(z, types + (size_t)i * 6, chars, c->chars))
			return false;
	z->n = c->time;
	z->change = xcalloc(z->n + 1, sizeof(*z->change));
	for (size_t i = 0; i < z->n; i++) {
		struct change *h = &z->change[i];

		h->at = big_endian(s.p + i * time_size, time_size);
		h->type = (uint8_t)s.p[z->n * time_size + i];
		if (h->type >= c->type || (i > 0 && h->at <= h[-1].at))
			return false;
	}
	return true;
}

static bool
read_footer(struct tz *z, struct str s)
{
	struct str line;

	if (s.len == 0 || s.p[0] != '\n')
		return false;
	s = str_n(s.p + 1, s.len - 1);
	line = str_cut(&s, '\n');
	return s.p != NULL && tz_footer_parse(line, &z->footer);
}

static bool
read_file(struct tz *z, struct str s)
{
	struct counts c;
	char version;
	size_t skip;

	if (!read_header(s, &version, &c))
		return false;
	if (version == '\0')
		return read_block(z, str_n(s.p + HEADER, s.len - HEADER), &c, 4);
	skip = HEADER + block_size(&c, 4);
	if (skip > s.len)
		return false;
	s = str_n(s.p + skip, s.len - skip);
	if (!read_header(s, &version, &c))
		return false;
	s = str_n(s.p + HEADER, s.len - HEADER);
	if (!read_block(z, s, &c, 8))
		return false;
	skip = block_size(&c, 8);
	return read_footer(z, str_n(s.p + skip, s.len - skip));
}

/* Letters, digits and what stands between them in names; never a way out of the folder. */
static bool
is_name(const char *name)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				"0123456789_+-/");

	return n > 0 && n < NAME_MAX_LEN && name[n] == '\0' && name[0] != '/' &&
	       name[n - 1] != '/';
}

enum rc
tz_load(struct tz **out, const char *dir, const char *name, struct err *err)
{
	struct buf path = { 0 }, data = { 0 };
	struct tz *z;
	enum rc rc;

	*out = NULL;
	if (!is_name(name)) {
		err_set(err, "\"%s\" is no name of a time zone", name);
		return RC_NOTFOUND;
	}
	buf_printf(&path, "%s/%s", dir == NULL ? TZ_DIR : dir, name);
	rc = file_read(buf_cstr(&path), FILE_MAX, &data, err);
	z = xcalloc(1, sizeof(*z));
	(void)snprintf(z->name, sizeof(z->name), "%s", name);
	if (rc == RC_OK && !read_file(z, buf_str(&data))) {
		err_set(err, "%s: no sound zone file", buf_cstr(&path));
		rc = RC_INVALID;
	}
	if (rc == RC_OK)
		*out = z;
	else
		tz_free(z);
	buf_fini(&path);
	buf_fini(&data);
	return rc;
}

void
tz_free(struct tz *z)
{
	if (z == NULL)
		return;
	free(z->change);
	free(z);
}

const char *
tz_name(const struct tz *z)
{
	return z->name;
}

/* --- what holds when */

/* How many listed changes are at or before utc. */
static size_t
changes_until(const struct tz *z, int64_t utc)
{
	size_t low = 0, high = z->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->change[mid].at <= utc)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
tz_at(const struct tz *z, int64_t utc, struct tz_local *out)
{
	size_t n = changes_until(z, utc);

	if (n == z->n && z->footer.there)
		tz_footer_at(&z->footer, utc, out);
	else
		*out = z->type[n == 0 ? 0 : z->change[n - 1].type];
}

static bool
same(const struct tz_local *a, const struct tz_local *b)
{
	return a->offset == b->offset && a->dst == b->dst &&
	       strcmp(a->abbrev, b->abbrev) == 0;
}

bool
tz_next_change(const struct tz *z, int64_t utc, int64_t *at)
{
	struct tz_local now, then;

	tz_at(z, utc, &now);
	for (size_t n = changes_until(z, utc); n < z->n; n++) {
		*at = z->change[n].at;
		tz_at(z, *at, &then);
		if (!same(&now, &then))
			return true;
		utc = *at;
	}
	return z->footer.there && tz_footer_next(&z->footer, utc, at);
}

static bool
shows(const struct tz *z, int64_t local, int32_t offset)
{
	struct tz_local l;

	tz_at(z, local - offset, &l);
	return l.offset == offset;
}

enum tz_fit
tz_instant(const struct tz *z, int64_t local, int64_t *utc, int64_t *other)
{
	struct tz_local before, after;
	int64_t first, second;
	bool is_first, is_second;
	enum tz_fit fit = TZ_ONCE;

	tz_at(z, local - FARTHEST_EAST, &before);
	tz_at(z, local + FARTHEST_WEST, &after);
	first = local - before.offset;
	second = local - after.offset;
	is_first = shows(z, local, before.offset);
	is_second = shows(z, local, after.offset);
	if (!is_first && !is_second) {
		fit = TZ_GAP;
		(void)tz_next_change(z, local - FARTHEST_EAST, &second);
	} else if (!is_first) {
		first = second;
	} else if (!is_second) {
		second = first;
	} else if (first != second) {
		fit = TZ_TWICE;
	}
	*utc = first;
	if (other != NULL)
		*other = second;
	return fit;
}

bool
tz_rule(const struct tz *z, struct tz_change out[2])
{
	return z->footer.there && tz_footer_rule(&z->footer, out);
}
