/*
 * headings.c - the headings of CSV files that are understood without a mapping.
 */
#include <string.h>

#include "bot/catalog/columns_priv.h"
#include "credbot/base/utf8.h"

/* Headings that lists have, folded, with _ for all signs; a column's own name is one, too. */
static const struct {
	const char *heading, *column;
} headings[] = {
	{ "abschluss", "type" },
	{ "accreditation", "quality" },
	{ "accredited_by", "quality_by" },
	{ "anbieter", "provider" },
	{ "application_deadline", "deadline" },
	{ "assessments", "assessment" },
	{ "award", "type" },
	{ "beginn", "start" },
	{ "beschreibung", "description" },
	{ "campus", "run_place" },
	{ "category", "subject" },
	{ "cip_code", "cip" },
	{ "city", "place" },
	{ "clock_hours", "hours" },
	{ "cost", "price" },
	{ "country_code", "country" },
	{ "course", "title" },
	{ "course_code", "code" },
	{ "course_id", "id" },
	{ "course_name", "title" },
	{ "course_title", "title" },
	{ "course_url", "url" },
	{ "credential_type", "type" },
	{ "credit", "credits" },
	{ "dauer", "duration" },
	{ "delivery", "mode" },
	{ "delivery_mode", "mode" },
	{ "details", "description" },
	{ "ects_credits", "ects" },
	{ "ects_points", "ects" },
	{ "end_date", "end" },
	{ "entry_requirements", "entry" },
	{ "eqf_level", "eqf" },
	{ "fee", "price" },
	{ "fees", "price" },
	{ "field", "subject" },
	{ "format", "mode" },
	{ "gebuhr", "price" },
	{ "homepage", "url" },
	{ "in_language", "language" },
	{ "institution", "provider" },
	{ "isced_code", "isced" },
	{ "isced_f", "isced" },
	{ "issuer", "awarding_body" },
	{ "kosten", "price" },
	{ "land", "country" },
	{ "languages", "language" },
	{ "learning_outcomes", "skills" },
	{ "length", "duration" },
	{ "level", "eqf" },
	{ "license", "licence" },
	{ "link", "url" },
	{ "location", "place" },
	{ "modality", "mode" },
	{ "name", "title" },
	{ "ort", "place" },
	{ "outcomes", "skills" },
	{ "preis", "price" },
	{ "prerequisites", "entry" },
	{ "price_currency", "currency" },
	{ "program", "title" },
	{ "program_id", "id" },
	{ "program_name", "title" },
	{ "program_title", "title" },
	{ "program_url", "url" },
	{ "provider_country", "country" },
	{ "provider_name", "provider" },
	{ "requirements", "entry" },
	{ "school", "provider" },
	{ "skill", "skills" },
	{ "skills_taught", "skills" },
	{ "sprache", "language" },
	{ "start_date", "start" },
	{ "starts", "start" },
	{ "stunden", "hours" },
	{ "subjects", "subject" },
	{ "teaching_language", "language" },
	{ "titel", "title" },
	{ "topic", "subject" },
	{ "total_cost", "price" },
	{ "total_hours", "hours" },
	{ "town", "place" },
	{ "tuition", "price" },
	{ "university", "provider" },
	{ "voraussetzungen", "entry" },
	{ "webpage", "url" },
	{ "website", "url" },
	{ "workload_hours", "hours" },
};

/* "price_eur", "total_cost_usd": the heading says which currency. */
static const struct column *
price_in(const char *heading, char currency[4])
{
	static const char *const before[] = { "total_cost_", "price_", "cost_", "fee_",
		"tuition_" };

	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		size_t n = strlen(before[i]);

		if (strncmp(heading, before[i], n) == 0 && strlen(heading) == n + 3 &&
		    value_currency(str_of(heading + n), currency) == NULL)
			return column_named(STR("price"));
	}
	return NULL;
}

const struct column *
column_of_heading(struct str heading, char currency[4])
{
	struct buf folded = { 0 };
	const struct column *c;

	currency[0] = '\0';
	utf8_fold(str_trim(heading), &folded);
	for (size_t i = 0; i < folded.len; i++)
		if (strchr(" -./", folded.data[i]) != NULL)
			folded.data[i] = '_';
	c = column_named(buf_str(&folded));
	for (size_t i = 0; c == NULL && i < ARRAY_LEN(headings); i++)
		if (strcmp(headings[i].heading, buf_cstr(&folded)) == 0)
			c = column_named(str_of(headings[i].column));
	if (c == NULL)
		c = price_in(buf_cstr(&folded), currency);
	buf_fini(&folded);
	return c;
}
