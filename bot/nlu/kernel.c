/*
 * kernel.c - the hot loops, built for AVX2 and without; the machine chooses at start.
 *
 * GCC 12 vectorises such loops at -O3 alone. No -ffast-math: sums keep their order. The
 * sanitizers would run before the choice is made, so their builds get the plain loops.
 */
#include <string.h>

#include "bot/nlu/kernel_priv.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                 \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

CLONES void
kernel_add(float *restrict z, const float *restrict w, float x, size_t n)
{
	n -= n % KERNEL_PAD;
	for (size_t i = 0; i < n; i++)
		z[i] += x * w[i];
}

CLONES void
kernel_add_bytes(float *restrict z, const int8_t *restrict w, float x, size_t n)
{
	n -= n % KERNEL_PAD;
	for (size_t i = 0; i < n; i++)
		z[i] += x * (float)w[i];
}

/*
 * 1 / sqrt(x) to five digits: a guess from the exponent, two steps of Newton's. sqrtf() may
 * set errno, which keeps the loop around it from being vectorised. Large for 0, not infinite.
 */
static inline float
inverse_root(float x)
{
	uint32_t bits;
	float y;

	memcpy(&bits, &x, sizeof(bits));
	bits = 0x5F3759DF - (bits >> 1);
	memcpy(&y, &bits, sizeof(y));
	y *= 1.5f - 0.5f * x * y * y;
	y *= 1.5f - 0.5f * x * y * y;
	return y;
}

CLONES void
kernel_adagrad(float *restrict w, float *restrict g2, const float *restrict slope,
    float x, float rate, size_t n)
{
	n -= n % KERNEL_PAD;
	for (size_t i = 0; i < n; i++) {
		float g = x * slope[i];

		g2[i] += g * g;
		w[i] -= rate * g * inverse_root(g2[i]);
	}
}

CLONES void
kernel_dual(float *restrict alpha, float *restrict delta, const float *restrict z,
    float diagonal, float inverse, size_t n)
{
	n -= n % KERNEL_PAD;
	for (size_t i = 0; i < n; i++) {
		float slope = -z[i] - 1.0f + alpha[i] * diagonal;
		float next = alpha[i] - slope * inverse;

		next = next > 0.0f ? next : 0.0f;
		delta[i] = next - alpha[i];
		alpha[i] = next;
	}
}
