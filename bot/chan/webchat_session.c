/*
 * webchat_session.c - who is who: the cookie, and what is derived from it.
 *
 * A token is 26 characters of base 32: 130 random bits that only the browser keeps. From it
 * come, each by a hash with a context of its own, so that none leads to another:
 *
 * - the account that flow and the database know,
 * - the token of forms against cross-site requests. It needs no key of ours: who does not
 *   know the cookie cannot guess a hash of it, and it must stay the same when the program
 *   is started again while a page is open. Another site's page can neither read it nor,
 *   with SameSite=Strict, make the browser send the cookie; and Origin is checked as well.
 * - the epoch, by which a page sees that it belongs to another session now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/webchat_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"

/* 180 days. */
#define COOKIE_AGE_S 15552000

/*
 * How often accounts that are not here may be looked up: each may be new and cost a write
 * to the disk, and a stranger can make up cookies. 500 pages at once and 200 a second more
 * is a lecture hall after a restart.
 */
static const struct bucket_rate lookup_rate = { .burst = 500, .refill_ms = 5 };

static void
hash_hex(char *out, size_t chars, const char *context, const char *token)
{
	unsigned char hash[crypto_generichash_BYTES_MAX];
	char hex[2 * sizeof(hash) + 1];
	size_t n = chars / 2;
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, n);
	crypto_generichash_update(&st, (const unsigned char *)context, strlen(context));
	crypto_generichash_update(&st, (const unsigned char *)token, strlen(token));
	crypto_generichash_final(&st, hash, n);
	sodium_bin2hex(hex, sizeof(hex), hash, n);
	memcpy(out, hex, chars + 1);
}

static void
derive(struct session *s)
{
	s->account[0] = 'w';
	hash_hex(s->account + 1, ACCOUNT_CHARS - 1, "", s->token);
	hash_hex(s->csrf, CSRF_CHARS, "credbot webchat csrf 1:", s->token);
	hash_hex(s->epoch, EPOCH_CHARS, "credbot webchat epoch 1:", s->token);
}

void
session_new(struct session *s)
{
	chance_token(chance_system(), s->token, TOKEN_CHARS);
	derive(s);
}

bool
session_read(struct session *s, struct web_request *rq)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct str token = web_request_cookie(rq, "credbot");

	if (token.len != TOKEN_CHARS)
		return false;
	for (size_t i = 0; i < token.len; i++)
		if (token.p[i] == '\0' || strchr(digits, token.p[i]) == NULL)
			return false;
	memcpy(s->token, token.p, TOKEN_CHARS);
	s->token[TOKEN_CHARS] = '\0';
	derive(s);
	return true;
}

bool
session_csrf_is(const struct session *s, struct str csrf)
{
	return csrf.len == CSRF_CHARS &&
	       sodium_memcmp(csrf.p, s->csrf, CSRF_CHARS) == 0;
}

const char *
session_cookie(const struct session *s, struct arena *a, bool secure)
{
	return arena_printf(a,
	    "credbot=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", s->token,
	    COOKIE_AGE_S, secure ? "; Secure" : "");
}

bool
session_good_id(struct str id)
{
	static const char good[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_-";

	if (id.len == 0 || id.len > ID_CHARS)
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (id.p[i] == '\0' || strchr(good, id.p[i]) == NULL)
			return false;
	return true;
}

struct person *
person_get(struct webchat *chat, const char *account)
{
	struct person *p = map_get_c(chat->people, account);

	if (p != NULL)
		return p;
	p = xcalloc(1, sizeof(*p));
	p->chat = chat;
	memcpy(p->account, account, ACCOUNT_CHARS + 1);
	map_put(chat->people, str_of(p->account), p);
	return p;
}

void
person_release(struct person *p)
{
	if (p->socks != NULL || p->waiters != NULL || p->n_puts > 0)
		return;
	map_del(p->chat->people, str_of(p->account));
	free(p);
}

bool
person_identify(struct person *p)
{
	struct webchat *chat = p->chat;
	int64_t now = clock_mono_ms(loop_clock(chat->ch.loop));

	if (p->peer != 0)
		return true;
	if (!bucket_take(&chat->lookups, lookup_rate, now))
		return false;
	p->peer = flow_peer(chat->ch.flow, chat->ch.ops->name, str_of(p->account));
	return p->peer != 0;
}
