/*
 * turn.c - what an intent may call.
 */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bot/talk/turn_priv.h"
#include "credbot/base/clock.h"

/* Choices after an answer: more would bury it. */
#define RELATED_AFTER_BRIEF 2
#define RELATED_AFTER_MORE 3
/* "K-" and five characters: 33 million references, read aloud without mistakes. */
#define REFERENCE_CHARS 5
/* 130 bits that nobody guesses. */
#define TOKEN_CHARS 26

struct arena *
turn_arena(struct turn *t)
{
	return t->arena;
}

int64_t
turn_now(const struct turn *t)
{
	return t->in->now_ms;
}

static bool
is_set(const struct turn *t, const char *option)
{
	return config_str(t->e->config, option)[0] != '\0';
}

bool
turn_has_contact(const struct turn *t)
{
	return t->e->caps.contact != NULL;
}

bool
turn_has_operator(const struct turn *t)
{
	return is_set(t, "bot.operator");
}

bool
turn_has_support(const struct turn *t)
{
	return is_set(t, "bot.support");
}

bool
turn_has_privacy_url(const struct turn *t)
{
	return is_set(t, "bot.privacy_url");
}

struct str
turn_text(const struct turn *t)
{
	return t->text;
}

/* Bytes that words are made of. */
static bool
is_letter(char c)
{
	return isalnum((unsigned char)c) != 0 || (unsigned char)c >= 0x80;
}

static bool
is_one_of(struct str word, const char *const words[])
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (str_is_nocase(word, words[i]))
			return true;
	return false;
}

bool
turn_says(const struct turn *t, const char *const words[])
{
	struct str s = t->text;
	size_t start = 0;

	for (size_t i = 0; i <= s.len; i++) {
		if (i < s.len && is_letter(s.p[i]))
			continue;
		if (is_one_of(str_n(s.p + start, i - start), words))
			return true;
		start = i + 1;
	}
	return false;
}

const char *
turn_media(const struct turn *t)
{
	return t->media;
}

const char *
turn_slot(const struct turn *t, const char *name)
{
	const char *read = nlu_slot_value(&t->reading, name);

	if (read != NULL)
		return read;
	return arena_cstr(t->arena, conv_slot(&t->conv, name));
}

struct str
turn_category(const struct turn *t)
{
	return t->category;
}

const struct article *
turn_target(const struct turn *t)
{
	return t->target;
}

const struct article *
turn_candidate(const struct turn *t, size_t i)
{
	for (size_t k = 0; t->reading.near && k < t->reading.n; k++) {
		const struct article *a = kb_find(t->e->lib->kb,
		    t->reading.ranked[k].intent);

		if (a != NULL && i-- == 0)
			return a;
	}
	return NULL;
}

const struct kb *
turn_kb(const struct turn *t)
{
	return t->e->lib->kb;
}

const struct article *
turn_topic(const struct turn *t)
{
	if (t->conv.topic.len == 0)
		return NULL;
	return kb_find(t->e->lib->kb, arena_cstr(t->arena, t->conv.topic));
}

enum depth
turn_depth(const struct turn *t)
{
	return t->conv.depth;
}

int
turn_misses(const struct turn *t)
{
	return t->conv.misses;
}

int
turn_count(struct turn *t, const char *what, int add)
{
	return conv_count(&t->conv, str_of(what), add);
}

bool
turn_was_asked(const struct turn *t)
{
	return t->conv.asked;
}

bool
turn_was_asked_for(const struct turn *t, const char *intent)
{
	return t->conv.asked && str_is(t->conv.yes, intent);
}

size_t
turn_choices(const struct turn *t)
{
	return t->conv.n_options;
}

bool
turn_is_first(const struct turn *t)
{
	return t->conv.turns == 0;
}

bool
turn_is_foreign(const struct turn *t)
{
	struct str rest = t->in->lang, main;

	if (rest.len == 0)
		return false;
	main = str_cut(&rest, '-');
	return main.len != strlen(t->e->lib->lang) ||
	       strncasecmp(main.p, t->e->lib->lang, main.len) != 0;
}

/* --- what is said */

void
turn_bind_markdown(struct turn *t, const char *name, struct str value)
{
	size_t i = 0;

	while (i < t->n_binds && strcmp(t->binds[i].name, name) != 0)
		i++;
	assert(i < BINDS_MAX);
	t->binds[i] = (struct bind){ name, value };
	if (i == t->n_binds)
		t->n_binds++;
}

void
turn_bind(struct turn *t, const char *name, struct str value)
{
	turn_bind_markdown(t, name, reply_escape(t->arena, value));
}

struct str
turn_date(struct turn *t, int64_t ms)
{
	static const char *const months[] = { "January", "February", "March", "April",
		"May", "June", "July", "August", "September", "October", "November",
		"December" };
	char iso[CLOCK_ISO_MAX];

	clock_format(ms, iso, sizeof(iso));
	return str_of(arena_printf(t->arena, "%d %s %.4s", atoi(iso + 8),
	    months[atoi(iso + 5) - 1], iso));
}

void
turn_bind_date(struct turn *t, const char *name, int64_t ms)
{
	turn_bind_markdown(t, name, turn_date(t, ms));
}

enum turn_end
turn_say(struct turn *t, const char *message)
{
	reply_add(t, message);
	return TURN_DONE;
}

void
turn_offer(struct turn *t, enum option_kind kind, const char *target, struct str text)
{
	if (t->n_offers == MESSAGE_BUTTONS_MAX)
		return;
	for (size_t i = 0; i < t->n_offers; i++)
		if (t->offers[i].kind == kind && str_is(t->offers[i].target, target))
			return;
	t->offers[t->n_offers++] = (struct option){ kind, str_of(target), text };
}

void
turn_offer_topic(struct turn *t, const struct article *a)
{
	turn_offer(t, OPTION_TOPIC, a->id, str_of(a->title));
}

void
turn_offer_first_steps(struct turn *t)
{
	static const char *const first_steps[] = { "what-is-a-microcredential",
		"how-to-choose", "how-much-does-it-cost" };

	for (size_t i = 0; i < ARRAY_LEN(first_steps); i++) {
		const struct article *a = kb_find(turn_kb(t), first_steps[i]);

		if (a != NULL)
			turn_offer_topic(t, a);
	}
}

void
turn_offer_intent(struct turn *t, const char *intent, const char *message)
{
	turn_offer(t, OPTION_INTENT, intent, reply_text(t, message));
}

void
turn_offer_category(struct turn *t, const char *category)
{
	const char *name = arena_printf(t->arena, "category.%s", category);

	turn_offer(t, OPTION_CATEGORY, category, reply_text(t, name));
}

static bool
was_said(const struct turn *t, const struct article *a)
{
	for (size_t i = 0; i < t->conv.n_past; i++)
		if (str_is(t->conv.past[i], a->id))
			return true;
	return str_is(t->conv.topic, a->id);
}

static void
offer_related(struct turn *t, const struct article *a, size_t n)
{
	for (size_t i = 0; i < a->n_related && n > 0; i++) {
		if (was_said(t, a->related[i]))
			continue;
		turn_offer_topic(t, a->related[i]);
		n--;
	}
}

enum turn_end
turn_say_article(struct turn *t, const struct article *a, enum depth depth)
{
	conv_set_topic(&t->conv, str_of(a->id), depth);
	t->says_article = t->said.len == 0;
	reply_add_article(t, a, depth);
	if (depth == DEPTH_MORE) {
		offer_related(t, a, RELATED_AFTER_MORE);
		return TURN_DONE;
	}
	turn_offer_intent(t, "more-detail", "button.more");
	offer_related(t, a, RELATED_AFTER_BRIEF);
	/* A bare "yes please" after an answer means: tell me more. */
	t->yes = STR("more-detail");
	return TURN_DONE;
}

static bool
is_file_name(const char *name)
{
	static const char good[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len = strlen(name);

	return len > 0 && len <= MESSAGE_DOCUMENT_NAME_MAX && name[0] != '.' &&
	       strspn(name, good) == len;
}

void
turn_attach(struct turn *t, const char *name, const char *type, struct str bytes)
{
	char *token = arena_alloc(t->arena, TOKEN_CHARS + 1);

	assert(is_file_name(name) && t->n_documents < MESSAGE_DOCUMENTS_MAX);
	assert(bytes.len > 0 && bytes.len <= MESSAGE_DOCUMENT_MAX);
	chance_token(t->e->chance, token, TOKEN_CHARS);
	t->documents[t->n_documents++] = (struct document){
		.name = str_of(arena_strdup(t->arena, name)),
		.type = str_of(arena_strdup(t->arena, type)),
		.bytes = bytes,
		.size = bytes.len,
		.token = str_of(token),
	};
}

bool
turn_say_again(struct turn *t)
{
	const struct article *a = turn_topic(t);

	if (t->conv.said.len > 0)
		buf_addstr(&t->said, t->conv.said);
	else if (a != NULL)
		reply_add_article(t, a, t->conv.depth);
	else
		return false;
	t->says_again = true;
	return true;
}

void
turn_say_person(struct turn *t)
{
	const char *contact = t->e->caps.contact;

	if (contact == NULL) {
		reply_add(t, "person.none");
		return;
	}
	turn_bind(t, "contact", str_of(contact));
	reply_add(t, "person.contact");
}

enum turn_end
turn_ask(struct turn *t, const char *message, const char *yes, const char *no)
{
	reply_add(t, message);
	t->asked = true;
	t->yes = str_of(yes);
	t->no = str_of(no);
	return TURN_ASKED;
}

/* --- what is done */

bool
turn_stored(struct turn *t, enum rc rc)
{
	if (rc != RC_OK && t->out->rc == RC_OK)
		t->out->rc = rc;
	return rc == RC_OK;
}

void
turn_wait_again(struct turn *t)
{
	t->waits_again = true;
}

void
turn_hold_slots(struct turn *t)
{
	t->holds_slots = true;
}

enum turn_end
turn_run(struct turn *t, const char *intent)
{
	return engine_run(t, intent);
}

/* The program at a place of the page that is in view. */
static struct str
picked_program(const struct turn *t, struct str place)
{
	int64_t n;

	if (str_to_int(place, 1, (int64_t)t->conv.seek.n_page, &n) != RC_OK)
		return STR("");
	return t->conv.seek.page[n - 1];
}

bool
turn_take_option(struct turn *t, enum turn_end *end)
{
	int64_t n;
	const struct option *o;

	if (str_to_int(str_of(turn_slot(t, "option")), 1, (int64_t)t->conv.n_options,
		&n) != RC_OK)
		return false;
	o = &t->conv.options[n - 1];
	t->chosen = true;
	switch (o->kind) {
	case OPTION_CATEGORY:
		t->category = o->target;
		*end = turn_run(t, "list-topics");
		break;
	case OPTION_PROGRAM:
		t->picked = picked_program(t, o->target);
		*end = turn_run(t, "program-details");
		break;
	case OPTION_WISH:
		t->pressed = o->target;
		*end = turn_run(t,
		    str_starts(o->target, "=") ? "skip-wish" : "refine-suggestion");
		break;
	case OPTION_NOTICE:
		t->pressed = o->target;
		*end = turn_run(t, "notification-settings");
		break;
	case OPTION_TOPIC:
	case OPTION_INTENT:
		*end = turn_run(t, arena_cstr(t->arena, o->target));
		break;
	}
	return true;
}

bool
turn_take_answer(struct turn *t, bool yes, enum turn_end *end)
{
	struct str to = yes ? t->conv.yes : t->conv.no;

	if (to.len == 0)
		return false;
	*end = turn_run(t, arena_cstr(t->arena, to));
	return true;
}

const struct article *
turn_back(struct turn *t)
{
	struct str id;

	if (t->conv.topic.len > 0 && t->conv.depth != DEPTH_BRIEF)
		return turn_topic(t);
	id = conv_back(&t->conv);
	return id.len == 0 ? NULL : kb_find(turn_kb(t), arena_cstr(t->arena, id));
}

bool
turn_stop_dialog(struct turn *t)
{
	bool open = t->conv.dialog.len > 0;

	conv_end_dialog(&t->conv);
	return open;
}

void
turn_forget(struct turn *t)
{
	t->forgotten = true;
}

bool
turn_mask_text(struct turn *t)
{
	struct str after = guard_mask_numbers(t->arena, t->text);

	t->out->mask_numbers = true;
	return t->sensitive || !str_eq(after, t->text);
}

const char *
turn_note(struct turn *t, const char *kind, struct str text)
{
	struct turn_note *n;
	char *reference = arena_alloc(t->arena, REFERENCE_CHARS + 3);

	assert(t->out->n_notes < TURN_NOTES_MAX);
	reference[0] = 'K';
	reference[1] = '-';
	chance_token(t->e->chance, reference + 2, REFERENCE_CHARS);
	n = &t->out->notes[t->out->n_notes++];
	n->kind = kind;
	n->topic = t->conv.topic;
	n->text = guard_mask(t->arena, text);
	n->reference = str_of(reference);
	turn_bind(t, "reference", str_of(reference));
	return reference;
}
