/*
 * kernel_priv.h - the few loops that the time goes into: a row of weights, one a label.
 *
 * n is a multiple of KERNEL_PAD: rows are padded so that no loop has a rest. Sums are taken
 * in one order, so builds with and without AVX2 give the same bits.
 */
#ifndef CREDBOT_NLU_KERNEL_PRIV_H
#define CREDBOT_NLU_KERNEL_PRIV_H

#include <stddef.h>
#include <stdint.h>

#define KERNEL_PAD 32

static inline size_t
kernel_padded(size_t n)
{
	return (n + KERNEL_PAD - 1) / KERNEL_PAD * KERNEL_PAD;
}

/* z += x * w */
void kernel_add(float *restrict z, const float *restrict w, float x, size_t n);
void kernel_add_bytes(float *restrict z, const int8_t *restrict w, float x, size_t n);

/* One step of Adagrad against the gradient x * slope. g2: squares so far. */
void kernel_adagrad(float *restrict w, float *restrict g2, const float *restrict slope,
    float x, float rate, size_t n);

/*
 * One step of dual coordinate descent for one example and all labels, as if it belonged to
 * none of them: z are its margins, alpha its dual variables. delta: by how much they change.
 */
void kernel_dual(float *restrict alpha, float *restrict delta, const float *restrict z,
    float diagonal, float inverse, size_t n);

#endif
