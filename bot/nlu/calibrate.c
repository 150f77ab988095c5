/*
 * calibrate.c - fitting the logistic model of "I don't know".
 *
 * Newton's method in double: twelve unknowns, a dozen steps. Signals are brought to mean 0
 * and deviation 1 first, so that one penalty suits all; the result is written back for
 * signals as they come.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/calibrate_priv.h"
#include "credbot/base/alloc.h"

#define UNKNOWNS (SIGNALS + 1) /* the bias comes last */
#define STEPS 25
/* Inverse of the penalty on squared weights, as scikit-learn counts it. */
#define C 0.1

struct scaling {
	double mean[SIGNALS], deviation[SIGNALS];
};

static double
sigmoid(double x)
{
	return 1.0 / (1.0 + exp(-x));
}

struct calibration
calibrate_default(void)
{
	struct calibration c = { .bias = -1.0f };

	/* Nothing in common: 0.27 and less; half the idf in common with one example: 0.88. */
	c.weight[SIGNAL_NEAREST] = 6.0f;
	c.weight[SIGNAL_UNKNOWN] = -3.0f;
	return c;
}

float
calibrate(const struct calibration *c, const float signal[SIGNALS])
{
	double sum = c->bias;

	for (size_t j = 0; j < SIGNALS; j++)
		sum += (double)c->weight[j] * (double)signal[j];
	return (float)sigmoid(sum);
}

static struct scaling
scaling_of(const struct evidence *e, size_t n)
{
	struct scaling s = { 0 };

	for (size_t j = 0; j < SIGNALS; j++) {
		double sum = 0.0, squares = 0.0;

		for (size_t i = 0; i < n; i++)
			sum += (double)e[i].signal[j];
		s.mean[j] = sum / (double)n;
		for (size_t i = 0; i < n; i++) {
			double d = (double)e[i].signal[j] - s.mean[j];

			squares += d * d;
		}
		s.deviation[j] = sqrt(squares / (double)n) + 1e-9;
	}
	return s;
}

/* Solves a x = b for a symmetric positive a by elimination; b becomes x. */
static void
solve(double a[UNKNOWNS][UNKNOWNS], double b[UNKNOWNS])
{
	for (size_t k = 0; k < UNKNOWNS; k++)
		for (size_t i = k + 1; i < UNKNOWNS; i++) {
			double f = a[i][k] / a[k][k];

			for (size_t j = k; j < UNKNOWNS; j++)
				a[i][j] -= f * a[k][j];
			b[i] -= f * b[k];
		}
	for (size_t k = UNKNOWNS; k-- > 0;) {
		for (size_t j = k + 1; j < UNKNOWNS; j++)
			b[k] -= a[k][j] * b[j];
		b[k] /= a[k][k];
	}
}

/* One step of Newton's method on w. */
static void
step(double w[UNKNOWNS], const struct evidence *e, size_t n, const struct scaling *s,
    const double weight[2])
{
	double h[UNKNOWNS][UNKNOWNS] = { 0 }, g[UNKNOWNS];

	for (size_t j = 0; j < UNKNOWNS; j++) {
		g[j] = j < SIGNALS ? w[j] : 0.0; /* no penalty on the bias */
		h[j][j] = j < SIGNALS ? 1.0 : 1e-9;
	}
	for (size_t i = 0; i < n; i++) {
		double x[UNKNOWNS], sum = w[SIGNALS], c = C * weight[e[i].in_scope], p;

		x[SIGNALS] = 1.0;
		for (size_t j = 0; j < SIGNALS; j++) {
			x[j] = ((double)e[i].signal[j] - s->mean[j]) / s->deviation[j];
			sum += w[j] * x[j];
		}
		p = sigmoid(sum);
		for (size_t j = 0; j < UNKNOWNS; j++) {
			g[j] += c * (p - e[i].in_scope) * x[j];
			for (size_t k = 0; k < UNKNOWNS; k++)
				h[j][k] += c * p * (1.0 - p) * x[j] * x[k];
		}
	}
	solve(h, g);
	for (size_t j = 0; j < UNKNOWNS; j++)
		w[j] -= g[j];
}

bool
calibrate_fit(struct calibration *c, const struct evidence *e, size_t n)
{
	double w[UNKNOWNS] = { 0 }, weight[2], bias;
	size_t in = 0;
	struct scaling s;

	for (size_t i = 0; i < n; i++)
		in += e[i].in_scope;
	if (in == 0 || in == n)
		return false;
	weight[true] = (double)n / (2.0 * (double)in);
	weight[false] = (double)n / (2.0 * (double)(n - in));
	s = scaling_of(e, n);
	for (int i = 0; i < STEPS; i++)
		step(w, e, n, &s, weight);
	for (size_t j = 0; j < UNKNOWNS; j++)
		if (!isfinite(w[j]))
			return false; /* a step too far: the evidence is too thin */
	bias = w[SIGNALS];
	for (size_t j = 0; j < SIGNALS; j++) {
		c->weight[j] = (float)(w[j] / s.deviation[j]);
		bias -= w[j] * s.mean[j] / s.deviation[j];
	}
	c->bias = (float)bias;
	return true;
}

static int
by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

float
calibrate_threshold(const struct calibration *c, const struct evidence *e, size_t n,
    float cost)
{
	float *p = xcalloc(n, sizeof(*p)), threshold = 0.0f;
	size_t right = 0, in = 0, lost;

	for (size_t i = 0; i < n; i++) {
		in += e[i].in_scope;
		if (e[i].in_scope && e[i].right)
			p[right++] = calibrate(c, e[i].signal);
	}
	lost = (size_t)(cost * (float)in);
	if (lost < right) {
		qsort(p, right, sizeof(*p), by_value);
		threshold = p[lost];
	}
	free(p);
	return threshold;
}
