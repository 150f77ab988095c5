/*
 * json.h - reading JSON that others wrote, on json-c. Texts are written by buf_add_json().
 *
 * A struct str taken out of a tree lives as long as the tree: copy it to keep it.
 */
#ifndef CREDBOT_BASE_JSON_H
#define CREDBOT_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/str.h"

struct json; /* a value; the root owns all below it */

/*
 * NULL unless text is one JSON value as in RFC 8259, in UTF-8, and no null. Depth counts
 * values within each other: "1" is 1 deep, "[[1]]" 3. Of a key that is given twice in an
 * object the last counts; a key with \u0000 in it is cut there.
 */
struct json *json_parse(struct str text, int depth);
void json_free(struct json *root); /* NULL is fine */

/* Elements of an array, 0 for all else. */
size_t json_count(const struct json *v);
/* Calls fn for each member of an object, in the order of the document; null is NULL. */
typedef void json_member_fn(void *arg, const char *key, const struct json *v);
void json_each(const struct json *v, json_member_fn *fn, void *arg);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT };
enum json_kind json_kind(const struct json *v); /* NULL is JSON_NULL */
/* Any number, or otherwise if v is none; beyond the range of double it is infinite. */
double json_number(const struct json *v, double otherwise);
bool json_is_true(const struct json *v); /* v is the word true */

/* NULL if v is no object or has no such key; v may be NULL in all of these. */
const struct json *json_at(const struct json *v, const char *key);
/* NULL behind the last element or if v is no array. */
const struct json *json_item(const struct json *v, size_t i);

/* RC_INVALID, and the empty string, unless v is a string. */
enum rc json_text(const struct json *v, struct str *out);
/* The string at key, or the empty string. */
struct str json_str(const struct json *v, const char *key);
/* The whole number at key, or otherwise if there is none. */
int64_t json_int(const struct json *v, const char *key, int64_t otherwise);
bool json_flag(const struct json *v, const char *key, bool otherwise);

/* Appends v as JSON without white space; NULL is null. Numbers stay as they were written,
 * except that whole ones beyond 64 bits are brought to the nearest that fits. */
void json_write(const struct json *v, struct buf *out);

#endif
