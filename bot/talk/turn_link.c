/*
 * turn_link.c - her other chats: joining them by a code, and parting them.
 *
 * Chat A asks for a code, chat B types it, is asked whether that is the same person, and says
 * yes; both are told. All of it is in the transaction of the turn, so that it is done with both
 * lines, or not at all. Typing a code claims it: it is then nobody else's, whatever B answers.
 */
#include <inttypes.h>
#include <string.h>

#include "bot/talk/turn_priv.h"
#include "credbot/base/log.h"

/* Long enough to find the phone, short enough that a code overheard is worth little. */
#define CODE_MINUTES 10
#define CODE_MS (INT64_C(60000) * CODE_MINUTES)
/* So long it is known that it has expired or was used, to say so. */
#define CODE_REMEMBERED_MS INT64_C(86400000)
/* Wrong codes within TRIES_MS. Of one chat: people mistype once or twice. Of all together, since
 * web chats are made at will: a thousand guesses, with a hundred codes open, hit one in 180,000
 * times. */
#define TRIES_MS INT64_C(3600000)
#define TRIES_MAX 5
#define TRIES_ALL_MAX 1000

_Static_assert(LINK_CHATS_MAX == PERSON_PEERS_MAX, "one limit");

bool
turn_keeps(const struct turn *t)
{
	return t->in->store != NULL;
}

enum link_code_found
turn_link_code(const struct turn *t)
{
	return t->code_found;
}

/* Whether the store did it. If not, nothing of the turn is kept. */
static bool
done(struct turn *t, enum rc rc)
{
	if (rc != RC_OK && t->out->rc == RC_OK)
		t->out->rc = rc;
	return rc == RC_OK;
}

static struct str
chat_name(struct turn *t, const char *channel)
{
	static const struct {
		const char *channel, *message;
	} names[] = {
		{ "matrix", "chat.matrix" },
		{ "telegram", "chat.telegram" },
		{ "terminal", "chat.terminal" },
		{ "webchat", "chat.webchat" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].channel, channel) == 0)
			return reply_text(t, names[i].message);
	return reply_text(t, "chat.other");
}

void
link_bind_here(struct turn *t)
{
	turn_bind(t, "here", chat_name(t, t->in->channel));
}

/* false: it is not known any more. */
static bool
bind_there(struct turn *t, int64_t peer)
{
	struct person_peer all[PERSON_PEERS_MAX];
	size_t n = 0;

	link_bind_here(t);
	turn_bind(t, "there", reply_text(t, "chat.other"));
	if (!done(t, person_peers(t->in->store, peer, all, &n)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (all[i].id == peer)
			turn_bind(t, "there", chat_name(t, all[i].channel));
	return n > 0;
}

static bool
find_chats(struct turn *t, struct person_peer out[PERSON_PEERS_MAX], size_t *n)
{
	*n = 0;
	return turn_keeps(t) &&
	       done(t, person_peers(t->in->store, t->in->peer, out, n));
}

/* --- a code is given */

enum link_result
turn_link_offer(struct turn *t)
{
	struct person_peer chats[PERSON_PEERS_MAX];
	char code[LINK_CODE_SIZE], hash[LINK_HASH_CHARS + 1];
	char *shown = arena_alloc(t->arena, LINK_CODE_SHOWN_SIZE);
	int64_t now = t->in->now_ms;
	size_t n;

	if (find_chats(t, chats, &n) && n >= PERSON_PEERS_MAX)
		return LINK_FULL;
	link_code_make(t->e->chance, code);
	link_code_hash(code, hash);
	link_code_show(code, shown);
	(void)done(t,
	    link_code_add(t->in->store, t->in->peer, str_n(hash, LINK_TAG_CHARS),
		str_of(hash), now + CODE_MS, now, now - CODE_REMEMBERED_MS));
	turn_bind(t, "code", str_of(shown));
	turn_bind(t, "minutes", str_of(arena_printf(t->arena, "%d", CODE_MINUTES)));
	turn_bind(t, "payload", str_of(arena_printf(t->arena, "link_%s", code)));
	return LINK_OK;
}

/* --- a code is typed */

struct search {
	const char *hash;
	struct link_code found;
	bool any;
};

static void
on_code(void *arg, const struct link_code *c, struct str hash)
{
	struct search *s = arg;

	if (link_code_same(s->hash, hash) && !s->any) {
		s->found = *c;
		s->any = true;
	}
}

static bool
find_code(struct turn *t, struct link_code *out)
{
	char hash[LINK_HASH_CHARS + 1];
	struct search s = { .hash = hash };

	link_code_hash(t->code, hash);
	(void)done(t,
	    link_code_each(t->in->store, str_n(hash, LINK_TAG_CHARS), on_code, &s));
	*out = s.found;
	return s.any;
}

static bool
may_try(struct turn *t)
{
	int64_t own = 0, all = 0;

	if (!done(t, link_try_count(t->in->store, t->in->peer, t->in->now_ms - TRIES_MS,
			 &own, &all)))
		return false;
	if (own < TRIES_MAX && all < TRIES_ALL_MAX)
		return true;
	log_warn("talk: too many wrong codes peer=%" PRId64 " own=%" PRId64
		 " all=%" PRId64,
	    t->in->peer, own, all);
	return false;
}

/* Whether the person of a peer would have too many chats with this one's. */
static enum link_result
check_persons(struct turn *t, int64_t other)
{
	struct person_peer mine[PERSON_PEERS_MAX], hers[PERSON_PEERS_MAX];
	size_t n_mine = 0, n_hers = 0;

	if (!find_chats(t, mine, &n_mine) ||
	    !done(t, person_peers(t->in->store, other, hers, &n_hers)))
		return LINK_WRONG;
	for (size_t i = 0; i < n_mine; i++)
		if (mine[i].id == other)
			return LINK_SAME;
	return n_mine + n_hers > PERSON_PEERS_MAX ? LINK_FULL : LINK_OK;
}

enum link_result
turn_link_claim(struct turn *t)
{
	struct link_code c;
	enum link_result result;
	int64_t me = t->in->peer, now = t->in->now_ms;

	if (!may_try(t))
		return LINK_TOO_OFTEN;
	if (!find_code(t, &c)) {
		(void)done(t, link_try_add(t->in->store, me, now, now - TRIES_MS));
		return LINK_WRONG;
	}
	if (c.peer == me)
		return LINK_OWN;
	if (c.used || (c.claimed_by != 0 && c.claimed_by != me))
		return LINK_USED;
	if (c.expires_ms <= now)
		return LINK_EXPIRED;
	result = check_persons(t, c.peer);
	if (result != LINK_OK)
		return result;
	(void)done(t, link_code_set(t->in->store, c.id, me, false));
	(void)bind_there(t, c.peer);
	return LINK_OK;
}

/* --- yes, or no */

static bool
find_claimed(struct turn *t, struct link_code *out)
{
	enum rc rc = !turn_keeps(t) ? RC_NOTFOUND
	                            : link_code_claimed(t->in->store, t->in->peer, out);

	return rc != RC_NOTFOUND && done(t, rc);
}

enum link_result
turn_link_join(struct turn *t)
{
	struct link_code c;
	enum rc rc;

	if (!find_claimed(t, &c))
		return LINK_WRONG;
	(void)done(t, link_code_set(t->in->store, c.id, t->in->peer, true));
	if (c.expires_ms <= t->in->now_ms)
		return LINK_EXPIRED;
	rc = person_join(t->in->store, c.peer, t->in->peer, t->in->now_ms);
	if (rc == RC_EXISTS)
		return LINK_SAME;
	if (rc == RC_INVALID)
		return LINK_FULL;
	if (rc == RC_NOTFOUND || !done(t, rc) || !bind_there(t, c.peer))
		return LINK_WRONG;
	log_info("talk: chats joined peer=%" PRId64 " with=%" PRId64, t->in->peer,
	    c.peer);
	return LINK_OK;
}

void
turn_link_refuse(struct turn *t)
{
	struct link_code c;

	if (find_claimed(t, &c))
		(void)done(t, link_code_set(t->in->store, c.id, t->in->peer, true));
}

void
turn_link_spoil(struct turn *t)
{
	struct link_code c;

	if (turn_keeps(t) && t->code_found == LINK_CODE_FOUND && find_code(t, &c))
		(void)done(t, link_code_set(t->in->store, c.id, t->in->peer, true));
}

/* --- parting */

static void
tell(struct turn *t, int64_t peer, const char *message)
{
	struct turn_out *out = t->out;

	if (out->n_notices < TURN_NOTICES_MAX)
		out->notices[out->n_notices++] = (struct turn_notice){ .peer = peer,
			.text = reply_text(t, message) };
}

void
turn_tell_others(struct turn *t, const char *message)
{
	struct person_peer chats[PERSON_PEERS_MAX];
	size_t n;

	if (!find_chats(t, chats, &n))
		return;
	link_bind_here(t);
	for (size_t i = 0; i < n; i++)
		if (chats[i].id != t->in->peer)
			tell(t, chats[i].id, message);
}

bool
turn_unlink(struct turn *t, const char *channel, const char *message)
{
	struct person_peer chats[PERSON_PEERS_MAX];
	size_t n, parted = 0;

	if (!find_chats(t, chats, &n) || n < 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (channel != NULL && strcmp(chats[i].channel, channel) != 0)
			continue;
		(void)done(t, person_leave(t->in->store, chats[i].id));
		parted++;
	}
	if (parted == 0)
		return false;
	link_bind_here(t);
	for (size_t i = 0; i < n; i++)
		if (chats[i].id != t->in->peer)
			tell(t, chats[i].id, message);
	log_info("talk: chats parted peer=%" PRId64 " of=%zu", t->in->peer, n);
	return true;
}

size_t
turn_bind_chats(struct turn *t)
{
	struct person_peer chats[PERSON_PEERS_MAX];
	struct buf names = { 0 };
	size_t n;

	if (!find_chats(t, chats, &n))
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (chats[i].id == t->in->peer)
			continue;
		if (names.len > 0)
			buf_adds(&names, ", ");
		buf_addstr(&names, chat_name(t, chats[i].channel));
	}
	turn_bind(t, "chats", arena_str(t->arena, buf_str(&names)));
	buf_fini(&names);
	return n;
}

const char *
turn_bot_name(const struct turn *t, const char *channel)
{
	if (strcmp(t->in->channel, channel) == 0)
		return NULL;
	for (size_t i = 0; i < t->in->n_channels; i++) {
		struct channel *ch = t->in->channels[i];
		const char *name = NULL;

		if (strcmp(ch->ops->name, channel) == 0 && ch->ops->own_name != NULL)
			name = ch->ops->own_name(ch);
		if (name != NULL && name[0] != '\0')
			return name;
	}
	return NULL;
}
