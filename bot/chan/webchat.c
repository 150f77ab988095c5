/*
 * webchat.c - the web chat as a channel: its addresses, the form for browsers without
 * JavaScript, and the way of a message to flow and back.
 *
 * A message is on disk before any page hears "took". What the bot says is on disk, too, when
 * send() is called (CHANNEL_PULL): the open pages are told, the others fetch it by its
 * number when they come back.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/webchat_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/log.h"

/* A form shows the answer with its page if it comes within this. */
#define ANSWER_MS 3000

static const char busy[] =
    "Your message could not be saved just now. Please go back and "
    "send it again in a minute.\n";

static void
answer_plain(struct web_request *rq, int status, const char *sentence)
{
	struct web_reply rp = { .status = status, .type = "text/plain; charset=utf-8" };

	rp.body = str_of(sentence);
	web_answer(rq, &rp);
}

static void
answer_html(struct web_request *rq, const struct buf *html, const char *cookie)
{
	struct web_reply rp = { .status = 200, .type = "text/html; charset=utf-8" };

	rp.body = buf_str(html);
	rp.set_cookie = cookie;
	web_answer(rq, &rp);
}

/* Back to the page, at its end. */
static void
answer_see_page(struct web_request *rq)
{
	struct web_reply rp = { .status = 303, .location = "/#end" };

	rp.body = str_n("", 0);
	web_answer(rq, &rp);
}

/* --- putting */

static void
put_free(struct put *put)
{
	struct person *p = put->person;

	*put->here = put->next;
	if (put->next != NULL)
		put->next->here = put->here;
	free(put);
	p->n_puts--;
	person_release(p);
}

static void
on_timeout(void *arg)
{
	struct waiter *w = arg, **at = &w->person->waiters;
	struct person *p = w->person;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	answer_see_page(w->rq);
	free(w);
	person_release(p);
}

/* Ends what waits for an answer to a message before seq. */
static void
end_waiters(struct person *p, int64_t seq)
{
	struct waiter **at = &p->waiters, *w;

	while ((w = *at) != NULL) {
		if (w->seq >= seq) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		loop_cancel(w->timeout);
		answer_see_page(w->rq);
		free(w);
	}
}

static void
note_answer(void *arg, const struct history_line *line)
{
	bool *answered = arg;

	*answered = *answered || !line->mine;
}

/* Its message is on disk: the page comes back with the answer, or soon without it. */
static void
wait_for_answer(struct person *p, struct web_request *rq, int64_t seq)
{
	struct waiter *w;
	bool answered = false;

	if (!person_identify(p) ||
	    flow_history(p->chat->ch.flow, p->peer, seq, 20, note_answer, &answered) !=
		RC_OK ||
	    answered) {
		answer_see_page(rq);
		return;
	}
	w = xcalloc(1, sizeof(*w));
	w->person = p;
	w->seq = seq;
	w->rq = rq;
	w->timeout = loop_after(p->chat->ch.loop, ANSWER_MS, on_timeout, w);
	w->next = p->waiters;
	p->waiters = w;
}

static void
form_put_done(struct put *put, enum rc rc, int64_t seq)
{
	struct web_request *rq = put->rq;

	put->rq = NULL;
	if (rc == RC_OK || rc == RC_EXISTS)
		wait_for_answer(put->person, rq, seq);
	else if (rc == RC_INVALID)
		answer_plain(rq, 400, "This message cannot be sent.\n");
	else
		answer_plain(rq, 503, busy);
}

static void
put_done(void *arg, enum rc rc, int64_t seq)
{
	struct put *put = arg;

	socks_put_done(put, rc, seq);
	if (put->rq != NULL)
		form_put_done(put, rc, seq);
	put_free(put);
}

void
webchat_put(struct webchat *chat, struct put *put, struct str text)
{
	struct inmsg m = {
		.channel = chat->ch.ops->name,
		.account = str_of(put->person->account),
		.id = str_of(put->id),
		.edit_of = str_of(put->of),
		.kind = put->kind,
		.text = text,
	};

	put->next = chat->puts;
	if (put->next != NULL)
		put->next->here = &put->next;
	put->here = &chat->puts;
	chat->puts = put;
	put->person->n_puts++;
	flow_put(chat->ch.flow, &m, put_done, put);
}

/* --- the page and its form */

static void
render(struct webchat *chat, const struct session *s, bool fresh, struct buf *out)
{
	struct page page = { .chat = chat, .session = s, .out = out };
	struct person *p;

	page_begin(&page);
	/* Nothing is stored for who only looks. */
	if (!fresh) {
		p = person_get(chat, s->account);
		if (person_identify(p))
			(void)flow_history(chat->ch.flow, p->peer, -1, PAGE_LINES,
			    page_line, &page);
		person_release(p);
	}
	page_end(&page);
}

static void
on_page(void *arg, struct web_request *rq)
{
	struct webchat *chat = arg;
	struct session s;
	struct buf html = { 0 };
	struct arena *a = arena_new();
	bool known = session_read(&s, rq);

	/*
	 * SameSite=Strict: after a link on another site the browser keeps our cookie to
	 * itself. A new one would take its place; our own page asks again and gets it.
	 */
	if (!known &&
	    str_is(web_request_header(rq, WEB_H_SEC_FETCH_SITE), "cross-site")) {
		page_bounce(&html);
		answer_html(rq, &html, NULL);
	} else {
		if (!known)
			session_new(&s);
		render(chat, &s, !known, &html);
		answer_html(rq, &html,
		    known ? NULL : session_cookie(&s, a, chat->options.proxy));
	}
	buf_fini(&html);
	arena_free(a);
}

/* What is wrong with a form, as status and sentence; 0: nothing. */
static int
check_form(struct webchat *chat, struct web_request *rq, struct session *s,
    const char **why)
{
	*why = "This form is not from our page.\n";
	if (!web_request_is_ours(rq))
		return 403;
	*why =
	    "This page belongs to an older visit, or cookies are off. Please open the "
	    "chat again.\n";
	if (!session_read(s, rq) || !session_csrf_is(s, web_request_field(rq, "csrf")))
		return 403;
	*why = "The chat is being restarted. Please go back and send your message "
	       "again in "
	       "a minute.\n";
	if (chat->draining)
		return 503;
	*why = "This message cannot be sent.\n";
	return session_good_id(web_request_field(rq, "id")) ? 0 : 400;
}

static void
on_say(void *arg, struct web_request *rq)
{
	struct webchat *chat = arg;
	struct str text = str_trim(web_request_field(rq, "text"));
	struct str id = web_request_field(rq, "id");
	const char *why;
	struct session s;
	struct person *p;
	struct put *put;
	int status = check_form(chat, rq, &s, &why);

	if (status != 0) {
		answer_plain(rq, status, why);
		return;
	}
	if (text.len == 0) {
		answer_see_page(rq);
		return;
	}
	p = person_get(chat, s.account);
	if (!person_identify(p)) {
		person_release(p);
		answer_plain(rq, 503, busy);
		return;
	}
	put = xcalloc(1, sizeof(*put));
	put->person = p;
	put->kind = MESSAGE_TEXT;
	put->rq = rq;
	memcpy(put->id, id.p, id.len);
	webchat_put(chat, put, text);
}

static bool
lists_etag(struct str header, const char *etag)
{
	struct str rest = header;

	while (rest.p != NULL) {
		struct str one = str_trim(str_cut(&rest, ','));

		if (str_starts(one, "W/")) /* a proxy compressed it */
			one = str_n(one.p + 2, one.len - 2);
		if (str_is(one, "*") || str_is(one, etag))
			return true;
	}
	return false;
}

static void
on_file(void *arg, struct web_request *rq)
{
	const struct web_file *f = web_file_find(web_request_path(rq));
	struct web_reply rp = { .status = 200, .cache_control = "no-cache" };

	(void)arg;
	assert(f != NULL);
	rp.etag = f->etag;
	if (lists_etag(web_request_header(rq, WEB_H_IF_NONE_MATCH), f->etag)) {
		rp.status = 304;
	} else {
		rp.type = f->type;
		rp.body = str_n((const char *)f->data, f->len);
	}
	web_answer(rq, &rp);
}

static const struct web_route routes[] = {
	{ .method = WEB_GET, .path = "/", .handler = on_page },
	{ .method = WEB_POST, .path = "/say", .handler = on_say },
	{ .method = WEB_GET, .path = "/chat.js", .handler = on_file },
	{ .method = WEB_GET, .path = "/style.css", .handler = on_file },
	{ .method = WEB_GET, .path = "/favicon.svg", .handler = on_file },
	{ .method = WEB_GET, .path = DOCUMENT_PATH, .handler = webchat_document },
};

/* --- the channel */

static struct webchat *
webchat_of(struct channel *ch)
{
	return (struct webchat *)ch; /* its first member */
}

static const char *const *
copy_list(struct arena *a, const struct config *cf, const char *name)
{
	const char **list;
	size_t n = 0;

	while (config_item(cf, name, n) != NULL)
		n++;
	list = arena_zalloc(a, n + 1, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		list[i] = arena_strdup(a, config_item(cf, name, i));
	return list;
}

/* Ours first: they cannot be taken over. */
static const struct web_route *
all_routes(struct webchat *chat)
{
	struct web_route *all = arena_zalloc(chat->arena,
	    ARRAY_LEN(routes) + chat->n_others, sizeof(*all));

	memcpy(all, routes, sizeof(routes));
	if (chat->n_others > 0)
		memcpy(all + ARRAY_LEN(routes), chat->others,
		    chat->n_others * sizeof(*all));
	return all;
}

static void
read_config(struct webchat *chat, const struct config *cf)
{
	struct arena *a = chat->arena;
	int refill_ms = (int)config_int(cf, "chat.flood_refill_ms");

	chat->name = arena_strdup(a, config_str(cf, "bot.name"));
	chat->operator_name = arena_strdup(a, config_str(cf, "bot.operator"));
	chat->privacy_url = arena_strdup(a, config_str(cf, "bot.privacy_url"));
	/* Floods are answered by flow, in words; here they are only kept off the disk:
	 * twenty at once and twenty in ten seconds more. */
	chat->socket_rate = (struct bucket_rate){
		.burst = (int)config_int(cf, "chat.flood_burst") + 8,
		.refill_ms = refill_ms < 500 ? refill_ms : 500,
	};
	chat->options = (struct web_options){
		.listen = arena_strdup(a, config_str(cf, "web.listen")),
		.hosts = copy_list(a, cf, "web.hosts"),
		.origins = copy_list(a, cf, "web.origins"),
		.proxy = config_bool(cf, "web.proxy"),
		.max_connections = (int)config_int(cf, "web.max_connections"),
		.max_per_address = (int)config_int(cf, "web.max_per_address"),
		.routes = all_routes(chat),
		.n_routes = ARRAY_LEN(routes) + chat->n_others,
		.socket = &webchat_socket_ops,
		.arg = chat,
	};
}

static enum rc
start(struct channel *ch, const struct config *cf, struct err *err)
{
	struct webchat *chat = webchat_of(ch);

	assert(chat->web == NULL);
	if (sodium_init() < 0) {
		err_set(err, "libsodium cannot start: there is no source of chance");
		return RC_IO;
	}
	arena_reset(chat->arena);
	read_config(chat, cf);
	chat->draining = false;
	if (strcmp(chat->options.listen, "off") == 0)
		return RC_OK;
	return web_start(&chat->web, ch->loop, &chat->options, err);
}

static void
send_line(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct webchat *chat = webchat_of(ch);
	struct person *p = map_get(chat->people, m->account);

	if (p != NULL) {
		socks_push(p, m);
		end_waiters(p, m->seq);
		person_release(p);
	}
	done(arg, &(struct send_result){ .rc = RC_OK });
}

static void
drain(struct channel *ch)
{
	webchat_of(ch)->draining = true;
}

/* Forms that wait get their page: what they sent is on disk, or was not taken. */
static void
end_forms(struct webchat *chat)
{
	struct str key;
	void *value;
	size_t pos = 0;

	while (map_next(chat->people, &pos, &key, &value))
		end_waiters(value, INT64_MAX);
	for (struct put *put = chat->puts; put != NULL; put = put->next) {
		if (put->rq != NULL)
			form_put_done(put, RC_AGAIN, 0);
		put->rq = NULL;
	}
}

static void
stop(struct channel *ch)
{
	struct webchat *chat = webchat_of(ch);

	if (chat->web == NULL)
		return;
	chat->draining = true;
	end_forms(chat);
	web_stop(chat->web);
	chat->web = NULL;
}

static const struct channel_ops ops = {
	.name = "webchat",
	.caps = CHANNEL_PULL,
	.start = start,
	.send = send_line,
	.drain = drain,
	.stop = stop,
};

struct channel *
webchat_new(void)
{
	struct webchat *chat = xcalloc(1, sizeof(*chat));

	chat->ch.ops = &ops;
	chat->arena = arena_new();
	chat->people = map_new();
	return &chat->ch;
}

void
webchat_serve(struct channel *ch, const struct web_route *others, size_t n)
{
	struct webchat *chat = webchat_of(ch);

	assert(chat->web == NULL);
	chat->others = others;
	chat->n_others = n;
}

void
webchat_free(struct channel *ch)
{
	struct webchat *chat = ch == NULL ? NULL : webchat_of(ch);
	struct str key;
	void *value;
	size_t pos = 0;

	if (chat == NULL)
		return;
	stop(ch);
	/* flow went before it could answer these */
	for (struct put *put = chat->puts, *next; put != NULL; put = next) {
		next = put->next;
		put_free(put);
	}
	while (map_next(chat->people, &pos, &key, &value))
		free(value); /* waited for nothing that is left */
	map_free(chat->people);
	arena_free(chat->arena);
	free(chat);
}

int
webchat_port(const struct channel *ch)
{
	const struct webchat *chat = (const struct webchat *)ch;

	return chat->web == NULL ? 0 : web_port(chat->web);
}

size_t
webchat_connections(const struct channel *ch)
{
	const struct webchat *chat = (const struct webchat *)ch;

	return chat->web == NULL ? 0 : web_connections(chat->web);
}
