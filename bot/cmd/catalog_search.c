/*
 * catalog_search.c - credbot catalog search: programs by words and wishes, with reasons.
 *
 * The words are read as a student's would be: amounts, modes, languages, lengths and dates
 * become wishes, unless the text is the title of a program or --plain is given. What she wants
 * to learn stays words, which say more than a field.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/catalog.h"
#include "credbot/base/log.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/search.h"
#include "credbot/catalog/vocab.h"
#include "credbot/catalog/wish_map.h"
#include "credbot/catalog/wish_read.h"

#define DAY_MS 86400000
/* Words of a text that are tried, one by one, for being part of a wish. */
#define WORDS_MAX 40

struct run {
	struct app app;
	struct arena *a;
	struct catalog_tables *tables;
	struct catalog_index *index;
	struct vocab *vocab; /* NULL: wishes are not read */
	struct wish wish;
	struct buf text;
	struct buf said; /* of it what is wished, not looked for */
	struct catalog_query q;
};

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_STATE,
	APP_FLAG_AT,
	APP_FLAG_JSON,
	{ "limit", 'n', "N", "how many programs at most (default 10)" },
	{ "skip", 0, "N", "leave out the first N" },
	{ "plain", 0, NULL, "search for the words alone, read no wishes from them" },
	{ "any", 0, NULL, "one of the words is enough" },
	{ "country", 0, "CC", "two letters, or eu" },
	{ "lang", 0, "TAG", "language of teaching: de" },
	{ "mode", 0, "MODE", "online, in-person, hybrid" },
	{ "type", 0, "TYPE", "a type of the vocabulary: short-course" },
	{ "field", 0, "FIELD", "a field of the vocabulary: data-science" },
	{ "max-price", 0, "AMOUNT", "in --currency; 0 is free" },
	{ "currency", 0, "CUR", "of amounts (default EUR)" },
	{ "eqf", 0, "N", "level of the European framework" },
	{ "min-rating", 0, "N", "stars" },
	{ "order", 0, "ORDER", "best, cheapest, rating, soonest, shortest" },
	{ "over", 0, NULL, "also what has ended" },
	{ "explain", 0, NULL, "what is missed and unknown, scores, counts" },
	{ "bench", 0, NULL, "measure typical searches of this catalog" },
	{ 0 },
};

/* --- reading the command line */

static bool
add_id(const struct args *a, const char *flag, enum wish_slot slot, struct wish *w)
{
	const char *id = args_get(a, flag);

	if (id == NULL)
		return true;
	if (strcmp(id, "eu") == 0)
		id = "european-union";
	if (!wish_id_known(slot, id)) {
		(void)args_usage(a, "--%s: \"%s\" is not known", flag, id);
		return false;
	}
	w->want[slot].n = 0;
	return wish_values_add(&w->want[slot], id);
}

static bool
read_amount(const struct args *a, struct run *r)
{
	const char *currency = args_get(a, "currency");
	int64_t amount;

	r->q.currency = currency == NULL ? "EUR" : currency;
	if (strlen(r->q.currency) != 3) {
		(void)args_usage(a, "--currency: three letters, as in EUR");
		return false;
	}
	if (!args_number(a, "max-price", 0, INT32_MAX, -1, &amount))
		return false;
	if (amount >= 0) {
		r->wish.max_cost = amount;
		for (int i = wish_currency_digits(r->q.currency); i > 0; i--)
			r->wish.max_cost *= 10;
		(void)snprintf(r->wish.currency, sizeof(r->wish.currency), "%s",
		    amount == 0 ? "" : r->q.currency);
	}
	return true;
}

static bool
read_order(const struct args *a, struct catalog_query *q)
{
	static const char *const names[CATALOG_ORDERS + 1] = { "best", "cheapest",
		"rating", "soonest", "shortest", NULL };
	const char *name = args_get(a, "order");

	if (name == NULL)
		return true;
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0) {
			q->order = (enum catalog_order)i;
			return true;
		}
	(void)args_usage(a, "--order: best, cheapest, rating, soonest or shortest");
	return false;
}

static bool
read_flags(const struct args *a, struct run *r)
{
	int64_t limit, skip, eqf, stars;

	if (!args_number(a, "limit", 0, CATALOG_LIMIT_MAX, 10, &limit) ||
	    !args_number(a, "skip", 0, CATALOG_SKIP_MAX, 0, &skip) ||
	    !args_number(a, "eqf", 1, 8, 0, &eqf) ||
	    !args_number(a, "min-rating", 0, 5, -1, &stars) || !read_amount(a, r) ||
	    !read_order(a, &r->q) || !add_id(a, "lang", WISH_LANGUAGE, &r->wish) ||
	    !add_id(a, "mode", WISH_MODE, &r->wish) ||
	    !add_id(a, "type", WISH_TYPE, &r->wish) ||
	    !add_id(a, "country", WISH_DESTINATION, &r->wish) ||
	    !add_id(a, "field", WISH_FIELD, &r->wish))
		return false;
	r->q.limit = (size_t)limit;
	r->q.skip = (size_t)skip;
	r->q.more.min_eqf = r->q.more.max_eqf = (int)eqf;
	r->q.more.min_rating = (double)stars;
	r->q.any_word = args_has(a, "any");
	r->q.over = args_has(a, "over");
	if (args_has(a, "explain"))
		r->q.facets = CATALOG_ALL_FACETS;
	return true;
}

/* --- words of a wish */

/* Does some program bear exactly this title? Then it is no wish. */
static bool
is_title(const struct run *r)
{
	struct catalog_query q = r->q;
	struct catalog_answer found;
	bool same;

	q.text = buf_str(&r->text);
	q.limit = 1;
	q.wish = NULL;
	q.order = CATALOG_BEST;
	catalog_search(r->index, r->a, &q, &found);
	same = found.n > 0 && found.hits[0].named;
	arena_reset(r->a);
	return same;
}

static bool
asks_for_cheapest(const struct run *r)
{
	struct str rest = buf_str(&r->text);

	while (rest.p != NULL)
		if (str_is_nocase(str_cut(&rest, ' '), "cheapest"))
			return true;
	return false;
}

/* What it is about, and who teaches it, is told by words; all else is a wish. */
static void
wish_of(const struct run *r, struct str text, struct wish *w,
    struct wish_changes *changes)
{
	wish_init(w);
	(void)wish_read(r->vocab, text, w, changes);
	wish_forget(w, (enum wish_part)WISH_FIELD);
	wish_forget(w, (enum wish_part)WISH_TYPE);
	wish_forget(w, (enum wish_part)WISH_PROVIDER);
	w->words[0] = '\0';
	w->unmet[0] = '\0';
}

/* Whether the wish is another without the word: then it says what is wished, and is no
 * word to look for: "under 2000", "germany". */
static bool
makes_wish(const struct run *r, struct str all, struct str word)
{
	struct buf rest = { 0 };
	struct wish w;
	bool same;

	buf_add(&rest, all.p, (size_t)(word.p - all.p));
	buf_addstr(&rest,
	    str_n(word.p + word.len, (size_t)(all.p + all.len - word.p) - word.len));
	wish_of(r, buf_str(&rest), &w, NULL);
	same = wish_equal(&w, &r->wish);
	buf_fini(&rest);
	return !same;
}

static void
read_wish(struct run *r)
{
	struct wish_changes changes = { 0 };
	struct str all = buf_str(&r->text), rest = all;

	wish_of(r, all, &r->wish, &changes);
	if ((changes.than & WISH_CHEAPER) != 0 || asks_for_cheapest(r))
		r->q.order = CATALOG_CHEAPEST;
	buf_clear(&r->said);
	if (wish_is_empty(&r->wish))
		return;
	/* Nobody says more in a breath. */
	for (int n = 0; rest.p != NULL && n < WORDS_MAX; n++) {
		struct str word = str_cut(&rest, ' ');

		if (makes_wish(r, all, word)) {
			buf_addstr(&r->said, word);
			buf_addc(&r->said, ' ');
		}
	}
	r->q.optional = buf_str(&r->said);
}

/* --- printing */

static void
add_notes(struct buf *b, const struct catalog_notes *v)
{
	buf_addc(b, '[');
	for (size_t i = 0; i < v->n; i++) {
		struct buf line = { 0 };
		const struct catalog_note *n = &v->at[i];

		buf_printf(&line, "%s: %s", catalog_part_name(n->part),
		    n->have == NULL || n->have[0] == '\0' ? n->want : n->have);
		buf_adds(b, i == 0 ? "" : ",");
		buf_add_json(b, buf_str(&line));
		buf_fini(&line);
	}
	buf_addc(b, ']');
}

static void
add_pair(struct buf *b, const char *before, const char *key, const char *value)
{
	buf_printf(b, "%s\"%s\":", before, key);
	if (value == NULL)
		buf_adds(b, "null");
	else
		buf_add_json(b, str_of(value));
}

static void
add_ways(struct buf *b, const struct catalog_way *v, size_t n)
{
	buf_addc(b, '[');
	for (size_t i = 0; i < n; i++) {
		add_pair(b, i == 0 ? "{" : ",{", "part", catalog_part_name(v[i].part));
		add_pair(b, ",", "want", v[i].want);
		add_pair(b, ",", "instead", v[i].instead);
		buf_printf(b, ",\"count\":%zu}", v[i].count);
	}
	buf_addc(b, ']');
}

static void
add_facets(struct buf *b, const struct catalog_answer *r)
{
	buf_adds(b, ",\"facets\":{");
	for (int i = 0; i < CATALOG_FACETS; i++) {
		const struct catalog_facet *f = &r->facets[i];

		buf_printf(b, "%s\"%s\":[", i == 0 ? "" : ",",
		    catalog_facet_name((enum catalog_facet_id)i));
		for (size_t j = 0; j < f->n; j++) {
			add_pair(b, j == 0 ? "{" : ",{", "value", f->at[j].value);
			buf_printf(b, ",\"n\":%zu}", f->at[j].n);
		}
		buf_addc(b, ']');
	}
	add_pair(b, "},", "question", catalog_facet_name(r->question));
}

static void
print_json(const struct catalog_answer *r, bool explain)
{
	struct buf b = { 0 };

	buf_adds(&b, "{\"results\":[");
	for (size_t i = 0; i < r->n; i++) {
		const struct catalog_hit *h = &r->hits[i];

		add_pair(&b, i == 0 ? "{" : ",{", "id", h->id);
		add_pair(&b, ",", "title", h->title);
		add_pair(&b, ",", "provider", h->provider);
		buf_adds(&b, ",\"why\":");
		add_notes(&b, &h->because);
		buf_adds(&b, ",\"misses\":");
		add_notes(&b, &h->misses);
		buf_adds(&b, ",\"unknown\":");
		add_notes(&b, &h->unknown);
		if (explain)
			buf_printf(&b, ",\"score\":%.1f,\"same\":%zu", h->score,
			    h->same);
		buf_addc(&b, '}');
	}
	buf_printf(&b, "],\"total\":%zu,\"sure\":%zu,\"corrected\":[", r->total,
	    r->sure);
	for (size_t i = 0; i < r->n_corrected; i++) {
		add_pair(&b, i == 0 ? "{" : ",{", "typed", r->corrected[i].typed);
		add_pair(&b, ",", "used", r->corrected[i].used);
		buf_addc(&b, '}');
	}
	buf_adds(&b, "],\"relaxed\":");
	add_ways(&b, r->relaxed, r->n_relaxed);
	if (explain) {
		buf_adds(&b, ",\"ways\":");
		add_ways(&b, r->ways, r->n_ways);
		add_facets(&b, r);
	}
	buf_addc(&b, '}');
	puts(buf_cstr(&b));
	buf_fini(&b);
}

static void
print_notes(const char *what, const struct catalog_notes *v)
{
	for (size_t i = 0; i < v->n; i++)
		printf("%s%s %s", i == 0 ? what : ", ",
		    catalog_part_name(v->at[i].part),
		    v->at[i].have == NULL || v->at[i].have[0] == '\0' ? v->at[i].want
								      : v->at[i].have);
	if (v->n > 0)
		putchar('\n');
}

static void
print_text(const struct catalog_answer *r, bool explain)
{
	for (size_t i = 0; i < r->n_corrected; i++)
		printf("nothing has \"%s\": showing %s\n", r->corrected[i].typed,
		    r->corrected[i].used);
	for (size_t i = 0; i < r->n_not_found; i++)
		printf("no program has \"%s\"\n", r->not_found[i]);
	printf("%zu found", r->total);
	if (r->sure < r->total)
		printf(", %zu of them with something that is not stated",
		    r->total - r->sure);
	putchar('\n');
	for (size_t i = 0; i < r->n_relaxed; i++)
		printf("%s %s leaves nothing; %s%s: %zu\n",
		    catalog_part_name(r->relaxed[i].part), r->relaxed[i].want,
		    r->relaxed[i].instead == NULL ? "without it" : "with ",
		    r->relaxed[i].instead == NULL ? "" : r->relaxed[i].instead,
		    r->relaxed[i].count);
	for (size_t i = 0; r->total == 0 && r->n_relaxed == 0 && i < r->n_ways; i++)
		printf("without %s %s there would be %zu\n",
		    catalog_part_name(r->ways[i].part), r->ways[i].want,
		    r->ways[i].count);
	for (size_t i = 0; i < r->n; i++) {
		const struct catalog_hit *h = &r->hits[i];

		printf("\n%s  %s\n  %s%s%s%s%s\n", h->id, h->title, h->provider,
		    h->place[0] == '\0' ? "" : ", ", h->place,
		    h->country[0] == '\0' ? "" : ", ", h->country);
		print_notes("  fits: ", &h->because);
		print_notes("  does not fit: ", &h->misses);
		print_notes("  not stated: ", &h->unknown);
		if (explain)
			printf("  score %.1f\n", h->score);
	}
	if (explain && r->question < CATALOG_FACETS)
		printf("\nask next: %s\n", catalog_facet_name(r->question));
}

/* --- all */

static int
open_index(struct run *r)
{
	const struct catalog_place where = app_catalog(&r->app);
	struct faults faults = { 0 };
	struct err err = { "" };
	enum rc rc;

	r->tables = catalog_tables_load(r->app.data_dir, &faults);
	app_print_faults(&faults);
	faults_fini(&faults);
	if (r->tables == NULL)
		return CMD_CONFIG;
	/* Nobody minds if what ships is indexed again each time. */
	rc = catalog_index_load(&r->index, &where, r->tables, r->q.today, &err);
	if (rc != RC_OK)
		fprintf(stderr, "credbot: %s\n", err.text);
	return rc == RC_OK ? CMD_DONE : CMD_FAILED;
}

static void
search_one(struct run *r, const struct args *a)
{
	struct catalog_answer found;

	arena_reset(r->a);
	catalog_query_init(&r->q, (int32_t)(clock_now_ms(r->app.clock) / DAY_MS));
	wish_init(&r->wish);
	if (r->vocab != NULL && r->text.len > 0 && !is_title(r))
		read_wish(r);
	/* Flags count for more than words; they were found right before. */
	(void)read_flags(a, r);
	r->q.text = buf_str(&r->text);
	r->q.wish = &r->wish;
	catalog_search(r->index, r->a, &r->q, &found);
	if (args_has(a, "json"))
		print_json(&found, args_has(a, "explain"));
	else
		print_text(&found, args_has(a, "explain"));
}

/* A search a line, an answer each. */
static void
search_lines(struct run *r, const struct args *a)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) >= 0) {
		buf_clear(&r->text);
		utf8_clean(str_trim(str_n(line, (size_t)n)), &r->text);
		search_one(r, a);
	}
	free(line);
}

static int
search(struct run *r, const struct args *a)
{
	struct faults faults = { 0 };
	struct buf given = { 0 };

	if (args_has(a, "bench"))
		return catalog_bench(r->index, r->q.today, args_has(a, "json"));
	if (!args_has(a, "plain"))
		r->vocab = vocab_load(r->app.data_dir, APP_LANG, &faults);
	app_print_faults(&faults);
	faults_fini(&faults);
	if (a->n_rest == 1 && strcmp(a->rest[0], "-") == 0) {
		search_lines(r, a);
		return CMD_DONE;
	}
	for (int i = 0; i < a->n_rest; i++)
		buf_printf(&given, "%s%s", i == 0 ? "" : " ", a->rest[i]);
	utf8_clean(buf_str(&given), &r->text);
	buf_fini(&given);
	search_one(r, a);
	return CMD_DONE;
}

static int
run(struct args *a)
{
	struct run r = { .a = arena_new() };
	int code = app_init(&r.app, a);

	if (code == CMD_DONE) {
		log_set_level(LOG_WARN);
		catalog_query_init(&r.q, (int32_t)(clock_now_ms(r.app.clock) / DAY_MS));
		wish_init(&r.wish);
		code = read_flags(a, &r) ? open_index(&r) : CMD_USAGE;
	}
	if (code == CMD_DONE)
		code = search(&r, a);
	catalog_index_free(r.index);
	catalog_tables_free(r.tables);
	vocab_free(r.vocab);
	buf_fini(&r.text);
	buf_fini(&r.said);
	arena_free(r.a);
	app_fini(&r.app);
	return code;
}

const struct command catalog_search_command = {
	.name = "catalog search",
	.summary = "Find programs, and say why they were found.",
	.synopsis = "[--json] [--limit N] [--explain] [WISHES] TEXT... | - | --bench",
	.example =
	    "credbot catalog search --limit 3 \"data science online under 500 euro\"",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
