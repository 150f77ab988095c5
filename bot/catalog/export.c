/*
 * export.c - the formats in which programs leave.
 */
#include <string.h>

#include "bot/catalog/export_priv.h"
#include "bot/catalog/values_priv.h"
#include "credbot/catalog/program_json.h"

static void
begin_nothing(struct buf *out)
{
	(void)out;
}

static void
jsonl_one(const struct program *p, bool first, struct buf *out)
{
	(void)first;
	program_write_json(p, out);
	buf_addc(out, '\n');
}

static void
begin_list(struct buf *out)
{
	buf_adds(out, "[\n");
}

static void
end_list(struct buf *out)
{
	buf_adds(out, "\n]\n");
}

static const struct export_format formats[] = {
	{ "csv", export_csv_begin, export_csv_one, begin_nothing },
	{ "jsonl", begin_nothing, jsonl_one, begin_nothing },
	{ "schema.org", begin_list, export_schema_org_one, end_list },
};

const struct export_format *
export_format_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

void
export_add_price(const struct program_offer *o, struct buf *out)
{
	int digits = currency_digits(o->currency);
	long long unit = digits == 0 ? 1 : digits == 2 ? 100 : 1000;

	buf_printf(out, "%lld", (long long)o->price / unit);
	if (digits > 0)
		buf_printf(out, ".%0*lld", digits, (long long)o->price % unit);
}
