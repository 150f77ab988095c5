/*
 * wish_text.c - a wish as one line of text, and back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credbot/base/rc.h"
#include "credbot/catalog/wish_map.h"
#include "credbot/catalog/wish_text.h"

static const char *const slot_names[WISH_SLOTS] = { "field", "destination", "mode",
	"language", "type", "level", "provider" };

static const char *const unit_names[] = { "days", "weeks", "months" };

/* Items that only say yes. */
static const struct {
	const char *name;
	size_t at;
} flags[] = {
	{ "known-price", offsetof(struct wish, known_price) },
	{ "stackable", offsetof(struct wish, stackable) },
	{ "accredited", offsetof(struct wish, accredited) },
	{ "deadline-open", offsetof(struct wish, deadline_open) },
};

const char *
wish_slot_name(enum wish_slot slot)
{
	return slot_names[slot];
}

/* --- writing */

static void
item(struct buf *out, const char * not, const char *name)
{
	if (out->len > 0)
		buf_addc(out, '|');
	buf_adds(out, not );
	buf_adds(out, name);
}

static void
pair(struct buf *out, const char * not, const char *name, const char *value)
{
	item(out, not, name);
	buf_addc(out, '=');
	buf_adds(out, value);
}

static void
write_values(struct buf *out, const char * not, const char *name,
    const struct wish_values *v)
{
	for (size_t i = 0; i < v->n; i++)
		pair(out, not, name, v->id[i]);
}

static void
write_list(struct buf *out, const char *name, const char *list)
{
	if (list[0] == '\0')
		return;
	item(out, "", name);
	buf_addc(out, '=');
	/* "|" cannot be in it: what students write is parted into words before. */
	for (const char *c = list; *c != '\0'; c++)
		buf_addc(out, *c == '|' || *c == '\n' ? ' ' : *c);
}

static void
write_number(struct buf *out, const char *name, double value)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%.9g", value);
	pair(out, "", name, text);
}

static void
write_money(struct buf *out, const char *name, int64_t amount, const char *currency)
{
	if (amount < 0)
		return;
	item(out, "", name);
	buf_printf(out, "=%lld%s%s", (long long)amount, currency[0] == '\0' ? "" : ",",
	    currency);
}

static void
write_amounts(const struct wish *w, struct buf *out)
{
	write_money(out, "cost", w->max_cost, w->currency);
	write_money(out, "monthly", w->max_monthly, w->monthly_currency);
	if (w->max_duration >= 0)
		write_number(out, unit_names[w->duration_unit], w->max_duration);
	if (w->max_weekly_hours >= 0)
		write_number(out, "weekly-hours", w->max_weekly_hours);
	if (w->start[0] != '\0')
		pair(out, "", "start", w->start);
}

void
wish_write(const struct wish *w, struct buf *out)
{
	struct buf line = { 0 };

	for (int s = 0; s < WISH_SLOTS; s++) {
		write_values(&line, "", slot_names[s], &w->want[s]);
		write_values(&line, "!", slot_names[s], &w->avoid[s]);
	}
	write_amounts(w, &line);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (*(const bool *)((const char *)w + flags[i].at))
			item(&line, "", flags[i].name);
	write_list(&line, "words", w->words);
	write_list(&line, "unmet", w->unmet);
	buf_addstr(out, buf_str(&line));
	buf_fini(&line);
}

/* --- reading */

static bool
read_value(struct wish *w, struct str name, struct str value)
{
	bool avoid = str_starts(name, "!");
	char id[WISH_ID_MAX];

	if (avoid)
		name = str_n(name.p + 1, name.len - 1);
	if (value.len >= sizeof(id))
		return false;
	memcpy(id, value.p, value.len);
	id[value.len] = '\0';
	for (int s = 0; s < WISH_SLOTS; s++)
		if (str_is(name, slot_names[s]))
			return wish_id_known((enum wish_slot)s, id) &&
			       wish_values_add(avoid ? &w->avoid[s] : &w->want[s], id);
	return false;
}

static bool
read_number(struct str value, double *out)
{
	char text[32], *end;

	if (value.len == 0 || value.len >= sizeof(text))
		return false;
	memcpy(text, value.p, value.len);
	text[value.len] = '\0';
	*out = strtod(text, &end);
	return *end == '\0' && *out >= 0 && *out < 1e9;
}

static bool
read_money(struct str value, int64_t *amount, char currency[4])
{
	struct str number = str_cut(&value, ',');
	int64_t n;

	if (str_to_int(number, 0, INT64_MAX / 2, &n) != RC_OK || value.len > 3)
		return false;
	*amount = n;
	memset(currency, 0, 4);
	if (value.len > 0)
		memcpy(currency, value.p, value.len);
	return true;
}

static bool
read_amount(struct wish *w, struct str name, struct str value)
{
	double n;

	if (str_is(name, "cost"))
		return read_money(value, &w->max_cost, w->currency);
	if (str_is(name, "monthly"))
		return read_money(value, &w->max_monthly, w->monthly_currency);
	if (!read_number(value, &n))
		return false;
	if (str_is(name, "weekly-hours")) {
		w->max_weekly_hours = n;
		return true;
	}
	for (size_t u = 0; u < ARRAY_LEN(unit_names); u++)
		if (str_is(name, unit_names[u])) {
			w->max_duration = n;
			w->duration_unit = (enum wish_unit)u;
			return true;
		}
	return false;
}

static void
read_text(char *out, size_t size, struct str value)
{
	if (value.len >= size)
		return;
	memset(out, 0, size);
	if (value.len > 0)
		memcpy(out, value.p, value.len);
}

static void
read_item(struct wish *w, struct str name, struct str value)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (str_is(name, flags[i].name))
			*(bool *)((char *)w + flags[i].at) = true;
	if (value.len == 0)
		return;
	if (str_is(name, "start"))
		read_text(w->start, sizeof(w->start), value);
	else if (str_is(name, "words"))
		read_text(w->words, sizeof(w->words), value);
	else if (str_is(name, "unmet"))
		read_text(w->unmet, sizeof(w->unmet), value);
	else if (!read_amount(w, name, value))
		(void)read_value(w, name, value);
}

void
wish_parse(struct str line, struct wish *w)
{
	while (line.len > 0) {
		struct str value = str_cut(&line, '|'), name = str_cut(&value, '=');

		read_item(w, name, value);
	}
}
