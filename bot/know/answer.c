/*
 * answer.c - conditions and variables of articles.
 *
 * A text is walked line by line. A condition holds for the block that follows it: a list
 * item up to the next item or blank line, or a paragraph up to the blank line.
 */
#include <string.h>

#include "bot/know/kb_priv.h"
#include "credbot/base/markdown.h"
#include "credbot/base/utf8.h"
#include "credbot/know/answer.h"

static const struct {
	const char *name;
	unsigned bit;
} names[] = {
	{ "booking", CAP_BOOKING },
	{ "callback", CAP_CALLBACK },
	{ "catalog", CAP_CATALOG },
	{ "contact", CAP_CONTACT },
	{ "enquiry", CAP_ENQUIRY },
	{ "free-consultation", CAP_FREE_CONSULTATION },
	{ "handoff", CAP_HANDOFF },
	{ "profile", CAP_PROFILE },
};

#define COMBINATIONS (1u << ARRAY_LEN(names))

struct condition {
	unsigned bit;
	bool holds_if;
};

static bool
is_comment(struct str line)
{
	return line.len >= strlen("<!---->") && str_starts(line, "<!--") &&
	       str_ends(line, "-->");
}

/* Reads <!-- when: X --> or <!-- when: no X -->; false if line is no such comment. */
static bool
parse_condition(struct str line, struct condition *out)
{
	struct str s = str_trim(str_n(line.p + 4, line.len - 7));

	if (!str_starts(s, "when:"))
		return false;
	s = str_trim(str_n(s.p + 5, s.len - 5));
	out->holds_if = !str_starts(s, "no ");
	if (!out->holds_if)
		s = str_trim(str_n(s.p + 3, s.len - 3));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_is(s, names[i].name)) {
			out->bit = names[i].bit;
			return true;
		}
	}
	return false;
}

static bool
is_item(struct str line)
{
	struct str s = str_trim(line);

	return str_starts(s, "- ") || str_starts(s, "* ");
}

static bool
holds(const struct condition *c, unsigned have)
{
	return ((have & c->bit) != 0) == c->holds_if;
}

/* What a condition governs: nothing yet, one list item, or a paragraph. */
enum scope { SCOPE_NONE, SCOPE_NEXT, SCOPE_ITEM, SCOPE_PARAGRAPH };

/* The scope that a line stands in, given the one of the line before. */
static enum scope
next_scope(enum scope scope, struct str line)
{
	if (scope == SCOPE_NEXT)
		return is_item(line) ? SCOPE_ITEM : SCOPE_PARAGRAPH;
	if (str_trim(line).len == 0 || (scope == SCOPE_ITEM && is_item(line)))
		return SCOPE_NONE;
	return scope;
}

/* Calls fn for each line that is said with the capabilities have; blank lines included. */
static void
walk(struct str text, unsigned have, void (*fn)(void *arg, struct str line), void *arg)
{
	enum scope scope = SCOPE_NONE;
	struct condition c = { 0 };

	while (text.p != NULL) {
		struct str line = str_cut(&text, '\n'), bare = str_trim(line);

		if (is_comment(bare)) {
			scope = parse_condition(bare, &c) ? SCOPE_NEXT : SCOPE_NONE;
			continue;
		}
		scope = next_scope(scope, line);
		if (scope == SCOPE_NONE || holds(&c, have))
			fn(arg, line);
	}
}

struct rendering {
	const struct capabilities *caps;
	struct buf *out;
	size_t blank; /* blank lines that wait for the next text */
	bool begun;
};

static void
fill_in(struct rendering *r, struct str line)
{
	while (line.len > 0) {
		struct str rest = line, before = str_cut(&rest, '{');

		buf_addstr(r->out, before);
		if (rest.p == NULL)
			break;
		line = rest;
		if (str_starts(line, "contact}") && r->caps->contact != NULL) {
			buf_add_markdown(r->out, str_of(r->caps->contact));
			line = str_n(line.p + 8, line.len - 8);
		} else if (str_starts(line, "programs}") && r->caps->programs != NULL) {
			buf_adds(r->out, r->caps->programs);
			line = str_n(line.p + 9, line.len - 9);
		} else {
			buf_addc(r->out, '{');
		}
	}
}

static void
render_line(void *arg, struct str line)
{
	struct rendering *r = arg;

	if (str_trim(line).len == 0) {
		r->blank++;
		return;
	}
	if (r->begun)
		buf_adds(r->out, r->blank > 0 ? "\n\n" : "\n");
	r->begun = true;
	r->blank = 0;
	fill_in(r, line);
}

void
answer_render(struct str text, const struct capabilities *caps, struct buf *out)
{
	struct rendering r = { caps, out, 0, false };

	walk(text, caps->have, render_line, &r);
}

static void
count_words(void *arg, struct str line)
{
	size_t *n = arg;

	while (line.p != NULL)
		*n += utf8_wordiness(str_cut(&line, ' ')) > 0;
}

/* The capabilities that text asks for, so that others are not tried. */
static unsigned
asked_for(struct str text)
{
	unsigned bits = 0;

	while (text.p != NULL) {
		struct str line = str_trim(str_cut(&text, '\n'));
		struct condition c = { 0 };

		if (is_comment(line) && parse_condition(line, &c))
			bits |= c.bit;
	}
	return bits;
}

size_t
answer_words_max(struct str text)
{
	unsigned asked = asked_for(text);
	size_t max = 0;

	for (unsigned have = 0; have < COMBINATIONS; have++) {
		size_t n = 0;

		if ((have & ~asked) != 0)
			continue;
		walk(text, have, count_words, &n);
		if (n > max)
			max = n;
	}
	return max;
}

static void
find_quote(void *arg, struct str line)
{
	bool *found = arg;

	if (str_starts(str_trim(line), ">"))
		*found = true;
}

static unsigned
combinations_with_quote(struct str text, unsigned *tried)
{
	unsigned asked = asked_for(text), with = 0;

	*tried = 0;
	for (unsigned have = 0; have < COMBINATIONS; have++) {
		bool found = false;

		if ((have & ~asked) != 0)
			continue;
		walk(text, have, find_quote, &found);
		*tried += 1;
		with += found;
	}
	return with;
}

bool
answer_quotes_always(struct str text)
{
	unsigned tried;

	return combinations_with_quote(text, &tried) == tried;
}

bool
answer_quotes_ever(struct str text)
{
	unsigned tried;

	return combinations_with_quote(text, &tried) > 0;
}

static void
check_variables(struct str line, struct place at, struct faults *faults)
{
	struct str rest = line;

	while (rest.p != NULL) {
		(void)str_cut(&rest, '{');
		if (rest.p == NULL)
			return;
		if (str_starts(rest, "contact}") || str_starts(rest, "programs}"))
			continue;
		at.column = kb_column(line, rest.p) - 1;
		faults_add(faults, at,
		    "\"{\" starts a variable, and there are only {contact} and "
		    "{programs}");
	}
}

void
answer_check(struct str text, const char *file, int first_line, struct faults *faults)
{
	struct place at = { file, first_line, 1 };

	for (; text.p != NULL; at.line++) {
		struct str line = str_cut(&text, '\n'), bare = str_trim(line);
		struct condition c = { 0 };

		at.column = 1;
		if (is_comment(bare) && !parse_condition(bare, &c))
			faults_add(faults, at,
			    "no such condition; write <!-- when: X --> or <!-- when: "
			    "no X "
			    "--> with X one of booking, callback, catalog, contact, "
			    "enquiry, "
			    "free-consultation, handoff, profile");
		else
			check_variables(line, at, faults);
	}
}
