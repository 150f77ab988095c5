/*
 * slots.c - a wish as the slots of credbot ask and eval.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/cmd/slots.h"
#include "credbot/catalog/wish_map.h"

static const struct {
	enum wish_slot slot;
	const char *name;
} lists[] = {
	{ WISH_FIELD, "field" },
	{ WISH_DESTINATION, "destination" },
	{ WISH_MODE, "mode" },
	{ WISH_LANGUAGE, "language" },
	{ WISH_TYPE, "credential_type" },
	{ WISH_LEVEL, "level" },
};

static const char *const units[] = { "days", "weeks", "months" };

static double
amount_of(const struct wish *w)
{
	return (double)w->max_cost / pow(10, wish_currency_digits(w->currency));
}

static void
add_name(struct buf *b, const char *name)
{
	if (b->len > 0 && b->data[b->len - 1] != '{')
		buf_addc(b, ',');
	buf_printf(b, "\"%s\":", name);
}

static void
add_values(struct buf *b, const struct wish_values *v)
{
	if (v->n > 1)
		buf_addc(b, '[');
	for (size_t i = 0; i < v->n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		buf_add_json(b, str_of(v->id[i]));
	}
	if (v->n > 1)
		buf_addc(b, ']');
}

void
slots_add_json(struct buf *b, const struct wish *w)
{
	buf_addc(b, '{');
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (w->want[lists[i].slot].n == 0)
			continue;
		add_name(b, lists[i].name);
		add_values(b, &w->want[lists[i].slot]);
	}
	if (w->max_cost >= 0) {
		add_name(b, "max_cost");
		buf_printf(b, "{\"amount\":%.10g,\"currency\":", amount_of(w));
		buf_printf(b, w->currency[0] == '\0' ? "null}" : "\"%s\"}",
		    w->currency);
	}
	if (w->max_duration >= 0) {
		add_name(b, "max_duration");
		buf_printf(b, "{\"value\":%.10g,\"unit\":\"%s\"}", w->max_duration,
		    units[w->duration_unit]);
	}
	if (w->start[0] != '\0') {
		add_name(b, "start");
		buf_add_json(b, str_of(w->start));
	}
	buf_addc(b, '}');
}

/* --- scoring */

static void
score_list(const struct json *label, const struct wish_values *v, struct slots_score *s)
{
	const struct json *item;
	struct str text;
	char id[WISH_ID_MAX];

	s->found += v->n;
	for (size_t i = 0; label != NULL; i++) {
		bool one = json_text(label, &text) == RC_OK;

		item = one ? NULL : json_item(label, i);
		if ((one && i > 0) || (!one && item == NULL))
			return;
		if (!one && json_text(item, &text) != RC_OK)
			continue;
		s->wanted++;
		snprintf(id, sizeof(id), "%.*s", STR_ARG(text));
		s->right += wish_values_has(v, id);
	}
}

/* The number at key; false if there is none. */
static bool
number_at(const struct json *v, const char *key, double *out)
{
	struct buf text = { 0 };
	char *end;
	bool good;

	*out = 0;
	if (json_at(v, key) == NULL)
		return false;
	json_write(json_at(v, key), &text);
	*out = strtod(buf_cstr(&text), &end);
	good = end != buf_cstr(&text) && *end == '\0';
	buf_fini(&text);
	return good;
}

static bool
same_number(double a, double b)
{
	return fabs(a - b) < 0.005;
}

static void
score_cost(const struct json *label, const struct wish *w, struct slots_score *s)
{
	struct str currency = json_str(label, "currency");
	double amount;
	bool labelled = number_at(label, "amount", &amount);

	s->wanted += labelled;
	s->found += w->max_cost >= 0;
	s->right += labelled && w->max_cost >= 0 && same_number(amount, amount_of(w)) &&
	            str_is(currency, w->currency);
}

static void
score_length(const struct json *label, const struct wish *w, struct slots_score *s)
{
	double value;
	bool labelled = number_at(label, "value", &value);

	s->wanted += labelled;
	s->found += w->max_duration >= 0;
	s->right += labelled && w->max_duration >= 0 &&
	            same_number(value, w->max_duration) &&
	            str_is(json_str(label, "unit"), units[w->duration_unit]);
}

static void
score_start(struct str label, const struct wish *w, struct slots_score *s)
{
	s->wanted += label.len > 0;
	s->found += w->start[0] != '\0';
	s->right += label.len > 0 && str_is(label, w->start);
}

bool
slots_score(const struct json *labels, const struct wish *w, struct slots_score *score)
{
	struct slots_score s = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		score_list(json_at(labels, lists[i].name), &w->want[lists[i].slot], &s);
	score_cost(json_at(labels, "max_cost"), w, &s);
	score_length(json_at(labels, "max_duration"), w, &s);
	score_start(json_str(labels, "start"), w, &s);
	score->wanted += s.wanted;
	score->found += s.found;
	score->right += s.right;
	return s.right == s.wanted && s.right == s.found;
}
