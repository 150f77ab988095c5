/*
 * json_split.c - a large JSON document cut into slices while it arrives.
 *
 * The way along the paths: which containers are entered, and what is told. How the parts
 * work together stands in json_split_priv.h.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bot/base/json_split_priv.h"
#include "credbot/base/alloc.h"

/* The parts of a path, which is one of ours. */
static void
compile(struct path *p, const struct json_path *from)
{
	const char *at = from->path;

	*p = (struct path){ .id = from->id, .star = -1 };
	while (*at != '\0' && strcmp(at, "{}") != 0) {
		struct step *step = &p->step[p->n];
		size_t len = strcspn(at, ".[]{}");

		assert(p->n < JSON_SPLIT_STEPS_MAX);
		if (strncmp(at, "[]", 2) == 0) {
			step->kind = STEP_ITEM;
			len = 2;
		} else if (len == 1 && *at == '*') {
			assert(p->star == -1);
			step->kind = STEP_ANY;
			p->star = (int)p->n;
		} else {
			assert(len > 0);
			step->kind = STEP_KEY;
			step->key = str_n(at, len);
		}
		p->n++;
		at += len;
		if (*at == '.') {
			at++;
			assert(*at != '\0' && *at != '[' && *at != '{');
		} else {
			assert(*at == '\0' || *at == '[' || *at == '{');
		}
	}
	p->enters = *at == '{';
}

struct json_split *
json_split_new(const struct json_split_rules *rules, json_split_fn *fn, void *arg)
{
	struct json_split *s = xcalloc(1, sizeof(*s));

	assert(rules->n <= JSON_SPLIT_PATHS_MAX);
	assert(rules->depth <= JSON_SPLIT_DEPTH_LIMIT);
	s->fn = fn;
	s->arg = arg;
	s->depth_max = rules->depth > 0 ? rules->depth : JSON_SPLIT_DEPTH;
	s->size_max = rules->size > 0 ? rules->size : JSON_SPLIT_SIZE;
	s->paths = rules->n;
	s->path = xcalloc(rules->n + 1, sizeof(*s->path));
	for (size_t i = 0; i < rules->n; i++) {
		compile(&s->path[i], &rules->paths[i]);
		s->next |= UINT64_C(1) << i;
	}
	return s;
}

void
json_split_free(struct json_split *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(s->frame); i++)
		buf_fini(&s->frame[i].key);
	buf_fini(&s->kept);
	free(s->path);
	free(s);
}

size_t
json_split_held(const struct json_split *s)
{
	size_t held = sizeof(*s) + (s->paths + 1) * sizeof(*s->path) + s->kept.cap;

	for (size_t i = 0; i < ARRAY_LEN(s->frame); i++)
		held += s->frame[i].key.cap;
	return held;
}

void
json_split_tell(struct json_split *s, const struct path *p, enum json_piece_kind kind,
    struct str text)
{
	struct json_piece piece = { .kind = kind, .id = p->id, .text = text };

	piece.key = p->star >= 0 ? buf_str(&s->frame[p->star].key) : STR("");
	if (!s->fn(s->arg, &piece) && kind != JSON_PIECE_BROKEN)
		s->state = STOPPED;
}

static void
tell_all(struct json_split *s, uint64_t set, enum json_piece_kind kind)
{
	for (size_t i = 0; i < s->paths && s->state != STOPPED; i++) {
		if ((set >> i & 1) != 0)
			json_split_tell(s, &s->path[i], kind, STR(""));
	}
}

const char *
json_split_wrong(struct json_split *s, const char *p, const char *why)
{
	s->state = NOT_JSON;
	s->why = why;
	s->why_at = s->fed + (uint64_t)(p - s->data);
	return p;
}

void
json_split_value_ended(struct json_split *s)
{
	s->state = s->frames > 0 ? AT_COMMA : AT_END;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool
json_split_ends_token(char c)
{
	return is_space(c) || c == ',' || c == ']' || c == '}';
}

/* The paths to a value here that lead on into it, if c opens it, or enter it. */
static uint64_t
leading_into(const struct json_split *s, char c, uint64_t *entered)
{
	uint64_t in = 0;

	*entered = 0;
	for (size_t i = 0; i < s->paths; i++) {
		const struct path *p = &s->path[i];
		uint64_t bit = UINT64_C(1) << i;

		if ((s->next & bit) == 0)
			continue;
		if (p->n > s->frames) {
			bool item = p->step[s->frames].kind == STEP_ITEM;

			in |= item == (c == '[') ? bit : 0;
		} else if (c == '{') {
			*entered |= bit;
		}
	}
	return in;
}

/* The first path that names the value here, or NULL. */
static const struct path *
naming(const struct json_split *s)
{
	for (size_t i = 0; i < s->paths; i++) {
		const struct path *p = &s->path[i];

		if ((s->next >> i & 1) != 0 && p->n == s->frames && !p->enters)
			return p;
	}
	return NULL;
}

static const char *
container_begin(struct json_split *s, const char *p)
{
	uint64_t entered, in = leading_into(s, *p, &entered);
	struct frame *f = &s->frame[s->frames];

	if ((in | entered) == 0)
		return json_split_opaque_begin(s, p, NULL);
	s->frames++;
	f->array = *p == '[';
	f->in = in;
	f->entered = entered;
	s->next = in;
	s->state = f->array ? AT_FIRST_ITEM : AT_FIRST_KEY;
	tell_all(s, entered, JSON_PIECE_BEGIN);
	return p + 1;
}

static const char *
container_end(struct json_split *s, const char *p)
{
	const struct frame *f = &s->frame[s->frames - 1];

	if (*p != (f->array ? ']' : '}'))
		return json_split_wrong(s, p, "brackets do not match");
	s->frames--;
	json_split_value_ended(s);
	tell_all(s, f->entered, JSON_PIECE_END);
	return p + 1;
}

static const char *
value_begin(struct json_split *s, const char *p)
{
	const struct path *slice = naming(s);

	if (*p == ',' || *p == ':' || *p == ']' || *p == '}')
		return json_split_wrong(s, p, "a value is missing");
	if (slice != NULL)
		return json_split_opaque_begin(s, p, slice);
	if (*p == '{' || *p == '[')
		return container_begin(s, p);
	if (*p == '"')
		return json_split_string_begin(s, p, IN_STRING);
	return json_split_token_begin(s, p);
}

static const char *
behind_value(struct json_split *s, const char *p)
{
	const struct frame *f = &s->frame[s->frames - 1];

	if (*p == ']' || *p == '}')
		return container_end(s, p);
	if (*p != ',')
		return json_split_wrong(s, p, "a comma or bracket is missing");
	s->state = f->array ? AT_VALUE : AT_KEY;
	s->next = f->in; /* until a key says more */
	return p + 1;
}

/* A byte between values. */
static const char *
read_mark(struct json_split *s, const char *p)
{
	switch (s->state) {
	case AT_FIRST_ITEM:
		return *p == ']' ? container_end(s, p) : value_begin(s, p);
	case AT_VALUE:
		return value_begin(s, p);
	case AT_FIRST_KEY:
		if (*p == '}')
			return container_end(s, p);
		/* fallthrough */
	case AT_KEY:
		if (*p != '"')
			return json_split_wrong(s, p, "a key is missing");
		return json_split_string_begin(s, p, IN_KEY);
	case AT_COLON:
		if (*p != ':')
			return json_split_wrong(s, p, "a colon is missing");
		s->state = AT_VALUE;
		return p + 1;
	case AT_COMMA:
		return behind_value(s, p);
	default:
		return json_split_wrong(s, p, "something follows the document");
	}
}

/* Reads at least one byte, unless that one is a fault or ends something. */
static const char *
read_some(struct json_split *s, const char *p, const char *end)
{
	switch (s->state) {
	case IN_OPAQUE:
		return json_split_read_opaque(s, p, end);
	case IN_OPAQUE_TOKEN:
		return json_split_read_opaque_token(s, p, end);
	case IN_KEY:
	case IN_STRING:
		return json_split_read_string(s, p, end);
	case IN_TOKEN:
		return json_split_read_token(s, p, end);
	default:
		while (p < end && is_space(*p))
			p++;
		return p == end ? p : read_mark(s, p);
	}
}

static bool
in_slice(const struct json_split *s)
{
	return (s->state == IN_OPAQUE || s->state == IN_OPAQUE_TOKEN) &&
	       s->slice != NULL;
}

bool
json_split_feed(struct json_split *s, const char *data, size_t len)
{
	const char *p = len > 0 ? data : "", *end = p + len;

	s->data = s->from = p;
	while (p < end && s->state != NOT_JSON && s->state != STOPPED)
		p = read_some(s, p, end);
	if (in_slice(s))
		json_split_keep(s, end);
	s->fed += len;
	return s->state != NOT_JSON && s->state != STOPPED;
}

enum json_split_result
json_split_end(struct json_split *s)
{
	/* A number or word at the top ends with the document, which nothing else tells. */
	s->data = s->from = "";
	if (s->frames == 0 && s->state == IN_TOKEN && json_split_token_is_whole(s))
		json_split_value_ended(s);
	if (s->frames == 0 && s->state == IN_OPAQUE_TOKEN)
		(void)json_split_opaque_end(s, s->from);
	switch (s->state) {
	case AT_END:
		return JSON_SPLIT_COMPLETE;
	case NOT_JSON:
		return JSON_SPLIT_NOT_JSON;
	case STOPPED:
		return JSON_SPLIT_STOPPED;
	default:
		return JSON_SPLIT_CUT;
	}
}

const char *
json_split_fault(const struct json_split *s, uint64_t *at)
{
	*at = s->why_at;
	return s->why;
}
