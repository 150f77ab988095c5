/*
 * library.h - everything that the bot has learnt in one language, loaded together: articles,
 * wording, the words for wishes, and the model that was trained on exactly these phrases.
 */
#ifndef CREDBOT_TALK_LIBRARY_H
#define CREDBOT_TALK_LIBRARY_H

#include "credbot/base/faults.h"
#include "credbot/catalog/vocab.h"
#include "credbot/know/kb.h"
#include "credbot/know/lessons.h"
#include "credbot/nlu/nlu.h"
#include "credbot/talk/locale.h"

struct profile_words; /* how students say what is in their profile */
struct which_words;   /* how they speak of programs that were listed */
struct notice_words;  /* and of what is sent to them unasked */

struct library {
	char *dir;
	char lang[16];
	struct kb *kb;
	struct lessons *lessons; /* NULL once library_forget_lessons() was called */
	struct locale *locale;
	struct vocab *vocab;
	struct profile_words *profile;
	struct which_words *which;
	struct notice_words *notices;
	struct nlu *nlu; /* NULL until library_open_model() */
	char hash[LESSONS_HASH_MAX];
	struct stand_in *stand_ins;
	size_t n_stand_ins;
};

/* NULL after faults; see kb_build() for now_ms. The model is not opened yet. */
struct library *library_load(const char *dir, const char *lang,
    const char *const builtin[], int64_t now_ms, struct faults *faults);
void library_free(struct library *lib); /* NULL is fine */

/*
 * Opens the model that fits: the first of paths (ends with NULL) whose hash is the
 * library's. RC_NOTFOUND: none does, one must be trained (library_train()).
 */
enum rc library_open_model(struct library *lib, const char *const paths[]);

/* Trains a model on the lessons into path. For a helper thread: takes seconds. cancelled is
 * asked between steps (NULL: never); RC_AGAIN then. */
enum rc library_train(const struct library *lib, const char *path,
    bool (*cancelled)(void *arg), void *arg, struct err *err);

/* Frees what only training needs. */
void library_forget_lessons(struct library *lib);

/* The topic, or the intent, that answers an intent without a handler; NULL: none. */
const char *library_stand_in(const struct library *lib, const char *intent);

#endif
