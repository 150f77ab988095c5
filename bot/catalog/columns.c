/*
 * columns.c - what a column of a CSV file can be, and how its cells are read.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/columns_priv.h"
#include "bot/catalog/draft_priv.h"
#include "bot/catalog/mapping_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/base/yaml.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

/* Says why a cell cannot be read; what can be read in two ways is left out. */
static void
complain(struct row_reading *row, struct str cell, const char *why)
{
	enum remark_kind kind = why == value_unclear ? REMARK_UNCLEAR : REMARK_WRONG;

	if (cell.len > 60)
		cell = utf8_cut(cell, 60);
	remarks_add(row->r, kind, row->heading, "\"%.*s\" %s", STR_ARG(cell), why);
}

/* A word that no table has says something, but nothing that can be searched for. */
static void
not_understood(struct row_reading *row, struct str cell)
{
	struct buf json = { 0 };

	buf_add_json(&json, cell);
	row->keep(row->arg, row->heading, buf_str(&json));
	buf_fini(&json);
}

/* Calls one for each part of a list: "a; b", "a|b", or one part a line. */
static void
each_part(struct row_reading *row, struct str cell,
    void (*one)(struct row_reading *row, struct str part))
{
	char sep = '\0';
	int n = 0;

	if (memchr(cell.p, ';', cell.len) != NULL)
		sep = ';';
	else if (memchr(cell.p, '|', cell.len) != NULL)
		sep = '|';
	else if (memchr(cell.p, '\n', cell.len) != NULL)
		sep = '\n';
	while (cell.p != NULL && n++ < PROGRAM_LIST_MAX) {
		struct str part = str_trim(str_cut(&cell, sep));

		if (part.len > 0)
			one(row, part);
	}
}

#define COLUMN(fn, what)                                                               \
	static void fn(struct row_reading *row, struct str cell)                       \
	{                                                                              \
		what;                                                                  \
	}
#define LINE(fn, to) COLUMN(fn, (to) = draft_line(row->a, cell))
/* A value that must be right if it is there. */
#define VALUE(fn, read)                                                                \
	COLUMN(fn, const char *why = read; if (why != NULL) complain(row, cell, why))
/* A word that may be one we do not know. */
#define WORD(fn, read) COLUMN(fn, if ((read) != NULL) not_understood(row, cell))

static void
language(struct row_reading *row, struct str cell)
{
	const char *tag, *why = value_language(row->a, cell, &tag);

	if (why != NULL)
		complain(row, cell, why);
	else
		(void)draft_name(row->a, &row->p->teaching_langs, tag);
}

static void
isced(struct row_reading *row, struct str cell)
{
	char code[5];
	const char *why = value_isced(cell, code);

	if (why != NULL)
		complain(row, cell, why);
	else
		(void)draft_name(row->a, &row->p->fields, arena_strdup(row->a, code));
}

static void
cip(struct row_reading *row, struct str cell)
{
	(void)draft_name(row->a, &row->p->subjects,
	    draft_line(row->a,
		str_of(arena_printf(row->a, "cip:%.*s", STR_ARG(cell)))));
}

static void
outcome(struct row_reading *row, struct str cell)
{
	struct program_outcome o = { 0 };

	(void)draft_text(row->a, &o.text, "", draft_line(row->a, cell));
	(void)draft_outcome(row->a, row->p, o);
}

static const char *
read_number(struct row_reading *row, struct str cell, double max, double *out)
{
	double n;
	const char *why = value_number(cell, &n, NULL);

	(void)row;
	if (why == NULL && n > max)
		why = "is larger than can be true";
	if (why == NULL)
		*out = n;
	return why;
}

static void
credits(struct row_reading *row, struct str cell, const char *system)
{
	double n = NUMBER_UNKNOWN;
	struct str unit = { "", 0 };
	const char *why = value_number(cell, &n, &unit);

	if (why != NULL) {
		complain(row, cell, why);
		return;
	}
	if (unit.len > 0 && system == NULL) /* "7.5 ECTS" */
		system = draft_line(row->a, unit);
	if (system != NULL && strncasecmp(system, "ECTS", 4) == 0)
		system = "ECTS";
	(void)draft_credit(row->a, row->p, system == NULL ? "" : system, n);
}

static void
hours(struct row_reading *row, struct str cell)
{
	const char *why = value_hours(cell, &row->p->hours);

	if (why == NULL && row->p->hours > 100000)
		why = "is larger than can be true";
	if (why != NULL)
		complain(row, cell, why);
}

static void
duration(struct row_reading *row, struct str cell)
{
	const char *why = value_durations(cell, &row->p->min_days, &row->p->max_days);

	row->p->duration = draft_line(row->a, cell);
	if (why != NULL) /* "two terms": the words are kept */
		row->p->min_days = row->p->max_days = NUMBER_UNKNOWN;
}

static void
mode(struct row_reading *row, struct str cell)
{
	unsigned bit = 0;

	if (value_mode(cell, &bit) != NULL)
		not_understood(row, cell);
	row->p->modes |= bit;
}

static const char *
read_date(struct row_reading *row, struct str cell, const char **out)
{
	char date[DATE_MAX];
	const char *why = value_date(cell, row->map->dates, date);

	if (why == NULL)
		*out = arena_strdup(row->a, date);
	return why;
}

static const char *
read_url(struct row_reading *row, struct str cell, const char **out)
{
	const char *why = value_url(cell);

	if (why == NULL)
		*out = draft_line(row->a, cell);
	return why;
}

static void
accreditation(struct row_reading *row, struct str cell)
{
	if (value_quality(cell, &row->p->quality) == NULL)
		return;
	/* The name of whoever accredits. */
	row->p->quality = QUALITY_ACCREDITED;
	row->p->quality_by = draft_line(row->a, cell);
}

static void
stackable(struct row_reading *row, struct str cell)
{
	enum known yes = KNOWN_NOT;

	if (value_yes_no(cell, &yes) != NULL)
		not_understood(row, cell);
	else
		row->p->standalone = yes == KNOWN_YES ? KNOWN_NO : KNOWN_YES;
}

static void
rating(struct row_reading *row, struct str cell)
{
	double n, max = row->map->rating_max;
	const char *why = read_number(row, cell, max, &n);

	if (why != NULL)
		complain(row, cell, why);
	else
		row->p->rating = n * 5 / max;
}

static void
rating_count(struct row_reading *row, struct str cell)
{
	if (str_to_int(cell, 0, INT64_MAX, &row->p->rating_count) != RC_OK)
		complain(row, cell, "is no whole number");
}

static void
price_minor(struct row_reading *row, struct str cell)
{
	if (str_to_int(cell, 0, (int64_t)1 << 53, &row->minor) != RC_OK)
		complain(row, cell, "is no whole number of minor units (cents)");
}

static void
tag(struct row_reading *row, struct str cell)
{
	(void)draft_name(row->a, &row->p->tags, draft_line(row->a, cell));
}

static void
assessment(struct row_reading *row, struct str cell)
{
	(void)draft_name(row->a, &row->p->assessments, draft_line(row->a, cell));
}

static void
subject(struct row_reading *row, struct str cell)
{
	(void)draft_name(row->a, &row->p->subjects, draft_line(row->a, cell));
}

static void
stacks_into(struct row_reading *row, struct str cell)
{
	(void)draft_name(row->a, &row->p->stacks_into, draft_line(row->a, cell));
}

COLUMN(title,
    (void)draft_text(row->a, &row->p->title, row->lang, draft_line(row->a, cell)))
COLUMN(summary,
    (void)draft_text(row->a, &row->p->summary, row->lang, draft_block(row->a, cell)))
COLUMN(description, (void)draft_text(row->a, &row->p->description, row->lang,
			draft_block(row->a, cell)))
COLUMN(entry,
    (void)draft_text(row->a, &row->p->entry, row->lang, draft_block(row->a, cell)))
COLUMN(skills, each_part(row, cell, outcome))
COLUMN(languages, each_part(row, cell, language))
COLUMN(isceds, each_part(row, cell, isced))
COLUMN(cips, each_part(row, cell, cip))
COLUMN(subjects, each_part(row, cell, subject))
COLUMN(modes, each_part(row, cell, mode))
COLUMN(tags, each_part(row, cell, tag))
COLUMN(assessments, each_part(row, cell, assessment))
COLUMN(into, each_part(row, cell, stacks_into))
COLUMN(ects, credits(row, cell, "ECTS"))
COLUMN(any_credits, credits(row, cell, NULL))
COLUMN(price, row->price = cell; row->price_heading = row->heading)
COLUMN(ignore, (void)row; (void)cell)
LINE(id, row->p->id)
LINE(provider, row->p->provider)
LINE(provider_id, row->p->provider_id)
LINE(place, row->p->provider_place)
LINE(awarding_body, row->p->awarding_body)
LINE(code, row->p->code)
LINE(nqf, row->p->nqf)
LINE(quality_by, row->p->quality_by)
LINE(lang_level, row->p->lang_level)
LINE(run_place, row->run.place)
LINE(licence, row->p->licence)
VALUE(country, value_country(cell, row->p->provider_country))
VALUE(awarding_country, value_country(cell, row->p->awarding_country))
VALUE(currency, value_currency(cell, row->currency))
VALUE(eqf, value_eqf(cell, &row->p->eqf))
VALUE(url, read_url(row, cell, &row->p->url))
VALUE(provider_url, read_url(row, cell, &row->p->provider_url))
VALUE(start, read_date(row, cell, &row->run.start))
VALUE(end, read_date(row, cell, &row->run.end))
VALUE(deadline, read_date(row, cell, &row->run.deadline))
VALUE(weekly_hours, read_number(row, cell, 168, &row->p->weekly_hours))
WORD(type, value_type(cell, &row->p->type))
WORD(status, value_status(cell, &row->p->status))
WORD(pace, value_pace(cell, &row->p->pace))
WORD(is_free, value_yes_no(cell, &row->p->free))
WORD(aid, value_yes_no(cell, &row->p->aid))

/* Sorted by name. */
static const struct column columns[] = {
	{ "aid", aid },
	{ "assessment", assessments },
	{ "awarding_body", awarding_body },
	{ "awarding_country", awarding_country },
	{ "cip", cips },
	{ "code", code },
	{ "country", country },
	{ "credits", any_credits },
	{ "currency", currency },
	{ "deadline", deadline },
	{ "description", description },
	{ "duration", duration },
	{ "ects", ects },
	{ "end", end },
	{ "entry", entry },
	{ "eqf", eqf },
	{ "free", is_free },
	{ "hours", hours },
	{ "id", id },
	{ "ignore", ignore },
	{ "isced", isceds },
	{ "lang_level", lang_level },
	{ "language", languages },
	{ "licence", licence },
	{ "mode", modes },
	{ "nqf", nqf },
	{ "pace", pace },
	{ "place", place },
	{ "price", price },
	{ "price_minor", price_minor },
	{ "provider", provider },
	{ "provider_id", provider_id },
	{ "provider_url", provider_url },
	{ "quality", accreditation },
	{ "quality_by", quality_by },
	{ "rating", rating },
	{ "rating_count", rating_count },
	{ "run_place", run_place },
	{ "skills", skills },
	{ "stackable", stackable },
	{ "stacks_into", into },
	{ "start", start },
	{ "status", status },
	{ "subject", subjects },
	{ "summary", summary },
	{ "tags", tags },
	{ "title", title },
	{ "type", type },
	{ "url", url },
	{ "weekly_hours", weekly_hours },
};

static const struct column *
find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

const struct column *
column_named(struct str name)
{
	char text[32];

	if (name.len >= sizeof(text))
		return NULL;
	memcpy(text, name.p, name.len);
	text[name.len] = '\0';
	return find(text);
}

bool
column_known(struct str name)
{
	return column_named(name) != NULL;
}

const char *
column_nearest(struct str name)
{
	const char *names[ARRAY_LEN(columns) + 1] = { NULL };

	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		names[i] = columns[i].name;
	return yaml_nearest(name, names);
}
