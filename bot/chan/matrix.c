/*
 * matrix.c - the Matrix channel: how it begins and ends.
 *
 * Before we know our own name nothing is read or said (matrix_session.c); what was kept is
 * there before the first request.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/log.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_LAST_MS 60000

static struct matrix *
matrix_of(struct channel *ch)
{
	return (struct matrix *)ch;
}

int64_t
matrix_backoff_ms(int tries)
{
	int64_t ms = BACKOFF_FIRST_MS;

	while (tries-- > 0 && ms < BACKOFF_LAST_MS)
		ms *= 2;
	if (ms > BACKOFF_LAST_MS)
		ms = BACKOFF_LAST_MS;
	/* Bots that a restart of the server sent away do not all come back at once. */
	return ms + (int64_t)chance_below(chance_system(), (uint32_t)(ms / 5 + 1));
}

void
matrix_off(struct matrix *m, const char *why)
{
	if (!m->off)
		log_error("matrix: the channel is off until the next start: %s", why);
	m->off = true;
}

/* --- how it begins */

static void
on_kept(void *arg, struct str key, struct str value)
{
	struct matrix *m = arg;

	if (str_is(key, "since"))
		sync_load(m->sync, value);
	else if (!session_load(m, key, value) && !room_load(m, key, value) &&
		 !ignored_load(m, key, value))
		(void)errands_load(m->errands, key, value);
}

static const char *
option(const struct config *cf, const char *name)
{
	const char *s = config_str(cf, name);

	return s[0] == '\0' ? NULL : s;
}

static void
set_up(struct matrix *m, const struct config *cf)
{
	m->config = cf;
	m->gate.per_minute = (int)config_int(cf, "matrix.answers_per_minute");
	m->ch.unsent_ms = config_int(cf, "matrix.unsent_after") * 1000;
	m->rooms = map_new();
	m->ignored = map_new();
	m->sending = map_new();
	m->errands = errands_new(m);
	m->sync = sync_new(m);
	m->taps = taps_new(m);
}

static enum rc
take_secrets(struct matrix *m, const struct config *cf, struct err *err)
{
	struct buf secret = { 0 };
	enum rc rc = matrix_token(cf, &secret, err);

	if (rc == RC_OK)
		m->session.token = xstrdup(buf_cstr(&secret));
	m->session.kept = rc == RC_NOTFOUND;
	if (secret.data != NULL)
		sodium_memzero(secret.data, secret.len);
	buf_fini(&secret);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
start(struct channel *ch, const struct config *cf, struct err *err)
{
	struct http_options options = { .proxy = option(cf, "http.proxy"),
		.ca_file = option(cf, "http.ca_file") };
	struct matrix *m = matrix_of(ch);
	enum rc rc = matrix_is_set(cf, err);

	assert(m->http == NULL);
	if (rc == RC_OK && sodium_init() < 0) {
		err_set(err, "libsodium cannot start: there is no source of chance");
		rc = RC_IO;
	}
	if (rc == RC_OK)
		rc = take_secrets(m, cf, err);
	if (rc == RC_OK)
		rc = http_new(&m->http, ch->loop, &options, err);
	if (rc != RC_OK)
		return rc == RC_NOTFOUND ? RC_OK : rc;
	set_up(m, cf);
	rc = flow_kept(ch->flow, ch->ops->name, on_kept, m);
	if (rc != RC_OK) {
		err_set(err, "the database cannot be read: %s", rc_name(rc));
		return rc;
	}
	session_begin(m);
	return RC_OK;
}

/* --- how it ends */

static void
drain(struct channel *ch)
{
	struct matrix *m = matrix_of(ch);

	m->draining = true;
	if (m->http == NULL)
		return;
	sync_stop(m->sync);
	errands_stop(m->errands);
}

static void
stop(struct channel *ch)
{
	struct matrix *m = matrix_of(ch);

	if (m->http == NULL)
		return;
	m->draining = true;
	if (m->sync != NULL) {
		sync_stop(m->sync);
		errands_stop(m->errands);
	}
	if (m->taps != NULL)
		taps_stop(m->taps);
	session_end(m);
	http_free(m->http);
	m->http = NULL;
	matrix_forget_calls(m);
	matrix_end_jobs(m);
}

static bool
crowded(const struct channel *ch)
{
	return gate_is_narrow(&((const struct matrix *)ch)->gate);
}

/* --- what it can be asked */

/* A room that we do not know is nobody's alone. */
static bool
is_shared(struct channel *ch, struct str account)
{
	struct matrix *m = matrix_of(ch);
	struct arena *a = arena_new();
	struct account of;
	const struct room *r = NULL;
	bool shared;

	if (m->rooms != NULL && account_read(account, a, &of))
		r = room_get(m, of.room, false);
	shared = r == NULL || !room_is_direct(r);
	arena_free(a);
	return shared;
}

static const char *
own_name(struct channel *ch)
{
	return matrix_of(ch)->session.user;
}

/* A poll that nothing would ever wake again is a mistake of ours, which a restart mends. */
static bool
alive(struct channel *ch)
{
	const struct matrix *m = matrix_of(ch);

	return m->http == NULL || sync_is_alive(m->sync);
}

static const struct channel_ops ops = {
	.name = "matrix",
	.start = start,
	.send = matrix_send_message,
	.crowded = crowded,
	.alive = alive,
	.drain = drain,
	.stop = stop,
	.is_shared = is_shared,
	.own_name = own_name,
};

struct channel *
matrix_new(const struct matrix_words *words)
{
	struct matrix *m = xcalloc(1, sizeof(*m));

	m->ch.ops = &ops;
	m->words = words;
	return &m->ch;
}

static void
free_secret(char *s)
{
	if (s != NULL)
		sodium_memzero(s, strlen(s));
	free(s);
}

/* flow is gone, and with it whoever would call back. */
void
matrix_free(struct channel *ch)
{
	struct matrix *m = ch == NULL ? NULL : matrix_of(ch);

	if (m == NULL)
		return;
	sync_free(m->sync);
	taps_free(m->taps);
	errands_free(m->errands);
	if (m->rooms != NULL)
		rooms_free(m);
	map_free(m->ignored);
	map_free(m->sending);
	runs_free(m->runs);
	inviters_free(m);
	free_secret(m->session.token);
	free_secret(m->session.refresh);
	free_secret(m->session.pending);
	free(m->session.homeserver);
	free(m->session.user);
	free(m->session.device);
	free(m->filter);
	free(m->filter_hash);
	free(m);
}
