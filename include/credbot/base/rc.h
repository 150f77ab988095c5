/*
 * rc.h - how a call ended, as what its caller can do about it.
 *
 * Why it ended so is logged where it happened; struct err (err.h) is added only where a
 * person will read the sentence.
 */
#ifndef CREDBOT_BASE_RC_H
#define CREDBOT_BASE_RC_H

enum rc {
	RC_OK = 0,
	RC_NOTFOUND, /* nothing there; often not an error at all */
	RC_EXISTS,   /* somebody was first */
	RC_INVALID,  /* the input can never work */
	RC_AGAIN,    /* the same call may work later: a full disk, a busy peer */
	RC_IO,       /* disk or network broke */
};

/* "ok", "not found" ... for logs. */
const char *rc_name(enum rc rc);

/* For the few calls whose result must not be dropped. */
#define MUSTUSE __attribute__((warn_unused_result))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
