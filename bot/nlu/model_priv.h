/*
 * model_priv.h - the layout of a model file.
 *
 *	header     struct model_header: what it is, how long, its checksum, where
 *	           the sections are
 *	sections   plain arrays, each at a multiple of MODEL_ALIGN, zeros between
 *
 * Little-endian, floats as IEEE 754. A file is mapped and used as it lies there; nothing is
 * unpacked. model_view() checks whatever is used as an index or offset later, so that even a
 * file with a right checksum can give wrong answers at worst. The checksum is against
 * broken disks and half-written files, not against people.
 */
#ifndef CREDBOT_NLU_MODEL_PRIV_H
#define CREDBOT_NLU_MODEL_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bot/nlu/calibrate_priv.h"
#include "bot/nlu/feature_priv.h"
#include "bot/nlu/nearest_priv.h"
#include "bot/nlu/row_priv.h"
#include "bot/nlu/spell_priv.h"
#include "bot/nlu/table_priv.h"
#include "credbot/base/buf.h"
#include "credbot/nlu/classify.h"

#define MODEL_MAGIC "credNLU\n"
/* Raised by every change of the layout, of normalising, of features or of signals. */
#define MODEL_VERSION 4
#define MODEL_ALIGN 64
#define MODEL_LABELS_MAX 60000
#define MODEL_SOURCES 64 /* hex digits */

enum section {
	SECTION_LABELS, /* names, each ended by NUL */
	/* Vocabulary, see spell_priv.h. */
	SECTION_WORD_STARTS,
	SECTION_WORD_KEYS,
	SECTION_WORDS,
	SECTION_WORD_TEXT,
	SECTION_DELETE_STARTS,
	SECTION_DELETES,
	SECTION_KNOWN_STARTS,
	SECTION_KNOWN_KEYS,
	/* Nearest examples, see nearest_priv.h. */
	SECTION_NEAR_STARTS,
	SECTION_NEAR_EXAMPLES,
	SECTION_NEAR_INVERSE,
	SECTION_NEAR_LABELS,
	/* The weights of view A, then of view B in the same order: model_section(). */
	SECTION_VIEW,
	SECTION_BIAS = SECTION_VIEW, /* float for each label, padded */
	SECTION_STARTS,              /* table from hash of a feature to its row */
	SECTION_KEYS,
	SECTION_ROWS,
	SECTION_WEIGHTS,
	SECTION_VIEW_END,
	SECTIONS = SECTION_VIEW_END + (SECTION_VIEW_END - SECTION_VIEW)
};

/* Where view keeps its section s (SECTION_BIAS and on). */
static inline size_t
model_section(enum view view, enum section s)
{
	return (size_t)s + (size_t)view * (SECTION_VIEW_END - SECTION_VIEW);
}

struct model_header {
	char magic[8];
	uint32_t version;
	uint32_t header_size;
	uint64_t size;                   /* of the file */
	uint64_t checksum;               /* of everything behind this field */
	char sources[MODEL_SOURCES + 8]; /* ends with NUL */
	uint32_t labels;
	uint32_t padded; /* labels, rounded up for the kernels */
	float idf_unknown;
	float threshold;
	struct calibration calibration;
	struct {
		uint64_t at, size; /* bytes */
	} section[SECTIONS];
};

/* What a model file is made of; starts zeroed. */
struct model_parts {
	struct model_header
	    head; /* labels, idf_unknown, threshold, calibration, sources */
	struct buf section[SECTIONS];
};

/* Appends the file to out. */
void model_write(struct model_parts *p, struct buf *out);
void model_parts_fini(struct model_parts *p);

struct view_weights {
	struct table table; /* hash of a feature to its row */
	const struct row *rows;
	const uint8_t *weights;
	const float *bias;
};

struct model {
	const void *bytes;
	size_t size;
	bool mapped; /* by us */
	const struct model_header *head;
	const char **labels;
	size_t in_scope; /* labels but for the last, if that is NLU_OOS */
	struct vocabulary vocabulary;
	struct nearest nearest;
	struct view_weights view[VIEWS];
};

/* A model out of bytes that outlive it and are aligned to 8. RC_INVALID as model_open(). */
enum rc model_view(struct model **out, const void *bytes, size_t size, const char *name,
    struct err *err);

#endif
