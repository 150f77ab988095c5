/*
 * places.c - countries, languages and currencies: codes, and what people write for them.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/countries_priv.h"
#include "bot/catalog/values_priv.h"

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* s in capitals, if it is n letters. */
static bool
code_of(struct str s, size_t n, char *out)
{
	if (s.len != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_alpha(s.p[i]))
			return false;
		out[i] = upper(s.p[i]);
	}
	out[n] = '\0';
	return true;
}

static bool
is_among(struct str s, const char *names)
{
	struct str rest = str_of(names);

	while (rest.p != NULL) {
		struct str one = str_cut(&rest, '|');

		if (one.len == s.len && strncasecmp(one.p, s.p, s.len) == 0)
			return true;
	}
	return false;
}

static int
by_code(const void *key, const void *row)
{
	return strcmp(key, ((const struct country *)row)->code);
}

const char *
value_country(struct str s, char out[3])
{
	char code[3];

	s = str_trim(s);
	if (code_of(s, 2, code)) {
		if (strcmp(code, "UK") == 0)
			memcpy(code, "GB", sizeof(code));
		if (bsearch(code, countries, countries_len, sizeof(countries[0]),
			by_code) != NULL) {
			memcpy(out, code, sizeof(code));
			return NULL;
		}
	}
	for (size_t i = 0; i < countries_len; i++)
		if (s.len > 2 && is_among(s, countries[i].names)) {
			memcpy(out, countries[i].code, sizeof(countries[i].code));
			return NULL;
		}
	return "is no country";
}

/* --- languages */

static const struct {
	const char *tag;
	const char *names;
} languages[] = {
	{ "ar", "Arabic|\xD8\xA7\xD9\x84\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\xA9" },
	{ "bg", "Bulgarian" },
	{ "bn", "Bengali|Bangla" },
	{ "ca", "Catalan" },
	{ "cs", "Czech" },
	{ "cy", "Welsh" },
	{ "da", "Danish|Dansk" },
	{ "de", "German|Deutsch|Alem\xC3\xA1n|Allemand" },
	{ "el", "Greek" },
	{ "en", "English|Englisch|Ingl\xC3\xA9s|Anglais" },
	{ "es", "Spanish|Espa\xC3\xB1ol|Spanisch|Espagnol|Castilian" },
	{ "et", "Estonian" },
	{ "fa", "Persian|Farsi" },
	{ "fi", "Finnish|Suomi" },
	{ "fr", "French|Fran\xC3\xA7"
		"ais|Franz\xC3\xB6sisch|Franc\xC3\xA9s" },
	{ "ga", "Irish" },
	{ "he", "Hebrew" },
	{ "hi", "Hindi" },
	{ "hr", "Croatian" },
	{ "hu", "Hungarian" },
	{ "id", "Indonesian|Bahasa Indonesia" },
	{ "it", "Italian|Italiano|Italienisch|Italien" },
	{ "ja", "Japanese" },
	{ "ko", "Korean" },
	{ "lt", "Lithuanian" },
	{ "lv", "Latvian" },
	{ "ms", "Malay" },
	{ "mt", "Maltese" },
	{ "nb", "Norwegian|Norsk" },
	{ "nl", "Dutch|Nederlands|Niederl\xC3\xA4ndisch" },
	{ "pl", "Polish|Polski|Polnisch" },
	{ "pt", "Portuguese|Portugu\xC3\xAAs" },
	{ "ro", "Romanian" },
	{ "ru", "Russian" },
	{ "sk", "Slovak" },
	{ "sl", "Slovenian|Slovene" },
	{ "sr", "Serbian" },
	{ "sv", "Swedish|Svenska" },
	{ "ta", "Tamil" },
	{ "te", "Telugu" },
	{ "th", "Thai" },
	{ "tr", "Turkish" },
	{ "uk", "Ukrainian" },
	{ "ur", "Urdu" },
	{ "vi", "Vietnamese" },
	{ "zh", "Chinese|Mandarin" },
};

/* A tag as RFC 5646 recommends to write it: en, pt-BR, zh-Hant. Only its form is checked. */
static const char *
tidy_tag(struct arena *a, struct str s)
{
	char *tag = arena_strndup(a, s.p, s.len);
	size_t start = 0;

	for (size_t i = 0; i <= s.len; i++) {
		size_t n = i - start;

		if (i < s.len && tag[i] != '-' && tag[i] != '_')
			continue;
		if (n == 0 || n > 8 || (start == 0 && (n < 2 || n > 3)))
			return NULL;
		for (size_t k = start; k < i; k++) {
			bool digit = tag[k] >= '0' && tag[k] <= '9';

			if (!is_alpha(tag[k]) && !(digit && start > 0))
				return NULL;
			tag[k] = start > 0 && (n == 2 || (n == 4 && k == start))
			             ? upper(tag[k])
			             : lower(tag[k]);
		}
		if (i < s.len)
			tag[i] = '-';
		start = i + 1;
	}
	return tag;
}

const char *
value_language(struct arena *a, struct str s, const char **out)
{
	const char *tag;

	s = str_trim(s);
	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		if (s.len > 3 && is_among(s, languages[i].names)) {
			*out = languages[i].tag;
			return NULL;
		}
	tag = s.len >= 2 && s.len <= 35 ? tidy_tag(a, s) : NULL;
	if (tag == NULL)
		return "is no language";
	*out = tag;
	return NULL;
}

/* --- currencies */

/* ISO 4217, those in use; sorted. */
static const char codes[] = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN "
			    "BHD BIF BMD BND BOB BRL BSD "
			    "BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK "
			    "DJF DKK DOP DZD EGP ERN ETB "
			    "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK "
			    "HTG HUF IDR ILS INR IQD IRR "
			    "ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK "
			    "LBP LKR LRD LSL LYD MAD MDL "
			    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN "
			    "NIO NOK NPR NZD OMR PAB PEN "
			    "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG "
			    "SEK SGD SHP SLE SOS SRD SSP "
			    "STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH "
			    "UGX USD UYU UZS VED VES VND "
			    "VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL ";

static const char no_decimals[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV "
				  "XAF XOF XPF ";
static const char three_decimals[] = "BHD IQD JOD KWD LYD OMR TND ";

static const struct {
	char code[4];
	const char *names;
} currencies[] = {
	{ "AUD", "A$|AU$|Australian dollar|Australian dollars" },
	{ "BRL", "R$|Brazilian real|Reais" },
	{ "CAD", "C$|CA$|Canadian dollar|Canadian dollars" },
	{ "CHF", "Fr.|SFr.|Swiss franc|Swiss francs|Schweizer Franken" },
	{ "CNY", "RMB|Yuan|Chinese yuan|Renminbi" },
	{ "CZK", "K\xC4\x8D|Czech koruna" },
	{ "DKK", "Danish krone|Danish kroner" },
	{ "EUR", "\xE2\x82\xAC|Euro|Euros" },
	{ "GBP", "\xC2\xA3|Pound|Pounds|Pound sterling|Pounds sterling|British "
		 "pound|UK pounds" },
	{ "HKD", "HK$|Hong Kong dollar" },
	{ "ILS", "\xE2\x82\xAA|Shekel|New shekel" },
	{ "INR", "\xE2\x82\xB9|Rs|Rs.|Indian rupee|Indian rupees" },
	{ "JPY", "Yen|Japanese yen|JP\xC2\xA5" },
	{ "KRW", "\xE2\x82\xA9|Won|South Korean won" },
	{ "MXN", "MX$|Mexican peso|Mexican pesos" },
	{ "NGN", "\xE2\x82\xA6|Naira" },
	{ "NOK", "Norwegian krone|Norwegian kroner" },
	{ "NZD", "NZ$|New Zealand dollar|New Zealand dollars" },
	{ "PHP", "\xE2\x82\xB1|Philippine peso" },
	{ "PLN", "z\xC5\x82|zloty|Polish zloty" },
	{ "SEK", "Swedish krona|Swedish kronor" },
	{ "SGD", "S$|Singapore dollar|Singapore dollars" },
	{ "TRY", "\xE2\x82\xBA|Turkish lira" },
	{ "UAH", "\xE2\x82\xB4|Hryvnia" },
	{ "USD",
	    "US$|US Dollar|US Dollars|U.S. Dollar|U.S. Dollars|United States dollar" },
	{ "VND", "\xE2\x82\xAB|Dong" },
	{ "ZAR", "Rand|South African rand" },
};

static bool
is_listed(const char *list, const char *code)
{
	for (const char *p = list; *p != '\0'; p += 4)
		if (memcmp(p, code, 3) == 0)
			return true;
	return false;
}

const char *
value_currency(struct str s, char out[4])
{
	char code[4];

	s = str_trim(s);
	if (code_of(s, 3, code) && is_listed(codes, code)) {
		memcpy(out, code, sizeof(code));
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
		if (is_among(s, currencies[i].names)) {
			memcpy(out, currencies[i].code, sizeof(currencies[i].code));
			return NULL;
		}
	return "is no currency";
}

int
currency_digits(const char *currency)
{
	if (is_listed(no_decimals, currency))
		return 0;
	return is_listed(three_decimals, currency) ? 3 : 2;
}

static const struct {
	char country[3];
	char currency[4];
} dollars[] = {
	{ "AR", "ARS" },
	{ "AU", "AUD" },
	{ "BB", "BBD" },
	{ "BS", "BSD" },
	{ "CA", "CAD" },
	{ "CL", "CLP" },
	{ "CO", "COP" },
	{ "EC", "USD" },
	{ "FJ", "FJD" },
	{ "HK", "HKD" },
	{ "JM", "JMD" },
	{ "MX", "MXN" },
	{ "NZ", "NZD" },
	{ "PR", "USD" },
	{ "SG", "SGD" },
	{ "SV", "USD" },
	{ "TT", "TTD" },
	{ "TW", "TWD" },
	{ "US", "USD" },
	{ "UY", "UYU" },
};

const char *
currency_of_country(const char *country)
{
	for (size_t i = 0; i < ARRAY_LEN(dollars); i++)
		if (strcmp(dollars[i].country, country) == 0)
			return dollars[i].currency;
	return NULL;
}

bool
currency_is_dollar(const char *currency)
{
	for (size_t i = 0; i < ARRAY_LEN(dollars); i++)
		if (strcmp(dollars[i].currency, currency) == 0)
			return true;
	return false;
}
