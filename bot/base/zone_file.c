/*
 * zone_file.c - reads zone files (TZif, RFC 9636). Leap seconds are not counted: no clock that
 * people set shows them.
 */
#include <stdio.h>
#include <string.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/alloc.h"

#define HEADER_SIZE 44
#define TYPE_SIZE 6
/* No block has more of anything; what promises more is damaged. */
#define COUNT_MAX ((size_t)64 * 1024)
/* Beyond RFC 9636, 3.2, which says 25 to the west and 26 to the east. */
#define OFFSET_MAX_S (26 * 3600)

/* The counts in a header, in their order there. */
struct header {
	size_t utc, std, leap, times, types, chars;
	int version;
};

static uint32_t
number(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Of 4 or of 8 bytes. */
static int64_t
time_at(const unsigned char *p, size_t size)
{
	if (size == 4)
		return (int32_t)number(p);
	return (int64_t)((uint64_t)number(p) << 32 | number(p + 4));
}

/* Takes it off; false: it is none, or promises more than a file may have. */
static bool
take_header(struct str *s, struct header *h)
{
	const unsigned char *p = (const unsigned char *)s->p;
	size_t *const counts[] = { &h->utc, &h->std, &h->leap, &h->times, &h->types,
		&h->chars };

	if (s->len < HEADER_SIZE || memcmp(p, "TZif", 4) != 0)
		return false;
	h->version = p[4];
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		*counts[i] = number(p + 20 + 4 * i);
		if (*counts[i] > COUNT_MAX)
			return false;
	}
	*s = str_n(s->p + HEADER_SIZE, s->len - HEADER_SIZE);
	return true;
}

static size_t
block_size(const struct header *h, size_t time_size)
{
	return h->times * (time_size + 1) + h->types * TYPE_SIZE + h->chars +
	       h->leap * (time_size + 4) + h->std + h->utc;
}

/* Four bytes of offset, one for daylight saving, one for where its letters begin. */
static bool
read_type(struct zone_local *t, const unsigned char *p, struct str chars)
{
	size_t at = p[5];

	t->offset_s = (int32_t)number(p);
	t->dst = p[4] != 0;
	if (at >= chars.len || memchr(chars.p + at, '\0', chars.len - at) == NULL ||
	    t->offset_s <= -OFFSET_MAX_S || t->offset_s >= OFFSET_MAX_S)
		return false;
	(void)snprintf(t->abbrev, sizeof(t->abbrev), "%s", chars.p + at);
	return true;
}

/* p: times, a type for each, the types, their letters. */
static bool
read_block(struct zone *z, const struct header *h, const unsigned char *p,
    size_t time_size)
{
	const unsigned char *index = p + h->times * time_size;
	const unsigned char *types = index + h->times;
	struct str chars = str_n((const char *)types + h->types * TYPE_SIZE, h->chars);

	if (h->types == 0)
		return false;
	z->types = xcalloc(h->types, sizeof(*z->types));
	for (; z->n_types < h->types; z->n_types++)
		if (!read_type(&z->types[z->n_types], types + TYPE_SIZE * z->n_types,
			chars))
			return false;
	z->listed = xcalloc(h->times + 1, sizeof(*z->listed));
	for (; z->n_listed < h->times; z->n_listed++) {
		struct zone_listed *l = &z->listed[z->n_listed];

		l->at_s = time_at(p + time_size * z->n_listed, time_size);
		l->type = index[z->n_listed];
		if (l->type >= h->types || (z->n_listed > 0 && l->at_s <= l[-1].at_s))
			return false;
	}
	return true;
}

/* Between line feeds; an empty one says nothing of the time behind the last change. */
static bool
read_footer(struct zone *z, struct str s)
{
	struct str text;

	if (s.len < 2 || s.p[0] != '\n')
		return false;
	s = str_n(s.p + 1, s.len - 1);
	text = str_cut(&s, '\n');
	if (s.p == NULL)
		return false;
	z->has_rule = text.len > 0;
	return !z->has_rule || zone_rule_read(text, &z->rule) == RC_OK;
}

bool
zone_file_read(struct zone *z, struct str bytes)
{
	struct str s = bytes;
	struct header h;
	size_t size;

	if (!take_header(&s, &h))
		return false;
	size = block_size(&h, 4);
	if (s.len < size)
		return false;
	if (h.version == 0)
		return read_block(z, &h, (const unsigned char *)s.p, 4);
	/* The first block is for readers that know times of four bytes alone. */
	s = str_n(s.p + size, s.len - size);
	if (!take_header(&s, &h))
		return false;
	size = block_size(&h, 8);
	if (s.len < size || !read_block(z, &h, (const unsigned char *)s.p, 8))
		return false;
	return read_footer(z, str_n(s.p + size, s.len - size));
}
