/*
 * engine.c - one turn, from messages to replies.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/turn_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/nlu/choice.h"

/* "Did you mean A, B or C": more is a menu, not a question. */
#define CLARIFY_CHOICES 3
/* A dialog asks again this often for the same thing, then lets go. */
#define REASK_MAX 2
/* A message of so many words says what it is about: it is the text that the slot wants. */
#define TELLING_WORDS 9

/* What a link that opens an article begins with; see MESSAGE_START. */
#define START_TOPIC "topic_"

struct engine *
engine_new(const struct intent *const *intents, size_t n_intents,
    const struct config *cf, struct chance *chance)
{
	struct engine *e = xcalloc(1, sizeof(*e));
	const char *contact = config_str(cf, "bot.contact");

	e->intents = intents;
	e->n_intents = n_intents;
	e->config = cf;
	e->chance = chance;
	if (contact[0] != '\0') {
		e->caps.have |= CAP_CONTACT;
		e->caps.contact = contact;
	}
	e->caps.have |= CAP_PROFILE;
	if (config_bool(cf, "bot.free_consultation"))
		e->caps.have |= CAP_FREE_CONSULTATION;
	return e;
}

void
engine_free(struct engine *e)
{
	free(e);
}

void
engine_set_library(struct engine *e, const struct library *lib)
{
	e->lib = lib;
}

void
engine_set_store(struct engine *e, struct store *st)
{
	e->store = st;
}

void
engine_set_catalog(struct engine *e, const struct catalog_index *index,
    const struct path_index *paths, const struct catalog_place *where)
{
	e->index = index;
	e->paths = paths;
	e->programs = where;
}

const struct engine_trace *
engine_trace(const struct engine *e)
{
	return &e->trace;
}

struct str
engine_sorry(void *arg)
{
	const struct engine *e = arg;

	return locale_text(e->lib->locale, "sorry.failed", 0);
}

struct str
engine_again(void *arg)
{
	const struct engine *e = arg;

	return locale_text(e->lib->locale, "sent.again", 0);
}

struct str
engine_unsent(void *arg)
{
	const struct engine *e = arg;

	return locale_text(e->lib->locale, "sent.never", 0);
}

struct str
engine_mask(void *arg, struct str text, bool all_numbers, struct arena *a)
{
	(void)arg;
	return all_numbers ? guard_mask_numbers(a, text) : guard_mask(a, text);
}

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, (*(const struct intent *const *)row)->name);
}

const struct intent *
engine_find(const struct engine *e, const char *name)
{
	const struct intent *const *found = bsearch(name, e->intents, e->n_intents,
	    sizeof(const struct intent *), by_name);

	return found == NULL ? NULL : *found;
}

const struct slot *
engine_awaited(const struct turn *t)
{
	const struct intent *i = t->conv.dialog.len == 0
	                             ? NULL
	                             : engine_find(t->e,
					   arena_cstr(t->arena, t->conv.dialog));

	for (const struct slot *s = i == NULL ? NULL : i->slots;
	     s != NULL && s->name != NULL; s++)
		if (str_is(t->conv.waits_for, s->name))
			return s;
	return NULL;
}

/* --- running an intent */

/* Puts the question for a slot. */
static void
ask_slot(struct turn *t, const struct slot *s)
{
	reply_add(t, s->ask);
	if (s->kind == SLOT_PROFILE || s->kind == SLOT_HOURS)
		turn_offer_intent(t, "skip-question", "button.skip");
}

static bool
is_sought(const struct slot *s)
{
	return s->kind == SLOT_WISH || s->kind == SLOT_SOUGHT;
}

/* Whether the whole message is the value. */
static bool
tells_slot(struct turn *t, const struct slot *s)
{
	if (is_sought(s))
		return !turn_has_catalog(t) || seek_understands(t, s->kind);
	return s->kind == SLOT_TEXT && t->reading.words >= TELLING_WORDS;
}

/* Fills a slot from the message that started the intent, if it says it already. */
static bool
fill_at_once(struct turn *t, const struct slot *s)
{
	const char *read = nlu_slot_value(&t->reading, s->name);

	if (read != NULL)
		conv_set_slot(&t->conv, str_of(s->name), str_of(read));
	else if (tells_slot(t, s))
		conv_set_slot(&t->conv, str_of(s->name), t->text);
	else if (s->kind == SLOT_HOURS && plan_hours_known(t).len > 0)
		conv_set_slot(&t->conv, str_of(s->name), plan_hours_known(t));
	else
		return false;
	return true;
}

/* Asks for the first slot that is not filled; false if none is. */
static bool
ask_for_slot(struct turn *t, const struct intent *i)
{
	bool starts = !str_is(t->conv.dialog, i->name);

	for (const struct slot *s = i->slots; s != NULL && s->name != NULL; s++) {
		if (conv_slot(&t->conv, s->name).len > 0 ||
		    (starts && fill_at_once(t, s)))
			continue;
		t->conv.dialog = str_of(i->name);
		t->conv.waits_for = str_of(s->name);
		ask_slot(t, s);
		t->asks_slot = true;
		return true;
	}
	return false;
}

static bool
is_of_profile(const struct slot *s)
{
	return s->kind == SLOT_PROFILE || s->kind == SLOT_CHANGE;
}

/* The intent begins: no dialog of it is open, or it is asked for anew, about something else,
 * while its question is. */
static bool
begins(const struct turn *t, const struct intent *i)
{
	const struct slot *awaited = engine_awaited(t);

	return !str_is(t->conv.dialog, i->name) ||
	       (i->ready != NULL && awaited != NULL &&
		   conv_slot(&t->conv, awaited->name).len == 0);
}

static enum turn_end
run_intent(struct turn *t, const struct intent *i)
{
	enum turn_end end;

	t->keeps_place = i->keeps_place;
	if (i->not_shared != NULL && t->in->shared)
		return turn_say(t, i->not_shared);
	if (i->slots == NULL)
		return i->run(t);
	if (begins(t, i)) {
		conv_end_dialog(&t->conv); /* one dialog at a time: the new one */
		if (is_of_profile(&i->slots[0]))
			profile_fill_at_once(t, i);
		if (i->ready != NULL && !i->ready(t))
			return TURN_DONE;
		if (i->begin != NULL)
			reply_add(t, i->begin);
	}
	if (ask_for_slot(t, i))
		return TURN_ASKED;
	end = i->run(t);
	if (t->waits_again && t->conv.reasked++ < REASK_MAX) {
		t->conv.dialog = str_of(i->name);
		t->conv.waits_for = str_of(i->slots[0].name);
		t->conv.n_slots = 0;
	} else if (t->holds_slots)
		t->conv.dialog = t->conv.waits_for = STR("");
	else
		conv_end_dialog(&t->conv);
	return end;
}

enum turn_end
engine_run(struct turn *t, const char *label)
{
	const struct intent *i = engine_find(t->e, label);
	const char *by = library_stand_in(t->e->lib, label);

	/* A state that leads in a circle was not written by this program. */
	if (++t->runs > RUNS_MAX)
		return turn_say(t, "unknown.first");
	if (i == NULL && by != NULL)
		i = engine_find(t->e, by);
	if (i != NULL)
		return run_intent(t, i);
	t->target = policy_article(t, label);
	if (t->target != NULL)
		i = engine_find(t->e, "faq");
	/* A reload may have taken the article away that an old choice points to. */
	return run_intent(t, i != NULL ? i : engine_find(t->e, "out-of-scope"));
}

/* --- the three other ways to answer */

static void
clarify(struct turn *t)
{
	reply_add(t, "clarify.which");
	for (size_t i = 0; i < CLARIFY_CHOICES; i++) {
		const struct article *a = turn_candidate(t, i);

		if (a != NULL)
			turn_offer_topic(t, a);
	}
	turn_offer_intent(t, "out-of-scope", "button.none_of_these");
}

static void
fill(struct turn *t)
{
	struct str name = t->conv.waits_for, value = t->text;
	const struct slot *s = engine_awaited(t);
	int rating = rating_read(t->text);

	if (rating > 0 && str_is(name, "rating"))
		value = str_of(arena_printf(t->arena, "%d", rating));
	if (s != NULL && s->kind == SLOT_HOURS)
		value = plan_hours_read(t);
	if (t->sensitive) {
		(void)turn_mask_text(t);
		reply_add(t, "sensitive.removed");
	}
	if (s != NULL && is_of_profile(s))
		profile_fill(t, s);
	else
		conv_set_slot(&t->conv, name, value);
	(void)engine_run(t, arena_cstr(t->arena, t->conv.dialog));
}

/* After a digression the dialog's question is still open: it is asked once more. */
static void
return_to_dialog(struct turn *t, struct str dialog, struct str waits_for)
{
	const struct slot *s;

	if (t->asks_slot || dialog.len == 0 || !str_eq(t->conv.dialog, dialog) ||
	    !str_eq(t->conv.waits_for, waits_for) || t->said.len == 0)
		return;
	if (t->conv.reasked++ >= REASK_MAX) {
		conv_end_dialog(&t->conv);
		reply_add(t, "dialog.let_go");
		return;
	}
	s = engine_awaited(t);
	if (s != NULL)
		ask_slot(t, s);
}

static void
answer(struct turn *t, const struct decision *d)
{
	struct str dialog = t->conv.dialog, waits_for = t->conv.waits_for;

	t->conv.misses = t->unread ? t->conv.misses + 1 : 0;
	switch (d->what) {
	case DECIDE_FILL:
		fill(t);
		return;
	case DECIDE_CLARIFY:
		clarify(t);
		break;
	default:
		(void)engine_run(t, d->intent);
	}
	return_to_dialog(t, dialog, waits_for);
}

/* --- the frame */

static void
trace(struct turn *t, const struct decision *d)
{
	struct engine_trace *tr = &t->e->trace;
	const struct nlu_reading *r = &t->reading;
	size_t from = 0;

	*tr = (struct engine_trace){ .in_scope = r->in_scope };
	tr->score = r->n > 0 ? r->ranked[0].score : 0;
	tr->asked_back = d->what == DECIDE_CLARIFY;
	if (d->what == DECIDE_CLARIFY) {
		tr->intent = "unclear-input";
	} else if (d->what == DECIDE_FILL) {
		tr->intent =
		    engine_find(t->e, arena_cstr(t->arena, t->conv.dialog))->name;
	} else if (kb_find(t->e->lib->kb, d->intent) != NULL) {
		tr->intent = "faq";
		tr->topic = d->intent;
	} else {
		tr->intent = d->intent;
	}
	if (d->what == DECIDE_RUN && r->n > 0 &&
	    strcmp(r->ranked[0].intent, d->intent) == 0)
		from = 1;
	for (size_t i = from; i < r->n && tr->n_also < ARRAY_LEN(tr->also); i++)
		tr->also[tr->n_also++] = r->ranked[i].intent;
}

/* The parts of one thought, one after the other. */
static struct str
join(struct arena *a, const struct turn_in *in)
{
	size_t len = 0;
	char *text, *at;

	if (in->n == 1)
		return in->messages[0].text;
	for (size_t i = 0; i < in->n; i++)
		len += in->messages[i].text.len + 1;
	at = text = arena_alloc(a, len + 1);
	for (size_t i = 0; i < in->n; i++) {
		(void)str_put(&at, in->messages[i].text);
		*at++ = ' ';
	}
	return str_n(text, len == 0 ? 0 : len - 1);
}

static void
read_message(struct turn *t)
{
	struct str options[MESSAGE_BUTTONS_MAX];
	struct nlu_context cx = {
		.topic = t->conv.topic.len == 0 ? NULL
		                                : arena_cstr(t->arena, t->conv.topic),
		.asked = t->conv.asked,
		.options = options,
		.n_options = t->conv.n_options,
	};

	for (size_t i = 0; i < t->conv.n_options; i++)
		options[i] = t->conv.options[i].text;
	nlu_read(t->e->lib->nlu, t->arena, t->text, &cx, &t->reading);
}

/* The texts of topics are not kept: they are the titles, as they are now. */
static void
name_options(struct turn *t)
{
	for (size_t i = 0; i < t->conv.n_options; i++) {
		struct option *o = &t->conv.options[i];
		const struct article *a;

		if (o->kind != OPTION_TOPIC)
			continue;
		a = kb_find(t->e->lib->kb, arena_cstr(t->arena, o->target));
		o->text = a == NULL ? o->target : str_of(a->title);
	}
}

static void
bind_names(struct turn *t)
{
	const struct config *cf = t->e->config;

	turn_bind(t, "name", str_of(config_str(cf, "bot.name")));
	turn_bind(t, "operator", str_of(config_str(cf, "bot.operator")));
	turn_bind(t, "support", str_of(config_str(cf, "bot.support")));
	turn_bind(t, "privacy_url", str_of(config_str(cf, "bot.privacy_url")));
}

/* What was offered and asked is what the next message may answer. */
static void
leave_place(struct turn *t)
{
	struct conv *c = &t->conv;

	if (!t->says_again && !(t->keeps_place && t->n_offers == 0 && !t->asked)) {
		memcpy(c->options, t->offers, sizeof(c->options));
		c->n_options = t->n_offers;
		c->asked = t->asked;
		c->yes = t->yes;
		c->no = t->no;
		c->then = t->then;
	}
	if (!t->says_again && !t->keeps_place)
		c->said = t->says_article ? str_n("", 0) : buf_str(&t->said);
}

static void
give_reply(struct turn *t)
{
	struct turn_reply *r;

	if (t->said.len == 0 && t->n_documents == 0)
		return;
	r = &t->out->replies[t->out->n_replies++];
	r->text = arena_str(t->arena, buf_str(&t->said));
	memcpy(r->documents, t->documents, sizeof(r->documents));
	r->n_documents = t->n_documents;
	if (t->says_again || t->n_offers > 0) {
		r->n_buttons = t->conv.n_options;
		for (size_t i = 0; i < r->n_buttons; i++)
			r->buttons[i] = t->conv.options[i].text;
	}
}

static void
finish(struct turn *t)
{
	struct buf state = { 0 };

	t->conv.turns++;
	if (t->forgotten)
		t->conv = (struct conv){ .turns = t->conv.turns };
	if (t->out->erase) {
		/* Nothing leads back: the next message is the first one. */
		t->conv = (struct conv){ 0 };
		t->keeps_place = true;
	}
	/* What waited for a yes has waited in vain. */
	if (t->conv.dialog.len == 0 && !t->holds_slots && !t->keeps_place)
		conv_end_dialog(&t->conv);
	leave_place(t);
	give_reply(t);
	conv_write(&t->conv, &state);
	t->out->state = arena_str(t->arena, buf_str(&state));
	buf_fini(&state);
	buf_fini(&t->said);
}

/* A flood is answered once, then with silence until it ends. */
static enum turn_result
answer_flood(struct turn *t)
{
	if (!t->in->already_told)
		reply_add(t, "flood.slow_down");
	t->keeps_place = true;
	finish(t);
	return TURN_ANSWERED;
}

static enum turn_result
answer_opening(struct turn *t)
{
	(void)engine_run(t, "greet");
	finish(t);
	return TURN_ANSWERED;
}

/* Whatever the conversation stood at still stands. */
static enum turn_result
answer_late(struct turn *t)
{
	reply_add(t, "late.ask_again");
	t->keeps_place = true;
	finish(t);
	return TURN_ANSWERED;
}

/* The intent or topic that a link was made for; unknown ones are a greeting. */
static const char *
read_start(const struct turn *t)
{
	const char *payload = arena_cstr(t->arena, t->text);

	if (t->code_found == LINK_CODE_FOUND)
		return "link-channels";
	if (str_starts(t->text, START_TOPIC) &&
	    kb_find(t->e->lib->kb, payload + strlen(START_TOPIC)) != NULL)
		return payload + strlen(START_TOPIC);
	return "greet";
}

/* Who comes by a link for the first time must know, too, that this is a bot. */
static enum turn_result
answer_start(struct turn *t)
{
	struct decision d = { DECIDE_RUN, read_start(t) };

	trace(t, &d);
	if (t->in->late)
		reply_add(t, "late.sorry");
	if (turn_is_first(t) && strcmp(d.intent, "greet") != 0)
		reply_add(t, "start.first");
	(void)engine_run(t, d.intent);
	finish(t);
	return TURN_ANSWERED;
}

enum turn_result
engine_turn(void *arg, const struct turn_in *in, struct arena *a, struct turn_out *out)
{
	struct engine *e = arg;
	struct turn t = { .e = e, .arena = a, .in = in, .out = out, .media = "" };
	const struct inmsg *last = &in->messages[in->n - 1];
	struct decision d;

	e->trace = (struct engine_trace){ 0 };
	conv_read(a, in->state, &t.conv);
	name_options(&t);
	bind_names(&t);
	if (in->flood)
		return answer_flood(&t);
	if (last->kind == MESSAGE_OPEN)
		return answer_opening(&t);
	if (last->kind == MESSAGE_LATE)
		return answer_late(&t);
	if (last->kind == MESSAGE_START)
		t.text = last->text;
	else
		t.text = join(a, in);
	t.code_found = link_code_read(t.text, t.code, &t.code_alone);
	if (last->kind == MESSAGE_START)
		return answer_start(&t);
	if (last->kind == MESSAGE_MEDIA)
		t.media = last->text.len == 0 ? "file" : arena_cstr(a, last->text);
	t.sensitive = guard_was_masked(t.text);
	read_message(&t);
	d = policy_decide(&t);
	if (d.what == DECIDE_WAIT)
		return TURN_WAIT;
	trace(&t, &d);
	if (in->n_old > 1)
		reply_add(&t, "late.several");
	else if (in->late)
		reply_add(&t, "late.sorry");
	if (in->edited)
		reply_add(&t, "edit.seen");
	if (in->too_long)
		reply_add(&t, "long.cut");
	answer(&t, &d);
	finish(&t);
	return TURN_ANSWERED;
}
