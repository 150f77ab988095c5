/*
 * json_split.h - a large JSON document cut into slices while it arrives.
 *
 * For answers that may be hundreds of megabytes (a first sync), of which only some values
 * matter. The caller names these by paths; the document is fed in pieces of any size, and
 * each value that a path names is handed out as raw text, to be parsed alone by
 * json_parse(). Where the pieces end makes no difference. One large or odd value so spoils
 * itself and nothing else, and no more is held in memory than one slice.
 *
 * A path is made of keys with dots between them:
 *
 *	next_batch                      the value of a member of the top-level object
 *	rooms.join.*.timeline.events[]  each element of an array, one slice each
 *	rooms.leave.*                   * is any key, at most one in a path; it is handed out
 *	rooms.join.*{}                  no slice: tells when this object begins and ends
 *	[].name                         the top-level value is an array
 *
 * Keys are compared with their escapes resolved: "\u006eext_batch" is next_batch. Where a
 * path leads through a value of another type than it needs, there is nothing at that path.
 * A value that one path names whole is not searched for others; when two name it, the first
 * in the table gets it. So a value is handed out once.
 *
 * What is looked at, and how closely:
 * - Objects and arrays that a path leads into, their keys, and the strings, numbers and
 *   words directly in them must be JSON as in RFC 8259, or the whole document is not. The
 *   escape of half a surrogate pair is allowed there (the grammar does) and becomes U+FFFD.
 * - A slice is opaque: only strings, their escapes and brackets are followed, to find its
 *   end. NaN, NUL, bytes that are not UTF-8, commas in the wrong place: json_parse() refuses
 *   that slice, and the others are not affected. One exception: brackets that do not match
 *   leave no way to say where the slice ends, and end the document.
 * - An object or array that no path leads into is skipped, as opaque as a slice.
 * Brackets deeper than JSON_SPLIT_DEPTH_LIMIT within an opaque value are counted without
 * telling [ from {: ten million of them take no more memory than ten. "[}" is not noticed
 * down there, but the value is too deep for its caller anyway.
 *
 * Members come in the order of the document. Servers choose it: the state of a room may
 * come behind its timeline, and next_batch first or last, so what needs all of an object
 * is put aside until its end is told. A key given twice is handed out twice, and an object
 * given twice begins and ends twice; the caller decides which counts.
 */
#ifndef CREDBOT_BASE_JSON_SPLIT_H
#define CREDBOT_BASE_JSON_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/str.h"

#define JSON_SPLIT_DEPTH 256        /* when rules say 0 */
#define JSON_SPLIT_DEPTH_LIMIT 1024 /* what rules may say */
#define JSON_SPLIT_SIZE 262144      /* 256 KiB, when rules say 0 */
#define JSON_SPLIT_PREFIX 4096      /* what is shown of a refused slice */
#define JSON_SPLIT_KEY_MAX 1024     /* a longer key, resolved, matches no path, not * */
#define JSON_SPLIT_PATHS_MAX 64
#define JSON_SPLIT_STEPS_MAX 16 /* keys, * and [] in one path */

struct json_path {
	int id; /* the caller's name for it */
	const char *path;
};

struct json_split_rules {
	const struct json_path *paths;
	size_t n;
	unsigned depth; /* objects and arrays within each other in a slice; "1" has 0 */
	size_t size;    /* bytes of a slice */
};

enum json_piece_kind {
	JSON_PIECE_SLICE,
	JSON_PIECE_TOO_DEEP,
	JSON_PIECE_TOO_LONG, /* and not too deep */
	JSON_PIECE_BROKEN,   /* brackets do not match: the last piece of the document */
	JSON_PIECE_BEGIN,    /* of an object with {} */
	JSON_PIECE_END,      /* missing when the document ends before the object does */
};

struct json_piece {
	enum json_piece_kind kind;
	int id;
	/* What * stood for, resolved, or empty. UTF-8, but may contain NUL ("\u0000"). */
	struct str key;
	/*
	 * The slice, without white space around it; what json_parse(text, depth + 1) thinks
	 * of it is another matter. Of a refused one its start, at most JSON_SPLIT_PREFIX
	 * bytes, so that an id in it can be logged.
	 */
	struct str text;
};

/*
 * Texts of a piece live until it returns. It may not feed or free the splitter. False: stop,
 * nothing more is wanted.
 */
typedef bool json_split_fn(void *arg, const struct json_piece *piece);

enum json_split_result {
	JSON_SPLIT_COMPLETE, /* one JSON value, and white space around it */
	JSON_SPLIT_CUT,      /* could have gone on to be JSON */
	JSON_SPLIT_NOT_JSON, /* see json_split_fault() */
	JSON_SPLIT_STOPPED,  /* as the callback wished */
};

struct json_split; /* opaque */

/* Borrows the texts of the paths. Malformed paths are our own mistake: asserted. */
struct json_split *json_split_new(const struct json_split_rules *rules,
    json_split_fn *fn, void *arg);
void json_split_free(struct json_split *s); /* NULL is fine */

/* Takes the next bytes. False: the rest need not be fed (not JSON, or stopped). */
bool json_split_feed(struct json_split *s, const char *data, size_t len);

/*
 * No more bytes come. A slice that was cut is not handed out: what was handed out before
 * stays valid whatever this returns.
 */
enum json_split_result json_split_end(struct json_split *s);

/* Why it is not JSON, as a few words for the log, and at which byte; NULL if it may be. */
const char *json_split_fault(const struct json_split *s, uint64_t *at);

/* Bytes of memory held. Never more than about twice the larger of rules.size and
 * JSON_SPLIT_PREFIX, and some KiB for keys and paths. */
size_t json_split_held(const struct json_split *s);

#endif
