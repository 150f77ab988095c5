/*
 * vocab_priv.h - the trie of phrases, for reading wishes.
 */
#ifndef CREDBOT_CATALOG_VOCAB_PRIV_H
#define CREDBOT_CATALOG_VOCAB_PRIV_H

#include "bot/catalog/token_priv.h"
#include "credbot/base/arena.h"
#include "credbot/catalog/vocab.h"

/* What a phrase means: first the slots of wishes, in their order. */
enum term_kind {
	TERM_NATION = WISH_SLOTS, /* "german", as a thing of that country */
	TERM_NUMBER,
	TERM_FACTOR,   /* "thousand", "lakh" */
	TERM_CURRENCY, /* id is the code */
	TERM_FREE,
	TERM_UNIT,  /* value is an enum length_unit */
	TERM_MONTH, /* value is 1 to 12 */
	TERM_START, /* id is a start of struct wish */
	TERM_CLEAR, /* value is an enum wish_part */
	TERM_THAN,  /* value is an enum wish_than */
	TERM_FLAG,  /* value is an enum wish_flag */
	TERM_UNMET, /* id is the phrase */
	TERM_KINDS
};

enum length_unit {
	UNIT_DAYS,
	UNIT_WEEKS,
	UNIT_MONTHS,
	UNIT_YEARS,
	UNIT_SEMESTERS,
	UNIT_TERMS,
	UNIT_FORTNIGHTS,
	UNIT_WEEKENDS,
	UNIT_HOURS
};

enum wish_flag {
	FLAG_STACKABLE,
	FLAG_ACCREDITED,
	FLAG_KNOWN_PRICE,
	FLAG_DEADLINE_OPEN,
	FLAG_UNKNOWN_PRICE /* ruled out is the same as FLAG_KNOWN_PRICE */
};

/* The roles of small words, as in cues.yaml: bits of a set. */
enum cue {
	CUE_NOT,     /* what follows is ruled out */
	CUE_NEUTRAL, /* holds a negation and rules nothing out */
	CUE_BUT,     /* ends what was said of something else */
	CUE_WANT,    /* from here on it is the student's wish */
	CUE_PERSON,  /* somebody else is talked about */
	CUE_SELF,    /* she herself */
	CUE_HOME,    /* where she is, was, or comes from */
	CUE_FROM,
	CUE_FOR,  /* a job title behind it says for whom */
	CUE_HERE, /* a job title before it says who she is */
	CUE_TO,
	CUE_BACKGROUND,    /* what she has done or is */
	CUE_NO_BACKGROUND, /* what she has not done */
	CUE_ALREADY,       /* the same, said behind it */
	CUE_SPEAK,         /* a language she knows */
	CUE_TAUGHT,        /* the language of teaching follows */
	CUE_LEARN,         /* a language to learn follows */
	CUE_LANGWORD,      /* "language", behind one */
	CUE_SCHOOL,
	CUE_COURSE,
	CUE_RECOGNISED, /* where it shall count, not where it is */
	CUE_MAX,
	CUE_MIN,
	CUE_ABOUT,
	CUE_BUDGET,
	CUE_PAID,   /* somebody did */
	CUE_SALARY, /* money that is no price */
	CUE_PER,
	CUE_RANGE,
	CUE_BETWEEN,
	CUE_AND,
	CUE_OR,
	CUE_START,
	CUE_WHEN, /* a month behind it is a start, if it is one */
	CUE_UNTIL,
	CUE_AFTER,
	CUE_PAST,
	CUE_PACE,
	CUE_PACE_DAY,
	CUE_PACE_MONTH,
	CUE_PACE_OTHER, /* by the year, the lesson, the credit */
	CUE_CORRECTION,
	CUE_ADD,
	CUE_OUT,      /* what stands before it is ruled out */
	CUE_FROM_NOW, /* the length before it is counted from today */
	CUE_READY,    /* she is free to start */
	CUE_FOR_SELF, /* "for me": what stands elsewhere is for somebody else */
	CUE_PRONOUN,  /* of those who were named */
	CUE_ASK,      /* a question about things in general follows */
	CUE_DEFINE,   /* so does one if a single name follows: "what is a" */
	CUE_HOW_MUCH, /* the same, of kinds of programs: "what does a bootcamp cost" */
	CUE_AUX,      /* "is", "do": begins a question */
	CUE_JUDGE,    /* in such a one: "worth", "recognised" */
	CUE_ASK_BACK, /* a question about what stands before: "..., what is that" */
	CUE_THING,    /* no program is about it: "flat", "flight" */
	CUE_KEPT,     /* what happens to a program: "to my list" */
	CUE_NEED_NOT, /* what follows was wished for, and is not any more */
	CUE_FOLK,     /* "sales people": behind a field it says for whom */
	CUES
};

#define CUE_BIT(cue) ((uint64_t)1 << (cue))

static inline bool
has_cue(uint64_t cues, enum cue cue)
{
	return (cues & CUE_BIT(cue)) != 0;
}

struct term {
	const char *id;
	const char *place; /* provider: the destination that its name says; or NULL */
	double value;
	uint32_t next; /* another meaning of the same phrase; 0: none */
	uint8_t kind;
	bool capitals; /* counts only if written in capitals */
	bool label;    /* what the bot itself calls it */
	bool person;   /* a job title: "nurse" */
	bool head;     /* "management": behind another field it adds nothing */
};

struct node {
	uint64_t cues;
	uint32_t terms; /* index; 0: none */
};

/* A phrase in a message. */
struct match {
	const struct node *node;
	size_t n; /* tokens */
};

#define WORD_NONE UINT32_MAX

/* The word of each token, after repair; WORD_NONE: not in the vocabulary. */
void vocab_words(const struct vocab *v, const struct tokens *t,
    uint32_t words[TOKENS_MAX]);

/* An ordinary word: no wish by itself. */
bool vocab_is_common(const struct vocab *v, uint32_t word);

/* The longest phrase that starts at token i and has a meaning there; n is 0 if none has. */
struct match vocab_match(const struct vocab *v, const struct tokens *t,
    const uint32_t words[TOKENS_MAX], size_t i, size_t max);

const struct term *vocab_term(const struct vocab *v, uint32_t index);

/* The meaning of that kind, with capitals counted as those of the token; NULL: none. */
const struct term *vocab_meaning(const struct vocab *v, const struct node *node,
    enum term_kind kind, bool capitals);

/* --- while it is being built (vocab_load.c, vocab_index.c) */

struct vocab_word {
	struct str text;
	uint32_t hash;
	bool common;
	bool ordinary; /* no word of a phrase, and no misspelt word is meant by it */
	uint32_t same; /* the word that it is another spelling of; or itself */
};

struct vocab_edge {
	uint64_t key; /* node and word; 0: free */
	uint32_t to;
};

struct vocab_delete {
	uint32_t hash; /* of a word with letters left out */
	uint32_t word;
};

struct vocab_label {
	const char *id, *label;
};

struct vocab {
	struct arena *arena;
	struct vocab_word *words;
	size_t n_words, words_cap;
	uint32_t *word_slots; /* index + 1; 0: free */
	size_t n_word_slots;
	struct vocab_edge *edges;
	size_t n_edges, n_edge_slots;
	struct node *nodes;
	size_t n_nodes, nodes_cap;
	struct term *terms;
	size_t n_terms, terms_cap;
	struct vocab_delete *deletes; /* by hash */
	size_t n_deletes, deletes_cap;
	struct vocab_label *labels[WISH_SLOTS];
	size_t n_labels[WISH_SLOTS], labels_cap[WISH_SLOTS];
	const char **unmet;
	size_t n_unmet, unmet_cap;
};

void vocab_index_init(struct vocab *v);
void vocab_index_fini(struct vocab *v);

/* Adds a word, once. */
uint32_t vocab_add_word(struct vocab *v, struct str text);
/* From now on text counts as word, also in phrases; before the first phrase alone. */
void vocab_add_alias(struct vocab *v, struct str text, struct str word);
/* The node of a phrase, made if it is new; NULL if it holds no word. tokens is scratch.
 * *capitals: whether it counts in capitals alone. */
struct node *vocab_add_phrase(struct vocab *v, struct str text, struct tokens *tokens,
    bool *capitals);
void vocab_add_term(struct vocab *v, struct node *node, const struct term *term);
/* Once all words are there. */
void vocab_index_deletes(struct vocab *v);

#endif
