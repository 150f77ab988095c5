/*
 * regions.c - destinations that are several countries.
 *
 * The European Union has its members since 2020 (Official Journal of the European Union,
 * withdrawal of the United Kingdom of 31 January 2020), the Gulf those of the Gulf Cooperation
 * Council. Continents and their parts are those of the United Nations (M49), but for what
 * students mean otherwise: Eastern Europe with the Baltic states, the Middle East with Egypt.
 */
#include <stddef.h>
#include <string.h>

#include "bot/catalog/regions_priv.h"
#include "credbot/base/str.h"

/* Sorted by id. */
static const struct {
	const char *id;
	const char *const *codes;
} regions[] = {
	{ "africa",
	    (const char *const[]){ "DZ", "AO", "BJ", "BW", "BF", "BI", "CV", "CM", "CF",
		"TD", "KM", "CG", "CD", "CI", "DJ", "EG", "GQ", "ER", "SZ", "ET", "GA",
		"GM", "GH", "GN", "GW", "KE", "LS", "LR", "LY", "MG", "MW", "ML", "MR",
		"MU", "MA", "MZ", "NA", "NE", "NG", "RE", "RW", "ST", "SN", "SC", "SL",
		"SO", "ZA", "SS", "SD", "TZ", "TG", "TN", "UG", "ZM", "ZW", NULL } },
	{ "asia", (const char *const[]){ "AF", "AM", "AZ", "BH", "BD", "BT", "BN", "KH",
		      "CN", "GE", "HK", "IN", "ID", "IR", "IQ", "IL", "JP", "JO", "KZ",
		      "KP", "KR", "KW", "KG", "LA", "LB", "MO", "MY", "MV", "MN", "MM",
		      "NP", "OM", "PK", "PS", "PH", "QA", "SA", "SG", "LK", "SY", "TW",
		      "TJ", "TH", "TL", "TR", "TM", "AE", "UZ", "VN", "YE", NULL } },
	{ "balkans", (const char *const[]){ "AL", "BA", "BG", "GR", "HR", "ME", "MK",
			 "RO", "RS", "SI", "XK", NULL } },
	{ "baltic-states", (const char *const[]){ "EE", "LT", "LV", NULL } },
	{ "benelux", (const char *const[]){ "BE", "LU", "NL", NULL } },
	{ "caribbean", (const char *const[]){ "AG", "BB", "BS", "CU", "DM", "DO", "GD",
			   "HT", "JM", "KN", "LC", "PR", "TT", "VC", NULL } },
	{ "central-america",
	    (const char *const[]){ "BZ", "CR", "GT", "HN", "NI", "PA", "SV", NULL } },
	{ "east-africa",
	    (const char *const[]){ "BI", "DJ", "ER", "ET", "KE", "MG", "MU", "MW", "MZ",
		"RW", "SC", "SO", "SS", "TZ", "UG", "ZM", "ZW", NULL } },
	{ "east-asia", (const char *const[]){ "CN", "HK", "JP", "KP", "KR", "MN", "MO",
			   "TW", NULL } },
	{ "eastern-europe", (const char *const[]){ "BG", "BY", "CZ", "EE", "HU", "LT",
				"LV", "MD", "PL", "RO", "RU", "SK", "UA", NULL } },
	{ "english-speaking",
	    (const char *const[]){ "AU", "CA", "GB", "IE", "NZ", "US", NULL } },
	{ "european-union",
	    (const char *const[]){ "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI",
		"FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL",
		"PT", "RO", "SK", "SI", "ES", "SE", NULL } },
	{ "german-speaking", (const char *const[]){ "AT", "CH", "DE", "LI", NULL } },
	{ "gulf-states",
	    (const char *const[]){ "AE", "BH", "KW", "OM", "QA", "SA", NULL } },
	{ "latin-america", (const char *const[]){ "AR", "BO", "BR", "CL", "CO", "CR",
			       "CU", "DO", "EC", "GT", "HN", "MX", "NI", "PA", "PE",
			       "PR", "PY", "SV", "UY", "VE", NULL } },
	{ "middle-east",
	    (const char *const[]){ "AE", "BH", "EG", "IL", "IQ", "IR", "JO", "KW", "LB",
		"OM", "PS", "QA", "SA", "SY", "TR", "YE", NULL } },
	{ "nordic-countries",
	    (const char *const[]){ "DK", "FI", "IS", "NO", "SE", NULL } },
	{ "north-africa",
	    (const char *const[]){ "DZ", "EG", "LY", "MA", "SD", "TN", NULL } },
	{ "north-america", (const char *const[]){ "CA", "US", NULL } },
	{ "oceania",
	    (const char *const[]){ "AU", "CK", "FJ", "FM", "KI", "MH", "NC", "NR", "NZ",
		"PF", "PG", "PW", "SB", "TO", "TV", "VU", "WS", NULL } },
	{ "south-america", (const char *const[]){ "AR", "BO", "BR", "CL", "CO", "EC",
			       "GY", "PE", "PY", "SR", "UY", "VE", NULL } },
	{ "south-asia", (const char *const[]){ "AF", "BD", "BT", "IN", "IR", "LK", "MV",
			    "NP", "PK", NULL } },
	{ "south-east-asia", (const char *const[]){ "BN", "ID", "KH", "LA", "MM", "MY",
				 "PH", "SG", "TH", "TL", "VN", NULL } },
	{ "spanish-speaking", (const char *const[]){ "AR", "BO", "CL", "CO", "CR", "CU",
				  "DO", "EC", "ES", "GQ", "GT", "HN", "MX", "NI", "PA",
				  "PE", "PR", "PY", "SV", "UY", "VE", NULL } },
	{ "west-africa",
	    (const char *const[]){ "BF", "BJ", "CI", "CV", "GH", "GM", "GN", "GW", "LR",
		"ML", "MR", "NE", "NG", "SL", "SN", "TG", NULL } },
};

const char *const *
region_countries(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(regions); i++)
		if (strcmp(regions[i].id, id) == 0)
			return regions[i].codes;
	return NULL;
}
