/*
 * bench.c - credbot bench: turns per second and latencies, with students in memory and
 * everything else real: language understanding, dialogue, and a store on disk.
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bot/cmd/app.h"
#include "bot/cmd/commands.h"
#include "credbot/base/alloc.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/ops/checkpoint.h"
#include "intents/intents.h"

#define DEFAULT_TURNS 50000
#define DEFAULT_STUDENTS 64
/* Minutes on any machine; and all students fit into the memory of peers. */
#define TURNS_MAX 10000000
#define STUDENTS_MAX 8000

static const struct flag flags[] = {
	APP_FLAG_CONFIG,
	APP_FLAG_JSON,
	{ "turns", 'n', "N", "messages in all (default 50000)" },
	{ "in-flight", 'f', "N",
	    "students who wait for an answer at a time (default 64)" },
	APP_FLAG_STATE,
	{ NULL, 0, NULL, NULL },
};

struct bench {
	struct channel ch;
	struct app app;
	struct lessons *lessons; /* what students say */
	int64_t turns, sent, answered;
	int64_t *asked_us;   /* by student: when she asked */
	int64_t *latency_us; /* by turn */
	size_t students;
	char *dir; /* of the database; NULL until it is made */
};

static int64_t
now_us(void)
{
	return clock_mono_us(clock_system());
}

static void
on_put(void *arg, enum rc rc, int64_t seq)
{
	(void)seq;
	if (rc != RC_OK) {
		fprintf(stderr, "credbot bench: a message was refused: %s\n",
		    rc_name(rc));
		loop_stop(((struct bench *)arg)->app.loop);
	}
}

static void
ask(struct bench *b, size_t student)
{
	const struct lesson *x = lessons_at(b->lessons,
	    (size_t)b->sent * 7919 % lessons_len(b->lessons));
	char account[32], id[32];
	struct inmsg m = { .channel = b->ch.ops->name, .text = x->text };

	(void)snprintf(account, sizeof(account), "%zu", student);
	(void)snprintf(id, sizeof(id), "%" PRId64, b->sent++);
	m.account = str_of(account);
	m.id = str_of(id);
	b->asked_us[student] = now_us();
	flow_put(b->app.flow, &m, on_put, b);
}

static void
bench_send(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct bench *b = (struct bench *)ch;
	int64_t student = 0;

	(void)str_to_int(m->account, 0, (int64_t)b->students - 1, &student);
	b->latency_us[b->answered++] = now_us() - b->asked_us[student];
	done(arg, &(struct send_result){ .rc = RC_OK });
	if (b->answered == b->turns)
		loop_stop(b->app.loop);
	else if (b->sent < b->turns)
		ask(b, (size_t)student);
}

static const struct channel_ops ops = { .name = "bench", .send = bench_send };

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t
cpu_us(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * (int64_t)1000000 +
	       u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

/* Resident memory in MB, of 1,000,000 bytes. */
static double
rss_mb(void)
{
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f != NULL && fscanf(f, "%ld %ld", &pages, &resident) != 2)
		resident = 0;
	if (f != NULL)
		(void)fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* Of the sorted latencies. */
static double
percentile_ms(const struct bench *b, int64_t percent)
{
	int64_t at = b->answered * percent / 100;

	return (double)b->latency_us[at] / 1000;
}

static void
report(const struct bench *b, bool json, int64_t wall_us, int64_t used_us, double rss)
{
	double per_s = (double)b->answered * 1e6 / (double)wall_us;
	double cpu = (double)used_us / (double)b->answered;
	double p50, p99;

	qsort(b->latency_us, (size_t)b->answered, sizeof(*b->latency_us), by_size);
	p50 = percentile_ms(b, 50);
	p99 = percentile_ms(b, 99);
	if (json)
		printf("{\"turns_per_s\":%.0f,\"cpu_us_per_turn\":%.1f,\"p50_ms\":%.2f,"
		       "\"p99_ms\":%.2f,\"rss_mb\":%.1f}\n",
		    per_s, cpu, p50, p99, rss);
	else
		printf("%lld turns, %zu students at a time, every one on disk\n"
		       "  %.0f turns/s, %.1f us CPU a turn\n"
		       "  answer after %.2f ms (median), %.2f ms (99 of 100)\n"
		       "  %.1f MB resident\n",
		    (long long)b->answered, b->students, per_s, cpu, p50, p99, rss);
}

static void
measure(struct bench *b, bool json)
{
	struct checkpoint *cp = checkpoint_new(b->app.loop, b->app.store, b->app.dsn);
	int64_t cpu = cpu_us(), start = now_us(), wall;
	double rss;

	for (size_t i = 0; i < b->students; i++)
		ask(b, i);
	loop_run(b->app.loop);
	wall = now_us() - start;
	cpu = cpu_us() - cpu;
	rss = rss_mb() - (double)(b->turns * (int64_t)sizeof(int64_t)) / 1e6;
	if (b->answered == b->turns)
		report(b, json, wall, cpu, rss);
	checkpoint_stop(cp);
	flow_free(b->app.flow);
	b->app.flow = NULL;
	loop_free(b->app.loop);
	b->app.loop = NULL;
	checkpoint_free(cp);
}

static void
remove_state(const struct bench *b)
{
	static const char *const names[] = { "credbot.db", "credbot.db-wal",
		"credbot.db-shm", "bench.lock", "bench.attempts" };
	struct buf path = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", b->dir, names[i]);
		(void)unlink(buf_cstr(&path));
	}
	(void)rmdir(b->dir);
	buf_fini(&path);
}

static bool
make_dir(struct bench *b)
{
	struct buf path = { 0 };
	struct err err;
	char *dir;

	buf_printf(&path, "%s/bench-XXXXXX", b->app.state_dir);
	dir = buf_take(&path);
	if (file_make_dir(b->app.state_dir, &err) != RC_OK || mkdtemp(dir) == NULL) {
		free(dir);
		return false;
	}
	b->dir = dir;
	free(b->app.state_dir);
	b->app.state_dir = xstrdup(dir);
	return true;
}

/* The state folder of the arguments holds the model; the database is one of its own beside
 * it, on the same disk. */
static int
open_all(struct bench *b, const struct args *a)
{
	struct faults faults = { 0 };
	struct know_files *files;
	int code = app_init(&b->app, a);

	log_set_level(LOG_WARN);
	if (code == CMD_DONE)
		code = app_open_library(&b->app);
	if (code != CMD_DONE)
		return code;
	app_open_catalog(&b->app);
	files = know_files_read(b->app.data_dir, APP_LANG, &faults);
	b->lessons = lessons_build(files, intent_names, &faults);
	know_files_free(files);
	(void)malloc_trim(
	    0); /* as the daemon begins: reading the questions is our affair */
	if (!make_dir(b)) {
		fprintf(stderr, "credbot bench: cannot write to %s\n",
		    b->app.state_dir);
		return CMD_FAILED;
	}
	b->app.hurried = true;
	code = app_lock(&b->app, "bench", "another measurement runs");
	if (code == CMD_DONE)
		code = app_open_store(&b->app, NULL);
	if (code == CMD_DONE)
		flow_add_channel(b->app.flow, &b->ch);
	return code;
}

static int
run(struct args *a)
{
	struct bench b = { .ch = { .ops = &ops } };
	int64_t students;
	int code;

	if (!args_number(a, "turns", 1, TURNS_MAX, DEFAULT_TURNS, &b.turns) ||
	    !args_number(a, "in-flight", 1, STUDENTS_MAX, DEFAULT_STUDENTS, &students))
		return CMD_USAGE;
	/* No more students than messages. */
	b.students = (size_t)(students < b.turns ? students : b.turns);
	b.asked_us = xcalloc(b.students, sizeof(*b.asked_us));
	b.latency_us = xcalloc((size_t)b.turns, sizeof(*b.latency_us));
	code = open_all(&b, a);
	if (code == CMD_DONE)
		measure(&b, args_has(a, "json"));
	app_fini(&b.app);
	if (b.dir != NULL)
		remove_state(&b);
	free(b.dir);
	lessons_free(b.lessons);
	free(b.asked_us);
	free(b.latency_us);
	return code;
}

const struct command command_bench = {
	.name = "bench",
	.summary = "Measure turns per second and answer times on this machine.",
	.synopsis = "[--json] [-n TURNS] [-f IN-FLIGHT]",
	.example = "credbot bench --json",
	.flags = flags,
	.run = run,
};
