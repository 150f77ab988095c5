/*
 * csv.c - a CSV file, row after row.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/csv_priv.h"
#include "credbot/base/alloc.h"

void
csv_init(struct csv *c, struct input *in, char separator)
{
	*c = (struct csv){ .in = in, .separator = separator };
}

void
csv_fini(struct csv *c)
{
	buf_fini(&c->text);
	free(c->start);
}

/* How often each separator is in the first line, outside of quotes; as far as it is in the
 * first block of the file. */
static char
most_frequent(const struct input *in)
{
	static const char candidates[] = ";,\t|";
	size_t n[sizeof(candidates)] = { 0 }, best = 1;
	bool quoted = false;

	for (size_t i = in->at; i < in->have; i++) {
		char ch = in->data[i];
		const char *found = strchr(candidates, ch);

		if (ch == '"')
			quoted = !quoted;
		else if (ch == '\n' && !quoted)
			break;
		else if (!quoted && ch != '\0' && found != NULL)
			n[found - candidates]++;
	}
	for (size_t i = 0; i < sizeof(candidates) - 1; i++)
		if (n[i] > n[best])
			best = i;
	return candidates[best];
}

/* "sep=;" in the first line: Excel's way to say it. */
static char
stated(struct input *in)
{
	const char *p = in->data + in->at;
	size_t left = in->have - in->at;
	char sep;

	if (left < 6 || strncasecmp(p, "sep=", 4) != 0 ||
	    (p[5] != '\n' && p[5] != '\r'))
		return '\0';
	sep = p[4];
	while (input_peek(in) >= 0 && input_get(in) != '\n')
		;
	return sep;
}

static void
begin_cell(struct csv *c)
{
	xgrow(&c->start, &c->cap, c->n + 2);
	c->start[c->n++] = c->text.len;
}

static enum rc
too_long(struct csv *c)
{
	c->in->rc = RC_INVALID;
	err_set(&c->in->err,
	    "%s:%lld: a row longer than %zu kB; is there a quote that is never closed?",
	    c->in->path, (long long)c->line, INPUT_RECORD_MAX >> 10);
	return RC_INVALID;
}

/* Behind the opening quote. */
static enum rc
take_quoted(struct csv *c)
{
	for (;;) {
		int ch = input_get(c->in);

		if (ch < 0) {
			if (c->in->rc == RC_OK) {
				c->in->rc = RC_INVALID;
				err_set(&c->in->err,
				    "%s:%lld: a quote that is never closed",
				    c->in->path, (long long)c->line);
			}
			return c->in->rc;
		}
		if (ch == '"') {
			if (input_peek(c->in) != '"')
				return RC_OK;
			ch = input_get(c->in);
		}
		buf_addc(&c->text, (char)ch);
		if (c->text.len > INPUT_RECORD_MAX)
			return too_long(c);
	}
}

/* Up to what ends the cell, a block at a time. */
static enum rc
take_plain(struct csv *c)
{
	struct input *in = c->in;

	while (input_peek(in) >= 0) {
		size_t from = in->at;

		while (in->at < in->have && in->data[in->at] != c->separator &&
		       in->data[in->at] != '\n')
			in->at++;
		buf_add(&c->text, in->data + from, in->at - from);
		if (c->text.len > INPUT_RECORD_MAX || c->n > INPUT_RECORD_MAX)
			return too_long(c);
		if (in->at < in->have)
			break;
	}
	return in->rc;
}

static enum rc
take_cell(struct csv *c)
{
	size_t closed;
	enum rc rc;

	begin_cell(c);
	if (input_peek(c->in) != '"')
		return take_plain(c);
	(void)input_get(c->in);
	rc = take_quoted(c);
	if (rc != RC_OK)
		return rc;
	closed = c->text.len;
	rc = take_plain(c);
	/* Spaces and the CR of the line's end may stand there. */
	if (str_trim(str_n(c->text.data + closed, c->text.len - closed)).len > 0)
		c->torn = true;
	else
		c->text.len = closed;
	return rc;
}

static enum rc
take_row(struct csv *c)
{
	enum rc rc;

	c->line = c->in->line;
	c->n = 0;
	c->torn = false;
	buf_clear(&c->text);
	do {
		rc = take_cell(c);
		if (rc != RC_OK)
			return rc;
	} while (
	    input_peek(c->in) == (unsigned char)c->separator && input_get(c->in) >= 0);
	(void)input_get(c->in); /* the line's end, or nothing */
	c->start[c->n] = c->text.len;
	return c->in->rc;
}

struct str
csv_cell(const struct csv *c, size_t i)
{
	return str_trim(
	    str_n(c->text.data + c->start[i], c->start[i + 1] - c->start[i]));
}

enum rc
csv_next(struct csv *c)
{
	enum rc rc;

	if (input_peek(c->in) >= 0 && c->line == 0) {
		char sep = stated(c->in);

		if (c->separator == '\0')
			c->separator = sep == '\0' ? most_frequent(c->in) : sep;
	}
	do {
		if (input_peek(c->in) < 0)
			return c->in->rc == RC_OK ? RC_NOTFOUND : c->in->rc;
		rc = take_row(c);
	} while (rc == RC_OK && c->n == 1 && csv_cell(c, 0).len == 0);
	return rc;
}
