/*
 * test_matrix.c - the parts of the Matrix channel that need no network.
 */
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "bot/chan/matrix_priv.h"
#include "bot/chan/matrix_text.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "t.h"

static const struct matrix_self self = { "@bot:fake.test" };

/* " becomes ' in these rows, to be read by people. */
static void
unquote(const char *text, struct buf *b)
{
	buf_clear(b);
	buf_adds(b, text);
	for (size_t i = 0; i < b->len; i++)
		b->data[i] = b->data[i] == '\'' ? '"' : b->data[i];
}

static struct json *
parse(const char *text)
{
	struct buf b = { 0 };
	struct json *json;

	unquote(text, &b);
	json = json_parse(buf_str(&b), 64);
	T_CHECK(json != NULL, "%s", text);
	buf_fini(&b);
	return json;
}

/* --- events */

#define MIA "'event_id':'$1','sender':'@mia:fake.test','origin_server_ts':5,"
#define MESSAGE "{'type':'m.room.message'," MIA
#define TEXT(t) MESSAGE "'content':{'msgtype':'m.text','body':'" t "'}}"
#define RELATED(t, r)                                                                  \
	MESSAGE "'content':{'msgtype':'m.text','body':'" t "','m.relates_to':{" r "}}" \
		"}"
#define NAMED(t, more) MESSAGE "'content':{'msgtype':'m.text','body':'" t "'," more "}}"
#define EDIT(relates, content)                                                         \
	MESSAGE "'content':{'msgtype':'m.text','body':'* x','m.relates_to':" relates   \
		",'m.new_content':" content "}}"
#define STATE(type, key, content)                                                      \
	"{'type':'" type "'," MIA "'state_key':'" key "','content':{" content "}}"

static void
describe(const struct event *e, char *out, size_t size)
{
	static const char *const names[] = { "nothing", "message", "reaction",
		"redaction", "member", "encryption", "tombstone", "create" };
	static const char *const kinds[] = { "", " media", " edit", " open", " rating",
		" late" };
	struct buf b = { 0 };

	buf_adds(&b, names[e->kind]);
	if (e->kind == EVENT_NOTHING)
		buf_printf(&b, ": %s", e->why);
	if (e->kind == EVENT_MESSAGE)
		buf_printf(&b, "%s", kinds[e->message]);
	if (e->text.len > 0 && e->kind != EVENT_NOTHING)
		buf_printf(&b, " '%.*s'", STR_ARG(e->text));
	if (e->thread.len > 0)
		buf_printf(&b, " in %.*s", STR_ARG(e->thread));
	if (e->reply_to.len > 0 && e->kind != EVENT_NOTHING)
		buf_printf(&b, " to %.*s", STR_ARG(e->reply_to));
	if (e->edit_of.len > 0 && e->kind != EVENT_NOTHING)
		buf_printf(&b, " of %.*s", STR_ARG(e->edit_of));
	if (e->target.len > 0 && e->kind != EVENT_NOTHING)
		buf_printf(&b, " at %.*s", STR_ARG(e->target));
	if (e->names_us && e->kind != EVENT_NOTHING)
		buf_adds(&b, " us");
	if (e->kind == EVENT_MEMBER)
		buf_printf(&b, " %.*s %.*s>%.*s%s", STR_ARG(e->user),
		    STR_ARG(e->before), STR_ARG(e->membership),
		    e->direct ? " direct" : "");
	if (e->kind == EVENT_TOMBSTONE)
		buf_printf(&b, " %.*s", STR_ARG(e->replacement));
	if (e->space)
		buf_adds(&b, " space");
	if (e->predecessor.len > 0)
		buf_printf(&b, " replaces %.*s", STR_ARG(e->predecessor));
	(void)snprintf(out, size, "%s", buf_cstr(&b));
	buf_fini(&b);
}

static const struct {
	const char *json, *want;
} events[] = {
	{ TEXT("hi"), "message 'hi'" },
	{ MESSAGE "'content':{'msgtype':'m.emote','body':'waves'}}",
	    "message 'waves'" },
	{ MESSAGE "'content':{'msgtype':'x.new','body':'hi'}}", "message 'hi'" },
	/* None of ours. */
	{ MESSAGE "'content':{'msgtype':'m.notice','body':'hi'}}",
	    "nothing: written by no person" },
	{ MESSAGE "'content':{'msgtype':'m.text','body':'hi','org.matrix.msc1767."
		  "automated':true}}",
	    "nothing: written by no person" },
	{ MESSAGE "'content':{'msgtype':'m.text','body':'hi','org.matrix.msc1767."
		  "automated':7}}",
	    "message 'hi'" },
	{ MESSAGE "'content':{}}", "nothing: without text, or redacted" },
	{ MESSAGE "'content':[]}", "nothing: without text, or redacted" },
	{ MESSAGE "'content':{'msgtype':'m.text','body':7}}",
	    "nothing: without text, or redacted" },
	{ "{'type':'m.room.message','event_id':'$1','sender':'@bot:fake.test','content'"
	  ":"
	  "{'msgtype':'m.text','body':'hi'}}",
	    "nothing: our own" },
	{ "{'type':'m.room.message','sender':'@mia:fake.test','content':{'msgtype':"
	  "'m.text','body':'hi'}}",
	    "nothing: an event without a name" },
	{ "{'type':'m.room.message','event_id':'$1','sender':'mia','content':{}}",
	    "nothing: an event without a name" },
	{ "{'type':'m.room.message','event_id':'$a\\u0000','sender':'@mia:fake.test'}",
	    "nothing: an event without a name" },
	{ "{'type':'m.poll'," MIA "'content':{}}",
	    "nothing: of a kind that is not used" },
	{ "[]", "nothing: an event without a name" },
	{ STATE("m.room.message", "", "'msgtype':'m.text','body':'hi'"),
	    "nothing: state of a kind that is not used" },
	/* Media. */
	{ MESSAGE "'content':{'msgtype':'m.image','body':'a.png'}}",
	    "message media 'picture'" },
	{ MESSAGE "'content':{'msgtype':'m.image','body':'a.png','filename':'a.png'}}",
	    "message media 'picture'" },
	{ MESSAGE "'content':{'msgtype':'m.image','body':'which?','filename':'a.png'}}",
	    "message 'which?'" },
	{ MESSAGE
	    "'content':{'msgtype':'m.audio','body':'a','org.matrix.msc3245.voice':"
	    "{}}}",
	    "message media 'voice message'" },
	{ "{'type':'m.sticker'," MIA "'content':{'body':'cat'}}",
	    "message media 'sticker'" },
	/* Replies and threads. */
	{ RELATED("hi", "'m.in_reply_to':{'event_id':'$9'}"), "message 'hi' to $9" },
	{ RELATED("> <@bot:fake.test> one\\n> two\\n\\nyes",
	      "'m.in_reply_to':{'event_id':'$9'}"),
	    "message 'yes' to $9" },
	{ RELATED("> quoted\\n\\nyes", "'x':1"), "message '> quoted\n\nyes'" },
	{ RELATED("> all of it", "'m.in_reply_to':{'event_id':'$9'}"),
	    "nothing: our name alone" },
	{ RELATED("hi", "'m.in_reply_to':{'event_id':9}"), "message 'hi'" },
	{ RELATED("hi", "'rel_type':'m.thread','event_id':'$t','is_falling_back':true,"
			"'m.in_reply_to':{'event_id':'$9'}"),
	    "message 'hi' in $t" },
	{ RELATED("hi", "'rel_type':'m.thread','event_id':'$t',"
			"'m.in_reply_to':{'event_id':'$9'}"),
	    "message 'hi' in $t to $9" },
	{ RELATED("hi", "'rel_type':'m.thread'"), "message 'hi'" },
	{ RELATED("hi", "'rel_type':['m.thread'],'event_id':'$t'"), "message 'hi'" },
	/* Edits. */
	{ EDIT("{'rel_type':'m.replace','event_id':'$9'}",
	      "{'msgtype':'m.text','body':'ho'}"),
	    "message edit 'ho' of $9" },
	{ EDIT("{'rel_type':'m.replace'}", "{'msgtype':'m.text','body':'ho'}"),
	    "nothing: an edit of nothing" },
	{ EDIT("{'rel_type':'m.replace','event_id':'$9'}", "{'msgtype':'m.text'}"),
	    "nothing: an edit without text" },
	{ EDIT("{'rel_type':'m.replace','event_id':'$9'}", "'ho'"),
	    "nothing: an edit without text" },
	{ RELATED("* ho", "'rel_type':'m.replace','event_id':'$9'"),
	    "nothing: an edit without text" },
	/* Names. */
	{ NAMED("Bot: hi", "'m.mentions':{'user_ids':['@mia:fake.test']}"),
	    "message 'Bot: hi'" },
	{ NAMED("bot: hi", "'m.mentions':{'user_ids':['@leo:fake.test',"
			   "'@bot:fake.test']}"),
	    "message 'hi' us" },
	{ NAMED("@bot:fake.test, hi", "'m.mentions':{'user_ids':['@bot:fake.test']}"),
	    "message 'hi' us" },
	{ NAMED("hi", "'m.mentions':{'user_ids':'@bot:fake.test'}"), "message 'hi'" },
	{ NAMED("hi", "'m.mentions':{'room':true}"), "message 'hi'" },
	{ NAMED("hi", "'m.mentions':['@bot:fake.test']"), "message 'hi'" },
	{ NAMED("Credbot: hi",
	      "'formatted_body':'<a href=\\\"https://matrix.to/#/@bot:fake.test\\\">"
	      "Credbot</a>: hi'"),
	    "message 'hi' us" },
	{ NAMED("Credbot hi", "'formatted_body':'<a "
			      "href=\\\"https://matrix.to/#/%40bot%3Afake.test\\\">"
			      "Credbot</a> hi'"),
	    "message 'hi' us" },
	/* With m.mentions the link says nothing. */
	{ NAMED("Credbot hi",
	      "'m.mentions':{},'formatted_body':'<a href=\\\"https://matrix.to/#/"
	      "@bot:fake.test\\\">Credbot</a> hi'"),
	    "message 'Credbot hi'" },
	{ NAMED("x", "'formatted_body':'<a href=\\\"https://matrix.to/#/@bot:fake.tests"
		     "\\\">y</a>'"),
	    "message 'x'" },
	{ NAMED("bot:", "'m.mentions':{'user_ids':['@bot:fake.test']}"),
	    "nothing: our name alone" },
	/* About other messages. */
	{ "{'type':'m.reaction'," MIA "'content':{'m.relates_to':{'rel_type':"
	  "'m.annotation','event_id':'$9','key':'+'}}}",
	    "reaction '+' at $9" },
	{ "{'type':'m.reaction'," MIA "'content':{'m.relates_to':{'rel_type':"
	  "'m.thread','event_id':'$9','key':'+'}}}",
	    "nothing: a reaction to nothing, or taken back" },
	{ "{'type':'m.reaction'," MIA "'content':{}}",
	    "nothing: a reaction to nothing, or taken back" },
	{ "{'type':'m.room.redaction'," MIA "'content':{'redacts':'$9'}}",
	    "redaction at $9" },
	{ "{'type':'m.room.redaction'," MIA "'redacts':'$8','content':{}}",
	    "redaction at $8" },
	{ "{'type':'m.room.redaction'," MIA
	  "'redacts':'$8','content':{'redacts':'$9'}}",
	    "redaction at $9" },
	{ "{'type':'m.room.redaction'," MIA "'redacts':8,'content':{'redacts':[]}}",
	    "nothing: takes back nothing" },
	/* State. */
	{ STATE("m.room.member", "@leo:fake.test",
	      "'membership':'invite','is_direct':true"),
	    "member @leo:fake.test >invite direct" },
	{ "{'type':'m.room.member'," MIA "'state_key':'@leo:fake.test','unsigned':"
	  "{'prev_content':{'membership':'invite'}},'content':{'membership':'join'}}",
	    "member @leo:fake.test invite>join" },
	{ STATE("m.room.member", "leo", "'membership':'join'"),
	    "nothing: a member without a name" },
	{ STATE("m.room.member", "@leo:fake.test", "'membership':1"),
	    "nothing: a member without a name" },
	{ STATE("m.room.encryption", "", "'algorithm':7"), "encryption" },
	{ STATE("m.room.encryption", "x", "'algorithm':7"),
	    "nothing: state of a kind that is not used" },
	{ "{'type':'m.room.encrypted'," MIA "'content':{'algorithm':'x'}}",
	    "encryption" },
	{ STATE("m.room.tombstone", "", "'replacement_room':'!new'"),
	    "tombstone !new" },
	{ STATE("m.room.tombstone", "", "'replacement_room':'#new:fake.test'"),
	    "nothing: a tombstone that names no room" },
	{ STATE("m.room.create", "", "'type':'m.space'"), "create space" },
	{ STATE("m.room.create", "", "'predecessor':{'room_id':'!old'}"),
	    "create replaces !old" },
	{ STATE("m.room.create", "", "'predecessor':{'room_id':'#old'}"), "create" },
	{ STATE("m.room.create", "", "'type':['m.space']"), "create" },
};

static void
test_events(void)
{
	struct arena *a = arena_new();
	char got[300];

	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		struct json *json = parse(events[i].json);
		struct event e, *copy;

		event_read(json, &self, false, &e);
		copy = event_copy(a, &e);
		json_free(json);
		describe(copy, got, sizeof(got));
		T_STR(got, events[i].want, "row %zu", i);
		arena_reset(a);
	}
	arena_free(a);
}

/* Where the next value behind at begins; NULL if there is none. */
static const char *
next_value(const char *at)
{
	bool in_string = false;

	for (; *at != '\0'; at++) {
		if (*at == '\\' && in_string)
			at++;
		else if (*at == '"')
			in_string = !in_string;
		else if (!in_string && (*at == ':' || *at == '[' || *at == ',') &&
			 strchr("]}", at[1]) == NULL)
			return at + 1;
	}
	return NULL;
}

static const char *
end_of_value(const char *at)
{
	bool in_string = false;
	int depth = 0;

	for (; *at != '\0'; at++) {
		if (*at == '\\' && in_string) {
			at++;
			continue;
		}
		if (*at == '"')
			in_string = !in_string;
		if (in_string)
			continue;
		if (*at == '[' || *at == '{')
			depth++;
		if ((*at == ']' || *at == '}' || *at == ',') && depth == 0)
			return at;
		if (*at == ']' || *at == '}')
			depth--;
	}
	return at;
}

static bool
is_whole(const struct event *e)
{
	if (e->kind == EVENT_NOTHING)
		return e->why != NULL;
	if (!is_id(e->id, '$') || !is_id(e->sender, '@'))
		return false;
	if (e->kind == EVENT_MESSAGE)
		return e->text.len > 0 &&
		       (e->message != MESSAGE_EDIT || is_id(e->edit_of, '$')) &&
		       (e->thread.len == 0 || is_id(e->thread, '$'));
	if (e->kind == EVENT_MEMBER)
		return is_id(e->user, '@') && e->membership.len > 0;
	if (e->kind == EVENT_REACTION || e->kind == EVENT_REDACTION)
		return is_id(e->target, '$');
	return e->kind != EVENT_TOMBSTONE || is_id(e->replacement, '!');
}

/* Every value of every row becomes every other type: the event is whole, or nothing. */
static void
test_events_of_other_types(void)
{
	static const char *const values[] = { "null", "true", "7", "-0.5e300", "\"\"",
		"\"x\"", "\"\\u0000\"", "[]", "[{\"event_id\":[]}]", "{}",
		"{\"a\":{\"b\":[1]}}" };
	struct buf row = { 0 }, b = { 0 };
	int n = 0, bad = 0;

	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		unquote(events[i].json, &row);
		for (const char *at = next_value(buf_cstr(&row)); at != NULL;
		     at = next_value(at)) {
			const char *end = end_of_value(at);

			for (size_t k = 0; k < ARRAY_LEN(values); k++) {
				struct json *json;
				struct event e;

				buf_clear(&b);
				buf_add(&b, buf_cstr(&row),
				    (size_t)(at - buf_cstr(&row)));
				buf_adds(&b, values[k]);
				buf_adds(&b, end);
				json = json_parse(buf_str(&b), 64);
				event_read(json, &self, false, &e);
				n++;
				if (!is_whole(&e)) {
					bad++;
					fprintf(stderr, "\t%s\n", buf_cstr(&b));
				}
				json_free(json);
			}
		}
	}
	T_INT(bad, 0, "of %d", n);
	T_CHECK(n > 3000, "enough of them: %d", n);
	buf_fini(&row);
	buf_fini(&b);
}

/* --- ids */

static void
test_accounts(void)
{
	static const struct {
		const char *room, *thread, *user, *want;
	} rows[] = {
		{ "!r:fake.test", "", "@mia:fake.test",
		    "!r:fake.test//@mia:fake.test" },
		{ "!43chars", "$t", "@mia:fake.test", "!43chars/$t/@mia:fake.test" },
		{ "!a/b%c d", "$e/f+", "@\xC3\xA4:x",
		    "!a%2Fb%25c%20d/$e%2Ff+/@%C3%A4:x" },
	};
	static const char *const wrong[] = { "", "a", "a/b", "/b/c", "a/b/", "a/b/c/d",
		"a%2/b/c", "a%/b/c", "%zz/b/c", "a/b/c%4" };
	struct arena *a = arena_new();
	struct account got;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = { 0 };

		T_CHECK(account_write(str_of(rows[i].room), str_of(rows[i].thread),
			    str_of(rows[i].user), &b),
		    "row %zu", i);
		T_STR(buf_cstr(&b), rows[i].want, "row %zu", i);
		T_CHECK(account_read(buf_str(&b), a, &got), "row %zu", i);
		T_CHECK(str_is(got.room, rows[i].room) &&
			    str_is(got.thread, rows[i].thread) &&
			    str_is(got.user, rows[i].user),
		    "row %zu comes back", i);
		buf_fini(&b);
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		T_CHECK(!account_read(str_of(wrong[i]), a, &got), "%s", wrong[i]);
	arena_free(a);
}

static void
test_ids(void)
{
	static const struct {
		const char *glob, *s;
		bool want;
	} globs[] = {
		{ "*", "", true },
		{ "*", "abc", true },
		{ "", "", true },
		{ "", "a", false },
		{ "a?c", "abc", true },
		{ "a?c", "ac", false },
		{ "@*:fake.test", "@mia:fake.test", true },
		{ "@*:fake.test", "@mia:other.test", false },
		{ "*a*b*", "xxaxxbxx", true },
		{ "*a*b", "ab b", true },
		{ "*a*b", "ba", false },
		{ "a*", "b", false },
	};
	struct buf b = { 0 };
	char longest[MATRIX_ID_MAX + 2];

	for (size_t i = 0; i < ARRAY_LEN(globs); i++)
		T_INT(glob_matches(globs[i].glob, str_of(globs[i].s)), globs[i].want,
		    "%s %s", globs[i].glob, globs[i].s);
	buf_add_path(&b, STR("!a/b:c?#% \xC3\xA4~.-_9"));
	T_STR(buf_cstr(&b), "%21a%2Fb%3Ac%3F%23%25%20%C3%A4~.-_9", "in a path");
	buf_fini(&b);
	T_CHECK(str_is(server_of(STR("@mia:fake.test:8448")), "fake.test:8448"),
	    "the first colon");
	T_INT(server_of(STR("@mia")).len, 0, "none");
	memset(longest, '$', sizeof(longest));
	T_CHECK(is_id(str_n(longest, MATRIX_ID_MAX), '$'), "the longest");
	T_CHECK(!is_id(str_n(longest, MATRIX_ID_MAX + 1), '$'), "too long");
	T_CHECK(!is_id(STR("$"), '$') && !is_id(STR(""), '$'), "empty");
}

static void
test_transactions(void)
{
	struct outmsg m = { .peer = 1, .seq = 2, .account = STR("a"), .at_ms = 3 };
	char first[MATRIX_TXN_SIZE], other[MATRIX_TXN_SIZE];

	txn_of_message("D", &m, 0, false, first);
	txn_of_message("D", &m, 0, false, other);
	T_STR(other, first, "the same for the same");
	T_INT(strlen(first), 32, "as long as always");
	for (int i = 0; i < 7; i++) {
		struct outmsg n = m;

		n.peer += i == 0;
		n.seq += i == 1;
		n.at_ms += i == 2;
		n.account = i == 3 ? STR("b") : m.account;
		txn_of_message(i == 4 ? "E" : "D", &n, i == 5, i == 6, other);
		T_CHECK(strcmp(first, other) != 0, "another for another %d", i);
	}
}

/* --- what is wanted */

static void
test_invitations(void)
{
	static const char path[] = "/tmp/credbot-test-matrix.yaml";
	static const struct {
		const char *config, *inviter;
		bool direct, space, want;
	} rows[] = {
		{ "{}", "@mia:a.test", false, false, true },
		{ "{}", "@mia:a.test", true, false, true },
		{ "{}", "@mia:a.test", false, true, false },
		{ "{}", "", false, false, false },
		{ "{dm_only: true}", "@mia:a.test", false, false, false },
		{ "{dm_only: true}", "@mia:a.test", true, false, true },
		{ "{allow: ['*:a.test']}", "@mia:a.test", false, false, true },
		{ "{allow: ['*:a.test']}", "@mia:b.test", false, false, false },
		{ "{allow: [a.test]}", "@mia:a.test", false, false, true },
		{ "{deny: ['@mia:*']}", "@mia:a.test", false, false, false },
		{ "{deny: ['@mia:*']}", "@leo:a.test", false, false, true },
		{ "{allow: ['*'], deny: [a.test]}", "@leo:a.test", false, false,
		    false },
		{ "{max_rooms: 1}", "@leo:a.test", false, false, true },
		{ "{max_rooms: 1}", "@full:a.test", false, false, false },
		{ "{}", "@ignored:a.test", false, false, false },
	};

	struct clock clock = clock_fixed(1700000000000);
	struct loop *loop = loop_new(&clock);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct matrix m = { .rooms = map_new(), .ignored = map_new() };
		struct faults faults = { 0 };
		struct config *cf;
		struct buf b = { 0 };
		struct err err;

		buf_printf(&b, "matrix: %s\n", rows[i].config);
		T_INT(file_write_atomic(path, buf_str(&b), &err), RC_OK, "row %zu", i);
		m.config = cf = config_load(path, &faults);
		T_CHECK(cf != NULL, "row %zu", i);
		m.ch.loop = loop;
		m.errands = errands_new(&m);
		(void)map_put(m.ignored, STR("@ignored:a.test"), &m);
		if (strncmp(rows[i].inviter, "@full", 5) == 0)
			room_get(&m, STR("!r"), true)->joined = true;
		T_INT(invite_is_wanted(&m, str_of(rows[i].inviter), rows[i].direct,
			  rows[i].space),
		    rows[i].want, "row %zu", i);
		errands_free(m.errands);
		inviters_free(&m);
		rooms_free(&m);
		map_free(m.ignored);
		config_free(cf);
		faults_fini(&faults);
		buf_fini(&b);
	}
	loop_free(loop);
	(void)unlink(path);
}

/* MSG-11: which choice a reaction is. */
static void
test_tap_keys(void)
{
	static const struct {
		const char *key;
		size_t want;
	} rows[] = {
		{ "1\xef\xb8\x8f\xe2\x83\xa3", 1 },
		{ "5\xe2\x83\xa3", 5 },
		{ "0\xef\xb8\x8f\xe2\x83\xa3", 0 },
		{ "6\xef\xb8\x8f\xe2\x83\xa3", 0 },
		{ "1", 0 },
		{ "1\xef\xb8\x8f", 0 },
		{ "12\xe2\x83\xa3", 0 },
		{ "\xf0\x9f\x91\x8d", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(tap_read(str_of(rows[i].key)), rows[i].want, "row %zu", i);
}

/* SEND-9, SEND-11: nothing in an address leads elsewhere. */
static void
test_mxc(void)
{
	static const struct {
		const char *address;
		bool want;
	} rows[] = {
		{ "mxc://example.org/aB-_9", true },
		{ "mxc://example.org:8448/a", true },
		{ "mxc://[::1]:8448/a", true },
		{ "mxc://example.org/", false },
		{ "mxc:///a", false },
		{ "mxc://example.org/..", false },
		{ "mxc://example.org/a/b", false },
		{ "mxc://example.org/a?b", false },
		{ "mxc://exa mple.org/a", false },
		{ "mxc://a@example.org/a", false },
		{ "https://example.org/a", false },
		{ "", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(is_mxc(str_of(rows[i].address)), rows[i].want, "row %zu", i);
}

static void
test_errand_waits(void)
{
	static const int64_t want[] = { 0, 1000, 30000, 300000, 900000, 3600000,
		3600000 };

	for (int i = 0; i < (int)ARRAY_LEN(want); i++)
		T_INT(errand_wait_ms(i), want[i], "try %d", i);
	T_INT(errand_wait_ms(28), 3600000, "for a day");
	T_INT(errand_wait_ms(29), -1, "and no longer");
}

static void
test_rooms(void)
{
	struct matrix m = { .rooms = map_new() };
	struct values v;
	struct room *r;

	r = room_get(&m, STR("!r x"), true);
	T_CHECK(!room_is_direct(r), "not known");
	r->joined = r->encrypted = true;
	r->members = 2;
	T_CHECK(room_replaces(&m, r, STR("!old")) && room_replaced(&m, r, STR("!new")),
	    "SYNC-24 an upgrade");
	T_CHECK(!room_replaces(&m, r, STR("!old")), "which is known");
	T_CHECK(room_is_direct(r), "two");
	values_init(&v);
	room_keep(r, &v);
	T_INT(v.n, 1, "kept");
	rooms_free(&m);
	m.rooms = map_new();
	T_CHECK(room_load(&m, v.v[0].key, v.v[0].value), "read again");
	T_CHECK(!room_load(&m, STR("since"), STR("x")), "not another");
	r = room_get(&m, STR("!r x"), false);
	T_CHECK(r != NULL && r->joined && r->encrypted && !r->direct && r->members == 2,
	    "as it was");
	T_STR(r->predecessor, "!old", "SYNC-24 what it replaces");
	T_STR(r->successor, "!new", "SYNC-24 what it was replaced by");
	values_fini(&v);
	rooms_free(&m);
}

/* --- the server */

static void
test_well_known(void)
{
	static const struct {
		const char *body, *url;
		int status;
		enum rc want;
	} rows[] = {
		{ "{'m.homeserver':{'base_url':'https://hs.test'}}", "https://hs.test",
		    200, RC_OK },
		{ "{'m.homeserver':{'base_url':'https://hs.test/'}}", "https://hs.test",
		    200, RC_OK },
		{ "{'m.homeserver':{'base_url':'https://hs.test/x//'}}",
		    "https://hs.test/x", 200, RC_OK },
		{ "<html>", "", 404, RC_NOTFOUND },
		{ "{'m.homeserver':{'base_url':'https://hs.test'}}", "", 404,
		    RC_NOTFOUND },
		{ "", "", 500, RC_INVALID },
		{ "", "", 302, RC_INVALID },
		{ "", "", 200, RC_INVALID },
		{ "<html>", "", 200, RC_INVALID },
		{ "{}", "", 200, RC_INVALID },
		{ "{'m.homeserver':'https://hs.test'}", "", 200, RC_INVALID },
		{ "{'m.homeserver':{'base_url':7}}", "", 200, RC_INVALID },
		{ "{'m.homeserver':{'base_url':'/'}}", "", 200, RC_INVALID },
		{ "{'m.homeserver':{'base_url':'http://hs.test'}}", NULL, 200,
		    RC_INVALID },
		{ "{'m.homeserver':{'base_url':'hs.test'}}", NULL, 200, RC_INVALID },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf body = { 0 }, url = { 0 };
		struct err err = { "" };

		unquote(rows[i].body, &body);
		T_INT(session_read_well_known(rows[i].status, buf_str(&body), &url,
			  &err),
		    rows[i].want, "row %zu", i);
		T_CHECK((err.text[0] != '\0') == (rows[i].want == RC_INVALID),
		    "row %zu: %s", i, err.text);
		if (rows[i].url != NULL)
			T_STR(buf_cstr(&url), rows[i].url, "row %zu", i);
		buf_fini(&body);
		buf_fini(&url);
	}
}

static void
test_checks(void)
{
	static const char *const users[] = { "@bot:example.org", "@b:x:8448",
		"@a.b-c=_/:x" };
	static const char *const no_users[] = { "", "bot", "@bot", "bot:x", "@:x",
		"@bot:", "@bot:x/y", "@bot:x y", "@bot:x#" };
	struct err err;

	for (size_t i = 0; i < 2; i++)
		T_INT(matrix_check_user(users[i], &err), RC_OK, "%s", users[i]);
	for (size_t i = 0; i < ARRAY_LEN(no_users); i++)
		T_INT(matrix_check_user(no_users[i], &err), RC_INVALID, "%s",
		    no_users[i]);
	T_INT(matrix_check_device("AB_c-9.~", &err), RC_OK, "a device");
	T_INT(matrix_check_device("A B", &err), RC_INVALID, "none");
	T_INT(matrix_check_device("", &err), RC_INVALID, "none");
}

static void
test_answers(void)
{
	static const struct {
		enum http_outcome outcome;
		int status;
		const char *body;
		enum matrix_result result;
		enum send_verdict verdict;
		int64_t wait;
	} rows[] = {
		{ HTTP_ANSWERED, 200, "{'event_id':'$1'}", MATRIX_OK, SEND_DONE, -1 },
		{ HTTP_ANSWERED, 200, "<html>", MATRIX_UNCERTAIN, SEND_LATER, -1 },
		{ HTTP_NOT_SENT, 0, "", MATRIX_NOT_SENT, SEND_LATER, -1 },
		{ HTTP_UNCERTAIN, 0, "", MATRIX_UNCERTAIN, SEND_LATER, -1 },
		{ HTTP_TOO_LONG, 0, "", MATRIX_UNCERTAIN, SEND_LATER, -1 },
		{ HTTP_ANSWERED, 502, "<html>", MATRIX_UNCERTAIN, SEND_LATER, -1 },
		{ HTTP_ANSWERED, 504, "", MATRIX_UNCERTAIN, SEND_LATER, -1 },
		{ HTTP_ANSWERED, 500, "{'errcode':'M_UNKNOWN'}", MATRIX_REFUSED,
		    SEND_LATER, -1 },
		{ HTTP_ANSWERED, 503, "", MATRIX_REFUSED, SEND_LATER, -1 },
		{ HTTP_ANSWERED, 429,
		    "{'errcode':'M_LIMIT_EXCEEDED','retry_after_ms':7}", MATRIX_REFUSED,
		    SEND_LIMITED, 7 },
		{ HTTP_ANSWERED, 429, "", MATRIX_REFUSED, SEND_LIMITED, -1 },
		{ HTTP_ANSWERED, 413, "", MATRIX_REFUSED, SEND_SHORTER, -1 },
		{ HTTP_ANSWERED, 400, "{'errcode':'M_TOO_LARGE'}", MATRIX_REFUSED,
		    SEND_SHORTER, -1 },
		{ HTTP_ANSWERED, 403, "{'errcode':'M_FORBIDDEN'}", MATRIX_REFUSED,
		    SEND_NEVER, -1 },
		{ HTTP_ANSWERED, 403, "{'errcode':'M_USER_SUSPENDED'}", MATRIX_REFUSED,
		    SEND_PAUSED, -1 },
		{ HTTP_ANSWERED, 403, "{'errcode':'M_RESOURCE_LIMIT_EXCEEDED'}",
		    MATRIX_REFUSED, SEND_PAUSED, -1 },
		{ HTTP_ANSWERED, 400, "{'errcode':'M_USER_LIMIT_EXCEEDED'}",
		    MATRIX_REFUSED, SEND_PAUSED, -1 },
		{ HTTP_ANSWERED, 401, "{'errcode':'M_UNKNOWN_TOKEN'}", MATRIX_REFUSED,
		    SEND_LATER, -1 },
		{ HTTP_ANSWERED, 400, "{'errcode':'M_BAD_JSON'}", MATRIX_REFUSED,
		    SEND_NEVER, -1 },
		{ HTTP_ANSWERED, 400, "{'errcode':7}", MATRIX_REFUSED, SEND_NEVER, -1 },
		{ HTTP_ANSWERED, 418, "{'errcode':'ORG_TEA'}", MATRIX_REFUSED,
		    SEND_NEVER, -1 },
		{ HTTP_ANSWERED, 404, "<html>", MATRIX_REFUSED, SEND_LATER, -1 },
		{ HTTP_ANSWERED, 404, "{'errcode':'M_NOT_FOUND'}", MATRIX_REFUSED,
		    SEND_NEVER, -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf body = { 0 };
		struct http_answer a = { .outcome = rows[i].outcome,
			.status = rows[i].status,
			.retry_after_ms = -1,
			.error = "host: broken" };
		struct matrix_reply r;
		struct json *tree;

		unquote(rows[i].body, &body);
		a.body = buf_str(&body);
		matrix_read(&a, &tree, &r);
		T_INT(r.result, rows[i].result, "row %zu", i);
		T_INT(send_judge(&r), rows[i].verdict, "row %zu", i);
		T_INT(r.retry_after_ms, rows[i].wait, "row %zu", i);
		T_CHECK(r.result == MATRIX_OK || r.description[0] != '\0', "row %zu",
		    i);
		json_free(tree);
		buf_fini(&body);
	}
}

/* MSG-2: who never pauses is not read for ever. */
static void
test_runs(void)
{
	struct matrix_run run = { 0 };
	int64_t now = 1000000;
	int n = 0;

	while (n < 10000 && run_count(&run, now += 10000))
		n++;
	T_INT(n, 500, "an answer every ten seconds");
	T_INT(run_count(&run, now += 299999), false, "that is no pause");
	T_INT(run_count(&run, now += 300000), true, "that is one");
	for (n = 0; n < 10000 && run_count(&run, now += 300000);)
		n++;
	T_INT(n, 10000, "who pauses may write for ever");
}

static void
test_gate(void)
{
	struct matrix_gate g = { .wide = true };
	int64_t now = 1000000;

	for (int i = 0; i < 100; i++)
		T_INT(gate_pass(&g, now), 0, "no limit is known");
	T_INT(gate_is_narrow(&g), false, "nor is it narrow");
	gate_taken(&g, now - 3000);
	T_INT(gate_close(&g, now, 1950), 2000, "told to wait");
	T_INT(g.refill_ms, 7500, "half more than since the last that was taken");
	T_INT(gate_close(&g, now, 500), 550, "others that were under way");
	T_INT(g.refill_ms, 7500, "say nothing new");
	T_INT(gate_is_narrow(&g), true, "that is narrow");
	g = (struct matrix_gate){ .refill_ms = 100 };
	gate_taken(&g, now);
	T_INT(gate_close(&g, now, 4950), 5000, "told to wait");
	T_INT(g.refill_ms, 5000, "by now it is known");
	T_INT(gate_pass(&g, now + 1), 4999, "closed for all");
	now += 5000;
	T_INT(gate_pass(&g, now), 0, "one");
	T_INT(gate_pass(&g, now), 5000, "and the next when it was told");
	T_INT(gate_pass(&g, now + 5000), 0, "then");
	now += (int64_t)10 * 60 * 1000;
	for (int i = 0; i < 17; i++) {
		T_INT(gate_pass(&g, now), 0, "it has been forgotten");
		T_INT(gate_pass(&g, now), i == 16 ? 0 : 20, "one asks %d", i);
		gate_tell(&g, now, true);
		gate_taken(&g, now);
	}
	T_INT(gate_pass(&g, now), 0, "more went through than usual");
	g.wide = false;
	T_INT(gate_pass(&g, now + 999), 20, "one asks");
	T_INT(gate_pass(&g, now + 1000), 0, "but holds up nobody for long");
	g.wide = true;
	gate_tell(&g, now, false);
	T_INT(gate_pass(&g, now), 1000, "the server is down");
	T_INT(gate_pass(&g, now + 1000), 0, "one asks");
	T_INT(gate_pass(&g, now + 1000), 1000, "for all");
	gate_tell(&g, now + 1000, true);
	T_INT(gate_pass(&g, now + 1000), 0, "it is there again");
	T_INT(gate_pass(&g, now + 1000), 0, "for all");
	now += 2000;
	T_INT(gate_close(&g, now, -1), 1050, "unsaid");
	T_INT(gate_close(&g, now, (int64_t)86400 * 1000), 3600050, "a day is an hour");

	g = (struct matrix_gate){ .per_minute = 60, .wide = true };
	for (int i = 0, n = 0; i <= 60000; i += 50) {
		n += gate_pass(&g, i) == 0;
		if (i == 0)
			T_INT(gate_pass(&g, i), 0, "SYNC-14 some at once");
		if (i == 60000)
			T_CHECK(n >= 55 && n <= 60, "SYNC-14 %d in a minute", n);
	}
}

static void
test_backoff(void)
{
	for (int i = 0; i < 100; i++) {
		int64_t ms = matrix_backoff_ms(i), least = i < 6 ? 1000 << i : 60000;

		T_CHECK(ms >= least && ms <= least + least / 5 + 1, "try %d: %lld", i,
		    (long long)ms);
	}
}

/* --- news */

static void
add_rooms(struct buf *b, const struct news *n)
{
	static const char *const kinds[] = { "joined", "invited", "left" };
	char text[300];

	for (const struct room_news *r = n->first; r != NULL; r = r->next) {
		buf_printf(b, "%s %.*s", kinds[r->kind], STR_ARG(r->id));
		if (r->members >= 0)
			buf_printf(b, " of %lld", (long long)r->members);
		if (r->limited)
			buf_printf(b, " limited %.*s", STR_ARG(r->prev_batch));
		for (const struct event *e = r->state.first; e != NULL; e = e->next) {
			describe(e, text, sizeof(text));
			buf_printf(b, " <%s>", text);
		}
		for (const struct event *e = r->timeline.first; e != NULL;
		     e = e->next) {
			describe(e, text, sizeof(text));
			buf_printf(b, " [%s]", text);
		}
		if (r->has_state_after)
			buf_adds(b, " after");
		for (const struct event *e = r->state_after.first; e != NULL;
		     e = e->next) {
			describe(e, text, sizeof(text));
			buf_printf(b, " {%s}", text);
		}
		buf_adds(b, "; ");
	}
	buf_printf(b, "%.*s ignored=%zu bad=%d", STR_ARG(n->next_batch), n->n_ignored,
	    n->n_bad);
}

static void
read_news(const char *text, size_t step, bool first, struct buf *out)
{
	struct news_reader *r = news_reader_new(&self, first);
	struct buf b = { 0 };
	struct news *n;

	unquote(text, &b);
	for (size_t at = 0; at < b.len; at += step)
		(void)news_feed(r,
		    str_n(b.data + at, b.len - at < step ? b.len - at : step));
	n = news_end(r);
	buf_clear(out);
	if (n == NULL)
		buf_adds(out, "none");
	else
		add_rooms(out, n);
	buf_fini(&b);
	news_reader_free(r);
}

static void
test_news(void)
{
	static const struct {
		const char *json;
		bool first;
		const char *want;
	} rows[] = {
		{ "{'next_batch':'s1'}", false, "s1 ignored=0 bad=0" },
		{ "", false, "none" },
		{ "{}", false, "none" },
		{ "{'next_batch':7}", false, "none" },
		{ "{'next_batch':'s1'", false, "none" },
		{ "<html>", false, "none" },
		{ "{'next_batch':'s1','rooms':{'join':{'!r':{'timeline':{'events':"
		  "[" TEXT("hi") ",7,{'type':1}," TEXT(
		      "ho") "],'limited':true,'prev_batch':"
			    "'p'},'summary':{'m.joined_member_count':2,'m.invited_"
			    "member_count':1},"
			    "'state':{'events':[" STATE("m.room.encryption", "",
				"") "]}}},"
				    "'invite':{'!i':{'invite_state':{'events':[{'type':"
				    "'m.room.member',"
				    "'sender':'@mia:x','state_key':'@bot:fake.test','"
				    "content':{"
				    "'membership':'invite'}}]}}},'leave':{'!l':{}}}}",
		    false,
		    "joined !r of 3 limited p <encryption> [message 'hi'] [message "
		    "'ho']; "
		    "invited !i <member @bot:fake.test >invite>; left !l; s1 ignored=0 "
		    "bad=0" },
		/* state_after, empty or not, and in any order. */
		{ "{'rooms':{'join':{'!r':{'state_after':{'events':[]},'timeline':{"
		  "'events':[" TEXT("hi") "]}}}},'next_batch':'s1'}",
		    false, "joined !r [message 'hi'] after; s1 ignored=0 bad=0" },
		/* History. */
		{ "{'rooms':{'join':{'!r':{'timeline':{'events':[" TEXT(
		      "hi") "," STATE("m.room.encryption", "",
		      "") "]}}}},'next_batch':'s1'}",
		    true, "joined !r [encryption]; s1 ignored=0 bad=0" },
		/* What is wrong spoils itself. */
		{ "{'rooms':{'join':{'!r':{'timeline':{'events':[{'a':NaN},'\\ud800'"
		  "," TEXT("hi") "]}},'r':{'timeline':{'events':[" TEXT(
		      "no") "]}}},"
			    "'invite':[],'leave':7},'next_batch':'s1'}",
		    false, "joined !r [message 'hi']; s1 ignored=0 bad=2" },
		{ "{'account_data':{'events':[{'type':'m.ignored_user_list','content':{"
		  "'ignored_users':{'@a:x':{},'@b:x':null}}}]},'next_batch':'s1'}",
		    false, "s1 ignored=2 bad=0" },
		{ "{'account_data':{'events':[{'type':'m.ignored_user_list','content':"
		  "7}]},"
		  "'next_batch':'s1'}",
		    false, "s1 ignored=0 bad=0" },
	};
	struct buf got = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t step = 1; step < 5000; step = step * 3 + 1) {
			read_news(rows[i].json, step, rows[i].first, &got);
			T_STR(buf_cstr(&got), rows[i].want, "row %zu by %zu", i, step);
		}
	buf_fini(&got);
}

/* Far too large and far too deep events, and memory that stays small. */
static void
test_news_without_measure(void)
{
	struct news_reader *r = news_reader_new(&self, false);
	struct buf b = { 0 };
	struct news *n;

	(void)news_feed(r,
	    STR("{\"rooms\":{\"join\":{\"!r\":{\"timeline\":{\"events\":["));
	for (int i = 0; i < 200000; i++)
		(void)news_feed(r, STR("["));
	for (int i = 0; i < 200000; i++)
		(void)news_feed(r, STR("]"));
	(void)news_feed(r, STR(",\""));
	for (int i = 0; i < 3000; i++)
		(void)news_feed(r,
		    STR("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
	(void)news_feed(r, STR("\","));
	unquote(TEXT("hi"), &b);
	(void)news_feed(r, buf_str(&b));
	(void)news_feed(r, STR("]}}}},\"next_batch\":\"s\"}"));
	n = news_end(r);
	T_CHECK(n != NULL, "read to its end");
	if (n != NULL) {
		T_INT(n->n_bad, 2, "two are passed over");
		T_CHECK(n->first->timeline.first != NULL &&
			    str_is(n->first->timeline.first->text, "hi"),
		    "the third is read");
	}
	buf_fini(&b);
	news_reader_free(r);
}

/* --- replies */

static const char *
parts(struct arena *a, const char *markdown, const struct matrix_limits *l,
    const char *const *labels)
{
	struct str buttons[4];
	struct matrix_part *p;
	struct buf b = { 0 };
	const char *text;
	size_t n, n_buttons = 0;

	while (labels != NULL && labels[n_buttons] != NULL) {
		buttons[n_buttons] = str_of(labels[n_buttons]);
		n_buttons++;
	}
	n = matrix_text(a, str_of(markdown), buttons, n_buttons, l, &p);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "(%.*s|%.*s)", STR_ARG(p[i].body), STR_ARG(p[i].html));
	text = arena_strdup(a, buf_cstr(&b));
	buf_fini(&b);
	return text;
}

static void
test_replies(void)
{
	static const char *const labels[] = { "Tell me more", "<b>1</b> & 2", NULL };
	static const struct matrix_limits small = { 20, 100, 3 };
	static const struct {
		const char *markdown;
		const struct matrix_limits *limits;
		const char *const *labels;
		const char *want;
	} rows[] = {
		{ "hi", NULL, NULL, "(hi|)" },
		{ "", NULL, NULL, "" },
		{ " \n\n ", NULL, NULL, "" },
		{ "**hi** <script>&", NULL, NULL,
		    "(hi <script>&|<p><strong>hi</strong> &lt;script&gt;&amp;</p>)" },
		{ "a < b", NULL, NULL, "(a < b|)" },
		{ "hi", NULL, labels,
		    "(hi\n\n1. Tell me more\n2. <b>1</b> & 2|<p>hi</p><ol><li>Tell me "
		    "more</li><li>&lt;b&gt;1&lt;/b&gt; &amp; 2</li></ol>)" },
		/* Cut where it hurts least. */
		{ "One two three.\n\nFour five six seven.", &small, NULL,
		    "(One two three.|)(Four five six seven.|)" },
		{ "One two three. Four five six.", &small, NULL,
		    "(One two three.|)(Four five six.|)" },
		{ "one two three four five six", &small, NULL,
		    "(one two three four|)(five six|)" },
		{ "abcdefghijklmnopqrstuvwxyz", &small, NULL,
		    "(abcdefghijklmnopqrst|)(uvwxyz|)" },
		{ "aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb cccccccccccccccccccc "
		  "dddddddddddddddddddd",
		    &small, NULL,
		    "(aaaaaaaaaaaaaaaaaaaa|)(bbbbbbbbbbbbbbbbbbbb|)"
		    "(cccccccccccccccccccc…|)" },
		{ "One two three. Four five six.", &small, labels,
		    "(One two three.|)(Four five six.\n\n1. Tell me more\n2. <b>1</b> "
		    "& "
		    "2|<p>Four five six.</p><ol><li>Tell me more</li><li>&lt;b&gt;1"
		    "&lt;/b&gt; &amp; 2</li></ol>)" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		T_STR(parts(a, rows[i].markdown, rows[i].limits, rows[i].labels),
		    rows[i].want, "row %zu", i);
		arena_reset(a);
	}
	arena_free(a);
}

/* Whatever is said, an event of it fits, is JSON, and is the same once more. */
static void
test_large_replies(void)
{
	static const char *const units[] = { "Word. ", "**b** ", "\n\n- item", "<&>\"",
		"\xF0\x9F\x98\x80", "a\xCC\x81", "\xCC\x81", "`c` ", "> q\n", "\xff",
		"\xE4\xB8\xAD" };
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct buf text = { 0 }, first = { 0 }, again = { 0 };
		struct matrix_part *p;
		size_t n;

		while (text.len < 200000)
			buf_adds(&text, units[i]);
		n = matrix_text(a, buf_str(&text), NULL, 0, NULL, &p);
		T_CHECK(n <= MATRIX_PARTS_MAX && (n > 0 || i == 6), "unit %zu: %zu", i,
		    n);
		for (size_t k = 0; k < n; k++) {
			struct json *json;

			buf_clear(&first);
			matrix_part_json(&p[k], true, false, &first);
			buf_adds(&first, "}");
			json = json_parse(buf_str(&first), 8);
			T_CHECK(json != NULL && first.len < 64000, "unit %zu: %zu", i,
			    first.len);
			T_CHECK((json_str(json, "format").len > 0) ==
				    (json_str(json, "formatted_body").len > 0),
			    "unit %zu", i);
			json_free(json);
		}
		n = matrix_text(a, buf_str(&text), NULL, 0, NULL, &p);
		if (n > 0)
			matrix_part_json(&p[n - 1], true, false, &again);
		buf_adds(&again, "}");
		T_CHECK(n == 0 || str_eq(buf_str(&first), buf_str(&again)), "unit %zu",
		    i);
		buf_fini(&text);
		buf_fini(&first);
		buf_fini(&again);
		arena_reset(a);
	}
	arena_free(a);
}

static void
ignore_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

/* MSG-8, MSG-9: what takes the place of an answer. */
static void
test_edit_content(void)
{
	struct arena *a = arena_new();
	struct matrix_part *parts;
	struct buf b = { 0 };
	char *long_text;

	T_INT(matrix_text(a, STR("a **b**"), NULL, 0, NULL, &parts), 1, "one part");
	matrix_edit_json(&parts[0], true, false, STR("$1"), &b);
	T_STR(buf_cstr(&b),
	    "{\"msgtype\":\"m.notice\",\"" MATRIX_AUTOMATED
	    "\":true,\"m.mentions\":{},\"body\":\"* a b\","
	    "\"format\":\"org.matrix.custom.html\",\"formatted_body\":"
	    "\"* <p>a <strong>b</strong></p>\",\"m.new_content\":{\"msgtype\":"
	    "\"m.notice\",\"" MATRIX_AUTOMATED
	    "\":true,\"m.mentions\":{},\"body\":\"a b\",\"format\":"
	    "\"org.matrix.custom.html\",\"formatted_body\":"
	    "\"<p>a <strong>b</strong></p>\"},\"m.relates_to\":{\"rel_type\":"
	    "\"m.replace\",\"event_id\":\"$1\"}}",
	    "an edit");
	long_text = arena_alloc(a, 13000);
	for (size_t i = 0; i < 13000; i += 13)
		memcpy(long_text + i,
		    i % 26 == 0 ? "\xf0\x9d\x93\xb2 **bc** " : "<word> word & ", 13);
	T_CHECK(matrix_text(a, str_n(long_text, 12987), NULL, 0, NULL, &parts) > 1,
	    "several");
	buf_clear(&b);
	matrix_edit_json(&parts[0], false, false, STR("$1"), &b);
	T_CHECK(b.len <= MATRIX_CONTENT_MAX + 1000, "SEND-6 it is %zu bytes", b.len);
	buf_fini(&b);
	arena_free(a);
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	log_set_sink(ignore_line, NULL);
	T_RUN(test_events);
	T_RUN(test_events_of_other_types);
	T_RUN(test_accounts);
	T_RUN(test_ids);
	T_RUN(test_transactions);
	T_RUN(test_invitations);
	T_RUN(test_errand_waits);
	T_RUN(test_rooms);
	T_RUN(test_well_known);
	T_RUN(test_checks);
	T_RUN(test_answers);
	T_RUN(test_gate);
	T_RUN(test_runs);
	T_RUN(test_backoff);
	T_RUN(test_news);
	T_RUN(test_news_without_measure);
	T_RUN(test_replies);
	T_RUN(test_large_replies);
	T_RUN(test_tap_keys);
	T_RUN(test_mxc);
	T_RUN(test_edit_content);
	return t_end();
}
