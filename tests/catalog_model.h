/*
 * catalog_model.h - a catalog of 3,000 programs whose every fact the test knows, imported and
 * indexed, for the tests of the search.
 */
#ifndef CREDBOT_TESTS_CATALOG_MODEL_H
#define CREDBOT_TESTS_CATALOG_MODEL_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "credbot/base/alloc.h"
#include "credbot/base/clock.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/catalog/import.h"
#include "credbot/catalog/search.h"
#include "credbot/catalog/wish_map.h"
#include "tests/t.h"

#define PROGRAMS 3000

/* Words that no stemmer cuts and no two of which are near each other. */
static const char *const words[] = { "zarbok", "quilmot", "fendrup", "wolkitz",
	"jamthor", "pexadun", "grovnik", "hilmarz", "tubsoqu", "yndakop", "crefjum",
	"obliwax" };
static const char *const countries[] = { "", "DE", "GB", "US", "FR" };
static const char *const modes[] = { "", "online", "onsite", "blended" };
static const char *const langs[] = { "", "de", "en" };
static const char *const types[] = { "", "badge", "short_course", "diploma" };

struct model {
	unsigned words; /* bits */
	unsigned country, mode, lang, type;
	int eqf, hours;
	long price; /* cents; -1 unknown */
	bool dollars, stackable_known, stackable;
	int rating;      /* tenths; -1 */
	int start_month; /* of 2027; 0 unknown */
	unsigned provider;
};

static struct model model[PROGRAMS];
static char state[] = "/tmp/credbot-test-search-XXXXXX";
static struct catalog_tables *tables;
static struct catalog_index *index_;
static struct catalog_place where;
static uint64_t seed = 20261125;
static int32_t today;

static unsigned
dice(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

static void
make_program(struct model *m)
{
	for (unsigned i = 1 + dice(4); i > 0; i--)
		m->words |= 1U << dice(ARRAY_LEN(words));
	m->country = dice(ARRAY_LEN(countries));
	m->mode = dice(ARRAY_LEN(modes));
	m->lang = dice(ARRAY_LEN(langs));
	m->type = dice(ARRAY_LEN(types));
	m->eqf = (int)dice(9);
	m->hours = (int)dice(5) == 0 ? -1 : (int)dice(300);
	m->price = dice(4) == 0 ? -1 : dice(6) == 0 ? 0 : (long)dice(3000) * 100;
	m->dollars = dice(2);
	m->stackable_known = dice(2);
	m->stackable = m->stackable_known && dice(2);
	m->rating = dice(3) == 0 ? -1 : (int)dice(51);
	m->start_month = (int)dice(13);
	m->provider = dice(60);
}

static void
text_member(struct buf *b, const char *key, const char *value)
{
	if (value[0] != '\0')
		buf_printf(b, ",\"%s\":\"%s\"", key, value);
}

static void
write_program(struct buf *b, size_t i, const struct model *m)
{
	buf_printf(b, "{\"id\":\"p%04zu\",\"title\":\"", i);
	for (size_t w = 0, n = 0; w < ARRAY_LEN(words); w++)
		if (m->words >> w & 1)
			buf_printf(b, "%s%s", n++ == 0 ? "" : " ", words[w]);
	buf_printf(b, "\",\"provider\":\"House %u\",\"status\":\"active\"",
	    m->provider);
	text_member(b, "country", countries[m->country]);
	text_member(b, "mode", modes[m->mode]);
	text_member(b, "language", langs[m->lang]);
	text_member(b, "type", types[m->type]);
	if (m->eqf > 0)
		buf_printf(b, ",\"eqf\":%d", m->eqf);
	if (m->hours >= 0)
		buf_printf(b, ",\"hours\":%d", m->hours);
	if (m->price >= 0)
		buf_printf(b, ",\"price_minor\":%ld,\"currency\":\"%s\"", m->price,
		    m->dollars ? "USD" : "EUR");
	if (m->stackable_known)
		buf_printf(b, ",\"stackable\":%s", m->stackable ? "true" : "false");
	if (m->rating >= 0)
		buf_printf(b, ",\"rating\":%d.%d", m->rating / 10, m->rating % 10);
	if (m->start_month > 0)
		buf_printf(b, ",\"start\":\"2027-%02d-11\"", m->start_month);
	buf_adds(b, "}\n");
}

static char *
path_of(const char *name)
{
	struct buf b = { 0 };

	buf_printf(&b, "%s/%s", state, name);
	return buf_take(&b);
}

static bool
import(const char *text)
{
	struct import_options o = { .format = "jsonl",
		.source = "t",
		.today = "2026-11-25" };
	struct import_report rep;
	struct err err = { "" };
	char *path = path_of("in.jsonl");
	enum rc rc = file_write_atomic(path, str_of(text), &err);

	import_report_init(&rep);
	if (rc == RC_OK)
		rc = catalog_import(state, &o, &path, 1, &rep, &err);
	import_report_fini(&rep);
	free(path);
	return T_CHECK(rc == RC_OK, "import: %s", err.text);
}

static bool
set_up(void)
{
	struct faults faults = { 0 };
	struct buf b = { 0 };
	struct err err = { "" };
	bool good;

	today = (int32_t)clock_days(2026, 11, 25);
	if (mkdtemp(state) == NULL)
		return false;
	where = (struct catalog_place){ state, NULL };
	tables = catalog_tables_load("data", &faults);
	if (!T_CHECK(tables != NULL, "tables: %s",
		faults.n > 0 ? faults.v[0].reason : ""))
		return false;
	for (size_t i = 0; i < PROGRAMS; i++) {
		make_program(&model[i]);
		write_program(&b, i, &model[i]);
	}
	good = import(buf_cstr(&b)) && T_CHECK(catalog_index_load(&index_, &where,
						   tables, today, &err) == RC_OK,
					   "index: %s", err.text);
	buf_fini(&b);
	faults_fini(&faults);
	return good;
}

static void
tear_down(void)
{
	static const char *const names[] = { "catalog.db", "catalog.db-wal",
		"catalog.db-shm", "catalog.index", "in.jsonl" };

	catalog_index_free(index_);
	catalog_tables_free(tables);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = path_of(names[i]);

		(void)unlink(path);
		free(path);
	}
	(void)rmdir(state);
}

#endif
