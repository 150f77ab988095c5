/*
 * path_index.c - who says that it counts towards what.
 */
#include <stdlib.h>

#include "bot/catalog/path_priv.h"
#include "credbot/base/alloc.h"

struct from_ids {
	const char **at;
	size_t n, cap;
};

struct path_index {
	struct arena *a;
	struct map *to; /* id -> struct from_ids */
	size_t links;
};

struct path_index *
path_index_new(void)
{
	struct path_index *x = xcalloc(1, sizeof(*x));

	x->a = arena_new();
	x->to = map_new();
	return x;
}

void
path_index_free(struct path_index *x)
{
	struct str key;
	void *value;
	size_t pos = 0;

	if (x == NULL)
		return;
	while (map_next(x->to, &pos, &key, &value))
		free(((struct from_ids *)value)->at);
	map_free(x->to);
	arena_free(x->a);
	free(x);
}

void
path_index_add(struct path_index *x, const struct program *p)
{
	const char *from;

	if (p->stacks_into.n == 0)
		return;
	from = arena_strdup(x->a, p->id);
	x->links++;
	for (size_t i = 0; i < p->stacks_into.n; i++) {
		struct str to = str_of(p->stacks_into.at[i]);
		struct from_ids *v = map_get(x->to, to);

		if (v == NULL) {
			v = arena_zalloc(x->a, 1, sizeof(*v));
			(void)map_put(x->to, to, v);
		}
		xgrow(&v->at, &v->cap, v->n + 1);
		v->at[v->n++] = from;
	}
}

static bool
add(void *arg, const struct program *p)
{
	path_index_add(arg, p);
	return true;
}

struct names
path_index_of(const struct path_index *x, struct str id)
{
	struct from_ids *v = map_get(x->to, id);

	return v == NULL ? (struct names){ 0 } : (struct names){ v->at, v->n };
}

bool
path_index_leads_to(const struct path_index *x, struct str id)
{
	return map_get(x->to, id) != NULL;
}

enum rc
path_index_load(struct path_index **out, const struct catalog_place *where,
    struct err *err)
{
	enum rc rc;

	*out = path_index_new();
	rc = catalog_each_stacking(where, add, *out, err);
	if (rc != RC_OK) {
		path_index_free(*out);
		*out = NULL;
	}
	return rc;
}

size_t
path_index_links(const struct path_index *x)
{
	return x->links;
}
