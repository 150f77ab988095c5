/*
 * cmd.h - what a subcommand is, and how it reads its arguments.
 *
 * bot/main.c holds the sorted table of commands; help texts are printed from these rows.
 */
#ifndef CREDBOT_CMD_CMD_H
#define CREDBOT_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes: a contract, scripts depend on them. */
#define CMD_DONE 0
#define CMD_FAILED 1  /* it did not work */
#define CMD_USAGE 2   /* not called as it must be */
#define CMD_CONFIG 78 /* bad configuration or data (EX_CONFIG of sysexits.h) */

/* How many options one command may have, and the longest list of --flags. */
#define CMD_FLAGS_MAX 24

struct flag {
	const char *name; /* without the dashes; NULL ends the table */
	char letter;      /* -c, or 0 */
	const char *arg;  /* what it takes, for the help: "FILE"; NULL: a switch */
	const char *help;
};

struct args {
	const struct command *command;
	const char
	    *value[CMD_FLAGS_MAX]; /* by row of the flag table; "" for a switch */
	char **rest;               /* what is no flag, ends with NULL */
	int n_rest;
};

struct command {
	const char *name;
	const char *summary;  /* one line for the list of commands */
	const char *synopsis; /* what follows "credbot NAME " */
	const char *example;  /* a line that works */
	const struct flag *flags;
	bool takes_rest;            /* arguments that are no flags; refused if false */
	int (*run)(struct args *a); /* returns the exit code */
	/* What can be done under this name, each a command of its own called "NAME VERB";
	 * ends with NULL. Then this one has no flags and no run. */
	const struct command *const *verbs;
};

/* The value given for a flag of the command's table; NULL if it was not given. */
const char *args_get(const struct args *a, const char *name);
bool args_has(const struct args *a, const char *name);

/* The number given for a flag, or otherwise if it was not given. False, with a sentence
 * printed, if it is none from min to max. */
bool args_number(const struct args *a, const char *name, int64_t min, int64_t max,
    int64_t otherwise, int64_t *out);

/*
 * Parses argv (argv[0] is the command's name), runs the command and returns its exit code.
 * --help prints the help; wrong arguments give CMD_USAGE with a sentence.
 */
int command_main(const struct command *c, int argc, char **argv);

/* Prints "credbot NAME: ..." and returns CMD_USAGE. */
__attribute__((format(printf, 2, 3))) int args_usage(const struct args *a,
    const char *fmt, ...);

#endif
