/*
 * matrix_run.c - two bots that answer each other go on for ever; people pause.
 *
 * Bots that say what they are are not listened to, and quick ones are stopped by flow's flood
 * limit, which tells them once and then is silent. This is for the others: after so many
 * messages without a pause an account is passed over until it pauses.
 */
#include <stdlib.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

#define RUN_MAX 500
#define PAUSE_MS ((int64_t)5 * 60 * 1000)
#define RUNS_MAX 4096

/* Forgets who pauses; if nobody does, half of them. */
static struct map *
prune(struct map *old, int64_t now_ms)
{
	struct map *kept = map_new();
	struct str key;
	void *value;
	size_t pos = 0;

	while (map_next(old, &pos, &key, &value)) {
		const struct matrix_run *run = value;

		if (now_ms - run->last_ms < PAUSE_MS && map_len(kept) < RUNS_MAX / 2)
			(void)map_put(kept, key, value);
		else
			free(value);
	}
	map_free(old);
	return kept;
}

bool
run_count(struct matrix_run *run, int64_t now_ms)
{
	if (now_ms - run->last_ms >= PAUSE_MS)
		run->n = 0;
	run->last_ms = now_ms;
	if (run->n <= RUN_MAX)
		run->n++;
	return run->n <= RUN_MAX;
}

bool
run_goes_on(struct matrix *m, struct str account)
{
	int64_t now = clock_mono_ms(loop_clock(m->ch.loop));
	struct matrix_run *run;
	bool was_read;

	if (m->runs == NULL)
		m->runs = map_new();
	run = map_get(m->runs, account);
	if (run == NULL) {
		if (map_len(m->runs) >= RUNS_MAX)
			m->runs = prune(m->runs, now);
		run = xcalloc(1, sizeof(*run));
		(void)map_put(m->runs, account, run);
	}
	was_read = run->n <= RUN_MAX;
	if (run_count(run, now))
		return true;
	if (was_read)
		log_warn("matrix: an account wrote %d messages and never paused, as "
			 "bots "
			 "do: it is passed over until it does",
		    RUN_MAX);
	return false;
}

void
runs_free(struct map *runs)
{
	struct str key;
	void *value;
	size_t pos = 0;

	if (runs == NULL)
		return;
	while (map_next(runs, &pos, &key, &value))
		free(value);
	map_free(runs);
}
