/*
 * telegram_text.c - a reply's Markdown as Telegram messages: plain text and entities.
 *
 * The reply becomes one text with spans first (markup_spans()), in bytes; then it is cut,
 * and each piece gets the parts of the spans that lie in it, in UTF-16 units.
 */
#include <assert.h>

#include "bot/chan/telegram_text.h"
#include "credbot/base/utf8.h"

#define ELLIPSIS "…"
#define ELLIPSIS_UNITS 1
/* These belong to the sentence before. */
#define CLOSING "\"')]”’»」』）"

/* Where a text may be cut, the best first. */
enum cut { CUT_PARAGRAPH, CUT_LINE, CUT_SENTENCE, CUT_WORD, CUT_GRAPHEME, CUTS };

struct source {
	struct str text;                 /* its ends are not blank */
	const struct markup_span *spans; /* none is blank */
	size_t n_spans;
};

/* How much a chunk may hold: at most so many units, and nothing at or behind end. */
struct room {
	size_t units, end;
};

/* Reads on, a grapheme cluster at a time, and remembers what it passed. */
struct scan {
	size_t end;     /* of the last cluster that can be seen */
	bool sentence;  /* that ends a sentence */
	bool ideograph; /* so much so that no space need follow */
	bool digit;     /* it is one */
	bool space;     /* behind it are spaces */
	size_t lines;   /* or line feeds */
};

/* The part of sp in [from, to) without blank ends; false if nothing is left. */
static bool
clip(struct str text, const struct markup_span *sp, size_t from, size_t to,
    struct markup_span *out)
{
	size_t start = sp->start > from ? sp->start : from;
	size_t end = sp->end < to ? sp->end : to;
	struct str part;

	if (start >= end)
		return false;
	part = utf8_trim(str_n(text.p + start, end - start));
	*out = (struct markup_span){
		.kind = sp->kind,
		.start = (size_t)(part.p - text.p),
		.end = (size_t)(part.p - text.p) + part.len,
	};
	return part.len > 0;
}

/* Where the first entity begins that is one too many for a chunk that begins at from. */
static size_t
entities_end(const struct source *src, size_t from, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < src->n_spans; i++)
		if (src->spans[i].end > from && ++n > max)
			return src->spans[i].start;
	return src->text.len;
}

static struct room
room_at(const struct source *src, const struct telegram_limits *l, size_t from)
{
	size_t end = entities_end(src, from, l->entities);

	if (end - from > l->bytes)
		end = from + l->bytes;
	return (struct room){ .units = l->units, .end = end };
}

static bool
is_one_of(int32_t rune, const char *set)
{
	struct str s = str_of(set);
	int32_t r;

	while ((r = utf8_next(&s)) >= 0)
		if (r == rune)
			return true;
	return false;
}

static void
scan_blank(struct scan *s, struct str cluster)
{
	int32_t rune = utf8_next(&cluster);

	if (rune == '\n')
		s->lines++;
	s->space = s->space || is_one_of(rune, " \t\n\u3000");
}

static void
scan_sign(struct scan *s, struct str cluster, size_t end)
{
	int32_t rune = utf8_next(&cluster);
	bool ideograph = is_one_of(rune, "。！？");

	if (!is_one_of(rune, CLOSING)) {
		s->ideograph = ideograph;
		s->sentence = ideograph || is_one_of(rune, ".!?…؟۔।");
		/* "12. " is the sign of an item far more often than the end of a sentence. */
		if (rune == '.' && s->digit)
			s->sentence = false;
	}
	s->digit = utf8_is_digit(rune);
	s->end = end;
	s->space = false;
	s->lines = 0;
}

static enum cut
scan_cut(const struct scan *s)
{
	if (s->lines > 1)
		return CUT_PARAGRAPH;
	if (s->lines == 1)
		return CUT_LINE;
	if (s->sentence && (s->space || s->ideograph))
		return CUT_SENTENCE;
	return s->space ? CUT_WORD : CUT_GRAPHEME;
}

/* When not even one cluster has room (letters can bear marks without end). */
static size_t
cut_cluster(const struct source *src, size_t from, const struct room *room)
{
	struct str rest = str_n(src->text.p + from, src->text.len - from);
	size_t units = 0, to = from;

	while (rest.len > 0) {
		units += utf8_next(&rest) >= 0x10000 ? 2 : 1;
		if (units > room->units || src->text.len - rest.len > room->end)
			break;
		to = src->text.len - rest.len;
	}
	return to;
}

/* Where the chunk that begins at from ends: all of the text, or the last of the best cuts.
 * Cuts better than best are no better than it. from is not blank. */
static size_t
find_cut(const struct source *src, size_t from, const struct room *room, enum cut best)
{
	struct str rest = str_n(src->text.p + from, src->text.len - from);
	size_t cuts[CUTS] = { 0 };
	struct scan s = { .end = from };
	size_t units = 0;

	if (rest.len <= room->units && src->text.len <= room->end)
		return src->text.len; /* as nearly always; a unit has at least a byte */
	while (rest.len > 0) {
		struct str cluster = utf8_next_grapheme(&rest);
		size_t end = src->text.len - rest.len;
		enum cut cut;

		units += utf8_units16(cluster);
		if (utf8_blank(cluster)) {
			scan_blank(&s, cluster);
			continue;
		}
		cut = scan_cut(&s);
		cuts[cut > best ? cut : best] = s.end;
		if (units > room->units || end > room->end)
			break;
		scan_sign(&s, cluster, end);
	}
	if (rest.len == 0 && s.end == src->text.len)
		return s.end;
	for (size_t i = 0; i < CUTS; i++)
		if (cuts[i] > from)
			return cuts[i];
	return cut_cluster(src, from, room);
}

static void
make_chunk(struct arena *a, const struct source *src, size_t from, size_t to, bool more,
    struct telegram_chunk *c)
{
	struct str text = str_n(src->text.p + from, to - from);
	struct telegram_entity *e = arena_zalloc(a, src->n_spans + 1,
	    sizeof(*e)); /* a chunk's share is less */
	struct markup_span part;

	c->text.p = arena_printf(a, "%.*s%s", STR_ARG(text), more ? ELLIPSIS : "");
	c->text.len = text.len + (more ? sizeof(ELLIPSIS) - 1 : 0);
	c->entities = e;
	c->n = 0;
	for (size_t i = 0; i < src->n_spans; i++) {
		if (!clip(src->text, &src->spans[i], from, to, &part))
			continue;
		e[c->n++] = (struct telegram_entity){
			.kind = part.kind,
			.offset = utf8_units16(
			    str_n(src->text.p + from, part.start - from)),
			.length = utf8_units16(
			    str_n(src->text.p + part.start, part.end - part.start)),
		};
	}
}

/* Behind what is blank at from. */
static size_t
skip_blank(const struct source *src, size_t from)
{
	struct str rest = str_n(src->text.p + from, src->text.len - from);
	size_t at;

	do
		at = src->text.len - rest.len;
	while (rest.len > 0 && utf8_blank(utf8_next_grapheme(&rest)));
	return at;
}

/* Where the last chunk ends if not all of the text has room: cut short anyhow, it holds as
 * much as possible. */
static size_t
cut_short(const struct source *src, size_t from, const struct telegram_limits *l)
{
	struct telegram_limits less = *l;
	struct room room;

	less.units -= ELLIPSIS_UNITS;
	less.bytes -= sizeof(ELLIPSIS) - 1;
	room = room_at(src, &less, from);
	return find_cut(src, from, &room, CUT_WORD);
}

static size_t
split(struct arena *a, const struct source *src, const struct telegram_limits *l,
    struct telegram_chunk *chunks)
{
	size_t n = 0, from = skip_blank(src, 0);

	while (from < src->text.len && n < l->chunks) {
		struct room room = room_at(src, l, from);
		size_t to = find_cut(src, from, &room, CUT_PARAGRAPH);
		bool more = to < src->text.len && n + 1 == l->chunks;

		if (more)
			to = cut_short(src, from, l);
		/* the start of an endless cluster can be blank though all of it is not */
		if (!utf8_blank(str_n(src->text.p + from, to - from)))
			make_chunk(a, src, from, to, more, &chunks[n++]);
		from = skip_blank(src, to);
	}
	return n;
}

size_t
telegram_text(struct arena *a, struct str markdown,
    const struct telegram_limits *limits, struct telegram_chunk **out)
{
	static const struct telegram_limits all = { TELEGRAM_UNITS_MAX,
		TELEGRAM_BYTES_MAX, TELEGRAM_ENTITIES_MAX, TELEGRAM_CHUNKS_MAX };
	const struct telegram_limits *l = limits != NULL ? limits : &all;
	struct markup_spans sp = { 0 };
	struct buf clean = { 0 };
	struct source src = { 0 };
	struct str seen;
	struct markup *m;
	size_t n;

	assert(l->units >= 3 && l->bytes >= 7 && l->entities >= 3 && l->chunks >= 1);
	utf8_clean(markdown, &clean);
	m = markup_parse(buf_str(&clean));
	markup_spans(m, &sp);

	src.text = buf_str(&sp.text);
	seen = utf8_trim(src.text);
	src.text.len = (size_t)(seen.p - src.text.p) + seen.len;
	src.spans = sp.v;
	for (size_t i = 0; i < sp.n; i++)
		if (clip(src.text, &sp.v[i], 0, src.text.len, &sp.v[src.n_spans]))
			src.n_spans++;

	*out = arena_zalloc(a, l->chunks, sizeof(**out));
	n = split(a, &src, l, *out);
	markup_spans_fini(&sp);
	markup_free(m);
	buf_fini(&clean);
	return n;
}

void
telegram_entities_json(const struct telegram_chunk *c, struct buf *out)
{
	static const char *const types[] = {
		[MARKUP_BOLD] = "bold",
		[MARKUP_ITALIC] = "italic",
		[MARKUP_CODE] = "code",
		[MARKUP_PRE] = "pre",
		[MARKUP_QUOTE] = "blockquote",
	};

	buf_addc(out, '[');
	for (size_t i = 0; i < c->n; i++) {
		const struct telegram_entity *e = &c->entities[i];

		buf_printf(out, "%s{\"type\":\"%s\",\"offset\":%zu,\"length\":%zu}",
		    i == 0 ? "" : ",", types[e->kind], e->offset, e->length);
	}
	buf_addc(out, ']');
}

void
telegram_chunk_json(const struct telegram_chunk *c, struct buf *out)
{
	buf_adds(out, "\"text\":");
	buf_add_json(out, c->text);
	if (c->n == 0)
		return;
	buf_adds(out, ",\"entities\":");
	telegram_entities_json(c, out);
}
