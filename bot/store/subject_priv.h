/*
 * subject_priv.h - how each table leads to a person, for subject_repo.c, forget_repo.c and the
 * test that walks the schema.
 */
#ifndef CREDBOT_STORE_SUBJECT_PRIV_H
#define CREDBOT_STORE_SUBJECT_PRIV_H

#include "bot/store/store_priv.h"
#include "credbot/store/subject.h"

/* $1 is the peer. */
struct subject_table {
	const char *table;
	const char *name;      /* of its rows in what the person is shown */
	const char *show;      /* the query of these */
	const char *not_shown; /* columns that are left out, with spaces between */
	const char *erase;
	const char *forget; /* rows from before $2; NULL: they go with the peer */
};

extern const struct subject_table subject_tables[];
extern const size_t subject_tables_len;

#endif
