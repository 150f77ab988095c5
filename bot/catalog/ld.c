/*
 * ld.c - the nodes of a JSON-LD file: found, told apart, and read one by one.
 *
 * The file is read twice: first for what is no program (providers, prices and the like, to
 * which programs refer) and for the ids of programs, then for the programs. So only one
 * program is held as a tree at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/ld_file_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/json_split.h"

/* Values within each other in a node, and bytes of one. */
#define NODE_DEPTH 48
#define NODE_SIZE ((size_t)4 * 1024 * 1024)
/* Bytes of a file: all of it is held. */
#define FILE_MAX ((size_t)512 * 1024 * 1024)

enum { PIECE_NODE, PIECE_CONTEXT };

struct walk {
	struct ld *ld;
	void (*node)(struct walk *w, const struct json *node);
	void (*refuse)(struct walk *w, const char *why);
	ld_fn *fn;
	void *arg;
	int64_t line; /* of the line that is being fed */
	int64_t node_line;
	size_t nodes;
	bool stopped;
};

/* --- the two readings */

static bool
is_program_node(struct ld *ld, const struct json *node)
{
	const char *type;

	for (size_t i = 0; (type = ld_type(ld, node, i)) != NULL; i++)
		if (ld->is_program(type))
			return true;
	return false;
}

/* A program is known by its CTID, or by the address it has. */
static const char *
program_id(struct ld *ld, const struct json *node)
{
	const char *id = ld_text(ld, ld_get(ld, node, "ctid"));
	struct str at = json_str(node, "@id");

	if (id != NULL || at.len == 0 || str_starts(at, "_:"))
		return id;
	return draft_line(ld->im->a, at);
}

/* Takes a tree of its own: the one that is walked over goes. */
static void
keep_node(struct ld *ld, struct str id, const struct json *node)
{
	struct buf text = { 0 };
	struct json *copy, *before;

	json_write(node, &text);
	copy = json_parse(buf_str(&text), NODE_DEPTH + 2);
	buf_fini(&text);
	if (copy == NULL)
		return;
	before = map_put(ld->others, id, copy);
	json_free(before);
}

static void
learn(struct walk *w, const struct json *node)
{
	struct ld *ld = w->ld;
	struct str id = json_str(node, "@id");
	const char *program;

	arena_reset(ld->im->a);
	if (id.len == 0)
		return;
	if (!is_program_node(ld, node)) {
		keep_node(ld, id, node);
		return;
	}
	program = program_id(ld, node);
	if (program != NULL)
		(void)map_put(ld->programs, id, arena_strdup(ld->a, program));
}

static void
hand_over(struct walk *w, const struct json *node)
{
	if (is_program_node(w->ld, node))
		w->stopped = w->stopped || !w->fn(w->arg, node, w->node_line);
}

static void
do_nothing(struct walk *w, const char *why)
{
	(void)w;
	(void)why;
}

static void
refuse_node(struct walk *w, const char *why)
{
	struct importing *im = w->ld->im;

	import_begin(im, w->node_line);
	remarks_add(&im->r, REMARK_WRONG, "", "%s", why);
	w->stopped = w->stopped || !import_end(im);
}

/* --- what stands around nodes */

static void take_list(struct walk *w, const struct json *list, const char *inside,
    int depth);

/* A node, or an envelope of nodes: a graph, a list of items. */
static void
take_value(struct walk *w, const struct json *v, int depth)
{
	const struct json *graph = json_at(v, "@graph");

	if (json_kind(v) != JSON_OBJECT || w->stopped)
		return;
	ld_learn_context(w->ld, json_at(v, "@context"));
	if (graph != NULL) {
		take_list(w, graph, NULL, depth);
		return;
	}
	take_list(w, ld_get(w->ld, v, "itemListElement"), "item", depth);
	take_list(w, ld_get(w->ld, v, "dataFeedElement"), "item", depth);
	w->nodes++;
	w->node(w, v);
}

static void
take_list(struct walk *w, const struct json *list, const char *inside, int depth)
{
	if (depth == 0)
		return;
	for (size_t i = 0; i < ld_count(list); i++) {
		const struct json *v = ld_at(list, i);
		const struct json *in = inside == NULL ? NULL
		                                       : ld_get(w->ld, v, inside);

		take_value(w, in == NULL ? v : in, depth - 1);
	}
}

#define ENVELOPES_MAX 3

static int64_t
lines_in(struct str s)
{
	int64_t n = 0;

	for (const char *p = s.p, *end = s.p + s.len;
	     (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		n++;
	return n;
}

static bool
on_piece(void *arg, const struct json_piece *piece)
{
	struct walk *w = arg;
	struct json *v;

	w->node_line = w->line - lines_in(piece->text);
	if (piece->kind != JSON_PIECE_SLICE) {
		if (piece->id == PIECE_NODE)
			w->refuse(w,
			    piece->kind == JSON_PIECE_TOO_LONG
				? "is larger than a program can be"
				: "is nested too deeply, or its brackets do not match");
		return !w->stopped;
	}
	v = json_parse(piece->text, NODE_DEPTH + 1);
	if (v == NULL && piece->id == PIECE_NODE)
		w->refuse(w, "is not JSON in UTF-8");
	else if (piece->id == PIECE_CONTEXT)
		ld_learn_context(w->ld, v);
	else
		take_value(w, v, ENVELOPES_MAX);
	json_free(v);
	return !w->stopped;
}

static void
fail_at(struct ld *ld, const char *what, const char *why, int64_t line)
{
	ld->im->rc = RC_INVALID;
	err_set(ld->im->err, "%s:%lld: %s: %s", ld->im->file, (long long)line, what,
	    why == NULL ? "it breaks off" : why);
}

/* Cuts the text into nodes. Line by line, so that each has its place. */
static enum json_split_result
split(struct walk *w, const struct json_path *paths, size_t n)
{
	const struct json_split_rules rules = { paths, n, NODE_DEPTH, NODE_SIZE };
	struct json_split *s = json_split_new(&rules, on_piece, w);
	struct str rest = buf_str(&w->ld->text);
	enum json_split_result result;
	const char *why;
	uint64_t at;

	w->line = 1;
	while (rest.len > 0) {
		const char *end = memchr(rest.p, '\n', rest.len);
		size_t len = end == NULL ? rest.len : (size_t)(end - rest.p) + 1;

		if (!json_split_feed(s, rest.p, len))
			break;
		rest = str_n(rest.p + len, rest.len - len);
		w->line += end != NULL;
	}
	result = json_split_end(s);
	why = json_split_fault(s, &at);
	if (result == JSON_SPLIT_NOT_JSON)
		fail_at(w->ld, "is not JSON", why, w->line);
	else if (result == JSON_SPLIT_CUT)
		fail_at(w->ld, "ends too early", "is a part of it missing?", w->line);
	json_split_free(s);
	return result;
}

static void
walk(struct walk *w)
{
	static const struct json_path list[] = { { PIECE_NODE, "[]" } };
	static const struct json_path graph[] = { { PIECE_NODE, "@graph[]" },
		{ PIECE_CONTEXT, "@context" } };
	struct str text = str_trim(buf_str(&w->ld->text));
	struct json *v;

	if (text.len > 0 && text.p[0] == '[') {
		(void)split(w, list, ARRAY_LEN(list));
		return;
	}
	if (split(w, graph, ARRAY_LEN(graph)) != JSON_SPLIT_COMPLETE || w->nodes > 0)
		return;
	/* No list of nodes: the file is one. */
	v = text.len <= NODE_SIZE ? json_parse(text, NODE_DEPTH) : NULL;
	w->node_line = 1;
	if (v == NULL)
		fail_at(w->ld, "is not JSON in UTF-8",
		    "or nested too deeply, or too large", 1);
	else
		take_value(w, v, ENVELOPES_MAX);
	json_free(v);
}

/* --- opening */

static bool
read_text(struct ld *ld)
{
	struct importing *im = ld->im;
	struct input *in = xmalloc(sizeof(*in));
	bool good = false;

	im->rc = input_open(in, im->file, im->err);
	if (im->rc == RC_OK) {
		while (input_peek(in) >= 0 && ld->text.len <= FILE_MAX) {
			buf_add(&ld->text, in->data + in->at, in->have - in->at);
			in->at = in->have;
		}
		im->rc = in->rc;
		if (in->rc != RC_OK)
			err_set(im->err, "%s", in->err.text);
		else if (ld->text.len > FILE_MAX)
			(void)import_fail(im,
			    "larger than %zu MB; cut it into several files",
			    FILE_MAX >> 20);
		else
			good = true;
		input_close(in);
	}
	free(in);
	return good;
}

struct ld *
ld_open(struct importing *im, bool (*is_program)(const char *type))
{
	struct ld *ld = xcalloc(1, sizeof(*ld));
	struct walk w = { .ld = ld, .node = learn, .refuse = do_nothing };

	ld->im = im;
	ld->is_program = is_program;
	ld->a = arena_new();
	ld->others = map_new();
	ld->programs = map_new();
	if (read_text(ld))
		walk(&w);
	if (im->rc == RC_OK)
		return ld;
	ld_close(ld);
	return NULL;
}

void
ld_close(struct ld *ld)
{
	struct str id;
	size_t pos = 0;
	void *node;

	if (ld == NULL)
		return;
	while (map_next(ld->others, &pos, &id, &node))
		json_free(node);
	map_free(ld->others);
	map_free(ld->programs);
	buf_fini(&ld->text);
	arena_free(ld->a);
	free(ld);
}

void
ld_each_program(struct ld *ld, ld_fn *fn, void *arg)
{
	struct walk w = { .ld = ld,
		.node = hand_over,
		.refuse = refuse_node,
		.fn = fn,
		.arg = arg };

	walk(&w);
}
