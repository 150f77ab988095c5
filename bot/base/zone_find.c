/*
 * zone_find.c - the zone that a person means: by the town it is called after, by country, by
 * what it is called there, or by its distance from UTC.
 *
 * Names and countries are those of the zone database. The last part of a name is its town; names
 * that call no town ("US/Central", "Etc/GMT+5") are not looked at: the words that they are made
 * of stand in too many other sentences.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bot/base/zone_priv.h"
#include "credbot/base/arena.h"
#include "credbot/base/file.h"
#include "credbot/base/utf8.h"

#define LIST_MAX ((size_t)1024 * 1024)
/* A text of more words names no zone but tells a story. */
#define WORDS_MAX 64

/* Folders of names that no town gave; and of towns under other names. */
static const char *const passed_over[] = { "Arctic/", "Brazil/", "Canada/", "Chile/",
	"Etc/", "Mexico/", "SystemV/", "US/" };

/* As people call them. Letters: those of RFC 5322, 4.3, and those that mean one zone
 * alone (IST, BST and the like mean several). */
static const struct {
	const char *words, *name;
} called[] = {
	{ "akst", "America/Anchorage" },
	{ "art", "America/Argentina/Buenos_Aires" },
	{ "brt", "America/Sao_Paulo" },
	{ "cat", "Africa/Maputo" },
	{ "cdt", "America/Chicago" },
	{ "central european", "Europe/Brussels" },
	{ "central time", "America/Chicago" },
	{ "cest", "Europe/Brussels" },
	{ "cet", "Europe/Brussels" },
	{ "east africa", "Africa/Nairobi" },
	{ "eastern european", "Europe/Athens" },
	{ "eastern time", "America/New_York" },
	{ "eat", "Africa/Nairobi" },
	{ "edt", "America/New_York" },
	{ "eest", "Europe/Athens" },
	{ "eet", "Europe/Athens" },
	{ "england", "Europe/London" },
	{ "est", "America/New_York" },
	{ "hkt", "Asia/Hong_Kong" },
	{ "jst", "Asia/Tokyo" },
	{ "korea", "Asia/Seoul" },
	{ "kst", "Asia/Seoul" },
	{ "mdt", "America/Denver" },
	{ "mountain time", "America/Denver" },
	{ "mst", "America/Denver" },
	{ "nzst", "Pacific/Auckland" },
	{ "pacific time", "America/Los_Angeles" },
	{ "pdt", "America/Los_Angeles" },
	{ "pkt", "Asia/Karachi" },
	{ "pst", "America/Los_Angeles" },
	{ "sast", "Africa/Johannesburg" },
	{ "scotland", "Europe/London" },
	{ "sgt", "Asia/Singapore" },
	{ "uae", "Asia/Dubai" },
	{ "uk", "Europe/London" },
	{ "united kingdom", "Europe/London" },
	{ "wales", "Europe/London" },
	{ "wat", "Africa/Lagos" },
	{ "west africa", "Africa/Lagos" },
	{ "western european", "Europe/Lisbon" },
	{ "wib", "Asia/Jakarta" },
};

struct finding {
	struct arena *arena;
	const char *dir;
	int64_t at_ms;
	struct str text; /* folded words with a blank before and behind each */
	struct str towns, countries; /* the files */
	size_t best; /* letters of the longest name that is in the text */
	char *out;
};

/* Letters and digits of s, folded, as words with a blank around each. */
static struct str
as_words(struct arena *a, struct str s)
{
	struct buf folded = { 0 }, words = { 0 };
	struct str text;

	utf8_fold(s, &folded);
	buf_addc(&words, ' ');
	for (size_t i = 0; i < folded.len; i++) {
		unsigned char c = (unsigned char)folded.data[i];

		if (isalnum(c) || c >= 0x80)
			buf_addc(&words, (char)c);
		else if (c != '\'' && c != '.' && words.data[words.len - 1] != ' ')
			buf_addc(&words, ' ');
	}
	if (words.data[words.len - 1] != ' ')
		buf_addc(&words, ' ');
	text = arena_str(a, buf_str(&words));
	buf_fini(&folded);
	buf_fini(&words);
	return text;
}

/* Whether the words stand in the text, and no longer ones were found before. */
static bool
stands(struct finding *f, struct str words)
{
	return words.len > f->best && words.len > 2 &&
	       memmem(f->text.p, f->text.len, words.p, words.len) != NULL;
}

static void
found(struct finding *f, struct str words, struct str name)
{
	if (name.len >= ZONE_NAME_SIZE)
		return;
	f->best = words.len;
	(void)snprintf(f->out, ZONE_NAME_SIZE, "%.*s", STR_ARG(name));
}

static void
look_at_called(struct finding *f)
{
	for (size_t i = 0; i < ARRAY_LEN(called); i++) {
		struct str words = as_words(f->arena, str_of(called[i].words));

		if (stands(f, words))
			found(f, words, str_of(called[i].name));
	}
}

/* --- towns */

static bool
has_town(struct str name)
{
	if (memchr(name.p, '/', name.len) == NULL)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(passed_over); i++)
		if (str_starts(name, passed_over[i]))
			return false;
	return true;
}

static void
look_at_name(struct finding *f, struct str name)
{
	struct str town = name, words;

	if (!has_town(name))
		return;
	for (struct str rest = name; rest.p != NULL;)
		town = str_cut(&rest, '/');
	/* Australia/ACT, North: no towns. */
	if (str_starts(name, "Australia/") &&
	    (str_is(town, "ACT") || str_is(town, "North") || str_is(town, "South") ||
		str_is(town, "West")))
		return;
	words = as_words(f->arena, town);
	if (stands(f, words))
		found(f, words, name);
	words = as_words(f->arena, name);
	if (stands(f, words))
		found(f, words, name);
}

/* "Z Africa/Nairobi 2:27:16 ..." and "L Africa/Nairobi Africa/Kampala". */
static void
look_at_towns(struct finding *f)
{
	for (struct str rest = f->towns; rest.p != NULL;) {
		struct str line = str_cut(&rest, '\n');

		if (str_starts(line, "Z ")) {
			(void)str_cut(&line, ' ');
			look_at_name(f, str_cut(&line, ' '));
		} else if (str_starts(line, "L ")) {
			(void)str_cut(&line, ' ');
			(void)str_cut(&line, ' ');
			look_at_name(f, line);
		}
	}
}

/* --- countries */

static enum rc
offset_of(const struct finding *f, struct str name, int64_t *out)
{
	struct zone *z;
	struct err err;
	enum rc rc = zone_load(&z, f->dir, name, &err);

	if (rc == RC_OK)
		*out = zone_offset_s(z, f->at_ms);
	zone_free(z);
	return rc;
}

/* The first zone of the country, if all of its clocks show the same. */
static bool
zone_of_country(const struct finding *f, struct str code, struct str *name)
{
	int64_t first = 0, offset = 0;

	*name = STR("");
	for (struct str rest = f->countries; rest.p != NULL;) {
		struct str line = str_cut(&rest, '\n'), at, zone;

		if (!str_eq(str_cut(&line, '\t'), code))
			continue;
		at = str_cut(&line, '\t');
		zone = str_cut(&line, '\t');
		if (at.len == 0 || offset_of(f, zone, &offset) != RC_OK)
			return false;
		if (name->len == 0) {
			*name = zone;
			first = offset;
		} else if (offset != first) {
			return false;
		}
	}
	return name->len > 0;
}

static void
look_at_country(struct finding *f, struct str code, struct str country)
{
	/* "Korea (South)", "Britain (UK)" */
	struct str base = str_trim(str_cut(&country, '('));
	struct str part = country.p == NULL ? STR("") : str_cut(&country, ')');
	const char *const calls[] = { arena_cstr(f->arena, base),
		arena_printf(f->arena, "%.*s %.*s", STR_ARG(part), STR_ARG(base)) };

	for (size_t i = 0; code.len == 2 && i < ARRAY_LEN(calls); i++) {
		struct str words = as_words(f->arena, str_of(calls[i])), name;

		if (stands(f, words) && zone_of_country(f, code, &name))
			found(f, words, name);
	}
}

static void
look_at_countries(struct finding *f, struct str list)
{
	for (struct str rest = list; rest.p != NULL;) {
		struct str line = str_cut(&rest, '\n'), code;

		if (str_starts(line, "#"))
			continue;
		code = str_cut(&line, '\t');
		if (line.p != NULL)
			look_at_country(f, code, line);
	}
}

/* --- distances */

/* "I am at UTC +2": what follows the letters, as far as it is one. */
static void
look_at_distance(struct finding *f, struct str text)
{
	char name[ZONE_NAME_SIZE];
	int minutes;

	if (zone_fixed_read(text, &minutes) != RC_OK) {
		struct str rest = text, from;

		for (; rest.len >= 3; rest = str_n(rest.p + 1, rest.len - 1))
			if (str_is_nocase(str_n(rest.p, 3), "utc") ||
			    str_is_nocase(str_n(rest.p, 3), "gmt"))
				break;
		from = rest;
		/* The longest start that is one: a sentence may go on. */
		while (from.len >= 3 && zone_fixed_read(from, &minutes) != RC_OK)
			from.len--;
		if (from.len < 3)
			return;
	}
	zone_fixed_name(minutes, name);
	found(f, minutes == 0 ? STR("utc") : f->text, str_of(name));
}

/* What cannot be read finds nothing. */
static struct str
read_list(struct finding *f, const char *name)
{
	struct buf data = { 0 };
	struct err err;
	struct str text = STR("");

	if (file_read(arena_printf(f->arena, "%s/%s", f->dir, name), LIST_MAX, &data,
		&err) == RC_OK)
		text = arena_str(f->arena, buf_str(&data));
	buf_fini(&data);
	return text;
}

enum rc
zone_find(const char *dir, struct str text, int64_t at_ms, char out[ZONE_NAME_SIZE])
{
	struct finding f = { .arena = arena_new(),
		.dir = dir,
		.at_ms = at_ms,
		.out = out };

	out[0] = '\0';
	if (text.len <= (size_t)WORDS_MAX * 8) {
		f.text = as_words(f.arena, text);
		f.towns = read_list(&f, "tzdata.zi");
		f.countries = read_list(&f, "zone.tab");
		look_at_distance(&f, text);
		look_at_called(&f);
		look_at_towns(&f);
		look_at_countries(&f, read_list(&f, "iso3166.tab"));
	}
	arena_free(f.arena);
	return out[0] == '\0' ? RC_NOTFOUND : RC_OK;
}

enum rc
zone_load_said(struct zone **out, const char *dir, struct str said, int64_t at_ms)
{
	char name[ZONE_NAME_SIZE];
	struct err err;
	enum rc rc = zone_load(out, dir, said, &err);

	if (rc == RC_OK)
		return RC_OK;
	rc = zone_find(dir, said, at_ms, name);
	return rc == RC_OK ? zone_load(out, dir, str_of(name), &err) : rc;
}
