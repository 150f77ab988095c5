/*
 * language.c - what the name of a language means where it stands: "taught in Spanish", "learn
 * Spanish", "I speak Spanish", "a Spanish university".
 */
#include "bot/catalog/reading_priv.h"

static bool
cue_at(const struct reading *r, size_t i, enum cue cue)
{
	return (reading_cues(r, i) & CUE_BIT(cue)) != 0;
}

static bool
is_language(const struct reading *r, size_t i)
{
	return reading_term(r, i, (enum term_kind)WISH_LANGUAGE) != NULL;
}

/* The first language of the list that i stands in: "in english or spanish". */
static size_t
list_start(const struct reading *r, size_t i)
{
	while (i >= 2 && is_language(r, i - 2) &&
	       (cue_at(r, i - 1, CUE_OR) || cue_at(r, i - 1, CUE_AND) ||
		   r->marks[i - 1].sign == ','))
		i -= 2;
	return i;
}

static size_t
list_end(const struct reading *r, size_t i)
{
	while (is_language(r, i + 2) &&
	       (cue_at(r, i + 1, CUE_OR) || cue_at(r, i + 1, CUE_AND)))
		i += 2;
	return i;
}

static bool
names_other_field(const struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct term *t = reading_term(r, i, (enum term_kind)WISH_FIELD);

		if (t != NULL && !str_is(str_of(t->id), "languages"))
			return true;
	}
	return false;
}

/* "prague, czech": the name of a place once more. */
static bool
repeats_place(const struct reading *r, size_t i)
{
	const struct term *nation = reading_term(r, i, TERM_NATION), *place;

	if (nation == NULL || i == 0)
		return false;
	place = reading_term(r, r->marks[i - 1].sign == ',' ? i - 2 : i - 1,
	    (enum term_kind)WISH_DESTINATION);
	return place != NULL && str_is(str_of(place->id), nation->id);
}

/* "spanish course", "german uni", "english language": by what follows. */
static enum language_sense
sense_of_next(const struct reading *r, size_t first, size_t last)
{
	size_t next = last + 1;
	bool nation = reading_term(r, last, TERM_NATION) != NULL;

	if (nation && (cue_at(r, next, CUE_SCHOOL) ||
			  (!reading_is_edge(r, next) && r->marks[next].node == NULL &&
			      cue_at(r, next + 1, CUE_SCHOOL))))
		return SENSE_COUNTRY;
	if (cue_at(r, next, CUE_LANGWORD)) {
		if (cue_at(r, next + 1, CUE_COURSE) && !names_other_field(r) &&
		    !cue_at(r, first - 1, CUE_TAUGHT))
			return SENSE_LEARN;
		return SENSE_TAUGHT;
	}
	if (cue_at(r, next, CUE_COURSE))
		return names_other_field(r) ? SENSE_TAUGHT : SENSE_LEARN;
	return SENSE_NONE;
}

/* "intermediate spanish", "spanish for beginners": a subject has levels. */
static bool
is_graded(const struct reading *r, size_t first, size_t last)
{
	const enum term_kind level = (enum term_kind)WISH_LEVEL;

	return (first > 0 && reading_term(r, first - 1, level) != NULL) ||
	       reading_term(r, last + 1, level) != NULL ||
	       (cue_at(r, last + 1, CUE_FOR) &&
		   reading_term(r, last + 2, level) != NULL);
}

enum language_sense
reading_language(const struct reading *r, size_t i)
{
	size_t first = list_start(r, i), last = list_end(r, i);
	unsigned others = SCOPE_SPEAK | SCOPE_BACKGROUND | SCOPE_PERSON | SCOPE_HOME;
	bool taught = first > 0 && cue_at(r, first - 1, CUE_TAUGHT);
	enum language_sense next = sense_of_next(r, first, last);

	if (next == SENSE_COUNTRY || (next == SENSE_NONE && repeats_place(r, i)))
		return SENSE_COUNTRY;
	if ((r->marks[i].scope & others) != 0 && !taught)
		return SENSE_NONE;
	if ((r->marks[i].scope & (SCOPE_SPEAK | SCOPE_PERSON | SCOPE_ASKED)) != 0)
		return SENSE_NONE;
	if (first > 0 && cue_at(r, first - 1, CUE_LEARN) && !taught)
		return SENSE_LEARN;
	if (taught)
		return SENSE_TAUGHT;
	if (next != SENSE_NONE)
		return next;
	if (is_graded(r, first, last) && !names_other_field(r))
		return SENSE_LEARN;
	if (first > 0 && cue_at(r, first - 1, CUE_WANT) &&
	    (cue_at(r, last + 1, CUE_AND) || !names_other_field(r)))
		return SENSE_LEARN;
	if (reading_is_edge(r, last + 1) || r->marks[last + 1].kind == MARK_NUMBER ||
	    (reading_cues(r, last + 1) & CUE_BIT(CUE_WANT)) != 0)
		return SENSE_TAUGHT;
	return SENSE_NONE;
}
