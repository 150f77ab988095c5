/*
 * json_scan_priv.h - the byte that ends a stretch of a JSON string, eight bytes at a time.
 */
#ifndef BOT_BASE_JSON_SCAN_PRIV_H
#define BOT_BASE_JSON_SCAN_PRIV_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/*
 * Eight bytes at a time: the high bit of each byte that is zero (or less than n) is set in
 * the result. A borrow can set it for bytes above a hit as well, so that only the lowest
 * hit may be believed, also when several results are joined by |.
 */
#define JSON_SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t
json_scan_less(uint64_t w, unsigned char n)
{
	return (w - JSON_SCAN_EACH(n)) & ~w & JSON_SCAN_EACH(0x80);
}

static inline uint64_t
json_scan_equal(uint64_t w, unsigned char c)
{
	return json_scan_less(w ^ JSON_SCAN_EACH(c), 1);
}

static inline uint64_t
json_scan_load(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

/* The first quote or backslash, or end. */
static inline const char *
json_scan_quote(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t w = json_scan_load(p);
		uint64_t hit = json_scan_equal(w, '"') | json_scan_equal(w, '\\');

		if (hit != 0)
			return p + __builtin_ctzll(hit) / 8;
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The first quote, backslash, control character or byte that is not ASCII, or end. */
static inline const char *
json_scan_special(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t w = json_scan_load(p);
		uint64_t hit = json_scan_equal(w, '"') | json_scan_equal(w, '\\') |
		               json_scan_less(w, ' ') | (w & JSON_SCAN_EACH(0x80));

		if (hit != 0)
			return p + __builtin_ctzll(hit) / 8;
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ' &&
	       (unsigned char)*p < 0x80)
		p++;
	return p;
}

#endif
