/*
 * quiet.h - whether it is a time at which a person does not want to be disturbed.
 */
#ifndef CREDBOT_OPS_QUIET_H
#define CREDBOT_OPS_QUIET_H

#include "credbot/base/zone.h"
#include "credbot/store/notice.h"

struct quiet_rules {
	const char *zone_dir; /* ZONE_DIR */
	/* For who has not said where she is, or so that it cannot be read; "local": that of this
	 * machine. Where there is no such zone UTC holds. */
	const char *zone;
};

/*
 * Whether the quiet hours of n hold at now_ms, by the clock of the person that peer belongs to:
 * the time zone of her profile, in whatever words she said it. Loop thread.
 */
enum rc quiet_now(struct store *st, int64_t peer, const struct notices *n,
    const struct quiet_rules *rules, int64_t now_ms, bool *quiet);

#endif
