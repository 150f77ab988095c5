/*
 * plan_priv.h - a week plan, said: what turn_plan.c and plan_say.c share.
 */
#ifndef CREDBOT_TALK_PLAN_PRIV_H
#define CREDBOT_TALK_PLAN_PRIV_H

#include "bot/talk/turn_priv.h"
#include "credbot/catalog/semester.h"

struct plan {
	struct semester_query q;
	struct semester_plan asked; /* each as soon as it begins */
	struct semester_plan fits;  /* what would fit instead, unless easy */
	bool easy;                  /* what was asked for fits */
	bool all;                   /* fits has a place for each */
	bool cut;                   /* there were more than can be planned */
};

/* plan_say.c: all of it. */
void plan_say(struct turn *t, const struct plan *p);
/* The plan to go by: what was asked for if it is easy, else what would fit. */
const struct semester_plan *plan_best(const struct plan *p);
/* The same places as what was asked for: there is nothing to tell of it. */
bool plan_changes_nothing(const struct plan *p);
/* Its title in the language of the conversation, else in its own. */
const char *plan_title(const struct turn *t, const struct program *p);

#endif
