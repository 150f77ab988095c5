/*
 * turn_list.c - the programs that a student saved: put on her list, shown, taken off, put back.
 */
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/store/shortlist.h"

/* What was taken off can be put back for so long. */
#define RESTORE_MS INT64_C(86400000)
/* Of the message in which a program was saved. */
#define WORDS_BYTES 200

static void
bind_title(struct turn *t, struct str title)
{
	turn_bind(t, "title", title);
}

enum list_result
turn_save_program(struct turn *t, const char *id)
{
	struct program_view v;
	struct shortlist_row row = { .program = str_of(id), .at_ms = t->in->now_ms };
	enum rc rc;

	if (program_view(t, id, false, &v) != RC_OK)
		return LIST_GONE;
	bind_title(t, str_of(v.hit.title));
	t->conv.seek.focus = str_of(arena_strdup(t->arena, id));
	seek_touch(t);
	row.title = str_of(v.hit.title);
	row.provider = str_of(v.hit.provider);
	row.words = utf8_cut(t->text, WORDS_BYTES);
	rc = shortlist_add(t->in->store, t->in->peer, &row);
	if (rc == RC_EXISTS)
		return LIST_BEFORE;
	if (rc == RC_INVALID)
		return LIST_FULL;
	return turn_stored(t, rc) ? LIST_DONE : LIST_GONE;
}

/* --- taking off */

struct title_of {
	struct turn *turn;
	struct str id, title;
};

static void
on_title(void *arg, const struct shortlist_row *row)
{
	struct title_of *f = arg;

	if (str_eq(row->program, f->id))
		f->title = arena_str(f->turn->arena, row->title);
}

enum list_result
turn_unsave_program(struct turn *t, const char *id)
{
	struct title_of f = { .turn = t, .id = str_of(id), .title = str_of(id) };
	enum rc rc;

	(void)turn_stored(t, shortlist_each(t->in->store, t->in->peer, on_title, &f));
	bind_title(t, f.title);
	rc = shortlist_remove(t->in->store, t->in->peer, f.id, t->in->now_ms);
	if (rc == RC_NOTFOUND)
		return LIST_BEFORE;
	return turn_stored(t, rc) ? LIST_DONE : LIST_GONE;
}

enum list_result
turn_unsave_all(struct turn *t)
{
	enum rc rc = shortlist_remove(t->in->store, t->in->peer, str_n(NULL, 0),
	    t->in->now_ms);

	if (rc == RC_NOTFOUND)
		return LIST_BEFORE;
	return turn_stored(t, rc) ? LIST_DONE : LIST_GONE;
}

struct titles {
	struct turn *turn;
	struct buf list;
};

static void
add_title(void *arg, const struct shortlist_row *row)
{
	struct titles *l = arg;

	tell_join(&l->list, ", ", reply_escape(l->turn->arena, row->title));
}

enum list_result
turn_restore_list(struct turn *t)
{
	struct titles l = { .turn = t };
	enum rc rc = shortlist_restore(t->in->store, t->in->peer,
	    t->in->now_ms - RESTORE_MS, add_title, &l);

	turn_bind_markdown(t, "list", arena_str(t->arena, buf_str(&l.list)));
	buf_fini(&l.list);
	if (rc == RC_NOTFOUND)
		return LIST_BEFORE;
	if (rc == RC_INVALID)
		return LIST_FULL;
	return turn_stored(t, rc) ? LIST_DONE : LIST_GONE;
}

/* --- showing */

struct entry {
	const char *id;
	struct str title, provider; /* as they were */
};

struct entries {
	struct turn *turn;
	struct entry v[SHORTLIST_MAX];
	size_t n;
};

static void
on_entry(void *arg, const struct shortlist_row *row)
{
	struct entries *e = arg;
	struct arena *a = e->turn->arena;

	if (e->n == SHORTLIST_MAX)
		return;
	e->v[e->n++] = (struct entry){ arena_cstr(a, row->program),
		arena_str(a, row->title), arena_str(a, row->provider) };
}

static struct entries *
read_list(struct turn *t)
{
	struct entries *e = arena_zalloc(t->arena, 1, sizeof(*e));

	e->turn = t;
	if (turn_keeps(t))
		(void)turn_stored(t,
		    shortlist_each(t->in->store, t->in->peer, on_entry, e));
	return e;
}

size_t
list_ids(struct turn *t, const char *ids[], size_t max)
{
	const struct entries *e = read_list(t);

	for (size_t i = 0; i < e->n && i < max; i++)
		ids[i] = e->v[i].id;
	return e->n;
}

/* One of those shown can be reached by a way that the catalog states. */
static bool
any_has_path(struct turn *t, const struct entries *e)
{
	for (size_t i = 0; i < e->n && i < CONV_PAGE_MAX; i++)
		if (turn_has_path(t, e->v[i].id))
			return true;
	return false;
}

static void
view(struct turn *t, const struct entries *e)
{
	const char *ids[CONV_PAGE_MAX] = { NULL };
	size_t n = e->n < CONV_PAGE_MAX ? e->n : CONV_PAGE_MAX;
	struct str focus = t->conv.seek.focus;

	for (size_t i = 0; i < n; i++)
		ids[i] = e->v[i].id;
	seek_view(t, ids, n);
	/* "it" is still what it was, if it is on the list. */
	for (size_t i = 0; i < n; i++)
		if (str_is(focus, ids[i]))
			t->conv.seek.focus = focus;
}

size_t
turn_view_list(struct turn *t)
{
	const struct entries *e = read_list(t);

	if (e->n > 0)
		view(t, e);
	return e->n;
}

static void
say_entry(struct turn *t, const struct entry *e, size_t place)
{
	struct program_view v;
	bool there = program_view(t, e->id, false, &v) == RC_OK;

	turn_bind(t, "place", str_of(arena_printf(t->arena, "%zu", place)));
	turn_bind(t, "title", there ? str_of(v.hit.title) : e->title);
	turn_bind(t, "provider", there ? str_of(v.hit.provider) : e->provider);
	reply_add(t, e->provider.len == 0 ? "seek.hit" : "seek.hit_by");
	reply_add_line(t,
	    there ? program_facts_line(t, &v.hit) : reply_text(t, "list.gone"));
}

bool
turn_say_list(struct turn *t)
{
	const struct entries *e = read_list(t);

	if (e->n == 0)
		return false;
	view(t, e);
	turn_bind(t, "n", str_of(arena_printf(t->arena, "%zu", e->n)));
	reply_add(t, e->n == 1 ? "list.one" : "list.some");
	for (size_t i = 0; i < e->n && i < CONV_PAGE_MAX; i++)
		say_entry(t, &e->v[i], i + 1);
	if (e->n > CONV_PAGE_MAX) {
		turn_bind(t, "n",
		    str_of(arena_printf(t->arena, "%zu", e->n - CONV_PAGE_MAX)));
		reply_add(t, "list.and_more");
	}
	reply_add(t, "list.how");
	seek_offer_page(t);
	if (e->n > 1)
		turn_offer_intent(t, "compare-programs", "button.compare");
	turn_offer_intent(t, "plan-list", "button.plan");
	if (any_has_path(t, e))
		turn_offer_intent(t, "show-path", "button.path");
	turn_offer_intent(t, "share-shortlist", "button.share");
	return true;
}

/* --- for somebody else */

static void
text_of(struct turn *t, const struct entry *e, size_t place, struct buf *out)
{
	struct program_view v;

	buf_printf(out, "%zu. %.*s", place, STR_ARG(e->title));
	if (e->provider.len > 0)
		buf_printf(out, " (%.*s)", STR_ARG(e->provider));
	buf_addc(out, '\n');
	if (program_view(t, e->id, true, &v) != RC_OK) {
		buf_printf(out, "   %.*s\n\n", STR_ARG(reply_text(t, "list.gone")));
		return;
	}
	buf_printf(out, "   %.*s\n", STR_ARG(program_facts_line(t, &v.hit)));
	if (v.program.url != NULL)
		buf_printf(out, "   %s\n", v.program.url);
	buf_addc(out, '\n');
}

struct str
turn_list_text(struct turn *t)
{
	const struct entries *e = read_list(t);
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < e->n; i++)
		text_of(t, &e->v[i], i + 1, &b);
	text = arena_str(t->arena, buf_str(&b));
	buf_fini(&b);
	return text;
}
