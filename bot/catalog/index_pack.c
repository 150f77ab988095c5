/*
 * index_pack.c - the file: words, columns and texts behind each other.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/index_build_priv.h"
#include "credbot/base/alloc.h"

static void
align(struct buf *b)
{
	static const char zeros[INDEX_ALIGN];

	buf_add(b, zeros, (INDEX_ALIGN - b->len % INDEX_ALIGN) % INDEX_ALIGN);
}

void *
image_reserve(struct image *im, enum index_section s, size_t n)
{
	size_t size = n * index_element(s);
	char *at;

	align(&im->out);
	im->head.section[s].at = im->out.len;
	im->head.section[s].size = size;
	at = buf_reserve(&im->out, size);
	memset(at, 0, size);
	im->out.len += size;
	return at;
}

void
image_add(struct image *im, enum index_section s, const void *data, size_t n)
{
	void *at = image_reserve(im, s, n);

	if (n > 0)
		memcpy(at, data, n * index_element(s));
}

/* --- words */

static void
pack_surfaces(const struct build *b, struct image *im)
{
	const struct interner *in = &b->surfaces;
	uint32_t *sign;

	im->head.surfaces = (uint32_t)in->n;
	image_add(im, IX_SURFACE_AT, in->at == NULL ? &(uint32_t){ 0 } : in->at,
	    in->n + 1);
	image_add(im, IX_SURFACE_TEXT, in->text.data, in->text.len);
	image_add(im, IX_SURFACE_TERM, b->surface_term, in->n);
	image_add(im, IX_SURFACE_COUNT, b->surface_count, in->n);
	sign = image_reserve(im, IX_SURFACE_SIGN, in->n);
	for (uint32_t i = 0; i < in->n; i++)
		sign[i] = index_sign(interner_text(in, i));
}

struct stem {
	struct str text;
	uint32_t term;
};

static int
by_text(const void *a, const void *b)
{
	const struct stem *x = a, *y = b;
	int c = memcmp(x->text.p, y->text.p,
	    x->text.len < y->text.len ? x->text.len : y->text.len);

	return c != 0 ? c : (x->text.len > y->text.len) - (x->text.len < y->text.len);
}

static void
pack_stems(const struct build *b, struct image *im)
{
	size_t n = b->stems.n, text = 0;
	struct stem *v = xcalloc(n + 1, sizeof(*v));
	uint32_t *at, *term;
	char *out;

	for (uint32_t i = 0; i < n; i++)
		v[i] = (struct stem){ interner_text(&b->stems, i), i };
	qsort(v, n, sizeof(*v), by_text);
	im->head.stems = im->head.terms = (uint32_t)n;
	at = image_reserve(im, IX_STEM_AT, n + 1);
	for (size_t i = 0; i < n; i++) {
		at[i] = (uint32_t)text;
		text += v[i].text.len;
	}
	at[n] = (uint32_t)text;
	term = image_reserve(im, IX_STEM_TERM, n);
	for (size_t i = 0; i < n; i++)
		term[i] = v[i].term;
	out = image_reserve(im, IX_STEM_TEXT, text);
	for (size_t i = 0; i < n; i++) {
		memcpy(out, v[i].text.p, v[i].text.len);
		out += v[i].text.len;
	}
	free(v);
}

/* Titles or skills of all programs, with the numbers of the one dictionary. */
static void
pack_words(const struct build *b, struct image *im, enum index_section starts,
    enum index_section words, bool titles)
{
	const struct share *p;
	uint32_t *at = image_reserve(im, starts, b->n + 1), *out;
	uint32_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		const struct raw_doc *d = build_doc(b, i, &p);

		at[i] = n;
		n += titles ? d->titles.n : d->skills.n;
	}
	at[b->n] = n;
	out = image_reserve(im, words, n);
	for (size_t i = 0; i < b->n; i++) {
		const struct raw_doc *d = build_doc(b, i, &p);
		const struct raw_range *r = titles ? &d->titles : &d->skills;
		const uint32_t *v = (titles ? p->titles : p->skills) + r->from;

		for (uint32_t j = 0; j < r->n; j++)
			*out++ = v[j] == INDEX_NONE ? INDEX_NONE
			                            : b->surface_of[p - b->part][v[j]];
	}
}

struct name {
	uint64_t hash;
	uint32_t doc;
};

static int
by_hash(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->doc > y->doc) - (x->doc < y->doc);
}

static void
pack_names(const struct build *b, struct image *im)
{
	struct name *v = xcalloc(b->n + 1, sizeof(*v));
	const struct share *p;
	uint64_t *hash;
	uint32_t *doc;

	for (uint32_t i = 0; i < b->n; i++)
		v[i] = (struct name){ build_doc(b, i, &p)->name, i };
	qsort(v, b->n, sizeof(*v), by_hash);
	hash = image_reserve(im, IX_NAME_HASH, b->n);
	for (size_t i = 0; i < b->n; i++)
		hash[i] = v[i].hash;
	doc = image_reserve(im, IX_NAME_DOC, b->n);
	for (size_t i = 0; i < b->n; i++)
		doc[i] = v[i].doc;
	free(v);
}

struct work {
	const struct build *b;
	struct lists_made made;
};

static void *
make_lists(void *arg)
{
	struct work *w = arg;

	build_lists(w->b, &w->made);
	return NULL;
}

void *
build_pack(const struct build *b, size_t *size)
{
	struct image im = { 0 };
	struct work w = { .b = b };
	pthread_t thread;
	bool threaded = pthread_create(&thread, NULL, make_lists, &w) == 0;

	/* The header's place; sections are aligned from the start of the file. */
	memset(buf_reserve(&im.out, sizeof(im.head)), 0, sizeof(im.head));
	im.out.len = sizeof(im.head);
	memcpy(im.head.magic, INDEX_MAGIC, sizeof(im.head.magic));
	im.head.version = INDEX_VERSION;
	im.head.header_size = sizeof(im.head);
	im.head.tables = b->tables->hash;
	im.head.revision = b->revision;
	im.head.day = b->part[0].today;
	im.head.docs = (uint32_t)b->n;
	im.head.live = (uint32_t)b->live;
	im.head.starts = (uint32_t)b->n_starts;
	pack_surfaces(b, &im);
	pack_stems(b, &im);
	image_add(&im, IX_START_KEY, b->start_key, b->n_starts);
	pack_words(b, &im, IX_TITLE_AT, IX_TITLES, true);
	pack_words(b, &im, IX_SKILL_AT, IX_SKILLS, false);
	pack_names(b, &im);
	build_columns(b, &im);
	if (threaded)
		(void)pthread_join(thread, NULL);
	else
		(void)make_lists(&w);
	lists_pack(&w.made, &im);
	align(&im.out);
	im.head.size = im.out.len;
	memcpy(im.out.data, &im.head, sizeof(im.head));
	im.head.checksum = index_checksum(im.out.data, im.out.len);
	memcpy(im.out.data, &im.head, sizeof(im.head));
	*size = im.out.len;
	return buf_take(&im.out);
}
