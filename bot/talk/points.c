/*
 * points.c - what the catalog states of one program, point by point.
 */
#include <string.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_facts.h"

/* What a program says of itself, at most: the rest is behind its link. */
#define TEXT_BYTES 400
/* Items of a list in one point. */
#define ITEMS_SHOWN 4

enum rc
program_view(struct turn *t, const char *id, bool whole, struct program_view *out)
{
	struct err err = { "" };
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if (t->e->index == NULL)
		return RC_NOTFOUND;
	rc = catalog_card(t->e->index, t->arena, id, seek_currency(t), &out->hit);
	if (rc != RC_OK || !whole)
		return rc;
	rc = catalog_find(t->e->programs, t->arena, str_of(id), &out->program, &err);
	out->whole = rc == RC_OK;
	return rc;
}

/* --- texts of the record */

static struct str
shortened(struct turn *t, const char *text)
{
	struct str all = str_trim(str_of(text)), cut = utf8_cut(all, TEXT_BYTES);

	if (cut.len == all.len)
		return reply_escape(t->arena, all);
	while (cut.len > 0 && cut.p[cut.len - 1] != ' ')
		cut.len--;
	return reply_escape(t->arena,
	    str_of(arena_printf(t->arena, "%.*s…", STR_ARG(str_trim(cut)))));
}

static struct str
text_of(struct turn *t, const struct texts *v)
{
	const char *text = text_in(v, t->e->lib->lang);

	return text == NULL ? STR("") : shortened(t, text);
}

static struct str
taken(struct turn *t, struct buf *b)
{
	struct str s = arena_str(t->arena, buf_str(b));

	buf_fini(b);
	return s;
}

static struct str
names_of(struct turn *t, const struct names *v)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < v->n && i < ITEMS_SHOWN; i++)
		tell_join(&b, ", ", reply_escape(t->arena, str_of(v->at[i])));
	return taken(t, &b);
}

/* Programs by their titles, where the catalog has them. */
static struct str
titles_of(struct turn *t, const struct names *ids)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < ids->n && i < ITEMS_SHOWN; i++) {
		struct catalog_hit h;
		const char *title = ids->at[i];

		if (catalog_card(t->e->index, t->arena, ids->at[i], "", &h) == RC_OK)
			title = h.title;
		tell_join(&b, ", ", reply_escape(t->arena, str_of(title)));
	}
	return taken(t, &b);
}

/* --- the points */

static struct str
provider(struct turn *t, const struct program_view *v)
{
	return reply_escape(t->arena, str_of(v->hit.provider));
}

static struct str
price(struct turn *t, const struct program_view *v)
{
	return tell_price(t, &v->hit);
}

static struct str
length(struct turn *t, const struct program_view *v)
{
	return tell_length(t, v->hit.days);
}

static struct str
hours(struct turn *t, const struct program_view *v)
{
	return v->hit.hours < 0 ? STR("") : tell_counted(t, "unit.hour", v->hit.hours);
}

static struct str
weekly_hours(struct turn *t, const struct program_view *v)
{
	return v->hit.weekly_hours < 0
	           ? STR("")
	           : tell_counted(t, "unit.weekly_hour", v->hit.weekly_hours);
}

static struct str
mode(struct turn *t, const struct program_view *v)
{
	return tell_modes(t, v->hit.modes);
}

static struct str
place(struct turn *t, const struct program_view *v)
{
	struct buf b = { 0 };

	tell_join(&b, ", ", reply_escape(t->arena, str_of(v->hit.place)));
	tell_join(&b, ", ", tell_country(t, v->hit.country));
	return taken(t, &b);
}

static struct str
language(struct turn *t, const struct program_view *v)
{
	return tell_languages(t, v->hit.langs);
}

static struct str
type(struct turn *t, const struct program_view *v)
{
	struct str s = tell_type(t, v->hit.type);

	if (s.len == 0 || !v->whole || !program_complete(&v->program))
		return s;
	turn_bind_markdown(t, "value", s);
	return reply_text(t, "value.complete");
}

static struct str
level(struct turn *t, const struct program_view *v)
{
	struct buf b = { 0 };

	tell_join(&b, "; ", tell_level(t, v->hit.eqf));
	if (v->whole && v->program.nqf != NULL)
		tell_join(&b, "; ", reply_escape(t->arena, str_of(v->program.nqf)));
	return taken(t, &b);
}

static struct str
entry(struct turn *t, const struct program_view *v)
{
	struct buf b = { 0 };

	if (!v->whole)
		return STR("");
	tell_join(&b, " ", text_of(t, &v->program.entry));
	tell_join(&b, "; ", titles_of(t, &v->program.requires));
	if (v->program.lang_level != NULL && v->program.lang_level[0] != '\0') {
		turn_bind(t, "value", str_of(v->program.lang_level));
		tell_join(&b, "; ", reply_text(t, "value.lang_level"));
	}
	return taken(t, &b);
}

static struct str
recognition(struct turn *t, const struct program_view *v)
{
	const struct program *p = &v->program;

	if (!v->whole || p->quality == QUALITY_UNKNOWN)
		return STR("");
	turn_bind(t, "value", str_of(p->quality_by));
	return reply_text(t,
	    arena_printf(t->arena, "quality.%s%s", program_quality_name(p->quality),
		p->quality == QUALITY_ACCREDITED && p->quality_by != NULL ? "_by"
									  : ""));
}

static struct str
credits(struct turn *t, const struct program_view *v)
{
	struct buf b = { 0 };

	for (size_t i = 0; v->whole && i < v->program.n_credits; i++) {
		const struct program_credit *c = &v->program.credits[i];

		turn_bind(t, "value", str_of(arena_printf(t->arena, "%g", c->value)));
		turn_bind(t, "words", str_of(c->system));
		tell_join(&b, ", ",
		    reply_text(t, c->system[0] == '\0' ? "value.credits_of_unknown"
						       : "value.credits"));
	}
	return taken(t, &b);
}

static struct str
stacking(struct turn *t, const struct program_view *v)
{
	struct str into = v->whole ? titles_of(t, &v->program.stacks_into) : STR("");

	if (into.len > 0) {
		turn_bind_markdown(t, "value", into);
		return reply_text(t, "value.stacks_into");
	}
	return v->hit.stackable ? reply_text(t, "value.stacks") : STR("");
}

static struct str
assessment(struct turn *t, const struct program_view *v)
{
	return v->whole ? names_of(t, &v->program.assessments) : STR("");
}

static struct str
start(struct turn *t, const struct program_view *v)
{
	return tell_day(t, v->hit.start);
}

static struct str
deadline(struct turn *t, const struct program_view *v)
{
	return tell_day(t, v->hit.deadline);
}

static struct str
rating(struct turn *t, const struct program_view *v)
{
	if (v->hit.rating < 0)
		return STR("");
	turn_bind(t, "value", str_of(arena_printf(t->arena, "%.2g", v->hit.rating)));
	return reply_text(t, "value.rating");
}

static struct str
skills(struct turn *t, const struct program_view *v)
{
	struct buf b = { 0 };

	for (size_t i = 0; v->whole && i < v->program.n_outcomes && i < ITEMS_SHOWN;
	     i++)
		tell_join(&b, "; ", text_of(t, &v->program.outcomes[i].text));
	return taken(t, &b);
}

/* Only what a browser opens; it becomes a link by itself. */
static struct str
web_link(struct turn *t, const struct program_view *v)
{
	const char *url = v->whole ? v->program.url : NULL;

	if (url == NULL ||
	    (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) ||
	    strpbrk(url, " <>\"") != NULL)
		return STR("");
	return str_of(arena_printf(t->arena, "<%s>", url));
}

struct str
point_value(struct turn *t, const struct program_view *v, enum point p)
{
	static struct str (*const values[POINTS])(struct turn * t,
	    const struct program_view *v) = {
		[POINT_PROVIDER] = provider,
		[POINT_PRICE] = price,
		[POINT_LENGTH] = length,
		[POINT_HOURS] = hours,
		[POINT_WEEKLY_HOURS] = weekly_hours,
		[POINT_MODE] = mode,
		[POINT_PLACE] = place,
		[POINT_LANGUAGE] = language,
		[POINT_TYPE] = type,
		[POINT_LEVEL] = level,
		[POINT_ENTRY] = entry,
		[POINT_RECOGNITION] = recognition,
		[POINT_CREDITS] = credits,
		[POINT_STACKING] = stacking,
		[POINT_ASSESSMENT] = assessment,
		[POINT_START] = start,
		[POINT_DEADLINE] = deadline,
		[POINT_RATING] = rating,
		[POINT_SKILLS] = skills,
		[POINT_LINK] = web_link,
	};

	return values[p](t, v);
}

struct str
point_name(struct turn *t, enum point p)
{
	return reply_text(t, arena_printf(t->arena, "point.%s", point_names[p]));
}

struct str
program_title(struct turn *t, const struct catalog_hit *h)
{
	turn_bind(t, "title", str_of(h->title));
	turn_bind(t, "provider", str_of(h->provider));
	return reply_text(t,
	    h->provider[0] == '\0' ? "program.title" : "program.title_by");
}

struct str
program_facts_line(struct turn *t, const struct catalog_hit *h)
{
	static const enum point shown[] = { POINT_MODE, POINT_PLACE, POINT_LENGTH,
		POINT_LANGUAGE };
	struct program_view v = { .hit = *h };
	struct buf b = { 0 };
	struct str cost = price(t, &v);

	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		tell_join(&b, " · ", point_value(t, &v, shown[i]));
	if (h->start != DAY_UNKNOWN) {
		turn_bind_markdown(t, "value", tell_day(t, h->start));
		tell_join(&b, " · ", reply_text(t, "value.starts"));
	}
	if (cost.len == 0)
		cost = reply_text(t, "value.price_unknown");
	tell_join(&b, " · ", cost);
	return taken(t, &b);
}
