/*
 * catalog_store.c - catalog.db: opened, its transactions and its tables.
 *
 * What is stated for a source as a whole stands with the source, so that a program that did
 * not change needs no write when its source is imported again.
 */
#include <stdlib.h>

#include "bot/store/store_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/store/catalog_store.h"

struct catalog_store {
	struct db *db;
};

static const char *const steps[] = {
	/* 1: sources, programs, and one number that changes with them */
	"CREATE TABLE source ("
	" id INTEGER PRIMARY KEY,"
	" name TEXT NOT NULL UNIQUE,"
	" format TEXT NOT NULL,"
	" uri TEXT NOT NULL,"
	" licence TEXT NOT NULL,"
	" fetched TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE program ("
	" id TEXT NOT NULL PRIMARY KEY,"
	" source INTEGER NOT NULL REFERENCES source (id),"
	" withdrawn TEXT NOT NULL,"
	" record TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE revision (number INTEGER NOT NULL) STRICT;"
	"INSERT INTO revision (number) VALUES (0);",
	/* 2: the revision that a program came with; 0: before that was kept */
	"ALTER TABLE program ADD COLUMN since INTEGER NOT NULL DEFAULT 0;",
};

/* What they find is lent out, so they stay open until the next call or the commit. */
static const char find_source[] =
    "SELECT id, name, format, uri, licence, fetched FROM source WHERE name = $1";
static const char find_row[] =
    "SELECT program.id, source, withdrawn, record, source.name, format, uri,"
    " licence, fetched, since FROM program JOIN source ON source.id = source"
    " WHERE program.id = $1";

static const struct schema schema = { steps, (int)ARRAY_LEN(steps) };

enum rc
catalog_store_open(struct catalog_store **out, const char *dsn, struct err *err)
{
	struct catalog_store *st = xcalloc(1, sizeof(*st));
	enum rc rc = db_open(&st->db, dsn, err);

	*out = NULL;
	if (rc == RC_OK)
		rc = migrate(st->db, dsn, &schema, err);
	if (rc != RC_OK) {
		catalog_store_close(st);
		return rc;
	}
	*out = st;
	return RC_OK;
}

void
catalog_store_close(struct catalog_store *st)
{
	if (st == NULL)
		return;
	db_close(st->db);
	free(st);
}

enum rc
catalog_store_begin(struct catalog_store *st)
{
	return db_begin(st->db);
}

enum rc
catalog_store_commit(struct catalog_store *st, int64_t now_ms)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE revision SET number ="
	    " CASE WHEN number < $1 THEN $1 ELSE number + 1 END");
	enum rc rc;

	db_reset(db_prepare(st->db, find_source));
	db_reset(db_prepare(st->db, find_row));
	db_bind_int(q, 1, now_ms);
	rc = db_run(q);
	if (rc == RC_OK)
		rc = db_commit(st->db);
	if (rc == RC_OK && db_checkpoint(st->db) == RC_IO)
		log_warn("catalog: checkpoint: %s", db_error(st->db));
	return rc;
}

void
catalog_store_rollback(struct catalog_store *st)
{
	db_rollback(st->db);
}

const char *
catalog_store_error(struct catalog_store *st)
{
	return db_error(st->db);
}

enum rc
catalog_store_revision(struct catalog_store *st, int64_t *out)
{
	struct stmt *q = db_prepare(st->db, "SELECT number FROM revision");
	enum rc rc = db_step(q);

	*out = 0;
	if (rc != RC_OK)
		return rc;
	*out = db_col_int(q, 0);
	db_reset(q);
	return RC_OK;
}

/* --- sources */

static void
read_source(struct stmt *q, struct catalog_source *s)
{
	*s = (struct catalog_source){
		.id = db_col_int(q, 0),
		.name = db_col_str(q, 1),
		.format = db_col_str(q, 2),
		.uri = db_col_str(q, 3),
		.licence = db_col_str(q, 4),
		.fetched = db_col_str(q, 5),
	};
}

enum rc
catalog_source_find(struct catalog_store *st, struct str name,
    struct catalog_source *out)
{
	struct stmt *q = db_prepare(st->db, find_source);
	enum rc rc;

	db_reset(q);
	db_bind_str(q, 1, name);
	rc = db_step(q);
	if (rc == RC_OK)
		read_source(q, out);
	return rc;
}

enum rc
catalog_source_put(struct catalog_store *st, struct catalog_source *s)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO source (name, format, uri, licence, fetched)"
	    " VALUES ($1, $2, $3, $4, $5)"
	    " ON CONFLICT (name) DO UPDATE SET format = excluded.format,"
	    " uri = excluded.uri, licence = excluded.licence, fetched = "
	    "excluded.fetched"
	    " RETURNING id");
	enum rc rc;

	db_bind_str(q, 1, s->name);
	db_bind_str(q, 2, s->format);
	db_bind_str(q, 3, s->uri);
	db_bind_str(q, 4, s->licence);
	db_bind_str(q, 5, s->fetched);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_IO : rc;
	s->id = db_col_int(q, 0);
	rc = db_step(q); /* to its end: then it is done */
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
catalog_source_each(struct catalog_store *st, catalog_source_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, name, format, uri, licence, fetched FROM source ORDER BY name");
	struct catalog_source s;
	enum rc rc;

	while ((rc = db_step(q)) == RC_OK) {
		read_source(q, &s);
		if (!fn(arg, &s)) {
			db_reset(q);
			return RC_OK;
		}
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* --- programs */

static void
read_row(struct stmt *q, struct catalog_row *row)
{
	*row = (struct catalog_row){
		.id = db_col_str(q, 0),
		.source = db_col_int(q, 1),
		.withdrawn = db_col_str(q, 2),
		.record = db_col_str(q, 3),
		.source_name = db_col_str(q, 4),
		.format = db_col_str(q, 5),
		.uri = db_col_str(q, 6),
		.licence = db_col_str(q, 7),
		.fetched = db_col_str(q, 8),
		.since = db_col_int(q, 9),
	};
}

enum rc
catalog_row_find(struct catalog_store *st, struct str id, struct catalog_row *out)
{
	struct stmt *q = db_prepare(st->db, find_row);
	enum rc rc;

	db_reset(q);
	db_bind_str(q, 1, id);
	rc = db_step(q);
	if (rc == RC_OK)
		read_row(q, out);
	return rc;
}

enum rc
catalog_row_put(struct catalog_store *st, const struct catalog_row *row)
{
	/* The revision of the commit is not known yet; this one is above the last, and not
	 * above that. */
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO program (id, source, withdrawn, record, since)"
	    " VALUES ($1, $2, $3, $4, (SELECT number + 1 FROM revision))"
	    " ON CONFLICT (id) DO UPDATE SET source = excluded.source,"
	    " withdrawn = excluded.withdrawn, record = excluded.record");

	db_bind_str(q, 1, row->id);
	db_bind_int(q, 2, row->source);
	db_bind_str(q, 3, row->withdrawn);
	db_bind_str(q, 4, row->record);
	return db_run(q);
}

enum rc
catalog_row_withdraw(struct catalog_store *st, struct str id, struct str day)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE program SET withdrawn = $1 WHERE id = $2");

	db_bind_str(q, 1, day);
	db_bind_str(q, 2, id);
	return db_run(q);
}

enum rc
catalog_row_each(struct catalog_store *st, catalog_row_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT program.id, source, withdrawn, record, source.name, format, uri,"
	    " licence, fetched, since FROM program JOIN source ON source.id = source"
	    " ORDER BY program.id");
	struct catalog_row row;
	enum rc rc;

	while ((rc = db_step(q)) == RC_OK) {
		read_row(q, &row);
		if (!fn(arg, &row)) {
			db_reset(q);
			return RC_OK;
		}
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
catalog_row_ids(struct catalog_store *st, int64_t source, catalog_id_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id FROM program WHERE source = $1 AND withdrawn = ''");
	enum rc rc;

	db_bind_int(q, 1, source);
	while ((rc = db_step(q)) == RC_OK)
		fn(arg, db_col_str(q, 0));
	return rc == RC_NOTFOUND ? RC_OK : rc;
}
