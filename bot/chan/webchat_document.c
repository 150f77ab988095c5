/*
 * webchat_document.c - files that go with what the bot said: GET /document/TOKEN.
 *
 * The token alone opens nothing: the request must also bring the cookie of the session that
 * was given the file. It is offered for saving, never shown: what stands in it may be what a
 * student wrote.
 */
#include <stdio.h>
#include <string.h>

#include "bot/chan/webchat_priv.h"

static void
refuse(struct web_request *rq, int status, const char *sentence)
{
	web_answer(rq, &(struct web_reply){ .status = status,
			   .type = "text/plain; charset=utf-8",
			   .body = str_of(sentence) });
}

static void
give(void *arg, const struct document *d)
{
	struct web_request *rq = arg;
	char disposition[MESSAGE_DOCUMENT_NAME_MAX + 32], type[128];

	/* Names and types are our own: they hold no quotes and no line ends. */
	(void)snprintf(disposition, sizeof(disposition),
	    "attachment; filename=\"%.*s\"", STR_ARG(d->name));
	(void)snprintf(type, sizeof(type), "%.*s", STR_ARG(d->type));
	web_answer(rq, &(struct web_reply){ .status = 200,
			   .type = type,
			   .body = d->bytes,
			   .disposition = disposition });
}

void
webchat_document(void *arg, struct web_request *rq)
{
	struct webchat *chat = arg;
	struct str token = web_request_path(rq);
	struct session s;
	struct person *p;
	enum rc rc = RC_NOTFOUND;
	bool asked;

	token = str_n(token.p + strlen(DOCUMENT_PATH),
	    token.len - strlen(DOCUMENT_PATH));
	if (!session_read(&s, rq) || !web_request_is_ours(rq)) {
		refuse(rq, 403,
		    "This file belongs to a conversation. Please open it from the "
		    "chat.\n");
		return;
	}
	p = person_get(chat, s.account);
	asked = person_identify(p);
	if (asked)
		rc = flow_document(chat->ch.flow, p->peer, token, give, rq);
	person_release(p);
	if (!asked || rc == RC_AGAIN)
		refuse(rq, 503,
		    "This file cannot be fetched just now. Please try again in a "
		    "minute.\n");
	else if (rc != RC_OK)
		refuse(rq, 404,
		    "There is no such file, or it is no longer kept. Please ask for it "
		    "again in the chat.\n");
}

void
document_add_path(struct buf *b, const struct document *d)
{
	buf_adds(b, DOCUMENT_PATH);
	buf_addstr(b, d->token);
}

void
document_add_size(struct buf *b, const struct document *d)
{
	if (d->size < 1000)
		buf_printf(b, "%zu bytes", d->size);
	else if (d->size < 1000000)
		buf_printf(b, "%zu KB", (d->size + 500) / 1000);
	else
		buf_printf(b, "%zu.%zu MB", d->size / 1000000, d->size / 100000 % 10);
}
