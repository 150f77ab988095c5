/*
 * program_write.c - a record as one line of JSON, its keys always in the same order, so that
 * two records are equal when their lines are.
 */
#include <math.h>
#include <string.h>

#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

/* An object or list that is being written: whether a comma is due. */
struct out {
	struct buf *b;
	bool more;
};

static void
key(struct out *o, const char *name)
{
	buf_adds(o->b, o->more ? ",\"" : "\"");
	buf_adds(o->b, name);
	buf_adds(o->b, "\":");
	o->more = true;
}

static void
text(struct out *o, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	key(o, name);
	buf_add_json(o->b, str_of(value));
}

/* Ten digits are more than any of these has; what is read gives the same digits again. */
static void
add_number(struct buf *b, double v)
{
	buf_printf(b, "%.10g", v);
}

static void
number(struct out *o, const char *name, double value)
{
	if (!(value >= 0))
		return;
	key(o, name);
	add_number(o->b, value);
}

static void
known(struct out *o, const char *name, enum known value)
{
	if (value == KNOWN_NOT)
		return;
	key(o, name);
	buf_adds(o->b, value == KNOWN_YES ? "true" : "false");
}

static void
comma(struct out *o)
{
	if (o->more)
		buf_addc(o->b, ',');
	o->more = true;
}

static void
texts(struct out *o, const char *name, const struct texts *t)
{
	struct out in = { o->b, false };

	if (t->n == 0)
		return;
	key(o, name);
	buf_addc(o->b, '{');
	for (size_t i = 0; i < t->n; i++)
		text(&in, t->at[i].lang[0] == '\0' ? "und" : t->at[i].lang,
		    t->at[i].text);
	buf_addc(o->b, '}');
}

static void
names(struct out *o, const char *name, const struct names *n)
{
	struct out in = { o->b, false };

	if (n->n == 0)
		return;
	key(o, name);
	buf_addc(o->b, '[');
	for (size_t i = 0; i < n->n; i++) {
		comma(&in);
		buf_add_json(o->b, str_of(n->at[i]));
	}
	buf_addc(o->b, ']');
}

static void
modes(struct out *o, unsigned bits)
{
	struct out in = { o->b, false };

	if (bits == 0)
		return;
	key(o, "mode");
	buf_addc(o->b, '[');
	for (unsigned bit = 1; bit < 1U << PROGRAM_MODES; bit <<= 1) {
		if ((bits & bit) == 0)
			continue;
		comma(&in);
		buf_add_json(o->b, str_of(program_mode_name(bit)));
	}
	buf_addc(o->b, ']');
}

/* Begins an object at name; nothing is left of it when close() finds it empty. */
static struct out
open_object(struct out *o, const char *name, size_t *mark)
{
	*mark = o->b->len;
	buf_adds(o->b, o->more ? ",\"" : "\"");
	buf_adds(o->b, name);
	buf_adds(o->b, "\":{");
	return (struct out){ o->b, false };
}

static void
close_object(struct out *o, const struct out *in, size_t mark)
{
	if (in->more) {
		buf_addc(o->b, '}');
		o->more = true;
		return;
	}
	o->b->len = mark;
	o->b->data[mark] = '\0';
}

static void
provider(struct out *o, const struct program *p)
{
	size_t mark;
	struct out in = open_object(o, "provider", &mark);

	text(&in, "id", p->provider_id);
	text(&in, "name", p->provider);
	text(&in, "country", p->provider_country);
	text(&in, "place", p->provider_place);
	text(&in, "url", p->provider_url);
	close_object(o, &in, mark);
	in = open_object(o, "awarding_body", &mark);
	text(&in, "name", p->awarding_body);
	text(&in, "country", p->awarding_country);
	close_object(o, &in, mark);
}

static void
outcomes(struct out *o, const struct program *p)
{
	struct out list = { o->b, false };

	if (p->n_outcomes == 0)
		return;
	key(o, "outcomes");
	buf_addc(o->b, '[');
	for (size_t i = 0; i < p->n_outcomes; i++) {
		struct out in = { o->b, false };

		comma(&list);
		buf_addc(o->b, '{');
		texts(&in, "text", &p->outcomes[i].text);
		text(&in, "skill", p->outcomes[i].skill);
		buf_addc(o->b, '}');
	}
	buf_addc(o->b, ']');
}

static void
workload(struct out *o, const struct program *p)
{
	size_t mark;
	struct out in = open_object(o, "workload", &mark), list = { o->b, false };

	number(&in, "hours", p->hours);
	number(&in, "ects", program_credits(p, "ECTS"));
	if (p->n_credits > 0) {
		key(&in, "credits");
		buf_addc(o->b, '[');
		for (size_t i = 0; i < p->n_credits; i++) {
			comma(&list);
			buf_adds(o->b, "{\"system\":");
			buf_add_json(o->b, str_of(p->credits[i].system));
			buf_adds(o->b, ",\"value\":");
			add_number(o->b, p->credits[i].value);
			buf_addc(o->b, '}');
		}
		buf_addc(o->b, ']');
	}
	close_object(o, &in, mark);
}

static void
duration(struct out *o, const struct program *p)
{
	size_t mark;
	struct out in = open_object(o, "duration", &mark);
	char iso[32];

	if (p->min_days >= 0) {
		value_write_duration(p->min_days, iso, sizeof(iso));
		text(&in, "min", iso);
	}
	if (p->max_days >= 0) {
		value_write_duration(p->max_days, iso, sizeof(iso));
		text(&in, "max", iso);
	}
	text(&in, "text", p->duration);
	close_object(o, &in, mark);
}

static void
quality(struct out *o, const struct program *p)
{
	size_t mark;
	struct out in;

	names(o, "assessment", &p->assessments);
	text(o, "identity_check", identity_check_name(p->identity));
	in = open_object(o, "quality", &mark);
	text(&in, "type", program_quality_name(p->quality));
	text(&in, "by", p->quality_by);
	text(&in, "url", p->quality_url);
	close_object(o, &in, mark);
}

static void
entry(struct out *o, const struct program *p)
{
	size_t mark;
	struct out in = open_object(o, "entry", &mark);

	texts(&in, "text", &p->entry);
	names(&in, "requires", &p->requires);
	text(&in, "lang_level", p->lang_level);
	close_object(o, &in, mark);
	in = open_object(o, "stack", &mark);
	known(&in, "standalone", p->standalone);
	names(&in, "into", &p->stacks_into);
	names(&in, "parts", &p->parts);
	close_object(o, &in, mark);
}

static void
offers(struct out *o, const struct program *p)
{
	struct out list = { o->b, false };

	if (p->n_offers == 0)
		return;
	key(o, "offers");
	buf_addc(o->b, '[');
	for (size_t i = 0; i < p->n_offers; i++) {
		const struct program_offer *f = &p->offers[i];
		struct out in = { o->b, false };

		comma(&list);
		buf_addc(o->b, '{');
		if (f->price != MONEY_UNKNOWN) {
			key(&in, "price");
			buf_printf(o->b, "%lld", (long long)f->price);
		}
		text(&in, "currency", f->currency);
		text(&in, "kind", offer_kind_name(f->kind));
		text(&in, "per", offer_per_name(f->per));
		text(&in, "for", offer_for_name(f->whom));
		buf_addc(o->b, '}');
	}
	buf_addc(o->b, ']');
}

static void
runs(struct out *o, const struct program *p)
{
	struct out list = { o->b, false };

	if (p->n_runs == 0)
		return;
	key(o, "runs");
	buf_addc(o->b, '[');
	for (size_t i = 0; i < p->n_runs; i++) {
		const struct program_run *r = &p->runs[i];
		struct out in = { o->b, false };

		comma(&list);
		buf_addc(o->b, '{');
		text(&in, "start", r->start);
		text(&in, "end", r->end);
		text(&in, "deadline", r->deadline);
		modes(&in, r->modes);
		text(&in, "place", r->place);
		text(&in, "tz", r->tz);
		buf_addc(o->b, '}');
	}
	buf_addc(o->b, ']');
}

static void
rating_and_source(struct out *o, const struct program *p)
{
	size_t mark;
	struct out in = open_object(o, "rating", &mark);

	number(&in, "value", p->rating);
	if (p->rating_count > 0) {
		key(&in, "count");
		buf_printf(o->b, "%lld", (long long)p->rating_count);
	}
	close_object(o, &in, mark);
	names(o, "tags", &p->tags);
	in = open_object(o, "source", &mark);
	text(&in, "format", p->source_format);
	text(&in, "uri", p->source_uri);
	text(&in, "fetched", p->fetched);
	text(&in, "licence", p->licence);
	close_object(o, &in, mark);
}

void
program_write_json(const struct program *p, struct buf *out)
{
	struct out o = { out, false };

	buf_addc(out, '{');
	text(&o, "id", p->id);
	text(&o, "type", program_type_name(p->type));
	text(&o, "status", program_status_name(p->status));
	texts(&o, "title", &p->title);
	texts(&o, "summary", &p->summary);
	texts(&o, "description", &p->description);
	text(&o, "default_lang", p->default_lang);
	provider(&o, p);
	text(&o, "url", p->url);
	text(&o, "code", p->code);
	outcomes(&o, p);
	names(&o, "field", &p->fields);
	names(&o, "subject", &p->subjects);
	if (p->eqf != EQF_UNKNOWN)
		number(&o, "eqf", p->eqf);
	text(&o, "nqf", p->nqf);
	workload(&o, p);
	duration(&o, p);
	text(&o, "pace", program_pace_name(p->pace));
	number(&o, "weekly_hours", p->weekly_hours);
	modes(&o, p->modes);
	text(&o, "sync", program_sync_name(p->sync));
	names(&o, "teaching_lang", &p->teaching_langs);
	quality(&o, p);
	entry(&o, p);
	offers(&o, p);
	known(&o, "free", p->free);
	known(&o, "aid", p->aid);
	runs(&o, p);
	rating_and_source(&o, p);
	if (p->extra != NULL && p->extra[0] != '\0') {
		key(&o, "extra");
		buf_adds(out, p->extra);
	}
	buf_addc(out, '}');
}
