/*
 * turn_profile.c - her profile: what she said waits in the slots of the conversation, named like
 * the entries, until it may be kept.
 */
#include <string.h>

#include "bot/talk/profile_priv.h"
#include "bot/talk/turn_priv.h"

/* The value of an entry that she would rather leave out. */
#define SKIPPED "-"
/* Beside the entries: the entry that is to change, and the message in which she said so. */
#define SLOT_ENTRY "entry"
#define SLOT_WORDS "words"

_Static_assert((int)SLOTS_MAX >= PROFILE_ENTRIES + 2, "all of them wait at once");

/* What is shown of one entry. */
struct shown {
	struct turn *turn;
	struct buf list;
	size_t n;
};

static void
show(struct shown *s, const char *key, struct str value, struct str words)
{
	struct turn *t = s->turn;
	const char *label = arena_printf(t->arena, "profile.entry_%s", key);

	turn_bind(t, "value", value);
	turn_bind(t, "words", words);
	if (s->list.len > 0)
		buf_addc(&s->list, '\n');
	buf_adds(&s->list, "- ");
	buf_addstr(&s->list, reply_text(t, label));
	if (words.len > 0 && !str_eq(words, value)) {
		buf_addc(&s->list, ' ');
		buf_addstr(&s->list, reply_text(t, "profile.said_as"));
	}
	s->n++;
}

static size_t
bind_list(struct shown *s)
{
	turn_bind_markdown(s->turn, "entries",
	    arena_str(s->turn->arena, buf_str(&s->list)));
	buf_fini(&s->list);
	return s->n;
}

static bool
has_value(struct str s)
{
	return s.len > 0 && !str_is(s, SKIPPED);
}

/* --- what waits */

static void
wait_for(struct turn *t, enum profile_entry e, struct str value)
{
	conv_set_slot(&t->conv, str_of(profile_keys[e]), value);
}

static bool
find_key(const char *name, enum profile_entry *e)
{
	for (size_t i = 0; i < PROFILE_ENTRIES; i++)
		if (strcmp(profile_keys[i], name) == 0) {
			*e = (enum profile_entry)i;
			return true;
		}
	return false;
}

/* What the message says, but for one entry (PROFILE_ENTRIES: all). */
static size_t
wait_for_said(struct turn *t, const struct profile_said said[PROFILE_ENTRIES],
    enum profile_entry but)
{
	size_t n = 0;

	for (size_t e = 0; e < PROFILE_ENTRIES; e++) {
		if (e == but || said[e].value.len == 0)
			continue;
		wait_for(t, (enum profile_entry)e, said[e].value);
		n++;
	}
	return n;
}

static void
remember_entry(struct turn *t, const struct profile_said said[PROFILE_ENTRIES])
{
	for (size_t e = 0; e < PROFILE_ENTRIES; e++)
		if (said[e].named)
			conv_set_slot(&t->conv, STR(SLOT_ENTRY),
			    str_of(profile_keys[e]));
}

void
profile_fill_at_once(struct turn *t, const struct intent *i)
{
	struct profile_said said[PROFILE_ENTRIES];
	size_t n = profile_read(t->e->lib->profile, t->text, said);

	if (i->slots[0].kind == SLOT_CHANGE) {
		if (n > 0)
			conv_set_slot(&t->conv, str_of(i->slots[0].name), t->text);
		else
			remember_entry(t, said);
	} else if (wait_for_said(t, said, PROFILE_ENTRIES) > 0) {
		conv_set_slot(&t->conv, STR(SLOT_WORDS), t->text);
	}
}

static void
skip_rest(struct turn *t)
{
	for (size_t e = 0; e < PROFILE_ENTRIES; e++)
		if (conv_slot(&t->conv, profile_keys[e]).len == 0)
			wait_for(t, (enum profile_entry)e, STR(SKIPPED));
}

void
profile_fill(struct turn *t, const struct slot *s)
{
	struct profile_said said[PROFILE_ENTRIES];
	struct str value;
	enum profile_entry e;

	if (s->kind == SLOT_CHANGE || !find_key(s->name, &e)) {
		conv_set_slot(&t->conv, str_of(s->name), t->text);
		return;
	}
	switch (profile_read_answer(t->e->lib->profile, t->text, e, said, &value)) {
	case PROFILE_VALUE:
		wait_for(t, e, value);
		(void)wait_for_said(t, said, e);
		break;
	case PROFILE_SKIP:
		wait_for(t, e, STR(SKIPPED));
		break;
	case PROFILE_ENOUGH:
		skip_rest(t);
		break;
	}
}

enum turn_end
turn_skip_slot(struct turn *t)
{
	const struct slot *s = engine_awaited(t);

	if (s == NULL)
		return turn_say(t, "dialog.none");
	conv_set_slot(&t->conv, str_of(s->name), STR(SKIPPED));
	return engine_run(t, arena_cstr(t->arena, t->conv.dialog));
}

size_t
turn_profile_waiting(struct turn *t)
{
	struct shown s = { .turn = t };

	for (size_t e = 0; e < PROFILE_ENTRIES; e++) {
		struct str value = conv_slot(&t->conv, profile_keys[e]);

		if (has_value(value))
			show(&s, profile_keys[e], value, STR(""));
	}
	return bind_list(&s);
}

/* --- what is kept */

struct kept {
	struct shown
	    shown[PROFILE_ENTRIES]; /* one each: they come by key, not in our order */
	struct turn *turn;
};

static void
on_row(void *arg, const struct profile_row *row)
{
	struct kept *k = arg;
	const char *key = arena_cstr(k->turn->arena, row->key);
	enum profile_entry e;

	if (find_key(key, &e))
		show(&k->shown[e], key, arena_str(k->turn->arena, row->value),
		    arena_str(k->turn->arena, row->words));
}

size_t
turn_profile_kept(struct turn *t)
{
	struct kept k = { .turn = t };
	struct shown all = { .turn = t };

	for (size_t e = 0; e < PROFILE_ENTRIES; e++)
		k.shown[e].turn = t;
	if (turn_keeps(t))
		(void)turn_stored(t,
		    profile_each(t->in->store, t->in->peer, on_row, &k));
	for (size_t e = 0; e < PROFILE_ENTRIES; e++) {
		if (k.shown[e].n > 0 && all.n > 0)
			buf_addc(&all.list, '\n');
		buf_addstr(&all.list, buf_str(&k.shown[e].list));
		all.n += k.shown[e].n;
		buf_fini(&k.shown[e].list);
	}
	return bind_list(&all);
}

/* The words are those of a message that said several things, or the value itself. */
static struct str
words_of(struct turn *t, struct str value)
{
	struct str words = conv_slot(&t->conv, SLOT_WORDS);

	return memmem(words.p, words.len, value.p, value.len) != NULL ? words : value;
}

size_t
turn_profile_keep(struct turn *t)
{
	struct shown s = { .turn = t };

	for (size_t e = 0; turn_keeps(t) && e < PROFILE_ENTRIES; e++) {
		struct profile_row row = { .key = str_of(profile_keys[e]),
			.value = conv_slot(&t->conv, profile_keys[e]),
			.at_ms = t->in->now_ms };

		if (!has_value(row.value))
			continue;
		row.words = words_of(t, row.value);
		(void)turn_stored(t, profile_set(t->in->store, t->in->peer, &row));
		show(&s, profile_keys[e], row.value, STR(""));
	}
	conv_end_dialog(&t->conv);
	return bind_list(&s);
}

static void
remove_one(struct turn *t, const char *key, struct buf *names)
{
	const char *label = arena_printf(t->arena, "profile.name_%s", key);

	if (turn_keeps(t))
		(void)turn_stored(t,
		    profile_remove(t->in->store, t->in->peer, str_of(key)));
	if (names->len > 0)
		buf_adds(names, ", ");
	buf_addstr(names, reply_text(t, label));
}

/* An answer to "what should it say?", when she had named the entry before. */
static void
read_bare(struct turn *t, struct str text, struct turn_changes *c)
{
	const char *entry = arena_cstr(t->arena, conv_slot(&t->conv, SLOT_ENTRY));
	struct profile_said said[PROFILE_ENTRIES];
	struct str value;
	enum profile_entry e;

	if (find_key(entry, &e) && profile_read_answer(t->e->lib->profile, text, e,
				       said, &value) == PROFILE_VALUE) {
		wait_for(t, e, value);
		c->set++;
	}
}

struct turn_changes
turn_profile_change(struct turn *t)
{
	struct str text = conv_slot(&t->conv, "change");
	struct profile_said said[PROFILE_ENTRIES];
	struct turn_changes c = { 0 };
	struct buf names = { 0 };

	(void)profile_read(t->e->lib->profile, text, said);
	c.set = wait_for_said(t, said, PROFILE_ENTRIES);
	for (size_t e = 0; e < PROFILE_ENTRIES; e++)
		if (said[e].remove) {
			remove_one(t, profile_keys[e], &names);
			c.removed++;
		}
	if (c.set + c.removed == 0)
		read_bare(t, text, &c);
	conv_set_slot(&t->conv, STR(SLOT_WORDS), text);
	turn_bind(t, "removed", arena_str(t->arena, buf_str(&names)));
	buf_fini(&names);
	return c;
}

void
turn_profile_erase(struct turn *t)
{
	if (turn_keeps(t))
		(void)turn_stored(t,
		    profile_remove(t->in->store, t->in->peer, str_n(NULL, 0)));
}
