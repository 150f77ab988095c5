/*
 * documents.c - files that go with what the bot says: in the same transaction as their line,
 * until they have arrived. Where they are fetched (CHANNEL_PULL) they stay.
 */
#include <assert.h>
#include <stdlib.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"

enum rc
documents_add(struct flow *f, const struct outmsg *m)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < m->n_documents; i++) {
		const struct document *d = &m->documents[i];
		struct document_row row = {
			.peer = m->peer,
			.seq = m->seq,
			.n = (int64_t)i,
			.name = d->name,
			.type = d->type,
			.token = d->token,
			.bytes = d->bytes,
			.size = (int64_t)d->bytes.len,
		};

		assert(d->bytes.len <= MESSAGE_DOCUMENT_MAX && d->token.len > 0);
		rc = document_add(f->store, &row);
	}
	return rc;
}

struct loading {
	struct arena *arena;
	struct document *out;
	size_t n;
};

static void
load(void *arg, const struct document_row *row)
{
	struct loading *l = arg;

	if (l->n == MESSAGE_DOCUMENTS_MAX)
		return;
	l->out[l->n++] = (struct document){
		.name = arena_str(l->arena, row->name),
		.type = arena_str(l->arena, row->type),
		.bytes = arena_str(l->arena, row->bytes),
		.size = (size_t)row->size,
		.token = arena_str(l->arena, row->token),
		.remote = arena_str(l->arena, row->remote),
	};
}

enum rc
documents_load(struct flow *f, int64_t peer, int64_t seq, bool with_bytes,
    struct arena *a, struct document *out, size_t *n)
{
	struct loading l = { a, out, 0 };
	enum rc rc = document_each(f->store, peer, seq, with_bytes, load, &l);

	*n = l.n;
	return rc;
}

size_t
documents_size(const struct outmsg *m)
{
	size_t size = 0;

	for (size_t i = 0; i < m->n_documents; i++) {
		const struct document *d = &m->documents[i];

		size += d->name.len + d->type.len + d->bytes.len + d->token.len +
		        d->remote.len;
	}
	return size;
}

void
documents_put(char **at, const struct outmsg *m, struct document *out)
{
	for (size_t i = 0; i < m->n_documents; i++) {
		const struct document *d = &m->documents[i];

		out[i] = (struct document){
			.name = str_put(at, d->name),
			.type = str_put(at, d->type),
			.bytes = str_put(at, d->bytes),
			.size = d->size,
			.token = str_put(at, d->token),
			.remote = str_put(at, d->remote),
		};
	}
}

void
flow_uploaded(struct flow *f, const struct outmsg *m, size_t n, struct str remote,
    put_done_fn *done, void *arg)
{
	struct mark *k = xcalloc(1, sizeof(*k));

	*k = (struct mark){ .peer = m->peer,
		.seq = m->seq,
		.remote = xstrndup(remote.p, remote.len),
		.n = n,
		.done = done,
		.arg = arg };
	outbox_add_mark(f, k);
}

struct found {
	document_fn *fn;
	void *arg;
};

static void
give(void *arg, const struct document_row *row)
{
	const struct found *found = arg;

	found->fn(found->arg, &(struct document){ row->name, row->type, row->bytes,
				  (size_t)row->size, row->token, row->remote });
}

enum rc
flow_document(struct flow *f, int64_t peer, struct str token, document_fn *fn,
    void *arg)
{
	struct found found = { fn, arg };
	enum rc rc = document_find(f->store, peer, token, give, &found);

	if (rc == RC_IO)
		flow_broken("reading a document");
	return rc;
}
