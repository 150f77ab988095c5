/*
 * notify.c - one datagram to the service manager.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "credbot/base/alloc.h"
#include "credbot/base/log.h"
#include "credbot/ops/notify.h"

/* systemd's documentation advises to ping at half the time. */
#define PINGS_PER_TIMEOUT 2

void
notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path == NULL ? 0 : strlen(path);
	int fd;

	if (n == 0 || n >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0'; /* an abstract name */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0)
		log_warn("notify: the service manager does not listen");
	close(fd);
}

void
notify_ready(void)
{
	notify_send("READY=1");
}

void
notify_reloading(void)
{
	char state[64];

	/* The time must go with it: without, newer versions of systemd wait for it. */
	(void)snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)clock_mono_us(clock_system()));
	notify_send(state);
}

void
notify_stopping(void)
{
	notify_send("STOPPING=1");
}

struct watchdog {
	struct loop *loop;
	struct store *store;
	const struct flow *flow;
	struct timer *timer;
	struct deferral *turned;
	int64_t every_ms;
};

static void on_time(void *arg);

/* The loop has made its turn since the timer. */
static void
on_turned(void *arg)
{
	struct watchdog *w = arg;
	int64_t n;

	if (dead_count(w->store, &n) == RC_OK) {
		if (flow_alive(w->flow))
			notify_send("WATCHDOG=1");
	} else {
		log_warn("notify: the store does not answer; the watchdog is not fed");
	}
	w->timer = loop_after(w->loop, w->every_ms, on_time, w);
}

static void
on_time(void *arg)
{
	struct watchdog *w = arg;

	w->timer = NULL;
	deferral_arm(w->turned);
}

struct watchdog *
watchdog_new(struct loop *l, struct store *st, const struct flow *f)
{
	const char *usec = getenv("WATCHDOG_USEC");
	struct watchdog *w = xcalloc(1, sizeof(*w));
	int64_t us;

	*w = (struct watchdog){ .loop = l, .store = st, .flow = f };
	if (usec == NULL || str_to_int(str_of(usec), 1000, INT64_MAX, &us) != RC_OK)
		return w;
	w->every_ms = us / 1000 / PINGS_PER_TIMEOUT;
	w->turned = loop_deferral(l, on_turned, w);
	w->timer = loop_after(l, w->every_ms, on_time, w);
	return w;
}

void
watchdog_free(struct watchdog *w)
{
	if (w == NULL)
		return;
	loop_cancel(w->timer);
	deferral_free(w->turned);
	free(w);
}
