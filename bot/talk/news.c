/*
 * news.c - new programs for who wanted to hear of them: found, and said.
 */
#include "bot/talk/seek_priv.h"
#include "credbot/catalog/wish_text.h"

#define DAY_MS INT64_C(86400000)

/* --- found */

/* Some of the words go together with new programs, but not all: that is not what she wants. */
static bool
lacks_words(const struct catalog_hit *h)
{
	for (size_t i = 0; i < h->misses.n; i++)
		if (h->misses.at[i].part == CATALOG_WORDS)
			return true;
	return false;
}

static size_t
count_fitting(const struct catalog_answer *r)
{
	if (r->n_not_found > 0)
		return 0;
	for (size_t i = 0; i < r->n && i < r->total; i++)
		if (lacks_words(&r->hits[i]))
			return 0;
	return r->total;
}

enum rc
engine_find_news(void *arg, struct str wish, struct str words, int64_t since,
    int64_t now_ms, struct arena *a, struct news *out)
{
	struct engine *e = arg;
	struct turn_in in = { .now_ms = now_ms };
	struct turn t = { .e = e, .arena = a, .in = &in };
	struct catalog_answer r;
	struct catalog_query q;
	struct wish w;

	if (e->index == NULL)
		return RC_AGAIN;
	wish_init(&w);
	wish_parse(wish, &w);
	if (wish_is_empty(&w) && words.len == 0)
		return RC_INVALID;
	catalog_query_init(&q, (int32_t)(now_ms / DAY_MS));
	q.wish = &w;
	q.text = words.len > 0 ? words : str_of(w.words);
	q.since = since;
	q.limit = NEWS_SHOWN;
	q.currency = w.currency;
	q.keep_wishes = true;
	catalog_search(e->index, a, &q, &r);
	out->total = count_fitting(&r);
	for (size_t i = 0; i < r.n && i < out->total; i++)
		out->first[out->n_first++] = (struct news_program){
			program_title(&t, &r.hits[i]),
			program_facts_line(&t, &r.hits[i]),
		};
	return RC_OK;
}

/* --- said */

static void
bind_count(struct turn *t, size_t n)
{
	turn_bind_markdown(t, "count", str_of(arena_printf(t->arena, "%zu", n)));
}

static void
add_search(struct turn *t, const struct news *v)
{
	turn_bind_markdown(t, "search", v->label);
	bind_count(t, v->total);
	reply_add(t, v->total == 1 ? "alert.news_one" : "alert.news_many");
	buf_addc(&t->said, '\n');
	for (size_t i = 0; i < v->n_first; i++) {
		buf_adds(&t->said, "\n- ");
		buf_addstr(&t->said, v->first[i].title);
		if (v->first[i].line.len > 0)
			buf_adds(&t->said, ": ");
		buf_addstr(&t->said, v->first[i].line);
	}
	if (v->total <= v->n_first)
		return;
	bind_count(t, v->total - v->n_first);
	buf_adds(&t->said, "\n- ");
	buf_addstr(&t->said, reply_text(t, "alert.news_more"));
}

void
engine_say_news(void *arg, const struct news *v, size_t n, struct arena *a,
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
