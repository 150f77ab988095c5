/*
 * regions_priv.h - destinations that are several countries: the European Union, "Scandinavia".
 */
#ifndef CREDBOT_CATALOG_REGIONS_PRIV_H
#define CREDBOT_CATALOG_REGIONS_PRIV_H

/* The ISO 3166-1 codes of a region, in capitals, ended by NULL; NULL: no region. */
const char *const *region_countries(const char *id);

#endif
