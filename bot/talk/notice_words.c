/*
 * notice_words.c - how students say what the bot may send on its own: the vocabulary, read from
 * its file. How a message is held against it is in notice_read.c.
 */
#include <stdlib.h>

#include "bot/talk/notice_priv.h"
#include "credbot/base/alloc.h"

/* By enum notice_list. */
static const char *const list_names[NOTICE_LISTS] = {
	[NOTICE_OFF] = "off",
	[NOTICE_ON] = "on",
	[NOTICE_SEND] = "send",
	[NOTICE_KEEP] = "keep",
	[NOTICE_NOT] = "not",
	[NOTICE_AFTER_ON] = "after_on",
	[NOTICE_AFTER_OFF] = "after_off",
	[NOTICE_ONLY] = "only",
	[NOTICE_ALONE] = "alone",
	[NOTICE_EXCEPT] = "except",
	[NOTICE_BUT] = "but",
	[NOTICE_BACK] = "back",
	[NOTICE_MESSAGES] = "messages",
	[NOTICE_EVERYTHING] = "everything",
	[NOTICE_NOTHING] = "nothing",
	[NOTICE_REST] = "rest",
	[NOTICE_NEVER] = "never",
	[NOTICE_QUIET] = "quiet",
	[NOTICE_NIGHT] = "night",
	[NOTICE_ANY_TIME] = "any_time",
	[NOTICE_ELSEWHERE] = "elsewhere",
	[NOTICE_OFTEN] = "often",
	[NOTICE_PAUSE] = "pause",
	[NOTICE_WEEKENDS] = "weekends",
	[NOTICE_END] = "end",
	[NOTICE_SEARCH] = "search",
	[NOTICE_SEARCHES] = "searches",
	[NOTICE_ALERT] = "alert",
	[NOTICE_ASKING] = "asking",
	[NOTICE_ASKING_FIRST] = "asking_first",
	[NOTICE_FILLER] = "filler",
	[NOTICE_JOINT] = "joint",
	[NOTICE_ABOUT] = "about",
	[NOTICE_ABOUT_ME] = "about_me",
	[NOTICE_BEFORE] = "before",
	[NOTICE_AFTER] = "after",
	[NOTICE_TO] = "to",
	[NOTICE_FROM] = "from",
	[NOTICE_MORNINGS] = "mornings",
	[NOTICE_EVENINGS] = "evenings",
	[NOTICE_CLOCK] = "clock",
	[NOTICE_MIDNIGHT] = "midnight",
	[NOTICE_NOON] = "noon",
	[NOTICE_LENGTHS] = "lengths",
};

static void
read_kinds(struct phrases_from *f, const struct yaml *y, struct notice_words *w)
{
	const char *known[NOTICE_KINDS + 1] = { NULL };

	for (size_t i = 0; i < NOTICE_KINDS; i++)
		known[i] = notice_kind_name((enum notice_kind)i);
	if (y == NULL || y->kind != YAML_MAP) {
		faults_add(f->faults,
		    y == NULL ? (struct place){ f->path, 0, 0 } : y->at,
		    "expected a list of phrases for each kind of message");
		return;
	}
	yaml_check_keys(y, known, f->faults);
	for (size_t i = 0; i < NOTICE_KINDS; i++)
		phrases_read(f, yaml_get(y, known[i]), &w->kinds[i]);
}

static void
read_all(struct phrases_from *f, const struct yaml *y, struct notice_words *w)
{
	const char *known[NOTICE_LISTS + 2] = { "kinds" };

	for (size_t i = 0; i < NOTICE_LISTS; i++)
		known[i + 1] = list_names[i];
	yaml_check_keys(y, known, f->faults);
	read_kinds(f, yaml_get(y, "kinds"), w);
	for (size_t i = 0; i < NOTICE_LISTS; i++)
		phrases_read(f, yaml_get(y, list_names[i]), &w->lists[i]);
}

struct notice_words *
notice_words_load(const char *dir, const char *lang, struct faults *faults)
{
	struct notice_words *w = xcalloc(1, sizeof(*w));
	struct phrases_from f = { .faults = faults };
	size_t before = faults->n;
	const struct yaml *y;

	f.arena = w->arena = arena_new();
	f.path = arena_printf(w->arena, "%s/vocab/%s/notices.yaml", dir, lang);
	y = yaml_load(w->arena, f.path, faults);
	if (y != NULL)
		read_all(&f, y, w);
	if (faults->n > before) {
		notice_words_free(w);
		return NULL;
	}
	return w;
}

void
notice_words_free(struct notice_words *w)
{
	if (w == NULL)
		return;
	arena_free(w->arena);
	free(w);
}
