/*
 * program_json.h - the record catalog/1 as JSON.
 *
 *	{ "id": "ie-example/bkp-101", "type": "micro_credential", "status": "active",
 *	  "title": {"en": "Bookkeeping Basics"}, "default_lang": "en",
 *	  "provider": {"id", "name", "country", "place", "url"},
 *	  "awarding_body": {"name", "country"}, "url": "https://...", "code": "BKP-101",
 *	  "outcomes": [{"text": {"en": "prepare invoices"}, "skill": "http://..."}],
 *	  "field": ["0411"], "subject": ["cip:52.0302"], "eqf": 4, "nqf": "IE-NFQ-5",
 *	  "workload": {"hours": 22, "ects": 1, "credits": [{"system": "ECTS", "value": 1}]},
 *	  "duration": {"min": "P4W", "max": "P6W", "text": "4 to 6 weeks"},
 *	  "pace": "part_time", "weekly_hours": 4, "mode": ["online"], "sync": "mixed",
 *	  "teaching_lang": ["en"], "assessment": ["quiz"], "identity_check": "none",
 *	  "quality": {"type": "accredited", "by": "...", "url": "https://..."},
 *	  "entry": {"text": {"en": "None"}, "requires": ["id"], "lang_level": "B2"},
 *	  "stack": {"standalone": false, "into": ["id"], "parts": ["id"]},
 *	  "offers": [{"price": 14900, "currency": "EUR", "kind": "tuition", "per": "total",
 *	              "for": "all"}], "free": false, "aid": true,
 *	  "runs": [{"start": "2027-02-01", "end": "...", "deadline": "...",
 *	            "mode": ["online"], "place": "Cork campus", "tz": "Europe/Dublin"}],
 *	  "rating": {"value": 4.4, "count": 81}, "tags": ["..."],
 *	  "source": {"format", "uri", "fetched": "2026-11-20", "licence"}, "extra": {} }
 *
 * Written in this order, without what is unknown. Read in any order; null is unknown, a
 * plain string stands for a text of unnamed language, and a single value for a list of one.
 * "standalone": false says that it counts towards something larger.
 *
 * A flat form is read, too, for lists that other programs make: provider (a string),
 * provider_id, city, country, language, isced, hours, ects, price_minor, currency, start,
 * deadline, stackable, rating (a number), skills.
 */
#ifndef CREDBOT_CATALOG_PROGRAM_JSON_H
#define CREDBOT_CATALOG_PROGRAM_JSON_H

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/json.h"
#include "credbot/catalog/program.h"
#include "credbot/catalog/remarks.h"

/* Values within each other in a record, its extra included. */
#define PROGRAM_JSON_DEPTH 32
/* Elements of a list that are read; more is a mistake or an attack. */
#define PROGRAM_LIST_MAX 256
/* Bytes of a text of one line, and of a description; longer ones are cut. */
#define PROGRAM_LINE_MAX 1000
#define PROGRAM_BLOCK_MAX 20000
#define PROGRAM_EXTRA_MAX 16384

/*
 * Reads v into *out, all of it copied into a. Values that cannot be become remarks of kind
 * REMARK_WRONG; keys that are not known go to extra. RC_INVALID: at least one is wrong, or
 * id or title are missing. r may be NULL.
 */
enum rc program_read_json(struct arena *a, const struct json *v, struct program *out,
    struct remarks *r);

/* The same from text. */
enum rc program_parse_json(struct arena *a, struct str text, struct program *out,
    struct remarks *r);

/* The same, several times faster, for a line that program_write_json() wrote. False: it is none
 * of these, but may be a record all the same. Values are not checked once more. */
bool program_parse_own(struct arena *a, struct str line, struct program *out);

/* Appends p as one line. What is read from it gives the same line again. */
void program_write_json(const struct program *p, struct buf *out);

#endif
