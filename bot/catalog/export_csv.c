/*
 * export_csv.c - programs as CSV (RFC 4180): one row each, with headings that an import
 * understands.
 *
 * What fits in no row (more than one run, texts in other languages) is left out. A cell that
 * a spreadsheet would take for a formula gets an apostrophe in front: whoever wrote a title
 * must not be able to run something on the machine of whoever opens the list.
 */
#include <string.h>

#include "bot/catalog/export_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"

struct csv_column {
	const char *heading;
	void (*write)(const struct program *p, struct buf *cell);
};

static void
add(struct buf *cell, const char *text)
{
	buf_adds(cell, text == NULL ? "" : text);
}

static void
add_list(struct buf *cell, const struct names *n)
{
	for (size_t i = 0; i < n->n; i++)
		buf_printf(cell, "%s%s", i == 0 ? "" : "; ", n->at[i]);
}

static void
add_number(struct buf *cell, double v)
{
	if (v >= 0)
		buf_printf(cell, "%.10g", v);
}

#define CELL(fn, what)                                                                 \
	static void fn(const struct program *p, struct buf *cell)                      \
	{                                                                              \
		what;                                                                  \
	}

CELL(id, add(cell, p->id))
CELL(type, add(cell, program_type_name(p->type)))
CELL(status, add(cell, program_status_name(p->status)))
CELL(title, add(cell, text_in(&p->title, p->default_lang)))
CELL(summary, add(cell, text_in(&p->summary, p->default_lang)))
CELL(description, add(cell, text_in(&p->description, p->default_lang)))
CELL(provider, add(cell, p->provider))
CELL(place, add(cell, p->provider_place))
CELL(country, add(cell, p->provider_country))
CELL(awarding_body, add(cell, p->awarding_body))
CELL(url, add(cell, p->url))
CELL(code, add(cell, p->code))
CELL(isced, add_list(cell, &p->fields))
CELL(subject, add_list(cell, &p->subjects))
CELL(eqf, if (p->eqf != EQF_UNKNOWN) buf_printf(cell, "%d", p->eqf))
CELL(nqf, add(cell, p->nqf))
CELL(hours, add_number(cell, p->hours))
CELL(ects, add_number(cell, program_credits(p, "ECTS")))
CELL(weekly_hours, add_number(cell, p->weekly_hours))
CELL(pace, add(cell, program_pace_name(p->pace)))
CELL(language, add_list(cell, &p->teaching_langs))
CELL(assessment, add_list(cell, &p->assessments))
CELL(quality, add(cell, program_quality_name(p->quality)))
CELL(quality_by, add(cell, p->quality_by))
CELL(entry, add(cell, text_in(&p->entry, p->default_lang)))
CELL(lang_level, add(cell, p->lang_level))
CELL(into, add_list(cell, &p->stacks_into))
CELL(start, if (p->n_runs > 0) add(cell, p->runs[0].start))
CELL(end, if (p->n_runs > 0) add(cell, p->runs[0].end))
CELL(deadline, if (p->n_runs > 0) add(cell, p->runs[0].deadline))
CELL(rating, add_number(cell, p->rating))
CELL(tags, add_list(cell, &p->tags))

static void
rating_count(const struct program *p, struct buf *cell)
{
	if (p->rating_count > 0)
		buf_printf(cell, "%lld", (long long)p->rating_count);
}

static void
known(enum known v, struct buf *cell)
{
	if (v != KNOWN_NOT)
		buf_adds(cell, v == KNOWN_YES ? "yes" : "no");
}

CELL(is_free, known(p->free, cell))
CELL(aid, known(p->aid, cell))

static void
stackable(const struct program *p, struct buf *cell)
{
	if (p->standalone != KNOWN_NOT)
		known(p->standalone == KNOWN_NO ? KNOWN_YES : KNOWN_NO, cell);
}

static void
skills(const struct program *p, struct buf *cell)
{
	for (size_t i = 0; i < p->n_outcomes; i++) {
		const char *text = text_in(&p->outcomes[i].text, p->default_lang);

		if (text != NULL)
			buf_printf(cell, "%s%s", cell->len == 0 ? "" : "; ", text);
	}
}

static void
mode(const struct program *p, struct buf *cell)
{
	for (unsigned bit = 1; bit < 1U << PROGRAM_MODES; bit <<= 1)
		if ((p->modes & bit) != 0)
			buf_printf(cell, "%s%s", cell->len == 0 ? "" : "; ",
			    program_mode_name(bit));
}

static void
duration(const struct program *p, struct buf *cell)
{
	char iso[32];

	if (p->duration != NULL) {
		add(cell, p->duration);
	} else if (p->min_days >= 0 && p->min_days == p->max_days) {
		value_write_duration(p->min_days, iso, sizeof(iso));
		add(cell, iso);
	} else if (p->min_days >= 0 && p->max_days >= 0) {
		buf_printf(cell, "%.10g to %.10g days", p->min_days, p->max_days);
	}
}

/* The price of all of it; where there is none, none is better than a part. */
static void
price(const struct program *p, struct buf *cell)
{
	struct program_offer o = { 0 };
	const char *currency;

	if (!program_price(p, &o.price, &currency))
		return;
	memcpy(o.currency, currency, strlen(currency) + 1);
	export_add_price(&o, cell);
}

static void
currency(const struct program *p, struct buf *cell)
{
	const char *code;
	int64_t minor;

	if (program_price(p, &minor, &code))
		add(cell, code);
}

static const struct csv_column columns[] = {
	{ "id", id },
	{ "title", title },
	{ "type", type },
	{ "status", status },
	{ "provider", provider },
	{ "place", place },
	{ "country", country },
	{ "awarding_body", awarding_body },
	{ "url", url },
	{ "code", code },
	{ "summary", summary },
	{ "description", description },
	{ "skills", skills },
	{ "isced", isced },
	{ "subject", subject },
	{ "eqf", eqf },
	{ "nqf", nqf },
	{ "hours", hours },
	{ "ects", ects },
	{ "duration", duration },
	{ "weekly_hours", weekly_hours },
	{ "pace", pace },
	{ "mode", mode },
	{ "language", language },
	{ "assessment", assessment },
	{ "quality", quality },
	{ "quality_by", quality_by },
	{ "entry", entry },
	{ "lang_level", lang_level },
	{ "stackable", stackable },
	{ "stacks_into", into },
	{ "price", price },
	{ "currency", currency },
	{ "free", is_free },
	{ "aid", aid },
	{ "start", start },
	{ "end", end },
	{ "deadline", deadline },
	{ "rating", rating },
	{ "rating_count", rating_count },
	{ "tags", tags },
};

static void
add_cell(struct buf *out, struct str cell)
{
	bool formula = cell.len > 0 && strchr("=+-@", cell.p[0]) != NULL;
	bool quoted = formula;

	for (size_t i = 0; i < cell.len && !quoted; i++)
		quoted = strchr("\",\r\n", cell.p[i]) != NULL;
	if (!quoted) {
		buf_addstr(out, cell);
		return;
	}
	buf_adds(out, formula ? "\"'" : "\"");
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, cell.p[i]);
	}
	buf_addc(out, '"');
}

void
export_csv_begin(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		buf_printf(out, "%s%s", i == 0 ? "" : ",", columns[i].heading);
	buf_adds(out, "\r\n");
}

void
export_csv_one(const struct program *p, bool first, struct buf *out)
{
	struct buf cell = { 0 };

	(void)first;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		buf_clear(&cell);
		columns[i].write(p, &cell);
		if (i > 0)
			buf_addc(out, ',');
		add_cell(out, buf_str(&cell));
	}
	buf_adds(out, "\r\n");
	buf_fini(&cell);
}
