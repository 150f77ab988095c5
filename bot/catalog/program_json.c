/*
 * program_json.c - reads the record catalog/1 from JSON: its members, and what follows from
 * several of them.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/record_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

static void
eqf(struct reading *rd, const struct json *v)
{
	double n = json_number(v, -1);

	if (!(n >= 1 && n <= 8) || n != floor(n))
		rd_wrong(rd, "eqf", "must be a whole number from 1 to 8");
	else
		rd->p->eqf = (int)n;
}

static void
default_lang(struct reading *rd, const struct json *v)
{
	const char *why;
	struct str s;

	(void)json_text(v, &s);
	why = value_language(rd->a, s, &rd->p->default_lang);
	if (why != NULL)
		rd_wrong_value(rd, "default_lang", s, why);
}

static void
stackable(struct reading *rd, const struct json *v)
{
	enum known stackable = KNOWN_NOT;

	rd_known(rd, "stackable", v, &stackable);
	if (stackable != KNOWN_NOT)
		rd->p->standalone = stackable == KNOWN_YES ? KNOWN_NO : KNOWN_YES;
}

static void
flat_start(struct reading *rd, const struct json *v)
{
	rd->flat_run.start = rd_date(rd, "start", v);
	rd->has_flat_run = true;
}

static void
flat_deadline(struct reading *rd, const struct json *v)
{
	rd->flat_run.deadline = rd_date(rd, "deadline", v);
	rd->has_flat_run = true;
}

/* What an earlier import did not understand is kept as it is. */
static void
extra(struct reading *rd, const struct json *v)
{
	if (json_kind(v) != JSON_OBJECT) {
		rd_keep_extra(rd, "extra", v);
		return;
	}
	if (rd->extra.len > 0) { /* keys beside it that nobody knows: under one roof */
		rd_keep_extra(rd, "extra", v);
		return;
	}
	json_write(v, &rd->extra);
	rd->extra.len--; /* the brace: more may come */
	if (rd->extra.len == 1)
		buf_clear(&rd->extra);
}

LINE(id, "id", rd->p->id)
ENUM(type, "type", enum program_type, program_type_of, rd->p->type)
ENUM(status, "status", enum program_status, program_status_of, rd->p->status)
TEXTS(title, "title", draft_line, rd->p->title)
TEXTS(summary, "summary", draft_block, rd->p->summary)
TEXTS(description, "description", draft_block, rd->p->description)
LINE(code, "code", rd->p->code)
URL(url, "url", rd->p->url)
LINE(city, "city", rd->p->provider_place)
COUNTRY(country, "country", rd->p->provider_country)
MEMBER(currency, "currency", rd_currency(rd, "currency", v, rd->currency))
MEMBER(price_minor, "price_minor", rd_minor(rd, "price_minor", v, &rd->price))
NAMES(subjects, "subject", rd->p->subjects)
LINE(nqf, "nqf", rd->p->nqf)
ENUM(pace, "pace", enum program_pace, program_pace_of, rd->p->pace)
NUMBER(weekly_hours, "weekly_hours", 168.0, rd->p->weekly_hours)
MEMBER(mode, "mode", rd_modes(rd, "mode", v, &rd->p->modes))
ENUM(sync, "sync", enum program_sync, program_sync_of, rd->p->sync)
NAMES(assessment, "assessment", rd->p->assessments)
ENUM(identity, "identity_check", enum identity_check, identity_check_of,
    rd->p->identity)
KNOWN(is_free, "free", rd->p->free)
KNOWN(aid, "aid", rd->p->aid)
NAMES(tags, "tags", rd->p->tags)
LINE(flat_provider_id, "provider_id", rd->p->provider_id)

/* Sorted by key. */
static const struct member members[] = {
	{ "aid", aid },
	{ "assessment", assessment },
	{ "awarding_body", read_awarding_body },
	{ "city", city },
	{ "code", code },
	{ "country", country },
	{ "currency", currency },
	{ "deadline", flat_deadline },
	{ "default_lang", default_lang },
	{ "description", description },
	{ "duration", read_duration },
	{ "ects", read_ects },
	{ "entry", read_entry },
	{ "eqf", eqf },
	{ "extra", extra },
	{ "field", read_fields },
	{ "free", is_free },
	{ "hours", read_hours },
	{ "id", id },
	{ "identity_check", identity },
	{ "isced", read_fields },
	{ "language", read_languages },
	{ "mode", mode },
	{ "nqf", nqf },
	{ "offers", read_offers },
	{ "outcomes", read_outcomes },
	{ "pace", pace },
	{ "price_minor", price_minor },
	{ "provider", read_provider },
	{ "provider_id", flat_provider_id },
	{ "quality", read_quality },
	{ "rating", read_rating },
	{ "runs", read_runs },
	{ "skills", read_outcomes },
	{ "source", read_source },
	{ "stack", read_stack },
	{ "stackable", stackable },
	{ "start", flat_start },
	{ "status", status },
	{ "subject", subjects },
	{ "summary", summary },
	{ "sync", sync },
	{ "tags", tags },
	{ "teaching_lang", read_languages },
	{ "title", title },
	{ "type", type },
	{ "url", url },
	{ "weekly_hours", weekly_hours },
	{ "workload", read_workload },
};

static void
finish(struct reading *rd)
{
	struct program *p = rd->p;

	if (rd->price != MONEY_UNKNOWN) {
		struct program_offer o = { .price = rd->price };

		memcpy(o.currency, rd->currency, sizeof(o.currency));
		if (rd->price != 0 && o.currency[0] == '\0')
			rd_wrong(rd, "price_minor", "has no currency beside it");
		else
			(void)draft_offer(rd->a, p, o);
	}
	if (rd->has_flat_run)
		(void)draft_run(rd->a, p, rd->flat_run);
	if (p->id == NULL)
		rd_wrong(rd, "id", "is missing");
	if (p->title.n == 0)
		rd_wrong(rd, "title", "is missing");
	if (p->min_days >= 0 && p->max_days >= 0 && p->min_days > p->max_days)
		rd_wrong(rd, "duration", "is longer at least than at most");
	if (rd->extra.len > 0) {
		buf_addc(&rd->extra, '}');
		if (rd->extra.len <= PROGRAM_EXTRA_MAX)
			p->extra = arena_cstr(rd->a, buf_str(&rd->extra));
		else
			remarks_add(rd->r, REMARK_EXTRA, "extra",
			    "too long to be kept");
	}
	program_settle(rd->a, p);
}

enum rc
program_read_json(struct arena *a, const struct json *v, struct program *out,
    struct remarks *r)
{
	struct remarks own = { .a = a };
	struct reading rd = { .a = a,
		.p = out,
		.r = r == NULL ? &own : r,
		.index = RD_NO_INDEX,
		.table = members,
		.n = ARRAY_LEN(members),
		.price = MONEY_UNKNOWN };
	size_t before = rd.r->wrong;

	program_clear(out);
	if (json_kind(v) != JSON_OBJECT) {
		rd_wrong(&rd, "", "a record must be an object");
		return RC_INVALID;
	}
	rd_members(&rd, v);
	finish(&rd);
	buf_fini(&rd.extra);
	return rd.r->wrong == before ? RC_OK : RC_INVALID;
}

enum rc
program_parse_json(struct arena *a, struct str text, struct program *out,
    struct remarks *r)
{
	struct json *v = json_parse(text, PROGRAM_JSON_DEPTH);
	enum rc rc;

	if (v == NULL) {
		program_clear(out);
		remarks_add(r, REMARK_WRONG, "",
		    "is not JSON in UTF-8, or nested too deeply");
		return RC_INVALID;
	}
	rc = program_read_json(a, v, out, r);
	json_free(v);
	return rc;
}
