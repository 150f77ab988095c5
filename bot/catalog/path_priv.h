/*
 * path_priv.h - one search for routes: the programs that it has met, and sets of them.
 *
 *	path_graph.c   programs and what they state of each other, read when they are met
 *	path_search.c  ways to a program: sets of what must be done for it
 *	path_rank.c    which of two sets is better
 *	path_route.c   a set as a route: in order, with its sums
 */
#ifndef CREDBOT_CATALOG_PATH_PRIV_H
#define CREDBOT_CATALOG_PATH_PRIV_H

#include "credbot/base/map.h"
#include "credbot/catalog/path.h"

#define PATH_SET_WORDS (PATH_PROGRAMS_MAX / 64)

struct path_nodes {
	uint16_t *at;
	size_t n;
};

struct path_node {
	const char *id;
	const char *of;          /* who named it first; "": she has it */
	const struct program *p; /* NULL: not in the catalog */
	bool held, ended;
	bool open; /* its ways are being searched: it is met again in a cycle */
	struct path_nodes parts; /* as the catalog lists them */
	struct path_nodes requires;
	struct path_nodes towards; /* by id; those that are parts are not here */
	struct study_load load;
	const char *currency;
	int64_t price; /* MONEY_UNKNOWN */
	double about;  /* of it in the currency of the search; below 0: unknown */
	const struct path_ways
	    *ways; /* NULL: not searched, or only as part of a cycle */
};

/* Programs that must be studied, and awards that are handed out when they are there. */
struct path_set {
	uint64_t study[PATH_SET_WORDS];
	uint64_t award[PATH_SET_WORDS];
};

/* What is compared: see path.h. */
struct path_rank {
	size_t days_unknown, cost_unknown, n;
	double days, cost, hours;
};

struct path_way {
	struct path_set set;
	struct path_rank rank;
};

/* The best ways to one program, best first, no two of them equal. */
struct path_ways {
	struct path_way at[PATH_KEPT];
	size_t n;
};

struct path_search {
	const struct path_index *x;
	path_lookup_fn *lookup;
	void *arg;
	struct arena *a;
	const struct path_query *q;
	struct path_answer *out;
	struct err *err;
	enum rc rc; /* of the lookup */
	struct map *by_id;
	struct path_node *node; /* PATH_PROGRAMS_MAX */
	size_t n_nodes;
	size_t work;
};

/* --- path_graph.c */

/* The node of id, read if it was not met before; -1: no room, or the lookup failed. */
int path_meet(struct path_search *s, struct str id, const char *of);
bool path_nodes_has(const struct path_nodes *v, size_t node);
/* Fills parts, requires and towards of a node; once. */
void path_expand(struct path_search *s, size_t at);
/* What she holds, and what that consists of. */
void path_hold(struct path_search *s);
void path_trouble(struct path_search *s, enum path_trouble kind, const char *id,
    const char *of);
/* Who says that it counts towards id, in the order of the catalog. */
struct names path_index_of(const struct path_index *x, struct str id);

/* --- path_rank.c */

bool path_set_has(const uint64_t *bits, size_t node);
void path_set_add(uint64_t *bits, size_t node);
bool path_set_equal(const struct path_set *a, const struct path_set *b);
/* False: a program is studied in one and handed out in the other. */
bool path_set_join(const struct path_set *a, const struct path_set *b,
    struct path_set *out);
void path_ways_add(const struct path_search *s, struct path_ways *v,
    const struct path_set *set);

/* --- path_search.c */

/* The system that p states its credits in, ECTS before others; NULL: none with a name. */
const char *path_credit_system(const struct program *p);
/* Its parts have more credits than it has: they cannot all be wanted. For a node that was
 * expanded. */
bool path_parts_exceed(const struct path_search *s, const struct path_node *n);
/* No ways: ended, a cycle, or a limit. clean stays true unless what was found depends on
 * where the search came from. */
void path_ways_to(struct path_search *s, size_t at, size_t depth, bool *clean,
    struct path_ways *out);

/* --- path_route.c */

/* RC_NOTFOUND: there is no order that they could be done in. */
enum rc path_route_make(struct path_search *s, size_t target,
    const struct path_set *set, struct path_route *out);

#endif
