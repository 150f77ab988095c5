/*
 * wish_say.h - a wish in plain words again, so that a student sees what was understood.
 *
 * "data analytics, online, at most 400 USD, taught in Spanish; not in the United Kingdom".
 * Reading that text gives the same wish: what the bot repeats can be typed back.
 *
 * The words are messages of the locale (wish.*): this layer gets them by a callback.
 */
#ifndef CREDBOT_CATALOG_WISH_SAY_H
#define CREDBOT_CATALOG_WISH_SAY_H

#include "credbot/base/buf.h"
#include "credbot/catalog/vocab.h"

/* The text of message name, with {variables}. */
typedef struct str wish_text_fn(void *arg, const char *name);

/* Appends the wish; nothing for an empty one. */
void wish_say(const struct vocab *v, const struct wish *w, wish_text_fn *text,
    void *arg, struct buf *out);

/* Appends what is different in after: "now: in Spanish; no longer: Germany". Nothing when
 * both are the same. */
void wish_say_changes(const struct vocab *v, const struct wish *before,
    const struct wish *after, wish_text_fn *text, void *arg, struct buf *out);

#endif
