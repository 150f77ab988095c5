/*
 * cores.c - what a crash leaves behind.
 */
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "credbot/base/log.h"
#include "credbot/ops/cores.h"

void
cores_forbid(void)
{
	/* A handler that core_pattern pipes to does not heed the limit, but this. LeakSanitizer
	 * reads the memory of its own process like a debugger, and could not. */
	bool done = setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }) == 0;

#ifndef __SANITIZE_ADDRESS__
	done = prctl(PR_SET_DUMPABLE, 0) == 0 && done;
#endif
	if (!done)
		log_warn("run: core files cannot be turned off");
}
