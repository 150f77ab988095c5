/*
 * json_split_priv.h - what the files of the splitter know of each other.
 *
 * Two ways of reading take turns. On the way along the paths each byte is judged: one state
 * for each place in the grammar, and a stack of frames, one for each container that was
 * entered (json_split.c); keys, strings, numbers and words on that way are
 * json_split_word.c. Whatever hangs off it is opaque (json_split_opaque.c), and read by
 * loops that only look for quotes and brackets; nearly all bytes of a document pass there.
 *
 * Functions that read take where to begin, and return where the next byte is. A set of paths
 * is a uint64_t, one bit each in the order of the table.
 */
#ifndef BOT_BASE_JSON_SPLIT_PRIV_H
#define BOT_BASE_JSON_SPLIT_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/json_split.h"

enum step_kind { STEP_KEY, STEP_ANY, STEP_ITEM };

struct step {
	enum step_kind kind;
	struct str key;
};

struct path {
	int id;
	bool enters; /* ends in {} */
	int star;    /* the step that is *, or -1 */
	size_t n;
	struct step step[JSON_SPLIT_STEPS_MAX];
};

/* A container that was entered. The n-th one open has matched n steps. */
struct frame {
	bool array;
	uint64_t in;      /* paths that lead on into it */
	uint64_t entered; /* paths with {} that were told of its begin */
	struct buf key;   /* of the member being read */
	bool key_too_long;
};

enum state {
	AT_VALUE,
	AT_FIRST_ITEM, /* a value or ] */
	AT_KEY,
	AT_FIRST_KEY, /* a key or } */
	AT_COLON,
	AT_COMMA, /* or the end of the container */
	AT_END,   /* white space only */
	IN_KEY,
	IN_STRING,
	IN_TOKEN, /* a number or a word */
	IN_OPAQUE,
	IN_OPAQUE_TOKEN,
	NOT_JSON,
	STOPPED,
};

/* What was read last of a number. */
enum digits { D_MINUS, D_ZERO, D_INT, D_DOT, D_FRAC, D_E, D_SIGN, D_EXP, D_WRONG };

struct json_split {
	json_split_fn *fn;
	void *arg;
	unsigned depth_max;
	size_t size_max;
	struct path *path;
	size_t paths;

	enum state state;
	const char *data; /* being fed; before it came fed bytes */
	uint64_t fed;
	const char *why;
	uint64_t why_at;

	struct frame frame[JSON_SPLIT_STEPS_MAX + 1]; /* one more for {} */
	size_t frames;
	uint64_t next; /* paths that lead to the value which is expected */

	/* A key or string on the way. */
	bool escape;      /* behind a backslash */
	unsigned hex;     /* digits of \uXXXX that are missing */
	uint32_t unit;    /* those read */
	uint32_t high;    /* the first half of a pair, or 0 */
	unsigned tail;    /* bytes of a UTF-8 sequence that are missing ... */
	unsigned char lo; /* ... and what the next may be */
	unsigned char hi;

	/* A number or word on the way. */
	const char *word; /* the rest of it; NULL: a number */
	enum digits digits;

	/* An opaque value. */
	bool quoted;
	bool escaped;
	size_t nested;
	char closer[JSON_SPLIT_DEPTH_LIMIT]; /* the bracket that closes each level */

	/* Is it a slice? */
	const struct path *slice; /* NULL: skipped */
	const char *from;         /* what of it is in data */
	uint64_t slice_len;       /* what came before data */
	struct buf kept;          /* of what came before data */
	bool too_deep;
	bool too_long;
};

/* --- json_split.c */

void json_split_tell(struct json_split *s, const struct path *p,
    enum json_piece_kind kind, struct str text);
/* The document is not JSON, and why says what is wrong at p, which is returned. */
const char *json_split_wrong(struct json_split *s, const char *p, const char *why);
void json_split_value_ended(struct json_split *s);
/* Ends a number or word. */
bool json_split_ends_token(char c);

/* --- json_split_opaque.c */

/* At the first byte of a value; slice NULL: it is skipped. */
const char *json_split_opaque_begin(struct json_split *s, const char *p,
    const struct path *slice);
const char *json_split_read_opaque(struct json_split *s, const char *p,
    const char *end);
const char *json_split_read_opaque_token(struct json_split *s, const char *p,
    const char *end);
/* The opaque value ends before p. */
const char *json_split_opaque_end(struct json_split *s, const char *p);
/* Puts what of the slice is in data, up to p, aside, unless it is refused already. */
void json_split_keep(struct json_split *s, const char *p);

/* --- json_split_word.c */

/* At the quote of a key (IN_KEY) or of a value (IN_STRING). */
const char *json_split_string_begin(struct json_split *s, const char *p,
    enum state state);
/* Up to a byte that needs thought, and what becomes of that one. */
const char *json_split_read_string(struct json_split *s, const char *p,
    const char *end);
/* At the first byte of a number or word. */
const char *json_split_token_begin(struct json_split *s, const char *p);
const char *json_split_read_token(struct json_split *s, const char *p, const char *end);
bool json_split_token_is_whole(const struct json_split *s);

#endif
