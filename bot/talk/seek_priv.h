/*
 * seek_priv.h - a search for programs as part of a conversation: what its files share.
 *
 * seek.c reads and changes the search; seek_page.c says what it found, seek_ways.c what could
 * be given up, seek_question.c asks; seek_which.c finds the programs that a message speaks of;
 * points.c says what the catalog states of one, and compare.c of several.
 */
#ifndef CREDBOT_TALK_SEEK_PRIV_H
#define CREDBOT_TALK_SEEK_PRIV_H

#include "bot/talk/turn_priv.h"
#include "bot/talk/which_priv.h"
#include "credbot/catalog/search.h"
#include "credbot/talk/programs.h"

/* Programs in one message: three are read, five are skipped. */
#define SEEK_PAGE 3

/* --- seek.c */

/* The search that stands. */
void seek_wish(const struct turn *t, struct wish *out);
/* The currency that she thinks in, as far as she said it; "". */
const char *seek_currency(const struct turn *t);
/* Its query, with what was shown left out. */
void seek_query(struct turn *t, const struct wish *w, struct catalog_query *out);
/* Programs were spoken of in this turn. */
void seek_touch(struct turn *t);
/* These are in view now. */
void seek_view(struct turn *t, const char *const ids[], size_t n);
/* How many turns ago programs were spoken of; -1: never. */
int seek_age(const struct turn *t);

/* What a button does to the search: "+ITEM" adds an item of wish_text.h in the place of what
 * its slot held, "-PART" gives a part up, "*" all but the subject; "=FACET" says that it is of
 * no matter. */
bool seek_press(struct turn *t, struct str target, struct wish *w);

/* Whether the message says anything that can be searched for, in a slot of that kind. */
bool seek_understands(struct turn *t, enum slot_kind kind);
/* Whether some program has all words that the message is about: "CDL class A", which is no
 * sentence that anybody could learn. */
bool seek_finds(struct turn *t);
/* "no idea", "anything". */
bool seek_shrugs(const struct turn *t);

/* A new search from a program: its fields, and words of its title; what was wished stays. */
void seek_similar(struct turn *t, const struct catalog_hit *h);

/* Leaves what it is about, and what is ruled out. */
void seek_subject(struct wish *w);
/* Takes a part back; for what is no part of a wish, nothing. */
void seek_give_up(struct wish *w, enum catalog_part part);
/* That part of the wish alone, what is ruled out or what is wanted. */
void seek_only(const struct wish *w, enum catalog_part part, bool avoid,
    struct wish *out);
/* A wish in words: Markdown in the arena. */
struct str seek_say(struct turn *t, const struct wish *w);
/* The same, with the words that are searched for. */
struct str seek_say_all(struct turn *t, const struct wish *w);

/* --- seek_page.c */
/* Buttons for the programs in view: typing their number does the same. */
void seek_offer_page(struct turn *t);

/* --- seek_ways.c: when nothing fits */
void seek_say_ways(struct turn *t, const struct wish *w,
    const struct catalog_answer *r);

/* --- seek_question.c */
/* Bits of the facets that may still be asked for. */
unsigned seek_askable(const struct turn *t);
void seek_ask(struct turn *t, const struct catalog_answer *r);

/* --- seek_which.c */
/* What policy.c does not see: which of our intents the message means while programs are in
 * view; NULL: none, what it was likened to stands. */
const char *seek_claims(struct turn *t);

/* --- points.c */

struct program_view {
	struct catalog_hit hit;
	struct program program;
	bool whole; /* program was read */
};

/* RC_NOTFOUND: it is no longer in the catalog. whole: from the disk, all that is stated. */
enum rc program_view(struct turn *t, const char *id, bool whole,
    struct program_view *out);
/* Its value as Markdown; "" unknown. */
struct str point_value(struct turn *t, const struct program_view *v, enum point p);
/* "price", as in "not stated: price". */
struct str point_name(struct turn *t, enum point p);
/* The line below a title: "online · 6 weeks · 120 EUR". */
struct str program_facts_line(struct turn *t, const struct catalog_hit *h);
/* "**Title** (Provider)" */
struct str program_title(struct turn *t, const struct catalog_hit *h);

/* --- turn_list.c */

/* The ids of her list, in its order, at most max of them; how many it has is returned. */
size_t list_ids(struct turn *t, const char *ids[], size_t max);

/* --- turn_plan.c */

/* Hours a week that she said she has; NUMBER_UNKNOWN. */
double plan_hours(struct turn *t);

#endif
