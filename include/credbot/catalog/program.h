/*
 * program.h - one program of the catalog: the record catalog/1.
 *
 * What a source does not state is unknown, and unknown is a value of its own: NULL or "" for
 * texts, no element for lists, the *_UNKNOWN constants for numbers, the first name of each
 * enumeration. It is never zero, never free and never guessed (DESIGN.md, decision 7).
 *
 * A record and everything it points to live in the arena it was made in. Texts are UTF-8,
 * cleaned (utf8.h), end with NUL and hold no line breaks but in descriptions.
 *
 * Units: money in minor units of the currency (ISO 4217: cents, and whole yen); hours as
 * decimals; lengths of time in days (P1M counts 30.4375, P1Y 365.25) beside the words they
 * came from; dates as YYYY-MM-DD; languages BCP 47; countries ISO 3166-1 alpha-2; fields
 * ISCED-F 2013 (2 to 4 digits); levels EQF 1 to 8.
 */
#ifndef CREDBOT_CATALOG_PROGRAM_H
#define CREDBOT_CATALOG_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MONEY_UNKNOWN INT64_MIN
#define NUMBER_UNKNOWN (-1.0) /* hours, credits, days, ratings: all are 0 or more */
#define EQF_UNKNOWN 0
/* Days since 1970-01-01, where dates are reckoned with. */
#define DAY_UNKNOWN INT32_MIN
#define DAY_ROLLING INT32_MAX /* begins whenever somebody does */

enum program_type {
	PROGRAM_UNKNOWN,
	PROGRAM_MICRO_CREDENTIAL,
	PROGRAM_BADGE,
	PROGRAM_CERTIFICATE,
	PROGRAM_CERTIFICATION,
	PROGRAM_LICENCE,
	PROGRAM_SHORT_COURSE,
	PROGRAM_COURSE,
	PROGRAM_MOOC,
	PROGRAM_MODULE,
	PROGRAM_DIPLOMA,
	PROGRAM_ASSOCIATE,
	PROGRAM_BACHELOR,
	PROGRAM_MASTER,
	PROGRAM_DOCTORATE,
	PROGRAM_APPRENTICESHIP,
	PROGRAM_BRIDGING,
	PROGRAM_LANGUAGE,
	PROGRAM_TYPES
};

enum program_status {
	STATUS_UNKNOWN,
	STATUS_PLANNED,
	STATUS_ACTIVE,
	STATUS_PAUSED,
	STATUS_CEASED,
	STATUSES
};

/* A program may be given in several modes: a set of bits. */
enum program_mode {
	MODE_ONLINE = 1,
	MODE_ONSITE = 2,
	MODE_BLENDED = 4,
	MODE_WORK_BASED = 8
};

enum program_sync { SYNC_UNKNOWN, SYNC_LIVE, SYNC_ASYNC, SYNC_MIXED, SYNCS };
enum program_pace {
	PACE_UNKNOWN,
	PACE_FULL_TIME,
	PACE_PART_TIME,
	PACE_SELF_PACED,
	PACES
};
enum program_quality {
	QUALITY_UNKNOWN,
	QUALITY_ACCREDITED,
	QUALITY_SELF_ASSURED,
	QUALITY_PEER,
	QUALITY_NONE,
	QUALITIES
};
enum identity_check {
	IDENTITY_UNKNOWN,
	IDENTITY_NONE,
	IDENTITY_UNSUPERVISED,
	IDENTITY_SUPERVISED_NO_ID,
	IDENTITY_SUPERVISED_ID,
	IDENTITY_CHECKS
};
enum offer_kind {
	OFFER_TUITION,
	OFFER_ENROLMENT,
	OFFER_EXAM,
	OFFER_MATERIAL,
	OFFER_TOTAL,
	OFFER_KINDS
};
enum offer_per { PER_TOTAL, PER_YEAR, PER_TERM, PER_CREDIT, PER_MONTH, OFFER_PERS };
enum offer_for { FOR_ALL, FOR_RESIDENT, FOR_EU, FOR_INTERNATIONAL, OFFER_FORS };
enum known { KNOWN_NOT, KNOWN_NO, KNOWN_YES };

/* The same text in several languages; the default language's comes first. */
struct text_lang {
	const char *lang; /* "" where the source names none */
	const char *text;
};

struct texts {
	const struct text_lang *at;
	size_t n;
};

struct names {
	const char **at;
	size_t n;
};

struct program_outcome {
	struct texts text;
	const char *skill; /* an ESCO address or other name of the skill; NULL */
};

struct program_credit {
	const char
	    *system; /* "ECTS", "US semester hours" ...; "" is unknown: never ECTS */
	double value;
};

struct program_offer {
	int64_t price; /* minor units */
	char currency[4];
	enum offer_kind kind;
	enum offer_per per;
	enum offer_for whom;
};

struct program_run {
	const char *start; /* YYYY-MM-DD, YYYY-MM, "rolling", or NULL */
	const char *end;
	const char *deadline;
	unsigned modes; /* of enum program_mode; 0: not stated */
	const char *place;
	const char *tz;
};

struct program {
	const char *id; /* unique in the catalog, stable across imports */
	enum program_type type;
	enum program_status status;
	const char *default_lang;
	struct texts title;
	struct texts summary;
	struct texts description;

	const char *provider_id;
	const char *provider; /* its name */
	char provider_country[3];
	const char *provider_place; /* town, campus */
	const char *provider_url;
	const char *awarding_body;
	char awarding_country[3];
	const char *url;
	const char *code;

	const struct program_outcome *outcomes;
	size_t n_outcomes;
	struct names fields; /* ISCED-F codes */
	struct names
	    subjects; /* fields in the source's own words, CIP codes as "cip:52.0301" */
	int eqf;
	const char *nqf;

	double hours;
	const struct program_credit *credits;
	size_t n_credits;
	double min_days, max_days; /* equal when the source gives one length */
	const char *duration;      /* as the source says it: "P4W", "6 weeks"; NULL */
	double weekly_hours;
	enum program_pace pace;
	unsigned modes;
	enum program_sync sync;
	struct names teaching_langs;

	struct names assessments;
	enum identity_check identity;
	enum program_quality quality;
	const char *quality_by;
	const char *quality_url;

	struct texts entry;     /* what one must bring, in words */
	struct names requires;  /* ids of programs */
	const char *lang_level; /* CEFR */
	enum known standalone;
	struct names stacks_into; /* ids */
	struct names parts;       /* ids */

	const struct program_offer *offers;
	size_t n_offers;
	enum known free;
	enum known aid;
	const struct program_run *runs; /* sorted by start */
	size_t n_runs;
	double rating;        /* 0 to 5 */
	int64_t rating_count; /* 0: not stated */
	struct names tags;

	const char *source_format;
	const char *source_uri;
	const char *fetched; /* YYYY-MM-DD */
	const char *licence;
	/* It is new to who knows a revision of the catalog (catalog_revision()) below this one.
	 * Not part of the record; 0: it was always there. */
	int64_t since;
	const char *extra; /* JSON of what an import did not understand; NULL */
};

#endif
