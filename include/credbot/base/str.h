/*
 * str.h - text that is being read: a pointer and a length, owned by somebody else.
 *
 * Not ended by NUL. A struct str lives as long as what it points into; who keeps one says
 * so. The bytes are UTF-8 once they have passed the inbox (utf8.h).
 */
#ifndef CREDBOT_BASE_STR_H
#define CREDBOT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/rc.h"

struct str {
	const char *p;
	size_t len;
};

/* A literal. */
#define STR(lit) ((struct str){ (lit), sizeof(lit) - 1 })

/* For printf's %.*s. */
#define STR_ARG(s) (int)(s).len, (s).p

struct str str_of(const char *s); /* NULL gives the empty string */
struct str str_n(const char *p, size_t len);

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *b);
bool str_starts(struct str a, const char *prefix);
bool str_ends(struct str a, const char *suffix);

/* ASCII case is ignored; other letters must be equal. */
bool str_is_nocase(struct str a, const char *b);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the part before the first sep off *rest and returns it; *rest is what follows. When
 * no sep is left it returns all and *rest becomes { NULL, 0 }. Loop while rest.p != NULL.
 */
struct str str_cut(struct str *rest, char sep);

/* Copies s to *at, moves *at behind it and returns the copy: for several texts in one
 * block of memory. */
struct str str_put(char **at, struct str s);

/* RC_INVALID unless all of s is a decimal number within [min, max]. */
enum rc str_to_int(struct str s, int64_t min, int64_t max, int64_t *out);

/*
 * Optimal string alignment distance (insertions, deletions, substitutions, swaps of
 * neighbours) of bytes, or limit + 1 when it is more than limit. Inputs over STR_OSA_MAX
 * bytes count as too far.
 */
#define STR_OSA_MAX 64
unsigned str_distance(struct str a, struct str b, unsigned limit);

#endif
