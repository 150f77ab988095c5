/*
 * telegram_gate.c - how often we may write to a chat.
 *
 * "Broadcasting to users" of the Bot API's FAQ: about a message a second in one chat, short
 * bursts allowed; 20 a minute in a group. What is said beyond that is answered with 429 and
 * a time; only that chat is closed for so long. When several chats are told so at once, it
 * is the bot as a whole that is too quick.
 */
#include <stdlib.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/map.h"

static const struct bucket_rate private_rate = { 3, 1000 };
static const struct bucket_rate group_rate = { 20, 3000 };

/* So many chats closed within so long a time mean all of them. */
#define ALL_CHATS 3
#define ALL_WITHIN_MS 2000
/* Gates that are open are forgotten when there are so many, or twice as many as were not
 * open the last time: 100 bytes each. */
#define GATES_MAX 4096

struct gate {
	struct bucket bucket;
	int64_t closed_until_ms;
};

struct gates {
	struct map *by_chat; /* the id's bytes */
	size_t forget_at;
	struct {
		int64_t chat, at_ms;
	} closings[ALL_CHATS]; /* the last ones */
	size_t n_closings;
	int64_t closed_until_ms; /* for all */
};

static struct str
key_of(const int64_t *chat)
{
	return str_n((const char *)chat, sizeof(*chat));
}

static void
forget_open(struct gates *g, int64_t mono_ms)
{
	struct map *kept = map_new();
	struct str key;
	void *value;
	size_t pos = 0;

	while (map_next(g->by_chat, &pos, &key, &value)) {
		struct gate *gate = value;

		if (bucket_is_full(&gate->bucket, mono_ms) &&
		    gate->closed_until_ms <= mono_ms)
			free(gate);
		else
			(void)map_put(kept, key, gate);
	}
	map_free(g->by_chat);
	g->by_chat = kept;
	g->forget_at = map_len(kept) * 2 > GATES_MAX ? map_len(kept) * 2 : GATES_MAX;
}

static struct gate *
gate_of(struct gates *g, int64_t chat, int64_t mono_ms)
{
	struct gate *gate = map_get(g->by_chat, key_of(&chat));

	if (gate != NULL)
		return gate;
	if (map_len(g->by_chat) >= g->forget_at)
		forget_open(g, mono_ms);
	gate = xcalloc(1, sizeof(*gate));
	(void)map_put(g->by_chat, key_of(&chat), gate);
	return gate;
}

int64_t
gates_pass(struct gates *g, int64_t chat, bool group, int64_t mono_ms)
{
	struct gate *gate = gate_of(g, chat, mono_ms);
	struct bucket_rate rate = group ? group_rate : private_rate;
	int64_t until = gate->closed_until_ms > g->closed_until_ms
	                    ? gate->closed_until_ms
	                    : g->closed_until_ms;

	if (until > mono_ms)
		return until - mono_ms;
	if (bucket_take(&gate->bucket, rate, mono_ms))
		return 0;
	return rate.refill_ms;
}

static bool
all_are_closed(struct gates *g, int64_t chat, int64_t mono_ms)
{
	size_t n = 0;

	for (size_t i = 0; i < ALL_CHATS && i < g->n_closings; i++)
		if (g->closings[i].chat == chat)
			return false; /* this one again */
	g->closings[g->n_closings % ALL_CHATS].chat = chat;
	g->closings[g->n_closings % ALL_CHATS].at_ms = mono_ms;
	g->n_closings++;
	for (size_t i = 0; i < ALL_CHATS && i < g->n_closings; i++)
		n += mono_ms - g->closings[i].at_ms <= ALL_WITHIN_MS;
	return n == ALL_CHATS;
}

void
gates_close(struct gates *g, int64_t chat, int64_t mono_ms, int64_t until_ms)
{
	struct gate *gate = gate_of(g, chat, mono_ms);

	gate->closed_until_ms = until_ms;
	if (all_are_closed(g, chat, mono_ms))
		g->closed_until_ms = until_ms;
}

struct gates *
gates_new(void)
{
	struct gates *g = xcalloc(1, sizeof(*g));

	g->by_chat = map_new();
	g->forget_at = GATES_MAX;
	return g;
}

void
gates_free(struct gates *g)
{
	struct str key;
	void *value;
	size_t pos = 0;

	if (g == NULL)
		return;
	while (map_next(g->by_chat, &pos, &key, &value))
		free(value);
	map_free(g->by_chat);
	free(g);
}
