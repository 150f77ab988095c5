/*
 * import_schema_org.c - programs in the words of schema.org, as web pages and catalogs give
 * them: courses with their instances, programs, credentials.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/ld_program_priv.h"

/* Sorted by name. */
static const struct ld_program_type types[] = {
	{ "Course", PROGRAM_COURSE },
	{ "EducationalOccupationalCredential", PROGRAM_UNKNOWN },
	{ "EducationalOccupationalProgram", PROGRAM_UNKNOWN },
	{ "WorkBasedProgram", PROGRAM_UNKNOWN },
};

/* What is awarded says more than that it is a course. */
static void
category(struct ld_program *lp, const struct json *v)
{
	const char *word = v == NULL ? NULL : lp_word(lp, v);
	enum program_type type;

	if (word == NULL)
		return;
	if (value_type(str_of(word), &type) == NULL)
		lp->p->type = type;
	else
		lp_keep(lp, NULL, v);
}

static void
awarded(struct ld_program *lp, const struct json *v)
{
	const struct json *one = ld_node(lp->ld, v), *by;
	const char *name = ld_label(lp->ld, v);

	if (one == NULL) {
		category(lp, v);
		return;
	}
	category(lp, ld_get(lp->ld, one, "credentialCategory"));
	by = ld_get(lp->ld, one, "recognizedBy");
	if (by != NULL)
		lp_awarding(lp, by);
	(void)draft_name(lp->a, &lp->p->tags, name);
}

static void
credits(struct ld_program *lp, const struct json *v)
{
	const struct json *one = json_kind(v) == JSON_OBJECT ? v : ld_node(lp->ld, v);
	const char *text, *unit = NULL, *why;
	double n = NUMBER_UNKNOWN;

	if (one == NULL) {
		text = ld_text(lp->ld, v);
	} else {
		text = ld_text(lp->ld, ld_get(lp->ld, one, "value"));
		unit = ld_text(lp->ld, ld_get(lp->ld, one, "unitText"));
		if (unit == NULL)
			unit = ld_text(lp->ld, ld_get(lp->ld, one, "unitCode"));
		if (unit == NULL)
			unit = ld_text(lp->ld, ld_get(lp->ld, one, "creditUnitType"));
	}
	if (text == NULL)
		return;
	why = value_number(str_of(text), &n, NULL);
	if (why != NULL) {
		lp_complain(lp, text, why);
		return;
	}
	if (unit != NULL && strncasecmp(unit, "ECTS", 4) == 0)
		unit = "ECTS";
	(void)draft_credit(lp->a, lp->p, unit == NULL ? "" : unit, n);
}

/* An ISO length that is hours is a workload; one of weeks is how long it takes. */
static void
workload(struct ld_program *lp, const struct json *v)
{
	const char *text = ld_text(lp->ld, v);
	double hours;

	if (text == NULL)
		return;
	if (value_hours(str_of(text), &hours) == NULL) {
		if (lp->p->hours < 0)
			lp->p->hours = hours;
	} else if (value_duration(str_of(text), &lp->p->min_days) == NULL) {
		lp->p->max_days = lp->p->min_days;
	} else {
		lp_keep(lp, NULL, v); /* "2 hours of lectures, 1 hour of lab" */
	}
}

static void
length(struct ld_program *lp, const struct json *v)
{
	const char *text = ld_text(lp->ld, v), *why;

	if (text == NULL)
		return;
	why = value_durations(str_of(text), &lp->p->min_days, &lp->p->max_days);
	if (why != NULL)
		lp_complain(lp, text, why);
}

/* Three hours a week, ten times: 30 hours. */
static void
schedule(struct ld_program *lp, const struct json *v)
{
	const struct json *one = ld_node(lp->ld, v);
	const char *each = ld_text(lp->ld, ld_get(lp->ld, one, "duration"));
	const char *count = ld_text(lp->ld, ld_get(lp->ld, one, "repeatCount"));
	const char *every = lp_word(lp, ld_get(lp->ld, one, "repeatFrequency"));
	double hours, times;

	if (each == NULL || value_hours(str_of(each), &hours) != NULL)
		return;
	if (every != NULL &&
	    (strcasecmp(every, "Weekly") == 0 || strcmp(every, "P1W") == 0) &&
	    lp->p->weekly_hours < 0)
		lp->p->weekly_hours = hours;
	if (count != NULL && lp->p->hours < 0 &&
	    value_number(str_of(count), &times, NULL) == NULL && hours * times < 100000)
		lp->p->hours = hours * times;
}

/* Modes and paces stand in one list. */
static void
modes_into(struct ld_program *lp, const struct json *v, unsigned *modes)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const char *word = lp_word(lp, ld_at(v, i));
		unsigned bit;

		if (word == NULL)
			continue;
		if (value_mode(str_of(word), &bit) == NULL)
			*modes |= bit;
		else if (value_pace(str_of(word), &lp->p->pace) != NULL)
			lp_keep(lp, "courseMode", ld_at(v, i));
	}
}

static void
course_mode(struct ld_program *lp, const struct json *v)
{
	modes_into(lp, v, &lp->p->modes);
}

static void
program_type(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const char *word = lp_word(lp, ld_at(v, i));
		enum program_type type;

		if (word == NULL || value_pace(str_of(word), &lp->p->pace) == NULL)
			continue;
		if (value_type(str_of(word), &type) == NULL)
			lp->p->type = type;
		else
			lp_keep(lp, NULL, ld_at(v, i));
	}
}

static void
instance(struct ld_program *lp, const struct json *v)
{
	const struct json *one = ld_node(lp->ld, v), *in;
	struct program_run run = { 0 };

	if (one == NULL)
		return;
	lp_date(lp, ld_get(lp->ld, one, "startDate"), &run.start);
	lp_date(lp, ld_get(lp->ld, one, "endDate"), &run.end);
	modes_into(lp, ld_get(lp->ld, one, "courseMode"), &run.modes);
	run.place = ld_label(lp->ld, ld_get(lp->ld, one, "location"));
	workload(lp, ld_get(lp->ld, one, "courseWorkload"));
	in = ld_get(lp->ld, one, "courseSchedule");
	for (size_t i = 0; i < ld_count(in); i++)
		schedule(lp, ld_at(in, i));
	lp->p->modes |= run.modes;
	if (run.start != NULL || run.end != NULL || run.place != NULL)
		(void)draft_run(lp->a, lp->p, run);
}

/* The pace of one instance among others is not that of the program. */
static void
instances(struct ld_program *lp, const struct json *v)
{
	enum program_pace before = lp->p->pace;

	for (size_t i = 0; i < ld_count(v); i++)
		instance(lp, ld_at(v, i));
	if (ld_count(v) > 1)
		lp->p->pace = before;
}

/* What one must bring: a text, or courses and credentials by name. */
static void
entry(struct ld_program *lp, const struct json *v)
{
	struct buf all = { 0 };

	for (size_t i = 0; i < ld_count(v); i++) {
		const char *text = ld_label(lp->ld, ld_at(v, i));

		if (text != NULL)
			buf_printf(&all, "%s%s", all.len == 0 ? "" : "; ", text);
	}
	if (ld_count(v) == 1)
		ld_texts(lp->ld, v, &lp->p->entry, draft_block);
	if (lp->p->entry.n == 0)
		(void)draft_text(lp->a, &lp->p->entry, "",
		    draft_block(lp->a, buf_str(&all)));
	buf_fini(&all);
}

static bool
is_free_word(const char *word)
{
	return word != NULL && strcasecmp(word, "free") == 0;
}

static void
one_price(struct ld_program *lp, const struct json *offer, const struct json *spec)
{
	const struct json *price = ld_get(lp->ld, spec, "price");
	const char *currency = ld_text(lp->ld, ld_get(lp->ld, spec, "priceCurrency"));
	const char *kind = lp_word(lp, ld_get(lp->ld, offer, "category"));
	const char *text = ld_text(lp->ld, price);
	struct program_offer o = { .kind = OFFER_TUITION };

	if (currency == NULL)
		currency = ld_text(lp->ld, ld_get(lp->ld, offer, "priceCurrency"));
	if (kind != NULL && strcasecmp(kind, "Total Cost") == 0)
		o.kind = OFFER_TOTAL;
	if (text == NULL && is_free_word(kind))
		lp->p->free = KNOWN_YES;
	lp_offer(lp, text, currency, o);
}

static void
offers(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *offer = ld_node(lp->ld, ld_at(v, i)), *specs;

		specs = ld_get(lp->ld, offer, "priceSpecification");
		if (ld_get(lp->ld, offer, "price") != NULL || specs == NULL)
			one_price(lp, offer, offer);
		else
			for (size_t k = 0; k < ld_count(specs); k++)
				one_price(lp, offer, ld_node(lp->ld, ld_at(specs, k)));
	}
}

static void
yes_no(struct ld_program *lp, const struct json *v, enum known *out)
{
	const char *text = ld_text(lp->ld, v);

	if (json_kind(v) == JSON_BOOL)
		*out = json_is_true(v) ? KNOWN_YES : KNOWN_NO;
	else if (text == NULL || value_yes_no(str_of(lp_word(lp, v)), out) != NULL)
		lp_keep(lp, NULL, v);
}

static void
is_free(struct ld_program *lp, const struct json *v)
{
	yes_no(lp, v, &lp->p->free);
}

static void
aid(struct ld_program *lp, const struct json *v)
{
	yes_no(lp, v, &lp->p->aid);
}

static void
deadline(struct ld_program *lp, const struct json *v)
{
	lp_date(lp, v, &lp->run.deadline);
}

static void
summary(struct ld_program *lp, const struct json *v)
{
	ld_texts(lp->ld, v, &lp->p->summary, draft_block);
}

static void
assessments(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++)
		(void)draft_name(lp->a, &lp->p->assessments,
		    ld_label(lp->ld, ld_at(v, i)));
}

/* Ratings may go up to another number than 5. */
static void
rating(struct ld_program *lp, const struct json *v)
{
	const struct json *one = ld_node(lp->ld, v);
	const char *text = ld_text(lp->ld, ld_get(lp->ld, one, "ratingValue"));
	const char *best = ld_text(lp->ld, ld_get(lp->ld, one, "bestRating"));
	const char *count = ld_text(lp->ld, ld_get(lp->ld, one, "ratingCount"));
	double value, max = 5;

	if (count == NULL)
		count = ld_text(lp->ld, ld_get(lp->ld, one, "reviewCount"));
	if (text == NULL)
		return;
	if (best != NULL &&
	    (value_number(str_of(best), &max, NULL) != NULL || max <= 0))
		max = 5;
	if (value_number(str_of(text), &value, NULL) != NULL || value > max) {
		lp_complain(lp, text, "is no rating");
		return;
	}
	lp->p->rating = value * 5 / max;
	if (count != NULL)
		(void)str_to_int(str_of(count), 0, INT64_MAX, &lp->p->rating_count);
}

static void
identifier(struct ld_program *lp, const struct json *v)
{
	const struct json *one = json_kind(v) == JSON_OBJECT ? v : NULL;
	const char *text = one == NULL ? ld_text(lp->ld, ld_at(v, 0))
	                               : ld_text(lp->ld, ld_get(lp->ld, one, "value"));

	if (text != NULL && lp->p->code == NULL)
		lp->p->code = text;
}

/* Sorted by term. */
static const struct ld_member members[] = {
	{ "about", lp_subjects },
	{ "abstract", summary },
	{ "accreditedBy", lp_accredited },
	{ "aggregateRating", rating },
	{ "applicationDeadline", deadline },
	{ "assesses", lp_outcomes },
	{ "assessment", assessments },
	{ "competencyRequired", lp_outcomes },
	{ "courseCode", lp_code },
	{ "courseMode", course_mode },
	{ "coursePrerequisites", entry },
	{ "courseWorkload", workload },
	{ "creativeWorkStatus", lp_status },
	{ "credentialCategory", category },
	{ "description", lp_description },
	{ "educationalAlignment", lp_levels },
	{ "educationalCredentialAwarded", awarded },
	{ "educationalLevel", lp_levels },
	{ "educationalProgramMode", course_mode },
	{ "endDate", lp_end },
	{ "financialAidEligible", aid },
	{ "hasCourse", lp_parts },
	{ "hasCourseInstance", instances },
	{ "hasPart", lp_parts },
	{ "identifier", identifier },
	{ "inLanguage", lp_language },
	{ "isAccessibleForFree", is_free },
	{ "isPartOf", lp_into },
	{ "keywords", lp_tags },
	{ "license", lp_licence },
	{ "name", lp_title },
	{ "numberOfCredits", credits },
	{ "occupationalCategory", lp_tags },
	{ "offers", offers },
	{ "programPrerequisites", entry },
	{ "programType", program_type },
	{ "provider", lp_provider },
	{ "recognizedBy", lp_awarding },
	{ "startDate", lp_start },
	{ "teaches", lp_outcomes },
	{ "timeRequired", workload },
	{ "timeToComplete", length },
	{ "url", lp_url },
};

static const struct ld_format format = { members, ARRAY_LEN(members), types,
	ARRAY_LEN(types), NULL };

static bool
is_program(const char *type)
{
	bool is;

	(void)ld_type_of(&format, type, &is);
	return is;
}

enum rc
import_schema_org(struct importing *im)
{
	return ld_import(im, &format, is_program);
}
