/*
 * seek_which.c - the programs that a message speaks of: by their place in the list, as "it",
 * or by name; and what a message means while a list is in view.
 */
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/wish_read.h"

/* A list is in view for so many turns after programs were spoken of. */
#define IN_VIEW_TURNS 4
/* What was spoken of just now. */
#define JUST_NOW_TURNS 2
/* A name of fewer letters in a title tells nothing. */
#define NAME_LETTERS 4
/* A question of more words stands by itself. */
#define SHORT_WORDS 6

void
turn_add_ref(struct program_refs *refs, const char *id)
{
	if (id[0] == '\0' || refs->n == PROGRAMS_MAX)
		return;
	for (size_t i = 0; i < refs->n; i++)
		if (strcmp(id, refs->id[i]) == 0)
			return;
	refs->id[refs->n++] = id;
}

static void
add(struct turn *t, struct program_refs *out, struct str id)
{
	turn_add_ref(out, arena_cstr(t->arena, id));
}

/* --- by place */

/* The one beside the one spoken of last. */
static void
add_other(struct turn *t, struct program_refs *out)
{
	const struct conv_seek *s = &t->conv.seek;

	for (size_t i = 0; s->n_page == 2 && i < 2; i++)
		if (!str_eq(s->page[i], s->focus))
			add(t, out, s->page[i]);
}

/* What a program has of it; negative: unknown. */
static double
amount_of(const struct catalog_hit *h, enum most most)
{
	switch (most) {
	case MOST_CHEAPEST:
		return h->price_about != MONEY_UNKNOWN ? (double)h->price_about : -1;
	case MOST_SHORTEST:
		return h->days;
	case MOST_SOONEST:
		return h->start == DAY_UNKNOWN   ? -1
		       : h->start == DAY_ROLLING ? 0
		                                 : h->start;
	case MOST_NOTHING:
		break;
	}
	return -1;
}

static void
add_least(struct turn *t, enum most most, struct program_refs *out)
{
	const struct conv_seek *s = &t->conv.seek;
	double least = -1;
	size_t at = 0;

	for (size_t i = 0; i < s->n_page; i++) {
		struct catalog_hit h;
		double n;

		/* In one currency, so that prices can be compared. */
		if (catalog_card(t->e->index, t->arena,
			arena_cstr(t->arena, s->page[i]), "EUR", &h) != RC_OK)
			continue;
		n = amount_of(&h, most);
		if (n >= 0 && (least < 0 || n < least)) {
			least = n;
			at = i;
		}
	}
	if (least >= 0)
		add(t, out, s->page[at]);
}

/* In the order of the list, so that places mean the same after a comparison. */
static void
add_places(struct turn *t, const struct which *w, struct program_refs *out)
{
	const struct conv_seek *s = &t->conv.seek;

	for (size_t i = 0; i < s->n_page; i++) {
		bool named = (w->places >> i & 1) != 0 || w->all ||
		             (w->last && i + 1 == s->n_page) ||
		             (w->it && s->focus.len > 0 &&
				 str_eq(s->page[i], s->focus));

		if (named)
			add(t, out, s->page[i]);
	}
	if (w->it && !w->all)
		add(t, out, s->focus);
	if (w->other)
		add_other(t, out);
}

/* --- by name */

static bool
has_word(struct str folded, struct str word)
{
	const char *at = folded.p, *end = folded.p + folded.len;

	while (at < end &&
	       (at = memmem(at, (size_t)(end - at), word.p, word.len)) != NULL) {
		bool begins = at == folded.p || at[-1] == ' ';
		bool ends = at + word.len == end || at[word.len] == ' ';

		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

/* Words in lower case, one blank between them. */
static struct str
plain(struct turn *t, struct str s)
{
	struct buf b = { 0 };
	char *c;

	utf8_fold(s, &b);
	c = arena_cstr(t->arena, buf_str(&b));
	buf_fini(&b);
	for (size_t i = 0; c[i] != '\0'; i++)
		if (strchr(",.;:!?()\"'/", c[i]) != NULL)
			c[i] = ' ';
	return str_of(c);
}

/* Words of the title that the message has. */
static size_t
words_shared(struct str message, struct str title)
{
	size_t n = 0;

	while (title.p != NULL) {
		struct str word = str_cut(&title, ' ');

		n += word.len >= NAME_LETTERS && has_word(message, word);
	}
	return n;
}

/* The one in view whose title shares more with the message than all others. */
static void
add_named(struct turn *t, struct program_refs *out)
{
	const struct conv_seek *s = &t->conv.seek;
	struct str message = plain(t, t->text);
	size_t best = 0, best_at = 0;
	bool alone = false;

	for (size_t i = 0; i < s->n_page; i++) {
		struct catalog_hit h;
		size_t n;

		if (catalog_card(t->e->index, t->arena,
			arena_cstr(t->arena, s->page[i]), "", &h) != RC_OK)
			continue;
		n = words_shared(message, plain(t, str_of(arena_printf(t->arena,
						       "%s %s", h.title, h.provider))));
		alone = n > best || (alone && n < best);
		if (n > best) {
			best = n;
			best_at = i;
		}
	}
	if (best > 0 && alone)
		add(t, out, s->page[best_at]);
}

/* One of the whole catalog: what she writes is its title, or all words of it are. */
static void
add_of_catalog(struct turn *t, struct program_refs *out)
{
	struct buf topic = { 0 };
	struct catalog_query q;
	struct catalog_answer r;

	wish_topic(t->e->lib->vocab, t->text, &topic, &topic);
	catalog_query_init(&q, (int32_t)(t->in->now_ms / INT64_C(86400000)));
	q.text = arena_str(t->arena, buf_str(&topic));
	q.limit = 1;
	buf_fini(&topic);
	if (q.text.len == 0)
		return;
	catalog_search(t->e->index, t->arena, &q, &r);
	if (r.n > 0 && (r.hits[0].named || (r.total == 1 && r.n_not_found == 0)))
		add(t, out, str_of(r.hits[0].id));
}

void
turn_which(struct turn *t, struct program_refs *out)
{
	struct which w;

	*out = (struct program_refs){ 0 };
	if (t->picked.len > 0) {
		add(t, out, t->picked);
		return;
	}
	if (t->chosen) {
		add(t, out, t->conv.seek.focus);
		return;
	}
	which_read(t->e->lib->which, t->text, t->conv.seek.n_page, &w);
	if (w.mine && turn_view_list(t) > 0)
		w.all = w.places == 0 && !w.last;
	if (w.most != MOST_NOTHING)
		add_least(t, w.most, out);
	add_places(t, &w, out);
	out->beyond = w.places >> t->conv.seek.n_page != 0 && t->conv.seek.n_page > 0;
	if (w.places == 0 && !w.all && !w.last && w.most == MOST_NOTHING)
		add_named(t, out);
	if (out->n == 0 && !out->beyond)
		add_of_catalog(t, out);
}

bool
turn_refer(struct turn *t, struct program_refs *out)
{
	if (!turn_has_catalog(t)) {
		reply_add(t, "seek.no_catalog");
		return false;
	}
	turn_which(t, out);
	if (out->n == 0 && out->beyond) {
		turn_bind(t, "n",
		    str_of(arena_printf(t->arena, "%zu", t->conv.seek.n_page)));
		(void)turn_say_which(t,
		    t->conv.seek.n_page == 1 ? "program.beyond_one" : "program.beyond");
		return false;
	}
	if (out->n == 0)
		turn_in_view(t, out);
	if (out->n == 0)
		reply_add(t, "seek.nothing_in_view");
	return out->n > 0;
}

bool
turn_names_several(const struct turn *t)
{
	struct which w;

	which_read(t->e->lib->which, t->text, t->conv.seek.n_page, &w);
	return !t->chosen && (w.all || __builtin_popcount(w.places) > 1);
}

bool
turn_means_all(const struct turn *t)
{
	struct which w;

	which_read(t->e->lib->which, t->text, t->conv.seek.n_page, &w);
	return !t->chosen && w.all && w.places == 0;
}

void
turn_in_list(struct turn *t, struct program_refs *out)
{
	const struct conv_seek *s = &t->conv.seek;

	out->n = 0;
	for (size_t i = 0; i < s->n_page; i++)
		add(t, out, s->page[i]);
}

void
turn_in_view(struct turn *t, struct program_refs *out)
{
	out->n = 0;
	if (t->conv.seek.focus.len > 0)
		add(t, out, t->conv.seek.focus);
	else
		turn_in_list(t, out);
}

enum turn_end
turn_say_which(struct turn *t, const char *message)
{
	reply_add(t, message);
	seek_touch(t);
	seek_offer_page(t);
	return TURN_DONE;
}

/* --- what a message means while programs are in view */

static bool
in_view(const struct turn *t)
{
	int age = seek_age(t);

	return age >= 0 && age <= IN_VIEW_TURNS && t->e->index != NULL;
}

static const char *
top(const struct turn *t)
{
	return t->reading.known && t->reading.n > 0 ? t->reading.ranked[0].intent : "";
}

/* Intents that may really be about the list: it is what "more", "online" or "no" were
 * likened to without it. */
static bool
may_be_wish(const struct turn *t, const char *label)
{
	static const char *const soft[] = { "", "refine-suggestion", "suggest-programs",
		"search-programs", "out-of-scope", "unclear-input", "more-results",
		"small-talk", "change-language", "update-profile", "deny", "affirm",
		"correction", "stop-dialog", "frustration" };

	for (size_t i = 0; i < ARRAY_LEN(soft); i++)
		if (strcmp(soft[i], label) == 0)
			return true;
	return kb_find(t->e->lib->kb, label) != NULL;
}

/* "and in canada?", "cheaper?" go on with what was said; "how do i get a visa for canada?"
 * does not. */
static bool
goes_on(struct turn *t, const struct which *w)
{
	static const char *const openers[] = { "and ", "what about", "how about", "or ",
		"same ", "the same", "but ", "then ", "actually", "ok ", "okay " };
	struct str text = plain(t, t->text);

	if (!str_ends(str_trim(t->text), "?"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(openers); i++)
		if (str_starts(text, openers[i]))
			return true;
	return w->words <= 2;
}

static bool
changes_wish(struct turn *t)
{
	struct wish_changes c = { 0 };
	struct wish before, w;

	seek_wish(t, &before);
	w = before;
	(void)wish_read(t->e->lib->vocab, t->text, &w, &c);
	/* Words alone are a weak sign: nearly any can be the subject of a course. */
	if (c.words && c.said == 0 && c.than == 0 && !c.extras)
		return false;
	return c.than != 0 || !wish_equal(&before, &w);
}

/* Answers that are about one program, once one is in view: "is it accredited?" */
static bool
is_point_topic(const char *label)
{
	static const char *const topics[] = { "accreditation-check",
		"assessment-and-exams", "how-long-does-it-take",
		"how-much-does-it-cost", "more-detail", "prior-experience-needed",
		"program-details", "study-online", "course-language", "unclear-input",
		"out-of-scope", "" };

	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		if (strcmp(topics[i], label) == 0)
			return true;
	return false;
}

/* "0 results lol", after a list that was none. */
static bool
is_remark(const char *label)
{
	static const char *const remarks[] = { "", "out-of-scope", "unclear-input",
		"frustration", "small-talk", "more-results" };

	for (size_t i = 0; i < ARRAY_LEN(remarks); i++)
		if (strcmp(remarks[i], label) == 0)
			return true;
	return false;
}

/* "save the third", and then "the second": of the list, where the buttons have no such place. */
static bool
is_place_of_list(const struct turn *t, const struct which *w)
{
	return w->places != 0 && w->places < 1U << t->conv.seek.n_page &&
	       w->places >= 1U << t->conv.n_options && w->words <= SHORT_WORDS;
}

/* "is it free?", of the one spoken of just now. */
static bool
asks_of_it(const struct turn *t, const struct which *w)
{
	return w->points != 0 && which_names(w) && w->words <= SHORT_WORDS &&
	       seek_age(t) <= JUST_NOW_TURNS &&
	       (t->conv.seek.focus.len > 0 || w->places != 0);
}

static bool
asks_details(const struct turn *t, const struct which *w, const char *label)
{
	bool more = strcmp(label, "more-detail") == 0;

	if (more && seek_age(t) == 1 && t->conv.seek.focus.len > 0)
		return true;
	if (strcmp(label, "choose-option") == 0)
		return is_place_of_list(t, w);
	if (asks_of_it(t, w) && kb_find(t->e->lib->kb, label) != NULL)
		return true;
	return which_names(w) && is_point_topic(label) &&
	       (w->points != 0 || more || w->words <= SHORT_WORDS) &&
	       (t->conv.seek.focus.len > 0 || w->places != 0 || w->last || w->all);
}

/* "what about the cheapest": a list in that order, unless it is one program that is meant. */
static bool
orders(const struct turn *t, const struct which *w, const char *label)
{
	/* "the cheapest first" names no choice. */
	if (strcmp(label, "choose-option") == 0)
		return w->places == 0 && !w->last;
	return may_be_wish(t, label) && strcmp(label, "more-detail") != 0 &&
	       !turn_asks_point(t);
}

/* "find a welding course" is a search of its own, whatever stood before. */
static bool
begins_anew(const struct turn *t, const char *label)
{
	return (strcmp(label, "search-programs") == 0 ||
		   strcmp(label, "suggest-programs") == 0) &&
	       turn_names_subject(t);
}

bool
seek_shrugs(const struct turn *t)
{
	struct which w;

	which_read(t->e->lib->which, t->text, 0, &w);
	return w.only_any;
}

const char *
seek_claims(struct turn *t)
{
	const char *label = top(t);
	struct which w;

	if (!in_view(t) || t->media[0] != '\0')
		return NULL;
	which_read(t->e->lib->which, t->text, t->conv.seek.n_page, &w);
	if (turn_found_nothing(t) && seek_age(t) == 1 && is_remark(label))
		return "refine-suggestion";
	if (w.only_any && t->conv.seek.question.len > 0 && !changes_wish(t))
		return "skip-wish";
	if (turn_is_seeking(t) && w.most != MOST_NOTHING && orders(t, &w, label))
		return "refine-suggestion";
	if (asks_details(t, &w, label))
		return "program-details";
	if (turn_is_seeking(t) && may_be_wish(t, label) && !begins_anew(t, label) &&
	    goes_on(t, &w) && changes_wish(t))
		return "refine-suggestion";
	return NULL;
}
