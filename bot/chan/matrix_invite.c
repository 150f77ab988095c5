/*
 * matrix_invite.c - which invitations are accepted.
 *
 * What an invitation says of its room is signed by nobody: it is a hint, and enough to refuse.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"

#define HOUR_MS 3600000
/* Who invites is remembered for the rate alone: forgotten all at once when they are many. */
#define INVITERS_MAX 1024

void
inviters_free(struct matrix *m)
{
	struct str key;
	void *value;
	size_t pos = 0;

	while (m->inviters != NULL && map_next(m->inviters, &pos, &key, &value))
		free(value);
	map_free(m->inviters);
	m->inviters = NULL;
}

/* One account, or what has taken it over, shall not fill all the rooms that we may have. */
static bool
is_within_rate(struct matrix *m, struct str inviter)
{
	int per_hour = (int)config_int(m->config, "matrix.invites_per_hour");
	struct bucket_rate rate = { per_hour, HOUR_MS / per_hour };
	struct bucket *b;

	if (m->inviters != NULL && map_len(m->inviters) >= INVITERS_MAX)
		inviters_free(m);
	if (m->inviters == NULL)
		m->inviters = map_new();
	b = map_get(m->inviters, inviter);
	if (b == NULL) {
		b = xcalloc(1, sizeof(*b));
		(void)map_put(m->inviters, inviter, b);
	}
	return bucket_take(b, rate, clock_mono_ms(loop_clock(m->ch.loop)));
}

static bool
matches_one(const struct config *cf, const char *option, struct str user)
{
	const char *glob;

	for (size_t i = 0; (glob = config_item(cf, option, i)) != NULL; i++)
		if (glob_matches(glob, user) || glob_matches(glob, server_of(user)))
			return true;
	return false;
}

bool
invite_is_wanted(struct matrix *m, struct str inviter, bool direct, bool space)
{
	const struct config *cf = m->config;

	if (space || !is_id(inviter, '@') || map_get(m->ignored, inviter) != NULL)
		return false;
	if (config_bool(cf, "matrix.dm_only") && !direct)
		return false;
	if (matches_one(cf, "matrix.deny", inviter) ||
	    (config_item(cf, "matrix.allow", 0) != NULL &&
		!matches_one(cf, "matrix.allow", inviter)))
		return false;
	if ((int64_t)(rooms_joined(m) + errands_joining(m->errands)) >=
	    config_int(cf, "matrix.max_rooms"))
		return false;
	return is_within_rate(m, inviter);
}
