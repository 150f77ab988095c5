/*
 * config.c - the table of all options, and how a file is held against it.
 *
 * One row an option: parsing, range checks, defaults and the commented example all come
 * from here.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/alloc.h"
#include "credbot/base/arena.h"
#include "credbot/base/config.h"
#include "credbot/base/yaml.h"

enum option_type { OPT_STR, OPT_INT, OPT_BOOL, OPT_LIST };

struct option {
	const char *name; /* section.key */
	enum option_type type;
	const char *otherwise; /* as it would stand in the file; "" for an empty list */
	int64_t min, max; /* OPT_INT: the range; OPT_STR: max is the longest in bytes */
	const char *help;
};

/* Sorted by name. */
static const struct option options[] = {
	{ "bot.contact", OPT_STR, "", 0, 300,
	    "How students reach a person, said whenever the bot offers one; for "
	    "example "
	    "\"the international office, room 2.14, office@example.org\". Empty: the "
	    "bot "
	    "says that it cannot connect them and names the usual places to ask." },
	{ "bot.free_consultation", OPT_BOOL, "false", 0, 0,
	    "true only if you confirm that consultations cost the student nothing." },
	{ "bot.name", OPT_STR, "credbot", 1, 40, "What the bot calls itself." },
	{ "bot.operator", OPT_STR, "", 0, 120,
	    "Who runs this bot, said when a student asks; for example \"Example "
	    "University\"." },
	{ "bot.privacy_url", OPT_STR, "", 0, 300, "Address of your privacy notice." },
	{ "bot.support", OPT_STR, "", 0, 300,
	    "Where a student in distress finds help with you; for example \"student "
	    "counselling, +44 20 7946 0000, day and night\"." },
	{ "chat.debounce_ms", OPT_INT, "1500", 0, 10000,
	    "How long a message that looks unfinished waits for the rest of it. 0: "
	    "every "
	    "message is answered by itself." },
	{ "chat.flood_burst", OPT_INT, "12", 1, 1000,
	    "Messages one student may send at once before the bot asks for patience." },
	{ "chat.flood_refill_ms", OPT_INT, "1000", 1, 60000,
	    "Milliseconds after which one more message is allowed." },
	{ "data.dir", OPT_STR, "", 0, 4000,
	    "Folder of articles, phrases and wording. Empty: data/ of the source tree, "
	    "or "
	    "the installed share/credbot." },
	{ "debug.core_dumps", OPT_BOOL, "false", 0, 0,
	    "Whether a crash may leave a core file, and a debugger may look in. Both "
	    "hold "
	    "tokens and what students wrote." },
	{ "http.ca_file", OPT_STR, "", 0, 4000,
	    "PEM file of authorities to trust beside those of the system, for servers "
	    "of "
	    "your own." },
	{ "http.proxy", OPT_STR, "", 0, 300,
	    "Proxy for requests to Telegram and Matrix: http://HOST:PORT, https://... "
	    "or "
	    "socks5h://... . Empty: none; the environment is not asked." },
	{ "log.level", OPT_STR, "info", 1, 10, "error, warn, info or debug." },
	{ "matrix.allow", OPT_LIST, "", 0, 255,
	    "Who may invite the bot: user ids or servers, with * and ?, like "
	    "\"*:example.org\". Empty: everybody." },
	{ "matrix.alone", OPT_INT, "3600", 0, 31536000,
	    "Seconds after which the bot leaves a room that everybody else has left. "
	    "0: "
	    "it stays." },
	{ "matrix.answers_per_minute", OPT_INT, "300", 10, 60000,
	    "Messages the bot writes in a minute at most, in all rooms together, also "
	    "when many wait after an outage." },
	{ "matrix.avatar", OPT_STR, "", 0, 520,
	    "The bot's picture: an address like mxc://example.org/abc. Empty: it stays "
	    "as it "
	    "is." },
	{ "matrix.decline", OPT_BOOL, "true", 0, 0,
	    "true: invitations that are not accepted are declined, with a reason. "
	    "false: "
	    "they stay unanswered." },
	{ "matrix.deny", OPT_LIST, "", 0, 255,
	    "Who may not, also if the list above allows it." },
	{ "matrix.device_id", OPT_STR, "", 0, 255,
	    "The device that the bot logs in as, or that its token belongs to. Empty: "
	    "one is made at the first login, and kept." },
	{ "matrix.display_name", OPT_STR, "", 0, 255,
	    "The bot's name. Empty: it stays as it is." },
	{ "matrix.dm_only", OPT_BOOL, "false", 0, 0,
	    "true: the bot comes to direct chats alone." },
	{ "matrix.encrypted", OPT_STR, "tell", 1, 10,
	    "What the bot does in encrypted rooms, which it cannot read. tell: says "
	    "once that it cannot, and leaves; leave: leaves without a word." },
	{ "matrix.homeserver", OPT_STR, "", 0, 300,
	    "Address of the homeserver, like https://matrix.example.org. Empty: it is "
	    "found by matrix.user." },
	{ "matrix.invites_per_hour", OPT_INT, "60", 1, 100000,
	    "Invitations of one person that are accepted in an hour; further ones are "
	    "refused." },
	{ "matrix.max_age", OPT_INT, "900", 0, 86400,
	    "Seconds after which a question that came while the bot was away is not "
	    "answered any more: the student is asked to say it again." },
	{ "matrix.max_rooms", OPT_INT, "1000", 1, 100000,
	    "Rooms the bot is in at most; further invitations are refused." },
	{ "matrix.other_ways", OPT_STR, "", 0, 300,
	    "How else students reach the bot, said in encrypted rooms; for example "
	    "\"Or write to me at https://chat.example.org.\"" },
	{ "matrix.password_file", OPT_STR, "", 0, 4000,
	    "File with the password of matrix.user, which nobody else can read. Better "
	    "is a token." },
	{ "matrix.tap_choices", OPT_STR, "auto", 1, 10,
	    "Numbers below a message that students can tap to choose; for the server "
	    "each "
	    "is a message. auto: while half of what a server usually allows is left "
	    "for answers; always: for servers that set no limit; never." },
	{ "matrix.token", OPT_STR, "", 0, 2000,
	    "The bot's access token. It is a password: better in token_file." },
	{ "matrix.token_file", OPT_STR, "", 0, 4000,
	    "File with the token, which nobody else can read. Empty: systemd's "
	    "credential matrix-token, if there is one. Without token and password "
	    "Matrix is off." },
	{ "matrix.unsent_after", OPT_INT, "300", 0, 86400,
	    "Seconds after which an answer is not sent any more, when the server could "
	    "not be reached for so long: the student is asked to ask again. 0: "
	    "never." },
	{ "matrix.user", OPT_STR, "", 0, 255,
	    "The bot's account, like \"@bot:example.org\"." },
	{ "notices.timezone", OPT_STR, "local", 1, 60,
	    "Whose night is quiet for a student who has not said where she is: a name "
	    "like Europe/Berlin, or UTC+2. local: that of this machine." },
	{ "privacy.keep_days", OPT_INT, "90", 1, 3650,
	    "Days after which conversations, remarks and messages that could not be "
	    "answered are forgotten; and who has not come back for so long." },
	{ "privacy.raw_hours", OPT_INT, "48", 48, 8760,
	    "Hours for which files can be fetched from the web chat, and for which ids "
	    "of "
	    "messages are kept after a student has deleted her data: networks may "
	    "bring "
	    "messages again." },
	{ "telegram.about", OPT_STR, "", 0, 120,
	    "One line below the bot's name. Empty: as @BotFather was told." },
	{ "telegram.api_url", OPT_STR, "https://api.telegram.org", 1, 300,
	    "Another Bot API server, such as one of your own: https://, or http:// on "
	    "this "
	    "machine." },
	{ "telegram.description", OPT_STR, "", 0, 512,
	    "What an empty chat shows: what the bot is for. Empty: as @BotFather was "
	    "told." },
	{ "telegram.mode", OPT_STR, "polling", 1, 10,
	    "polling: the bot fetches messages, which works anywhere. webhook: "
	    "Telegram "
	    "brings them to webhook_url." },
	{ "telegram.name", OPT_STR, "", 0, 64,
	    "The name that people see. Empty: as @BotFather was told." },
	{ "telegram.token", OPT_STR, "", 0, 100,
	    "The bot's token from @BotFather. It is a password: better in "
	    "token_file." },
	{ "telegram.token_file", OPT_STR, "", 0, 4000,
	    "File with the token, which nobody else can read. Empty: systemd's "
	    "credential "
	    "telegram-token, if there is one. Without a token Telegram is off." },
	{ "telegram.webhook_url", OPT_STR, "", 0, 300,
	    "Public address that leads to the web server (web.listen) through a proxy, "
	    "like https://chat.example.org. Telegram calls /telegram/... below it, "
	    "under "
	    "a name that cannot be guessed." },
	{ "web.hosts", OPT_LIST, "", 0, 255,
	    "Host names under which the web chat is reached, with the port if it is "
	    "not "
	    "the usual one. Empty: the address it listens on, and localhost." },
	{ "web.listen", OPT_STR, "127.0.0.1:8080", 1, 200,
	    "Where the web chat listens: address:port, or unix:PATH behind a proxy. "
	    "\"off\" "
	    "turns it off." },
	{ "web.max_connections", OPT_INT, "2000", 8, 100000,
	    "Open connections of the web chat in all." },
	{ "web.max_per_address", OPT_INT, "40", 1, 100000,
	    "Open connections from one network address (a dormitory may share one)." },
	{ "web.origins", OPT_LIST, "", 0, 300,
	    "Origins from which a page may talk to the bot, like "
	    "https://chat.example.org. "
	    "Empty: the hosts above." },
	{ "web.proxy", OPT_BOOL, "false", 0, 0,
	    "true behind a reverse proxy of yours: the last address of X-Forwarded-For "
	    "then counts as the student's." },
};

struct value {
	const char *text;
	int64_t number;
	const char **items; /* OPT_LIST: ends with NULL */
	struct place *at;   /* one an item, or one; NULL: a default */
};

struct config {
	struct arena *arena;
	struct value values[ARRAY_LEN(options)];
};

static const char *const no_items[] = { NULL };

static enum rc
parse_bool(struct str s, int64_t *out)
{
	*out = str_is(s, "true") || str_is(s, "yes") || str_is(s, "on");
	return *out || str_is(s, "false") || str_is(s, "no") || str_is(s, "off")
	           ? RC_OK
	           : RC_INVALID;
}

struct config *
config_default(void)
{
	struct config *cf = xcalloc(1, sizeof(*cf));

	cf->arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const struct option *o = &options[i];
		enum rc rc = RC_OK;

		cf->values[i].text = o->otherwise;
		cf->values[i].items = (const char **)arena_zalloc(cf->arena,
		    ARRAY_LEN(no_items), sizeof(no_items[0]));
		if (o->type == OPT_INT)
			rc = str_to_int(str_of(o->otherwise), o->min, o->max,
			    &cf->values[i].number);
		else if (o->type == OPT_BOOL)
			rc = parse_bool(str_of(o->otherwise), &cf->values[i].number);
		assert(rc == RC_OK);
	}
	return cf;
}

void
config_free(struct config *cf)
{
	if (cf == NULL)
		return;
	arena_free(cf->arena);
	free(cf);
}

static void
set_list(struct config *cf, size_t i, const struct yaml *y, struct faults *faults)
{
	const char **items = arena_zalloc(cf->arena, y->n + 1, sizeof(*items));
	struct place *at = arena_zalloc(cf->arena, y->n + 1, sizeof(*at));

	for (size_t k = 0; k < y->n; k++) {
		at[k] = y->child[k]->at;
		if (y->child[k]->kind != YAML_SCALAR)
			faults_add(faults, y->child[k]->at, "%s: expected a text",
			    options[i].name);
		else
			items[k] = arena_cstr(cf->arena, y->child[k]->text);
	}
	cf->values[i].items = items;
	cf->values[i].at = at;
}

static void
set_scalar(struct config *cf, size_t i, const struct yaml *y, struct faults *faults)
{
	const struct option *o = &options[i];
	struct value *v = &cf->values[i];

	v->text = arena_cstr(cf->arena, y->text);
	v->at = arena_zalloc(cf->arena, 1, sizeof(*v->at));
	*v->at = y->at;
	switch (o->type) {
	case OPT_INT:
		if (str_to_int(y->text, o->min, o->max, &v->number) != RC_OK)
			faults_add(faults, y->at,
			    "%s: \"%s\" is not a whole number from %lld to %lld",
			    o->name, v->text, (long long)o->min, (long long)o->max);
		break;
	case OPT_BOOL:
		if (parse_bool(y->text, &v->number) != RC_OK)
			faults_add(faults, y->at,
			    "%s: \"%s\" is neither true nor false", o->name, v->text);
		break;
	case OPT_STR:
		if ((int64_t)y->text.len < o->min || (int64_t)y->text.len > o->max)
			faults_add(faults, y->at, "%s: must have %lld to %lld bytes",
			    o->name, (long long)o->min, (long long)o->max);
		break;
	case OPT_LIST:
		break;
	}
}

static void
set_option(struct config *cf, size_t i, const struct yaml *y, struct faults *faults)
{
	bool list = options[i].type == OPT_LIST;

	if (yaml_is_null(y))
		return;
	if (y->kind != (list ? YAML_SEQ : YAML_SCALAR))
		faults_add(faults, y->at, "%s: expected %s", options[i].name,
		    list ? "a list, like [a, b]" : "a single value");
	else if (list)
		set_list(cf, i, y, faults);
	else
		set_scalar(cf, i, y, faults);
}

static void
unknown(struct arena *a, const struct yaml *key, const char *name,
    struct faults *faults)
{
	const char **names = arena_zalloc(a, ARRAY_LEN(options) + 1, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		names[i] = options[i].name;
	near = yaml_nearest(str_of(name), names);
	if (near != NULL)
		faults_add(faults, key->at, "unknown option %s; did you mean %s?", name,
		    near);
	else
		faults_add(faults, key->at, "unknown option %s", name);
}

static void
unknown_section(struct arena *a, const struct yaml *key, struct faults *faults)
{
	const char **names = arena_zalloc(a, ARRAY_LEN(options) + 1, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		names[i] = arena_cstr(a,
		    str_n(options[i].name, strcspn(options[i].name, ".")));
	near = yaml_nearest(key->text, names);
	if (near != NULL)
		faults_add(faults, key->at, "unknown section %.*s; did you mean %s?",
		    STR_ARG(key->text), near);
	else
		faults_add(faults, key->at,
		    "unknown section %.*s; credbot check --example prints all",
		    STR_ARG(key->text));
}

static int
by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct option *)row)->name);
}

static const struct option *
find(const char *name)
{
	return bsearch(name, options, ARRAY_LEN(options), sizeof(options[0]), by_name);
}

static bool
is_section(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (strncmp(options[i].name, name.p, name.len) == 0 &&
		    options[i].name[name.len] == '.')
			return true;
	return false;
}

static void
read_section(struct config *cf, const struct yaml *key, const struct yaml *section,
    struct faults *faults)
{
	if (!is_section(key->text)) {
		unknown_section(cf->arena, key, faults);
		return;
	}
	if (section->kind != YAML_MAP) {
		if (!yaml_is_null(section))
			faults_add(faults, section->at,
			    "%.*s: expected indented options below it",
			    STR_ARG(key->text));
		return;
	}
	for (size_t i = 0; i < section->n; i++) {
		const char *name = arena_printf(cf->arena, "%.*s.%.*s",
		    STR_ARG(key->text), STR_ARG(section->key[i]->text));
		const struct option *o = find(name);

		if (o == NULL)
			unknown(cf->arena, section->key[i], name, faults);
		else
			set_option(cf, (size_t)(o - options), section->child[i],
			    faults);
	}
}

struct config *
config_load(const char *path, struct faults *faults)
{
	struct config *cf = config_default();
	size_t before = faults->n;
	struct yaml *y = yaml_load(cf->arena, path, faults);

	if (y != NULL && y->kind != YAML_MAP)
		faults_add(faults, y->at, "expected sections like \"web:\"");
	else if (y != NULL)
		for (size_t i = 0; i < y->n; i++)
			read_section(cf, y->key[i], y->child[i], faults);
	if (faults->n > before) {
		config_free(cf);
		return NULL;
	}
	return cf;
}

static const struct value *
value_of(const struct config *cf, const char *name, enum option_type type)
{
	const struct option *o = find(name);

	assert(o != NULL && o->type == type);
	return &cf->values[o - options];
}

const char *
config_str(const struct config *cf, const char *name)
{
	return value_of(cf, name, OPT_STR)->text;
}

int64_t
config_int(const struct config *cf, const char *name)
{
	return value_of(cf, name, OPT_INT)->number;
}

bool
config_bool(const struct config *cf, const char *name)
{
	return value_of(cf, name, OPT_BOOL)->number != 0;
}

const char *
config_item(const struct config *cf, const char *name, size_t i)
{
	const char **items = value_of(cf, name, OPT_LIST)->items;

	while (i > 0 && *items != NULL) {
		items++;
		i--;
	}
	return *items;
}

struct place
config_place(const struct config *cf, const char *name, size_t i)
{
	const struct option *o = find(name);
	const struct value *v;

	assert(o != NULL);
	v = &cf->values[o - options];
	return v->at == NULL ? (struct place){ "the default", 0, 0 } : v->at[i];
}

/* Help as comment lines of at most 88 columns. */
static void
print_help(struct buf *out, const char *help)
{
	struct str rest = str_of(help);
	size_t column = 0;

	while (rest.p != NULL) {
		struct str word = str_cut(&rest, ' ');

		if (column == 0 || column + word.len + 1 > 88) {
			buf_adds(out, column == 0 ? "  #" : "\n  #");
			column = 3;
		}
		buf_printf(out, " %.*s", STR_ARG(word));
		column += word.len + 1;
	}
	buf_addc(out, '\n');
}

void
config_print_example(struct buf *out)
{
	size_t section = 0;

	buf_adds(out,
	    "# credbot.yaml - every option with its default. A line that you leave "
	    "out keeps it.\n");
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const struct option *o = &options[i];
		size_t dot = (size_t)(strchr(o->name, '.') - o->name);

		if (i == 0 || section != dot ||
		    strncmp(o->name, options[i - 1].name, dot) != 0)
			buf_printf(out, "\n%.*s:\n", (int)dot, o->name);
		section = dot;
		print_help(out, o->help);
		if (o->type == OPT_LIST)
			buf_printf(out, "  %s: []\n", o->name + dot + 1);
		else if (o->type == OPT_STR)
			buf_printf(out, "  %s: \"%s\"\n", o->name + dot + 1,
			    o->otherwise);
		else
			buf_printf(out, "  %s: %s\n", o->name + dot + 1, o->otherwise);
	}
}
