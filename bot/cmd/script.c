/*
 * script.c - plays conversations from a file. See script.h for the language.
 *
 * Everything is real but the clock and the network: engine, store on disk, inbox, outbox,
 * and a channel that keeps what was sent.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/cmd/app.h"
#include "bot/cmd/script.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/base/map.h"
#include "credbot/chan/markup.h"

/* Scripts are read whole; the longest conversation has a hundred lines. */
#define SCRIPT_MAX ((size_t)1024 * 1024)
#define SCRIPT_SEED 20260114

struct student {
	char *name;
	struct network *network; /* where she writes */
	bool group;
	struct buf heard;   /* since her last message: plain text */
	struct buf offered; /* choices of the last answer, one a line */
	struct buf given;   /* files since her last message: "name type", one a line */
	struct buf file;    /* what stands in the last of them, ever */
	char *last_id;
	char *understood; /* "faq:topic" or an intent */
};

/* A network. */
struct network {
	struct channel ch;
	struct script *script;
};

#define NETWORKS 4

struct script {
	struct network networks[NETWORKS];
	struct kept *kept;
	const struct args *args;
	struct app app;
	const char *path;
	int line;
	struct clock clock;
	struct chance chance;
	char dir[64]; /* state of this run */
	struct buf config;
	struct map *students;
	int n_messages;
	bool running;
	int passed, failed;
};

static void
complain(struct script *s, const char *what, struct str wanted, const char *got)
{
	s->failed++;
	printf("%s:%d: %s\n\twanted %.*s\n\tgot    %s\n", s->path, s->line, what,
	    STR_ARG(wanted), got);
}

static void
check(struct script *s, bool good, const char *what, struct str wanted, const char *got)
{
	if (good)
		s->passed++;
	else
		complain(s, what, wanted, got);
}

/* --- the channel */

static struct student *
student_of(struct script *s, struct str name)
{
	struct student *st = map_get(s->students, name);

	if (st == NULL) {
		st = xcalloc(1, sizeof(*st));
		st->name = xstrndup(name.p, name.len);
		st->network = &s->networks[0];
		(void)map_put(s->students, name, st);
	}
	return st;
}

/* An answer may come long after its message: what was understood is noted with it. */
static void
note_understood(const struct script *s, struct student *st)
{
	const struct engine_trace *tr = engine_trace(s->app.engine);
	struct buf b = { 0 };

	free(st->understood);
	buf_adds(&b, tr->intent == NULL ? "-" : tr->intent);
	if (tr->topic != NULL)
		buf_printf(&b, ":%s", tr->topic);
	st->understood = buf_take(&b);
}

static void
script_send(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct script *s = ((struct network *)ch)->script;
	struct student *st = student_of(s, m->account);
	struct markup *mk = markup_parse(m->text);

	if (st->heard.len > 0)
		buf_addc(&st->heard, '\n');
	markup_text(mk, 0, &st->heard);
	markup_free(mk);
	buf_clear(&st->offered);
	for (size_t i = 0; i < m->n_buttons; i++) {
		buf_addstr(&st->offered, m->buttons[i]);
		buf_addc(&st->offered, '\n');
	}
	for (size_t i = 0; i < m->n_documents; i++) {
		const struct document *d = &m->documents[i];

		buf_printf(&st->given, "%.*s %.*s\n", STR_ARG(d->name),
		    STR_ARG(d->type));
		buf_clear(&st->file);
		buf_addstr(&st->file, d->bytes);
	}
	note_understood(s, st);
	done(arg, &(struct send_result){ .rc = RC_OK });
}

static bool
is_shared(struct channel *ch, struct str account)
{
	return student_of(((struct network *)ch)->script, account)->group;
}

static const char *
own_name(struct channel *ch)
{
	if (strcmp(ch->ops->name, "matrix") == 0)
		return "@bot:example.org";
	return strcmp(ch->ops->name, "telegram") == 0 ? "example_bot" : NULL;
}

#define NETWORK(called)                                                                \
	{                                                                              \
		.name = (called), .send = script_send, .is_shared = is_shared,         \
		.own_name = own_name                                                   \
	}
static const struct channel_ops ops[NETWORKS] = { NETWORK("script"),
	NETWORK("telegram"), NETWORK("matrix"), NETWORK("webchat") };

/* place mia telegram [group] */
static void
set_place(struct script *s, struct str text)
{
	struct str rest = text, name = str_cut(&rest, ' ');
	struct str where = rest.p == NULL ? str_n("", 0) : str_cut(&rest, ' ');
	struct student *st = student_of(s, name);

	for (size_t i = 0; i < NETWORKS; i++) {
		if (!str_is(where, ops[i].name))
			continue;
		st->network = &s->networks[i];
		st->group = rest.p != NULL && str_is(rest, "group");
		return;
	}
	complain(s, "no such place", text, "");
}

/* keep code mia Your code is */
static void
keep(struct script *s, struct str text)
{
	struct str rest = text, name = str_cut(&rest, ' ');
	struct str who = rest.p == NULL ? str_n("", 0) : str_cut(&rest, ' ');
	const struct student *st = student_of(s, who);

	check(s, rest.p != NULL && kept_take(s->kept, name, rest, buf_str(&st->heard)),
	    "was not said", text, buf_cstr(&st->heard));
}

/* --- the program under test */

static int
start(struct script *s)
{
	struct buf path = { 0 };
	struct args a = *s->args;
	struct err err;
	int code;

	buf_printf(&path, "%s/credbot.yaml", s->dir);
	if (file_write_atomic(buf_cstr(&path), buf_str(&s->config), &err) != RC_OK)
		fprintf(stderr, "%s\n", err.text);
	a.value[0] = buf_cstr(&path); /* --config is the first flag of credbot chat */
	code = app_init(&s->app, &a);
	log_set_level(LOG_ERROR);
	s->app.clock = &s->clock;
	s->app.chance = &s->chance;
	if (code == CMD_DONE)
		code = app_open_library(&s->app);
	free(s->app.state_dir);
	s->app.state_dir = xstrdup(s->dir);
	if (code == CMD_DONE) {
		app_open_catalog(&s->app);
		code = app_open_store(&s->app, NULL);
	}
	if (code == CMD_DONE) {
		for (size_t i = 0; i < NETWORKS; i++)
			flow_add_channel(s->app.flow, &s->networks[i].ch);
		(void)flow_start(s->app.flow, &err);
	}
	s->running = code == CMD_DONE;
	buf_fini(&path);
	return code;
}

static void
stop(struct script *s)
{
	app_fini(&s->app);
	s->app = (struct app){ 0 };
	s->running = false;
}

static void
on_put(void *arg, enum rc rc, int64_t seq)
{
	(void)seq;
	if (rc != RC_OK)
		complain(arg, "the message was not taken", STR("ok"), rc_name(rc));
}

static void
put(struct script *s, struct student *st, enum message_kind kind, struct str text)
{
	char id[32];
	struct inmsg m = { .channel = st->network->ch.ops->name,
		.account = str_of(st->name),
		.edit_of = str_of(st->last_id),
		.kind = kind,
		.text = text };

	(void)snprintf(id, sizeof(id), "m%d", ++s->n_messages);
	m.id = str_of(id);
	buf_clear(&st->heard);
	buf_clear(&st->offered);
	buf_clear(&st->given);
	free(st->understood);
	st->understood = NULL;
	flow_put(s->app.flow, &m, on_put, s);
	loop_turn(s->app.loop);
	free(st->last_id);
	st->last_id = xstrdup(id);
}

/* --- the lines of a script */

static bool
matches(struct str pattern, const char *text)
{
	char *p = xstrndup(pattern.p, pattern.len);
	bool found = fnmatch(p, text, FNM_CASEFOLD) == 0;

	free(p);
	return found;
}

/* Whether one of the lines matches. */
static bool
lists(const struct buf *lines, struct str pattern)
{
	struct str rest = buf_str(lines);
	bool found = false;

	while (rest.p != NULL && !found) {
		struct str line = str_cut(&rest, '\n');
		char *text = xstrndup(line.p, line.len);

		found = line.len > 0 && matches(pattern, text);
		free(text);
	}
	return found;
}

static bool
understood_as(const struct student *st, struct str wanted)
{
	while (st->understood != NULL && wanted.p != NULL)
		if (str_is(str_trim(str_cut(&wanted, '|')), st->understood))
			return true;
	return false;
}

/* "!" before the pattern: it must not match. */
static void
check_text(struct script *s, struct str pattern, const char *text)
{
	bool not = pattern.len > 0 && pattern.p[0] == '!';
	struct str p = not ? str_trim(str_n(pattern.p + 1, pattern.len - 1)) : pattern;

	check(s, matches(p, text) != not, not ? "was said" : "was not said", pattern,
	    text);
}

static void
run_student(struct script *s, struct student *st, char verb, struct str rest)
{
	const char *heard = buf_cstr(&st->heard);

	switch (verb) {
	case '>':
		put(s, st, MESSAGE_TEXT, rest);
		break;
	case '~':
		put(s, st, MESSAGE_EDIT, rest);
		break;
	case '!':
		put(s, st, MESSAGE_MEDIA, rest);
		break;
	case '^':
		put(s, st, MESSAGE_OPEN, str_n("", 0));
		break;
	case '@':
		put(s, st, MESSAGE_START, rest);
		break;
	case '[':
		check(s, lists(&st->offered, rest), "no such choice", rest,
		    buf_cstr(&st->offered));
		break;
	case '+':
		check(s, rest.len > 0 ? lists(&st->given, rest) : st->given.len == 0,
		    rest.len > 0 ? "no such file" : "there is a file", rest,
		    buf_cstr(&st->given));
		break;
	case '{':
		check_text(s, rest, buf_cstr(&st->file));
		break;
	case '=':
		check(s, understood_as(st, rest), "understood otherwise", rest,
		    st->understood == NULL ? "-" : st->understood);
		break;
	default:
		if (rest.len == 0)
			check(s, st->heard.len == 0, "was answered", STR("silence"),
			    heard);
		else
			check_text(s, rest, heard);
	}
}

static void
set_clock(struct script *s, struct str text)
{
	int64_t ms, now = clock_now_ms(&s->clock);

	if (clock_parse(text, &ms) != RC_OK || (s->running && ms < now))
		complain(s, "no such time, or a time that has passed", text, "");
	else if (s->running)
		loop_advance(s->app.loop, ms - now);
	else
		s->clock = clock_fixed(ms);
}

/* "section.key: value", put into its section. */
static void
set_config(struct script *s, struct str text)
{
	struct str section = str_cut(&text, '.'), rest = buf_str(&s->config);
	struct buf out = { 0 };
	bool found = false;

	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');

		buf_printf(&out, "%.*s\n", STR_ARG(line));
		if (!str_eq(str_n(line.p, line.len > 0 ? line.len - 1 : 0), section))
			continue;
		buf_printf(&out, "  %.*s\n", STR_ARG(text));
		found = true;
	}
	if (!found)
		buf_printf(&out, "%.*s:\n  %.*s\n", STR_ARG(section), STR_ARG(text));
	buf_fini(&s->config);
	s->config = out;
}

static void
set_catalog(struct script *s, struct str file)
{
	struct err err = { "" };

	if (!script_import(s->path, file, s->dir, clock_now_ms(&s->clock), &err))
		complain(s, "was not imported", file, err.text);
	app_open_catalog(&s->app);
}

static void
run_line(struct script *s, struct str line)
{
	static const char verbs[] = ">~!^@<[=+{";
	struct str rest = line, word = str_cut(&rest, ' ');
	int64_t ms;
	size_t at;

	rest = rest.p == NULL ? str_n("", 0) : str_trim(rest);
	if (str_is(word, "clock")) {
		set_clock(s, rest);
		return;
	}
	if (str_is(word, "config")) {
		set_config(s, rest);
		return;
	}
	if (str_is(word, "place")) {
		set_place(s, rest);
		return;
	}
	if (!s->running && start(s) != CMD_DONE) {
		complain(s, "the program does not start", STR("ready"), "");
		return;
	}
	if (str_is(word, "restart")) {
		stop(s);
		(void)start(s);
	} else if (str_is(word, "catalog")) {
		set_catalog(s, rest);
	} else if (str_is(word, "keep")) {
		keep(s, rest);
	} else if (str_is(word, "wait") &&
		   str_to_int(rest, 0, INT32_MAX, &ms) == RC_OK) {
		loop_advance(s->app.loop, ms);
	} else {
		for (at = 0; at < line.len && strchr(verbs, line.p[at]) == NULL; at++)
			;
		if (at == 0 || at == line.len) {
			complain(s, "not a line of a script", line, "");
			return;
		}
		run_student(s, student_of(s, str_n(line.p, at)), line.p[at],
		    str_trim(str_n(line.p + at + 1, line.len - at - 1)));
	}
}

static void
free_students(struct script *s)
{
	struct str name;
	size_t pos = 0;
	void *value;

	while (map_next(s->students, &pos, &name, &value)) {
		struct student *st = value;

		buf_fini(&st->heard);
		buf_fini(&st->offered);
		buf_fini(&st->given);
		buf_fini(&st->file);
		free(st->last_id);
		free(st->understood);
		free(st->name);
		free(st);
	}
	map_free(s->students);
}

static void
remove_state(const struct script *s)
{
	static const char *const names[] = { "credbot.db", "credbot.db-wal",
		"credbot.db-shm", "catalog.db", "catalog.db-wal", "catalog.db-shm",
		"catalog.index", "credbot.yaml" };
	struct buf path = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", s->dir, names[i]);
		(void)unlink(buf_cstr(&path));
	}
	(void)rmdir(s->dir);
	buf_fini(&path);
}

int
script_run(struct args *a, const char *path)
{
	struct script s = { .args = a,
		.path = path,
		.clock = clock_fixed(0),
		.chance = chance_seeded(SCRIPT_SEED),
		.dir = "/tmp/credbot-script-XXXXXX" };
	struct buf text = { 0 };
	struct str rest;
	struct err err = { "/tmp: no folder can be made there" };

	if (file_read(path, SCRIPT_MAX, &text, &err) != RC_OK ||
	    mkdtemp(s.dir) == NULL) {
		fprintf(stderr, "credbot chat: %s\n", err.text);
		buf_fini(&text);
		return CMD_FAILED;
	}
	for (size_t i = 0; i < NETWORKS; i++)
		s.networks[i] = (struct network){ .ch = { .ops = &ops[i] },
			.script = &s };
	s.kept = kept_new();
	s.students = map_new();
	rest = buf_str(&text);
	while (rest.p != NULL) {
		struct buf line = { 0 };

		s.line++;
		kept_fill_in(s.kept, str_trim(str_cut(&rest, '\n')), &line);
		if (line.len > 0 && line.data[0] != '#')
			run_line(&s, buf_str(&line));
		buf_fini(&line);
	}
	stop(&s);
	remove_state(&s);
	free_students(&s);
	kept_free(s.kept);
	buf_fini(&s.config);
	buf_fini(&text);
	printf("%d passed, %d failed\n", s.passed, s.failed);
	return s.failed == 0 ? CMD_DONE : CMD_FAILED;
}
