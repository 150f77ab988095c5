/*
 * t.h - the whole test framework: checks, T_RUN() and the closing line.
 *
 * Each T_RUN() counts its checks; what a test program prints last is "N passed, N failed",
 * N being checks.
 */
#ifndef CREDBOT_TESTS_T_H
#define CREDBOT_TESTS_T_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int t_passed, t_failed;

__attribute__((format(printf, 5, 6))) static inline bool
t_result(bool good, const char *file, int line, const char *what, const char *fmt, ...)
{
	va_list ap;

	if (good) {
		t_passed++;
		return true;
	}
	t_failed++;
	fprintf(stderr, "%s:%d: %s: ", file, line, what);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

static inline int
t_end(void)
{
	printf("%d passed, %d failed\n", t_passed, t_failed);
	return t_failed != 0;
}

/* After the check come a printf format and its arguments: which row, which value. */
#define T_CHECK(cond, ...) t_result((cond), __FILE__, __LINE__, #cond, __VA_ARGS__)

#define T_INT(got, want, ...)                                                          \
	do {                                                                           \
		long long t_got = (long long)(got), t_want = (long long)(want);        \
		if (!t_result(t_got == t_want, __FILE__, __LINE__, #got, __VA_ARGS__)) \
			fprintf(stderr, "\tgot  %lld\n\twant %lld\n", t_got, t_want);  \
	} while (0)

#define T_STR(got, want, ...)                                                          \
	do {                                                                           \
		const char *t_got = (got), *t_want = (want);                           \
		if (!t_result(strcmp(t_got, t_want) == 0, __FILE__, __LINE__, #got,    \
			__VA_ARGS__))                                                  \
			fprintf(stderr, "\tgot  \"%s\"\n\twant \"%s\"\n", t_got,       \
			    t_want);                                                   \
	} while (0)

#define T_RUN(fn)                                                                      \
	do {                                                                           \
		int t_before = t_failed;                                               \
		fn();                                                                  \
		if (t_failed != t_before)                                              \
			printf("FAIL %s\n", #fn);                                      \
	} while (0)

#endif
