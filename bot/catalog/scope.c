/*
 * scope.c - whose words these are: what a student says of herself, of others and of her home
 * is no wish, and what she rules out is one of its own.
 *
 * One walk from left to right. Small words open a scope; a sign, "but", or a new "I want"
 * ends it.
 *
 * A question about things in general ("is a bootcamp worth it?") wishes for nothing either:
 * question.c finds those. What is asked for on behalf of somebody ("a course for my mum") is a
 * wish, unless the message holds one of her own.
 */
#include "bot/catalog/reading_priv.h"

/* What a new wish of her own ends. */
#define ENDED_BY_WANT                                                                  \
	(SCOPE_PERSON | SCOPE_HOME | SCOPE_BACKGROUND | SCOPE_NEWBIE | SCOPE_SPEAK |   \
	    SCOPE_RECOGNISED)

struct walk {
	struct reading *r;
	unsigned scope;
	size_t since_not;  /* wishes named since the negation */
	size_t since_home; /* things named since home, or what she did, was */
	enum term_kind not_kind, last_kind;
	bool behalf; /* all is wished for somebody who was named */
};

/* The kind of wish that is named next, within this phrase. */
static enum term_kind
next_kind(const struct reading *r, size_t i)
{
	for (; i < r->n && r->marks[i].kind != MARK_SIGN; i++)
		if (reading_slot(r, i) != TERM_KINDS)
			return reading_slot(r, i);
	return TERM_KINDS;
}

/* "kenya, uganda and tanzania": whether a list of that kind goes on behind the comma i. */
static bool
list_goes_on(const struct reading *r, size_t i, enum term_kind kind)
{
	const uint64_t joins = CUE_BIT(CUE_AND) | CUE_BIT(CUE_OR);

	if ((reading_cues(r, i + 1) & joins) != 0)
		return reading_slot(r, i + 2) == kind;
	while (reading_slot(r, i + 1) == kind && kind != TERM_KINDS) {
		if ((reading_cues(r, i + 2) & joins) != 0)
			return reading_slot(r, i + 3) == kind;
		if (i + 2 >= r->n || r->marks[i + 2].sign != ',')
			return false;
		i += 2;
	}
	return false;
}

static void
on_sign(struct walk *w, size_t i)
{
	const struct reading *r = w->r;
	unsigned keeps = 0;

	if (r->marks[i].sign == '-' && i > 0 && r->marks[i - 1].kind == MARK_NUMBER)
		return; /* a range */
	if (r->marks[i].sign == '/')
		return;
	if (r->marks[i].sign == ',' && list_goes_on(r, i, w->last_kind))
		keeps = w->scope & (SCOPE_PERSON | SCOPE_HOME | SCOPE_BACKGROUND |
				       SCOPE_SPEAK | SCOPE_NEWBIE);
	w->scope = keeps;
}

static void
end_not(struct walk *w)
{
	w->scope &= ~(unsigned)SCOPE_NOT;
}

static void
on_other_cues(struct walk *w, uint64_t cues, size_t i)
{
	if (has_cue(cues, CUE_BACKGROUND) || has_cue(cues, CUE_ALREADY)) {
		w->scope |= SCOPE_BACKGROUND;
		w->since_home = 0;
	}
	if (has_cue(cues, CUE_NO_BACKGROUND))
		w->scope |= SCOPE_NEWBIE;
	if (has_cue(cues, CUE_NEED_NOT))
		w->scope |= SCOPE_NEED_NOT;
	if (has_cue(cues, CUE_SPEAK))
		w->scope |= SCOPE_SPEAK;
	if (has_cue(cues, CUE_RECOGNISED))
		w->scope |= SCOPE_RECOGNISED;
	if (has_cue(cues, CUE_HOME)) {
		w->scope |= SCOPE_HOME;
		w->since_home = 0;
	} else if (has_cue(cues, CUE_TO) && w->since_home > 0) {
		w->scope &= ~(unsigned)(SCOPE_HOME | SCOPE_BACKGROUND);
	}
	if (has_cue(cues, CUE_AND) && (w->scope & SCOPE_NOT) != 0 && w->since_not > 0 &&
	    next_kind(w->r, i + 1) != w->not_kind)
		end_not(w);
	if (has_cue(cues, CUE_NOT) && !has_cue(cues, CUE_NEUTRAL) &&
	    !has_cue(cues, CUE_MAX)) {
		w->scope |= SCOPE_NOT;
		w->since_not = 0;
		w->not_kind = TERM_KINDS;
	}
}

/* "for my mum" */
static bool
is_for_person(const struct reading *r, size_t i)
{
	return i > 0 && has_cue(reading_cues(r, i), CUE_PERSON) &&
	       has_cue(reading_cues(r, i - 1), CUE_FOR);
}

static void
on_cues(struct walk *w, uint64_t cues, size_t i)
{
	if (has_cue(cues, CUE_BUT))
		w->scope = 0;
	if (has_cue(cues, CUE_WANT)) {
		w->scope &= ~(unsigned)ENDED_BY_WANT;
		if (w->since_not > 0)
			end_not(w);
	}
	if (has_cue(cues, CUE_PERSON) &&
	    !(w->behalf && (has_cue(cues, CUE_PRONOUN) || is_for_person(w->r, i)))) {
		w->scope &= ~(unsigned)(SCOPE_HOME | SCOPE_BACKGROUND);
		w->scope |= SCOPE_PERSON;
	} else if (has_cue(cues, CUE_SELF)) {
		w->scope &= ~(unsigned)SCOPE_PERSON;
	}
	on_other_cues(w, cues, i);
}

/* A negation holds for one kind of thing: "no bootcamps in the evening". */
static void
on_slot(struct walk *w, struct mark *m, enum term_kind kind)
{
	w->last_kind = kind;
	w->since_home++;
	if ((w->scope & SCOPE_NOT) == 0)
		return;
	if (w->not_kind == TERM_KINDS)
		w->not_kind = kind;
	if (w->not_kind != kind)
		m->scope &= ~(unsigned)SCOPE_NOT;
	w->since_not++;
}

/* "the uk is too far": the wish before mark i is ruled out. */
static void
rule_out_before(struct reading *r, size_t i)
{
	const uint64_t other = CUE_BIT(CUE_NOT) | CUE_BIT(CUE_NEUTRAL) |
	                       CUE_BIT(CUE_BUT);

	/* "statistics, but not too hard" */
	while (i-- > 0 && r->marks[i].kind != MARK_SIGN &&
	       (r->marks[i].cues & other) == 0) {
		if (reading_slot(r, i) == TERM_KINDS &&
		    reading_term(r, i, TERM_FLAG) == NULL)
			continue;
		r->marks[i].scope |= SCOPE_NOT;
		return;
	}
}

/* "nurse by profession" */
static void
know_before(struct reading *r, size_t i)
{
	while (i-- > 0 && r->marks[i].kind != MARK_SIGN)
		r->marks[i].scope |= SCOPE_BACKGROUND;
}

static bool
has_any(const struct reading *r, enum cue cue)
{
	for (size_t i = 0; i < r->n; i++)
		if (has_cue(r->marks[i].cues, cue))
			return true;
	return false;
}

/* Where the phrase around mark i begins: behind the last sign but a comma, or "but". */
static size_t
clause_start(const struct reading *r, size_t i)
{
	while (i > 0 && !has_cue(reading_cues(r, i - 1), CUE_BUT) &&
	       !has_cue(reading_cues(r, i - 1), CUE_FOR_SELF) &&
	       (!reading_is_sign(r, i - 1) || r->marks[i - 1].sign == ','))
		i--;
	return i;
}

/* "a badge for my mum; for me a bootcamp": what was said of hers fills nothing. */
static void
give_away(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = clause_start(r, i); is_for_person(r, i) && k < i; k++)
			r->marks[k].scope |= SCOPE_PERSON;
}

/* "data science, I cannot go over 400": that is about the number. */
static bool
is_about_number(const struct reading *r, size_t i)
{
	for (i++; !reading_is_edge(r, i); i++)
		if (r->marks[i].kind == MARK_NUMBER)
			return true;
	return false;
}

void
reading_scopes(struct reading *r)
{
	struct walk w = { .r = r, .not_kind = TERM_KINDS, .last_kind = TERM_KINDS };

	for (size_t i = 0; i < r->n; i++)
		w.behalf = w.behalf || is_for_person(r, i);
	w.behalf = w.behalf && !has_any(r, CUE_FOR_SELF);

	for (size_t i = 0; i < r->n; i++) {
		struct mark *m = &r->marks[i];

		if (m->kind == MARK_SIGN)
			on_sign(&w, i);
		else
			on_cues(&w, m->cues, i);
		m->scope = w.scope;
		if (reading_slot(r, i) != TERM_KINDS)
			on_slot(&w, m, reading_slot(r, i));
	}
	for (size_t i = 0; i < r->n; i++) {
		if (has_cue(r->marks[i].cues, CUE_OUT) &&
		    !has_cue(r->marks[i].cues, CUE_NOT) && !is_about_number(r, i))
			rule_out_before(r, i);
		if (has_cue(r->marks[i].cues, CUE_ALREADY))
			know_before(r, i);
	}
	if (has_any(r, CUE_FOR_SELF))
		give_away(r);
	reading_questions(r);
}
