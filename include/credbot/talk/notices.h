/*
 * notices.h - what an intent may do about messages that the bot sends on its own: switch them,
 * set quiet hours, end saved searches.
 *
 * Settings are hers wherever she writes (store/notice.h), and are kept without asking: they
 * limit what is sent. Only if turn_keeps(); turn_say_notices() not where others read along, since
 * it shows her searches.
 */
#ifndef CREDBOT_TALK_NOTICES_H
#define CREDBOT_TALK_NOTICES_H

#include "credbot/talk/turn.h"

/* Nothing is sent any more; false: nothing was. */
bool turn_stop_notices(struct turn *t);
/* All comes again as it was set before; false: it came already. */
bool turn_restore_notices(struct turn *t);
/* Whether the bot wrote on its own since her last message in this chat. */
bool turn_was_written_to(struct turn *t);

/* Whether the message leaves something on, or is about when rather than whether: more than
 * "stop" is wanted. */
bool turn_wants_some_notices(const struct turn *t);
enum notices_change {
	NOTICES_UNSAID, /* the message asks for no setting */
	NOTICES_SAME,   /* it was set like that already */
	NOTICES_CHANGED,
};
/* Does what the message, or the button, says of kinds and quiet hours. */
enum notices_change turn_change_notices(struct turn *t);
/* Whether the message wants less of alerts: ends a saved search, or switches them off. */
bool turn_ends_alerts(const struct turn *t);
/* Says what the message asks for and cannot have: e-mail, daily, a pause. */
void turn_say_limits(struct turn *t);

enum searches_end {
	SEARCHES_UNSAID, /* the message ends none */
	SEARCHES_NONE,   /* she has none */
	SEARCHES_WHICH,  /* it is not clear which */
	SEARCHES_ALL,    /* all of them, {n}: not ended yet */
	SEARCHES_ENDED,  /* {search} */
};
/* Ends the saved search that the message, or the button, is about. */
enum searches_end turn_end_search(struct turn *t);
/* Ends all of them; false: there were none. */
bool turn_end_searches(struct turn *t);

/* Her settings and saved searches, with buttons to change them: those that the message is about,
 * else all. */
void turn_say_notices(struct turn *t);
/* Her saved searches: how many. */
size_t turn_count_searches(struct turn *t);

#endif
