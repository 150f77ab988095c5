/*
 * ld_priv.h - JSON-LD as catalogs are published in it, without its contexts.
 *
 * Nothing is fetched: terms are known by the namespaces and prefixes that everybody uses
 * (ceterms:, schema:, full addresses) and by what the context in the file itself says. A
 * value may be single or a list, a text or a map of languages, a node or a reference to one
 * that is elsewhere in the file, or nowhere.
 */
#ifndef CREDBOT_CATALOG_LD_PRIV_H
#define CREDBOT_CATALOG_LD_PRIV_H

#include <stdint.h>

#include "bot/catalog/import_priv.h"
#include "credbot/base/json.h"

struct ld;

/* Reads im->file. NULL: it cannot be read or is not JSON; im->rc and im->err say so.
 * is_program tells the nodes that are programs by one of their types (a local name). */
struct ld *ld_open(struct importing *im, bool (*is_program)(const char *type));
void ld_close(struct ld *ld); /* NULL is fine */

/* Calls fn for each program; a node that is not JSON, too deep or too long is refused here.
 * False from fn ends it. */
typedef bool ld_fn(void *arg, const struct json *node, int64_t line);
void ld_each_program(struct ld *ld, ld_fn *fn, void *arg);

/* The local name of a key or of a value that is a term: "ceterms:name" is "name",
 * "deliveryType:OnlineOnly" is "OnlineOnly". In the arena of the record. */
const char *ld_term(struct ld *ld, const char *key);

/* The member of node with that local name; NULL. */
const struct json *ld_get(struct ld *ld, const struct json *node, const char *term);
/* Elements of a value that may be a list or single: 0 for NULL. */
size_t ld_count(const struct json *v);
const struct json *ld_at(const struct json *v, size_t i);
/* The node that v is or refers to; NULL: it is no node of this file. Of a list the first. */
const struct json *ld_node(struct ld *ld, const struct json *v);
/* What v refers to, as the id of a program of the catalog, or its address; NULL. */
const char *ld_ref(struct ld *ld, const struct json *v);
/* The types of a node, one after the other; NULL behind the last. */
const char *ld_type(struct ld *ld, const struct json *node, size_t i);

/* One text: of a map of languages the first; NULL. Numbers become text. */
const char *ld_text(struct ld *ld, const struct json *v);
/* What a node is called, or the text itself: name, targetNodeName, targetName ... */
const char *ld_label(struct ld *ld, const struct json *v);
/* All of it, by language. make: draft_line or draft_block. */
void ld_texts(struct ld *ld, const struct json *v, struct texts *to,
    const char *(*make)(struct arena *a, struct str s));

#endif
