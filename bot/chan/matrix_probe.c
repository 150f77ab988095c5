/*
 * matrix_probe.c - what an operator can be told about Matrix: where the server is, whether the
 * token works and whose it is, how often the bot may write, and what keeps it from reading.
 *
 * Nothing is changed there, no token is renewed, and no message is taken away: /sync is not
 * called.
 */
#include <string.h>

#include <sodium.h>

#include "bot/chan/matrix_signin.h"
#include "credbot/chan/probe.h"

/* Ages of messages are compared with our clock in minutes. */
#define CLOCK_OFF_S 60
/* A calendar file has 2 KB, an answer with all that is known of a student seldom a MB. */
#define UPLOAD_WANTED ((int64_t)1024 * 1024)

struct probe {
	struct asking asking;
	const struct config *config;
	struct buf base, token;
	bool may_be_old; /* the token: the bot renews it */
	struct buf user, device;
	probe_fn *say;
	void *arg;
};

__attribute__((format(printf, 3, 4))) static void
tell(struct probe *p, enum probe_verdict v, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	p->say(p->arg, v, buf_cstr(&b));
	buf_fini(&b);
}

/* GET, or POST where there is a body. */
static const struct http_answer *
ask(struct probe *p, const char *path, struct str body)
{
	const char *token = p->token.len == 0 ? NULL : buf_cstr(&p->token);
	struct buf url = { 0 };
	const struct http_answer *a;

	buf_printf(&url, "%s%s", buf_cstr(&p->base), path);
	a = body.p == NULL ? asking_get(&p->asking, buf_cstr(&url), token)
	                   : asking_post(&p->asking, buf_cstr(&url), token, body);
	buf_fini(&url);
	return a;
}

static const struct json *
answer(struct probe *p, const char *path, struct str body, struct json **tree,
    struct matrix_reply *r)
{
	matrix_read(ask(p, path, body), tree, r);
	return r->result == MATRIX_OK ? r->value : NULL;
}

/* --- what there is to look at */

static bool
look_at_server(struct probe *p)
{
	const struct http_answer *a = &p->asking.answer;
	struct err err = { "" };
	int64_t off;

	if (matrix_find(&p->asking, p->config, &p->base, &err) != RC_OK) {
		tell(p, PROBE_FAIL, "%s", err.text);
		return false;
	}
	tell(p, PROBE_OK, "%s answers after %lld ms", buf_cstr(&p->base),
	    (long long)p->asking.took_ms);
	if (a->date_ms < 0)
		return true;
	off = (clock_now_ms(loop_clock(p->asking.loop)) - a->date_ms) / 1000;
	if (off >= -CLOCK_OFF_S && off <= CLOCK_OFF_S)
		tell(p, PROBE_OK, "the clocks agree");
	else
		tell(p, PROBE_WARN,
		    "this machine's clock is %lld s %s the server's; set it, or "
		    "messages "
		    "count as too old or as not written yet",
		    (long long)(off < 0 ? -off : off), off < 0 ? "behind" : "ahead of");
	return true;
}

static void
not_accepted(struct probe *p, const struct matrix_reply *r)
{
	if (r->result != MATRIX_REFUSED || r->status >= 500)
		tell(p, PROBE_FAIL, "whose the token is cannot be asked: %s",
		    r->description);
	else if (p->may_be_old)
		tell(p, PROBE_WARN,
		    "the token is not accepted (%s); the bot renews it when it starts. "
		    "If it "
		    "cannot, run \"credbot login\"",
		    r->description);
	else
		tell(p, PROBE_FAIL,
		    "the token is not accepted (%s); get a new one, or run \"credbot "
		    "login\"",
		    r->description);
}

static bool
look_at_token(struct probe *p)
{
	const char *wanted = config_str(p->config, "matrix.user");
	struct matrix_reply r;
	struct json *tree;
	const struct json *me = answer(p, CLIENT_API "/account/whoami",
	    (struct str){ NULL, 0 }, &tree, &r);

	buf_addstr(&p->user, json_str(me, "user_id"));
	buf_addstr(&p->device, json_str(me, "device_id"));
	json_free(tree);
	if (me == NULL) {
		not_accepted(p, &r);
		return false;
	}
	if (wanted[0] != '\0' && strcmp(buf_cstr(&p->user), wanted) != 0) {
		tell(p, PROBE_FAIL, "the token is %s's, but matrix.user is %s",
		    buf_cstr(&p->user), wanted);
		return false;
	}
	if (p->device.len == 0)
		tell(p, PROBE_WARN,
		    "%s, but the token has no device: a message that is sent twice may "
		    "be "
		    "shown twice. Take a token that came from logging in",
		    buf_cstr(&p->user));
	else
		tell(p, PROBE_OK, "%s, device %s", buf_cstr(&p->user),
		    buf_cstr(&p->device));
	return true;
}

struct keys {
	int n;
};

static void
count_key(void *arg, const char *key, const struct json *v)
{
	(void)key;
	((struct keys *)arg)->n += v != NULL;
}

/* Clients that find device keys encrypt what they send to us. */
static void
look_at_keys(struct probe *p)
{
	struct buf body = { 0 };
	struct keys keys = { 0 };
	struct matrix_reply r;
	struct json *tree;
	const struct json *all;

	buf_adds(&body, "{\"device_keys\":{");
	buf_add_json(&body, buf_str(&p->user));
	buf_adds(&body, ":[]}}");
	all = answer(p, CLIENT_API "/keys/query", buf_str(&body), &tree, &r);
	json_each(json_at(json_at(all, "device_keys"), buf_cstr(&p->user)), count_key,
	    &keys);
	if (all == NULL)
		tell(p, PROBE_WARN, "whether the account has keys cannot be asked: %s",
		    r.description);
	else if (keys.n > 0)
		tell(p, PROBE_WARN,
		    "%d device(s) of this account have keys for encryption: clients "
		    "then open "
		    "encrypted chats, which the bot cannot read. Sign out everywhere "
		    "else "
		    "with this account, and keep only the bot's session",
		    keys.n);
	else
		tell(p, PROBE_OK,
		    "the account has no keys for encryption, as it must be");
	json_free(tree);
	buf_fini(&body);
}

/* What Element is told to do in new direct chats. */
static void
look_at_encryption(struct probe *p)
{
	struct str name = server_of(buf_str(&p->user));
	struct buf url = { 0 };
	struct err err;
	struct json *tree = NULL;
	struct matrix_reply r = { 0 };
	const struct json *policy;

	buf_printf(&url, "https://%.*s/.well-known/matrix/client", STR_ARG(name));
	if (http_check_url(buf_cstr(&url), &err) == RC_OK)
		matrix_read(asking_get(&p->asking, buf_cstr(&url), NULL), &tree, &r);
	policy = json_at(r.value, "io.element.e2ee");
	if (json_flag(policy, "default", false))
		tell(p, PROBE_WARN,
		    "%.*s tells clients to encrypt new chats (io.element.e2ee in its "
		    ".well-known); the bot cannot read these. Set \"default\" to false "
		    "there",
		    STR_ARG(name));
	json_free(tree);
	buf_fini(&url);
}

static void
look_at_uploads(struct probe *p)
{
	struct matrix_reply r;
	struct json *tree;
	const struct json *config = answer(p, "/_matrix/client/v1/media/config",
	    (struct str){ NULL, 0 }, &tree, &r);
	int64_t size = json_int(config, "m.upload.size", 0);

	if (size > 0 && size < UPLOAD_WANTED)
		tell(p, PROBE_WARN, "files of more than %lld bytes cannot be sent",
		    (long long)size);
	json_free(tree);
}

/*
 * Synapse tells its limits to administrators alone, and has them unless it was told: rc_message
 * of 0.2 a second. Others name their limits nowhere.
 */
static void
look_at_limits(struct probe *p)
{
	struct buf path = { 0 };
	struct matrix_reply r;
	struct json *tree;
	const struct json *v;
	bool synapse;

	v = answer(p, "/_matrix/federation/v1/version", (struct str){ NULL, 0 }, &tree,
	    &r);
	synapse = str_is(json_str(json_at(v, "server"), "name"), "Synapse");
	json_free(tree);
	if (!synapse)
		return;
	buf_adds(&path, "/_synapse/admin/v1/users/");
	buf_add_path(&path, buf_str(&p->user));
	buf_adds(&path, "/override_ratelimit");
	v = answer(p, buf_cstr(&path), (struct str){ NULL, 0 }, &tree, &r);
	if (json_int(v, "messages_per_second", -1) == 0)
		tell(p, PROBE_OK, "the server does not limit how often the bot writes");
	else
		tell(p, PROBE_WARN,
		    "Synapse limits this account to a message in 5 s, unless it was "
		    "told "
		    "otherwise; the bot keeps to it and answers late when many ask. "
		    "Its "
		    "administrator lifts that: curl -X POST -H 'Authorization: Bearer "
		    "ADMIN_TOKEN' -d '{\"messages_per_second\":0,\"burst_count\":0}' "
		    "'%s%s'",
		    buf_cstr(&p->base), buf_cstr(&path));
	json_free(tree);
	buf_fini(&path);
}

/* The configured one, or the one that was kept. */
static enum rc
find_token(struct probe *p, struct str kept, struct err *err)
{
	enum rc rc = matrix_token(p->config, &p->token, err);
	struct json *json;

	if (rc != RC_NOTFOUND)
		return rc;
	json = json_parse(kept, 4);
	buf_addstr(&p->token, json_str(json, "access_token"));
	p->may_be_old = json_str(json, "refresh_token").len > 0 ||
	                config_str(p->config, "matrix.password_file")[0] != '\0';
	json_free(json);
	return RC_OK;
}

static void
look(struct probe *p)
{
	if (!look_at_server(p))
		return;
	if (p->token.len == 0) {
		tell(p,
		    config_str(p->config, "matrix.password_file")[0] == '\0'
			? PROBE_WARN
			: PROBE_OK,
		    "no token is at hand: %s",
		    config_str(p->config, "matrix.password_file")[0] == '\0'
			? "either the bot runs and has it, or \"credbot login\" is "
			  "needed"
			: "the bot logs in with its password when it starts");
		return;
	}
	if (!look_at_token(p))
		return;
	look_at_keys(p);
	look_at_encryption(p);
	look_at_uploads(p);
	look_at_limits(p);
}

void
matrix_probe(struct loop *l, const struct config *cf, struct str kept, probe_fn *say,
    void *arg)
{
	struct probe p = { .config = cf, .say = say, .arg = arg };
	struct err err = { "" };
	enum rc rc = matrix_is_set(cf, &err);

	if (rc == RC_NOTFOUND) {
		tell(&p, PROBE_OK, "off: no user, token or password is configured");
		return;
	}
	if (rc == RC_OK)
		rc = find_token(&p, kept, &err);
	if (rc == RC_OK)
		rc = asking_init(&p.asking, l, cf, &err);
	if (rc != RC_OK)
		tell(&p, PROBE_FAIL, "%s", err.text);
	else
		look(&p);
	asking_fini(&p.asking);
	if (p.token.data != NULL)
		sodium_memzero(p.token.data, p.token.len);
	buf_fini(&p.token);
	buf_fini(&p.base);
	buf_fini(&p.user);
	buf_fini(&p.device);
}
