/*
 * telegram_send.c - one message of the outbox as calls, each when its chat may be written to:
 * its text, a chunk after the other, and its files. A text that is short enough stands below
 * the first file.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/telegram_priv.h"
#include "bot/chan/telegram_text.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/base/utf8.h"

/* A chat that is closed for longer is remembered by flow, on disk. */
#define HELD_MAX_MS 60000
/* Telegram counts whole seconds; asked on the dot it says 429 again. */
#define AFTER_MS 500

struct job {
	struct telegram *telegram;
	struct job *next, **at;
	const struct outmsg *m; /* lives until done */
	struct address to;
	struct arena *arena; /* NULL: the chunks are not made; 16 KB while it waits */
	struct telegram_chunk *chunks;
	size_t n_chunks;
	bool captioned; /* the only chunk stands below the first file */
	size_t n, i;    /* calls: chunks, then files */
	bool edits;     /* an answer of before is changed, instead of a new one */
	bool bare;      /* without entities: they were refused */
	bool unsure;    /* a chunk may not have arrived */
	bool left;      /* at the end: a call may have been seen by Telegram */
	struct timer *wait;
	struct api_call *call;
	char id[TELEGRAM_ID_MAX]; /* of the last chunk */
	send_done_fn *done;
	void *arg;
};

/* Of a message whose first chunks were sent, when the rest must wait. */
struct progress {
	struct progress *next;
	int64_t peer, seq;
	size_t i;
};

static void step(struct job *j);

static void
job_free(struct job *j)
{
	*j->at = j->next;
	if (j->next != NULL)
		j->next->at = j->at;
	loop_cancel(j->wait);
	arena_free(j->arena);
	free(j);
}

/* --- what was sent of it before */

static size_t
take_progress(struct telegram *t, const struct outmsg *m)
{
	for (struct progress **at = &t->progress; *at != NULL; at = &(*at)->next)
		if ((*at)->peer == m->peer && (*at)->seq == m->seq) {
			struct progress *p = *at;
			size_t i = p->i;

			*at = p->next;
			free(p);
			return i;
		}
	return 0;
}

static void
keep_progress(const struct job *j)
{
	struct progress *p;

	if (j->i == 0)
		return;
	p = xcalloc(1, sizeof(*p));
	*p = (struct progress){ j->telegram->progress, j->m->peer, j->m->seq, j->i };
	j->telegram->progress = p;
}

/* --- its end */

static void
end(struct job *j, enum rc rc, int64_t wait_ms)
{
	struct send_result r = { .rc = rc, .wait_ms = wait_ms };
	send_done_fn *done = j->done;
	void *arg = j->arg;
	char id[TELEGRAM_ID_MAX];

	if (rc == RC_AGAIN)
		keep_progress(j);
	memcpy(id, j->id, sizeof(id));
	r.id = str_of(id);
	job_free(j);
	done(arg, &r);
}

static void
on_wait(void *arg)
{
	struct job *j = arg;

	j->wait = NULL;
	step(j);
}

static void
make_chunks(struct job *j)
{
	size_t files = j->m->n_documents;

	j->arena = arena_new();
	j->n_chunks = telegram_text(j->arena, j->m->text, NULL, &j->chunks);
	j->captioned = files > 0 && j->n_chunks == 1 &&
	               utf8_units16(j->chunks[0].text) <= TELEGRAM_CAPTION_MAX;
	j->n = j->n_chunks + files - j->captioned;
}

/* Which file the call at hand is about; SIZE_MAX: none, but a chunk. */
static size_t
file_at(const struct job *j)
{
	size_t texts = j->n_chunks - j->captioned;

	return j->i < texts ? SIZE_MAX : j->i - texts;
}

static void
drop_chunks(struct job *j)
{
	arena_free(j->arena);
	j->arena = NULL;
}

static void
wait_for(struct job *j, int64_t ms)
{
	drop_chunks(j);
	j->wait = loop_after(j->telegram->ch.loop, ms, on_wait, j);
}

static void
next_chunk(struct job *j)
{
	j->bare = false;
	j->i++;
	if (j->i < j->n)
		step(j);
	else
		end(j, j->unsure ? RC_IO : RC_OK, 0);
}

static void
arrived(struct job *j, const struct json *message)
{
	struct str file = json_str(json_at(message, "document"), "file_id");
	size_t i = file_at(j);

	(void)snprintf(j->id, sizeof(j->id), "%lld",
	    (long long)json_int(message, "message_id", 0));
	/* Should the rest fail: all of it is sent again, this one by its name. */
	if (i != SIZE_MAX && j->i + 1 < j->n && file.len > 0)
		flow_uploaded(j->telegram->ch.flow, j->m, i, file, NULL, NULL);
	next_chunk(j);
}

static void
told_to_wait(struct job *j, int64_t ms)
{
	int64_t now = clock_mono_ms(loop_clock(j->telegram->ch.loop));

	ms = (ms > 0 ? ms : 1000) + AFTER_MS;
	gates_close(j->telegram->gates, j->to.chat, now, now + ms);
	if (ms <= HELD_MAX_MS + AFTER_MS)
		wait_for(j, ms);
	else
		end(j, RC_AGAIN, ms);
}

/* "message is not modified", "message to edit not found", "message can't be edited". */
static void
edit_refused(struct job *j, const struct api_reply *r)
{
	j->edits = false;
	if (strstr(r->description, "not modified") != NULL)
		end(j, RC_OK, 0);
	else
		step(j);
}

/* "Forbidden: bot was blocked by the user", "... user is deactivated", "... bot was kicked from
 * the group chat"; "Bad Request: chat not found", of one that was deleted. */
static bool
means_gone(const struct api_reply *r)
{
	return r->code == 403 ||
	       (r->code == 400 && strstr(r->description, "chat not found") != NULL);
}

static void
gone(struct job *j, const struct api_reply *r)
{
	struct channel *ch = &j->telegram->ch;
	char accounts[TELEGRAM_ACCOUNT_MAX];

	log_info("telegram: cannot be reached any more peer=%lld code=%d: %s",
	    (long long)j->m->peer, r->code, r->description);
	account_of_chat(j->to.chat, j->to.group, accounts);
	flow_reach(ch->flow, ch->ops->name, str_of(accounts), r->description, NULL,
	    NULL);
	end(j, RC_INVALID, 0);
}

static void
refused(struct job *j, const struct api_reply *r)
{
	if (j->edits && r->code == 400) {
		edit_refused(j, r);
	} else if (r->code == 429) {
		told_to_wait(j, r->retry_after_ms);
	} else if (r->migrate_to != 0 && r->migrate_to != j->to.chat) {
		telegram_moved(j->telegram, j->to.chat, r->migrate_to);
		j->to.chat = r->migrate_to;
		step(j);
	} else if (r->code == 400 && !j->bare &&
		   strstr(r->description, "entit") != NULL) {
		log_warn("telegram: entities refused seq=%lld: %s",
		    (long long)j->m->seq, r->description);
		j->bare = true;
		step(j);
	} else if (r->code == 401 || r->code == 404 || r->code >= 500) {
		end(j, RC_AGAIN, r->retry_after_ms);
	} else if (means_gone(r)) {
		gone(j, r);
	} else {
		log_info("telegram: refused peer=%lld code=%d: %s",
		    (long long)j->m->peer, r->code, r->description);
		end(j, RC_INVALID, 0);
	}
}

static void
on_reply(void *arg, const struct api_reply *r)
{
	struct job *j = arg;

	j->call = NULL;
	switch (r->result) {
	case API_OK:
		arrived(j, r->value);
		break;
	case API_REFUSED:
		refused(j, r);
		break;
	case API_NOT_SENT:
		end(j, RC_AGAIN, 0);
		break;
	case API_UNCERTAIN:
		if (j->edits) {
			end(j, RC_AGAIN, 0); /* twice is once */
			break;
		}
		/* The rest is sent all the same: half an answer helps more than none. */
		j->unsure = true;
		next_chunk(j);
		break;
	}
}

/* --- a chunk */

static void
add_buttons(const struct job *j, struct buf *b)
{
	const struct outmsg *m = j->m;

	buf_adds(b, "{\"inline_keyboard\":[");
	for (size_t i = 0; i < m->n_buttons; i++) {
		buf_adds(b, i == 0 ? "[{\"text\":" : ",[{\"text\":");
		buf_add_json(b, m->buttons[i]);
		buf_adds(b, ",\"callback_data\":\"");
		button_sign(j->telegram, m->account, m->seq, i, b);
		buf_adds(b, "\"}]");
	}
	buf_adds(b, "]}");
}

/* In a group it is not plain who is answered. */
static void
add_reply(const struct job *j, struct buf *b)
{
	struct str rest = j->m->reply_to;
	int64_t id;

	if (!j->to.group || str_to_int(str_cut(&rest, '.'), 1, INT64_MAX, &id) != RC_OK)
		return;
	buf_printf(b, "{\"message_id\":%lld,\"allow_sending_without_reply\":true}",
	    (long long)id);
}

/* What goes with the call at hand besides its text. */
struct around {
	struct buf reply, markup; /* JSON; empty: none */
};

static void
find_around(const struct job *j, struct around *out)
{
	*out = (struct around){ 0 };
	if (j->i == 0 && !j->edits)
		add_reply(j, &out->reply);
	if (j->i + 1 == j->n && j->m->n_buttons > 0)
		add_buttons(j, &out->markup);
}

static void
send_chunk(struct job *j, const struct telegram_chunk *chunk, const struct around *o)
{
	struct buf b = { 0 };

	buf_printf(&b, "{\"chat_id\":%lld,", (long long)j->to.chat);
	if (j->edits)
		buf_printf(&b, "\"message_id\":%s,", j->id);
	else if (j->to.thread != 0)
		buf_printf(&b, "\"message_thread_id\":%lld,", (long long)j->to.thread);
	telegram_chunk_json(chunk, &b);
	buf_adds(&b, ",\"link_preview_options\":{\"is_disabled\":true}");
	if (o->reply.len > 0)
		buf_printf(&b, ",\"reply_parameters\":%s", buf_cstr(&o->reply));
	if (o->markup.len > 0)
		buf_printf(&b, ",\"reply_markup\":%s", buf_cstr(&o->markup));
	buf_adds(&b, "}");
	j->call = api_send(j->telegram, HTTP_SEND,
	    j->edits ? "editMessageText" : "sendMessage", buf_str(&b), on_reply, j);
	buf_fini(&b);
}

static void
send_file(struct job *j, size_t i, const struct telegram_chunk *caption,
    const struct around *o)
{
	const struct document_call call = {
		.to = &j->to,
		.document = &j->m->documents[i],
		.caption = caption,
		.reply = buf_str(&o->reply),
		.markup = buf_str(&o->markup),
	};

	j->call = document_send(j->telegram, &call, on_reply, j);
}

static void
send_next(struct job *j)
{
	struct telegram_chunk chunk = { 0 };
	struct around around;
	size_t file;

	if (j->arena == NULL)
		make_chunks(j);
	file = file_at(j);
	if (j->i < j->n_chunks)
		chunk = j->chunks[j->i];
	if (j->bare)
		chunk.n = 0;
	find_around(j, &around);
	if (file == SIZE_MAX)
		send_chunk(j, &chunk, &around);
	else
		send_file(j, file, j->captioned && file == 0 ? &chunk : NULL, &around);
	buf_fini(&around.reply);
	buf_fini(&around.markup);
	drop_chunks(j);
}

static void
step(struct job *j)
{
	int64_t now = clock_mono_ms(loop_clock(j->telegram->ch.loop)), wait;

	if (j->telegram->off) {
		end(j, RC_AGAIN, 0);
		return;
	}
	wait = gates_pass(j->telegram->gates, j->to.chat, j->to.group, now);
	if (wait > 0)
		wait_for(j, wait);
	else
		send_next(j);
}

/* What is one message and takes the place of one. */
static void
read_replaced(struct job *j)
{
	struct str id = j->m->replaces;
	int64_t number;

	if (j->n != 1 || j->m->n_documents > 0 || id.len == 0 ||
	    id.len >= sizeof(j->id) || str_to_int(id, 1, INT64_MAX, &number) != RC_OK)
		return;
	(void)snprintf(j->id, sizeof(j->id), "%lld", (long long)number);
	j->edits = true;
}

void
telegram_send(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct telegram *t = (struct telegram *)ch;
	struct job *j = xcalloc(1, sizeof(*j));

	assert(t->http != NULL);
	*j = (struct job){ .telegram = t,
		.next = t->jobs,
		.at = &t->jobs,
		.m = m,
		.done = done,
		.arg = arg };
	if (j->next != NULL)
		j->next->at = &j->next;
	t->jobs = j;
	make_chunks(j);
	j->i = take_progress(t, m);
	read_replaced(j);
	if (!address_read(m->account, &j->to) || j->n == 0)
		end(j, RC_INVALID, 0);
	else if (j->i >= j->n)
		end(j, RC_OK, 0);
	else
		step(j);
}

void
telegram_note_left(struct telegram *t)
{
	for (struct job *j = t->jobs; j != NULL; j = j->next)
		if (j->call != NULL)
			j->left = api_has_left(j->call);
}

void
telegram_end_jobs(struct telegram *t)
{
	for (struct job *j = t->jobs, *next; j != NULL; j = next) {
		next = j->next;
		end(j, j->left || j->unsure ? RC_IO : RC_AGAIN, 0);
	}
	for (struct progress *p = t->progress, *next; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
	t->progress = NULL;
}
