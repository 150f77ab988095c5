/*
 * levels.c - levels (EQF), fields of study (ISCED-F 2013) and addresses.
 */
#include <string.h>

#include "bot/catalog/values_priv.h"

const char *
value_eqf(struct str s, int *out)
{
	static const char *const before[] = { "EQF", "level", "EQR", "CEC", "MEC",
		"Niveau", "Stufe", "-", ":" };
	int64_t n;

	s = str_trim(s);
	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		size_t len = strlen(before[i]);

		if (s.len > len && strncasecmp(s.p, before[i], len) == 0)
			s = str_trim(str_n(s.p + len, s.len - len));
	}
	if (str_to_int(s, 1, 8, &n) != RC_OK)
		return "is no level of the European framework (1 to 8)";
	*out = (int)n;
	return NULL;
}

/*
 * The narrow fields and the last digits of their detailed fields. A 0 stands for "not
 * further defined", an 8 for programs across fields, a 9 for "not elsewhere classified".
 */
static const struct {
	char narrow[4];
	const char *detailed;
} isced[] = {
	{ "000", "0" },
	{ "001", "01" },
	{ "002", "01" },
	{ "003", "01" },
	{ "010", "0" },
	{ "011", "012349" },
	{ "018", "8" },
	{ "020", "0" },
	{ "021", "0123459" },
	{ "022", "01239" },
	{ "023", "0129" },
	{ "028", "8" },
	{ "029", "9" },
	{ "030", "0" },
	{ "031", "012349" },
	{ "032", "0129" },
	{ "038", "8" },
	{ "039", "9" },
	{ "040", "0" },
	{ "041", "012345679" },
	{ "042", "01" },
	{ "048", "8" },
	{ "049", "9" },
	{ "050", "0" },
	{ "051", "0129" },
	{ "052", "0129" },
	{ "053", "01239" },
	{ "054", "012" },
	{ "058", "8" },
	{ "059", "9" },
	{ "061", "01239" },
	{ "068", "8" },
	{ "070", "0" },
	{ "071", "01234569" },
	{ "072", "012349" },
	{ "073", "012" },
	{ "078", "8" },
	{ "079", "9" },
	{ "080", "0" },
	{ "081", "0129" },
	{ "082", "01" },
	{ "083", "01" },
	{ "084", "01" },
	{ "088", "8" },
	{ "089", "9" },
	{ "090", "0" },
	{ "091", "012345679" },
	{ "092", "01239" },
	{ "098", "8" },
	{ "099", "9" },
	{ "100", "0" },
	{ "101", "0123459" },
	{ "102", "0129" },
	{ "103", "0129" },
	{ "104", "01" },
	{ "108", "8" },
	{ "109", "9" },
};

bool
isced_known(struct str code)
{
	if (code.len == 2)
		return (code.p[0] == '0' && code.p[1] >= '0' && code.p[1] <= '9') ||
		       str_is(code, "10");
	if (code.len != 3 && code.len != 4)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(isced); i++)
		if (memcmp(isced[i].narrow, code.p, 3) == 0)
			return code.len == 3 ||
			       strchr(isced[i].detailed, code.p[3]) != NULL;
	return false;
}

const char *
value_isced(struct str s, char out[5])
{
	s = str_trim(s);
	if (isced_known(s)) {
		memcpy(out, s.p, s.len);
		out[s.len] = '\0';
		return NULL;
	}
	if (s.len >= 1 && s.len <= 3) {
		out[0] = '0';
		memcpy(out + 1, s.p, s.len);
		out[s.len + 1] = '\0';
		if (isced_known(str_of(out)))
			return NULL;
	}
	return "is no field of ISCED-F 2013";
}

/* Enough to be shown as a link that leads to the web and nowhere else. */
const char *
value_url(struct str s)
{
	static const char why[] = "is no address like https://example.org/";
	size_t start, host;

	s = str_trim(s);
	if (s.len >= 8 && strncasecmp(s.p, "https://", 8) == 0)
		start = 8;
	else if (s.len >= 7 && strncasecmp(s.p, "http://", 7) == 0)
		start = 7;
	else
		return why;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' ||
		    strchr("<>\"\\^`{|}", s.p[i]) != NULL)
			return why;
	host = start;
	while (host < s.len && strchr("/?#", s.p[host]) == NULL) {
		if (s.p[host] == '@') /* a name before the host deceives */
			return why;
		host++;
	}
	return host > start && s.p[start] != '.' && s.p[start] != ':' ? NULL : why;
}
