/*
 * test_catalog_path.c - routes to an award: what the catalog states, and nothing else.
 *
 * Checks bear the id of the requirement: MISSION-18, the planner of stacks. Small catalogs
 * have their routes written beside them; test_catalog_path_random.c tries random ones.
 */
#include <stdlib.h>
#include <unistd.h>

#include "credbot/base/clock.h"
#include "credbot/base/file.h"
#include "credbot/base/log.h"
#include "credbot/catalog/import.h"
#include "tests/catalog_lines.h"

static const struct {
	const char *name, *catalog, *held, *target, *want;
} rows[] = {
	{ "all parts, in the order of the catalog", "t parts=b,a\na days=7\nb days=7",
	    "", "t", "b<t a<t t*" },
	{ "what she has is left out", "t parts=b,a\na days=7\nb days=7", "a", "t",
	    "b<t t* with a" },
	{ "all of it: handed out", "t parts=a,b\na\nb", "a,b", "t", "t* with a,b" },
	{ "what is required comes before",
	    "t parts=a,b\na needs=b\nb needs=c\nc days=3", "", "t", "c!b b!a a<t t*" },
	{ "a program that counts towards it, and then itself",
	    "t\na into=t days=5\nb into=t days=3", "", "t", "b+t t | a+t t" },
	{ "a chain, each as a first step", "t days=9\nb into=t days=3\na into=b days=1",
	    "", "t", "b+t t | a+b b+t t" },
	{ "what she has counts", "t\na into=t days=5\nb into=t days=3", "a", "t",
	    "t with a | b+t t with a" },
	{ "as many as reach the credits",
	    "t ects=30\na into=t ects=15 days=9\nb into=t ects=15 days=8\n"
	    "c into=t ects=15 days=7\nd into=t ects=30 days=99",
	    "", "t", "b+t c+t t* | a+t c+t t* | a+t b+t t*" },
	{ "her credits count first",
	    "t ects=30\na into=t ects=15 days=9\nb into=t ects=15 days=8\n"
	    "c into=t ects=15 days=7",
	    "a", "t", "c+t t* with a | b+t t* with a" },
	{ "parts with more credits than the award: some of them",
	    "t ects=20 parts=a,b,c\na ects=10 days=1\nb ects=10 days=2\n"
	    "c ects=10 days=3",
	    "", "t", "a<t b<t t* | a<t c<t t* | b<t c<t t*" },
	{ "a part as one program, or by its own parts",
	    "t parts=m\nm parts=a,b days=9\na days=4\nb days=4", "", "t",
	    "a<m b<m m*<t t* | m<t t*" },
	{ "only a requirement is a route, too", "t needs=a\na", "", "t", "a!t t" },
	{ "an award that she has holds its parts", "t parts=a,b\nm parts=a\na\nb", "m",
	    "t", "b<t t* with a" },
	{ "but not those of which she chose",
	    "t parts=a,z\nm ects=10 parts=a,b\na ects=10\nb ects=10\nz", "m", "t",
	    "a<t z<t t*" },
	/* Nothing stated, nothing said. */
	{ "nothing leads there", "t\na", "", "t", "" },
	{ "not in the catalog", "a", "", "t", "; not there t" },
	{ "she has it", "t parts=a\na", "t", "t", "" },
	{ "what she has is unknown", "t parts=a\na", "x", "t",
	    "a<t t*; held unknown x" },
	{ "a part that the catalog has not", "t parts=a,gone\na", "", "t",
	    "a<t gone?<t t*; not there gone" },
	{ "an ended part blocks the way", "t parts=a,b\na\nb ceased", "", "t",
	    "; ended b" },
	{ "unless she has it", "t parts=a,b\na\nb ceased", "b", "t", "a<t t* with b" },
	{ "what has ended is not chosen", "t\na into=t ceased\nb into=t", "", "t",
	    "b+t t; ended a" },
	{ "the target has ended", "t parts=a ceased\na", "", "t", "; ended t" },
	/* Cycles. */
	{ "two that require each other", "t parts=a,b\na needs=b\nb needs=a", "", "t",
	    "; cycle a" },
	{ "a part that requires the whole", "t parts=a\na needs=t", "", "t",
	    "; cycle t" },
	{ "itself", "t parts=t,a\na", "", "t", "a<t t*; cycle t" },
	{ "each counts towards the other", "t\na into=t,b days=1\nb into=a,t days=2",
	    "", "t", "a+t t | b+t t | b+a a+t t; cycle a; cycle b" },
	{ "a cycle beside the way", "t parts=a\na\nx into=y\ny into=x", "", "t",
	    "a<t t*" },
	/* The order that is asked for is that of least is unknown first. */
	{ "unknown is not short", "t\na into=t\nb into=t days=300", "", "t",
	    "b+t t | a+t t" },
};

static void
test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct path_query q;
		struct path_answer r;
		enum rc rc;

		open_catalog();
		add_lines(rows[i].catalog);
		path_query_init(&q, STR(""));
		rc = find(rows[i].target, rows[i].held, &q, &r);
		T_STR(routes_of(&r), rows[i].want, "MISSION-18 %s", rows[i].name);
		T_INT(rc, r.n > 0 ? RC_OK : RC_NOTFOUND, "MISSION-18 %s", rows[i].name);
		close_catalog();
	}
}

/* --- sums */

static void
test_sums(void)
{
	struct path_query q;
	struct path_answer r;
	const struct path_route *x = r.routes;

	open_catalog();
	add_lines("t parts=a,b,c,d ects=60\na days=28 hours=40 eur=100 ects=10\n"
		  "b days=28 weekly=5 usd=50 ects=10\nc free ects=10\n"
		  "d days=14 eur=30");
	path_query_init(&q, STR(""));
	T_INT(find("t", "", &q, &r), RC_OK, "found");
	T_STR(routes_of(&r), "a<t b<t c<t d<t t*", "all");
	T_INT(x->days, 70, "MISSION-18 days of those that state them");
	T_INT(x->days_unknown, 1, "MISSION-18 c states none");
	T_INT(x->hours, 60, "MISSION-18 forty, and four weeks of five");
	T_INT(x->hours_unknown, 2, "MISSION-18 c and d");
	T_INT(x->n_cost, 2, "MISSION-18 two currencies");
	T_STR(x->cost[0].currency, "EUR", "sorted");
	T_INT(x->cost[0].minor, 13000, "MISSION-18 euros");
	T_INT(x->cost[1].minor, 5000, "MISSION-18 dollars");
	T_INT(x->cost_unknown, 0, "MISSION-18 free is known");
	T_CHECK(x->cost_about == MONEY_UNKNOWN, "no rates, no sum in one currency");
	T_STR(x->credit_system, "ECTS", "its own system");
	T_INT(x->credits, 30, "MISSION-18 what is known of sixty");
	T_INT(x->credits_unknown, 1, "MISSION-18 d states none");
	T_INT(x->credits_left, 30, "MISSION-18 at most so many are missing");
	T_CHECK(x->days_side_by_side < 0, "a length is unknown");
	T_CHECK(x->in_parts && !x->chosen, "all parts");
	T_INT(cat.asked, 5, "each is looked up once");
	close_catalog();
}

static void
test_orders(void)
{
	struct path_query q;
	struct path_answer r;

	open_catalog();
	add_lines("t days=1 free\na into=t days=5 eur=90\nb into=t days=9 eur=10\n"
		  "c into=t days=1\nd into=t days=7 usd=1\ne into=t days=8 free");
	path_query_init(&q, STR(""));
	(void)find("t", "", &q, &r);
	T_STR(routes_of(&r), "c+t t | a+t t | d+t t", "MISSION-18 shortest");
	T_INT(r.found, 5, "all that there are");
	T_CHECK(!r.cut, "none were dropped");
	q.order = PATH_CHEAPEST;
	(void)find("t", "", &q, &r);
	T_STR(routes_of(&r), "e+t t | b+t t | a+t t",
	    "MISSION-18 cheapest; what is unknown or in other money is not cheap");
	close_catalog();
}

static void
test_side_by_side(void)
{
	struct path_query q;
	struct path_answer r;

	open_catalog();
	add_lines("t parts=a,b,c,d\na days=28 weekly=5\nb days=28 weekly=5\n"
		  "c days=14 weekly=5 needs=a\nd days=14 weekly=5");
	path_query_init(&q, STR(""));
	(void)find("t", "", &q, &r);
	T_INT(r.routes[0].days, 84, "one after the other");
	T_INT(r.routes[0].days_side_by_side, 42, "MISSION-18 two at a time");
	q.weekly_hours = 9;
	(void)find("t", "", &q, &r);
	T_INT(r.routes[0].days_side_by_side, 84, "MISSION-18 no hours for two");
	T_CHECK(!r.routes[0].too_heavy, "each fits alone");
	q.weekly_hours = 4;
	(void)find("t", "", &q, &r);
	T_CHECK(r.routes[0].too_heavy, "MISSION-18 none fits, which is said");
	q.weekly_hours = 10;
	q.at_once = 1;
	(void)find("t", "", &q, &r);
	T_INT(r.routes[0].days_side_by_side, 84, "MISSION-18 one at a time");
	close_catalog();
}

static void
test_closed_and_broken(void)
{
	struct path_query q;
	struct path_answer r;

	open_catalog();
	add_record(
	    "{\"id\":\"t\",\"title\":\"T\",\"stack\":{\"parts\":[\"a\",\"b\"]}}");
	add_record("{\"id\":\"a\",\"title\":\"T\",\"runs\":[{\"start\":\"2026-02-01\","
		   "\"deadline\":\"2026-01-15\"}]}");
	add_record("{\"id\":\"b\",\"title\":\"T\",\"runs\":[{\"start\":\"rolling\"}]}");
	path_query_init(&q, STR(""));
	q.today = 20782; /* 2026-11-25 */
	T_INT(find("t", "", &q, &r), RC_OK, "found");
	T_CHECK(r.routes[0].steps[0].closed, "CAT-C9 the last deadline is past");
	T_CHECK(!r.routes[0].steps[1].closed, "CAT-C9 rolling never ends");
	cat.broken = true;
	T_INT(find("t", "", &q, &r), RC_IO, "errors of the disk are passed on");
	T_INT(r.n, 0, "and nothing is offered");
	close_catalog();
}

/* --- limits */

static void
test_limits(void)
{
	struct path_query q;
	struct path_answer r;
	struct buf b = { 0 };

	/* A chain that is longer than any real one. */
	open_catalog();
	for (int i = 0; i < 40; i++) {
		buf_clear(&b);
		buf_printf(&b, "p%d needs=p%d", i, i + 1);
		add_line(buf_str(&b));
	}
	add_lines("p40");
	path_query_init(&q, STR(""));
	T_INT(find("p0", "", &q, &r), RC_NOTFOUND, "too deep");
	T_CHECK(r.cut, "MISSION-18 and that is said");
	close_catalog();

	/* Each layer may be had in two ways: 2^10 routes. */
	open_catalog();
	for (int i = 0; i < 10; i++) {
		buf_clear(&b);
		buf_printf(&b, "m%d parts=m%d,x%d days=5\nx%d days=%d", i, i + 1, i, i,
		    i + 1);
		add_lines(buf_cstr(&b));
	}
	add_lines("m10 days=1");
	T_INT(find("m0", "", &q, &r), RC_OK, "found");
	T_INT(r.n, PATH_ROUTES_MAX, "the best three");
	T_STR(routes_of(&r),
	    "m1<m0 x0<m0 m0* | m2<m1 x1<m1 m1*<m0 x0<m0 m0* | "
	    "m3<m2 x2<m2 m2*<m1 x1<m1 m1*<m0 x0<m0 m0*",
	    "MISSION-18 each deeper one is longer");
	T_INT(r.found, 10, "MISSION-18 and there are ten of them");
	close_catalog();

	/* More electives than all combinations can be tried of. */
	open_catalog();
	add_lines("t ects=30");
	for (int i = 0; i < 100; i++) {
		buf_clear(&b);
		buf_printf(&b, "e%02d into=t ects=5 days=%d", i, 10 + (i * 37) % 100);
		add_line(buf_str(&b));
	}
	T_INT(find("t", "", &q, &r), RC_OK, "found");
	T_CHECK(r.cut && r.routes[0].chosen, "MISSION-18 chosen, of the best");
	T_INT(r.routes[0].days, 10 + 11 + 12 + 13 + 14 + 15,
	    "MISSION-18 the six shortest");
	close_catalog();
	buf_fini(&b);
}

/* --- a catalog on disk, and what may lead there */

static char state[] = "/tmp/credbot-test-path-XXXXXX";

static char *
in_state(const char *name)
{
	return arena_printf(turn, "%s/%s", state, name);
}

static bool
import(const char *text)
{
	struct import_options o = { .format = "jsonl",
		.source = "t",
		.today = "2026-11-25" };
	struct import_report rep;
	struct err err = { "" };
	char *path = in_state("in.jsonl");
	enum rc rc = file_write_atomic(path, str_of(text), &err);

	import_report_init(&rep);
	if (rc == RC_OK)
		rc = catalog_import(state, &o, &path, 1, &rep, &err);
	import_report_fini(&rep);
	return T_CHECK(rc == RC_OK, "import: %s", err.text);
}

static const char stored[] =
    "{\"id\":\"dip\",\"title\":\"Diploma\",\"isced\":\"0411\",\"eqf\":6}\n"
    "{\"id\":\"a\",\"title\":\"Books\",\"isced\":\"0411\",\"eqf\":4,"
    "\"stack\":{\"into\":[\"b\"]}}\n"
    "{\"id\":\"b\",\"title\":\"More books\",\"isced\":\"0411\",\"eqf\":5,"
    "\"stackable\":true}\n"
    "{\"id\":\"c\",\"title\":\"No books\",\"isced\":\"0913\",\"eqf\":5,"
    "\"stackable\":true}\n"
    "{\"id\":\"d\",\"title\":\"Books alone\",\"isced\":\"0411\",\"eqf\":3}\n"
    "{\"id\":\"e\",\"title\":\"All books\",\"isced\":\"0411\",\"eqf\":7,"
    "\"stackable\":true}\n"
    "{\"id\":\"f\",\"title\":\"Old\",\"isced\":\"0411\","
    "\"extra\":{\"into\":[\"b\"]}}\n";

static void
check_stored(const struct catalog_place *place)
{
	struct path_index *x;
	struct path_query q;
	struct path_answer r;
	struct err err = { "" };

	if (!T_CHECK(path_index_load(&x, place, &err) == RC_OK, "%s", err.text))
		return;
	T_INT(path_index_links(x), 1, "of the record, not of what it has besides");
	path_query_init(&q, STR("b"));
	T_INT(path_find(x, path_catalog, (void *)(uintptr_t)place, turn, &q, &r, &err),
	    RC_OK, "MISSION-18 %s", err.text);
	T_STR(routes_of(&r), "a+b b", "MISSION-18 out of the store");
	q.target = STR("dip");
	T_INT(path_find(x, path_catalog, (void *)(uintptr_t)place, turn, &q, &r, &err),
	    RC_NOTFOUND, "MISSION-18 none is stated");
	path_index_free(x);
}

static const char *
candidates(const struct catalog_index *x, const char *target, const char *held)
{
	struct str ids[1] = { str_of(held) };
	struct path_query q;
	struct path_candidates c;
	const char *text = "";
	enum rc rc;

	path_query_init(&q, str_of(target));
	q.held = ids;
	q.n_held = held[0] != '\0';
	rc = path_find_candidates(x, turn, &q, &c);
	T_INT(rc, c.n > 0 ? RC_OK : RC_NOTFOUND, "%s", target);
	for (size_t i = 0; i < c.n; i++)
		text = arena_printf(turn, "%s%s%s:%d", text, i == 0 ? "" : " ",
		    c.at[i].id, c.at[i].eqf);
	return text;
}

static void
check_candidates(const struct catalog_place *place)
{
	struct catalog_index *x;
	struct catalog_tables *tables;
	struct faults faults = { 0 };
	struct err err = { "" };

	tables = catalog_tables_load("data", &faults);
	faults_fini(&faults);
	if (!T_CHECK(tables != NULL, "tables") ||
	    !T_CHECK(catalog_index_load(&x, place, tables,
			 (int32_t)clock_days(2026, 11, 25), &err) == RC_OK,
		"%s", err.text))
		return;
	T_STR(candidates(x, "dip", ""), "a:4 b:5",
	    "MISSION-18 of its field, stackable, each higher than the last");
	T_STR(candidates(x, "dip", "a"), "b:5", "MISSION-18 above what she has");
	T_STR(candidates(x, "dip", "c"), "a:4 b:5",
	    "MISSION-18 hers is of another field");
	T_STR(candidates(x, "dip", "e"), "", "MISSION-18 she is above it");
	T_STR(candidates(x, "f", ""), "", "MISSION-18 it states no level");
	T_STR(candidates(x, "none", ""), "", "MISSION-18 there is no such program");
	catalog_index_free(x);
	catalog_tables_free(tables);
}

static void
test_stored(void)
{
	static const char *const files[] = { "catalog.db", "catalog.db-wal",
		"catalog.db-shm", "catalog.index", "in.jsonl" };
	const struct catalog_place place = { state, NULL };

	open_catalog();
	if (T_CHECK(mkdtemp(state) != NULL, "a folder") && import(stored)) {
		check_stored(&place);
		check_candidates(&place);
	}
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		(void)unlink(in_state(files[i]));
	(void)rmdir(state);
	close_catalog();
}

int
main(void)
{
	log_set_level(LOG_WARN);
	T_RUN(test_rows);
	T_RUN(test_sums);
	T_RUN(test_orders);
	T_RUN(test_side_by_side);
	T_RUN(test_closed_and_broken);
	T_RUN(test_limits);
	T_RUN(test_stored);
	return t_end();
}
