/*
 * test_telegram.c - the parts of the Telegram channel that need no network.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "bot/chan/telegram_priv.h"
#include "credbot/base/file.h"
#include "t.h"

static const struct telegram_self self = { 42, "Cred_Bot" };

/* " becomes ' in these rows, to be read by people. */
static struct json *
parse(const char *text)
{
	struct buf b = { 0 };
	struct json *json;

	buf_adds(&b, text);
	for (size_t i = 0; i < b.len; i++)
		b.data[i] = b.data[i] == '\'' ? '"' : b.data[i];
	json = json_parse(buf_str(&b), 64);
	T_CHECK(json != NULL, "%s", text);
	buf_fini(&b);
	return json;
}

#define MIA "'from':{'id':7,'is_bot':false},'chat':{'id':7,'type':'private'}"
#define GROUP "'from':{'id':7,'is_bot':false},'chat':{'id':-100123,'type':'supergroup'}"
#define COMMAND(n) "'entities':[{'type':'bot_command','offset':0,'length':" #n "}]"

/* want: "KIND account ext_id message edit_of text name". */
static void
test_updates(void)
{
	static const struct {
		const char *json, *want;
	} rows[] = {
		{ "{'update_id':5,'message':{'message_id':9," MIA ",'text':'hi'}}",
		    "5 message 7 9 text hi" },
		/* Edits, soon and late. */
		{ "{'update_id':5,'edited_message':{'message_id':9," MIA
		  ",'date':100,'edit_date':160,'text':'ho'}}",
		    "5 message 7 9.160 edit of 9 ho" },
		{ "{'update_id':5,'edited_message':{'message_id':9," MIA
		  ",'date':100,'edit_date':161,'text':'ho'}}",
		    "5 nothing: an edit of an old message" },
		/* Commands. */
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'text':'/Help me'," COMMAND(5) "}}",
		    "5 command 7 9 text /Help me = help" },
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'text':'/help@cred_bot'," COMMAND(14) "}}",
		    "5 command 7 9 text /help@cred_bot = help" },
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'text':'/help@other_bot'," COMMAND(15) "}}",
		    "5 nothing: not said to us" },
		{ "{'update_id':5,'message':{'message_id':9," MIA ",'text':'/help'}}",
		    "5 message 7 9 text /help" },
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'text':'a /help','entities':[{'type':'bot_command','offset':2,"
		  "'length':5}]}}",
		    "5 message 7 9 text a /help" },
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'text':'/help'," COMMAND(99) "}}",
		    "5 message 7 9 text /help" },
		/* Groups: only what is said to us. */
		{ "{'update_id':5,'message':{'message_id':9," GROUP ",'text':'hi'}}",
		    "5 nothing: not said to us" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'text':'/topics'," COMMAND(7) "}}",
		    "5 command -100123/0/7 9 text /topics = topics" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'text':'\\ud83d\\ude00 @cred_bot what is it?','entities':[{'type':"
		  "'mention','offset':3,'length':9}]}}",
		    "5 message -100123/0/7 9 text \xF0\x9F\x98\x80  what is it?" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'text':'@cred_bots hi','entities':[{'type':'mention','offset':0,"
		  "'length':10}]}}",
		    "5 nothing: not said to us" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'text':'Bot hi','entities':[{'type':'text_mention','offset':0,"
		  "'length':3,'user':{'id':42}}]}}",
		    "5 message -100123/0/7 9 text hi" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'text':'hi','reply_to_message':{'from':{'id':42}}}}",
		    "5 message -100123/0/7 9 text hi" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'text':'hi','reply_to_message':{'from':{'id':43}}}}",
		    "5 nothing: not said to us" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'is_topic_message':true,'message_thread_id':3,'text':'hi',"
		  "'reply_to_message':{'from':{'id':42}}}}",
		    "5 message -100123/3/7 9 text hi" },
		/* A reply in General carries a thread that cannot be used. */
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'message_thread_id':3,'text':'hi','reply_to_message':{'from':{'id':"
		  "42}}}}",
		    "5 message -100123/0/7 9 text hi" },
		/* Who and where. */
		{ "{'update_id':5,'message':{'message_id':9,'from':{'id':8,'is_bot':"
		  "true},"
		  "'chat':{'id':8,'type':'private'},'text':'hi'}}",
		    "5 nothing: written by no person" },
		{ "{'update_id':5,'message':{'message_id':9,'chat':{'id':8,'type':"
		  "'private'},'text':'hi'}}",
		    "5 nothing: written by no person" },
		{ "{'update_id':5,'message':{'message_id':9,'from':{'id':7,'is_bot':"
		  "false},'chat':{'id':-5,'type':'channel'},'text':'hi'}}",
		    "5 nothing: a kind of chat that is not served" },
		{ "{'update_id':5,'channel_post':{'message_id':9,'text':'hi'}}",
		    "5 nothing: of a kind that is not used" },
		{ "{'update_id':5,'subscription':{'new':true}}",
		    "5 nothing: of a kind that is not used" },
		/* Ids have up to 52 bits. */
		{ "{'update_id':5,'message':{'message_id':9,'from':{'id':"
		  "4503599627370495,"
		  "'is_bot':false},'chat':{'id':4503599627370495,'type':'private'},"
		  "'text':'hi'}}",
		    "5 message 4503599627370495 9 text hi" },
		/* What became of us in a chat. */
		{ "{'update_id':5,'my_chat_member':{" MIA
		  ",'new_chat_member':{'status':'kicked'}}}",
		    "5 gone 7: we were blocked" },
		{ "{'update_id':5,'my_chat_member':{" MIA
		  ",'new_chat_member':{'status':'member'}}}",
		    "5 back 7" },
		{ "{'update_id':5,'my_chat_member':{" GROUP
		  ",'new_chat_member':{'status':'left'}}}",
		    "5 gone -100123/: we were taken out of the group" },
		{ "{'update_id':5,'my_chat_member':{" GROUP
		  ",'new_chat_member':{'status':'administrator'}}}",
		    "5 back -100123/" },
		{ "{'update_id':5,'my_chat_member':{" GROUP
		  ",'new_chat_member':{'status':'restricted'}}}",
		    "5 nothing: a change of what we may do" },
		{ "{'update_id':5,'my_chat_member':{'chat':{'id':-5,'type':'channel'},"
		  "'new_chat_member':{'status':'kicked'}}}",
		    "5 nothing: a kind of chat that is not served" },
		{ "{'update_id':5,'my_chat_member':[]}",
		    "5 nothing: a kind of chat that is not served" },
		/* What cannot be read, and what can. */
		{ "{'update_id':5,'message':{'message_id':9," MIA ",'voice':{}}}",
		    "5 message 7 9 media voice message" },
		{ "{'update_id':5,'message':{'message_id':9," MIA ",'photo':[{}]}}",
		    "5 message 7 9 media picture" },
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'photo':[{}],'caption':'which one?'}}",
		    "5 message 7 9 text which one?" },
		{ "{'update_id':5,'message':{'message_id':9," MIA
		  ",'new_chat_title':'x'}}",
		    "5 nothing: a message about the chat itself" },
		{ "{'update_id':5,'message':{'message_id':9,'chat':{'id':-5,'type':'"
		  "group'},"
		  "'migrate_to_chat_id':-100777}}",
		    "5 moved -5 -100777" },
		{ "{'update_id':5,'message':{'message_id':9," GROUP
		  ",'migrate_from_chat_id':-5}}",
		    "5 nothing: a message about the chat itself" },
		/* Wrong types count as missing. */
		{ "{'update_id':5,'message':{'message_id':'9'," MIA ",'text':'hi'}}",
		    "5 nothing: a message about the chat itself" },
		{ "{'update_id':5,'message':{'message_id':9," MIA ",'text':['hi']}}",
		    "5 nothing: a message about the chat itself" },
		{ "{'update_id':5,'message':'hi'}",
		    "5 nothing: a kind of chat that is not served" },
		{ "{'update_id':'5','message':[]}",
		    "-1 nothing: a kind of chat that is not served" },
		{ "[]", "-1 nothing: of a kind that is not used" },
		/* Presses. */
		{ "{'update_id':5,'callback_query':{'id':'77','from':{'id':7,'is_bot':"
		  "false},'data':'xyz','message':{'message_id':9,'chat':{'id':7,'type':"
		  "'private'}}}}",
		    "5 press 7 p77 text  77 xyz" },
		/* Of a message that is too old to be shown: date 0. */
		{ "{'update_id':5,'callback_query':{'id':'77','from':{'id':7,'is_bot':"
		  "false},'data':'xyz','message':{'message_id':9,'date':0,'chat':{'id':"
		  "7,"
		  "'type':'private'}}}}",
		    "5 press 7 p77 text  77 xyz" },
		{ "{'update_id':5,'callback_query':{'from':{'id':7}}}",
		    "5 nothing: a press without an id" },
		{ "{'update_id':5,'callback_query':{'id':'77','from':{'id':7,'is_bot':"
		  "false},'inline_message_id':'q'}}",
		    "5 nothing: a kind of chat that is not served" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static const char *const kinds[] = { "nothing", "message", "command",
			"press", "moved", "gone", "back" };
		struct json *json = parse(rows[i].json);
		struct arena *a = arena_new();
		struct buf got = { 0 };
		struct update u;

		update_read(json, &self, a, &u);
		buf_printf(&got, "%lld %s", (long long)u.id, kinds[u.kind]);
		if (u.kind == UPDATE_NOTHING)
			buf_printf(&got, ": %s", u.why);
		else if (u.kind == UPDATE_GONE)
			buf_printf(&got, " %s: %s", u.account, u.why);
		else if (u.kind == UPDATE_BACK)
			buf_printf(&got, " %s", u.account);
		else if (u.kind == UPDATE_MOVED)
			buf_printf(&got, " %lld %lld", (long long)u.moved_from,
			    (long long)u.moved_to);
		else
			buf_printf(&got, " %s %s %s %.*s", u.account, u.ext_id,
			    u.message == MESSAGE_EDIT    ? "edit of 9"
			    : u.message == MESSAGE_MEDIA ? "media"
							 : "text",
			    STR_ARG(u.text));
		if (u.message == MESSAGE_EDIT)
			T_STR(u.edit_of, "9", "row %zu", i);
		if (u.kind == UPDATE_COMMAND)
			buf_printf(&got, " = %.*s", STR_ARG(u.name));
		if (u.kind == UPDATE_PRESS)
			buf_printf(&got, " %.*s %.*s", STR_ARG(u.press_id),
			    STR_ARG(u.press_data));
		T_STR(buf_cstr(&got), rows[i].want, "row %zu", i);
		buf_fini(&got);
		arena_free(a);
		json_free(json);
	}
}

static void
test_addresses(void)
{
	static const struct {
		const char *account;
		bool good;
		struct address want;
	} rows[] = {
		{ "7", true, { 7, 0, false } },
		{ "-100123/3/7", true, { -100123, 3, true } },
		{ "-100123/0/4503599627370495", true, { -100123, 0, true } },
		{ "", false, { 0 } },
		{ "x", false, { 0 } },
		{ "1/2", false, { 0 } },
		{ "1/2/3/4", false, { 0 } },
		{ "1//3", false, { 0 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct address got = { 0 };

		T_INT(address_read(str_of(rows[i].account), &got), rows[i].good, "%s",
		    rows[i].account);
		if (!rows[i].good)
			continue;
		T_INT(got.chat, rows[i].want.chat, "%s", rows[i].account);
		T_INT(got.thread, rows[i].want.thread, "%s", rows[i].account);
		T_INT(got.group, rows[i].want.group, "%s", rows[i].account);
	}
}

static void
test_buttons(void)
{
	struct telegram t = { .key = { 1 } }, other = { .key = { 2 } };
	struct buf b = { 0 };
	int64_t seq = 0;
	size_t n = 0;

	button_sign(&t, STR("7"), 0xFFFFFFFFFFFF, 19, &b);
	T_CHECK(b.len <= 64, "%zu bytes", b.len);
	T_CHECK(button_read(&t, STR("7"), buf_str(&b), &seq, &n), "ours");
	T_INT(seq, 0xFFFFFFFFFFFF, "its message");
	T_INT(n, 19, "its choice");
	T_CHECK(!button_read(&t, STR("8"), buf_str(&b), &seq, &n), "somebody else's");
	T_CHECK(!button_read(&other, STR("7"), buf_str(&b), &seq, &n), "another bot's");
	for (size_t i = 0; i < b.len; i++) {
		char was = b.data[i];

		b.data[i] = was == 'A' ? 'B' : 'A';
		T_CHECK(!button_read(&t, STR("7"), buf_str(&b), &seq, &n),
		    "forged at %zu", i);
		b.data[i] = was;
	}
	T_CHECK(!button_read(&t, STR("7"), str_n(b.data, b.len - 1), &seq, &n), "cut");
	T_CHECK(!button_read(&t, STR("7"), STR(""), &seq, &n), "empty");
	T_CHECK(!button_read(&t, STR("7"), STR("what is this?"), &seq, &n), "foreign");
	buf_fini(&b);
}

static void
test_gates(void)
{
	struct gates *g = gates_new();
	int64_t now = 1000000;
	int n_passed = 0;

	for (int i = 0; i < 3; i++)
		T_INT(gates_pass(g, 7, false, now), 0, "a short burst");
	T_CHECK(gates_pass(g, 7, false, now) > 0, "then one a second");
	T_INT(gates_pass(g, 8, false, now), 0, "another chat is not concerned");
	T_INT(gates_pass(g, 7, false, now + 1000), 0, "a second later");
	for (int i = 0; i < 20; i++)
		T_INT(gates_pass(g, -5, true, now), 0, "twenty to a group");
	T_CHECK(gates_pass(g, -5, true, now + 2999) > 0, "the 21st waits");
	T_INT(gates_pass(g, -5, true, now + 3000), 0, "for 3 seconds: 20 a minute");
	now += 60000;
	gates_close(g, 7, now, now + 5000);
	T_INT(gates_pass(g, 7, false, now + 1000), 4000, "closed for so long");
	T_INT(gates_pass(g, 8, false, now + 1000), 0, "others are not");
	gates_close(g, 7, now + 100, now + 5000);
	gates_close(g, 7, now + 200, now + 5000);
	T_INT(gates_pass(g, 8, false, now + 1000), 0, "one chat thrice is one chat");
	gates_close(g, 8, now + 300, now + 5000);
	gates_close(g, 9, now + 400, now + 9000);
	T_INT(gates_pass(g, 10, false, now + 1000), 8000,
	    "three chats are all of them");
	T_INT(gates_pass(g, 10, false, now + 9000), 0, "until then");
	now += 60000;
	gates_close(g, 1, now, now + 100);
	gates_close(g, 2, now + 3000, now + 3100);
	gates_close(g, 3, now + 6000, now + 66000);
	T_INT(gates_pass(g, 10, false, now + 6001), 0, "not when it is spread out");
	for (int i = 0; i < 10000; i++)
		n_passed += gates_pass(g, 1000 + i, false, now + i) == 0;
	T_INT(n_passed, 10000, "each of many chats");
	T_CHECK(gates_pass(g, 3, false, now + 40000) > 0,
	    "what is closed is remembered among many");
	gates_free(g);
}

static void
test_webhook_keys(void)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	struct str token = STR("123456789:AAtests-tests_tests-tests-tests-te0");
	struct webhook_keys k, again, other;
	struct str secret;
	char wrong[64];

	webhook_derive(token, &k);
	webhook_derive(token, &again);
	webhook_derive(STR("123456789:AAtests-tests_tests-tests-tests-te1"), &other);
	T_INT(strlen(k.path), strlen("/telegram/") + 22, "%s", k.path);
	T_CHECK(strncmp(k.path, "/telegram/", 10) == 0, "%s", k.path);
	T_INT(strspn(k.path + 10, letters), 22, "needs no escaping: %s", k.path);
	T_INT(strlen(k.secret), 43, "of 256");
	T_INT(strspn(k.secret, letters), 43, "as Telegram allows: %s", k.secret);
	T_STR(again.path, k.path, "the same after a restart");
	T_STR(again.secret, k.secret, "the same after a restart");
	T_CHECK(strcmp(other.path, k.path) != 0 && strcmp(other.secret, k.secret) != 0,
	    "another token");
	T_CHECK(strncmp(k.path + 10, k.secret, 6) != 0, "one does not tell the other");

	secret = str_of(k.secret);
	T_CHECK(webhook_secret_is(&k, secret), "right");
	T_CHECK(!webhook_secret_is(&k, STR("")), "none");
	T_CHECK(!webhook_secret_is(&k, str_n(secret.p, secret.len - 1)), "cut");
	T_CHECK(!webhook_secret_is(&k, str_of(other.secret)), "another's");
	for (size_t i = 0; i < secret.len; i++) {
		memcpy(wrong, k.secret, secret.len + 1);
		wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
		T_CHECK(!webhook_secret_is(&k, str_of(wrong)), "wrong at %zu", i);
	}
}

static void
test_wanted(void)
{
	static const struct {
		const char *json;
		bool good;
	} rows[] = {
		{ "['message','edited_message','callback_query','my_chat_member']",
		    true },
		{ "['callback_query','message','my_chat_member','edited_message']",
		    true },
		{ "['message','edited_message','callback_query']", false },
		{ "['message','edited_message','callback_query','my_chat_member',"
		  "'poll']",
		    false },
		{ "['message','edited_message','callback_query','poll']", false },
		{ "['message','edited_message','callback_query',1]", false },
		{ "[]", false },
		{ "'message'", false },
	};
	struct buf b = { 0 };
	struct json *json;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json = parse(rows[i].json);
		T_INT(update_are_wanted(json), rows[i].good, "%s", rows[i].json);
		json_free(json);
	}
	T_CHECK(!update_are_wanted(NULL), "the server's own choice");
	update_add_wanted(&b);
	json = json_parse(buf_str(&b), 2);
	T_CHECK(update_are_wanted(json), "what we ask for is what we want");
	json_free(json);
	buf_fini(&b);
}

static void
test_ids(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		{ "{\"update_id\":5,\"message\":[[[", 5 },
		{ "{\"update_id\":  77", 77 },
		{ "{\"update_id\":", -1 },
		{ "{\"update_id\":\"5\"}", -1 },
		{ "{\"update_id\":-5}", -1 },
		{ "nonsense", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_INT(update_find_id(str_of(rows[i].text)), rows[i].want, "%s",
		    rows[i].text);
}

static void
test_tokens(void)
{
	static const struct {
		const char *token;
		bool good;
	} rows[] = {
		{ "123456789:AAtests-tests_tests-tests-tests-te0", true },
		{ "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true },
		{ "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false }, /* 29 */
		{ "12345678901234567:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false },
		{ ":AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false },
		{ "1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false },
		{ "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe", false },
		{ "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", false },
		{ "", false },
	};
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		err.text[0] = '\0';
		T_INT(telegram_check_token(rows[i].token, &err) == RC_OK, rows[i].good,
		    "row %zu", i);
		T_CHECK(rows[i].token[0] == '\0' ||
			    strstr(err.text, rows[i].token) == NULL,
		    "never quoted: row %zu", i);
	}
}

static enum rc
token_of(const char *yaml, struct buf *token, struct err *err)
{
	static const char path[] = "/tmp/credbot-test-telegram.yaml";
	struct faults faults = { 0 };
	struct config *cf;
	enum rc rc = RC_IO;

	T_INT(file_write_atomic(path, str_of(yaml), err), RC_OK, "written");
	cf = config_load(path, &faults);
	T_CHECK(cf != NULL, "%s", yaml);
	if (cf != NULL)
		rc = telegram_token(cf, token, err);
	config_free(cf);
	faults_fini(&faults);
	(void)unlink(path);
	return rc;
}

static void
test_token_file(void)
{
	static const char path[] = "/tmp/credbot-test-telegram-token";
	static const char yaml[] =
	    "telegram:\n  token_file: /tmp/credbot-test-telegram-token\n";
	static const char token[] = "123456789:AAtests-tests_tests-tests-tests-te0";
	struct buf b = { 0 };
	struct err err = { "" };

	(void)unsetenv("CREDENTIALS_DIRECTORY");
	T_INT(token_of("log:\n  level: info\n", &b, &err), RC_NOTFOUND, "off");
	T_INT(token_of(yaml, &b, &err), RC_INVALID, "no such file");
	T_CHECK(strstr(err.text, path) != NULL, "%s", err.text);
	T_INT(file_write_atomic(path,
		  STR("123456789:AAtests-tests_tests-tests-tests-te0\n"), &err),
	    RC_OK, "a file");
	(void)chmod(path, 0600);
	buf_clear(&b);
	T_INT(token_of(yaml, &b, &err), RC_OK, "read: %s", err.text);
	T_STR(buf_cstr(&b), token, "without the line feed");
	(void)chmod(path, 0644);
	buf_clear(&b);
	T_INT(token_of(yaml, &b, &err), RC_INVALID, "others can read it");
	T_CHECK(strstr(err.text, "chmod 600") != NULL, "%s", err.text);
	(void)chmod(path, 0600);
	T_INT(file_write_atomic(path, STR("secret-but-wrong"), &err), RC_OK, "not one");
	(void)chmod(path, 0600);
	buf_clear(&b);
	T_INT(token_of(yaml, &b, &err), RC_INVALID, "not a token");
	T_CHECK(strstr(err.text, "secret") == NULL, "%s", err.text);
	(void)unlink(path);
	(void)setenv("CREDENTIALS_DIRECTORY", "/tmp/credbot-test-credentials", 1);
	(void)mkdir("/tmp/credbot-test-credentials", 0700);
	for (int on = 0; on <= 1; on++) {
		const char *file = "/tmp/credbot-test-credentials/telegram-token";

		T_INT(file_write_atomic(file, str_of(on ? token : "off\n"), &err),
		    RC_OK, "a credential");
		(void)chmod(file, 0400);
		buf_clear(&b);
		T_INT(token_of("log:\n  level: info\n", &b, &err),
		    on ? RC_OK : RC_NOTFOUND, "%s", err.text);
		if (on)
			T_STR(buf_cstr(&b), token, "systemd's");
		(void)unlink(file);
	}
	(void)rmdir("/tmp/credbot-test-credentials");
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	buf_fini(&b);
}

static void
test_backoff(void)
{
	int64_t before = 0;

	for (int i = 0; i < 20; i++) {
		int64_t ms = telegram_backoff_ms(i, 1000, 30000);

		T_CHECK(ms >= 800 && ms <= 36000, "%lld", (long long)ms);
		T_CHECK(i < 3 || ms > 2000, "it grows: %lld", (long long)ms);
		before = ms;
	}
	T_CHECK(before >= 24000, "and stays: %lld", (long long)before);
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	T_RUN(test_updates);
	T_RUN(test_addresses);
	T_RUN(test_buttons);
	T_RUN(test_gates);
	T_RUN(test_webhook_keys);
	T_RUN(test_wanted);
	T_RUN(test_ids);
	T_RUN(test_tokens);
	T_RUN(test_token_file);
	T_RUN(test_backoff);
	return t_end();
}
