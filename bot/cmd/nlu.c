/*
 * nlu.c - credbot nlu bench: the classifier alone, on any labelled data set.
 *
 * Files hold a line a text: label, tab, text; the label __oos__ is out of scope. Such lines
 * of the training file are left out unless --oos is given, so that the figures are those of
 * a threshold alone. The threshold is the model's own; a validation file with lines out of
 * scope sets another: the highest that costs a hundredth of the accuracy in scope there.
 * "accuracy" and "macro_f1" are without threshold, over the lines in scope.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/cmd/cmd.h"
#include "bot/cmd/labelled.h"
#include "credbot/base/alloc.h"
#include "credbot/base/clock.h"
#include "credbot/base/file.h"
#include "credbot/nlu/classify.h"
#include "credbot/nlu/train.h"

/* What a threshold from the validation file may cost there. */
#define KEEP_COST 0.01
/* The bench trains with one seed, so that two runs can be compared. */
#define SEED 1

struct bench {
	struct lines train, valid, test;
	struct model *model;
	struct buf file; /* the model */
	double train_s;
	float threshold;
	bool from_valid; /* the threshold */
	double typos;    /* edits a character */
};

struct figures {
	size_t in, in_right, in_kept, in_kept_right;
	size_t oos, oos_refused;
	double macro_f1;
	int64_t us_p50, us_p99;
};

static enum rc
train(struct bench *b, struct err *err)
{
	static const char sources[] =
	    "0000000000000000000000000000000000000000000000000000000000000000";
	struct train_example *examples = xcalloc(b->train.n, sizeof(*examples));
	struct training t = { .examples = examples,
		.n = b->train.n,
		.sources = sources,
		.seed = SEED };
	int64_t start = clock_mono_us(clock_system());
	enum rc rc;

	for (size_t i = 0; i < b->train.n; i++)
		examples[i] = (struct train_example){ b->train.v[i].label,
			b->train.v[i].text };
	rc = train_model(&t, &b->file, err);
	b->train_s = (double)(clock_mono_us(clock_system()) - start) / 1e6;
	free(examples);
	return rc;
}

/* Through a file, as the daemon would. */
static enum rc
open_trained(struct bench *b, struct err *err)
{
	char path[] = "/tmp/credbot-bench-XXXXXX";
	int fd = mkstemp(path);
	enum rc rc;

	if (fd < 0) {
		err_set(err, "%s: cannot be made", path);
		return RC_IO;
	}
	close(fd);
	rc = file_write_atomic(path, buf_str(&b->file), err);
	if (rc == RC_OK)
		rc = model_open(&b->model, path, err);
	(void)unlink(path);
	return rc;
}

static void
classify_lines(const struct model *m, struct lines *l)
{
	struct classify_scratch *s = classify_scratch_new(m);
	struct arena *a = arena_new();

	for (size_t i = 0; i < l->n; i++) {
		struct line *line = &l->v[i];
		int64_t start = clock_mono_us(clock_system());
		struct classified c;

		classify(m, s, a, line->text, &c);
		line->us = clock_mono_us(clock_system()) - start;
		line->got = c.n > 0 ? c.top[0].label : NLU_OOS;
		line->in_scope = c.in_scope;
		arena_reset(a);
	}
	arena_free(a);
	classify_scratch_free(s);
}

static bool
is_right(const struct line *l)
{
	return strcmp(l->got, l->label) == 0;
}

static int
by_float(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

/* Sets the threshold from the validation lines, if they have any out of scope. */
static void
choose_threshold(struct bench *b)
{
	float *right = xcalloc(b->valid.n + 1, sizeof(*right));
	size_t n = 0, in = 0, lost;

	b->threshold = model_threshold(b->model);
	for (size_t i = 0; i < b->valid.n; i++) {
		in += !line_is_oos(&b->valid.v[i]);
		if (!line_is_oos(&b->valid.v[i]) && is_right(&b->valid.v[i]))
			right[n++] = b->valid.v[i].in_scope;
	}
	lost = (size_t)(KEEP_COST * (double)in);
	if (in < b->valid.n && lost < n) {
		qsort(right, n, sizeof(*right), by_float);
		b->threshold = right[lost];
		b->from_valid = true;
	}
	free(right);
}

/* Mean over the labels that the lines in scope have. */
static double
macro_f1(const struct lines *l)
{
	size_t n;
	const char **labels = lines_labels(l, &n);
	double sum = 0.0;

	for (size_t k = 0; k < n; k++) {
		size_t both = 0, either = 0;

		for (size_t i = 0; i < l->n; i++) {
			const struct line *line = &l->v[i];
			bool want = strcmp(line->label, labels[k]) == 0;
			bool got = strcmp(line->got, labels[k]) == 0;

			if (line_is_oos(line))
				continue;
			both += want && got;
			either += (size_t)want + got;
		}
		sum += 2.0 * (double)both / (double)either;
	}
	free(labels);
	return n == 0 ? 0.0 : sum / (double)n;
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static struct figures
measure(const struct bench *b)
{
	const struct lines *l = &b->test;
	int64_t *us = xcalloc(l->n, sizeof(*us));
	struct figures f = { 0 };

	for (size_t i = 0; i < l->n; i++) {
		const struct line *line = &l->v[i];
		bool kept = line->in_scope >= b->threshold;

		us[i] = line->us;
		if (line_is_oos(line)) {
			f.oos++;
			f.oos_refused += !kept;
			continue;
		}
		f.in++;
		f.in_right += is_right(line);
		f.in_kept += kept;
		f.in_kept_right += kept && is_right(line);
	}
	qsort(us, l->n, sizeof(*us), by_time);
	f.us_p50 = us[l->n / 2];
	f.us_p99 = us[l->n * 99 / 100];
	f.macro_f1 = macro_f1(l);
	free(us);
	return f;
}

static double
share(size_t part, size_t of)
{
	return of == 0 ? 0.0 : (double)part / (double)of;
}

/* null where the test has no lines out of scope: nothing was measured. */
static void
print_json(const struct bench *b, const struct figures *f)
{
	size_t refused = f->oos_refused + f->in - f->in_kept;

	printf("{\"n\": %zu, \"accuracy\": %.4f, \"macro_f1\": %.4f, ", b->test.n,
	    share(f->in_right, f->in), f->macro_f1);
	if (f->oos > 0)
		printf("\"oos_recall\": %.4f, \"oos_precision\": %.4f, ",
		    share(f->oos_refused, f->oos), share(f->oos_refused, refused));
	else
		printf("\"oos_recall\": null, \"oos_precision\": null, ");
	printf("\"train_s\": %.2f, \"us_p50\": %lld, \"us_p99\": %lld, "
	       "\"model_bytes\": %zu}\n",
	    b->train_s, (long long)f->us_p50, (long long)f->us_p99,
	    model_bytes(b->model));
}

static void
print_table(const struct bench *b, const struct figures *f)
{
	size_t refused = f->oos_refused + f->in - f->in_kept;

	printf("lines            %zu, %zu of them out of scope\n", b->test.n, f->oos);
	printf("accuracy         %.2f %% in scope, without threshold\n",
	    100.0 * share(f->in_right, f->in));
	printf("macro F1         %.2f %%\n", 100.0 * f->macro_f1);
	printf("threshold        %.3f, from %s\n", (double)b->threshold,
	    b->from_valid ? "the validation file" : "the training file alone");
	printf("  in scope kept  %.2f %%, %.2f %% kept and right\n",
	    100.0 * share(f->in_kept, f->in), 100.0 * share(f->in_kept_right, f->in));
	if (f->oos > 0)
		printf("  out of scope   %.2f %% refused; %.2f %% of the refused\n",
		    100.0 * share(f->oos_refused, f->oos),
		    100.0 * share(f->oos_refused, refused));
	printf("training         %.2f s, %zu texts, %zu labels\n", b->train_s,
	    b->train.n, model_label_count(b->model));
	printf("model            %.2f MB\n", (double)model_bytes(b->model) / 1e6);
	printf("a text           %lld us median, %lld us at 99 %%\n",
	    (long long)f->us_p50, (long long)f->us_p99);
}

static enum rc
read_files(struct bench *b, const struct args *a, struct err *err)
{
	enum rc rc = lines_read(&b->train, args_get(a, "train"), err);

	if (rc == RC_OK && args_has(a, "valid"))
		rc = lines_read(&b->valid, args_get(a, "valid"), err);
	if (rc == RC_OK)
		rc = lines_read(&b->test, args_get(a, "test"), err);
	return rc;
}

static enum rc
run_bench(struct bench *b, const struct args *a, struct err *err)
{
	struct figures f;
	enum rc rc = read_files(b, a, err);

	if (rc != RC_OK)
		return rc;
	if (!args_has(a, "oos"))
		lines_drop_oos(&b->train);
	lines_add_label_names(&b->train);
	if (b->typos > 0)
		lines_add_typos(&b->test, b->typos);
	rc = train(b, err);
	if (rc == RC_OK)
		rc = open_trained(b, err);
	if (rc != RC_OK)
		return rc;
	classify_lines(b->model, &b->valid);
	choose_threshold(b);
	/* Twice: the second reading is timed with the model in memory. */
	classify_lines(b->model, &b->test);
	classify_lines(b->model, &b->test);
	f = measure(b);
	if (args_has(a, "json"))
		print_json(b, &f);
	else
		print_table(b, &f);
	return RC_OK;
}

static int
bench(const struct args *a)
{
	struct bench b = { 0 };
	struct err err;
	char *end;
	enum rc rc;

	if (!args_has(a, "train") || !args_has(a, "test"))
		return args_usage(a, "bench needs --train FILE and --test FILE");
	if (args_has(a, "typos")) {
		b.typos = strtod(args_get(a, "typos"), &end);
		if (*end != '\0' || !(b.typos >= 0.0 && b.typos <= 1.0))
			return args_usage(a,
			    "--typos wants a share of 1, such as 0.05");
	}
	lines_init(&b.train);
	lines_init(&b.valid);
	lines_init(&b.test);
	rc = run_bench(&b, a, &err);
	if (rc != RC_OK)
		fprintf(stderr, "credbot nlu: %s\n", err.text);
	model_close(b.model);
	buf_fini(&b.file);
	lines_fini(&b.train);
	lines_fini(&b.valid);
	lines_fini(&b.test);
	return rc == RC_OK ? CMD_DONE : CMD_FAILED;
}

static int
run(struct args *a)
{
	if (a->n_rest != 1 || strcmp(a->rest[0], "bench") != 0)
		return args_usage(a, "the one thing to do is: bench");
	return bench(a);
}

static const struct flag flags[] = {
	{ "train", 0, "FILE", "labelled texts to learn from: label, tab, text" },
	{ "valid", 0, "FILE", "texts to choose the threshold on, if any are " NLU_OOS },
	{ "test", 0, "FILE", "texts to be measured on" },
	{ "typos", 0, "RATE", "typing errors a character in the test, such as 0.05" },
	{ "oos", 0, NULL, "learn from the training file's " NLU_OOS " lines too" },
	{ "json", 0, NULL, "one JSON object on one line" },
	{ 0 },
};

const struct command command_nlu = {
	.name = "nlu",
	.summary = "Measures the text classifier on a labelled data set.",
	.synopsis = "bench --train FILE [--valid FILE] --test FILE [--typos RATE] "
		    "[--oos] [--json]",
	.example =
	    "credbot nlu bench --train train.tsv --valid valid.tsv --test test.tsv",
	.flags = flags,
	.takes_rest = true,
	.run = run,
};
