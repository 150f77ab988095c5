/*
 * zone.c - zones by name, and what clocks show there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"

/* The largest of today has 4 KB. */
#define FILE_MAX ((size_t)1024 * 1024)
#define LOCAL_FILE "/etc/localtime"
/* No clock of our time is further from UTC, and then one hour more. */
#define FARTHEST_EAST_S (INT64_C(15) * 3600)
#define FARTHEST_WEST_S (INT64_C(13) * 3600)
/* Changes of a rule at which nothing changes, before we say that none does. */
#define IDLE_MAX 4

/* A name is a path within the folder, and no way out of it. */
static bool
is_name(struct str name)
{
	if (name.len == 0 || name.len >= ZONE_NAME_SIZE || name.p[0] == '/' ||
	    name.p[name.len - 1] == '/')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] == '\0' ||
		    strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			   "0123456789+-_/",
			name.p[i]) == NULL)
			return false;
	return true;
}

static enum rc
load_file(struct zone *z, const char *path, struct str name, struct err *err)
{
	struct buf data = { 0 };
	enum rc rc = file_read(path, FILE_MAX, &data, err);

	if (rc == RC_OK && !zone_file_read(z, buf_str(&data))) {
		err_set(err, "%s: this is no time zone", path);
		rc = RC_INVALID;
	}
	(void)snprintf(z->name, sizeof(z->name), "%.*s", STR_ARG(name));
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
	rc = load_file(z, buf_cstr(&path), name, err);
	buf_fini(&path);
	return rc;
}

/* Its letters are those of zone files: "+02", "+0530". */
static void
make_fixed(struct zone *z, int minutes)
{
	int n = abs(minutes);

	z->n_types = 1;
	z->types = xcalloc(1, sizeof(*z->types));
	z->types->offset_s = minutes * 60;
	zone_fixed_name(minutes, z->name);
	if (n == 0)
		(void)snprintf(z->types->abbrev, ZONE_ABBREV_SIZE, "UTC");
	else
		(void)snprintf(z->types->abbrev, ZONE_ABBREV_SIZE,
		    n % 60 == 0 ? "%c%02d" : "%c%02d%02d", minutes < 0 ? '-' : '+',
		    n / 60, n % 60);
}

enum rc
zone_load(struct zone **out, const char *dir, struct str name, struct err *err)
{
	struct zone *z = xcalloc(1, sizeof(*z));
	enum rc rc = RC_OK;
	int minutes;

	*out = NULL;
	if (zone_fixed_read(name, &minutes) == RC_OK)
		make_fixed(z, minutes);
	else if (str_is(name, "local"))
		rc = load_file(z, LOCAL_FILE, name, err);
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
	free(z->types);
	free(z->listed);
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* --- what clocks show */

/* How many listed changes lie at or before that time. */
static size_t
count_until(const struct zone *z, int64_t at_s)
{
	size_t low = 0, high = z->n_listed;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->listed[mid].at_s <= at_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
zone_at(const struct zone *z, int64_t at_s, struct zone_local *out)
{
	size_t n = count_until(z, at_s);

	if (n == z->n_listed && z->has_rule)
		zone_rule_at(&z->rule, at_s, out);
	else
		*out = z->types[n == 0 ? 0 : z->listed[n - 1].type];
}

static int64_t
seconds(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

int64_t
zone_offset_s(const struct zone *z, int64_t at_ms)
{
	struct zone_local l;

	zone_at(z, seconds(at_ms), &l);
	return l.offset_s;
}

int
zone_minute(const struct zone *z, int64_t at_ms)
{
	int64_t s = (seconds(at_ms) + zone_offset_s(z, at_ms)) % 86400;

	return (int)((s < 0 ? s + 86400 : s) / 60);
}

/* --- when they change */

static bool
same(const struct zone_local *a, const struct zone_local *b)
{
	return a->offset_s == b->offset_s && a->dst == b->dst &&
	       strcmp(a->abbrev, b->abbrev) == 0;
}

static bool
changes_at(const struct zone *z, const struct zone_local *from, int64_t at_s)
{
	struct zone_local then;

	zone_at(z, at_s, &then);
	return !same(from, &then);
}

bool
zone_next_change(const struct zone *z, int64_t at_s, int64_t *next_s)
{
	struct zone_local now;

	zone_at(z, at_s, &now);
	for (size_t n = count_until(z, at_s); n < z->n_listed; n++) {
		*next_s = at_s = z->listed[n].at_s;
		if (changes_at(z, &now, at_s))
			return true;
	}
	/* Summer time all year is written as a rule of two changes at one instant. */
	for (int i = 0; i < IDLE_MAX && z->has_rule; i++) {
		if (!zone_rule_next(&z->rule, at_s, next_s))
			return false;
		at_s = *next_s;
		if (changes_at(z, &now, at_s))
			return true;
	}
	return false;
}

static bool
shows(const struct zone *z, int64_t local_s, int32_t offset_s)
{
	struct zone_local l;

	zone_at(z, local_s - offset_s, &l);
	return l.offset_s == offset_s;
}

enum zone_fit
zone_instant(const struct zone *z, int64_t local_s, int64_t *at_s, int64_t *other_s)
{
	struct zone_local before, after;
	int64_t first, second;
	bool is_first, is_second;
	enum zone_fit fit = ZONE_ONCE;

	zone_at(z, local_s - FARTHEST_EAST_S, &before);
	zone_at(z, local_s + FARTHEST_WEST_S, &after);
	first = local_s - before.offset_s;
	second = local_s - after.offset_s;
	is_first = shows(z, local_s, before.offset_s);
	is_second = shows(z, local_s, after.offset_s);
	if (!is_first && !is_second) {
		fit = ZONE_GAP;
		(void)zone_next_change(z, local_s - FARTHEST_EAST_S, &second);
	} else if (!is_first) {
		first = second;
	} else if (!is_second) {
		second = first;
	} else if (first != second) {
		fit = ZONE_TWICE;
	}
	*at_s = first;
	if (other_s != NULL)
		*other_s = second;
	return fit;
}

bool
zone_yearly(const struct zone *z, struct zone_change out[2])
{
	return z->has_rule && zone_rule_yearly(&z->rule, out);
}
