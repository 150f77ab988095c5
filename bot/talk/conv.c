/*
 * conv.c - the state of one conversation, to text and back.
 *
 *	turns 7
 *	topic can-it-replace-a-degree
 *	past what-is-a-microcredential
 *	option i more-detail Tell me more
 *
 * One name may stand on several lines. Line feeds within a value are written as \\n, and a
 * backslash as two. Names that are not known are passed over: another version wrote them.
 */
#include <string.h>

#include "bot/talk/conv_priv.h"

/* No count of a conversation comes near; more was written by somebody else. */
#define NUMBER_MAX 1000000000

/* --- reading */

/* Undoes write_text()'s escapes. */
static struct str
unescape(struct arena *a, struct str s)
{
	char *out, *w;

	if (s.len == 0 || memchr(s.p, '\\', s.len) == NULL)
		return s;
	out = w = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != '\\' || i + 1 == s.len)
			*w++ = s.p[i];
		else
			*w++ = s.p[++i] == 'n' ? '\n' : s.p[i];
	}
	return str_n(out, (size_t)(w - out));
}

static int64_t
number(struct str s)
{
	int64_t n = 0;

	(void)str_to_int(s, 0, NUMBER_MAX, &n);
	return n;
}

static void
read_option(struct conv *c, struct str value)
{
	struct str kind = str_cut(&value, ' '), target = str_cut(&value, ' ');

	if (kind.len != 1 || target.len == 0 || c->n_options == MESSAGE_BUTTONS_MAX)
		return;
	c->options[c->n_options++] = (struct option){ (enum option_kind)kind.p[0],
		target, value };
}

static void
read_past(struct conv *c, struct str value)
{
	if (c->n_past < CONV_PAST_MAX)
		c->past[c->n_past++] = value;
}

static void
read_depth(struct conv *c, struct str value)
{
	int64_t n = number(value);

	c->depth = n <= DEPTH_MORE ? (enum depth)n : DEPTH_BRIEF;
}

static void
read_asked(struct conv *c, struct str value)
{
	c->asked = number(value) != 0;
}

static void
read_slot(struct conv *c, struct str value)
{
	struct str name = str_cut(&value, ' ');

	conv_set_slot(c, name, value);
}

static void
read_count(struct conv *c, struct str value)
{
	struct str what = str_cut(&value, ' ');

	(void)conv_count(c, what, (int)number(value));
}

static void
read_page(struct conv *c, struct str value)
{
	if (c->seek.n_page < CONV_PAGE_MAX)
		c->seek.page[c->seek.n_page++] = value;
}

static void
read_shown(struct conv *c, struct str value)
{
	if (c->seek.n_shown < CONV_SHOWN_MAX)
		c->seek.shown[c->seek.n_shown++] = value;
}

/* How each name is read: as a text, as a number, or by a function. */
static const struct field {
	const char *name;
	size_t text;  /* offset of a struct str in struct conv, plus 1 */
	size_t whole; /* offset of an int, plus 1 */
	void (*read)(struct conv *c, struct str value);
} fields[] = {
	{ "option", 0, 0, read_option },
	{ "topic", offsetof(struct conv, topic) + 1, 0, NULL },
	{ "past", 0, 0, read_past },
	{ "depth", 0, 0, read_depth },
	{ "asked", 0, 0, read_asked },
	{ "yes", offsetof(struct conv, yes) + 1, 0, NULL },
	{ "no", offsetof(struct conv, no) + 1, 0, NULL },
	{ "then", offsetof(struct conv, then) + 1, 0, NULL },
	{ "said", offsetof(struct conv, said) + 1, 0, NULL },
	{ "dialog", offsetof(struct conv, dialog) + 1, 0, NULL },
	{ "waits_for", offsetof(struct conv, waits_for) + 1, 0, NULL },
	{ "reasked", 0, offsetof(struct conv, reasked) + 1, NULL },
	{ "slot", 0, 0, read_slot },
	{ "misses", 0, offsetof(struct conv, misses) + 1, NULL },
	{ "count", 0, 0, read_count },
	{ "turns", 0, offsetof(struct conv, turns) + 1, NULL },
	{ "wish", offsetof(struct conv, seek.wish) + 1, 0, NULL },
	{ "words", offsetof(struct conv, seek.words) + 1, 0, NULL },
	{ "wish_before", offsetof(struct conv, seek.before) + 1, 0, NULL },
	{ "hints", offsetof(struct conv, seek.hints) + 1, 0, NULL },
	{ "order", 0, offsetof(struct conv, seek.order) + 1, NULL },
	{ "asked_for", 0, offsetof(struct conv, seek.asked) + 1, NULL },
	{ "question", offsetof(struct conv, seek.question) + 1, 0, NULL },
	{ "page", 0, 0, read_page },
	{ "shown", 0, 0, read_shown },
	{ "focus", offsetof(struct conv, seek.focus) + 1, 0, NULL },
	{ "nothing", 0, offsetof(struct conv, seek.nothing) + 1, NULL },
	{ "listed_at", 0, offsetof(struct conv, seek.at) + 1, NULL },
};

static void
read_field(struct conv *c, struct str name, struct str value)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = &fields[i];

		if (!str_is(name, f->name))
			continue;
		if (f->text > 0)
			*(struct str *)((char *)c + f->text - 1) = value;
		else if (f->whole > 0)
			*(int *)((char *)c + f->whole - 1) = (int)number(value);
		else
			f->read(c, value);
		return;
	}
}

void
conv_read(struct arena *a, struct str state, struct conv *c)
{
	struct str rest = arena_str(a, state);

	*c = (struct conv){ 0 };
	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n'), name = str_cut(&line, ' ');

		if (line.p != NULL)
			read_field(c, name, unescape(a, line));
	}
}

/* --- writing */

static void
write_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\n')
			buf_adds(out, "\\n");
		else if (s.p[i] == '\\')
			buf_adds(out, "\\\\");
		else
			buf_addc(out, s.p[i]);
	}
}

/* A line, if there is a value. */
static void
write_text(struct buf *out, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_adds(out, name);
	buf_addc(out, ' ');
	write_escaped(out, value);
	buf_addc(out, '\n');
}

/* A line of a word and a value. */
static void
write_pair(struct buf *out, const char *name, struct str word, struct str value)
{
	buf_adds(out, name);
	buf_addc(out, ' ');
	buf_addstr(out, word);
	buf_addc(out, ' ');
	write_escaped(out, value);
	buf_addc(out, '\n');
}

static void
write_number(struct buf *out, const char *name, int n)
{
	if (n != 0)
		buf_printf(out, "%s %d\n", name, n);
}

static void
write_option(struct buf *out, const struct option *o)
{
	buf_adds(out, "option ");
	buf_addc(out, (char)o->kind);
	buf_addc(out, ' ');
	buf_addstr(out, o->target);
	if (o->kind != OPTION_TOPIC) {
		buf_addc(out, ' ');
		write_escaped(out, o->text);
	}
	buf_addc(out, '\n');
}

static void
write_seek(struct buf *out, const struct conv_seek *s)
{
	write_text(out, "wish", s->wish);
	write_text(out, "words", s->words);
	write_text(out, "wish_before", s->before);
	write_text(out, "hints", s->hints);
	write_number(out, "order", s->order);
	write_number(out, "asked_for", s->asked);
	write_text(out, "question", s->question);
	for (size_t i = 0; i < s->n_page; i++)
		write_text(out, "page", s->page[i]);
	for (size_t i = 0; i < s->n_shown; i++)
		write_text(out, "shown", s->shown[i]);
	write_text(out, "focus", s->focus);
	write_number(out, "nothing", s->nothing);
	write_number(out, "listed_at", s->at);
}

void
conv_write(const struct conv *c, struct buf *out)
{
	buf_reserve(out, 512); /* what most need, at once */
	write_number(out, "turns", c->turns);
	write_text(out, "topic", c->topic);
	write_number(out, "depth", (int)c->depth);
	for (size_t i = 0; i < c->n_past; i++)
		write_text(out, "past", c->past[i]);
	for (size_t i = 0; i < c->n_options; i++)
		write_option(out, &c->options[i]);
	write_number(out, "asked", c->asked);
	write_text(out, "yes", c->yes);
	write_text(out, "no", c->no);
	write_text(out, "then", c->then);
	write_text(out, "said", c->said);
	write_text(out, "dialog", c->dialog);
	write_text(out, "waits_for", c->waits_for);
	write_number(out, "reasked", c->reasked);
	for (size_t i = 0; i < c->n_slots; i++)
		write_pair(out, "slot", c->slots[i].name, c->slots[i].value);
	write_number(out, "misses", c->misses);
	for (size_t i = 0; i < c->n_counts; i++)
		buf_printf(out, "count %.*s %d\n", STR_ARG(c->counts[i].what),
		    c->counts[i].n);
	write_seek(out, &c->seek);
}

void
conv_set_topic(struct conv *c, struct str id, enum depth depth)
{
	c->depth = depth;
	if (str_eq(c->topic, id))
		return;
	if (c->topic.len > 0) {
		if (c->n_past == CONV_PAST_MAX)
			memmove(c->past, c->past + 1, --c->n_past * sizeof(c->past[0]));
		c->past[c->n_past++] = c->topic;
	}
	c->topic = id;
}

struct str
conv_back(struct conv *c)
{
	if (c->n_past == 0)
		return str_n("", 0);
	c->topic = c->past[--c->n_past];
	c->depth = DEPTH_BRIEF;
	return c->topic;
}

int
conv_count(struct conv *c, struct str what, int add)
{
	size_t i = 0;

	while (i < c->n_counts && !str_eq(c->counts[i].what, what))
		i++;
	if (i == c->n_counts) {
		if (add == 0 || i == CONV_COUNTS_MAX)
			return 0;
		c->counts[i].what = what;
		c->counts[i].n = 0;
		c->n_counts++;
	}
	c->counts[i].n += add;
	return c->counts[i].n;
}

void
conv_end_dialog(struct conv *c)
{
	c->dialog = c->waits_for = str_n("", 0);
	c->n_slots = 0;
	c->reasked = 0;
}

void
conv_set_slot(struct conv *c, struct str name, struct str value)
{
	size_t i = 0;

	while (i < c->n_slots && !str_eq(c->slots[i].name, name))
		i++;
	if (i == SLOTS_MAX)
		return;
	c->slots[i].name = name;
	c->slots[i].value = value;
	if (i == c->n_slots)
		c->n_slots++;
}

struct str
conv_slot(const struct conv *c, const char *name)
{
	for (size_t i = 0; i < c->n_slots; i++)
		if (str_is(c->slots[i].name, name))
			return c->slots[i].value;
	return str_n("", 0);
}
