/*
 * matrix_send.c - one message of the outbox as events: a part of its text after the other,
 * then its files, one event of a room at a time, when the account may write.
 *
 * "Transaction identifiers" of the specification: an event that is sent again under the same
 * id is the same event. The id follows from the message alone, so that also after a crash
 * what may have arrived is simply sent once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "bot/chan/matrix_text.h"
#include "credbot/base/alloc.h"
#include "credbot/base/log.h"

/* Who waits for longer sees that we are writing. */
#define TYPING_AFTER_MS 300
/* A wait that is longer is remembered by flow, on disk. */
#define HELD_MAX_MS 60000
/* Until /sync works again, or the token. */
#define NOT_READY_MS 500
#define PAUSED_MS 30000
/* So long Synapse knows an id of a transaction. */
#define REPEATABLE_MS ((int64_t)24 * 3600 * 1000)

struct job {
	struct matrix *matrix;
	struct sending_room *room;
	struct job *next;       /* of the room */
	uint64_t ticket;        /* of when it came */
	struct job *behind;     /* in the line */
	bool in_line, called;   /* called: it was its turn once */
	const struct outmsg *m; /* lives until done */
	struct account to;
	struct arena *arena;
	struct matrix_part *parts;
	size_t n_parts;
	size_t n, i; /* events: parts, then files */
	bool chosen; /* whether it is a group is settled: the bytes may not change */
	bool group;
	bool edits; /* an answer of before is changed, instead of a new one */
	bool plain; /* without HTML: it was too long */
	bool paced; /* it waits since we write too often */
	char mxc[MATRIX_ID_MAX + 1]; /* of the file at hand, once it is there */
	bool keeping;                /* that goes to the disk */
	bool no_file; /* the server does not take it: that is said in its place */
	struct timer *wait;
	struct matrix_call *call;
	char id[MATRIX_ID_MAX + 1]; /* of the last part */
	send_done_fn *done;
	void *arg;
};

/* The messages for a room: the first one is under way. */
struct sending_room {
	char *id;
	struct typing typing;
	struct job *first, **last;
};

/* Of a message whose first parts were sent, when the rest must wait. */
struct progress {
	struct progress *next;
	int64_t peer, seq;
	size_t i;
	bool group;
};

static void step(struct job *j);

/* --- what was sent of it before */

static void
take_progress(struct job *j)
{
	struct matrix *m = j->matrix;

	for (struct progress **at = &m->progress; *at != NULL; at = &(*at)->next)
		if ((*at)->peer == j->m->peer && (*at)->seq == j->m->seq) {
			struct progress *p = *at;

			j->i = p->i;
			j->group = p->group;
			j->chosen = true;
			*at = p->next;
			free(p);
			return;
		}
}

static void
keep_progress(const struct job *j)
{
	struct progress *p;

	if (!j->chosen)
		return;
	p = xcalloc(1, sizeof(*p));
	*p = (struct progress){ j->matrix->progress, j->m->peer, j->m->seq, j->i,
		j->group };
	j->matrix->progress = p;
}

/* --- a room's messages */

static struct sending_room *
sending_room_of(struct matrix *m, struct str id)
{
	struct sending_room *r = map_get(m->sending, id);

	if (r != NULL)
		return r;
	r = xcalloc(1, sizeof(*r));
	r->id = xstrndup(id.p, id.len);
	r->last = &r->first;
	r->typing = (struct typing){ .matrix = m, .room = r->id };
	(void)map_put(m->sending, id, r);
	return r;
}

bool
matrix_is_sending(const struct matrix *m, struct str room)
{
	return map_get(m->sending, room) != NULL;
}

/* --- the line at the gate: who came first goes first, from whatever room */

static void
leave_line(struct job *j)
{
	struct job **at = &j->matrix->line;

	if (!j->in_line)
		return;
	while (*at != j)
		at = &(*at)->behind;
	*at = j->behind;
	j->in_line = false;
}

static void
call_next(void *arg)
{
	struct matrix *m = arg;

	m->next_call = NULL;
	while (m->line != NULL && m->next_call == NULL) {
		struct job *j = m->line;

		leave_line(j);
		j->called = true;
		step(j);
	}
}

/* wait_ms: until the gate opens; -1: somebody before us knows. */
static void
line_up(struct job *j, int64_t wait_ms)
{
	struct matrix *m = j->matrix;
	struct job **at = &m->line;

	while (*at != NULL && (*at)->ticket < j->ticket)
		at = &(*at)->behind;
	j->behind = *at;
	*at = j;
	j->in_line = true;
	if (wait_ms < 0)
		return;
	loop_cancel(m->next_call);
	m->next_call = loop_after(m->ch.loop, wait_ms, call_next, m);
}

void
matrix_go_on_sending(struct matrix *m, struct str room)
{
	struct sending_room *r = m->sending == NULL ? NULL : map_get(m->sending, room);

	if (r != NULL)
		step(r->first);
}

static void
free_job(struct job *j)
{
	leave_line(j);
	loop_cancel(j->wait);
	arena_free(j->arena);
	free(j);
}

/* Takes the first one out; the room goes with the last one. Returns the next one. */
static struct job *
leave_room(struct job *j)
{
	struct sending_room *r = j->room;
	struct job *next;

	if (r == NULL)
		return NULL;
	r->first = j->next;
	next = r->first;
	typing_end(&r->typing);
	if (next != NULL)
		return next;
	(void)map_del(j->matrix->sending, str_of(r->id));
	free(r->id);
	free(r);
	return NULL;
}

/* --- its end */

static void
offer_choices(const struct job *j)
{
	if (j->m->n_buttons > 0 && j->to.thread.len == 0)
		taps_offer(j->matrix->taps, j->to.room, str_of(j->id), j->m->n_buttons);
}

static void
end(struct job *j, enum rc rc, int64_t wait_ms)
{
	struct send_result r = { .rc = rc, .wait_ms = wait_ms, .paced = j->paced };
	send_done_fn *done = j->done;
	void *arg = j->arg;
	char id[sizeof(j->id)];
	struct job *next;

	if (rc == RC_AGAIN)
		keep_progress(j);
	if (rc == RC_OK && j->room != NULL)
		offer_choices(j);
	memcpy(id, j->id, sizeof(id));
	r.id = str_of(id);
	next = leave_room(j);
	free_job(j);
	/* done may send the peer's next message, which stands behind those of others. */
	done(arg, &r);
	if (next != NULL)
		step(next);
}

static void
on_wait(void *arg)
{
	struct job *j = arg;

	j->wait = NULL;
	step(j);
}

static void
wait_for(struct job *j, int64_t ms)
{
	j->wait = loop_after(j->matrix->ch.loop, ms, on_wait, j);
}

enum send_verdict
send_judge(const struct matrix_reply *r)
{
	if (r->result == MATRIX_OK)
		return SEND_DONE;
	if (r->result != MATRIX_REFUSED || r->status >= 500 || r->status == 401 ||
	    r->status == 408)
		return SEND_LATER;
	if (r->status == 429)
		return SEND_LIMITED;
	if (r->status == 413 || strcmp(r->errcode, "M_TOO_LARGE") == 0)
		return SEND_SHORTER;
	if (strcmp(r->errcode, "M_USER_SUSPENDED") == 0 ||
	    strcmp(r->errcode, "M_RESOURCE_LIMIT_EXCEEDED") == 0 ||
	    strcmp(r->errcode, "M_USER_LIMIT_EXCEEDED") == 0)
		return SEND_PAUSED;
	/* A proxy without its server says 404 or 403 to all, but not in Matrix' words. */
	if (r->errcode[0] == '\0' && (r->status == 404 || r->status == 403))
		return SEND_LATER;
	return SEND_NEVER;
}

static void
arrived(struct job *j, const struct json *value)
{
	/* People see, and react to, the event of before. */
	(void)snprintf(j->id, sizeof(j->id), "%.*s",
	    STR_ARG(j->edits ? j->m->replaces : json_str(value, "event_id")));
	gate_taken(&j->matrix->gate, clock_mono_ms(loop_clock(j->matrix->ch.loop)));
	j->i++;
	j->plain = j->no_file = false;
	j->mxc[0] = '\0';
	if (j->i < j->n) {
		typing_end(&j->room->typing);
		step(j);
	} else {
		end(j, RC_OK, 0);
	}
}

static void
told_to_wait(struct job *j, int64_t wait_ms)
{
	int64_t now = clock_mono_ms(loop_clock(j->matrix->ch.loop));
	int64_t ms = gate_close(&j->matrix->gate, now, wait_ms);

	log_warn("matrix: the server limits how often we write wait_ms=%lld; its "
		 "administrator can allow more (override_ratelimit)",
	    (long long)ms);
	j->paced = true;
	if (ms <= HELD_MAX_MS)
		line_up(j, ms);
	else
		end(j, RC_AGAIN, ms);
}

static void
refused(struct job *j, const struct matrix_reply *r)
{
	if (j->edits) { /* the answer of before was taken back, or is not known any more */
		j->edits = false;
		step(j);
		return;
	}
	log_info("matrix: refused peer=%lld status=%d: %s %s", (long long)j->m->peer,
	    r->status, r->errcode, r->description);
	end(j, RC_INVALID, 0);
}

static void
on_reply(void *arg, const struct matrix_reply *r)
{
	struct job *j = arg;
	enum send_verdict verdict = send_judge(r);

	j->call = NULL;
	gate_tell(&j->matrix->gate, clock_mono_ms(loop_clock(j->matrix->ch.loop)),
	    verdict != SEND_LATER);
	switch (verdict) {
	case SEND_DONE:
		arrived(j, r->value);
		break;
	case SEND_LATER:
		end(j, RC_AGAIN, r->retry_after_ms);
		break;
	case SEND_LIMITED:
		told_to_wait(j, r->retry_after_ms);
		break;
	case SEND_SHORTER:
		if (j->plain) {
			refused(j, r);
			break;
		}
		j->plain = true;
		step(j);
		break;
	case SEND_PAUSED:
		log_error("matrix: the server does not let the account write: %s %s",
		    r->errcode, r->description);
		(void)gate_close(&j->matrix->gate,
		    clock_mono_ms(loop_clock(j->matrix->ch.loop)), PAUSED_MS);
		end(j, RC_AGAIN, PAUSED_MS);
		break;
	case SEND_NEVER:
		refused(j, r);
		break;
	}
}

/* --- a file, before its event */

/* The file that the event at hand is about; NULL: a part of the text. */
static const struct document *
file_of(const struct job *j)
{
	return j->i < j->n_parts ? NULL : &j->m->documents[j->i - j->n_parts];
}

static void
on_limit(void *arg, const struct matrix_reply *r)
{
	struct job *j = arg;

	j->call = NULL;
	media_read_limit(j->matrix, r);
	if (j->matrix->upload_max > 0)
		step(j);
	else
		end(j, RC_AGAIN, r->retry_after_ms);
}

static void
on_kept(void *arg, enum rc rc, int64_t seq)
{
	struct job *j = arg;

	(void)rc;
	(void)seq;
	j->keeping = false;
	step(j);
}

static void
uploaded(struct job *j, const struct json *value)
{
	struct str mxc = media_address(value);

	if (mxc.len == 0) {
		end(j, RC_AGAIN, 0); /* it is no answer of a server */
		return;
	}
	(void)snprintf(j->mxc, sizeof(j->mxc), "%.*s", STR_ARG(mxc));
	j->keeping = true;
	flow_uploaded(j->matrix->ch.flow, j->m, j->i - j->n_parts, mxc, on_kept, j);
}

static void
on_upload(void *arg, const struct matrix_reply *r)
{
	struct job *j = arg;

	j->call = NULL;
	switch (send_judge(r)) {
	case SEND_DONE:
		uploaded(j, r->value);
		break;
	case SEND_LATER:
		end(j, RC_AGAIN, r->retry_after_ms);
		break;
	case SEND_LIMITED:
		told_to_wait(j, r->retry_after_ms);
		break;
	case SEND_PAUSED:
		end(j, RC_AGAIN, PAUSED_MS);
		break;
	case SEND_SHORTER:
	case SEND_NEVER:
		log_warn("matrix: the server does not take a file peer=%lld bytes=%zu "
			 "status=%d: %s %s",
		    (long long)j->m->peer, file_of(j)->size, r->status, r->errcode,
		    r->description);
		j->no_file = true;
		step(j);
		break;
	}
}

/* Whether the event can be sent; else what must go before is under way. */
static bool
is_prepared(struct job *j)
{
	const struct document *d = file_of(j);
	struct matrix *m = j->matrix;

	if (d == NULL || j->mxc[0] != '\0' || j->no_file)
		return true;
	if (d->remote.len > 0) {
		(void)snprintf(j->mxc, sizeof(j->mxc), "%.*s", STR_ARG(d->remote));
		return true;
	}
	if (m->upload_max == 0) {
		j->call = media_ask_limit(m, on_limit, j);
		return false;
	}
	if ((int64_t)d->size > m->upload_max) {
		j->no_file = true;
		return true;
	}
	j->call = media_upload(m, d, on_upload, j);
	return false;
}

/* --- an event */

/* The event that is answered: that of an edit is not what people see. */
static void
add_relation(const struct job *j, struct buf *b)
{
	bool reply = j->i == 0 && j->group && is_id(j->m->reply_to, '$');

	if (j->to.thread.len > 0) {
		buf_adds(b,
		    ",\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":");
		buf_add_json(b, j->to.thread);
		buf_printf(b,
		    ",\"is_falling_back\":%s,\"m.in_reply_to\":{\"event_id\":",
		    reply ? "false" : "true");
		buf_add_json(b,
		    is_id(j->m->reply_to, '$') ? j->m->reply_to : j->to.thread);
		buf_adds(b, "}}");
	} else if (reply) {
		buf_adds(b, ",\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":");
		buf_add_json(b, j->m->reply_to);
		buf_adds(b, "}}");
	}
}

static void
add_content(const struct job *j, struct buf *b)
{
	const struct document *d = file_of(j);
	struct matrix_part sorry = { str_of(j->matrix->words->no_file), STR("") };

	/* Phones ring for a text alone: in a group the others are left in peace. */
	if (d == NULL)
		matrix_part_json(&j->parts[j->i], j->group, j->plain, b);
	else if (j->no_file)
		matrix_part_json(&sorry, j->group, true, b);
	else
		media_event_json(d, str_of(j->mxc), b);
}

static void
send_part(struct job *j)
{
	struct matrix_request rq = { .lane = HTTP_SEND, .method = "PUT" };
	struct buf path = { 0 }, body = { 0 };
	char txn[MATRIX_TXN_SIZE];

	/* What is said anew after all is another event than the edit. */
	txn_of_message(j->matrix->session.device, j->m,
	    j->edits ? MATRIX_PARTS_MAX : j->i, j->plain || j->no_file, txn);
	buf_adds(&path, CLIENT_API "/rooms/");
	buf_add_path(&path, j->to.room);
	buf_printf(&path, "/send/m.room.message/%s", txn);
	if (j->edits) {
		matrix_edit_json(&j->parts[j->i], j->group, j->plain, j->m->replaces,
		    &body);
	} else {
		add_content(j, &body);
		add_relation(j, &body);
		buf_adds(&body, "}");
	}
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	taps_count(j->matrix->taps, 1);
	j->call = matrix_send(j->matrix, &rq, on_reply, j);
	buf_fini(&path);
	buf_fini(&body);
}

/* Into a room that may be encrypted by now nothing is said. */
static bool
may_write(struct job *j)
{
	const struct room *r = room_get(j->matrix, j->to.room, false);

	if (r == NULL || !r->joined || r->encrypted)
		return false;
	if (!j->chosen)
		j->group = !room_is_direct(r);
	j->chosen = true;
	return true;
}

/* flow has an apology for it. */
static bool
is_overdue(const struct job *j)
{
	int64_t age = clock_now_ms(loop_clock(j->matrix->ch.loop)) - j->m->at_ms;

	return j->matrix->ch.unsent_ms > 0 && age > j->matrix->ch.unsent_ms;
}

static void
step(struct job *j)
{
	struct matrix *m = j->matrix;
	int64_t now = clock_mono_ms(loop_clock(m->ch.loop)), wait;
	bool ready = session_ready(m) && sync_caught_up(m->sync);

	if (j->call != NULL || j->wait != NULL || j->in_line || j->keeping ||
	    taps_use(m->taps, j->to.room))
		return;
	j->paced = false;
	if (m->off || (!ready && (m->draining || is_overdue(j)))) {
		end(j, RC_AGAIN, 0);
	} else if (!ready) {
		wait_for(j, NOT_READY_MS);
	} else if (!may_write(j)) {
		log_info("matrix: not sent peer=%lld: we are not in the room, or it is "
			 "encrypted",
		    (long long)j->m->peer);
		end(j, RC_INVALID, 0);
	} else if (!is_prepared(j)) {
		return;
	} else if (m->next_call != NULL && !j->called) {
		line_up(j, -1);
	} else if ((wait = gate_pass(&m->gate, now)) > HELD_MAX_MS) {
		j->paced = true;
		end(j, RC_AGAIN, wait);
	} else if (wait > 0) {
		if (wait >= TYPING_AFTER_MS)
			typing_begin(&j->room->typing);
		line_up(j, wait);
	} else {
		j->called = false;
		send_part(j);
	}
}

struct replaced {
	struct arena *arena;
	size_t parts;
};

static void
count_parts(void *arg, const struct history_line *line)
{
	struct replaced *r = arg;
	struct matrix_part *parts;

	if (!line->mine)
		r->parts = matrix_text(r->arena, line->out.text, line->out.buttons,
		    line->out.n_buttons, NULL, &parts);
}

/* What is one event, and takes the place of one. */
static bool
is_edit(const struct job *j)
{
	struct replaced r = { .arena = j->arena };

	if (j->n != 1 || !is_id(j->m->replaces, '$'))
		return false;
	(void)flow_history(j->matrix->ch.flow, j->m->peer, j->m->replaces_seq - 1, 1,
	    count_parts, &r);
	return r.parts == 1;
}

static bool
is_too_old(const struct job *j)
{
	return clock_now_ms(loop_clock(j->matrix->ch.loop)) - j->m->at_ms >
	       REPEATABLE_MS;
}

void
matrix_send_message(struct channel *ch, const struct outmsg *m, send_done_fn *done,
    void *arg)
{
	struct matrix *mx = (struct matrix *)ch;
	struct job *j = xcalloc(1, sizeof(*j));

	*j = (struct job){ .matrix = mx,
		.ticket = mx->tickets++,
		.m = m,
		.arena = arena_new(),
		.done = done,
		.arg = arg };
	j->n_parts = matrix_text(j->arena, m->text, m->buttons, m->n_buttons, NULL,
	    &j->parts);
	j->n = j->n_parts + m->n_documents;
	j->edits = is_edit(j);
	take_progress(j);
	if (mx->http == NULL) {
		end(j, RC_AGAIN, 0);
		return;
	}
	if (!account_read(m->account, j->arena, &j->to) || j->n == 0 || is_too_old(j)) {
		end(j, RC_INVALID, 0);
		return;
	}
	if (j->i >= j->n) {
		end(j, RC_OK, 0);
		return;
	}
	j->room = sending_room_of(mx, j->to.room);
	*j->room->last = j;
	j->room->last = &j->next;
	if (j->room->first == j)
		step(j);
}

void
matrix_end_jobs(struct matrix *m)
{
	struct str key;
	void *value;
	size_t pos = 0;

	while (map_next(m->sending, &pos, &key, &value)) {
		struct sending_room *r = value;

		/* The server takes what it has once more for the same. */
		for (struct job *j = r->first, *next; j != NULL; j = next) {
			next = j->next;
			j->done(j->arg, &(struct send_result){ .rc = RC_AGAIN });
			free_job(j);
		}
		typing_forget(&r->typing);
		free(r->id);
		free(r);
	}
	map_free(m->sending);
	m->sending = NULL;
	loop_cancel(m->next_call);
	m->next_call = NULL;
	while (m->progress != NULL) {
		struct progress *next = m->progress->next;

		free(m->progress);
		m->progress = next;
	}
}
