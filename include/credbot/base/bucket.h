/*
 * bucket.h - a token bucket: how often something may happen.
 *
 * Holds burst tokens when full and gains one every refill_ms. Monotonic time is given by
 * the caller, so that tests own it.
 */
#ifndef CREDBOT_BASE_BUCKET_H
#define CREDBOT_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	int64_t full_at_ms; /* when it would be full again if nothing were taken */
};

struct bucket_rate {
	int burst;
	int refill_ms;
};

/* Whether nothing is missing. */
bool bucket_is_full(const struct bucket *b, int64_t mono_ms);

/* Takes one token; false if there is none. A zeroed bucket is full. */
bool bucket_take(struct bucket *b, struct bucket_rate rate, int64_t mono_ms);

#endif
