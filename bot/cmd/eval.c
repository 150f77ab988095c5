/*
 * eval.c - credbot eval: how well labelled questions are understood.
 *
 * The files and the scoring are those of nlu/credbot/README.md: a line is right if the bot's
 * first id is any of its labels (lenient) or the first of them (strict); a question asked
 * back is counted apart; lines of style "context" are said after a question and its answer,
 * so that there is something to repeat, to choose from and to say yes to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bot/cmd/commands.h"
#include "bot/cmd/slots.h"
#include "bot/cmd/talker.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/json.h"
#include "credbot/catalog/wish_read.h"
#include "intents/intents.h"

/* Labelled files are some hundred lines; anything larger is another file by mistake. */
#define FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)
/* What is said before a line that needs a context. */
static const char opening[] = "what is a micro-credential?";
/* A request is read so often for its time, which is some microseconds. */
#define READINGS 10
static const char out_of_scope[] = "out-of-scope";

struct tally {
	const char *file;
	size_t n, strict, lenient, clarified;
	size_t built_n, built_right; /* lines whose first label this program acts on */
	size_t context_n, context_right;
	size_t oos_n, oos_right; /* lines out of scope, and those answered well */
	size_t rejected, rejected_right;
	size_t later_n, later_right; /* dialogues: turns 2 and later */
	size_t compound_n, compound_exact;
	size_t slots_n, slots_exact; /* requests, and those with every slot right */
	struct slots_score slots;
	int64_t *slot_ns; /* what reading each of them took */
	size_t slot_ns_cap;
};

struct evaluation {
	struct talker talker;
	const struct args *args;
	struct tally *tally;
	size_t rejected, rejected_right; /* over all files, for precision */
};

/* The id of the last turn: a topic or an intent. */
static const char *
said(const struct evaluation *ev)
{
	const struct engine_trace *tr = engine_trace(ev->talker.app->engine);

	return tr->topic != NULL ? tr->topic : tr->intent;
}

static bool
is_label(struct str labels, const char *id)
{
	while (labels.p != NULL)
		if (str_is(str_cut(&labels, '|'), id))
			return true;
	return false;
}

static bool
is_any_option(const struct evaluation *ev, struct str labels)
{
	const struct engine_trace *tr = engine_trace(ev->talker.app->engine);

	for (size_t i = 0; i < tr->n_also && i < 3; i++)
		if (is_label(labels, tr->also[i]))
			return true;
	return false;
}

static bool
is_built(struct str label)
{
	for (size_t i = 0; intent_names[i] != NULL; i++)
		if (str_is(label, intent_names[i]))
			return true;
	return false;
}

/* With -v: the lines that went wrong. */
static void
show(const struct evaluation *ev, struct str labels, struct str text)
{
	const struct engine_trace *tr = engine_trace(ev->talker.app->engine);

	if (!args_has(ev->args, "verbose"))
		return;
	printf("%-28s %.2f %.2f  want %.*s: %.*s\n", said(ev), (double)tr->score,
	    (double)tr->in_scope, STR_ARG(labels), STR_ARG(text));
}

static void
count_line(struct evaluation *ev, struct str labels, struct str text, bool context)
{
	struct tally *t = ev->tally;
	const char *id = said(ev);
	struct str rest = labels, first = str_cut(&rest, '|');
	bool right = is_label(labels, id);
	bool rejected = strcmp(id, out_of_scope) == 0;

	t->n++;
	t->strict += str_is(first, id);
	t->lenient += right;
	t->clarified += !right && engine_trace(ev->talker.app->engine)->asked_back &&
	                is_any_option(ev, labels);
	if (is_built(first)) {
		t->built_n++;
		t->built_right += right;
	}
	if (context) {
		t->context_n++;
		t->context_right += right;
	} else if (rejected) {
		t->rejected++;
		t->rejected_right += is_label(labels, out_of_scope);
	}
	if (str_is(first, out_of_scope) && !context) {
		t->oos_n++;
		t->oos_right += right;
	}
	if (!right)
		show(ev, labels, text);
}

/* Two or three questions in one message: right if all are answered, in order. */
static void
count_compound(struct evaluation *ev, struct str labels, struct str text)
{
	struct str rest = labels, part = str_cut(&rest, '+');
	bool exact = rest.p == NULL && is_label(part, said(ev));

	ev->tally->n++;
	ev->tally->compound_n++;
	ev->tally->compound_exact += exact;
	ev->tally->lenient += exact;
	ev->tally->strict += exact;
	if (!exact)
		show(ev, labels, text);
}

static void
read_tsv_line(struct evaluation *ev, struct str line)
{
	struct str labels = str_cut(&line, '\t'), text = str_cut(&line, '\t');
	struct str style = line.p == NULL ? STR("") : str_cut(&line, '\t');
	bool context = str_is(style, "context");

	if (text.len == 0)
		return;
	talker_reset(&ev->talker);
	if (context)
		talker_say(&ev->talker, str_of(opening), MESSAGE_TEXT);
	talker_say(&ev->talker, text, MESSAGE_TEXT);
	if (memchr(labels.p, '+', labels.len) != NULL)
		count_compound(ev, labels, text);
	else
		count_line(ev, labels, text, context);
}

/* {"turns":[{"text":...,"labels":[...]}]}: played from a fresh state. */
static void
read_dialogue(struct evaluation *ev, const struct json *turns)
{
	const struct json *turn;

	talker_reset(&ev->talker);
	for (size_t i = 0; (turn = json_item(turns, i)) != NULL; i++) {
		const struct json *list = json_at(turn, "labels"), *label;
		struct buf labels = { 0 };
		bool right;

		for (size_t k = 0; (label = json_item(list, k)) != NULL; k++) {
			struct str s;

			(void)json_text(label, &s);
			buf_printf(&labels, "%s%.*s", k == 0 ? "" : "|", STR_ARG(s));
		}
		talker_say(&ev->talker, json_str(turn, "text"), MESSAGE_TEXT);
		right = is_label(buf_str(&labels), said(ev));
		ev->tally->later_n += i > 0;
		ev->tally->later_right += i > 0 && right;
		count_line(ev, buf_str(&labels), json_str(turn, "text"), true);
		buf_fini(&labels);
	}
}

/* With -v: what was read from a request where a slot is wrong. */
static void
show_slots(const struct evaluation *ev, struct str line, const struct wish *w)
{
	struct buf found = { 0 };

	if (!args_has(ev->args, "verbose"))
		return;
	slots_add_json(&found, w);
	printf("%.*s\n  found %s\n", STR_ARG(line), buf_cstr(&found));
	buf_fini(&found);
}

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* {"text":...,"slots":{...}}: every request by itself. It counts as a line that is right if
 * all its slots are and none is too many. */
static void
read_request(struct evaluation *ev, const struct json *v, struct str line)
{
	const struct vocab *vocab = ev->talker.app->library->vocab;
	struct wish w;
	int64_t took;
	bool exact;

	took = now_ns();
	for (int i = 0; i < READINGS; i++) {
		wish_init(&w);
		(void)wish_read(vocab, json_str(v, "text"), &w, NULL);
	}
	took = (now_ns() - took) / READINGS;
	xgrow(&ev->tally->slot_ns, &ev->tally->slot_ns_cap, ev->tally->slots_n + 1);
	ev->tally->slot_ns[ev->tally->slots_n] = took;
	exact = slots_score(json_at(v, "slots"), &w, &ev->tally->slots);
	ev->tally->n++;
	ev->tally->slots_n++;
	ev->tally->slots_exact += exact;
	ev->tally->strict += exact;
	ev->tally->lenient += exact;
	if (!exact)
		show_slots(ev, line, &w);
}

static void
read_jsonl_line(struct evaluation *ev, struct str line)
{
	struct json *v = json_parse(line, 8);

	if (json_at(v, "turns") != NULL)
		read_dialogue(ev, json_at(v, "turns"));
	else if (json_at(v, "slots") != NULL)
		read_request(ev, v, line);
	json_free(v);
}

static int
read_file(struct evaluation *ev, const char *path)
{
	struct buf text = { 0 };
	struct str rest;
	struct err err;

	ev->tally->file = path;
	if (file_read(path, FILE_MAX_BYTES, &text, &err) != RC_OK) {
		fprintf(stderr, "credbot eval: %s\n", err.text);
		buf_fini(&text);
		return CMD_FAILED;
	}
	rest = buf_str(&text);
	while (rest.p != NULL) {
		struct str line = str_cut(&rest, '\n');

		if (line.len == 0)
			continue;
		if (line.p[0] == '{')
			read_jsonl_line(ev, line);
		else
			read_tsv_line(ev, line);
	}
	ev->rejected += ev->tally->rejected;
	ev->rejected_right += ev->tally->rejected_right;
	buf_fini(&text);
	return CMD_DONE;
}

/* --- what is printed */

static double
share(size_t part, size_t whole)
{
	return whole == 0 ? 0 : (double)part / (double)whole;
}

/* The harmonic mean of precision and recall over pairs of slot and value. */
static double
slot_f1(const struct slots_score *s)
{
	return share(2 * s->right, s->wanted + s->found);
}

static int
by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The time of a request at that percentile; sorts. */
static double
slot_us(const struct tally *t, size_t percent)
{
	size_t at;

	if (t->slots_n == 0)
		return 0;
	qsort(t->slot_ns, t->slots_n, sizeof(*t->slot_ns), by_size);
	at = (t->slots_n - 1) * percent / 100;
	return (double)t->slot_ns[at] / 1000;
}

static void
add_share(struct buf *b, const char *key, size_t part, size_t whole)
{
	if (whole > 0)
		buf_printf(b, ",\"%s\":%.4f", key, share(part, whole));
}

static void
add_json(struct buf *b, const struct evaluation *ev, const struct tally *t)
{
	buf_adds(b, "{\"file\":");
	buf_add_json(b, str_of(t->file));
	buf_printf(b, ",\"n\":%zu,\"strict\":%.4f,\"lenient\":%.4f", t->n,
	    share(t->strict, t->n), share(t->lenient, t->n));
	add_share(b, "clarified", t->clarified, t->clarified == 0 ? 0 : t->n);
	if (t->built_n < t->n)
		add_share(b, "built_lenient", t->built_right, t->built_n);
	add_share(b, "oos_recall", t->oos_right, t->oos_n);
	if (t->oos_n > 0)
		add_share(b, "oos_precision", ev->rejected_right, ev->rejected);
	add_share(b, "compound_exact", t->compound_exact, t->compound_n);
	add_share(b, "followup", t->later_right, t->later_n);
	if (t->slots_n > 0)
		buf_printf(b,
		    ",\"slot_f1\":%.4f,\"slot_us_p50\":%.1f,\"slot_us_p99\":%.1f",
		    slot_f1(&t->slots), slot_us(t, 50), slot_us(t, 99));
	add_share(b, "slot_precision", t->slots.right, t->slots.found);
	add_share(b, "slot_recall", t->slots.right, t->slots.wanted);
	buf_addc(b, '}');
}

static void
add_plain(struct buf *b, const struct evaluation *ev, const struct tally *t)
{
	buf_printf(b,
	    "%s: %zu lines, strict %.1f %%, lenient %.1f %%, asked back well %zu\n",
	    t->file, t->n, 100 * share(t->strict, t->n), 100 * share(t->lenient, t->n),
	    t->clarified);
	if (t->built_n > 0 && t->built_n < t->n)
		buf_printf(b, "  intents of this version: %zu lines, lenient %.1f %%\n",
		    t->built_n, 100 * share(t->built_right, t->built_n));
	if (t->context_n > 0)
		buf_printf(b, "  with a context: %zu lines, lenient %.1f %%\n",
		    t->context_n, 100 * share(t->context_right, t->context_n));
	if (t->oos_n > 0)
		buf_printf(b, "  out of scope: recall %.1f %%, precision %.1f %%\n",
		    100 * share(t->oos_right, t->oos_n),
		    100 * share(ev->rejected_right, ev->rejected));
	if (t->compound_n > 0)
		buf_printf(b, "  several questions: exact %.1f %%\n",
		    100 * share(t->compound_exact, t->compound_n));
	if (t->slots_n > 0)
		buf_printf(b,
		    "  slots: F1 %.1f %%, precision %.1f %%, recall %.1f %%, all right "
		    "in "
		    "%.1f %%, %.1f us each\n",
		    100 * slot_f1(&t->slots),
		    100 * share(t->slots.right, t->slots.found),
		    100 * share(t->slots.right, t->slots.wanted),
		    100 * share(t->slots_exact, t->slots_n), slot_us(t, 50));
	if (t->later_n > 0)
		buf_printf(b, "  follow-ups: %zu turns, right %.1f %%\n", t->later_n,
		    100 * share(t->later_right, t->later_n));
}

static void
print(const struct evaluation *ev, const struct tally *tallies, int n)
{
	bool json = args_has(ev->args, "json");
	struct buf b = { 0 };

	if (json && n > 1)
		buf_addc(&b, '[');
	for (int i = 0; i < n; i++) {
		if (json && i > 0)
			buf_addc(&b, ',');
		if (json)
			add_json(&b, ev, &tallies[i]);
		else
			add_plain(&b, ev, &tallies[i]);
	}
	if (json)
		buf_adds(&b, n > 1 ? "]\n" : "\n");
	fputs(buf_cstr(&b), stdout);
	buf_fini(&b);
}

static int
evaluate(const struct args *a, struct app *app)
{
	struct tally *tallies = xcalloc((size_t)a->n_rest, sizeof(*tallies));
	struct evaluation ev = { .args = a };
	int code = CMD_DONE;

	talker_init(&ev.talker, app);
	for (int i = 0; code == CMD_DONE && i < a->n_rest; i++) {
		ev.tally = &tallies[i];
		code = read_file(&ev, a->rest[i]);
	}
	for (int i = 0; code == CMD_DONE && i < a->n_rest; i++)
		if (tallies[i].n == 0 && tallies[i].later_n == 0) {
			fprintf(stderr, "credbot eval: %s: no lines\n", a->rest[i]);
			code = CMD_FAILED;
		}
	if (code == CMD_DONE)
		print(&ev, tallies, a->n_rest);
	talker_fini(&ev.talker);
	for (int i = 0; i < a->n_rest; i++)
		free(tallies[i].slot_ns);
	free(tallies);
	return code;
}

static int
run(struct args *a)
{
	struct app app;
	int code;

	if (a->n_rest == 0)
		return args_usage(a, "which files?");
	code = app_init(&app, a);
	if (code == CMD_DONE)
		code = app_open_library(&app);
	if (code == CMD_DONE) {
		app_open_catalog(&app);
		code = evaluate(a, &app);
	}
	app_fini(&app);
	return code;
}

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_JSON,
	{ "verbose", 'v', NULL, "print each line that was misunderstood" },
	APP_FLAG_AT,
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

const struct command command_eval = {
	.name = "eval",
	.summary = "Score labelled questions (.tsv, .jsonl).",
	.synopsis = "[--json] [-v] FILE...",
	.example = "credbot eval questions.tsv",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
