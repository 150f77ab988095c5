/*
 * program_form_priv.h - the record catalog/1 as we write it: which member of which struct is
 * what in the JSON, in the order of the line. Written (program_write.c) and read again
 * (program_own.c) by the same tables.
 */
#ifndef CREDBOT_CATALOG_PROGRAM_FORM_PRIV_H
#define CREDBOT_CATALOG_PROGRAM_FORM_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "credbot/base/str.h"
#include "credbot/catalog/program.h"

/* What is at a place of the struct, how it is written, and when it is left out. */
enum form_kind {
	FORM_TEXT,   /* const char *: a string; NULL, "" */
	FORM_ALWAYS, /* the same; never left out, never NULL */
	FORM_CODE,   /* char[3], char[4]: a string; "" */
	FORM_NUMBER, /* double; below 0 */
	FORM_LEVEL,  /* int; 0 */
	FORM_COUNT,  /* int64_t; 0 */
	FORM_MINOR,  /* int64_t; MONEY_UNKNOWN */
	FORM_DAYS,   /* double: a string, "P6W"; below 0 */
	FORM_ECTS, /* the one of a program's credits that everybody asks for, once more */
	FORM_ENUM,   /* an enum: its name; that is "" */
	FORM_KNOWN,  /* enum known: true, false; KNOWN_NOT */
	FORM_MODES,  /* bits: a list of names; 0 */
	FORM_LINES,  /* struct texts: an object, a language each; none */
	FORM_BLOCKS, /* the same, with line breaks */
	FORM_NAMES,  /* struct names: a list; none */
	FORM_OBJECT, /* members of the same struct: an object; all are left out */
	FORM_LIST,   /* a pointer to structs, and their number at n_at: a list; none */
	FORM_EXTRA   /* const char *: JSON as it is; NULL, "" */
};

struct form {
	const char *key; /* NULL: the end of the table */
	enum form_kind kind;
	uint16_t at; /* bytes into the struct */
	/* FORM_CODE: its bytes; FORM_LIST: of an element. */
	uint16_t size;
	uint16_t n_at;
	const struct form *in;          /* FORM_OBJECT, FORM_LIST */
	const char *(*name)(int value); /* FORM_ENUM */
	int (*value)(struct str name);  /* below 0: there is none of that name */
};

/* The largest element of a list. */
#define FORM_ELEMENT_MAX sizeof(struct program_run)

/* Of struct program. */
extern const struct form program_form[];

#endif
