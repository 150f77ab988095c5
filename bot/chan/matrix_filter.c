/*
 * matrix_filter.c - what /sync shall tell: "Filtering" of the specification, once for each
 * filter; its id is kept.
 */
#include <stdlib.h>

#include "bot/chan/matrix_session_priv.h"

#define TIMELINE_EVENTS 50

static void
write_filter(struct buf *b)
{
	buf_printf(b,
	    "{\"presence\":{\"not_types\":[\"*\"]},"
	    "\"account_data\":{\"types\":[\"m.ignored_user_list\"]},"
	    "\"room\":{\"ephemeral\":{\"not_types\":[\"*\"]},"
	    "\"account_data\":{\"not_types\":[\"*\"]},"
	    "\"state\":{\"lazy_load_members\":true,\"types\":[\"m.room.encryption\","
	    "\"m.room.member\",\"m.room.tombstone\",\"m.room.create\"]},"
	    "\"timeline\":{\"lazy_load_members\":true,\"limit\":%d,\"types\":[%s]}}}",
	    TIMELINE_EVENTS, matrix_timeline_types);
}

static void
on_filter(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;
	struct str id = json_str(r->value, "filter_id");
	struct buf b = { 0 };

	if (r->result != MATRIX_OK || id.len == 0) {
		session_again(m, "set the filter", r);
		return;
	}
	session_set_text(&m->filter, id);
	buf_printf(&b, "%s %s", m->filter_hash, m->filter);
	session_keep(m, KEY_FILTER, buf_str(&b), session_on_step_kept);
	buf_fini(&b);
}

/* Where we stand in the stream stays as it is: a filter is no reason to begin anew. */
void
session_set_filter(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "POST" };
	struct buf path = { 0 }, body = { 0 };

	write_filter(&body);
	buf_adds(&path, CLIENT_API "/user/");
	buf_add_path(&path, str_of(m->session.user));
	buf_adds(&path, "/filter");
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	(void)matrix_send(m, &rq, on_filter, m);
	buf_fini(&path);
	buf_fini(&body);
}

void
session_lose_filter(struct matrix *m)
{
	free(m->filter);
	m->filter = NULL;
}

void
session_hash_filter(struct matrix *m)
{
	char hash[MATRIX_TXN_SIZE];
	struct buf b = { 0 };

	write_filter(&b);
	txn_of_text(buf_str(&b), hash);
	session_set_text(&m->filter_hash, str_of(hash));
	buf_fini(&b);
}

void
session_load_filter(struct matrix *m, struct str value)
{
	struct str rest = value, hash = str_cut(&rest, ' ');

	if (rest.len > 0 && str_is(hash, m->filter_hash))
		session_set_text(&m->filter, rest);
}
