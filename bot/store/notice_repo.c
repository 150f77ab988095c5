/*
 * notice_repo.c - what the bot may say without being asked: a row for each setting that she has
 * made, in words, since she is shown them (subject_repo.c).
 */
#include <stdio.h>

#include "bot/store/store_priv.h"
#include "credbot/store/notice.h"

#define ALL "all"
#define QUIET "quiet-hours"
#define ON "on"
#define OFF "off"

static const char *const names[NOTICE_KINDS] = { "alerts", "reminders", "feedback" };

const char *
notice_kind_name(enum notice_kind kind)
{
	return names[kind];
}

enum rc
notice_kind_find(struct str name, enum notice_kind *out)
{
	for (size_t i = 0; i < NOTICE_KINDS; i++)
		if (str_is(name, names[i])) {
			*out = (enum notice_kind)i;
			return RC_OK;
		}
	return RC_NOTFOUND;
}

/* --- read */

/* "21:00" */
static enum rc
read_minute(struct str s, int *out)
{
	struct str hour = str_cut(&s, ':');
	int64_t h, m;

	if (str_to_int(hour, 0, 23, &h) != RC_OK || str_to_int(s, 0, 59, &m) != RC_OK)
		return RC_INVALID;
	*out = (int)(h * 60 + m);
	return RC_OK;
}

static void
read_quiet(struct str s, struct notices *n)
{
	struct str from = str_cut(&s, '-');
	int a, b;

	if (read_minute(from, &a) == RC_OK && read_minute(s, &b) == RC_OK) {
		n->quiet_from = a;
		n->quiet_to = b;
	}
}

static void
read_row(struct str key, struct str value, struct notices *n)
{
	enum notice_kind kind;

	if (str_is(key, ALL))
		n->none = str_is(value, OFF);
	else if (str_is(key, QUIET))
		read_quiet(value, n);
	else if (notice_kind_find(key, &kind) == RC_OK)
		n->on[kind] = !str_is(value, OFF);
}

enum rc
notice_get(struct store *st, int64_t peer, struct notices *out)
{
	/* Of two that were said in the same millisecond, one: that of the later peer. */
	struct stmt *q = db_prepare(st->db,
	    "SELECT key, value FROM notice AS n WHERE peer IN " HER_PEERS
	    " AND NOT EXISTS (SELECT 1 FROM notice AS newer WHERE newer.key = n.key"
	    " AND newer.peer IN " HER_PEERS " AND (newer.at > n.at OR"
	    " (newer.at = n.at AND newer.peer > n.peer)))");
	enum rc rc;

	*out = (struct notices){ .quiet_from = NOTICE_QUIET_FROM,
		.quiet_to = NOTICE_QUIET_TO };
	for (size_t i = 0; i < NOTICE_KINDS; i++)
		out->on[i] = true;
	db_bind_int(q, 1, peer);
	while ((rc = db_step(q)) == RC_OK)
		read_row(db_col_str(q, 0), db_col_str(q, 1), out);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

bool
notice_allows(const struct notices *n, enum notice_kind kind)
{
	return !n->none && n->on[kind];
}

bool
notice_is_quiet(const struct notices *n, int minute)
{
	bool after = minute >= n->quiet_from, before = minute < n->quiet_to;

	if (n->quiet_from <= n->quiet_to)
		return after && before;
	return after || before; /* midnight lies within */
}

/* --- set */

static enum rc
set(struct store *st, int64_t peer, const char *key, const char *value, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO notice (peer, key, value, at) VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT (peer, key) DO UPDATE SET value = $3, at = $4");

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, str_of(key));
	db_bind_str(q, 3, str_of(value));
	db_bind_int(q, 4, now_ms);
	return db_run(q);
}

enum rc
notice_set(struct store *st, int64_t peer, enum notice_kind kind, bool on,
    int64_t now_ms)
{
	struct notices before;
	enum rc rc = notice_get(st, peer, &before);
	bool alone = on && before.none;

	if (rc == RC_OK && alone)
		rc = set(st, peer, ALL, ON, now_ms);
	for (size_t i = 0; rc == RC_OK && i < NOTICE_KINDS; i++)
		if (i == kind || alone)
			rc = set(st, peer, names[i], i == kind && on ? ON : OFF,
			    now_ms);
	return rc;
}

enum rc
notice_set_all(struct store *st, int64_t peer, bool on, int64_t now_ms)
{
	return set(st, peer, ALL, on ? ON : OFF, now_ms);
}

enum rc
notice_set_quiet(struct store *st, int64_t peer, int from, int to, int64_t now_ms)
{
	char value[32];

	if (from < 0 || from >= NOTICE_DAY_MINUTES || to < 0 ||
	    to >= NOTICE_DAY_MINUTES)
		return RC_INVALID;
	(void)snprintf(value, sizeof(value), "%02d:%02d-%02d:%02d", from / 60,
	    from % 60, to / 60, to % 60);
	return set(st, peer, QUIET, value, now_ms);
}
