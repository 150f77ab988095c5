/*
 * link-channels - "the same profile on Telegram": gives a code, takes a code, says which chats
 * are joined, parts them.
 *
 * A code proves that whoever types it there can read what is said here. What must not be proved
 * by accident is asked: yes leads to link-join, no to link-refuse.
 */
#include "intents/intents.h"

/* How networks are called, for "unlink telegram". */
static const struct {
	const char *channel;
	const char *const words[6];
} networks[] = {
	{ "matrix", { "matrix", "element", NULL } },
	{ "telegram", { "telegram", "telegramm", "tg", NULL } },
	{ "terminal", { "terminal", NULL } },
	{ "webchat", { "web", "webchat", "website", "webpage", "browser", NULL } },
};

static enum turn_end
claim(struct turn *t)
{
	switch (turn_link_claim(t)) {
	case LINK_OK:
		return turn_ask(t, "link.confirm", "link-join", "link-refuse");
	case LINK_EXPIRED:
		return turn_say(t, "link.expired");
	case LINK_USED:
		return turn_say(t, "link.used");
	case LINK_OWN:
		return turn_say(t, "link.own");
	case LINK_SAME:
		return turn_say(t, "link.same");
	case LINK_FULL:
		return turn_say(t, "link.full");
	case LINK_TOO_OFTEN:
		return turn_say(t, "link.too_often");
	case LINK_WRONG:
		break;
	}
	return turn_say(t, "link.wrong");
}

static enum turn_end
part(struct turn *t)
{
	const char *channel = NULL;

	for (size_t i = 0; i < ARRAY_LEN(networks); i++)
		if (turn_says(t, networks[i].words))
			channel = networks[i].channel;
	if (turn_unlink(t, channel, "link.notice_parted"))
		return turn_say(t, "link.parted");
	return turn_say(t, turn_bind_chats(t) > 1 ? "link.not_that_one" : "link.alone");
}

static enum turn_end
list(struct turn *t)
{
	return turn_say(t, turn_bind_chats(t) > 1 ? "link.chats" : "link.alone");
}

static enum turn_end
offer(struct turn *t)
{
	const char *telegram = turn_bot_name(t, "telegram");
	const char *matrix = turn_bot_name(t, "matrix");

	if (turn_link_offer(t) != LINK_OK)
		return turn_say(t, "link.full");
	turn_say(t, "link.code");
	if (telegram != NULL) {
		turn_bind(t, "bot", str_of(telegram));
		turn_say(t, "link.by_telegram");
	}
	if (matrix != NULL) {
		turn_bind(t, "bot", str_of(matrix));
		turn_say(t, "link.by_matrix");
	}
	return TURN_DONE;
}

static enum turn_end
run(struct turn *t)
{
	static const char *const parting[] = { "unlink", "unlinked", "unlinking",
		"disconnect", "separate", "split", "detach", "unpair", "unconnect",
		"unjoin", NULL };
	static const char *const asking[] = { "which", "linked", "joined", "connected",
		NULL };
	static const char *const code[] = { "code", "codes", NULL };

	if (!turn_keeps(t))
		return turn_say(t, "link.not_kept");
	if (turn_is_shared(t)) {
		turn_link_spoil(t);
		return turn_say(t, turn_link_code(t) == LINK_CODE_NONE
				       ? "link.not_in_group"
				       : "link.spoilt_in_group");
	}
	if (turn_link_code(t) == LINK_CODE_FOUND)
		return claim(t);
	if (turn_link_code(t) == LINK_CODE_MISTYPED)
		return turn_say(t, "link.mistyped");
	if (turn_says(t, parting))
		return part(t);
	if (turn_says(t, asking) && !turn_says(t, code))
		return list(t);
	return offer(t);
}

const struct intent intent_link_channels = {
	.name = "link-channels",
	.run = run,
};
