/*
 * index_gather.c - the words of programs, one program after the other.
 *
 * BM25F (Robertson, Zaragoza, Taylor 2004): how often a word occurs is added up over the
 * fields, each with its weight and against the field's usual length, before it is damped.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/catalog/program_facts.h"

/* Weights by C2. usual: words of such a field in catalogs at hand; lean: how much a longer
 * field counts less. */
static const struct field {
	double weight, usual, lean;
	bool heavy;
} title_field = { 10, 6, 0.6, true }, code_field = { 8, 1, 0, true },
  skill_field = { 5, 12, 0.5, true }, provider_field = { 3, 4, 0.3, true },
  text_field = { 1, 80, 0.75, false };

void
share_init(struct share *p, const struct catalog_tables *t, int32_t today)
{
	*p = (struct share){ .tables = t, .today = today };
	buf_addc(&p->texts, '\0'); /* at 0 is "" */
	(void)interner_put(&p->providers, STR(""), NULL);
	(void)interner_put(&p->lang_sets, STR(""), NULL);
	(void)interner_put(&p->countries, STR(""), NULL);
}

void
share_fini(struct share *p)
{
	interner_fini(&p->surfaces);
	interner_fini(&p->providers);
	interner_fini(&p->lang_sets);
	interner_fini(&p->countries);
	free(p->surface);
	free(p->entries);
	free(p->docs);
	free(p->titles);
	free(p->skills);
	free(p->runs);
	free(p->words);
	buf_fini(&p->texts);
	buf_fini(&p->fold);
}

uint32_t
share_add_text(struct share *p, const char *s)
{
	uint32_t at = (uint32_t)p->texts.len;

	if (s == NULL || s[0] == '\0')
		return 0;
	buf_add(&p->texts, s, strlen(s) + 1);
	return at;
}

/* --- one field */

static bool
take_word(void *arg, struct str word)
{
	struct share *p = arg;
	bool is_new;
	uint32_t s = interner_put(&p->surfaces, word, &is_new);

	if (is_new) {
		xgrow(&p->surface, &p->surface_cap, (size_t)s + 1);
		p->surface[s] = (struct raw_surface){
			.phrase = map_get(p->tables->field_words, word),
			.same = map_get(p->tables->same, word),
			.doc = UINT32_MAX,
			.stop = tables_word_is(p->tables, word) == WORD_STOP,
		};
	}
	xgrow(&p->words, &p->words_cap, p->n_words + 1);
	p->words[p->n_words++] = s;
	return true;
}

static void
vote(struct raw_surface *s, uint8_t lang)
{
	if (s->votes == 0)
		s->lang = lang;
	s->votes += s->lang == lang ? 1 : -1;
}

static uint16_t
add_up(uint16_t have, unsigned more)
{
	return have + more > UINT16_MAX ? UINT16_MAX : (uint16_t)(have + more);
}

static void
count_word(struct share *p, uint32_t doc, uint32_t word, const struct field *f,
    unsigned worth, uint8_t lang)
{
	struct raw_surface *s = &p->surface[word];
	struct raw_entry *e;

	vote(s, lang);
	if (s->stop)
		return;
	if (s->doc != doc) {
		s->doc = doc;
		s->entry = (uint32_t)p->n_entries;
		xgrow(&p->entries, &p->entries_cap, p->n_entries + 1);
		p->entries[p->n_entries++] = (struct raw_entry){ word, 0, 0 };
	}
	e = &p->entries[s->entry];
	e->all = add_up(e->all, worth);
	if (f->heavy)
		e->heavy = add_up(e->heavy, worth);
}

static bool
phrase_is_at(const struct share *p, size_t at, const struct tables_phrase *phrase)
{
	size_t i = 1;

	while (i < phrase->n && at + i < p->n_words &&
	       str_eq(interner_text(&p->surfaces, p->words[at + i]), phrase->word[i]))
		i++;
	return i == phrase->n;
}

/* Phrases that are a synonym of something are found as if they were a word. */
static void
count_phrases(struct share *p, const struct field *f, unsigned worth)
{
	size_t n = p->n_words;

	for (size_t i = 0; i < n; i++) {
		const struct tables_phrase *phrase = p->surface[p->words[i]].same;

		for (; phrase != NULL; phrase = phrase->next) {
			if (phrase->n < 2 || !phrase_is_at(p, i, phrase))
				continue;
			(void)take_word(p, str_of(phrase->as_word));
			count_word(p, (uint32_t)p->n_docs, p->words[n], f, worth, 0);
			p->n_words = n;
		}
	}
}

/* The words of one text of a field; they stay in p->words until the next. */
static void
take_text(struct share *p, const struct field *f, const char *text, uint8_t lang)
{
	double worth;
	unsigned each;

	p->n_words = 0;
	if (text == NULL || text[0] == '\0')
		return;
	search_words(str_of(text), &p->fold, take_word, p);
	worth = f->weight / (1 - f->lean + f->lean * (double)p->n_words / f->usual);
	each = (unsigned)(worth * RAW_UNIT + 0.5);
	for (size_t i = 0; i < p->n_words; i++)
		count_word(p, (uint32_t)p->n_docs, p->words[i], f, each, lang);
	if (f->heavy)
		count_phrases(p, f, each);
}

static void
keep_words(const struct share *p, uint32_t **v, size_t *n, size_t *cap, bool first)
{
	xgrow(v, cap, *n + p->n_words + 1);
	if (!first)
		(*v)[(*n)++] = INDEX_NONE;
	memcpy(*v + *n, p->words, p->n_words * sizeof(**v));
	*n += p->n_words;
}

static void
take_skill(struct share *p, struct raw_range *r, const char *text, uint8_t lang)
{
	take_text(p, &skill_field, text, lang);
	if (p->n_words == 0)
		return;
	keep_words(p, &p->skills, &p->n_skills, &p->skills_cap, p->n_skills == r->from);
}

/* --- fields of study, by words */

static bool
word_fits(const struct share *p, uint32_t word, struct str want, bool last)
{
	struct str have;

	if (word == INDEX_NONE)
		return false;
	have = interner_text(&p->surfaces, word);
	if (str_eq(have, want))
		return true;
	return last && have.len == want.len + 1 && have.p[want.len] == 's' &&
	       memcmp(have.p, want.p, want.len) == 0;
}

static uint64_t
fields_at(const struct share *p, const uint32_t *v, size_t n,
    const struct tables_phrase *phrase)
{
	uint64_t bits = 0;

	for (; phrase != NULL; phrase = phrase->next) {
		size_t i = 1;

		while (i < phrase->n && i < n &&
		       word_fits(p, v[i], phrase->word[i], i + 1 == phrase->n))
			i++;
		if (i == phrase->n)
			bits |= p->tables->field[phrase->group].bits;
	}
	return bits;
}

/* A plural of one word begins no phrase: look for it without its s. */
static const struct tables_phrase *
singular(const struct share *p, uint32_t word)
{
	struct str s = interner_text(&p->surfaces, word);
	const struct tables_phrase *phrase = NULL;

	if (s.len > 3 && s.p[s.len - 1] == 's')
		phrase = map_get(p->tables->field_words, str_n(s.p, s.len - 1));
	while (phrase != NULL && phrase->n > 1)
		phrase = phrase->next;
	return phrase;
}

static uint64_t
fields_of(const struct share *p, const uint32_t *v, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++) {
		const struct tables_phrase *phrase;

		if (v[i] == INDEX_NONE)
			continue;
		phrase = p->surface[v[i]].phrase;
		if (phrase == NULL)
			phrase = singular(p, v[i]);
		bits |= fields_at(p, v + i, n - i, phrase);
	}
	return bits;
}

/* --- one program */

static uint8_t
lang_of(const struct program *prog, const char *own)
{
	if (own != NULL && own[0] != '\0')
		return (uint8_t)stem_lang(own);
	if (prog->default_lang != NULL && prog->default_lang[0] != '\0')
		return (uint8_t)stem_lang(prog->default_lang);
	return (uint8_t)stem_lang(
	    prog->teaching_langs.n > 0 ? prog->teaching_langs.at[0] : "");
}

static void
take_titles(struct share *p, const struct program *prog, struct raw_doc *d)
{
	d->titles.from = (uint32_t)p->n_titles;
	for (size_t i = 0; i < prog->title.n; i++) {
		take_text(p, &title_field, prog->title.at[i].text,
		    lang_of(prog, prog->title.at[i].lang));
		keep_words(p, &p->titles, &p->n_titles, &p->titles_cap, i == 0);
	}
	d->titles.n = (uint32_t)p->n_titles - d->titles.from;
}

static void
take_skills(struct share *p, const struct program *prog, struct raw_doc *d)
{
	uint8_t lang = lang_of(prog, NULL);

	d->skills.from = (uint32_t)p->n_skills;
	for (size_t i = 0; i < prog->n_outcomes; i++)
		for (size_t j = 0; j < prog->outcomes[i].text.n; j++)
			take_skill(p, &d->skills, prog->outcomes[i].text.at[j].text,
			    lang_of(prog, prog->outcomes[i].text.at[j].lang));
	for (size_t i = 0; i < prog->subjects.n; i++)
		if (strncmp(prog->subjects.at[i], "cip:", 4) != 0)
			take_skill(p, &d->skills, prog->subjects.at[i], lang);
	for (size_t i = 0; i < prog->tags.n; i++)
		take_skill(p, &d->skills, prog->tags.at[i], lang);
	d->skills.n = (uint32_t)p->n_skills - d->skills.from;
}

static void
take_texts(struct share *p, const struct field *f, const struct texts *t,
    const struct program *prog)
{
	for (size_t i = 0; i < t->n; i++)
		take_text(p, f, t->at[i].text, lang_of(prog, t->at[i].lang));
}

bool
share_take(void *part, const struct program *prog)
{
	struct share *p = part;
	struct raw_doc *d;
	uint8_t lang = lang_of(prog, NULL);

	xgrow(&p->docs, &p->docs_cap, p->n_docs + 1);
	d = &p->docs[p->n_docs];
	*d = (struct raw_doc){ .entries.from = (uint32_t)p->n_entries };
	take_titles(p, prog, d);
	take_skills(p, prog, d);
	take_text(p, &code_field, prog->code, lang);
	take_text(p, &provider_field, prog->provider, lang);
	take_text(p, &provider_field, prog->awarding_body, lang);
	take_text(p, &provider_field, prog->provider_place, lang);
	take_texts(p, &text_field, &prog->summary, prog);
	take_texts(p, &text_field, &prog->description, prog);
	take_texts(p, &text_field, &prog->entry, prog);
	d->entries.n = (uint32_t)p->n_entries - d->entries.from;
	d->fields = fields_of(p, p->titles + d->titles.from, d->titles.n) |
	            fields_of(p, p->skills + d->skills.from, d->skills.n);
	share_take_facts(p, prog, d);
	p->n_docs++;
	return true;
}
