/*
 * matrix_signal.c - what students see beside the messages: how far we have read ("Receipts"),
 * and that we are writing ("Typing Notifications").
 *
 * Nothing is lost if nobody hears of it: failures are passed over, and while the server wants
 * to be left alone nothing of this is sent.
 */
#include <stdlib.h>

#include "bot/chan/matrix_priv.h"

/* The server forgets it by then, if we should die meanwhile. */
#define TYPING_MS 30000
#define TYPING_AGAIN_MS 25000

static void
on_told(void *arg, const struct matrix_reply *r)
{
	(void)arg;
	(void)r;
}

static bool
may_tell(const struct matrix *m)
{
	return session_ready(m) &&
	       m->gate.closed_until_ms <= clock_mono_ms(loop_clock(m->ch.loop));
}

/* --- how far we have read */

static void
tell(struct matrix *m, struct room *r)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "POST" };
	struct buf path = { 0 }, body = { 0 };

	buf_adds(&path, CLIENT_API "/rooms/");
	buf_add_path(&path, str_of(r->id));
	buf_adds(&path, "/receipt/m.read/");
	buf_add_path(&path, str_of(r->read));
	buf_adds(&body, "{\"thread_id\":");
	buf_add_json(&body,
	    r->read_thread[0] == '\0' ? STR("main") : str_of(r->read_thread));
	buf_adds(&body, "}");
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	(void)matrix_send(m, &rq, on_told, NULL);
	buf_fini(&path);
	buf_fini(&body);
}

void
news_confirm(struct matrix *m)
{
	struct str key;
	void *value;
	size_t pos = 0;

	while (map_next(m->rooms, &pos, &key, &value)) {
		struct room *r = value;

		if (r->read == NULL)
			continue;
		if (r->joined && may_tell(m))
			tell(m, r);
		free(r->read);
		free(r->read_thread);
		r->read = r->read_thread = NULL;
	}
}

/* --- that we are writing */

static void
set_typing(const struct typing *t, bool on)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "PUT" };
	struct buf path = { 0 }, body = { 0 };

	if (!may_tell(t->matrix))
		return;
	buf_adds(&path, CLIENT_API "/rooms/");
	buf_add_path(&path, str_of(t->room));
	buf_adds(&path, "/typing/");
	buf_add_path(&path, str_of(t->matrix->session.user));
	if (on)
		buf_printf(&body, "{\"typing\":true,\"timeout\":%d}", TYPING_MS);
	else
		buf_adds(&body, "{\"typing\":false}");
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	(void)matrix_send(t->matrix, &rq, on_told, NULL);
	buf_fini(&path);
	buf_fini(&body);
}

static void
on_again(void *arg)
{
	struct typing *t = arg;

	set_typing(t, true);
	t->again = loop_after(t->matrix->ch.loop, TYPING_AGAIN_MS, on_again, t);
}

void
typing_begin(struct typing *t)
{
	if (t->again == NULL && may_tell(t->matrix))
		on_again(t);
}

void
typing_end(struct typing *t)
{
	if (t->again == NULL)
		return;
	typing_forget(t);
	set_typing(t, false);
}

void
typing_forget(struct typing *t)
{
	loop_cancel(t->again);
	t->again = NULL;
}
