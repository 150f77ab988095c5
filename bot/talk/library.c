/*
 * library.c - everything that the bot has learnt, loaded together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/talk/notice_priv.h"
#include "bot/talk/profile_priv.h"
#include "bot/talk/which_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/talk/library.h"

static void
keep_stand_ins(struct library *lib)
{
	lib->n_stand_ins = lessons_stand_ins(lib->lessons);
	lib->stand_ins = xcalloc(lib->n_stand_ins + 1, sizeof(*lib->stand_ins));
	for (size_t i = 0; i < lib->n_stand_ins; i++) {
		const struct stand_in *s = lessons_stand_in(lib->lessons, i);

		lib->stand_ins[i].intent = xstrdup(s->intent);
		lib->stand_ins[i].by = xstrdup(s->by);
	}
}

struct library *
library_load(const char *dir, const char *lang, const char *const builtin[],
    int64_t now_ms, struct faults *faults)
{
	struct library *lib = xcalloc(1, sizeof(*lib));
	size_t before = faults->n;
	struct know_files *files = know_files_read(dir, lang, faults);

	lib->dir = xstrdup(dir);
	(void)snprintf(lib->lang, sizeof(lib->lang), "%s", lang);
	lib->locale = locale_load(dir, lang, faults);
	lib->vocab = vocab_load(dir, lang, faults);
	lib->profile = profile_words_load(dir, lang, faults);
	lib->which = which_words_load(dir, lang, faults);
	lib->notices = notice_words_load(dir, lang, faults);
	if (files != NULL) {
		lib->kb = kb_build(files, now_ms, faults);
		lib->lessons = lessons_build(files, builtin, faults);
		know_files_free(files);
	}
	if (lib->kb == NULL || lib->lessons == NULL || lib->locale == NULL ||
	    lib->vocab == NULL || lib->profile == NULL || lib->which == NULL ||
	    lib->notices == NULL || faults->n > before) {
		library_free(lib);
		return NULL;
	}
	memcpy(lib->hash, lessons_hash(lib->lessons), sizeof(lib->hash));
	keep_stand_ins(lib);
	return lib;
}

/* The pairs point to texts that are ours here. */
static void
free_text(const char *text)
{
	union {
		const char *kept;
		char *owned;
	} u = { .kept = text };

	free(u.owned);
}

void
library_free(struct library *lib)
{
	if (lib == NULL)
		return;
	for (size_t i = 0; i < lib->n_stand_ins; i++) {
		free_text(lib->stand_ins[i].intent);
		free_text(lib->stand_ins[i].by);
	}
	free(lib->stand_ins);
	nlu_close(lib->nlu);
	locale_free(lib->locale);
	vocab_free(lib->vocab);
	profile_words_free(lib->profile);
	which_words_free(lib->which);
	notice_words_free(lib->notices);
	lessons_free(lib->lessons);
	kb_free(lib->kb);
	free(lib->dir);
	free(lib);
}

enum rc
library_open_model(struct library *lib, const char *const paths[])
{
	for (size_t i = 0; paths[i] != NULL; i++) {
		struct nlu *n;
		struct err err;
		enum rc rc = nlu_open(&n, paths[i], &err);

		if (rc == RC_OK && strcmp(nlu_sources(n), lib->hash) == 0) {
			nlu_close(lib->nlu);
			lib->nlu = n;
			return RC_OK;
		}
		if (rc == RC_OK)
			nlu_close(n);
		else if (rc != RC_NOTFOUND) /* as little use as one of other lessons */
			log_debug("library: %s", err.text);
	}
	return RC_NOTFOUND;
}

enum rc
library_train(const struct library *lib, const char *path, bool (*cancelled)(void *arg),
    void *arg, struct err *err)
{
	return lessons_train(lib->lessons, path, cancelled, arg, err);
}

void
library_forget_lessons(struct library *lib)
{
	lessons_free(lib->lessons);
	lib->lessons = NULL;
}

const char *
library_stand_in(const struct library *lib, const char *intent)
{
	for (size_t i = 0; i < lib->n_stand_ins; i++)
		if (strcmp(lib->stand_ins[i].intent, intent) == 0)
			return lib->stand_ins[i].by;
	return NULL;
}
