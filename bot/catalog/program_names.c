/*
 * program_names.c - the names of the enumerations in catalog/1, both ways.
 */
#include <assert.h>
#include <string.h>

#include "credbot/catalog/program_facts.h"

static const char *const types[PROGRAM_TYPES] = { "", "micro_credential", "badge",
	"certificate", "certification", "licence", "short_course", "course", "mooc",
	"module", "diploma", "associate", "bachelor", "master", "doctorate",
	"apprenticeship", "bridging", "language" };
static const char *const statuses[STATUSES] = { "", "planned", "active", "paused",
	"ceased" };
static const char *const syncs[SYNCS] = { "", "sync", "async", "mixed" };
static const char *const paces[PACES] = { "", "full_time", "part_time", "self_paced" };
static const char *const qualities[QUALITIES] = { "", "accredited", "self_assured",
	"peer", "none" };
static const char *const checks[IDENTITY_CHECKS] = { "", "none", "unsupervised",
	"supervised_no_id", "supervised_id" };
static const char *const kinds[OFFER_KINDS] = { "tuition", "enrolment", "exam",
	"material", "total" };
static const char *const pers[OFFER_PERS] = { "total", "year", "term", "credit",
	"month" };
static const char *const fors[OFFER_FORS] = { "all", "resident", "eu",
	"international" };
static const char *const modes[PROGRAM_MODES] = { "online", "onsite", "blended",
	"work_based" };

static bool
is_same(struct str a, const char *b)
{
	for (size_t i = 0; i < a.len; i++) {
		char c = a.p[i] == '-' || a.p[i] == ' ' ? '_' : a.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c != b[i])
			return false; /* also at the end of b */
	}
	return b[a.len] == '\0';
}

static int
find(const char *const *table, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (table[i][0] != '\0' && is_same(name, table[i]))
			return (int)i;
	return -1;
}

#define NAMES(type, fn, table)                                                         \
	const char *fn##_name(type v)                                                  \
	{                                                                              \
		assert((size_t)v < ARRAY_LEN(table));                                  \
		return (table)[v];                                                     \
	}                                                                              \
	int fn##_of(struct str name)                                                   \
	{                                                                              \
		return find(table, ARRAY_LEN(table), name);                            \
	}

NAMES(enum program_type, program_type, types)
NAMES(enum program_status, program_status, statuses)
NAMES(enum program_sync, program_sync, syncs)
NAMES(enum program_pace, program_pace, paces)
NAMES(enum program_quality, program_quality, qualities)
NAMES(enum identity_check, identity_check, checks)
NAMES(enum offer_kind, offer_kind, kinds)
NAMES(enum offer_per, offer_per, pers)
NAMES(enum offer_for, offer_for, fors)

const char *
program_mode_name(unsigned bit)
{
	size_t i = 0;

	while (i < PROGRAM_MODES && bit != 1U << i)
		i++;
	assert(i < PROGRAM_MODES);
	return modes[i];
}

int
program_mode_of(struct str name)
{
	int i = find(modes, PROGRAM_MODES, name);

	return i < 0 ? -1 : 1 << i;
}
