/*
 * export_priv.h - the writers of the formats; export.c has the table.
 */
#ifndef CREDBOT_CATALOG_EXPORT_PRIV_H
#define CREDBOT_CATALOG_EXPORT_PRIV_H

#include "credbot/catalog/export.h"

void export_csv_begin(struct buf *out);
void export_csv_one(const struct program *p, bool first, struct buf *out);
void export_schema_org_one(const struct program *p, bool first, struct buf *out);

/* 14900 EUR as 149.00, 1000 JPY as 1000. */
void export_add_price(const struct program_offer *o, struct buf *out);

#endif
