/*
 * notice_searches.c - her saved searches: counted, and ended by button, number or words.
 */
#include <string.h>

#include "bot/talk/notice_say_priv.h"
#include "bot/talk/which_priv.h"
#include "credbot/talk/notices.h"

/* A shorter word of a search tells it apart from no other. */
#define TELLING_BYTES 4

static void
on_search(void *arg, const struct alert_row *row)
{
	struct notice_searches *s = arg;

	if (s->n == ARRAY_LEN(s->v))
		return;
	s->v[s->n].id = row->id;
	s->v[s->n++].label = arena_str(s->turn->arena, row->label);
}

void
notice_find_searches(struct turn *t, struct notice_searches *out)
{
	*out = (struct notice_searches){ .turn = t };
	(void)turn_stored(t,
	    alert_each_of_person(t->in->store, t->in->peer, on_search, out));
}

size_t
turn_count_searches(struct turn *t)
{
	struct notice_searches all;

	notice_find_searches(t, &all);
	return all.n;
}

/* The one that the button was made for, which may be gone; all->n: none. */
static size_t
pressed_search(const struct turn *t, const struct notice_searches *all)
{
	struct str id = str_n(t->pressed.p + strlen(NOTICE_PRESS_END),
	    t->pressed.len - strlen(NOTICE_PRESS_END));
	int64_t n;
	size_t i = 0;

	if (str_to_int(id, 1, INT64_MAX, &n) != RC_OK)
		return all->n;
	while (i < all->n && all->v[i].id != n)
		i++;
	return i;
}

/* Words of the label that stand in the message. */
static size_t
common_words(const struct said_words *said, struct str label)
{
	struct word word;
	size_t n = 0;

	while (word_next(&label, &word))
		for (size_t i = 0; word.text.len >= TELLING_BYTES && i < said->n; i++)
			if (words_same(word.text, said->v[i].text)) {
				n++;
				break;
			}
	return n;
}

/* The one that has most words of the message; all->n: none, or several. */
static size_t
described_search(const struct turn *t, const struct notice_searches *all)
{
	struct said_words said;
	size_t best = 0, found = all->n;

	words_split(t->text, &said);
	for (size_t i = 0; i < all->n; i++) {
		size_t n = common_words(&said, all->v[i].label);

		if (n == best)
			found = all->n;
		if (n > best) {
			best = n;
			found = i;
		}
	}
	return found;
}

/* "end search 7" is none of two. */
static bool
says_number(struct str text)
{
	struct word word;
	int64_t n;

	while (word_next(&text, &word))
		if (str_to_int(word.text, 0, INT64_MAX, &n) == RC_OK)
			return true;
	return false;
}

static size_t
named_search(const struct turn *t, const struct notice_searches *all,
    const struct which *w)
{
	if (__builtin_popcount(w->places) == 1)
		return (size_t)__builtin_ctz(w->places);
	if (w->places != 0)
		return all->n;
	if (w->last)
		return all->n - 1;
	return described_search(t, all);
}

static enum searches_end
end_one(struct turn *t, const struct notice_searches *all, size_t i)
{
	enum rc rc = alert_stop(t->in->store, t->in->peer, all->v[i].id);

	turn_bind(t, "search", all->v[i].label);
	return turn_stored(t, rc) ? SEARCHES_ENDED : SEARCHES_WHICH;
}

enum searches_end
turn_end_search(struct turn *t)
{
	bool pressed = str_starts(t->pressed, NOTICE_PRESS_END);
	struct notice_said s;
	struct notice_searches all;
	struct which w;
	size_t i;

	notice_read_turn(t, &s);
	if (!pressed && s.end == END_UNSAID)
		return SEARCHES_UNSAID;
	notice_find_searches(t, &all);
	if (all.n == 0)
		return SEARCHES_NONE;
	which_read(t->e->lib->which, t->text, all.n, &w);
	i = pressed ? pressed_search(t, &all) : named_search(t, &all, &w);
	if (i < all.n)
		return end_one(t, &all, i);
	if (pressed || w.places != 0 || says_number(t->text))
		return SEARCHES_WHICH;
	if (all.n == 1)
		return end_one(t, &all, 0);
	turn_bind(t, "n", str_of(arena_printf(t->arena, "%zu", all.n)));
	return w.all || s.end == END_SEARCHES ? SEARCHES_ALL : SEARCHES_WHICH;
}

bool
turn_end_searches(struct turn *t)
{
	enum rc rc = alert_stop(t->in->store, t->in->peer, 0);

	return rc != RC_NOTFOUND && turn_stored(t, rc);
}
