/*
 * test_base.c - text, memory and containers.
 */
#include <stdlib.h>

#include "credbot/base/alloc.h"
#include "credbot/base/arena.h"
#include "credbot/base/bucket.h"
#include "credbot/base/buf.h"
#include "credbot/base/chance.h"
#include "credbot/base/clock.h"
#include "credbot/base/err.h"
#include "credbot/base/json.h"
#include "credbot/base/log.h"
#include "credbot/base/map.h"
#include "credbot/base/str.h"
#include "t.h"

static void
test_str(void)
{
	struct str rest = STR("a,,b"), part;
	int n = 0;

	T_CHECK(str_is(str_trim(STR(" \t x y\n")), "x y"), "trim");
	T_CHECK(str_is(str_trim(STR("  ")), ""), "trim of blanks");
	while (rest.p != NULL) {
		part = str_cut(&rest, ',');
		n++;
	}
	T_INT(n, 3, "parts");
	T_CHECK(str_is(part, "b"), "last part");
	T_CHECK(str_starts(STR("/start abc"), "/start"), "starts");
	T_CHECK(!str_ends(STR("md"), ".md"), "ends");
	T_CHECK(str_is_nocase(STR("StoP"), "stop"), "nocase");
}

static void
test_numbers(void)
{
	static const struct {
		const char *in;
		enum rc rc;
		int64_t v;
	} rows[] = {
		{ "0", RC_OK, 0 },
		{ "-17", RC_OK, -17 },
		{ "9223372036854775807", RC_OK, INT64_MAX },
		{ "-9223372036854775808", RC_OK, INT64_MIN },
		{ "9223372036854775808", RC_INVALID, 0 },
		{ "", RC_INVALID, 0 },
		{ "-", RC_INVALID, 0 },
		{ "12x", RC_INVALID, 0 },
		{ " 1", RC_INVALID, 0 },
		{ "+1", RC_INVALID, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t v = 0;

		T_INT(str_to_int(str_of(rows[i].in), INT64_MIN, INT64_MAX, &v),
		    rows[i].rc, "row %zu", i);
		T_INT(v, rows[i].v, "value of row %zu", i);
	}
	T_INT(str_to_int(STR("11"), 0, 10, &(int64_t){ 0 }), RC_INVALID, "range");
}

static void
test_distance(void)
{
	static const struct {
		const char *a, *b;
		unsigned limit, want;
	} rows[] = {
		{ "", "", 2, 0 }, { "abc", "abc", 0, 0 }, { "abc", "acb", 2, 1 },
		{ "recieve", "receive", 2, 1 }, { "credencial", "credential", 2, 1 },
		{ "abcdef", "uvwxyz", 2, 3 }, { "a", "abcd", 2, 3 },
		{ "ca", "abc", 3, 3 }, /* alignment, not full Damerau */
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(str_distance(str_of(rows[i].a), str_of(rows[i].b), rows[i].limit),
		    rows[i].want, "row %zu", i);
}

static void
test_buf(void)
{
	struct buf b = { 0 };

	T_STR(buf_cstr(&b), "", "empty");
	buf_printf(&b, "%d-%s", 7, "x");
	buf_addc(&b, '!');
	T_STR(buf_cstr(&b), "7-x!", "built");
	buf_clear(&b);
	buf_add_json(&b, STR("a\"\\\n\x01\x7fé"));
	T_STR(buf_cstr(&b), "\"a\\\"\\\\\\n\\u0001\\u007fé\"", "json");
	buf_clear(&b);
	buf_add_html(&b, STR("<a href='x'>\"&"));
	T_STR(buf_cstr(&b), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;", "html");
	buf_clear(&b);
	buf_add_rune(&b, 0x41);
	buf_add_rune(&b, 0xE9);
	buf_add_rune(&b, 0x20AC);
	buf_add_rune(&b, 0x1F355);
	T_STR(buf_cstr(&b), "Aé€🍕", "runes");
	buf_fini(&b);
	buf_fini(&b);
}

static void
test_arena(void)
{
	struct arena *a = arena_new();
	char *big;

	for (int round = 0; round < 3; round++) {
		char *s = arena_printf(a, "%d %s", 42, "forty-two");

		T_STR(s, "42 forty-two", "round %d", round);
		big = arena_alloc(a, 200000);
		memset(big, 'x', 200000);
		T_INT(((int *)arena_zalloc(a, 100, sizeof(int)))[99], 0, "zeroed");
		arena_reset(a);
	}
	arena_free(a);
	arena_free(NULL);
}

static void
test_map(void)
{
	enum { N = 5000 };
	static int values[N];
	struct map *m = map_new();
	struct str key;
	void *value;
	size_t pos = 0, seen = 0;
	char name[32];

	for (int i = 0; i < N; i++) {
		(void)snprintf(name, sizeof(name), "key-%d", i);
		values[i] = i;
		if (map_put(m, str_of(name), &values[i]) != NULL)
			T_CHECK(false, "new %d", i);
	}
	T_INT(map_len(m), N, "all are new");
	for (int i = 0; i < N; i += 2) {
		(void)snprintf(name, sizeof(name), "key-%d", i);
		if (map_del(m, str_of(name)) != &values[i])
			T_CHECK(false, "delete %d", i);
	}
	T_INT(map_len(m), N / 2, "half is left");
	for (int i = 0; i < N; i++) {
		(void)snprintf(name, sizeof(name), "key-%d", i);
		if (map_get_c(m, name) != (i % 2 == 0 ? NULL : &values[i]))
			T_CHECK(false, "find %d", i);
	}
	while (map_next(m, &pos, &key, &value))
		seen++;
	T_INT(seen, N / 2, "walked");
	T_CHECK(map_put(m, STR("key-1"), &values[0]) == &values[1], "replaced");
	T_CHECK(map_del(m, STR("none")) == NULL, "nothing to delete");
	map_free(m);
	map_free(NULL);
}

static void
test_clock_text(void)
{
	static const struct {
		const char *in, *want; /* NULL: refused */
	} rows[] = {
		{ "2026-01-14", "2026-01-14T00:00:00Z" },
		{ "2026-01-14T10:00Z", "2026-01-14T10:00:00Z" },
		{ "2026-01-14T10:00:30+05:30", "2026-01-14T04:30:30Z" },
		{ "2026-01-14T10:00:30.25-05:00", "2026-01-14T15:00:30Z" },
		{ "2026-01-14T10:00+01:00[Europe/Paris]", "2026-01-14T09:00:00Z" },
		{ "2024-02-29", "2024-02-29T00:00:00Z" },
		{ "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z" },
		{ "2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z" },
		{ "2025-02-29", NULL },
		{ "2026-13-01", NULL },
		{ "2026-01-14T24:00Z", NULL },
		{ "2026-1-14", NULL },
		{ "tomorrow", NULL },
		{ "2026-01-14x", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char out[CLOCK_ISO_MAX] = "";
		int64_t ms = 0;
		enum rc rc = clock_parse(str_of(rows[i].in), &ms);

		T_INT(rc, rows[i].want == NULL ? RC_INVALID : RC_OK, "row %zu", i);
		if (rc != RC_OK)
			continue;
		clock_format(ms, out, sizeof(out));
		T_STR(out, rows[i].want, "row %zu", i);
	}
}

static void
test_owned_time_and_chance(void)
{
	struct clock c = clock_fixed(1000);
	struct chance one = chance_seeded(7), two = chance_seeded(7);
	char a[27], b[27];

	clock_advance(&c, 250);
	T_INT(clock_now_ms(&c), 1250, "wall");
	T_INT(clock_mono_ms(&c), 250, "monotonic");
	chance_token(&one, a, 26);
	chance_token(&two, b, 26);
	T_STR(a, b, "same seed, same token");
	chance_token(&two, b, 26);
	T_CHECK(strcmp(a, b) != 0, "the next one is another");
	T_INT(strlen(a), 26, "length");
	for (int i = 0; i < 1000; i++)
		if (chance_below(&one, 7) >= 7)
			T_CHECK(false, "draw %d", i);
}

static void
test_bucket(void)
{
	const struct bucket_rate rate = { .burst = 3, .refill_ms = 100 };
	struct bucket b = { 0 };

	for (int i = 0; i < 3; i++)
		T_CHECK(bucket_take(&b, rate, 5000), "token %d", i);
	T_CHECK(!bucket_take(&b, rate, 5099), "empty");
	T_CHECK(bucket_take(&b, rate, 5100), "one came back");
	T_CHECK(!bucket_take(&b, rate, 5150), "only one");
	for (int i = 0; i < 3; i++)
		T_CHECK(bucket_take(&b, rate, 90000), "full again %d", i);
	T_CHECK(!bucket_take(&b, rate, 90000), "but no more than full");
}

static void
test_json(void)
{
	static const char *const bad[] = { "", "{", "{\"a\":1}x", "[1,]", "\"\xff\"",
		"[[[[[[1]]]]]]", "{a:1}", "{'a':1}", "NaN", "[-Infinity]", "1.", "01",
		"-01", "[1.e5]", "\"\n\"", "\"\\u00e9\x01\"", "{\"\t\":1}",
		"\"\xED\xA0\x80\"", "\"\xC0\x80\"", "\"\xF4\x90\x80\x80\"" };
	static const char *const good[] = { "\"N'I.-01\"", "-0", "-0.5E-01", "1e-05",
		"\"\\\"N\\\\\"", "\t[ 0.25 ]\r\n", "\"\x7f\"" };
	struct json *v = json_parse(
	    STR("{\"s\":\"h\\u00e9\",\"n\":42,\"b\":true,\"a\":[\"x\"],\"o\":{}}"), 4);
	struct str s;

	T_CHECK(v != NULL, "parsed");
	T_CHECK(str_is(json_str(v, "s"), "hé"), "string");
	T_CHECK(str_is(json_str(v, "n"), ""), "a number is no string");
	T_INT(json_int(v, "n", -1), 42, "number");
	T_INT(json_int(v, "s", -1), -1, "a string is no number");
	T_CHECK(json_flag(v, "b", false), "boolean");
	T_INT(json_text(json_item(json_at(v, "a"), 0), &s), RC_OK, "item");
	T_CHECK(json_item(json_at(v, "a"), 1) == NULL, "behind the end");
	T_CHECK(json_at(json_at(v, "none"), "x") == NULL, "nothing below nothing");
	json_free(v);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		T_CHECK(json_parse(str_of(bad[i]), 4) == NULL, "bad row %zu", i);
	T_CHECK(json_parse(STR("[1]\0"), 4) == NULL, "NUL behind it");
	T_CHECK(json_parse(STR("[\"\0\"]"), 4) == NULL, "NUL in a string");
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		v = json_parse(str_of(good[i]), 4);
		T_CHECK(v != NULL, "good row %zu", i);
		json_free(v);
	}
}

static void
add_member(void *arg, const char *key, const struct json *v)
{
	struct buf *b = arg;

	buf_printf(b, "%s=", key);
	json_write(v, b);
	buf_addc(b, ' ');
}

static void
test_json_members(void)
{
	struct json *v = json_parse(
	    STR("{ \"b\":[1.50,\"/\\u00e9\"],\"a\":null, \"c\":{\"d\":true} }"), 4);
	struct buf b = { 0 };

	json_each(v, add_member, &b);
	T_STR(buf_cstr(&b), "b=[1.50,\"/é\"] a=null c={\"d\":true} ", "in order");
	T_INT(json_count(json_at(v, "b")), 2, "elements");
	T_INT(json_count(v), 0, "an object has none");
	T_INT(json_count(NULL), 0, "nor has nothing");
	json_each(NULL, add_member, &b);
	json_free(v);
	buf_fini(&b);
}

static void
keep_line(void *arg, enum log_level level, const char *line)
{
	(void)level;
	(void)snprintf(arg, 64, "%s", line);
}

static void
test_log(void)
{
	enum log_level level = LOG_INFO;
	char line[64] = "";

	log_set_sink(keep_line, line);
	log_hide(STR("AAsecret-secret"));
	log_hide(STR("AAsecret-secret"));
	log_hide(STR("short"));
	log_warn("x: /botAAsecret-secret/a AAsecret-secret, AAsecret-secre short");
	T_STR(line, "x: /bot***************/a ***************, AAsecret-secre short",
	    "a secret is hidden wherever it stands");
	for (int i = 0; i < 40; i++) {
		char secret[32];

		(void)snprintf(secret, sizeof(secret), "renewed-token-%d", i);
		log_hide(str_of(secret));
	}
	log_warn("renewed-token-24 renewed-token-39");
	T_STR(line, "**************** ****************", "the last sixteen");
	log_warn("outbox: gave up msg=%d", 812);
	T_STR(line, "outbox: gave up msg=812", "line");
	log_set_sink(NULL, NULL);
	T_INT(log_level_parse(STR("debug"), &level), RC_OK, "level");
	T_INT(level, LOG_DEBUG, "debug");
	T_INT(log_level_parse(STR("loud"), &level), RC_INVALID, "no such level");
}

static void
test_err_is_cut_at_a_character(void)
{
	char text[ERR_MAX * 2];
	struct err err;

	memset(text, 'x', sizeof(text));
	memcpy(text + ERR_MAX - 2, "é", 2);
	text[sizeof(text) - 1] = '\0';
	err_set(&err, "%s", text);
	T_INT(strlen(err.text), ERR_MAX - 2, "the half character is gone");
	err_set(NULL, "nobody is waiting");
}

int
main(void)
{
	T_RUN(test_str);
	T_RUN(test_numbers);
	T_RUN(test_distance);
	T_RUN(test_buf);
	T_RUN(test_arena);
	T_RUN(test_map);
	T_RUN(test_clock_text);
	T_RUN(test_owned_time_and_chance);
	T_RUN(test_bucket);
	T_RUN(test_json);
	T_RUN(test_json_members);
	T_RUN(test_log);
	T_RUN(test_err_is_cut_at_a_character);
	return t_end();
}
