/*
 * test_catalog_values.c - the words of sources as values: numbers, money, days, lengths,
 * places, levels; and CSV as spreadsheets write it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bot/catalog/csv_priv.h"
#include "bot/catalog/values_priv.h"
#include "t.h"

/* NULL in want: must be refused; "?" must be unclear. */
static bool
is_as_wanted(const char *why, const char *want)
{
	if (want == NULL)
		return why != NULL && why != value_unclear;
	if (strcmp(want, "?") == 0)
		return why == value_unclear;
	return why == NULL;
}

static const struct {
	const char *text, *country, *currency; /* currency: that of the column */
	const char *want;
} money[] = {
	{ "149.00", "", "EUR", "EUR 14900" },
	{ "\xC2\xA3"
	  "199.00",
	    "GB", "GBP", "GBP 19900" },
	{ "$1,299.00", "US", "", "USD 129900" },
	{ "$1,299.00", "CA", "", "CAD 129900" },
	{ "$1,299.00", "", "AUD", "AUD 129900" },
	{ "$1,299.00", "", "", "?" },
	{ "$1,299.00", "DE", "EUR", NULL },
	{ "1.299,00 \xE2\x82\xAC", "", "", "EUR 129900" },
	{ "1.250,00", "DE", "EUR", "EUR 125000" },
	{ "1 250,50 EUR", "", "", "EUR 125050" },
	{ "1\xC2\xA0"
	  "250,50",
	    "", "EUR", "EUR 125050" },
	{ "1'250.50", "", "CHF", "CHF 125050" },
	{ "1,50,000", "IN", "INR", "INR 15000000" },
	{ "1,299", "", "EUR", "EUR 129900" },
	{ "1.299", "", "EUR", "EUR 129900" },
	{ "1.299", "", "KWD", "?" },
	{ "12.5", "", "EUR", "EUR 1250" },
	{ "12,-", "", "EUR", "EUR 1200" },
	{ "5000", "", "JPY", "JPY 5000" },
	{ "5,000", "", "JPY", "JPY 5000" },
	{ "50.25", "", "JPY", NULL },
	{ "US Dollar 20", "", "", "USD 2000" },
	{ "20 Euro", "", "", "EUR 2000" },
	{ "free", "", "", " 0" },
	{ "Kostenlos", "", "EUR", "EUR 0" },
	{ "0", "", "", " 0" },
	{ "20", "", "", NULL },
	{ "-20", "", "EUR", NULL },
	{ "abc", "", "EUR", NULL },
	{ "20 bananas", "", "EUR", NULL },
	{ "\xC2\xA3"
	  "20",
	    "", "USD", NULL },
	{ "1.2.3", "", "EUR", NULL },
	{ "12,34,5", "", "EUR", NULL },
	{ "9999999999999999999999", "", "EUR", NULL },
	{ "NaN", "", "EUR", NULL },
	{ "1e5", "", "EUR", NULL },
	{ "", "", "EUR", NULL },
};

/* CAT-B3: prices as they are written, and never a guess. */
static void
test_money(void)
{
	for (size_t i = 0; i < ARRAY_LEN(money); i++) {
		char currency[4] = "", got[40];
		const char *why;
		int64_t minor = -1;

		memcpy(currency, money[i].currency, strlen(money[i].currency) + 1);
		why = value_money(str_of(money[i].text), money[i].country, currency,
		    &minor);
		T_CHECK(is_as_wanted(why, money[i].want), "\"%s\": %s", money[i].text,
		    why == NULL ? "read" : why);
		if (why != NULL)
			continue;
		(void)snprintf(got, sizeof(got), "%s %lld", currency, (long long)minor);
		T_STR(got, money[i].want == NULL ? "" : money[i].want, "\"%s\"",
		    money[i].text);
	}
}

static const struct {
	const char *text;
	enum date_order order;
	const char *want;
} dates[] = {
	{ "2027-02-01", DATE_UNSTATED, "2027-02-01" },
	{ "2027-02-01T09:00:00+01:00", DATE_UNSTATED, "2027-02-01" },
	{ "2027-02-01 09:00", DATE_UNSTATED, "2027-02-01" },
	{ "2027/2/1", DATE_UNSTATED, "2027-02-01" },
	{ "2027-02", DATE_UNSTATED, "2027-02" },
	{ "11.01.2027", DATE_UNSTATED, "2027-01-11" },
	{ "11.01.2027", DATE_MDY, "2027-01-11" },
	{ "11/01/2027", DATE_UNSTATED, "?" },
	{ "11/01/2027", DATE_DMY, "2027-01-11" },
	{ "11/01/2027", DATE_MDY, "2027-11-01" },
	{ "03-04-2027", DATE_UNSTATED, "?" },
	{ "03/03/2027", DATE_UNSTATED, "2027-03-03" },
	{ "13/01/2027", DATE_UNSTATED, "2027-01-13" },
	{ "01/13/2027", DATE_UNSTATED, "2027-01-13" },
	{ "01/13/2027", DATE_DMY, NULL },
	{ "1 February 2027", DATE_UNSTATED, "2027-02-01" },
	{ "Feb 1, 2027", DATE_UNSTATED, "2027-02-01" },
	{ "September 2027", DATE_UNSTATED, "2027-09" },
	{ "rolling", DATE_UNSTATED, "rolling" },
	{ "Anytime", DATE_UNSTATED, "rolling" },
	{ "2028-02-29", DATE_UNSTATED, "2028-02-29" },
	{ "2027-02-29", DATE_UNSTATED, NULL },
	{ "2027-02-30", DATE_UNSTATED, NULL },
	{ "2027-13-01", DATE_UNSTATED, NULL },
	{ "2027-00-10", DATE_UNSTATED, NULL },
	{ "20270201", DATE_UNSTATED, NULL },
	{ "01/02/27", DATE_DMY, NULL },
	{ "99999-01-01", DATE_UNSTATED, NULL },
	{ "0001-01-01", DATE_UNSTATED, NULL },
	{ "soon", DATE_UNSTATED, NULL },
	{ "2027-02-01 or so", DATE_UNSTATED, NULL },
	{ "", DATE_UNSTATED, NULL },
};

/* CAT-B3: dates of three orders; what could be two days is none. */
static void
test_dates(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		char out[DATE_MAX] = "";
		const char *why = value_date(str_of(dates[i].text), dates[i].order,
		    out);

		T_CHECK(is_as_wanted(why, dates[i].want), "\"%s\": %s", dates[i].text,
		    why == NULL ? out : why);
		if (why == NULL && dates[i].want != NULL)
			T_STR(out, dates[i].want, "\"%s\"", dates[i].text);
	}
}

static const struct {
	const char *text;
	double hours; /* -1: refused, -2: unclear */
} hours[] = {
	{ "22", 22 },
	{ "120,5", 120.5 },
	{ "40 hours", 40 },
	{ "1,200.5 h", 1200.5 },
	{ "0,125", 0.125 },
	{ "90 minutes", 1.5 },
	{ "PT22H", 22 },
	{ "PT1H30M", 1.5 },
	{ "1,200", -2 },
	{ "1.200", -2 },
	{ "-3", -1 },
	{ "6 weeks", -1 },
	{ "P6W", -1 },
	{ "40 EUR", -1 },
	{ "many", -1 },
	{ "NaN", -1 },
	{ "inf", -1 },
	{ "0x10", -1 },
};

static void
test_hours(void)
{
	for (size_t i = 0; i < ARRAY_LEN(hours); i++) {
		double got = -1;
		const char *why = value_hours(str_of(hours[i].text), &got);

		if (why != NULL)
			got = why == value_unclear ? -2 : -1;
		T_CHECK(got == hours[i].hours, "\"%s\": %g", hours[i].text, got);
	}
}

static const struct {
	const char *text;
	double min, max;   /* -1: refused */
	const char *again; /* min, written */
} lengths[] = {
	{ "P6W", 42, 42, "P6W" },
	{ "P9M", 9 * 30.4375, 9 * 30.4375, "P9M" },
	{ "P1Y6M", 365.25 + 6 * 30.4375, 365.25 + 6 * 30.4375, "P18M" },
	{ "P2Y", 730.5, 730.5, "P2Y" },
	{ "PT3H", 0.125, 0.125, "PT3H" },
	{ "P1DT12H", 1.5, 1.5, "PT36H" },
	{ "P0.5Y", 182.625, 182.625, "P6M" },
	{ "4 weeks", 28, 28, "P4W" },
	{ "4 to 6 weeks", 28, 42, "P4W" },
	{ "4-6 weeks", 28, 42, "P4W" },
	{ "28 to 42 days", 28, 42, "P4W" },
	{ "2 semesters", -1, -1, "" },
	{ "P", -1, -1, "" },
	{ "P6", -1, -1, "" },
	{ "PT", -1, -1, "" },
	{ "P-6W", -1, -1, "" },
	{ "P999999999Y", -1, -1, "" },
	{ "6 to 4 weeks", -1, -1, "" },
};

static void
test_lengths(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		double min = -1, max = -1;
		char again[32] = "";
		const char *why = value_durations(str_of(lengths[i].text), &min, &max);

		if (why != NULL)
			min = max = -1;
		T_CHECK(min == lengths[i].min && max == lengths[i].max, "\"%s\": %g %g",
		    lengths[i].text, min, max);
		if (why != NULL)
			continue;
		value_write_duration(min, again, sizeof(again));
		T_STR(again, lengths[i].again, "\"%s\"", lengths[i].text);
	}
}

static void
test_places(void)
{
	struct arena *a = arena_new();
	const char *tag = "";
	char country[3] = "", currency[4] = "";

	T_CHECK(value_country(STR("de"), country) == NULL, "a code");
	T_STR(country, "DE", "in capitals");
	T_CHECK(value_country(STR("UK"), country) == NULL, "what people say");
	T_STR(country, "GB", "is GB");
	T_CHECK(value_country(STR("United States"), country) == NULL, "a name");
	T_STR(country, "US", "its code");
	T_CHECK(value_country(STR("XX"), country) != NULL, "no country");
	T_CHECK(value_country(STR("Atlantis"), country) != NULL, "no country");
	T_CHECK(value_language(a, STR("PT-br"), &tag) == NULL, "a tag");
	T_STR(tag, "pt-BR", "as RFC 5646 writes it");
	T_CHECK(value_language(a, STR("German"), &tag) == NULL, "a name");
	T_STR(tag, "de", "its tag");
	T_CHECK(value_language(a, STR("x"), &tag) != NULL, "too short");
	T_CHECK(value_language(a, STR("en; DROP"), &tag) != NULL, "no tag");
	T_CHECK(value_currency(STR("US Dollar"), currency) == NULL, "a name");
	T_STR(currency, "USD", "its code");
	T_CHECK(value_currency(STR("XXX"), currency) != NULL, "no currency");
	T_INT(currency_digits("JPY"), 0, "whole yen");
	T_INT(currency_digits("KWD"), 3, "three decimals");
	arena_free(a);
}

static void
test_levels(void)
{
	char code[5] = "";
	int eqf = 0;

	T_CHECK(value_isced(STR("0612"), code) == NULL, "a field");
	T_CHECK(value_isced(STR("612"), code) == NULL, "without its zero");
	T_STR(code, "0612", "gets it back");
	T_CHECK(value_isced(STR("06"), code) == NULL, "a broad field");
	T_CHECK(value_isced(STR("9999"), code) != NULL, "no field");
	T_CHECK(value_isced(STR("0619x"), code) != NULL, "no field");
	T_CHECK(value_isced(STR("11"), code) == NULL, "a narrow field");
	T_STR(code, "011", "without its zero");
	T_CHECK(value_eqf(STR("EQF level 5"), &eqf) == NULL, "in words");
	T_INT(eqf, 5, "the level");
	T_CHECK(value_eqf(STR("9"), &eqf) != NULL, "no level");
	T_CHECK(value_eqf(STR("0"), &eqf) != NULL, "no level");
	T_CHECK(value_url(STR("https://example.org/a?b=c")) == NULL, "an address");
	T_CHECK(value_url(STR("not a url")) != NULL, "words");
	T_CHECK(value_url(STR("javascript:alert(1)")) != NULL, "a script");
	T_CHECK(value_url(STR("https://bank.example@evil.example/")) != NULL, "deceit");
	T_CHECK(value_url(STR("https://")) != NULL, "no host");
}

/* --- CSV */

static const struct {
	const char *text;
	char separator;
	const char *rows; /* cells in [ ], rows separated by / */
} csvs[] = {
	{ "a,b\r\n1,2\r\n", ',', "[a][b]/[1][2]" },
	{ "a,b\n1,2", ',', "[a][b]/[1][2]" },
	{ "\xEF\xBB\xBF"
	  "a;b\n1;2\n",
	    ';', "[a][b]/[1][2]" },
	{ "a\tb\n1\t2\n", '\t', "[a][b]/[1][2]" },
	{ "sep=|\na|b,c\n", '|', "[a][b,c]" },
	{ "a,b\n\n\"x, y\",\"say \"\"hi\"\"\"\n", ',', "[a][b]/[x, y][say \"hi\"]" },
	{ "a,b\n\"two\nlines\",2\n", ',', "[a][b]/[two\nlines][2]" },
	{ "a,b\n,\n", ',', "[a][b]/[][]" },
	{ "a,b\n \"q\" ,2\n", ',', "[a][b]/[\"q\"][2]" },
	{ "a,b\n\"q\"x,2\n", ',', "[a][b]/[qx][2]!" },
	{ "a\n1\n", ',', "[a]/[1]" },
	{ "\"a;b\",c\n", ',', "[a;b][c]" },
};

static void
feed(const char *text, const char **path)
{
	static char name[] = "/tmp/credbot-test-csv-XXXXXX";
	int fd;

	memcpy(name, "/tmp/credbot-test-csv-XXXXXX", sizeof(name));
	fd = mkstemp(name);
	T_CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text),
	    "a file");
	close(fd);
	*path = name;
}

static void
list_rows(struct csv *c, struct buf *out)
{
	while (csv_next(c) == RC_OK) {
		if (out->len > 0)
			buf_addc(out, '/');
		for (size_t i = 0; i < c->n; i++)
			buf_printf(out, "[%.*s]", STR_ARG(csv_cell(c, i)));
		if (c->torn)
			buf_addc(out, '!');
	}
}

/* CAT-B3: RFC 4180, a byte order mark, four separators. */
static void
test_csv(void)
{
	struct input *in = malloc(sizeof(*in));

	for (size_t i = 0; i < ARRAY_LEN(csvs); i++) {
		struct buf rows = { 0 };
		const char *path;
		struct err err;
		struct csv c;

		feed(csvs[i].text, &path);
		T_INT(input_open(in, path, &err), RC_OK, "row %zu", i);
		csv_init(&c, in, '\0');
		list_rows(&c, &rows);
		T_STR(buf_cstr(&rows), csvs[i].rows, "row %zu", i);
		T_INT(c.separator, csvs[i].separator, "row %zu", i);
		T_INT(in->rc, RC_OK, "row %zu", i);
		csv_fini(&c);
		input_close(in);
		(void)unlink(path);
		buf_fini(&rows);
	}
	free(in);
}

static void
test_open_quote(void)
{
	struct input *in = malloc(sizeof(*in));
	const char *path;
	struct err err;
	struct csv c;

	feed("a,b\n1,2\n\"never,closed\n3,4\n", &path);
	T_INT(input_open(in, path, &err), RC_OK, "opened");
	csv_init(&c, in, '\0');
	T_INT(csv_next(&c), RC_OK, "headings");
	T_INT(csv_next(&c), RC_OK, "a row");
	T_INT(csv_next(&c), RC_INVALID, "a quote that swallows the rest");
	T_CHECK(strstr(in->err.text, ":3: ") != NULL, "at its line: %s", in->err.text);
	csv_fini(&c);
	input_close(in);
	(void)unlink(path);
	free(in);
}

int
main(void)
{
	T_RUN(test_money);
	T_RUN(test_dates);
	T_RUN(test_hours);
	T_RUN(test_lengths);
	T_RUN(test_places);
	T_RUN(test_levels);
	T_RUN(test_csv);
	T_RUN(test_open_quote);
	return t_end();
}
