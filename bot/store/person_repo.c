/*
 * person_repo.c - persons: whose chats are joined. A row of person is there only for those
 * who have several.
 */
#include <stdio.h>

#include "bot/store/store_priv.h"

/* 0: a person of its own. RC_NOTFOUND: no such peer. */
static enum rc
person_of(struct store *st, int64_t peer, int64_t *person)
{
	struct stmt *q = db_prepare(st->db, "SELECT person FROM peer WHERE id = $1");
	enum rc rc;

	db_bind_int(q, 1, peer);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*person = db_col_int(q, 0);
	db_reset(q);
	return RC_OK;
}

enum rc
person_peers(struct store *st, int64_t peer, struct person_peer out[PERSON_PEERS_MAX],
    size_t *n)
{
	struct stmt *q = db_prepare(st->db,
	    "SELECT id, channel FROM peer WHERE id = $1"
	    " OR person = (SELECT person FROM peer WHERE id = $1) ORDER BY id");
	enum rc rc;

	*n = 0;
	db_bind_int(q, 1, peer);
	while ((rc = db_step(q)) == RC_OK) {
		struct str channel = db_col_str(q, 1);

		if (*n == PERSON_PEERS_MAX) {
			db_reset(q);
			return RC_OK;
		}
		out[*n].id = db_col_int(q, 0);
		(void)snprintf(out[*n].channel, sizeof(out[*n].channel), "%.*s",
		    STR_ARG(channel));
		(*n)++;
	}
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
add_person(struct store *st, int64_t now_ms, int64_t *person)
{
	struct stmt *q = db_prepare(st->db,
	    "INSERT INTO person (created_at) VALUES ($1) RETURNING id");
	enum rc rc;

	db_bind_int(q, 1, now_ms);
	rc = db_step(q);
	if (rc != RC_OK)
		return rc;
	*person = db_col_int(q, 0);
	return db_run(q);
}

static enum rc
set_person(struct store *st, int64_t peer, int64_t person)
{
	struct stmt *q = db_prepare(st->db,
	    "UPDATE peer SET person = $1 WHERE id = $2");

	if (person == 0)
		db_bind_null(q, 1);
	else
		db_bind_int(q, 1, person);
	db_bind_int(q, 2, peer);
	return db_run(q);
}

/* Persons that nobody is any more. */
static enum rc
forget_person(struct store *st, int64_t person)
{
	struct stmt *q = db_prepare(st->db,
	    "DELETE FROM person WHERE id = $1"
	    " AND NOT EXISTS (SELECT 1 FROM peer WHERE person = $1)");

	if (person == 0)
		return RC_OK;
	db_bind_int(q, 1, person);
	return db_run(q);
}

static enum rc
join(struct store *st, const struct person_peer *who, size_t n, int64_t from,
    int64_t to)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = set_person(st, who[i].id, to);
	return rc == RC_OK ? forget_person(st, from) : rc;
}

enum rc
person_join(struct store *st, int64_t a, int64_t b, int64_t now_ms)
{
	struct person_peer of_a[PERSON_PEERS_MAX], of_b[PERSON_PEERS_MAX];
	size_t n_a, n_b;
	int64_t person_a, person_b = 0;
	enum rc rc = person_of(st, a, &person_a);

	if (rc == RC_OK)
		rc = person_of(st, b, &person_b);
	if (rc == RC_OK && (a == b || (person_a != 0 && person_a == person_b)))
		rc = RC_EXISTS;
	if (rc == RC_OK)
		rc = person_peers(st, a, of_a, &n_a);
	if (rc == RC_OK)
		rc = person_peers(st, b, of_b, &n_b);
	if (rc == RC_OK && n_a + n_b > PERSON_PEERS_MAX)
		rc = RC_INVALID;
	if (rc != RC_OK)
		return rc;
	if (person_a == 0) {
		rc = add_person(st, now_ms, &person_a);
		if (rc == RC_OK)
			rc = set_person(st, a, person_a);
	}
	return rc == RC_OK ? join(st, of_b, n_b, person_b, person_a) : rc;
}

enum rc
person_leave(struct store *st, int64_t peer)
{
	struct person_peer left[PERSON_PEERS_MAX];
	size_t n = 0;
	int64_t person;
	enum rc rc = person_of(st, peer, &person);

	if (rc != RC_OK || person == 0)
		return rc;
	rc = person_peers(st, peer, left, &n);
	/* Who is left alone is a person of its own, too. */
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (left[i].id == peer || n <= 2)
			rc = set_person(st, left[i].id, 0);
	return rc == RC_OK ? forget_person(st, person) : rc;
}
