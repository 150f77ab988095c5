/*
 * ld_file_priv.h - a JSON-LD file from inside, for ld.c and ld_value.c.
 */
#ifndef CREDBOT_CATALOG_LD_FILE_PRIV_H
#define CREDBOT_CATALOG_LD_FILE_PRIV_H

#include "bot/catalog/ld_priv.h"

/* More own names in one context than anybody writes. */
#define LD_NAMES_MAX 256

struct ld_name {
	const char *name; /* a prefix, without its colon, or a term */
	const char *is;   /* an address that ends in / or #, or a term with a prefix */
};

struct ld {
	struct importing *im;
	bool (*is_program)(const char *type);
	struct arena *a; /* of the file */
	struct buf text;
	struct map *others;   /* @id -> struct json, a tree of its own */
	struct map *programs; /* @id -> its id in the catalog */
	struct ld_name names[LD_NAMES_MAX];
	size_t n_names;
};

/* Takes from a context in the file what its prefixes and terms are; addresses are left
 * alone. */
void ld_learn_context(struct ld *ld, const struct json *context);

#endif
