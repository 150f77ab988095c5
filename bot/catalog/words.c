/*
 * words.c - what people call modes, types, states and the like, in several languages.
 */
#include <string.h>

#include "bot/catalog/values_priv.h"
#include "credbot/base/utf8.h"
#include "credbot/catalog/program_facts.h"

struct word {
	const char *word; /* in lower case, without accents, spaces for all signs */
	int value;
};

/* As the tables have it: folded, "_" "-" "/" and such as one space. False: too long. */
static bool
fold(struct str s, char *out, size_t size)
{
	struct buf b = { 0 };
	size_t n = 0;

	utf8_fold(str_trim(s), &b);
	for (size_t i = 0; i < b.len && n + 1 < size; i++) {
		char c = b.data[i];

		if (strchr(" _-/.:()", c) == NULL)
			out[n++] = c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	buf_fini(&b);
	return n > 0;
}

static const char *
find(const struct word *table, size_t n, struct str s, int *out)
{
	char word[64];

	if (s.len < sizeof(word) && fold(s, word, sizeof(word)))
		for (size_t i = 0; i < n; i++)
			if (strcmp(table[i].word, word) == 0) {
				*out = table[i].value;
				return NULL;
			}
	return "is not understood";
}

static const struct word modes[] = {
	{ "online", MODE_ONLINE },
	{ "onlineonly", MODE_ONLINE },
	{ "online only", MODE_ONLINE },
	{ "fully online", MODE_ONLINE },
	{ "distance", MODE_ONLINE },
	{ "distance learning", MODE_ONLINE },
	{ "e learning", MODE_ONLINE },
	{ "elearning", MODE_ONLINE },
	{ "remote", MODE_ONLINE },
	{ "virtual", MODE_ONLINE },
	{ "fernstudium", MODE_ONLINE },
	{ "a distance", MODE_ONLINE },
	{ "en linea", MODE_ONLINE },
	{ "en ligne", MODE_ONLINE },
	{ "a distancia", MODE_ONLINE },
	{ "onsite", MODE_ONSITE },
	{ "on site", MODE_ONSITE },
	{ "on campus", MODE_ONSITE },
	{ "campus", MODE_ONSITE },
	{ "in person", MODE_ONSITE },
	{ "inperson", MODE_ONSITE },
	{ "face to face", MODE_ONSITE },
	{ "classroom", MODE_ONSITE },
	{ "presential", MODE_ONSITE },
	{ "presencial", MODE_ONSITE },
	{ "presentiel", MODE_ONSITE },
	{ "in presenza", MODE_ONSITE },
	{ "prasenz", MODE_ONSITE },
	{ "vor ort", MODE_ONSITE },
	{ "blended", MODE_BLENDED },
	{ "blendeddelivery", MODE_BLENDED },
	{ "blended delivery", MODE_BLENDED },
	{ "blended learning", MODE_BLENDED },
	{ "hybrid", MODE_BLENDED },
	{ "mixed", MODE_BLENDED },
	{ "both", MODE_BLENDED },
	{ "hybride", MODE_BLENDED },
	{ "semipresencial", MODE_BLENDED },
	{ "work based", MODE_WORK_BASED },
	{ "workbased", MODE_WORK_BASED },
	{ "on the job", MODE_WORK_BASED },
};

static const struct word types[] = {
	{ "micro credential", PROGRAM_MICRO_CREDENTIAL },
	{ "microcredential", PROGRAM_MICRO_CREDENTIAL },
	{ "badge", PROGRAM_BADGE },
	{ "digital badge", PROGRAM_BADGE },
	{ "digitalbadge", PROGRAM_BADGE },
	{ "open badge", PROGRAM_BADGE },
	{ "openbadge", PROGRAM_BADGE },
	{ "certificate", PROGRAM_CERTIFICATE },
	{ "certificateofcompletion", PROGRAM_CERTIFICATE },
	{ "certificate of completion", PROGRAM_CERTIFICATE },
	{ "professional certificate", PROGRAM_CERTIFICATE },
	{ "zertifikat", PROGRAM_CERTIFICATE },
	{ "certificat", PROGRAM_CERTIFICATE },
	{ "certificado", PROGRAM_CERTIFICATE },
	{ "certification", PROGRAM_CERTIFICATION },
	{ "license", PROGRAM_LICENCE },
	{ "licence", PROGRAM_LICENCE },
	{ "short course", PROGRAM_SHORT_COURSE },
	{ "shortcourse", PROGRAM_SHORT_COURSE },
	{ "bootcamp", PROGRAM_SHORT_COURSE },
	{ "workshop", PROGRAM_SHORT_COURSE },
	{ "course", PROGRAM_COURSE },
	{ "kurs", PROGRAM_COURSE },
	{ "cours", PROGRAM_COURSE },
	{ "curso", PROGRAM_COURSE },
	{ "mooc", PROGRAM_MOOC },
	{ "module", PROGRAM_MODULE },
	{ "modul", PROGRAM_MODULE },
	{ "diploma", PROGRAM_DIPLOMA },
	{ "diplom", PROGRAM_DIPLOMA },
	{ "associate", PROGRAM_ASSOCIATE },
	{ "associate degree", PROGRAM_ASSOCIATE },
	{ "associatedegree", PROGRAM_ASSOCIATE },
	{ "bachelor", PROGRAM_BACHELOR },
	{ "bachelors", PROGRAM_BACHELOR },
	{ "bachelor's", PROGRAM_BACHELOR },
	{ "bachelor degree", PROGRAM_BACHELOR },
	{ "bachelor's degree", PROGRAM_BACHELOR },
	{ "bachelordegree", PROGRAM_BACHELOR },
	{ "master", PROGRAM_MASTER },
	{ "masters", PROGRAM_MASTER },
	{ "master's", PROGRAM_MASTER },
	{ "master degree", PROGRAM_MASTER },
	{ "master's degree", PROGRAM_MASTER },
	{ "masterdegree", PROGRAM_MASTER },
	{ "doctorate", PROGRAM_DOCTORATE },
	{ "doctoral degree", PROGRAM_DOCTORATE },
	{ "doctoraldegree", PROGRAM_DOCTORATE },
	{ "phd", PROGRAM_DOCTORATE },
	{ "apprenticeship", PROGRAM_APPRENTICESHIP },
	{ "apprenticeshipcertificate", PROGRAM_APPRENTICESHIP },
	{ "bridging", PROGRAM_BRIDGING },
	{ "foundation", PROGRAM_BRIDGING },
	{ "language", PROGRAM_LANGUAGE },
	{ "language course", PROGRAM_LANGUAGE },
};

static const struct word statuses[] = {
	{ "planned", STATUS_PLANNED },
	{ "active", STATUS_ACTIVE },
	{ "open", STATUS_ACTIVE },
	{ "published", STATUS_ACTIVE },
	{ "paused", STATUS_PAUSED },
	{ "suspended", STATUS_PAUSED },
	{ "ceased", STATUS_CEASED },
	{ "deprecated", STATUS_CEASED },
	{ "discontinued", STATUS_CEASED },
	{ "superseded", STATUS_CEASED },
	{ "revoked", STATUS_CEASED },
	{ "closed", STATUS_CEASED },
	{ "inactive", STATUS_CEASED },
	{ "probationary", STATUS_ACTIVE },
};

static const struct word paces[] = {
	{ "full time", PACE_FULL_TIME },
	{ "fulltime", PACE_FULL_TIME },
	{ "vollzeit", PACE_FULL_TIME },
	{ "temps plein", PACE_FULL_TIME },
	{ "tiempo completo", PACE_FULL_TIME },
	{ "part time", PACE_PART_TIME },
	{ "parttime", PACE_PART_TIME },
	{ "teilzeit", PACE_PART_TIME },
	{ "berufsbegleitend", PACE_PART_TIME },
	{ "evening", PACE_PART_TIME },
	{ "weekend", PACE_PART_TIME },
	{ "self paced", PACE_SELF_PACED },
	{ "selfpaced", PACE_SELF_PACED },
	{ "own pace", PACE_SELF_PACED },
};

static const struct word qualities[] = {
	{ "accredited", QUALITY_ACCREDITED },
	{ "accreditation", QUALITY_ACCREDITED },
	{ "akkreditiert", QUALITY_ACCREDITED },
	{ "self assured", QUALITY_SELF_ASSURED },
	{ "internal", QUALITY_SELF_ASSURED },
	{ "peer", QUALITY_PEER },
	{ "peer review", QUALITY_PEER },
	{ "none", QUALITY_NONE },
};

static const struct word answers[] = {
	{ "yes", KNOWN_YES },
	{ "y", KNOWN_YES },
	{ "true", KNOWN_YES },
	{ "1", KNOWN_YES },
	{ "ja", KNOWN_YES },
	{ "oui", KNOWN_YES },
	{ "si", KNOWN_YES },
	{ "no", KNOWN_NO },
	{ "n", KNOWN_NO },
	{ "false", KNOWN_NO },
	{ "0", KNOWN_NO },
	{ "nein", KNOWN_NO },
	{ "non", KNOWN_NO },
};

const char *
value_mode(struct str s, unsigned *bit)
{
	int v = (int)*bit;
	const char *why = find(modes, ARRAY_LEN(modes), s, &v);

	*bit = (unsigned)v;
	return why;
}

const char *
value_type(struct str s, enum program_type *out)
{
	int v = (int)*out;
	const char *why = find(types, ARRAY_LEN(types), s, &v);

	*out = (enum program_type)v;
	return why;
}

const char *
value_status(struct str s, enum program_status *out)
{
	int v = (int)*out;
	const char *why = find(statuses, ARRAY_LEN(statuses), s, &v);

	*out = (enum program_status)v;
	return why;
}

const char *
value_pace(struct str s, enum program_pace *out)
{
	int v = (int)*out;
	const char *why = find(paces, ARRAY_LEN(paces), s, &v);

	*out = (enum program_pace)v;
	return why;
}

const char *
value_quality(struct str s, enum program_quality *out)
{
	int v = (int)*out;
	const char *why = find(qualities, ARRAY_LEN(qualities), s, &v);

	*out = (enum program_quality)v;
	return why;
}

const char *
value_yes_no(struct str s, enum known *out)
{
	int v = (int)*out;
	const char *why = find(answers, ARRAY_LEN(answers), s, &v);

	*out = (enum known)v;
	return why;
}

bool
value_is_nothing(struct str s)
{
	static const char *const words[] = { "", "-", "--", "n/a", "na", "null",
		"unknown", "tbd", "tba", "tbc", "not available", "not stated",
		"not specified", "k.A.", "unbekannt", "?" };

	s = str_trim(s);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is_nocase(s, words[i]))
			return true;
	return false;
}
