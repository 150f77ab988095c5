/*
 * model_sum_priv.h - the checksum of a model file: everything behind the field itself.
 */
#ifndef CREDBOT_NLU_MODEL_SUM_PRIV_H
#define CREDBOT_NLU_MODEL_SUM_PRIV_H

#include <string.h>

#include "bot/nlu/hash_priv.h"
#include "bot/nlu/model_priv.h"

/*
 * Four lanes, so that ten megabytes take two milliseconds; each step can be undone, so no
 * change of a single place goes unseen. size is a multiple of MODEL_ALIGN.
 */
static inline uint64_t
model_sum(const char *file, size_t size)
{
	size_t from = offsetof(struct model_header, checksum) + sizeof(uint64_t);
	uint64_t lane[4] = { 1, 2, 3, 4 }, sum = size;

	for (size_t i = from; i + sizeof(lane) <= size; i += sizeof(lane))
		for (size_t j = 0; j < 4; j++) {
			uint64_t v;

			memcpy(&v, file + i + j * sizeof(v), sizeof(v));
			v = (lane[j] ^ v) * UINT64_C(0xD6E8FEB86659FD93);
			lane[j] = v ^ v >> 32;
		}
	for (size_t j = 0; j < 4; j++)
		sum = hash_end(sum ^ lane[j]);
	return sum;
}

#endif
