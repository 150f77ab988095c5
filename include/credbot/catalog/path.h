/*
 * path.h - routes to an award through programs that count towards it.
 *
 *	struct path_query q;
 *	struct path_answer r;
 *
 *	path_query_init(&q, STR("ie-example/dip-7"));
 *	q.held = ids;  q.n_held = n;        what she has already
 *	q.weekly_hours = 10;
 *	if (path_find(index, path_catalog, &where, arena, &q, &r, &err) == RC_OK)
 *		r.routes[0] ...
 *
 * A route is made of what records state and of nothing else:
 *
 *	"parts"     the award consists of these;
 *	"into"      a program counts towards the award (stacks into it, prepares for it);
 *	"requires"  a program that one must have before;
 *	credits     when programs that are part of an award, or count towards it, have more
 *	            credits than it has: as many of them as reach its credits. Which of these
 *	            are compulsory no record says (path_route.chosen).
 *
 * If the award states no parts and no credits, a program that counts towards it is a step
 * before it, and the award itself must be studied: how much of it is then left, only its
 * credits say (path_route.credits_left). An award with parts, or with credits that are
 * reached, is handed out when these are there (path_step.handed_out): its own hours and
 * price are not added to theirs.
 *
 * What is not known is counted, never guessed: sums are those of the programs that state
 * something, and beside each stands how many do not. A part that the catalog names but has
 * not is a step of which nothing is known. A program that has ceased is no step.
 *
 * The shortest route is the one of which the fewest lengths are unknown, then the one with the
 * fewest days; the cheapest likewise. Equal ones go by the other of these, then by hours, by
 * how many programs they have, and by id: the same question has the same answer. The search is exact as long as
 * there are no more than PATH_KEPT ways to each program; beyond that, and beyond the other
 * limits, it keeps the best and says so (path_answer.cut).
 *
 * Any thread, one at a time with the same arena. What an answer points to lives in it.
 */
#ifndef CREDBOT_CATALOG_PATH_H
#define CREDBOT_CATALOG_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/base/str.h"
#include "credbot/catalog/catalog.h"
#include "credbot/catalog/index.h"
#include "credbot/catalog/load.h"
#include "credbot/catalog/program.h"
#include "credbot/catalog/search.h"

#define PATH_ROUTES_MAX 3     /* that are offered */
#define PATH_PROGRAMS_MAX 512 /* that one search looks at */
#define PATH_DEPTH_MAX 12     /* programs on the way from one to what it leads to */
#define PATH_KEPT 16          /* ways to one program that are kept while searching */
#define PATH_CHOICE_MAX 12    /* programs of which some are chosen by their credits */
#define PATH_WORK_MAX 20000   /* steps of the search */
#define PATH_PROBLEMS_MAX 16
#define PATH_HELD_MAX 64 /* of her programs; the rest is left out, cut says so */

/* --- what counts towards what */

/* The other side of "into": for each id, which programs state that they count towards it.
 * Only read once it is made; for all threads. */
struct path_index;

struct path_index *path_index_new(void);
void path_index_add(struct path_index *x, const struct program *p);
void path_index_free(struct path_index *x); /* NULL is fine */

/* Of the whole catalog. Reads it once, for a helper thread or a command. Errors as of
 * catalog_each(); *out is NULL then. */
enum rc path_index_load(struct path_index **out, const struct catalog_place *where,
    struct err *err);

/* Whether any program states that it counts towards id. */
bool path_index_leads_to(const struct path_index *x, struct str id);

/* Programs that state something of the kind. */
size_t path_index_links(const struct path_index *x);

/* --- routes */

enum path_order { PATH_SHORTEST, PATH_CHEAPEST };

struct path_query {
	struct str target;
	const struct str
	    *held; /* ids of what she has; those of no program do no harm */
	size_t n_held;
	enum path_order order;
	int32_t today; /* days since 1970; DAY_UNKNOWN: path_step.closed stays false */
	double
	    weekly_hours; /* hers; NUMBER_UNKNOWN: no limit to what goes side by side */
	size_t at_once;   /* programs at the same time, 1 to LOAD_AT_ONCE_MAX */
	double hours_per_ects; /* see study_load(); NUMBER_UNKNOWN */
	/* For costs in several currencies: NULL, and they are not compared. */
	const struct catalog_tables *tables;
	const char *currency; /* of path_route.cost_about; "" is EUR */
};

/* Nothing held, shortest first, LOAD_AT_ONCE_MAX at once, no hours and no tables. */
void path_query_init(struct path_query *q, struct str target);

/* Why a program is in a route: what the catalog states of it. */
enum path_why {
	PATH_TARGET,
	PATH_PART,     /* the award says that it consists of it */
	PATH_TOWARDS,  /* it says itself that it counts towards the award */
	PATH_REQUIRED, /* one must have it before */
	PATH_WHYS
};

/* "target", "part", "towards", "required". */
const char *path_why_name(enum path_why why);

struct path_step {
	const char *id;
	const struct program *program; /* NULL: named by the catalog, but not in it */
	enum path_why why;
	const char
	    *of; /* the id that it is a part of, counts towards, is required by */
	bool
	    handed_out; /* when the steps before it are done; nothing more is studied */
	bool closed;    /* the last day that it states for entering is past */
	struct study_load load; /* known only if it is studied */
	bool price_known;
	int64_t price; /* minor units of currency, "" when free */
	const char *currency;
	double start_day; /* side by side, from the beginning; NUMBER_UNKNOWN */
};

struct path_cost {
	const char *currency;
	int64_t minor;
};

struct path_route {
	struct path_step
	    *steps; /* in an order that they can be done in; the target last */
	size_t n;
	size_t studied;       /* of them; the others are handed out */
	struct names counted; /* of what she has: what this route builds on */

	/* One after the other. Each is the sum of what is known, and how many are not. */
	double min_days, days;
	size_t days_unknown;
	double hours;
	size_t hours_unknown;
	struct path_cost *cost; /* by currency, sorted; what is free has none */
	size_t n_cost;
	size_t cost_unknown;
	int64_t cost_about; /* all in one currency at the rates of the tables;
	                     * MONEY_UNKNOWN: a cost or a rate is unknown */

	/* At most at_once at a time, and no more than weekly_hours; NUMBER_UNKNOWN unless
	 * all lengths are known. */
	double days_side_by_side;
	bool too_heavy; /* a single program takes more hours a week than she has */

	/* In the system that the target states its credits in; "" if it does not. */
	const char *credit_system;
	double credits;      /* of what counts towards it, hers included; known ones */
	double credits_of;   /* of the target; NUMBER_UNKNOWN */
	double credits_left; /* what is missing to that, 0 and more; NUMBER_UNKNOWN */
	size_t credits_unknown;
	bool chosen;   /* some programs were chosen by their credits */
	bool in_parts; /* the target is handed out */
};

enum path_trouble {
	PATH_NOT_THERE, /* the catalog names it and has it not */
	PATH_ENDED,     /* it has ceased: no way leads through it */
	PATH_CYCLE,     /* it counts towards, or requires, itself by a detour */
	PATH_HELD_ODD,  /* she has it, and the catalog does not know it */
	PATH_TROUBLES
};

/* "not there", "ended", "cycle", "held unknown". */
const char *path_trouble_name(enum path_trouble t);

struct path_problem {
	enum path_trouble kind;
	const char *id;
	const char *of; /* who names it; "" */
};

struct path_answer {
	const struct program *target; /* NULL: the catalog has it not */
	bool held;                    /* she has it already */
	struct path_route routes[PATH_ROUTES_MAX];
	size_t n;
	size_t found; /* of which those are the best */
	bool cut;     /* a limit was reached: there may be others */
	struct path_problem problems[PATH_PROBLEMS_MAX];
	size_t n_problems;
};

/* Finds a record; RC_NOTFOUND: there is none. The path search asks for each id once. */
typedef enum rc path_lookup_fn(void *arg, struct arena *a, struct str id,
    struct program *out, struct err *err);

/* The lookup in the catalog; arg is a const struct catalog_place. */
enum rc path_catalog(void *arg, struct arena *a, struct str id, struct program *out,
    struct err *err);

/*
 * The best routes to q->target. RC_NOTFOUND: the catalog states none, or has not got the
 * target (out->target is NULL), or she has it already (out->held); out->problems say what
 * stood in the way. Errors of the lookup are passed on; then out holds nothing.
 */
enum rc path_find(const struct path_index *x, path_lookup_fn *lookup, void *arg,
    struct arena *a, const struct path_query *q, struct path_answer *out,
    struct err *err);

/* --- where no route is stated */

/*
 * What may lead there, for when path_find() found nothing: programs of the field of the
 * target that say that they stack, one for each level above the highest that she has in that
 * field, up to that of the target. THE CATALOG DOES NOT STATE THAT THEY LEAD THERE: whoever
 * shows them says so, and that the provider of the target must be asked.
 */
#define PATH_CANDIDATES_MAX 8

struct path_candidates {
	struct catalog_hit
	    at[PATH_CANDIDATES_MAX]; /* by level, each higher than the last */
	size_t n;
	const char *fields; /* of the target, as catalog_hit.fields */
	int above, eqf;     /* levels: hers, EQF_UNKNOWN for none; the target's */
};

/* Uses target, held, today and currency of q. RC_NOTFOUND: there are none, or the target is
 * not in the index or states no level or no field. What it points to lives as a
 * catalog_answer does. */
enum rc path_find_candidates(const struct catalog_index *x, struct arena *a,
    const struct path_query *q, struct path_candidates *out);

#endif
