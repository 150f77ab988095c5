/*
 * config.h - what the operator set, checked against the table of all options.
 *
 * One YAML file of sections and keys; an option is named section.key. Whatever is not in
 * the file has its default. The table (config.c) also prints the commented example, so the
 * two cannot disagree. A loaded configuration never changes; another takes a restart.
 */
#ifndef CREDBOT_BASE_CONFIG_H
#define CREDBOT_BASE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/faults.h"

struct config;

/* The defaults alone. */
struct config *config_default(void);

/* NULL after faults: unknown keys (with the nearest valid one), wrong types, values out of
 * range, each at its place. */
struct config *config_load(const char *path, struct faults *faults);
void config_free(struct config *cf); /* NULL is fine */

/* name must be in the table and of that type: our mistake otherwise. Strings live as long
 * as cf. */
const char *config_str(const struct config *cf, const char *name);
int64_t config_int(const struct config *cf, const char *name);
bool config_bool(const struct config *cf, const char *name);
/* The i-th element of a list, NULL behind the last. */
const char *config_item(const struct config *cf, const char *name, size_t i);

/* Where the value stands, for those who find it wrong later: of a list, its i-th element (0
 * else). No line for a default. */
struct place config_place(const struct config *cf, const char *name, size_t i);

/* Every option with its help and default, as a YAML file that can be loaded. */
void config_print_example(struct buf *out);

#endif
