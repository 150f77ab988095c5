/*
 * words.c - what channels say by themselves, from the wording of the bot.
 */
#include <stdlib.h>

#include "bot/cmd/words.h"
#include "credbot/base/alloc.h"

/* In the order of the menu. What a command says is understood like anything typed. */
static const struct {
	const char *name, *message, *says;
	bool in_groups;
} commands[] = {
	{ "help", "command.help", "help", true },
	{ "topics", "command.topics", "show all topics", true },
	{ "privacy", "command.privacy", "what do you store about me?", true },
	{ "export", "command.export", "export my data", false },
	{ "delete", "command.delete", "delete my data", false },
	{ "feedback", "command.feedback", "I want to give feedback", false },
	{ "restart", "command.restart", "start over", false },
};

struct words {
	struct telegram_command commands[ARRAY_LEN(commands)];
	struct telegram_words telegram;
	struct matrix_words matrix;
};

static char *
copy(const struct library *lib, const char *message)
{
	struct str s = locale_text(lib->locale, message, 0);

	return xstrndup(s.p, s.len);
}

struct words *
words_new(const struct library *lib)
{
	struct words *w = xcalloc(1, sizeof(*w));

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		w->commands[i] = (struct telegram_command){ commands[i].name,
			copy(lib, commands[i].message), commands[i].says,
			commands[i].in_groups };
	w->telegram = (struct telegram_words){ w->commands, ARRAY_LEN(commands),
		copy(lib, "button.stale") };
	w->matrix = (struct matrix_words){ copy(lib, "matrix.encrypted"),
		copy(lib, "matrix.refused"), copy(lib, "matrix.no_file") };
	return w;
}

void
words_free(struct words *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		free((char *)(uintptr_t)w->commands[i].help);
	free((char *)(uintptr_t)w->telegram.stale);
	free((char *)(uintptr_t)w->matrix.encrypted);
	free((char *)(uintptr_t)w->matrix.refused);
	free((char *)(uintptr_t)w->matrix.no_file);
	free(w);
}

const struct telegram_words *
words_telegram(const struct words *w)
{
	return &w->telegram;
}

const struct matrix_words *
words_matrix(const struct words *w)
{
	return &w->matrix;
}
