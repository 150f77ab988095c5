/*
 * document_repo.c - files that go with a line of the outbox.
 */
#include "bot/store/store_priv.h"

enum rc
document_add(struct store *st, const struct document_row *row)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO document (peer, seq, n, name, type, size, token, remote, "
	    "bytes)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

	db_bind_int(q, 1, row->peer);
	db_bind_int(q, 2, row->seq);
	db_bind_int(q, 3, row->n);
	db_bind_str(q, 4, row->name);
	db_bind_str(q, 5, row->type);
	db_bind_int(q, 6, row->size);
	db_bind_str(q, 7, row->token);
	db_bind_str(q, 8, row->remote);
	db_bind_blob(q, 9, row->bytes);
	return db_run(q);
}

/* Columns as both queries below give them. */
static void
give(struct stmt *q, document_row_fn *fn, void *arg)
{
	struct document_row row = {
		.peer = db_col_int(q, 0),
		.seq = db_col_int(q, 1),
		.n = db_col_int(q, 2),
		.name = db_col_str(q, 3),
		.type = db_col_str(q, 4),
		.size = db_col_int(q, 5),
		.token = db_col_str(q, 6),
		.remote = db_col_str(q, 7),
		.bytes = db_col_blob(q, 8),
	};

	fn(arg, &row);
}

enum rc
document_each(struct store *st, int64_t peer, int64_t seq, bool with_bytes,
    document_row_fn *fn, void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT peer, seq, n, name, type, size, token, remote,"
	    " CASE $1 WHEN 1 THEN bytes ELSE NULL END FROM document"
	    " WHERE peer = $2 AND seq = $3 ORDER BY n");
	enum rc rc;

	db_bind_int(q, 1, with_bytes);
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, seq);
	while ((rc = db_step(q)) == RC_OK)
		give(q, fn, arg);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

enum rc
document_find(struct store *st, int64_t peer, struct str token, document_row_fn *fn,
    void *arg)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT peer, seq, n, name, type, size, token, remote, bytes FROM document"
	    " WHERE token = $1 AND peer = $2 AND length(bytes) = size");
	enum rc rc;

	db_bind_str(q, 1, token);
	db_bind_int(q, 2, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	give(q, fn, arg);
	db_reset(q);
	return RC_OK;
}

enum rc
document_set_remote(struct store *st, int64_t peer, int64_t seq, int64_t n,
    struct str remote)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE document SET remote = $1 WHERE peer = $2 AND seq = $3 AND n = $4");

	db_bind_str(q, 1, remote);
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, seq);
	db_bind_int(q, 4, n);
	return db_run(q);
}

enum rc
document_empty(struct store *st, int64_t peer, int64_t seq)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE document SET bytes = $1 WHERE peer = $2 AND seq = $3");

	db_bind_blob(q, 1, STR(""));
	db_bind_int(q, 2, peer);
	db_bind_int(q, 3, seq);
	return db_run(q);
}
