/*
 * bucket.c - a token bucket, kept as the one moment when it would be full again.
 */
#include "credbot/base/bucket.h"

bool
bucket_is_full(const struct bucket *b, int64_t mono_ms)
{
	return b->full_at_ms <= mono_ms;
}

bool
bucket_take(struct bucket *b, struct bucket_rate rate, int64_t mono_ms)
{
	int64_t full = b->full_at_ms > mono_ms ? b->full_at_ms : mono_ms;
	int64_t missing = full - mono_ms;

	if (missing + rate.refill_ms > (int64_t)rate.burst * rate.refill_ms)
		return false;
	b->full_at_ms = full + rate.refill_ms;
	return true;
}
