/*
 * notice_say_priv.h - what turn_notices.c, notice_searches.c and notice_say.c share.
 */
#ifndef CREDBOT_TALK_NOTICE_SAY_PRIV_H
#define CREDBOT_TALK_NOTICE_SAY_PRIV_H

#include "bot/talk/notice_priv.h"
#include "bot/talk/turn_priv.h"
#include "credbot/store/alert.h"

/* What buttons carry (OPTION_NOTICE): "reminders-off", "all-off", "end-7" with the id of an
 * alert. */
#define NOTICE_PRESS_ALL "all"
#define NOTICE_PRESS_END "end-"
#define NOTICE_PRESS_ON "-on"
#define NOTICE_PRESS_OFF "-off"

/* What the message, or the button, asks for. */
void notice_read_turn(const struct turn *t, struct notice_said *out);
/* Her settings; false: they cannot be read now. */
bool notice_of_turn(struct turn *t, struct notices *out);
bool notice_all_off(const bool on[NOTICE_KINDS]);

struct notice_searches {
	struct turn *turn;
	struct {
		int64_t id;
		struct str label;
	} v[ALERTS_MAX];
	size_t n;
};

/* Oldest first: their places are their numbers. */
void notice_find_searches(struct turn *t, struct notice_searches *out);

#endif
