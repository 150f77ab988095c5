/*
 * countries_priv.h - ISO 3166-1: the codes of countries and their names.
 */
#ifndef CREDBOT_CATALOG_COUNTRIES_PRIV_H
#define CREDBOT_CATALOG_COUNTRIES_PRIV_H

#include <stddef.h>

#include "credbot/base/rc.h"

struct country {
	char code[3];
	const char *names; /* separated by "|" */
};

extern const struct country countries[]; /* sorted by code */
extern const size_t countries_len;

#endif
