/*
 * err.h - one sentence for the person who must mend something.
 *
 * The caller owns the struct; a callee fills it once, where the reason is known. Text that
 * does not fit is cut at a whole character.
 */
#ifndef CREDBOT_BASE_ERR_H
#define CREDBOT_BASE_ERR_H

/* Room for a path, a place and a sentence; longer ones are no longer read. */
#define ERR_MAX 512

struct err {
	char text[ERR_MAX];
};

/* err may be NULL: then nobody is waiting for the reason. */
__attribute__((format(printf, 2, 3))) void err_set(struct err *err, const char *fmt,
    ...);

#endif
