/*
 * ld_program_priv.h - one node of a JSON-LD file as a program: what CTDL and schema.org have
 * in common. Each is a table of terms and of types.
 */
#ifndef CREDBOT_CATALOG_LD_PROGRAM_PRIV_H
#define CREDBOT_CATALOG_LD_PROGRAM_PRIV_H

#include "bot/catalog/ld_priv.h"
#include "bot/catalog/values_priv.h"

struct ld_program;

struct ld_member {
	const char *term;
	void (*read)(struct ld_program *lp, const struct json *v);
};

struct ld_program_type {
	const char *name; /* the local name of a class */
	enum program_type type;
};

struct ld_format {
	const struct ld_member *members; /* sorted by term */
	size_t n_members;
	const struct ld_program_type *types; /* sorted by name */
	size_t n_types;
	void (*finish)(struct ld_program *lp); /* when all members were read; NULL */
};

struct ld_program {
	struct importing *im;
	struct ld *ld;
	struct arena *a;
	struct program *p;
	const struct ld_format *format;
	const char *term; /* that is being read */
	struct buf extra;
	struct program_run run; /* dates that belong to the program as a whole */
};

/* Reads all programs of im->file. */
enum rc ld_import(struct importing *im, const struct ld_format *format,
    bool (*is_program)(const char *type));
enum program_type ld_type_of(const struct ld_format *format, const char *name,
    bool *is);

/* A remark on the term that is being read. */
void lp_complain(struct ld_program *lp, const char *value, const char *why);
/* Keeps v under the term that is being read, with what is behind it. */
void lp_keep(struct ld_program *lp, const char *behind, const struct json *v);

/* The last part of a term or address: "OnlineOnly" of "deliveryType:OnlineOnly". Of a node
 * that of what it points to, or its name. NULL. */
const char *lp_word(struct ld_program *lp, const struct json *v);

/* Who gives or awards something: a text, a node, a reference. Of a list the first. */
struct lp_body {
	const char *name, *id, *place, *url;
	char country[3];
};
void lp_body(struct ld_program *lp, const struct json *v, struct lp_body *out);

/* A level, a field or a skill in a framework: sets eqf or adds a CIP code if it is one of
 * these. False: it is neither. */
bool lp_framework(struct ld_program *lp, const struct json *v);

/* Readers that both have. */
void lp_title(struct ld_program *lp, const struct json *v);
void lp_description(struct ld_program *lp, const struct json *v);
void lp_language(struct ld_program *lp, const struct json *v);
void lp_url(struct ld_program *lp, const struct json *v);
void lp_code(struct ld_program *lp, const struct json *v);
void lp_provider(struct ld_program *lp, const struct json *v);
void lp_awarding(struct ld_program *lp, const struct json *v);
void lp_outcomes(struct ld_program *lp, const struct json *v);
void lp_subjects(struct ld_program *lp, const struct json *v);
void lp_tags(struct ld_program *lp, const struct json *v);
void lp_levels(struct ld_program *lp, const struct json *v);
void lp_accredited(struct ld_program *lp, const struct json *v);
void lp_status(struct ld_program *lp, const struct json *v);
void lp_parts(struct ld_program *lp, const struct json *v);
void lp_into(struct ld_program *lp, const struct json *v);
void lp_start(struct ld_program *lp, const struct json *v);
void lp_end(struct ld_program *lp, const struct json *v);
void lp_licence(struct ld_program *lp, const struct json *v);
void lp_skip(struct ld_program *lp, const struct json *v);

/* A date of v into *out, or a remark. */
void lp_date(struct ld_program *lp, const struct json *v, const char **out);
/* An amount and its currency as texts, as an offer; remarks if they are none. */
void lp_offer(struct ld_program *lp, const char *price, const char *currency,
    struct program_offer o);

#endif
