/*
 * programs.h - what an intent may do with the catalog: search it in a conversation, speak of
 * what was listed, compare.
 *
 * A search is a wish, perhaps with words, that lives with the conversation. Each message may
 * change it; what was said before stays. The programs listed last are in view: they are
 * spoken of by place ("the second"), name, or as "it".
 */
#ifndef CREDBOT_TALK_PROGRAMS_H
#define CREDBOT_TALK_PROGRAMS_H

#include "credbot/talk/turn.h"

/* Programs that one message can be about: more cannot be compared at a glance. */
#define PROGRAMS_MAX 4

/* Whether there is a catalog to search. */
bool turn_has_catalog(const struct turn *t);
/* Says how many programs there are. */
enum turn_end turn_say_catalog(struct turn *t);
/* Buttons for the fields that most programs are of. */
void turn_offer_fields(struct turn *t);

/* --- the search */

/* A new one, of what the message says, and of the profile where the message says nothing;
 * false: it says nothing that can be searched for, and what stood before still stands. */
bool turn_seek(struct turn *t);
/* The same for somebody who looks something up: its words count, not what they stand for. */
bool turn_look_up(struct turn *t);
/* Changes the one that stands by what the message, or the button, says; false: it changes
 * nothing. Without one that stands it is turn_seek(). */
bool turn_seek_on(struct turn *t);
/* Takes the last change back, if that is what the bot spoke of last; false: it is not. */
bool turn_seek_back(struct turn *t);
bool turn_is_seeking(const struct turn *t);
/* Whether the message says by itself what to search for. */
bool turn_names_subject(const struct turn *t);
/* Whether the search that stands had nothing to list. */
bool turn_found_nothing(const struct turn *t);

/* Runs it, says its first programs with their reasons, what was made of the words, and what
 * could be given up if nothing fits; asks at most one question. */
enum turn_end turn_list(struct turn *t);
/* The next programs of the same search; none twice. */
enum turn_end turn_list_more(struct turn *t);
/* The question that turn_list() asked is left; asks another, if one is worth it. */
enum turn_end turn_skip_wish(struct turn *t);

/* --- programs */

struct program_refs {
	const char *id[PROGRAMS_MAX];
	size_t n;
	bool beyond; /* a place was named that the list has not */
};

/* Those that the message, or the button, is about: by place, by "it", by name; else none. */
void turn_which(struct turn *t, struct program_refs *out);
/* The same, and if it is about none, turn_in_view(); false: there is still none, and why was
 * said. */
bool turn_refer(struct turn *t, struct program_refs *out);
/* The one spoken of last; if there is none, those of the list. */
void turn_in_view(struct turn *t, struct program_refs *out);
void turn_in_list(struct turn *t, struct program_refs *out);
/* Whether it means several of them on purpose: "both", "1 and 3"; and all there are. */
bool turn_names_several(const struct turn *t);
bool turn_means_all(const struct turn *t);
/* Once, as long as there is room. */
void turn_add_ref(struct program_refs *refs, const char *id);
/* Asks which of the list is meant. */
enum turn_end turn_say_which(struct turn *t, const char *message);

/* All that the catalog states, or what the message asks for; says what it does not state. */
enum turn_end turn_say_program(struct turn *t, const char *id);
/* What it asks for, of several. */
enum turn_end turn_say_points(struct turn *t, const struct program_refs *which);
/* Whether the message asks for something of a program. */
bool turn_asks_point(const struct turn *t);
/* Which wishes it meets, misses, and says nothing about. */
enum turn_end turn_say_reasons(struct turn *t, const char *id);
/* Side by side, on the same points. */
enum turn_end turn_compare(struct turn *t, const struct program_refs *which);
/* A new search: programs of its fields, which keep to what was wished. */
enum turn_end turn_list_similar(struct turn *t, const char *id);

/* --- her list of saved programs; not where others read along, and only if turn_keeps() */

enum list_result {
	LIST_DONE,
	LIST_BEFORE, /* it was on the list, or off it */
	LIST_FULL,
	LIST_GONE, /* it is no longer in the catalog */
};
/* Binds {title}. */
enum list_result turn_save_program(struct turn *t, const char *id);
enum list_result turn_unsave_program(struct turn *t, const char *id);
/* All of them; LIST_BEFORE: there were none. */
enum list_result turn_unsave_all(struct turn *t);
/* Puts back what was taken off last, lately; binds {list}. LIST_BEFORE: nothing. */
enum list_result turn_restore_list(struct turn *t);
/* Says the list, which is in view then; false: it is empty, and nothing was said. */
bool turn_say_list(struct turn *t);
/* The list is in view, so that places mean places of it; how many are on it. */
size_t turn_view_list(struct turn *t);
/* The list as text for somebody else; "" for an empty one. */
struct str turn_list_text(struct turn *t);

/* --- her weeks, and the way to an award */

/* For an intent with a slot of hours (SLOT_HOURS) named "hours": before its question, what is
 * to be planned: the programs that the message, or the button, is about, the one in view, else
 * all of her list. False: there is none, or it is not clear which, and that was said. */
bool turn_plan_of_programs(struct turn *t);
/* All of her list. */
bool turn_plan_of_list(struct turn *t);
/* Says whether they fit into her weeks, and what would fit instead; gives her the plan as a
 * calendar file. */
enum turn_end turn_say_plan(struct turn *t);

/* Whether the catalog states a way to the program: that it has parts, or what counts
 * towards it. */
bool turn_has_path(struct turn *t, const char *id);
/* Says the ways to it; if none is stated, that none is, and what may be asked about. */
enum turn_end turn_say_path(struct turn *t, const char *id);

/* --- searches that go on by themselves */

enum alert_result {
	ALERT_DONE,
	ALERT_BEFORE, /* she has one of that search */
	ALERT_FULL,   /* ALERTS_MAX */
	ALERT_NONE,   /* there is no search */
};
/* Keeps the search that stands as one to be told about; binds {wish}. */
enum alert_result turn_keep_alert(struct turn *t);
/* Binds {wish}, the search that stands; false: none does. */
bool turn_bind_search(struct turn *t);

#endif
