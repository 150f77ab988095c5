/*
 * telegram.h - the Telegram channel: the Bot API by long polling, or by a webhook.
 *
 * A message is confirmed to Telegram when it is on disk, so that a program that dies is given
 * it again; flow takes it once. Answers leave as plain text with entities, one chat at a time
 * and no faster than Telegram allows; one chat that is throttled keeps no other waiting.
 * The Bot API has no name for a message that makes sending it twice the same as once: see
 * CHANNEL_BLIND.
 *
 * An account is "USER" for a private chat, "CHAT/THREAD/USER" for a person in a group.
 */
#ifndef CREDBOT_CHAN_TELEGRAM_H
#define CREDBOT_CHAN_TELEGRAM_H

#include "credbot/flow/channel.h"
#include "credbot/io/web.h"

/* Telegram brings so many updates at the same time at most. */
#define TELEGRAM_WEBHOOK_CONNECTIONS 40

struct telegram_command {
	const char *name; /* without the slash */
	const char *help; /* in the menu */
	const char *says; /* a message that does the same */
	bool in_groups;   /* in the menu of groups, too */
};

/* What the channel says by itself. */
struct telegram_words {
	const struct telegram_command *commands;
	size_t n;
	const char
	    *stale; /* when a button that is pressed is none of ours, or too old */
};

/* Borrows words. For flow_add_channel() if the configuration has a token. */
struct channel *telegram_new(const struct telegram_words *words);
void telegram_free(struct channel *ch); /* NULL is fine */

/* After start: where Telegram brings updates, to be served by the web server below
 * telegram.webhook_url, until stop; NULL: they are fetched. */
const struct web_route *telegram_route(const struct channel *ch);

/* RC_INVALID: a text that can be no token of a bot. err never quotes it. */
enum rc telegram_check_token(const char *token, struct err *err);

/*
 * The token that the configuration names, from telegram.token, from the file
 * telegram.token_file, or from systemd's credential "telegram-token"; added to out without
 * the line feed. RC_NOTFOUND: none is set, the channel is off. RC_INVALID: err says why it
 * cannot be used.
 */
enum rc telegram_token(const struct config *cf, struct buf *out, struct err *err);

#endif
