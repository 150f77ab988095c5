/*
 * words.h - what channels say by themselves, from the wording of the bot.
 */
#ifndef CREDBOT_CMD_WORDS_H
#define CREDBOT_CMD_WORDS_H

#include "credbot/chan/matrix.h"
#include "credbot/chan/telegram.h"
#include "credbot/talk/library.h"

struct words;

/* Copied: a reload changes nothing of it. */
struct words *words_new(const struct library *lib);
void words_free(struct words *w); /* NULL is fine */

const struct telegram_words *words_telegram(const struct words *w);
const struct matrix_words *words_matrix(const struct words *w);

#endif
