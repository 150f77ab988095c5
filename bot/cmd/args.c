/*
 * args.c - the arguments and the help of a subcommand, from its table of flags.
 */
#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bot/cmd/cmd.h"
#include "credbot/base/str.h"

static size_t
count(const struct flag *flags)
{
	size_t n = 0;

	while (flags != NULL && flags[n].name != NULL)
		n++;
	assert(n <= CMD_FLAGS_MAX);
	return n;
}

static size_t
row_of(const struct args *a, const char *name)
{
	size_t n = count(a->command->flags), i = 0;

	while (i < n && strcmp(a->command->flags[i].name, name) != 0)
		i++;
	assert(i < n); /* asked for a flag that is not in the table */
	return i;
}

const char *
args_get(const struct args *a, const char *name)
{
	return a->value[row_of(a, name)];
}

bool
args_has(const struct args *a, const char *name)
{
	return args_get(a, name) != NULL;
}

bool
args_number(const struct args *a, const char *name, int64_t min, int64_t max,
    int64_t otherwise, int64_t *out)
{
	const char *text = args_get(a, name);

	*out = otherwise;
	if (text == NULL || str_to_int(str_of(text), min, max, out) == RC_OK)
		return true;
	(void)args_usage(a, "--%s: \"%s\" is not a whole number from %lld to %lld",
	    name, text, (long long)min, (long long)max);
	return false;
}

int
args_usage(const struct args *a, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "credbot %s: ", a->command->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry: credbot %s --help\n", a->command->name);
	return CMD_USAGE;
}

static void
print_help(const struct command *c)
{
	printf("%s\n\nusage: credbot %s %s\n", c->summary, c->name, c->synopsis);
	for (size_t i = 0; i < count(c->flags); i++) {
		const struct flag *f = &c->flags[i];
		char left[48];

		(void)snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
		    f->letter ? "-" : "  ", f->letter ? f->letter : ' ',
		    f->letter ? ", " : " ", f->name, f->arg == NULL ? "" : " ",
		    f->arg == NULL ? "" : f->arg);
		printf("%s  %-22s %s\n", i == 0 ? "\n" : "", left, f->help);
	}
	printf("\nexample:\n  %s\n", c->example);
}

/* getopt names a letter; a long option it has passed already. */
static int
unknown_option(const struct args *a, char **argv)
{
	if (optopt != 0)
		return args_usage(a, "-%c is no option here", optopt);
	return args_usage(a, "%s is no option here", argv[optind - 1]);
}

static const char *
verb_name(const struct command *c, size_t i)
{
	return c->verbs[i]->name + strlen(c->name) + 1;
}

static void
print_verbs(const struct command *c)
{
	printf("%s\n\nusage: credbot %s %s\n\n", c->summary, c->name, c->synopsis);
	for (size_t i = 0; c->verbs[i] != NULL; i++)
		printf("  %-8s %s\n", verb_name(c, i), c->verbs[i]->summary);
	printf("\nexample:\n  %s\n", c->example);
}

/* The first argument says what to do; the others are those of that. */
static int
verb_main(const struct command *c, int argc, char **argv)
{
	const struct args a = { .command = c };

	if (argc < 2)
		return args_usage(&a, "says not what to do");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_verbs(c);
		return CMD_DONE;
	}
	for (size_t i = 0; c->verbs[i] != NULL; i++)
		if (strcmp(argv[1], verb_name(c, i)) == 0)
			return command_main(c->verbs[i], argc - 1, argv + 1);
	if (argv[1][0] == '-')
		return args_usage(&a, "%s is no option here", argv[1]);
	return args_usage(&a, "cannot \"%s\"", argv[1]);
}

int
command_main(const struct command *c, int argc, char **argv)
{
	struct option longs[CMD_FLAGS_MAX + 2] = { 0 };
	struct args a = { .command = c };
	char shorts[2 * CMD_FLAGS_MAX + 2] = ":";
	size_t n = count(c->flags), w = 1;
	int got, row = 0;

	if (c->verbs != NULL)
		return verb_main(c, argc, argv);
	for (size_t i = 0; i < n; i++) {
		int takes = c->flags[i].arg == NULL ? no_argument : required_argument;

		longs[i] = (struct option){ c->flags[i].name, takes, &row, (int)i };
		if (c->flags[i].letter != 0) {
			shorts[w++] = c->flags[i].letter;
			if (takes == required_argument)
				shorts[w++] = ':';
		}
	}
	longs[n] = (struct option){ "help", no_argument, NULL, 'h' };
	optind = 1;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (got == 'h') {
			print_help(c);
			return CMD_DONE;
		}
		if (got == ':')
			return args_usage(&a, "%s needs a value", argv[optind - 1]);
		if (got == '?')
			return unknown_option(&a, argv);
		for (size_t i = 0; got != 0 && i < n; i++)
			if (c->flags[i].letter == got)
				row = (int)i;
		a.value[row] = optarg == NULL ? "" : optarg;
	}
	a.rest = argv + optind;
	a.n_rest = argc - optind;
	if (a.n_rest > 0 && !c->takes_rest)
		return args_usage(&a, "takes no argument \"%s\"", a.rest[0]);
	return c->run(&a);
}
