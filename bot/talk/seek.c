/*
 * seek.c - a search for programs as part of a conversation: begun, changed, kept.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/talk/profile_priv.h"
#include "bot/talk/seek_priv.h"
#include "credbot/catalog/wish_map.h"
#include "credbot/catalog/wish_read.h"
#include "credbot/catalog/wish_say.h"
#include "credbot/catalog/wish_text.h"

#define DAY_MS INT64_C(86400000)

bool
turn_has_catalog(const struct turn *t)
{
	return t->e->index != NULL && catalog_index_programs(t->e->index) > 0;
}

bool
turn_is_seeking(const struct turn *t)
{
	return t->conv.seek.wish.len > 0 || t->conv.seek.words.len > 0;
}

bool
turn_names_subject(const struct turn *t)
{
	struct buf topic = { 0 };
	bool any;

	wish_topic(t->e->lib->vocab, t->text, &topic, &topic);
	any = topic.len > 0;
	buf_fini(&topic);
	return any;
}

bool
turn_found_nothing(const struct turn *t)
{
	return turn_is_seeking(t) && t->conv.seek.nothing != 0;
}

void
seek_touch(struct turn *t)
{
	t->conv.seek.at = t->conv.turns + 1;
}

int
seek_age(const struct turn *t)
{
	return t->conv.seek.at == 0 ? -1 : t->conv.turns - t->conv.seek.at + 1;
}

void
seek_view(struct turn *t, const char *const ids[], size_t n)
{
	struct conv_seek *s = &t->conv.seek;

	s->n_page = 0;
	for (size_t i = 0; i < n && i < CONV_PAGE_MAX; i++)
		s->page[s->n_page++] = str_of(ids[i]);
	s->focus = n == 1 ? s->page[0] : str_n("", 0);
	seek_touch(t);
}

void
seek_wish(const struct turn *t, struct wish *out)
{
	wish_init(out);
	wish_parse(t->conv.seek.wish, out);
}

const char *
seek_currency(const struct turn *t)
{
	struct wish *w = arena_alloc(t->arena, sizeof(*w));

	seek_wish(t, w);
	return w->currency;
}

/* --- parts of a wish */

/* What the catalog calls a part is one of these to a wish. */
static int
wish_part_of(enum catalog_part part)
{
	static const int parts[CATALOG_PARTS] = {
		[CATALOG_WORDS] = -1,
		[CATALOG_FIELD] = WISH_FIELD,
		[CATALOG_COUNTRY] = WISH_DESTINATION,
		[CATALOG_MODE] = WISH_MODE,
		[CATALOG_LANGUAGE] = WISH_LANGUAGE,
		[CATALOG_TYPE] = WISH_TYPE,
		[CATALOG_LEVEL] = WISH_LEVEL,
		[CATALOG_PROVIDER] = WISH_PROVIDER,
		[CATALOG_PRICE] = WISH_PART_COST,
		[CATALOG_DURATION] = WISH_PART_DURATION,
		[CATALOG_HOURS] = -1,
		[CATALOG_WEEKLY_HOURS] = WISH_PART_HOURS,
		[CATALOG_ECTS] = -1,
		[CATALOG_PACE] = -1,
		[CATALOG_START] = WISH_PART_START,
		[CATALOG_DEADLINE] = -1,
		[CATALOG_STACKABLE] = -1,
		[CATALOG_ACCREDITED] = -1,
		[CATALOG_RATING] = -1,
	};

	return parts[part];
}

/* The flag of a wish that a part is; NULL: none. */
static bool *
flag_of(struct wish *w, enum catalog_part part)
{
	switch ((int)part) {
	case CATALOG_DEADLINE:
		return &w->deadline_open;
	case CATALOG_STACKABLE:
		return &w->stackable;
	case CATALOG_ACCREDITED:
		return &w->accredited;
	default:
		return NULL;
	}
}

void
seek_give_up(struct wish *w, enum catalog_part part)
{
	bool *flag = flag_of(w, part);
	int own = wish_part_of(part);

	if (flag != NULL)
		*flag = false;
	if (own >= 0)
		wish_forget(w, (enum wish_part)own);
	if (part == CATALOG_PRICE)
		w->known_price = false;
}

void
seek_subject(struct wish *w)
{
	struct wish all = *w;

	wish_init(w);
	w->want[WISH_FIELD] = all.want[WISH_FIELD];
	memcpy(w->avoid, all.avoid, sizeof(w->avoid));
	memcpy(w->words, all.words, sizeof(w->words));
}

void
seek_only(const struct wish *w, enum catalog_part part, bool avoid, struct wish *out)
{
	struct wish all = *w;
	int own = wish_part_of(part);
	bool *flag = flag_of(&all, part);

	wish_init(out);
	if (flag != NULL)
		*flag_of(out, part) = *flag;
	if (own >= 0 && own < WISH_SLOTS) {
		if (avoid)
			out->avoid[own] = w->avoid[own];
		else
			out->want[own] = w->want[own];
	}
	if (part == CATALOG_PRICE) {
		out->max_cost = w->max_cost;
		memcpy(out->currency, w->currency, sizeof(out->currency));
		out->known_price = w->known_price && w->max_cost < 0;
	}
	if (part == CATALOG_DURATION) {
		out->max_duration = w->max_duration;
		out->duration_unit = w->duration_unit;
	}
	if (part == CATALOG_WEEKLY_HOURS)
		out->max_weekly_hours = w->max_weekly_hours;
	if (part == CATALOG_START)
		memcpy(out->start, w->start, sizeof(out->start));
}

static struct str
message(void *arg, const char *name)
{
	const struct turn *t = arg;

	return locale_text(t->e->lib->locale, name, 0);
}

struct str
seek_say(struct turn *t, const struct wish *w)
{
	struct buf b = { 0 };
	struct str text;

	wish_say(t->e->lib->vocab, w, message, t, &b);
	text = reply_escape(t->arena, buf_str(&b));
	buf_fini(&b);
	return text;
}

struct str
seek_say_all(struct turn *t, const struct wish *w)
{
	struct wish known = *w;
	struct str said, words = t->conv.seek.words;

	/* What cannot be searched for is said by itself. */
	known.unmet[0] = '\0';
	said = seek_say(t, &known);
	if (words.len == 0)
		return said;
	turn_bind(t, "words", words);
	turn_bind_markdown(t, "wish", said);
	return reply_text(t, said.len == 0 ? "seek.words" : "seek.words_and");
}

/* --- changing it */

static void
keep_wish(struct turn *t, const struct wish *w)
{
	struct buf b = { 0 };

	wish_write(w, &b);
	t->conv.seek.wish = arena_str(t->arena, buf_str(&b));
	buf_fini(&b);
}

/* Another search than before: what was shown may come again. */
static void
start_over(struct turn *t, const struct wish *w)
{
	t->conv.seek.n_shown = 0;
	t->conv.seek.nothing = 0;
	t->conv.seek.question = str_n("", 0);
	keep_wish(t, w);
}

/* A price, a length: what is asked for with these comes first. */
static void
set_order(struct turn *t, unsigned than)
{
	if (than & WISH_CHEAPER)
		t->conv.seek.order = CATALOG_CHEAPEST;
	else if (than & WISH_SHORTER)
		t->conv.seek.order = CATALOG_SHORTEST;
	else if (than & (WISH_DEARER | WISH_LONGER))
		t->conv.seek.order = CATALOG_BEST;
}

/* "the cheapest first" */
static void
set_order_asked(struct turn *t)
{
	static const enum catalog_order orders[] = { CATALOG_BEST, CATALOG_CHEAPEST,
		CATALOG_SHORTEST, CATALOG_SOONEST };
	struct which said;

	which_read(t->e->lib->which, t->text, 0, &said);
	if (!t->chosen && said.most != MOST_NOTHING)
		t->conv.seek.order = (int)orders[said.most];
}

struct from_profile {
	struct turn *turn;
	struct wish wish;
};

static void
on_entry(void *arg, const struct profile_row *row)
{
	static const char *const read[] = { "destination", "field", "level", "language",
		"budget", "start" };
	struct from_profile *f = arg;
	struct turn *t = f->turn;

	for (size_t i = 0; i < ARRAY_LEN(read); i++)
		if (str_is(row->key, read[i])) {
			turn_bind(t, "value", row->value);
			(void)wish_read(t->e->lib->vocab,
			    reply_text(t,
				arena_printf(t->arena, "seek.read_%s", read[i])),
			    &f->wish, NULL);
		}
}

static bool
is_set(const struct wish *w, enum catalog_part part)
{
	struct wish want, avoid;

	seek_only(w, part, false, &want);
	seek_only(w, part, true, &avoid);
	return !wish_is_empty(&want) || !wish_is_empty(&avoid);
}

static void
take_part(struct wish *to, const struct wish *from, enum catalog_part part)
{
	int own = wish_part_of(part);

	if (own < WISH_SLOTS)
		to->want[own] = from->want[own];
	if (part == CATALOG_PRICE) {
		to->max_cost = from->max_cost;
		memcpy(to->currency, from->currency, sizeof(to->currency));
	}
	if (part == CATALOG_START)
		memcpy(to->start, from->start, sizeof(to->start));
}

/* What her profile says and the message does not; binds {profile} and says so. */
static void
add_profile(struct turn *t, struct wish *w)
{
	static const enum catalog_part parts[] = { CATALOG_COUNTRY, CATALOG_LEVEL,
		CATALOG_LANGUAGE, CATALOG_PRICE, CATALOG_START };
	struct from_profile f = { .turn = t };
	struct wish added;

	if (!turn_keeps(t) || turn_is_shared(t))
		return;
	wish_init(&f.wish);
	wish_init(&added);
	if (profile_each(t->in->store, t->in->peer, on_entry, &f) != RC_OK)
		return;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!is_set(w, parts[i])) {
			take_part(&added, &f.wish, parts[i]);
			take_part(w, &f.wish, parts[i]);
		}
	if (!is_set(w, CATALOG_FIELD) && t->conv.seek.words.len == 0) {
		take_part(&added, &f.wish, CATALOG_FIELD);
		take_part(w, &f.wish, CATALOG_FIELD);
	}
	if (wish_is_empty(&added))
		return;
	turn_bind_markdown(t, "profile", seek_say(t, &added));
	reply_add(t, "seek.profile");
}

/* The words that tell what the message is about, and what it calls fields. */
static void
read_topic(struct turn *t, struct str *words, struct str *hints)
{
	struct buf w = { 0 }, h = { 0 };

	wish_topic(t->e->lib->vocab, t->text, &w, &h);
	*words = arena_str(t->arena, buf_str(&w));
	*hints = arena_str(t->arena, buf_str(&h));
	buf_fini(&w);
	buf_fini(&h);
}

/* Whether any program has some of the words. */
static bool
is_in_catalog(struct turn *t, struct str words)
{
	struct catalog_query q;
	struct catalog_answer r;

	if (words.len == 0)
		return false;
	catalog_query_init(&q, (int32_t)(t->in->now_ms / DAY_MS));
	q.text = words;
	q.any_word = true;
	q.limit = 1;
	catalog_search(t->e->index, t->arena, &q, &r);
	return r.total > 0;
}

bool
seek_understands(struct turn *t, enum slot_kind kind)
{
	struct str words, hints;
	struct wish w;

	if (t->pressed.len > 0)
		return true;
	wish_init(&w);
	read_topic(t, &words, &hints);
	return wish_read(t->e->lib->vocab, t->text, &w, NULL) ||
	       (kind == SLOT_SOUGHT && words.len > 0) || is_in_catalog(t, words);
}

bool
seek_finds(struct turn *t)
{
	struct catalog_query q;
	struct catalog_answer r;
	struct str words, hints;

	if (!turn_has_catalog(t))
		return false;
	read_topic(t, &words, &hints);
	if (words.len == 0)
		return false;
	catalog_query_init(&q, (int32_t)(t->in->now_ms / DAY_MS));
	q.text = words;
	q.limit = 1;
	catalog_search(t->e->index, t->arena, &q, &r);
	return r.total > 0 && r.n_not_found == 0;
}

/* A search with nothing of the one before. */
static void
begin(struct turn *t, struct str words, struct str hints, unsigned than)
{
	t->conv.seek.words = words;
	t->conv.seek.hints = hints;
	t->conv.seek.order = CATALOG_BEST;
	t->conv.seek.asked = 0;
	t->conv.seek.before = str_n("", 0);
	set_order(t, than);
	set_order_asked(t);
}

/* Who comes from another job, or starts from nothing, begins at the beginning. */
static void
greet_newcomer(const struct wish_changes *c, struct wish *w)
{
	if (c->newcomer && w->want[WISH_FIELD].n > 0 && !is_set(w, CATALOG_LEVEL))
		(void)wish_values_add(&w->want[WISH_LEVEL], "beginner");
}

bool
turn_seek(struct turn *t)
{
	struct wish_changes c = { 0 };
	struct wish w;
	struct str words, hints;

	wish_init(&w);
	(void)wish_read(t->e->lib->vocab, t->text, &w, &c);
	read_topic(t, &words, &hints);
	if (w.want[WISH_FIELD].n > 0 || w.words[0] != '\0' || !is_in_catalog(t, words))
		words = STR("");
	begin(t, words, hints, c.than);
	greet_newcomer(&c, &w);
	add_profile(t, &w);
	if (wish_is_empty(&w) && words.len == 0)
		return false;
	start_over(t, &w);
	return true;
}

/* Does some program bear exactly this title? Then it is no wish. */
static bool
is_title(struct turn *t, struct str text)
{
	struct catalog_query q;
	struct catalog_answer r;

	catalog_query_init(&q, (int32_t)(t->in->now_ms / DAY_MS));
	q.text = text;
	q.limit = 1;
	catalog_search(t->e->index, t->arena, &q, &r);
	return r.n > 0 && r.hits[0].named;
}

bool
turn_look_up(struct turn *t)
{
	struct wish_changes c = { 0 };
	struct wish w;
	struct str words, hints;

	wish_init(&w);
	if (is_title(t, t->text)) {
		begin(t, t->text, STR(""), 0);
		start_over(t, &w);
		return true;
	}
	(void)wish_read(t->e->lib->vocab, t->text, &w, &c);
	read_topic(t, &words, &hints);
	/* Her own words say more than a field, if there are any. */
	if (words.len > 0) {
		words = str_of(arena_printf(t->arena, "%.*s%s%.*s", STR_ARG(words),
		    hints.len > 0 ? " " : "", STR_ARG(hints)));
		hints = STR("");
		wish_forget(&w, (enum wish_part)WISH_FIELD);
		w.words[0] = '\0';
	}
	if (wish_is_empty(&w) && words.len == 0)
		return false;
	begin(t, words, hints, c.than);
	greet_newcomer(&c, &w);
	start_over(t, &w);
	return true;
}

static enum catalog_part
part_named(struct str name)
{
	int p = 0;

	while (
	    p < CATALOG_PARTS && !str_is(name, catalog_part_name((enum catalog_part)p)))
		p++;
	return (enum catalog_part)p;
}

/* An item takes the place of what its slot held. */
static void
put_item(struct wish *w, struct str item)
{
	struct str rest = item, name = str_cut(&rest, '=');

	for (int s = 0; s < WISH_SLOTS; s++)
		if (str_is(name, wish_slot_name((enum wish_slot)s)))
			wish_forget(w, (enum wish_part)s);
	wish_parse(item, w);
}

bool
seek_press(struct turn *t, struct str target, struct wish *w)
{
	struct str rest = str_n(target.p + 1, target.len - 1);

	switch (target.p[0]) {
	case '+':
		put_item(w, rest);
		return true;
	case '-':
		if (part_named(rest) == CATALOG_WORDS)
			t->conv.seek.words = str_n("", 0);
		else if (part_named(rest) < CATALOG_PARTS)
			seek_give_up(w, part_named(rest));
		return true;
	case '*':
		seek_subject(w);
		return true;
	default:
		return false;
	}
}

static void
say_changes(struct turn *t, const struct wish *before, const struct wish *after)
{
	struct buf b = { 0 };

	wish_say_changes(t->e->lib->vocab, before, after, message, t, &b);
	if (b.len > 0) {
		turn_bind(t, "list", arena_str(t->arena, buf_str(&b)));
		reply_add(t, "seek.changed");
	}
	buf_fini(&b);
}

bool
turn_seek_on(struct turn *t)
{
	struct wish_changes c = { 0 };
	struct wish before, w;
	struct str words = t->conv.seek.words;
	int order;

	if (!turn_is_seeking(t) && t->pressed.len == 0)
		return turn_seek(t);
	order = t->conv.seek.order;
	seek_wish(t, &before);
	w = before;
	if (t->pressed.len > 0)
		(void)seek_press(t, t->pressed, &w);
	else
		(void)wish_read(t->e->lib->vocab, t->text, &w, &c);
	/* Another subject: the words were about the last one. */
	if (c.words && (c.said & 1U << WISH_FIELD) == 0)
		wish_forget(&w, (enum wish_part)WISH_FIELD);
	if ((c.said & 1U << WISH_FIELD) != 0 || c.words) {
		struct str others;

		read_topic(t, &others, &t->conv.seek.hints);
		t->conv.seek.words = str_n("", 0);
	}
	set_order(t, c.than);
	set_order_asked(t);
	if (wish_equal(&before, &w) && c.than == 0 && t->conv.seek.order == order &&
	    str_eq(words, t->conv.seek.words))
		return false;
	t->conv.seek.before = t->conv.seek.wish;
	start_over(t, &w);
	say_changes(t, &before, &w);
	return true;
}

bool
turn_seek_back(struct turn *t)
{
	struct wish now, before;

	if (t->conv.seek.before.len == 0 || seek_age(t) != 1)
		return false;
	seek_wish(t, &now);
	wish_init(&before);
	wish_parse(t->conv.seek.before, &before);
	t->conv.seek.before = str_n("", 0);
	start_over(t, &before);
	say_changes(t, &now, &before);
	return true;
}

static struct str
text_to_find(struct turn *t, const struct wish *w)
{
	const struct conv_seek *s = &t->conv.seek;
	struct str words = s->words.len > 0 ? s->words : str_of(w->words);

	if (s->hints.len == 0)
		return words;
	return str_of(
	    arena_printf(t->arena, "%.*s %.*s", STR_ARG(words), STR_ARG(s->hints)));
}

void
seek_query(struct turn *t, const struct wish *w, struct catalog_query *out)
{
	struct conv_seek *s = &t->conv.seek;
	const char **shown = arena_zalloc(t->arena, CONV_SHOWN_MAX, sizeof(*shown));
	struct wish *kept = arena_alloc(t->arena, sizeof(*kept));

	*kept = *w;
	catalog_query_init(out, (int32_t)(t->in->now_ms / DAY_MS));
	out->wish = kept;
	out->text = text_to_find(t, kept);
	out->optional = s->hints;
	out->order = s->order >= 0 && s->order < CATALOG_ORDERS
	                 ? (enum catalog_order)s->order
	                 : CATALOG_BEST;
	out->currency = seek_currency(t);
	for (size_t i = 0; i < s->n_shown; i++)
		shown[i] = arena_cstr(t->arena, s->shown[i]);
	out->exclude = shown;
	out->n_exclude = s->n_shown;
	out->limit = SEEK_PAGE;
}

void
seek_similar(struct turn *t, const struct catalog_hit *h)
{
	struct str fields = str_of(h->fields);
	struct wish w;

	seek_wish(t, &w);
	/* "something like it, but cheaper" */
	if (!t->chosen) {
		struct wish_changes c = { 0 };

		(void)wish_read(t->e->lib->vocab, t->text, &w, &c);
		set_order(t, c.than);
	}
	wish_forget(&w, (enum wish_part)WISH_FIELD);
	wish_forget(&w, (enum wish_part)WISH_PROVIDER);
	w.words[0] = '\0';
	while (fields.len > 0) {
		char id[WISH_ID_MAX];
		struct str field = str_cut(&fields, ' ');

		if (field.len >= sizeof(id))
			continue;
		memcpy(id, field.p, field.len);
		id[field.len] = '\0';
		(void)wish_values_add(&w.want[WISH_FIELD], id);
	}
	/* Without a field its title must do. */
	t->conv.seek.words = w.want[WISH_FIELD].n == 0 ? str_of(h->title)
	                                               : str_n("", 0);
	t->conv.seek.asked = INT16_MAX; /* she knows what she wants */
	start_over(t, &w);
	t->conv.seek.shown[t->conv.seek.n_shown++] = str_of(h->id);
}
