/*
 * test_json_split.c - a document in pieces of any size gives the same slices, one odd value
 * spoils itself alone, and nothing takes more memory than a slice.
 *
 * What the splitter tells is written down as text: "EVENT(!r)=1" for a slice, < and > for
 * the begin and end of an object, !deep, !long and !broken for what was refused; ~ for NUL.
 */
#include <stdlib.h>

#include "credbot/base/alloc.h"
#include "credbot/base/chance.h"
#include "credbot/base/json.h"
#include "credbot/base/json_split.h"
#include "t.h"

/* Twice the longest slice, since buffers double, and what keys and paths need. */
#define HELD_MAX ((size_t)2 * JSON_SPLIT_SIZE + 32768)

enum { NEXT, ROOM, EVENT, LIMITED, STATE, INVITE, LEAVE, TODEV };

static const char *const names[] = { "NEXT", "ROOM", "EVENT", "LIMITED", "STATE",
	"INVITE", "LEAVE", "TODEV" };

static const struct json_path sync_paths[] = {
	{ NEXT, "next_batch" },
	{ ROOM, "rooms.join.*{}" },
	{ EVENT, "rooms.join.*.timeline.events[]" },
	{ LIMITED, "rooms.join.*.timeline.limited" },
	{ STATE, "rooms.join.*.state.events[]" },
	{ INVITE, "rooms.invite.*.invite_state.events[]" },
	{ LEAVE, "rooms.leave.*" },
	{ TODEV, "to_device.events[]" },
};

static const struct json_split_rules sync_rules = { .paths = sync_paths,
	.n = ARRAY_LEN(sync_paths) };

/* What was told, and where to stop. */
struct log {
	struct buf text;
	size_t n;
	size_t stop_at; /* 0: never */
};

static bool
note(void *arg, const struct json_piece *p)
{
	static const char *const marks[] = {
		[JSON_PIECE_SLICE] = "=",
		[JSON_PIECE_TOO_DEEP] = "!deep=",
		[JSON_PIECE_TOO_LONG] = "!long=",
		[JSON_PIECE_BROKEN] = "!broken=",
		[JSON_PIECE_BEGIN] = "<",
		[JSON_PIECE_END] = ">",
	};
	struct log *log = arg;

	buf_adds(&log->text, names[p->id]);
	if (p->key.len > 0)
		buf_printf(&log->text, "(%.*s)", STR_ARG(p->key));
	buf_adds(&log->text, marks[p->kind]);
	for (size_t i = 0; i < p->text.len; i++)
		buf_addc(&log->text, p->text.p[i] != '\0' ? p->text.p[i] : '~');
	buf_addc(&log->text, ' ');
	log->n++;
	return log->n != log->stop_at;
}

static const char *const results[] = { "complete", "cut", "bad", "stopped" };

/* A copy of its own for each piece, so that a sanitizer sees what is read beside it. */
static bool
feed_copy(struct json_split *s, const char *p, size_t n)
{
	char *copy = xmalloc(n > 0 ? n : 1);
	bool more;

	memcpy(copy, p, n);
	more = json_split_feed(s, copy, n);
	free(copy);
	return more;
}

/* Feeds doc up to cut, then in steps; what was told, and the result, is added to out. */
static enum json_split_result
split(const struct json_split_rules *rules, struct str doc, size_t cut, size_t step,
    size_t stop_at, struct buf *out)
{
	struct log log = { .stop_at = stop_at };
	struct json_split *s = json_split_new(rules, note, &log);
	enum json_split_result end;

	if (cut > 0)
		feed_copy(s, doc.p, cut);
	for (size_t i = cut; i < doc.len; i += step)
		feed_copy(s, doc.p + i, step < doc.len - i ? step : doc.len - i);
	end = json_split_end(s);
	json_split_free(s);
	buf_addstr(out, buf_str(&log.text));
	buf_adds(out, results[end]);
	buf_fini(&log.text);
	return end;
}

/* Whole, byte by byte, in threes, and cut in two at every place: always want. */
static void
all_ways(const struct json_split_rules *rules, struct str doc, size_t stop_at,
    const char *want, const char *what, size_t row)
{
	struct buf out = { 0 };

	split(rules, doc, 0, doc.len + 1, stop_at, &out);
	T_STR(buf_cstr(&out), want, "%s %zu, whole", what, row);
	for (size_t step = 1; step <= 3; step += 2) {
		buf_clear(&out);
		split(rules, doc, 0, step, stop_at, &out);
		T_STR(buf_cstr(&out), want, "%s %zu, by %zu", what, row, step);
	}
	for (size_t cut = 1; cut < doc.len; cut++) {
		buf_clear(&out);
		split(rules, doc, cut, doc.len, stop_at, &out);
		if (strcmp(buf_cstr(&out), want) != 0)
			T_STR(buf_cstr(&out), want, "%s %zu, cut at %zu", what, row,
			    cut);
	}
	buf_fini(&out);
}

static const struct {
	struct str doc;
	const char *want;
} sync_rows[] = {
	{ STR("{}"), "complete" },
	{ STR(" \r\n\t{ } \n"), "complete" },
	{ STR("{\"next_batch\":\"s1\"}"), "NEXT=\"s1\" complete" },
	{ STR("{ \"next_batch\" : \"a\\\"b\\\\\" , \"x\" : 1 }"),
	    "NEXT=\"a\\\"b\\\\\" complete" },
	{ STR("{\"next_batch\":1}"), "NEXT=1 complete" },
	{ STR("{\"next_batch\":null }"), "NEXT=null complete" },
	{ STR("{\"next_batch\":{\"a\":[\"]\",\"}\"]},\"y\":[]}"),
	    "NEXT={\"a\":[\"]\",\"}\"]} complete" },
	/* given twice: both */
	{ STR("{\"next_batch\":1,\"next_batch\":2}"), "NEXT=1 NEXT=2 complete" },
	/* rooms, in any order */
	{ STR("{\"rooms\":{\"join\":{\"!a:x\":{\"timeline\":{\"limited\":true,"
	      "\"events\":[{\"e\":1},2, \"3\" ,[]]},\"state\":{\"events\":[{}]}},"
	      "\"!b\":{}}},\"next_batch\":\"s\"}"),
	    "ROOM(!a:x)< LIMITED(!a:x)=true EVENT(!a:x)={\"e\":1} EVENT(!a:x)=2 "
	    "EVENT(!a:x)=\"3\" EVENT(!a:x)=[] STATE(!a:x)={} ROOM(!a:x)> ROOM(!b)< "
	    "ROOM(!b)> NEXT=\"s\" complete" },
	{ STR("{\"rooms\":{\"leave\":{\"!a\":{\"timeline\":{\"events\":[1]}}},"
	      "\"invite\":"
	      "{\"!i\":{\"invite_state\":{\"events\":[{\"a\":\"[\"}]}}}}}"),
	    "LEAVE(!a)={\"timeline\":{\"events\":[1]}} INVITE(!i)={\"a\":\"[\"} "
	    "complete" },
	{ STR("{\"to_device\":{\"events\":[ ]}}"), "complete" },
	/* keys with escapes, on the way and as * */
	{ STR("{\"n\\u0065xt_batc\\u0068\":1,\"\\u006Eext_batch\":2,\"next_"
	      "batch\\u0000\":3}"),
	    "NEXT=1 NEXT=2 complete" },
	{ STR("{\"rooms\":{\"leave\":{\"\\\"\\\\\\/\\u00e9\\ud83c\\udf55é🍕\":1}}}"),
	    "LEAVE(\"\\/é🍕é🍕)=1 complete" },
	{ STR("{\"rooms\":{\"leave\":{\"a\\ud83c\":1,\"\\udf55b\":2,"
	      "\"\\ud83c\\ud83c\\udf55\":3,"
	      "\"\\ud83c\\n\":4,\"\\ud83cx\":5}}}"),
	    "LEAVE(a\xEF\xBF\xBD)=1 LEAVE(\xEF\xBF\xBD"
	    "b)=2 LEAVE(\xEF\xBF\xBD🍕)=3 LEAVE(\xEF\xBF\xBD\n)=4 "
	    "LEAVE(\xEF\xBF\xBDx)=5 "
	    "complete" },
	/* the wrong type is as good as absent */
	{ STR("{\"rooms\":[{\"join\":1}],\"to_device\":{\"events\":{\"a\":1}}}"),
	    "complete" },
	{ STR("{\"rooms\":{\"join\":{\"!a\":5,\"!b\":[],\"!c\":{\"timeline\":\"\"}}}}"),
	    "ROOM(!c)< ROOM(!c)> complete" },
	{ STR("[1,{\"next_batch\":1}]"), "complete" },
	/* scalars alone */
	{ STR("12"), "complete" },
	{ STR(" -0.5e+10 "), "complete" },
	{ STR("true"), "complete" },
	{ STR("\"\\u00e9é\""), "complete" },
	{ STR(""), "cut" },
	{ STR(" \n"), "cut" },
	{ STR("-"), "cut" },
	{ STR("nul"), "cut" },
	{ STR("1e"), "cut" },
	{ STR("\"a"), "cut" },
	/* what is wrong on the way makes the document wrong */
	{ STR("{\"next_batch\":1}}"), "NEXT=1 bad" },
	{ STR("{\"next_batch\":1} x"), "NEXT=1 bad" },
	{ STR("{\"next_batch\":1},"), "NEXT=1 bad" },
	{ STR("{\"next_batch\":1]"), "NEXT=1 bad" },
	{ STR("{\"next_batch\":1,}"), "NEXT=1 bad" },
	{ STR("{\"next_batch\":}"), "bad" },
	{ STR("{\"next_batch\" 1}"), "bad" },
	{ STR("{\"next_batch\":1 \"a\":2}"), "NEXT=1 bad" },
	{ STR("{\"next_batch\":1,,\"a\":2}"), "NEXT=1 bad" },
	{ STR("{,\"a\":2}"), "bad" },
	{ STR("{'next_batch':1}"), "bad" },
	{ STR("{next_batch:1}"), "bad" },
	{ STR("{/* */\"a\":1}"), "bad" },
	{ STR("{\"a\":1 // x\n}"), "bad" },
	{ STR("{\"a\":NaN}"), "bad" },
	{ STR("{\"a\":-Infinity}"), "bad" },
	{ STR("{\"a\":nulL}"), "bad" },
	{ STR("{\"a\":truetrue}"), "bad" },
	{ STR("{\"a\":01}"), "bad" },
	{ STR("{\"a\":-}"), "bad" },
	{ STR("{\"a\":1.}"), "bad" },
	{ STR("{\"a\":.5}"), "bad" },
	{ STR("{\"a\":+5}"), "bad" },
	{ STR("{\"a\":1e}"), "bad" },
	{ STR("{\"a\":1e+}"), "bad" },
	{ STR("{\"a\":0x1}"), "bad" },
	{ STR("{\"a\":'b'}"), "bad" },
	{ STR("{\"a\":\"\n\"}"), "bad" },
	{ STR("{\"a\":\"\0\"}"), "bad" },
	{ STR("{\"a\":1\0}"), "bad" },
	{ STR("\0{}"), "bad" },
	{ STR("{}\0"), "bad" },
	{ STR("{\"a\":\"\\x\"}"), "bad" },
	{ STR("{\"a\":\"\\\0\"}"), "bad" },
	{ STR("{\"a\":\"\\u12g4\"}"), "bad" },
	{ STR("{\"\\u123\":1}"), "bad" },
	{ STR("{\"a\":\"\x80\"}"), "bad" },
	{ STR("{\"a\":\"\xC0\x80\"}"), "bad" },
	{ STR("{\"a\":\"\xC3\"}"), "bad" },
	{ STR("{\"a\":\"\xE0\x80\x80\"}"), "bad" },
	{ STR("{\"a\":\"\xED\xA0\x80\"}"), "bad" },
	{ STR("{\"a\":\"\xF0\x80\x80\x80\"}"), "bad" },
	{ STR("{\"a\":\"\xF4\x90\x80\x80\"}"), "bad" },
	{ STR("{\"a\xFF\":1}"), "bad" },
	{ STR("{\"a\":"
	      "\"\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xE0\xA0\x80\""
	      "}"),
	    "complete" },
	{ STR("\xEF\xBB\xBF{}"), "bad" },
	{ STR("<html>"), "bad" },
	{ STR("{\"to_device\":{\"events\":[1,]}}"), "TODEV=1 bad" },
	{ STR("{\"to_device\":{\"events\":[,1]}}"), "bad" },
	{ STR("{\"to_device\":{\"events\":[1,,2]}}"), "TODEV=1 bad" },
	{ STR("{\"to_device\":{\"events\":[1}}"), "TODEV=1 bad" },
	{ STR("{\"to_device\":{\"events\":[{} x,2]}}"), "TODEV={} bad" },
	{ STR("{\"to_device\":{\"events\":[1:2]}}"), "TODEV=1:2 complete" },
	/* what is wrong in a slice stays there */
	{ STR("{\"to_device\":{\"events\":[NaN,{\"a\":NaN},{'b':'c'},[1,],{,},{\"a\" "
	      "1},"
	      "[\"\\x\"],[/**/"
	      "],-,\0,[\xFF],\"\xC0\",[\"\0\n\"],{\"ok\":1}]},\"next_batch\":2}"),
	    "TODEV=NaN TODEV={\"a\":NaN} TODEV={'b':'c'} TODEV=[1,] TODEV={,} "
	    "TODEV={\"a\" 1} TODEV=[\"\\x\"] TODEV=[/**/] TODEV=- TODEV=~ TODEV=[\xFF] "
	    "TODEV=\"\xC0\" TODEV=[\"~\n\"] TODEV={\"ok\":1} NEXT=2 complete" },
	{ STR("{\"to_device\":{\"events\":[1,{\"id\":[1}]}}"),
	    "TODEV=1 TODEV!broken={\"id\":[1 bad" },
	{ STR("{\"to_device\":{\"events\":[{\"a\":1],2]}}"),
	    "TODEV!broken={\"a\":1 bad" },
	/* so does what is wrong in a container that nothing leads into */
	{ STR("{\"presence\":{\"a\":NaN,'b':[,\"\\x\xFF\"]},\"next_batch\":2}"),
	    "NEXT=2 complete" },
	{ STR("{\"presence\":{\"a\":[1}},\"next_batch\":2}"), "bad" },
};

static void
test_sync(void)
{
	for (size_t i = 0; i < ARRAY_LEN(sync_rows); i++)
		all_ways(&sync_rules, sync_rows[i].doc, 0, sync_rows[i].want, "row", i);
}

/* A document that ends early is never complete, and tells what the whole one does first. */
static void
test_cut(void)
{
	for (size_t i = 0; i < ARRAY_LEN(sync_rows); i++) {
		struct str doc = str_trim(sync_rows[i].doc);
		struct buf whole = { 0 };

		if (split(&sync_rules, doc, 0, doc.len + 1, 0, &whole) ==
			JSON_SPLIT_COMPLETE &&
		    (doc.p[0] == '{' || doc.p[0] == '[')) {
			for (size_t n = 0; n < doc.len; n++) {
				struct buf out = { 0 };
				enum json_split_result end;

				end = split(&sync_rules, str_n(doc.p, n), 0, n + 1, 0,
				    &out);
				T_INT(end, JSON_SPLIT_CUT, "row %zu, %zu bytes", i, n);
				out.len -= strlen("cut");
				T_CHECK(str_starts(buf_str(&whole),
					    strndupa(out.data, out.len)),
				    "row %zu, %zu bytes", i, n);
				buf_fini(&out);
			}
		}
		buf_fini(&whole);
	}
}

/* Paths of other shapes; each row has its own. */
static void
test_paths(void)
{
	static const struct {
		const char *paths[3], *doc, *want;
	} rows[] = {
		{ { "" }, " {\"a\":NaN} ", "NEXT={\"a\":NaN} complete" },
		{ { "" }, "12", "NEXT=12 complete" },
		{ { "" }, "1 2", "NEXT=1 bad" },
		{ { "" }, "'x'", "NEXT='x' complete" },
		{ { "" }, "\"a\" ", "NEXT=\"a\" complete" },
		{ { "{}" }, "{\"a\":1}", "NEXT< NEXT> complete" },
		{ { "{}" }, "[1]", "complete" },
		{ { "[]" }, "[1,[2,3],{}]", "NEXT=1 NEXT=[2,3] NEXT={} complete" },
		{ { "[][]" }, "[1,[2,3],{\"a\":[4]}]", "NEXT=2 NEXT=3 complete" },
		{ { "[].a" }, "[{\"a\":1},{\"b\":2},{\"a\":{}}]",
		    "NEXT=1 NEXT={} complete" },
		{ { "[]{}", "[].a" }, "[{\"a\":1},2]", "NEXT< ROOM=1 NEXT> complete" },
		{ { "a[].b[]" }, "{\"a\":[{\"b\":[1,2]},{\"b\":3}]}",
		    "NEXT=1 NEXT=2 complete" },
		/* the first that names a value gets it; nothing is searched in it */
		{ { "a", "*" }, "{\"a\":1,\"b\":2}", "NEXT=1 ROOM(b)=2 complete" },
		{ { "*", "a" }, "{\"a\":1,\"b\":2}", "NEXT(a)=1 NEXT(b)=2 complete" },
		{ { "a.b", "a" }, "{\"a\":{\"b\":1}}", "ROOM={\"b\":1} complete" },
		{ { "a.b", "a.b{}", "a" }, "{\"a\":1}", "EVENT=1 complete" },
		/* two stars, one in each path */
		{ { "*.x", "a.*" }, "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":3}}",
		    "NEXT(a)=1 ROOM(y)=2 NEXT(b)=3 complete" },
		{ { "*[]" }, "{\"a\":[1],\"b\":[2]}", "NEXT(a)=1 NEXT(b)=2 complete" },
		{ { "*{}", "*.x" }, "{\"a\":{\"x\":{}},\"\":{}}",
		    "NEXT(a)< ROOM(a)={} NEXT(a)> NEXT< NEXT> complete" },
		{ { NULL }, "{\"a\":[1]}", "complete" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json_path paths[3];
		struct json_split_rules rules = { .paths = paths };

		while (rules.n < 3 && rows[i].paths[rules.n] != NULL) {
			paths[rules.n].id = (int)rules.n;
			paths[rules.n].path = rows[i].paths[rules.n];
			rules.n++;
		}
		all_ways(&rules, str_of(rows[i].doc), 0, rows[i].want, "row", i);
	}
}

static void
test_caps(void)
{
	static const struct json_path paths[] = { { EVENT, "e[]" }, { NEXT, "n" } };
	static const struct json_split_rules rules = { .paths = paths,
		.n = 2,
		.depth = 2,
		.size = 10 };
	static const struct {
		const char *doc, *want;
	} rows[] = {
		{ "{\"e\":[[[]],[{}]]}", "EVENT=[[]] EVENT=[{}] complete" },
		{ "{\"e\":[[[[]]],3]}", "EVENT!deep=[[[]]] EVENT=3 complete" },
		{ "{\"e\":[{\"a\":[{}]}]}", "EVENT!deep={\"a\":[{}]} complete" },
		{ "{\"e\":[\"23456789\", \"234567890\",1234567890 ,12345678901]}",
		    "EVENT=\"23456789\" EVENT!long=\"234567890\" EVENT=1234567890 "
		    "EVENT!long=12345678901 complete" },
		{ "{\"e\":[[[[\"234567890\"]]]],\"n\":1}",
		    "EVENT!deep=[[[\"234567890\"]]] NEXT=1 complete" },
		{ "{\"e\":[[1,2,3,4,5,6,7}", "EVENT!broken=[1,2,3,4,5,6,7 bad" },
	};
	struct buf doc = { 0 }, want = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		all_ways(&rules, str_of(rows[i].doc), 0, rows[i].want, "row", i);

	/* What is shown of a long one is bounded, and ends with a whole character. */
	buf_adds(&doc, "{\"e\":[[\"");
	for (size_t i = 0; i < 1500; i++)
		buf_adds(&doc, "€");
	buf_adds(&doc, "\"]]}");
	buf_adds(&want, "EVENT!long=[\"");
	for (size_t i = 0; i < (JSON_SPLIT_PREFIX - 2) / 3; i++)
		buf_adds(&want, "€");
	buf_adds(&want, " complete");
	all_ways(&rules, buf_str(&doc), 0, buf_cstr(&want), "prefix", 0);
	buf_fini(&doc);
	buf_fini(&want);
}

static void
test_keys(void)
{
	static const struct json_path paths[] = { { LEAVE, "*" } };
	static const struct json_split_rules rules = { .paths = paths, .n = 1 };

	for (size_t over = 0; over < 2; over++) {
		for (size_t escaped = 0; escaped < 2; escaped++) {
			struct buf doc = { 0 }, want = { 0 };

			buf_adds(&doc, "{\"");
			buf_adds(&want, "LEAVE(");
			for (size_t i = 0; i < JSON_SPLIT_KEY_MAX + over; i++) {
				buf_adds(&doc, escaped ? "\\u0061" : "a");
				buf_addc(&want, 'a');
			}
			buf_adds(&doc, "\":1,\"b\":2}");
			buf_adds(&want, ")=1 ");
			if (over)
				buf_clear(&want);
			buf_adds(&want, "LEAVE(b)=2 complete");
			all_ways(&rules, buf_str(&doc), 0, buf_cstr(&want), "over",
			    over);
			buf_fini(&doc);
			buf_fini(&want);
		}
	}
}

static void
test_stop(void)
{
	struct str doc = STR("{\"to_device\":{\"events\":[1,2,3]},\"rooms\":{\"join\":{"
			     "\"!a\":{},\"!b\":{}}},bad");
	static const char *const told[] = { "TODEV=1 ", "TODEV=2 ", "TODEV=3 ",
		"ROOM(!a)< ", "ROOM(!a)> ", "ROOM(!b)< ", "ROOM(!b)> " };
	struct buf want = { 0 };

	for (size_t n = 1; n <= ARRAY_LEN(told) + 1; n++) {
		buf_clear(&want);
		for (size_t i = 0; i < n && i < ARRAY_LEN(told); i++)
			buf_adds(&want, told[i]);
		buf_adds(&want, n <= ARRAY_LEN(told) ? "stopped" : "bad");
		all_ways(&sync_rules, doc, n, buf_cstr(&want), "stop at", n);
	}
	buf_fini(&want);
}

static void
test_fault(void)
{
	static const struct {
		const char *doc, *why;
		uint64_t at;
	} rows[] = {
		{ "{\"a\":1,}", "a key is missing", 7 },
		{ "{\"a\":NaN}", "a value is missing", 5 },
		{ "{\"a\":[}]", "brackets do not match", 6 },
		{ "{}  x", "something follows the document", 4 },
		{ "{\"a\":1", NULL, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t step = 1; step < 10; step++) {
			struct log log = { .n = 0 };
			struct json_split *s = json_split_new(&sync_rules, note, &log);
			size_t len = strlen(rows[i].doc);
			uint64_t at = 0;
			const char *why;
			bool more = true;

			for (size_t j = 0; j < len && more; j += step)
				more = feed_copy(s, rows[i].doc + j,
				    step < len - j ? step : len - j);
			why = json_split_fault(s, &at);
			T_CHECK(more == (rows[i].why == NULL), "row %zu", i);
			T_STR(why == NULL ? "none" : why,
			    rows[i].why == NULL ? "none" : rows[i].why, "row %zu", i);
			T_INT(at, rows[i].at, "row %zu by %zu", i, step);
			json_split_free(s);
			buf_fini(&log.text);
		}
	}
}

/* Counts what comes, and parses it. */
struct tally {
	size_t told[JSON_PIECE_END + 1];
	size_t parsed;
	size_t longest;
	bool odd;
};

static bool
count(void *arg, const struct json_piece *p)
{
	struct tally *t = arg;
	struct json *v;

	t->told[p->kind]++;
	if (p->text.len > t->longest)
		t->longest = p->text.len;
	if (p->kind != JSON_PIECE_SLICE)
		return true;
	v = json_parse(p->text, JSON_SPLIT_DEPTH + 1);
	if (v != NULL)
		t->parsed++;
	if (v != NULL && strcmp(json_str(v, "event_id").p, "$good") != 0)
		t->odd = true;
	json_free(v);
	return true;
}

static void
add_times(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_adds(b, s);
}

/* An event of which one part is poison, and what becomes of it. */
struct poison {
	struct str text;
	enum json_piece_kind kind;
};

/* A poison event between two good ones, in one room of three. */
static void
try_poison(const struct poison *p, size_t row)
{
	static const char good[] =
	    "{\"event_id\":\"$good\",\"content\":{\"body\":\"hi [{\"}}";
	static const size_t steps[] = { 1, 7, 4096, SIZE_MAX };
	struct buf doc = { 0 };

	buf_adds(&doc, "{\"rooms\":{\"join\":{");
	for (int room = 0; room < 3; room++) {
		buf_printf(&doc, "%s\"!%d\":{\"timeline\":{\"events\":[%s,",
		    room > 0 ? "," : "", room, good);
		if (room == 1) {
			buf_adds(&doc, "{\"event_id\":\"$bad\",\"content\":");
			buf_addstr(&doc, p->text);
			buf_adds(&doc, "},");
		}
		buf_printf(&doc, "%s]}}", good);
	}
	buf_adds(&doc, "}}}");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct tally t = { .parsed = 0 };
		struct json_split *s = json_split_new(&sync_rules, count, &t);
		bool broken = p->kind == JSON_PIECE_BROKEN;
		size_t step = steps[i] < doc.len ? steps[i] : doc.len, held = 0;

		for (size_t at = 0; at < doc.len; at += step) {
			json_split_feed(s, doc.data + at,
			    step < doc.len - at ? step : doc.len - at);
			if (json_split_held(s) > held)
				held = json_split_held(s);
		}
		T_INT(json_split_end(s),
		    broken ? JSON_SPLIT_NOT_JSON : JSON_SPLIT_COMPLETE, "row %zu", row);
		T_INT(t.parsed, broken ? 3 : 6, "row %zu", row);
		T_CHECK(!t.odd, "row %zu: a bad one was parsed", row);
		T_INT(t.told[p->kind], p->kind == JSON_PIECE_SLICE ? 7 : 1, "row %zu",
		    row);
		T_INT(t.told[JSON_PIECE_END], broken ? 1 : 3, "row %zu: rooms", row);
		T_CHECK(held <= HELD_MAX, "row %zu: %zu held", row, held);
		json_split_free(s);
	}
	buf_fini(&doc);
}

static void
test_poison(void)
{
	static const struct poison rows[] = {
		{ STR("NaN"), JSON_PIECE_SLICE },
		{ STR("-Infinity"), JSON_PIECE_SLICE },
		{ STR("\"\0\""), JSON_PIECE_SLICE },
		{ STR("\0"), JSON_PIECE_SLICE },
		{ STR("\"\x01\""), JSON_PIECE_SLICE },
		{ STR("\"\xFF\""), JSON_PIECE_SLICE },
		{ STR("\"\xED\xA0\x80\""), JSON_PIECE_SLICE },
		{ STR("\"\xC0\x80\""), JSON_PIECE_SLICE },
		{ STR("\"\\x\""), JSON_PIECE_SLICE },
		{ STR("'single'"), JSON_PIECE_SLICE },
		{ STR("{'a':1}"), JSON_PIECE_SLICE },
		{ STR("[1,]"), JSON_PIECE_SLICE },
		{ STR("{\"a\":1,}"), JSON_PIECE_SLICE },
		{ STR("[1,/* */2]"), JSON_PIECE_SLICE },
		{ STR("01"), JSON_PIECE_SLICE },
		{ STR("1."), JSON_PIECE_SLICE },
		{ STR(""), JSON_PIECE_SLICE },
		{ STR("{]"), JSON_PIECE_BROKEN },
		{ STR("[}"), JSON_PIECE_BROKEN },
		{ STR("[[}"), JSON_PIECE_BROKEN },
	};
	struct poison large = { .kind = JSON_PIECE_TOO_DEEP };
	struct buf text = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		try_poison(&rows[i], i);

	add_times(&text, "[", 10000);
	add_times(&text, "]", 10000);
	large.text = buf_str(&text);
	try_poison(&large, 100);

	buf_clear(&text);
	add_times(&text, "{\"a\":", 10000);
	add_times(&text, "1", 1);
	add_times(&text, "}", 10000);
	large.text = buf_str(&text);
	try_poison(&large, 101);

	buf_clear(&text);
	buf_addc(&text, '"');
	add_times(&text, "0123456789abcde\\\"", 1024 * 1024 / 17);
	buf_addc(&text, '"');
	large = (struct poison){ buf_str(&text), JSON_PIECE_TOO_LONG };
	try_poison(&large, 102);
	buf_fini(&text);
}

/* The deepest slice that is let through can be parsed, and no deeper one is. */
static void
test_depth(void)
{
	static const struct json_path paths[] = { { EVENT, "" } };
	static const struct json_split_rules rules = { .paths = paths, .n = 1 };
	struct buf text = { 0 };

	for (size_t deep = JSON_SPLIT_DEPTH; deep <= JSON_SPLIT_DEPTH + 1; deep++) {
		struct tally t = { .parsed = 0 };
		struct json_split *s = json_split_new(&rules, count, &t);

		buf_clear(&text);
		add_times(&text, "[", deep - 1);
		buf_adds(&text, "{\"event_id\":\"$good\"}");
		add_times(&text, "]", deep - 1);
		t.odd = false;
		json_split_feed(s, text.data, text.len);
		T_INT(json_split_end(s), JSON_SPLIT_COMPLETE, "%zu", deep);
		T_INT(t.parsed, deep == JSON_SPLIT_DEPTH ? 1 : 0, "%zu", deep);
		T_INT(t.told[JSON_PIECE_TOO_DEEP], deep > JSON_SPLIT_DEPTH, "%zu",
		    deep);
		json_split_free(s);
	}
	buf_fini(&text);
}

/* Ten million brackets, skipped and in a slice, up and (mostly) down again. */
static void
test_bomb(void)
{
	static const char *const starts[] = { "{\"x\":", "{\"next_batch\":" };
	static const struct {
		const char *open, *close;
	} kinds[] = { { "[", "]" }, { "{\"a\":", "}" } };
	const size_t total = 10000000, block = 1000000;

	for (size_t i = 0; i < ARRAY_LEN(starts) * ARRAY_LEN(kinds); i++) {
		struct tally t = { .parsed = 0 };
		struct json_split *s = json_split_new(&sync_rules, count, &t);
		struct buf open = { 0 }, close = { 0 };

		add_times(&open, kinds[i / 2].open, block);
		add_times(&close, kinds[i / 2].close, block);
		json_split_feed(s, starts[i % 2], strlen(starts[i % 2]));
		for (size_t n = 0; n < total; n += block)
			json_split_feed(s, open.data, open.len);
		T_CHECK(json_split_held(s) < HELD_MAX, "%zu", i);
		for (size_t n = 0; n < total; n += block)
			json_split_feed(s, close.data, close.len);
		json_split_feed(s, "}", 1);
		T_INT(json_split_end(s), JSON_SPLIT_COMPLETE, "%zu", i);
		T_INT(t.told[JSON_PIECE_TOO_DEEP], i % 2, "%zu", i);
		T_CHECK(t.longest <= JSON_SPLIT_PREFIX, "%zu", i);
		T_CHECK(json_split_held(s) < HELD_MAX, "%zu", i);
		json_split_free(s);
		buf_fini(&open);
		buf_fini(&close);
	}
}

/*
 * The other way to the same slices: the whole document as a tree, walked along each path.
 * Values are written anew by json_write() on both sides. One list of lines a path.
 */
struct found {
	struct buf list[ARRAY_LEN(sync_paths)];
};

static void
found_fini(struct found *f)
{
	for (size_t i = 0; i < ARRAY_LEN(f->list); i++)
		buf_fini(&f->list[i]);
}

static void
found_add(struct buf *list, struct str key, const struct json *v)
{
	buf_addstr(list, key);
	buf_addc(list, ' ');
	json_write(v, list);
	buf_addc(list, '\n');
}

struct walk {
	struct buf *list;
	const char *rest; /* of the path */
	const char *star;
};

static void walk(const struct walk *w, const struct json *v);

static void
walk_member(void *arg, const char *key, const struct json *v)
{
	const struct walk *w = arg;
	struct walk down = *w;
	size_t len = strcspn(w->rest, ".[{");

	down.rest = w->rest + len + (w->rest[len] == '.');
	if (len == 1 && w->rest[0] == '*')
		down.star = key;
	else if (strlen(key) != len || strncmp(w->rest, key, len) != 0)
		return;
	walk(&down, v);
}

static void
walk(const struct walk *w, const struct json *v)
{
	struct walk down = *w;

	if (*w->rest == '\0') {
		found_add(w->list, str_of(w->star), v);
	} else if (*w->rest == '[') {
		down.rest += 2;
		for (size_t i = 0; i < json_count(v); i++)
			walk(&down, json_item(v, i));
	} else {
		json_each(v, walk_member, &down);
	}
}

static bool
collect(void *arg, const struct json_piece *p)
{
	struct found *f = arg;
	struct json *v = json_parse(p->text, JSON_SPLIT_DEPTH + 1);

	if (p->kind == JSON_PIECE_SLICE)
		found_add(&f->list[p->id], p->key, v);
	json_free(v);
	return true;
}

/* Chance by the block: one number a call is most of the time of this test. */
struct dice {
	struct chance chance;
	uint32_t pool[1024];
	size_t left;
};

static uint32_t
roll(struct dice *d, uint32_t n)
{
	if (d->left == 0) {
		chance_bytes(&d->chance, d->pool, sizeof(d->pool));
		d->left = ARRAY_LEN(d->pool);
	}
	return d->pool[--d->left] % n;
}

static void
add_space(struct dice *d, struct buf *b)
{
	for (uint32_t n = roll(d, 8); n > 5; n--)
		buf_addc(b, " \n\t\r"[roll(d, 4)]);
}

/* A key, sometimes with escapes. */
static void
add_key(struct dice *d, struct buf *b, const char *key)
{
	buf_addc(b, '"');
	for (; *key != '\0'; key++) {
		if (roll(d, 12) == 0)
			buf_printf(b, "\\u%04x", (unsigned)*key);
		else
			buf_addc(b, *key);
	}
	buf_addc(b, '"');
}

static void add_value(struct dice *d, struct buf *b, int depth);

static void
add_scalar(struct dice *d, struct buf *b)
{
	static const char *const some[] = { "null", "true", "false", "0", "-1", "2.50",
		"1e9", "-0.1E-2", "123456789012345", "\"\"", "\"plain\"",
		"\"[{\\\"}]\"", "\"\\\\\"", "\"\\ud83c\\udf55\"",
		"\"é🍕 long enough for words\"", "\"a\\\\\\\\\\\"\\n\"", "[]", "{}" };

	buf_adds(b, some[roll(d, ARRAY_LEN(some))]);
}

/* Members named at random out of a list that has all the names on the paths. */
static void
add_object(struct dice *d, struct buf *b, int depth)
{
	static const char *const keys[] = { "next_batch", "rooms", "join", "invite",
		"leave", "timeline", "events", "limited", "state", "invite_state",
		"to_device", "!room:a.example", "x" };
	uint32_t first = roll(d, ARRAY_LEN(keys)), n = 1 + roll(d, 6);

	buf_addc(b, '{');
	for (uint32_t i = 0; i < n; i++) {
		buf_adds(b, i > 0 ? "," : "");
		add_space(d, b);
		add_key(d, b,
		    keys[(first + i * 5) % ARRAY_LEN(keys)]); /* no two alike */
		add_space(d, b);
		buf_addc(b, ':');
		add_space(d, b);
		add_value(d, b, depth - 1);
		add_space(d, b);
	}
	buf_addc(b, '}');
}

static void
add_value(struct dice *d, struct buf *b, int depth)
{
	uint32_t what = roll(d, 8);

	if (depth <= 0 || what == 0) {
		add_scalar(d, b);
	} else if (what < 3) {
		buf_addc(b, '[');
		for (uint32_t i = 0, n = roll(d, 4); i < n; i++) {
			buf_adds(b, i > 0 ? "," : "");
			add_space(d, b);
			add_value(d, b, depth - 1);
			add_space(d, b);
		}
		buf_addc(b, ']');
	} else {
		add_object(d, b, depth);
	}
}

static void
add_room(struct dice *d, struct buf *b, const char *part, const char *list)
{
	buf_addc(b, '{');
	add_key(d, b, part);
	buf_adds(b, ":{");
	add_key(d, b, list);
	buf_addc(b, ':');
	add_value(d, b, 3);
	buf_adds(b, "},\"n\":");
	add_value(d, b, 2);
	buf_addc(b, '}');
}

/* Like an answer to /sync, with a wrong type now and then. */
static void
add_sync(struct dice *d, struct buf *b)
{
	static const struct {
		const char *group, *part[2], *list[2];
	} kinds[] = {
		{ "join", { "timeline", "state" }, { "events", "limited" } },
		{ "invite", { "invite_state", "invite_state" },
		    { "events", "events" } },
		{ "leave", { "timeline", "state" }, { "events", "x" } },
	};

	buf_adds(b, "{\"rooms\":{");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		buf_adds(b, i > 0 ? "," : "");
		add_key(d, b, kinds[i].group);
		buf_adds(b, ":{");
		for (uint32_t room = 0, n = roll(d, 4); room < n; room++) {
			buf_printf(b, "%s\"!%u:h\\u002ee\":", room > 0 ? "," : "",
			    room);
			add_room(d, b, kinds[i].part[roll(d, 2)],
			    kinds[i].list[roll(d, 4) == 0]);
		}
		buf_addc(b, '}');
	}
	buf_adds(b, "},\"next_batch\":");
	add_value(d, b, 1);
	buf_adds(b, ",\"to_device\":{\"events\":[");
	add_value(d, b, 3);
	buf_addc(b, ',');
	add_value(d, b, 3);
	buf_adds(b, "]}}");
}

/* In pieces of chance sizes; the result. */
static enum json_split_result
feed_pieces(struct dice *d, struct json_split *s, struct str doc, uint32_t most)
{
	for (size_t i = 0; i < doc.len;) {
		size_t n = 1 + roll(d, most);

		n = n < doc.len - i ? n : doc.len - i;
		feed_copy(s, doc.p + i, n);
		i += n;
	}
	return json_split_end(s);
}

static void
test_slices_as_parsed(void)
{
	struct dice d = { .chance = chance_seeded(1) };
	size_t slices = 0;

	for (int round = 0; round < 3000; round++) {
		struct found want = { 0 }, got = { 0 };
		struct buf doc = { 0 };
		struct json_split *s = json_split_new(&sync_rules, collect, &got);
		struct json *v;

		if (round % 4 == 0)
			add_object(&d, &doc, 6);
		else
			add_sync(&d, &doc);
		v = json_parse(buf_str(&doc), 40);
		T_CHECK(v != NULL, "round %d: %s", round, buf_cstr(&doc));
		T_INT(feed_pieces(&d, s, buf_str(&doc), round % 2 ? 4 : 400),
		    JSON_SPLIT_COMPLETE, "round %d: %s", round, buf_cstr(&doc));
		for (size_t i = 0; i < ARRAY_LEN(sync_paths); i++) {
			struct walk w = { &want.list[i], sync_paths[i].path, "" };

			if (sync_paths[i].id == ROOM)
				continue;
			walk(&w, v);
			T_STR(buf_cstr(&got.list[i]), buf_cstr(&want.list[i]),
			    "round %d, %s: %s", round, w.rest, buf_cstr(&doc));
			slices += want.list[i].len > 0;
		}
		json_free(v);
		json_split_free(s);
		buf_fini(&doc);
		found_fini(&want);
		found_fini(&got);
	}
	T_CHECK(slices > 3000, "only %zu paths led to something", slices);
}

static void
mutate(struct dice *d, struct buf *doc)
{
	static const char bytes[] = "{}[]\",:\\u0e-.tn \n'/\x80\xC3\xED\xFF";

	for (uint32_t n = 1 + roll(d, 3); n > 0 && doc->len > 1; n--) {
		size_t at = roll(d, (uint32_t)doc->len);
		size_t len = roll(d, 3) == 0 ? roll(d, 40) : 1;

		len = len < doc->len - at ? len : doc->len - at;
		switch (roll(d, 4)) {
		case 0: /* gone */
			memmove(doc->data + at, doc->data + at + len,
			    doc->len - at - len);
			doc->len -= len;
			break;
		case 1: /* twice */
			(void)buf_reserve(doc, len);
			memmove(doc->data + at + len, doc->data + at, doc->len - at);
			doc->len += len;
			break;
		case 2:
			doc->data[at] = (char)roll(d, 256);
			break;
		default:
			doc->data[at] = bytes[roll(d, sizeof(bytes))];
		}
	}
}

/*
 * Documents with faults: in pieces as whole; what json_parse() takes as a whole is complete;
 * and what is complete with all slices good, it takes, unless the fault was skipped.
 */
static void
test_mutations(void)
{
	static const struct json_path paths[] = { { NEXT, "next_batch" },
		{ ROOM, "rooms{}" }, { EVENT, "rooms.*[]" }, { LEAVE, "*" } };
	static const struct json_split_rules rules = { .paths = paths,
		.n = ARRAY_LEN(paths),
		.depth = 5,
		.size = 100 };
	struct dice d = { .chance = chance_seeded(2) };
	size_t ends[4] = { 0 };

	for (int round = 0; round < 30000; round++) {
		const struct json_split_rules *r = round % 2 ? &rules : &sync_rules;
		struct buf doc = { 0 }, whole = { 0 };
		struct log log = { .n = 0 };
		struct json_split *s = json_split_new(r, note, &log);
		enum json_split_result end;
		struct json *v;

		if (round % 3 == 0)
			add_object(&d, &doc, 4);
		else
			add_sync(&d, &doc);
		mutate(&d, &doc);
		end = split(r, buf_str(&doc), 0, doc.len + 1, 0, &whole);
		ends[end]++;
		T_INT(feed_pieces(&d, s, buf_str(&doc), 1 + (uint32_t)round % 30), end,
		    "round %d: %.*s", round, (int)doc.len, doc.data);
		buf_adds(&log.text, results[end]);
		T_CHECK(str_eq(buf_str(&log.text), buf_str(&whole)), "round %d: %.*s",
		    round, (int)doc.len, doc.data);
		T_CHECK(json_split_held(s) < 32768, "round %d", round);
		v = json_parse(buf_str(&doc), 64);
		T_CHECK(v == NULL || end == JSON_SPLIT_COMPLETE, "round %d: %.*s",
		    round, (int)doc.len, doc.data);
		json_free(v);
		json_split_free(s);
		buf_fini(&doc);
		buf_fini(&whole);
		buf_fini(&log.text);
	}
	T_CHECK(ends[JSON_SPLIT_COMPLETE] > 1000 && ends[JSON_SPLIT_NOT_JSON] > 1000 &&
		    ends[JSON_SPLIT_CUT] > 100,
	    "%zu complete, %zu cut, %zu bad", ends[0], ends[1], ends[2]);
}

int
main(void)
{
	T_RUN(test_sync);
	T_RUN(test_cut);
	T_RUN(test_paths);
	T_RUN(test_caps);
	T_RUN(test_keys);
	T_RUN(test_stop);
	T_RUN(test_fault);
	T_RUN(test_poison);
	T_RUN(test_depth);
	T_RUN(test_bomb);
	T_RUN(test_slices_as_parsed);
	T_RUN(test_mutations);
	return t_end();
}
