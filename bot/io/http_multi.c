/*
 * http_multi.c - a lane: one libcurl multi handle on the loop.
 *
 * libcurl says which sockets it waits for and when it wants to be called at the latest; it is
 * never called from inside one of its own callbacks.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "bot/io/http_priv.h"
#include "credbot/base/alloc.h"

/* Of one server: what is sent to many people at a time, with room for one slow answer. */
#define CONNECTIONS_MAX 8

/* A host that has requests. libcurl can keep the rest waiting itself, but goes through all
 * of them whenever one ends, and each has a handle of 10 KB. */
struct host {
	struct host *next, **at;
	size_t n_running;
	struct ticket *first, **last; /* that wait */
	char name[];
};

struct lane {
	uv_loop_t *uv;
	uv_timer_t *timer;
	CURLM *multi;
	struct host *hosts;
	bool distrusted;
};

struct watch { /* of one socket */
	uv_poll_t poll;
	curl_socket_t fd;
	struct lane *lane;
};

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void
close_watch(struct watch *w)
{
	uv_poll_stop(&w->poll);
	uv_close((uv_handle_t *)&w->poll, on_closed);
}

/* --- the loop calls libcurl */

static void
end_finished(struct lane *lane)
{
	int left;

	for (CURLMsg *m; (m = curl_multi_info_read(lane->multi, &left)) != NULL;)
		if (m->msg == CURLMSG_DONE)
			http_ended(m->easy_handle, m->data.result);
}

static void
on_socket(uv_poll_t *poll, int status, int events)
{
	const struct watch *w = poll->data;
	struct lane *lane = w->lane;
	int what = 0, running;

	if (status < 0)
		what = CURL_CSELECT_ERR;
	if ((events & UV_READABLE) != 0)
		what |= CURL_CSELECT_IN;
	if ((events & UV_WRITABLE) != 0)
		what |= CURL_CSELECT_OUT;
	(void)curl_multi_socket_action(lane->multi, w->fd, what, &running);
	end_finished(lane);
}

static void
on_timer(uv_timer_t *timer)
{
	struct lane *lane = timer->data;
	int running;

	(void)curl_multi_socket_action(lane->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	end_finished(lane);
}

/* --- libcurl calls the loop */

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct lane *lane = arg;
	struct watch *w = socket_arg;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL)
			close_watch(w);
		(void)curl_multi_assign(lane->multi, fd, NULL);
		return 0;
	}
	if (w == NULL) {
		w = xcalloc(1, sizeof(*w));
		w->fd = fd;
		w->lane = lane;
		if (uv_poll_init_socket(lane->uv, &w->poll, fd) != 0) {
			free(w);
			return -1;
		}
		w->poll.data = w;
		(void)curl_multi_assign(lane->multi, fd, w);
	}
	if ((what & CURL_POLL_IN) != 0)
		events |= UV_READABLE;
	if ((what & CURL_POLL_OUT) != 0)
		events |= UV_WRITABLE;
	return uv_poll_start(&w->poll, events, on_socket) == 0 ? 0 : -1;
}

static int
set_timer(CURLM *multi, long ms, void *arg)
{
	struct lane *lane = arg;

	(void)multi;
	if (ms < 0)
		uv_timer_stop(lane->timer);
	else
		uv_timer_start(lane->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

/* --- a lane */

struct lane *
lane_new(struct loop *l)
{
	struct lane *lane = xcalloc(1, sizeof(*lane));

	lane->uv = loop_uv(l);
	lane->timer = xcalloc(1, sizeof(*lane->timer));
	(void)uv_timer_init(lane->uv, lane->timer);
	lane->timer->data = lane;
	lane->multi = curl_multi_init();
	assert(lane->multi != NULL);
	curl_multi_setopt(lane->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(lane->multi, CURLMOPT_SOCKETDATA, lane);
	curl_multi_setopt(lane->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(lane->multi, CURLMOPT_TIMERDATA, lane);
	curl_multi_setopt(lane->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)CONNECTIONS_MAX);
	return lane;
}

void
lane_free(struct lane *lane)
{
	(void)curl_multi_cleanup(lane->multi); /* stops watching what is left */
	uv_timer_stop(lane->timer);
	lane->timer->data = lane->timer;
	uv_close((uv_handle_t *)lane->timer, on_closed);
	free(lane);
}

static struct host *
host_of(struct lane *lane, const char *name)
{
	size_t size = strlen(name) + 1;
	struct host *h;

	for (h = lane->hosts; h != NULL; h = h->next)
		if (strcmp(h->name, name) == 0)
			return h;
	h = xcalloc(1, sizeof(*h) + size);
	memcpy(h->name, name, size);
	h->last = &h->first;
	h->next = lane->hosts;
	h->at = &lane->hosts;
	if (h->next != NULL)
		h->next->at = &h->next;
	lane->hosts = h;
	return h;
}

static void
host_free(struct host *h)
{
	*h->at = h->next;
	if (h->next != NULL)
		h->next->at = h->at;
	free(h);
}

static void
wait_in_line(struct ticket *t)
{
	struct host *h = t->host;

	t->at = h->last;
	*h->last = t;
	h->last = &t->next;
}

static void
leave_line(struct ticket *t)
{
	*t->at = t->next;
	if (t->next != NULL)
		t->next->at = t->at;
	else
		t->host->last = t->at;
	t->next = NULL;
}

static void
set_off(struct lane *lane, struct ticket *t)
{
	t->easy = http_handle(t);
	t->host->n_running++;
	curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, lane->distrusted ? 1L : 0L);
	lane->distrusted = false;
	(void)curl_multi_add_handle(lane->multi, t->easy);
}

void
lane_add(struct lane *lane, struct ticket *t, const char *host)
{
	t->host = host_of(lane, host);
	if (t->host->n_running < CONNECTIONS_MAX)
		set_off(lane, t);
	else
		wait_in_line(t);
}

void
lane_remove(struct lane *lane, struct ticket *t)
{
	struct host *h = t->host;
	struct ticket *next = h->first;

	if (t->easy == NULL) {
		leave_line(t);
		return;
	}
	(void)curl_multi_remove_handle(lane->multi, t->easy);
	curl_easy_cleanup(t->easy);
	h->n_running--;
	if (next != NULL) {
		leave_line(next);
		set_off(lane, next);
	} else if (h->n_running == 0) {
		host_free(h);
	}
}

void
lane_distrust(struct lane *lane)
{
	lane->distrusted = true;
}
