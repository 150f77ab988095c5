/*
 * article.c - one file to one article, with everything that can be wrong with it alone.
 */
#include <string.h>

#include "bot/know/kb_priv.h"
#include "credbot/base/clock.h"
#include "credbot/base/utf8.h"
#include "credbot/know/answer.h"

static const char marker[] = "<!-- more -->";

static const char *const keys[] = { "id", "title", "category", "parent", "related",
	"advisor", "caveat", "certainty", "sources", "owner", "reviewed", "review_by",
	"simple", "questions", "not", NULL };

static const char *const categories[] = { "abroad", "admission", "basics", "benefits",
	"career", "choosing", "cost", "destinations", "drawbacks", "fields", "future",
	"languages", "popularity", "providers", "recognition", "service", "stacking",
	"study-abroad", "types", NULL };

static const char *const advisors[] = { "application", "career", "general", "language",
	"scholarship", "visa", NULL };

static const char *const certainties[] = {
	[CERTAINTY_SETTLED] = "settled",
	[CERTAINTY_USUAL] = "usual",
	[CERTAINTY_DEPENDS] = "depends",
	[CERTAINTY_DISPUTED] = "disputed",
	[CERTAINTY_FORECAST] = "forecast",
	[CERTAINTY_CLAIM] = "claim",
	[CERTAINTY_SERVICE] = "service",
	NULL,
};

const char *
certainty_name(enum certainty c)
{
	return certainties[c];
}

size_t
kb_words(struct str text)
{
	size_t n = 0;

	while (text.p != NULL) {
		struct str line = str_cut(&text, '\n');

		while (line.p != NULL)
			n += utf8_wordiness(str_cut(&line, ' ')) > 0;
	}
	return n;
}

int
kb_column(struct str line, const char *at)
{
	int column = 1;

	for (const char *p = line.p; p < at; p++)
		column += ((unsigned char)*p & 0xC0) != 0x80; /* no continuation byte */
	return column;
}

struct filling {
	struct arena *arena;
	const struct article_file *file;
	struct article *out;
	struct faults *faults;
};

/* A required scalar; "" after a fault. */
static struct str
scalar(struct filling *f, const char *key)
{
	const struct yaml *y = yaml_get(f->file->front, key);

	if (y != NULL && y->kind == YAML_SCALAR && y->text.len > 0)
		return y->text;
	faults_add(f->faults, y == NULL ? f->file->front->at : y->at,
	    y == NULL ? "\"%s:\" is missing" : "\"%s:\" needs a text", key);
	return STR("");
}

/* A required scalar that is one of names; its index, or 0 after a fault. */
static size_t
one_of(struct filling *f, const char *key, const char *const names[])
{
	struct str s = scalar(f, key);
	const char *near;
	size_t i;

	if (s.len == 0)
		return 0;
	for (i = 0; names[i] != NULL; i++)
		if (str_is(s, names[i]))
			return i;
	near = yaml_nearest(s, names);
	faults_add(f->faults, yaml_get(f->file->front, key)->at,
	    near == NULL ? "unknown %s \"%.*s\"%s%s"
			 : "unknown %s \"%.*s\"; did you mean \"%s\"?%s",
	    key, STR_ARG(s), near == NULL ? "" : near, "");
	return 0;
}

static int64_t
date(struct filling *f, const char *key)
{
	struct str s = scalar(f, key);
	int64_t ms = 0;

	if (s.len > 0 && clock_parse(s, &ms) != RC_OK)
		faults_add(f->faults, yaml_get(f->file->front, key)->at,
		    "%s: \"%.*s\" is no date (YYYY-MM-DD)", key, STR_ARG(s));
	return ms;
}

static void
fill_dates(struct filling *f, int64_t now_ms)
{
	struct article *a = f->out;

	a->reviewed_ms = date(f, "reviewed");
	a->review_by_ms = date(f, "review_by");
	if (a->reviewed_ms == 0 || a->review_by_ms == 0)
		return;
	if (a->review_by_ms <= a->reviewed_ms)
		faults_add(f->faults, yaml_get(f->file->front, "review_by")->at,
		    "review_by is not after reviewed");
	else if (now_ms > a->review_by_ms)
		faults_add(f->faults, yaml_get(f->file->front, "review_by")->at,
		    "the review date is past: check the article and set both dates");
}

static void
fill_simple(struct filling *f)
{
	struct str s = scalar(f, "simple");
	size_t words = kb_words(s);

	f->out->simple = arena_cstr(f->arena, s);
	if (words > KB_SIMPLE_WORDS_MAX)
		faults_add(f->faults, yaml_get(f->file->front, "simple")->at,
		    "simple has %zu words, at most %d", words, KB_SIMPLE_WORDS_MAX);
}

/* Where the first quote stands. */
static struct place
quote_place(struct str brief, struct place at)
{
	while (!str_starts(str_trim(str_cut(&brief, '\n')), ">") && brief.p != NULL)
		at.line++;
	return at;
}

static void
check_brief(struct filling *f, struct str brief, int line)
{
	const struct yaml *caveat = yaml_get(f->file->front, "caveat");
	size_t words = answer_words_max(brief);
	struct place at = { f->file->path, line, 1 };

	if (words > KB_SHORT_WORDS_MAX)
		faults_add(f->faults, at, "the short answer has %zu words, at most %d",
		    words, KB_SHORT_WORDS_MAX);
	if (words == 0)
		faults_add(f->faults, at, "the short answer is missing");
	if (caveat == NULL ||
	    (!str_is(caveat->text, "true") && !str_is(caveat->text, "false")))
		faults_add(f->faults, caveat == NULL ? f->file->front->at : caveat->at,
		    "\"caveat:\" must be true or false");
	else if (str_is(caveat->text, "true") && !answer_quotes_always(brief))
		faults_add(f->faults, at,
		    "the caveat is missing: a line that starts with \"> \" above the "
		    "marker");
	else if (str_is(caveat->text, "false") && answer_quotes_ever(brief))
		faults_add(f->faults, quote_place(brief, at),
		    "a quote marks the caveat, but the front matter says caveat: "
		    "false");
}

/* Parts the body at its marker. */
static void
fill_body(struct filling *f)
{
	struct str rest = f->file->body, brief = f->file->body;
	int line = f->file->body_line, more_line = 0;

	while (rest.p != NULL) {
		struct str l = str_cut(&rest, '\n');

		line++;
		if (!str_is(str_trim(l), marker))
			continue;
		brief.len = (size_t)(l.p - brief.p);
		more_line = line;
		break;
	}
	check_brief(f, brief, f->file->body_line);
	if (more_line == 0) {
		faults_add(f->faults,
		    (struct place){ f->file->path, f->file->body_line, 1 },
		    "the line %s between the short and the longer answer is missing",
		    marker);
		rest = str_n("", 0);
	} else if (str_trim(rest).len == 0) {
		faults_add(f->faults, (struct place){ f->file->path, more_line, 1 },
		    "the longer answer is missing");
	}
	answer_check(brief, f->file->path, f->file->body_line, f->faults);
	answer_check(rest, f->file->path, more_line, f->faults);
	f->out->brief = arena_str(f->arena, str_trim(brief));
	f->out->more = arena_str(f->arena, str_trim(rest));
}

void
article_fill(struct arena *a, const struct article_file *file, int64_t now_ms,
    struct article *out, struct links *links, struct faults *faults)
{
	struct filling f = { a, file, out, faults };
	const struct yaml *parent;
	struct str id;

	if (file->front->kind != YAML_MAP) {
		faults_add(faults, file->front->at,
		    "the front matter must be key: value");
		return;
	}
	yaml_check_keys(file->front, keys, faults);
	id = scalar(&f, "id");
	if (id.len > 0 && !str_is(id, file->id))
		faults_add(faults, yaml_get(file->front, "id")->at,
		    "the id is \"%.*s\", but the file is named %s.md", STR_ARG(id),
		    file->id);
	out->id = arena_strdup(a, file->id);
	out->title = arena_cstr(a, scalar(&f, "title"));
	out->category = categories[one_of(&f, "category", categories)];
	out->advisor = advisors[one_of(&f, "advisor", advisors)];
	out->certainty = (enum certainty)one_of(&f, "certainty", certainties);
	(void)scalar(&f, "owner");
	fill_dates(&f, now_ms);
	fill_simple(&f);
	fill_body(&f);
	parent = yaml_get(file->front, "parent");
	*links = (struct links){
		.parent = yaml_is_null(parent) ? NULL : parent,
		.related = yaml_get(file->front, "related"),
		.sources = yaml_get(file->front, "sources"),
		.body = file->body,
		.body_line = file->body_line,
		.path = file->path,
	};
}
