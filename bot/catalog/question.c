/*
 * question.c - which words of a message are a question about things in general: "is a bootcamp
 * worth it?" names one, and wishes for none.
 *
 * A question about programs that there may be ("is there a bootcamp in Berlin?") is a wish. So
 * what counts is how it begins, and what it asks: small words in cues.yaml. A wish that begins
 * within it ("... I want one in Canada") is one.
 */
#include "bot/catalog/reading_priv.h"

/* So many marks may stand before "is", as in "ok and is". */
#define LEAD_MAX 3

/* One sentence of a message, or a part of it: its marks, and what is in them. */
struct clause {
	size_t first, end;
	uint64_t cues;
	size_t slots;  /* wishes that are named */
	bool subjects; /* fields or places among them */
	bool numbers;
	bool courses; /* "course", by itself */
};

static bool
ends_clause(const struct reading *r, size_t i)
{
	return reading_is_sign(r, i) && r->marks[i].sign != '/' &&
	       r->marks[i].sign != '-';
}

static void
find_clause(const struct reading *r, size_t first, struct clause *c)
{
	*c = (struct clause){ .first = first, .end = first };
	for (; c->end < r->n && !ends_clause(r, c->end); c->end++) {
		const struct mark *m = &r->marks[c->end];
		enum term_kind slot = reading_slot(r, c->end);

		c->cues |= m->cues;
		c->numbers = c->numbers || m->kind == MARK_NUMBER;
		c->slots += slot != TERM_KINDS;
		c->subjects = c->subjects || slot == (enum term_kind)WISH_FIELD ||
		              slot == (enum term_kind)WISH_DESTINATION;
		c->courses = c->courses ||
		             (slot == TERM_KINDS && has_cue(m->cues, CUE_COURSE));
	}
}

static void
ask_from(struct reading *r, const struct clause *c, size_t first)
{
	for (size_t i = first; i < c->end; i++) {
		if (i > first && has_cue(r->marks[i].cues, CUE_WANT))
			return;
		r->marks[i].scope |= SCOPE_ASKED;
	}
}

/* "is", "do" at the beginning, small words aside. */
static bool
begins_with_aux(const struct reading *r, const struct clause *c)
{
	for (size_t i = c->first; i < c->end && i < c->first + LEAD_MAX; i++) {
		if (has_cue(r->marks[i].cues, CUE_AUX))
			return true;
		if (reading_slot(r, i) != TERM_KINDS)
			return false;
	}
	return false;
}

/* The mark of c that has cue; its end: none. */
static size_t
cue_in(const struct reading *r, const struct clause *c, enum cue cue)
{
	for (size_t i = c->first; i < c->end; i++)
		if (has_cue(r->marks[i].cues, cue))
			return i;
	return c->end;
}

/* "a boot camp, what is that": the clause before, and the list that it ends. */
static void
ask_before(struct reading *r, size_t i)
{
	if (i < 2 || !ends_clause(r, i - 1))
		return;
	for (i--; i > 0; i--) {
		if (has_cue(reading_cues(r, i - 1), CUE_WANT) ||
		    (ends_clause(r, i - 1) && r->marks[i - 1].sign != ','))
			return;
		r->marks[i - 1].scope |= SCOPE_ASKED;
	}
}

static void
read_clause(struct reading *r, const struct clause *c)
{
	bool wants = has_cue(c->cues, CUE_WANT);

	if (has_cue(c->cues, CUE_ASK_BACK)) {
		ask_before(r, c->first);
		ask_from(r, c, c->first);
	}
	if ((has_cue(c->cues, CUE_THING) && !c->courses) ||
	    (has_cue(c->cues, CUE_KEPT) && !wants))
		for (size_t i = c->first; i < c->end; i++)
			r->marks[i].scope |= SCOPE_ASKED;

	if (has_cue(c->cues, CUE_ASK))
		ask_from(r, c, cue_in(r, c, CUE_ASK));
	if (wants)
		return;
	if (has_cue(c->cues, CUE_JUDGE) && begins_with_aux(r, c) && !c->numbers)
		ask_from(r, c, c->first);
	if (has_cue(c->cues, CUE_DEFINE) && c->slots <= 2 && !c->courses && !c->numbers)
		ask_from(r, c, c->first);
	if (has_cue(c->cues, CUE_HOW_MUCH) && !c->subjects && !c->numbers)
		ask_from(r, c, c->first);
}

void
reading_questions(struct reading *r)
{
	const uint64_t asks = CUE_BIT(CUE_ASK) | CUE_BIT(CUE_JUDGE) |
	                      CUE_BIT(CUE_DEFINE) | CUE_BIT(CUE_HOW_MUCH) |
	                      CUE_BIT(CUE_ASK_BACK) | CUE_BIT(CUE_THING) |
	                      CUE_BIT(CUE_KEPT);
	struct clause c;

	for (size_t i = 0; i < r->n; i = c.end + 1) {
		find_clause(r, i, &c);
		if ((c.cues & asks) != 0)
			read_clause(r, &c);
	}
}
