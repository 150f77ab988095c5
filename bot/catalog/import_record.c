/*
 * import_record.c - one record of an import: checked as a whole, counted, stored or refused.
 */
#include <stdint.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/import_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/program_json.h"

/* So many refused, and hardly one in a hundred taken: it is another kind of file, and it may
 * have no end. Looked at again after each further thousand. */
#define HOPELESS 1000
/* Different fields that are counted apart; whoever sends more counts on our memory. */
#define FIELDS_MAX 1000
/* Longer ids are no ids. */
#define ID_MAX 300

void
import_begin(struct importing *im, int64_t line)
{
	arena_reset(im->a);
	im->line = line;
	im->r = (struct remarks){ .a = im->a };
	program_clear(&im->p);
}

static void
add_slug(struct buf *out, const char *text)
{
	struct buf folded = { 0 };
	struct str rest;
	size_t start = out->len;

	utf8_fold(str_of(text), &folded);
	rest = utf8_cut(buf_str(&folded), 120);
	while (rest.len > 0) {
		int32_t rune = utf8_next(&rest);

		if (utf8_is_letter(rune) || utf8_is_digit(rune))
			buf_add_rune(out, rune);
		else if (out->len > start && out->data[out->len - 1] != '-')
			buf_addc(out, '-');
	}
	if (out->len > start && out->data[out->len - 1] == '-')
		out->len--;
	buf_fini(&folded);
}

const char *
import_make_id(struct arena *a, const char *const *texts, size_t n)
{
	struct buf id = { 0 };
	const char *out;

	for (size_t i = 0; i < n; i++) {
		if (texts[i] == NULL || texts[i][0] == '\0')
			continue;
		if (id.len > 0)
			buf_addc(&id, '/');
		add_slug(&id, texts[i]);
	}
	out = id.len == 0 ? NULL : arena_cstr(a, buf_str(&id));
	buf_fini(&id);
	return out;
}

/* An address and a code name a program; else who gives it, what it is called, and where. */
static const char *
own_id(struct importing *im)
{
	const struct program *p = &im->p;
	const char *texts[3] = { p->provider,
		p->title.n == 0 ? NULL : p->title.at[0].text, p->provider_place };

	if (p->url != NULL && p->code != NULL)
		return arena_printf(im->a, "%s#%s", p->url, p->code);
	return import_make_id(im->a, texts, ARRAY_LEN(texts));
}

/* Whether a reader has named it, or the record as a whole ("", "row"), already. */
static bool
is_named(const struct remarks *r, const char *field)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].field[0] == '\0' || strcmp(r->v[i].field, "row") == 0 ||
		    strcmp(r->v[i].field, field) == 0)
			return true;
	return false;
}

static void
complete_record(struct importing *im)
{
	struct program *p = &im->p;
	const char *fallback = im->o->provider_country;

	if (p->id == NULL)
		p->id = own_id(im);
	if (p->id != NULL && im->map->id_prefix.len > 0)
		p->id = arena_printf(im->a, "%.*s%s", STR_ARG(im->map->id_prefix),
		    p->id);
	if (p->provider_country[0] == '\0' && fallback != NULL)
		(void)value_country(str_of(fallback), p->provider_country);
	if (p->default_lang[0] == '\0' && p->title.n > 0)
		p->default_lang = p->title.at[0].lang;
	if (p->title.n == 0 && !is_named(&im->r, "title"))
		remarks_add(&im->r, REMARK_WRONG, "title", "is missing");
	else if (p->id == NULL && !is_named(&im->r, "id"))
		remarks_add(&im->r, REMARK_WRONG, "id", "is missing");
	if (p->id != NULL && strlen(p->id) > ID_MAX)
		remarks_add(&im->r, REMARK_WRONG, "id", "is longer than %d bytes",
		    ID_MAX);
	program_settle(im->a, p);
}

/* Ids are spent once; one that was refused is known to be in the source, too. */
static void
check_id(struct importing *im)
{
	struct str id = str_of(im->p.id);
	struct catalog_row row;
	void *before;

	if (im->p.id == NULL)
		return;
	(void)map_del(im->withdrawing, id);
	before = map_get(im->seen, id);
	if (before != NULL) {
		remarks_add(&im->r, REMARK_WRONG, "id",
		    "\"%s\" is given already, on line %lld", im->p.id,
		    (long long)(intptr_t)before);
		return;
	}
	(void)map_put(im->seen, id, (void *)(intptr_t)im->line);
	if (catalog_row_find(im->st, id, &row) == RC_OK && row.source != im->source.id)
		remarks_add(&im->r, REMARK_WRONG, "id",
		    "\"%s\" is in the catalog from the source \"%.*s\"; import under "
		    "that "
		    "name (--source), or give the ids of this one a prefix",
		    im->p.id, STR_ARG(row.source_name));
}

static void
count_extra(struct importing *im, const char *field)
{
	struct import_count *c = map_get_c(im->rep->extra, field);

	if (c == NULL && map_len(im->rep->extra) >= FIELDS_MAX) {
		field = "(others)";
		c = map_get_c(im->rep->extra, field);
	}
	if (c == NULL) {
		c = arena_zalloc(im->rep->a, 1, sizeof(*c));
		(void)map_put(im->rep->extra, str_of(field), c);
	}
	c->n++;
}

static void
add_fault(struct importing *im, const struct remark *k)
{
	struct import_report *rep = im->rep;

	rep->all_faults++;
	if (rep->n_faults == IMPORT_FAULTS_MAX)
		return;
	xgrow(&rep->faults, &rep->cap_faults, rep->n_faults + 1);
	rep->faults[rep->n_faults++] = (struct import_fault){
		arena_strdup(rep->a, im->file),
		im->line,
		im->p.id == NULL ? "" : arena_strdup(rep->a, im->p.id),
		arena_strdup(rep->a, k->field),
		arena_strdup(rep->a, k->reason),
		im->r.wrong > 0,
	};
}

static void
report(struct importing *im)
{
	for (size_t i = 0; i < im->r.n; i++) {
		const struct remark *k = &im->r.v[i];

		if (k->kind == REMARK_EXTRA)
			count_extra(im, k->field);
		else
			add_fault(im, k);
	}
}

static void
count_gaps(struct import_report *rep, const struct program *p)
{
	rep->no_provider += p->provider == NULL;
	rep->no_country += p->provider_country[0] == '\0';
	rep->no_address += p->url == NULL && p->code == NULL;
	rep->no_type += p->type == PROGRAM_UNKNOWN;
	rep->no_status += p->status == STATUS_UNKNOWN;
	rep->complete += program_complete(p);
}

static enum rc
store(struct importing *im)
{
	struct catalog_row row, now;
	struct str id = str_of(im->p.id);
	enum rc rc = catalog_row_find(im->st, id, &row);

	buf_clear(&im->json);
	program_write_json(&im->p, &im->json);
	now = (struct catalog_row){ .id = id,
		.source = im->source.id,
		.record = buf_str(&im->json),
		.withdrawn = str_of("") };
	if (rc == RC_NOTFOUND) {
		im->rep->added++;
		return catalog_row_put(im->st, &now);
	}
	if (rc != RC_OK)
		return rc;
	if (row.withdrawn.len == 0 && str_eq(row.record, now.record)) {
		im->rep->same++;
		return RC_OK;
	}
	im->rep->changed++;
	im->rep->returned += row.withdrawn.len > 0;
	return catalog_row_put(im->st, &now);
}

bool
import_end(struct importing *im)
{
	struct import_report *rep = im->rep;

	rep->read++;
	complete_record(im);
	check_id(im);
	report(im);
	if (im->r.wrong > 0) {
		rep->refused++;
		if (rep->refused % HOPELESS == 0 &&
		    rep->refused / 99 > rep->read - rep->refused)
			return import_fail(im,
			    "%zu of the first %zu records cannot be used; line %lld: "
			    "%s %s",
			    rep->refused, rep->read, (long long)im->line,
			    im->r.v[0].field, im->r.v[0].reason);
		return true;
	}
	count_gaps(rep, &im->p);
	im->rc = store(im);
	if (im->rc != RC_OK)
		err_set(im->err, "catalog.db: %s", catalog_store_error(im->st));
	return im->rc == RC_OK;
}

void
import_keep_extra(struct importing *im, struct buf *extra, const char *field,
    struct str json)
{
	remarks_add(&im->r, REMARK_EXTRA, field, "not understood");
	buf_addc(extra, extra->len == 0 ? '{' : ',');
	buf_add_json(extra, str_of(field));
	buf_addc(extra, ':');
	buf_addstr(extra, json);
}

void
import_set_extra(struct importing *im, struct buf *extra)
{
	if (extra->len > 0) {
		buf_addc(extra, '}');
		if (extra->len <= PROGRAM_EXTRA_MAX)
			im->p.extra = arena_cstr(im->a, buf_str(extra));
	}
	buf_clear(extra);
}
