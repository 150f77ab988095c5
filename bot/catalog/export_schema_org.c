/*
 * export_schema_org.c - programs in the words of schema.org, with what Google's "Course
 * info" asks for: provider, offers with their category, instances with their mode.
 */
#include <string.h>

#include "bot/catalog/export_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_facts.h"

static void
text(struct buf *out, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_printf(out, ",\"%s\":", name);
	buf_add_json(out, str_of(value));
}

/* A text whose language nobody named as it is, others as values with their languages. */
static void
texts(struct buf *out, const char *name, const struct texts *t)
{
	if (t->n == 0)
		return;
	if (t->n == 1 && t->at[0].lang[0] == '\0') {
		text(out, name, t->at[0].text);
		return;
	}
	buf_printf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < t->n; i++) {
		buf_adds(out, i == 0 ? "{\"@value\":" : ",{\"@value\":");
		buf_add_json(out, str_of(t->at[i].text));
		if (t->at[i].lang[0] != '\0') {
			buf_adds(out, ",\"@language\":");
			buf_add_json(out, str_of(t->at[i].lang));
		}
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void
list(struct buf *out, const char *name, const struct names *n)
{
	if (n->n == 0)
		return;
	buf_printf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < n->n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add_json(out, str_of(n->at[i]));
	}
	buf_addc(out, ']');
}

/* Programs by their ids, which are their @id, too. */
static void
references(struct buf *out, const char *name, const struct names *n)
{
	if (n->n == 0)
		return;
	buf_printf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < n->n; i++) {
		buf_adds(out, i == 0 ? "{\"@id\":" : ",{\"@id\":");
		buf_add_json(out, str_of(n->at[i]));
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void
body(struct buf *out, const char *term, const char *name, const char *url,
    const char *country, const char *place)
{
	if (name == NULL)
		return;
	buf_printf(out, ",\"%s\":{\"@type\":\"Organization\"", term);
	text(out, "name", name);
	text(out, "url", url);
	if (country[0] != '\0' || place != NULL) {
		buf_adds(out, ",\"address\":{\"@type\":\"PostalAddress\"");
		text(out, "addressCountry", country);
		text(out, "addressLocality", place);
		buf_addc(out, '}');
	}
	buf_addc(out, '}');
}

static void
awarded(struct buf *out, const struct program *p)
{
	if (p->type == PROGRAM_UNKNOWN || p->type == PROGRAM_COURSE)
		return;
	buf_adds(out, ",\"educationalCredentialAwarded\":{\"@type\":"
		      "\"EducationalOccupationalCredential\"");
	text(out, "credentialCategory", program_type_name(p->type));
	buf_addc(out, '}');
}

static void
outcomes(struct buf *out, const struct program *p)
{
	if (p->n_outcomes == 0)
		return;
	buf_adds(out, ",\"teaches\":[");
	for (size_t i = 0; i < p->n_outcomes; i++) {
		buf_printf(out, "%s{\"@type\":\"DefinedTerm\"", i == 0 ? "" : ",");
		texts(out, "name", &p->outcomes[i].text);
		text(out, "url", p->outcomes[i].skill);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

/* Fields of ISCED-F and subjects in the source's words. */
static void
about(struct buf *out, const struct program *p)
{
	size_t n = 0;

	if (p->fields.n + p->subjects.n == 0)
		return;
	buf_adds(out, ",\"about\":[");
	for (size_t i = 0; i < p->fields.n; i++)
		buf_printf(out,
		    "%s{\"@type\":\"DefinedTerm\",\"termCode\":\"%s\","
		    "\"inDefinedTermSet\":\"ISCED-F 2013\"}",
		    n++ == 0 ? "" : ",", p->fields.at[i]);
	for (size_t i = 0; i < p->subjects.n; i++) {
		const char *s = p->subjects.at[i];
		bool cip = strncmp(s, "cip:", 4) == 0;

		buf_adds(out, n++ == 0 ? "" : ",");
		if (cip)
			buf_adds(out, "{\"@type\":\"DefinedTerm\",\"termCode\":");
		buf_add_json(out, str_of(cip ? s + 4 : s));
		if (cip)
			buf_adds(out, ",\"inDefinedTermSet\":\"CIP\"}");
	}
	buf_addc(out, ']');
}

static void
level(struct buf *out, const struct program *p)
{
	if (p->eqf != EQF_UNKNOWN)
		buf_printf(out,
		    ",\"educationalAlignment\":{\"@type\":\"AlignmentObject\","
		    "\"educationalFramework\":\"European Qualifications Framework\","
		    "\"targetName\":\"EQF %d\"}",
		    p->eqf);
}

/* One value, or a list of those with their units. */
static void
credits(struct buf *out, const struct program *p)
{
	if (p->n_credits == 0)
		return;
	buf_printf(out,
	    ",\"numberOfCredits\":{\"@type\":\"StructuredValue\",\"value\":%.10g",
	    p->credits[0].value);
	text(out, "unitText", p->credits[0].system);
	buf_addc(out, '}');
}

static void
hours(struct buf *out, const char *name, double n)
{
	if (!(n >= 0))
		return;
	/* Minutes where hours would need decimals. */
	if (n * 60 - (double)(long long)(n * 60) < 1e-9 && n != (double)(long long)n)
		buf_printf(out, ",\"%s\":\"PT%lldM\"", name, (long long)(n * 60));
	else
		buf_printf(out, ",\"%s\":\"PT%.10gH\"", name, n);
}

static void
duration(struct buf *out, const struct program *p)
{
	char iso[32];

	if (p->max_days >= 0) {
		value_write_duration(p->max_days, iso, sizeof(iso));
		text(out, "timeToComplete", iso);
	}
}

static void
modes(struct buf *out, unsigned bits)
{
	bool first = true;

	if (bits == 0)
		return;
	buf_adds(out, ",\"courseMode\":[");
	for (unsigned bit = 1; bit < 1U << PROGRAM_MODES; bit <<= 1) {
		if ((bits & bit) == 0)
			continue;
		buf_printf(out, "%s\"%s\"", first ? "" : ",", program_mode_name(bit));
		first = false;
	}
	buf_addc(out, ']');
}

static void
instances(struct buf *out, const struct program *p)
{
	const struct program_run whole = { .modes = p->modes };
	const struct program_run *runs = p->n_runs > 0 ? p->runs : &whole;
	size_t n = p->n_runs > 0 ? p->n_runs : p->modes != 0;
	unsigned stated = 0;

	for (size_t i = 0; i < n; i++)
		stated |= runs[i].modes;
	if (n == 0)
		return;
	buf_adds(out, ",\"hasCourseInstance\":[");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s{\"@type\":\"CourseInstance\"", i == 0 ? "" : ",");
		/* Stated for the program as a whole: so for each. */
		modes(out, stated == 0 ? p->modes : runs[i].modes);
		text(out, "startDate", runs[i].start);
		text(out, "endDate", runs[i].end);
		if (runs[i].place != NULL) {
			buf_adds(out, ",\"location\":{\"@type\":\"Place\"");
			text(out, "name", runs[i].place);
			buf_addc(out, '}');
		}
		hours(out, "courseWorkload", p->hours);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

/* A deadline of a run has no place in an instance. */
static const char *
deadline(const struct program *p)
{
	for (size_t i = 0; i < p->n_runs; i++)
		if (p->runs[i].deadline != NULL)
			return p->runs[i].deadline;
	return NULL;
}

static void
offers(struct buf *out, const struct program *p)
{
	if (p->free != KNOWN_NOT)
		buf_printf(out, ",\"isAccessibleForFree\":%s",
		    p->free == KNOWN_YES ? "true" : "false");
	if (p->n_offers == 0)
		return;
	buf_adds(out, ",\"offers\":[");
	for (size_t i = 0; i < p->n_offers; i++) {
		const struct program_offer *o = &p->offers[i];
		const char *category = o->price == 0            ? "Free"
		                       : o->kind == OFFER_TOTAL ? "Total Cost"
		                                                : "Paid";

		buf_printf(out, "%s{\"@type\":\"Offer\",\"category\":\"%s\"",
		    i == 0 ? "" : ",", category);
		if (o->price != MONEY_UNKNOWN) {
			buf_adds(out, ",\"price\":\"");
			export_add_price(o, out);
			buf_addc(out, '"');
		}
		text(out, "priceCurrency", o->currency);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void
rating(struct buf *out, const struct program *p)
{
	if (!(p->rating >= 0))
		return;
	buf_printf(out,
	    ",\"aggregateRating\":{\"@type\":\"AggregateRating\",\"ratingValue\":%.10g,"
	    "\"bestRating\":5",
	    p->rating);
	if (p->rating_count > 0)
		buf_printf(out, ",\"ratingCount\":%lld", (long long)p->rating_count);
	buf_addc(out, '}');
}

static bool
is_more_than_a_course(enum program_type type)
{
	return type == PROGRAM_UNKNOWN || type == PROGRAM_DIPLOMA ||
	       type == PROGRAM_ASSOCIATE || type == PROGRAM_BACHELOR ||
	       type == PROGRAM_MASTER || type == PROGRAM_DOCTORATE ||
	       type == PROGRAM_APPRENTICESHIP;
}

void
export_schema_org_one(const struct program *p, bool first, struct buf *out)
{
	buf_printf(out, "%s{\"@context\":\"https://schema.org\",\"@type\":\"%s\"",
	    first ? "" : ",\n",
	    is_more_than_a_course(p->type) ? "EducationalOccupationalProgram"
					   : "Course");
	text(out, "@id", p->id);
	texts(out, "name", &p->title);
	texts(out, "abstract", &p->summary);
	texts(out, "description", &p->description);
	list(out, "inLanguage", &p->teaching_langs);
	text(out, "url", p->url);
	text(out, "courseCode", p->code);
	body(out, "provider", p->provider, p->provider_url, p->provider_country,
	    p->provider_place);
	body(out, "recognizedBy", p->awarding_body, NULL, p->awarding_country, NULL);
	awarded(out, p);
	outcomes(out, p);
	about(out, p);
	level(out, p);
	credits(out, p);
	hours(out, "timeRequired", p->hours);
	duration(out, p);
	text(out, "programType", program_pace_name(p->pace));
	texts(out, "coursePrerequisites", &p->entry);
	references(out, "hasPart", &p->parts);
	references(out, "isPartOf", &p->stacks_into);
	offers(out, p);
	instances(out, p);
	text(out, "applicationDeadline", deadline(p));
	rating(out, p);
	list(out, "keywords", &p->tags);
	text(out, "creativeWorkStatus", program_status_name(p->status));
	text(out, "license", p->licence);
	buf_addc(out, '}');
}
