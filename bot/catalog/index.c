/*
 * index.c - an index as it is read: its sections, its words, its users.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bot/catalog/index_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/utf8.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "index files are little-endian");
_Static_assert(offsetof(struct index_header, checksum) == 24, "the checksum's place");
_Static_assert(sizeof(INDEX_MAGIC) == 16, "the magic's size");

#define U8 1
#define U16 2
#define U32 4
#define U64 8

/* Bytes of an element, and where the pointer to the section is kept. */
static const struct {
	size_t element, pointer;
} sections[IX_SECTIONS] = {
#define SECTION(id, size, member)                                                      \
	[IX_##id] = { (size), offsetof(struct catalog_index, member) }
	SECTION(SURFACE_AT, U32, surface_at),
	SECTION(SURFACE_TEXT, U8, surface_text),
	SECTION(SURFACE_TERM, U32, surface_term),
	SECTION(SURFACE_COUNT, U32, surface_count),
	SECTION(SURFACE_SIGN, U32, surface_sign),
	SECTION(STEM_AT, U32, stem_at),
	SECTION(STEM_TEXT, U8, stem_text),
	SECTION(STEM_TERM, U32, stem_term),
	SECTION(START_KEY, U64, start_key),
	SECTION(LISTS, sizeof(struct index_list), lists),
	SECTION(DOCS, U32, docs),
	SECTION(IMPACTS, U8, impacts),
	SECTION(BITS, U64, bits),
	SECTION(RANKS, U32, ranks),
	SECTION(MAXES, U8, maxes),
	SECTION(TITLE_AT, U32, title_at),
	SECTION(TITLES, U32, titles),
	SECTION(SKILL_AT, U32, skill_at),
	SECTION(SKILLS, U32, skills),
	SECTION(NAME_HASH, U64, name_hash),
	SECTION(NAME_DOC, U32, name_doc),
	SECTION(PRIOR, U16, prior),
	SECTION(COUNTRY, U8, country),
	SECTION(MODES, U8, modes),
	SECTION(TYPE, U8, type),
	SECTION(EQF, U8, eqf),
	SECTION(PACE, U8, pace),
	SECTION(STACKS, U8, stacks),
	SECTION(QUALITY, U8, quality),
	SECTION(STATUS, U8, status),
	SECTION(RATING, U8, rating),
	SECTION(CURRENCY, U8, currency),
	SECTION(BANDS, U8, bands),
	SECTION(LANGS, U16, langs),
	SECTION(FIELDS, U64, fields),
	SECTION(PRICE, U64, price),
	SECTION(EURO, U32, euro),
	SECTION(DAYS, U32, days),
	SECTION(HOURS, U32, hours),
	SECTION(WEEKLY, U32, weekly),
	SECTION(ECTS, U32, ects),
	SECTION(LAST, U32, last),
	SECTION(SINCE, U64, since),
	SECTION(RUN_AT, U32, run_at),
	SECTION(RUNS, sizeof(struct index_run), runs),
	SECTION(PROVIDER, U32, provider),
	SECTION(FOLD, U64, fold),
	SECTION(CARD, sizeof(struct index_card), card),
	SECTION(COUNTRIES, 4, countries),
	SECTION(LANG_SETS, U32, lang_sets),
	SECTION(PROVIDERS, U32, providers),
	SECTION(TEXT, U8, text),
};

size_t
index_element(enum index_section s)
{
	return sections[s].element;
}

/* --- checking */

static size_t
count(const struct catalog_index *x, enum index_section s)
{
	return (size_t)x->head->section[s].size / sections[s].element;
}

static bool
header_is_sound(const struct index_header *h, size_t size, const char **why)
{
	*why = "not a catalog index";
	if (size < sizeof(*h) || memcmp(h->magic, INDEX_MAGIC, sizeof(h->magic)) != 0)
		return false;
	*why = "made by another version of credbot";
	if (h->version != INDEX_VERSION || h->header_size != sizeof(*h))
		return false;
	*why = "cut short, or too long";
	if (h->size != size)
		return false;
	*why = "damaged (its checksum is wrong)";
	if (h->checksum != index_checksum(h, size))
		return false;
	*why = "damaged (sections)";
	for (size_t i = 0; i < IX_SECTIONS; i++)
		if (h->section[i].at % INDEX_ALIGN != 0 || h->section[i].at > size ||
		    h->section[i].size > size - h->section[i].at ||
		    h->section[i].size % sections[i].element != 0)
			return false;
	return true;
}

/* Do the starts of n things go up to end? */
static bool
are_starts(const uint32_t *at, size_t n, size_t end)
{
	for (size_t i = 0; i < n; i++)
		if (at[i] > at[i + 1])
			return false;
	return at[n] <= end;
}

static bool
all_below(const uint32_t *v, size_t n, size_t limit)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] >= limit)
			return false;
	return true;
}

/* Surfaces in texts: below limit, or a break. */
static bool
are_surfaces(const uint32_t *v, size_t n, size_t limit)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] >= limit && v[i] != INDEX_NONE)
			return false;
	return true;
}

static bool
list_is_sound(const struct catalog_index *x, const struct index_list *l)
{
	if (l->impacts > count(x, IX_IMPACTS) ||
	    l->count > count(x, IX_IMPACTS) - l->impacts)
		return false;
	if (l->is_long)
		return l->at < x->head->longs;
	return l->at <= count(x, IX_DOCS) && l->count <= count(x, IX_DOCS) - l->at;
}

static bool
lists_are_sound(const struct catalog_index *x)
{
	const struct index_header *h = x->head;

	if (count(x, IX_LISTS) != (size_t)h->terms + h->starts ||
	    count(x, IX_START_KEY) != h->starts ||
	    count(x, IX_BITS) != (size_t)h->longs * x->words ||
	    count(x, IX_RANKS) != (size_t)h->longs * x->spans ||
	    count(x, IX_MAXES) != (size_t)h->longs * x->spans)
		return false;
	for (size_t i = 0; i < count(x, IX_LISTS); i++)
		if (!list_is_sound(x, &x->lists[i]))
			return false;
	return true;
}

static bool
words_are_sound(const struct catalog_index *x)
{
	const struct index_header *h = x->head;

	return count(x, IX_SURFACE_AT) == (size_t)h->surfaces + 1 &&
	       count(x, IX_SURFACE_TERM) == h->surfaces &&
	       count(x, IX_SURFACE_COUNT) == h->surfaces &&
	       count(x, IX_SURFACE_SIGN) == h->surfaces &&
	       count(x, IX_STEM_AT) == (size_t)h->stems + 1 &&
	       count(x, IX_STEM_TERM) == h->stems &&
	       are_starts(x->surface_at, h->surfaces, count(x, IX_SURFACE_TEXT)) &&
	       are_starts(x->stem_at, h->stems, count(x, IX_STEM_TEXT)) &&
	       are_surfaces(x->surface_term, h->surfaces, h->terms) &&
	       all_below(x->stem_term, h->stems, h->terms);
}

static bool
columns_are_sound(const struct catalog_index *x)
{
	for (size_t s = IX_PRIOR; s <= IX_CARD; s++)
		if (s != IX_RUN_AT && s != IX_RUNS && count(x, s) != x->n)
			return false;
	for (size_t i = 0; i < x->n; i++)
		if (x->country[i] >= x->n_countries || x->langs[i] >= x->n_lang_sets ||
		    x->currency[i] >= x->tables->n_currencies ||
		    x->type[i] >= PROGRAM_TYPES || x->pace[i] >= PACES || x->eqf[i] > 8)
			return false;
	return all_below(x->provider, x->n, x->n_providers) &&
	       count(x, IX_RUN_AT) == x->n + 1 &&
	       are_starts(x->run_at, x->n, count(x, IX_RUNS));
}

static bool
texts_are_sound(const struct catalog_index *x)
{
	size_t size = count(x, IX_TEXT);

	if (size == 0 || x->text[size - 1] != '\0')
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (x->card[i].id >= size || x->card[i].title >= size ||
		    x->card[i].place >= size || x->card[i].currency >= size)
			return false;
	for (size_t i = 0; i < x->n_countries; i++)
		if (x->countries[i][3] != '\0')
			return false;
	return all_below(x->lang_sets, x->n_lang_sets, size) &&
	       all_below(x->providers, x->n_providers, size);
}

static bool
titles_are_sound(const struct catalog_index *x)
{
	return count(x, IX_TITLE_AT) == x->n + 1 && count(x, IX_SKILL_AT) == x->n + 1 &&
	       count(x, IX_NAME_HASH) == count(x, IX_NAME_DOC) &&
	       count(x, IX_NAME_DOC) == x->n && all_below(x->name_doc, x->n, x->n) &&
	       are_starts(x->title_at, x->n, count(x, IX_TITLES)) &&
	       are_starts(x->skill_at, x->n, count(x, IX_SKILLS)) &&
	       are_surfaces(x->titles, count(x, IX_TITLES), x->head->surfaces) &&
	       are_surfaces(x->skills, count(x, IX_SKILLS), x->head->surfaces);
}

struct catalog_index *
index_view(void *bytes, size_t size, const struct catalog_tables *t, const char **why)
{
	struct catalog_index *x;

	if (!header_is_sound(bytes, size, why))
		return NULL;
	x = xcalloc(1, sizeof(*x));
	atomic_init(&x->users, 1);
	x->tables = t;
	x->head = bytes;
	x->n = x->head->docs;
	x->spans = (x->n + INDEX_SPAN - 1) / INDEX_SPAN;
	x->words = x->spans * INDEX_SPAN_WORDS;
	for (size_t i = 0; i < IX_SECTIONS; i++) {
		const void *at = (const char *)bytes + x->head->section[i].at;

		memcpy((char *)x + sections[i].pointer, &at, sizeof(at));
	}
	x->n_countries = count(x, IX_COUNTRIES);
	x->n_lang_sets = count(x, IX_LANG_SETS);
	x->n_providers = count(x, IX_PROVIDERS);
	*why = "damaged (contents)";
	/* Tables with other currencies or fields: out of date, and not to be read with. */
	if (x->head->tables == t->hash && x->head->live <= x->n && words_are_sound(x) &&
	    lists_are_sound(x) && columns_are_sound(x) && texts_are_sound(x) &&
	    titles_are_sound(x))
		return x;
	if (x->head->tables != t->hash)
		*why = NULL;
	free(x);
	return NULL;
}

uint64_t
index_checksum(const void *bytes, size_t size)
{
	size_t from = offsetof(struct index_header, checksum) + sizeof(uint64_t);
	uint64_t lane[4] = { 1, 2, 3, 4 }, sum = size;
	const char *p = bytes;

	for (size_t i = from; i + sizeof(lane) <= size; i += sizeof(lane))
		for (size_t j = 0; j < 4; j++) {
			uint64_t v;

			memcpy(&v, p + i + j * sizeof(v), sizeof(v));
			v = (lane[j] ^ v) * UINT64_C(0xD6E8FEB86659FD93);
			lane[j] = v ^ v >> 32;
		}
	for (size_t j = 0; j < 4; j++) {
		sum = (sum ^ lane[j]) * UINT64_C(0xA0761D6478BD642F);
		sum ^= sum >> 29;
	}
	return sum;
}

/* --- words */

static int
compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);

	return c != 0 ? c : (a.len > b.len) - (a.len < b.len);
}

uint32_t
index_surface_from(const struct catalog_index *x, struct str s)
{
	uint32_t low = 0, high = x->head->surfaces;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (compare(index_surface(x, mid), s) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t
index_find_surface(const struct catalog_index *x, struct str s)
{
	uint32_t at = index_surface_from(x, s);

	return at < x->head->surfaces && str_eq(index_surface(x, at), s) ? at
	                                                                 : INDEX_NONE;
}

uint32_t
index_find_stem(const struct catalog_index *x, struct str s)
{
	uint32_t low = 0, high = x->head->stems;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		struct str stem = str_n(x->stem_text + x->stem_at[mid],
		    x->stem_at[mid + 1] - x->stem_at[mid]);
		int c = compare(stem, s);

		if (c == 0)
			return x->stem_term[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return INDEX_NONE;
}

uint64_t
index_start_key(struct str s)
{
	uint64_t key = 0;
	size_t chars = 0;

	for (size_t i = 0; i < s.len; i++) {
		if ((s.p[i] & 0xC0) != 0x80 && ++chars > 2)
			return 0;
		key = key << 8 | (unsigned char)s.p[i];
	}
	return s.len > sizeof(key) ? 0 : key;
}

const struct index_list *
index_find_start(const struct catalog_index *x, struct str s)
{
	uint64_t key = index_start_key(s);
	size_t low = 0, high = x->head->starts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->start_key[mid] < key)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == x->head->starts || x->start_key[low] != key)
		return NULL;
	return &x->lists[x->head->terms + low];
}

/* A to z have a bit each, digits one, and all other bytes share the last five. */
uint32_t
index_sign(struct str word)
{
	uint32_t sign = 0;

	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.p[i];

		if (c >= 'a' && c <= 'z')
			sign |= 1U << (c - 'a');
		else
			sign |= c < 0x80 ? 1U << 26 : 1U << (27 + c % 5);
	}
	return sign;
}

/* --- users */

struct catalog_index *
catalog_index_keep(struct catalog_index *x)
{
	atomic_fetch_add(&x->users, 1);
	return x;
}

void
catalog_index_free(struct catalog_index *x)
{
	if (x == NULL || atomic_fetch_sub(&x->users, 1) > 1)
		return;
	if (x->mapped)
		(void)munmap(x->bytes, (size_t)x->head->size);
	else
		free(x->bytes);
	free(x);
}

size_t
catalog_index_programs(const struct catalog_index *x)
{
	return x->n;
}

size_t
catalog_index_live(const struct catalog_index *x)
{
	return x->head->live;
}

int64_t
catalog_index_from(const struct catalog_index *x)
{
	return x->head->revision > 0 ? x->head->revision : 0;
}

int64_t
catalog_index_oldest(const struct catalog_index *x)
{
	return x->head->oldest;
}

int32_t
catalog_index_day(const struct catalog_index *x)
{
	return x->head->day;
}

size_t
catalog_index_bytes(const struct catalog_index *x)
{
	return (size_t)x->head->size;
}
