/*
 * draft_priv.h - a record while it is put together in its arena.
 *
 * Lists are short (PROGRAM_LIST_MAX): each addition copies them, and what is beyond is left
 * out with a remark by whoever reads.
 */
#ifndef CREDBOT_CATALOG_DRAFT_PRIV_H
#define CREDBOT_CATALOG_DRAFT_PRIV_H

#include "credbot/base/arena.h"
#include "credbot/base/str.h"
#include "credbot/catalog/program.h"

/* s as one line in a: cleaned, white space within as one space, cut to PROGRAM_LINE_MAX.
 * NULL if nothing is left. */
const char *draft_line(struct arena *a, struct str s);
/* The same with its line breaks, cut to PROGRAM_BLOCK_MAX. */
const char *draft_block(struct arena *a, struct str s);

/* Elements that are full leave the list as it is and return false. NULL texts are left
 * out; names that are there already, and a second text of one language, too. */
bool draft_name(struct arena *a, struct names *n, const char *name);
bool draft_text(struct arena *a, struct texts *t, const char *lang, const char *text);
bool draft_outcome(struct arena *a, struct program *p, struct program_outcome o);
bool draft_credit(struct arena *a, struct program *p, const char *system, double value);
bool draft_offer(struct arena *a, struct program *p, struct program_offer o);
bool draft_run(struct arena *a, struct program *p, struct program_run run);

#endif
