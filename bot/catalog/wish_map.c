/*
 * wish_map.c - the ids of wishes, and what they are in columns of the catalog.
 */
#include <string.h>

#include "bot/catalog/regions_priv.h"
#include "credbot/catalog/wish_map.h"

static const struct field_row {
	const char *id, *parent;
} fields[] = {
	{ "information-technology", NULL },
	{ "cloud-computing", "information-technology" },
	{ "software-development", "information-technology" },
	{ "cybersecurity", "information-technology" },
	{ "it-support", "information-technology" },
	{ "digital-transformation", "information-technology" },
	{ "data-and-ai", NULL },
	{ "data-analytics", "data-and-ai" },
	{ "data-science", "data-and-ai" },
	{ "artificial-intelligence", "data-and-ai" },
	{ "machine-learning", "data-and-ai" },
	{ "big-data", "data-and-ai" },
	{ "business", NULL },
	{ "business-analytics", "business" },
	{ "project-management", "business" },
	{ "entrepreneurship", "business" },
	{ "supply-chain-management", "business" },
	{ "negotiation", "business" },
	{ "business-strategy", "business" },
	{ "international-business", "business" },
	{ "finance", "business" },
	{ "marketing", NULL },
	{ "digital-marketing", "marketing" },
	{ "design", NULL },
	{ "graphic-design", "design" },
	{ "ux-ui-design", "design" },
	{ "healthcare", NULL },
	{ "health-informatics", "healthcare" },
	{ "public-health", "healthcare" },
	{ "digital-health", "healthcare" },
	{ "healthcare-management", "healthcare" },
	{ "global-health", "healthcare" },
	{ "healthcare-policy", "healthcare" },
	{ "clinical-skills", "healthcare" },
	{ "medicine", "healthcare" },
	{ "education", NULL },
	{ "e-learning-design", "education" },
	{ "inclusive-education", "education" },
	{ "educational-leadership", "education" },
	{ "teacher-training", "education" },
	{ "engineering", NULL },
	{ "smart-manufacturing", "engineering" },
	{ "sustainable-engineering", "engineering" },
	{ "automation", "engineering" },
	{ "sustainability", NULL },
	{ "corporate-social-responsibility", "sustainability" },
	{ "social-entrepreneurship", "sustainability" },
	{ "environmental-science", "sustainability" },
	{ "renewable-energy", "sustainability" },
	{ "agribusiness", NULL },
	{ "tourism-hospitality", NULL },
	{ "languages", NULL },
	{ "soft-skills", NULL },
	{ "leadership", "soft-skills" },
	{ "intercultural-communication", "soft-skills" },
	{ "global-teamwork", "soft-skills" },
	{ "law", NULL },
};

static const struct {
	const char *id, *code;
} destinations[] = {
	{ "australia", "AU" },
	{ "canada", "CA" },
	{ "united-kingdom", "GB" },
	{ "united-states", "US" },
	{ "germany", "DE" },
	{ "new-zealand", "NZ" },
	{ "belgium", "BE" },
	{ "italy", "IT" },
};

static const struct {
	const char *id;
	unsigned bits;
} modes[] = {
	{ "online", MODE_ONLINE },
	/* Work-based learning happens at a place, too. */
	{ "in-person", MODE_ONSITE | MODE_WORK_BASED },
	{ "hybrid", MODE_BLENDED },
};

static const struct {
	const char *id, *tag;
} languages[] = {
	{ "spanish", "es" },
	{ "french", "fr" },
	{ "mandarin", "zh" },
	{ "english", "en" },
	{ "german", "de" },
};

#define T(type) (1U << PROGRAM_##type)

static const struct {
	const char *id;
	unsigned set;
} types[] = {
	{ "professional-certificate", T(CERTIFICATE) },
	{ "digital-badge", T(BADGE) },
	{ "micromasters", T(MICRO_CREDENTIAL) | T(CERTIFICATE) },
	{ "nanodegree", T(MICRO_CREDENTIAL) | T(CERTIFICATE) },
	{ "short-term-diploma-certificate", T(CERTIFICATE) | T(DIPLOMA) },
	{ "industry-certification", T(CERTIFICATION) | T(LICENCE) },
	{ "cpd-unit", T(MICRO_CREDENTIAL) | T(SHORT_COURSE) | T(MODULE) },
	{ "bootcamp", T(SHORT_COURSE) | T(COURSE) },
	{ "language-certification", T(LANGUAGE) | T(CERTIFICATION) },
	{ "certificate-of-completion",
	    T(MOOC) | T(COURSE) | T(SHORT_COURSE) | T(CERTIFICATE) },
	{ "skill-specific-credential", T(MICRO_CREDENTIAL) | T(BADGE) },
	{ "short-course", T(SHORT_COURSE) },
	{ "supplemental-certificate", T(CERTIFICATE) | T(MICRO_CREDENTIAL) },
	{ "co-curricular-badge", T(BADGE) },
	{ "postgraduate-certificate", T(CERTIFICATE) | T(DIPLOMA) },
	{ "diploma", T(DIPLOMA) },
	{ "masters-degree", T(MASTER) },
};

static const struct {
	const char *id;
	int low, high;
} levels[] = {
	{ "beginner", 1, 4 },
	{ "basic-knowledge", 3, 5 },
	{ "graduate", 6, 7 },
	{ "postgraduate", 7, 8 },
};

static const struct {
	const char *currency;
	int digits;
} currency_digits[] = {
	{ "BHD", 3 },
	{ "BIF", 0 },
	{ "CLP", 0 },
	{ "DJF", 0 },
	{ "GNF", 0 },
	{ "IQD", 3 },
	{ "ISK", 0 },
	{ "JOD", 3 },
	{ "JPY", 0 },
	{ "KMF", 0 },
	{ "KRW", 0 },
	{ "KWD", 3 },
	{ "LYD", 3 },
	{ "OMR", 3 },
	{ "PYG", 0 },
	{ "RWF", 0 },
	{ "TND", 3 },
	{ "UGX", 0 },
	{ "VND", 0 },
	{ "VUV", 0 },
	{ "XAF", 0 },
	{ "XOF", 0 },
	{ "XPF", 0 },
};

/* The row of a table whose first member is its id; NULL: none. */
static const void *
find(const void *table, size_t n, size_t size, const char *id)
{
	const char *row = table;

	for (size_t i = 0; i < n; i++, row += size) {
		const char *name;

		memcpy(&name, row, sizeof(name));
		if (strcmp(name, id) == 0)
			return row;
	}
	return NULL;
}

#define FIND(table, id) find((table), ARRAY_LEN(table), sizeof((table)[0]), (id))
/* Which row that is; only for rows that were found. */
#define ROW(table, found)                                                              \
	((size_t)((const char *)(found) - (const char *)(table)) / sizeof((table)[0]))

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_code(const char *id)
{
	return is_lower(id[0]) && is_lower(id[1]) && id[2] == '\0';
}

static bool
is_tag(const char *id)
{
	return is_lower(id[0]) && is_lower(id[1]) &&
	       (id[2] == '\0' || (is_lower(id[2]) && id[3] == '\0'));
}

static bool
is_name(const char *id)
{
	size_t n = strlen(id);

	for (size_t i = 0; i < n; i++)
		if (!is_lower(id[i]) && id[i] != '-' && (id[i] < '0' || id[i] > '9'))
			return false;
	return n > 0 && n < WISH_ID_MAX;
}

bool
wish_id_known(enum wish_slot slot, const char *id)
{
	switch (slot) {
	case WISH_FIELD:
		return FIND(fields, id) != NULL;
	case WISH_DESTINATION:
		return FIND(destinations, id) != NULL || is_code(id) ||
		       region_countries(id) != NULL;
	case WISH_MODE:
		return FIND(modes, id) != NULL;
	case WISH_LANGUAGE:
		return FIND(languages, id) != NULL || is_tag(id);
	case WISH_TYPE:
		return FIND(types, id) != NULL;
	case WISH_LEVEL:
		return FIND(levels, id) != NULL;
	case WISH_PROVIDER:
		return is_name(id);
	case WISH_SLOTS:
		break;
	}
	return false;
}

const char *
wish_field_nth(size_t n)
{
	return n < ARRAY_LEN(fields) ? fields[n].id : NULL;
}

const char *
wish_field_parent(const char *id)
{
	const void *row = FIND(fields, id);

	return row == NULL ? NULL : fields[ROW(fields, row)].parent;
}

bool
wish_field_is_above(const char *a, const char *b)
{
	while ((b = wish_field_parent(b)) != NULL)
		if (strcmp(a, b) == 0)
			return true;
	return false;
}

const char *const *
wish_destination_countries(const char *id, char buf[3], const char *list[2])
{
	const void *row = FIND(destinations, id);

	list[1] = NULL;
	if (row != NULL) {
		list[0] = destinations[ROW(destinations, row)].code;
		return list;
	}
	if (!is_code(id))
		return region_countries(id);
	buf[0] = (char)(id[0] - 'a' + 'A');
	buf[1] = (char)(id[1] - 'a' + 'A');
	buf[2] = '\0';
	list[0] = buf;
	return list;
}

static bool
has_code(const char *const *codes, const char *code)
{
	for (; *codes != NULL; codes++)
		if (strcmp(*codes, code) == 0)
			return true;
	return false;
}

bool
wish_destination_is_above(const char *a, const char *b)
{
	char buf[3];
	const char *list[2];
	const char *const *whole = region_countries(a), *const * part;

	if (whole == NULL || strcmp(a, b) == 0)
		return false;
	part = wish_destination_countries(b, buf, list);
	if (part == NULL)
		return false;
	for (; *part != NULL; part++)
		if (!has_code(whole, *part))
			return false;
	return true;
}

unsigned
wish_mode_bits(const char *id)
{
	const void *row = FIND(modes, id);

	return row == NULL ? 0 : modes[ROW(modes, row)].bits;
}

unsigned
wish_type_set(const char *id)
{
	const void *row = FIND(types, id);

	return row == NULL ? 0 : types[ROW(types, row)].set;
}

bool
wish_level_range(const char *id, int *low, int *high)
{
	const void *row = FIND(levels, id);

	if (row == NULL)
		return false;
	*low = levels[ROW(levels, row)].low;
	*high = levels[ROW(levels, row)].high;
	return true;
}

const char *
wish_language_tag(const char *id)
{
	const void *row = FIND(languages, id);

	if (row != NULL)
		return languages[ROW(languages, row)].tag;
	return is_tag(id) ? id : NULL;
}

int
wish_currency_digits(const char *currency)
{
	const void *row = FIND(currency_digits, currency);

	return row == NULL ? 2 : currency_digits[ROW(currency_digits, row)].digits;
}

double
wish_duration_days(double value, enum wish_unit unit)
{
	/* A month counts as in program.h. */
	static const double days[] = { 1, 7, 30.4375 };

	return value * days[unit];
}
