/*
 * tell.c - values of the catalog as people read them.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bot/talk/seek_priv.h"
#include "bot/talk/tell_priv.h"
#include "credbot/catalog/program_facts.h"
#include "credbot/catalog/wish_map.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_A_WEEK 7
#define DAYS_A_MONTH 30.4375 /* as the catalog counts P1M */
/* A length is said in months if it is a whole number of them, up to this share of one. */
#define NEAR_WHOLE 0.06
/* Shorter ones are said in days, longer ones in months in any case. */
#define WEEKS_FROM 14
#define MONTHS_FROM 182

void
tell_join(struct buf *b, const char *between, struct str part)
{
	if (part.len == 0)
		return;
	if (b->len > 0)
		buf_adds(b, between);
	buf_addstr(b, part);
}

static struct str
taken(struct turn *t, struct buf *b)
{
	struct str s = arena_str(t->arena, buf_str(b));

	buf_fini(b);
	return s;
}

struct str
tell_counted(struct turn *t, const char *message, double n)
{
	bool one = fabs(n - 1) < 0.01;

	turn_bind(t, "n", str_of(arena_printf(t->arena, "%.4g", round(n * 10) / 10)));
	return reply_text(t,
	    arena_printf(t->arena, "%s_%s", message, one ? "one" : "other"));
}

/* Commas between thousands. */
static void
add_grouped(struct buf *b, int64_t n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)n);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_addc(b, ',');
		buf_addc(b, digits[i]);
	}
}

struct str
tell_money(struct turn *t, int64_t minor, const char *currency)
{
	struct buf b = { 0 };
	int digits = wish_currency_digits(currency);
	int64_t unit = 1;

	if (minor == MONEY_UNKNOWN)
		return STR("");
	if (minor == 0)
		return reply_text(t, "value.free");
	for (int i = 0; i < digits; i++)
		unit *= 10;
	add_grouped(&b, minor / unit);
	if (minor % unit != 0)
		buf_printf(&b, ".%0*lld", digits, (long long)(minor % unit));
	if (currency[0] != '\0')
		buf_printf(&b, " %s", currency);
	return taken(t, &b);
}

/* An amount that is only about right needs no more than two digits. */
static int64_t
rounded(int64_t minor)
{
	int64_t step = 1;

	while (minor / step >= 100)
		step *= 10;
	return (minor + step / 2) / step * step;
}

struct str
tell_price(struct turn *t, const struct catalog_hit *h)
{
	struct str own = tell_money(t, h->price, h->currency);
	const char *hers = seek_currency(t);

	if (own.len == 0 || h->price == 0 || h->price_about == MONEY_UNKNOWN ||
	    hers[0] == '\0' || strcmp(hers, h->currency) == 0)
		return own;
	turn_bind_markdown(t, "value", own);
	turn_bind_markdown(t, "about", tell_money(t, rounded(h->price_about), hers));
	return reply_text(t, "value.about");
}

struct str
tell_capital(struct turn *t, struct str s)
{
	char *c = arena_cstr(t->arena, s);

	c[0] = (char)toupper((unsigned char)c[0]);
	return str_of(c);
}

struct str
tell_length(struct turn *t, double days)
{
	double months = days / DAYS_A_MONTH;

	if (days < 0)
		return STR("");
	if (days >= MONTHS_FROM ||
	    (months > 0.9 && fabs(months - round(months)) < NEAR_WHOLE))
		return tell_counted(t, "unit.month", months);
	if (days >= WEEKS_FROM || fabs(days - DAYS_A_WEEK) < 0.1)
		return tell_counted(t, "unit.week", days / DAYS_A_WEEK);
	return tell_counted(t, "unit.day", days);
}

struct str
tell_day(struct turn *t, int32_t day)
{
	if (day == DAY_UNKNOWN)
		return STR("");
	if (day == DAY_ROLLING)
		return reply_text(t, "value.rolling");
	return turn_date(t, day * DAY_MS);
}

/* The id of slot that stands for value, found by same; NULL: none does. */
static const char *
id_of(const struct turn *t, enum wish_slot slot, const char *value,
    bool (*same)(const char *id, const char *value))
{
	const char *id;

	for (size_t i = 0; (id = vocab_id(t->e->lib->vocab, slot, i)) != NULL; i++)
		if (same(id, value))
			return id;
	return NULL;
}

/* What the bot calls the id of slot that stands for value, found by same. */
static const char *
label_of(struct turn *t, enum wish_slot slot, const char *value,
    bool (*same)(const char *id, const char *value))
{
	const struct vocab *v = t->e->lib->vocab;
	const char *label = vocab_label(v, slot, value), *id;

	if (label != NULL)
		return label;
	id = id_of(t, slot, value, same);
	return id == NULL ? NULL : vocab_label(v, slot, id);
}

/* Destinations of one country each. */
static bool
same_country(const char *id, const char *code)
{
	char buf[3];
	const char *list[2];
	const char *const *codes = wish_destination_countries(id, buf, list);

	return codes != NULL && codes[0] != NULL && codes[1] == NULL &&
	       strcasecmp(codes[0], code) == 0;
}

struct str
tell_country(struct turn *t, const char *code)
{
	char lower[3] = { 0 };
	const char *label;

	if (strlen(code) != 2)
		return STR("");
	for (int i = 0; i < 2; i++)
		lower[i] = (char)tolower((unsigned char)code[i]);
	label = label_of(t, WISH_DESTINATION, lower, same_country);
	return str_of(label != NULL ? label : arena_strdup(t->arena, code));
}

const char *
tell_country_id(const struct turn *t, const char *code)
{
	return id_of(t, WISH_DESTINATION, code, same_country);
}

static bool
same_language(const char *id, const char *tag)
{
	const char *own = wish_language_tag(id);

	return own != NULL && strcasecmp(own, tag) == 0;
}

struct str
tell_languages(struct turn *t, const char *tags)
{
	struct str rest = str_of(tags);
	struct buf b = { 0 };

	while (rest.len > 0) {
		struct str tag = str_cut(&rest, ' ');
		const char *label = label_of(t, WISH_LANGUAGE,
		    arena_cstr(t->arena, tag), same_language);

		tell_join(&b, ", ",
		    label != NULL ? str_of(label) : reply_escape(t->arena, tag));
	}
	return taken(t, &b);
}

struct str
tell_modes(struct turn *t, unsigned modes)
{
	struct buf b = { 0 };

	for (unsigned bit = 1; bit <= MODE_WORK_BASED; bit <<= 1)
		if (modes & bit)
			tell_join(&b, ", ",
			    reply_text(t, arena_printf(t->arena, "mode.%s",
					      program_mode_name(bit))));
	return taken(t, &b);
}

struct str
tell_level(struct turn *t, int eqf)
{
	if (eqf < 1 || eqf > 8)
		return STR("");
	return reply_text(t, arena_printf(t->arena, "level.%d", eqf));
}

struct str
tell_type(struct turn *t, enum program_type type)
{
	if (type == PROGRAM_UNKNOWN)
		return STR("");
	return reply_text(t,
	    arena_printf(t->arena, "type.%s", program_type_name(type)));
}
