/*
 * reading_priv.h - one message while it is being read for wishes.
 *
 * reading.c parts it into marks; scope.c says whose words they are; when.c and amount.c take
 * dates, money and lengths; mention.c collects what else is named, and language.c decides
 * what the name of a language means there; wish_apply.c changes the wish.
 */
#ifndef CREDBOT_CATALOG_READING_PRIV_H
#define CREDBOT_CATALOG_READING_PRIV_H

#include "bot/catalog/vocab_priv.h"
#include "credbot/catalog/wish_read.h"

#define MENTIONS_MAX 64

enum mark_kind { MARK_WORD, MARK_NUMBER, MARK_SIGN, MARK_QUOTE };

/* Whose words these are, and what they are about. */
enum scope {
	SCOPE_NOT = 1,
	SCOPE_PERSON = 2,
	SCOPE_HOME = 4,
	SCOPE_BACKGROUND = 8,
	SCOPE_NEWBIE = 16, /* what she has not done yet */
	SCOPE_SPEAK = 32,
	SCOPE_RECOGNISED = 64,
	SCOPE_ASKED = 128,   /* a question about such things in general */
	SCOPE_NEED_NOT = 256 /* "it does not have to be" */
};

/* Whose words fill no slot. */
#define OTHERS (SCOPE_PERSON | SCOPE_BACKGROUND | SCOPE_ASKED)

/* A phrase, a number, a sign, or a word that is in no phrase. */
struct mark {
	const struct node *node; /* NULL: no phrase */
	uint64_t cues;
	uint16_t tok, n; /* its tokens */
	uint8_t kind;
	char sign;
	bool capitals;
	bool used; /* its meaning is taken */
	unsigned scope;
};

struct mention {
	const char *id;
	uint16_t mark;
	uint8_t slot;
	bool avoid;
	bool drop; /* no wish any more, nor ruled out */
	bool weak; /* counts when nothing better was said */
};

struct reading {
	const struct vocab *v;
	struct tokens tokens;
	uint32_t words[TOKENS_MAX];
	struct mark marks[TOKENS_MAX];
	size_t n;
	struct mention mentions[MENTIONS_MAX];
	size_t n_mentions;
	const struct wish *before;
	/* What was found: mark is where, n is 0 for nothing. */
	struct {
		double amount;
		const char *currency; /* "" */
		uint16_t mark;
		bool found, sure;
	} cost, monthly;
	const char *currency; /* of any amount, also of those that are no wish; "" */
	struct {
		size_t end; /* the mark behind it */
		double value;
	} bare; /* the last number that counts nothing: "5000, not 500 euros" */
	struct {
		double value;
		enum wish_unit unit;
		uint16_t mark;
		bool found, sure;
	} length;
	double hours; /* -1 */
	char start[16];
	bool correction; /* the message takes something earlier back */
	bool adds;       /* "also" */
};

/* The meaning of mark i of that kind; NULL: none, also outside of the message. */
const struct term *reading_term(const struct reading *r, size_t i, enum term_kind kind);
/* The cues of mark i; none outside of the message. */
uint64_t reading_cues(const struct reading *r, size_t i);
bool reading_is_sign(const struct reading *r, size_t i);
/* Outside of the message, or a sign: a phrase ends there. */
bool reading_is_edge(const struct reading *r, size_t i);
bool reading_is_common(const struct reading *r, size_t i);
struct str reading_text(const struct reading *r,
    size_t i); /* folded, its first token */
/* The kind of wish that mark i names, first of several; TERM_KINDS: none. */
enum term_kind reading_slot(const struct reading *r, size_t i);

/* Parts the message; then who speaks of whom, dates, amounts: in this order. */
void reading_marks(struct reading *r);
void reading_scopes(struct reading *r);
/* Called by it: which words are of questions about things in general. */
void reading_questions(struct reading *r);
void reading_dates(struct reading *r);
void reading_amounts(struct reading *r);

void reading_mentions(struct reading *r);
/* Changes w; true if anything was said. */
bool reading_apply(struct reading *r, struct wish *w, struct wish_changes *c);

/* What the name of a language at mark i is here. */
enum language_sense {
	SENSE_NONE,
	SENSE_TAUGHT, /* the language of teaching */
	SENSE_LEARN,  /* what is to be learnt */
	SENSE_COUNTRY /* "a german uni" */
};
enum language_sense reading_language(const struct reading *r, size_t i);

/* A number at mark i, in digits or words, with its factor. *end is behind it; 0: none. */
struct number {
	double value;
	size_t end;
	bool digits;
	bool factor; /* "k", "thousand" */
	bool lakh;   /* counted as in India */
};
bool reading_number(const struct reading *r, size_t i, struct number *out);

enum quantity_kind { QUANTITY_BARE, QUANTITY_MONEY, QUANTITY_LENGTH };

/* A number with what it counts. */
struct quantity {
	enum quantity_kind kind;
	size_t first, end; /* marks */
	struct number number;
	double value;
	const char *currency; /* "" */
	enum length_unit unit;
};

/* The quantity that begins at mark i. */
bool reading_quantity(const struct reading *r, size_t i, struct quantity *q);
/* Both ends of a range that q begins as its upper one: "2 to 4 weeks". */
void reading_range(const struct reading *r, struct quantity *q);

/* The value of digits with separators as people all over the world write them. */
double number_value(struct str digits);

#endif
