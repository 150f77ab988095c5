/*
 * talker.c - one conversation in memory.
 */
#include <assert.h>

#include "bot/cmd/talker.h"
#include "credbot/base/utf8.h"

void
talker_init(struct talker *t, struct app *app)
{
	*t = (struct talker){ .app = app, .arena = arena_new() };
}

void
talker_fini(struct talker *t)
{
	arena_free(t->arena);
	buf_fini(&t->state);
}

void
talker_reset(struct talker *t)
{
	buf_clear(&t->state);
}

void
talker_say(struct talker *t, struct str text, enum message_kind kind)
{
	struct buf clean = { 0 };
	struct inmsg m = { .channel = "ask", .account = STR("you"), .kind = kind };
	struct turn_in in = { .peer = 1, .channel = "ask", .messages = &m, .n = 1 };
	int64_t start = clock_mono_us(clock_system());
	enum turn_result result;

	arena_reset(t->arena);
	t->out = (struct turn_out){ 0 };
	utf8_clean(text, &clean);
	m.text = str_trim(buf_str(&clean));
	in.too_long = m.text.len > MESSAGE_TEXT_MAX;
	m.text = utf8_cut(m.text, MESSAGE_TEXT_MAX);
	m.text = engine_mask(t->app->engine, m.text, false, t->arena);
	in.state = buf_str(&t->state);
	in.now_ms = clock_now_ms(t->app->clock);
	in.last_call = true; /* nothing follows */
	result = engine_turn(t->app->engine, &in, t->arena, &t->out);
	assert(result == TURN_ANSWERED);
	t->us = clock_mono_us(clock_system()) - start;
	buf_clear(&t->state);
	buf_addstr(&t->state, t->out.state);
	buf_fini(&clean);
}
