/*
 * json_split_opaque.c - values that no path leads into: skipped, or handed out as slices.
 *
 * Only strings, their escapes and brackets are followed.
 */
#include <string.h>

#include "bot/base/json_scan_priv.h"
#include "bot/base/json_split_priv.h"

/* Puts what of the slice is in data, up to p, aside, unless it is refused already. */
void
json_split_keep(struct json_split *s, const char *p)
{
	size_t n = (size_t)(p - s->from);

	s->slice_len += n;
	s->too_long = s->slice_len > s->size_max;
	if (s->too_long || s->too_deep) {
		if (s->kept.len > JSON_SPLIT_PREFIX)
			s->kept.len = JSON_SPLIT_PREFIX;
		if (n > JSON_SPLIT_PREFIX - s->kept.len)
			n = JSON_SPLIT_PREFIX - s->kept.len;
	}
	buf_add(&s->kept, s->from, n);
}

/* At most JSON_SPLIT_PREFIX bytes of s, and no part of a character at its end. */
static struct str
prefix(struct str s)
{
	size_t lead = 0;

	if (s.len > JSON_SPLIT_PREFIX)
		s.len = JSON_SPLIT_PREFIX;
	while (lead < 3 && lead < s.len && (s.p[s.len - 1 - lead] & 0xC0) == 0x80)
		lead++;
	if (lead < s.len) {
		unsigned char c = (unsigned char)s.p[s.len - 1 - lead];
		size_t need = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

		if (lead < need)
			s.len -= lead + 1;
	}
	return s;
}

/* The slice ends before p. */
static void
slice_end(struct json_split *s, const char *p, bool broken)
{
	struct str text = str_n(s->from, (size_t)(p - s->from));
	enum json_piece_kind kind = JSON_PIECE_SLICE;

	if (s->slice == NULL)
		return;
	if (s->slice_len > 0) {
		json_split_keep(s, p);
		text = buf_str(&s->kept);
	} else {
		s->too_long = text.len >
		              s->size_max; /* all of it is in data: not copied */
	}
	if (broken)
		kind = JSON_PIECE_BROKEN;
	else if (s->too_deep)
		kind = JSON_PIECE_TOO_DEEP;
	else if (s->too_long)
		kind = JSON_PIECE_TOO_LONG;
	json_split_tell(s, s->slice, kind,
	    kind == JSON_PIECE_SLICE ? text : prefix(text));
}

const char *
json_split_opaque_end(struct json_split *s, const char *p)
{
	json_split_value_ended(s);
	slice_end(s, p, false);
	return p;
}

const char *
json_split_opaque_begin(struct json_split *s, const char *p, const struct path *slice)
{
	bool bracket = *p == '{' || *p == '[';

	s->slice = slice;
	s->from = p;
	s->slice_len = 0;
	s->too_deep = s->too_long = false;
	buf_clear(&s->kept);
	s->nested = 0;
	s->escaped = false;
	s->quoted = *p == '"';
	s->state = bracket || s->quoted ? IN_OPAQUE : IN_OPAQUE_TOKEN;
	return s->quoted ? p + 1 : p;
}

/* Up to the closing quote and behind it. */
static const char *
opaque_string(struct json_split *s, const char *p, const char *end)
{
	if (s->escaped && p < end) {
		s->escaped = false;
		p++;
	}
	while ((p = json_scan_quote(p, end)) < end) {
		if (*p == '"') {
			s->quoted = false;
			return p + 1;
		}
		if (end - p < 2) {
			s->escaped = true;
			return end;
		}
		p += 2;
	}
	return p;
}

static void
opaque_open(struct json_split *s, char closer)
{
	if (s->nested < JSON_SPLIT_DEPTH_LIMIT)
		s->closer[s->nested] = closer;
	s->nested++;
	if (s->nested > s->depth_max)
		s->too_deep = true;
}

static bool
opaque_close(struct json_split *s, char closer)
{
	s->nested--;
	return s->nested >= JSON_SPLIT_DEPTH_LIMIT || s->closer[s->nested] == closer;
}

const char *
json_split_read_opaque(struct json_split *s, const char *p, const char *end)
{
	static const bool marks[256] = {
		['"'] = true,
		['['] = true,
		[']'] = true,
		['{'] = true,
		['}'] = true,
	};

	while (p < end) {
		if (s->quoted) {
			p = opaque_string(s, p, end);
			if (!s->quoted && s->nested == 0)
				return json_split_opaque_end(s, p);
			continue;
		}
		while (p < end && !marks[(unsigned char)*p])
			p++;
		if (p == end)
			break;
		if (*p == '"') {
			s->quoted = true;
		} else if (*p == '{') {
			opaque_open(s, '}');
		} else if (*p == '[') {
			opaque_open(s, ']');
		} else if (!opaque_close(s, *p)) {
			json_split_wrong(s, p, "brackets do not match");
			slice_end(s, p, true);
			return p;
		} else if (s->nested == 0) {
			return json_split_opaque_end(s, p + 1);
		}
		p++;
	}
	return p;
}

const char *
json_split_read_opaque_token(struct json_split *s, const char *p, const char *end)
{
	while (p < end && !json_split_ends_token(*p) && *p != '"' && *p != '[' &&
	       *p != '{')
		p++;
	return p == end ? p : json_split_opaque_end(s, p);
}
