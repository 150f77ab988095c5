/*
 * wish.c - a wish as a value: what is in it, and whether two are the same.
 */
#include <string.h>

#include "credbot/catalog/wish.h"

static const char separator[] = "; ";

void
wish_init(struct wish *w)
{
	memset(w, 0, sizeof(*w));
	w->max_cost = -1;
	w->max_monthly = -1;
	w->max_duration = -1;
	w->max_weekly_hours = -1;
}

bool
wish_values_has(const struct wish_values *v, const char *id)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->id[i], id) == 0)
			return true;
	return false;
}

bool
wish_values_add(struct wish_values *v, const char *id)
{
	size_t len = strlen(id);

	if (wish_values_has(v, id))
		return true;
	if (v->n == WISH_VALUES_MAX || len >= WISH_ID_MAX)
		return false;
	memset(v->id[v->n], 0, WISH_ID_MAX);
	memcpy(v->id[v->n++], id, len);
	return true;
}

bool
wish_values_remove(struct wish_values *v, const char *id)
{
	for (size_t i = 0; i < v->n; i++) {
		if (strcmp(v->id[i], id) != 0)
			continue;
		v->n--;
		memmove(v->id[i], v->id[i + 1], (v->n - i) * sizeof(v->id[0]));
		memset(v->id[v->n], 0, sizeof(v->id[0]));
		return true;
	}
	return false;
}

static bool
values_equal(const struct wish_values *a, const struct wish_values *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!wish_values_has(b, a->id[i]))
			return false;
	return true;
}

/* Takes the next item off a list. */
static bool
next_item(struct str *rest, struct str *item)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memmem(rest->p, rest->len, separator, strlen(separator));
	*item = end == NULL ? *rest : str_n(rest->p, (size_t)(end - rest->p));
	*rest = end == NULL ? str_n("", 0)
	                    : str_n(end + strlen(separator),
				  rest->len - item->len - strlen(separator));
	return true;
}

bool
wish_list_has(const char *list, struct str text)
{
	struct str rest = str_of(list), item;

	while (next_item(&rest, &item))
		if (str_eq(item, text))
			return true;
	return false;
}

bool
wish_list_add(char list[WISH_WORDS_MAX], struct str text)
{
	size_t len = strlen(list), more = len > 0 ? strlen(separator) : 0;

	if (text.len == 0 || wish_list_has(list, text))
		return true;
	if (len + more + text.len >= WISH_WORDS_MAX)
		return false;
	memcpy(list + len, separator, more);
	memcpy(list + len + more, text.p, text.len);
	list[len + more + text.len] = '\0';
	return true;
}

static bool
lists_equal(const char *a, const char *b)
{
	struct str rest = str_of(a), item;

	if (strlen(a) != strlen(b))
		return false;
	while (next_item(&rest, &item))
		if (!wish_list_has(b, item))
			return false;
	return true;
}

static bool
same_number(double a, double b)
{
	double d = a - b;

	return d < 0.001 && d > -0.001;
}

static bool
same_limits(const struct wish *a, const struct wish *b)
{
	if (a->max_cost != b->max_cost || strcmp(a->currency, b->currency) != 0)
		return false;
	if (a->max_monthly != b->max_monthly ||
	    strcmp(a->monthly_currency, b->monthly_currency) != 0)
		return false;
	if (!same_number(a->max_duration, b->max_duration) ||
	    (a->max_duration >= 0 && a->duration_unit != b->duration_unit))
		return false;
	return same_number(a->max_weekly_hours, b->max_weekly_hours) &&
	       strcmp(a->start, b->start) == 0;
}

bool
wish_equal(const struct wish *a, const struct wish *b)
{
	for (int s = 0; s < WISH_SLOTS; s++)
		if (!values_equal(&a->want[s], &b->want[s]) ||
		    !values_equal(&a->avoid[s], &b->avoid[s]))
			return false;
	return same_limits(a, b) && a->known_price == b->known_price &&
	       a->stackable == b->stackable && a->accredited == b->accredited &&
	       a->deadline_open == b->deadline_open &&
	       lists_equal(a->words, b->words) && lists_equal(a->unmet, b->unmet);
}

bool
wish_is_empty(const struct wish *w)
{
	struct wish none;

	wish_init(&none);
	return wish_equal(w, &none);
}

void
wish_forget(struct wish *w, enum wish_part part)
{
	switch (part) {
	case WISH_PART_COST:
		w->max_cost = -1;
		w->currency[0] = '\0';
		break;
	case WISH_PART_MONTHLY:
		w->max_monthly = -1;
		w->monthly_currency[0] = '\0';
		break;
	case WISH_PART_DURATION:
		w->max_duration = -1;
		w->duration_unit = WISH_DAYS;
		break;
	case WISH_PART_HOURS:
		w->max_weekly_hours = -1;
		break;
	case WISH_PART_START:
		w->start[0] = '\0';
		break;
	case WISH_PARTS:
		break;
	default:
		memset(&w->want[part], 0, sizeof(w->want[part]));
		memset(&w->avoid[part], 0, sizeof(w->avoid[part]));
	}
}
