/*
 * locale.h - the wording: every sentence of the bot that is no article, by its name.
 *
 * data/locale/LANG.yaml gives for each name a text, or a list of variants that take turns.
 * Texts are Markdown with {variables}. Which names there are and which variables each may
 * use stands in messages.c; a file that lacks one, or has one too many, is refused.
 */
#ifndef CREDBOT_TALK_LOCALE_H
#define CREDBOT_TALK_LOCALE_H

#include <stddef.h>
#include <stdint.h>

#include "credbot/base/faults.h"
#include "credbot/base/str.h"

struct locale;

struct locale *locale_load(const char *dir, const char *lang, struct faults *faults);
void locale_free(struct locale *lo); /* NULL is fine */

/* The text of name; turn picks among variants, so that neighbouring turns differ. name must
 * be in the table: our mistake otherwise. */
struct str locale_text(const struct locale *lo, const char *name, int64_t turn);

#endif
