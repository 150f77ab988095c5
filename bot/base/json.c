/*
 * json.c - reading JSON, on json-c. struct json is json-c's json_object under our name.
 */
#include <json.h>

#include "credbot/base/json.h"

static struct json_object *
raw(const struct json *v)
{
	union {
		const struct json *ours;
		struct json_object *theirs; /* json-c's getters take no const */
	} u = { .ours = v };

	return u.theirs;
}

struct json *
json_parse(struct str text, int depth)
{
	struct json_tokener *tok = json_tokener_new_ex(depth);
	struct json_object *o = NULL;

	if (tok == NULL)
		return NULL;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	if (text.len > 0 && text.len < INT32_MAX) {
		o = json_tokener_parse_ex(tok, text.p, (int)text.len);
		if (json_tokener_get_error(tok) == json_tokener_continue) {
			/* A bare number ends only where something else begins. */
			o = json_tokener_parse_ex(tok, " ", 1);
		}
		if (json_tokener_get_error(tok) != json_tokener_success) {
			json_object_put(o);
			o = NULL;
		}
	}
	json_tokener_free(tok);
	return (struct json *)o;
}

void
json_free(struct json *root)
{
	json_object_put(raw(root));
}

const struct json *
json_at(const struct json *v, const char *key)
{
	struct json_object *found = NULL;

	if (v == NULL || !json_object_is_type(raw(v), json_type_object))
		return NULL;
	if (!json_object_object_get_ex(raw(v), key, &found))
		return NULL;
	return (const struct json *)found;
}

const struct json *
json_item(const struct json *v, size_t i)
{
	if (v == NULL || !json_object_is_type(raw(v), json_type_array) ||
	    i >= json_object_array_length(raw(v)))
		return NULL;
	return (const struct json *)json_object_array_get_idx(raw(v), i);
}

enum rc
json_text(const struct json *v, struct str *out)
{
	*out = str_n("", 0);
	if (v == NULL || !json_object_is_type(raw(v), json_type_string))
		return RC_INVALID;
	*out = str_n(json_object_get_string(raw(v)),
	    (size_t)json_object_get_string_len(raw(v)));
	return RC_OK;
}

struct str
json_str(const struct json *v, const char *key)
{
	struct str s;

	(void)json_text(json_at(v, key), &s);
	return s;
}

int64_t
json_int(const struct json *v, const char *key, int64_t otherwise)
{
	const struct json *n = json_at(v, key);

	if (n == NULL || !json_object_is_type(raw(n), json_type_int))
		return otherwise;
	return json_object_get_int64(raw(n));
}

bool
json_flag(const struct json *v, const char *key, bool otherwise)
{
	const struct json *b = json_at(v, key);

	if (b == NULL || !json_object_is_type(raw(b), json_type_boolean))
		return otherwise;
	return json_object_get_boolean(raw(b));
}
