/*
 * test_catalog_record.c - the record catalog/1: read, written, and what follows from it.
 */
#include <stdlib.h>

#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"
#include "t.h"

/* Line after reading and writing; "" if it was refused. */
static const char *
again(struct arena *a, const char *json, struct remarks *r)
{
	struct buf out = { 0 };
	struct program p;
	const char *text = "";

	if (program_parse_json(a, str_of(json), &p, r) == RC_OK) {
		program_write_json(&p, &out);
		text = arena_cstr(a, buf_str(&out));
	}
	buf_fini(&out);
	return text;
}

static const char full[] =
    "{\"id\":\"ie-example/"
    "bkp-101\",\"type\":\"micro_credential\",\"status\":\"active\","
    "\"title\":{\"en\":\"Bookkeeping Basics\",\"de\":\"Buchhaltung\"},"
    "\"summary\":{\"en\":\"Short.\"},\"description\":{\"en\":\"Long.\\n\\nLines.\"},"
    "\"default_lang\":\"en\",\"provider\":{\"id\":\"ie-example\",\"name\":\"Example\","
    "\"country\":\"IE\",\"place\":\"Cork\",\"url\":\"https://example.edu\"},"
    "\"awarding_body\":{\"name\":\"Board\",\"country\":\"IE\"},"
    "\"url\":\"https://example.edu/c\",\"code\":\"BKP-101\","
    "\"outcomes\":[{\"text\":{\"en\":\"prepare "
    "invoices\"},\"skill\":\"http://e.org/s\"}],"
    "\"field\":[\"0411\"],\"subject\":[\"cip:52.0302\"],\"eqf\":4,\"nqf\":\"IE-NFQ-5\","
    "\"workload\":{\"hours\":22.5,\"ects\":1.5,\"credits\":[{\"system\":\"ECTS\","
    "\"value\":1.5},{\"system\":\"\",\"value\":3}]},"
    "\"duration\":{\"min\":\"P4W\",\"max\":\"P6W\",\"text\":\"4 to 6 weeks\"},"
    "\"pace\":\"part_time\",\"weekly_hours\":4,\"mode\":[\"online\",\"onsite\"],"
    "\"sync\":\"mixed\",\"teaching_lang\":[\"en\"],\"assessment\":[\"quiz\","
    "\"project\"],"
    "\"identity_check\":\"none\",\"quality\":{\"type\":\"accredited\",\"by\":\"QQI\","
    "\"url\":\"https://qqi.ie/\"},\"entry\":{\"text\":{\"en\":\"None\"},"
    "\"requires\":[\"x\"],\"lang_level\":\"B2\"},\"stack\":{\"standalone\":true,"
    "\"into\":[\"ie-example/dip-7\"],\"parts\":[\"p\"]},\"offers\":[{\"price\":14900,"
    "\"currency\":\"EUR\",\"kind\":\"tuition\",\"per\":\"total\",\"for\":\"all\"}],"
    "\"free\":false,\"aid\":true,\"runs\":[{\"start\":\"2027-02-01\","
    "\"end\":\"2027-03-15\",\"deadline\":\"2027-01-20\",\"mode\":[\"online\"],"
    "\"place\":\"Cork campus\",\"tz\":\"Europe/Dublin\"}],\"rating\":{\"value\":4.4,"
    "\"count\":81},\"tags\":[\"t\"],\"source\":{\"format\":\"schema.org\","
    "\"uri\":\"https://e.org\",\"fetched\":\"2026-11-20\",\"licence\":\"CC0\"},"
    "\"extra\":{\"odd\":[1,2]}}";

/* CAT-B2: every field survives, and the line is canonical. */
static void
test_full_record(void)
{
	struct arena *a = arena_new();
	struct remarks r = { .a = a };

	T_STR(again(a, full, &r), full, "all fields, in their order");
	T_INT(r.n, 0, "nothing to remark");
	T_STR(again(a, "{\"title\":{\"en\":\"T\"},\"x\":1,\"id\":\"i\"}", &r),
	    "{\"id\":\"i\",\"title\":{\"en\":\"T\"},\"extra\":{\"x\":1}}",
	    "unknown stays unknown, what is not understood is kept");
	T_INT(r.v[0].kind, REMARK_EXTRA, "and said");
	arena_free(a);
}

/* The line of the generator for load tests. */
static void
test_flat_form(void)
{
	static const char flat[] =
	    "{\"id\": \"g-000001\", \"code\": \"NOR1\", \"title\": \"T\", "
	    "\"description\": \"D\", \"provider_id\": 7, \"provider\": \"Nor "
	    "College\", "
	    "\"city\": \"Nor\", \"country\": \"GB\", \"language\": \"en\", "
	    "\"type\": \"badge\", \"eqf\": null, \"isced\": \"0612\", "
	    "\"mode\": \"blended\", \"hours\": 12, \"ects\": 0.5, \"price_minor\": "
	    "7000, "
	    "\"currency\": \"GBP\", \"start\": \"2027-03-04\", \"stackable\": true, "
	    "\"rating\": 4.5, \"skills\": [\"python\", \"sql\"]}";
	struct arena *a = arena_new();
	struct remarks r = { .a = a };
	const char *currency;
	struct program p;
	int64_t price;

	T_INT(program_parse_json(a, str_of(flat), &p, &r), RC_OK, "read");
	T_INT(r.n, 0, "all understood");
	T_STR(p.provider_id, "7", "a number as an id");
	T_STR(p.provider_place, "Nor", "city");
	T_INT(p.eqf, EQF_UNKNOWN, "null is unknown");
	T_INT(p.modes, MODE_BLENDED, "mode");
	T_CHECK(program_credits(&p, "ECTS") == 0.5, "ects");
	T_CHECK(program_price(&p, &price, &currency) && price == 7000, "price");
	T_STR(currency, "GBP", "currency");
	T_INT(p.free, KNOWN_NO, "a price is not free");
	T_STR(p.runs[0].start, "2027-03-04", "start");
	T_CHECK(program_stacks(&p), "stackable");
	T_INT(p.n_outcomes, 2, "skills");
	T_STR(p.outcomes[1].text.at[0].text, "sql", "skill");
	arena_free(a);
}

static const struct {
	const char *json, *field;
} wrong[] = {
	{ "{\"title\":\"T\"}", "id" },
	{ "{\"id\":\"i\"}", "title" },
	{ "{\"id\":\"i\",\"title\":\"\"}", "title" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"eqf\":9}", "eqf" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"eqf\":4.5}", "eqf" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"hours\":-3}", "hours" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"hours\":1e999}", "hours" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"type\":\"spell\"}", "type" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"field\":[\"0411\",\"9999\"]}", "field[1]" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"start\":\"2027-02-30\"}", "start" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"price_minor\":1.5}", "price_minor" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"price_minor\":15}", "price_minor" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"offers\":[{\"price\":-1,\"currency\":"
	  "\"EUR\"}]}",
	    "offers[0].price" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"url\":\"javascript:alert(1)\"}", "url" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"url\":\"https://good.org@evil.org/\"}",
	    "url" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"provider\":{\"country\":\"XX\"}}",
	    "provider.country" },
	{ "{\"id\":\"i\",\"title\":\"T\",\"duration\":{\"min\":\"P6W\",\"max\":\"P4W\"}"
	  "}",
	    "duration" },
	{ "[]", "" },
	{ "{\"id\":NaN}", "" },
	{ "{\"id\":\"\xC0\xAF\"}", "" },
};

/* CAT-C7: what cannot be true is refused, with its field. */
static void
test_wrong_values(void)
{
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct arena *a = arena_new();
		struct remarks r = { .a = a };
		struct program p;

		T_INT(program_parse_json(a, str_of(wrong[i].json), &p, &r), RC_INVALID,
		    "row %zu", i);
		T_INT(r.wrong, 1, "row %zu: one reason", i);
		T_STR(r.v[0].field, wrong[i].field, "row %zu", i);
		arena_free(a);
	}
}

static void
test_depth(void)
{
	struct arena *a = arena_new();
	struct buf deep = { 0 };
	struct program p;

	buf_adds(&deep, "{\"id\":\"i\",\"title\":\"T\",\"x\":");
	for (int i = 0; i < 100000; i++)
		buf_addc(&deep, '[');
	T_INT(program_parse_json(a, buf_str(&deep), &p, NULL), RC_INVALID, "deep");
	buf_fini(&deep);
	arena_free(a);
}

/* CAT-B2: the nine elements, and the names of those that are missing. */
static void
test_complete(void)
{
	struct arena *a = arena_new();
	const char *missing[PROGRAM_ELEMENTS];
	struct program p;

	(void)program_parse_json(a, str_of(full), &p, NULL);
	T_INT(program_missing(&p, missing), 0, "all nine");
	T_CHECK(program_complete(&p), "and a micro-credential");
	p.type = PROGRAM_COURSE;
	T_CHECK(!program_complete(&p), "a course is none");
	p.assessments.n = 0;
	p.eqf = EQF_UNKNOWN;
	p.nqf = NULL;
	T_INT(program_missing(&p, missing), 2, "two are missing");
	T_STR(missing[0], "level", "by name");
	T_STR(missing[1], "assessment", "in their order");
	arena_free(a);
}

static void
test_texts(void)
{
	struct arena *a = arena_new();
	struct program p;

	(void)program_parse_json(a, str_of(full), &p, NULL);
	T_STR(text_in(&p.title, "de-AT"), "Buchhaltung", "a region of it");
	T_STR(text_in(&p.title, "fr"), "Bookkeeping Basics", "else the first");
	T_STR(text_in(&p.title, ""), "Bookkeeping Basics", "no language");
	p.title.n = 0;
	T_CHECK(text_in(&p.title, "en") == NULL, "no text");
	arena_free(a);
}

static const struct {
	const char *offers;
	bool known;
	int64_t price;
} prices[] = {
	{ "[]", false, 0 },
	{ "[{\"price\":0}]", true, 0 },
	{ "[{\"price\":32050,\"currency\":\"EUR\",\"kind\":\"tuition\"},"
	  "{\"price\":4000,\"currency\":\"EUR\",\"kind\":\"material\"}]",
	    true, 36050 },
	{ "[{\"price\":32050,\"currency\":\"EUR\",\"kind\":\"tuition\"},"
	  "{\"price\":40000,\"currency\":\"EUR\",\"kind\":\"total\"}]",
	    true, 40000 },
	{ "[{\"price\":1,\"currency\":\"EUR\"},{\"price\":1,\"currency\":\"USD\"}]",
	    false, 0 },
	{ "[{\"price\":100,\"currency\":\"EUR\",\"per\":\"year\"}]", false, 0 },
	{ "[{\"price\":100,\"currency\":\"EUR\",\"for\":\"eu\"}]", false, 0 },
};

/* Unknown is not free, and what holds for some is not the price of all. */
static void
test_prices(void)
{
	for (size_t i = 0; i < ARRAY_LEN(prices); i++) {
		struct arena *a = arena_new();
		const char *json = arena_printf(a,
		    "{\"id\":\"i\",\"title\":\"T\",\"offers\":%s}", prices[i].offers);
		const char *currency;
		struct program p;
		int64_t price = 0;

		T_INT(program_parse_json(a, str_of(json), &p, NULL), RC_OK, "row %zu",
		    i);
		T_INT(program_price(&p, &price, &currency), prices[i].known, "row %zu",
		    i);
		if (prices[i].known)
			T_INT(price, prices[i].price, "row %zu", i);
		arena_free(a);
	}
}

/* Line after the quick reader and writing; "" if it was refused. */
static const char *
own_again(struct arena *a, const char *line)
{
	struct buf out = { 0 };
	struct program p;
	const char *text = "";

	if (program_parse_own(a, str_of(line), &p)) {
		program_write_json(&p, &out);
		text = arena_cstr(a, buf_str(&out));
	}
	buf_fini(&out);
	return text;
}

/* CAT-C1: what we wrote is read by the quick reader, and as by the other one. */
static void
test_own_lines(void)
{
	static const char *const lines[] = { full,
		"{\"id\":\"i\",\"title\":{\"und\":\"T\"}}",
		"{\"id\":\"a\\\"b\\\\c\",\"title\":{\"und\":\"\xC3\x84 / T\"},"
		"\"description\":{\"en\":\"A\\nB\",\"de\":\"C\"}}",
		"{\"id\":\"i\",\"title\":{\"und\":\"T\"},\"workload\":{\"hours\":0.125,"
		"\"ects\":6,\"credits\":[{\"system\":\"US\",\"value\":3},"
		"{\"system\":\"ECTS\",\"value\":6}]},\"duration\":{\"min\":\"P1M\"}}",
		"{\"id\":\"i\",\"title\":{\"und\":\"T\"},\"offers\":[{\"currency\":"
		"\"EUR\","
		"\"kind\":\"exam\",\"per\":\"year\",\"for\":\"eu\"},{\"price\":0,"
		"\"kind\":\"tuition\",\"per\":\"total\",\"for\":\"all\"}],"
		"\"free\":true,\"runs\":[{\"deadline\":\"2027-01-20\"},{}]}",
		"{\"id\":\"i\",\"title\":{\"und\":\"T\"},\"outcomes\":[{\"skill\":"
		"\"s\"},"
		"{\"text\":{\"en\":\"a\",\"fr\":\"b\"}}],"
		"\"extra\":{\"a\":[{\"}\":\"\\\"}\"}],\"b\":null}}" };
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		T_STR(own_again(a, lines[i]), lines[i], "line %zu", i);
	arena_free(a);
}

/* What others wrote is left to the reader for everybody, even if it is a record. */
static void
test_others_lines(void)
{
	static const char *const lines[] = { "", "{", "{}", "null", "{\"id\":\"i\"}",
		"{\"title\":{\"und\":\"T\"},\"id\":\"i\"}",  /* another order */
		"{\"id\":\"i\", \"title\":{\"und\":\"T\"}}", /* white space */
		"{\"id\":\"i\"\"title\":{\"und\":\"T\"}}",   /* no comma */
		"{\"id\":\"i\",\"title\":\"T\"}",            /* a short form */
		"{\"id\":\"\",\"title\":{\"und\":\"T\"}}",   /* nothing */
		"{\"id\":null,\"title\":{\"und\":\"T\"}}",
		"{\"id\":\"\\u0069\",\"title\":{\"und\":\"T\"}}",
		"{\"id\":\"i\\nj\",\"title\":{\"und\":\"T\"}}", /* two lines in one */
		"{\"id\":\"i\nj\",\"title\":{\"und\":\"T\"}}",
		"{\"id\":\"\xFF\",\"title\":{\"und\":\"T\"}}" };
	/* Behind id and title. */
	static const char *const rest[] = { "} ", ",}", ",\"id\":\"i\"}", ",\"odd\":1}",
		",\"type\":\"micro_credential\"}", ",\"pace\":\"quick\"}",
		",\"eqf\":9}", ",\"eqf\":4.5}", ",\"weekly_hours\":1e1}",
		",\"weekly_hours\":-1}", ",\"weekly_hours\":1234567890123456}",
		",\"workload\":{\"ects\":5}}", ",\"provider\":{\"country\":\"DEU\"}}",
		",\"extra\":{\"a\":\"}\"}", ",\"extra\":1}" };
	struct arena *a = arena_new();
	struct buf line = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		T_STR(own_again(a, lines[i]), "", "line %zu", i);
	for (size_t i = 0; i < ARRAY_LEN(rest); i++) {
		buf_clear(&line);
		buf_printf(&line, "{\"id\":\"i\",\"title\":{\"und\":\"T\"}%s", rest[i]);
		T_STR(own_again(a, buf_cstr(&line)), "", "rest %zu", i);
	}
	buf_clear(&line);
	buf_adds(&line, "{\"id\":\"i\",\"title\":{\"und\":\"T\"},\"tags\":[\"t\"");
	for (int i = 1; i <= PROGRAM_LIST_MAX; i++)
		buf_adds(&line, ",\"t\"");
	buf_adds(&line, "]}");
	T_STR(own_again(a, buf_cstr(&line)), "", "too many elements");
	buf_fini(&line);
	arena_free(a);
}

/* Bytes that a disk turned over: refused or read, never a step beyond the line (asan). And
 * wherever both readers take a line that is as we write it, they take the same. */
static void
test_damaged_lines(void)
{
	struct arena *a = arena_new();
	char line[sizeof(full)];
	unsigned seed = 20261120;
	int taken = 0, same = 0;

	for (int i = 0; i < 20000; i++) {
		struct remarks r = { .a = a };
		const char *general;

		memcpy(line, full, sizeof(full));
		for (int k = 0; k <= i % 3; k++) {
			seed = seed * 1664525 + 1013904223;
			line[seed % (sizeof(full) - 1)] =
			    i % 2 == 0 ? (char)(seed >> 24)
				       : (char)(' ' + (seed >> 24) % 95);
		}
		if (i % 7 == 0)
			line[seed % sizeof(full)] = '\0';
		arena_reset(a);
		r.a = a;
		taken += own_again(a, line)[0] != '\0';
		general = again(a, line, &r);
		if (strcmp(general, line) != 0)
			continue;
		same++;
		T_STR(own_again(a, line), line, "change %d", i);
	}
	T_CHECK(taken > 1000 && same > 500, "both ways: %d taken, %d as we write them",
	    taken, same);
	arena_free(a);
}

int
main(void)
{
	T_RUN(test_full_record);
	T_RUN(test_flat_form);
	T_RUN(test_wrong_values);
	T_RUN(test_depth);
	T_RUN(test_complete);
	T_RUN(test_texts);
	T_RUN(test_prices);
	T_RUN(test_own_lines);
	T_RUN(test_others_lines);
	T_RUN(test_damaged_lines);
	return t_end();
}
