/*
 * rc.c - names of outcomes.
 */
#include "credbot/base/rc.h"

const char *
rc_name(enum rc rc)
{
	static const char *const names[] = {
		[RC_OK] = "ok",
		[RC_NOTFOUND] = "not found",
		[RC_EXISTS] = "exists",
		[RC_INVALID] = "invalid",
		[RC_AGAIN] = "try again",
		[RC_IO] = "i/o error",
	};

	return (unsigned)rc < ARRAY_LEN(names) ? names[rc] : "unknown";
}
