/*
 * version.c - credbot version
 */
#include <stdio.h>

#include "bot/cmd/commands.h"
#include "bot/cmd/version.h"

static int
run(struct args *a)
{
	(void)a;
	printf("credbot %s\n", CREDBOT_VERSION);
	return CMD_DONE;
}

const struct command command_version = {
	.name = "version",
	.summary = "Print the version of this program.",
	.synopsis = "",
	.example = "credbot version",
	.run = run,
};
