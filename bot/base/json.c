/*
 * json.c - reading JSON, on json-c. struct json is json-c's json_object under our name.
 */
#include <json.h>

#include "credbot/base/json.h"
#include "credbot/base/utf8.h"

static struct json_object *
raw(const struct json *v)
{
	union {
		const struct json *ours;
		struct json_object *theirs; /* json-c's getters take no const */
	} u = { .ours = v };

	return u.theirs;
}

static bool
is_digit(struct str s, size_t i)
{
	return i < s.len && s.p[i] >= '0' && s.p[i] <= '9';
}

/* Is the byte at i, which is in no string, one of those that is_lax() is for? */
static bool
is_lax_mark(struct str s, size_t i)
{
	switch (s.p[i]) {
	case 'I':
	case 'N':
	case '\'':
		return true;
	case '.':
		return !is_digit(s, i + 1);
	case '-':
		if (i > 0 && (s.p[i - 1] == 'e' || s.p[i - 1] == 'E'))
			return false;
		return is_digit(s, i + 1) && s.p[i + 1] == '0' && is_digit(s, i + 2);
	case '\t':
	case '\n':
	case '\r':
		return false;
	default:
		return (unsigned char)s.p[i] < ' ';
	}
}

/*
 * What json-c 0.16 lets through even when it is strict: NaN and Infinity, "1.", "-01", keys
 * in single quotes, control characters in strings, NUL and anything behind the document.
 */
static bool
is_lax(struct str s)
{
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (quoted && s.p[i] == '\\')
			i++;
		else if (quoted ? (unsigned char)s.p[i] < ' ' : is_lax_mark(s, i))
			return true;
	}
	return false;
}

struct json *
json_parse(struct str text, int depth)
{
	struct json_tokener *tok;
	struct json_object *o = NULL;

	/* json-c's own check of UTF-8 takes surrogates and overlong forms. */
	if (is_lax(text) || !utf8_valid(text))
		return NULL;
	tok = json_tokener_new_ex(depth);
	if (tok == NULL)
		return NULL;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
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

enum json_kind
json_kind(const struct json *v)
{
	switch (json_object_get_type(raw(v))) {
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_int:
	case json_type_double:
		return JSON_NUMBER;
	case json_type_string:
		return JSON_TEXT;
	case json_type_array:
		return JSON_LIST;
	case json_type_object:
		return JSON_OBJECT;
	case json_type_null:
		break;
	}
	return JSON_NULL;
}

double
json_number(const struct json *v, double otherwise)
{
	return json_kind(v) == JSON_NUMBER ? json_object_get_double(raw(v)) : otherwise;
}

bool
json_is_true(const struct json *v)
{
	return json_kind(v) == JSON_BOOL && json_object_get_boolean(raw(v));
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

size_t
json_count(const struct json *v)
{
	if (!json_object_is_type(raw(v), json_type_array))
		return 0;
	return json_object_array_length(raw(v));
}

void
json_each(const struct json *v, json_member_fn *fn, void *arg)
{
	if (!json_object_is_type(raw(v), json_type_object))
		return;
	json_object_object_foreach(raw(v), key, member)
	{
		fn(arg, key, (const struct json *)member);
	}
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

void
json_write(const struct json *v, struct buf *out)
{
	int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
	size_t len;
	const char *text = json_object_to_json_string_length(raw(v), flags, &len);

	buf_add(out, text, len);
}
