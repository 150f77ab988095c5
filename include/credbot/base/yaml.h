/*
 * yaml.h - the files that people write, as a tree that knows where each value stood.
 *
 * Parsed with libyaml. Of YAML it takes what configuration and data need: maps with scalar
 * keys, sequences and scalars; anchors, aliases, tags and second documents are faults, as
 * are keys given twice, more than YAML_DEPTH_MAX levels and files over YAML_SIZE_MAX.
 */
#ifndef CREDBOT_BASE_YAML_H
#define CREDBOT_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/faults.h"
#include "credbot/base/str.h"

/* Nobody nests a configuration deeper; keeps recursion bounded. */
#define YAML_DEPTH_MAX 16
/* The largest phrase file is some 20 kB; a megabyte is a mistake or an attack. */
#define YAML_SIZE_MAX ((size_t)1024 * 1024)

enum yaml_kind { YAML_SCALAR, YAML_SEQ, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	struct place at;
	struct str text; /* scalar: its value */
	bool quoted;     /* scalar: written in quotes, so never null or a number */
	size_t n;        /* seq, map: how many children */
	struct yaml **child;
	struct yaml **key; /* map: scalar keys, one for each child */
};

/*
 * Parses text, which lives in file from line first_line on (front matter starts at line 2).
 * Everything is allocated in a, also a copy of file. NULL if there was a fault; an empty
 * text gives an empty map.
 */
struct yaml *yaml_parse(struct arena *a, const char *file, int first_line,
    struct str text, struct faults *faults);

/* Reads and parses a file. */
struct yaml *yaml_load(struct arena *a, const char *file, struct faults *faults);

/* The value of key in map y; NULL if it is not there or y is no map. */
struct yaml *yaml_get(const struct yaml *y, const char *key);

/* True for a missing value, ~, null and an empty plain scalar. */
bool yaml_is_null(const struct yaml *y);

/* Adds a fault for each key of map y that is not in known (ends with NULL), with the
 * nearest known key where one is near. */
void yaml_check_keys(const struct yaml *y, const char *const known[],
    struct faults *faults);

/* The name of names (ends with NULL) that is nearest to word, or NULL: none within a third
 * of its letters. */
const char *yaml_nearest(struct str word, const char *const names[]);

#endif
