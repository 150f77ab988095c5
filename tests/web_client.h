/*
 * web_client.h - a raw client of the web server, for tests that run its loop themselves.
 */
#ifndef CREDBOT_TESTS_WEB_CLIENT_H
#define CREDBOT_TESTS_WEB_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "credbot/base/alloc.h"
#include "credbot/base/buf.h"
#include "credbot/io/loop.h"
#include "t.h"

/* Long enough for a loaded machine; only what must not come waits it out. */
#define PATIENCE_MS 5000

enum {
	FIN = 0x80,
	TEXT = 1,
	BINARY = 2,
	CONTINUED = 0,
	CLOSE = 8,
	PING = 9,
	PONG = 10
};

struct client {
	struct loop *loop;
	int fd;
	bool ended;
	struct buf in;
};

/* Some turns of the loop, with a little time in between. */
static inline void
turns(struct loop *loop, int n)
{
	struct timespec t = { .tv_nsec = 200 * 1000 };

	for (int i = 0; i < n; i++) {
		loop_turn(loop);
		nanosleep(&t, NULL);
	}
}

static inline struct client
dial(struct loop *loop, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct client c = { .loop = loop };

	to.sin_port = htons((uint16_t)port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(c.fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		T_CHECK(false, "connect: %s", strerror(errno));
	(void)fcntl(c.fd, F_SETFL, O_NONBLOCK);
	return c;
}

static inline void
hang_up(struct client *c)
{
	close(c->fd);
	buf_fini(&c->in);
}

static inline void
put(struct client *c, const void *p, size_t n)
{
	const char *from = p;

	for (int tries = 0; n > 0 && tries < 10000; tries++) {
		ssize_t m = send(c->fd, from, n, MSG_NOSIGNAL);

		if (m > 0) {
			from += m;
			n -= (size_t)m;
		} else if (errno != EAGAIN) {
			return;
		}
		if (n > 0)
			turns(c->loop, 1);
	}
}

static inline void
puts_to(struct client *c, const char *s)
{
	put(c, s, strlen(s));
}

static inline void
take(struct client *c)
{
	char chunk[65536];
	ssize_t n = recv(c->fd, chunk, sizeof(chunk), 0);

	if (n > 0)
		buf_add(&c->in, chunk, (size_t)n);
	else if (n == 0 || errno != EAGAIN)
		c->ended = true;
}

/* Runs the loop until c has need bytes or its connection has ended. */
static inline void
await(struct client *c, size_t need, int ms)
{
	int64_t until = clock_mono_ms(clock_system()) + ms;

	while (c->in.len < need && !c->ended && clock_mono_ms(clock_system()) < until) {
		turns(c->loop, 1);
		take(c);
	}
}

/* Until the head of a reply and its body are there; the status, or 0 for a plain end. */
static inline int
reply(struct client *c)
{
	int64_t until = clock_mono_ms(clock_system()) + PATIENCE_MS;
	const char *end, *length;

	for (;;) {
		end = c->in.len == 0 ? NULL : strstr(c->in.data, "\r\n\r\n");
		if (end != NULL) {
			length = strstr(c->in.data, "Content-Length: ");
			if (length == NULL || length > end ||
			    c->in.len >= (size_t)(end + 4 - c->in.data) +
					     strtoul(length + 16, NULL, 10))
				break;
		}
		if (c->ended || clock_mono_ms(clock_system()) > until)
			break;
		turns(c->loop, 1);
		take(c);
	}
	if (c->in.len < 12 || strncmp(c->in.data, "HTTP/1.", 7) != 0)
		return c->ended ? 0 : -1;
	return atoi(c->in.data + 9);
}

static inline void
frame(struct client *c, int head, const void *p, size_t n, bool masked)
{
	static const unsigned char mask[4] = { 0x12, 0x34, 0x56, 0x78 };
	unsigned char *out = xmalloc(n + 14), *at = out;
	int bit = masked ? 0x80 : 0;

	*at++ = (unsigned char)head;
	if (n < 126) {
		*at++ = (unsigned char)((int)n | bit);
	} else if (n < 65536) {
		*at++ = (unsigned char)(126 | bit);
		*at++ = (unsigned char)(n >> 8);
		*at++ = (unsigned char)n;
	} else {
		*at++ = (unsigned char)(127 | bit);
		for (int i = 7; i >= 0; i--)
			*at++ = (unsigned char)((uint64_t)n >> (8 * i));
	}
	if (masked)
		memcpy(at, mask, 4);
	at += masked ? 4 : 0;
	for (size_t i = 0; i < n; i++)
		at[i] = (unsigned char)(((const char *)p)[i] ^
					(masked ? mask[i % 4] : 0));
	put(c, out, (size_t)(at - out) + n);
	free(out);
}

static inline void
say(struct client *c, const char *text)
{
	frame(c, FIN | TEXT, text, strlen(text), true);
}

/* The next frame: its opcode, or -1 at the end. payload is cleared first. */
static inline int
heard(struct client *c, struct buf *payload)
{
	size_t head = 2, n;
	int opcode;

	buf_clear(payload);
	await(c, 2, PATIENCE_MS);
	if (c->in.len < 2)
		return -1;
	n = (unsigned char)c->in.data[1];
	if (n == 126)
		head = 4;
	else if (n == 127)
		head = 10;
	await(c, head, PATIENCE_MS);
	if (c->in.len < head)
		return -1;
	if (head > 2) {
		n = 0;
		for (size_t i = 2; i < head; i++)
			n = n << 8 | (unsigned char)c->in.data[i];
	}
	await(c, head + n, PATIENCE_MS);
	if (c->in.len < head + n)
		return -1;
	buf_add(payload, c->in.data + head, n);
	opcode = c->in.data[0] & 0x0F;
	c->in.len -= head + n;
	memmove(c->in.data, c->in.data + head + n, c->in.len + 1);
	return opcode;
}

static inline int
close_code(const struct buf *payload)
{
	if (payload->len < 2)
		return 0;
	return (unsigned char)payload->data[0] << 8 | (unsigned char)payload->data[1];
}

#endif
