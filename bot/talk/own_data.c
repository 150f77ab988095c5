/*
 * own_data.c - what an intent may do about that which is kept of the student.
 */
#include "bot/talk/turn_priv.h"
#include "credbot/store/subject.h"

int
turn_keep_days(const struct turn *t)
{
	return (int)config_int(t->e->config, "privacy.keep_days");
}

int
turn_raw_hours(const struct turn *t)
{
	return (int)config_int(t->e->config, "privacy.raw_hours");
}

bool
turn_is_shared(const struct turn *t)
{
	return t->in->shared;
}

enum rc
turn_export(struct turn *t, struct str *out)
{
	struct buf b = { 0 };
	struct subject s;
	enum rc rc = RC_NOTFOUND;

	if (t->e->store != NULL)
		rc = subject_of(t->e->store, t->in->peer, &s);
	if (rc == RC_OK)
		rc = subject_export(t->e->store, &s, t->in->now_ms,
		    MESSAGE_DOCUMENT_MAX, &b);
	if (rc == RC_OK)
		*out = arena_str(t->arena, buf_str(&b));
	buf_fini(&b);
	return rc;
}

void
turn_erase(struct turn *t)
{
	t->out->erase = true;
}

/* --- consent */

/* Of the text that asks: the operator counts it up when the meaning changes. */
static struct str
version(struct turn *t)
{
	return reply_text(t, "consent.version");
}

enum consent
turn_consent(struct turn *t)
{
	struct subject s;
	bool given = false;
	int64_t at_ms = 0;
	enum rc rc = RC_NOTFOUND;

	if (t->out->consent != TURN_CONSENT_NONE)
		return t->out->consent == TURN_CONSENT_GIVEN ? CONSENT_GIVEN
		                                             : CONSENT_WITHDRAWN;
	if (t->e->store != NULL)
		rc = subject_of(t->e->store, t->in->peer, &s);
	if (rc == RC_OK)
		rc = consent_get(t->e->store, &s, version(t), &given, &at_ms);
	if (rc != RC_OK)
		return CONSENT_UNASKED;
	turn_bind_date(t, "date", at_ms);
	return given ? CONSENT_GIVEN : CONSENT_WITHDRAWN;
}

void
turn_set_consent(struct turn *t, bool given)
{
	struct turn_out *out = t->out;

	out->consent = given ? TURN_CONSENT_GIVEN : TURN_CONSENT_WITHDRAWN;
	out->consent_version = version(t);
	turn_bind_date(t, "date", t->in->now_ms);
}

bool
turn_may_keep(struct turn *t, const char *then)
{
	if (turn_consent(t) == CONSENT_GIVEN)
		return true;
	t->then = str_of(then);
	(void)turn_ask(t, "consent.ask", "consent-given", "consent-refused");
	return false;
}

bool
turn_take_consent(struct turn *t, enum turn_end *end)
{
	if (t->conv.then.len == 0)
		return false;
	*end = turn_run(t, arena_cstr(t->arena, t->conv.then));
	return true;
}
