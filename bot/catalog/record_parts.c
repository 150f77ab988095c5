/*
 * record_parts.c - the parts of the record catalog/1 that are objects or lists: each has a
 * sorted table of its members.
 */
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/record_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

LINE(provider_id, "id", rd->p->provider_id)
LINE(provider_name, "name", rd->p->provider)
LINE(provider_place, "place", rd->p->provider_place)
COUNTRY(provider_country, "country", rd->p->provider_country)
URL(provider_url, "url", rd->p->provider_url)
static const struct member provider_members[] = {
	{ "country", provider_country },
	{ "id", provider_id },
	{ "name", provider_name },
	{ "place", provider_place },
	{ "url", provider_url },
};

LINE(awarding_name, "name", rd->p->awarding_body)
COUNTRY(awarding_country, "country", rd->p->awarding_country)
static const struct member awarding_members[] = {
	{ "country", awarding_country },
	{ "name", awarding_name },
};

TEXTS(outcome_text, "text", draft_line, rd->outcome.text)
LINE(outcome_skill, "skill", rd->outcome.skill)
static const struct member outcome_members[] = {
	{ "skill", outcome_skill },
	{ "text", outcome_text },
};

static void
credit_system(struct reading *rd, const struct json *v)
{
	const char *s = rd_line(rd, "system", v);

	rd->credit.system = s == NULL ? "" : s;
}

NUMBER(credit_value, "value", RECORD_HOURS_MAX, rd->credit.value)
static const struct member credit_members[] = {
	{ "system", credit_system },
	{ "value", credit_value },
};

static void
one_credit(struct reading *rd, const char *key, const struct json *v)
{
	rd->credit = (struct program_credit){ "", NUMBER_UNKNOWN };
	RD_OBJECT(rd, v, key, credit_members);
	if (rd->credit.value < 0)
		rd_wrong(rd, key, "has no value");
	else if (!draft_credit(rd->a, rd->p, rd->credit.system, rd->credit.value))
		rd_wrong(rd, key, "has too many elements");
}

void
read_ects(struct reading *rd, const struct json *v)
{
	double n = NUMBER_UNKNOWN;

	rd_number(rd, "ects", v, RECORD_HOURS_MAX, &n);
	if (n >= 0)
		(void)draft_credit(rd->a, rd->p, "ECTS", n);
}

MEMBER(credits, "credits", rd_each(rd, "credits", v, one_credit))
NUMBER(hours, "hours", RECORD_HOURS_MAX, rd->p->hours)
static const struct member workload_members[] = {
	{ "credits", credits },
	{ "ects", read_ects },
	{ "hours", hours },
};

MEMBER(duration_min, "min", rd_days(rd, "min", v, &rd->p->min_days))
MEMBER(duration_max, "max", rd_days(rd, "max", v, &rd->p->max_days))
LINE(duration_text, "text", rd->p->duration)
static const struct member duration_members[] = {
	{ "max", duration_max },
	{ "min", duration_min },
	{ "text", duration_text },
};

ENUM(quality_type, "type", enum program_quality, program_quality_of, rd->p->quality)
LINE(quality_by, "by", rd->p->quality_by)
URL(quality_url, "url", rd->p->quality_url)
static const struct member quality_members[] = {
	{ "by", quality_by },
	{ "type", quality_type },
	{ "url", quality_url },
};

TEXTS(entry_text, "text", draft_block, rd->p->entry)
NAMES(entry_requires, "requires", rd->p->requires)
LINE(entry_level, "lang_level", rd->p->lang_level)
static const struct member entry_members[] = {
	{ "lang_level", entry_level },
	{ "requires", entry_requires },
	{ "text", entry_text },
};

KNOWN(stack_standalone, "standalone", rd->p->standalone)
NAMES(stack_into, "into", rd->p->stacks_into)
NAMES(stack_parts, "parts", rd->p->parts)
static const struct member stack_members[] = {
	{ "into", stack_into },
	{ "parts", stack_parts },
	{ "standalone", stack_standalone },
};

MEMBER(offer_price, "price", rd_minor(rd, "price", v, &rd->offer.price))
MEMBER(offer_currency, "currency", rd_currency(rd, "currency", v, rd->offer.currency))
ENUM(offer_kind, "kind", enum offer_kind, offer_kind_of, rd->offer.kind)
ENUM(offer_per, "per", enum offer_per, offer_per_of, rd->offer.per)
ENUM(offer_for, "for", enum offer_for, offer_for_of, rd->offer.whom)
static const struct member offer_members[] = {
	{ "currency", offer_currency },
	{ "for", offer_for },
	{ "kind", offer_kind },
	{ "per", offer_per },
	{ "price", offer_price },
};

static void
one_offer(struct reading *rd, const char *key, const struct json *v)
{
	rd->offer = (struct program_offer){ .price = MONEY_UNKNOWN };
	RD_OBJECT(rd, v, key, offer_members);
	if (rd->offer.price != MONEY_UNKNOWN && rd->offer.price != 0 &&
	    rd->offer.currency[0] == '\0')
		rd_wrong(rd, key, "has a price and no currency");
	else if (!draft_offer(rd->a, rd->p, rd->offer))
		rd_wrong(rd, key, "has too many elements");
}

DATE(run_start, "start", rd->run.start)
DATE(run_end, "end", rd->run.end)
DATE(run_deadline, "deadline", rd->run.deadline)
MEMBER(run_mode, "mode", rd_modes(rd, "mode", v, &rd->run.modes))
LINE(run_place, "place", rd->run.place)
LINE(run_tz, "tz", rd->run.tz)
static const struct member run_members[] = {
	{ "deadline", run_deadline },
	{ "end", run_end },
	{ "mode", run_mode },
	{ "place", run_place },
	{ "start", run_start },
	{ "tz", run_tz },
};

static void
one_run(struct reading *rd, const char *key, const struct json *v)
{
	rd->run = (struct program_run){ 0 };
	RD_OBJECT(rd, v, key, run_members);
	if (!draft_run(rd->a, rd->p, rd->run))
		rd_wrong(rd, key, "has too many elements");
}

static void
one_outcome(struct reading *rd, const char *key, const struct json *v)
{
	rd->outcome = (struct program_outcome){ 0 };
	if (json_kind(v) == JSON_OBJECT)
		RD_OBJECT(rd, v, key, outcome_members);
	else
		rd_texts(rd, key, v, &rd->outcome.text, draft_line);
	if (!draft_outcome(rd->a, rd->p, rd->outcome))
		rd_wrong(rd, key, "has too many elements");
}

static void
one_field(struct reading *rd, const char *key, const struct json *v)
{
	const char *s = rd_line(rd, key, v), *why;
	char code[5];

	if (s == NULL)
		return;
	why = value_isced(str_of(s), code);
	if (why != NULL)
		rd_wrong_value(rd, key, str_of(s), why);
	else
		(void)draft_name(rd->a, &rd->p->fields, arena_strdup(rd->a, code));
}

static void
one_language(struct reading *rd, const char *key, const struct json *v)
{
	const char *s = rd_line(rd, key, v), *why, *tag;

	if (s == NULL)
		return;
	why = value_language(rd->a, str_of(s), &tag);
	if (why != NULL)
		rd_wrong_value(rd, key, str_of(s), why);
	else
		(void)draft_name(rd->a, &rd->p->teaching_langs, tag);
}

LINE(source_format, "format", rd->p->source_format)
LINE(source_uri, "uri", rd->p->source_uri)
DATE(source_fetched, "fetched", rd->p->fetched)
LINE(source_licence, "licence", rd->p->licence)
static const struct member source_members[] = {
	{ "fetched", source_fetched },
	{ "format", source_format },
	{ "licence", source_licence },
	{ "uri", source_uri },
};

static void
rating_count(struct reading *rd, const struct json *v)
{
	double n = 0;

	rd_number(rd, "count", v, 1e12, &n);
	rd->p->rating_count = (int64_t)n;
}

NUMBER(rating_value, "value", 5.0, rd->p->rating)
static const struct member rating_members[] = {
	{ "count", rating_count },
	{ "value", rating_value },
};

void
read_provider(struct reading *rd, const struct json *v)
{
	if (json_kind(v) == JSON_TEXT)
		rd->p->provider = rd_line(rd, "provider", v);
	else
		RD_OBJECT(rd, v, "provider", provider_members);
}

void
read_awarding_body(struct reading *rd, const struct json *v)
{
	if (json_kind(v) == JSON_TEXT)
		rd->p->awarding_body = rd_line(rd, "awarding_body", v);
	else
		RD_OBJECT(rd, v, "awarding_body", awarding_members);
}

void
read_rating(struct reading *rd, const struct json *v)
{
	if (json_kind(v) == JSON_NUMBER)
		rd_number(rd, "rating", v, 5.0, &rd->p->rating);
	else
		RD_OBJECT(rd, v, "rating", rating_members);
}

/* The members of a record that are objects or lists of these. */
#define PART(fn, what)                                                                 \
	void fn(struct reading *rd, const struct json *v)                              \
	{                                                                              \
		what;                                                                  \
	}
PART(read_hours, hours(rd, v))
PART(read_outcomes, rd_each(rd, "outcomes", v, one_outcome))
PART(read_fields, rd_each(rd, "field", v, one_field))
PART(read_languages, rd_each(rd, "teaching_lang", v, one_language))
PART(read_offers, rd_each(rd, "offers", v, one_offer))
PART(read_runs, rd_each(rd, "runs", v, one_run))
PART(read_workload, RD_OBJECT(rd, v, "workload", workload_members))
PART(read_duration, RD_OBJECT(rd, v, "duration", duration_members))
PART(read_quality, RD_OBJECT(rd, v, "quality", quality_members))
PART(read_entry, RD_OBJECT(rd, v, "entry", entry_members))
PART(read_stack, RD_OBJECT(rd, v, "stack", stack_members))
PART(read_source, RD_OBJECT(rd, v, "source", source_members))
