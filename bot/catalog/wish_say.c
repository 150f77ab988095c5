/*
 * wish_say.c - a wish in plain words again.
 *
 * What is wanted stands first, separated by commas; what is ruled out, to be searched for by
 * words, or beyond what the catalog knows follows behind semicolons.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/catalog/wish_map.h"
#include "credbot/catalog/wish_say.h"

struct speech {
	const struct vocab *v;
	wish_text_fn *text;
	void *arg;
	struct buf *out;
	size_t start; /* of this part in out */
	const char *between;
};

/* How each slot is said: the message when it is wanted, and when it is ruled out. */
static const struct {
	const char *want, *avoid;
	bool each; /* one by one: "online or in person" would mean any */
} messages[] = {
	[WISH_FIELD] = { "wish.value", "wish.not", false },
	[WISH_DESTINATION] = { "wish.in", "wish.not_in", false },
	[WISH_MODE] = { "wish.value", "wish.not", true },
	[WISH_LANGUAGE] = { "wish.language", "wish.not_language", false },
	[WISH_TYPE] = { "wish.value", "wish.not", false },
	[WISH_LEVEL] = { "wish.value", "wish.not", true },
	[WISH_PROVIDER] = { "wish.from", "wish.not_from", false },
};

/* Appends a message with its one variable; a second one, after a blank in value, is cut by
 * the caller. */
static void
fill(struct speech *s, const char *message, const char *const names[],
    const char *const values[])
{
	struct str text = s->text(s->arg, message);

	for (;;) {
		struct str name;

		buf_addstr(s->out, str_cut(&text, '{'));
		if (text.p == NULL)
			return;
		name = str_cut(&text, '}');
		for (size_t i = 0; names[i] != NULL; i++)
			if (str_is(name, names[i]))
				buf_adds(s->out, values[i]);
	}
}

static void
say(struct speech *s, const char *message, const char *value)
{
	const char *const names[] = { "value", NULL };
	const char *const values[] = { value };

	if (s->out->len > s->start)
		buf_adds(s->out, s->between);
	fill(s, message, names, values);
}

static const char *
label_of(const struct speech *s, enum wish_slot slot, const char *id)
{
	const char *label = vocab_label(s->v, slot, id);

	return label != NULL ? label : id;
}

static void
say_values(struct speech *s, enum wish_slot slot, const struct wish_values *v)
{
	struct str or = s->text(s->arg, "wish.or");
	struct buf list = { 0 };

	for (size_t i = 0; i < v->n; i++) {
		if (messages[slot].each) {
			say(s, messages[slot].want, label_of(s, slot, v->id[i]));
			continue;
		}
		if (i > 0)
			buf_printf(&list, " %.*s ", STR_ARG(or));
		buf_adds(&list, label_of(s, slot, v->id[i]));
	}
	if (list.len > 0)
		say(s, messages[slot].want, buf_cstr(&list));
	buf_fini(&list);
}

/* "400", "399.50": with as many decimals as it has, but never three, which would read as
 * thousands. */
static void
say_amount(struct speech *s, int64_t minor, const char *currency, const char *with,
    const char *without)
{
	int digits = wish_currency_digits(currency);
	int64_t unit = 1;
	struct buf amount = { 0 };

	for (int i = 0; i < digits; i++)
		unit *= 10;
	buf_printf(&amount, "%lld", (long long)(minor / unit));
	if (minor % unit != 0) {
		buf_printf(&amount, ".%0*lld", digits, (long long)(minor % unit));
		if (digits == 3)
			buf_addc(&amount, '0');
	}
	if (currency[0] != '\0')
		buf_printf(&amount, " %s", currency);
	say(s, currency[0] != '\0' ? with : without, buf_cstr(&amount));
	buf_fini(&amount);
}

static void
say_costs(struct speech *s, const struct wish *w)
{
	if (w->max_cost == 0)
		say(s, "wish.free", "");
	else if (w->max_cost > 0)
		say_amount(s, w->max_cost, w->currency, "wish.cost", "wish.budget");
	if (w->max_monthly >= 0)
		say_amount(s, w->max_monthly, w->monthly_currency, "wish.cost_month",
		    "wish.budget_month");
}

static void
say_number(struct speech *s, const char *message, double n)
{
	char text[32];

	snprintf(text, sizeof(text), "%.10g", n);
	say(s, message, text);
}

/* The nth month, from 1, out of a message that names all twelve. */
static void
add_month(const struct speech *s, long n, char *out, size_t size)
{
	struct str rest = s->text(s->arg, "wish.months"), name = str_of("");

	while (n-- > 0 && rest.p != NULL)
		name = str_trim(str_cut(&rest, ','));
	snprintf(out, size, "%.*s", STR_ARG(name));
}

static void
say_start(struct speech *s, const char *start)
{
	static const char *const words[] = { "asap", "next-month", "spring", "summer",
		"autumn", "winter" };
	static const char *const said[] = { "wish.start_asap", "wish.start_next_month",
		"wish.start_spring", "wish.start_summer", "wish.start_autumn",
		"wish.start_winter" };
	static const char *const counted[] = { "wish.start_days", "wish.start_weeks",
		"wish.start_in_months" };
	char month[40], text[64];

	if (start[0] == '+') {
		char *unit;
		long n = strtol(start + 1, &unit, 10);

		snprintf(text, sizeof(text), "%ld", n);
		say(s, counted[*unit == 'd' ? 0 : *unit == 'w' ? 1 : 2], text);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(start, words[i]) == 0) {
			say(s, said[i], "");
			return;
		}
	}
	add_month(s, strtol(start[0] == '-' ? start + 2 : start + 5, NULL, 10), month,
	    sizeof(month));
	if (start[0] != '-')
		snprintf(text, sizeof(text), "%s %.4s", month, start);
	else if (start[4] == '-')
		snprintf(text, sizeof(text), "%ld %s", strtol(start + 5, NULL, 10),
		    month);
	else
		snprintf(text, sizeof(text), "%s", month);
	say(s, start[0] == '-' && start[4] == '-' ? "wish.start_day" : "wish.start",
	    text);
}

static void
say_limits(struct speech *s, const struct wish *w)
{
	static const char *const lengths[] = { "wish.days", "wish.weeks",
		"wish.length_months" };

	say_costs(s, w);
	if (w->max_duration >= 0)
		say_number(s, lengths[w->duration_unit], w->max_duration);
	if (w->max_weekly_hours >= 0)
		say_number(s, "wish.hours", w->max_weekly_hours);
	if (w->start[0] != '\0')
		say_start(s, w->start);
	if (w->stackable)
		say(s, "wish.stackable", "");
	if (w->accredited)
		say(s, "wish.accredited", "");
	if (w->known_price)
		say(s, "wish.known_price", "");
	if (w->deadline_open)
		say(s, "wish.deadline_open", "");
}

/* Each item of a list like words, in quotes or bare. */
static void
say_list(struct speech *s, const char *message, const char *list, bool quotes)
{
	struct buf text = { 0 };

	if (list[0] == '\0')
		return;
	for (const char *p = list; *p != '\0';) {
		const char *end = strstr(p, "; ");
		size_t n = end == NULL ? strlen(p) : (size_t)(end - p);

		buf_printf(&text, "%s%s%.*s%s", p == list ? "" : ", ",
		    quotes ? "\"" : "", (int)n, p, quotes ? "\"" : "");
		p += end == NULL ? n : n + 2;
	}
	say(s, message, buf_cstr(&text));
	buf_fini(&text);
}

static void
say_avoided(struct speech *s, const struct wish *w)
{
	for (int slot = 0; slot < WISH_SLOTS; slot++)
		for (size_t i = 0; i < w->avoid[slot].n; i++)
			say(s, messages[slot].avoid,
			    label_of(s, (enum wish_slot)slot, w->avoid[slot].id[i]));
}

static void
say_wanted(struct speech *s, const struct wish *w)
{
	for (int slot = 0; slot < WISH_SLOTS; slot++)
		say_values(s, (enum wish_slot)slot, &w->want[slot]);
	say_limits(s, w);
}

/* Begins a part: what was said before it, if anything, ends with a semicolon. */
static void
begin(struct speech *s, size_t whole)
{
	if (s->out->len > whole)
		buf_adds(s->out, "; ");
	s->start = s->out->len;
}

/* Takes the semicolon back when the part is empty. */
static void
end(struct speech *s, size_t whole)
{
	if (s->out->len == s->start && s->start > whole) {
		s->out->len -= strlen("; ");
		s->out->data[s->out->len] = '\0';
	}
}

void
wish_say(const struct vocab *v, const struct wish *w, wish_text_fn *text, void *arg,
    struct buf *out)
{
	struct speech s = { v, text, arg, out, out->len, ", " };
	size_t whole = out->len;

	say_wanted(&s, w);
	begin(&s, whole);
	say_avoided(&s, w);
	end(&s, whole);
	begin(&s, whole);
	say_list(&s, "wish.words", w->words, true);
	end(&s, whole);
	begin(&s, whole);
	say_list(&s, "wish.unmet", w->unmet, false);
	end(&s, whole);
}

/* --- what is different */

/* The values of a that are not in b. */
static void
values_less(struct wish_values *out, const struct wish_values *a,
    const struct wish_values *b)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < a->n; i++)
		if (!wish_values_has(b, a->id[i]))
			(void)wish_values_add(out, a->id[i]);
}

static void
list_less(char out[WISH_WORDS_MAX], const char *a, const char *b)
{
	for (const char *p = a; *p != '\0';) {
		const char *stop = strstr(p, "; ");
		size_t n = stop == NULL ? strlen(p) : (size_t)(stop - p);

		if (!wish_list_has(b, str_n(p, n)))
			(void)wish_list_add(out, str_n(p, n));
		p += stop == NULL ? n : n + 2;
	}
}

/* What is in a and not, or otherwise, in b. */
static void
wish_less(struct wish *out, const struct wish *a, const struct wish *b)
{
	wish_init(out);
	for (int s = 0; s < WISH_SLOTS; s++) {
		values_less(&out->want[s], &a->want[s], &b->want[s]);
		values_less(&out->avoid[s], &a->avoid[s], &b->avoid[s]);
	}
	if (a->max_cost != b->max_cost || strcmp(a->currency, b->currency) != 0) {
		out->max_cost = a->max_cost;
		memcpy(out->currency, a->currency, sizeof(out->currency));
	}
	if (a->max_monthly != b->max_monthly ||
	    strcmp(a->monthly_currency, b->monthly_currency) != 0) {
		out->max_monthly = a->max_monthly;
		memcpy(out->monthly_currency, a->monthly_currency,
		    sizeof(out->monthly_currency));
	}
	if (fabs(a->max_duration - b->max_duration) > 0.001 ||
	    a->duration_unit != b->duration_unit) {
		out->max_duration = a->max_duration;
		out->duration_unit = a->duration_unit;
	}
	if (fabs(a->max_weekly_hours - b->max_weekly_hours) > 0.001)
		out->max_weekly_hours = a->max_weekly_hours;
	if (strcmp(a->start, b->start) != 0)
		memcpy(out->start, a->start, sizeof(out->start));
	out->stackable = a->stackable && !b->stackable;
	out->accredited = a->accredited && !b->accredited;
	out->known_price = a->known_price && !b->known_price;
	out->deadline_open = a->deadline_open && !b->deadline_open;
	list_less(out->words, a->words, b->words);
	list_less(out->unmet, a->unmet, b->unmet);
}

static void
say_part(struct speech *s, const char *message, const struct wish *w)
{
	struct buf text = { 0 };

	if (wish_is_empty(w))
		return;
	wish_say(s->v, w, s->text, s->arg, &text);
	say(s, message, buf_cstr(&text));
	buf_fini(&text);
}

void
wish_say_changes(const struct vocab *v, const struct wish *before,
    const struct wish *after, wish_text_fn *text, void *arg, struct buf *out)
{
	struct speech s = { v, text, arg, out, out->len, "; " };
	struct wish added, gone;

	wish_less(&added, after, before);
	wish_less(&gone, before, after);
	/* A limit that is replaced by another is not gone. */
	if (after->max_cost >= 0)
		wish_forget(&gone, WISH_PART_COST);
	if (after->max_monthly >= 0)
		wish_forget(&gone, WISH_PART_MONTHLY);
	if (after->max_duration >= 0)
		wish_forget(&gone, WISH_PART_DURATION);
	if (after->max_weekly_hours >= 0)
		wish_forget(&gone, WISH_PART_HOURS);
	if (after->start[0] != '\0')
		wish_forget(&gone, WISH_PART_START);
	say_part(&s, "wish.now", &added);
	say_part(&s, "wish.no_longer", &gone);
}
