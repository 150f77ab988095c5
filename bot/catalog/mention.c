/*
 * mention.c - which wishes a message names: the phrases of the vocabulary, less those that
 * are about somebody else, her home or her past.
 */
#include <string.h>

#include "bot/catalog/reading_priv.h"
#include "credbot/catalog/wish_map.h"

static void
mention(struct reading *r, size_t i, enum wish_slot slot, const char *id)
{
	unsigned scope = r->marks[i].scope;

	if (r->n_mentions == MENTIONS_MAX)
		return;
	r->mentions[r->n_mentions++] = (struct mention){
		.id = id,
		.mark = (uint16_t)i,
		.slot = (uint8_t)slot,
		.avoid = (scope & (SCOPE_NOT | SCOPE_NEED_NOT)) == SCOPE_NOT,
		.drop = (scope & SCOPE_NEED_NOT) != 0,
		.weak = (scope & SCOPE_NEWBIE) != 0 && slot == WISH_FIELD,
	};
}

/* "from Kenya" is where she comes from; "a certificate from Germany" is not. */
static bool
is_from_home(const struct reading *r, size_t i)
{
	const uint64_t offers = CUE_BIT(CUE_COURSE) | CUE_BIT(CUE_SCHOOL);

	if (i == 0 || !has_cue(reading_cues(r, i - 1), CUE_FROM))
		return false;
	return i < 2 || ((reading_cues(r, i - 2) & offers) == 0 &&
			    reading_term(r, i - 2, (enum term_kind)WISH_TYPE) == NULL);
}

static bool
is_elsewhere(const struct reading *r, size_t i)
{
	return (r->marks[i].scope & (OTHERS | SCOPE_HOME | SCOPE_RECOGNISED)) != 0 ||
	       is_from_home(r, i);
}

/* "a british short course", "an italian uni", but not "i am british". */
static bool
is_offer_of_nation(const struct reading *r, size_t i)
{
	if (i + 1 >= r->n || r->marks[i + 1].kind == MARK_SIGN)
		return false;
	if (has_cue(r->marks[i + 1].cues, CUE_SCHOOL) ||
	    has_cue(r->marks[i + 1].cues, CUE_COURSE))
		return true;
	if (has_cue(reading_cues(r, i + 2), CUE_SCHOOL) && r->marks[i + 1].node == NULL)
		return true;
	if (i > 0 && has_cue(r->marks[i - 1].cues, CUE_SELF))
		return false;
	return reading_term(r, i + 1, (enum term_kind)WISH_TYPE) != NULL;
}

static void
on_language(struct reading *r, size_t i, const struct term *t)
{
	const struct term *nation = reading_term(r, i, TERM_NATION);

	switch (reading_language(r, i)) {
	case SENSE_TAUGHT:
		mention(r, i, WISH_LANGUAGE, t->id);
		if (has_cue(reading_cues(r, i + 1),
			CUE_LANGWORD)) /* "french language" */
			r->marks[i + 1].used = true;
		break;
	case SENSE_LEARN:
		mention(r, i, WISH_FIELD, "languages");
		break;
	case SENSE_COUNTRY:
		if (nation != NULL && !is_elsewhere(r, i))
			mention(r, i, WISH_DESTINATION, nation->id);
		break;
	case SENSE_NONE:
		break;
	}
}

static void
on_provider(struct reading *r, size_t i, const struct term *t)
{
	if ((r->marks[i].scope & (OTHERS | SCOPE_HOME | SCOPE_RECOGNISED)) != 0)
		return;
	mention(r, i, WISH_PROVIDER, t->id);
	if (t->place != NULL && (r->marks[i].scope & SCOPE_NOT) == 0)
		mention(r, i, WISH_DESTINATION, t->place);
}

/* "coding camp" is a type and names a field; so does "aws certification". What the bot calls
 * a type names nothing else, or its own words would read as more than it said. */
static void
look_inside(struct reading *r, size_t i)
{
	const struct mark *m = &r->marks[i];

	for (size_t k = 0; k < m->n;) {
		size_t most = k == 0 ? m->n - 1U : m->n - k;
		struct match found = vocab_match(r->v, &r->tokens, r->words, m->tok + k,
		    most);
		bool capitals = r->tokens.v[m->tok + k].capitals;
		const struct term *t = NULL;

		if (found.n > 0) {
			t = vocab_meaning(r->v, found.node, (enum term_kind)WISH_FIELD,
			    capitals);
			if (t != NULL)
				mention(r, i, WISH_FIELD, t->id);
			t = vocab_meaning(r->v, found.node, (enum term_kind)WISH_MODE,
			    capitals);
			if (t != NULL)
				mention(r, i, WISH_MODE, t->id);
		}
		k += found.n > 0 ? found.n : 1;
	}
}

static bool
is_own_level(const char *id)
{
	int low, high;

	return wish_level_range(id, &low, &high) && high <= 5;
}

static void
on_type(struct reading *r, size_t i, const struct term *t)
{
	if ((r->marks[i].scope & OTHERS) != 0)
		return;
	mention(r, i, WISH_TYPE, t->id);
	if ((r->marks[i].scope & SCOPE_NOT) == 0 && !t->label &&
	    reading_term(r, i, (enum term_kind)WISH_FIELD) == NULL)
		look_inside(r, i);
}

/* "I am a beginner" says what she wants; "I am a graduate" does not. */
static void
on_level(struct reading *r, size_t i, const struct term *t)
{
	unsigned scope = r->marks[i].scope;

	if ((scope & (SCOPE_PERSON | SCOPE_ASKED)) != 0 ||
	    ((scope & SCOPE_BACKGROUND) != 0 && !is_own_level(t->id)))
		return;
	mention(r, i, WISH_LEVEL, t->id);
	/* "no experience" is no negation of a level: the phrase holds it already. */
	if (has_cue(r->marks[i].cues, CUE_NOT) ||
	    has_cue(r->marks[i].cues, CUE_NO_BACKGROUND))
		r->mentions[r->n_mentions - 1].avoid = false;
}

/* "hotel revenue management", "english for nurses", "for our sales team": counts if no other field is named. */
static bool
only_colours(const struct reading *r, size_t i, const struct term *t)
{
	if (i == 0 || r->marks[i - 1].kind != MARK_WORD)
		return false;
	if (t->head && has_cue(reading_cues(r, i + 1), CUE_SCHOOL))
		return true; /* "munich tech uni" */
	if (t->person || has_cue(reading_cues(r, i + 1), CUE_FOLK))
		return has_cue(r->marks[i - 1].cues, CUE_FOR) ||
		       /* "for young managers" */
		       (i > 1 && reading_is_common(r, i - 1) &&
			   has_cue(r->marks[i - 2].cues, CUE_FOR));
	return t->head &&
	       (reading_term(r, i - 1, (enum term_kind)WISH_FIELD) != NULL ||
		   (r->marks[i - 1].node == NULL && !reading_is_common(r, i - 1)));
}

static void
on_field(struct reading *r, size_t i, const struct term *t)
{
	if ((r->marks[i].scope & OTHERS) != 0 ||
	    (t->person && has_cue(reading_cues(r, i + 1), CUE_HERE)))
		return;
	mention(r, i, WISH_FIELD, t->id);
	if (r->n_mentions > 0 && only_colours(r, i, t))
		r->mentions[r->n_mentions - 1].weak = true;
}

static void
on_slots(struct reading *r, size_t i)
{
	const struct mark *m = &r->marks[i];
	const struct term *t;

	if (m->used || m->node == NULL || m->node->terms == 0)
		return;
	if ((t = reading_term(r, i, (enum term_kind)WISH_FIELD)) != NULL)
		on_field(r, i, t);
	if ((t = reading_term(r, i, (enum term_kind)WISH_DESTINATION)) != NULL) {
		if (!is_elsewhere(r, i))
			mention(r, i, WISH_DESTINATION, t->id);
	} else if ((t = reading_term(r, i, (enum term_kind)WISH_LANGUAGE)) != NULL) {
		on_language(r, i, t);
	} else if ((t = reading_term(r, i, TERM_NATION)) != NULL &&
		   is_offer_of_nation(r, i) && !is_elsewhere(r, i)) {
		mention(r, i, WISH_DESTINATION, t->id);
	}
	if ((t = reading_term(r, i, (enum term_kind)WISH_MODE)) != NULL &&
	    (m->scope & OTHERS) == 0)
		mention(r, i, WISH_MODE, t->id);
	if ((t = reading_term(r, i, (enum term_kind)WISH_TYPE)) != NULL)
		on_type(r, i, t);
	if ((t = reading_term(r, i, (enum term_kind)WISH_LEVEL)) != NULL)
		on_level(r, i, t);
	if ((t = reading_term(r, i, (enum term_kind)WISH_PROVIDER)) != NULL)
		on_provider(r, i, t);
}

void
reading_mentions(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		on_slots(r, i);
}
