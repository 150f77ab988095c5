/*
 * matrix_media.c - files, on their way to the server: "Content Repository" of the
 * specification.
 *
 * Uploading a file twice makes two of it. So its address is on disk (flow_uploaded()) before
 * the event leaves that names it, and what is sent once more is not uploaded again.
 */
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "bot/chan/matrix_text.h"
#include "credbot/base/log.h"

/* 8 MB at 1 Mbit/s. */
#define UPLOAD_TIMEOUT_MS 90000

struct matrix_call *
media_ask_limit(struct matrix *m, matrix_done_fn *done, void *arg)
{
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "GET",
		.path = "/_matrix/client/v1/media/config" };

	return matrix_send(m, &rq, done, arg);
}

/* Servers from before v1.11 do not know the address: the upload itself will tell (413). */
void
media_read_limit(struct matrix *m, const struct matrix_reply *r)
{
	int64_t max;

	if (r->result != MATRIX_OK && send_judge(r) != SEND_NEVER &&
	    !(r->result == MATRIX_REFUSED && r->status == 404))
		return;
	max = json_int(r->value, "m.upload.size", 0);
	m->upload_max = max > 0 ? max : INT64_MAX;
	log_debug("matrix: files up to bytes=%lld", (long long)m->upload_max);
}

struct matrix_call *
media_upload(struct matrix *m, const struct document *d, matrix_done_fn *done,
    void *arg)
{
	struct buf path = { 0 }, type = { 0 };
	struct matrix_request rq = { .lane = HTTP_OTHER,
		.method = "POST",
		.body = d->bytes,
		.timeout_ms = UPLOAD_TIMEOUT_MS };
	struct matrix_call *c;

	buf_adds(&path, "/_matrix/media/v3/upload?filename=");
	buf_add_path(&path, d->name);
	buf_addstr(&type, d->type);
	rq.path = buf_cstr(&path);
	rq.type = buf_cstr(&type);
	c = matrix_send(m, &rq, done, arg);
	buf_fini(&path);
	buf_fini(&type);
	return c;
}

struct str
media_address(const struct json *value)
{
	struct str mxc = json_str(value, "content_uri");

	return str_starts(mxc, "mxc://") && mxc.len <= MATRIX_ID_MAX ? mxc : STR("");
}

void
media_event_json(const struct document *d, struct str mxc, struct buf *out)
{
	buf_adds(out, "{\"msgtype\":\"m.file\",\"" MATRIX_AUTOMATED
		      "\":true,\"m.mentions\":{},\"body\":");
	buf_add_json(out, d->name);
	buf_adds(out, ",\"filename\":");
	buf_add_json(out, d->name);
	buf_adds(out, ",\"url\":");
	buf_add_json(out, mxc);
	buf_adds(out, ",\"info\":{\"mimetype\":");
	buf_add_json(out, d->type);
	buf_printf(out, ",\"size\":%zu}", d->size);
}
