/*
 * attempts.c - which message was being worked on when the process ended.
 *
 * One page of a mapped file, written before a turn and cleared after it. The kernel keeps
 * the page when the process dies, so this costs two stores and no system call; that it does
 * not survive a power cut is right, since a power cut is not the message's fault.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bot/flow/flow_priv.h"
#include "credbot/base/alloc.h"

struct page {
	uint32_t under_way; /* written last, cleared first */
	uint16_t channel_len, account_len, id_len;
	char text[2 * (MESSAGE_ID_MAX + 1) + MESSAGE_ACCOUNT_MAX + 1];
};

struct attempts {
	volatile struct page *page;
};

enum rc
attempts_open(struct attempts **out, const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *p = MAP_FAILED;

	*out = NULL;
	if (fd >= 0 && ftruncate(fd, sizeof(struct page)) == 0)
		p = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED,
		    fd, 0);
	if (p == MAP_FAILED) {
		err_set(err, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return RC_IO;
	}
	close(fd);
	*out = xcalloc(1, sizeof(**out));
	(*out)->page = p;
	return RC_OK;
}

static struct page *
page_of(struct attempts *at)
{
	union {
		volatile struct page *mapped;
		struct page *plain;
	} u = { .mapped = at->page };

	return u.plain;
}

void
attempts_close(struct attempts *at)
{
	if (at == NULL)
		return;
	munmap(page_of(at), sizeof(struct page));
	free(at);
}

bool
attempts_left(struct attempts *at, struct str *channel, struct str *account,
    struct str *id)
{
	const struct page *p = page_of(at);

	if (at->page->under_way == 0 ||
	    (size_t)p->channel_len + p->account_len + p->id_len > sizeof(p->text))
		return false;
	*channel = str_n(p->text, p->channel_len);
	*account = str_n(p->text + p->channel_len, p->account_len);
	*id = str_n(p->text + p->channel_len + p->account_len, p->id_len);
	return true;
}

void
attempts_enter(struct attempts *at, const char *channel, struct str account,
    struct str id)
{
	struct page *p;
	size_t n = strlen(channel);

	if (at == NULL || n + account.len + id.len > sizeof(p->text))
		return;
	p = page_of(at);
	p->channel_len = (uint16_t)n;
	p->account_len = (uint16_t)account.len;
	p->id_len = (uint16_t)id.len;
	memcpy(p->text, channel, n);
	memcpy(p->text + n, account.p, account.len);
	memcpy(p->text + n + account.len, id.p, id.len);
	at->page->under_way = 1;
}

void
attempts_leave(struct attempts *at)
{
	if (at != NULL)
		at->page->under_way = 0;
}
