/*
 * subject_repo.c - what leads to a person, table by table: shown, erased, forgotten.
 */
#include <string.h>

#include "bot/store/subject_priv.h"
#include "credbot/base/clock.h"

#define OWN_ACCOUNT                                                                    \
	" EXISTS (SELECT 1 FROM peer p WHERE p.id = $1 AND p.channel = "               \
	"attempt.channel"                                                              \
	" AND p.account = attempt.account)"

/*
 * In the order in which rows can go. Columns whose names end with "_at" are times. What is
 * not shown serves delivery alone, or says the same as what is.
 */
const struct subject_table subject_tables[] = {
	{ .table = "document",
	    .name = "files_for_you",
	    .show =
		"SELECT d.seq AS line, d.name, d.type, d.size AS bytes, o.at AS sent_at"
		" FROM document d JOIN outbox o ON o.peer = d.peer AND o.seq = d.seq"
		" WHERE d.peer = $1 ORDER BY d.seq, d.n",
	    .not_shown = "peer n token remote bytes",
	    .erase = "DELETE FROM document WHERE peer = $1",
	    .forget =
		"DELETE FROM document WHERE peer = $1 AND seq IN"
		" (SELECT seq FROM outbox WHERE peer = document.peer AND at < $2)" },
	{ .table = "inbox",
	    .name = "messages_from_you",
	    .show = "SELECT seq AS line, ext_id AS message_id, text, at AS received_at"
		    " FROM inbox WHERE peer = $1 ORDER BY at, seq",
	    .not_shown = "peer kind status tries due_at",
	    /* Not to be taken for new if the network brings it again. */
	    .erase = "UPDATE inbox SET text = '', status = 0, seq = CASE WHEN seq < 0"
		     " THEN seq ELSE -seq - (SELECT coalesce(max(-seq), 0) FROM inbox"
		     " WHERE peer = $1 AND seq < 0) END WHERE peer = $1",
	    .forget = "DELETE FROM inbox WHERE peer = $1 AND at < $2" },
	{ .table = "outbox",
	    .name = "answers_to_you",
	    .show = "SELECT seq AS line, reply_to AS answer_to_line, text, buttons,"
		    " ext_id AS message_id, at AS sent_at FROM outbox WHERE peer = $1"
		    " ORDER BY seq",
	    .not_shown = "peer status tries due_at replaces documents",
	    .erase = "DELETE FROM outbox WHERE peer = $1",
	    .forget = "DELETE FROM outbox WHERE peer = $1 AND at < $2" },
	{ .table = "dead_letter",
	    .name = "messages_that_could_not_be_answered",
	    .show = "SELECT seq AS line, text, received_at, reason, died_at"
		    " AS given_up_at FROM dead_letter WHERE peer = $1 ORDER BY id",
	    .not_shown = "id peer kind tries",
	    .erase = "DELETE FROM dead_letter WHERE peer = $1",
	    .forget = "DELETE FROM dead_letter WHERE peer = $1 AND died_at < $2" },
	{ .table = "attempt",
	    .name = "messages_that_were_tried_again",
	    .show = "SELECT ext_id AS message_id, tries FROM attempt WHERE" OWN_ACCOUNT,
	    .not_shown = "channel account",
	    .erase = "DELETE FROM attempt WHERE" OWN_ACCOUNT },
	{ .table = "note",
	    .name = "notes_for_the_people_who_run_this_service",
	    .show = "SELECT kind, topic, text, reference, at AS written_at FROM note"
		    " WHERE peer = $1 ORDER BY id",
	    .not_shown = "id peer",
	    .erase = "DELETE FROM note WHERE peer = $1",
	    .forget = "DELETE FROM note WHERE peer = $1 AND at < $2" },
	{ .table = "consent",
	    .name = "what_you_allowed",
	    .show = "SELECT version AS text_version,"
		    " CASE given WHEN 0 THEN 'withdrawn' ELSE 'given' END AS consent,"
		    " at AS decided_at FROM consent WHERE peer = $1 ORDER BY id",
	    .not_shown = "id peer",
	    .erase = "DELETE FROM consent WHERE peer = $1" },
	{ .table = "profile",
	    .name = "your_profile",
	    .show = "SELECT key AS entry, value, words AS said_as, at AS said_at"
		    " FROM profile WHERE peer = $1 ORDER BY key",
	    .not_shown = "peer",
	    .erase = "DELETE FROM profile WHERE peer = $1" },
	{ .table = "shortlist",
	    .name = "programs_you_saved",
	    .show = "SELECT program, title, provider, words AS said_as, at AS saved_at,"
		    " nullif(removed_at, 0) AS taken_off_at FROM shortlist"
		    " WHERE peer = $1 ORDER BY at, id",
	    .not_shown = "id peer",
	    .erase = "DELETE FROM shortlist WHERE peer = $1" },
	{ .table = "alert",
	    .name = "searches_you_want_to_hear_of",
	    .show = "SELECT label AS search, wish, words, created_at AS asked_at,"
		    " nullif(run_at, 0) AS looked_at, nullif(sent_at, 0) AS told_at"
		    " FROM alert WHERE peer = $1 ORDER BY created_at, id",
	    .not_shown = "id peer revision",
	    .erase = "DELETE FROM alert WHERE peer = $1" },
	{ .table = "notice",
	    .name = "what_may_be_sent_to_you",
	    .show = "SELECT key AS what, value AS setting, at AS said_at FROM notice"
		    " WHERE peer = $1 ORDER BY key",
	    .not_shown = "peer",
	    .erase = "DELETE FROM notice WHERE peer = $1" },
	{ .table = "link_code",
	    .name = "codes_to_join_chats",
	    .show =
		"SELECT expires_at, used FROM link_code WHERE peer = $1 ORDER BY id",
	    .not_shown = "id peer tag hash claimed_by",
	    .erase = "DELETE FROM link_code WHERE peer = $1",
	    .forget = "DELETE FROM link_code WHERE peer = $1 AND expires_at < $2" },
	{ .table = "link_try",
	    .name = "wrong_codes",
	    .show = "SELECT n, since AS since_at FROM link_try WHERE peer = $1",
	    .not_shown = "peer",
	    .erase = "DELETE FROM link_try WHERE peer = $1",
	    .forget = "DELETE FROM link_try WHERE peer = $1 AND since < $2" },
	{ .table = "peer",
	    .name = "account",
	    .show = "SELECT channel, account, state AS where_we_are, created_at AS "
		    "began_at,"
		    " updated_at AS last_at, lang AS language,"
		    " nullif(gone_at, 0) AS not_reached_since_at, gone_why AS "
		    "not_reached_why"
		    " FROM peer WHERE id = $1",
	    .not_shown = "id next_seq erased_at person",
	    .erase =
		"UPDATE peer SET state = '', lang = '', person = NULL WHERE id = $1" },
};

const size_t subject_tables_len = ARRAY_LEN(subject_tables);

enum rc
subject_of(struct store *st, int64_t peer, struct subject *out)
{
	struct person_peer peers[PERSON_PEERS_MAX];
	enum rc rc;

	_Static_assert((int)SUBJECT_PEERS_MAX >= (int)PERSON_PEERS_MAX, "all of them");
	*out = (struct subject){ 0 };
	rc = person_peers(st, peer, peers, &out->n);
	for (size_t i = 0; rc == RC_OK && i < out->n; i++)
		out->peers[i] = peers[i].id;
	return rc;
}

/* --- shown */

static bool
is_time(const char *column)
{
	size_t len = strlen(column);

	return len > 3 && strcmp(column + len - 3, "_at") == 0;
}

static void
add_value(struct stmt *q, int i, struct buf *out)
{
	char iso[CLOCK_ISO_MAX];

	if (db_col_null(q, i)) {
		buf_adds(out, "null");
	} else if (!db_col_is_int(q, i)) {
		buf_add_json(out, db_col_str(q, i));
	} else if (is_time(db_col_name(q, i))) {
		clock_format(db_col_int(q, i), iso, sizeof(iso));
		buf_add_json(out, str_of(iso));
	} else {
		buf_printf(out, "%lld", (long long)db_col_int(q, i));
	}
}

static void
add_row(struct stmt *q, struct buf *out)
{
	for (int i = 0; i < db_cols(q); i++) {
		buf_adds(out, i == 0 ? "\n    {" : ", ");
		buf_add_json(out, str_of(db_col_name(q, i)));
		buf_adds(out, ": ");
		add_value(q, i, out);
	}
	buf_addc(out, '}');
}

/* The rows of all peers of the person, as one array. */
static enum rc
add_table(struct store *st, const struct subject_table *t, const struct subject *s,
    size_t max, struct buf *out)
{
	bool any = false;

	buf_printf(out, ",\n  \"%s\": [", t->name);
	for (size_t i = 0; i < s->n; i++) {
		struct stmt *q = db_prepare(st->db, t->show);
		enum rc rc;

		db_bind_int(q, 1, s->peers[i]);
		while ((rc = db_step(q)) == RC_OK && out->len <= max) {
			buf_adds(out, any ? "," : "");
			add_row(q, out);
			any = true;
		}
		if (rc == RC_OK) {
			db_reset(q);
			return RC_INVALID;
		}
		if (rc != RC_NOTFOUND)
			return rc;
	}
	buf_adds(out, any ? "\n  ]" : "]");
	return RC_OK;
}

enum rc
subject_export(struct store *st, const struct subject *s, int64_t now_ms, size_t max,
    struct buf *out)
{
	char iso[CLOCK_ISO_MAX];
	enum rc rc = RC_OK;

	clock_format(now_ms, iso, sizeof(iso));
	buf_printf(out,
	    "{\n  \"what\": \"All that credbot keeps about you.\",\n  \"made_at\": "
	    "\"%s\"",
	    iso);
	/* Who it is about stands first. */
	for (size_t i = subject_tables_len; rc == RC_OK && i-- > 0;)
		rc = add_table(st, &subject_tables[i], s, max, out);
	buf_adds(out, "\n}\n");
	return rc == RC_OK && out->len > max ? RC_INVALID : rc;
}

/* --- erased */

static enum rc
run_for(struct store *st, const char *sql, int64_t peer)
{
	struct stmt *q = db_prepare(st->db, sql);

	db_bind_int(q, 1, peer);
	return db_run(q);
}

static enum rc
mark_erased(struct store *st, int64_t peer, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE peer SET erased_at = $1 WHERE id = $2");

	db_bind_int(q, 1, now_ms);
	db_bind_int(q, 2, peer);
	return db_run(q);
}

enum rc
subject_erase(struct store *st, const struct subject *s, int64_t now_ms)
{
	for (size_t i = 0; i < s->n; i++) {
		enum rc rc = RC_OK;

		for (size_t k = 0; rc == RC_OK && k < subject_tables_len; k++)
			rc = run_for(st, subject_tables[k].erase, s->peers[i]);
		if (rc == RC_OK)
			rc = mark_erased(st, s->peers[i], now_ms);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- consent */

enum rc
consent_add(struct store *st, int64_t peer, struct str version, bool given,
    int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO consent (peer, version, given, at) VALUES ($1, $2, $3, $4)");

	db_bind_int(q, 1, peer);
	db_bind_str(q, 2, version);
	db_bind_int(q, 3, given);
	db_bind_int(q, 4, now_ms);
	return db_run(q);
}

/* The last word of one peer; *id: which row it is. */
static enum rc
last_word(struct store *st, int64_t peer, struct str version, int64_t *id, bool *given,
    int64_t *at_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, given, at, version FROM consent WHERE peer = $1"
	    " ORDER BY id DESC LIMIT 1");
	enum rc rc;

	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	if (db_col_int(q, 0) > *id) {
		*id = db_col_int(q, 0);
		*given = db_col_int(q, 1) != 0 && str_eq(db_col_str(q, 3), version);
		*at_ms = db_col_int(q, 2);
	}
	db_reset(q);
	return RC_OK;
}

enum rc
consent_get(struct store *st, const struct subject *s, struct str version, bool *given,
    int64_t *at_ms)
{
	int64_t id = 0;

	*given = false;
	*at_ms = 0;
	for (size_t i = 0; i < s->n; i++) {
		enum rc rc = last_word(st, s->peers[i], version, &id, given, at_ms);

		if (rc != RC_OK && rc != RC_NOTFOUND)
			return rc;
	}
	return id == 0 ? RC_NOTFOUND : RC_OK;
}
