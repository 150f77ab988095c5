/*
 * http.c - the client: one request, its settings and its outcome. http_multi.c drives it.
 */
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bot/io/http_priv.h"
#include "credbot/base/alloc.h"

#define CONNECT_TIMEOUT_MS 10000L
/* A kept connection that a firewall forgot is the usual reason for a request that hangs:
 * most drop one after a minute or more of silence. */
#define IDLE_CONNECTION_S 50L
#define OLD_CONNECTION_S 600L
#define KEEPALIVE_IDLE_S 30L
#define KEEPALIVE_INTERVAL_S 10L
/* Bytes that nobody acknowledges for so long are lost with their connection. */
#define UNACKED_MS 20000
#define HEADERS_MAX ((size_t)64 * 1024)

/* A part while it is sent; its data stands in the call's body. */
struct part {
	char *name, *file, *type;
	const struct http_call *call;
	size_t at, len; /* in the body */
	size_t sent;
};

struct http_call {
	struct ticket ticket; /* the first member */
	struct http *http;
	struct http_call *next, **at; /* of all */
	enum http_lane lane;
	char *url;
	char method[8];
	int timeout_ms, redirects;
	struct curl_slist *headers;
	struct buf body;
	size_t body_sent;
	struct part *parts;
	size_t n_parts;
	curl_mime *mime; /* of its turn; NULL: it waits, or has no parts */
	struct buf answer;
	size_t answer_len, answer_max, headers_len;
	bool cut;
	int64_t retry_after_ms, date_ms;
	char host[256];
	/* What libcurl says more exactly than by its code. */
	char detail[CURL_ERROR_SIZE];
	bool (*on_data)(void *arg, struct str piece);
	http_done_fn *done;
	void *arg;
};

/* --- addresses */

static bool
is_this_machine(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
	       strcmp(host, "[::1]") == 0;
}

/* The URL as libcurl reads it; NULL, and why, if it is not one that we fetch. */
static CURLU *
read_url(const char *url, char *host, size_t size, const char **why)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *name = NULL;
	bool plain;

	*why = "is no absolute URL";
	if (u == NULL ||
	    curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_HOST, &name, 0) != CURLUE_OK)
		goto bad;
	(void)snprintf(host, size, "%s", name);
	plain = strcmp(scheme, "http") == 0;
	*why = "must begin with https://";
	if (strcmp(scheme, "https") != 0 && !(plain && is_this_machine(host)))
		goto bad;
	*why = NULL;
bad:
	curl_free(scheme);
	curl_free(name);
	if (*why == NULL)
		return u;
	curl_url_cleanup(u);
	return NULL;
}

enum rc
http_check_url(const char *url, struct err *err)
{
	char host[256];
	const char *why;
	CURLU *u = read_url(url, host, sizeof(host), &why);

	if (u == NULL) {
		err_set(err, "%s", why);
		return RC_INVALID;
	}
	curl_url_cleanup(u);
	return RC_OK;
}

/* --- what libcurl calls */

static size_t
give_body(char *out, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;
	size_t len = c->body.len - c->body_sent, room = size * n;

	len = len < room ? len : room;
	if (len > 0)
		memcpy(out, c->body.data + c->body_sent, len);
	c->body_sent += len;
	return len;
}

/* libcurl would go back to the start to send it all again; the server may have it. */
static int
refuse_to_go_back(void *arg, curl_off_t offset, int origin)
{
	(void)arg;
	(void)offset;
	(void)origin;
	return CURL_SEEKFUNC_FAIL;
}

static size_t
give_part(char *out, size_t size, size_t n, void *arg)
{
	struct part *p = arg;
	size_t len = p->len - p->sent, room = size * n;

	len = len < room ? len : room;
	if (len > 0)
		memcpy(out, p->call->body.data + p->at + p->sent, len);
	p->sent += len;
	return len;
}

static size_t
take_data(char *data, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;
	size_t len = size * n;

	c->answer_len += len;
	if (c->answer_len > c->answer_max ||
	    (c->on_data != NULL && !c->on_data(c->arg, str_n(data, len)))) {
		c->cut = true;
		return 0;
	}
	if (c->on_data == NULL)
		buf_add(&c->answer, data, len);
	return len;
}

/* A date in seconds since 1970; -1: it is none. */
static long long
read_date(struct str value)
{
	char text[64];

	if (value.len >= sizeof(text))
		return -1;
	memcpy(text, value.p, value.len);
	text[value.len] = '\0';
	return (long long)curl_getdate(text, NULL);
}

static void
take_date(struct http_call *c, struct str value)
{
	long long at = read_date(value);

	if (at >= 0)
		c->date_ms = at * 1000;
}

/* Seconds, or a date (RFC 9110, 10.2.3). */
static void
take_retry_after(struct http_call *c, struct str value)
{
	int64_t s;

	if (str_to_int(value, 0, INT64_MAX, &s) != RC_OK) {
		s = read_date(value);
		if (s < 0)
			return;
		s -= clock_now_ms(loop_clock(c->http->loop)) / 1000;
		s = s < 0 ? 0 : s;
	}
	c->retry_after_ms = s < RETRY_AFTER_MAX_S ? s * 1000 : RETRY_AFTER_MAX_S * 1000;
}

static const struct {
	const char *name;
	void (*take)(struct http_call *c, struct str value);
} headers[] = {
	{ "date:", take_date },
	{ "retry-after:", take_retry_after },
};

static size_t
take_header(char *data, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;
	struct str line = str_n(data, size * n);

	c->headers_len += line.len;
	if (c->headers_len > HEADERS_MAX) {
		c->cut = true;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		size_t len = strlen(headers[i].name);

		if (line.len > len && strncasecmp(line.p, headers[i].name, len) == 0)
			headers[i].take(c,
			    str_trim(str_n(line.p + len, line.len - len)));
	}
	return line.len;
}

static int
set_up_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void)arg;
	(void)purpose;
	/* Without it, a connection that is gone is noticed after a quarter of an hour. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &(int){ UNACKED_MS },
	    sizeof(int));
	return CURL_SOCKOPT_OK;
}

/* --- a request */

static void
keep_headers(struct http_call *c, const struct http_request *r)
{
	struct buf line = { 0 };

	/* libcurl would wait a second for a "100 Continue" that few servers send. */
	c->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < r->n_headers; i++) {
		buf_clear(&line);
		buf_printf(&line, "%s: %s", r->headers[i].name, r->headers[i].value);
		c->headers = curl_slist_append(c->headers, buf_cstr(&line));
	}
	if (r->content_type != NULL) {
		buf_clear(&line);
		buf_printf(&line, "Content-Type: %s", r->content_type);
		c->headers = curl_slist_append(c->headers, buf_cstr(&line));
	}
	buf_fini(&line);
}

static bool
has_body(const char *method)
{
	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
}

static void
keep_parts(struct http_call *c, const struct http_request *r)
{
	assert(r->n_parts <= HTTP_PARTS_MAX);
	c->parts = xcalloc(r->n_parts, sizeof(*c->parts));
	c->n_parts = r->n_parts;
	for (size_t i = 0; i < r->n_parts; i++) {
		const struct http_part *p = &r->parts[i];

		c->parts[i] = (struct part){
			.name = xstrdup(p->name),
			.file = p->file == NULL ? NULL : xstrdup(p->file),
			.type = p->type == NULL ? NULL : xstrdup(p->type),
			.call = c,
			.at = c->body.len,
			.len = p->data.len,
		};
		buf_add(&c->body, p->data.p, p->data.len);
	}
}

/* By callbacks, not by libcurl's own copy: that would be sent again on another connection
 * when a kept one dies. */
static void
set_parts(struct http_call *c, CURL *e)
{
	c->mime = curl_mime_init(e);
	for (size_t i = 0; i < c->n_parts; i++) {
		struct part *p = &c->parts[i];
		curl_mimepart *m = curl_mime_addpart(c->mime);

		(void)curl_mime_name(m, p->name);
		(void)curl_mime_filename(m, p->file);
		(void)curl_mime_type(m, p->type);
		(void)curl_mime_data_cb(m, (curl_off_t)p->len, give_part,
		    refuse_to_go_back, NULL, p);
	}
	curl_easy_setopt(e, CURLOPT_MIMEPOST, c->mime);
}

static void
set_body(struct http_call *c, CURL *e)
{
	curl_off_t len = (curl_off_t)c->body.len;

	if (c->n_parts > 0) {
		set_parts(c, e);
		return;
	}
	if (!has_body(c->method)) {
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, c->method);
		return;
	}
	if (strcmp(c->method, "POST") == 0) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, len);
	} else {
		curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, len);
	}
	curl_easy_setopt(e, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(e, CURLOPT_READDATA, c);
	curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, refuse_to_go_back);
	curl_easy_setopt(e, CURLOPT_SEEKDATA, c);
}

static void
set_limits(const struct http_call *c, CURL *e)
{
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
	curl_easy_setopt(e, CURLOPT_SOCKOPTFUNCTION, set_up_socket);
	curl_easy_setopt(e, CURLOPT_MAXAGE_CONN, c->http->idle_s);
	curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN, c->http->age_s);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, c->redirects > 0 ? 1L : 0L);
	curl_easy_setopt(e, CURLOPT_MAXREDIRS, (long)c->redirects);
}

static void
set_trust(const struct http_call *c, CURL *e)
{
	const struct http *h = c->http;
	bool plain = strncasecmp(c->url, "http:", 5) == 0;

	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR,
	    plain ? "http,https" : "https");
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	if (h->ca_file != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, h->ca_file);
	curl_easy_setopt(e, CURLOPT_PROXY, h->proxy == NULL || plain ? "" : h->proxy);
}

static void
set_rest(struct http_call *c, CURL *e)
{
	curl_easy_setopt(e, CURLOPT_PRIVATE, c);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->detail);
	curl_easy_setopt(e, CURLOPT_URL, c->url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	/* Else a name that is looked up keeps the loop standing when the request ends. */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_USERAGENT, "credbot");
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_data);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
}

CURL *
http_handle(struct ticket *t)
{
	struct http_call *c = (struct http_call *)t;
	CURL *e = curl_easy_init();

	assert(e != NULL);
	set_body(c, e);
	set_limits(c, e);
	set_trust(c, e);
	set_rest(c, e);
	return e;
}

struct http_call *
http_send(struct http *h, const struct http_request *r, http_done_fn *done, void *arg)
{
	struct http_call *c = xcalloc(1, sizeof(*c));
	const char *why;
	CURLU *u;

	*c = (struct http_call){ .http = h,
		.lane = r->lane,
		.url = xstrdup(r->url),
		.timeout_ms = r->timeout_ms,
		.redirects = r->redirects,
		.answer_max = r->answer_max,
		.on_data = r->on_data,
		.retry_after_ms = -1,
		.date_ms = -1,
		.done = done,
		.arg = arg };
	u = read_url(r->url, c->host, sizeof(c->host), &why);
	assert(u != NULL); /* http_check_url() was to be asked */
	curl_url_cleanup(u);
	(void)snprintf(c->method, sizeof(c->method), "%s", r->method);
	keep_headers(c, r);
	if (r->n_parts > 0)
		keep_parts(c, r);
	else if (has_body(c->method))
		buf_add(&c->body, r->body.p, r->body.len);
	c->next = h->calls;
	c->at = &h->calls;
	if (c->next != NULL)
		c->next->at = &c->next;
	h->calls = c;
	lane_add(h->lanes[r->lane], &c->ticket, c->host);
	return c;
}

static void
call_free(struct http_call *c)
{
	lane_remove(c->http->lanes[c->lane], &c->ticket);
	*c->at = c->next;
	if (c->next != NULL)
		c->next->at = c->at;
	free(c->url);
	curl_mime_free(c->mime); /* when nothing uses it any more */
	for (size_t i = 0; i < c->n_parts; i++) {
		free(c->parts[i].name);
		free(c->parts[i].file);
		free(c->parts[i].type);
	}
	free(c->parts);
	curl_slist_free_all(c->headers);
	buf_fini(&c->body);
	buf_fini(&c->answer);
	free(c);
}

void
http_cancel(struct http_call *c)
{
	call_free(c);
}

/* --- its end */

bool
http_has_left(const struct http_call *c)
{
	long sent = 0;

	if (c->ticket.easy == NULL)
		return false;
	(void)curl_easy_getinfo(c->ticket.easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent != 0;
}

static enum http_outcome
outcome_of(const struct http_call *c, CURLcode code)
{
	if (code == CURLE_OK)
		return HTTP_ANSWERED;
	if (c->cut)
		return HTTP_TOO_LONG;
	return http_has_left(c) ? HTTP_UNCERTAIN : HTTP_NOT_SENT;
}

/* Of a certificate, which fault it has; elsewhere the details may repeat the address, and the
 * token in it. */
static const char *
reason_of(const struct http_call *c, CURLcode code)
{
	if (c->cut)
		return "the answer is too long";
	if (code == CURLE_PEER_FAILED_VERIFICATION && c->detail[0] != '\0')
		return c->detail;
	return curl_easy_strerror(code);
}

void
http_ended(CURL *easy, CURLcode code)
{
	struct http_call *c;
	struct http_answer a = { .body = STR("") };
	char error[sizeof(c->host) + CURL_ERROR_SIZE + 2];
	long status = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&c);
	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	a.outcome = outcome_of(c, code);
	a.retry_after_ms = c->retry_after_ms;
	a.date_ms = c->date_ms;
	if (a.outcome == HTTP_ANSWERED)
		a.status = (int)status;
	(void)buf_cstr(&c->answer);
	a.body = buf_str(&c->answer);
	(void)snprintf(error, sizeof(error), "%s: %s", c->host, reason_of(c, code));
	a.error = a.outcome == HTTP_ANSWERED ? NULL : error;
	if (a.outcome == HTTP_UNCERTAIN)
		lane_distrust(c->http->lanes[c->lane]);
	c->done(c->arg, &a);
	call_free(c);
}

enum rc
http_new(struct http **out, struct loop *l, const struct http_options *o,
    struct err *err)
{
	struct http *h;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		err_set(err, "libcurl does not start");
		return RC_INVALID;
	}
	if (o->ca_file != NULL && access(o->ca_file, R_OK) != 0) {
		err_set(err, "%s: %s", o->ca_file, strerror(errno));
		return RC_INVALID;
	}
	h = xcalloc(1, sizeof(*h));
	h->loop = l;
	h->idle_s = o->idle_s == 0 ? IDLE_CONNECTION_S : o->idle_s;
	h->age_s = o->age_s == 0 ? OLD_CONNECTION_S : o->age_s;
	h->proxy = o->proxy == NULL ? NULL : xstrdup(o->proxy);
	h->ca_file = o->ca_file == NULL ? NULL : xstrdup(o->ca_file);
	for (size_t i = 0; i < HTTP_LANES; i++)
		h->lanes[i] = lane_new(l);
	*out = h;
	return RC_OK;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	for (struct http_call *c = h->calls, *next; c != NULL; c = next) {
		next = c->next;
		call_free(c);
	}
	for (size_t i = 0; i < HTTP_LANES; i++)
		lane_free(h->lanes[i]);
	free(h->proxy);
	free(h->ca_file);
	free(h);
	curl_global_cleanup();
}
