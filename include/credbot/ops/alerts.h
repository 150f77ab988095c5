/*
 * alerts.h - tells people of new programs that fit a saved search (store/alert.h).
 *
 * When the catalog has changed, every alert is looked at once, in slices between which the loop
 * does its other work; and again every quarter of an hour, for those who could not be told yet.
 * A person is told once a week at most, of all her searches together, outside her quiet hours,
 * in the chat in which she asked for it, and only of programs that came since. The line and the
 * mark that she was told are one transaction (flow_say()).
 *
 * Nobody is told anything when she has switched it off (store/notice.h), when the chat was left
 * or others read along, and while the catalog has clearly fewer programs than before: a source
 * that failed half-way makes programs vanish and come back. Loop thread only.
 */
#ifndef CREDBOT_OPS_ALERTS_H
#define CREDBOT_OPS_ALERTS_H

#include "credbot/flow/flow.h"
#include "credbot/flow/news.h"
#include "credbot/io/loop.h"
#include "credbot/ops/quiet.h"

/* Between two lines to one person. */
#define ALERTS_EVERY_MS (INT64_C(7) * 24 * 3600 * 1000)
/* Between two looks at those who could not be told. */
#define ALERTS_CHECK_MS (15 * 60 * 1000)
/* So long a catalog with clearly fewer programs is taken for a broken one. */
#define ALERTS_LOW_MS (INT64_C(7) * 24 * 3600 * 1000)

struct alerts_hooks {
	/*
	 * The programs that came after revision since of the catalog and fit: fills in total,
	 * first and n_first of out, with texts in a. Takes some milliseconds at most. RC_INVALID:
	 * it can never be read; others: not now, the search is left as it is.
	 */
	enum rc (*search)(void *arg, struct str wish, struct str words, int64_t since,
	    int64_t now_ms, struct arena *a, struct news *out);
	/* What is said of news (n of them, none without programs): Markdown, and the button
	 * below it, by which a person stops this. Texts in a. */
	void (*word)(void *arg, const struct news *v, size_t n, struct arena *a,
	    struct str *text, struct str *button);
	void *arg;
};

struct alerts;

/* Borrows all but hooks and rules, whose texts it borrows. Nothing is looked at yet. */
struct alerts *alerts_new(struct loop *l, struct flow *f, struct store *st,
    const struct alerts_hooks *hooks, const struct quiet_rules *rules);
/* Before f goes. NULL is fine. */
void alerts_free(struct alerts *al);

struct alerts_catalog {
	int64_t revision;
	/* The revision that the oldest of its programs came with. For alerts from before, it is
	 * another catalog altogether: they count from now on, since else all of it were new. */
	int64_t oldest;
	size_t programs; /* that can be found */
};

/* What hooks.search looks in is another catalog from now on. Also at the start, when it is
 * there. Begins to look, soon and from the first alert on. Copies c. */
void alerts_catalog_changed(struct alerts *al, const struct alerts_catalog *c);

#endif
