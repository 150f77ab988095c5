/*
 * quiet.c - whether it is a time at which a person does not want to be disturbed.
 */
#include <stdio.h>

#include "credbot/base/log.h"
#include "credbot/ops/quiet.h"

/* The entry of the profile. */
#define ENTRY "timezone"

struct wanted {
	const struct quiet_rules *rules;
	int64_t now_ms;
	struct zone *zone; /* NULL: she has not said it */
};

static void
on_entry(void *arg, const struct profile_row *row)
{
	struct wanted *w = arg;

	if (str_is(row->key, ENTRY))
		(void)zone_load_said(&w->zone, w->rules->zone_dir, row->value,
		    w->now_ms);
}

/* NULL: there is none; said once, since it is a matter of the installation. */
static struct zone *
usual_zone(const struct quiet_rules *rules)
{
	static bool said;
	struct zone *z;
	struct err err;

	if (zone_load(&z, rules->zone_dir, str_of(rules->zone), &err) != RC_OK &&
	    !said) {
		log_warn("quiet: %s; quiet hours are taken in UTC", err.text);
		said = true;
	}
	return z;
}

enum rc
quiet_now(struct store *st, int64_t peer, const struct notices *n,
    const struct quiet_rules *rules, int64_t now_ms, bool *quiet)
{
	struct wanted w = { rules, now_ms, NULL };
	enum rc rc = profile_each(st, peer, on_entry, &w);

	if (rc == RC_OK && w.zone == NULL)
		w.zone = usual_zone(rules);
	if (rc == RC_OK && w.zone != NULL)
		*quiet = notice_is_quiet(n, zone_minute(w.zone, now_ms));
	else if (rc == RC_OK)
		*quiet = notice_is_quiet(n, (int)(now_ms / 60000 % NOTICE_DAY_MINUTES));
	zone_free(w.zone);
	return rc;
}
