/*
 * turn_alert.c - a search that goes on by itself: kept as it stands.
 */
#include "bot/talk/seek_priv.h"
#include "credbot/store/alert.h"

bool
turn_bind_search(struct turn *t)
{
	struct wish w;

	if (!turn_is_seeking(t))
		return false;
	seek_wish(t, &w);
	turn_bind_markdown(t, "wish", seek_say_all(t, &w));
	return true;
}

enum alert_result
turn_keep_alert(struct turn *t)
{
	struct alert_row row = { .peer = t->in->peer,
		.wish = t->conv.seek.wish,
		.words = t->conv.seek.words,
		.created_ms = t->in->now_ms };
	struct wish w;
	int64_t id;
	enum rc rc;

	if (!turn_bind_search(t))
		return ALERT_NONE;
	seek_wish(t, &w);
	row.label = seek_say_all(t, &w);
	/* What she sees now is not new; what is imported while she writes is. */
	row.revision = catalog_index_from(t->e->index);
	rc = alert_put(t->in->store, &row, &id);
	if (rc == RC_EXISTS)
		return ALERT_BEFORE;
	if (rc == RC_INVALID)
		return ALERT_FULL;
	return turn_stored(t, rc) ? ALERT_DONE : ALERT_NONE;
}
