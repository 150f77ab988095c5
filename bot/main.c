/*
 * main.c - credbot: the table of subcommands.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "bot/cmd/commands.h"
#include "credbot/base/yaml.h"

/* Sorted by name. */
static const struct command *const commands[] = {
	&command_ask,
	&command_bench,
	&command_catalog,
	&command_chat,
	&command_check,
	&command_doctor,
	&command_eval,
	&command_login,
	&command_logout,
	&command_nlu,
	&command_run,
	&command_train,
	&command_version,
};

static int
usage(FILE *to, int code)
{
	fprintf(to, "credbot - a chat bot for students abroad: answers about "
		    "micro-credentials\n\n"
		    "usage: credbot COMMAND [--help] ...\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(to,
	    "\nexample:\n  credbot ask \"how long does a short course take?\"\n");
	return code;
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
	return NULL;
}

static int
unknown(const char *name)
{
	const char *names[ARRAY_LEN(commands) + 1] = { NULL }, *near;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i]->name;
	near = yaml_nearest(str_of(name), names);
	fprintf(stderr, "credbot: no command is named \"%s\"", name);
	if (near != NULL)
		fprintf(stderr, "; did you mean %s?", near);
	fprintf(stderr, "\nTry: credbot --help\n");
	return CMD_USAGE;
}

static int
help(char *name)
{
	char option[] = "--help", *argv[] = { name, option, NULL };
	const struct command *c = find(name);

	return c == NULL ? unknown(name) : command_main(c, 2, argv);
}

int
main(int argc, char **argv)
{
	const struct command *c;

	if (sodium_init() < 0) {
		fprintf(stderr, "credbot: no source of random numbers\n");
		return CMD_FAILED;
	}
	/* Conversations are nobody else's business on this machine. */
	(void)umask(077);
	/* Whoever writes to a closed pipe or socket learns it from write(). */
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return usage(stderr, CMD_USAGE);
	if (strcmp(argv[1], "--version") == 0)
		return command_main(&command_version, 1, argv + 1);
	if (strcmp(argv[1], "help") == 0 && argc > 2)
		return help(argv[2]);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return usage(stdout, CMD_DONE);
	c = find(argv[1]);
	return c == NULL ? unknown(argv[1]) : command_main(c, argc - 1, argv + 1);
}
