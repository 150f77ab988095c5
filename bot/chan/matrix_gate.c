/*
 * matrix_gate.c - how often we may write, in all rooms together.
 *
 * The limit is the server's secret, and is counted for the account ("Rate limiting"): Synapse
 * allows 10 at once and then one in 5 s unless it is told otherwise. We begin without a limit.
 * A 429 names when the next message is due; from the last one that was taken until then is the
 * time of one message, at the first time by a guess. We halve it after each minute without
 * another 429. As long as nobody knows whether there is a limit, one message is under way at a
 * time: else all that are would be refused together.
 */
#include "bot/chan/matrix_priv.h"

#define UNSAID_MS 1000
/* A server that wants a day is asked again after an hour. */
#define CLOSED_MAX_MS ((int64_t)3600 * 1000)
#define REFILL_MAX_MS 10000
#define REFILL_MIN_MS 50
#define EASE_MS 60000
#define GUESS_FROM_MS 1000
#define GUESS_MS 5200
/* Faster than that, two answers are better than one long one. */
#define NARROW_MS 2000
/* Asked on the dot a server says 429 again. */
#define AFTER_MS 50
/* What Synapse allows by default, and a half more. */
static const struct bucket_rate usual_rate = { 15, 5000 };
/* How soon to look again whether the one that asks has its answer, and when it is given up
 * waiting for: rooms depend on each other no longer than that. */
#define LOOK_MS 20
#define ASKING_MAX_MS 1000
/* Of a server that is down, all rooms together ask so often. */
#define FAILING_MS 1000

static void
ease(struct matrix_gate *g, int64_t now_ms)
{
	while (g->refill_ms > 0 && now_ms - g->eased_ms >= EASE_MS) {
		g->eased_ms += EASE_MS;
		g->refill_ms /= 2;
		if (g->refill_ms < REFILL_MIN_MS)
			g->refill_ms = 0;
	}
}

/* Our own limit, whatever the server allows: a fifth of it at once, the rest evenly, so that
 * no minute holds more. */
static bool
is_within_own(struct matrix_gate *g, int64_t now_ms)
{
	int burst = g->per_minute / 5;

	return g->per_minute == 0 ||
	       bucket_take(&g->own,
		   (struct bucket_rate){ burst, 60000 / (g->per_minute - burst) },
		   now_ms);
}

static bool
is_asking(const struct matrix_gate *g, int64_t now_ms)
{
	return !g->wide && g->refill_ms == 0 && g->asking_ms > 0 &&
	       now_ms - g->asking_ms < ASKING_MAX_MS;
}

int64_t
gate_pass(struct matrix_gate *g, int64_t now_ms)
{
	if (g->closed_until_ms > now_ms)
		return g->closed_until_ms - now_ms;
	if (is_asking(g, now_ms))
		return LOOK_MS;
	if (!is_within_own(g, now_ms))
		return 60000 / g->per_minute;
	ease(g, now_ms);
	if (g->failing)
		g->closed_until_ms = now_ms + FAILING_MS;
	if (g->refill_ms > 0 &&
	    !bucket_take(&g->bucket, (struct bucket_rate){ 1, g->refill_ms }, now_ms))
		return g->refill_ms;
	g->asking_ms = now_ms;
	return 0;
}

bool
gate_is_narrow(const struct matrix_gate *g)
{
	return g->refill_ms >= NARROW_MS;
}

int64_t
gate_close(struct matrix_gate *g, int64_t now_ms, int64_t wait_ms)
{
	int64_t ms = wait_ms < 0 ? UNSAID_MS : wait_ms, period;

	if (ms > CLOSED_MAX_MS)
		ms = CLOSED_MAX_MS;
	ms += AFTER_MS;
	g->closed_until_ms = now_ms + ms;
	period = g->taken_ms > 0 ? now_ms - g->taken_ms + ms : ms;
	/* At first many were taken at once, which tells little; and a server that names whole
	 * seconds is likely one that allows what Synapse does. */
	if (g->refill_ms == 0)
		period += period / 2;
	if (g->refill_ms == 0 && ms >= GUESS_FROM_MS && period < GUESS_MS)
		period = GUESS_MS;
	/* Those that were under way at the same time say nothing new. */
	if (period < g->refill_ms)
		period = g->refill_ms;
	g->refill_ms = period < REFILL_MAX_MS ? (int)period : REFILL_MAX_MS;
	g->eased_ms = now_ms;
	g->wide = false;
	return ms;
}

void
gate_taken(struct matrix_gate *g, int64_t now_ms)
{
	g->taken_ms = now_ms;
	if (g->refill_ms == 0 && !bucket_take(&g->usual, usual_rate, now_ms))
		g->wide = true;
}

void
gate_tell(struct matrix_gate *g, int64_t now_ms, bool reached)
{
	if (!reached && g->closed_until_ms < now_ms + FAILING_MS)
		g->closed_until_ms = now_ms + FAILING_MS;
	if (reached && g->failing && g->closed_until_ms <= now_ms + FAILING_MS)
		g->closed_until_ms = now_ms;
	g->failing = !reached;
	g->asking_ms = 0;
}
