/*
 * matrix_id.c - ids: in accounts, in paths, and of what leaves.
 *
 * Ids are opaque ("Appendices", Common Identifier Format): those of rooms and events may
 * hold any character, and none of them is taken apart but a user's, for its server.
 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_priv.h"

static const char digits[] = "0123456789ABCDEF";

static void
add_escaped(struct buf *b, char c)
{
	buf_addc(b, '%');
	buf_addc(b, digits[(unsigned char)c >> 4]);
	buf_addc(b, digits[(unsigned char)c & 15]);
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

void
buf_add_path(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_unreserved(s.p[i]))
			buf_addc(b, s.p[i]);
		else
			add_escaped(b, s.p[i]);
}

/* --- accounts */

static void
add_part(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] > 0x20 && s.p[i] < 0x7f && s.p[i] != '%' && s.p[i] != '/')
			buf_addc(b, s.p[i]);
		else
			add_escaped(b, s.p[i]);
}

void
account_prefix(struct str room, const struct str *thread, struct buf *out)
{
	add_part(out, room);
	buf_addc(out, '/');
	if (thread == NULL)
		return;
	add_part(out, *thread);
	buf_addc(out, '/');
}

bool
account_write(struct str room, struct str thread, struct str user, struct buf *out)
{
	account_prefix(room, &thread, out);
	add_part(out, user);
	return out->len <= MESSAGE_ACCOUNT_MAX;
}

static int
digit_of(char c)
{
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static bool
read_part(struct str part, struct arena *a, struct str *out)
{
	char *text = arena_alloc(a, part.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < part.len; i++) {
		bool whole = part.len - i > 2;
		int high = whole ? digit_of(part.p[i + 1]) : -1;
		int low = whole ? digit_of(part.p[i + 2]) : -1;

		if (part.p[i] != '%') {
			text[n++] = part.p[i];
			continue;
		}
		if (high < 0 || low < 0)
			return false;
		text[n++] = (char)(high << 4 | low);
		i += 2;
	}
	*out = str_n(text, n);
	return true;
}

bool
account_read(struct str account, struct arena *a, struct account *out)
{
	struct str rest = account, room = str_cut(&rest, '/'), thread, user;

	if (rest.p == NULL)
		return false;
	thread = str_cut(&rest, '/');
	if (rest.p == NULL)
		return false;
	user = str_cut(&rest, '/');
	return rest.p == NULL && room.len > 0 && user.len > 0 &&
	       read_part(room, a, &out->room) && read_part(thread, a, &out->thread) &&
	       read_part(user, a, &out->user);
}

/* --- what leaves */

static void
add(crypto_generichash_state *st, struct str s)
{
	uint64_t len = s.len;

	(void)crypto_generichash_update(st, (const unsigned char *)&len, sizeof(len));
	(void)crypto_generichash_update(st, (const unsigned char *)s.p, s.len);
}

static void
finish(crypto_generichash_state *st, char out[MATRIX_TXN_SIZE])
{
	unsigned char hash[16];

	(void)crypto_generichash_final(st, hash, sizeof(hash));
	(void)sodium_bin2hex(out, MATRIX_TXN_SIZE, hash, sizeof(hash));
}

/* The time is that of the row on disk: a database that begins anew numbers its messages
 * like the old one, and the server would take its first answers for those of before. */
void
txn_of_message(const char *device, const struct outmsg *m, size_t part, bool plain,
    char out[MATRIX_TXN_SIZE])
{
	crypto_generichash_state st;
	char numbers[96];

	(void)crypto_generichash_init(&st, NULL, 0, 16);
	(void)snprintf(numbers, sizeof(numbers), "%lld %lld %lld %zu %d",
	    (long long)m->peer, (long long)m->seq, (long long)m->at_ms, part, plain);
	add(&st, str_of(device));
	add(&st, m->account);
	add(&st, str_of(numbers));
	finish(&st, out);
}

void
txn_of_room(const char *device, struct str room, const char *what,
    char out[MATRIX_TXN_SIZE])
{
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, NULL, 0, 16);
	add(&st, str_of(device));
	add(&st, room);
	add(&st, str_of(what));
	finish(&st, out);
}

void
txn_of_text(struct str text, char out[MATRIX_TXN_SIZE])
{
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, NULL, 0, 16);
	add(&st, text);
	finish(&st, out);
}

/* --- the rest */

bool
glob_matches(const char *glob, struct str s)
{
	const char *star = NULL;
	size_t i = 0, back = 0;

	/* On a mismatch the last star takes one character more. */
	while (i < s.len) {
		if (*glob == '*') {
			star = ++glob;
			back = i;
		} else if (*glob != '\0' && (*glob == '?' || *glob == s.p[i])) {
			glob++;
			i++;
		} else if (star != NULL) {
			glob = star;
			i = ++back;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

struct str
server_of(struct str user)
{
	struct str rest = user;

	(void)str_cut(&rest, ':');
	return rest.p == NULL ? STR("") : rest;
}

bool
is_id(struct str s, char sigil)
{
	return s.len > 1 && s.len <= MATRIX_ID_MAX && s.p[0] == sigil &&
	       memchr(s.p, '\0', s.len) == NULL;
}

bool
is_mxc(struct str s)
{
	static const char scheme[] = "mxc://";
	struct str rest, server;

	if (!str_starts(s, scheme))
		return false;
	rest = str_n(s.p + strlen(scheme), s.len - strlen(scheme));
	server = str_cut(&rest, '/');
	if (server.len == 0 || server.len > MATRIX_ID_MAX || rest.len == 0 ||
	    rest.len > MATRIX_ID_MAX)
		return false;
	for (size_t i = 0; i < server.len; i++)
		if (!is_unreserved(server.p[i]) && strchr("[]:", server.p[i]) == NULL)
			return false;
	for (size_t i = 0; i < rest.len; i++)
		if (!is_unreserved(rest.p[i]) || rest.p[i] == '.' || rest.p[i] == '~')
			return false;
	return true;
}
