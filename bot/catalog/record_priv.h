/*
 * record_priv.h - a record catalog/1 while it is read from JSON.
 *
 * Each object has a sorted table of its members; what is in no table is kept as extra.
 */
#ifndef CREDBOT_CATALOG_RECORD_PRIV_H
#define CREDBOT_CATALOG_RECORD_PRIV_H

#include "credbot/base/json.h"
#include "credbot/catalog/program.h"
#include "credbot/catalog/remarks.h"

struct reading;

struct member {
	const char *key;
	void (*read)(struct reading *rd, const struct json *v);
};

#define RD_NO_INDEX (-1L)

/* An object around the one that is being read: key[index]. */
struct rd_scope {
	const struct rd_scope *up;
	const char *key;
	long index;
};

struct reading {
	struct arena *a;
	struct program *p;
	struct remarks *r;
	struct buf extra;
	/* Where we are: for remarks. */
	const struct rd_scope *scope; /* NULL: in the record itself */
	long index;                   /* of the element of a list; RD_NO_INDEX */
	/* The members of the object that is being read, and what they fill. */
	const struct member *table;
	size_t n;
	struct program_outcome outcome;
	struct program_offer offer;
	struct program_run run;
	struct program_credit credit;
	/* Of the flat form. */
	int64_t price;
	char currency[4];
	struct program_run flat_run;
	bool has_flat_run;
};

/* --- record_values.c; key is the name of the member, for remarks */

const char *rd_field(struct reading *rd, const char *key); /* with all around it */
void rd_wrong(struct reading *rd, const char *key, const char *reason);
void rd_wrong_value(struct reading *rd, const char *key, struct str value,
    const char *reason);
void rd_keep_extra(struct reading *rd, const char *key, const struct json *v);

/* Reads the members of v by rd's table; of an object within by that one. */
void rd_members(struct reading *rd, const struct json *v);
void rd_object(struct reading *rd, const struct json *v, const char *key,
    const struct member *table, size_t n);
#define RD_OBJECT(rd, v, key, table) rd_object(rd, v, key, table, ARRAY_LEN(table))

/* Calls one for each element of a list, or for v itself if it is none. */
void rd_each(struct reading *rd, const char *key, const struct json *v,
    void (*one)(struct reading *rd, const char *key, const struct json *v));

const char *rd_line(struct reading *rd, const char *key, const struct json *v);
void rd_texts(struct reading *rd, const char *key, const struct json *v,
    struct texts *to, const char *(*make)(struct arena *a, struct str s));
void rd_names(struct reading *rd, const char *key, const struct json *v,
    struct names *to);
void rd_number(struct reading *rd, const char *key, const struct json *v, double max,
    double *out);
void rd_known(struct reading *rd, const char *key, const struct json *v,
    enum known *out);
int rd_enum(struct reading *rd, const char *key, const struct json *v,
    int (*find)(struct str name));
const char *rd_date(struct reading *rd, const char *key, const struct json *v);
const char *rd_url(struct reading *rd, const char *key, const struct json *v);
void rd_country(struct reading *rd, const char *key, const struct json *v, char out[3]);
void rd_currency(struct reading *rd, const char *key, const struct json *v,
    char out[4]);
void rd_modes(struct reading *rd, const char *key, const struct json *v,
    unsigned *bits);
void rd_days(struct reading *rd, const char *key, const struct json *v, double *out);
void rd_minor(struct reading *rd, const char *key, const struct json *v, int64_t *out);

/* --- record_parts.c: members of a record */

void read_awarding_body(struct reading *rd, const struct json *v);
void read_duration(struct reading *rd, const struct json *v);
void read_ects(struct reading *rd, const struct json *v);
void read_entry(struct reading *rd, const struct json *v);
void read_fields(struct reading *rd, const struct json *v);
void read_hours(struct reading *rd, const struct json *v);
void read_languages(struct reading *rd, const struct json *v);
void read_offers(struct reading *rd, const struct json *v);
void read_outcomes(struct reading *rd, const struct json *v);
void read_provider(struct reading *rd, const struct json *v);
void read_quality(struct reading *rd, const struct json *v);
void read_rating(struct reading *rd, const struct json *v);
void read_runs(struct reading *rd, const struct json *v);
void read_source(struct reading *rd, const struct json *v);
void read_stack(struct reading *rd, const struct json *v);
void read_workload(struct reading *rd, const struct json *v);

/* --- readers of one value each, for the tables: key is what remarks say */

#define MEMBER(fn, key, what)                                                          \
	static void fn(struct reading *rd, const struct json *v)                       \
	{                                                                              \
		what;                                                                  \
	}
#define LINE(fn, key, to) MEMBER(fn, key, (to) = rd_line(rd, key, v))
#define URL(fn, key, to) MEMBER(fn, key, (to) = rd_url(rd, key, v))
#define DATE(fn, key, to) MEMBER(fn, key, (to) = rd_date(rd, key, v))
#define NAMES(fn, key, to) MEMBER(fn, key, rd_names(rd, key, v, &(to)))
#define KNOWN(fn, key, to) MEMBER(fn, key, rd_known(rd, key, v, &(to)))
#define NUMBER(fn, key, max, to) MEMBER(fn, key, rd_number(rd, key, v, max, &(to)))
#define TEXTS(fn, key, make, to) MEMBER(fn, key, rd_texts(rd, key, v, &(to), make))
#define ENUM(fn, key, type, find, to)                                                  \
	MEMBER(fn, key, (to) = (type)rd_enum(rd, key, v, find))
#define COUNTRY(fn, key, to) MEMBER(fn, key, rd_country(rd, key, v, to))

#define RECORD_HOURS_MAX 100000.0

#endif
