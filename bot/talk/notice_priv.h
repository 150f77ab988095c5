/*
 * notice_priv.h - how students say what the bot may send on its own, and when.
 *
 * The words come from data/vocab/LANG/notices.yaml. What is read is what a message asks for;
 * what becomes of it is for turn_notices.c.
 */
#ifndef CREDBOT_TALK_NOTICE_PRIV_H
#define CREDBOT_TALK_NOTICE_PRIV_H

#include <stdbool.h>

#include "bot/talk/phrases_priv.h"
#include "credbot/store/notice.h"

enum notice_list {
	NOTICE_OFF,
	NOTICE_ON,
	NOTICE_SEND,
	NOTICE_KEEP,
	NOTICE_NOT,
	NOTICE_ONLY,
	NOTICE_ALONE,
	NOTICE_EXCEPT,
	NOTICE_BUT,
	NOTICE_BACK,
	NOTICE_MESSAGES,
	NOTICE_EVERYTHING,
	NOTICE_NOTHING,
	NOTICE_REST,
	NOTICE_NEVER,
	NOTICE_QUIET,
	NOTICE_NIGHT,
	NOTICE_ANY_TIME,
	NOTICE_ELSEWHERE,
	NOTICE_OFTEN,
	NOTICE_PAUSE,
	NOTICE_WEEKENDS,
	NOTICE_END,
	NOTICE_SEARCH,
	NOTICE_SEARCHES,
	NOTICE_ALERT,
	NOTICE_ASKING,
	/* Those above are looked for at each word; the others where something calls for them. */
	NOTICE_ITEMS,
	NOTICE_ASKING_FIRST = NOTICE_ITEMS,
	NOTICE_FILLER,
	NOTICE_AFTER_ON,
	NOTICE_AFTER_OFF,
	NOTICE_JOINT,
	NOTICE_ABOUT,
	NOTICE_ABOUT_ME,
	NOTICE_BEFORE,
	NOTICE_AFTER,
	NOTICE_TO,
	NOTICE_FROM,
	NOTICE_MORNINGS,
	NOTICE_EVENINGS,
	NOTICE_CLOCK,
	NOTICE_MIDNIGHT,
	NOTICE_NOON,
	NOTICE_LENGTHS,
	NOTICE_LISTS,
};

struct notice_words {
	struct arena *arena;
	struct phrase_list kinds[NOTICE_KINDS];
	struct phrase_list lists[NOTICE_LISTS];
};

/* NULL after faults. */
struct notice_words *notice_words_load(const char *dir, const char *lang,
    struct faults *faults);
void notice_words_free(struct notice_words *w); /* NULL is fine */

/* --- what a message asks for */

enum notice_switch { SWITCH_UNSAID, SWITCH_OFF, SWITCH_ON };

/* What is asked for and cannot be. */
enum notice_cannot {
	CANNOT_ELSEWHERE = 1 << 0, /* e-mail, SMS */
	CANNOT_OFTEN = 1 << 1,     /* daily, monthly */
	CANNOT_PAUSE = 1 << 2,     /* for two weeks */
	CANNOT_WEEKENDS = 1 << 3,  /* other hours on other days */
	CANNOT_NEVER = 1 << 4,     /* what is never sent: tips */
	CANNOT_SAY_WHEN = 1 << 5,  /* quiet hours, but not which */
};

struct notice_said {
	enum notice_switch kinds[NOTICE_KINDS];
	/* All of them, before what kinds says of one. Back: as they were. */
	enum notice_all { ALL_UNSAID, ALL_OFF, ALL_ON, ALL_BACK } all;
	enum notice_switch rest; /* those that kinds says nothing of */
	/* Minutes after midnight: quiet hours, or one end of them; -1: unsaid. Both equal: none. */
	int quiet_from, quiet_to;
	bool night; /* at night: as usual, if there are none now */
	unsigned cannot;
	enum notice_end { END_UNSAID, END_SEARCH, END_SEARCHES } end;
};

void notice_read(const struct notice_words *w, struct str text,
    struct notice_said *out);
/* Whether it asks for some kinds or for none, for other times, for anything at all, be it what
 * cannot be. */
bool notice_says_kinds(const struct notice_said *s);
bool notice_says_quiet(const struct notice_said *s);
bool notice_says(const struct notice_said *s);

/* --- notice_time.c: times of day */

/* Whether the time is one for messages or one without; it tells "10 to 8" apart. */
enum notice_use { TIME_QUIET, TIME_ALLOWED };

struct notice_span {
	int from, to; /* minutes after midnight; -1: this end is not said */
};

/*
 * The quiet hours that are said at word i, before end: "from 10pm to 8", "22-8", "before 9", "after 10 in
 * the evening". What is said of times that are allowed is turned round. bare: two numbers alone are
 * times ("10 to 8"). How many words; 0: none.
 */
size_t notice_time_at(const struct notice_words *w, const struct said_words *t,
    size_t i, size_t end, enum notice_use use, bool bare, struct notice_span *out);

#endif
