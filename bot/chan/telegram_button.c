/*
 * telegram_button.c - what a button carries: which choice of which message, and a proof that
 * we offered it to this account.
 *
 * "CallbackQuery" of the Bot API warns that a client may send data that no button had. The
 * data are at most 64 bytes: version, message, choice and 8 bytes of a keyed hash (BLAKE2b),
 * as base64url.
 */
#include <string.h>

#include <sodium.h>

#include "bot/chan/telegram_priv.h"

#define VERSION 1
#define MAC_SIZE 8
#define DATA_SIZE (1 + 6 + 1 + MAC_SIZE)

static void
prove(const struct telegram *t, struct str account, const unsigned char *head, size_t n,
    unsigned char mac[MAC_SIZE])
{
	unsigned char full[crypto_generichash_BYTES];
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, t->key, sizeof(t->key), sizeof(full));
	(void)crypto_generichash_update(&st, head, n);
	(void)crypto_generichash_update(&st, (const unsigned char *)account.p,
	    account.len);
	(void)crypto_generichash_final(&st, full, sizeof(full));
	memcpy(mac, full, MAC_SIZE);
}

void
button_sign(const struct telegram *t, struct str account, int64_t seq, size_t i,
    struct buf *out)
{
	unsigned char d[DATA_SIZE] = { VERSION };
	char text[sodium_base64_ENCODED_LEN(DATA_SIZE,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

	for (size_t b = 0; b < 6; b++)
		d[1 + b] = (unsigned char)((uint64_t)seq >> (8 * (5 - b)));
	d[7] = (unsigned char)i;
	prove(t, account, d, 8, d + 8);
	(void)sodium_bin2base64(text, sizeof(text), d, sizeof(d),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	buf_adds(out, text);
}

bool
button_read(const struct telegram *t, struct str account, struct str data, int64_t *seq,
    size_t *i)
{
	unsigned char d[DATA_SIZE], mac[MAC_SIZE];
	size_t n = 0;

	if (sodium_base642bin(d, sizeof(d), data.p, data.len, NULL, &n, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    n != sizeof(d) || d[0] != VERSION)
		return false;
	prove(t, account, d, 8, mac);
	if (sodium_memcmp(mac, d + 8, MAC_SIZE) != 0)
		return false;
	*seq = 0;
	for (size_t b = 0; b < 6; b++)
		*seq = *seq << 8 | d[1 + b];
	*i = d[7];
	return true;
}
