/*
 * program_form.c - the tables of the record catalog/1, in the order of the line.
 */
#include "bot/catalog/program_form_priv.h"
#include "credbot/catalog/program_facts.h"

/* A function that names the values of an enumeration, as one for any of them. */
#define NAMED(fn, type)                                                                \
	static const char *fn##_name_of(int value)                                     \
	{                                                                              \
		return fn##_name((type)value);                                         \
	}
NAMED(program_type, enum program_type)
NAMED(program_status, enum program_status)
NAMED(program_sync, enum program_sync)
NAMED(program_pace, enum program_pace)
NAMED(program_quality, enum program_quality)
NAMED(identity_check, enum identity_check)
NAMED(offer_kind, enum offer_kind)
NAMED(offer_per, enum offer_per)
NAMED(offer_for, enum offer_for)

_Static_assert(sizeof(enum program_type) == sizeof(int),
    "enumerations are read as int");
_Static_assert(sizeof(struct program) <= UINT16_MAX, "offsets have 16 bits");

#define AT(what, type, member) .kind = FORM_##what, .at = offsetof(struct type, member)
#define IN(table) .kind = FORM_OBJECT, .in = (table)
#define CODE(type, member)                                                             \
	AT(CODE, type, member), .size = sizeof(((struct type *)0)->member)
#define ENUM(type, member, fn)                                                         \
	AT(ENUM, type, member), .name = fn##_name_of, .value = fn##_of
#define LIST(member, type, table)                                                      \
	AT(LIST, program, member), .size = sizeof(struct type),                        \
				   .n_at = offsetof(struct program, n_##member),       \
				   .in = (table)

static const struct form provider[] = {
	{ "id", AT(TEXT, program, provider_id) },
	{ "name", AT(TEXT, program, provider) },
	{ "country", CODE(program, provider_country) },
	{ "place", AT(TEXT, program, provider_place) },
	{ "url", AT(TEXT, program, provider_url) },
	{ 0 },
};

static const struct form awarding_body[] = {
	{ "name", AT(TEXT, program, awarding_body) },
	{ "country", CODE(program, awarding_country) },
	{ 0 },
};

static const struct form outcome[] = {
	{ "text", AT(LINES, program_outcome, text) },
	{ "skill", AT(TEXT, program_outcome, skill) },
	{ 0 },
};

static const struct form credit[] = {
	{ "system", AT(ALWAYS, program_credit, system) },
	{ "value", AT(NUMBER, program_credit, value) },
	{ 0 },
};

static const struct form workload[] = {
	{ "hours", AT(NUMBER, program, hours) },
	{ "ects", .kind = FORM_ECTS },
	{ "credits", LIST(credits, program_credit, credit) },
	{ 0 },
};

static const struct form duration[] = {
	{ "min", AT(DAYS, program, min_days) },
	{ "max", AT(DAYS, program, max_days) },
	{ "text", AT(TEXT, program, duration) },
	{ 0 },
};

static const struct form quality[] = {
	{ "type", ENUM(program, quality, program_quality) },
	{ "by", AT(TEXT, program, quality_by) },
	{ "url", AT(TEXT, program, quality_url) },
	{ 0 },
};

static const struct form entry[] = {
	{ "text", AT(BLOCKS, program, entry) },
	{ "requires", AT(NAMES, program, requires) },
	{ "lang_level", AT(TEXT, program, lang_level) },
	{ 0 },
};

static const struct form stack[] = {
	{ "standalone", AT(KNOWN, program, standalone) },
	{ "into", AT(NAMES, program, stacks_into) },
	{ "parts", AT(NAMES, program, parts) },
	{ 0 },
};

static const struct form offer[] = {
	{ "price", AT(MINOR, program_offer, price) },
	{ "currency", CODE(program_offer, currency) },
	{ "kind", ENUM(program_offer, kind, offer_kind) },
	{ "per", ENUM(program_offer, per, offer_per) },
	{ "for", ENUM(program_offer, whom, offer_for) },
	{ 0 },
};

static const struct form run[] = {
	{ "start", AT(TEXT, program_run, start) },
	{ "end", AT(TEXT, program_run, end) },
	{ "deadline", AT(TEXT, program_run, deadline) },
	{ "mode", AT(MODES, program_run, modes) },
	{ "place", AT(TEXT, program_run, place) },
	{ "tz", AT(TEXT, program_run, tz) },
	{ 0 },
};

static const struct form rating[] = {
	{ "value", AT(NUMBER, program, rating) },
	{ "count", AT(COUNT, program, rating_count) },
	{ 0 },
};

static const struct form source[] = {
	{ "format", AT(TEXT, program, source_format) },
	{ "uri", AT(TEXT, program, source_uri) },
	{ "fetched", AT(TEXT, program, fetched) },
	{ "licence", AT(TEXT, program, licence) },
	{ 0 },
};

const struct form program_form[] = {
	{ "id", AT(TEXT, program, id) },
	{ "type", ENUM(program, type, program_type) },
	{ "status", ENUM(program, status, program_status) },
	{ "title", AT(LINES, program, title) },
	{ "summary", AT(BLOCKS, program, summary) },
	{ "description", AT(BLOCKS, program, description) },
	{ "default_lang", AT(TEXT, program, default_lang) },
	{ "provider", IN(provider) },
	{ "awarding_body", IN(awarding_body) },
	{ "url", AT(TEXT, program, url) },
	{ "code", AT(TEXT, program, code) },
	{ "outcomes", LIST(outcomes, program_outcome, outcome) },
	{ "field", AT(NAMES, program, fields) },
	{ "subject", AT(NAMES, program, subjects) },
	{ "eqf", AT(LEVEL, program, eqf) },
	{ "nqf", AT(TEXT, program, nqf) },
	{ "workload", IN(workload) },
	{ "duration", IN(duration) },
	{ "pace", ENUM(program, pace, program_pace) },
	{ "weekly_hours", AT(NUMBER, program, weekly_hours) },
	{ "mode", AT(MODES, program, modes) },
	{ "sync", ENUM(program, sync, program_sync) },
	{ "teaching_lang", AT(NAMES, program, teaching_langs) },
	{ "assessment", AT(NAMES, program, assessments) },
	{ "identity_check", ENUM(program, identity, identity_check) },
	{ "quality", IN(quality) },
	{ "entry", IN(entry) },
	{ "stack", IN(stack) },
	{ "offers", LIST(offers, program_offer, offer) },
	{ "free", AT(KNOWN, program, free) },
	{ "aid", AT(KNOWN, program, aid) },
	{ "runs", LIST(runs, program_run, run) },
	{ "rating", IN(rating) },
	{ "tags", AT(NAMES, program, tags) },
	{ "source", IN(source) },
	{ "extra", AT(EXTRA, program, extra) },
	{ 0 },
};
