/*
 * news.c - what is said to who wanted to hear of new programs.
 */
#include "bot/talk/turn_priv.h"

static void
bind_count(struct turn *t, size_t n)
{
	turn_bind_markdown(t, "count", str_of(arena_printf(t->arena, "%zu", n)));
}

static void
add_search(struct turn *t, const struct news *v)
{
	turn_bind(t, "search", v->label);
	bind_count(t, v->total);
	reply_add(t, v->total == 1 ? "alert.news_one" : "alert.news_many");
	buf_addc(&t->said, '\n');
	for (size_t i = 0; i < v->n_first; i++) {
		const struct news_program *p = &v->first[i];

		buf_adds(&t->said, "\n- **");
		buf_addstr(&t->said, reply_escape(t->arena, p->title));
		buf_adds(&t->said, "**");
		if (p->line.len == 0)
			continue;
		buf_adds(&t->said, ": ");
		buf_addstr(&t->said, reply_escape(t->arena, p->line));
	}
	if (v->total <= v->n_first)
		return;
	bind_count(t, v->total - v->n_first);
	buf_adds(&t->said, "\n- ");
	buf_addstr(&t->said, reply_text(t, "alert.news_more"));
}

void
engine_news(void *arg, const struct news *v, size_t n, struct arena *a,
    struct str *text, struct str *button)
{
	struct turn t = { .e = arg, .arena = a };

	reply_add(&t, "alert.news");
	for (size_t i = 0; i < n; i++)
		add_search(&t, &v[i]);
	reply_add(&t, "alert.news_stop");
	*text = arena_str(a, buf_str(&t.said));
	*button = reply_text(&t, "button.stop_messages");
	buf_fini(&t.said);
}
