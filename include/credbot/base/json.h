/*
 * json.h - reading JSON that others wrote, on json-c; writing is buf_add_json().
 *
 * A struct str taken out of a tree lives as long as the tree: copy it to keep it.
 */
#ifndef CREDBOT_BASE_JSON_H
#define CREDBOT_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/str.h"

struct json; /* a value; the root owns all below it */

/* NULL unless text is one JSON value (RFC 8259, UTF-8 checked) nested at most depth deep. */
struct json *json_parse(struct str text, int depth);
void json_free(struct json *root); /* NULL is fine */

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

#endif
