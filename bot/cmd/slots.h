/*
 * slots.h - a wish as the slots of credbot ask and eval (nlu/credbot/README.md).
 */
#ifndef CREDBOT_CMD_SLOTS_H
#define CREDBOT_CMD_SLOTS_H

#include "credbot/base/buf.h"
#include "credbot/base/json.h"
#include "credbot/catalog/wish.h"

/* Appends {"field": ..., "max_cost": {"amount", "currency"}, ...}: what is wanted; a list
 * where there are several. */
void slots_add_json(struct buf *b, const struct wish *w);

/* Pairs of slot and value: those that were wanted, those that were found, and those in
 * both. */
struct slots_score {
	size_t wanted, found, right;
};

/* Holds a wish against labelled slots, and adds. True if all is right. */
bool slots_score(const struct json *labels, const struct wish *w,
    struct slots_score *score);

#endif
