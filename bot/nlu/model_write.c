/*
 * model_write.c - laying a model file out.
 */
#include <stddef.h>
#include <string.h>

#include "bot/nlu/kernel_priv.h"
#include "bot/nlu/model_priv.h"
#include "bot/nlu/model_sum_priv.h"

static void
align(struct buf *out, size_t start)
{
	static const char zeros[MODEL_ALIGN];

	buf_add(out, zeros,
	    (MODEL_ALIGN - (out->len - start) % MODEL_ALIGN) % MODEL_ALIGN);
}

void
model_write(struct model_parts *p, struct buf *out)
{
	struct model_header *h = &p->head;
	size_t start = out->len;

	memcpy(h->magic, MODEL_MAGIC, sizeof(h->magic));
	h->version = MODEL_VERSION;
	h->header_size = sizeof(*h);
	h->padded = (uint32_t)kernel_padded(h->labels);
	buf_add(out, h, sizeof(*h));
	for (size_t i = 0; i < SECTIONS; i++) {
		align(out, start);
		h->section[i].at = out->len - start;
		h->section[i].size = p->section[i].len;
		buf_addstr(out, buf_str(&p->section[i]));
	}
	align(out, start);
	h->size = out->len - start;
	memcpy(out->data + start, h, sizeof(*h));
	h->checksum = model_sum(out->data + start, h->size);
	memcpy(out->data + start, h, sizeof(*h));
}

void
model_parts_fini(struct model_parts *p)
{
	for (size_t i = 0; i < SECTIONS; i++)
		buf_fini(&p->section[i]);
}
