/*
 * test_catalog_path_random.c - routes through random catalogs: held against a search that tries
 * everything (model_*), and against the sums of the records themselves.
 *
 * Checks bear the id of the requirement: MISSION-18, the planner of stacks.
 */
#include <math.h>
#include <stdlib.h>

#include "credbot/base/alloc.h"
#include "credbot/catalog/program_facts.h"
#include "tests/catalog_lines.h"

#define MODEL_N 7
#define MODEL_SETS 40000

struct model_set {
	uint32_t study, award;
};

struct model_sets {
	struct model_set *at;
	size_t n, cap;
};

static uint64_t seed = 20261125;

static unsigned
dice(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

static void
add_ids(struct buf *b, const char *key, unsigned mask)
{
	bool first = true;

	if (mask == 0)
		return;
	buf_printf(b, " %s=", key);
	for (unsigned i = 0; i < 32; i++)
		if ((mask >> i & 1) != 0) {
			buf_printf(b, "%s%c", first ? "" : ",", 'a' + (int)i);
			first = false;
		}
}

static unsigned
few(unsigned self)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < MODEL_N; i++)
		if (i != self && dice(7) == 0)
			mask |= 1U << i;
	return mask;
}

static void
random_catalog(void)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < MODEL_N; i++) {
		buf_clear(&b);
		buf_printf(&b, "%c", 'a' + (int)i);
		if (dice(2) == 0)
			add_ids(&b, "parts", few(i));
		add_ids(&b, "into", few(i));
		if (dice(3) == 0)
			add_ids(&b, "needs", few(i));
		if (dice(4) != 0)
			buf_printf(&b, " days=%u", 1 + dice(60));
		if (dice(3) != 0)
			buf_printf(&b, " hours=%u", 1 + dice(90));
		if (dice(3) != 0)
			buf_printf(&b, " eur=%u", 1 + dice(500));
		if (dice(2) != 0)
			buf_printf(&b, " ects=%u", 5 * (1 + dice(4)));
		if (dice(12) == 0)
			buf_adds(&b, " ceased");
		add_line(buf_str(&b));
	}
	buf_fini(&b);
}

static size_t
model_of(const char *id)
{
	return (size_t)(id[0] - 'a');
}

static uint32_t
model_mask(const struct names *ids, size_t self)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < ids->n; i++)
		mask |= 1U << model_of(ids->at[i]);
	return mask & ~(1U << self);
}

static uint32_t
model_towards(size_t self)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < cat.n; i++)
		for (size_t k = 0; k < cat.at[i].stacks_into.n; k++)
			if (model_of(cat.at[i].stacks_into.at[k]) == self && i != self)
				mask |= 1U << i;
	return mask & ~model_mask(&cat.at[self].parts, self);
}

static double
ects(size_t i)
{
	return program_credits(&cat.at[i], "ECTS");
}

static double
sum_ects(uint32_t mask)
{
	double sum = 0;

	for (size_t i = 0; i < cat.n; i++)
		if ((mask >> i & 1) != 0 && ects(i) > 0)
			sum += ects(i);
	return sum;
}

static bool
model_exceed(size_t self)
{
	uint32_t parts = model_mask(&cat.at[self].parts, self);

	for (size_t i = 0; i < cat.n; i++)
		if ((parts >> i & 1) != 0 && ects(i) < 0)
			return false;
	return ects(self) >= 0 && sum_ects(parts) > ects(self);
}

static void
model_add(struct model_sets *v, struct model_set s)
{
	if ((s.study & s.award) != 0)
		return;
	for (size_t i = 0; i < v->n; i++)
		if (v->at[i].study == s.study && v->at[i].award == s.award)
			return;
	xgrow(&v->at, &v->cap, v->n + 1);
	v->at[v->n++] = s;
}

static struct model_sets
model_join(struct model_sets a, struct model_sets b)
{
	struct model_sets out = { 0 };

	for (size_t i = 0; i < a.n && out.n < MODEL_SETS; i++)
		for (size_t k = 0; k < b.n; k++)
			model_add(&out,
			    (struct model_set){ a.at[i].study | b.at[k].study,
				a.at[i].award | b.at[k].award });
	free(a.at);
	free(b.at);
	return out;
}

static struct model_sets model_ways(size_t at, uint32_t held, uint32_t open, bool root);

static struct model_sets
model_all(uint32_t mask, uint32_t held, uint32_t open)
{
	struct model_sets v = { 0 };

	model_add(&v, (struct model_set){ 0, 0 });
	for (size_t i = 0; i < cat.n; i++)
		if ((mask >> i & 1) != 0)
			v = model_join(v, model_ways(i, held, open, false));
	return v;
}

static void
model_with(struct model_sets *out, struct model_sets v, size_t at, bool award)
{
	for (size_t i = 0; i < v.n; i++) {
		struct model_set s = v.at[i];

		*(award ? &s.award : &s.study) |= 1U << at;
		model_add(out, s);
	}
	free(v.at);
}

/* Every way, with no limit and nothing remembered. Of members whose credits are chosen only
 * the best way counts, which needs an order: catalogs where that matters are left out. */
static bool model_odd;

static struct model_sets
model_ways(size_t at, uint32_t held, uint32_t open, bool root)
{
	const struct program *p = &cat.at[at];
	uint32_t parts, towards, self = 1U << at, need;
	struct model_sets out = { 0 };

	if ((held & self) != 0) {
		model_add(&out, (struct model_set){ 0, 0 });
		return out;
	}
	if (p->status == STATUS_CEASED || (open & self) != 0)
		return out;
	open |= self;
	parts = model_mask(&p->parts, at);
	need = model_mask(&p->requires, at);
	towards = model_towards(at);
	if (parts != 0 && !model_exceed(at)) {
		model_with(&out, model_all(need | parts, held, open), at, true);
	} else if (ects(at) > 0 && sum_ects(parts | towards) >= ects(at)) {
		uint32_t pool = (parts | towards) & ~held;
		double have = sum_ects((parts | towards) & held), most = have;

		for (size_t i = 0; i < cat.n; i++)
			if ((pool >> i & 1) != 0) {
				struct model_sets v = model_ways(i, held, open, false);

				if (v.n > 1)
					model_odd = true;
				if (v.n == 0 || ects(i) < 0)
					pool &= ~(1U << i);
				else
					most += ects(i);
				free(v.at);
			}
		if (most < ects(at)) {
			model_odd = true;
			return out;
		}
		for (uint32_t m = pool;; m = (m - 1) & pool) {
			bool enough = have + sum_ects(m) >= ects(at);

			for (size_t i = 0; i < cat.n; i++)
				if ((m >> i & 1) != 0 &&
				    have + sum_ects(m & ~(1U << i)) >= ects(at))
					enough = false;
			if (enough)
				model_with(&out, model_all(need | m, held, open), at,
				    true);
			if (m == 0)
				break;
		}
	} else if (parts == 0) {
		for (size_t i = 0; i < cat.n; i++)
			if ((towards & ~held) >> i & 1)
				model_with(&out, model_all(need | 1U << i, held, open),
				    at, false);
		if (!root || need != 0 || (towards & held) != 0)
			model_with(&out, model_all(need, held, open), at, false);
		return out;
	}
	if (!root)
		model_with(&out, model_all(need, held, open), at, false);
	return out;
}

struct totals {
	unsigned unknown;
	double sum;
};

static struct totals
model_days(uint32_t study)
{
	struct totals t = { 0 };

	for (size_t i = 0; i < cat.n; i++)
		if ((study >> i & 1) != 0) {
			if (cat.at[i].max_days < 0)
				t.unknown++;
			else
				t.sum += cat.at[i].max_days;
		}
	return t;
}

static struct totals
model_cost(uint32_t study)
{
	struct totals t = { 0 };
	const char *currency;
	int64_t minor;

	for (size_t i = 0; i < cat.n; i++)
		if ((study >> i & 1) != 0) {
			if (program_price(&cat.at[i], &minor, &currency))
				t.sum += (double)minor;
			else
				t.unknown++;
		}
	return t;
}

static bool
less(struct totals a, struct totals b)
{
	return a.unknown != b.unknown ? a.unknown < b.unknown : a.sum < b.sum;
}

/* Whatever is before b in steps ended on or before the day that b starts on. */
static void
check_order(const struct path_route *r, size_t b, const struct names *ids,
    uint32_t held, const char *what)
{
	for (size_t k = 0; k < ids->n; k++) {
		bool before = (held >> model_of(ids->at[k]) & 1) != 0;

		for (size_t i = 0; i < b; i++)
			if (strcmp(r->steps[i].id, ids->at[k]) == 0) {
				const struct path_step *s = &r->steps[i];
				double days = s->handed_out ? 0 : s->load.days;

				before = true;
				if (r->days_side_by_side >= 0)
					T_CHECK(s->start_day + days <=
						    r->steps[b].start_day + 1e-6,
					    "%s ends in time", s->id);
			}
		if (strcmp(ids->at[k], r->steps[b].id) != 0)
			T_CHECK(before, "MISSION-18 %s: %s before %s", what, ids->at[k],
			    r->steps[b].id);
	}
}

static void
check_at_once(const struct path_route *r, const struct path_query *q)
{
	for (size_t i = 0; i < r->n; i++) {
		double day = r->steps[i].start_day, weekly = 0;
		size_t n = 0;

		for (size_t k = 0; k < r->n; k++) {
			const struct path_step *s = &r->steps[k];

			if (s->handed_out || s->start_day > day + 1e-6 ||
			    s->start_day + s->load.days <= day + 1e-6)
				continue;
			n++;
			weekly += s->load.weekly < 0 ? 0 : s->load.weekly;
		}
		T_CHECK(n <= q->at_once, "MISSION-18 %zu at once", n);
		T_CHECK(n <= 1 || weekly <= q->weekly_hours + 1e-6,
		    "MISSION-18 %g hours a week", weekly);
	}
}

static struct model_set
check_route(const struct path_route *r, const struct path_query *q, uint32_t held)
{
	struct model_set set = { 0, 0 };
	struct totals days, cost;

	for (size_t i = 0; i < r->n; i++) {
		uint32_t bit = 1U << model_of(r->steps[i].id);
		const struct program *p = r->steps[i].program;

		T_CHECK(((set.study | set.award) & bit) == 0, "no program twice");
		T_CHECK((held & bit) == 0, "nothing that she has");
		*(r->steps[i].handed_out ? &set.award : &set.study) |= bit;
		check_order(r, i, &p->requires, held, "required");
	}
	days = model_days(set.study);
	cost = model_cost(set.study);
	T_CHECK(fabs(r->days - days.sum) < 1e-6, "MISSION-18 sum of days");
	T_INT(r->days_unknown, days.unknown, "MISSION-18 unknown days");
	T_INT(r->n_cost == 0 ? 0 : r->cost[0].minor, cost.sum,
	    "MISSION-18 sum of cost");
	T_INT(r->cost_unknown, cost.unknown, "MISSION-18 unknown cost");
	T_CHECK(model_of(r->steps[r->n - 1].id) == 0, "the target is last");
	if (r->days_side_by_side >= 0) {
		T_CHECK(r->days_side_by_side <= r->days + 1e-6,
		    "MISSION-18 side by side is not longer");
		check_at_once(r, q);
	} else
		T_CHECK(r->days_unknown > 0, "else it is known");
	return set;
}

static void
compare_with_model(const struct path_answer *r, struct model_sets v,
    const struct model_set *got, const struct path_query *q)
{
	const struct model_set *best = NULL;
	bool cheap = q->order == PATH_CHEAPEST;

	T_INT(r->found, v.n, "MISSION-18 as many routes as there are");
	for (size_t i = 0; i < v.n; i++) {
		struct totals t = cheap ? model_cost(v.at[i].study)
		                        : model_days(v.at[i].study);

		if (best == NULL ||
		    less(t, cheap ? model_cost(best->study) : model_days(best->study)))
			best = &v.at[i];
	}
	if (best == NULL || r->n == 0)
		return;
	T_CHECK(!less(cheap ? model_cost(best->study) : model_days(best->study),
		    cheap ? model_cost(got->study) : model_days(got->study)),
	    "MISSION-18 none is better than the first");
}

static void
test_random(void)
{
	size_t compared = 0, offered = 0;

	for (int round = 0; round < 4000; round++) {
		struct model_set got[PATH_ROUTES_MAX];
		struct path_query q;
		struct path_answer r;
		uint32_t held = 0;
		char ids[2 * MODEL_N + 1] = "";

		open_catalog();
		random_catalog();
		for (size_t i = 1, at = 0; i < MODEL_N; i++)
			if (dice(8) == 0 && cat.at[i].parts.n == 0) {
				held |= 1U << i;
				if (at > 0)
					ids[at++] = ',';
				ids[at++] = (char)('a' + (int)i);
				ids[at] = '\0';
			}
		path_query_init(&q, STR(""));
		q.order = dice(2) == 0 ? PATH_SHORTEST : PATH_CHEAPEST;
		q.weekly_hours = 5 + dice(30);
		q.at_once = 1 + dice(2);
		(void)find("a", ids, &q, &r);
		for (size_t i = 0; i < r.n; i++)
			got[i] = check_route(&r.routes[i], &q, held);
		offered += r.n;
		model_odd = false;
		if (!r.cut) {
			struct model_sets v = model_ways(0, held, 0, true);

			if (!model_odd) {
				compare_with_model(&r, v, got, &q);
				compared++;
			}
			free(v.at);
		}
		close_catalog();
	}
	T_CHECK(compared > 2000 && offered > 2000, "%zu compared, %zu offered",
	    compared, offered);
}

int
main(void)
{
	T_RUN(test_random);
	return t_end();
}
